"""A promise is judged at the end of its due day, by the day in force; kept or broken is nobody's to type."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import commitments
from app.domain.commitments import Act, Kept, Promise
from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import CommitmentAct, CommitmentState
from app.domain.words import Term
from app.domain.work_problems import WorkProblem

MADE, MOVED, WITHDRAWN = CommitmentAct
OPEN, KEPT, LATE, BROKEN = (
    CommitmentState.OPEN,
    CommitmentState.KEPT,
    CommitmentState.KEPT_LATE,
    CommitmentState.BROKEN,
)


def day(number: int) -> date:
    """Day 1 is 1 February 2023; days below 1 lie before it."""
    return date(2023, 1, 31) + timedelta(days=number)


def done(*spans: tuple[int, int]) -> commitments.IsDone:
    """Done from the first day of each span on, up to the day before its last."""
    return lambda asked: any(day(since) <= asked < day(until) for since, until in spans)


FOREVER = 1_000
NEVER = done()


@pytest.mark.parametrize(
    ("is_done", "asked", "is_over", "state"),
    [
        # Due on day 10. Not yet: open, or kept already.
        (NEVER, 5, True, OPEN),
        (done((3, FOREVER)), 5, True, KEPT),
        (done((3, 5)), 5, True, OPEN),
        # The due day itself is judged at its end.
        (NEVER, 10, False, OPEN),
        (NEVER, 10, True, BROKEN),
        (done((10, FOREVER)), 10, False, KEPT),
        (done((10, FOREVER)), 10, True, KEPT),
        # After it, by how the units stood at the end of it.
        (NEVER, 11, False, BROKEN),
        (done((10, FOREVER)), 40, False, KEPT),
        (done((11, FOREVER)), 11, False, LATE),
        (done((11, FOREVER)), 10, True, BROKEN),
        # Reopened before the due day: it is not done on it.
        (done((3, 9)), 12, False, BROKEN),
        (done((3, 9), (10, FOREVER)), 12, False, KEPT),
        # Reopened after it: it held on its day, so it was kept.
        (done((3, 11)), 12, False, KEPT),
        # Kept late and reopened: neither on its day nor now.
        (done((12, 14)), 13, False, LATE),
        (done((12, 14)), 14, False, BROKEN),
    ],
)
def test_a_promise_is_judged_by_its_due_day(
    is_done: commitments.IsDone, asked: int, is_over: bool, state: CommitmentState
) -> None:
    promise = Promise(day(1), day(10))
    assert commitments.state(promise, is_done, day(asked), is_over=is_over) == state


def test_what_is_withdrawn_is_not_judged() -> None:
    promise = Promise(day(1), day(10), withdrawn_on=day(4))
    assert {commitments.state(promise, NEVER, day(n), is_over=True) for n in (4, 10, 30)} == {
        CommitmentState.WITHDRAWN
    }


LIFE = [
    Act(MADE, day(1), day(10)),
    Act(MOVED, day(8), day(15)),
    Act(MOVED, day(20), day(25)),
    Act(WITHDRAWN, day(22)),
]


@pytest.mark.parametrize(
    ("asked", "promise"),
    [
        (0, None),
        (1, Promise(day(1), day(10))),
        (7, Promise(day(1), day(10))),
        (8, Promise(day(1), day(15), moves=1)),
        (19, Promise(day(1), day(15), moves=1)),
        (20, Promise(day(1), day(25), moves=2)),
        (22, Promise(day(1), day(25), moves=2, withdrawn_on=day(22))),
    ],
)
def test_it_stands_as_it_was_last_stated(asked: int, promise: Promise | None) -> None:
    assert commitments.promise_on(LIFE, day(asked)) == promise


def test_a_promise_that_was_moved_is_judged_by_the_day_in_force_when_it_is_asked_for() -> None:
    # Missed on day 15, given a new day on day 20: broken as of 16 to 19, open again as of 20.
    states = []
    for number in (9, 16, 19, 20, 21):
        promise = commitments.promise_on(LIFE, day(number))
        assert promise is not None
        states.append(commitments.state(promise, NEVER, day(number), is_over=True))
    assert states == [OPEN, BROKEN, BROKEN, OPEN, OPEN]


@pytest.mark.parametrize(
    ("acts", "is_of_week"),
    [
        # The week of days 3 to 9.
        ([Act(MADE, day(1), day(2))], False),
        ([Act(MADE, day(1), day(3))], True),
        ([Act(MADE, day(1), day(9))], True),
        ([Act(MADE, day(1), day(10))], False),
        # Made within it for a day of it, or for a later one.
        ([Act(MADE, day(5), day(8))], True),
        ([Act(MADE, day(5), day(12))], False),
        # Put off before it began, within it, or into it.
        ([Act(MADE, day(1), day(5)), Act(MOVED, day(2), day(20))], False),
        ([Act(MADE, day(1), day(5)), Act(MOVED, day(4), day(20))], True),
        ([Act(MADE, day(-9), day(-2)), Act(MOVED, day(4), day(7))], True),
        # Withdrawn before it began, or within it.
        ([Act(MADE, day(1), day(5)), Act(WITHDRAWN, day(2))], False),
        ([Act(MADE, day(1), day(5)), Act(WITHDRAWN, day(4))], True),
        ([], False),
    ],
)
def test_it_is_of_a_week_for_which_it_was_promised(acts: list[Act], is_of_week: bool) -> None:
    assert commitments.is_of_week(acts, day(2), day(9)) == is_of_week


@pytest.mark.parametrize(
    ("promise", "is_done", "is_over", "kept"),
    [
        (Promise(day(1), day(5)), done((5, FOREVER)), True, Kept(kept=1)),
        (Promise(day(1), day(5)), done((6, FOREVER)), True, Kept(late=1)),
        (Promise(day(1), day(5)), done((10, FOREVER)), True, Kept(broken=1)),
        (Promise(day(1), day(12), moves=1), NEVER, True, Kept(moved=1)),
        # Put off, but done within the week all the same.
        (Promise(day(1), day(12), moves=1), done((9, FOREVER)), True, Kept(kept=1)),
        # Put off to a day of the same week: that day counts.
        (Promise(day(1), day(7), moves=1), NEVER, True, Kept(broken=1)),
        (Promise(day(1), day(9)), NEVER, True, Kept(broken=1)),
        (Promise(day(1), day(9)), NEVER, False, Kept(open=1)),
        (Promise(day(1), day(9), withdrawn_on=day(4)), NEVER, True, Kept(withdrawn=1)),
    ],
)
def test_what_came_of_a_promise_of_a_week_ending_on_day_9(
    promise: Promise, is_done: commitments.IsDone, is_over: bool, kept: Kept
) -> None:
    found = commitments.outcome(promise, is_done, day(9), is_over=is_over)
    assert found == kept
    assert found.total == 1


@pytest.mark.parametrize(
    ("known_at", "open_on"),
    [
        (None, 7),
        (day(3), 4),
        (day(6), 7),
        (day(7), 7),
        (day(30), 7),
        # 17:00 UTC is midnight in Viet Nam.
        (datetime(2023, 2, 3, 16, 59, tzinfo=UTC), 3),
        (datetime(2023, 2, 3, 17, 0, tzinfo=UTC), 4),
        (datetime(2024, 2, 3, tzinfo=UTC), 7),
        # The last day and the last hour that there are.
        (date.max, 7),
        (datetime.max.replace(tzinfo=UTC), 7),
    ],
)
def test_no_day_is_over_before_it_is_known_to_be(known_at: datetime | date | None, open_on: int) -> None:
    assert commitments.open_day(known_at, day(7)) == day(open_on)


@pytest.mark.parametrize(
    ("check", "given", "problem"),
    [
        (commitments.check_made, (day(7), day(7), day(7)), None),
        (commitments.check_made, (day(1), day(9), day(7)), None),
        (commitments.check_made, (day(8), day(9), day(7)), Problem.IN_THE_FUTURE),
        (commitments.check_made, (day(5), day(4), day(7)), WorkProblem.DUE_BEFORE_MADE),
        (commitments.check_postponement, (OPEN, day(4), day(5)), None),
        (commitments.check_postponement, (BROKEN, day(4), day(5)), None),
        (commitments.check_postponement, (OPEN, day(4), day(4)), Problem.DEADLINE_NOT_LATER),
        (commitments.check_postponement, (BROKEN, day(4), day(3)), Problem.DEADLINE_NOT_LATER),
        (commitments.check_postponement, (KEPT, day(4), day(5)), WorkProblem.COMMITMENT_CLOSED),
        (commitments.check_postponement, (LATE, day(4), day(5)), WorkProblem.COMMITMENT_CLOSED),
        (
            commitments.check_postponement,
            (CommitmentState.WITHDRAWN, day(4), day(5)),
            WorkProblem.COMMITMENT_CLOSED,
        ),
        (commitments.check_withdrawal, (OPEN,), None),
        (commitments.check_withdrawal, (BROKEN,), WorkProblem.COMMITMENT_BROKEN),
        (commitments.check_withdrawal, (KEPT,), WorkProblem.COMMITMENT_CLOSED),
        (commitments.check_withdrawal, (LATE,), WorkProblem.COMMITMENT_CLOSED),
        (commitments.check_withdrawal, (CommitmentState.WITHDRAWN,), WorkProblem.COMMITMENT_CLOSED),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    check: Callable[..., None], given: tuple[Any, ...], problem: Term | None
) -> None:
    assert refused(lambda: check(*given)) == problem


def refused(check: Callable[[], None]) -> Term | None:
    """What is said against it; None where nothing is."""
    try:
        check()
    except RuleBroken as error:
        return error.problem
    return None


spans = st.lists(st.tuples(st.integers(-5, 30), st.integers(-5, 30)), max_size=4)


@given(spans, st.integers(1, 20), st.integers(1, 40))
def test_a_kept_promise_stays_kept_and_a_day_only_decides_once(
    spans: list[tuple[int, int]], due: int, asked: int
) -> None:
    promise, is_done = Promise(day(1), day(due)), done(*spans)
    now = commitments.state(promise, is_done, day(asked), is_over=True)
    if asked >= due:
        assert (now == KEPT) == is_done(day(due))
        assert now != OPEN
    assert (now in (KEPT, LATE)) or not is_done(day(asked))
