"""The network of milestones: what is tied to what, what moves what, and what each state does to the days around it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.domain.milestones import COD, State
from app.domain.network import (
    CORRIDOR,
    EVACUATED,
    LAND_AT,
    LAND_ENDS,
    PLANT_LAND,
    SITES,
    WAITS_AT,
    WORK_END,
    Land,
    Need,
    Node,
    Plan,
)
from app.domain.problems import Problem
from app.domain.schedule import NetworkCycle
from app.domain.templates import Predecessor
from app.domain.vocabulary import ConnectionKind, Gate, SubjectKind, Track, Verification
from tests.domain.networks import (
    CLEARANCE,
    FULL_OUTPUT,
    GEN_TIE,
    NEEDED,
    OUT,
    PHASE,
    PROJECT,
    TEMPLATES,
    TODAY,
    TRACKS,
    WORK,
    day,
    done,
    forecast,
    later,
    mw,
    phase,
    place,
    plan,
    project,
    subject,
    tied,
    work,
    working_days_after,
)

ONE, OWNER, LINE = (PHASE, 1), (PROJECT, 1), (WORK, 1)


# --- what the templates say of the joints ---------------------------------------------------------------------------


def rolling_up(template: str, kind: SubjectKind) -> set[str]:
    return {step.code for step in TEMPLATES if step.rolls_up == template and step.subject == kind}


def test_the_joints_between_subjects_are_those_of_the_templates() -> None:
    ends = {template.code: template.ends_with for template in TEMPLATES.templates}
    assert ends == {
        "wind_project": COD,
        "grid_110kv": WORK_END,
        **{TRACKS[track]: code for track, code in LAND_ENDS.items()},
    }
    assert rolling_up("land_clearance", PROJECT) == {PLANT_LAND}
    assert rolling_up("land_clearance", WORK) == {SITES} == {LAND_AT[Track.RECOVERED_LAND]}
    assert rolling_up("corridor_clearance", WORK) == {CORRIDOR} == {LAND_AT[Track.CORRIDOR]}
    assert rolling_up("grid_110kv", PHASE) == {WAITS_AT[ConnectionKind.GEN_TIE]}
    assert rolling_up("grid_110kv", PROJECT) == {EVACUATED}
    joints = {PLANT_LAND, SITES, CORRIDOR, EVACUATED, WAITS_AT[ConnectionKind.GEN_TIE]}
    assert {step.code for step in TEMPLATES if step.rolls_up} == joints
    # The point of connection is needed for the energisation of the plant, the only step of a phase that says so.
    energised = {step.code for step in TEMPLATES if step.subject == PHASE and step.sets == "energised_at"}
    assert energised == {WAITS_AT[ConnectionKind.POINT_OF_CONNECTION]}
    assert set(WAITS_AT) | {ConnectionKind.EVACUATION} == set(ConnectionKind)
    assert set(LAND_ENDS) == set(LAND_AT) == set(Track)


def test_a_lag_and_the_step_beside_it_count_in_one_unit_and_no_such_step_counts_pieces_or_rolls_up() -> None:
    lagging = [
        (step, p) for step in TEMPLATES for p in step.predecessors if p.lag_days and p.kind == Gate.HARD
    ]
    assert {step.code for step, _ in lagging} == {"W-F8", "G-18", "L-13"}
    for step, before in lagging:
        assert step.duration.unit == before.lag_unit, step.code
        assert step.rolls_up is None, step.code
        assert step.takt is None, step.code


def test_no_step_of_a_project_waits_for_one_of_a_phase() -> None:
    for step in TEMPLATES:
        for before in step.predecessors:
            kinds = (TEMPLATES.step(before.code).subject, step.subject)
            assert kinds[0] == kinds[1] or kinds == (PROJECT, PHASE), (before.code, step.code)


# --- what is tied to what -------------------------------------------------------------------------------------------


def test_only_hard_predecessors_of_its_own_subject_or_its_project_hold_a_step() -> None:
    found = plan(project(1), project(2), phase(1), phase(2, project=2), phases=[mw(1), mw(2, project=2)])
    # W-B3 and W-B1 come before W-E2 by soft gates only.
    assert tied(found, (PHASE, 2), "W-E2") == {((PHASE, 2), "W-C6"), ((PROJECT, 2), "W-E1")}
    assert tied(found, ONE, COD) == {(ONE, "W-G6"), (ONE, "W-F5"), (OWNER, "W-D8")}
    assert tied(found, OWNER, "W-A3") == {(OWNER, "W-A2")}
    assert tied(found, OWNER, "W-A2") == set()


def test_each_kind_of_connection_and_of_land_is_tied_to_the_step_that_waits_for_it() -> None:
    lands = [
        Land(1, Track.RECOVERED_LAND, 1, None),
        Land(2, Track.CORRIDOR, 1, None),
        Land(3, Track.RECOVERED_LAND, None, 1),
        Land(4, Track.CORRIDOR, None, 1),
        # Of nothing that is there, and of nothing at all.
        Land(5, Track.CORRIDOR, 9, None),
        Land(6, Track.CORRIDOR, None, None),
    ]
    packages = [subject(CLEARANCE, each.clearance_id, track=each.track) for each in lands]
    found = plan(
        *(project(1), phase(1), *(work(i) for i in (1, 2, 3)), *packages),
        phases=[mw(1)],
        needs=[Need(1, 1, NEEDED), Need(1, 2, GEN_TIE), Need(1, 3, FULL_OUTPUT), Need(8, 3, FULL_OUTPUT)],
        land=lands,
    )
    assert tied(found, ONE, "W-F5") == {(ONE, "W-F4"), (ONE, "W-F3"), ((WORK, 1), "G-26")}
    assert tied(found, ONE, "W-E9") == {(ONE, "W-E2"), (OWNER, "W-D2"), ((WORK, 2), "G-26")}
    assert tied(found, OWNER, "W-E10") == {(OWNER, "W-D2"), ((WORK, 3), "G-26")}
    assert tied(found, LINE, "G-13") == {(LINE, "G-12"), ((CLEARANCE, 1), "L-16")}
    assert tied(found, LINE, "G-14") == {(LINE, "G-12"), ((CLEARANCE, 2), "C-06")}
    assert tied(found, OWNER, "W-B3") == {(OWNER, "W-B2"), ((CLEARANCE, 3), "L-16"), ((CLEARANCE, 4), "C-06")}
    for package in (5, 6):
        assert list(found.successors[place(found, (CLEARANCE, package), "C-06")]) == []


def test_repeated_instances_are_waited_for_one_and_all() -> None:
    first = work(1, only=["G-09", "G-11", "G-15"])
    again = replace(first[1], instance=2, state=forecast(later(400)))
    found = plan([*first, again])
    assert tied(found, LINE, "G-15") == {(LINE, "G-11"), (LINE, "G-11.2")}
    assert tied(found, LINE, "G-11.2") == {(LINE, "G-09")}
    assert day(found, LINE, "G-15") == later(400 + 20)
    assert found.nodes[found.chain(place(found, LINE, "G-15"))[0]].name == "G-11.2"


def test_a_second_instance_of_a_cod_is_none_the_phase_is_measured_by() -> None:
    first = phase(1, only=["W-G6", COD])
    again = replace(first[1], instance=2)
    for nodes in ([again, *first], [*first, again]):
        found = plan(nodes, phases=[mw(1, goal_on=later(100))])
        assert dict(found.cod) == {1: place(found, ONE, COD)}
        assert not found.passes.has_latest[nodes.index(again)]


def test_a_phase_that_is_not_known_has_no_cod_and_no_goal() -> None:
    found = plan(phase(1), due_on=later(100))
    assert dict(found.cod) == {}
    assert found.latest_on(place(found, ONE, COD)) is None


def test_an_empty_network_is_a_plan_too() -> None:
    found = plan(due_on=TODAY)
    assert (list(found.nodes), dict(found.cod), found.passes.order.tolist()) == ([], {}, [])


def test_connections_make_no_circle_however_they_lead() -> None:
    every = [Need(p, w, kind) for p in (1, 2) for w in (1, 2) for kind in ConnectionKind]
    lands = [Land(i, track, w, None) for i, (track, w) in enumerate((t, w) for t in Track for w in (1, 2))]
    packages = [subject(CLEARANCE, each.clearance_id, track=each.track) for each in lands]
    found = plan(
        *(project(1), phase(1), phase(2), work(1), work(2), *packages),
        phases=[mw(1), mw(2)],
        needs=every,
        land=lands,
    )
    assert sorted(found.passes.order.tolist()) == list(range(len(found.nodes)))


def test_a_circle_is_refused_and_named() -> None:
    nodes = work(1, only=["G-24", "G-25", "G-26"])
    doctored = replace(nodes[0].step, predecessors=(Predecessor(WORK_END, Gate.HARD),))
    with pytest.raises(NetworkCycle) as error:
        plan([replace(nodes[0], step=doctored), *nodes[1:]])
    assert error.value.problem == Problem.NETWORK_CYCLE
    assert [nodes[i].name for i in error.value.positions] == ["G-24", "G-25", "G-26"]


# --- what each state does to the days -------------------------------------------------------------------------------


def in_a_row(**said: State) -> Plan:
    """G-01 (240 days), G-02 (90), G-03 (75): a row of steps in calendar days."""
    return plan(work(1, only=["G-01", "G-02", "G-03"], **said))


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({}, (240, 330, 405)),
        ({"G_01": done(later(-10))}, (-10, 80, 155)),
        ({"G_01": done(later(-400))}, (-400, 0, 75)),
        # A forecast takes the place of the duration, whichever is longer.
        ({"G_01": forecast(later(50))}, (50, 140, 215)),
        ({"G_02": forecast(later(500))}, (240, 500, 575)),
        # It beats neither its predecessors nor today.
        ({"G_02": forecast(later(100))}, (240, 240, 315)),
        ({"G_01": forecast(later(-5))}, (0, 90, 165)),
        # Done out of order: the chain before it holds nothing back any more.
        ({"G_02": done(later(-5))}, (240, -5, 70)),
        # Disputed: open again, as if nothing had been declared.
        ({"G_01": replace(done(), verification=Verification.DISPUTED)}, (240, 330, 405)),
        # Not applicable: passed through without a duration of its own.
        ({"G_02": OUT}, (240, 240, 315)),
        ({"G_01": done(later(-400)), "G_02": OUT}, (-400, -400, 0)),
        ({"G_01": done(later(-20)), "G_02": OUT}, (-20, -20, 55)),
        # Where nothing dated stands before it, a step begins today.
        ({"G_01": OUT}, (None, 90, 165)),
        ({"G_01": OUT, "G_02": OUT}, (None, None, 75)),
        ({"G_01": OUT, "G_02": OUT, "G_03": OUT}, (None, None, None)),
    ],
)
def test_what_was_said_decides_the_earliest_days(
    said: dict[str, State], days: tuple[int | None, ...]
) -> None:
    found = in_a_row(**said)
    expected = [None if n is None else later(n) for n in days]
    assert [found.earliest_on(i) for i in range(3)] == expected


def test_what_is_passed_through_beside_dated_predecessors_adds_nothing() -> None:
    """W-C6 waits for W-C5 of the phase, W-C2 and W-C4 of the project: one dated way in is enough."""
    inside = ["W-C2", "W-C4"]
    found = plan(
        project(1, only=inside, W_C2=OUT, W_C4=done(later(-12))),
        phase(1, only=["W-C5", "W-C6"], W_C5=OUT),
    )
    assert day(found, ONE, "W-C6") == later(-12 + 30)


@pytest.mark.parametrize(
    ("expired_on", "state", "days"),
    [
        (later(-1), done(later(-500)), -1),
        (later(-20), done(later(-500)), -20),
        # What was forecast the first time says nothing about the renewal.
        (later(-20), replace(done(later(-500)), forecast=forecast(later(-510)).forecast), -20),
    ],
)
def test_an_expired_document_opens_its_step_again_from_the_day_it_expired(
    expired_on: date, state: State, days: int
) -> None:
    step = TEMPLATES.step("W-G2")
    assert step.expires
    nodes = subject(PHASE, 1, project=1, only=["W-G1", "W-G2"], said={"W-G1": done(later(-600)), "W-G2": state},
                    valid_until={"W-G2": expired_on})  # fmt: skip
    found = plan(nodes)
    assert day(found, ONE, "W-G2") == later(days + step.duration.likely)
    assert found.is_live(1)


@pytest.mark.parametrize("valid_until", [TODAY, later(1)])
def test_what_is_good_until_today_is_done(valid_until: date) -> None:
    nodes = subject(
        PHASE, 1, only=["W-G2"], said={"W-G2": done(later(-9))}, valid_until={"W-G2": valid_until}
    )
    found = plan(nodes)
    assert (found.is_live(0), day(found, ONE, "W-G2")) == (False, later(-9))


@pytest.mark.parametrize(
    ("before_on", "said", "expected"),
    [
        # W-F8 takes 2 working days, and is done no earlier than 17 working days after W-F7.
        (later(-3), State(), working_days_after(later(-3), 17)),
        (later(-60), State(), TODAY),
        (later(-3), forecast(later(90)), later(90)),
        (later(-3), forecast(later(1)), working_days_after(later(-3), 17)),
    ],
)
def test_a_lag_says_no_earlier_than_and_is_not_added_to_the_duration(
    before_on: date, said: State, expected: date
) -> None:
    found = plan(phase(1, only=["W-F7", "W-F8"], W_F7=done(before_on), W_F8=said))
    assert day(found, ONE, "W-F8") == expected


def test_a_lag_in_calendar_days_runs_beside_what_else_is_waited_for() -> None:
    package = (CLEARANCE, 1)
    found = plan(
        subject(
            CLEARANCE,
            1,
            only=["L-05", "L-12", "L-13"],
            said={"L-05": done(later(-10)), "L-12": forecast(later(30))},
        )
    )
    # Ninety days after L-05, of which the 15 of L-13 itself are the last.
    assert day(found, package, "L-13") == later(80)
    late = plan(
        subject(
            CLEARANCE,
            1,
            only=["L-05", "L-12", "L-13"],
            said={"L-05": done(later(-10)), "L-12": forecast(later(200))},
        )
    )
    assert day(late, package, "L-13") == later(215)


def test_a_step_done_piece_by_piece_takes_longer_for_more_turbines() -> None:
    """W-E4: 60 days for one turbine and 20 for each further one."""
    days = {
        turbines: day(plan(phase(1, only=["W-E4"]), phases=[mw(1, turbines=turbines)]), ONE, "W-E4")
        for turbines in (0, 1, 7)
    }
    assert days == {0: later(60), 1: later(60), 7: later(60 + 6 * 20)}


def test_a_step_that_rolls_up_a_work_takes_its_own_time_only_while_no_work_is_tied_to_it() -> None:
    """W-E9 has a predecessor of its project, which is no work."""
    before = [
        project(1, only=["W-D2"], W_D2=done(later(-1))),
        phase(1, only=["W-E2", "W-E9"], W_E2=done(later(-2))),
    ]
    assert day(plan(*before), ONE, "W-E9") == later(-1 + 270)
    line = work(1, only=["G-26"], G_26=forecast(later(40)))
    assert day(plan(*before, line, needs=[Need(1, 1, GEN_TIE)]), ONE, "W-E9") == later(40)
    # A work without milestones says nothing about its end.
    assert day(plan(*before, needs=[Need(1, 1, GEN_TIE)]), ONE, "W-E9") == later(-1 + 270)


def test_cleared_land_is_when_the_last_package_is_handed_over() -> None:
    lands = [Land(1, Track.RECOVERED_LAND, 1, None), Land(2, Track.RECOVERED_LAND, 1, None)]
    packages = [
        subject(CLEARANCE, i, only=["L-16"], said={"L-16": forecast(later(n))}) for i, n in ((1, 70), (2, 95))
    ]
    found = plan(work(1, only=["G-12", "G-13"], G_12=done()), *packages, land=lands)
    assert day(found, LINE, "G-13") == later(95)
    assert found.nodes[found.chain(place(found, LINE, "G-13"))[0]].home == (CLEARANCE, 2)


# --- COD: goals, float, what drives it ------------------------------------------------------------------------------


def test_the_goal_of_the_phase_counts_else_the_targets_and_float_is_the_days_between() -> None:
    nodes = phase(1, only=["W-F5", COD], W_F5=forecast(later(3)))
    cod_on = working_days_after(later(3), 10)
    for known, due_on, goal_on in [
        (mw(1, goal_on=later(60)), later(300), later(60)),
        (mw(1), later(300), later(300)),
        (mw(1), later(1), later(1)),
    ]:
        found = plan(nodes, phases=[known], due_on=due_on)
        cod = place(found, ONE, COD)
        assert (found.earliest_on(cod), found.latest_on(cod)) == (cod_on, goal_on)
        assert found.float_days(cod) == (goal_on - cod_on).days
        assert [found.deadline_on(i) for i in (cod, place(found, ONE, "W-F5"))] == [goal_on, None]
    found = plan(nodes, phases=[mw(1)])
    cod = place(found, ONE, COD)
    assert (found.latest_on(cod), found.float_days(cod), found.deadline_on(cod)) == (None, None, None)


def test_a_phase_that_operates_waits_for_nothing() -> None:
    nodes = phase(1, only=["W-G6", COD])
    for cod_on, expected in [(later(-40), later(-40)), (None, TODAY)]:
        found = plan(nodes, phases=[mw(1, kw=0, cod_on=cod_on)], due_on=later(9))
        cod = place(found, ONE, COD)
        assert (found.earliest_on(cod), found.is_live(cod), found.float_days(cod)) == (expected, False, None)
        assert not found.passes.has_latest[place(found, ONE, "W-G6")]


def test_a_done_step_stops_the_chain_that_drives_a_cod() -> None:
    row = ["W-F3", "W-F4", "W-F5", COD]
    open_all = plan(phase(1, only=row, W_F3=forecast(later(90))), phases=[mw(1)])
    names = [open_all.nodes[i].name for i in open_all.chain(place(open_all, ONE, COD))]
    assert names == ["W-F3", "W-F5", COD]
    stopped = plan(phase(1, only=row, W_F3=forecast(later(90)), W_F5=done()), phases=[mw(1)])
    assert [stopped.nodes[i].name for i in stopped.chain(place(stopped, ONE, COD))] == [COD]


# --- one line for many phases ---------------------------------------------------------------------------------------

ENERGISED = later(2000)


def register(needs: Sequence[Need], line: State, land: State | None = None) -> Plan:
    """Four phases of two projects, two lines, a land package of the first line."""
    return plan(
        *(project(i) for i in (1, 2)),
        *(phase(i, project=1 + (i > 2)) for i in (1, 2, 3, 4)),
        *(work(1, G_26=line), work(2, G_26=forecast(later(700)))),
        subject(CLEARANCE, 1, said={} if land is None else {"L-16": land}),
        phases=[mw(i, project=1 + (i > 2)) for i in (1, 2, 3, 4)],
        needs=needs,
        land=[Land(1, Track.RECOVERED_LAND, 1, None)],
    )


def cods(found: Plan) -> dict[int, date | None]:
    return {i: found.earliest_on(at) for i, at in found.cod.items()}


KINDS = some.sampled_from(ConnectionKind)
NEEDS = some.lists(
    some.tuples(some.integers(1, 4), some.integers(1, 2), KINDS), unique_by=lambda n: n[:2], max_size=8
)


@settings(max_examples=40)
@given(NEEDS, some.integers(1, 900))
def test_a_delay_of_a_shared_line_moves_exactly_the_phases_that_need_it_for_their_cod(
    needs: list[tuple[int, int, ConnectionKind]], days: int
) -> None:
    made = [Need(*each) for each in needs]
    before = cods(register(made, forecast(ENERGISED)))
    after = cods(register(made, forecast(later(days, ENERGISED))))
    holds = {need.phase_id for need in made if need.work_id == 1 and need.kind != FULL_OUTPUT}
    assert {i for i in before if before[i] != after[i]} == holds
    assert all(after[i] >= before[i] for i in holds)  # type: ignore[operator]


def test_a_line_for_the_full_output_holds_no_cod() -> None:
    far = register([Need(1, 1, FULL_OUTPUT)], forecast(later(5000)))
    assert cods(far) == cods(register([], forecast(later(5000))))
    assert day(far, OWNER, EVACUATED) == later(5000)


def test_a_delay_of_the_land_of_a_line_moves_the_phases_behind_it() -> None:
    needs = [Need(1, 1, NEEDED), Need(3, 1, GEN_TIE), Need(4, 2, NEEDED)]
    before = cods(register(needs, State(), forecast(later(3000))))
    after = cods(register(needs, State(), forecast(later(3300))))
    assert {i for i in before if before[i] != after[i]} == {1, 3}


# --- any states at all ----------------------------------------------------------------------------------------------

STATES = some.sampled_from(
    [
        State(),
        OUT,
        done(later(-400)),
        done(TODAY),
        forecast(later(-9)),
        forecast(later(200)),
        forecast(later(2000)),
    ]
)


@settings(max_examples=60)
@given(some.lists(STATES, min_size=30, max_size=30))
def test_nothing_open_is_finished_before_today_before_its_predecessors_or_before_its_forecast(
    states: list[State],
) -> None:
    nodes: list[Node] = [replace(node, state=state) for node, state in zip(work(1), states, strict=True)]
    found = plan(nodes)
    for i, node in enumerate(nodes):
        earliest = found.earliest_on(i)
        if node.state.actual is not None:
            assert (earliest, found.is_live(i)) == (node.state.actual.on, False)
            continue
        before = [d for p in found.predecessors[i] if (d := found.earliest_on(p)) is not None]
        if not node.state.is_applicable:
            assert earliest == max(before, default=None)
            assert found.is_live(i) == any(map(found.is_live, found.predecessors[i]))
            continue
        forecast_on = node.state.forecast.on if node.state.forecast else TODAY
        takes = 0 if node.state.forecast else node.step.duration.likely
        least = max([TODAY, forecast_on, *before])
        assert earliest is not None
        assert earliest >= least
        if not before or max(before) >= TODAY:
            assert (earliest - max(before, default=TODAY)).days >= takes or node.state.forecast
        if node.state.forecast and node.name != "G-18":
            assert earliest == least
        assert found.is_live(i)
