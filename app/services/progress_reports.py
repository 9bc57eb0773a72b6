"""Handing in progress reports. Nothing is ever replaced: the last report of a period stands, the others stay."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, require
from app.domain.reporting import Rhythm, check_content, reported_period
from app.domain.vocabulary import Fact
from app.schemas.progress_reports import ProgressReportSubmit
from app.services import journal
from app.tables.base import key
from app.tables.reports import ProgressReport


def submit(
    session: Session, actor: Actor, change: ProgressReportSubmit, rhythm: Rhythm, now: datetime
) -> ProgressReport:
    """Hands in a report of the actor's own organisation, for the open period or a closed one, which it is late for.

    RuleBroken where it says neither or both of its two things, or its period has not begun; Invalid where no period
    ends on the day it names.
    """
    require(actor, May.REPORT_PROGRESS)
    check_content(change.narrative, nothing_changed=change.nothing_changed)
    period = reported_period(rhythm, change.period_ends_on, now)
    row = ProgressReport(
        organisation_id=key(actor.organisation_id),
        user_id=actor.user_id,
        period_ends_on=period.ends_on,
        narrative=change.narrative,
        nothing_changed=change.nothing_changed,
        submitted_at=now,
        is_late=period.is_closed(now),
        revision=journal.number(session, actor),
    )
    session.add(row)
    session.flush()
    after = {
        **journal.described(row, without=("organisation_id", "user_id")),
        "organisation": actor.organisation,
    }
    journal.record(session, actor, Fact.PROGRESS_REPORTED, "progress_report", str(row.id), after=after)
    return row
