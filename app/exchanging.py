"""Pulling from EVN SPC's progress service: a run over all streams, page by page, that may be killed anywhere.

A page and what became of it is one transaction; the cursor of a stream moves in one more, when every page of it is in. So
what was killed begins again before where it ended, and what is there already changes nothing. One process pulls at a time.
"""

import random
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from app.db import Database, Session, Stamp
from app.deps import Clock
from app.domain import exchanges
from app.domain.errors import Conflict, TrackerError
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchange_reports import Report
from app.domain.vocabulary import Stream, Trigger
from app.outside import shipped
from app.outside.evn_spc import EvnSpc, NotTaken, Page, Patience
from app.queries import exchange_reports
from app.queries import exchanges as found
from app.services import exchange_records
from app.services import exchanges as runs
from app.services.exchange_records import Site, Tally
from app.settings import Settings

# A page and its waits take less; who has not come back by then was killed.
LEASE = timedelta(minutes=10)
MOST_PAGES, MOST_TIMES_A_TOKEN, MOST_READINGS = 10_000, 3, 3
# Records that wait are asked for by their ids, so many a run; and tried so often while one frees the next.
MOST_ASKED_AGAIN, MOST_ROUNDS, RETRY_ROWS = 100, 10, 500
log = structlog.get_logger("exchange")


@dataclass(frozen=True, slots=True)
class Line:
    """What a run needs: the service, the database, the clock, the mapping, and whose user the connector is. `stopped`
    says that it should end."""

    client: EvnSpc
    db: Database
    clock: Clock
    mapping: exchanges.Mapping
    login: str
    stopped: Callable[[], bool] = lambda: False
    lease: timedelta = LEASE
    holder: str = field(default_factory=lambda: f"exchange-{secrets.token_hex(8)}")

    def site(self, session: Session) -> Site:
        """Read anew in each transaction: the user may have been closed meanwhile."""
        actor = found.connector(session, self.login)
        return Site(self.mapping, actor, self.clock.today(), self.clock.now())

    def stamp(self) -> Stamp:
        return Stamp(self.clock.now(), self.holder)


@contextmanager
def opened(
    settings: Settings, db: Database, clock: Clock, stop: threading.Event | None = None
) -> Iterator[Line]:
    """A line as the settings have it. Conflict where none is set up."""
    if settings.evn_spc_url is None:
        raise Conflict(ExchangeProblem.NOT_SET_UP)
    stopping = stop or threading.Event()
    token = settings.evn_spc_token
    patience = Patience(wait=lambda s: _wait(stopping, s), draw=random.random, now=clock.now)
    client = EvnSpc(settings.evn_spc_url, None if token is None else token.get_secret_value(), patience)
    try:
        mapping = shipped.evn_spc_mapping(settings.evn_spc_mapping)
        yield Line(client, db, clock, mapping, settings.evn_spc_login, stopping.is_set)
    finally:
        client.close()


def _wait(stopping: threading.Event, seconds: float) -> None:
    if stopping.wait(seconds):
        raise NotTaken(ExchangeProblem.STOPPED)


def pull(line: Line, trigger: Trigger) -> int:
    """One run; returns its id. Conflict where another process pulls, RuleBroken where the connector's user is not there.
    What is wrong with a stream is told in its pass, and raises nothing."""
    with line.db.changing(line.stamp()) as session:
        line.site(session)
        run_id = runs.begin(session, trigger, line.holder, line.clock.now(), line.lease)
    try:
        for stream in Stream:
            _stream(line, run_id, stream)
        _ask_again(line)
        released = _retry(line)
        with line.db.changing(line.stamp()) as session:
            site = line.site(session)
            report = exchange_reports.report(session, site.actor, site.mapping, site.today)
            runs.end(session, run_id, site.now, released=released, report=report)
    except NotTaken as error:
        _break_off(line, run_id, error.problem)
    except Exception as error:
        is_known = isinstance(error, TrackerError) and isinstance(error.problem, ExchangeProblem)
        _break_off(line, run_id, error.problem if is_known else ExchangeProblem.UNEXPECTED)  # type: ignore[attr-defined]
        raise
    finally:
        with line.db.changing(line.stamp()) as session:
            runs.let_go(session, line.holder)
    return run_id


def _break_off(line: Line, run_id: int, problem: ExchangeProblem) -> None:
    with line.db.changing(line.stamp()) as session:
        runs.end(session, run_id, line.clock.now(), released=0, report=None, problem=problem)


@dataclass(slots=True)
class Reading:
    """One stream as it is being read: the pages so far, the ids that stood on them, and how many were announced last."""

    pages: int = 0
    ids: set[str] = field(default_factory=set)
    total: int = 0
    etag: str | None = None
    tally: Tally = field(default_factory=Tally)

    @property
    def is_complete(self) -> bool:
        """Whether as many records came as the last page announced. Where records move while somebody pages, or a page is
        lost, fewer do."""
        return len(self.ids) >= self.total


def _pages(
    line: Line, stream: Stream, since: str | None, etag: str | None, reading: Reading
) -> Iterator[Page]:
    """The pages of one question, one after the other; none where nothing has changed. Raises NotTaken."""
    token, seen = None, dict[str, int]()
    while True:
        if line.stopped():
            raise NotTaken(ExchangeProblem.STOPPED)
        page = line.client.page(stream, since, token, etag if token is None else None)
        if page is None:
            reading.etag = etag
            return
        reading.etag = page.etag if token is None else reading.etag
        reading.pages += 1
        reading.total = page.total
        reading.ids.update(map(exchanges.id_of, page.items))
        yield page
        token = page.following
        if token is None:
            return
        seen[token] = seen.get(token, 0) + 1
        if seen[token] > MOST_TIMES_A_TOKEN or reading.pages >= MOST_PAGES:
            raise NotTaken(ExchangeProblem.ENDLESS, pages=reading.pages)


def _read(
    line: Line, stream: Stream, since: str | None, etag: str | None, take: Callable[[Page], Tally]
) -> Reading:
    """Reads a stream until every record that was announced has come. Raises NotTaken."""
    reading = Reading()
    for _ in range(MOST_READINGS):
        for page in _pages(line, stream, since, etag, reading):
            reading.tally.add(take(page))
        if reading.is_complete:
            return reading
        etag = None
    raise NotTaken(ExchangeProblem.INCOMPLETE, records=len(reading.ids), announced=reading.total)


def _stream(line: Line, run_id: int, stream: Stream) -> None:
    """Reads and applies one stream; what is wrong with it stops no other."""
    with line.db.changing(line.stamp()) as session:
        runs.hold(session, line.holder, line.clock.now(), line.lease)
        since, etag = runs.question(found.cursor(session, stream), line.clock.now())
        runs.opened(session, run_id, stream).is_whole = since is None

    def take(page: Page) -> Tally:
        with line.db.changing(line.stamp()) as session:
            runs.hold(session, line.holder, line.clock.now(), line.lease)
            tally = exchange_records.take(session, line.site(session), stream, page.items, page.as_of)
            runs.note(runs.opened(session, run_id, stream), tally)
        return tally

    problem, details, reading = None, dict[str, object](), Reading()
    try:
        reading = _read(line, stream, since, etag, take)
    except NotTaken as error:
        problem, details = error.problem, error.details
        log.warning("stream_not_taken", stream=stream.value, problem=problem.value, **details)
    with line.db.changing(line.stamp()) as session:
        runs.hold(session, line.holder, line.clock.now(), line.lease)
        runs.end_pass(runs.opened(session, run_id, stream), problem, details)
        if problem is None:
            site = line.site(session)
            if reading.pages:
                exchange_records.close_unseen(session, site, stream, reading.ids)
            runs.move(
                session,
                stream,
                site.now,
                newest=reading.tally.newest,
                is_whole=since is None,
                asked=since,
                etag=reading.etag,
            )
    if problem == ExchangeProblem.STOPPED:
        raise NotTaken(ExchangeProblem.STOPPED)


def _ask_again(line: Line) -> None:
    """Asks for records that wait by their ids, those tried least first: what was damaged on its way is whole now."""
    with line.db.reading() as session:
        rows = sorted(found.waiting(session), key=lambda row: row.tries)
        asked = [(row.stream, row.record_id) for row in rows if not row.record_id.startswith("?")]
    for stream, record_id in asked[:MOST_ASKED_AGAIN]:
        try:
            answer = line.client.record(stream, record_id)
        except NotTaken as error:
            if error.problem == ExchangeProblem.STOPPED:
                raise
            log.warning("record_not_taken", stream=stream.value, problem=error.problem.value)
            return
        if answer is None:
            continue
        item, as_of = answer
        if exchanges.id_of(item) != record_id:
            continue  # Not the record that was asked for: what waits stays as it is.
        with line.db.changing(line.stamp()) as session:
            runs.hold(session, line.holder, line.clock.now(), line.lease)
            exchange_records.take(session, line.site(session), stream, [item], as_of)


def _retry(line: Line) -> int:
    """Tries what waits, as long as one frees another; how many were released."""
    released = 0
    for at in range(MOST_ROUNDS):
        freed = 0
        with line.db.reading() as session:
            waiting = {stream: len(rows) for stream, rows in runs.waiting_by_stream(session).items()}
        for stream, count in waiting.items():
            for start in range(0, count, RETRY_ROWS):
                with line.db.changing(line.stamp()) as session:
                    runs.hold(session, line.holder, line.clock.now(), line.lease)
                    # Rows that were released make room for those behind them.
                    first = max(0, start - freed)
                    rows = found.waiting(session, stream)[first : first + RETRY_ROWS]
                    freed += exchange_records.retry(session, line.site(session), stream, rows, counts=at == 0)
        released += freed
        if not freed:
            break
    return released


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a run would do: what would become of each stream or why it cannot be read, the facts it would state, the records
    that would wait, and how ours and theirs would then compare."""

    tallies: dict[Stream, Tally]
    problems: dict[Stream, ExchangeProblem]
    facts: list[dict[str, object]]
    waiting: list[dict[str, object]]
    released: int
    report: Report


def rehearse(line: Line) -> Rehearsal:
    """Reads everything a run would read, then does in one change that is taken back what it would do."""
    with line.db.reading() as session:
        line.site(session)
        asked = {s: runs.question(found.cursor(session, s), line.clock.now())[0] for s in Stream}
    pages: dict[Stream, list[Page]] = {stream: [] for stream in Stream}
    problems: dict[Stream, ExchangeProblem] = {}
    for stream in Stream:
        try:
            _read(line, stream, asked[stream], None, lambda page, to=pages[stream]: _kept(to, page))  # type: ignore[misc]
        except NotTaken as error:
            problems[stream] = error.problem
    with line.db.rehearsing(line.stamp()) as session:
        return _rehearsed(session, line.site(session), pages, problems)


def _kept(pages: list[Page], page: Page) -> Tally:
    pages.append(page)
    return Tally()


def _rehearsed(
    session: Session,
    site: Site,
    pages: dict[Stream, list[Page]],
    problems: dict[Stream, ExchangeProblem],
) -> Rehearsal:
    tallies = {stream: Tally() for stream in Stream}
    for stream, own in pages.items():
        for page in own:
            tallies[stream].add(exchange_records.take(session, site, stream, page.items, page.as_of))
    released = 0
    for at in range(MOST_ROUNDS):
        freed = 0
        for stream, rows in runs.waiting_by_stream(session).items():
            freed += exchange_records.retry(session, site, stream, rows, counts=at == 0)
        released += freed
        if not freed:
            break
    session.flush()
    report = exchange_reports.report(session, site.actor, site.mapping, site.today)
    facts: Sequence[dict[str, object]] = session.info.get("facts", ())
    waiting: list[dict[str, object]] = [
        {"stream": row.stream, "record": row.record_id, "problem": row.problem, "field": row.field}
        for row in found.waiting(session)
    ]
    return Rehearsal(tallies, problems, list(facts), waiting, released, report)


def is_due(started_at: datetime | None, now: datetime, every: timedelta, drawn: float) -> bool:
    """Whether it is time to pull again. `drawn`, 0 ≤ n < 1, adds up to a tenth of the time, so that the pulls of many do
    not come together. A last run that lies ahead was made by another clock."""
    if started_at is None or started_at > now:
        return True
    return now - started_at >= every * (1 + drawn / 10)
