"""The countdown to a COD: domain rules 1.3, counted back over holidays, never rolled forward (section 7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.deadlines import LEAD_TIMES, SOON_DAYS, Alarm, Deadline, alarm, countdown
from app.domain.vocabulary import CalendarStatus, DayUnit, DeadlineKind, DeadlineState
from app.domain.workdays import CalendarYear, DaysOff, WorkCalendar

NOTICE, PROGRAMME = DeadlineKind.COD_NOTICE, DeadlineKind.TEST_PROGRAMME
REGISTRATION, LICENCE = DeadlineKind.TEST_REGISTRATION, DeadlineKind.LICENCE_FILE


def on(text: str) -> date:
    return date.fromisoformat(text)


def off(first: str, last: str) -> DaysOff:
    return DaysOff(on(first), on(last), "Nghỉ lễ", "Holiday")


CALENDAR = WorkCalendar(
    (
        CalendarYear(
            2023,
            CalendarStatus.PUBLISHED,
            (
                off("2023-01-01", "2023-01-02"),
                off("2023-01-20", "2023-01-26"),
                off("2023-04-29", "2023-05-03"),
                off("2023-09-01", "2023-09-04"),
            ),
        ),
        CalendarYear(2024, CalendarStatus.PROVISIONAL, (off("2024-01-01", "2024-01-01"),)),
    )
)
TARGET = on("2023-12-31")


def counted(goal: str, first_test: str | None = None) -> dict[DeadlineKind, Deadline]:
    deadlines = countdown(on(goal), on(first_test) if first_test else None, CALENDAR)
    return {deadline.kind: deadline for deadline in deadlines}


def test_the_four_alarms_of_the_377_mw_target_which_falls_on_a_sunday() -> None:
    deadlines = countdown(TARGET, None, CALENDAR)
    assert [(d.kind, d.due_on, d.counted_from_on, d.act_by_on) for d in deadlines] == [
        (NOTICE, on("2023-10-02"), TARGET, on("2023-10-02")),
        (PROGRAMME, on("2023-12-01"), on("2023-12-29"), on("2023-12-01")),
        (LICENCE, on("2023-12-08"), on("2023-12-29"), on("2023-12-08")),
        (REGISTRATION, on("2023-12-26"), on("2023-12-29"), on("2023-12-26")),
    ]
    assert not any(deadline.is_provisional for deadline in deadlines)


def test_each_alarm_says_how_it_was_counted_and_who_says_so() -> None:
    deadlines = counted("2023-12-31")
    assert {kind: (d.term.days, d.term.unit, d.basis) for kind, d in deadlines.items()} == {
        NOTICE: (90, DayUnit.CALENDAR, "PPA (S17, S18)"),
        PROGRAMME: (20, DayUnit.WORKING, "QĐ 1010/QĐ-EVN (S4)"),
        REGISTRATION: (3, DayUnit.WORKING, "QĐ 1010/QĐ-EVN (S4)"),
        LICENCE: (15, DayUnit.WORKING, "TT 21/2020/TT-BCT (S18)"),
    }


def test_every_kind_has_one_lead_time() -> None:
    assert sorted(lead.kind for lead in LEAD_TIMES) == sorted(DeadlineKind)


@pytest.mark.parametrize(
    ("goal", "first_test", "kind", "due", "counted_from"),
    [
        # A goal during Tết 2023: working days from Thursday 19/01, calendar days from the goal.
        ("2023-01-24", None, REGISTRATION, "2023-01-16", "2023-01-19"),
        ("2023-01-24", None, LICENCE, "2022-12-28", "2023-01-19"),
        ("2023-01-24", None, NOTICE, "2022-10-26", "2023-01-24"),
        # Counted back over a whole holiday.
        ("2023-01-27", None, REGISTRATION, "2023-01-17", "2023-01-27"),
        ("2023-05-05", None, REGISTRATION, "2023-04-27", "2023-05-05"),
        ("2023-05-05", None, PROGRAMME, "2023-04-04", "2023-05-05"),
        ("2023-09-05", None, REGISTRATION, "2023-08-29", "2023-09-05"),
        # Over the end of a year.
        ("2024-01-03", None, REGISTRATION, "2023-12-28", "2024-01-03"),
        # A planned first test moves the two test terms, and only them.
        ("2023-12-31", "2023-11-15", PROGRAMME, "2023-10-18", "2023-11-15"),
        ("2023-12-31", "2023-11-15", REGISTRATION, "2023-11-10", "2023-11-15"),
        ("2023-12-31", "2023-11-15", LICENCE, "2023-12-08", "2023-12-29"),
        ("2023-12-31", "2023-11-15", NOTICE, "2023-10-02", "2023-12-31"),
        # A first test on a day off is counted from the last working day on or before it.
        ("2023-12-31", "2023-11-18", REGISTRATION, "2023-11-14", "2023-11-17"),
        ("2023-12-31", "2023-05-01", PROGRAMME, "2023-03-31", "2023-04-28"),
    ],
)
def test_terms_are_counted_back_over_holidays(
    goal: str, first_test: str | None, kind: DeadlineKind, due: str, counted_from: str
) -> None:
    deadline = counted(goal, first_test)[kind]
    assert (deadline.due_on, deadline.counted_from_on) == (on(due), on(counted_from))


@pytest.mark.parametrize(
    ("goal", "due", "act_by"),
    [
        ("2023-12-30", "2023-10-01", "2023-09-29"),  # a Sunday
        ("2023-07-30", "2023-05-01", "2023-04-28"),  # Labour Day
        ("2023-04-23", "2023-01-23", "2023-01-19"),  # Tết
    ],
)
def test_a_notice_whose_day_is_off_goes_out_before_it_and_is_never_rolled_forward(
    goal: str, due: str, act_by: str
) -> None:
    notice = counted(goal)[NOTICE]
    assert (notice.due_on, notice.act_by_on) == (on(due), on(act_by))


@pytest.mark.parametrize(
    ("goal", "first_test", "provisional"),
    [
        ("2023-12-31", None, set()),
        # 90 calendar days before 10/01/2024 is a Thursday of 2023, which no holiday of 2024 can move.
        ("2024-01-10", None, {PROGRAMME, LICENCE, REGISTRATION}),
        ("2024-01-10", "2023-12-20", {LICENCE}),
        # Counted back into 2022, of which nothing was read; the first test comes after.
        ("2023-01-02", "2023-02-20", {NOTICE, LICENCE}),
        # The notice falls on Monday 01/01/2024, a holiday of a provisional year, and goes out in the year before.
        ("2024-03-31", None, set(DeadlineKind)),
        # The goal itself lies in a year without data.
        ("2025-01-10", None, set(DeadlineKind)),
    ],
)
def test_what_was_counted_through_a_provisional_year_says_so(
    goal: str, first_test: str | None, provisional: set[DeadlineKind]
) -> None:
    assert {kind for kind, d in counted(goal, first_test).items() if d.is_provisional} == provisional


def deadline(due: str, act_by: str) -> Deadline:
    return Deadline(NOTICE, on(due), on(act_by), TARGET, LEAD_TIMES[0].term, "", False)


@pytest.mark.parametrize(
    ("today", "state", "days_left"),
    [
        ("2023-09-14", DeadlineState.AHEAD, 15),
        ("2023-09-15", DeadlineState.DUE_SOON, 14),
        ("2023-09-28", DeadlineState.DUE_SOON, 1),
        ("2023-09-29", DeadlineState.DUE_SOON, 0),  # Friday: the last day to file
        ("2023-09-30", DeadlineState.DUE_SOON, 0),  # the weekend: nobody takes it, and it is not late
        ("2023-10-01", DeadlineState.DUE_SOON, 0),
        ("2023-10-02", DeadlineState.PASSED, -1),
        ("2023-12-31", DeadlineState.PASSED, -91),
    ],
)
def test_an_alarm_counts_to_the_last_day_to_act(today: str, state: DeadlineState, days_left: int) -> None:
    sunday = deadline("2023-10-01", "2023-09-29")
    assert alarm(sunday, on(today), False) == Alarm(state, days_left)


@pytest.mark.parametrize("today", ["2023-01-01", "2023-10-02", "2023-12-31"])
def test_what_was_filed_counts_no_days(today: str) -> None:
    assert alarm(deadline("2023-10-02", "2023-10-02"), on(today), True) == Alarm(DeadlineState.DONE, None)


def test_how_soon_is_soon_can_be_said() -> None:
    monday = deadline("2023-10-02", "2023-10-02")
    assert alarm(monday, on("2023-09-02"), False, soon_days=30).state == DeadlineState.DUE_SOON
    assert alarm(monday, on("2023-09-02"), False, soon_days=29).state == DeadlineState.AHEAD
    assert SOON_DAYS == 14


DAYS = some.dates(date(2022, 6, 1), date(2025, 6, 30))


@given(DAYS, some.none() | DAYS)
def test_every_deadline_comes_before_its_day_and_can_be_acted_on(goal: date, first_test: date | None) -> None:
    deadlines = countdown(goal, first_test, CALENDAR)
    assert [d.due_on for d in deadlines] == sorted(d.due_on for d in deadlines)
    for found in deadlines:
        assert found.act_by_on <= found.due_on < found.counted_from_on
        assert CALENDAR.is_working(found.act_by_on)
        if found.term.unit == DayUnit.WORKING:
            between = CALENDAR.mask(found.due_on, found.counted_from_on - timedelta(1))
            assert (sum(between), found.act_by_on) == (found.term.days, found.due_on)


@given(DAYS, DAYS)
def test_a_later_goal_leaves_no_less_time(one: date, other: date) -> None:
    first, second = sorted((one, other))
    earlier, later = ({d.kind: d for d in countdown(goal, None, CALENDAR)} for goal in (first, second))
    assert all(earlier[kind].act_by_on <= later[kind].act_by_on for kind in DeadlineKind)


@given(DAYS, some.booleans())
def test_days_left_never_grow(today: date, done: bool) -> None:
    sunday = deadline("2023-10-01", "2023-09-29")
    now, tomorrow = alarm(sunday, today, done), alarm(sunday, today + timedelta(1), done)
    if now.days_left is None or tomorrow.days_left is None:
        assert done
        assert now == tomorrow
    else:
        assert now.days_left >= tomorrow.days_left
        assert (now.state == DeadlineState.PASSED) == (today > sunday.due_on)
