"""What an organisation has to report on: its own subjects, their next steps, and what others have said to its claims.

`own` is what it owns itself, not all that it may see: an investor sees the line its phases wait for, EVN SPC reports it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.capacity import Entry, Tranche
from app.domain.vocabulary import EntryKind, MilestoneAct, SubjectKind, TrancheStatus, Verification
from app.queries import agenda, ledger, milestones, subjects
from app.queries.capacity import View
from app.queries.milestones import Line
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.obstacles import Obstacle
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, GridWork

# More tranches than these wait for nobody: an investor has a handful.
MOST_TRANCHES = 50


def phases(session: Session, actor: Actor) -> list[Phase]:
    """The phases of an organisation's own projects, by code."""
    statement = (
        select(Phase)
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(col(Project.investor_id) == actor.organisation_id)
        .order_by(col(Phase.code))
    )
    return list(session.execute(statement).scalars())


def holders(session: Session, actor: Actor) -> list[Holder]:
    """The subjects an organisation reports on, projects first, then phases, grid works and clearances, by code."""
    own = actor.organisation_id
    if own is None:
        return []
    projects = select(col(Project.id)).where(col(Project.investor_id) == own)
    works = select(col(GridWork.id)).where(col(GridWork.owner_id) == own)
    wanted = {
        SubjectKind.PROJECT: col(Project.investor_id) == own,
        SubjectKind.PHASE: col(Phase.project_id).in_(projects),
        SubjectKind.GRID_WORK: col(GridWork.owner_id) == own,
        SubjectKind.CLEARANCE: or_(
            col(Clearance.project_id).in_(projects), col(Clearance.work_id).in_(works)
        ),
    }
    found: list[Holder] = []
    for kind, where in wanted.items():
        table = subjects.TABLES[kind]
        rows = session.execute(select(table).where(where).order_by(table.code)).scalars()
        found += [subjects.of(session, kind, row) for row in rows]
    return found


def steps(session: Session, view: View, until: date, *, limit: int) -> list[Line]:
    """Up to `limit` + 1 open milestones of one's own that are expected by a day, the earliest first, late ones too."""
    statement = (
        select(Milestone)
        .where(_own(view.actor), col(Milestone.next_on) <= until)
        .order_by(col(Milestone.next_on), col(Milestone.id))
        .limit(limit + 1)
    )
    return milestones.completed(session, view, list(session.execute(statement).scalars()))


@dataclass(frozen=True, slots=True)
class Claim:
    """A milestone that somebody else has to judge, or has judged; `note` is why it was not accepted."""

    line: Line
    note: str | None


def claims(session: Session, view: View, which: Verification, *, limit: int) -> list[Claim]:
    """Up to `limit` milestones of one's own that wait for the second key, or that it did not accept, newest first."""
    statement = (
        select(Milestone)
        .where(_own(view.actor), col(Milestone.verification) == which, col(Milestone.is_applicable))
        .order_by(col(Milestone.revision).desc(), col(Milestone.id))
        .limit(limit)
    )
    rows = list(session.execute(statement).scalars())
    notes = _refusals(session, [key(row.id) for row in rows])
    found = milestones.completed(session, view, rows)
    return [Claim(line, notes.get(key(line.row.id))) for line in found]


def _refusals(session: Session, ids: Sequence[int]) -> dict[int, str | None]:
    """What was last said against each milestone."""
    last = (
        select(func.max(col(MilestoneEntry.id)))
        .where(col(MilestoneEntry.milestone_id).in_(ids), col(MilestoneEntry.act) == MilestoneAct.DISPUTED)
        .group_by(col(MilestoneEntry.milestone_id))
    )
    statement = select(col(MilestoneEntry.milestone_id), col(MilestoneEntry.note)).where(
        col(MilestoneEntry.id).in_(last)
    )
    return {i: note for i, note in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class OpenTranche:
    """A COD tranche that is declared, or disputed: what is `held` instead of the claim, and for which reason."""

    tranche: Tranche
    declared_at: datetime
    held: Entry | None
    reason: str | None

    @property
    def is_disputed(self) -> bool:
        return self.tranche.status == TrancheStatus.DISPUTED


def tranches(session: Session, actor: Actor) -> list[OpenTranche]:
    """The tranches an actor sees that are not decided yet, the disputed ones first."""
    codes = ledger.waiting(session, actor, after=None, limit=MOST_TRANCHES)
    found = []
    for code in codes:
        lines = ledger.shown(session, actor, code).lines
        against = [line for line in lines if line.entry.kind == EntryKind.DISPUTED]
        held = (against[-1].entry, against[-1].row.reason) if against else (None, None)
        found.append(OpenTranche(ledger.tranches(lines)[0], lines[0].row.recorded_at, *held))
    return sorted(found, key=lambda each: (not each.is_disputed, each.tranche.code))


def obstacles(session: Session, actor: Actor, *, limit: int) -> list[Obstacle]:
    """Up to `limit` open obstacles on one's own subjects, or raised by oneself, the earliest deadline first."""
    subject = (col(Obstacle.subject), col(Obstacle.subject_id), col(Obstacle.project_id))
    mine = or_(agenda.own(actor, *subject), col(Obstacle.organisation_id) == actor.organisation_id)
    statement = (
        select(Obstacle)
        .where(mine, subjects.visible(actor, *subject), col(Obstacle.closed_on).is_(None))
        .order_by(col(Obstacle.due_on).is_(None), col(Obstacle.due_on), col(Obstacle.id))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def _own(actor: Actor) -> ColumnElement[bool]:
    return agenda.own(actor, col(Milestone.subject), col(Milestone.subject_id), col(Milestone.project_id))
