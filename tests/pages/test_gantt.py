"""The Gantt chart's geometry, as tables of cases: which days are drawn, where they stand, and what is cut."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages import gantt
from app.pages.gantt import WIDTH, Dates, Mark, Stretch, Window

TODAY = date(2023, 2, 7)
# 600 days, so that a day is one unit wide.
SEEN = Window(date(2023, 1, 1), date(2024, 8, 23))


def on(days: int) -> date:
    """The day that stands `days` units from the left."""
    return SEEN.first + timedelta(days=days)


@pytest.mark.parametrize(
    ("rows", "first", "last"),
    [
        # Nothing is known: today stands in it.
        ([], date(2023, 2, 1), TODAY + gantt.AHEAD),
        # Open work begins no more than a year before today, however old what is done is.
        ([Dates(done_on=date(2019, 5, 1)), Dates(expected_on=date(2023, 9, 1))], date(2022, 2, 1), date(2023, 10, 16)),
        # Unless something open was promised earlier.
        ([Dates(promised_on=date(2021, 6, 15), expected_on=date(2023, 9, 1))], date(2021, 6, 1), date(2023, 10, 16)),
        # What is done shows its whole life.
        ([Dates(done_on=date(2019, 5, 9)), Dates(done_on=date(2021, 10, 31))], date(2019, 5, 1), date(2021, 12, 15)),
        # Today is always in a chart of open work, also where all of it was to be done long ago.
        ([Dates(promised_on=date(2022, 12, 1))], date(2022, 12, 1), TODAY + gantt.AHEAD),
    ],
)  # fmt: skip
def test_the_window(rows: list[Dates], first: date, last: date) -> None:
    assert gantt.window(rows, TODAY) == Window(first, last)


def test_a_window_is_never_longer_than_six_years() -> None:
    seen = gantt.window([Dates(done_on=date(1990, 1, 1)), Dates(done_on=date(2022, 1, 1))], TODAY)
    assert seen.last == date(2022, 2, 15)
    assert 5.9 < (seen.last - seen.first).days / 365.25 < 6.2


@pytest.mark.parametrize(
    ("dates", "promised", "bar", "late", "expected", "done"),
    [
        (Dates(), None, None, None, None, None),
        (Dates(done_on=on(30)), None, None, None, None, Mark(30, False)),
        (Dates(begins_on=on(10), expected_on=on(50)), None, Stretch(10, 40), None, Mark(50, False), None),
        # What takes no time, or begins where it ends, is still seen.
        (Dates(expected_on=on(50)), None, Stretch(50, 2), None, Mark(50, False), None),
        # Behind what was promised: the way between is late, whether it is done or not.
        (Dates(on(20), on(10), on(50)), Mark(20, False), Stretch(10, 40), Stretch(20, 30), Mark(50, False), None),
        (Dates(on(20), done_on=on(25)), Mark(20, False), None, Stretch(20, 5), None, Mark(25, False)),
        # In time, or before it.
        (Dates(on(60), on(10), on(50)), Mark(60, False), Stretch(10, 40), None, Mark(50, False), None),
        (Dates(on(50), on(10), on(50)), Mark(50, False), Stretch(10, 40), None, Mark(50, False), None),
        # Out of the window: cut at its edge.
        (Dates(done_on=on(-3)), None, None, None, None, Mark(0, True)),
        (Dates(begins_on=on(-30), expected_on=on(10)), None, Stretch(0, 10), None, Mark(10, False), None),
        (Dates(begins_on=on(590), expected_on=on(700)), None, Stretch(590, 10), None, Mark(600, True), None),
        (Dates(begins_on=on(-30), expected_on=on(-10)), None, None, None, Mark(0, True), None),
    ],
)  # fmt: skip
def test_a_strip(
    dates: Dates,
    promised: Mark | None,
    bar: Stretch | None,
    late: Stretch | None,
    expected: Mark | None,
    done: Mark | None,
) -> None:
    assert gantt.strip(SEEN, dates) == gantt.Strip(promised, bar, late, expected, done)


def test_the_axis_has_months_or_years_and_today_where_it_is_inside() -> None:
    axis = gantt.axis(SEEN, TODAY)
    assert [tick.on for tick in axis.ticks][:3] == [date(2023, 1, 1), date(2023, 4, 1), date(2023, 7, 1)]
    assert not axis.ticks[0].by_year
    assert axis.today == Mark(37, False)
    long = gantt.axis(Window(date(2015, 1, 1), date(2021, 1, 1)), TODAY)
    assert long.today is None
    assert all(tick.by_year for tick in long.ticks)
    assert (axis.ticks[0].anchor, axis.ticks[2].anchor) == ("start", "middle")


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(15, 30, 0.5), (40, 30, 1), (-1, 30, 0), (5, 0, 0), (0, 30, 0)]
)
def test_a_share_stays_in_its_track(part: int, whole: int, share: float) -> None:
    assert gantt.share(part, whole) == share


days = st.none() | st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(
    st.lists(st.builds(Dates, days, days, days, days), max_size=6),
    st.dates(date(2010, 1, 1), date(2040, 1, 1)),
)
def test_nothing_is_drawn_outside_whatever_the_days_are(rows: list[Dates], today: date) -> None:
    seen = gantt.window(rows, today)
    assert seen.first < seen.last
    assert len(gantt.axis(seen, today).ticks) <= gantt.LABELS + 1
    for dates in rows:
        drawn = gantt.strip(seen, dates)
        for mark in (drawn.promised, drawn.expected, drawn.done):
            assert mark is None or 0 <= mark.x <= WIDTH
        for stretch in (drawn.bar, drawn.late):
            assert stretch is None or (
                stretch.width > 0 and 0 <= stretch.x <= stretch.x + stretch.width <= WIDTH
            )
