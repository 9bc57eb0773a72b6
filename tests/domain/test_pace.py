"""The observed pace of a line: full weeks, reopenings taken off, an interval that does not feign certainty, and the days."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.pace import LONGEST_DAYS, REACH, UNKNOWN, Days, Forecast, forecast, increments
from app.domain.units import Line, Report, Unit, count
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus

DAY = date(2023, 2, 7)
SITE, DONE, REOPENED = UnitStage.SITE, UnitStatus.DONE, UnitStatus.REOPENED


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def line(*timelines: Sequence[tuple[int, UnitStatus]]) -> Line:
    """Towers 1, 2, …, each with what was reported of its site so many days ago."""
    units = [Unit(i, UnitKind.TOWER, str(i), i) for i in range(1, len(timelines) + 1)]
    said = {
        unit.id: [Report(SITE, status, ago(days), revision=n) for n, (days, status) in enumerate(told)]
        for unit, told in zip(units, timelines, strict=True)
    }
    return Line(units, said)


def done(*days: int) -> list[list[tuple[int, UnitStatus]]]:
    """One tower handed over so many days ago, for each of them."""
    return [[(each, DONE)] for each in days]


@pytest.mark.parametrize(
    ("found", "weeks", "expected"),
    [
        # Nothing was ever said, of no tower and of some.
        (line(), 8, ()),
        (line([], []), 8, ()),
        # The first word is a stock: what it says, nobody knows how long it took. Its week must be over.
        (line(*done(30, 30, 30)), 8, (0, 0, 0, 0)),
        (line(*done(6)), 8, ()),
        (line(*done(7)), 8, (0,)),
        (line([(14, UnitStatus.IN_PROGRESS), (3, DONE)]), 8, (0, 1)),
        # A week is seven days back, today included: 0 to 6 days ago is the last, 7 to 13 the one before.
        (line(*done(60, 13, 7, 6, 0)), 2, (2, 2)),
        # Not more weeks than are asked for.
        (line(*done(400, 27, 20, 20, 1)), 3, (2, 0, 1)),
        # What went back is taken off in its week, and counts again when it comes again.
        (line(*done(60, 10), [(20, DONE), (5, REOPENED)]), 3, (1, 1, -1)),
        (line(*done(60), [(20, DONE), (12, REOPENED), (1, DONE)]), 3, (1, -1, 1)),
        # Said again it is not done again; what is still to come has not happened.
        (line(*done(60), [(9, DONE), (2, DONE)]), 2, (1, 0)),
        (line(*done(60, -3)), 2, (0, 0)),
        (line(*done(-10)), 8, ()),
    ],
)
def test_weekly_increments(found: Line, weeks: int, expected: tuple[int, ...]) -> None:
    assert increments(found, SITE, DAY, weeks) == expected


def test_another_stage_and_another_kind_have_their_own_pace() -> None:
    found = line(*done(60, 5))
    assert increments(found, UnitStage.FOUNDATION, DAY) == increments(found, UnitStage.CORRIDOR, DAY) == ()


@pytest.mark.parametrize(
    ("weekly", "rate", "interval"),
    [
        ((), None, None),
        ((0, 0, 0), 0, None),
        ((1, -2), -0.5, None),
        # Even weeks: the spread of events that come singly, not none.
        ((2, 2, 2, 2), 2, 1.64 * sqrt(2 / 4)),
        ((4,), 4, 1.64 * sqrt(4 / 1)),
        # Uneven weeks: their own variance, of 1, 0, 8 and 3 it is 38/3.
        ((1, 0, 8, 3), 3, 1.64 * sqrt(38 / 3 / 4)),
    ],
)
def test_the_rate_and_its_interval(
    weekly: tuple[int, ...], rate: float | None, interval: float | None
) -> None:
    found = Forecast(DAY, 10, 0, weekly)
    assert (found.per_week, found.weeks_observed) == (rate, len(weekly))
    if interval is None or rate is None:
        assert found.interval() is None
        assert found.all_but(0) == UNKNOWN
    else:
        assert found.interval() == pytest.approx((rate - interval, rate + interval))


def test_the_days_of_an_even_pace() -> None:
    """Eight left at two a week: four weeks; at the edges of the interval 0.84 and 3.16 a week."""
    found = Forecast(DAY, 8, 0, (2, 2, 2, 2))
    slow, fast = 2 - REACH * sqrt(0.5), 2 + REACH * sqrt(0.5)
    assert found.all_but(0) == Days(
        DAY + timedelta(days=-int(-56 // fast)),
        DAY + timedelta(days=28),
        DAY + timedelta(days=-int(-56 // slow)),
    )
    assert found.all_but_on(2) == DAY + timedelta(days=21)
    # It is so already.
    assert found.all_but(8) == found.all_but(9) == Days(DAY, DAY, DAY)


@pytest.mark.parametrize(
    ("found", "units", "expected"),
    [
        # The pace says nothing of what is held: no day for the last unit, a day for all but the held ones.
        (Forecast(DAY, 5, 1, (2, 2)), 0, None),
        (Forecast(DAY, 5, 1, (2, 2)), 1, DAY + timedelta(days=14)),
        (Forecast(DAY, 5, 5, (2, 2)), 5, DAY),
        (Forecast(DAY, 5, 5, (2, 2)), 4, None),
        # Nobody knows how many there are; nothing is left; it would take longer than anybody plans.
        (Forecast(DAY, None, 0, (2, 2)), 0, None),
        (Forecast(DAY, 0, 0, ()), 0, DAY),
        (Forecast(DAY, LONGEST_DAYS, 0, (1, 0)), 0, None),
        # Barely anything moved: a likely day, though no latest one.
        (Forecast(DAY, 1, 0, (0, 0, 0, 1)), 0, DAY + timedelta(days=28)),
    ],
)
def test_all_but(found: Forecast, units: int, expected: date | None) -> None:
    assert found.all_but_on(units) == expected


def test_where_the_slowest_rate_stands_still_there_is_no_latest_day() -> None:
    assert Forecast(DAY, 1, 0, (0, 0, 0, 1)).all_but(0).latest_on is None


def test_the_forecast_of_a_line_leaves_the_held_ones_out() -> None:
    blocked = [(30, UnitStatus.BLOCKED)]
    found = line(*done(60, 20, 13, 6), blocked, [], [])
    counted = count(found, SITE, DAY, 10)
    asked = forecast(found, counted, DAY, 3)
    assert (asked.left, asked.held, asked.increments) == (6, 1, (1, 1, 1))
    assert asked.all_but_on(0) is None
    assert asked.all_but_on(1) == DAY + timedelta(days=35)


weeks = some.lists(some.integers(-3, 12), max_size=12)


@given(weeks, some.integers(0, 600), some.integers(0, 600), some.integers(0, 20))
def test_more_left_is_never_earlier_and_the_days_are_in_order(
    weekly: list[int], fewer: int, more: int, held: int
) -> None:
    fewer, more = sorted((fewer, more))
    near, far = (Forecast(DAY, left, held, weekly).all_but(held) for left in (fewer, more))
    for name in ("earliest_on", "likely_on", "latest_on"):
        assert (getattr(near, name) or date.max) <= (getattr(far, name) or date.max)
    for found in (near, far):
        known = [day or date.max for day in (found.earliest_on, found.likely_on, found.latest_on)]
        assert known == sorted(known)
        assert known[0] >= DAY


@given(
    some.lists(
        some.lists(some.tuples(some.integers(0, 90), some.sampled_from(UnitStatus)), max_size=4), max_size=9
    ),
    some.integers(1, 12),
)
def test_the_increments_are_the_differences_of_the_counts(
    told: list[list[tuple[int, UnitStatus]]], weeks_asked: int
) -> None:
    found = line(*told)
    weekly = increments(found, SITE, DAY, weeks_asked)
    then = ago(7 * len(weekly))
    counts = [count(found, SITE, then + timedelta(days=7 * n), None).done for n in range(len(weekly) + 1)]
    assert list(weekly) == [after - before for before, after in pairwise(counts)]
