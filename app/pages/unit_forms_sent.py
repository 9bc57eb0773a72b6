"""The weekly grid as it was sent: which cells say something, the rows they make, and where each refusal stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pydantic import ValidationError

from app.domain import typed
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.units import HELD, STAGES
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus
from app.domain.words import Term
from app.pages.words import Weekly
from app.schemas import refusals
from app.schemas.units import UnitBatch, UnitRow, UnitRowRead

# A cell is named by its stage and its unit; the cause and the revision of a row by its unit.
CAUSE, REVISION, DAY = "cause:", "revision:", "effective_on"
# At which stage a rule that names none is told.
AT_STAGE: Mapping[str, UnitStage] = {
    Rule.CAST_BEFORE_HANDOVER: UnitStage.FOUNDATION,
    Rule.ERECTED_BEFORE_CAST: UnitStage.ERECTION,
    Rule.STRUNG_BEFORE_HANDOVER: UnitStage.STRINGING,
    Rule.STRUNG_BEFORE_ERECTED: UnitStage.STRINGING,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was refused at a cell, in words, and the towers or households that it is about."""

    message: str
    named: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields. `rows` are the cells that say something, by unit; `wrong` is what could not be read."""

    kind: UnitKind
    values: Mapping[str, str]
    rows: Mapping[str, Mapping[UnitStage, UnitStatus]]
    effective_on: date | None
    wrong: Mapping[str, Term] = field(default_factory=dict)

    def cause(self, number: str) -> str:
        return self.values.get(CAUSE + number, "")

    def only(self, numbers: Iterable[str]) -> dict[str, str]:
        """The fields of some rows alone, and of the whole."""
        kept = set(numbers)
        return {n: v for n, v in self.values.items() if ":" not in n or n.partition(":")[2] in kept}


def read(kind: UnitKind, values: Mapping[str, str]) -> Typed:
    """The cells that say something; whatever else is no word of the grid is refused at its cell."""
    wrong: dict[str, Term] = {}
    rows: dict[str, dict[UnitStage, UnitStatus]] = {}
    for stage in STAGES[kind]:
        for name, text in values.items():
            if not name.startswith(f"{stage.value}:") or not text:
                continue
            if text in set(UnitStatus):
                rows.setdefault(name.partition(":")[2], {})[stage] = UnitStatus(text)
            else:
                wrong[name] = Problem.NOT_A_WORD
    effective_on: date | None = None
    try:
        effective_on = typed.day(values.get(DAY, ""), DAY)
    except Invalid as error:
        wrong[DAY] = error.problem
    return Typed(kind, values, rows, effective_on, wrong)


def batch(given: Typed) -> tuple[UnitBatch | None, dict[str, Term]]:
    """The change that the grid states; None where it states nothing, or nothing that can be understood."""
    if given.wrong or not given.rows:
        return None, dict(given.wrong) or {"": Weekly.NOTHING_TYPED}
    rows: list[UnitRow] = []
    wrong: dict[str, Term] = {}
    for number, cells in given.rows.items():
        try:
            rows.append(UnitRow.model_validate(_row(given, number, cells)))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            wrong[_cell_of(first["loc"], number, cells)] = refusals.problem(str(first["type"]))
    return (None, wrong) if wrong else (UnitBatch(rows=rows), {})


def _row(given: Typed, number: str, cells: Mapping[UnitStage, UnitStatus]) -> dict[str, object]:
    revision = given.values.get(REVISION + number, "")
    cause = given.cause(number)
    reports = [
        {
            "stage": stage,
            "status": status,
            "effective_on": given.effective_on,
            **({"cause": cause} if cause and status in HELD else {}),
        }
        for stage, status in cells.items()
    ]
    kept = {"revision": int(revision)} if revision.isdecimal() and len(revision) <= 9 else {}
    return {"kind": given.kind, "number": number, "reports": reports, **kept}


def _cell_of(place: Sequence[int | str], number: str, cells: Iterable[UnitStage]) -> str:
    if "cause" in place:
        return CAUSE + number
    return f"{next(iter(cells)).value}:{number}"


def refused(given: Typed, rows: Iterable[UnitRowRead]) -> dict[str, Refusal]:
    """What was refused, at the cell it is about."""
    found: dict[str, Refusal] = {}
    for row in rows:
        if row.problem is None:
            continue
        details = row.details or {}
        named = details.get("towers") or details.get("households") or ()
        found[_place(given, row)] = Refusal(row.message or "", [str(each) for each in named])
    return found


def _place(given: Typed, row: UnitRowRead) -> str:
    """The cell that a refusal is about; the first that was typed, where it names none."""
    if row.field == "cause":
        return CAUSE + row.number
    cells = [stage.value for stage in given.rows[row.number]]
    stage = (row.details or {}).get("stage") or AT_STAGE.get(row.problem or "")
    return f"{stage if stage in cells else cells[0]}:{row.number}"


def is_stale(row: UnitRowRead) -> bool:
    """Whether somebody else has reported on the unit since its row was read."""
    return row.problem == Problem.STALE.value
