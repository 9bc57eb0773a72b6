"""How many MW wait for what: by phase, behind one milestone, and the gap to a target by cause."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.milestones import COD, State
from app.domain.network import Home, Land, Need, Node, PhaseMw, Plan
from app.domain.schedule import OPEN
from app.domain.stake import Shortfall, Stakes, lists_all, not_operating_kw
from app.domain.vocabulary import Cause, ConnectionKind, Track, Verification
from tests.domain.networks import (
    CLEARANCE,
    GEN_TIE,
    NEEDED,
    OUT,
    PHASE,
    PROJECT,
    TODAY,
    WORK,
    done,
    forecast,
    later,
    mw,
    phase,
    place,
    plan,
    project,
    stakes,
    subject,
    work,
)

ONE, TWO, LINE = (PHASE, 1), (PHASE, 2), (WORK, 1)


# --- what does not operate yet --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turbines_kw", "nominal_kw", "gross_kw", "all_recognised", "expected"),
    [
        # V1-3: seven turbines of 4.2 MW, 30 MW on paper. The 0.6 MW never wait for anything.
        (7 * 4_200, 30_000, 0, False, (29_400, False)),
        (7 * 4_200, 30_000, 4 * 4_200, False, (12_600, False)),
        (7 * 4_200, 30_000, 7 * 4_200, False, (0, False)),
        # Every listed turbine is recognised, though for less (or more) than its plate says.
        (7 * 4_200, 30_000, 29_000, True, (0, False)),
        (None, 30_000, 29_400, True, (0, False)),
        (None, None, 29_400, True, (0, False)),
        # The nominal size where no turbines are known, flagged.
        (None, 30_000, 0, False, (30_000, True)),
        (None, 30_000, 29_400, False, (600, True)),
        (None, 30_000, 31_000, False, (0, True)),
        (29_400, 30_000, 31_000, False, (0, False)),
        (0, 30_000, 0, False, (0, False)),
        # No size at all.
        (None, None, 0, False, (None, False)),
        (None, None, 4_200, False, (None, False)),
        (29_400, None, 4_200, False, (25_200, False)),
    ],
)
def test_what_does_not_operate_yet(
    turbines_kw: int | None,
    nominal_kw: int | None,
    gross_kw: int,
    all_recognised: bool,
    expected: tuple[int | None, bool],
) -> None:
    found = not_operating_kw(turbines_kw, nominal_kw, gross_kw, all_turbines_recognised=all_recognised)
    assert found == expected


# --- what hangs on one milestone ------------------------------------------------------------------------------------


def codes(found: Stakes, home: Home, name: str) -> list[str]:
    return [each.code for each in found.at(place(found.plan, home, name)).phases]


def test_each_phase_counts_once_however_many_ways_lead_to_it() -> None:
    """Both phases need the line twice over; the land hands the line its sites and its corridor."""
    lands = [Land(1, Track.RECOVERED_LAND, 1, None), Land(2, Track.CORRIDOR, 1, None)]
    found = stakes(
        *(project(1), phase(1), phase(2), work(1)),
        *(subject(CLEARANCE, each.clearance_id, track=each.track) for each in lands),
        phases=[mw(1, 30_000, is_nominal=True), mw(2, 50_000)],
        needs=[Need(1, 1, NEEDED), Need(2, 1, NEEDED), Need(2, 1, GEN_TIE)],
        land=lands,
    )
    for home, name in [(LINE, "G-26"), (LINE, "G-01"), ((CLEARANCE, 1), "L-01"), ((CLEARANCE, 2), "C-06")]:
        at = found.at(place(found.plan, home, name))
        assert (at.kw, [p.code for p in at.phases], at.is_nominal) == (80_000, ["p1", "p2"], True)
    own = found.at(place(found.plan, TWO, "W-G6"))
    assert (own.kw, [p.code for p in own.phases], own.is_nominal) == (50_000, ["p2"], False)
    # Of the project's steps some wait for the COD of all its phases, some for nobody's.
    assert codes(found, (PROJECT, 1), "W-A3") == ["p1", "p2"]
    assert codes(found, (PROJECT, 1), "W-D9") == []
    assert found.at(place(found.plan, (PROJECT, 1), "W-D9")).kw == 0


def test_a_milestone_drives_the_cods_on_whose_chain_it_is_and_shares_their_float() -> None:
    goal_on = later(3000)
    found = stakes(
        *(phase(1, only=["W-F5", COD]), phase(2, only=["W-F4", "W-F5", COD], W_F4=forecast(later(900)))),
        work(1, only=["G-26"], G_26=forecast(later(500))),
        phases=[mw(1, goal_on=goal_on), mw(2, 50_000, goal_on=goal_on)],
        needs=[Need(1, 1, NEEDED), Need(2, 1, NEEDED)],
    )
    line = found.at(place(found.plan, LINE, "G-26"))
    assert [p.code for p in line.phases] == ["p1", "p2"]
    assert [p.code for p in line.drives] == ["p1"]
    tie = found.at(place(found.plan, TWO, "W-F4"))
    assert [p.code for p in tie.drives] == ["p2"]
    # Both must be over by the same day, from which 5 and 10 days are left to the goal; the tie comes 400 days later.
    assert tie.float_days is not None
    assert line.float_days == tie.float_days + 400


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(), ["p1"]),
        (forecast(later(10)), ["p1"]),
        (replace(done(), verification=Verification.DISPUTED), ["p1"]),
        # Passed through: what is before it still waits.
        (OUT, ["p1"]),
        # Done: nothing before it holds anything back.
        (done(), []),
    ],
)
def test_what_is_done_holds_nothing_back_and_what_does_not_apply_is_seen_through(
    state: State, expected: list[str]
) -> None:
    found = stakes(phase(1, only=["W-G1", "W-G2", "W-G6", COD], W_G2=state), phases=[mw(1)])
    assert codes(found, ONE, "W-G1") == expected
    assert codes(found, ONE, "W-G6") == ["p1"]


def test_an_expired_licence_is_waited_for_again() -> None:
    only = ["W-G2", "W-G6", COD]
    for until, said, expected in [
        (later(-1), {"W-G2": done(later(-900))}, ["p1"]),
        (TODAY, {"W-G2": done(later(-900))}, []),
        # What waited for it was done while it was good.
        (later(-1), {"W-G2": done(later(-900)), "W-G6": done()}, list[str]()),
    ]:
        nodes = subject(PHASE, 1, only=only, said=said, valid_until={"W-G2": until})
        assert codes(Stakes(plan(nodes, phases=[mw(1)])), ONE, "W-G2") == expected


def test_a_phase_that_operates_or_whose_cod_is_said_to_be_done_waits_for_nothing() -> None:
    nodes = [*phase(1, only=["W-G6", COD]), *phase(2, only=["W-G6", COD])]
    found = stakes(nodes, phases=[mw(1, 0, cod_on=later(-9)), mw(2, 20_000)])
    assert codes(found, ONE, "W-G6") == []
    assert found.cod_on(1) == later(-9)
    assert set(found.drivers) == {2}
    assert [found.plan.nodes[i].home for i in found.ranked()] == [TWO, TWO]


def test_a_phase_of_unknown_size_waits_and_adds_nothing() -> None:
    found = stakes(phase(1, only=["W-G6", COD]), phases=[mw(1, None)])
    at = found.at(place(found.plan, ONE, "W-G6"))
    assert ([p.code for p in at.phases], at.kw) == (["p1"], 0)
    assert found.ranked() == []
    assert len(found.frontier()) == 1


@pytest.mark.parametrize(
    ("caps_kw", "both", "first"),
    [
        (None, 80_000, 30_000),
        ({1: 80_000}, 80_000, 30_000),
        # 15 MW of the project are recognised for no phase in particular: the two together bring that much less.
        ({1: 65_000}, 65_000, 30_000),
        ({1: 10_000}, 10_000, 10_000),
        ({1: 0}, 0, 0),
        ({2: 0}, 80_000, 30_000),
    ],
)
def test_recognised_mw_that_name_no_phase_lower_what_a_project_can_bring(
    caps_kw: Mapping[int, int] | None, both: int, first: int
) -> None:
    found = stakes(
        *(phase(1, only=["W-F5", COD]), phase(2, only=["W-F5", COD]), work(1, only=["G-26"])),
        phases=[mw(1, 30_000), mw(2, 50_000)],
        needs=[Need(1, 1, NEEDED), Need(2, 1, NEEDED)],
        caps_kw=caps_kw,
    )
    assert found.at(place(found.plan, LINE, "G-26")).kw == both == found.waiting_kw([1, 2])
    assert found.at(place(found.plan, ONE, "W-F5")).kw == first
    assert found.waiting_kw([]) == 0
    gap = found.shortfall(100_000, by_line, [1, 2])
    assert {part.cause: part.kw for part in gap.parts} == {
        **({Cause.LINE: both} if both else {}),
        Cause.NOT_IN_REGISTER: 100_000 - both,
    }


def test_what_most_mw_wait_for_comes_first_then_what_has_least_float_then_template_order() -> None:
    found = stakes(
        *(phase(1, only=["W-F4", "W-F5", COD]), phase(2, only=["W-F5", COD]), phase(3, only=["W-G6"])),
        work(1, only=["G-26", "G-27"]),
        phases=[mw(1, 30_000, goal_on=later(90)), mw(2, 50_000), mw(3, 9_000)],
        needs=[Need(1, 1, NEEDED), Need(2, 1, NEEDED)],
    )
    names = [(found.plan.nodes[i].home, found.plan.nodes[i].name) for i in found.ranked()]
    # G-27 comes after the line, and phase 3 has no COD in the network: nothing waits for either.
    assert names == [(LINE, "G-26"), (TWO, "W-F5"), (TWO, COD), (ONE, "W-F4"), (ONE, "W-F5"), (ONE, COD)]
    assert [(found.plan.nodes[i].home, found.plan.nodes[i].name) for i in found.frontier()] == [
        (ONE, "W-F4"),
        (LINE, "G-26"),
    ]


def test_what_does_not_apply_is_neither_ranked_nor_waited_for_first() -> None:
    found = stakes(phase(1, only=["W-G1", "W-G2", "W-G6", COD], W_G2=OUT), phases=[mw(1)])
    assert [found.plan.nodes[i].name for i in found.ranked()] == ["W-G1", "W-G6", COD]
    assert [found.plan.nodes[i].name for i in found.frontier()] == ["W-G1"]


# --- the gap to a target --------------------------------------------------------------------------------------------


def by_line(_: int) -> Cause:
    return Cause.LINE


def late(*days: int) -> list[list[Node]]:
    """A phase for each: its energisation is forecast so many days from now."""
    return [phase(i, project=i, only=["W-F5", COD], W_F5=forecast(later(n))) for i, n in enumerate(days, 1)]


def test_phases_fill_the_gap_by_forecast_cod_and_each_mw_goes_to_its_driving_cause_once() -> None:
    causes = {1: Cause.LINE, 2: Cause.LAND, 3: Cause.LINE, 4: Cause.PRICE}
    found = stakes(
        *late(300, 100, 200, 400),
        phases=[mw(i, kw, project=i) for i, kw in ((1, 40_000), (2, 30_000), (3, 20_000), (4, 70_000))],
    )
    gap = found.shortfall(
        105_000, lambda position: causes[found.plan.nodes[position].subject_id], [1, 2, 3, 4]
    )
    assert gap.order == (2, 3, 1, 4)
    assert {part.cause: (part.kw, [p.code for p in part.phases]) for part in gap.parts} == {
        Cause.LAND: (30_000, ["p2"]),
        Cause.LINE: (60_000, ["p1", "p3"]),
        # The last phase gives the part that is needed; the rest stands apart.
        Cause.PRICE: (15_000, ["p4"]),
    }
    assert (gap.gap_kw, gap.surplus_kw) == (105_000, 55_000)
    assert [part.cause for part in gap.parts] == [cause for cause in Cause if cause in causes.values()]


def test_the_cause_is_that_of_the_first_step_of_the_driving_chain() -> None:
    found = stakes(phase(1, only=["W-F4", "W-F5", COD]), phases=[mw(1)])
    asked: list[str] = []
    found.shortfall(1, lambda i: asked.append(found.plan.nodes[i].name) or Cause.LINE, [1])  # type: ignore[func-returns-value]
    assert asked == ["W-F4"]


def test_phases_of_one_forecast_cod_are_taken_by_their_code_and_those_without_milestones_last() -> None:
    found = stakes(
        *late(100, 100),
        phases=[mw(1, 10_000), mw(2, 10_000, project=2), mw(3, 10_000, project=3), mw(4, 0, project=4)],
    )
    gap = found.shortfall(25_000, by_line, [4, 3, 2, 1])
    assert gap.order == (1, 2, 3)
    # What has no milestones is held by a permit, the first thing it would need.
    assert {part.cause: part.kw for part in gap.parts} == {Cause.LINE: 20_000, Cause.PERMIT: 5_000}
    assert gap.surplus_kw == 5_000
    assert found.cod_on(3) is None


def test_no_gap_has_no_parts_and_what_no_phase_brings_is_not_in_the_register() -> None:
    found = stakes(*late(100), phases=[mw(1)])
    assert found.shortfall(0, by_line, [1]) == Shortfall(0, (), 30_000, ())
    nobody = found.shortfall(5_000, by_line, [])
    assert [(part.cause, part.kw, part.phases) for part in nobody.parts] == [
        (Cause.NOT_IN_REGISTER, 5_000, ())
    ]
    short = found.shortfall(39_000, by_line, [1])
    assert {part.cause: part.kw for part in short.parts} == {Cause.LINE: 30_000, Cause.NOT_IN_REGISTER: 9_000}


HOLDS = [cause for cause in Cause if cause != Cause.NOT_IN_REGISTER]
PHASES = some.lists(
    some.tuples(
        some.none() | some.integers(0, 60_000),
        some.integers(1, 3),
        some.none() | some.integers(0, 300),
        some.sampled_from(HOLDS),
    ),
    max_size=7,
)


@settings(max_examples=150)
@given(some.integers(0, 200_000), PHASES, some.dictionaries(some.integers(1, 3), some.integers(0, 90_000)))
def test_the_parts_sum_to_the_gap_and_each_mw_counts_once(
    gap_kw: int,
    drawn: list[tuple[int | None, int, int | None, Cause]],
    caps_kw: dict[int, int],
) -> None:
    known = [mw(i, kw, project=owner) for i, (kw, owner, _, _) in enumerate(drawn, 1)]
    nodes = [
        phase(i, project=owner, only=["W-F5", COD], W_F5=forecast(later(days)))
        for i, (_, owner, days, _) in enumerate(drawn, 1)
        if days is not None
    ]
    found = stakes(*nodes, phases=known, caps_kw=caps_kw)
    causes = {i: cause for i, (_, _, _, cause) in enumerate(drawn, 1)}
    gap = found.shortfall(gap_kw, lambda at: causes[found.plan.nodes[at].subject_id], [p.id for p in known])

    supply = found.waiting_kw([p.id for p in known])
    parts = {part.cause: part for part in gap.parts}
    assert len(parts) == len(gap.parts)
    assert sum(part.kw for part in gap.parts) == gap_kw
    assert all(part.kw > 0 for part in gap.parts)
    missing = parts[Cause.NOT_IN_REGISTER].kw if Cause.NOT_IN_REGISTER in parts else 0
    assert missing == max(0, gap_kw - supply)
    assert gap.surplus_kw == max(0, supply - gap_kw)
    # A phase stands in one part, and never for more than it has.
    named = [p.id for part in gap.parts for p in part.phases]
    assert sorted(named) == sorted(set(named)) == sorted(gap.order)
    for part in gap.parts:
        if part.cause != Cause.NOT_IN_REGISTER:
            assert 0 < part.kw <= found.waiting_kw([p.id for p in part.phases])
            assert all(p.waiting_kw for p in part.phases)
    assert list(gap.order) == sorted(gap.order, key=lambda i: (found.cod_on(i) or date.max, f"p{i}"))
    # Nobody who could have been earlier was passed over while the gap was open.
    if gap.order and missing == 0:
        last = (found.cod_on(gap.order[-1]) or date.max, f"p{gap.order[-1]}")
        passed_over = {
            p.id for p in known if p.waiting_kw and (found.cod_on(p.id) or date.max, p.code) < last
        } - set(gap.order)
        assert all(caps_kw.get(found.plan.phases[i].project_id) is not None for i in passed_over)


# --- any register at all, against a plain reading -------------------------------------------------------------------

CODES = ["W-E2", "W-E9", "W-F3", "W-F4", "W-F5", "W-G1", "W-G2", "W-G6", COD]
WORKS = ["G-12", "G-13", "G-14", "G-16", "G-20", "G-23", "G-25", "G-26"]
# Most of it is done, so that often one step is the last that blocks.
SAID = some.sampled_from([State(), OUT, forecast(later(90)), *[done(later(-40))] * 6])
NEEDS = some.lists(
    some.tuples(some.integers(1, 3), some.integers(1, 2), some.sampled_from(ConnectionKind)),
    unique_by=lambda n: n[:2],
    max_size=6,
)


@dataclass(frozen=True)
class Register:
    """Phases of projects and the works they need; its plan as it stands, and with one more milestone done."""

    nodes: list[Node]
    phases: list[PhaseMw]
    needs: list[Need]

    @property
    def plan(self) -> Plan:
        return plan(self.nodes, phases=self.phases, needs=self.needs)

    def cleared(self, i: int) -> Plan:
        nodes = list(self.nodes)
        nodes[i] = replace(nodes[i], state=done(TODAY))
        return plan(nodes, phases=self.phases, needs=self.needs)


@some.composite
def registers(draw: some.DrawFn) -> Register:
    """Three phases of two projects and two works, in any state; no COD is said to be done."""
    subjects = [
        *(phase(i, project=1 + i // 3, only=CODES) for i in (1, 2, 3)),
        *(work(i, only=WORKS) for i in (1, 2)),
        *(project(i, only=["W-D8", "W-D2", "W-E10"]) for i in (1, 2)),
    ]
    nodes = [
        node if node.step.code == COD else replace(node, state=draw(SAID))
        for each in subjects
        for node in each
    ]
    sizes = draw(some.lists(some.sampled_from([0, 10_000, 30_000, 48_000, None]), min_size=3, max_size=3))
    phases = [mw(i, kw, project=1 + i // 3) for i, kw in enumerate(sizes, 1)]
    return Register(nodes, phases, [Need(*each) for each in draw(NEEDS)])


def is_open(plan: Plan, i: int) -> bool:
    """Whether something is still to be done at a milestone, or before one that does not apply."""
    state = plan.nodes[i].state
    if state.is_applicable:
        return bool(plan.network.kind[i] == OPEN)
    return any(is_open(plan, before) for before in plan.predecessors[i])


def searched(plan: Plan, start: int) -> set[int]:
    """The phases found by walking from a milestone to every COD that waits, through what is open."""
    ahead, seen = [start], {start}
    while ahead:
        i = ahead.pop()
        if not is_open(plan, i):
            seen.discard(i)
            continue
        fresh = set(plan.successors[i]) - seen
        seen |= fresh
        ahead += fresh
    return {
        p for p, i in plan.cod.items() if i in seen and is_open(plan, i) and plan.phases[p].waiting_kw != 0
    }


@settings(max_examples=80)
@given(registers())
def test_what_depends_on_a_milestone_is_what_a_walk_through_the_graph_finds(register: Register) -> None:
    made = register.plan
    found = Stakes(made)
    for i in range(len(made.nodes)):
        expected = searched(made, i)
        assert found.dependents[i] == expected, made.nodes[i].name
        at = found.at(i)
        assert at.kw == sum(made.phases[p].waiting_kw or 0 for p in expected)
        assert {p.id for p in at.drives} == {p for p in expected if i in made.chain(made.cod[p])}


def blockers(made: Plan, phase_id: int) -> set[int]:
    """The open steps right before a COD, seen through what does not apply."""
    ahead, found = list(made.predecessors[made.cod[phase_id]]), set()
    while ahead:
        i = ahead.pop()
        if made.nodes[i].state.is_applicable:
            found |= {i} if is_open(made, i) else set()
        else:
            ahead += made.predecessors[i]
    return found


@settings(max_examples=120)
@given(registers(), some.data())
def test_clearing_the_last_blocking_item_releases_exactly_what_was_at_stake(
    register: Register, data: some.DataObject
) -> None:
    made = register.plan
    found = Stakes(made)
    waiting = [p for p in made.cod if made.phases[p].waiting_kw]
    candidates = sorted({i for p in waiting for i in blockers(made, p)})
    if not candidates:
        assert found.ready_kw(waiting) == found.waiting_kw(waiting)
        return
    cleared = data.draw(some.sampled_from(candidates))
    then = Stakes(register.cleared(cleared))
    released = {p for p in waiting if blockers(made, p) == {cleared}}
    assert released <= found.dependents[cleared]
    rise = then.ready_kw(waiting) - found.ready_kw(waiting)
    assert rise == found.waiting_kw(released)
    if released == {p for p in found.dependents[cleared] if made.phases[p].waiting_kw}:
        assert rise == found.at(cleared).kw
    assert then.at(cleared).kw == 0


def test_one_step_that_holds_two_phases_back_releases_both() -> None:
    """The last of it all: the line is not energised, everything else is done."""
    only = ["W-F5", "W-G6", COD]
    nodes = [
        *(phase(i, project=1, only=only, W_F5=OUT, W_G6=done()) for i in (1, 2)),
        work(1, only=["G-25", "G-26"], G_25=done()),
    ]
    needs = [Need(1, 1, NEEDED), Need(2, 1, NEEDED)]
    known = [mw(1), mw(2, 50_000)]
    before = stakes(*nodes, phases=known, needs=needs)
    line = place(before.plan, LINE, "G-26")
    assert (before.at(line).kw, before.ready_kw([1, 2])) == (80_000, 0)
    nodes[-1] = work(1, only=["G-25", "G-26"], G_25=done(), G_26=done(TODAY))
    then = stakes(*nodes, phases=known, needs=needs)
    assert (then.at(line).kw, then.ready_kw([1, 2])) == (0, 80_000)
    assert then.ready_kw([3]) == 0, "a phase without milestones is ready for nothing"


@pytest.mark.parametrize(
    ("listed", "listed_kw", "count", "nominal_kw", "expected"),
    [
        (1, 4_200, None, 30_000, False),
        (7, 29_400, None, 30_000, True),
        (7, 28_500, None, 30_000, True),
        (7, 28_499, None, 30_000, False),
        (1, 4_200, 7, 30_000, False),
        (7, 29_400, 7, 30_000, True),
        (1, 4_200, 1, 30_000, True),
        (1, 4_200, None, None, True),
        (2, None, None, 30_000, True),
    ],
)
def test_a_first_turbine_on_the_list_is_not_yet_a_plant(
    listed: int, listed_kw: int | None, count: int | None, nominal_kw: int | None, expected: bool
) -> None:
    assert lists_all(listed, listed_kw, count=count, nominal_kw=nominal_kw) is expected
