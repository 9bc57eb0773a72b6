"""Obstacles: one, the lists of them, their history, and how many each party has to act on. Visible as their subject is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.milestones import key as milestone_key
from app.domain.problems import Problem
from app.domain.vocabulary import DelayCause, ObstacleState, Party, SubjectKind
from app.queries import milestones, subjects
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.journal import Revision
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle, ObstacleEntry
from app.tables.organisations import Organisation

# Where those without a deadline stand in a list: after all that have one.
NO_DEADLINE = date(9999, 12, 31)


def one(session: Session, actor: Actor, obstacle_id: int) -> Obstacle:
    """An obstacle on a subject that `actor` may see; to everyone else it is not there."""
    statement = select(Obstacle).where(col(Obstacle.id) == obstacle_id, _visible(actor))
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="obstacle", id=obstacle_id)
    return found


def milestone(session: Session, holder: Holder, name: str) -> Milestone:
    """The milestone of a subject that a change names. Invalid where the subject has none of that name."""
    try:
        return milestones.one(session, holder, name)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_MILESTONE, field="milestone") from error


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; None leaves a field open. `state` OPEN is all that is not closed."""

    state: ObstacleState | None = None
    responsible: Party | None = None
    kind: DelayCause | None = None
    subject: SubjectKind | None = None
    subject_code: str | None = None


def page(
    session: Session, actor: Actor, filters: Filters, today: date, *, after: str | None, limit: int
) -> list[Obstacle]:
    """Up to `limit` + 1 obstacles by deadline, those without one last, after the place that `place` gave."""
    due_on = func.coalesce(col(Obstacle.due_on), NO_DEADLINE)
    statement = (
        select(Obstacle)
        .where(_visible(actor), *_wanted(filters, today))
        .order_by(due_on, col(Obstacle.id))
        .limit(limit + 1)
    )
    if after is not None:
        day, row_id = _place(after)
        statement = statement.where(or_(due_on > day, and_(due_on == day, col(Obstacle.id) > row_id)))
    return list(session.execute(statement).scalars())


def place(row: Obstacle) -> str:
    """Where an obstacle stands in a list; a page starts after it."""
    return f"{(row.due_on or NO_DEADLINE).isoformat()}/{row.id}"


def _place(after: str) -> tuple[date, int]:
    day, _, row_id = after.partition("/")
    try:
        return date.fromisoformat(day), int(row_id)
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error


def _visible(actor: Actor) -> ColumnElement[bool]:
    return subjects.visible(actor, col(Obstacle.subject), col(Obstacle.subject_id), col(Obstacle.project_id))


def _wanted(filters: Filters, today: date) -> Iterable[ColumnElement[bool]]:
    if filters.state is not None:
        is_closed = filters.state == ObstacleState.CLOSED
        yield col(Obstacle.closed_on).is_not(None) if is_closed else col(Obstacle.closed_on).is_(None)
    if filters.state == ObstacleState.OVERDUE:
        yield col(Obstacle.due_on) < today
    if filters.responsible is not None:
        yield col(Obstacle.responsible) == filters.responsible.value
    if filters.kind is not None:
        yield col(Obstacle.kind) == filters.kind
    if filters.subject is not None:
        yield col(Obstacle.subject) == filters.subject
    if filters.subject_code is not None:
        yield or_(*(_on(kind, filters.subject_code) for kind in SubjectKind))


def _on(kind: SubjectKind, code: str) -> ColumnElement[bool]:
    table = subjects.TABLES[kind]
    ids = select(table.id).where(table.code == code)
    return and_(col(Obstacle.subject) == kind, col(Obstacle.subject_id).in_(ids))


@dataclass(frozen=True, slots=True)
class Seen:
    """An obstacle with what its ids stand for. `organisation` is who raised it."""

    row: Obstacle
    subject_code: str
    subject_name: str
    milestone: str | None
    organisation: str | None

    @property
    def responsible(self) -> Party:
        """Who must act on it."""
        return Party(self.row.responsible)


def seen(session: Session, rows: Sequence[Obstacle]) -> list[Seen]:
    """The same obstacles in the same order, with names; a few statements however many they are."""
    named = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    steps = milestone_names(session, {row.milestone_id for row in rows})
    raisers = _codes(session, {row.organisation_id for row in rows})
    return [
        Seen(
            row,
            *named[row.subject, row.subject_id],
            steps.get(row.milestone_id),
            raisers.get(row.organisation_id),
        )
        for row in rows
    ]


def milestone_names(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    """How each milestone is named inside its subject; None has no name."""
    columns = (col(Milestone.id), col(Milestone.code), col(Milestone.instance))
    found = session.execute(select(*columns).where(col(Milestone.id).in_(ids - {None})))
    return {i: milestone_key(code, instance) for i, code, instance in found}


def _codes(session: Session, ids: set[int | None]) -> dict[int | None, str]:
    columns = (col(Organisation.id), col(Organisation.code))
    return dict(session.execute(select(*columns).where(col(Organisation.id).in_(ids - {None}))).all())


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an obstacle's life, with who made it and when it was recorded."""

    entry: ObstacleEntry
    organisation: str | None
    recorded_at: datetime


def history(session: Session, row: Obstacle) -> list[Step]:
    """The life of an obstacle, oldest first."""
    statement = (
        select(ObstacleEntry, col(Organisation.code), col(Revision.recorded_at))
        .join(Revision, col(Revision.number) == col(ObstacleEntry.revision))
        .outerjoin(Organisation, col(Organisation.id) == col(ObstacleEntry.organisation_id))
        .where(col(ObstacleEntry.obstacle_id) == key(row.id))
        .order_by(col(ObstacleEntry.id))
    )
    return [Step(*found) for found in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Tally:
    """What one party has to act on, over the open obstacles an actor may see; `oldest_on` is when the first was raised."""

    responsible: Party
    open: int
    overdue: int
    postponed: int
    postponements: int
    oldest_on: date


def by_responsible(session: Session, actor: Actor, today: date) -> list[Tally]:
    """One tally a party, most overdue first, then most open, then by code."""
    statement = (
        select(
            col(Obstacle.responsible),
            func.count(),
            _how_many(col(Obstacle.due_on) < today),
            _how_many(col(Obstacle.postponements) > 0),
            func.sum(col(Obstacle.postponements)),
            func.min(col(Obstacle.raised_on)),
        )
        .where(_visible(actor), col(Obstacle.closed_on).is_(None))
        .group_by(col(Obstacle.responsible))
    )
    tallies = [Tally(Party(code), *counts) for code, *counts in session.execute(statement)]
    return sorted(tallies, key=lambda tally: (-tally.overdue, -tally.open, tally.responsible))


def _how_many(where: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((where, 1), else_=0))
