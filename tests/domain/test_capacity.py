"""What every kind of entry posts, what a tranche folds to, rule R21, and how an amount stands against a target."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.domain import capacity
from app.domain.capacity import Figures, Posting, Target, against_target, default_target, judged_on, running
from app.domain.errors import RuleBroken
from app.domain.rules import Rule
from app.domain.vocabulary import Account, EntryKind, Measure, TrancheStatus
from tests.domain.lives import Life, on

DECLARED, DISPUTED = Account.DECLARED, Account.DISPUTED
RECOGNISED, AT_RISK = Account.RECOGNISED, Account.AT_RISK
SUSPENDED, CANCELLED = Account.SUSPENDED, Account.CANCELLED


def recognised(kw: int = 10_000) -> Life:
    return Life().declare(kw, on(1)).confirm()


def conditional(kw: int = 10_000) -> Life:
    return Life().declare(kw, on(1)).confirm(conditional=True)


def flat(postings: list[Posting]) -> list[tuple[Account, int, date]]:
    return [(p.account, p.kw, p.effective_on) for p in postings]


LADDER = [measure for measure in Measure if measure != Measure.OPERATING]


@pytest.mark.parametrize("measure", LADDER)
def test_a_measure_is_posted_on_the_account_of_its_own_name(measure: Measure) -> None:
    postings = capacity.post_measure(measure, 30_000, on(3), None)
    assert flat(postings) == [(Account(measure.value), 30_000, on(3))]


def test_a_measure_that_expires_leaves_the_ladder_the_day_after_its_last() -> None:
    postings = capacity.post_measure(Measure.LICENSED, 30_000, on(3), on(5, 31))
    assert flat(postings) == [(Account.LICENSED, 30_000, on(3)), (Account.LICENSED, -30_000, on(6))]
    assert capacity.balance(postings, Account.LICENSED, on(5, 31)) == 30_000
    assert capacity.balance(postings, Account.LICENSED, on(6)) == 0


POSTED = {
    "a declaration waits": (Life().declare(10, on(1)), [(DECLARED, 10, on(1))]),
    "a dispute moves the claim": (
        Life().declare(10, on(1)).dispute(),
        [(DECLARED, -10, on(1)), (DISPUTED, 10, on(1))],
    ),
    "a second dispute leaves the claim disputed": (
        Life().declare(10, on(1)).dispute().dispute(),
        [(DISPUTED, -10, on(1)), (DISPUTED, 10, on(1))],
    ),
    "a withdrawal takes the claim back": (Life().declare(10, on(1)).withdraw(), [(DECLARED, -10, on(1))]),
    "a withdrawal takes a disputed claim back": (
        Life().declare(10, on(1)).dispute().withdraw(),
        [(DISPUTED, -10, on(1))],
    ),
    "a confirmation closes the claim and recognises": (
        Life().declare(10, on(1)).confirm(),
        [(DECLARED, -10, on(1)), (RECOGNISED, 10, on(1))],
    ),
    "a confirmation of another kW and day closes the claim on the claim's day": (
        Life().declare(10, on(1)).confirm(8, on(2)),
        [(DECLARED, -10, on(1)), (RECOGNISED, 8, on(2))],
    ),
    "a confirmation after a dispute closes the dispute": (
        Life().declare(10, on(1)).dispute().confirm(),
        [(DISPUTED, -10, on(1)), (RECOGNISED, 10, on(1))],
    ),
    "a confirmation with a condition is at risk as well": (
        Life().declare(10, on(1)).confirm(conditional=True),
        [(DECLARED, -10, on(1)), (RECOGNISED, 10, on(1)), (AT_RISK, 10, on(1))],
    ),
    "a recognition by source closes no claim": (Life().by_source(10, on(1)), [(RECOGNISED, 10, on(1))]),
    "a suspension": (recognised().suspend(4, on(3)), [(SUSPENDED, 4, on(3))]),
    "a reinstatement": (recognised().suspend(4, on(3)).reinstate(3, on(5)), [(SUSPENDED, -3, on(5))]),
    "a cancellation": (recognised().cancel(4, on(3)), [(CANCELLED, 4, on(3))]),
    "a cancellation of all takes the suspended part with it": (
        recognised(10).suspend(4, on(3)).cancel(10, on(4)),
        [(CANCELLED, 10, on(4)), (SUSPENDED, -4, on(4))],
    ),
    "a cancellation takes only what does not operate from the suspended part": (
        recognised(10).suspend(4, on(3)).cancel(8, on(4)),
        [(CANCELLED, 8, on(4)), (SUSPENDED, -2, on(4))],
    ),
    "a cancellation leaves the suspended part alone while enough operates": (
        recognised(10).suspend(4, on(3)).cancel(6, on(4)),
        [(CANCELLED, 6, on(4))],
    ),
    "a second cancellation counts what the first has taken": (
        recognised(10).cancel(3, on(2)).suspend(4, on(3)).cancel(5, on(4)),
        [(CANCELLED, 5, on(4)), (SUSPENDED, -2, on(4))],
    ),
    "a correction of the kW": (recognised(10).correct(9, on(1)), [(RECOGNISED, -10, on(1)), (RECOGNISED, 9, on(1))]),
    "a correction of the day": (
        recognised(10).correct(10, on(2)),
        [(RECOGNISED, -10, on(1)), (RECOGNISED, 10, on(2))],
    ),
    "a correction of a correction": (
        recognised(10).correct(9, on(2)).correct(8, on(3)),
        [(RECOGNISED, -9, on(2)), (RECOGNISED, 8, on(3))],
    ),
    "a correction to nothing": (recognised(10).correct(0, on(1)), [(RECOGNISED, -10, on(1))]),
    "the condition of an unconditional recognition": (recognised(10).meet(on(3)), []),
    "a met condition": (conditional(10).meet(on(3)), [(AT_RISK, -10, on(3))]),
    "a suspension under a condition": (
        conditional(10).suspend(4, on(3)),
        [(SUSPENDED, 4, on(3)), (AT_RISK, -4, on(3))],
    ),
    "a suspension after the condition was met": (
        conditional(10).meet(on(2)).suspend(4, on(3)),
        [(SUSPENDED, 4, on(3))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("life", "expected"), POSTED.values(), ids=list(POSTED))
def test_each_kind_of_entry_posts(life: Life, expected: list[tuple[Account, int, date]]) -> None:
    assert life.last == expected


@pytest.mark.parametrize(
    "life", [recognised(), Life().declare(10, on(1)).withdraw(), Life().by_source(10, on(1))]
)
def test_where_no_claim_is_open_there_is_nothing_to_close_and_nothing_to_dispute(life: Life) -> None:
    assert capacity.post_closing(life.tranche) == capacity.post_dispute(life.tranche) == []


def test_the_table_of_postings_holds_every_kind_of_entry_of_a_tranche() -> None:
    shown = {life.entries[-1].kind for life, _ in POSTED.values()}
    assert shown == set(EntryKind) - {EntryKind.RECORDED}


STATUS = {
    TrancheStatus.DECLARED: [Life().declare(10, on(1))],
    TrancheStatus.DISPUTED: [
        Life().declare(10, on(1)).dispute(),
        Life().declare(10, on(1)).dispute().dispute(),
    ],
    TrancheStatus.WITHDRAWN: [
        Life().declare(10, on(1)).withdraw(),
        Life().declare(10, on(1)).dispute().withdraw(),
    ],
    TrancheStatus.RECOGNISED: [
        recognised(),
        Life().by_source(10, on(1)),
        Life().declare(10, on(1)).dispute().confirm(),
        conditional().meet(on(3)),
        recognised().suspend(4_000, on(3)).reinstate(4_000, on(4)),
        recognised(10).correct(9, on(1)),
    ],
    TrancheStatus.AT_RISK: [
        conditional(),
        conditional().correct(9_000, on(2)),
        conditional().suspend(4_000, on(3)).reinstate(4_000, on(4)),
    ],
    TrancheStatus.PARTLY_SUSPENDED: [
        recognised(10).suspend(4, on(3)),
        conditional(10).suspend(4, on(3)),
        recognised(10).suspend(4, on(3)).cancel(5, on(4)),
        recognised(10).suspend(10, on(3)).reinstate(1, on(4)),
    ],
    TrancheStatus.SUSPENDED: [
        recognised(10).suspend(10, on(3)),
        recognised(10).suspend(4, on(3)).cancel(6, on(4)),
    ],
    TrancheStatus.PARTLY_CANCELLED: [recognised(10).cancel(4, on(3)), conditional(10).cancel(4, on(3))],
    TrancheStatus.CANCELLED: [
        recognised(10).cancel(10, on(3)),
        recognised(10).suspend(4, on(3)).cancel(10, on(4)),
        recognised(10).cancel(4, on(3)).cancel(6, on(4)),
        recognised(10).correct(0, on(1)),
    ],
}


@pytest.mark.parametrize(("status", "life"), [(s, life) for s, lives in STATUS.items() for life in lives])
def test_a_status_follows_from_the_entries(status: TrancheStatus, life: Life) -> None:
    assert life.tranche.status == status


def test_every_status_can_be_reached() -> None:
    assert set(STATUS) == set(TrancheStatus)


LIVE = {
    "declared": (Life().declare(10, on(1)), True),
    "declared, if only one kW": (Life().declare(1, on(1)), True),
    "disputed": (Life().declare(10, on(1)).dispute(), False),
    "withdrawn": (Life().declare(10, on(1)).withdraw(), False),
    "recognised": (recognised(), True),
    "wholly suspended": (recognised(10).suspend(10, on(3)), True),
    "partly cancelled": (recognised(10).cancel(9, on(3)), True),
    "wholly cancelled": (recognised(10).cancel(10, on(3)), False),
    "corrected to nothing": (recognised(10).correct(0, on(1)), False),
}


@pytest.mark.parametrize(("life", "live"), LIVE.values(), ids=list(LIVE))
def test_a_tranche_holds_its_turbines_while_it_is_live(life: Life, live: bool) -> None:
    assert life.tranche.is_live is live


def test_a_tranche_folds_to_its_claim_its_recognition_and_what_describes_it_now() -> None:
    life = Life().declare(10, on(1), ("T1", "T2"))
    assert life.tranche.claim == life.tranche.stated == life.entries[0]
    assert life.tranche.recognition is None
    life.confirm(8, on(2), turbines=("T1",))
    assert life.tranche.claim == life.entries[0]
    assert life.tranche.recognition == life.tranche.stated == life.entries[1]
    life.suspend(3, on(3)).correct(7, on(2))
    assert life.tranche.stated == life.entries[-1]
    assert (life.tranche.phase, life.tranche.operating_kw) == ("alpha-1", 4)


def test_a_tranche_known_from_a_source_has_no_claim() -> None:
    tranche = Life().by_source(10, on(1)).tranche
    assert (tranche.claim, tranche.phase) == (None, "alpha-1")


def test_the_turbines_of_a_tranche_are_those_last_listed() -> None:
    life = Life().declare(10, on(1), ("T1", "T2"))
    assert life.confirm().suspend(1, on(3)).tranche.turbines == ("T1", "T2")
    assert Life().declare(10, on(1), ("T1", "T2")).confirm(turbines=("T3",)).tranche.turbines == ("T3",)
    assert Life().by_source(10, on(1)).tranche.turbines == ()


REFUSED = {
    "more suspended than recognised": lambda: recognised(10).suspend(11, on(3)),
    "suspended before it was recognised": lambda: recognised(10).suspend(1, on(1) - timedelta(days=1)),
    "more cancelled than recognised": lambda: recognised(10).cancel(11, on(3)),
    "more reinstated than suspended": lambda: recognised(10).suspend(4, on(3)).reinstate(5, on(4)),
    "a reinstatement dated before its suspension": lambda: recognised(10).suspend(4, on(3)).reinstate(4, on(2)),
    "a second suspension of the same part": lambda: recognised(10).suspend(6, on(3)).suspend(6, on(4)),
    "a back-dated suspension that overfills a later day": lambda: recognised(10).suspend(6, on(5)).suspend(6, on(3)),
    "suspended and cancelled together": lambda: recognised(10).cancel(6, on(3)).suspend(5, on(4)),
    "corrected below what is suspended": lambda: recognised(10).suspend(6, on(3)).correct(5, on(1)),
    "corrected below what is cancelled": lambda: recognised(10).cancel(6, on(3)).correct(5, on(1)),
    "corrected to nothing while a part is suspended": lambda: recognised(10).suspend(6, on(3)).correct(0, on(1)),
    "corrected to a day after the suspension": lambda: recognised(10).suspend(6, on(3)).correct(10, on(4)),
    "a back-dated reinstatement under a later cancellation": lambda: (
        recognised(10).suspend(6, on(3)).cancel(8, on(5)).reinstate(6, on(4))
    ),
}  # fmt: skip


@pytest.mark.parametrize("life", REFUSED.values(), ids=list(REFUSED))
def test_rule_r21_refuses(life: Callable[[], Life]) -> None:
    with pytest.raises(RuleBroken) as refused:
        life()
    assert refused.value.problem == Rule.MORE_TAKEN_BACK_THAN_RECOGNISED
    assert refused.value.field == "capacity_mw"


def test_rule_r21_names_the_first_day_that_does_not_add_up() -> None:
    with pytest.raises(RuleBroken) as refused:
        recognised(10).suspend(6, on(5)).suspend(6, on(3))
    assert refused.value.details == {
        "on": on(5), "recognised_kw": 10, "suspended_kw": 12, "cancelled_kw": 0,
    }  # fmt: skip


ALLOWED = {
    "all of it is suspended": (recognised(10).suspend(10, on(3)), 0),
    "a reinstatement on the day of its suspension": (recognised(10).suspend(4, on(3)).reinstate(4, on(3)), 10),
    "a suspension that ends before a later one": (
        recognised(10).suspend(4, on(5)).suspend(6, on(3)).reinstate(6, on(4)),
        6,
    ),
    "a correction down to what is taken back": (recognised(10).suspend(6, on(3)).correct(6, on(1)), 0),
    "a correction to an earlier day": (recognised(10).suspend(6, on(3)).correct(10, on(1) - timedelta(30)), 4),
    "a cancellation of the suspended part": (recognised(10).suspend(4, on(3)).cancel(10, on(3)), 0),
}  # fmt: skip


@pytest.mark.parametrize(("life", "operating"), ALLOWED.values(), ids=list(ALLOWED))
def test_rule_r21_allows(life: Life, operating: int) -> None:
    assert life.tranche.operating_kw == operating


def test_what_operates_follows_the_days_and_not_the_order_of_recording() -> None:
    life = recognised(10).suspend(4, on(5)).suspend(3, on(3)).reinstate(3, on(4))
    assert [life.operating(on(m)) for m in (1, 2, 3, 4, 5)] == [10, 10, 7, 10, 6]


def test_a_correction_of_the_day_moves_what_counted() -> None:
    life = recognised(10).correct(10, on(3))
    assert [life.operating(on(m)) for m in (1, 2, 3)] == [0, 0, 10]


CONDITIONAL = {
    "suspended": (conditional(10).suspend(4, on(3)), None),
    "suspended and reinstated": (conditional(10).suspend(4, on(3)).reinstate(3, on(5)), None),
    "partly cancelled": (conditional(10).cancel(4, on(3)), None),
    "suspended, then wholly cancelled": (conditional(10).suspend(4, on(3)).cancel(10, on(4)), None),
    "corrected in kW and day": (conditional(10).suspend(2, on(5)).correct(8, on(2)), None),
    "met": (conditional(10).meet(on(4)), on(4)),
    "met on the day of the COD": (conditional(10).meet(on(1)), on(1)),
    "met before the COD": (conditional(10).meet(on(1) - timedelta(9)), on(1)),
    "suspended, then met": (conditional(10).suspend(4, on(3)).meet(on(4)), on(4)),
    "met before a suspension already recorded": (conditional(10).suspend(4, on(3)).meet(on(2)), on(2)),
    "met between a suspension and its end": (
        conditional(10).suspend(4, on(3)).reinstate(4, on(5)).meet(on(4)),
        on(4),
    ),
    "met, then suspended back-dated": (conditional(10).meet(on(6)).suspend(4, on(3)), on(6)),
    "met, then suspended and reinstated": (
        conditional(10).meet(on(4)).suspend(4, on(3)).reinstate(4, on(5)),
        on(4),
    ),
    "met, then cancelled back-dated": (conditional(10).meet(on(6)).cancel(10, on(3)), on(6)),
    "met, then corrected in kW": (conditional(10).meet(on(6)).correct(8, on(1)), on(6)),
    "met, then corrected to a later day": (conditional(10).meet(on(6)).correct(10, on(3)), on(6)),
    "met, then corrected to a day after that": (conditional(10).meet(on(3)).correct(10, on(6)), on(3)),
}


@pytest.mark.parametrize(("life", "met_on"), CONDITIONAL.values(), ids=list(CONDITIONAL))
def test_what_is_recognised_with_a_condition_is_at_risk_as_far_as_it_operates(
    life: Life, met_on: date | None
) -> None:
    for day in (*life.days(), *(on(month) for month in range(1, 13))):
        open_condition = met_on is None or day < met_on
        assert life.kw(AT_RISK, day) == (life.operating(day) if open_condition else 0), day


def test_an_unconditional_recognition_is_never_at_risk() -> None:
    life = recognised(10).suspend(4, on(3)).cancel(2, on(4)).reinstate(4, on(5)).correct(9, on(1))
    assert all(life.kw(AT_RISK, day) == 0 for day in life.days())


def test_figures_of_nothing_are_zero_and_their_rungs_unknown() -> None:
    nothing = Figures()
    assert nothing.operating_kw == nothing.kw(RECOGNISED) == 0
    assert [nothing.rung_kw(measure) for measure in Measure] == [None] * len(Measure)


def test_a_rung_that_came_to_nothing_is_zero_and_not_unknown() -> None:
    figures = Figures({Account.LICENSED: 0, RECOGNISED: 10, SUSPENDED: 4, CANCELLED: 6})
    assert figures.rung_kw(Measure.LICENSED) == 0
    assert figures.rung_kw(Measure.OPERATING) == figures.operating_kw == 0
    assert figures.rung_kw(Measure.INSTALLED) is None


def test_the_figures_of_a_tranche_on_a_day_know_nothing_of_the_days_after() -> None:
    postings = conditional(10).suspend(4, on(3)).tranche.postings
    before = capacity.figures(postings, on(2))
    assert (before.operating_kw, before.kw(AT_RISK)) == (10, 10)
    assert SUSPENDED not in before.balances
    after = capacity.figures(postings, on(3))
    assert (after.operating_kw, after.kw(SUSPENDED), after.kw(AT_RISK)) == (6, 4, 6)


def test_a_claim_alone_is_on_no_rung() -> None:
    assert Figures({DECLARED: 10}).rung_kw(Measure.OPERATING) is None


GOAL = Target("377mw-2023", 377_000, date(2023, 12, 31))


@pytest.mark.parametrize(
    ("as_of", "judged"),
    [
        (date(2023, 2, 7), date(2023, 2, 7)),
        (date(2023, 12, 31), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2023, 12, 31)),
    ],
)
def test_a_target_is_judged_on_the_earlier_of_the_day_asked_for_and_its_due_day(
    as_of: date, judged: date
) -> None:
    assert judged_on(GOAL, as_of) == judged


@pytest.mark.parametrize(
    ("operating", "when_judged", "gap", "is_met"),
    [
        (93_050, 93_050, 283_950, False),
        (376_999, 376_999, 1, False),
        (377_000, 377_000, 0, True),
        (400_000, 400_000, 0, True),
        (377_000, 376_999, 0, False),
        (300_000, 377_000, 77_000, True),
    ],
)
def test_a_target_is_met_by_what_operated_on_the_day_it_is_judged(
    operating: int, when_judged: int, gap: int, is_met: bool
) -> None:
    progress = against_target(operating, when_judged, GOAL, date(2024, 2, 1))
    assert (progress.gap_kw, progress.is_met) == (gap, is_met)
    assert (progress.judged_on, progress.operating_kw, progress.target) == (GOAL.due_on, operating, GOAL)


A, B = Target("a", 1, date(2023, 12, 31)), Target("b", 2, date(2023, 12, 31))
SOONER, LATER = Target("sooner", 1, date(2022, 12, 31)), Target("later", 9, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("targets", "as_of", "expected"),
    [
        ([], date(2023, 1, 1), None),
        ([LATER, A, SOONER], date(2022, 12, 31), SOONER),
        ([LATER, A, SOONER], date(2023, 1, 1), A),
        ([B, A], date(2023, 1, 1), A),
        ([LATER, A], date(2024, 1, 1), LATER),
        ([SOONER, LATER, A], date(2026, 1, 1), LATER),
        ([A, B], date(2026, 1, 1), B),
    ],
)
def test_the_target_of_a_day_is_the_next_one_due_and_after_the_last_the_last(
    targets: list[Target], as_of: date, expected: Target | None
) -> None:
    assert default_target(targets, as_of) == expected


@pytest.mark.parametrize(
    ("changes", "ends", "expected"),
    [
        ({}, [], []),
        ({}, [on(1), on(2)], [0, 0]),
        ({on(1): 5}, [], []),
        ({on(1): 5, on(2): -2}, [on(1), on(2), on(3)], [5, 3, 3]),
        ({on(2): 5, on(1): 1}, [on(1, 31), on(2)], [1, 6]),
        ({on(5): 5}, [on(1), on(4, 30)], [0, 0]),
        ({on(1): 5, on(1, 2): 6, on(1, 3): 7}, [on(2)], [18]),
    ],
)
def test_a_running_total_counts_each_change_from_its_day_on(
    changes: dict[date, int], ends: list[date], expected: list[int]
) -> None:
    assert running(changes, ends) == expected
