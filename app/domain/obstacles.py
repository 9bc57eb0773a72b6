"""An obstacle (vướng mắc): where it stands on a day, how old and how late it is, and what may happen to it next.

Whoever must act is a `Party`, by when is its deadline. A deadline moves later only by a postponement with its reason,
so that promises that were not kept stay countable (domain rules 5.3: last week's promise kept or not).
"""

from datetime import date

from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import ObstacleAct, ObstacleState

_AT_WORK = frozenset({ObstacleAct.POSTPONED, ObstacleAct.REASSIGNED, ObstacleAct.CLOSED})
# What may come next. Raising makes an obstacle, so it is no act upon one.
ACTS: dict[ObstacleState, frozenset[ObstacleAct]] = {
    ObstacleState.OPEN: _AT_WORK,
    ObstacleState.OVERDUE: _AT_WORK,
    ObstacleState.CLOSED: frozenset({ObstacleAct.REOPENED}),
}


def state(due_on: date | None, closed_on: date | None, today: date) -> ObstacleState:
    """Where it stands on a day. The deadline itself is still in time; without one it is never overdue."""
    if closed_on is not None:
        return ObstacleState.CLOSED
    return ObstacleState.OPEN if due_on is None or due_on >= today else ObstacleState.OVERDUE


def overdue_days(due_on: date | None, closed_on: date | None, today: date) -> int:
    """Calendar days after its deadline: until today, or until it was closed. 0 where it is in time or has none."""
    return 0 if due_on is None else max(0, ((closed_on or today) - due_on).days)


def age_days(raised_on: date, closed_on: date | None, today: date) -> int:
    """Calendar days since it was raised: until today, or until it was closed."""
    return ((closed_on or today) - raised_on).days


def check_act(act: ObstacleAct, closed_on: date | None) -> None:
    """Raises RuleBroken where `act` is not possible: anything on a closed obstacle, reopening one that is open."""
    if act not in ACTS[ObstacleState.OPEN if closed_on is None else ObstacleState.CLOSED]:
        raise RuleBroken(Problem.OBSTACLE_OPEN if closed_on is None else Problem.OBSTACLE_CLOSED)


def check_change(closed_on: date | None) -> None:
    """Raises RuleBroken where the obstacle is closed: what was settled stays as it was settled."""
    if closed_on is not None:
        raise RuleBroken(Problem.OBSTACLE_CLOSED)


def check_raised(raised_on: date, due_on: date | None, today: date) -> None:
    """Raises RuleBroken where an obstacle is raised in the future, or due before it was raised."""
    if raised_on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="raised_on", today=today)
    if due_on is not None and due_on < raised_on:
        raise RuleBroken(Problem.BEFORE_RAISED, field="due_on", raised_on=raised_on)


def check_deadline(due_on: date | None, new: date | None, raised_on: date) -> None:
    """Raises RuleBroken unless a mere change may set this deadline: the first one, or an earlier one."""
    if due_on is not None and (new is None or new > due_on):
        raise RuleBroken(Problem.POSTPONE_INSTEAD, field="due_on", previous_on=due_on)
    if new is not None and new < raised_on:
        raise RuleBroken(Problem.BEFORE_RAISED, field="due_on", raised_on=raised_on)


def check_postponement(due_on: date | None, new: date) -> date:
    """The deadline that is given up. Raises RuleBroken where there is none, or the new one is not after it."""
    if due_on is None:
        raise RuleBroken(Problem.DEADLINE_MISSING, field="due_on")
    if new <= due_on:
        raise RuleBroken(Problem.DEADLINE_NOT_LATER, field="due_on", previous_on=due_on)
    return due_on


def check_closing(raised_on: date, closed_on: date, today: date) -> None:
    """Raises RuleBroken where an obstacle is closed in the future (rule R12), or before it was raised."""
    if closed_on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="closed_on", today=today)
    if closed_on < raised_on:
        raise RuleBroken(Problem.BEFORE_RAISED, field="closed_on", raised_on=raised_on)
