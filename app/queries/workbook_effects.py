"""What a workbook would do beyond its cells: the MW that count, the CODs that move, and how far its lines would be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import units
from app.domain.units import KIND_OF
from app.domain.vocabulary import Account, SubjectKind
from app.domain.workbooks import Effects, RowChange
from app.domain.workdays import WorkCalendar
from app.queries import capacity, schedules, subjects
from app.queries import units as stored
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.tables.works import Clearance, GridWork


@dataclass(frozen=True, slots=True)
class Touched:
    """The subjects that a workbook changes: phases (for projects, all of theirs), grid works and packages, by code."""

    holders: tuple[Holder, ...] = ()

    @property
    def lines(self) -> list[GridWork]:
        return [holder.row for holder in self.holders if isinstance(holder.row, GridWork)]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where things stand: kW in operation, declared and missing, the forecast COD of each phase, and done of each stage."""

    operating_kw: int
    declared_kw: int
    gap_kw: int | None
    cods: Mapping[str, tuple[str, date | None]] = field(default_factory=dict)
    done: Mapping[tuple[str, str], tuple[int, int | None]] = field(default_factory=dict)


def touched(session: Session, rows: Collection[RowChange]) -> Touched:
    """The subjects of some rows, as far as they are there."""
    named: dict[SubjectKind, set[str]] = {kind: set() for kind in SubjectKind}
    for row in rows:
        kind, code = _subject(row)
        named[kind].add(code)
    found: list[Holder] = []
    for kind, codes in named.items():
        table = subjects.TABLES[kind]
        asked = select(table).where(table.code.in_(codes)).order_by(table.code)
        rows_of = session.execute(asked).scalars() if codes else ()
        found += [subjects.of(session, kind, one) for one in rows_of]
    return Touched(tuple(_works_too(session, found)))


def _subject(row: RowChange) -> tuple[SubjectKind, str]:
    if row.sheet == "milestones":
        return SubjectKind(row.key[0]), row.key[1]
    if row.sheet == "tranches":
        return SubjectKind.PHASE, str(row.values.get("phase") or "")
    kinds = {"projects": SubjectKind.PROJECT, "phases": SubjectKind.PHASE, "turbines": SubjectKind.PHASE}
    kinds |= {"cases": SubjectKind.CLEARANCE}
    return kinds.get(row.sheet, SubjectKind.GRID_WORK), row.key[0]


def _works_too(session: Session, found: list[Holder]) -> list[Holder]:
    """The works whose land is cleared beside their packages, each once."""
    works = {holder.id for holder in found if isinstance(holder.row, GridWork)}
    packages = [holder.row for holder in found if isinstance(holder.row, Clearance)]
    more = {row.work_id for row in packages if row.work_id is not None} - works
    return found + [subjects.by_id(session, SubjectKind.GRID_WORK, i) for i in sorted(more)]


def standing(session: Session, view: View, of: Touched, calendar: WorkCalendar) -> Standing:
    """Where things stand on a view's day. For what an open change has written, the view is of the revision to come."""
    found = capacity.overview(session, view, None)
    return Standing(
        found.figures.operating_kw,
        found.figures.kw(Account.DECLARED),
        None if found.progress is None else found.progress.gap_kw,
        _cods(session, view, of, calendar),
        _done(session, view, of),
    )


def _cods(
    session: Session, view: View, of: Touched, calendar: WorkCalendar
) -> dict[str, tuple[str, date | None]]:
    if not of.holders:
        return {}
    network = schedules.of_holders(session, view, calendar, of.holders)
    return {phase.code: (phase.name, network.stakes.cod_on(phase.id)) for phase in network.phases()}


def _done(session: Session, view: View, of: Touched) -> dict[tuple[str, str], tuple[int, int | None]]:
    found = {}
    for work in of.lines:
        line = stored.line(session, work, view.revision)
        totals = stored.totals_on(session, work, view.revision, view.as_of)
        for stage, kind in KIND_OF.items():
            counted = units.count(line, stage, view.as_of, totals[kind])
            if counted.listed:
                found[work.code, stage.value] = counted.done, counted.total
    return found


def between(before: Standing, after: Standing) -> Effects:
    """What differs, before and after."""
    gap = None if before.gap_kw is None or after.gap_kw is None else (before.gap_kw, after.gap_kw)
    moved = [
        (code, name, _day(before.cods[code][1]), _day(on))
        for code, (name, on) in sorted(after.cods.items())
        if code in before.cods and before.cods[code][1] != on
    ]
    done = [
        (line, stage, before.done.get((line, stage), (0, None))[0], count, total)
        for (line, stage), (count, total) in after.done.items()
        if before.done.get((line, stage), (0, None)) != (count, total)
    ]
    return Effects(
        (before.operating_kw, after.operating_kw),
        (before.declared_kw, after.declared_kw),
        gap,
        tuple(moved),
        tuple(done),
    )


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
