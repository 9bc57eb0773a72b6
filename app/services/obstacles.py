"""The life of an obstacle: raised, put off, handed to another, closed, raised again. Each step is kept."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import obstacles as domain
from app.domain.access import Actor, May, require
from app.domain.errors import Forbidden, RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, ObstacleAct
from app.queries import obstacles, subjects
from app.queries.subjects import Holder
from app.schemas.obstacles import (
    ObstacleChange,
    ObstacleClose,
    ObstaclePostpone,
    ObstacleRaise,
    ObstacleReassign,
    ObstacleReopen,
)
from app.services import edits, journal
from app.tables.base import key
from app.tables.obstacles import Obstacle, ObstacleEntry

# Said by name in the journal, never by an id of the database.
IDS = ("subject_id", "project_id", "milestone_id", "organisation_id")


def raise_obstacle(session: Session, actor: Actor, change: ObstacleRaise, today: date) -> Obstacle:
    """Raises an obstacle on a subject the actor may see. NotFound where it may not; Invalid where the milestone named is
    none of the subject's; RuleBroken for a day in the future or a deadline before it."""
    require(actor, May.REPORT_MILESTONES)
    holder = subjects.one(session, actor, change.subject, change.subject_code)
    if change.is_illustrative and not actor.may(May.REPORT_FOR_OTHERS):
        raise Forbidden(Problem.NOT_ALLOWED, field="is_illustrative")
    raised_on = change.raised_on or today
    domain.check_raised(raised_on, change.due_on, today)
    values = _values(session, holder, change.model_dump(exclude={"subject_code"}))
    revision = journal.number(session, actor)
    row = Obstacle(
        **{
            **values,
            "raised_on": raised_on,
            "is_illustrative": change.is_illustrative or _is_illustrative(holder),
        },
        subject_id=holder.id,
        project_id=holder.project_id,
        organisation_id=actor.organisation_id,
        created_in=revision,
        revision=revision,
    )
    session.add(row)
    session.flush()
    after = {
        **journal.described(row, without=IDS),
        "subject": holder.path,
        **_milestone(session, row.milestone_id),
        **({} if actor.organisation is None else {"organisation": actor.organisation}),
    }
    _record(session, actor, Fact.OBSTACLE_RAISED, holder, row, {}, after)
    _enter(session, actor, row, ObstacleAct.RAISED, day=row.due_on, responsible=row.responsible)
    return row


def change(
    session: Session, actor: Actor, obstacle_id: int, change: ObstacleChange, expected: int | None
) -> Obstacle:
    """Changes the fields that were sent. RuleBroken where it is closed, or its deadline would move later or away."""
    row, holder = _opened(session, actor, obstacle_id, expected)
    domain.check_change(row.closed_on)
    sent = edits.sent(change, required=("kind", "title"))
    if "due_on" in sent:
        domain.check_deadline(row.due_on, sent["due_on"], row.raised_on)
    before, after = edits.apply(row, _values(session, holder, sent))
    if not after:
        return row
    for said in (before, after):
        if "milestone_id" in said:
            said |= _milestone(session, said.pop("milestone_id"))
    _record(session, actor, Fact.OBSTACLE_CHANGED, holder, row, before, after)
    return row


def postpone(
    session: Session, actor: Actor, obstacle_id: int, change: ObstaclePostpone, expected: int | None
) -> Obstacle:
    """Moves the deadline later, counts it, and keeps the reason. RuleBroken where the new day is not after the old."""
    row, holder = _opened(session, actor, obstacle_id, expected)
    domain.check_act(ObstacleAct.POSTPONED, row.closed_on)
    previous_on = domain.check_postponement(row.due_on, change.due_on)
    values = {"due_on": change.due_on, "postponements": row.postponements + 1}
    _step(session, actor, Fact.OBSTACLE_POSTPONED, holder, row, values, reason=change.reason)
    _enter(
        session,
        actor,
        row,
        ObstacleAct.POSTPONED,
        day=row.due_on,
        previous_on=previous_on,
        note=change.reason,
    )
    return row


def reassign(
    session: Session, actor: Actor, obstacle_id: int, change: ObstacleReassign, expected: int | None
) -> Obstacle:
    """Hands the obstacle to another party. RuleBroken where it is closed, or that party has it already."""
    row, holder = _opened(session, actor, obstacle_id, expected)
    domain.check_act(ObstacleAct.REASSIGNED, row.closed_on)
    values = {"responsible": change.responsible.value, "responsible_name": change.responsible_name}
    if (row.responsible, row.responsible_name) == tuple(values.values()):
        raise RuleBroken(Problem.NOTHING_CHANGES, field="responsible")
    _step(session, actor, Fact.OBSTACLE_CHANGED, holder, row, values, reason=change.reason)
    _enter(session, actor, row, ObstacleAct.REASSIGNED, responsible=row.responsible, note=change.reason)
    return row


def close(
    session: Session,
    actor: Actor,
    obstacle_id: int,
    change: ObstacleClose,
    expected: int | None,
    today: date,
) -> Obstacle:
    """Closes an obstacle with its outcome. RuleBroken where it is closed, or for a day in the future or before it."""
    row, holder = _opened(session, actor, obstacle_id, expected)
    domain.check_act(ObstacleAct.CLOSED, row.closed_on)
    closed_on = change.closed_on or today
    domain.check_closing(row.raised_on, closed_on, today)
    values = {"closed_on": closed_on, "outcome": change.outcome}
    _step(session, actor, Fact.OBSTACLE_CLOSED, holder, row, values)
    _enter(session, actor, row, ObstacleAct.CLOSED, day=closed_on, note=change.outcome)
    return row


def reopen(
    session: Session,
    actor: Actor,
    obstacle_id: int,
    change: ObstacleReopen,
    expected: int | None,
    today: date,
) -> Obstacle:
    """Opens a closed obstacle again, under its old deadline; what had come of it stays in its history."""
    row, holder = _opened(session, actor, obstacle_id, expected)
    domain.check_act(ObstacleAct.REOPENED, row.closed_on)
    previous_on = row.closed_on
    values = {"closed_on": None, "outcome": None}
    _step(session, actor, Fact.OBSTACLE_REOPENED, holder, row, values, reason=change.reason)
    _enter(session, actor, row, ObstacleAct.REOPENED, day=today, previous_on=previous_on, note=change.reason)
    return row


def _opened(
    session: Session, actor: Actor, obstacle_id: int, expected: int | None
) -> tuple[Obstacle, Holder]:
    """An obstacle in the hands of those who may act on it: who raised it, who owns its subject, the department."""
    require(actor, May.REPORT_MILESTONES)
    row = obstacles.one(session, actor, obstacle_id)
    holder = subjects.by_id(session, row.subject, row.subject_id)
    own = actor.organisation_id
    if not actor.may(May.REPORT_FOR_OTHERS) and (
        own is None or own not in (row.organisation_id, holder.owner_id)
    ):
        raise Forbidden(Problem.NOT_ALLOWED, act=May.REPORT_MILESTONES.value)
    edits.check_version(expected, row.revision)
    return row, holder


def _values(session: Session, holder: Holder, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns: the milestone by id, the party as its code."""
    values = dict(values)
    if "milestone" in values:
        name = values.pop("milestone")
        values["milestone_id"] = None if name is None else key(obstacles.milestone(session, holder, name).id)
    if "responsible" in values:
        values["responsible"] = values["responsible"].value
    return values


def _milestone(session: Session, milestone_id: Any) -> dict[str, object]:
    """A milestone as the journal says it: by its name inside the subject."""
    names = obstacles.milestone_names(session, {milestone_id})
    return {"milestone": names.get(milestone_id)}


def _is_illustrative(holder: Holder) -> bool:
    return holder.row.is_illustrative or (holder.project is not None and holder.project.is_illustrative)


def _step(
    session: Session,
    actor: Actor,
    fact: Fact,
    holder: Holder,
    row: Obstacle,
    values: dict[str, Any],
    reason: str | None = None,
) -> None:
    """Sets the fields of one act and states its fact, with the reason beside what is new."""
    before, after = edits.apply(row, values)
    _record(
        session, actor, fact, holder, row, before, after if reason is None else {**after, "reason": reason}
    )


def _record(
    session: Session,
    actor: Actor,
    fact: Fact,
    holder: Holder,
    row: Obstacle,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    row.revision = journal.record(
        session,
        actor,
        fact,
        "obstacle",
        str(row.id),
        before=before or None,
        after=after,
        project=holder.project,
    )


def _enter(session: Session, actor: Actor, row: Obstacle, act: ObstacleAct, **said: Any) -> None:
    """Adds a step to the history."""
    session.add(
        ObstacleEntry(
            obstacle_id=key(row.id),
            revision=row.revision,
            act=act,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            **said,
        )
    )
