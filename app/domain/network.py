"""One network from the household to the megawatt: milestones as activities, tied by their templates, by the grid works
that phases need and by the land that works need.

Only hard predecessors hold a date back; soft ones warn where an actual is declared (`milestones.gates`), so they are no
edges here. A stated forecast replaces the template's estimate: the milestone is then finished on that day, or when the
last of its predecessors is, whichever is later, and never before today. Where nothing is forecast of a step that counts
units, the day to which their observed pace leads stands in for the estimate in the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from app.domain.milestones import COD, State, Stated, key
from app.domain.schedule import DONE, FOREVER, NEVER, OPEN, PASSES, Network, Passes, Workdays, compute
from app.domain.schedule import chain as driving_chain
from app.domain.templates import MilestoneTemplate, Predecessor, duration_days
from app.domain.vocabulary import ConnectionKind, DayUnit, Gate, SubjectKind, Track

# The step of a phase that waits for each kind of connection. Full output is no condition of a COD (domain rules 2).
WAITS_AT = {
    ConnectionKind.POINT_OF_CONNECTION: "W-F5",
    ConnectionKind.GEN_TIE: "W-E9",
}
EVACUATED = "W-E10"
PLANT_LAND, SITES, CORRIDOR = "W-B3", "G-13", "G-14"
# The step that ends a grid work (energised) and each track of its land (handed over), as the templates have it.
WORK_END = "G-26"
LAND_ENDS = {Track.RECOVERED_LAND: "L-16", Track.CORRIDOR: "C-06"}
# The step of a grid work that waits for each track of its land.
LAND_AT = {Track.RECOVERED_LAND: SITES, Track.CORRIDOR: CORRIDOR}

Home = tuple[SubjectKind, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone in the network: where it hangs, its step, and its state as of the day that is asked for. `paced_on` is
    when the pace of its units likely brings the last of them; None where no pace says so."""

    subject: SubjectKind
    subject_id: int
    project_id: int | None
    step: MilestoneTemplate
    state: State
    instance: int = 1
    valid_until: date | None = None
    paced_on: date | None = None

    @property
    def home(self) -> Home:
        return self.subject, self.subject_id

    @property
    def name(self) -> str:
        """Its name inside its subject."""
        return key(self.step.code, self.instance)

    @property
    def forecast(self) -> Stated | None:
        """What is forecast of it; of one that was done and expired since, its forecast spoke of the time before."""
        return None if self.state.is_done else self.state.forecast

    @property
    def expected_on(self) -> date | None:
        """The day that stands in for the template's estimate: what is forecast, else where the pace of its units leads."""
        forecast = self.forecast
        if forecast is not None:
            return forecast.on
        return self.paced_on if self.state.is_open else None


@dataclass(frozen=True, slots=True)
class PhaseMw:
    """A phase as far as MW hang on it. `waiting_kw` is what does not operate yet (None: its size is not known);
    `is_nominal` says that it was taken from the size on paper. `goal_on` is the COD it aims at."""

    id: int
    code: str
    name: str
    project_id: int
    waiting_kw: int | None
    is_nominal: bool = False
    goal_on: date | None = None
    cod_on: date | None = None
    turbines: int = 1


@dataclass(frozen=True, slots=True)
class Need:
    """A phase needs a grid work."""

    phase_id: int
    work_id: int
    kind: ConnectionKind


@dataclass(frozen=True, slots=True)
class Land:
    """A clearance package of a grid work, or of a project."""

    clearance_id: int
    track: Track
    work_id: int | None
    project_id: int | None


@dataclass(frozen=True, slots=True)
class Links:
    """What connects subjects, beside their templates."""

    needs: Sequence[Need] = ()
    land: Sequence[Land] = ()


@dataclass(frozen=True)
class Plan:
    """A network with both passes made. `caps_kw` is what may still come from each project in all, because recognised
    MW that name no phase are not attributed to one."""

    today: date
    nodes: Sequence[Node]
    phases: Mapping[int, PhaseMw]
    caps_kw: Mapping[int, int]
    network: Network
    passes: Passes
    cod: Mapping[int, int]
    successors: Sequence[Sequence[int]]
    predecessors: Sequence[Sequence[int]]
    positions: Mapping[tuple[Home, str], Sequence[int]] = field(default_factory=dict)

    def begins_on(self, position: int) -> date | None:
        """When a milestone can begin at the earliest; the day it was done where it is."""
        return _day(int(self.passes.earliest_start[position]))

    def earliest_on(self, position: int) -> date | None:
        """When a milestone is finished at the earliest; None where nothing is to be finished."""
        return _day(int(self.passes.earliest_finish[position]))

    def latest_on(self, position: int) -> date | None:
        """When it must be finished so that no COD goal behind it is missed; None where none is behind it."""
        return _day(int(self.passes.latest_finish[position])) if self.passes.has_latest[position] else None

    def float_days(self, position: int) -> int | None:
        """Calendar days between both; negative where a goal is missed already."""
        return int(self.passes.total_float[position]) if self.passes.has_latest[position] else None

    def deadline_on(self, position: int) -> date | None:
        """The goal a COD is measured against: its phase's own, else the target's day; None for every other milestone."""
        return _day(int(self.network.deadline[position]))

    def is_live(self, position: int) -> bool:
        return bool(self.passes.is_live[position])

    def chain(self, position: int) -> list[int]:
        """What drives a milestone, from the one that is waited for now to the milestone itself."""
        return driving_chain(self.passes, self.network, position)


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if 0 < ordinal < date.max.toordinal() else None


def build(
    nodes: Sequence[Node],
    links: Links,
    phases: Iterable[PhaseMw],
    *,
    today: date,
    due_on: date | None,
    workdays: Workdays,
    caps_kw: Mapping[int, int] | None = None,
) -> Plan:
    """Ties milestones together and makes both passes. `due_on` is the goal of phases that state none.

    Raises schedule.NetworkCycle.
    """
    by_id = {phase.id: phase for phase in phases}
    positions = _positions(nodes)
    edges = list(_edges(nodes, positions, links))
    network = _arrays(nodes, edges, by_id, today, due_on)
    passes = compute(network, workdays)
    cod = {
        node.subject_id: i
        for i, node in enumerate(nodes)
        if node.step.code == COD and node.instance == 1 and node.subject_id in by_id
    }
    after: list[list[int]] = [[] for _ in nodes]
    before: list[list[int]] = [[] for _ in nodes]
    for edge in edges:
        after[edge.source].append(edge.target)
        before[edge.target].append(edge.source)
    return Plan(today, nodes, by_id, caps_kw or {}, network, passes, cod, after, before, positions)


def _positions(nodes: Sequence[Node]) -> dict[tuple[Home, str], list[int]]:
    """Where the instances of each step of each subject stand."""
    found: dict[tuple[Home, str], list[int]] = {}
    for i, node in enumerate(nodes):
        found.setdefault((node.home, node.step.code), []).append(i)
    return found


@dataclass(frozen=True, slots=True)
class _Edge:
    source: int
    target: int
    lag: int = 0
    unit: DayUnit = DayUnit.CALENDAR
    is_across: bool = False


def _edges(
    nodes: Sequence[Node], positions: Mapping[tuple[Home, str], Sequence[int]], links: Links
) -> Iterable[_Edge]:
    for target, node in enumerate(nodes):
        for before in node.step.predecessors:
            if before.kind != Gate.HARD:
                continue
            own = positions.get((node.home, before.code))
            if own is None and node.subject == SubjectKind.PHASE and node.project_id is not None:
                own = positions.get(((SubjectKind.PROJECT, node.project_id), before.code))
            for source in own or ():
                yield _Edge(source, target, _lag(node, before), before.lag_unit)
    for ends, starts in _across(nodes, links):
        for source in positions.get(ends, ()):
            for target in positions.get(starts, ()):
                yield _Edge(source, target, is_across=True)


def _lag(node: Node, before: Predecessor) -> int:
    """Days from the predecessor to this one's start, so that it is *done* no earlier than the template's lag after it.

    The lag runs beside the duration; the templates state both in one unit wherever there is a lag.
    """
    takes = 0 if node.expected_on is not None else node.step.duration.likely
    return max(0, before.lag_days - takes)


def _across(nodes: Sequence[Node], links: Links) -> Iterable[tuple[tuple[Home, str], tuple[Home, str]]]:
    """From the end of one subject to the step of another that waits for it."""
    projects = {node.subject_id: node.project_id for node in nodes if node.subject == SubjectKind.PHASE}
    for need in links.needs:
        end = (SubjectKind.GRID_WORK, need.work_id), WORK_END
        if need.kind == ConnectionKind.EVACUATION:
            project = projects.get(need.phase_id)
            if project is not None:
                yield end, ((SubjectKind.PROJECT, project), EVACUATED)
        else:
            yield end, ((SubjectKind.PHASE, need.phase_id), WAITS_AT[need.kind])
    for land in links.land:
        end = (SubjectKind.CLEARANCE, land.clearance_id), LAND_ENDS[land.track]
        if land.work_id is not None:
            yield end, ((SubjectKind.GRID_WORK, land.work_id), LAND_AT[land.track])
        elif land.project_id is not None:
            yield end, ((SubjectKind.PROJECT, land.project_id), PLANT_LAND)


def _arrays(
    nodes: Sequence[Node],
    edges: Sequence[_Edge],
    phases: Mapping[int, PhaseMw],
    today: date,
    due_on: date | None,
) -> Network:
    dated = _dated(nodes, edges)
    waits = {edge.target for edge in edges if edge.source in dated}
    rolled = {edge.target for edge in edges if edge.is_across}
    values = [
        _activity(
            node,
            phases,
            today,
            due_on,
            waits=i in waits,
            rolls_up=i in rolled and node.step.rolls_up is not None,
        )
        for i, node in enumerate(nodes)
    ]
    columns = list(zip(*values, strict=True)) if values else [()] * 7
    kind, duration, working, release, floor, deadline, finished = columns
    return Network(
        kind=np.array(kind, np.int8),
        duration=np.array(duration, np.int64),
        in_working_days=np.array(working, np.bool_),
        release=np.array(release, np.int64),
        floor=np.array(floor, np.int64),
        deadline=np.array(deadline, np.int64),
        finished=np.array(finished, np.int64),
        source=np.array([edge.source for edge in edges], np.int64),
        target=np.array([edge.target for edge in edges], np.int64),
        lag=np.array([edge.lag for edge in edges], np.int64),
        lag_in_working_days=np.array([edge.unit == DayUnit.WORKING for edge in edges], np.bool_),
    )


def _dated(nodes: Sequence[Node], edges: Sequence[_Edge]) -> set[int]:
    """What has a day in the network: not what is passed through and has nothing before it that has one. Whatever waits
    for that alone begins today, as if nothing stood before it."""
    passing: dict[int, list[int]] = {}
    for edge in edges:
        if not nodes[edge.target].state.is_applicable:
            passing.setdefault(edge.source, []).append(edge.target)
    found = {i for i, node in enumerate(nodes) if node.state.is_applicable}
    ahead = list(found)
    while ahead:
        fresh = set(passing.get(ahead.pop(), ())) - found
        found |= fresh
        ahead += fresh
    return found


_Activity = tuple[int, int, bool, int, int, int, int]


def _activity(
    node: Node,
    phases: Mapping[int, PhaseMw],
    today: date,
    due_on: date | None,
    *,
    waits: bool,
    rolls_up: bool,
) -> _Activity:
    """Kind, duration, its unit, release, floor, deadline and finish of one milestone."""
    phase = phases.get(node.subject_id) if node.subject == SubjectKind.PHASE else None
    working = node.step.duration.unit == DayUnit.WORKING
    if not node.state.is_applicable:
        return PASSES, 0, False, NEVER, NEVER, FOREVER, NEVER
    is_cod = phase is not None and node.step.code == COD and node.instance == 1
    if is_cod and phase is not None and phase.waiting_kw == 0:
        return DONE, 0, False, NEVER, NEVER, FOREVER, (phase.cod_on or today).toordinal()
    if node.state.is_done and node.state.actual is not None and not _expired(node, today):
        return DONE, 0, False, NEVER, NEVER, FOREVER, node.state.actual.on.toordinal()
    expected_on = node.expected_on
    floor = max(today, expected_on) if expected_on is not None else today
    units = max(1, phase.turbines) if phase is not None and node.step.quantity is not None else 1
    takes = 0 if expected_on is not None or rolls_up else duration_days(node.step, units).likely
    release = NEVER if waits else today.toordinal()
    if node.valid_until is not None and node.state.is_done:
        release = node.valid_until.toordinal()
    goal = (phase.goal_on or due_on) if is_cod and phase is not None else None
    return OPEN, takes, working, release, floor.toordinal(), goal.toordinal() if goal else FOREVER, NEVER


def _expired(node: Node, today: date) -> bool:
    return node.valid_until is not None and node.valid_until < today
