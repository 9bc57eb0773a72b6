"""Which stated limit of a group holds on a day: existing or after a work, N or N-1, valid or not any more."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.domain.errors import RuleBroken
from app.domain.evacuation_limits import (
    StatedLimit,
    all_holding,
    binding,
    check_ground,
    check_limit,
    check_withdrawal,
    holding,
)
from app.domain.problems import Problem
from app.domain.vocabulary import Criterion, LimitCondition
from app.domain.words import Term
from app.domain.work_problems import WorkProblem

EXISTING, AFTER_WORK = LimitCondition
N, N_1 = Criterion
LINE, OTHER = 7, 8
STATED_ON, RESTATED_ON = date(2021, 5, 21), date(2022, 3, 1)
ENERGISED_ON = date(2023, 6, 15)
BEFORE, DAY = date(2023, 6, 14), date(2023, 7, 1)


def existing(kw: int, since: date = STATED_ON, **more: Any) -> StatedLimit:
    return _limit(kw, since, **more)


def after(kw: int, work: int = LINE, since: date = STATED_ON, **more: Any) -> StatedLimit:
    return _limit(kw, since, condition=AFTER_WORK, work_id=work, **more)


def _limit(kw: int, since: date, **more: Any) -> StatedLimit:
    # Ids grow with kW here, so that the last tie of a rule is seen too.
    said = {"id": kw, "group_id": 1, "condition": EXISTING, "work_id": None, "criterion": N, **more}
    return StatedLimit(kw=kw, valid_from=since, **said)


DONE = {LINE: ENERGISED_ON}
BOTH = {LINE: ENERGISED_ON, OTHER: date(2023, 6, 20)}
# What is stated, what is energised, the day, and the kW of the limit that holds for N.
CASES: dict[str, tuple[Sequence[StatedLimit], dict[int, date], date, int | None]] = {
    "nothing is stated": ([], DONE, DAY, None),
    "not before it is valid": ([existing(149)], {}, date(2021, 5, 20), None),
    "from its first day": ([existing(149)], {}, STATED_ON, 149),
    "the later statement replaces the earlier": ([existing(149), existing(160, RESTATED_ON)], {}, DAY, 160),
    "also with fewer MW": ([existing(149), existing(120, RESTATED_ON)], {}, DAY, 120),
    "not yet on the day before": ([existing(149), existing(160, RESTATED_ON)], {}, date(2022, 2, 28), 149),
    "of one day the last recorded": ([existing(160), existing(149)], {}, DAY, 160),
    "on its last day": ([existing(149, valid_until=DAY)], {}, DAY, 149),
    "not after its last day": ([existing(149, valid_until=BEFORE)], {}, DAY, None),
    "the earlier one again after a passing one": (
        [existing(149), existing(120, RESTATED_ON, valid_until=BEFORE)], {}, DAY, 149,
    ),
    "not after a work that is not energised": ([existing(149), after(478)], {}, DAY, 149),
    "not on the day before it is energised": ([existing(149), after(478)], DONE, BEFORE, 149),
    "from the day it is energised": ([existing(149), after(478)], DONE, ENERGISED_ON, 478),
    "after a work, whatever is stated of the grid without it": (
        [existing(149, date(2023, 1, 1)), after(300)], DONE, DAY, 300,
    ),
    "also where that is less": ([existing(149), after(100)], DONE, DAY, 100),
    "of two works the last energised": ([after(300), after(250, OTHER)], BOTH, DAY, 250),
    "of one work the later statement": ([after(300), after(280, since=RESTATED_ON)], DONE, DAY, 280),
    "stated after it was energised": ([existing(149), after(478, since=date(2023, 7, 2))], DONE, DAY, 149),
    "after a work until it ends": ([existing(149), after(478, valid_until=BEFORE)], DONE, DAY, 149),
    "for the criterion that is asked for": ([existing(149, criterion=N_1), existing(200)], {}, DAY, 200),
    "unknown for a criterion nobody has stated": ([existing(149, criterion=N_1)], {}, DAY, None),
    "without a criterion for both": ([existing(149, criterion=None)], {}, DAY, 149),
    "stated for one after it was stated for both": (
        [existing(149, criterion=None), existing(140, RESTATED_ON)], {}, DAY, 140,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_limit_holds(
    case: tuple[Sequence[StatedLimit], dict[int, date], date, int | None],
) -> None:
    stated, energised, day, kw = case
    for order in (stated, stated[::-1]):
        found = holding(order, energised, day, N)
        assert (found and found.kw) == kw
        assert binding(order, energised, day, N) == found


def test_without_a_criterion_the_stricter_of_those_stated_counts() -> None:
    both = [existing(200), existing(149, criterion=N_1)]
    assert [limit.kw for limit in all_holding(both, {}, DAY)] == [200, 149]
    for asked, kw in ((None, 149), (N, 200), (N_1, 149)):
        found = binding(both, {}, DAY, asked)
        assert found is not None
        assert found.kw == kw
    # One criterion alone is all that is known, and stricter than nothing.
    assert binding(both[:1], {}, DAY, None) == both[0]
    assert binding(both[:1], {}, DAY, N_1) is None


def test_a_limit_for_both_criteria_is_one_limit() -> None:
    limit = existing(149, criterion=None)
    assert all_holding([limit], {}, DAY) == [limit]


def problem(call: Any, *args: Any, **more: Any) -> Term | None:
    try:
        call(*args, **more)
    except RuleBroken as error:
        return error.problem
    return None


@pytest.mark.parametrize(
    ("condition", "names_work", "valid_until", "expected"),
    [
        (EXISTING, False, None, None),
        (EXISTING, False, DAY, None),
        (AFTER_WORK, True, None, None),
        (EXISTING, True, None, WorkProblem.LIMIT_WORK),
        (AFTER_WORK, False, None, WorkProblem.LIMIT_WORK),
        (EXISTING, False, BEFORE, Problem.PERIOD),
    ],
)
def test_a_limit_names_its_work_and_does_not_end_before_it_begins(
    condition: LimitCondition, names_work: bool, valid_until: date | None, expected: Term | None
) -> None:
    said = {"names_work": names_work, "valid_from": DAY, "valid_until": valid_until}
    assert problem(check_limit, condition, **said) == expected


@pytest.mark.parametrize(
    ("letter", "cites", "expected"),
    [
        (("12/SPC", BEFORE, "EVN SPC"), False, None),
        (("12/SPC", DAY, "EVN SPC"), True, None),
        ((None, None, None), True, None),
        ((None, None, None), False, WorkProblem.LIMIT_UNPROVEN),
        (("12/SPC", None, "EVN SPC"), True, Problem.LETTER_INCOMPLETE),
        ((None, BEFORE, None), False, Problem.LETTER_INCOMPLETE),
        (("12/SPC", date(2023, 7, 2), "EVN SPC"), False, Problem.IN_THE_FUTURE),
    ],
)
def test_a_limit_stands_on_a_letter_or_a_source(
    letter: tuple[str | None, date | None, str | None], cites: bool, expected: Term | None
) -> None:
    assert problem(check_ground, letter, letter[1], cites=cites, today=DAY) == expected


def test_a_limit_is_taken_back_once() -> None:
    assert problem(check_withdrawal, None) is None
    assert problem(check_withdrawal, 12) == WorkProblem.LIMIT_WITHDRAWN
