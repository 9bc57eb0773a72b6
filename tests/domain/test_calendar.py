"""Days in Viet Nam: where one ends (rule R43), the last day an imprecise date can mean, and the ends of periods."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.calendar import ZONE, end_of_day, last_day_of, last_possible, local_day, period_ends
from app.domain.vocabulary import Precision, Step

MICROSECOND = timedelta(microseconds=1)
DUE = date(2023, 12, 31)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2023-12-31T23:59:59+07:00", DUE),
        ("2023-12-31T23:59:59.999999+07:00", DUE),
        ("2024-01-01T00:00:00+07:00", date(2024, 1, 1)),
        ("2023-12-31T16:59:59.999999+00:00", DUE),
        ("2023-12-31T17:00:00+00:00", date(2024, 1, 1)),
        ("2023-12-30T17:00:00+00:00", DUE),
        ("2023-12-31T11:59:59-05:00", DUE),
        ("2024-01-01T02:00:00+14:00", DUE),
    ],
)
def test_an_instant_falls_on_the_day_it_is_in_viet_nam(instant: str, day: date) -> None:
    assert local_day(datetime.fromisoformat(instant)) == day


def test_r43_the_end_of_the_target_day_counts_and_one_microsecond_later_does_not() -> None:
    end = end_of_day(DUE)
    assert end == datetime.fromisoformat("2023-12-31T23:59:59.999999+07:00")
    assert datetime.fromisoformat("2023-12-31T23:59:59+07:00") <= end
    assert local_day(end) == DUE
    assert local_day(end + MICROSECOND) == DUE + timedelta(days=1)


def test_the_end_of_a_day_is_given_in_utc() -> None:
    assert end_of_day(DUE).tzinfo is UTC
    assert end_of_day(DUE).hour == 16


@given(some.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    assert local_day(end_of_day(day)) == day
    assert local_day(end_of_day(day) + MICROSECOND) == day + timedelta(days=1)
    assert end_of_day(day) + timedelta(days=1) == end_of_day(day + timedelta(days=1))


@given(some.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)), some.integers(-12, 14))  # noqa: DTZ001 - given a zone next
def test_a_day_does_not_hang_on_the_zone_an_instant_is_written_in(at: datetime, hours: int) -> None:
    instant = at.replace(tzinfo=UTC)
    assert local_day(instant.astimezone(timezone(timedelta(hours=hours)))) == local_day(instant)


def test_viet_nam_is_seven_hours_ahead_all_year() -> None:
    for month in range(1, 13):
        assert datetime(2023, month, 1, tzinfo=ZONE).utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [(2023, 1, 31), (2023, 2, 28), (2024, 2, 29), (2000, 2, 29), (1900, 2, 28), (2023, 12, 31)],
)
def test_a_month_ends_on_its_last_day(year: int, month: int, last: int) -> None:
    assert last_day_of(year, month) == date(year, month, last)


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (date(2021, 8, 14), Precision.DAY, date(2021, 8, 14)),
        (date(2021, 10, 31), Precision.BY, date(2021, 10, 31)),
        (date(2021, 8, 14), Precision.MONTH, date(2021, 8, 31)),
        (date(2024, 2, 1), Precision.MONTH, date(2024, 2, 29)),
        (date(2021, 1, 1), Precision.QUARTER, date(2021, 3, 31)),
        (date(2021, 3, 31), Precision.QUARTER, date(2021, 3, 31)),
        (date(2021, 4, 1), Precision.QUARTER, date(2021, 6, 30)),
        (date(2021, 9, 30), Precision.QUARTER, date(2021, 9, 30)),
        (date(2021, 10, 2), Precision.QUARTER, date(2021, 12, 31)),
        (date(2021, 1, 1), Precision.YEAR, date(2021, 12, 31)),
    ],
)
def test_an_imprecise_date_counts_from_the_last_day_it_can_be(
    day: date, precision: Precision, last: date
) -> None:
    assert last_possible(day, precision) == last


@given(some.dates(date(1900, 1, 1), date(2199, 12, 31)), some.sampled_from(list(Precision)))
def test_the_last_day_a_date_can_be_is_never_before_it_and_means_itself(
    day: date, precision: Precision
) -> None:
    last = last_possible(day, precision)
    assert last >= day
    assert last_possible(last, precision) == last


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("first", "last", "step", "expected"),
    [
        ("2021-10-01", "2021-12-31", Step.MONTH, days("2021-10-31", "2021-11-30", "2021-12-31")),
        ("2021-10-31", "2021-12-31", Step.MONTH, days("2021-10-31", "2021-11-30", "2021-12-31")),
        ("2023-12-15", "2024-02-10", Step.MONTH, days("2023-12-31", "2024-01-31", "2024-02-10")),
        ("2023-02-07", "2023-02-07", Step.MONTH, days("2023-02-07")),
        ("2023-02-01", "2023-02-28", Step.MONTH, days("2023-02-28")),
        ("2023-02-01", "2023-03-01", Step.MONTH, days("2023-02-28", "2023-03-01")),
        ("2023-02-07", "2023-08-15", Step.QUARTER, days("2023-03-31", "2023-06-30", "2023-08-15")),
        ("2022-12-31", "2023-03-31", Step.QUARTER, days("2022-12-31", "2023-03-31")),
        ("2021-10-01", "2023-12-31", Step.YEAR, days("2021-12-31", "2022-12-31", "2023-12-31")),
        ("2023-12-31", "2024-01-01", Step.YEAR, days("2023-12-31", "2024-01-01")),
        ("9999-12-01", "9999-12-31", Step.MONTH, days("9999-12-31")),
    ],
)
def test_a_series_has_a_point_at_the_end_of_each_period_and_at_its_last_day(
    first: str, last: str, step: Step, expected: list[date]
) -> None:
    assert list(period_ends(date.fromisoformat(first), date.fromisoformat(last), step)) == expected


@given(some.dates(date(2015, 1, 1), date(2030, 1, 1)), some.integers(0, 2_000), some.sampled_from(list(Step)))
def test_the_points_of_a_series_ascend_and_cover_every_day_from_the_first_to_the_last(
    first: date, length: int, step: Step
) -> None:
    last = first + timedelta(days=length)
    ends = list(period_ends(first, last, step))
    assert ends == sorted(set(ends))
    assert ends[-1] == last
    assert first <= ends[0]
