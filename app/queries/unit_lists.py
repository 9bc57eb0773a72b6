"""Units of a line for whoever reads them: lists, one with its history, the strip, and those that are held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.units import STAGES, Line, Standing, Unit
from app.domain.vocabulary import SubjectKind, UnitKind, UnitStage, UnitStatus
from app.queries import subjects, unit_rows, units
from app.queries.capacity import View
from app.queries.prepared import Plain, Prepared
from app.queries.subjects import Holder
from app.tables.base import table
from app.tables.journal import Revision
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.units import UnitEntry
from app.tables.works import GridWork

_ENTRY, _REVISION, _ORGANISATION = table(UnitEntry), table(Revision), table(Organisation)
_HISTORY = Prepared(
    select(_ENTRY, _REVISION.c.recorded_at, _ORGANISATION.c.code.label("organisation"))
    .join(_REVISION, _REVISION.c.number == _ENTRY.c.revision)
    .outerjoin(_ORGANISATION, _ORGANISATION.c.id == _ENTRY.c.organisation_id)
    .where(_ENTRY.c.unit_id == bindparam("unit"), _ENTRY.c.revision <= bindparam("known"))
    .order_by(_ENTRY.c.effective_on, _ENTRY.c.revision, _ENTRY.c.id)
)


def holder_of(session: Session, actor: Actor, code: str) -> tuple[Holder, GridWork]:
    """A grid work whose detail `actor` sees, as a subject and as its row. NotFound to everyone else."""
    holder = subjects.one(session, actor, SubjectKind.GRID_WORK, code)
    assert isinstance(holder.row, GridWork)
    return holder, holder.row


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit with its row, where its stages stand, and the numbers of its end towers."""

    unit: Unit
    row: Plain
    stages: dict[UnitStage, Standing]
    ends: tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of units is narrowed by; None leaves a field open. `status` is of `stage`, or of any stage."""

    kind: UnitKind
    commune: str | None = None
    stage: UnitStage | None = None
    status: UnitStatus | None = None


def page(
    session: Session, view: View, work: GridWork, filters: Filters, *, after: str | None, limit: int
) -> list[Seen]:
    """Up to `limit` + 1 units along the line, after the place that `place` gave."""
    line = units.line(session, work, view.revision)
    start = None if after is None else at(after)
    wanted = [
        unit
        for unit in line.of(filters.kind)
        if (start is None or (unit.position, unit.number) > start) and _fits(line, unit, filters, view.as_of)
    ]
    return _seen(session, work, line, wanted[: limit + 1], view.as_of)


def place(seen: Seen) -> str:
    """Where a unit stands in a list; a page starts after it."""
    return f"{seen.unit.position}/{seen.unit.number}"


def one(session: Session, view: View, work: GridWork, kind: UnitKind, number: str) -> Seen:
    """One unit as of a view. NotFound where the line has, or then had, none of that number."""
    line = units.line(session, work, view.revision)
    unit = line.named.get((kind, number))
    if unit is None:
        raise NotFound(Problem.NOT_FOUND, subject=kind.value, number=number)
    return _seen(session, work, line, [unit], view.as_of)[0]


def history(session: Session, view: View, seen: Seen) -> list[Plain]:
    """Every report on a unit, in effective order, with who made it and when it was recorded."""
    return _HISTORY.all(session, unit=seen.unit.id, known=view.revision)


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that is held, in which stage, and how many of its cases are open."""

    unit: Unit
    stage: UnitStage
    standing: Standing
    open_cases: int


def held(line: Line, day: date) -> list[Held]:
    """The units that are blocked or reopened on a day, along the line."""
    found = ((unit, line.held(unit, day)) for unit in line.units)
    return [
        Held(unit, *standing, len(line.open_cases(unit, day)))
        for unit, standing in found
        if standing is not None
    ]


def names(session: Session, codes: Iterable[str | None]) -> dict[str | None, AdministrativeUnit]:
    """Communes by code."""
    wanted = {code for code in codes if code is not None}
    statement = select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(wanted))
    return {row.code: row for row in session.execute(statement).scalars()} if wanted else {}


def _fits(line: Line, unit: Unit, filters: Filters, day: date) -> bool:
    if filters.commune is not None and unit.commune != filters.commune:
        return False
    if filters.status is None:
        return True
    stages = STAGES[unit.kind] if filters.stage is None else (filters.stage,)
    return any(
        line.standing(unit, stage, day).status == filters.status
        for stage in stages
        if stage in STAGES[unit.kind]
    )


def _seen(session: Session, work: GridWork, line: Line, found: Sequence[Unit], day: date) -> list[Seen]:
    rows = unit_rows.of_work(session, work)
    return [
        Seen(
            unit,
            rows[unit.kind, unit.number],
            {stage: line.standing(unit, stage, day) for stage in STAGES[unit.kind]},
            (_number(line, unit.from_id), _number(line, unit.to_id)),
        )
        for unit in found
    ]


def _number(line: Line, unit_id: int | None) -> str | None:
    return None if unit_id is None or unit_id not in line.by_id else line.by_id[unit_id].number


def at(after: str) -> tuple[int, str]:
    """A place that `place` gave, as position and number. Invalid where it is none."""
    position, _, number = after.partition("/")
    try:
        return int(position), number
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error
