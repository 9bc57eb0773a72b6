"""Commitments: one, the lists of them, and what became of each. Visible as their grid work is.

Whether a promise was kept is folded from the units it names, so a list costs the lines of the works it shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, literal, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import commitments as domain
from app.domain.access import Actor
from app.domain.commitments import Act, Kept, Promise
from app.domain.errors import Invalid, NotFound
from app.domain.land_table import Week
from app.domain.problems import Problem
from app.domain.units import Line, Standing, Unit
from app.domain.vocabulary import CommitmentState, Party, SubjectKind
from app.queries import subjects, units
from app.tables.base import Word, key
from app.tables.commitments import Commitment, CommitmentEntry, CommitmentUnit
from app.tables.journal import Revision
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.units import WorkUnit
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class View:
    """As of which day, and as known at which revision; `is_over`: that day has passed for whoever asks."""

    as_of: date
    revision: int
    is_over: bool


def one(session: Session, actor: Actor, commitment_id: int) -> Commitment:
    """A commitment about a work that `actor` may see; to everyone else it is not there."""
    statement = select(Commitment).where(col(Commitment.id) == commitment_id, _visible(actor))
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="commitment", id=commitment_id)
    return found


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """A unit that a commitment names, where its stage stands on the day asked for, and whether it was done on the due day
    (None while that day is not over)."""

    unit: Unit
    standing: Standing
    was_done: bool | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A commitment as it stood on the day asked for. `first_due_on` is what was promised first; `organisation` wrote it
    down."""

    row: Commitment
    work: GridWork
    promise: Promise
    first_due_on: date
    state: CommitmentState
    units: Sequence[UnitSeen]
    organisation: str | None

    @property
    def responsible(self) -> Party:
        """Who promised it."""
        return Party(self.row.responsible)

    @property
    def is_illustrative(self) -> bool:
        return self.row.is_illustrative or self.work.is_illustrative


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; None leaves a field open. `district` is where one of the units lies."""

    work: str | None = None
    district: str | None = None
    responsible: Party | None = None
    state: CommitmentState | None = None
    states: frozenset[CommitmentState] | None = None
    due_from: date | None = None
    due_until: date | None = None

    def takes(self, state: CommitmentState) -> bool:
        """Whether what stands so is asked for: the one state, or any of several."""
        return self.state in (None, state) and (self.states is None or state in self.states)

    def fits(self, promise: Promise) -> bool:
        """Whether its due day lies within."""
        return (self.due_from is None or promise.due_on >= self.due_from) and (
            self.due_until is None or promise.due_on <= self.due_until
        )


def page(
    session: Session, actor: Actor, view: View, filters: Filters, *, after: str | None, limit: int
) -> list[Seen]:
    """Up to `limit` + 1 commitments by due day, after the place that `place` gave."""
    start = None if after is None else _place(after)
    where = (_visible(actor), *_wanted(filters))
    acts = _acts(session, where, view.revision)
    due: list[tuple[date, int]] = []
    for commitment_id, said in acts.items():
        promise = domain.promise_on(said, view.as_of)
        if promise is not None and filters.fits(promise):
            due.append((promise.due_on, commitment_id))
    ahead = sorted(at for at in due if start is None or at > start)
    rows = {key(row.id): row for row in session.execute(select(Commitment).where(*where)).scalars()}
    found: list[Seen] = []
    for seen in _seen(session, view, (rows[i] for _, i in ahead), acts):
        if filters.takes(seen.state):
            found.append(seen)
        if len(found) > limit:
            break
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise of a week as it stood at the end of it, what had come of it by then, and how it stands since (`now`)."""

    seen: Seen
    kept: Kept
    now: Seen


def of_week(session: Session, actor: Actor, view: View, week: Week, filters: Filters) -> list[Judged]:
    """The promises of a week that `actor` may see, by the day they were due at its end, as known at the revision of
    `view`, which also says for which day `now` is."""
    revision = view.revision
    where = (_visible(actor), *_wanted(filters))
    known = _acts(session, where, revision)
    acts = {i: said for i, said in known.items() if domain.is_of_week(said, week.after, week.until)}
    rows = session.execute(select(Commitment).where(*where, col(Commitment.id).in_(acts))).scalars().all()
    then = View(week.until, revision, week.is_over)
    since = {seen.row.id: seen for seen in _seen(session, view, rows, acts)}
    found = [
        Judged(seen, domain.judged(seen.state, seen.promise, week.until), since[seen.row.id])
        for seen in _seen(session, then, rows, acts)
    ]
    return sorted(found, key=lambda judged: (judged.seen.promise.due_on, key(judged.seen.row.id)))


@dataclass(frozen=True, slots=True)
class Choices:
    """By what the commitments that a reader sees can be narrowed: what occurs among them."""

    works: Sequence[GridWork]
    districts: Sequence[AdministrativeUnit]
    responsible: Sequence[Party]


def choices(session: Session, actor: Actor) -> Choices:
    """The works, districts and parties of the commitments that `actor` may see, by name."""
    own = select(col(Commitment.work_id)).where(_visible(actor))
    works = select(GridWork).where(col(GridWork.id).in_(own)).order_by(col(GridWork.name))
    named = (
        select(col(WorkUnit.commune_code))
        .join(CommitmentUnit, col(CommitmentUnit.unit_id) == col(WorkUnit.id))
        .where(col(WorkUnit.work_id).in_(own))
    )
    place = AdministrativeUnit
    parents = select(col(place.parent_code)).where(col(place.code).in_(named))
    districts = select(place).where(col(place.code).in_(parents)).order_by(col(place.name))
    parties = set(session.execute(select(col(Commitment.responsible)).where(_visible(actor))).scalars())
    return Choices(
        session.execute(works).scalars().all(),
        session.execute(districts).scalars().all(),
        [party for party in Party if party.value in parties],
    )


def seen(session: Session, view: View, row: Commitment) -> Seen:
    """One commitment as it stood. NotFound where it was not made by then, or not known."""
    acts = _acts(session, [col(Commitment.id) == row.id], view.revision)
    found = next(_seen(session, view, [row], acts), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="commitment", id=row.id)
    return found


def place(found: Seen) -> str:
    """Where a commitment stands in a list; a page starts after it."""
    return f"{found.promise.due_on.isoformat()}/{found.row.id}"


def _place(after: str) -> tuple[date, int]:
    day, _, row_id = after.partition("/")
    try:
        return date.fromisoformat(day), int(row_id)
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error


def _visible(actor: Actor) -> ColumnElement[bool]:
    kind = literal(SubjectKind.GRID_WORK, Word(SubjectKind))
    return subjects.visible(actor, kind, col(Commitment.work_id), literal(None, Integer))


def _wanted(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.work is not None:
        work = select(col(GridWork.id)).where(col(GridWork.code) == filters.work)
        yield col(Commitment.work_id).in_(work)
    if filters.responsible is not None:
        yield col(Commitment.responsible) == filters.responsible.value
    if filters.district is not None:
        yield col(Commitment.id).in_(_in_district(filters.district))


def _in_district(code: str) -> Select[Any]:
    """The ids of the commitments about a unit that lies in a district, or in a commune of that code."""
    place = AdministrativeUnit
    return (
        select(col(CommitmentUnit.commitment_id))
        .join(WorkUnit, col(WorkUnit.id) == col(CommitmentUnit.unit_id))
        .join(place, col(place.code) == col(WorkUnit.commune_code))
        .where(or_(col(place.parent_code) == code, col(place.code) == code))
    )


def _acts(session: Session, where: Iterable[ColumnElement[bool]], revision: int) -> dict[int, list[Act]]:
    """What was known of the life of some commitments at a revision, each in the order in which it was recorded."""
    entry = CommitmentEntry
    statement = (
        select(col(entry.commitment_id), col(entry.act), col(entry.stated_on), col(entry.day))
        .join(Commitment, col(Commitment.id) == col(entry.commitment_id))
        .where(*where, col(entry.revision) <= revision)
        .order_by(col(entry.id))
    )
    found: dict[int, list[Act]] = defaultdict(list)
    for commitment_id, act, stated_on, day in session.execute(statement):
        found[commitment_id].append(Act(act, stated_on, day))
    return found


def _units(session: Session, where: Iterable[ColumnElement[bool]]) -> dict[int, list[int]]:
    """The ids of the units that some commitments name."""
    named = CommitmentUnit
    statement = (
        select(col(named.commitment_id), col(named.unit_id))
        .join(Commitment, col(Commitment.id) == col(named.commitment_id))
        .where(*where)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for commitment_id, unit_id in session.execute(statement):
        found[commitment_id].append(unit_id)
    return found


@dataclass(frozen=True, slots=True)
class Stored:
    """A commitment of a work as a table needs it: what it is about, and its acts in the order of the journal."""

    row: Commitment
    units: frozenset[int]
    acts: Sequence[Act]


def of_works(session: Session, works: Iterable[GridWork], revision: int) -> dict[int, list[Stored]]:
    """The commitments about some works that were known at a revision, by the work's id."""
    where = [
        col(Commitment.work_id).in_([work.id for work in works]),
        col(Commitment.created_in) <= revision,
    ]
    acts, named = _acts(session, where, revision), _units(session, where)
    found: dict[int, list[Stored]] = defaultdict(list)
    for row in session.execute(select(Commitment).where(*where).order_by(col(Commitment.id))).scalars():
        found[row.work_id].append(Stored(row, frozenset(named[key(row.id)]), acts[key(row.id)]))
    return found


def _seen(
    session: Session, view: View, rows: Iterable[Commitment], acts: Mapping[int, Sequence[Act]]
) -> Iterator[Seen]:
    """The same commitments in the same order, without those that were not made yet. A line is read once."""
    lines: dict[int, tuple[GridWork, Line, dict[int, list[int]]]] = {}
    codes: dict[int | None, str] = {}
    for row in rows:
        promise = domain.promise_on(acts[key(row.id)], view.as_of)
        if promise is None:
            continue
        if row.work_id not in lines:
            work = session.get_one(GridWork, row.work_id)
            named = _units(session, [col(Commitment.work_id) == row.work_id])
            lines[row.work_id] = work, units.line(session, work, view.revision), named
        if not codes:
            codes = dict(session.execute(select(col(Organisation.id), col(Organisation.code))).all())
        work, line, named = lines[row.work_id]
        own = [line.by_id[i] for i in named[key(row.id)]]
        own.sort(key=lambda unit: (unit.position, unit.number))
        yield Seen(
            row=row,
            work=work,
            promise=promise,
            first_due_on=acts[key(row.id)][0].day or promise.due_on,
            state=_state(line, row, own, promise, view),
            units=[_unit(line, row, unit, promise, view) for unit in own],
            organisation=codes.get(row.organisation_id),
        )


def _state(line: Line, row: Commitment, own: Sequence[Unit], promise: Promise, view: View) -> CommitmentState:
    def is_done(day: date) -> bool:
        return all(line.standing(unit, row.stage, day).is_done for unit in own)

    return domain.state(promise, is_done, view.as_of, is_over=view.is_over)


def _unit(line: Line, row: Commitment, unit: Unit, promise: Promise, view: View) -> UnitSeen:
    is_over = promise.due_on < view.as_of or (promise.due_on == view.as_of and view.is_over)
    was_done = line.standing(unit, row.stage, promise.due_on).is_done if is_over else None
    return UnitSeen(unit, line.standing(unit, row.stage, view.as_of), was_done)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a commitment's life, with who made it and when it was recorded."""

    entry: CommitmentEntry
    organisation: str | None
    recorded_at: datetime


def history(session: Session, row: Commitment, view: View) -> list[Step]:
    """The life of a commitment as it was known, oldest first."""
    statement = (
        select(CommitmentEntry, col(Organisation.code), col(Revision.recorded_at))
        .join(Revision, col(Revision.number) == col(CommitmentEntry.revision))
        .outerjoin(Organisation, col(Organisation.id) == col(CommitmentEntry.organisation_id))
        .where(col(CommitmentEntry.commitment_id) == row.id, col(CommitmentEntry.revision) <= view.revision)
        .where(col(CommitmentEntry.stated_on) <= view.as_of)
        .order_by(col(CommitmentEntry.id))
    )
    return [Step(*found) for found in session.execute(statement)]
