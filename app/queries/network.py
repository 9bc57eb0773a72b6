"""The network of milestones from the tables: of the whole register, or of what hangs together with some subjects."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import network, stake
from app.domain.capacity import Figures, Tranche
from app.domain.network import Land, Links, Need, Node, PhaseMw, Plan
from app.domain.schedule import Workdays
from app.domain.stake import Stakes
from app.domain.vocabulary import Account, ConnectionKind, SubjectKind
from app.domain.workdays import WorkCalendar
from app.queries import capacity, journal, ledger, milestones, pace, projects, targets
from app.queries.capacity import View
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.projects import Phase, Turbine
from app.tables.works import Clearance, Connection, GridWork

# The stated span of the calendar; further out the computation goes on with plain weeks.
FIRST, LAST = date(2015, 1, 1), date(2035, 12, 31)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which subjects a network is made of, by id."""

    projects: frozenset[int]
    works: frozenset[int]


def whole(session: Session, view: View) -> Scope:
    """Every project that counts, and every grid work."""
    out = capacity.left_out(session, view.revision)
    ids = session.execute(
        select(col(Phase.project_id)).distinct().where(col(Phase.project_id).not_in(out))
    ).scalars()
    works = session.execute(select(col(GridWork.id))).scalars()
    return Scope(frozenset(ids), frozenset(key(i) for i in works))


def around(session: Session, *, projects: Collection[int] = (), works: Collection[int] = ()) -> Scope:
    """What hangs together with some projects and grid works: works bind projects that share them."""
    found_projects, found_works = set(projects), set(works)
    fresh_projects, fresh_works = set(projects), set(works)
    pairs = select(col(Phase.project_id), col(Connection.work_id)).join(
        Connection, col(Connection.phase_id) == col(Phase.id)
    )
    while fresh_projects or fresh_works:
        # One after the other: with both in one condition no index serves, and every phase there is would be looked at.
        rows = [
            *session.execute(pairs.where(col(Phase.project_id).in_(fresh_projects)).distinct()),
            *session.execute(pairs.where(col(Connection.work_id).in_(fresh_works)).distinct()),
        ]
        fresh_projects = {project for project, _ in rows} - found_projects
        fresh_works = {work for _, work in rows} - found_works
        found_projects |= fresh_projects
        found_works |= fresh_works
    return Scope(frozenset(found_projects), frozenset(found_works))


def plan(
    session: Session, view: View, scope: Scope, calendar: WorkCalendar, *, is_paced: bool = True
) -> Plan:
    """The network of a scope with both passes made, as of a view: today is the view's day.

    `is_paced`: steps that count units go by their pace; whoever asks for no day spares the loading of units.
    """
    clearances = _clearances(session, view, scope)
    rows = _milestones(session, scope, [key(c.id) for c in clearances])
    target = targets.chosen(session, None, view.as_of, view.revision)
    phases, caps = phases_of(session, view, scope)
    return network.build(
        _nodes(session, view, rows, is_paced=is_paced),
        Links(needs(session, view, scope), [_land(c) for c in clearances]),
        phases,
        today=view.as_of,
        due_on=None if target is None else target.due_on,
        workdays=workdays(calendar),
        caps_kw=caps,
    )


def stakes(
    session: Session, view: View, scope: Scope, calendar: WorkCalendar, *, is_paced: bool = True
) -> Stakes:
    """The same, ready to say how many MW wait for what."""
    return Stakes(plan(session, view, scope, calendar, is_paced=is_paced))


@lru_cache(maxsize=4)
def workdays(calendar: WorkCalendar) -> Workdays:
    """A calendar as the computation takes it."""
    return Workdays(FIRST.toordinal(), np.array(calendar.mask(FIRST, LAST), np.bool_))


def _nodes(session: Session, view: View, rows: Sequence[Milestone], *, is_paced: bool) -> list[Node]:
    states = milestones.states_at(session, view, rows)
    valid = milestones.validity(session, rows, view.revision)
    waiting = (row for row in rows if (of := states.get(row.id)) and of.is_open and of.forecast is None)
    paced = pace.likely(session, view, waiting) if is_paced else {}
    return [
        Node(
            subject=row.subject,
            subject_id=row.subject_id,
            project_id=row.project_id,
            step=milestones.step_of(row),
            state=states[row.id],
            instance=row.instance,
            valid_until=valid.get(row.id),
            paced_on=paced.get(row.id),
        )
        for row in rows
        if row.id in states
    ]


def _milestones(session: Session, scope: Scope, clearances: Sequence[int]) -> list[Milestone]:
    inside = or_(
        # Of projects, their phases and their clearances. With their kinds named beside it, SQLite takes the index that
        # begins with the kind, and goes through every milestone of the register.
        col(Milestone.project_id).in_(scope.projects),
        and_(col(Milestone.subject) == SubjectKind.GRID_WORK, col(Milestone.subject_id).in_(scope.works)),
        and_(col(Milestone.subject) == SubjectKind.CLEARANCE, col(Milestone.subject_id).in_(clearances)),
    )
    return list(session.execute(select(Milestone).where(inside).order_by(col(Milestone.id))).scalars())


def _clearances(session: Session, view: View, scope: Scope) -> Sequence[Clearance]:
    of = or_(col(Clearance.work_id).in_(scope.works), col(Clearance.project_id).in_(scope.projects))
    known = select(Clearance).where(of, col(Clearance.created_in) <= view.revision)
    return session.execute(known.order_by(col(Clearance.id))).scalars().all()


def _land(row: Clearance) -> Land:
    return Land(key(row.id), row.track, row.work_id, row.project_id)


def needs(session: Session, view: View, scope: Scope) -> list[Need]:
    """Which phases need which works of a scope, as of a view."""
    statement = (
        select(Connection, col(Phase.code), col(GridWork.code))
        .join(Phase, col(Phase.id) == col(Connection.phase_id))
        .join(GridWork, col(GridWork.id) == col(Connection.work_id))
        .where(col(Connection.work_id).in_(scope.works), col(Connection.created_in) <= view.revision)
        .order_by(col(Connection.id))
    )
    then = journal.rewound(session, view.revision, "connection")
    return [
        Need(row.phase_id, row.work_id, ConnectionKind(then.get(f"{phase}/{work}", {}).get("kind", row.kind)))
        for row, phase, work in session.execute(statement)
    ]


def phases_of(session: Session, view: View, scope: Scope) -> tuple[list[PhaseMw], dict[int, int]]:
    """The phases of a scope with the kW that do not operate yet, and what each project can still bring in all."""
    statement = select(Phase).where(
        col(Phase.project_id).in_(scope.projects), col(Phase.created_in) <= view.revision
    )
    then = journal.rewound(session, view.revision, "phase")
    rows = [
        _as_then(row, then.get(row.code, {}))
        for row in session.execute(statement.order_by(col(Phase.code))).scalars()
    ]
    plates = _turbines(session, [key(row.id) for row in rows])
    figures = capacity.by_phase(session, view, [key(row.id) for row in rows])
    unsplit = capacity.unsplit(session, view, list(scope.projects))
    found: list[PhaseMw] = []
    caps: dict[int, int] = {}
    for row in rows:
        gross = figures.get(key(row.id), Figures()).kw(Account.RECOGNISED)
        phase = _phase(session, view, row, plates.get(key(row.id), []), gross)
        found.append(phase)
        caps[row.project_id] = caps.get(row.project_id, 0) + (phase.waiting_kw or 0)
    for project, its in unsplit.items():
        caps[project] = max(0, caps.get(project, 0) - its.kw(Account.RECOGNISED))
    return found, caps


def _as_then(row: Phase, was: Mapping[str, Any]) -> Phase:
    """A phase with the name, the sizes and the goal that it had, as facts state what has changed since."""
    said = ("name", "name_en", "nominal_kw", "turbine_count", "turbine_kw")
    sizes = {name: was[name] for name in said if name in was}
    goal_on = was.get("planned_cod_on", row.planned_cod_on)
    if isinstance(goal_on, str):
        goal_on = date.fromisoformat(goal_on)
    return Phase(**{**row.model_dump(), **sizes, "planned_cod_on": goal_on}) if was else row


def _turbines(session: Session, phases: Sequence[int]) -> dict[int, list[Any]]:
    statement = select(col(Turbine.phase_id), col(Turbine.number), col(Turbine.nameplate_kw)).where(
        col(Turbine.phase_id).in_(phases)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(statement):
        found.setdefault(row[0], []).append(row)
    return found


def _phase(session: Session, view: View, row: Phase, plates: Sequence[Any], gross_kw: int) -> PhaseMw:
    turbine_sum = projects.turbine_sum_kw(row, plates)
    is_whole = stake.lists_all(len(plates), turbine_sum, count=row.turbine_count, nominal_kw=row.nominal_kw)
    if not is_whole:
        plates, turbine_sum = [], projects.turbine_sum_kw(row, [])
    cod_on, all_recognised = None, False
    if gross_kw:
        lines = ledger.of_phase(session, row.id)
        known = ledger.tranches(line for line in lines if line.row.revision <= view.revision)
        tranches = [t for t in known if t.kw(Account.RECOGNISED) and t.stated.effective_on <= view.as_of]
        cod_on = max((t.stated.effective_on for t in tranches), default=None)
        all_recognised = _all_recognised(tranches, plates)
    waiting, is_nominal = stake.not_operating_kw(
        turbine_sum, row.nominal_kw, gross_kw, all_turbines_recognised=all_recognised
    )
    return PhaseMw(
        id=key(row.id),
        code=row.code,
        name=row.name,
        project_id=row.project_id,
        waiting_kw=waiting,
        is_nominal=is_nominal,
        goal_on=row.planned_cod_on,
        cod_on=cod_on,
        turbines=len(plates) or row.turbine_count or 1,
    )


def _all_recognised(tranches: Iterable[Tranche], plates: Sequence[Any]) -> bool:
    """Whether every listed turbine stands in a recognised tranche; without a list nobody can say."""
    named = {number for tranche in tranches for number in tranche.turbines}
    return bool(plates) and all(plate.number in named for plate in plates)
