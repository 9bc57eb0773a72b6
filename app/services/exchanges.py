"""Runs of the exchange with EVN SPC: which process pulls, what became of each stream, how far it was read, and what ours and
theirs came to. What is written here is the connector's own log; facts of the world are stated by the services it applies
records with."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import exchanges
from app.domain.errors import Conflict
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchange_reports import Report
from app.domain.vocabulary import QuarantineState, RunState, Stream, Trigger
from app.queries import exchange_reports
from app.queries import exchanges as found
from app.services.exchange_records import Tally
from app.tables.base import key
from app.tables.exchanges import (
    ExchangeCursor,
    ExchangeLease,
    ExchangePass,
    ExchangeReport,
    ExchangeRun,
    QuarantinedRecord,
)


def begin(session: Session, trigger: Trigger, holder: str, now: datetime, lease: timedelta) -> int:
    """Takes the lease and opens a run; its id. Conflict where another process holds the lease. Runs that nobody finished
    were broken off."""
    kept = session.get(ExchangeLease, found.LEASE)
    if kept is not None and kept.until > now:
        raise Conflict(ExchangeProblem.LEASE_LOST, holder=kept.holder)
    if kept is None:
        session.add(ExchangeLease(name=found.LEASE, holder=holder, until=now + lease))
    else:
        kept.holder, kept.until = holder, now + lease
    for table in (ExchangeRun, ExchangePass):
        broken = update(table).where(col(table.state) == RunState.RUNNING)
        session.execute(broken.values(state=RunState.BROKEN_OFF))
    run = ExchangeRun(trigger=trigger, state=RunState.RUNNING, started_at=now)
    session.add(run)
    session.flush()
    return key(run.id)


def hold(session: Session, holder: str, now: datetime, lease: timedelta) -> None:
    """Keeps the lease for longer, in the transaction of what is done under it. Conflict where another has taken it: then
    nothing of this transaction stays."""
    kept = session.get(ExchangeLease, found.LEASE)
    if kept is None or kept.holder != holder:
        raise Conflict(ExchangeProblem.LEASE_LOST)
    kept.until = now + lease


def let_go(session: Session, holder: str) -> None:
    """Gives the lease back, where it is held."""
    kept = session.get(ExchangeLease, found.LEASE)
    if kept is not None and kept.holder == holder:
        session.delete(kept)


def opened(session: Session, run_id: int, stream: Stream) -> ExchangePass:
    """The pass of a stream in a run; a new one where it has none."""
    statement = select(ExchangePass).where(
        col(ExchangePass.run_id) == run_id, col(ExchangePass.stream) == stream
    )
    row = session.execute(statement).scalar_one_or_none()
    if row is None:
        row = ExchangePass(run_id=run_id, stream=stream, state=RunState.RUNNING)
        session.add(row)
    return row


def note(row: ExchangePass, tally: Tally, *, pages: int = 1) -> None:
    """Adds what became of a page to its pass."""
    row.pages += pages
    for name in ("records", "applied", "unchanged", "older", "quarantined"):
        setattr(row, name, getattr(row, name) + getattr(tally, name))
    row.unknown = tuple(sorted({*row.unknown, *tally.unknown})[:20])


def end_pass(row: ExchangePass, problem: ExchangeProblem | None, details: Mapping[str, Any]) -> None:
    """Says how a pass ended."""
    row.state = RunState.DONE if problem is None else RunState.FAILED
    row.problem, row.details = problem, dict(details) or None


def move(
    session: Session,
    stream: Stream,
    now: datetime,
    *,
    newest: datetime | None,
    is_whole: bool,
    asked: str | None,
    etag: str | None,
) -> None:
    """Moves the cursor of a stream after a whole pass, never back. While a record waits that nobody can ask for again, since
    it came without an id, the cursor stays before it."""
    if any(row.record_id.startswith("?") for row in found.waiting(session, stream)):
        return
    row = found.cursor(session, stream)
    if row is None:
        row = ExchangeCursor(stream=stream, moved_at=now)
        session.add(row)
    row.cursor_at = max(filter(None, (row.cursor_at, newest)), default=None)
    row.whole_at = now if is_whole else row.whole_at
    row.asked, row.etag, row.moved_at = asked or "", etag, now


def question(row: ExchangeCursor | None, now: datetime) -> tuple[str | None, str | None]:
    """From when on a stream is asked for (None: everything), and the ETag that the answer to this question had last."""
    if row is None or row.cursor_at is None or row.whole_at is None:
        return None, None
    # The clocks of several machines differ a little, so it may lie ahead a little.
    if abs(now - row.whole_at) >= exchanges.WHOLE_EVERY:
        return None, None
    since = (row.cursor_at - exchanges.OVERLAP).isoformat()
    return since, row.etag if row.asked == since else None


def end(
    session: Session,
    run_id: int,
    now: datetime,
    *,
    released: int,
    report: Report | None,
    problem: ExchangeProblem | None = None,
) -> ExchangeRun:
    """Closes a run: done where every stream was read whole, failed where none was."""
    run = found.run(session, run_id)
    statement = select(col(ExchangePass.state)).where(col(ExchangePass.run_id) == run_id)
    states = list(session.execute(statement).scalars())
    good = states.count(RunState.DONE)
    if good == len(Stream) and problem is None:
        run.state = RunState.DONE
    else:
        run.state = RunState.PARTIAL if good else RunState.FAILED
    run.finished_at, run.released, run.problem = now, released, problem
    run.waiting = found.waiting_count(session)
    if report is not None:
        run.report_id = _kept(session, report, now)
    return run


def _kept(session: Session, report: Report, now: datetime) -> int:
    """The report's id; the last one's where it says the same."""
    content = exchange_reports.REPORT.dump_json(report).decode()
    digest = exchanges.digest(content, None)
    last = found.report(session)
    if last is not None and last.digest == digest:
        return key(last.id)
    row = ExchangeReport(digest=digest, made_at=now, differences=report.differences, content=content)
    session.add(row)
    session.flush()
    return key(row.id)


def waiting_by_stream(session: Session) -> dict[Stream, list[QuarantinedRecord]]:
    """What waits, by stream in the order in which streams are applied."""
    rows = found.waiting(session)
    assert all(row.state == QuarantineState.WAITING for row in rows)
    return {stream: own for stream in Stream if (own := [row for row in rows if row.stream == stream])}
