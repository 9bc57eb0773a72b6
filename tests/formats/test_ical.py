"""The calendar file against its standard (RFC 5545), and as another program reads it."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import ical
from app.formats.ical import Event

CHANGED_AT = datetime(2023, 2, 7, 10, 30, 15, 999, tzinfo=timezone(timedelta(hours=7)))
LONG = "Lắp dựng xong tua-bin, đấu nối với đường dây 110 kV Phú Thuận – Bình Đại; chờ nghiệm thu. " * 9


def event(**more: Any) -> Event:
    given = {"uid": "e-1@tracker", "day": date(2023, 12, 31), "summary": "COD", "sequence": 7, "changed_at": CHANGED_AT}  # fmt: skip
    return Event(**{**given, **more})


def read(data: bytes) -> icalendar.Calendar:
    found = icalendar.Calendar.from_ical(data)
    assert isinstance(found, icalendar.Calendar)
    assert [part.errors for part in found.walk()] == [[] for _ in found.walk()]
    return found


def events(data: bytes) -> list[Any]:
    return list(read(data).walk("VEVENT"))


def test_the_whole_file_as_it_is_written() -> None:
    written = ical.write(
        "Lịch, 2023",
        [event(description="Một\nhai", categories=("COD", "a,b"), url="https://tracker.test/v1-3")],
    )
    assert written.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Wind-power commissioning tracker//1//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Lịch\\, 2023",
        "NAME:Lịch\\, 2023",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "UID:e-1@tracker",
        "DTSTAMP:20230207T033015Z",
        "LAST-MODIFIED:20230207T033015Z",
        "SEQUENCE:7",
        "DTSTART;VALUE=DATE:20231231",
        "DTEND;VALUE=DATE:20240101",
        "SUMMARY:COD",
        "DESCRIPTION:Một\\nhai",
        "CATEGORIES:COD,a\\,b",
        "URL:https://tracker.test/v1-3",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_what_is_not_there_has_no_line() -> None:
    written = ical.write("Lịch", [event()]).decode()
    assert not [name for name in ("DESCRIPTION", "CATEGORIES", "URL") if f"\r\n{name}" in written]
    assert events(ical.write("Lịch", [])) == []


def test_another_program_reads_what_was_written() -> None:
    written = ical.write(
        "Tiến độ điện gió; Mê Kông", [event(description=LONG, categories=("Mốc", "a,b")), event(uid="e-2")]
    )
    calendar = read(written)
    # Of these two the reader keeps the text as it is written.
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Tiến độ điện gió\\; Mê Kông"
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    first, second = events(written)
    assert (first["UID"], second["UID"]) == ("e-1@tracker", "e-2")
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (date(2023, 12, 31), date(2024, 1, 1))
    assert first["DTSTAMP"].dt == datetime(2023, 2, 7, 3, 30, 15, tzinfo=UTC)
    assert (first["SEQUENCE"], first["TRANSP"], first["SUMMARY"]) == (7, "TRANSPARENT", "COD")
    assert (first["DESCRIPTION"], first["CATEGORIES"].cats) == (LONG, ["Mốc", "a,b"])


@pytest.mark.parametrize("lead", range(76))
def test_a_long_vietnamese_line_is_broken_wherever_it_must_be_and_never_inside_a_character(lead: int) -> None:
    # A letter more each time, so that every byte of every character comes to stand at a break.
    text = "x" * lead + "ếớữ" * 60
    lines = ical.folded(f"SUMMARY:{text}").split(b"\r\n")
    assert lines.pop() == b""
    assert len(lines) > 5
    assert all(len(line) <= 75 for line in lines)
    assert all(len(line) > 75 - 3 for line in lines[:-1]), "broken earlier than needed"
    assert [line.decode()[:1] for line in lines[1:]] == [" "] * (len(lines) - 1)
    assert "".join([lines[0].decode(), *(line.decode()[1:] for line in lines[1:])]) == f"SUMMARY:{text}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a,b;c\\d", "a\\,b\\;c\\\\d"),
        ("đường dây: 110 kV", "đường dây: 110 kV"),
        ("một\nhai\r\nba\rbốn", "một\\nhai\\nba\\nbốn"),
        ("một\x85hai\u2028ba", "một\\nhai\\nba"),
        ("\\n", "\\\\n"),
        ("\\", "\\\\"),
        ("tab\there\x00\x07\x7f", "tab\there"),
        ('"trích"', '"trích"'),
    ],
)
def test_a_text_is_escaped(value: str, written: str) -> None:
    assert ical.text(value) == written


def test_no_text_begins_a_line_of_its_own() -> None:
    bad = "COD\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:false"
    written = ical.write(
        bad, [event(summary=bad, description=bad, categories=(bad,), url=f"https://x/{bad}")]
    )
    assert len(events(written)) == 1
    assert events(written)[0]["SUMMARY"] == bad.replace("\r\n", "\n")
    assert b"\nUID:false" not in written


@given(st.text(max_size=400))
def test_whatever_a_text_holds_it_is_read_back(value: str) -> None:
    found = events(ical.write("Lịch", [event(summary=value)]))[0]["SUMMARY"]
    assert found == ical.CONTROLS.sub("", "\n".join(value.splitlines()))


def test_the_same_events_give_the_same_bytes_and_order_is_the_callers() -> None:
    two = [event(uid="b"), event(uid="a")]
    assert ical.write("Lịch", two) == ical.write("Lịch", iter(two))
    assert [e["UID"] for e in events(ical.write("Lịch", two))] == ["b", "a"]
