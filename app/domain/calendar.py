"""Days and instants in Viet Nam: UTC+7 all year, no daylight saving (domain rules, section 7)."""

import calendar as gregorian
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone

from app.domain.vocabulary import Precision, Step

ZONE = timezone(timedelta(hours=7), "+07:00")
MONTHS_IN = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}


def local_day(at: datetime) -> date:
    """The calendar day in Viet Nam at the instant `at`."""
    return at.astimezone(ZONE).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of `day` in Viet Nam, as a UTC instant (rule R43: 23:59:59 +07:00)."""
    return datetime.combine(day, time.max, ZONE).astimezone(UTC)


def last_day_of(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, gregorian.monthrange(year, month)[1])


def last_possible(day: date, precision: Precision) -> date:
    """The last day that `day`, known only to `precision`, can mean: an imprecise date counts from then."""
    if precision == Precision.MONTH:
        return last_day_of(day.year, day.month)
    if precision == Precision.QUARTER:
        return last_day_of(day.year, (day.month - 1) // 3 * 3 + 3)
    if precision == Precision.YEAR:
        return date(day.year, 12, 31)
    return day


def period_ends(first: date, last: date, step: Step) -> Iterator[date]:
    """The last day of every `step` from the one holding `first` to the one holding `last`, none after `last`
    except where `last` itself closes its period; `last` is always the final point."""
    months = MONTHS_IN[step]
    month = first.year * 12 + (first.month - 1) // months * months + months - 1
    while True:
        end = last_day_of(month // 12, month % 12 + 1)
        if end >= last:
            yield last
            return
        yield end
        month += months
