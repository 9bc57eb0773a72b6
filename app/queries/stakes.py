"""How many MW wait for an obstacle: for its milestone, or for whatever its subject still has to finish."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy.orm import Session

from app.domain.network import LAND_ENDS, WORK_END, Need, Plan
from app.domain.stake import Stakes
from app.domain.vocabulary import ConnectionKind, SubjectKind
from app.domain.workdays import WorkCalendar
from app.queries import network, subjects
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle
from app.tables.works import Clearance


def of_obstacles(
    session: Session, view: View, calendar: WorkCalendar, rows: Sequence[Obstacle]
) -> dict[int, int]:
    """kW that wait for each open obstacle, by its id. A closed one is absent, for nothing waits for it any more, and one
    that only phases of unknown size wait for."""
    standing = [row for row in rows if row.closed_on is None]
    if not standing:
        return {}
    scope = _scope(session, _holders(session, standing).values())
    stakes = network.stakes(session, view, scope, calendar, is_paced=False)
    return in_network(session, stakes, network.needs(session, view, scope), standing)


def in_network(
    session: Session, stakes: Stakes, needs: Sequence[Need], rows: Sequence[Obstacle]
) -> dict[int, int]:
    """The same in a network at hand that holds the subjects of all of `rows`, each of which stands open."""
    found = _holders(session, rows)
    waiting = {
        key(row.id): _waiting(session, stakes, needs, row, found[row.subject, row.subject_id]) for row in rows
    }
    return {i: stakes.waiting_kw(phases) for i, phases in waiting.items() if _is_known(stakes.plan, phases)}


def _holders(session: Session, rows: Iterable[Obstacle]) -> dict[tuple[SubjectKind, int], Holder]:
    homes = {(row.subject, row.subject_id) for row in rows}
    return {home: subjects.by_id(session, *home) for home in homes}


def _is_known(plan: Plan, phases: Collection[int]) -> bool:
    return not phases or any(plan.phases[i].waiting_kw is not None for i in phases)


def _scope(session: Session, holders: Iterable[Holder]) -> network.Scope:
    holders = list(holders)
    projects = [holder.project_id for holder in holders if holder.project_id is not None]
    works = [_work(holder) for holder in holders if holder.project_id is None]
    return network.around(session, projects=projects, works=works)


def _work(holder: Holder) -> int:
    """The grid work of a holder that is one, or that is a part of one."""
    return key(holder.row.work_id) if isinstance(holder.row, Clearance) else holder.id


def _waiting(
    session: Session, stakes: Stakes, needs: Sequence[Need], row: Obstacle, holder: Holder
) -> Collection[int]:
    """The phases that wait for an obstacle."""
    plan = stakes.plan
    if row.milestone_id is not None:
        milestone = session.get(Milestone, row.milestone_id)
        assert milestone is not None
        positions = plan.positions.get(((holder.kind, holder.id), milestone.code), ())
        named = [i for i in positions if plan.nodes[i].instance == milestone.instance]
        return _behind(stakes, named)
    if holder.kind == SubjectKind.PHASE:
        return [holder.id]
    if holder.kind == SubjectKind.PROJECT:
        return [phase.id for phase in plan.phases.values() if phase.project_id == holder.id]
    own = [i for i, node in enumerate(plan.nodes) if node.home == (holder.kind, holder.id)]
    if holder.kind == SubjectKind.GRID_WORK:
        own = [i for i in own if plan.nodes[i].step.code == WORK_END]
    return _behind(stakes, own) | untied(plan, needs, holder)


def untied(plan: Plan, needs: Sequence[Need], holder: Holder) -> frozenset[int]:
    """The phases that need the work of a holder where the network cannot say so yet, because the phase, the work or its
    land has no milestones. What is done holds nobody back."""
    if holder.project_id is not None:
        return frozenset()
    work = _work(holder)
    homes = {(SubjectKind.GRID_WORK, work): WORK_END}
    if isinstance(holder.row, Clearance):
        homes[holder.kind, holder.id] = LAND_ENDS[holder.row.track]
    ends = [plan.positions.get((home, end), ()) for home, end in homes.items()]
    if any(end and not any(map(plan.is_live, end)) for end in ends):
        return frozenset()
    holding = [need for need in needs if need.work_id == work and need.kind != ConnectionKind.EVACUATION]
    return frozenset(need.phase_id for need in holding if not all(ends) or need.phase_id not in plan.cod)


def _behind(stakes: Stakes, positions: Iterable[int]) -> frozenset[int]:
    return frozenset[int]().union(*(stakes.dependents[i] for i in positions))
