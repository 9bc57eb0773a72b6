"""The observed pace of a line, and when the units that are left will be there if it goes on like that.

A week is seven days back from the day asked for, that day included. Only full weeks after the first word on the stage
are observed: what was reported first is a stock, and nobody knows how long it took. Reopenings count against the pace.

The likely rate is the mean of the weekly increments. Its uncertainty [E] is the 90 % interval of that mean, rate ±
1.64 · √(v / n) over n weeks, where v is the variance between the weeks but never less than the rate itself: that is the
spread of events that come singly, so that a few even weeks do not feign certainty.

Of units that are blocked or reopened the pace says nothing: how long an owner holds out does not follow from how fast
the others were done. They are left out and named beside the forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import fmean, variance

from app.domain.units import KIND_OF, Count, Line
from app.domain.vocabulary import UnitStage, UnitStatus

WEEKS = 8
WEEK_DAYS = 7
# How far on both sides of the mean rate its 90 % interval reaches, in standard errors [E].
REACH = 1.64
# What would take longer at its pace than a century stands still [E].
LONGEST_DAYS = 36_500


def increments(line: Line, stage: UnitStage, day: date, weeks: int = WEEKS) -> tuple[int, ...]:
    """How many units more had passed a stage at the end of each of the last full weeks, the oldest first.

    At most `weeks` of them; fewer where the first word on the stage is younger, none where nothing was said yet.
    """
    first, turns = _turns(line, stage)
    if first is None:
        return ()
    observed = max(0, min(weeks, (day - first).days // WEEK_DAYS))
    found = [0] * observed
    for turned_on, by in turns:
        week = (day - turned_on).days // WEEK_DAYS
        if 0 <= week < observed:
            found[observed - 1 - week] += by
    return tuple(found)


def _turns(line: Line, stage: UnitStage) -> tuple[date | None, list[tuple[date, int]]]:
    """The first day on which anything was said of a stage, and every day on which a unit passed it (1) or went back (-1)."""
    first: date | None = None
    turns: list[tuple[date, int]] = []
    for unit in line.of(KIND_OF[stage]):
        timeline = line.timelines(unit)[stage]
        if timeline and (first is None or timeline[0].effective_on < first):
            first = timeline[0].effective_on
        was_done = False
        for report in timeline:
            is_done = report.status == UnitStatus.DONE
            if is_done != was_done:
                turns.append((report.effective_on, 1 if is_done else -1))
            was_done = is_done
    return first, turns


@dataclass(frozen=True, slots=True)
class Days:
    """When something is reached: at the earliest, likely, at the latest; None where the pace gives no such day."""

    earliest_on: date | None = None
    likely_on: date | None = None
    latest_on: date | None = None


UNKNOWN = Days()


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the pace up to `day` says of the units that are left (None: nobody knows how many), `held` of them blocked or
    reopened."""

    day: date
    left: int | None
    held: int
    increments: Sequence[int]

    @property
    def weeks_observed(self) -> int:
        return len(self.increments)

    @property
    def per_week(self) -> float | None:
        """Units a week on average, below 0 where more went back than came; None where no week was observed."""
        return fmean(self.increments) if self.increments else None

    def interval(self) -> tuple[float, float] | None:
        """The slowest and the fastest rate that agree with what was observed; None where nothing moved ahead."""
        rate = self.per_week
        if rate is None or rate <= 0:
            return None
        between = variance(self.increments) if self.weeks_observed > 1 else 0.0
        reach = REACH * sqrt(max(between, rate) / self.weeks_observed)
        return rate - reach, rate + reach

    def all_but(self, units: int) -> Days:
        """When all but so many units have passed; the day asked for where it is so already. No day is known while a
        unit beyond those `units` is held, nothing moved, or nobody knows how many there are."""
        if self.left is None:
            return UNKNOWN
        ahead = self.left - units
        if ahead <= 0:
            return Days(self.day, self.day, self.day)
        rates = self.interval()
        if rates is None or units < self.held:
            return UNKNOWN
        slow, fast = rates
        return Days(self._after(ahead, fast), self._after(ahead, self.per_week), self._after(ahead, slow))

    def _after(self, units: int, per_week: float | None) -> date | None:
        """The day on which so many more have passed at a rate; None where that rate never brings them."""
        if per_week is None or per_week * LONGEST_DAYS < units * WEEK_DAYS:
            return None
        return self.day + timedelta(days=ceil(units * WEEK_DAYS / per_week))

    def all_but_on(self, units: int) -> date | None:
        """The likely day on which all but so many units have passed."""
        return self.all_but(units).likely_on


def forecast(line: Line, counted: Count, day: date, weeks: int = WEEKS) -> Forecast:
    """What the pace of a line says of one stage, counted on `day`, by its last `weeks` weeks."""
    return Forecast(day, counted.left, counted.held, increments(line, counted.stage, day, weeks))
