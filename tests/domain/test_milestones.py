"""One milestone: what its entries come to, where it stands on a day, which gates it passes and who turns its keys."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.access import GRANTS, May, Role
from app.domain.errors import Invalid, RuleBroken, TrackerError
from app.domain.milestones import (
    COD,
    KEYS,
    Before,
    Said,
    State,
    Stated,
    check_actual,
    check_confirmer,
    check_decidable,
    check_forecast,
    check_gates,
    decision_due_on,
    first_verification,
    flag,
    fold,
    gates,
    key,
    late_days,
    parts,
    slip_days,
    status,
)
from app.domain.problems import Problem
from app.domain.vocabulary import Flag, Gate, MilestoneAct, MilestoneStatus, Precision, Verification
from app.domain.words import Term
from app.outside import shipped

TODAY = date(2023, 2, 7)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FAR = TODAY + timedelta(days=100)
TEMPLATES = shipped.templates()
CONFIRMERS = (Role.DEPARTMENT, Role.EVN_SPC)


def refused(act: Callable[[], object]) -> tuple[Term, str | None] | None:
    """With which problem and at which field an act is refused; None where it passes."""
    try:
        act()
    except TrackerError as error:
        return error.problem, error.field
    return None


# --- what entries come to -------------------------------------------------------------------------------------------


def at(hour: int) -> datetime:
    return datetime(2023, 2, 7, hour, tzinfo=UTC)


def stated(on: date | None) -> Stated | None:
    return None if on is None else Stated(on)


def baselined(on: date) -> Said:
    return Said(MilestoneAct.BASELINED, Stated(on))


def planned(on: date | None) -> Said:
    return Said(MilestoneAct.PLANNED, stated(on))


def forecast(on: date | None) -> Said:
    return Said(MilestoneAct.FORECAST, stated(on))


def declared(on: date, hour: int = 1, verification: Verification = Verification.WAITING) -> Said:
    return Said(MilestoneAct.DECLARED, Stated(on), verification, at(hour))


def confirmed(on: date, hour: int = 2) -> Said:
    return Said(MilestoneAct.CONFIRMED, Stated(on), Verification.CONFIRMED, at(hour))


def disputed(on: date, hour: int = 2) -> Said:
    return Said(MilestoneAct.DISPUTED, Stated(on), Verification.DISPUTED, at(hour))


WITHDRAWN = Said(MilestoneAct.WITHDRAWN, at=at(3))
RULED_OUT, RULED_IN = Said(MilestoneAct.RULED_OUT, at=at(3)), Said(MilestoneAct.RULED_IN, at=at(4))
SELF = Verification.SELF_REPORTED


@pytest.mark.parametrize(
    ("entries", "actual_on", "verification", "declared_at", "is_done", "is_open"),
    [
        ([], None, None, None, False, True),
        ([declared(TODAY)], TODAY, Verification.WAITING, at(1), True, False),
        ([declared(TODAY, verification=SELF)], TODAY, SELF, None, True, False),
        ([declared(TODAY), confirmed(YESTERDAY)], YESTERDAY, Verification.CONFIRMED, None, True, False),
        ([declared(TODAY, verification=SELF), confirmed(TODAY)], TODAY, Verification.CONFIRMED, None, True, False),
        ([declared(TODAY), disputed(TODAY)], TODAY, Verification.DISPUTED, None, False, True),
        ([declared(TODAY), disputed(TODAY), confirmed(TODAY)], TODAY, Verification.CONFIRMED, None, True, False),
        ([declared(YESTERDAY), disputed(YESTERDAY), declared(TODAY, 5)], TODAY, Verification.WAITING, at(5), True, False),
        ([declared(TODAY), WITHDRAWN], None, None, None, False, True),
        ([declared(TODAY), confirmed(TODAY), WITHDRAWN], None, None, None, False, True),
        ([declared(TODAY), disputed(TODAY), WITHDRAWN], None, None, None, False, True),
        ([declared(YESTERDAY), WITHDRAWN, declared(TODAY, 6)], TODAY, Verification.WAITING, at(6), True, False),
        ([declared(TODAY), disputed(TODAY), RULED_OUT], TODAY, Verification.DISPUTED, None, False, False),
        ([RULED_OUT], None, None, None, False, False),
        ([RULED_OUT, RULED_IN], None, None, None, False, True),
        ([RULED_OUT, RULED_IN, RULED_OUT], None, None, None, False, False),
    ],
)  # fmt: skip
def test_entries_come_to_a_state(
    entries: Sequence[Said],
    actual_on: date | None,
    verification: Verification | None,
    declared_at: datetime | None,
    is_done: bool,
    is_open: bool,
) -> None:
    state = fold(entries)
    assert (state.actual and state.actual.on) == actual_on
    assert (state.verification, state.declared_at) == (verification, declared_at)
    assert (state.is_done, state.is_open) == (is_done, is_open)


def test_the_four_dates_do_not_touch_each_other_in_whatever_order_they_are_said() -> None:
    said = [baselined(YESTERDAY), planned(TODAY), forecast(TOMORROW), declared(FAR), RULED_OUT]
    expected = State(
        baseline=Stated(YESTERDAY),
        plan=Stated(TODAY),
        forecast=Stated(TOMORROW),
        actual=Stated(FAR),
        verification=Verification.WAITING,
        declared_at=at(1),
        is_applicable=False,
    )
    assert {fold(order) for order in permutations(said)} == {expected}


# What each act may touch; a new act has to be thought of here and in `fold`.
TOUCHES = {
    MilestoneAct.BASELINED: {"baseline"},
    MilestoneAct.PLANNED: {"plan"},
    MilestoneAct.FORECAST: {"forecast", "moves"},
    MilestoneAct.DECLARED: {"actual", "verification", "declared_at"},
    MilestoneAct.CONFIRMED: {"actual", "verification", "declared_at"},
    MilestoneAct.DISPUTED: {"verification", "declared_at"},
    MilestoneAct.WITHDRAWN: {"actual", "verification", "declared_at"},
    MilestoneAct.RULED_OUT: {"is_applicable"},
    MilestoneAct.RULED_IN: {"is_applicable"},
}


@pytest.mark.parametrize("act", list(MilestoneAct))
def test_each_act_touches_what_it_is_about_and_nothing_else(act: MilestoneAct) -> None:
    full = fold([baselined(YESTERDAY), planned(TODAY), forecast(TOMORROW), declared(TODAY)])
    ruled = replace(full, is_applicable=act != MilestoneAct.RULED_IN)
    after = fold([Said(act, Stated(FAR), Verification.CONFIRMED, at(9))], ruled)
    changed = {name for name in State.__dataclass_fields__ if getattr(after, name) != getattr(ruled, name)}
    assert changed == TOUCHES[act]


def test_a_forecast_moves_each_time_it_replaces_another() -> None:
    said = [forecast(TODAY), forecast(TOMORROW), planned(TODAY), forecast(None), forecast(FAR)]
    assert [fold(said[:n]).moves for n in range(6)] == [0, 0, 1, 1, 2, 2]
    assert fold(said).forecast == Stated(FAR)
    assert fold([planned(TODAY), planned(None)]) == State()


ENTRIES = some.lists(
    some.sampled_from(
        [
            *(baselined(TODAY), planned(TODAY), forecast(TODAY), forecast(FAR), declared(YESTERDAY)),
            *(confirmed(TODAY), disputed(TODAY), WITHDRAWN, RULED_OUT, RULED_IN, planned(None)),
        ]
    ),
    max_size=12,
)


@given(ENTRIES, some.integers(0, 12))
def test_folding_in_two_steps_is_folding_at_once(entries: list[Said], cut: int) -> None:
    assert fold(entries[cut:], fold(entries[:cut])) == fold(entries)


@given(ENTRIES)
def test_the_clock_of_the_second_key_runs_only_while_an_actual_waits(entries: list[Said]) -> None:
    state = fold(entries)
    assert (state.declared_at is not None) == (state.verification == Verification.WAITING)
    if state.verification in (None, Verification.WAITING, Verification.CONFIRMED):
        assert (state.actual is None) == (state.verification is None)
    assert not (state.is_done and state.is_open)


@pytest.mark.parametrize(
    ("state", "promised_on", "expected_on"),
    [
        (State(), None, None),
        (State(forecast=Stated(FAR)), FAR, FAR),
        (State(plan=Stated(TODAY), forecast=Stated(FAR)), TODAY, FAR),
        (State(baseline=Stated(YESTERDAY), plan=Stated(TODAY), forecast=Stated(FAR)), YESTERDAY, FAR),
        (State(baseline=Stated(YESTERDAY), plan=Stated(TODAY)), YESTERDAY, TODAY),
        (State(baseline=Stated(YESTERDAY)), YESTERDAY, YESTERDAY),
        (State(plan=Stated(TODAY, Precision.QUARTER)), TODAY, TODAY),
    ],
)
def test_it_is_measured_against_the_oldest_promise_and_expected_by_the_newest(
    state: State, promised_on: date | None, expected_on: date | None
) -> None:
    assert (state.promised_on, state.expected_on) == (promised_on, expected_on)


# --- where it stands on a day ---------------------------------------------------------------------------------------

DONE = State(actual=Stated(YESTERDAY), verification=Verification.CONFIRMED)
DISPUTED = State(actual=Stated(YESTERDAY), verification=Verification.DISPUTED)
OUT = State(is_applicable=False)


@pytest.mark.parametrize(
    ("state", "valid_until", "is_blocked", "is_free", "expected"),
    [
        (State(), None, False, True, MilestoneStatus.OPEN),
        (State(), None, False, False, MilestoneStatus.NOT_DUE),
        (State(), None, True, True, MilestoneStatus.BLOCKED),
        (State(), None, True, False, MilestoneStatus.BLOCKED),
        (State(), YESTERDAY, False, True, MilestoneStatus.OPEN),
        (DONE, None, False, True, MilestoneStatus.DONE),
        (DONE, None, True, False, MilestoneStatus.DONE),
        (DONE, TODAY, False, True, MilestoneStatus.DONE),
        (DONE, YESTERDAY, False, True, MilestoneStatus.EXPIRED),
        (replace(DONE, verification=Verification.WAITING), None, False, True, MilestoneStatus.DONE),
        (DISPUTED, None, False, True, MilestoneStatus.OPEN),
        (DISPUTED, YESTERDAY, False, False, MilestoneStatus.NOT_DUE),
        (OUT, YESTERDAY, True, False, MilestoneStatus.NOT_APPLICABLE),
        (replace(DISPUTED, is_applicable=False), None, False, True, MilestoneStatus.NOT_APPLICABLE),
    ],
)
def test_its_status(
    state: State, valid_until: date | None, is_blocked: bool, is_free: bool, expected: MilestoneStatus
) -> None:
    found = status(state, TODAY, valid_until=valid_until, is_blocked=is_blocked, is_free=is_free)
    assert found == expected


def dated(plan: date | None = None, forecast: date | None = None, actual: date | None = None) -> State:
    verification = None if actual is None else Verification.CONFIRMED
    return State(
        plan=stated(plan),
        forecast=stated(forecast),
        actual=stated(actual),
        verification=verification,
    )


@pytest.mark.parametrize(
    ("state", "late", "slip", "expected"),
    [
        # Nothing stated: nothing to measure against.
        (State(), None, None, Flag.NO_DATE),
        (dated(actual=YESTERDAY), None, None, None),
        # Open.
        (dated(FAR), 0, 0, Flag.ON_TRACK),
        (dated(TODAY), 0, 0, Flag.ON_TRACK),
        (dated(YESTERDAY), 1, 1, Flag.LATE),
        (dated(YESTERDAY, FAR), 1, 101, Flag.LATE),
        (dated(TODAY, FAR), 0, 100, Flag.AT_RISK),
        (dated(FAR, TOMORROW), 0, -99, Flag.ON_TRACK),
        # What was expected before today is expected today.
        (dated(FAR, YESTERDAY), 0, -100, Flag.ON_TRACK),
        (dated(forecast=FAR), 0, 0, Flag.ON_TRACK),
        (dated(forecast=YESTERDAY), 1, 1, Flag.LATE),
        # Done.
        (dated(TODAY, FAR, TODAY), 0, 0, Flag.ON_TRACK),
        (dated(TODAY, FAR, YESTERDAY), 0, -1, Flag.AHEAD),
        (dated(YESTERDAY, actual=TODAY), 1, 1, Flag.LATE),
        # A disputed actual is none.
        (replace(dated(YESTERDAY, actual=YESTERDAY), verification=Verification.DISPUTED), 1, 1, Flag.LATE),
        (replace(dated(FAR, actual=YESTERDAY), verification=Verification.DISPUTED), 0, 0, Flag.ON_TRACK),
        # Not applicable.
        (replace(dated(YESTERDAY), is_applicable=False), None, None, None),
        (OUT, None, None, None),
    ],
)
def test_its_lateness_slip_and_flag(
    state: State, late: int | None, slip: int | None, expected: Flag | None
) -> None:
    assert (late_days(state, TODAY), slip_days(state, TODAY), flag(state, TODAY)) == (late, slip, expected)


DAYS = some.integers(-20, 20).map(lambda n: TODAY + timedelta(days=n))


@given(some.none() | DAYS, some.none() | DAYS, some.none() | DAYS, DAYS)
def test_what_is_late_has_slipped_at_least_as_far_and_what_is_open_grows_later_day_by_day(
    plan: date | None, forecast: date | None, actual: date | None, today: date
) -> None:
    state = dated(plan, forecast, actual)
    late, slip = late_days(state, today), slip_days(state, today)
    assert (late is None) == (slip is None) == (state.promised_on is None)
    if late is not None and slip is not None:
        assert 0 <= late <= max(0, slip)
        assert not state.is_done or late == max(0, slip)
        following = late_days(state, today + timedelta(days=1))
        assert following == (late if state.is_done or today < state.promised_on else late + 1)  # type: ignore[operator]


def test_the_second_key_has_fourteen_days() -> None:
    assert decision_due_on(date(2023, 2, 7)) == date(2023, 2, 21)
    assert decision_due_on(None) is None


# --- gates ----------------------------------------------------------------------------------------------------------

OPEN_PROBLEM, EARLY = Problem.PREDECESSOR_OPEN, Problem.BEFORE_PREDECESSOR


@pytest.mark.parametrize(
    ("gate", "state", "problem"),
    [
        (Gate.HARD, State(), OPEN_PROBLEM),
        (Gate.HARD, DISPUTED, OPEN_PROBLEM),
        (Gate.HARD, dated(actual=TOMORROW), EARLY),
        (Gate.HARD, dated(actual=TODAY), None),
        (Gate.HARD, DONE, None),
        (Gate.HARD, replace(DONE, verification=Verification.WAITING), None),
        (Gate.HARD, OUT, None),
        # Declared, disputed, and then found not to apply: its day says nothing any more.
        (Gate.HARD, replace(DISPUTED, actual=Stated(TOMORROW), is_applicable=False), None),
        (Gate.SOFT, State(), OPEN_PROBLEM),
        (Gate.SOFT, DISPUTED, OPEN_PROBLEM),
        (Gate.SOFT, dated(actual=TOMORROW), EARLY),
        (Gate.SOFT, DONE, None),
        (Gate.SOFT, OUT, None),
    ],
)
def test_a_gate_says_what_is_open_or_was_done_later(
    gate: Gate, state: State, problem: Problem | None
) -> None:
    found = gates(TODAY, [Before("W-C5", gate, state)])
    assert [(f.problem, f.key, f.gate) for f in found] == (
        [] if problem is None else [(problem, "W-C5", gate)]
    )
    refuses = problem is not None and gate == Gate.HARD
    assert refused(lambda: check_gates(found, is_overridden=False)) == (
        (problem, "actual_on") if refuses else None
    )
    assert refused(lambda: check_gates(found, is_overridden=True)) is None


def test_hard_gates_come_first_and_every_one_of_the_first_kind_is_named() -> None:
    before = [
        Before("W-A1", Gate.SOFT, State()),
        Before("W-C2", Gate.HARD, State()),
        Before("W-C4", Gate.HARD, dated(actual=TOMORROW)),
        Before("W-C5", Gate.HARD, DISPUTED),
        Before("W-D1", Gate.HARD, DONE),
    ]
    found = gates(TODAY, before)
    assert [f.key for f in found] == ["W-C2", "W-C4", "W-C5", "W-A1"]
    with pytest.raises(RuleBroken) as error:
        check_gates(found, is_overridden=False)
    assert error.value.problem == OPEN_PROBLEM
    assert error.value.details == {"milestones": ["W-C2", "W-C5"]}
    assert refused(lambda: check_gates([], is_overridden=False)) is None


# --- what may be said next ------------------------------------------------------------------------------------------

STEP = TEMPLATES.step("W-C5")


@pytest.mark.parametrize(
    ("state", "on", "has_cause", "expected"),
    [
        (State(), FAR, False, None),
        (State(), TODAY, False, None),
        (State(), YESTERDAY, False, (Problem.FORECAST_PAST, "forecast_on")),
        (dated(forecast=FAR), TOMORROW, False, (Problem.CAUSE_MISSING, "cause")),
        (dated(forecast=FAR), TOMORROW, True, None),
        (dated(forecast=FAR), None, False, (Problem.CAUSE_MISSING, "cause")),
        (dated(forecast=FAR), None, True, None),
        (State(), None, False, None),
        (DONE, FAR, True, (Problem.ALREADY_DONE, "forecast_on")),
        (DISPUTED, FAR, False, None),
        (OUT, FAR, False, (Problem.NOT_APPLICABLE_HERE, None)),
    ],
)
def test_when_a_forecast_may_be_stated(
    state: State, on: date | None, has_cause: bool, expected: tuple[Problem, str | None] | None
) -> None:
    assert refused(lambda: check_forecast(state, stated(on), TODAY, has_cause=has_cause)) == expected


@pytest.mark.parametrize(
    ("code", "state", "on", "expected"),
    [
        ("W-C5", State(), TODAY, None),
        ("W-C5", State(), YESTERDAY, None),
        ("W-C5", State(), TOMORROW, (Problem.IN_THE_FUTURE, "actual_on")),
        ("W-C5", DONE, TODAY, (Problem.ALREADY_DONE, "actual_on")),
        ("W-C5", DISPUTED, TODAY, None),
        ("W-C5", OUT, TODAY, (Problem.NOT_APPLICABLE_HERE, None)),
        (COD, State(), TODAY, (Problem.COD_BY_TRANCHE, "actual_on")),
    ],
)
def test_when_an_actual_may_be_declared(
    code: str, state: State, on: date, expected: tuple[Problem, str | None] | None
) -> None:
    assert refused(lambda: check_actual(TEMPLATES.step(code), state, Stated(on), TODAY)) == expected


def test_an_actual_of_a_hard_gate_waits_for_the_second_key_and_no_other() -> None:
    found = {step.code: first_verification(step) for step in TEMPLATES}
    hard = {step.code for step in TEMPLATES if step.gate == Gate.HARD}
    assert {code for code, first in found.items() if first == Verification.WAITING} == hard
    assert set(found.values()) == {Verification.WAITING, Verification.SELF_REPORTED}


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (State(), Problem.NOT_DECLARED),
        (DONE, Problem.ALREADY_DECIDED),
        (replace(DONE, verification=Verification.WAITING), None),
        (replace(DONE, verification=Verification.SELF_REPORTED), None),
        (DISPUTED, None),
        (replace(DISPUTED, is_applicable=False), Problem.NOT_APPLICABLE_HERE),
    ],
)
def test_what_can_be_decided(state: State, problem: Problem | None) -> None:
    assert refused(lambda: check_decidable(state)) == (None if problem is None else (problem, None))


# --- who turns the second key ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("G-26", {Role.EVN_SPC}),
        ("W-F5", {Role.EVN_SPC, Role.DEPARTMENT}),
        ("W-G2", {Role.DEPARTMENT}),
        (COD, {Role.EVN_SPC, Role.DEPARTMENT}),
        # No party is named: whoever may confirm at all.
        ("W-C5", {Role.EVN_SPC, Role.DEPARTMENT}),
        ("L-16", {Role.EVN_SPC, Role.DEPARTMENT}),
    ],
)
def test_only_the_parties_of_a_step_confirm_it(code: str, allowed: set[Role]) -> None:
    step = TEMPLATES.step(code)
    expected = (Problem.CONFIRMED_BY_OTHERS, None)
    for role in CONFIRMERS:
        found = refused(lambda role=role: check_confirmer(step, role, user_id=1, declared_by=2))  # type: ignore[misc]
        assert found == (None if role in allowed else expected), role


@pytest.mark.parametrize(
    ("user_id", "declared_by", "problem"),
    [(1, 2, None), (1, 1, Problem.SAME_USER), (1, None, None), (None, 1, None), (None, None, None)],
)
def test_whoever_declared_does_not_confirm(
    user_id: int | None, declared_by: int | None, problem: Problem | None
) -> None:
    for code in ("G-26", "W-C5"):
        found = refused(
            lambda code=code: check_confirmer(  # type: ignore[misc]
                TEMPLATES.step(code), Role.EVN_SPC, user_id=user_id, declared_by=declared_by
            )
        )
        assert found == (None if problem is None else (problem, None))


def test_every_party_that_confirms_has_a_key_here_and_every_key_may_confirm() -> None:
    parties = {party for step in TEMPLATES for party in step.confirm_by}
    assert len(parties) > 3
    for step in TEMPLATES:
        assert not step.confirm_by or set(step.confirm_by) & set(KEYS), step.code
    assert set(KEYS) <= set(TEMPLATES.roles)
    assert set(KEYS.values()) == set(CONFIRMERS)
    assert all(May.CONFIRM_MILESTONES in GRANTS[role] for role in KEYS.values())
    assert May.CONFIRM_MILESTONES not in GRANTS[Role.INVESTOR]


def test_parties_without_a_key_here_leave_it_to_whoever_may_confirm() -> None:
    step = replace(TEMPLATES.step("G-26"), confirm_by=("UBH",))
    assert "UBH" not in KEYS
    for role in CONFIRMERS:
        check_confirmer(step, role, user_id=1, declared_by=2)


# --- names ----------------------------------------------------------------------------------------------------------


@given(some.sampled_from([step.code for step in TEMPLATES]), some.integers(1, 999))
def test_a_name_is_read_as_it_is_written(code: str, instance: int) -> None:
    assert parts(key(code, instance)) == (code, instance)
    assert parts(key(code, instance).lower()) == (code, instance)


@pytest.mark.parametrize(
    "name",
    ["W-D3.1", "W-D3.0", "W-D3.02", "W-D3.", "W-D3.1000", "W-D3.-2", "W-D3.x", "W-D3.2.2", "W-D3.٢", "W-D3.2 ",
     pytest.param("W-D3." + "9" * 5000, id="thousands of digits")],
)  # fmt: skip
def test_each_milestone_has_one_name_only(name: str) -> None:
    with pytest.raises(Invalid) as error:
        parts(name)
    assert (error.value.problem, error.value.field) == (Problem.UNKNOWN_MILESTONE, "milestone")


@pytest.mark.parametrize(
    ("valid_until", "expected"),
    [(None, None), (date(2023, 2, 1), None), (date(2023, 1, 31), Problem.PREDECESSOR_EXPIRED)],
)
def test_a_predecessor_whose_document_had_expired_by_then_is_open_again(
    valid_until: date | None, expected: Problem | None
) -> None:
    actual = Stated(date(2022, 6, 1))
    before = Before("W-D2", Gate.HARD, State(actual=actual), valid_until)
    found = gates(date(2023, 2, 1), [before])
    assert [finding.problem for finding in found] == ([] if expected is None else [expected])
    ruled_out = Before("W-D2", Gate.HARD, State(actual=actual, is_applicable=False), valid_until)
    assert gates(date(2023, 2, 1), [ruled_out]) == []
