"""How many MW wait for what: at stake behind one milestone, and the gap to a target by what causes it.

MW not yet operating are those of a phase; each phase counts once however many ways lead to it, and the phases of one
project together never for more than the project has still to bring (recognised MW may name no phase).
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.domain.network import PhaseMw, Plan
from app.domain.vocabulary import Cause

NOBODY: frozenset[int] = frozenset()


def lists_all(listed: int, listed_kw: int | None, *, count: int | None, nominal_kw: int | None) -> bool:
    """Whether a list of turbines can be all a phase has: as many as it counts, or (where it has no count) not more than
    5 % below its size on paper, the difference that rule R06 takes for normal. A first turbine is not yet a plant."""
    if count is not None:
        return listed >= count
    return nominal_kw is None or listed_kw is None or listed_kw * 100 >= nominal_kw * 95


def not_operating_kw(
    turbine_sum_kw: int | None,
    nominal_kw: int | None,
    gross_recognised_kw: int,
    *,
    all_turbines_recognised: bool,
) -> tuple[int | None, bool]:
    """kW of a phase that do not operate yet, and whether they were taken from its nominal size.

    The known turbine sum, else the nominal size, minus the gross recognised kW; zero once all turbines are recognised,
    so that a plant of 30 MW on paper whose turbines make 29.4 never waits for the rest. None where no size is known.
    """
    if all_turbines_recognised:
        return 0, False
    size = nominal_kw if turbine_sum_kw is None else turbine_sum_kw
    if size is None:
        return None, False
    return max(0, size - gross_recognised_kw), turbine_sum_kw is None


@dataclass(frozen=True, slots=True)
class AtStake:
    """What hangs on an open milestone: kW of the phases that depend on it, and the CODs whose date it drives."""

    kw: int
    phases: tuple[PhaseMw, ...]
    drives: tuple[PhaseMw, ...]
    float_days: int | None
    is_nominal: bool


@dataclass(frozen=True, slots=True)
class Part:
    """kW of a gap that wait for one cause, with the phases that would bring them."""

    cause: Cause
    kw: int
    phases: tuple[PhaseMw, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A gap by cause. The parts add up to the gap; what more the register could bring stands apart."""

    gap_kw: int
    parts: tuple[Part, ...]
    surplus_kw: int
    order: tuple[int, ...]


class Stakes:
    """Answers about one plan; what hangs on each milestone is found once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def dependents(self) -> list[frozenset[int]]:
        """The phases that wait for each milestone, by position: reached through what is still open."""
        plan = self.plan
        ends = {position: phase for phase, position in plan.cod.items() if plan.phases[phase].waiting_kw != 0}
        found: list[frozenset[int]] = [NOBODY] * len(plan.nodes)
        for position in reversed(plan.passes.order.tolist()):
            if not plan.is_live(position):
                continue
            sets = {found[after] for after in plan.successors[position]} - {NOBODY}
            if position in ends:
                sets.add(frozenset({ends[position]}))
            # One set handed on as it is: most milestones stand in a row and share it.
            found[position] = next(iter(sets)) if len(sets) == 1 else NOBODY.union(*sets)
        return found

    @cached_property
    def drivers(self) -> dict[int, tuple[int, ...]]:
        """The driving chain to each COD that is not reached, by phase."""
        plan = self.plan
        return {
            phase: tuple(plan.chain(position))
            for phase, position in plan.cod.items()
            if plan.is_live(position)
        }

    @cached_property
    def critical(self) -> frozenset[int]:
        """Every milestone on the driving chain of some COD, by position."""
        return frozenset[int]().union(*self.drivers.values())

    def waiting_kw(self, phases: Collection[int]) -> int:
        """kW not operating of these phases together."""
        by_project: dict[int, int] = {}
        for phase in (self.plan.phases[i] for i in phases):
            by_project[phase.project_id] = by_project.get(phase.project_id, 0) + (phase.waiting_kw or 0)
        return sum(min(kw, self._cap(project)) for project, kw in by_project.items())

    def _cap(self, project: int) -> int:
        return self.plan.caps_kw.get(project, 2**60)

    def at(self, position: int) -> AtStake:
        """What hangs on one milestone; nothing where it is done or nothing waits for it."""
        return self.together([position])

    def together(self, positions: Collection[int], beside: Collection[int] = ()) -> AtStake:
        """What hangs on several milestones, each phase once, with the least of their floats. `beside` are phases that
        wait for them too where no milestone says so."""
        ids = NOBODY.union(beside, *(self.dependents[position] for position in positions))
        phases = self._sorted(ids)
        drives = self._sorted(i for i in ids if not set(positions).isdisjoint(self.drivers.get(i, ())))
        floats = [days for i in positions if (days := self.plan.float_days(i)) is not None]
        nominal = any(phase.is_nominal for phase in phases)
        return AtStake(self.waiting_kw(ids), phases, drives, min(floats, default=None), nominal)

    def _sorted(self, ids: Iterable[int]) -> tuple[PhaseMw, ...]:
        return tuple(sorted((self.plan.phases[i] for i in ids), key=lambda phase: phase.code))

    def ranked(self) -> list[int]:
        """Every open milestone that kW wait for, the most first, then the least float."""
        live = [i for i, ids in enumerate(self.dependents) if ids and self.plan.passes.is_live[i]]
        rows = [i for i in live if self.plan.nodes[i].state.is_applicable]
        most = {ids: self.waiting_kw(ids) for ids in {self.dependents[i] for i in rows}}

        def order(i: int) -> tuple[int, int, int, str]:
            room = self.plan.float_days(i)
            return (
                -most[self.dependents[i]],
                10**6 if room is None else room,
                self._rank(i),
                self.plan.nodes[i].name,
            )

        return sorted((i for i in rows if most[self.dependents[i]]), key=order)

    def _rank(self, position: int) -> int:
        return self.plan.nodes[position].step.order

    def cod_on(self, phase: int) -> date | None:
        """When a phase can have its COD at the earliest; None where it has no milestones."""
        position = self.plan.cod.get(phase)
        return None if position is None else self.plan.earliest_on(position)

    def frontier(self) -> list[int]:
        """The open milestones that nothing open stands before: what is really being waited for."""
        plan = self.plan
        return [
            i
            for i, node in enumerate(plan.nodes)
            if self.dependents[i]
            and node.state.is_applicable
            and plan.is_live(i)
            and not any(plan.is_live(before) for before in plan.predecessors[i])
        ]

    def ready_kw(self, phases: Collection[int]) -> int:
        """kW of those of these phases that wait for nothing any more but their recognition."""
        plan = self.plan
        ready = [
            phase
            for phase in phases
            if (position := plan.cod.get(phase)) is not None
            and plan.is_live(position)
            and not any(plan.is_live(before) for before in plan.predecessors[position])
        ]
        return self.waiting_kw(ready)

    def shortfall(self, gap_kw: int, cause_of: Callable[[int], Cause], phases: Collection[int]) -> Shortfall:
        """The gap by what holds the phases that would fill it, taken by forecast COD up to the gap.

        A phase's kW go to the milestone at the beginning of its driving chain, once; the last phase that is needed
        gives the part that is needed. What no phase can bring is not in the register. `cause_of` names the cause of a
        milestone by its position; a phase without milestones is held by a permit, the first thing it would need.
        """
        left, surplus = gap_kw, 0
        taken: dict[Cause, dict[int, int]] = {}
        rooms: dict[int, int] = {}
        order = sorted(phases, key=lambda i: (self.cod_on(i) or date.max, self.plan.phases[i].code))
        used: list[int] = []
        for phase in (self.plan.phases[i] for i in order):
            room = rooms.setdefault(phase.project_id, self._cap(phase.project_id))
            brings = min(phase.waiting_kw or 0, room)
            rooms[phase.project_id] = room - brings
            takes = min(brings, left)
            left, surplus = left - takes, surplus + brings - takes
            if takes:
                used.append(phase.id)
                chain = self.drivers.get(phase.id, ())
                cause = cause_of(chain[0]) if chain else Cause.PERMIT
                taken.setdefault(cause, {})[phase.id] = takes
        if left:
            taken[Cause.NOT_IN_REGISTER] = {}
        return Shortfall(gap_kw, self._parts(taken, left), surplus, tuple(used))

    def _parts(self, taken: Mapping[Cause, Mapping[int, int]], left: int) -> tuple[Part, ...]:
        return tuple(
            Part(cause, left if cause == Cause.NOT_IN_REGISTER else sum(kw.values()), self._sorted(kw))
            for cause in Cause
            if (kw := taken.get(cause)) is not None
        )
