"""The calendar in the package: only 2023 is published, the other years are derived; a file replaces it whole."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from app import register
from app.domain.deadlines import countdown
from app.domain.vocabulary import CalendarStatus
from app.formats.register import Unreadable
from app.outside import shipped

OWN = """\
format: work-calendar/1
years:
  - {year: 2024, status: published, source: "Own", make_up_days: [2024-05-04]}
"""


def test_2023_is_as_it_was_published() -> None:
    (year,) = (year for year in shipped.calendar(None).years if year.year == 2023)
    assert year.status == CalendarStatus.PUBLISHED
    assert "8056/VPCP-KGVX" in year.source
    assert "S36" in year.source
    assert [(run.first.isoformat(), run.last.isoformat()) for run in year.days_off] == [
        ("2023-01-01", "2023-01-02"),
        ("2023-01-20", "2023-01-26"),
        ("2023-04-29", "2023-05-03"),
        ("2023-09-01", "2023-09-04"),
    ]
    assert year.make_up_days == ()
    assert shipped.calendar(None).working_days_in(2023) == 249
    assert not shipped.calendar(None).is_working(date(2024, 1, 1))


def test_every_other_year_is_provisional_and_claims_no_source() -> None:
    calendar = shipped.calendar(None)
    assert [year.year for year in calendar.years] == list(range(2021, 2028))
    assert [year for year in range(2000, 2050) if not calendar.is_provisional(year)] == [2023]
    assert all(not year.source for year in calendar.years if year.year != 2023)


@pytest.mark.parametrize(
    ("year", "tet", "kings"),
    [
        (2021, "2021-02-12", "2021-04-21"),
        (2022, "2022-02-01", "2022-04-10"),
        (2023, "2023-01-22", "2023-04-29"),
        (2024, "2024-02-10", "2024-04-18"),
        (2025, "2025-01-29", "2025-04-07"),
        (2026, "2026-02-17", "2026-04-26"),
        (2027, "2027-02-06", "2027-04-16"),
    ],
)
def test_the_days_that_the_law_gives_are_off_in_every_year(year: int, tet: str, kings: str) -> None:
    calendar = shipped.calendar(None)
    new_year = date.fromisoformat(tet)
    days = [new_year + timedelta(n) for n in range(-2, 3)] + [date.fromisoformat(kings)]
    days += [date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)]
    for day in days:
        found = calendar.day_off(day)
        assert found is not None, day
        assert found.vi
        assert found.en
    assert {date(year, 9, 1), date(year, 9, 3)} & set(_days_off(year))


def _days_off(year: int) -> list[date]:
    runs = [run for found in shipped.calendar(None).years if found.year == year for run in found.days_off]
    return [run.first + timedelta(n) for run in runs for n in range((run.last - run.first).days + 1)]


@pytest.mark.parametrize("year", range(2021, 2028))
def test_a_holiday_on_a_weekend_gives_a_working_day_back(year: int) -> None:
    # Eleven holidays a year by law; where one falls on a weekend the next working day is off in its place.
    weekdays_off = [day for day in _days_off(year) if day.isoweekday() < 6]
    assert len(weekdays_off) == 11


def test_the_alarms_of_the_target_come_from_the_calendar_in_the_package() -> None:
    deadlines = countdown(date(2023, 12, 31), None, shipped.calendar(None))
    assert [deadline.due_on.isoformat() for deadline in deadlines] == [
        "2023-10-02",
        "2023-12-01",
        "2023-12-08",
        "2023-12-26",
    ]


def test_the_file_says_that_what_was_not_read_is_not_sourced() -> None:
    text = register.CALENDAR.read_text("utf-8")
    assert "PROVISIONAL: no decision was read" in text
    assert "TẠM TÍNH" in text


def test_a_file_replaces_the_calendar_whole_and_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text(OWN, "utf-8-sig")
    own = shipped.calendar(file)
    assert own.is_working(date(2024, 5, 4))
    assert own.is_provisional(2023)
    assert own.working_days_in(2023) == 260
    file.unlink()
    assert shipped.calendar(file) is own
    assert shipped.calendar(None) is shipped.calendar(None)


def test_a_file_that_is_not_there_or_no_calendar_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        shipped.calendar(tmp_path / "none.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("format: work-calendar/2\nyears: []\n", "utf-8")
    with pytest.raises(Unreadable, match="format is not"):
        shipped.calendar(wrong)
