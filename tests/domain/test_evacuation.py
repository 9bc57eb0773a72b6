"""What fits through stated limits: cases by hand, and laws against a minimum cut found by trying every one."""

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import evacuation
from app.domain.errors import RuleBroken
from app.domain.evacuation import Grid, Passing, bound_kw, evacuate, exceeded, unlimited_kw, usable_kw
from app.domain.max_flow import FlowNetwork
from app.domain.rules import Level, Rule
from app.domain.work_problems import WorkProblem

A, B, C = 1, 2, 3
Onward = dict[int, Sequence[int]]


def grid(onward: Mapping[int, Sequence[int]], **limits: int) -> Grid:
    """Groups by number; limits as `a=149`."""
    return Grid(onward, {" abc".index(name): kw for name, kw in limits.items()})


def supplies(*of: tuple[Sequence[int], int]) -> dict[frozenset[int], int]:
    return {frozenset(groups): kw for groups, kw in of}


ONE: Onward = {A: []}
CORRIDOR: Onward = {A: [C], B: [C], C: []}
SPLIT: Onward = {A: [B, C], B: [], C: []}
CASES: dict[str, tuple[Grid, dict[frozenset[int], int], int, dict[int, Passing]]] = {
    "the first real case: 149 of 478 MW": (
        grid(ONE, a=149_000), supplies(([A], 478_000)), 149_000,
        {A: Passing(478_000, 149_000, 149_000)},
    ),
    "less than the limit passes whole": (
        grid(ONE, a=149_000), supplies(([A], 93_050)), 93_050,
        {A: Passing(93_050, 93_050, 149_000)},
    ),
    "no stated limit limits nothing": (
        grid(ONE), supplies(([A], 478_000)), 478_000,
        {A: Passing(478_000, 478_000, None)},
    ),
    "a limit of nothing lets nothing through": (
        grid(ONE, a=0), supplies(([A], 30)), 0,
        {A: Passing(30, 0, 0)},
    ),
    "a shared corridor caps the sum": (
        grid(CORRIDOR, a=100, b=100, c=150), supplies(([A], 80), ([B], 120)), 150,
        {A: Passing(80, 80, 100), B: Passing(120, 70, 100), C: Passing(180, 150, 150)},
    ),
    "behind a wide corridor the stations limit": (
        grid(CORRIDOR, a=50, b=60, c=500), supplies(([A], 80), ([B], 120)), 110,
        {A: Passing(80, 50, 50), B: Passing(120, 60, 60), C: Passing(110, 110, 500)},
    ),
    "two ways take more than one": (
        grid({A: [], B: []}, a=100, b=100), supplies(([A, B], 150)), 150,
        {A: Passing(150, 100, 100), B: Passing(150, 50, 100)},
    ),
    "who has no other way goes first": (
        grid({A: [], B: []}, a=100, b=100), supplies(([A, B], 100), ([A], 100)), 200,
        {A: Passing(200, 100, 100), B: Passing(100, 100, 100)},
    ),
    "a group may drain into two": (
        grid(SPLIT, a=200, b=60, c=70), supplies(([A], 180)), 130,
        {A: Passing(180, 130, 200), B: Passing(180, 60, 60), C: Passing(180, 70, 70)},
    ),
    "nothing to evacuate": (grid(ONE, a=149), supplies(), 0, {A: Passing(0, 0, 149)}),
    "no groups": (grid({}), supplies(), 0, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_fits_and_what_each_group_sees_of_it(
    case: tuple[Grid, dict[frozenset[int], int], int, dict[int, Passing]],
) -> None:
    of, offered, usable, groups = case
    found = evacuate(of, offered)
    assert (found.usable_kw, found.groups) == (usable, groups)
    assert usable_kw(of, offered) == usable


def test_headroom_and_shortfall_are_never_negative_and_unknown_without_a_limit() -> None:
    full, half, unknown = Passing(478, 149, 149), Passing(100, 100, 149), Passing(100, 100, None)
    assert (full.headroom_kw, full.shortfall_kw) == (0, 329)
    assert (half.headroom_kw, half.shortfall_kw) == (49, 0)
    assert (unknown.headroom_kw, unknown.shortfall_kw) == (None, None)


def test_what_has_a_way_without_any_stated_limit_is_told_apart() -> None:
    several = supplies(([A], 10), ([B], 20), ([A, B], 40))
    assert unlimited_kw(grid(CORRIDOR, c=100), several) == 0
    assert unlimited_kw(grid(CORRIDOR, a=100), several) == 60
    assert unlimited_kw(grid({A: [], B: []}, a=100), several) == 60
    assert evacuate(grid(CORRIDOR), several).unlimited_kw == 70


def test_what_has_no_other_way_is_bound_to_a_group() -> None:
    assert bound_kw(grid(CORRIDOR), supplies(([A], 10), ([B], 20), ([A, B], 40))) == {A: 10, B: 20, C: 70}
    assert bound_kw(grid(SPLIT), supplies(([A], 10), ([B], 5))) == {A: 10, B: 5, C: 0}
    diamond = {A: [B, C], B: [4], C: [4], 4: []}
    assert bound_kw(Grid(diamond, {}), supplies(([A], 10))) == {A: 10, B: 0, C: 0, 4: 10}


@pytest.mark.parametrize(
    ("operating", "limit", "expected"),
    [
        (149_001, 149_000, True),
        (149_000, 149_000, False),
        (0, 0, False),
        (1, 0, True),
        (500_000, None, False),
    ],
)
def test_rule_37_warns_above_the_limit_and_not_at_it(
    operating: int, limit: int | None, expected: bool
) -> None:
    found = exceeded(operating, limit)
    assert (found is not None) == expected
    if found is not None:
        assert (found.rule, found.level, found.details) == (
            *(Rule.ABOVE_EVACUATION_LIMIT, Level.WARNING),
            {"operating_kw": operating, "limit_kw": limit},
        )


@pytest.mark.parametrize(
    ("onward", "source", "group"), [({}, A, A), ({B: [A]}, A, B), ({B: [C], C: [A]}, A, B)]
)
def test_power_never_runs_in_a_circle(onward: Onward, source: int, group: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        evacuation.check_path(onward, source, group)
    assert refused.value.problem == WorkProblem.EVACUATION_CYCLE


def test_two_ways_to_the_same_group_are_no_circle() -> None:
    evacuation.check_path({A: [C], B: [C]}, A, B)


# Any directed network of up to six nodes, circles included: from 0 to 1.
NODES = st.integers(0, 5)
EDGES = st.lists(st.tuples(NODES, NODES, st.integers(0, 9)), max_size=14)


@given(EDGES)
def test_the_largest_flow_is_the_smallest_cut(edges: list[tuple[int, int, int]]) -> None:
    network = FlowNetwork(6)
    names = [network.join(*edge) for edge in edges]
    sent = network.send(0, 1)
    inner = range(2, 6)
    sides = chain.from_iterable(combinations(inner, size) for size in range(5))
    cuts = [
        sum(kw for start, end, kw in edges if start in {0, *side} and end not in {0, *side}) for side in sides
    ]
    assert sent == min(cuts)
    flows = list(zip(edges, map(network.carried, names), strict=True))
    assert all(0 <= carried <= kw for (_, _, kw), carried in flows)
    for node in inner:
        entering = sum(carried for (_, end, _), carried in flows if end == node)
        assert entering == sum(carried for (start, _, _), carried in flows if start == node)


@st.composite
def grids(draw: st.DrawFn) -> tuple[Grid, dict[frozenset[int], int]]:
    """Up to six groups, each draining into later ones, and phases that enter some of them."""
    count = draw(st.integers(1, 6))
    groups = range(1, count + 1)
    onward = {g: sorted(draw(st.sets(st.sampled_from(range(g + 1, count + 1)), max_size=3)) if g < count else ())
              for g in groups}  # fmt: skip
    limits = {g: draw(st.one_of(st.none(), st.integers(0, 40))) for g in groups}
    ways = st.frozensets(st.sampled_from(groups), min_size=1, max_size=3)
    return Grid(onward, limits), draw(st.dictionaries(ways, st.integers(0, 50), max_size=5))


@given(grids())
def test_what_is_usable_is_no_more_than_there_is_and_no_group_is_driven_above_its_limit(
    drawn: tuple[Grid, dict[frozenset[int], int]],
) -> None:
    of, offered = drawn
    found = evacuate(of, offered)
    assert 0 <= found.usable_kw <= sum(offered.values())
    assert found.usable_kw == usable_kw(of, offered)
    assert found.usable_kw == sum(p.passes_kw for g, p in found.groups.items() if not of.onward[g])
    for group, passing in found.groups.items():
        assert 0 <= passing.passes_kw <= passing.offered_kw
        assert (passing.headroom_kw or 0) >= 0
        assert bound_kw(of, offered)[group] <= sum(offered.values())


@given(grids(), st.data())
def test_a_higher_limit_a_further_phase_or_a_further_way_never_lowers_what_is_usable(
    drawn: tuple[Grid, dict[frozenset[int], int]], data: st.DataObject
) -> None:
    of, offered = drawn
    usable = usable_kw(of, offered)
    group = data.draw(st.sampled_from(list(of.onward)))
    was = of.limits_kw[group]
    higher = None if was is None else data.draw(st.one_of(st.none(), st.integers(was, 60)))
    assert usable_kw(Grid(of.onward, {**of.limits_kw, group: higher}), offered) >= usable
    way = frozenset({group})
    assert usable_kw(of, {**offered, way: offered.get(way, 0) + 7}) >= usable
    # A further way beside the one it has: of any group that does not end at the grid.
    further = data.draw(st.sampled_from(list(of.onward)))
    if of.onward[group] and further > group:
        wider = {**of.onward, group: [*of.onward[group], further]}
        assert usable_kw(Grid(wider, of.limits_kw), offered) >= usable


@given(grids())
def test_the_answer_does_not_hang_on_the_order_in_which_phases_come(
    drawn: tuple[Grid, dict[frozenset[int], int]],
) -> None:
    of, offered = drawn
    assert evacuate(of, offered) == evacuate(of, dict(reversed(offered.items())))


def test_a_long_chain_and_a_wide_grid_are_no_trouble() -> None:
    chain_of = {g: [g + 1] for g in range(1, 3_000)} | {3_000: []}
    assert usable_kw(Grid(chain_of, {1_500: 149}), supplies(([1], 478))) == 149
    wide = {g: [0] for g in range(1, 400)} | {0: []}
    many = {frozenset({g, g % 399 + 1}): 100 for g in range(1, 400)}
    assert evacuate(Grid(wide, {0: 20_000}), many).usable_kw == 20_000
