"""The rhythm of progress reports, who has reported in it, and how old what is known of a reporter is.

A period runs from one cut-off to the next: after the first, up to the second, which counts as in time. The convention
is a week closed on Thursday at 16:00 in Viet Nam (domain rules 5.3). What nobody reported is never taken for reported.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.domain.calendar import ZONE, local_day
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, Freshness, ReportState

# Cut-offs are counted from the first chosen weekday on or after this Monday.
FIRST_MONDAY = date(2023, 1, 2)
# Rule R39, in days without a word: more than a week is a warning, more than two go to the superior.
STALE_AFTER, ESCALATED_AFTER = 7, 14
# Within the week figures begin to grey after half of it [E].
FRESH_FOR = 3
# A report that came in is no change of what it reports on, and a key no progress.
NO_CHANGE = frozenset({Fact.PROGRESS_REPORTED, Fact.KEY_CREATED, Fact.KEY_REVOKED, Fact.USER_CREATED})


@dataclass(frozen=True, slots=True)
class Period:
    """After `starts_at`, up to `ends_at` (both UTC instants of a cut-off); `ends_on` is its last day in Viet Nam."""

    starts_at: datetime
    ends_at: datetime

    @property
    def ends_on(self) -> date:
        return local_day(self.ends_at)

    def is_closed(self, now: datetime) -> bool:
        """Whether its cut-off has passed; at the very instant it has not."""
        return now > self.ends_at


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When reports are due: `weekday` 0 Monday to 6 Sunday, `hour` in Viet Nam, every `every_days` days."""

    weekday: int = 3
    hour: int = 16
    every_days: int = 7

    @property
    def every(self) -> timedelta:
        return timedelta(days=self.every_days)

    def is_cutoff(self, day: date) -> bool:
        """Whether a period ends on `day`."""
        return (day - FIRST_MONDAY).days % self.every_days == self.weekday % self.every_days

    def ending(self, day: date) -> Period:
        """The period whose cut-off is on `day`. Reports of an earlier rhythm keep their day, so any day is taken."""
        ends_at = datetime(day.year, day.month, day.day, self.hour, tzinfo=ZONE).astimezone(UTC)
        return Period(ends_at - self.every, ends_at)

    def period_of(self, now: datetime) -> Period:
        """The period that is open at `now`."""
        first = self.ending(FIRST_MONDAY + timedelta(days=self.weekday)).ends_at
        # Rounded up: a cut-off belongs to the period that it closes.
        after = -((first - now) // self.every)
        ends_at = first + after * self.every
        return Period(ends_at - self.every, ends_at)

    def before(self, period: Period, periods: int = 1) -> Period:
        """The period that many periods before `period`."""
        return Period(period.starts_at - periods * self.every, period.ends_at - periods * self.every)


def reported_period(rhythm: Rhythm, ends_on: date | None, now: datetime) -> Period:
    """The period a report is for: the open one, or the closed one that ends on a day.

    Raises Invalid where no period ends on that day, RuleBroken where the period has not begun.
    """
    current = rhythm.period_of(now)
    if ends_on is None:
        return current
    if not rhythm.is_cutoff(ends_on):
        raise Invalid(Problem.NO_PERIOD_END, field="period_ends_on", current=current.ends_on)
    if ends_on > current.ends_on:
        raise RuleBroken(Problem.PERIOD_AHEAD, field="period_ends_on", current=current.ends_on)
    return rhythm.ending(ends_on)


def check_content(narrative: str | None, *, nothing_changed: bool) -> None:
    """Raises RuleBroken unless a report says exactly one: something, or that nothing changed."""
    if (narrative is not None) == nothing_changed:
        raise RuleBroken(Problem.NARRATIVE_OR_NOTHING, field="narrative")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of a reporter. `since` is when it was registered: nothing was due from it before.

    `closed_on` is the end of the last closed period it has reported, also late; `has_current` whether it has reported
    the open one; `report_on` and `change_on` are the days of its last report and of its last change to the records;
    `pulled_at` is when its own system was last asked whole for what it has, where one is connected.
    """

    since: datetime
    closed_on: date | None = None
    has_current: bool = False
    report_on: date | None = None
    change_on: date | None = None
    pulled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a reporter stands. `missed` counts the closed periods in a row, up to the last one, without a report."""

    current: ReportState
    last_closed: ReportState | None
    missed: int

    @property
    def state(self) -> ReportState:
        """The one word for it: a report for the open period is the last word, else what was missed, else it is due."""
        if self.current == ReportState.REPORTED or not self.missed:
            return self.current
        return ReportState.SILENT if self.missed > 1 else ReportState.LATE


def standing(rhythm: Rhythm, heard: Heard, now: datetime) -> Standing:
    """Where a reporter stands at `now`. The last closed period is None where it closed before the reporter was there."""
    last = rhythm.before(rhythm.period_of(now))
    # Nothing was due before the period in which it was registered, and nothing up to what it has reported.
    begun = rhythm.period_of(heard.since).starts_at
    covered = begun if heard.closed_on is None else _covered(rhythm, heard.closed_on)
    missed = max(0, (last.ends_at - max(begun, covered)) // rhythm.every)
    closed = None
    if missed:
        closed = ReportState.SILENT if missed > 1 else ReportState.LATE
    elif heard.closed_on is not None and covered >= last.ends_at:
        closed = ReportState.REPORTED
    return Standing(ReportState.REPORTED if heard.has_current else ReportState.DUE, closed, missed)


def _covered(rhythm: Rhythm, ends_on: date) -> datetime:
    """The end of the period that a report for `ends_on` covers: a day of an earlier rhythm falls into one of this."""
    return rhythm.period_of(rhythm.ending(ends_on).ends_at).ends_at


def age_days(heard: Heard, today: date) -> int | None:
    """Calendar days since its last word, a report, a change or what its system said, whichever is latest; None where
    there was none."""
    pulled_on = None if heard.pulled_at is None else local_day(heard.pulled_at)
    words = [day for day in (heard.report_on, heard.change_on, pulled_on) if day is not None]
    return max(0, (today - max(words)).days) if words else None


def is_stale(age: int | None) -> bool:
    """Rule R39: no word for more than 7 days, or never one."""
    return age is None or age > STALE_AFTER


def is_escalated(heard: Heard, today: date) -> bool:
    """Rule R39: no word for more than 14 days; where there never was one, since it was registered."""
    age = age_days(heard, today)
    return (age if age is not None else (today - local_day(heard.since)).days) > ESCALATED_AFTER


def freshness(age: int | None) -> Freshness:
    """How far figures are greyed: fresh up to 3 days, ageing up to 7, then stale."""
    if age is None or age > STALE_AFTER:
        return Freshness.STALE
    return Freshness.FRESH if age <= FRESH_FOR else Freshness.AGEING
