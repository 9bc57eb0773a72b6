"""The calendar file: what is read from one, and each mistake with its line."""

import json
from datetime import date

import pytest

from app.domain.vocabulary import CalendarStatus
from app.domain.workdays import CalendarYear, DaysOff, WorkCalendar
from app.formats import calendar
from app.formats.register import Unreadable

HEAD = "format: work-calendar/1\nyears:\n"
YEAR = f"{HEAD}  - year: 2024\n    status: provisional\n"
OFF = f"{YEAR}    days_off:\n      - {{from: 2024-04-29, to: 2024-05-01, vi: Lễ, en: Holiday}}\n"


def test_a_year_is_read_with_its_days_in_order() -> None:
    text = """\
format: work-calendar/1
years:
  - year: 2024
    status: provisional
  - year: 2023
    status: published
    source: "8056/VPCP-KGVX"
    days_off:
      - {from: 2023-09-01, to: 2023-09-04, vi: "Quốc khánh", en: "National Day"}
      - {from: 2023-01-20, to: 2023-01-26, vi: "Tết", en: "Lunar New Year"}
    make_up_days: [2023-02-11, 2023-02-04]
"""
    assert calendar.read(text) == WorkCalendar(
        (
            CalendarYear(
                2023,
                CalendarStatus.PUBLISHED,
                (
                    DaysOff(date(2023, 1, 20), date(2023, 1, 26), "Tết", "Lunar New Year"),
                    DaysOff(date(2023, 9, 1), date(2023, 9, 4), "Quốc khánh", "National Day"),
                ),
                (date(2023, 2, 4), date(2023, 2, 11)),
                "8056/VPCP-KGVX",
            ),
            CalendarYear(2024, CalendarStatus.PROVISIONAL),
        )
    )


def test_json_is_read_too() -> None:
    days_off = [{"from": "2024-01-01", "to": "2024-01-01", "vi": "Tết", "en": "New Year"}]
    years = [{"year": 2024, "status": "provisional", "days_off": days_off, "make_up_days": ["2024-05-04"]}]
    read = calendar.read(json.dumps({"format": "work-calendar/1", "years": years}))
    assert not read.is_working(date(2024, 1, 1))
    assert read.is_working(date(2024, 5, 4))


def test_a_calendar_may_have_no_years() -> None:
    assert calendar.read("format: work-calendar/1\nyears: []\n") == WorkCalendar()


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "empty", 1),
        ("- 1\n", "fields are wanted here: format, years", 1),
        ("format: wind-register/1\nyears: []\n", "format is not work-calendar/1", 1),
        ("format: work-calendar/1\n", "missing: years", 1),
        ("format: work-calendar/1\nyears: 2023\n", "a list is wanted here: years", 2),
        (f"{HEAD}  - year: 2024\n", "missing: status", 3),
        (f"{HEAD}  -\n", "fields are wanted here: year, status", 3),
        (f"weekend: sat\n{HEAD}", "no such key: weekend", 1),
        (f"{YEAR}    dayz_off: []\n", "no such key: dayz_off", 5),
        (f"{YEAR}    2: []\n", "no such key: 2", 5),
        (f"{YEAR}  - year: 2024\n    status: provisional\n", "year twice: 2024", 5),
        (f"{YEAR}    status: published\n", "key twice: status", 5),
        (f"{HEAD}  - year: 24\n    status: provisional\n", "not a year from 1900 to 2199: 24", 3),
        (f"{HEAD}  - year: true\n    status: provisional\n", "not a year from 1900 to 2199: True", 3),
        (f"{HEAD}  - year: 2024\n    status: sure\n", "status is not one of published, provisional: sure", 4),
        (f"{HEAD}  - year: 2024\n    status: published\n", "a published year names its source", 4),
        (f"{YEAR}    source: 8056\n", "text is wanted here: source", 5),
        (f"{YEAR}    days_off: 2024-01-01\n", "a list is wanted here: days_off", 5),
        (f"{OFF}      - {{from: 2024-06-01, vi: a, en: b}}\n", "missing: to", 7),
        (f"{OFF}      - {{from: 2024-06-01, to: 2024-06-01, vi: a}}\n", "missing: en", 7),
        (
            f"{OFF}      - {{from: 2024-06-01, to: 2024-06-01, vi: ' ', en: b}}\n",
            "a holiday has a name in vi",
            7,
        ),
        (f"{OFF}      - {{from: 2024-06-01, to: 2024-06-01, vi: 1, en: b}}\n", "text is wanted here: vi", 7),
        (
            f"{OFF}      - {{from: 2024-06-02, to: 2024-06-01, vi: a, en: b}}\n",
            "from 2024-06-02 is after to",
            7,
        ),
        (f"{OFF}      - {{from: 2024-05-01, to: 2024-05-02, vi: a, en: b}}\n", "overlaps 2024-04-29 to", 7),
        (f"{OFF}      - {{from: 2024-04-01, to: 2024-05-31, vi: a, en: b}}\n", "overlaps 2024-04-29 to", 7),
        (
            f"{OFF}      - {{from: 2024-12-31, to: 2025-01-01, vi: a, en: b}}\n",
            "2025-01-01 is not in 2024",
            7,
        ),
        (f"{OFF}      - {{from: 2024-02-30, to: 2024-03-01, vi: a, en: b}}\n", "no such day: 2024-02-30", 7),
        (
            f"{OFF}      - {{from: '2024-02-30', to: 2024-03-01, vi: a, en: b}}\n",
            "not a day as year-month",
            7,
        ),
        (
            f"{OFF}      - {{from: 30/02/2024, to: 2024-03-01, vi: a, en: b}}\n",
            "not a day as year-month-day",
            7,
        ),
        (
            f"{OFF}      - {{from: '20240301', to: 2024-03-01, vi: a, en: b}}\n",
            "not a day as year-month-day",
            7,
        ),
        (
            f"{OFF}      - {{from: 2024-03-01T00:00:00, to: 2024-03-01, vi: a, en: b}}\n",
            "not a day as year",
            7,
        ),
        (f"{OFF}    make_up_days: [2024-05-04, 2024-05-04]\n", "day twice: 2024-05-04", 7),
        (f"{OFF}    make_up_days: [2024-05-06]\n", "a make-up day is a Saturday or a Sunday", 7),
        (f"{OFF}    make_up_days:\n      - 2023-05-06\n", "2023-05-06 is not in 2024", 8),
        (f"{OFF}    make_up_days: 2024-05-04\n", "a list is wanted here: make_up_days", 7),
        (
            f"{OFF}      - {{from: 2024-06-01, to: 2024-06-02, vi: a, en: b}}\n    make_up_days: [2024-06-01]\n",
            "2024-06-01 works and is off, 2024-06-01 to 2024-06-02",
            8,
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, reason: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        calendar.read(text)
    assert refused.value.reason.startswith(reason)
    assert refused.value.line == line


def test_a_day_that_is_only_spoken_of_is_no_mistake() -> None:
    calendar.read(f"# There is no 2024-02-30.\n{OFF}")
    with pytest.raises(Unreadable) as refused:
        calendar.read(f"# There is no 2024-02-30.\n{OFF}    make_up_days: [2024-13-01]\n")
    assert (refused.value.reason, refused.value.line) == ("no such day: 2024-13-01", 8)


def test_what_the_reader_cannot_place_keeps_its_own_reason() -> None:
    with pytest.raises(Unreadable) as refused:
        calendar.read(f"{OFF}    source: \x00\n")
    assert refused.value.reason == "syntax"
