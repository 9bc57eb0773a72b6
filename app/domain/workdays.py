"""Working days in Viet Nam: weekends, public holidays and make-up days, and the terms that are counted in them.

Which days are off is dated data (`app/register/calendar.yaml`), never a rule in code: the government announces it
year by year. A year without data counts Monday to Friday as working and is provisional.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from app.domain.vocabulary import CalendarStatus

MONDAY_TO_FRIDAY, WEEK = 5, 7


@dataclass(frozen=True, slots=True)
class DaysOff:
    """A public holiday: every day from `first` to `last`, both counted, weekends inside it too."""

    first: date
    last: date
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year's days off, in order and apart, and the weekend days worked in exchange (làm bù).

    `source` names the announcement that a published year rests on; it is empty where none was read.
    """

    year: int
    status: CalendarStatus
    days_off: tuple[DaysOff, ...] = ()
    make_up_days: tuple[date, ...] = ()
    source: str = ""


class _Change(NamedTuple):
    """A day that is not what its weekday says, and how the count of working days stands with it."""

    ordinal: int
    works: bool  # A weekend day that is worked; otherwise a weekday that is off.
    total: int  # Working days from the first day there is up to this one, itself counted.
    shift: int  # How far `total` is from the weekdays up to here.


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of every year there is; each method costs a binary search over the days that differ.

    Where data contradict themselves a day off wins; `formats.calendar` refuses such a file. A day before year 1 or
    after year 9999 raises ValueError.
    """

    years: tuple[CalendarYear, ...] = ()

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        ordinal = day.toordinal()
        return self._count(ordinal) > self._count(ordinal - 1)

    def day_off(self, day: date) -> DaysOff | None:
        """The public holiday that `day` falls in; None on every other day, plain weekends among them."""
        runs = self._runs
        at = bisect_right(runs, day, key=lambda run: run.first) - 1
        return runs[at] if at >= 0 and day <= runs[at].last else None

    def after(self, day: date, days: int) -> date:
        """The `days`-th working day after `day`, which is not counted itself; 0 gives `day`, whatever day it is.

        The first day of a term is not counted: Civil Code 2015, Art. 147 (domain rules, section 7).
        """
        if _checked(days) == 0:
            return day
        return self._working_day(self._count(day.toordinal()) + days)

    def before(self, day: date, days: int) -> date:
        """The `days`-th working day before `day`, which is not counted itself; 0 gives `day`, whatever day it is.

        So a notice "at least 20 working days before" is counted. It is a working day already and never rolled.
        """
        if _checked(days) == 0:
            return day
        return self._working_day(self._count(day.toordinal() - 1) - days + 1)

    def on_or_before(self, day: date) -> date:
        """`day` where it is a working day, else the last working day before it."""
        return self._working_day(self._count(day.toordinal()))

    def on_or_after(self, day: date) -> date:
        """`day` where it is a working day, else the first working day after it."""
        return self._working_day(self._count(day.toordinal() - 1) + 1)

    def rolled(self, day: date) -> date:
        """When a term counted forward to `day` really ends: a last day that is off gives the next working day.

        Civil Code 2015, Art. 148 (domain rules, section 7). For forward terms only: a notice counted back from a
        later day is never rolled forward, for it would come too late; it is filed `on_or_before` its day.
        """
        return self.on_or_after(day)

    def working_days_in(self, year: int) -> int:
        """How many working days `year` has; 249 in 2023 (S36)."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return self._count(last) - self._count(first - 1)

    def is_provisional(self, when: date | int) -> bool:
        """Whether the days off of a year, or of the year of a day, rest on no published decision."""
        return (when.year if isinstance(when, date) else when) not in self._published

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Whether a count from `first` to `last` goes through any provisional year."""
        return any(self.is_provisional(year) for year in range(first.year, last.year + 1))

    def mask(self, first: date, last: date) -> list[bool]:
        """Whether each day works, from `first` to `last`, both in; for computing on arrays. Empty if `last` is earlier."""
        start, end = first.toordinal(), last.toordinal()
        days = [_is_weekday(ordinal) for ordinal in range(start, end + 1)]
        changes = self._changes
        for change in changes[bisect_left(self._ordinals, start) : bisect_right(self._ordinals, end)]:
            days[change.ordinal - start] = change.works
        return days

    @cached_property
    def _runs(self) -> list[DaysOff]:
        return sorted((run for year in self.years for run in year.days_off), key=lambda run: run.first)

    @cached_property
    def _published(self) -> frozenset[int]:
        return frozenset(year.year for year in self.years if year.status == CalendarStatus.PUBLISHED)

    @cached_property
    def _changes(self) -> list[_Change]:
        """The days that differ from their weekday, ascending, with the count of working days up to each."""
        off = {
            ordinal
            for run in self._runs
            for ordinal in range(run.first.toordinal(), run.last.toordinal() + 1)
        }
        made_up = {day.toordinal() for year in self.years for day in year.make_up_days} - off
        days = {ordinal: False for ordinal in off if _is_weekday(ordinal)}
        days |= {ordinal: True for ordinal in made_up if not _is_weekday(ordinal)}
        changes, shift = [], 0
        for ordinal, works in sorted(days.items()):
            shift += 1 if works else -1
            changes.append(_Change(ordinal, works, _weekdays(ordinal) + shift, shift))
        return changes

    @cached_property
    def _ordinals(self) -> list[int]:
        return [change.ordinal for change in self._changes]

    @cached_property
    def _totals(self) -> list[int]:
        return [change.total for change in self._changes]

    def _count(self, ordinal: int) -> int:
        """How many working days there are from the first day there is up to `ordinal`, itself counted."""
        at = bisect_right(self._ordinals, ordinal) - 1
        return _weekdays(ordinal) + (self._changes[at].shift if at >= 0 else 0)

    def _working_day(self, count: int) -> date:
        """The working day with which the count from the first day there is reaches `count`."""
        # The first change that reaches `count` either is the day asked for (a weekend day worked, which adds one) or
        # comes after it; up to that change the weekdays run on with the shift of the change before.
        at = bisect_left(self._totals, count)
        if at < len(self._changes) and self._changes[at].works and self._changes[at].total == count:
            return date.fromordinal(self._changes[at].ordinal)
        weeks, rest = divmod(count - (self._changes[at - 1].shift if at else 0) - 1, MONDAY_TO_FRIDAY)
        return date.fromordinal(weeks * WEEK + rest + 1)


def _is_weekday(ordinal: int) -> bool:
    # Ordinal 1, the first day of year 1, is a Monday.
    return (ordinal - 1) % WEEK < MONDAY_TO_FRIDAY


def _weekdays(ordinal: int) -> int:
    """How many Mondays to Fridays there are from the first day there is up to `ordinal`, itself counted."""
    weeks, rest = divmod(ordinal, WEEK)
    return weeks * MONDAY_TO_FRIDAY + min(rest, MONDAY_TO_FRIDAY)


def _checked(days: int) -> int:
    if days < 0:
        raise ValueError("A term has 0 days or more; count the other way with `before` or `after`.")
    return days
