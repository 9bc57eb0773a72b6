"""The life of a commitment: made, put off, withdrawn. Whether it was kept is nobody's to say; the units say it."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import commitments as domain
from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Forbidden, Invalid
from app.domain.problems import Problem
from app.domain.units import KIND_OF, Unit
from app.domain.vocabulary import CommitmentAct, CommitmentState, Fact, SubjectKind
from app.domain.work_problems import WorkProblem
from app.queries import commitments, subjects, units
from app.queries import journal as known
from app.schemas.commitments import CommitmentMake, CommitmentPostpone, CommitmentWithdraw
from app.services import edits, journal
from app.tables.base import key
from app.tables.commitments import Commitment, CommitmentEntry, CommitmentUnit
from app.tables.works import GridWork

# Said by name in the journal, never by an id of the database.
IDS = ("work_id", "organisation_id")


def make(session: Session, actor: Actor, change: CommitmentMake, today: date) -> Commitment:
    """Writes down what was promised for units of a work. NotFound where there is no such work, Forbidden where it is
    another's; Invalid for a unit that is not on the line; RuleBroken for a day in the future or a due day before it."""
    require(actor, May.CHANGE_WORKS)
    work = subjects.one(session, actor, SubjectKind.GRID_WORK, change.work).row
    assert isinstance(work, GridWork)
    require_own(actor, May.CHANGE_WORKS, work.owner_id)
    if change.is_illustrative and not actor.may(May.REPORT_FOR_OTHERS):
        raise Forbidden(Problem.NOT_ALLOWED, field="is_illustrative")
    made_on = change.made_on or today
    domain.check_made(made_on, change.due_on, today)
    named = _named(session, work, change)
    row = _add(session, actor, change, work, made_on)
    ids = [unit.id for unit in named]
    session.add_all(CommitmentUnit(commitment_id=key(row.id), unit_id=unit_id) for unit_id in ids)
    _enter(session, actor, row, CommitmentAct.MADE, made_on, day=row.due_on)
    after = {
        **journal.described(row, without=IDS),
        "work": work.code,
        "units": [unit.number for unit in named],
        **({} if actor.organisation is None else {"organisation": actor.organisation}),
    }
    _record(session, actor, Fact.COMMITMENT_MADE, row, {}, after)
    return row


def postpone(
    session: Session,
    actor: Actor,
    commitment_id: int,
    change: CommitmentPostpone,
    expected: int | None,
    today: date,
) -> Commitment:
    """Gives a promise that is still owed a later day, counts it, and keeps the reason. RuleBroken where it is kept or
    withdrawn, or the new day is not after the old."""
    row, state = _opened(session, actor, commitment_id, expected, today)
    domain.check_postponement(state, row.due_on, change.due_on)
    previous_on = row.due_on
    values = {"due_on": change.due_on, "moves": row.moves + 1}
    _step(session, actor, Fact.COMMITMENT_MOVED, row, values, change.reason)
    days = {"day": row.due_on, "previous_on": previous_on}
    _enter(session, actor, row, CommitmentAct.MOVED, today, note=change.reason, **days)
    return row


def withdraw(
    session: Session,
    actor: Actor,
    commitment_id: int,
    change: CommitmentWithdraw,
    expected: int | None,
    today: date,
) -> Commitment:
    """Takes back an open promise, with the reason. RuleBroken where it is kept, broken or withdrawn."""
    row, state = _opened(session, actor, commitment_id, expected, today)
    domain.check_withdrawal(state)
    _step(session, actor, Fact.COMMITMENT_WITHDRAWN, row, {"withdrawn_on": today}, change.reason)
    _enter(session, actor, row, CommitmentAct.WITHDRAWN, today, note=change.reason)
    return row


def _named(session: Session, work: GridWork, change: CommitmentMake) -> list[Unit]:
    """The units that a commitment names, each once. Invalid where one is not on the line."""
    line = units.line(session, work, known.head(session), ())
    kind = KIND_OF[change.stage]
    numbers = list(dict.fromkeys(change.units))
    if missing := [number for number in numbers if (kind, number) not in line.named]:
        raise Invalid(WorkProblem.UNKNOWN_UNIT, field="units", numbers=missing)
    return [line.named[kind, number] for number in numbers]


def _add(session: Session, actor: Actor, change: CommitmentMake, work: GridWork, made_on: date) -> Commitment:
    revision = journal.number(session, actor)
    row = Commitment(
        **change.model_dump(include={"stage", "responsible_name", "due_on", "note"}),
        work_id=key(work.id),
        responsible=change.responsible.value,
        made_on=made_on,
        organisation_id=actor.organisation_id,
        is_illustrative=change.is_illustrative or work.is_illustrative,
        created_in=revision,
        revision=revision,
    )
    session.add(row)
    session.flush()
    return row


def _opened(
    session: Session, actor: Actor, commitment_id: int, expected: int | None, today: date
) -> tuple[Commitment, CommitmentState]:
    """A commitment in the hands of those who keep its work, and how it stands today."""
    require(actor, May.CHANGE_WORKS)
    row = commitments.one(session, actor, commitment_id)
    require_own(actor, May.CHANGE_WORKS, session.get_one(GridWork, row.work_id).owner_id)
    edits.check_version(expected, row.revision)
    view = commitments.View(today, known.head(session), is_over=False)
    return row, commitments.seen(session, view, row).state


def _step(
    session: Session, actor: Actor, fact: Fact, row: Commitment, values: dict[str, Any], reason: str
) -> None:
    """Sets the fields of one act and states its fact, with the reason beside what is new."""
    before, after = edits.apply(row, values)
    _record(session, actor, fact, row, before, {**after, "reason": reason})


def _record(
    session: Session,
    actor: Actor,
    fact: Fact,
    row: Commitment,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    row.revision = journal.record(
        session, actor, fact, "commitment", str(row.id), before=before or None, after=after
    )


def _enter(
    session: Session, actor: Actor, row: Commitment, act: CommitmentAct, stated_on: date, **said: Any
) -> None:
    """Adds a step to the history."""
    session.add(
        CommitmentEntry(
            commitment_id=key(row.id),
            revision=row.revision,
            act=act,
            stated_on=stated_on,
            user_id=actor.user_id,
            organisation_id=actor.organisation_id,
            **said,
        )
    )
