"""The calendar feed: events of whole days to an iCalendar file (RFC 5545). The same events give the same bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

CONTENT_TYPE = "text/calendar; charset=utf-8"
# A line has at most 75 bytes without its end (RFC 5545, 3.1); each one after the first begins with a blank.
LONGEST_LINE = 75
# How often a program should look again; it may ask whether anything changed at hardly any cost.
REFRESH = "PT1H"
# No text holds a control character but the tab (3.3.11); line ends are written as two letters.
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens on one day. `uid` never changes, `sequence` rises with each change and `changed_at` is its time."""

    uid: str
    day: date
    summary: str
    description: str = ""
    categories: tuple[str, ...] = ()
    url: str | None = None
    sequence: int
    changed_at: datetime


def write(name: str, events: Iterable[Event]) -> bytes:
    """A calendar of that name as the bytes of an `.ics` file."""
    lines = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Wind-power commissioning tracker//1//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        # The name under its older and its later property (RFC 7986); programs know one or the other.
        ("X-WR-CALNAME", text(name)),
        ("NAME", text(name)),
        ("REFRESH-INTERVAL;VALUE=DURATION", REFRESH),
        ("X-PUBLISHED-TTL", REFRESH),
        *(line for event in events for line in _event(event)),
        ("END", "VCALENDAR"),
    ]
    return b"".join(folded(f"{name}:{value}") for name, value in lines)


def _event(event: Event) -> Iterator[tuple[str, str]]:
    changed_at = event.changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN", "VEVENT"
    yield "UID", text(event.uid)
    # Not the time of the answer: else no two answers would ever be the same.
    yield "DTSTAMP", changed_at
    yield "LAST-MODIFIED", changed_at
    yield "SEQUENCE", str(event.sequence)
    yield "DTSTART;VALUE=DATE", f"{event.day:%Y%m%d}"
    # The end is the first day that is not part of it any more.
    yield "DTEND;VALUE=DATE", f"{event.day + timedelta(1):%Y%m%d}"
    yield "SUMMARY", text(event.summary)
    if event.description:
        yield "DESCRIPTION", text(event.description)
    if event.categories:
        yield "CATEGORIES", ",".join(map(text, event.categories))
    if event.url is not None:
        yield "URL", CONTROLS.sub("", "".join(event.url.split()))
    # A date to remember; nobody is busy because of it.
    yield "TRANSP", "TRANSPARENT"
    yield "END", "VEVENT"


def text(value: str) -> str:
    """A text with its commas, semicolons, backslashes and line ends escaped, and without control characters."""
    escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return CONTROLS.sub("", "\\n".join(escaped.splitlines()))


def folded(line: str) -> bytes:
    """A line as UTF-8 with its end, broken where it is too long and never inside a character."""
    data = line.encode()
    parts, start, room = [], 0, LONGEST_LINE
    while len(data) - start > room:
        end = start + room
        while data[end] & 0b1100_0000 == 0b1000_0000:  # Inside a character: its later bytes begin with 10.
            end -= 1
        parts.append(data[start:end])
        start, room = end, LONGEST_LINE - 1
    return b"\r\n ".join([*parts, data[start:]]) + b"\r\n"
