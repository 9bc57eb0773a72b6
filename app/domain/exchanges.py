"""Reading what EVN SPC's progress service says, by the mapping: a record as it came, what it says in our words, and what
is wrong with it. Whether the tracker takes it is asked of its services, as it is of anybody."""

import hashlib
import json
import math
import re
from collections.abc import Mapping as Named
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from app.domain.errors import Invalid
from app.domain.exchange_problems import ExchangeProblem
from app.domain.quantity import LARGEST_ENTRY_KW
from app.domain.quantity import kw as whole_kw
from app.domain.units import KIND_OF
from app.domain.vocabulary import DelayCause, Stream, SubjectKind, UnitKind, UnitStage, UnitStatus
from app.domain.words import Term

# Clocks differ and a slow transaction of theirs ends late: every pass begins so long before the last one ended.
OVERLAP = timedelta(minutes=10)
# What comes later than that overlap is still found: so often everything is asked for.
WHOLE_EVERY = timedelta(days=1)
LONGEST_ID, LONGEST_TEXT, LARGEST_RECORD = 80, 120, 8_000
# Records of the contract are flat.
DEEPEST = 100
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
KINDS = {Stream.TOWERS: UnitKind.TOWER, Stream.SECTIONS: UnitKind.SECTION}
# How the tracker numbers units.
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,19}")


@dataclass(frozen=True, slots=True)
class Mapping:
    """Their fields and words, and which of ours they are: `fields` by stream and our name; `words` by family and theirs."""

    fields: Named[Stream, Named[str, str]]
    not_taken: frozenset[str]
    letter_issuer: Named[Stream, str]
    numbers: Named[Stream, tuple[str, str]]
    works: Named[str, str]
    plants: Named[str, str]
    milestones: Named[SubjectKind, str]
    words: Named[str, Named[str, Term]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came: which it is, since when it says so by their clock, and the fields that the mapping takes.

    `digest` tells two versions apart; `unknown` are fields that neither the contract nor the mapping has.
    """

    stream: Stream
    id: str
    updated_at: datetime
    fields: Named[str, Any]
    digest: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitSaid:
    """From `effective_on` on, a stage of a unit stands so."""

    work: str
    kind: UnitKind
    number: str
    stage: UnitStage
    status: UnitStatus
    effective_on: date
    cause: DelayCause | None = None
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The document behind a confirmation."""

    number: str
    on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class Energised:
    """A grid work, or the plant of a phase, stands energised from a day on."""

    kind: SubjectKind
    code: str
    milestone: str
    actual_on: date
    letter: Letter
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Recognised:
    """kW of a phase that are recognised as commercially operating from a day on."""

    phase: str
    kw: int
    effective_on: date
    letter: Letter
    is_illustrative: bool = False


Said = UnitSaid | Energised | Recognised


def identify(stream: Stream, item: object, mapping: Mapping, read_at: datetime | None) -> Record:
    """Which record it is. Raises Invalid where it has no id, or no instant at which it was updated by `read_at` (None:
    nobody knows when it was read)."""
    if not isinstance(item, dict):
        raise Invalid(ExchangeProblem.NOT_A_RECORD)
    if _id(item) is None:
        raise Invalid(ExchangeProblem.ID_MISSING, field="id")
    updated_at = instant(item.get("updated_at"))
    # What was changed after the page was read cannot stand on it.
    if updated_at is None or (read_at is not None and updated_at > read_at + OVERLAP):
        raise Invalid(ExchangeProblem.INSTANT_WRONG, field="updated_at")
    if len(plain(item)) > LARGEST_RECORD:
        raise Invalid(ExchangeProblem.RECORD_TOO_LARGE)
    taken = set(mapping.fields[stream].values())
    fields = {name: value for name, value in item.items() if name in taken}
    known = {"id", "updated_at", *taken, *mapping.not_taken}
    unknown = tuple(sorted(ascii(name)[1:-1][:LONGEST_ID] for name in item if name not in known))
    return Record(stream, str(item["id"]), updated_at, fields, digest(fields, updated_at), unknown)


def id_of(item: object) -> str:
    """What a record is known by: its id, or where it has none a fingerprint that no id can be."""
    found = _id(item) if isinstance(item, dict) else None
    return f"?{digest(item, None)}" if found is None else found


def _id(item: Named[str, Any]) -> str | None:
    found = item.get("id")
    good = isinstance(found, str) and 0 < len(found) <= LONGEST_ID and found.isprintable()
    return found if good and not str(found).startswith("?") else None


def plain(value: object) -> str:
    """A value as JSON in ASCII, the same for the same value: no database stumbles over half a character in it."""
    return json.dumps(value, sort_keys=True, default=str)


def shown(raw: str) -> Any:
    """A record as it was kept, to be looked at: what its text says, and the text itself where that is nested so deep that
    no reader should have to follow."""
    try:
        found = json.loads(raw)
    except RecursionError:
        return raw
    return raw if _is_deep(found, DEEPEST) else found


def _is_deep(value: object, most: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    parts = value.values() if isinstance(value, dict) else value
    return most == 0 or any(_is_deep(part, most - 1) for part in parts)


def digest(value: object, updated_at: datetime | None) -> str:
    """A fingerprint of what is said, and when it was updated."""
    said = f"{updated_at and updated_at.isoformat()}\n{plain(value)}"
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def instant(value: object) -> datetime | None:
    """An ISO 8601 instant with its zone; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read(record: Record, mapping: Mapping) -> Said:
    """What a record says in our words. Raises Invalid with the field of theirs that is missing or cannot be understood."""
    fields = _Fields(record, mapping)
    if record.stream in KINDS:
        return _unit(record.stream, fields)
    letter = Letter(
        fields.text("letter_number"), fields.day("letter_on"), mapping.letter_issuer[record.stream]
    )
    is_illustrative = fields.flag("is_illustrative")
    if record.stream == Stream.ENERGISATIONS:
        kind, code = fields.subject("subject")
        step = mapping.milestones[kind]
        return Energised(kind, code, step, fields.day("actual_on"), letter, is_illustrative)
    phase, kw = fields.code("phase", mapping.plants), fields.kw("capacity_mw")
    return Recognised(phase, kw, fields.day("effective_on"), letter, is_illustrative)


def _unit(stream: Stream, fields: "_Fields") -> UnitSaid:
    stage, status = UnitStage(fields.word("stage")), UnitStatus(fields.word("status"))
    if KIND_OF[stage] != KINDS[stream]:
        raise fields.wrong(ExchangeProblem.UNKNOWN_WORD, "stage")
    return UnitSaid(
        work=fields.code("work", fields.mapping.works),
        kind=KINDS[stream],
        number=fields.number("number"),
        stage=stage,
        status=status,
        effective_on=fields.day("effective_on"),
        cause=DelayCause(fields.word("cause")) if fields.has("cause") else None,
        is_illustrative=fields.flag("is_illustrative"),
    )


class _Fields:
    """The fields of one record under our names; what is wrong is told under theirs."""

    def __init__(self, record: Record, mapping: Mapping) -> None:
        self.record, self.mapping = record, mapping
        self._names = mapping.fields[record.stream]

    def has(self, name: str) -> bool:
        return self.record.fields.get(self._names[name]) is not None

    def wrong(self, problem: ExchangeProblem, name: str) -> Invalid:
        return Invalid(problem, field=self._names[name])

    def value(self, name: str) -> Any:
        if not self.has(name):
            raise self.wrong(ExchangeProblem.FIELD_MISSING, name)
        return self.record.fields[self._names[name]]

    def text(self, name: str) -> str:
        found = self.value(name)
        if not isinstance(found, str) or not found.strip() or not found.isprintable():
            raise self.wrong(ExchangeProblem.TEXT_WRONG, name)
        if len(found) > LONGEST_TEXT:
            raise self.wrong(ExchangeProblem.TEXT_WRONG, name)
        return found.strip()

    def day(self, name: str) -> date:
        found = self.value(name)
        try:
            day = date.fromisoformat(found) if isinstance(found, str) and len(found) == 10 else None
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            raise self.wrong(ExchangeProblem.DAY_WRONG, name)
        return day

    def kw(self, name: str) -> int:
        """MW as a JSON number, as kW: text such as "4,2" hides which separator was meant."""
        found = self.value(name)
        is_number = isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
        kw = whole_kw(Decimal(str(found))) if is_number else None
        if kw is None or not 0 < kw <= LARGEST_ENTRY_KW:
            raise self.wrong(ExchangeProblem.NUMBER_WRONG, name)
        return kw

    def flag(self, name: str) -> bool:
        found = self.value(name) if self.has(name) else False
        if not isinstance(found, bool):
            raise self.wrong(ExchangeProblem.UNKNOWN_WORD, name)
        return found

    def word(self, name: str) -> Term:
        found = self.mapping.words[name].get(self.text(name))
        if found is None:
            raise self.wrong(ExchangeProblem.UNKNOWN_WORD, name)
        return found

    def code(self, name: str, known: Named[str, str]) -> str:
        found = known.get(self.text(name))
        if found is None:
            raise self.wrong(ExchangeProblem.UNKNOWN_CODE, name)
        return found

    def subject(self, name: str) -> tuple[SubjectKind, str]:
        """A grid work or a plant, whichever has the code."""
        if (work := self.mapping.works.get(self.text(name))) is not None:
            return SubjectKind.GRID_WORK, work
        return SubjectKind.PHASE, self.code(name, self.mapping.plants)

    def number(self, name: str) -> str:
        before, after = self.mapping.numbers[self.record.stream]
        found = self.text(name)
        number = found.removeprefix(before).removesuffix(after).lstrip("0")
        if not (found.startswith(before) and found.endswith(after) and NUMBER.fullmatch(number)):
            raise self.wrong(ExchangeProblem.UNKNOWN_NUMBER, name)
        return number


class Retold(NamedTuple):
    """What a later version of a record takes the place of: the earlier one's day no longer stands as it said."""

    earlier: UnitSaid
    later: UnitSaid

    @property
    def is_corrected(self) -> bool:
        """Whether the earlier day was wrong. A stage that has only moved on leaves the day before in its history."""
        was, now = self
        same_place = (was.work, was.number, was.stage) == (now.work, now.number, now.stage)
        has_moved_on = now.effective_on > was.effective_on and now.status != was.status
        return same_place and now.effective_on != was.effective_on and not has_moved_on
