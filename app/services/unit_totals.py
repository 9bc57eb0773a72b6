"""How many units a line has, in dated versions; and the X/Y that others report, kept beside what is computed."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain import unit_checks
from app.domain.access import Actor
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.units import Total, total_on
from app.domain.vocabulary import Fact, UnitKind
from app.domain.work_problems import WorkProblem
from app.queries import journal as revisions
from app.queries import units
from app.schemas.units import CountReport, TotalState
from app.services import edits, journal, unit_milestones
from app.services.unit_batches import line_of
from app.tables.base import key
from app.tables.units import UnitCount, UnitTotal
from app.tables.works import GridWork


def state(session: Session, actor: Actor, code: str, change: TotalState, today: date) -> UnitTotal:
    """States a denominator from a day on; what was in force before stays in force until then.

    RuleBroken for a day in the future (R12), and where more is listed, or done in its time (R26); Invalid where the
    same number is in force on that day.
    """
    work = line_of(session, actor, code)
    if change.effective_on > today:
        raise RuleBroken(Rule.DATE_IN_FUTURE, field="effective_on", today=today)
    edits.check_sources(session, change.sources)
    head = revisions.head(session)
    versions = units.totals(session, work, head)
    first = first_of(work, change.kind)
    if total_on(first, versions, change.kind, change.effective_on) == change.total:
        raise Invalid(Problem.NOTHING_CHANGES, field="total")
    new = Total(change.kind, change.total, change.effective_on, head + 1)
    line = units.line(session, work, head)
    unit_checks.check_total(line, first, [*versions, new], change.kind)
    row = UnitTotal(
        **change.model_dump(exclude={"is_illustrative"}),
        is_illustrative=change.is_illustrative or work.is_illustrative,
        work_id=key(work.id),
        revision=journal.number(session, actor),
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    _add(session, actor, Fact.TOTAL_STATED, "unit_total", f"{code}/{change.kind.value}", row)
    # The work shows the total in force, so it has moved on as well.
    work.revision = row.revision
    unit_milestones.follow(session, actor, work)
    return row


def check_first(session: Session, work: GridWork, kind: UnitKind, total: int | None) -> None:
    """Whether the denominator that stands with a work may become `total`.

    RuleBroken where it stands already, for then it changes by a version, or where more is listed or done (rule R26).
    """
    standing = first_of(work, kind)
    if total == standing:
        return
    if standing is not None:
        raise RuleBroken(WorkProblem.TOTAL_BY_VERSION, field=f"{kind.value}s_total")
    head = revisions.head(session)
    unit_checks.check_total(units.line(session, work, head), total, units.totals(session, work, head), kind)


def report(session: Session, actor: Actor, code: str, change: CountReport, today: date) -> UnitCount:
    """Keeps an X/Y as it was reported. RuleBroken for a day in the future (R12) or more done than its own total (R26)."""
    work = line_of(session, actor, code)
    if change.reported_on > today:
        raise RuleBroken(Rule.DATE_IN_FUTURE, field="reported_on", today=today)
    if change.total is not None and change.done > change.total:
        raise RuleBroken(Rule.MORE_DONE_THAN_TOTAL, field="done", total=change.total)
    edits.check_sources(session, change.sources)
    row = UnitCount(
        **change.model_dump(exclude={"is_illustrative"}),
        is_illustrative=change.is_illustrative or work.is_illustrative,
        work_id=key(work.id),
        revision=journal.number(session, actor),
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    _add(session, actor, Fact.COUNT_REPORTED, "unit_count", f"{code}/{change.stage.value}", row)
    return row


def first_of(work: GridWork, kind: UnitKind) -> int | None:
    """The denominator that stands with the work."""
    return work.towers_total if kind == UnitKind.TOWER else work.sections_total


def _add(
    session: Session, actor: Actor, fact: Fact, subject: str, code: str, row: UnitTotal | UnitCount
) -> None:
    session.add(row)
    session.flush()
    after = journal.described(row, without=("work_id", "user_id", "organisation_id"))
    journal.record(session, actor, fact, subject, code, after=after)
