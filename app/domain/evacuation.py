"""What the grid can evacuate (giải tỏa công suất): how many MW fit through the limits that hold.

Power runs from phases through groups (stations, lines, corridors) to the grid: a group that drains into no other ends
there. A group's limit caps the sum of what passes it; a group without one limits nothing, and says that it does not
know. No load flow is run (domain rules 3.2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from app.domain.errors import RuleBroken
from app.domain.max_flow import FlowNetwork
from app.domain.rules import Finding, Level, Rule
from app.domain.work_problems import WorkProblem

SOURCE, SINK = 0, 1


@dataclass(frozen=True, slots=True)
class Grid:
    """The groups with those each drains into (every group is a key; an order of theirs is kept), and the limits."""

    onward: Mapping[int, Sequence[int]]
    limits_kw: Mapping[int, int | None]


# kW by the groups that they enter: phases with the same way are one supply, so a large register is a small network.
Supplies = Mapping[frozenset[int], int]


@dataclass(frozen=True, slots=True)
class Passing:
    """One group. `offered_kw` is what could reach it if its own limit, and all that lies beside or behind it, were none;
    where power has two ways, it is offered to both. What passes is one of the largest flows."""

    offered_kw: int
    passes_kw: int
    limit_kw: int | None

    @property
    def headroom_kw(self) -> int | None:
        """Never negative; None where no limit is stated."""
        return None if self.limit_kw is None else self.limit_kw - self.passes_kw

    @property
    def shortfall_kw(self) -> int | None:
        """What is offered above the limit; None where no limit is stated."""
        return None if self.limit_kw is None else max(0, self.offered_kw - self.limit_kw)


@dataclass(frozen=True, slots=True)
class Evacuation:
    """`usable_kw` is the largest flow; of it `unlimited_kw` have a way to the grid on which nobody has stated a limit."""

    usable_kw: int
    unlimited_kw: int
    groups: Mapping[int, Passing]


def evacuate(grid: Grid, supplies: Supplies) -> Evacuation:
    """Leads supplies through the limits to the grid. A supply that enters no group is nobody's business here."""
    network, gates = _network(grid, supplies)
    usable = network.send(SOURCE, SINK)
    before = _before(grid)
    passing = {
        group: Passing(
            offered_kw=_offered_kw(grid, before, supplies, group),
            passes_kw=network.carried(gate),
            limit_kw=grid.limits_kw.get(group),
        )
        for group, gate in gates.items()
    }
    return Evacuation(usable, unlimited_kw(grid, supplies), passing)


def usable_kw(grid: Grid, supplies: Supplies) -> int:
    """The largest flow alone."""
    return _network(grid, supplies)[0].send(SOURCE, SINK)


def _network(grid: Grid, supplies: Supplies) -> tuple[FlowNetwork, dict[int, int]]:
    """Each group as an edge that carries its limit, between what enters it and what leaves it."""
    total = sum(supplies.values())
    enters = {group: 2 + 2 * place for place, group in enumerate(grid.onward)}
    network = FlowNetwork(2 + 2 * len(enters) + len(supplies))
    gates: dict[int, int] = {}
    for group, onward in grid.onward.items():
        limit = grid.limits_kw.get(group)
        gates[group] = network.join(enters[group], enters[group] + 1, total if limit is None else limit)
        for other in onward:
            network.join(enters[group] + 1, enters[other], total)
        if not onward:
            network.join(enters[group] + 1, SINK, total)
    # In an order of their own: a set has none.
    for node, groups in enumerate(sorted(supplies, key=sorted), 2 + 2 * len(enters)):
        network.join(SOURCE, node, supplies[groups])
        for group in sorted(groups):
            network.join(node, enters[group], total)
    return network, gates


def _before(grid: Grid) -> dict[int, list[int]]:
    before: dict[int, list[int]] = {group: [] for group in grid.onward}
    for group, onward in grid.onward.items():
        for other in onward:
            before[other].append(group)
    return before


def _offered_kw(grid: Grid, before: Mapping[int, Sequence[int]], supplies: Supplies, group: int) -> int:
    """The largest flow of the part of the grid that ends at `group`, its own limit set aside."""
    above = _reached(before, [group])
    if len(above) == 1:
        return sum(kw for groups, kw in supplies.items() if group in groups)
    onward = {each: [other for other in grid.onward[each] if other in above] for each in above}
    part = Grid(onward | {group: []}, {each: grid.limits_kw.get(each) for each in above if each != group})
    entering: dict[frozenset[int], int] = {}
    for groups, kw in supplies.items():
        if inside := groups.intersection(above):
            entering[inside] = entering.get(inside, 0) + kw
    return usable_kw(part, entering)


def _reached(edges: Mapping[int, Sequence[int]], starts: Iterable[int]) -> dict[int, None]:
    """What can be reached from some groups, themselves included, in the order in which it is found."""
    found = dict.fromkeys(starts)
    waiting = list(found)
    while waiting:
        fresh = [other for other in edges.get(waiting.pop(), ()) if other not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return found


def unlimited_kw(grid: Grid, supplies: Supplies) -> int:
    """kW that have a way to the grid on which nobody has stated a limit: whether they fit is not known."""
    is_open: dict[int, bool] = {}
    for group in _last_first(grid):
        onward = grid.onward[group]
        is_open[group] = grid.limits_kw.get(group) is None and (
            not onward or any(is_open[other] for other in onward)
        )
    return sum(kw for groups, kw in supplies.items() if any(is_open[group] for group in groups))


def bound_kw(grid: Grid, supplies: Supplies) -> dict[int, int]:
    """kW behind each group that have no other way than through it."""
    passed: dict[int, frozenset[int]] = {}
    for group in _last_first(grid):
        passed[group] = _common(passed[other] for other in grid.onward[group]) | {group}
    found = dict.fromkeys(grid.onward, 0)
    for groups, kw in supplies.items():
        for group in _common(passed[entered] for entered in groups):
            found[group] += kw
    return found


def _common(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    first, *others = [*sets] or [frozenset[int]()]
    return first.intersection(*others)


def _last_first(grid: Grid) -> Iterable[int]:
    """The groups, each after those it drains into."""
    return TopologicalSorter(grid.onward).static_order()


def exceeded(operating_kw: int, limit_kw: int | None) -> Finding | None:
    """Rule R37: more MW operate behind a group, without another way, than its limit in force."""
    if limit_kw is None or operating_kw <= limit_kw:
        return None
    details = {"operating_kw": operating_kw, "limit_kw": limit_kw}
    return Finding(Rule.ABOVE_EVACUATION_LIMIT, Level.WARNING, "limit_mw", details=details)


def check_path(onward: Mapping[int, Sequence[int]], source: int, group: int) -> None:
    """Raises RuleBroken where power of `source` would come round to it again through `group`."""
    if source in _reached(onward, [group]):
        raise RuleBroken(WorkProblem.EVACUATION_CYCLE, field="group")
