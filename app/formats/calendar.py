"""The calendar file (`work-calendar/1`): text to a `WorkCalendar`; each mistake in it is refused with its line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.vocabulary import CalendarStatus
from app.domain.workdays import CalendarYear, DaysOff, WorkCalendar
from app.formats import register
from app.formats.register import Document, Path, Unreadable

FORMAT = "work-calendar/1"
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
FIRST_YEAR, LAST_YEAR = 1900, 2199


def read(text: str) -> WorkCalendar:
    """Reads a calendar file, YAML or JSON. Raises Unreadable with the line of the first mistake.

    Every year stands there once; its days off lie inside it, apart from each other, each with a Vietnamese and an
    English name; its make-up days are weekend days that are not off; a published year names its source.
    """
    file = _File(_document(text))
    file.fields((), required=("format", "years"))
    if file.at(("format",)) != FORMAT:
        raise file.mistake(("format",), f"format is not {FORMAT}")
    seen: set[int] = set()
    years = []
    for path in file.items(("years",)):
        year = _year(file, path)
        if year.year in seen:
            raise file.mistake((*path, "year"), f"year twice: {year.year}")
        seen.add(year.year)
        years.append(year)
    return WorkCalendar(tuple(sorted(years, key=lambda year: year.year)))


def _document(text: str) -> Document:
    try:
        return register.read(text)
    except Unreadable as error:
        # The reader makes days of what looks like one, and does not say where it could not.
        if error.line is None and (found := _impossible_day(text)) is not None:
            raise found from error
        raise


def _impossible_day(text: str) -> Unreadable | None:
    for number, line in enumerate(text.splitlines(), 1):
        for found in DAY.finditer(line.partition("#")[0]):
            if _day(found[0]) is None:
                return Unreadable(f"no such day: {found[0]}", number)
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def _year(file: "_File", path: Path) -> CalendarYear:
    file.fields(path, required=("year", "status"), optional=("source", "days_off", "make_up_days"))
    number, status = file.at((*path, "year")), file.at((*path, "status"))
    if type(number) is not int or not FIRST_YEAR <= number <= LAST_YEAR:
        raise file.mistake((*path, "year"), f"not a year from {FIRST_YEAR} to {LAST_YEAR}: {number}")
    if status not in list(CalendarStatus):
        raise file.mistake((*path, "status"), f"status is not one of {', '.join(CalendarStatus)}: {status}")
    source = file.text((*path, "source"))
    if status == CalendarStatus.PUBLISHED and not source:
        raise file.mistake((*path, "status"), "a published year names its source")
    days_off = _days_off(file, (*path, "days_off"), number)
    make_up_days = _make_up_days(file, (*path, "make_up_days"), number, days_off)
    return CalendarYear(number, CalendarStatus(status), days_off, make_up_days, source)


def _days_off(file: "_File", path: Path, year: int) -> tuple[DaysOff, ...]:
    runs: list[DaysOff] = []
    for item in file.items(path):
        file.fields(item, required=("from", "to", "vi", "en"))
        first, last = (file.day((*item, end), year) for end in ("from", "to"))
        if first > last:
            raise file.mistake((*item, "from"), f"from {first} is after to {last}")
        if (other := _holding(runs, first, last)) is not None:
            raise file.mistake((*item, "from"), f"overlaps {other.first} to {other.last}")
        vi, en = (file.text((*item, name)) for name in ("vi", "en"))
        if not vi or not en:
            raise file.mistake(item, "a holiday has a name in vi and in en")
        runs.append(DaysOff(first, last, vi, en))
    return tuple(sorted(runs, key=lambda run: run.first))


def _make_up_days(file: "_File", path: Path, year: int, runs: Iterable[DaysOff]) -> tuple[date, ...]:
    days: list[date] = []
    for item in file.items(path):
        day = file.day(item, year)
        if day.isoweekday() < 6:
            raise file.mistake(item, f"a make-up day is a Saturday or a Sunday: {day}")
        if (run := _holding(runs, day, day)) is not None:
            raise file.mistake(item, f"{day} works and is off, {run.first} to {run.last}")
        if day in days:
            raise file.mistake(item, f"day twice: {day}")
        days.append(day)
    return tuple(sorted(days))


def _holding(runs: Iterable[DaysOff], first: date, last: date) -> DaysOff | None:
    return next((run for run in runs if run.first <= last and first <= run.last), None)


@dataclass(frozen=True, slots=True)
class _File:
    """The values of a file by their paths, each with the shape that is asked for."""

    document: Document

    def mistake(self, path: Path, reason: str) -> Unreadable:
        return Unreadable(reason, self.document.line(path))

    def at(self, path: Path) -> Any:
        """The value at `path`; None where the last step is not there."""
        value = self.document.values
        for step in path:
            value = value.get(step) if isinstance(value, dict) else value[step]
        return value

    def fields(self, path: Path, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Refuses what is no set of fields, lacks one or has one that is not known."""
        value = self.at(path)
        if not isinstance(value, dict):
            raise self.mistake(path, f"fields are wanted here: {', '.join(required)}")
        for name in value:
            if name not in required + optional:
                raise self.mistake((*path, str(name)), f"no such key: {name}")
        for name in required:
            if value.get(name) is None:
                raise self.mistake(path, f"missing: {name}")

    def items(self, path: Path) -> Iterator[Path]:
        """The path of each item of a list; of none where the list is not there."""
        value = self.at(path)
        if value is not None and not isinstance(value, list):
            raise self.mistake(path, f"a list is wanted here: {path[-1]}")
        return ((*path, index) for index in range(len(value or ())))

    def text(self, path: Path) -> str:
        value = self.at(path)
        if value is not None and not isinstance(value, str):
            raise self.mistake(path, f"text is wanted here: {path[-1]}")
        return (value or "").strip()

    def day(self, path: Path, year: int) -> date:
        """A day of `year`; JSON and quotes make text of one, which is read as year-month-day too."""
        value = self.at(path)
        day = _day(value) if isinstance(value, str) else value
        if type(day) is not date:
            raise self.mistake(path, f"not a day as year-month-day: {value}")
        if day.year != year:
            raise self.mistake(path, f"{day} is not in {year}")
        return day
