"""When everything can happen at the earliest, when it must at the latest, and what drives what: one network of activities.

Activities are positions 0..n-1 in arrays of plain values, days are whole numbers (proleptic ordinals, where day 1 is a
Monday, or any count from 0 where nothing counts working days). Something that takes d days from day D is finished on
day D + d. The computation knows no clock and no file; it works level by level, so that each level is a few array
operations: a level holds what waits only for levels before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import RuleBroken
from app.domain.levels import UNREACHED, circle, levels_of, offsets
from app.domain.problems import Problem

Days = NDArray[np.int64]
Positions = NDArray[np.int64]
Flags = NDArray[np.bool_]
Plain = TypeVar("Plain", bound=np.generic)

# What an activity is: still to be done, finished on a known day, or not applicable and passed through.
OPEN, DONE, PASSES = range(3)
# Before and after every day; any number of days added to them leaves them far beyond `NEVER // 2` and `FOREVER // 2`.
NEVER, FOREVER = -(2**60), 2**60
NONE = -1
WEEK, WORKING_WEEK = 7, 5


@dataclass(frozen=True, slots=True)
class Network:
    """n activities and the m dependencies between them, as arrays of length n and m.

    `duration` and `lag` are days >= 0, working days where `in_working_days` and `lag_in_working_days` say so. An OPEN
    activity starts not before `release` and finishes not before `floor` (NEVER where there is none; one without
    predecessors needs a release, it is the day it starts on) and wants to be finished by `deadline` (FOREVER where
    there is none). `finished` counts for DONE ones only. `source` must be finished, and `lag` be over, before `target`
    can start.
    """

    kind: NDArray[np.int8]
    duration: Days
    in_working_days: Flags
    release: Days
    floor: Days
    deadline: Days
    finished: Days
    source: Positions
    target: Positions
    lag: Days
    lag_in_working_days: Flags


@dataclass(frozen=True, slots=True)
class Passes:
    """What the forward and the backward pass found, by position.

    Latest days and `total_float` (calendar days from the earliest to the latest finish) are FOREVER where `has_latest`
    is false: what is done, and what nothing with a deadline waits for. Both earliest days of what is done are the day it
    was finished; those of a passed-through activity that waits for nothing are NEVER. `is_live` says what is open, or passed through by something open. `driver` is the
    live predecessor that decides when it finishes, NONE where it is no predecessor that decides. `order` holds all
    positions, each after its predecessors.
    """

    earliest_start: Days
    earliest_finish: Days
    latest_start: Days
    latest_finish: Days
    total_float: Days
    has_latest: Flags
    is_live: Flags
    driver: Positions
    order: Positions


class NetworkCycle(RuleBroken):
    """The activities at `positions` wait for each other: each for the one before it, the first for the last."""

    def __init__(self, positions: Sequence[int]) -> None:
        super().__init__(Problem.NETWORK_CYCLE, positions=tuple(positions))
        self.positions = tuple(positions)


class Workdays:
    """The working days: as stated for a span of days, Monday to Friday on every day before and after it.

    `is_working` says it of the days from `first` on. A day is an ordinal: day 1 is a Monday.
    """

    def __init__(self, first: int, is_working: Flags) -> None:
        end = first + len(is_working)
        # A week on each side; what lies further out is found in it, whole weeks away.
        around = [np.arange(first - WEEK, first), np.arange(end, end + WEEK)]
        before, after = ((days - 1) % WEEK < WORKING_WEEK for days in around)
        table = np.concatenate([before, np.asarray(is_working, np.bool_), after])
        self._first = first - WEEK
        self._counts = np.cumsum(table, dtype=np.int64)
        self._days = np.flatnonzero(table) + self._first

    def after(self, days: Days, count: Days) -> Days:
        """The `count`-th working day after each day, the day itself not counted; the day itself where `count` is 0."""
        return np.where(count > 0, self._day(self._number(days) + count), days)

    def before(self, days: Days, count: Days) -> Days:
        """The last day from which `after` comes to no later than each day."""
        return np.where(count > 0, self._day(self._number(days) - count + 1) - 1, days)

    def _number(self, days: Days) -> Days:
        """How many working days there are up to each day, counted from the beginning of the table."""
        index = days - self._first
        last = len(self._counts) - WEEK
        weeks: Days = (index - np.minimum(np.maximum(index, 0), last)) // WEEK
        found: Days = self._counts[index - weeks * WEEK] + weeks * WORKING_WEEK
        return found

    def _day(self, numbers: Days) -> Days:
        """The working days with these numbers; the first of the table is number 1."""
        index = numbers - 1
        last = len(self._days) - WORKING_WEEK
        weeks: Days = (index - np.minimum(np.maximum(index, 0), last)) // WORKING_WEEK
        found: Days = self._days[index - weeks * WORKING_WEEK] + weeks * WEEK
        return found


WEEKDAYS = Workdays(1, np.zeros(0, np.bool_))


def compute(network: Network, workdays: Workdays = WEEKDAYS) -> Passes:
    """Both passes over a network; without `workdays` every Monday to Friday is worked.

    OPEN: starts on its release or when the last predecessor is finished and the lag over, whichever is later, and
    finishes a duration later, not before its floor. DONE: finished on its day, whatever its predecessors do, and so it
    asks nothing of them. PASSES: finished with the last of its predecessors, without duration and lag before it; it
    hands on what its successors ask. An activity finishes at the latest by its deadline and so that every successor
    can still start at its latest. Among several predecessors that decide, the driver is the one at the lowest position.

    Raises NetworkCycle.
    """
    ordered = _Levels(network)
    lag = np.where(network.kind[network.target] == PASSES, 0, network.lag)[ordered.edges]
    lags = _Spans(lag, network.lag_in_working_days[ordered.edges], ordered.edge_cuts, workdays)
    duration = np.where(network.kind == OPEN, network.duration, 0)[ordered.order]
    durations = _Spans(duration, network.in_working_days[ordered.order], ordered.cuts, workdays)
    earliest = _forward(network, ordered, lags, durations)
    latest_start, latest_finish = _backward(network, ordered, lags, durations)

    has_latest = latest_finish < FOREVER // 2
    total_float = np.where(has_latest & (earliest.finish > NEVER), latest_finish - earliest.finish, FOREVER)
    return Passes(
        earliest_start=ordered.by_position(earliest.start),
        earliest_finish=ordered.by_position(earliest.finish),
        latest_start=ordered.by_position(np.where(has_latest, latest_start, FOREVER)),
        latest_finish=ordered.by_position(np.where(has_latest, latest_finish, FOREVER)),
        total_float=ordered.by_position(total_float),
        has_latest=ordered.by_position(has_latest),
        is_live=ordered.by_position(earliest.is_live),
        driver=ordered.by_position(earliest.driver),
        order=ordered.order,
    )


def chain(passes: Passes, network: Network, end: int) -> list[int]:
    """The positions that drive the one at `end`, the first of them first and `end` last, without passed-through ones."""
    found = []
    at = end
    while at != NONE:
        if network.kind[at] != PASSES:
            found.append(at)
        at = int(passes.driver[at])
    return found[::-1]


class _Levels:
    """The activities in levels, and the dependencies that lead into each.

    `order` lists the positions level by level; the place in it is an activity's rank. `edges` lists the dependencies by
    the rank of their target, `source` and `target` are the ranks they join. Level i holds the ranks from `cuts[i]` to
    `cuts[i + 1]`, and the edges from `edge_cuts[i]` to `edge_cuts[i + 1]` lead into it; those into the activity of
    rank r begin at `incoming[r]`. On every level but the first each activity has such edges.
    """

    def __init__(self, network: Network) -> None:
        level = levels_of(len(network.kind), network.source, network.target)
        if (level == UNREACHED).any():
            raise NetworkCycle(circle(level, network.source, network.target))
        self.order = np.argsort(level, kind="stable")
        rank = np.empty_like(self.order)
        rank[self.order] = np.arange(len(rank))
        target = rank[network.target]
        self.edges = np.argsort(target)
        self.source, self.target = rank[network.source[self.edges]], target[self.edges]
        self.incoming = offsets(target, len(rank))
        cuts = offsets(level, int(level.max(initial=-1)) + 1)
        self.cuts, self.edge_cuts = cuts.tolist(), self.incoming[cuts].tolist()

    def __len__(self) -> int:
        return len(self.cuts) - 1

    def into(self, level: int) -> tuple[slice, slice]:
        """The ranks on a level, and the edges that lead into them."""
        ranks = slice(self.cuts[level], self.cuts[level + 1])
        return ranks, slice(self.edge_cuts[level], self.edge_cuts[level + 1])

    def by_position(self, values: NDArray[Plain]) -> NDArray[Plain]:
        """What is listed by rank, listed by position."""
        placed = np.empty_like(values)
        placed[self.order] = values
        return placed


class _Spans:
    """Durations or lags, some of them in working days, cut as the levels are."""

    def __init__(self, days: Days, in_working_days: Flags, cuts: list[int], workdays: Workdays) -> None:
        self._days, self._cuts, self._workdays = days, cuts, workdays
        # No working days are no days at all: only longer spans need the calendar.
        self._working = np.flatnonzero(in_working_days & (days > 0))
        self._working_cuts = np.searchsorted(self._working, cuts).tolist()

    def after(self, level: int, begins: Days) -> Days:
        """When the spans of a level end that begin on these days."""
        days, working = self._of(level)
        ends = begins + days
        if len(working):
            ends[working] = self._workdays.after(begins[working], days[working])
        return ends

    def before(self, level: int, ends: Days) -> Days:
        """When the spans of a level begin at the latest to be over by these days."""
        days, working = self._of(level)
        begins = ends - days
        if len(working):
            begins[working] = self._workdays.before(ends[working], days[working])
        return begins

    def _of(self, level: int) -> tuple[Days, Positions]:
        """The spans of a level, and which of them count working days."""
        begin, end = self._cuts[level], self._cuts[level + 1]
        working = self._working[self._working_cuts[level] : self._working_cuts[level + 1]]
        return self._days[begin:end], working - begin


@dataclass(frozen=True, slots=True)
class _Earliest:
    """The forward pass, by rank."""

    start: Days
    finish: Days
    is_live: Flags
    driver: Positions


def _forward(network: Network, ordered: _Levels, lags: _Spans, durations: _Spans) -> _Earliest:
    kind = network.kind[ordered.order]
    is_open, waits, passes = kind == OPEN, kind != DONE, kind == PASSES
    start = np.select(
        [is_open, passes], [network.release[ordered.order], NEVER], network.finished[ordered.order]
    )
    floor = np.where(is_open, network.floor[ordered.order], NEVER)
    # When each is over by its predecessors alone, and when each dependency lets its target start.
    over, free = np.empty_like(start), np.empty_like(ordered.source)
    finish, is_live = np.empty_like(start), is_open.copy()
    for level in range(len(ordered)):
        ranks, edges = ordered.into(level)
        starts = start[ranks]
        if level:
            sources, begins = ordered.source[edges], ordered.incoming[ranks] - edges.start
            free[edges] = lags.after(level, finish[sources])
            np.maximum(starts, np.maximum.reduceat(free[edges], begins), out=starts, where=waits[ranks])
            is_live[ranks] |= passes[ranks] & np.logical_or.reduceat(is_live[sources], begins)
        over[ranks] = durations.after(level, starts)
        finish[ranks] = np.maximum(over[ranks], floor[ranks])

    decides = (
        is_live[ordered.source] & (free == start[ordered.target]) & (waits & (over == finish))[ordered.target]
    )
    driver = np.full_like(start, FOREVER)
    np.minimum.at(driver, ordered.target[decides], ordered.order[ordered.source[decides]])
    return _Earliest(start, finish, is_live, np.where(driver < FOREVER, driver, NONE))


def _backward(network: Network, ordered: _Levels, lags: _Spans, durations: _Spans) -> tuple[Days, Days]:
    """The latest starts and the latest finishes, by rank."""
    kind = network.kind[ordered.order]
    is_done = kind == DONE
    finish = np.where(kind == OPEN, network.deadline[ordered.order], FOREVER)
    start = np.empty_like(finish)
    for level in reversed(range(len(ordered))):
        ranks, edges = ordered.into(level)
        np.copyto(finish[ranks], FOREVER, where=is_done[ranks])
        start[ranks] = durations.before(level, finish[ranks])
        if level:
            asked = lags.before(level, start[ordered.target[edges]])
            np.minimum.at(finish, ordered.source[edges], asked)
    return start, finish
