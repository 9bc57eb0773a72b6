"""Taking records of EVN SPC's progress service: each is applied once, an older version never undoes a newer one, and what
cannot be applied waits in quarantine with its reason until it can."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from sqlalchemy.orm import Session

from app.domain import exchanges
from app.domain.access import Actor, May, require
from app.domain.errors import Conflict, TrackerError
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchanges import KINDS, Energised, Recognised, Record, Said, UnitSaid
from app.domain.problems import Problem
from app.domain.rules import Finding
from app.domain.vocabulary import Fact, QuarantineState, Stream
from app.queries import exchanges as found_exchanges
from app.services import exchange_confirmations, exchange_units, journal
from app.services.exchange_attempts import tried
from app.services.exchange_units import Item
from app.tables.exchanges import ExchangeRecord, QuarantinedRecord

WAITING, DISMISSED = QuarantineState.WAITING, QuarantineState.DISMISSED
MOST_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class Site:
    """What records are read by and applied as: the mapping, the connector's user, today and now."""

    mapping: exchanges.Mapping
    actor: Actor
    today: date
    now: datetime


@dataclass(slots=True)
class Tally:
    """What became of records. `newest` is the last instant at which one of them was updated, by their clock."""

    records: int = 0
    applied: int = 0
    unchanged: int = 0
    older: int = 0
    quarantined: int = 0
    unknown: set[str] = field(default_factory=set)
    newest: datetime | None = None

    def add(self, other: "Tally") -> None:
        for name in ("records", "applied", "unchanged", "older", "quarantined"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unknown |= other.unknown
        self.saw(other.newest)

    def saw(self, updated_at: datetime | None) -> None:
        self.newest = max(filter(None, (self.newest, updated_at)), default=None)


def take(session: Session, site: Site, stream: Stream, items: Sequence[object], read_at: datetime) -> Tally:
    """Takes one page of records in any order, however often it comes. Nothing it refuses raises."""
    tally = Tally(records=len(items))
    newest: dict[str, tuple[Record, object]] = {}
    bad: list[tuple[object, TrackerError]] = []
    for item in items:
        try:
            record = exchanges.identify(stream, item, site.mapping, read_at)
        except TrackerError as error:
            bad.append((item, error))
            continue
        tally.saw(record.updated_at)
        tally.unknown.update(record.unknown)
        if record.id not in newest or record.updated_at >= newest[record.id][0].updated_at:
            newest[record.id] = record, item
    ids = {*newest, *(exchanges.id_of(item) for item, _ in bad)}
    books = _Books(session, site, stream, ids)
    fresh = [pair for pair in newest.values() if books.is_fresh(pair[0], tally)]
    for record, item, refusal in books.apply(fresh, tally):
        books.quarantine(record.id, record.updated_at, record.digest, item, refusal, tally)
    for item, refusal in bad:
        books.quarantine(exchanges.id_of(item), None, exchanges.digest(item, None), item, refusal, tally)
    return tally


def retry(
    session: Session, site: Site, stream: Stream, rows: Sequence[QuarantinedRecord], *, counts: bool = True
) -> int:
    """Tries records of a stream that wait once more, as they were kept; what they need may have come since. Returns how
    many wait no longer. `counts`: it is a try of its own and not another look in the same run."""
    waiting = {row.record_id: row for row in rows}
    books, ready = _Books(session, site, stream, waiting), []
    for row in rows:
        if row.is_cut or row.problem == ExchangeProblem.INSTANT_WRONG:
            continue  # Only they can say when it was updated; taken as it is, it would outdate every other version.
        row.tries += counts
        try:
            item = json.loads(row.raw)
            ready.append((exchanges.identify(stream, item, site.mapping, None), item))
        except TrackerError as error:
            _tell(row, error)
    for record, _, refusal in books.apply(ready, Tally()):
        _tell(waiting[record.id], refusal)
    return books.released


def close_unseen(session: Session, site: Site, stream: Stream, seen: Collection[str]) -> None:
    """After a whole pass: records without an id that were damaged on their way, and have now come as they are."""
    for row in found_exchanges.waiting(session, stream):
        if row.record_id.startswith("?") and row.record_id not in seen:
            row.state, row.closed_at = QuarantineState.REPLACED, site.now


def dismiss(session: Session, actor: Actor, record_id: int, reason: str, now: datetime) -> QuarantinedRecord:
    """Lays a record aside for a reason: it is not tried again unless another version of it comes. Conflict where it does
    not wait (any more)."""
    require(actor, May.KEEP_EXCHANGES)
    row = open_one(session, record_id)
    row.state, row.closed_at, row.closed_by_id, row.reason = DISMISSED, now, actor.user_id, reason
    journal.record(
        session,
        actor,
        Fact.EXCHANGE_DISMISSED,
        "quarantined_record",
        str(record_id),
        before={"state": WAITING},
        after={"state": DISMISSED, "stream": row.stream, "problem": row.problem, "reason": reason},
    )
    return row


def retry_one(session: Session, actor: Actor, site: Site, record_id: int) -> QuarantinedRecord:
    """Tries one record again, as whom the connector is. The row tells what came of it."""
    require(actor, May.KEEP_EXCHANGES)
    row = open_one(session, record_id)
    retry(session, site, row.stream, [row])
    return row


def open_one(session: Session, record_id: int) -> QuarantinedRecord:
    """A record that waits. NotFound where there is none, Conflict where it waits no longer."""
    row = found_exchanges.quarantined_one(session, record_id)
    if row.state != WAITING:
        raise Conflict(Problem.NOT_WAITING, state=row.state)
    return row


class _Books:
    """What is kept of some records of a stream, and what becomes of it."""

    def __init__(self, session: Session, site: Site, stream: Stream, ids: Collection[str]) -> None:
        self._session, self._site, self._stream = session, site, stream
        self._applied = found_exchanges.applied(session, stream, ids) if ids else {}
        self._kept = found_exchanges.last_kept(session, stream, ids) if ids else {}
        self.released = 0

    def is_fresh(self, record: Record, tally: Tally) -> bool:
        """Whether a version says anything that was not taken yet; else it is counted for what it is."""
        applied, kept = self._applied.get(record.id), self._kept.get(record.id)
        if applied is not None and applied.digest == record.digest:
            tally.unchanged += 1
            self._settle(record)
            return False
        if applied is not None and record.updated_at < applied.updated_at:
            tally.older += 1
            return False
        if kept is None or kept.digest != record.digest:
            return True
        tally.unchanged += 1
        kept.last_seen_at = self._site.now
        return False

    def apply(
        self, pairs: Sequence[tuple[Record, object]], tally: Tally
    ) -> list[tuple[Record, object, TrackerError]]:
        """Applies records, notes those that stand, and returns those that are refused with the reason."""
        said: list[tuple[Record, object, Said]] = []
        refused: list[tuple[Record, object, TrackerError]] = []
        for record, item in pairs:
            try:
                said.append((record, item, exchanges.read(record, self._site.mapping)))
            except TrackerError as error:
                refused.append((record, item, error))
        reasons = self._units(said) if self._stream in KINDS else self._confirmations(said)
        for record, item, _ in said:
            refusal = reasons[record.id]
            if refusal is None:
                tally.applied += 1
                self._note(record)
                self._settle(record)
            else:
                refused.append((record, item, refusal))
        return refused

    def _units(self, said: Sequence[tuple[Record, object, Said]]) -> dict[str, TrackerError | None]:
        items = [
            Item(record, one, self._before(record)) for record, _, one in said if isinstance(one, UnitSaid)
        ]
        return exchange_units.apply(self._session, self._site.actor, items, self._site.today)

    def _before(self, record: Record) -> UnitSaid | None:
        """What the version that was applied before says; None where there is none, or the mapping no longer knows it."""
        row = self._applied.get(record.id)
        if row is None:
            return None
        try:
            then = Record(self._stream, record.id, row.updated_at, row.fields, row.digest)
            found = exchanges.read(then, self._site.mapping)
        except TrackerError:
            return None
        return found if isinstance(found, UnitSaid) else None

    def _confirmations(self, said: Sequence[tuple[Record, object, Said]]) -> dict[str, TrackerError | None]:
        found: dict[str, TrackerError | None] = {}
        for record, _, one in said:
            found[record.id] = tried(self._session, partial(self._confirm, one))
        return found

    def _confirm(self, said: Said) -> None:
        session, site = self._session, self._site
        if isinstance(said, Energised):
            exchange_confirmations.energise(session, site.actor, said, site.today)
        elif isinstance(said, Recognised):
            exchange_confirmations.recognise(session, site.actor, said, site.today)

    def _note(self, record: Record) -> None:
        row = self._applied.get(record.id)
        if row is None:
            row = ExchangeRecord(
                stream=self._stream,
                record_id=record.id,
                updated_at=record.updated_at,
                digest=record.digest,
                fields=dict(record.fields),
            )
            self._applied[record.id] = row
            self._session.add(row)
        row.updated_at, row.digest, row.fields = record.updated_at, record.digest, dict(record.fields)

    def _settle(self, record: Record) -> None:
        """Of a record that stands nothing as old waits any longer."""
        row = self._kept.get(record.id)
        if row is None or row.state != WAITING:
            return
        if row.updated_at is None or row.updated_at <= record.updated_at:
            is_same = row.digest == record.digest
            self.close(row, QuarantineState.RELEASED if is_same else QuarantineState.REPLACED)
            self.released += 1

    def close(self, row: QuarantinedRecord, state: QuarantineState) -> None:
        row.state, row.closed_at = state, self._site.now
        if self._kept.get(row.record_id) is row:
            del self._kept[row.record_id]

    def quarantine(
        self,
        record_id: str,
        updated_at: datetime | None,
        digest: str,
        item: object,
        error: TrackerError,
        tally: Tally,
    ) -> None:
        """Keeps a record that cannot be applied, in the place of an older version of it that waits."""
        row = self._kept.get(record_id)
        if row is not None and row.digest == digest:
            row.last_seen_at = self._site.now
            return
        if row is not None and row.state == WAITING:
            if updated_at is not None and row.updated_at is not None and updated_at < row.updated_at:
                return
            self.close(row, QuarantineState.REPLACED)
        raw = exchanges.plain(item)
        now = self._site.now
        row = QuarantinedRecord(
            stream=self._stream,
            record_id=record_id,
            updated_at=updated_at,
            digest=digest,
            raw=raw[: exchanges.LARGEST_RECORD],
            is_cut=len(raw) > exchanges.LARGEST_RECORD,
            state=WAITING,
            problem=error.problem.value,
            first_seen_at=now,
            last_seen_at=now,
        )
        _tell(row, error)
        self._session.add(row)
        self._kept[record_id] = row
        tally.quarantined += 1


def _tell(row: QuarantinedRecord, error: TrackerError) -> None:
    """Why a record is refused, as the word and the details of whoever refuses it."""
    row.problem, row.field = error.problem.value, error.field and error.field[:80]
    row.details = json.loads(exchanges.plain(journal.plain(_named(error.details)))) or None


def _named(details: Mapping[str, object]) -> dict[str, object]:
    """Details with the findings of rules as the codes of the rules."""
    findings = details.get("findings")
    named = (
        [each.rule for each in findings if isinstance(each, Finding)] if isinstance(findings, list) else None
    )
    return {**details, **({} if named is None else {"findings": named})}
