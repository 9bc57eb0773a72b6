"""All changes of a workbook as one: sheet by sheet through the services, and what they refuse cell by cell. Whoever asks
decides whether anything is kept: a check takes everything back, a commit keeps it where nothing is refused."""

from collections.abc import Iterable, Iterator, Sequence

from app.domain.sheet_differences import Rows, same
from app.domain.sheet_layouts import CASES, MILESTONES, PHASES, PROJECTS, SECTIONS, TOWERS, TRANCHES, TURBINES
from app.domain.units import STAGES
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import RowChange, Wrong
from app.services import workbook_cases, workbook_milestones, workbook_projects, workbook_units
from app.services.workbook_projects import Ground


def apply(ground: Ground, rows: Sequence[RowChange]) -> list[Wrong]:
    """Makes the rows, and tells what was refused. What others in the file need comes first: turbines before tranches,
    towers before the cases on them."""
    of: dict[str, list[RowChange]] = {}
    for row in rows:
        of.setdefault(row.sheet, []).append(row)
    wrong: list[Wrong] = []
    for layout in (PROJECTS, PHASES, TURBINES, TRANCHES):
        wrong += workbook_projects.plain_rows(ground, layout, of.get(layout.code, []))
    wrong += workbook_units.change(ground, [*of.get(TOWERS.code, ()), *of.get(SECTIONS.code, ())])
    wrong += workbook_cases.change(ground, of.get(CASES.code, []))
    wrong += workbook_milestones.change(ground, of.get(MILESTONES.code, []))
    ground.session.flush()
    return wrong


def untaken(ground: Ground, rows: Iterable[RowChange], then: dict[str, Rows]) -> list[Wrong]:
    """The cells that would not say, once all is made, what was typed into them: `then` is what stands after the change.

    A report of a state that stands already says nothing new on a later day; who typed that day would wait for it in vain.
    """
    found: list[Wrong] = []
    for row in rows:
        if row.sheet in (TRANCHES.code, MILESTONES.code):
            continue  # A tranche has no key before it is made, and milestones say themselves what changes nothing.
        stands = then[row.sheet].get(row.key, {})
        found += [
            ground.wrong(row, WorkbookProblem.NOT_TAKEN.value, field)
            for field in _checkable(row)
            if not same(stands.get(field), row.values[field])
        ]
    return found


def _checkable(row: RowChange) -> Iterator[str]:
    """The cells of a row that can be read back. A day says since when its state stands: where the state stays and only
    its cause is another, it remains the earlier one."""
    for field in row.values:
        beside = _BESIDE.get(row.sheet, {}).get(field, ())
        if not any(name in row.values for name in beside):
            yield field


_BESIDE: dict[str, dict[str, tuple[str, ...]]] = {
    layout.code: {f"{stage.value}_on": (f"{stage.value}_cause",) for stage in stages}
    for layout, stages in zip((TOWERS, SECTIONS), STAGES.values(), strict=True)
}
_BESIDE[CASES.code] = {"effective_on": ("attitude", "cause", "approved_vnd", "paid_vnd", "status")}
