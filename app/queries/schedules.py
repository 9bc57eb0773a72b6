"""Questions about the schedule as one reader may ask them: which network, and which of it he sees."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import May, require
from app.domain.errors import Invalid, NotFound
from app.domain.network import Home, PhaseMw, Plan
from app.domain.problems import Problem
from app.domain.stake import Shortfall, Stakes
from app.domain.vocabulary import Cause, SubjectKind, WorkKind
from app.domain.workdays import WorkCalendar
from app.queries import capacity, network, projects, subjects
from app.queries.capacity import Overview, View
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.projects import Project
from app.tables.works import Clearance, GridWork

Names = dict[tuple[SubjectKind, int], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A network with the names of its subjects, what the reader sees of it, and the cause behind each milestone."""

    stakes: Stakes
    names: Names
    seen: frozenset[Home]
    seen_projects: frozenset[int]
    works: dict[int, WorkKind]

    @property
    def plan(self) -> Plan:
        return self.stakes.plan

    def is_seen(self, position: int) -> bool:
        return self.plan.nodes[position].home in self.seen

    def cause(self, position: int) -> Cause:
        """What MW wait for while this milestone holds them."""
        node = self.plan.nodes[position]
        of_work = Cause.LINE
        if node.subject == SubjectKind.GRID_WORK and self.works.get(node.subject_id) != WorkKind.LINE:
            of_work = Cause.SUBSTATION
        return node.step.binding_cause(of_work)

    def phases(self) -> tuple[PhaseMw, ...]:
        """The phases of the network whose detail the reader sees."""
        return tuple(p for p in self.plan.phases.values() if p.project_id in self.seen_projects)


def of_holder(session: Session, view: View, calendar: WorkCalendar, holder: Holder) -> Schedule:
    """The network around one subject."""
    if holder.project_id is not None:
        scope = network.around(session, projects=[holder.project_id])
    else:
        work = holder.row.work_id if isinstance(holder.row, Clearance) else holder.id
        scope = network.around(session, works=[key(work)])
    return _schedule(session, view, calendar, scope)


def of_holders(session: Session, view: View, calendar: WorkCalendar, holders: Collection[Holder]) -> Schedule:
    """The network around several subjects, as one."""
    own = [holder.project_id for holder in holders if holder.project_id is not None]
    found = [
        holder.row.work_id if isinstance(holder.row, Clearance) else holder.id
        for holder in holders
        if holder.project_id is None
    ]
    scope = network.around(session, projects=sorted(set(own)), works=sorted({key(work) for work in found}))
    return _schedule(session, view, calendar, scope)


def of_reader(session: Session, view: View, calendar: WorkCalendar) -> Schedule:
    """The network of everything the reader sees: the register, or what hangs together with his projects and works."""
    if view.actor.may(May.SEE_EVERY_PROJECT):
        scope = network.whole(session, view)
    else:
        own = session.execute(projects.visible(view.actor)).scalars()
        works = subjects.works(session, view.actor)
        scope = network.around(session, projects=[key(i) for i in own], works=works)
    return _schedule(session, view, calendar, scope)


def of_register(session: Session, view: View, calendar: WorkCalendar) -> Schedule:
    """The network of the whole register, for those who see every project."""
    require(view.actor, May.SEE_EVERY_PROJECT)
    return _schedule(session, view, calendar, network.whole(session, view))


def _schedule(session: Session, view: View, calendar: WorkCalendar, scope: network.Scope) -> Schedule:
    stakes = network.stakes(session, view, scope, calendar)
    homes = {node.home for node in stakes.plan.nodes}
    kinds = select(col(GridWork.id), col(GridWork.kind)).where(col(GridWork.id).in_(scope.works))
    works = {key(i): kind for i, kind in session.execute(kinds)}
    inside = projects.visible(view.actor).where(col(Project.id).in_(scope.projects))
    own = frozenset(key(i) for i in session.execute(inside).scalars())
    seen = frozenset(home for home in homes if _sees(session, view, home, stakes.plan, own))
    return Schedule(stakes, subjects.names(session, homes, view.revision), seen, own, works)


def _sees(session: Session, view: View, home: Home, plan: Plan, own: frozenset[int]) -> bool:
    if view.actor.may(May.SEE_EVERY_PROJECT):
        return True
    kind, subject_id = home
    if kind == SubjectKind.PROJECT:
        return subject_id in own
    if kind == SubjectKind.PHASE:
        phase = plan.phases.get(subject_id)
        return phase is not None and phase.project_id in own
    return subjects.sees(session, view.actor, subjects.by_id(session, kind, subject_id))


def position(schedule: Schedule, holder: Holder, name: str) -> int:
    """Where a milestone stands in a network. NotFound where its subject has none of that name."""
    for i, node in enumerate(schedule.plan.nodes):
        if node.home == (holder.kind, holder.id) and node.name == name:
            return i
    raise NotFound(Problem.UNKNOWN_MILESTONE, milestone=name, field="milestone")


def gap(session: Session, view: View, target: str | None, schedule: Schedule) -> tuple[Overview, Shortfall]:
    """How far the register is from a target, and what the gap waits for. Invalid where no target is set."""
    overview = capacity.overview(session, view, target)
    if overview.progress is None:
        raise Invalid(Problem.UNKNOWN_TARGET, field="target")
    counted = [p.id for p in schedule.plan.phases.values()]
    return overview, schedule.stakes.shortfall(overview.progress.gap_kw, schedule.cause, counted)
