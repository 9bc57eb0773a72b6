"""Stating the limits of evacuation groups as EVN states them, and taking one back. None is ever edited."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain import evacuation_limits as domain
from app.domain.access import Actor, May, require, require_own
from app.domain.vocabulary import Fact
from app.queries import evacuation
from app.schemas.evacuation import EvacuationLimitState, EvacuationLimitWithdraw
from app.services import edits, journal, works
from app.services.evacuation import opened
from app.tables.base import key
from app.tables.evacuation import EvacuationLimit

# Said by name in the journal, or kept about the journal itself.
IDS = ("group_id", "work_id", "user_id", "organisation_id", "withdrawn_in", "withdrawn_for")


def state(
    session: Session, actor: Actor, code: str, change: EvacuationLimitState, expected: int | None, today: date
) -> EvacuationLimit:
    """Adds a limit to what is stated for a group.

    RuleBroken where it names a work and should not (or the reverse), ends before it begins, stands on neither a whole
    letter nor a source, or on a letter of the future. Invalid where there is no such work or source.
    """
    group = opened(session, actor, code, expected)
    domain.check_limit(
        change.condition,
        names_work=change.work is not None,
        valid_from=change.valid_from,
        valid_until=change.valid_until,
    )
    letter = (change.letter_number, change.letter_on, change.letter_issuer)
    domain.check_ground(letter, change.letter_on, cites=bool(change.sources), today=today)
    work = None if change.work is None else works.named(session, change.work, "work")
    edits.check_sources(session, change.sources)
    row = EvacuationLimit(
        **change.model_dump(exclude={"capacity_kw", "work"}),
        kw=change.capacity_kw,
        group_id=key(group.id),
        work_id=None if work is None else work.id,
        revision=journal.number(session, actor),
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    session.add(row)
    session.flush()
    after = {**journal.described(row, without=IDS), "group": code}
    if work is not None:
        after["work"] = work.code
    group.revision = journal.record(
        session, actor, Fact.LIMIT_STATED, "evacuation_limit", str(row.id), after=after
    )
    return row


def withdraw(
    session: Session, actor: Actor, limit_id: int, change: EvacuationLimitWithdraw, expected: int | None
) -> EvacuationLimit:
    """Takes a limit back: from now on it was never stated, and what was answered before stays as it was answered.

    NotFound where there is none, Forbidden where its group is another's, RuleBroken where it was taken back before.
    """
    require(actor, May.CHANGE_WORKS)
    row, group = evacuation.limit(session, limit_id)
    require_own(actor, May.CHANGE_WORKS, group.owner_id)
    edits.check_version(expected, group.revision)
    domain.check_withdrawal(row.withdrawn_in)
    after = {"group": group.code, "reason": change.reason}
    group.revision = journal.record(
        session, actor, Fact.LIMIT_WITHDRAWN, "evacuation_limit", str(row.id), after=after
    )
    row.withdrawn_in, row.withdrawn_for = group.revision, change.reason
    return row
