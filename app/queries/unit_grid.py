"""A line as a grid: its units down, their stages across, each cell with where it stands and who says so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.network import WORK_END
from app.domain.units import STAGES, Line, Standing, Unit
from app.domain.vocabulary import SubjectKind, UnitKind, UnitStage
from app.domain.workdays import WorkCalendar
from app.queries import network, schedules, stakes, unit_lists, unit_rows, units
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.tables.organisations import AdministrativeUnit
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage of one unit. Where `cases` says how many cases of households are on the unit, its handover follows them
    (rule R28) and is nobody's to state; `open_cases` of them have not handed over."""

    stage: UnitStage
    standing: Standing
    cases: int = 0
    open_cases: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One unit; `revision` is the last one that touched it. `ends` are the towers of a section."""

    unit: Unit
    revision: int
    ends: tuple[str, str] | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """A page of it. `communes` are those in which units of the kind stand, `total` how many units there are of it."""

    kind: UnitKind
    rows: Sequence[Row]
    total: int
    communes: Mapping[str | None, AdministrativeUnit]

    @property
    def stages(self) -> tuple[UnitStage, ...]:
        return STAGES[self.kind]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a grid is narrowed by: a commune, or the units that have a stage to do. `also` are units that are always shown."""

    kind: UnitKind
    commune: str | None = None
    open_only: bool = False
    also: Collection[str] = ()


def page(
    session: Session, view: View, work: GridWork, filters: Filters, *, after: str | None, limit: int
) -> tuple[Grid, list[Unit]]:
    """Up to `limit` units along the line after a place, beside them those that are always shown; and up to `limit` + 1
    units that come there, of which one too many says that there is more."""
    line = units.line(session, work, view.revision)
    own = line.of(filters.kind)
    start = None if after is None else unit_lists.at(after)
    ahead = [
        unit
        for unit in own
        if (start is None or (unit.position, unit.number) > start) and _fits(line, unit, filters, view.as_of)
    ]
    page = {unit.id for unit in ahead[:limit]}
    rows = unit_rows.of_work(session, work)
    found = [
        _row(line, unit, rows[unit.kind, unit.number].revision, view.as_of)
        for unit in own
        if unit.id in page or unit.number in filters.also
    ]
    communes = unit_lists.names(session, {unit.commune for unit in own})
    return Grid(filters.kind, found, len(own), communes), ahead[: limit + 1]


def place(unit: Unit) -> str:
    """Where a unit stands in its grid; a page starts after it."""
    return f"{unit.position}/{unit.number}"


def _fits(line: Line, unit: Unit, filters: Filters, day: date) -> bool:
    if filters.commune is not None and unit.commune != filters.commune:
        return False
    stages = STAGES[unit.kind]
    return not filters.open_only or any(not line.standing(unit, stage, day).is_done for stage in stages)


def _row(line: Line, unit: Unit, revision: int, day: date) -> Row:
    ends = [line.by_id[i].number for i in (unit.from_id, unit.to_id) if i is not None]
    return Row(
        unit,
        revision,
        (ends[0], ends[1]) if len(ends) == 2 else None,
        [_cell(line, unit, stage, day) for stage in STAGES[unit.kind]],
    )


def _cell(line: Line, unit: Unit, stage: UnitStage, day: date) -> Cell:
    cases = len(line.cases.get(unit.id, ())) if stage == unit.handover else 0
    held = len(line.open_cases(unit, day)) if cases else 0
    return Cell(stage, line.standing(unit, stage, day), cases, held)


def waiting_kw(session: Session, view: View, calendar: WorkCalendar, holder: Holder) -> int:
    """kW of the phases that wait for a work to be energised."""
    found = schedules.of_holder(session, view, calendar, holder).stakes
    ends = found.plan.positions.get(((SubjectKind.GRID_WORK, holder.id), WORK_END), ())
    behind = frozenset[int]().union(*(found.dependents[i] for i in ends))
    needs = network.needs(session, view, network.around(session, works=[holder.id]))
    return found.waiting_kw(behind | stakes.untied(found.plan, needs, holder))
