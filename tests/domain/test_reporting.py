"""The rhythm of reports around its cut-offs, and where a reporter stands after one, two and three weeks of silence."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import reporting
from app.domain.calendar import ZONE
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.reporting import Heard, Rhythm
from app.domain.vocabulary import Freshness, ReportState

REPORTED, DUE, LATE, SILENT = ReportState.REPORTED, ReportState.DUE, ReportState.LATE, ReportState.SILENT
WEEKLY = Rhythm()
MICROSECOND = timedelta(microseconds=1)


def at(text: str) -> datetime:
    """An instant of the clock in Viet Nam, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("rhythm", "now", "ends_on"),
    [
        (WEEKLY, "2023-02-07T09:00", "2023-02-09"),
        (WEEKLY, "2023-02-09T15:59:59.999999", "2023-02-09"),
        (WEEKLY, "2023-02-09T16:00", "2023-02-09"),
        (WEEKLY, "2023-02-09T16:00:00.000001", "2023-02-16"),
        (WEEKLY, "2023-02-10T00:00", "2023-02-16"),
        # Midnight in Viet Nam is 17:00 UTC of the day before.
        (WEEKLY, "2023-02-16T00:00", "2023-02-16"),
        # Over the ends of years, and before the first cut-off that is counted from.
        (WEEKLY, "2022-12-29T16:00:01", "2023-01-05"),
        (WEEKLY, "2022-12-29T16:00", "2022-12-29"),
        (WEEKLY, "2023-12-31T23:59", "2024-01-04"),
        (WEEKLY, "2024-02-29T16:00", "2024-02-29"),
        (WEEKLY, "2021-01-01T00:00", "2021-01-07"),
        # Another weekday and hour.
        (Rhythm(0, 0), "2023-01-02T00:00", "2023-01-02"),
        (Rhythm(0, 0), "2023-01-02T00:00:00.000001", "2023-01-09"),
        (Rhythm(6, 23), "2023-02-12T23:00", "2023-02-12"),
        (Rhythm(6, 23), "2023-02-12T23:30", "2023-02-19"),
        (Rhythm(4, 12), "2023-02-10T12:00", "2023-02-10"),
        # Another length: a day, two weeks (from Thursday 5 January 2023), ten days.
        (Rhythm(3, 16, 1), "2023-02-07T16:00", "2023-02-07"),
        (Rhythm(3, 16, 1), "2023-02-07T16:01", "2023-02-08"),
        (Rhythm(3, 16, 14), "2023-01-05T16:00", "2023-01-05"),
        (Rhythm(3, 16, 14), "2023-01-05T16:01", "2023-01-19"),
        (Rhythm(3, 16, 14), "2023-02-07T09:00", "2023-02-16"),
        (Rhythm(3, 16, 10), "2023-02-07T09:00", "2023-02-14"),
    ],
)
def test_the_open_period_ends_with_the_next_cutoff_which_still_counts(
    rhythm: Rhythm, now: str, ends_on: str
) -> None:
    period = rhythm.period_of(at(now))
    assert period.ends_on == date.fromisoformat(ends_on)
    assert period.starts_at < at(now) <= period.ends_at
    assert period.ends_at == at(f"{ends_on}T{rhythm.hour:02}:00")
    assert period.ends_at - period.starts_at == timedelta(days=rhythm.every_days)
    assert not period.is_closed(at(now))
    assert not period.is_closed(period.ends_at)
    assert period.is_closed(period.ends_at + MICROSECOND)
    assert rhythm.is_cutoff(period.ends_on)
    assert rhythm.ending(period.ends_on) == period


@pytest.mark.parametrize("rhythm", [WEEKLY, Rhythm(6, 23), Rhythm(3, 16, 14), Rhythm(5, 0, 1)])
def test_each_period_begins_where_the_one_before_it_ends(rhythm: Rhythm) -> None:
    period = rhythm.period_of(at("2023-01-05T16:00"))
    for periods in range(1, 60):
        earlier = rhythm.before(period, periods)
        assert earlier.ends_at == rhythm.before(period, periods - 1).starts_at
        assert rhythm.period_of(earlier.ends_at) == earlier == rhythm.ending(earlier.ends_on)
        assert rhythm.period_of(earlier.starts_at + MICROSECOND) == earlier


@pytest.mark.parametrize(
    ("rhythm", "cutoffs"),
    [
        (WEEKLY, "2023-01-26 2023-02-02 2023-02-09"),
        (Rhythm(0, 9), "2023-01-30 2023-02-06"),
        (Rhythm(3, 16, 14), "2023-02-02"),
        (Rhythm(3, 16, 10), "2023-02-04"),
    ],
)
def test_only_the_days_of_a_cutoff_end_a_period(rhythm: Rhythm, cutoffs: str) -> None:
    days = [date(2023, 1, 26) + timedelta(days=n) for n in range(15)]
    assert [day.isoformat() for day in days if rhythm.is_cutoff(day)] == cutoffs.split()
    assert all(Rhythm(3, 16, 1).is_cutoff(day) for day in days)


NOW = at("2023-02-07T09:00")


@pytest.mark.parametrize(
    ("ends_on", "found"),
    [
        (None, date(2023, 2, 9)),
        (date(2023, 2, 9), date(2023, 2, 9)),
        (date(2023, 2, 2), date(2023, 2, 2)),
        (date(2021, 1, 7), date(2021, 1, 7)),
        (date(2023, 2, 16), Problem.PERIOD_AHEAD),
        (date(2023, 2, 8), Problem.NO_PERIOD_END),
        (date(2023, 2, 10), Problem.NO_PERIOD_END),
    ],
)
def test_a_report_is_for_the_open_period_or_a_closed_one(ends_on: date | None, found: date | Problem) -> None:
    if isinstance(found, date):
        assert reporting.reported_period(WEEKLY, ends_on, NOW).ends_on == found
        return
    with pytest.raises((Invalid, RuleBroken)) as refused:
        reporting.reported_period(WEEKLY, ends_on, NOW)
    assert (refused.value.problem, refused.value.field) == (found, "period_ends_on")


@pytest.mark.parametrize(
    ("narrative", "nothing_changed", "taken"),
    [("Đã đúc 3 móng", False, True), (None, True, True), ("Có", True, False), (None, False, False)],
)
def test_a_report_says_something_or_that_nothing_changed(
    narrative: str | None, nothing_changed: bool, taken: bool
) -> None:
    if taken:
        reporting.check_content(narrative, nothing_changed=nothing_changed)
        return
    with pytest.raises(RuleBroken) as refused:
        reporting.check_content(narrative, nothing_changed=nothing_changed)
    assert refused.value.problem == Problem.NARRATIVE_OR_NOTHING


LONG_AGO = at("2022-01-01T08:00")


# The open period ends on 9 February, the closed ones before it on 2 February, 26 January, 19 January …
@pytest.mark.parametrize(
    ("closed_on", "has_current", "state", "last_closed", "missed"),
    [
        ("2023-02-02", True, REPORTED, REPORTED, 0),
        ("2023-02-02", False, DUE, REPORTED, 0),
        ("2023-01-26", False, LATE, LATE, 1),
        ("2023-01-19", False, SILENT, SILENT, 2),
        ("2023-01-12", False, SILENT, SILENT, 3),
        (None, False, SILENT, SILENT, 57),
        # Who reports again is heard again; what was missed stays missed.
        ("2023-01-26", True, REPORTED, LATE, 1),
        ("2023-01-19", True, REPORTED, SILENT, 2),
    ],
)
def test_one_missed_period_is_late_and_two_are_silence(
    closed_on: str | None, has_current: bool, state: ReportState, last_closed: ReportState, missed: int
) -> None:
    heard = Heard(LONG_AGO, None if closed_on is None else date.fromisoformat(closed_on), has_current)
    found = reporting.standing(WEEKLY, heard, NOW)
    assert (found.state, found.last_closed, found.missed) == (state, last_closed, missed)
    assert found.current == (REPORTED if has_current else DUE)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2023-02-09T15:59:59", DUE),
        ("2023-02-09T16:00", DUE),
        ("2023-02-09T16:00:00.000001", LATE),
        ("2023-02-16T16:00", LATE),
        ("2023-02-16T16:00:00.000001", SILENT),
        ("2023-02-23T16:00:00.000001", SILENT),
    ],
)
def test_who_reported_last_week_turns_late_and_then_silent_at_the_cutoffs(
    now: str, state: ReportState
) -> None:
    heard = Heard(LONG_AGO, date(2023, 2, 2))
    assert reporting.standing(WEEKLY, heard, at(now)).state == state


@pytest.mark.parametrize(
    ("since", "state", "last_closed", "missed"),
    [
        ("2023-02-07T08:00", DUE, None, 0),
        ("2023-02-02T16:00:00.000001", DUE, None, 0),
        ("2023-02-02T16:00", LATE, LATE, 1),
        ("2023-01-20T08:00", SILENT, SILENT, 2),
    ],
)
def test_nothing_was_due_before_a_reporter_was_there(
    since: str, state: ReportState, last_closed: ReportState | None, missed: int
) -> None:
    found = reporting.standing(WEEKLY, Heard(at(since)), NOW)
    assert (found.state, found.last_closed, found.missed) == (state, last_closed, missed)


def test_a_report_of_an_earlier_rhythm_covers_the_period_its_day_falls_into() -> None:
    fridays = Rhythm(4, 12)
    assert reporting.standing(fridays, Heard(LONG_AGO, date(2023, 2, 2)), NOW).missed == 0
    assert reporting.standing(fridays, Heard(LONG_AGO, date(2023, 1, 26)), NOW).missed == 1


TODAY = date(2023, 2, 7)


@pytest.mark.parametrize(
    ("days_ago", "freshness", "is_stale", "is_escalated"),
    [
        (0, Freshness.FRESH, False, False),
        (3, Freshness.FRESH, False, False),
        (4, Freshness.AGEING, False, False),
        (7, Freshness.AGEING, False, False),
        (8, Freshness.STALE, True, False),
        (14, Freshness.STALE, True, False),
        (15, Freshness.STALE, True, True),
        (400, Freshness.STALE, True, True),
    ],
)
@pytest.mark.parametrize("field", ["report_on", "change_on"])
def test_r39_more_than_a_week_is_stale_and_more_than_two_escalate(
    field: str, days_ago: int, freshness: Freshness, is_stale: bool, is_escalated: bool
) -> None:
    other = "change_on" if field == "report_on" else "report_on"
    day = TODAY - timedelta(days=days_ago)
    # The later of the two counts, whichever it is.
    for heard in (Heard(LONG_AGO, **{field: day}), Heard(LONG_AGO, **{field: day, other: date(2021, 5, 1)})):
        age = reporting.age_days(heard, TODAY)
        assert age == days_ago
        assert (reporting.freshness(age), reporting.is_stale(age)) == (freshness, is_stale)
        assert reporting.is_escalated(heard, TODAY) is is_escalated


def test_a_system_that_is_asked_whole_is_a_word_too_by_the_day_here() -> None:
    late_on_sunday = at("2023-02-05T23:30")
    assert reporting.age_days(Heard(LONG_AGO, pulled_at=late_on_sunday), TODAY) == 2
    assert reporting.age_days(Heard(LONG_AGO, change_on=TODAY, pulled_at=late_on_sunday), TODAY) == 0


@pytest.mark.parametrize(("since", "is_escalated"), [("2023-01-24T08:00", False), ("2023-01-23T08:00", True)])
def test_who_never_said_a_word_has_no_age_and_is_stale_from_the_first_day(
    since: str, is_escalated: bool
) -> None:
    heard = Heard(at(since))
    age = reporting.age_days(heard, TODAY)
    assert (age, reporting.freshness(age), reporting.is_stale(age)) == (None, Freshness.STALE, True)
    assert reporting.is_escalated(heard, TODAY) is is_escalated
