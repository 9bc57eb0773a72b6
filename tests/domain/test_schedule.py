"""The schedule of a network: what each rule does to small ones, and any network against a slow, plain reading of the rules."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.problems import Problem
from app.domain.schedule import (
    DONE,
    FOREVER,
    NEVER,
    NONE,
    OPEN,
    PASSES,
    WEEKDAYS,
    Network,
    NetworkCycle,
    Passes,
    Workdays,
    chain,
    compute,
)


@dataclass(frozen=True)
class Act:
    """An activity of a case; open, in calendar days and released on day 0 unless said otherwise."""

    duration: int = 0
    kind: int = OPEN
    works: bool = False
    release: int = 0
    floor: int = NEVER
    deadline: int = FOREVER
    finished: int = 0


@dataclass(frozen=True)
class Edge:
    source: int
    target: int
    lag: int = 0
    works: bool = False


def network(acts: Sequence[Act], edges: Iterable[Edge] = ()) -> Network:
    edges = list(edges)
    return Network(
        kind=np.array([a.kind for a in acts], np.int8),
        duration=np.array([a.duration for a in acts], np.int64),
        in_working_days=np.array([a.works for a in acts], np.bool_),
        release=np.array([a.release for a in acts], np.int64),
        floor=np.array([a.floor for a in acts], np.int64),
        deadline=np.array([a.deadline for a in acts], np.int64),
        finished=np.array([a.finished for a in acts], np.int64),
        source=np.array([e.source for e in edges], np.int64),
        target=np.array([e.target for e in edges], np.int64),
        lag=np.array([e.lag for e in edges], np.int64),
        lag_in_working_days=np.array([e.works for e in edges], np.bool_),
    )


def in_a_row(*acts: Act) -> Network:
    return network(acts, [Edge(i, i + 1) for i in range(len(acts) - 1)])


def found(passes: Passes, name: str) -> list[int]:
    return getattr(passes, name).tolist()  # type: ignore[no-any-return]


def test_a_row_of_activities_adds_up_and_has_no_float() -> None:
    passes = compute(in_a_row(Act(5), Act(0), Act(7, deadline=12)))
    assert found(passes, "earliest_start") == [0, 5, 5]
    assert found(passes, "earliest_finish") == found(passes, "latest_finish") == [5, 5, 12]
    assert found(passes, "latest_start") == [0, 5, 5]
    assert found(passes, "total_float") == [0, 0, 0]
    assert found(passes, "driver") == [NONE, 0, 1]
    assert found(passes, "order") == [0, 1, 2]


def test_a_diamond_leaves_float_on_its_shorter_side_and_its_longer_one_drives() -> None:
    net = network(
        [Act(2), Act(3), Act(9), Act(1, deadline=12)], [Edge(0, 1), Edge(0, 2), Edge(1, 3), Edge(2, 3)]
    )
    passes = compute(net)
    assert found(passes, "total_float") == [0, 6, 0, 0]
    assert found(passes, "driver") == [NONE, 0, 0, 2]
    assert chain(passes, net, 3) == [0, 2, 3]


def test_an_empty_network_has_empty_passes() -> None:
    assert found(compute(network([])), "order") == []


def test_among_equal_predecessors_the_one_at_the_lowest_position_drives() -> None:
    net = network([Act(1, deadline=9), Act(4), Act(4)], [Edge(2, 0), Edge(1, 0)])
    assert found(compute(net), "driver") == [1, NONE, NONE]


def test_what_no_deadline_waits_for_has_no_latest() -> None:
    passes = compute(network([Act(1), Act(2, deadline=9), Act(3)], [Edge(0, 1), Edge(0, 2)]))
    assert found(passes, "has_latest") == [True, True, False]
    assert found(passes, "latest_finish") == [7, 9, FOREVER]
    assert found(passes, "latest_start") == [6, 7, FOREVER]
    assert found(passes, "total_float") == [6, 6, FOREVER]


def test_a_deadline_that_cannot_be_kept_gives_negative_float_back_to_the_start() -> None:
    passes = compute(in_a_row(Act(5), Act(5, deadline=7)))
    assert found(passes, "total_float") == [-3, -3]
    assert found(passes, "latest_start") == [-3, 2]


def test_the_tighter_of_a_deadline_and_a_successor_counts() -> None:
    assert found(compute(in_a_row(Act(1, deadline=2), Act(1, deadline=9))), "latest_finish") == [2, 9]
    assert found(compute(in_a_row(Act(1, deadline=20), Act(1, deadline=9))), "latest_finish") == [8, 9]


@pytest.mark.parametrize(
    ("second", "start", "finish", "driver"),
    [
        (Act(2, release=4), 5, 7, 0),
        (Act(2, release=5), 5, 7, 0),
        (Act(2, release=6), 6, 8, NONE),
        (Act(2, floor=7), 5, 7, 0),
        (Act(2, floor=8), 5, 8, NONE),
        (Act(2, kind=DONE, finished=3), 3, 3, NONE),
    ],
)
def test_a_predecessor_drives_where_neither_release_nor_floor_is_later(
    second: Act, start: int, finish: int, driver: int
) -> None:
    passes = compute(in_a_row(Act(5), second))
    assert found(passes, "earliest_start") == [0, start]
    assert found(passes, "earliest_finish") == [5, finish]
    assert found(passes, "driver") == [NONE, driver]


def test_what_is_done_neither_waits_nor_drives_nor_asks_anything_of_its_predecessors() -> None:
    net = in_a_row(Act(50), Act(9, kind=DONE, finished=6, release=30, floor=40), Act(2, deadline=20))
    passes = compute(net)
    assert found(passes, "earliest_finish") == [50, 6, 8]
    assert found(passes, "driver") == [NONE, NONE, NONE]
    assert found(passes, "has_latest") == [False, False, True]
    assert found(passes, "is_live") == [True, False, True]
    assert found(passes, "total_float") == [FOREVER, FOREVER, 12]
    assert chain(passes, net, 2) == [2]


@pytest.mark.parametrize(("finished", "driver"), [(4, 0), (5, 0), (6, NONE)])
def test_a_done_predecessor_that_is_strictly_later_leaves_no_driver(finished: int, driver: int) -> None:
    net = network([Act(5), Act(kind=DONE, finished=finished), Act(1)], [Edge(0, 2), Edge(1, 2)])
    assert found(compute(net), "driver")[2] == driver


def test_what_does_not_apply_is_passed_through_and_left_out_of_the_chain() -> None:
    passed = Act(99, kind=PASSES, works=True, release=90, floor=90, deadline=1, finished=90)
    net = network([Act(5), passed, Act(2, deadline=10)], [Edge(0, 1, lag=30), Edge(1, 2, lag=1)])
    passes = compute(net)
    assert found(passes, "earliest_start") == [0, 5, 6]
    assert found(passes, "earliest_finish") == [5, 5, 8]
    assert found(passes, "latest_finish") == [7, 7, 10]
    assert found(passes, "total_float") == [2, 2, 2]
    assert found(passes, "driver") == [NONE, 0, 1]
    assert chain(passes, net, 2) == [0, 2]


def test_what_does_not_apply_and_waits_for_nothing_holds_nothing() -> None:
    nothing = Act(kind=PASSES)
    passes = compute(in_a_row(nothing, nothing, Act(3, release=4, deadline=9)))
    assert found(passes, "earliest_finish") == [NEVER, NEVER, 7]
    assert found(passes, "is_live") == [False, False, True]
    assert found(passes, "has_latest") == [True, True, True]
    assert found(passes, "total_float") == [FOREVER, FOREVER, 2]


@pytest.mark.parametrize(("kind", "is_live", "driver"), [(OPEN, True, 1), (DONE, False, NONE)])
def test_what_does_not_apply_is_live_while_something_before_it_is_open(
    kind: int, is_live: bool, driver: int
) -> None:
    passes = compute(in_a_row(Act(6, kind=kind, finished=6), Act(kind=PASSES), Act(1)))
    assert found(passes, "is_live")[1] is is_live
    assert found(passes, "driver")[2] == driver
    assert found(passes, "earliest_finish") == [6, 6, 7]


# From Thursday 19/01/2023: Tết is off from Friday 20/01 to Thursday 26/01/2023; Saturday 28/01 is worked here.
THURSDAY = date(2023, 1, 19).toordinal()
TET = Workdays(THURSDAY, np.array([True, *[False] * 7, True, True, False, True]))


def january(day: int) -> int:
    return date(2023, 1, day).toordinal()


@pytest.mark.parametrize(
    ("day", "count", "end", "begin"),
    [
        (19, 0, 19, 19),
        (19, 1, 27, 18),
        (19, 2, 28, 17),
        (19, 3, 30, 16),
        (22, 1, 27, 18),
        (26, 3, 30, 16),
        (27, 1, 28, 26),
        (27, 2, 30, 18),
        (29, 1, 30, 27),
        (30, 1, 31, 29),
    ],
)
def test_working_days_are_counted_over_a_holiday_in_both_directions(
    day: int, count: int, end: int, begin: int
) -> None:
    days, counts = np.array([january(day)]), np.array([count])
    assert TET.after(days, counts).tolist() == [january(end)]
    assert TET.before(days, counts).tolist() == [january(begin)]


def test_beyond_its_span_a_calendar_works_monday_to_friday() -> None:
    friday, sunday = date(2031, 8, 15).toordinal(), date(2015, 8, 16).toordinal()
    for calendar in (TET, WEEKDAYS):
        assert calendar.after(np.array([friday]), np.array([6])).tolist() == [friday + 10]
        assert calendar.before(np.array([friday]), np.array([5])).tolist() == [friday - 5]
        assert calendar.after(np.array([sunday]), np.array([5])).tolist() == [sunday + 5]
        assert calendar.before(np.array([sunday]), np.array([5])).tolist() == [sunday - 7]


def test_durations_and_lags_count_in_their_own_unit() -> None:
    acts = [
        Act(2, works=True, release=january(19)),
        Act(2, deadline=january(31)),
        Act(0, deadline=january(31)),
        Act(0, works=True, release=january(22), deadline=january(31)),
    ]
    net = network(acts, [Edge(0, 1, 1, works=True), Edge(0, 2, 1)])
    passes = compute(net, TET)
    assert found(passes, "earliest_finish") == [january(28), january(31) + 1, january(29), january(22)]
    assert found(passes, "latest_finish") == [january(28) - 1, january(31), january(31), january(31)]
    assert found(passes, "latest_start") == [january(18), january(29), january(31), january(31)]
    assert found(passes, "total_float") == [-1, -1, 2, 9]


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        ([(0, 0)], (0,)),
        ([(2, 1), (1, 2)], (1, 2)),
        ([(0, 3), (3, 2), (2, 4), (4, 3), (4, 1)], (2, 4, 3)),
        ([(1, 4), (4, 2), (2, 3), (3, 1), (2, 1), (0, 1)], (1, 4, 2)),
    ],
)
def test_a_cycle_is_refused_by_name(edges: list[tuple[int, int]], cycle: tuple[int, ...]) -> None:
    with pytest.raises(NetworkCycle) as refused:
        compute(network([Act(kind=DONE)] * 5, [Edge(*edge) for edge in edges]))
    assert refused.value.problem == Problem.NETWORK_CYCLE
    assert refused.value.positions == cycle
    assert refused.value.details == {"positions": cycle}


# Any network: few enough days that things meet, a calendar shorter than they are, positions in no order.

WORKDAYS_FROM, WORKDAYS_UNTIL, LATEST = 20, 50, 80
COUNTS = some.integers(0, 8)
ACTS = some.builds(
    Act,
    duration=COUNTS,
    kind=some.sampled_from([OPEN, OPEN, OPEN, DONE, PASSES]),
    works=some.booleans(),
    release=some.integers(1, LATEST),
    floor=some.just(NEVER) | some.integers(1, LATEST),
    deadline=some.just(FOREVER) | some.integers(1, LATEST),
    finished=some.integers(1, LATEST),
)
PLAIN = some.builds(Act, duration=COUNTS, release=some.integers(0, 5))
CALENDARS = some.lists(some.booleans(), min_size=0, max_size=WORKDAYS_UNTIL - WORKDAYS_FROM)
Case = tuple[list[Act], list[Edge]]


@some.composite
def cases(draw: some.DrawFn, acts: some.SearchStrategy[Act] = ACTS, works: bool = True) -> Case:
    listed = draw(some.lists(acts, min_size=1, max_size=9))
    positions = draw(some.permutations(range(len(listed))))
    pairs = [(a, b) for i, a in enumerate(positions) for b in positions[i + 1 :]]
    edge = some.builds(
        lambda pair, lag, in_working: Edge(*pair, lag, in_working),
        some.sampled_from(pairs),
        some.integers(0, 4),
        some.booleans() if works else some.just(False),
    )
    return listed, draw(some.lists(edge, max_size=20)) if pairs else []


@dataclass(frozen=True)
class Plain:
    """The rules once more, an activity and a day at a time."""

    acts: list[Act]
    edges: list[Edge]
    is_working: list[bool]

    def works_on(self, day: int) -> bool:
        if 0 <= day - WORKDAYS_FROM < len(self.is_working):
            return self.is_working[day - WORKDAYS_FROM]
        return date.fromordinal(1000 * 7 + day).weekday() < 5

    def after(self, day: int, count: int, works: bool) -> int:
        while works and count and day > NEVER:
            day += 1
            count -= self.works_on(day)
        return day + count * (not works)

    def before(self, day: int, count: int, works: bool) -> int:
        if not works or day == FOREVER:
            return day - count
        return next(d for d in range(day, day - 400, -1) if self.after(d, count, True) <= day)

    def free(self, edge: Edge) -> int:
        """When a dependency lets its target start."""
        lag = 0 if self.acts[edge.target].kind == PASSES else edge.lag
        return self.after(self.finish(edge.source), lag, edge.works)

    def into(self, at: int) -> list[Edge]:
        return [edge for edge in self.edges if edge.target == at]

    def start(self, at: int) -> int:
        act = self.acts[at]
        if act.kind == DONE:
            return act.finished
        own = act.release if act.kind == OPEN else NEVER
        return max([own, *(self.free(edge) for edge in self.into(at))])

    def over(self, at: int) -> int:
        act = self.acts[at]
        return self.after(self.start(at), act.duration, act.works) if act.kind == OPEN else self.start(at)

    def finish(self, at: int) -> int:
        return max(self.over(at), self.acts[at].floor if self.acts[at].kind == OPEN else NEVER)

    def is_live(self, at: int) -> bool:
        kind = self.acts[at].kind
        return kind == OPEN or (kind == PASSES and any(self.is_live(e.source) for e in self.into(at)))

    def driver(self, at: int) -> int:
        live = [(self.free(edge), -edge.source) for edge in self.into(at) if self.is_live(edge.source)]
        if self.acts[at].kind == DONE or not live or self.finish(at) > self.over(at):
            return NONE
        return -max(live)[1] if max(live)[0] == self.start(at) else NONE

    def latest_finish(self, at: int) -> int:
        act = self.acts[at]
        if act.kind == DONE:
            return FOREVER
        own = act.deadline if act.kind == OPEN else FOREVER
        return min([own, *(self.asked(edge) for edge in self.edges if edge.source == at)])

    def latest_start(self, at: int) -> int:
        act, finish = self.acts[at], self.latest_finish(at)
        if act.kind != OPEN or finish == FOREVER:
            return finish
        return self.before(finish, act.duration, act.works)

    def asked(self, edge: Edge) -> int:
        """By when a dependency wants its source to be finished."""
        start = self.latest_start(edge.target)
        if self.acts[edge.target].kind == PASSES or start == FOREVER:
            return start
        return self.before(start, edge.lag, edge.works)

    def by(self, rule: Callable[[int], int]) -> list[int]:
        return [rule(at) for at in range(len(self.acts))]


@given(cases(), CALENDARS)
def test_any_network_is_scheduled_as_a_plain_reading_of_the_rules_says(
    case: Case, is_working: list[bool]
) -> None:
    plain = Plain(*case, is_working)
    passes = compute(network(*case), Workdays(WORKDAYS_FROM, np.array(is_working, np.bool_)))
    assert found(passes, "earliest_start") == plain.by(plain.start)
    assert found(passes, "earliest_finish") == plain.by(plain.finish)
    assert found(passes, "is_live") == plain.by(plain.is_live)
    assert found(passes, "driver") == plain.by(plain.driver)
    assert found(passes, "latest_finish") == plain.by(plain.latest_finish)
    assert found(passes, "latest_start") == plain.by(plain.latest_start)
    for at, day in enumerate(found(passes, "latest_finish")):
        assert passes.has_latest[at] == (day < FOREVER)
        known = day < FOREVER and passes.earliest_finish[at] > NEVER
        assert passes.total_float[at] == (day - passes.earliest_finish[at] if known else FOREVER)


@given(cases())
def test_the_order_holds_every_position_once_and_after_its_predecessors(case: Case) -> None:
    order = found(compute(network(*case)), "order")
    assert sorted(order) == list(range(len(case[0])))
    assert all(order.index(edge.source) < order.index(edge.target) for edge in case[1])


@given(cases())
def test_whatever_is_numbered_otherwise_is_scheduled_the_same(case: Case) -> None:
    acts, edges = case
    last = len(acts) - 1
    turned = network(acts[::-1], [replace(e, source=last - e.source, target=last - e.target) for e in edges])
    one, other = compute(network(acts, edges)), compute(turned)
    for name in (
        "earliest_start",
        "earliest_finish",
        "latest_start",
        "latest_finish",
        "total_float",
        "is_live",
    ):
        assert found(one, name) == found(other, name)[::-1]


@given(cases(PLAIN, works=False))
def test_to_the_makespan_nothing_is_late_and_the_driving_chain_has_no_float(case: Case) -> None:
    net = network(*case)
    makespan = int(compute(net).earliest_finish.max())
    passes = compute(replace(net, deadline=np.full(len(net.kind), makespan)))
    assert (passes.total_float >= 0).all()
    assert (passes.earliest_start <= passes.latest_start).all()
    for end in np.flatnonzero(passes.earliest_finish == makespan).tolist():
        driving = chain(passes, net, end)
        assert driving[-1] == end
        assert passes.total_float[driving].tolist() == [0] * len(driving)


@given(cases(), some.integers(0, 8), some.integers(1, 10))
def test_a_delay_moves_no_finish_further_than_itself_and_only_what_depends_on_it(
    case: Case, at: int, delay: int
) -> None:
    acts = [replace(act, works=False) for act in case[0]]
    edges = [replace(edge, works=False) for edge in case[1]]
    at %= len(acts)
    later = [*acts[:at], replace(acts[at], duration=acts[at].duration + delay), *acts[at + 1 :]]
    moved = compute(network(later, edges)).earliest_finish - compute(network(acts, edges)).earliest_finish
    assert ((moved >= 0) & (moved <= delay)).all()
    reached = {at}
    for _ in acts:
        reached |= {edge.target for edge in edges if edge.source in reached}
    assert set(np.flatnonzero(moved).tolist()) <= reached


@given(
    some.integers(1, 9).flatmap(
        lambda n: some.tuples(some.just(n), some.lists(some.tuples(*[some.integers(0, n - 1)] * 2)))
    )
)
def test_a_network_is_refused_exactly_where_it_has_a_cycle_and_what_is_named_is_one(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    left = set(range(count))
    while free := {n for n in left if not any(a in left and b == n for a, b in edges)}:
        left -= free
    try:
        compute(network([Act()] * count, [Edge(*edge) for edge in edges]))
    except NetworkCycle as refused:
        cycle = refused.positions
        assert len(set(cycle)) == len(cycle)
        assert cycle[0] == min(cycle)
        assert set(zip(cycle, (*cycle[1:], cycle[0]), strict=True)) <= set(edges)
    else:
        assert not left
