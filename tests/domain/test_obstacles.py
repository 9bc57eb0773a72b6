"""Where an obstacle stands on a day, and what may happen to it next; the parties are those of the templates."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain import obstacles
from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import ObstacleAct, ObstacleState, Party
from app.domain.words import Term
from app.outside import shipped

TODAY = date(2023, 2, 7)
YESTERDAY, TOMORROW = date(2023, 2, 6), date(2023, 2, 8)
LAST_YEAR = date(2022, 12, 31)


def test_the_parties_are_the_roles_of_the_templates_under_the_same_names() -> None:
    roles = shipped.templates().roles
    assert {party.value: (party.vi, party.en) for party in Party} == {
        code: (wording.vi, wording.en) for code, wording in roles.items()
    }


@pytest.mark.parametrize(
    ("due_on", "closed_on", "state", "overdue"),
    [
        (None, None, ObstacleState.OPEN, 0),
        (TOMORROW, None, ObstacleState.OPEN, 0),
        (TODAY, None, ObstacleState.OPEN, 0),
        (YESTERDAY, None, ObstacleState.OVERDUE, 1),
        (LAST_YEAR, None, ObstacleState.OVERDUE, 38),
        (None, YESTERDAY, ObstacleState.CLOSED, 0),
        (TOMORROW, YESTERDAY, ObstacleState.CLOSED, 0),
        (YESTERDAY, YESTERDAY, ObstacleState.CLOSED, 0),
        # Closed five days late stays five days late, however long ago.
        (LAST_YEAR, date(2023, 1, 5), ObstacleState.CLOSED, 5),
    ],
)
def test_it_is_overdue_from_the_day_after_its_deadline_until_it_is_closed(
    due_on: date | None, closed_on: date | None, state: ObstacleState, overdue: int
) -> None:
    assert obstacles.state(due_on, closed_on, TODAY) == state
    assert obstacles.overdue_days(due_on, closed_on, TODAY) == overdue


@pytest.mark.parametrize(
    ("raised_on", "closed_on", "days"),
    [(TODAY, None, 0), (LAST_YEAR, None, 38), (LAST_YEAR, date(2023, 1, 5), 5), (TODAY, TODAY, 0)],
)
def test_its_age_counts_calendar_days_until_it_is_closed(
    raised_on: date, closed_on: date | None, days: int
) -> None:
    assert obstacles.age_days(raised_on, closed_on, TODAY) == days


@pytest.mark.parametrize(
    ("act", "closed_on", "problem"),
    [
        (ObstacleAct.POSTPONED, None, None),
        (ObstacleAct.REASSIGNED, None, None),
        (ObstacleAct.CLOSED, None, None),
        (ObstacleAct.REOPENED, None, Problem.OBSTACLE_OPEN),
        (ObstacleAct.POSTPONED, YESTERDAY, Problem.OBSTACLE_CLOSED),
        (ObstacleAct.REASSIGNED, YESTERDAY, Problem.OBSTACLE_CLOSED),
        (ObstacleAct.CLOSED, YESTERDAY, Problem.OBSTACLE_CLOSED),
        (ObstacleAct.REOPENED, YESTERDAY, None),
        # It is raised once.
        (ObstacleAct.RAISED, None, Problem.OBSTACLE_OPEN),
        (ObstacleAct.RAISED, YESTERDAY, Problem.OBSTACLE_CLOSED),
    ],
)
def test_an_act_is_possible_where_the_state_lets_it(
    act: ObstacleAct, closed_on: date | None, problem: Problem | None
) -> None:
    assert refused(lambda: obstacles.check_act(act, closed_on)) == problem


def test_every_state_says_what_may_come_next_and_every_act_comes_after_some_state() -> None:
    assert set(obstacles.ACTS) == set(ObstacleState)
    assert frozenset.union(*obstacles.ACTS.values()) == set(ObstacleAct) - {ObstacleAct.RAISED}


@pytest.mark.parametrize(
    ("check", "given", "problem"),
    [
        (obstacles.check_change, (None,), None),
        (obstacles.check_change, (YESTERDAY,), Problem.OBSTACLE_CLOSED),
        (obstacles.check_raised, (TODAY, None, TODAY), None),
        (obstacles.check_raised, (TODAY, TODAY, TODAY), None),
        (obstacles.check_raised, (LAST_YEAR, YESTERDAY, TODAY), None),
        (obstacles.check_raised, (TOMORROW, None, TODAY), Problem.IN_THE_FUTURE),
        (obstacles.check_raised, (TODAY, YESTERDAY, TODAY), Problem.BEFORE_RAISED),
        # A change sets the first deadline, or an earlier one, but never a later one and never none.
        (obstacles.check_deadline, (None, TOMORROW, LAST_YEAR), None),
        (obstacles.check_deadline, (None, None, LAST_YEAR), None),
        (obstacles.check_deadline, (TODAY, TODAY, LAST_YEAR), None),
        (obstacles.check_deadline, (TODAY, YESTERDAY, LAST_YEAR), None),
        (obstacles.check_deadline, (TODAY, TOMORROW, LAST_YEAR), Problem.POSTPONE_INSTEAD),
        (obstacles.check_deadline, (TODAY, None, LAST_YEAR), Problem.POSTPONE_INSTEAD),
        (obstacles.check_deadline, (None, LAST_YEAR, YESTERDAY), Problem.BEFORE_RAISED),
        (obstacles.check_postponement, (TODAY, TOMORROW), None),
        (obstacles.check_postponement, (TODAY, TODAY), Problem.DEADLINE_NOT_LATER),
        (obstacles.check_postponement, (TODAY, YESTERDAY), Problem.DEADLINE_NOT_LATER),
        (obstacles.check_postponement, (None, TOMORROW), Problem.DEADLINE_MISSING),
        (obstacles.check_closing, (LAST_YEAR, TODAY, TODAY), None),
        (obstacles.check_closing, (TODAY, TODAY, TODAY), None),
        (obstacles.check_closing, (LAST_YEAR, TOMORROW, TODAY), Problem.IN_THE_FUTURE),
        (obstacles.check_closing, (TODAY, YESTERDAY, TODAY), Problem.BEFORE_RAISED),
    ],
)
def test_days_that_cannot_be_are_refused_by_name(
    check: Callable[..., Any], given: tuple[date | None, ...], problem: Problem | None
) -> None:
    assert refused(lambda: check(*given)) == problem


def test_a_postponement_tells_the_deadline_that_is_given_up() -> None:
    assert obstacles.check_postponement(TODAY, TOMORROW) == TODAY


def refused(check: Callable[[], Any]) -> Term | None:
    """What is said against it; None where nothing is."""
    try:
        check()
    except RuleBroken as error:
        return error.problem
    return None
