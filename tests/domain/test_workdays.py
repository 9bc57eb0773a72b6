"""Working days: holidays, make-up Saturdays and year ends, counted both ways, as a naive walk day by day counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.vocabulary import CalendarStatus
from app.domain.workdays import CalendarYear, DaysOff, WorkCalendar

DAY = timedelta(days=1)


def on(text: str) -> date:
    return date.fromisoformat(text)


def off(first: str, last: str) -> DaysOff:
    return DaysOff(on(first), on(last), "Nghỉ lễ", "Holiday")


# 2023 as published (S36); around it a year with a swap: Monday 29/4/2024 off, Saturday 04/5/2024 worked.
TET = DaysOff(on("2023-01-20"), on("2023-01-26"), "Tết Nguyên đán", "Lunar New Year")
PUBLISHED_2023 = CalendarYear(
    2023,
    CalendarStatus.PUBLISHED,
    (off("2023-01-01", "2023-01-02"), TET, off("2023-04-29", "2023-05-03"), off("2023-09-01", "2023-09-04")),
)
SWAPPED_2024 = CalendarYear(
    2024,
    CalendarStatus.PROVISIONAL,
    (off("2024-01-01", "2024-01-01"), off("2024-04-29", "2024-05-01")),
    (on("2024-05-04"), on("2024-12-29")),
)
CALENDAR = WorkCalendar((PUBLISHED_2023, SWAPPED_2024))
PLAIN = WorkCalendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2023-01-02", False),  # Monday in lieu of Sunday 01/01
        ("2023-01-03", True),
        ("2023-01-19", True),
        ("2023-01-20", False),
        ("2023-01-21", False),
        ("2023-01-26", False),
        ("2023-01-27", True),
        ("2023-01-28", False),
        ("2023-04-28", True),
        ("2023-05-03", False),
        ("2023-05-04", True),
        ("2023-09-04", False),
        ("2023-12-29", True),
        ("2023-12-31", False),
        ("2024-01-01", False),
        ("2024-04-29", False),
        ("2024-05-04", True),  # a Saturday, made up
        ("2024-05-05", False),
        ("2024-12-29", True),  # a Sunday, made up
        ("2025-01-01", True),  # no data: Monday to Friday
        ("0001-01-01", True),
        ("9999-12-31", True),
    ],
)
def test_a_day_works_or_is_off(day: str, works: bool) -> None:
    assert CALENDAR.is_working(on(day)) is works


def test_the_published_2023_has_249_working_days() -> None:
    assert CALENDAR.working_days_in(2023) == 249


def test_a_make_up_day_gives_back_what_a_swap_took() -> None:
    # 262 weekdays, four of them off, two weekend days worked.
    assert (CALENDAR.working_days_in(2024), PLAIN.working_days_in(2024)) == (260, 262)
    assert CALENDAR.working_days_in(2025) == 261


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2023-01-19", 0, "2023-01-19"),
        ("2023-01-19", 1, "2023-01-27"),  # over Tết
        ("2023-01-18", 2, "2023-01-27"),
        ("2023-01-22", 1, "2023-01-27"),  # from inside it
        ("2023-01-22", 0, "2023-01-22"),  # nothing to count: the day itself, though it is off
        ("2023-04-28", 1, "2023-05-04"),
        ("2023-04-28", 3, "2023-05-08"),
        ("2023-12-29", 1, "2024-01-02"),  # over the year's end
        ("2023-12-31", 1, "2024-01-02"),
        ("2024-04-26", 1, "2024-05-02"),
        ("2024-05-03", 1, "2024-05-04"),  # onto a made-up Saturday
        ("2024-05-04", 1, "2024-05-06"),
        ("2024-05-03", 2, "2024-05-06"),
        ("2024-12-27", 1, "2024-12-29"),
        ("2024-12-27", 2, "2024-12-30"),
    ],
)
def test_a_term_is_counted_forward_without_its_first_day(day: str, days: int, expected: str) -> None:
    assert CALENDAR.after(on(day), days) == on(expected)


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2023-12-29", 0, "2023-12-29"),
        ("2023-12-31", 0, "2023-12-31"),
        ("2023-12-29", 3, "2023-12-26"),
        ("2023-12-29", 15, "2023-12-08"),
        ("2023-12-29", 20, "2023-12-01"),
        ("2023-12-31", 1, "2023-12-29"),
        ("2023-01-27", 1, "2023-01-19"),
        ("2023-01-24", 1, "2023-01-19"),
        ("2023-05-04", 1, "2023-04-28"),
        ("2024-01-02", 1, "2023-12-29"),
        ("2024-05-06", 1, "2024-05-04"),
        ("2024-05-06", 2, "2024-05-03"),
        ("2024-05-04", 3, "2024-04-26"),
    ],
)
def test_a_notice_is_counted_back_in_the_same_way(day: str, days: int, expected: str) -> None:
    assert CALENDAR.before(on(day), days) == on(expected)


@pytest.mark.parametrize(
    ("day", "earlier", "later"),
    [
        ("2023-01-19", "2023-01-19", "2023-01-19"),
        ("2023-01-20", "2023-01-19", "2023-01-27"),
        ("2023-01-26", "2023-01-19", "2023-01-27"),
        ("2023-12-31", "2023-12-29", "2024-01-02"),
        ("2024-05-04", "2024-05-04", "2024-05-04"),
        ("2024-05-05", "2024-05-04", "2024-05-06"),
    ],
)
def test_a_day_off_gives_way_to_its_neighbours(day: str, earlier: str, later: str) -> None:
    assert CALENDAR.on_or_before(on(day)) == on(earlier)
    assert CALENDAR.on_or_after(on(day)) == on(later)
    assert CALENDAR.rolled(on(day)) == on(later)


def test_terms_have_no_negative_length() -> None:
    for count in (CALENDAR.after, CALENDAR.before):
        with pytest.raises(ValueError, match="0 days or more"):
            count(on("2023-06-01"), -1)


def test_time_has_ends() -> None:
    with pytest.raises(ValueError, match=r"ordinal|range"):
        CALENDAR.before(date.min, 1)
    with pytest.raises(ValueError, match=r"ordinal|range"):
        CALENDAR.after(date.max, 1)


def test_a_holiday_is_known_by_its_name() -> None:
    assert CALENDAR.day_off(on("2023-01-20")) is CALENDAR.day_off(on("2023-01-26")) is TET
    for day in ("0001-01-01", "2023-01-19", "2023-01-27", "2023-01-28", "2024-05-04", "2025-01-01"):
        assert CALENDAR.day_off(on(day)) is None


def test_only_a_published_year_is_not_provisional() -> None:
    assert not CALENDAR.is_provisional(2023)
    assert not CALENDAR.is_provisional(on("2023-12-31"))
    assert CALENDAR.is_provisional(on("2024-01-01"))
    assert CALENDAR.is_provisional(2022)
    assert PLAIN.is_provisional(2023)
    assert not CALENDAR.is_provisional_between(on("2023-01-01"), on("2023-12-31"))
    assert CALENDAR.is_provisional_between(on("2022-12-31"), on("2023-12-31"))
    assert CALENDAR.is_provisional_between(on("2023-12-31"), on("2024-01-01"))


def test_a_day_off_wins_over_a_make_up_day_and_the_order_of_the_data_is_no_matter() -> None:
    year = CalendarYear(
        2024,
        CalendarStatus.PROVISIONAL,
        (off("2024-05-04", "2024-05-04"), off("2024-01-01", "2024-01-01")),
        (on("2024-05-04"), on("2024-05-06")),
    )
    calendar = WorkCalendar((year, PUBLISHED_2023))
    assert not calendar.is_working(on("2024-05-04"))
    assert calendar.working_days_in(2024) == 261
    assert calendar.working_days_in(2023) == 249


def test_equal_data_is_an_equal_calendar() -> None:
    assert WorkCalendar((PUBLISHED_2023,)) == WorkCalendar((PUBLISHED_2023,)) != CALENDAR
    assert len({WorkCalendar((PUBLISHED_2023,)), WorkCalendar((PUBLISHED_2023,))}) == 1


def test_a_mask_has_one_value_a_day_both_ends_in() -> None:
    assert CALENDAR.mask(on("2023-01-18"), on("2023-01-27")) == [True] * 2 + [False] * 7 + [True]
    assert CALENDAR.mask(on("2024-05-04"), on("2024-05-04")) == [True]
    assert CALENDAR.mask(on("2023-01-02"), on("2023-01-01")) == []
    assert CALENDAR.mask(on("2024-12-30"), on("2024-04-01")) == []
    assert sum(CALENDAR.mask(on("2023-01-01"), on("2023-12-31"))) == 249


DAYS = some.dates(date(2022, 6, 1), date(2025, 6, 30))
NEAR = some.dates(date(2022, 12, 20), date(2023, 2, 10)) | some.dates(date(2024, 12, 20), date(2025, 1, 10))
COUNTS = some.integers(1, 400)


@some.composite
def calendars(draw: some.DrawFn) -> WorkCalendar:
    """A 2023 of any holidays and make-up days, so dense that they lie side by side."""
    first = on("2023-01-01").toordinal()
    days = some.integers(0, 59).map(lambda offset: date.fromordinal(first + offset))
    holidays = tuple(DaysOff(day, day, "Lễ", "Holiday") for day in sorted(draw(some.sets(days))))
    make_up = draw(some.sets(days.filter(lambda day: day.isoweekday() > 5)))
    return WorkCalendar((CalendarYear(2023, CalendarStatus.PROVISIONAL, holidays, tuple(make_up)),))


def walked(calendar: WorkCalendar, day: date, days: int, step: timedelta) -> date:
    while days:
        day += step
        days -= calendar.is_working(day)
    return day


@given(calendars(), NEAR, some.integers(0, 40))
def test_counting_agrees_with_walking_day_by_day(calendar: WorkCalendar, day: date, days: int) -> None:
    assert calendar.after(day, days) == walked(calendar, day, days, DAY)
    assert calendar.before(day, days) == walked(calendar, day, days, -DAY)


@given(calendars(), NEAR)
def test_a_day_works_as_its_data_say(calendar: WorkCalendar, day: date) -> None:
    (year,) = calendar.years
    is_off = any(run.first <= day <= run.last for run in year.days_off)
    assert calendar.is_working(day) == (not is_off and (day.isoweekday() < 6 or day in year.make_up_days))


@given(DAYS, COUNTS)
def test_there_and_back_is_the_working_day_one_left(day: date, days: int) -> None:
    assert CALENDAR.before(CALENDAR.after(day, days), days) == CALENDAR.on_or_before(day)
    assert CALENDAR.after(CALENDAR.before(day, days), days) == CALENDAR.on_or_after(day)


@given(DAYS, DAYS, COUNTS)
def test_a_later_day_never_ends_earlier(one: date, other: date, days: int) -> None:
    first, second = sorted((one, other))
    assert CALENDAR.after(first, days) <= CALENDAR.after(second, days)
    assert CALENDAR.before(first, days) <= CALENDAR.before(second, days)
    assert CALENDAR.rolled(first) <= CALENDAR.rolled(second)


@given(DAYS, COUNTS)
def test_a_longer_term_ends_later_and_always_on_a_working_day(day: date, days: int) -> None:
    assert day < CALENDAR.after(day, days) < CALENDAR.after(day, days + 1)
    assert day > CALENDAR.before(day, days) > CALENDAR.before(day, days + 1)
    assert CALENDAR.is_working(CALENDAR.after(day, days))
    assert CALENDAR.is_working(CALENDAR.before(day, days))


@given(DAYS)
def test_a_day_stays_where_it_works_and_gives_way_to_the_nearest_where_not(day: date) -> None:
    earlier, later = CALENDAR.on_or_before(day), CALENDAR.on_or_after(day)
    assert (earlier == day == later) == CALENDAR.is_working(day)
    assert earlier <= day <= later
    assert sum(CALENDAR.mask(earlier, later)) == (1 if earlier == later else 2)


@given(DAYS, some.integers(-3, 500))
def test_a_mask_agrees_with_asking_each_day(first: date, length: int) -> None:
    days = [first + timedelta(n) for n in range(length)]
    assert CALENDAR.mask(first, first + timedelta(length - 1)) == [CALENDAR.is_working(day) for day in days]
