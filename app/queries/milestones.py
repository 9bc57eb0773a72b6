"""Milestones as they stand or stood: of one subject, before another one, and the lists of what is late, due or waiting."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain import network
from app.domain.errors import NotFound
from app.domain.milestones import Before, Said, State, Stated
from app.domain.problems import Problem
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import Gate, ObstacleAct, SubjectKind, Track
from app.outside import shipped
from app.queries import documents, journal
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.journal import Revision
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.obstacles import Obstacle, ObstacleEntry
from app.tables.works import Clearance, Connection


@dataclass(frozen=True, slots=True)
class Line:
    """A milestone with its template step and its state as of a view."""

    row: Milestone
    step: MilestoneTemplate
    state: State
    valid_until: date | None = None
    is_blocked: bool = False
    is_free: bool = True
    reported_at: datetime | None = None

    @property
    def key(self) -> str:
        return domain.key(self.row.code, self.row.instance)


def step_of(row: Milestone) -> MilestoneTemplate:
    """The template step a milestone was made from, in the version it was made from."""
    return shipped.templates(row.template_version).step(row.code)


def state_of(row: Milestone) -> State:
    """Where a milestone stands now, from its own row."""
    return State(
        baseline=stated(row.baseline_on, row.baseline_precision),
        plan=stated(row.plan_on, row.plan_precision),
        forecast=stated(row.forecast_on, row.forecast_precision),
        actual=stated(row.actual_on, row.actual_precision),
        verification=row.verification,
        declared_at=row.declared_at,
        is_applicable=row.is_applicable,
        moves=row.moves,
    )


def stated(on: date | None, precision: Any) -> Stated | None:
    return None if on is None else Stated(on, precision)


def rows_of(session: Session, holder: Holder) -> list[Milestone]:
    """Every milestone of a subject, in no order."""
    where = _on(holder.kind, holder.id)
    return list(session.execute(select(Milestone).where(where)).scalars())


def one(session: Session, holder: Holder, key: str) -> Milestone:
    """A milestone of a subject by its name there. NotFound where it has none of that name."""
    code, instance = domain.parts(key)
    named = {"kind": holder.kind, "of": holder.id, "step": code, "number": instance}
    row = session.execute(_ONE, named).scalar_one_or_none()
    if row is None:
        raise NotFound(Problem.UNKNOWN_MILESTONE, milestone=key, field="milestone")
    return row


_ONE = select(Milestone).where(
    col(Milestone.subject) == bindparam("kind"),
    col(Milestone.subject_id) == bindparam("of"),
    col(Milestone.code) == bindparam("step"),
    col(Milestone.instance) == bindparam("number"),
)


def instances(session: Session, holder: Holder, code: str) -> int:
    """How many instances of a step a subject has; the highest number."""
    statement = select(func.max(col(Milestone.instance))).where(
        _on(holder.kind, holder.id), col(Milestone.code) == code
    )
    return session.execute(statement).scalar_one() or 0


def _on(kind: SubjectKind, subject_id: int) -> ColumnElement[bool]:
    return and_(col(Milestone.subject) == kind, col(Milestone.subject_id) == subject_id)


def before(session: Session, holder: Holder, step: MilestoneTemplate) -> list[Before]:
    """What must come before a step of a subject: its template's predecessors there or at the project, the ends of what
    it rolls up, and the grid works without which a plant is not energised."""
    gates = {p.code: p.kind for p in step.predecessors}
    homes = [_on(holder.kind, holder.id)]
    if holder.kind == SubjectKind.PHASE:
        homes.append(_on(SubjectKind.PROJECT, holder.project_id or 0))
    own = session.execute(select(Milestone).where(or_(*homes), col(Milestone.code).in_(gates))).scalars()
    found = [(row, min(gates[row.code], step_of(row).gate, key=_softness)) for row in own]
    found += [(row, Gate.HARD) for row in _across(session, holder, step)]
    valid = validity(session, [row for row, _ in found])
    return [
        Before(domain.key(row.code, row.instance), gate, state_of(row), valid.get(row.id))
        for row, gate in found
    ]


def _softness(gate: Gate) -> int:
    return 0 if gate == Gate.SOFT else 1


def _across(session: Session, holder: Holder, step: MilestoneTemplate) -> Iterable[Milestone]:
    """The ends of other subjects that a step waits for (`network` ties them in the same way)."""
    if holder.kind == SubjectKind.PHASE:
        kinds = [kind for kind, waits in network.WAITS_AT.items() if waits == step.code]
        works = select(col(Connection.work_id)).where(
            col(Connection.phase_id) == holder.id, col(Connection.kind).in_(kinds)
        )
        return _ends(session, SubjectKind.GRID_WORK, {network.WORK_END}, works) if kinds else ()
    tracks = [track for track, waits in network.LAND_AT.items() if waits == step.code]
    owner = col(Clearance.work_id)
    if step.code == network.PLANT_LAND:
        tracks, owner = list(Track), col(Clearance.project_id)
    packages = select(col(Clearance.id)).where(owner == holder.id, col(Clearance.track).in_(tracks))
    ends = {network.LAND_ENDS[track] for track in tracks}
    return _ends(session, SubjectKind.CLEARANCE, ends, packages) if tracks else ()


def _ends(session: Session, kind: SubjectKind, codes: set[str], ids: Select[Any]) -> Iterable[Milestone]:
    statement = select(Milestone).where(
        col(Milestone.subject) == kind, col(Milestone.code).in_(codes), col(Milestone.subject_id).in_(ids)
    )
    return session.execute(statement).scalars()


def _extending(session: Session, rows: Sequence[Milestone]) -> list[Milestone]:
    """The milestones that extend one of these, where they are not among them."""
    extends = {step.extends: step.code for step in shipped.templates() if step.extends is not None}
    extended = [row for row in rows if row.code in extends]
    if not extended:
        return []
    own = {row.id for row in rows}
    homes = {(row.subject, row.subject_id) for row in extended}
    statement = select(Milestone).where(
        col(Milestone.code).in_(extends.values()),
        or_(*(_on(kind, subject_id) for kind, subject_id in homes)),
    )
    return [row for row in session.execute(statement).scalars() if row.id not in own]


def validity(
    session: Session, rows: Sequence[Milestone], revision: int | None = None
) -> dict[int | None, date]:
    """The last day until which the newest evidence of each milestone is good, prolonged by what extends it (an extended
    connection agreement keeps the agreement alive); one without an end of validity is absent."""
    rows = [*rows, *_extending(session, rows)]
    ids = [key(row.id) for row in rows]
    found: dict[int | None, date] = dict(documents.validity(session, ids, revision).items())
    prolonging = {
        (row.subject, row.subject_id, extends): found[row.id]
        for row in sorted(rows, key=lambda row: found.get(row.id, date.min))
        if row.id in found and (extends := step_of(row).extends) is not None
    }
    for row in rows:
        later = prolonging.get((row.subject, row.subject_id, row.code))
        if later is not None and row.id in found:
            found[row.id] = max(found[row.id], later)
    return found


def blocked(session: Session, view: View, ids: Sequence[int | None]) -> set[int | None]:
    """The milestones on which an obstacle stood open, as of a view."""
    statement = (
        select(col(Obstacle.id), col(Obstacle.milestone_id), col(ObstacleEntry.act), col(ObstacleEntry.day))
        .join(ObstacleEntry, col(ObstacleEntry.obstacle_id) == col(Obstacle.id))
        .where(
            col(Obstacle.milestone_id).in_(ids),
            col(ObstacleEntry.act).in_((ObstacleAct.RAISED, ObstacleAct.CLOSED, ObstacleAct.REOPENED)),
            col(ObstacleEntry.revision) <= view.revision,
            # The day of a raising is its deadline; when it was raised stands with the obstacle.
            case(
                (col(ObstacleEntry.act) == ObstacleAct.RAISED, col(Obstacle.raised_on)),
                else_=col(ObstacleEntry.day),
            )
            <= view.as_of,
        )
        .order_by(col(ObstacleEntry.id))
    )
    last = {obstacle: (milestone, act) for obstacle, milestone, act, _ in session.execute(statement)}
    return {milestone for milestone, act in last.values() if act != ObstacleAct.CLOSED}


def lines(session: Session, view: View, holder: Holder) -> list[Line]:
    """The milestones of a subject in template order, as of a view."""
    found = completed(session, view, rows_of(session, holder))
    return sorted(found, key=lambda line: (line.step.order, line.row.instance))


def line(session: Session, view: View, holder: Holder, name: str) -> Line:
    """One milestone of a subject by its name there, as of a view. NotFound where there was none of that name then."""
    found = completed(session, view, [one(session, holder, name)])
    if not found:
        raise NotFound(Problem.UNKNOWN_MILESTONE, milestone=name, field="milestone")
    return found[0]


def _near(session: Session, rows: Sequence[Milestone]) -> list[Milestone]:
    """The hard predecessors of rows in their own subjects and projects, and the rows that extend one of them."""
    codes = {p.code for row in rows for p in step_of(row).predecessors if p.kind == Gate.HARD}
    homes = [
        and_(
            col(Milestone.subject) == kind,
            col(Milestone.subject_id).in_({row.subject_id for row in rows if row.subject == kind}),
        )
        for kind in {row.subject for row in rows}
    ]
    projects = {row.project_id for row in rows if row.subject == SubjectKind.PHASE}
    homes.append(and_(col(Milestone.subject) == SubjectKind.PROJECT, col(Milestone.subject_id).in_(projects)))
    own = {row.id for row in rows}
    extending = {step.code for step in shipped.templates() if step.extends is not None}
    statement = select(Milestone).where(or_(*homes), col(Milestone.code).in_(codes | extending))
    return [row for row in session.execute(statement).scalars() if row.id not in own]


def completed(session: Session, view: View, rows: Sequence[Milestone]) -> list[Line]:
    """Rows with their states as of a view, and what their documents, obstacles and predecessors say."""
    near = [*rows, *_near(session, rows)] if rows else []
    states = states_at(session, view, near)
    ids = [row.id for row in rows if row.id in states]
    valid, stopped = validity(session, near, view.revision), blocked(session, view, ids)
    reported = last_reported(session, ids, view.revision)
    closed: dict[Place, bool] = {}
    for row in near:
        if row.id in states:
            place = row.subject, row.subject_id, row.code
            closed[place] = closed.get(place, True) and not states[row.id].is_open
    return [
        Line(
            row,
            step := step_of(row),
            states[row.id],
            valid.get(row.id),
            row.id in stopped,
            _is_free(row, step, closed),
            reported.get(row.id),
        )
        for row in rows
        if row.id in states
    ]


Place = tuple[SubjectKind, int | None, str]


def _is_free(row: Milestone, step: MilestoneTemplate, closed: Mapping[Place, bool]) -> bool:
    """Whether every hard predecessor, of its own subject or of its project, is done or not applicable."""
    homes = ((row.subject, row.subject_id), (SubjectKind.PROJECT, row.project_id))
    before = [p.code for p in step.predecessors if p.kind == Gate.HARD]
    return all(closed.get((kind, home, code), True) for code in before for kind, home in homes)


def states_at(session: Session, view: View, rows: Sequence[Milestone]) -> dict[int | None, State]:
    """The state of each row as of a view: the rows' own where the view is of now, else folded from the entries that
    were recorded by then. What was done after `as_of` is open on it; rows made later are absent."""
    if view.revision >= journal.head(session):
        states = {row.id: state_of(row) for row in rows}
    else:
        told = [row for row in rows if row.created_in <= view.revision]
        said = _said(session, [row.id for row in told], view.revision)
        states = {row.id: domain.fold(said.get(row.id, ())) for row in told}
    return {i: on(state, view.as_of) for i, state in states.items()}


def on(state: State, as_of: date) -> State:
    """A state as it stood on a day: an actual of a later day had not happened."""
    if state.actual is not None and state.actual.on > as_of:
        return replace(state, actual=None, verification=None, declared_at=None)
    return state


def _said(session: Session, ids: Sequence[int | None], revision: int) -> dict[int | None, list[Said]]:
    entry = MilestoneEntry
    statement = (
        select(
            *(col(entry.milestone_id), col(entry.act), col(entry.day), col(entry.precision)),
            *(col(entry.verification), col(Revision.recorded_at)),
        )
        .join(Revision, col(Revision.number) == col(entry.revision))
        .where(col(entry.revision) <= revision)
        .order_by(col(entry.id))
    )
    wanted = set(ids)
    if len(wanted) <= 500:
        statement = statement.where(col(entry.milestone_id).in_(wanted))
    found: dict[int | None, list[Said]] = {}
    for i, act, day, precision, verification, at in session.execute(statement):
        if i in wanted:
            found.setdefault(i, []).append(Said(act, stated(day, precision), verification, at))
    return found


def last_reported(session: Session, ids: Sequence[int | None], revision: int) -> dict[int | None, datetime]:
    """When somebody last said something about each milestone; one nobody spoke of is absent."""
    statement = (
        select(col(MilestoneEntry.milestone_id), func.max(col(Revision.recorded_at)))
        .join(Revision, col(Revision.number) == col(MilestoneEntry.revision))
        .where(col(MilestoneEntry.milestone_id).in_(ids), col(MilestoneEntry.revision) <= revision)
        .group_by(col(MilestoneEntry.milestone_id))
    )
    return {i: at for i, at in session.execute(statement)}


def illustrative(
    session: Session, homes: Collection[tuple[SubjectKind, int]]
) -> set[tuple[SubjectKind, int]]:
    """Those of some subjects that have illustrative milestones: whatever is computed from them is illustrative too."""
    found: set[tuple[SubjectKind, int]] = set()
    for kind in {kind for kind, _ in homes}:
        ids = {subject_id for of, subject_id in homes if of == kind}
        made_up = _on_any(kind, ids) & col(Milestone.is_illustrative)
        rows = session.execute(select(col(Milestone.subject_id)).where(made_up).distinct()).scalars()
        found |= {(kind, i) for i in rows}
    return found


def _on_any(kind: SubjectKind, ids: Collection[int]) -> ColumnElement[bool]:
    return and_(col(Milestone.subject) == kind, col(Milestone.subject_id).in_(ids))
