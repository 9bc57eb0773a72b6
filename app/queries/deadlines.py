"""The countdown alarms of every phase with a COD goal that a reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import deadlines
from app.domain.access import Actor
from app.domain.deadlines import Alarm, Deadline
from app.domain.vocabulary import DeadlineKind, SubjectKind
from app.domain.workdays import WorkCalendar
from app.queries import milestones, projects
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.projects import Phase

# The milestone that is done once the thing is filed (of the licence: once it is given, which its file came before).
FILED = {
    DeadlineKind.COD_NOTICE: "W-G4",
    DeadlineKind.TEST_PROGRAMME: "W-F7",
    DeadlineKind.TEST_REGISTRATION: "W-F8",
    DeadlineKind.LICENCE_FILE: "W-G3",
}


@dataclass(frozen=True, slots=True)
class Countdown:
    """One deadline of one phase, and where it stands."""

    phase: Phase
    goal_on: date
    deadline: Deadline
    alarm: Alarm


def ahead(
    session: Session, actor: Actor, today: date, calendar: WorkCalendar, *, phase: str | None = None
) -> list[Countdown]:
    """Every deadline of the phases with a COD goal, the soonest first. NotFound for a phase that is not visible."""
    statement = select(Phase).where(
        col(Phase.planned_cod_on).is_not(None), col(Phase.project_id).in_(projects.visible(actor))
    )
    if phase is not None:
        projects.phase(session, actor, phase)
        statement = statement.where(col(Phase.code) == phase)
    rows = list(session.execute(statement.order_by(col(Phase.code))).scalars())
    filed = _filed(session, [key(row.id) for row in rows])
    found = [each for row in rows for each in _of(row, filed.get(key(row.id), set()), today, calendar)]
    return sorted(found, key=lambda each: (each.deadline.due_on, each.phase.code))


def _of(row: Phase, filed: set[str], today: date, calendar: WorkCalendar) -> Iterable[Countdown]:
    assert row.planned_cod_on is not None
    for deadline in deadlines.countdown(row.planned_cod_on, row.first_test_on, calendar):
        done = FILED[deadline.kind] in filed
        yield Countdown(row, row.planned_cod_on, deadline, deadlines.alarm(deadline, today, done))


def _filed(session: Session, phases: list[int]) -> dict[int, set[str]]:
    """The milestones among `FILED` that are done, by phase."""
    statement = select(Milestone).where(
        col(Milestone.subject) == SubjectKind.PHASE,
        col(Milestone.subject_id).in_(phases),
        col(Milestone.code).in_(FILED.values()),
    )
    found: dict[int, set[str]] = {}
    for row in session.execute(statement).scalars():
        if milestones.state_of(row).is_done:
            found.setdefault(row.subject_id, set()).add(row.code)
    return found
