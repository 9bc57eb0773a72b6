"""A network in which every activity states its successors by name: the form published scheduling networks come in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.schedule import FOREVER, NEVER, OPEN, Network, NetworkCycle, compute


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that takes `duration` days and must be finished before any of its `successors` starts."""

    id: str
    duration: int
    successors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timing:
    """When an activity starts and finishes, in days from 0, at the earliest and without delaying the whole."""

    id: str
    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int
    total_float: int

    @property
    def critical(self) -> bool:
        """Whether a day's delay of it delays the whole."""
        return self.total_float == 0


def timings(activities: Sequence[Activity]) -> list[Timing]:
    """The timings of a network in which everything may start on day 0, in the order given.

    The latest days are those that keep the makespan, the largest earliest finish. Raises Invalid for a duplicate id
    and an unknown successor, and RuleBroken for a cycle; the details name the `activity` as well as the field.
    """
    network = _network(activities)
    try:
        makespan = compute(network).earliest_finish.max(initial=0)
        passes = compute(replace(network, deadline=np.full(len(activities), makespan)))
    except NetworkCycle as cycle:
        raise _named(cycle, activities) from cycle
    columns = (
        passes.earliest_start,
        passes.earliest_finish,
        passes.latest_start,
        passes.latest_finish,
        passes.total_float,
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [Timing(activity.id, *row) for activity, row in zip(activities, rows, strict=True)]


def makespan(timings: Sequence[Timing]) -> int:
    """The day on which everything is finished at the earliest."""
    return max((timing.earliest_finish for timing in timings), default=0)


def _network(activities: Sequence[Activity]) -> Network:
    """The arrays: all open, released on day 0, in calendar days, without lags."""
    positions = _positions(activities)
    count = len(activities)
    target = np.array(list(chain.from_iterable(_followers(a, positions) for a in activities)), np.int64)
    return Network(
        kind=np.full(count, OPEN, np.int8),
        duration=np.array([activity.duration for activity in activities], np.int64),
        in_working_days=np.zeros(count, np.bool_),
        release=np.zeros(count, np.int64),
        floor=np.full(count, NEVER),
        deadline=np.full(count, FOREVER),
        finished=np.full(count, NEVER),
        source=np.repeat(np.arange(count), [len(activity.successors) for activity in activities]),
        target=target,
        lag=np.zeros(len(target), np.int64),
        lag_in_working_days=np.zeros(len(target), np.bool_),
    )


def _positions(activities: Sequence[Activity]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, activity in enumerate(activities):
        if positions.setdefault(activity.id, position) != position:
            raise Invalid(Problem.DUPLICATE, field="id", activity=activity.id)
    return positions


def _followers(activity: Activity, positions: dict[str, int]) -> list[int]:
    for successor in activity.successors:
        if successor not in positions:
            raise Invalid(
                Problem.UNKNOWN_MILESTONE, field="successors", activity=activity.id, successor=successor
            )
    return [positions[successor] for successor in activity.successors]


def _named(cycle: NetworkCycle, activities: Sequence[Activity]) -> RuleBroken:
    """A cycle by the ids of its activities, the first of them at the end once more."""
    ids = [activities[position].id for position in (*cycle.positions, cycle.positions[0])]
    return RuleBroken(cycle.problem, field="successors", activity=ids[0], cycle=" → ".join(ids))
