"""Runs, reports and quarantined records as answers."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from app.db import Session
from app.deps import Ask
from app.deps.exchange import site
from app.domain import exchanges
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.words import Lang
from app.queries import exchange_reports
from app.queries import exchanges as found
from app.queries.exchanges import RunLine
from app.schemas import refusals
from app.schemas.exchanges import (
    CursorRead,
    ExchangeRead,
    PassRead,
    QuarantinedRead,
    ReportRead,
    RunRead,
)
from app.services import exchange_records
from app.tables.base import key
from app.tables.exchanges import QuarantinedRecord


def exchange(session: Session, ask: Ask) -> ExchangeRead:
    """Where the exchange stands."""
    settings, last = ask.tracker.settings, found.last_run(session)
    return ExchangeRead(
        is_on=settings.evn_spc_url is not None,
        every_minutes=settings.evn_spc_every_minutes,
        is_running=found.holder(session, ask.now) is not None,
        fresh_at=found.last_done_at(session),
        waiting=found.waiting_count(session),
        cursors=[
            CursorRead(**row.model_dump(include={"stream", "cursor_at", "moved_at"}))
            for row in found.cursors(session)
        ],
        last_run=None if last is None else run(last, ask.lang),
    )


def run(line: RunLine, lang: Lang) -> RunRead:
    """A run with its passes."""
    kept = line.run.model_dump(exclude={"id", "report_id"})
    passes = [
        PassRead(
            **row.model_dump(exclude={"id", "run_id", "unknown"}),
            unknown=list(row.unknown),
            message=None if row.problem is None else refusals.named(row.problem).label(lang),
        )
        for row in line.passes
    ]
    return RunRead(id=key(line.run.id), **kept, differences=line.differences, passes=passes)


def report(session: Session, run_id: int | None = None) -> ReportRead:
    """What a run, or the newest that has one, found ours and theirs to be. NotFound where there is none."""
    row = found.report(session, run_id)
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="exchange_report")
    stated = asdict(exchange_reports.stated(row))
    return ReportRead(**stated, made_at=row.made_at, differences=row.differences)


def retried(session: Session, ask: Ask, record_id: int) -> QuarantinedRead:
    """Tries a record once more and tells how it stands then."""
    row = exchange_records.retry_one(session, ask.actor, site(session, ask), record_id)
    return quarantined(session, [row], ask.lang)[0]


def quarantined(session: Session, rows: Sequence[QuarantinedRecord], lang: Lang) -> list[QuarantinedRead]:
    """Records in quarantine, as they came."""
    logins = found.logins(session, [row.closed_by_id for row in rows])
    return [_quarantined(row, logins, lang) for row in rows]


def _quarantined(row: QuarantinedRecord, logins: Mapping[int, str], lang: Lang) -> QuarantinedRead:
    kept = row.model_dump(exclude={"id", "record_id", "digest", "raw", "closed_by_id"})
    return QuarantinedRead(
        id=key(row.id),
        record=row.record_id,
        message=refusals.named(row.problem).label(lang),
        raw=row.raw if row.is_cut else exchanges.shown(row.raw),
        closed_by=None if row.closed_by_id is None else logins.get(row.closed_by_id),
        **kept,
    )
