"""`/exchange`: how pulling from EVN SPC goes, ours beside theirs, and the records in quarantine with what to do about them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask, Route, needs
from app.deps.exchange import site
from app.domain import exchanges
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.exchange_reports import Report
from app.domain.problems import Problem
from app.domain.vocabulary import QuarantineState
from app.domain.words import Term
from app.pages import forms, sending
from app.pages.forms import Sent
from app.pages.rendering import Frame, frame
from app.queries import exchange_reports
from app.queries import exchanges as found
from app.queries.exchanges import RunLine
from app.schemas import refusals
from app.schemas.base import Asked
from app.schemas.exchanges import Dismissal
from app.services import exchange_records
from app.tables.exchanges import QuarantinedRecord

router = APIRouter(tags=["pages"], route_class=Route)
HOME = "/exchange"
PAGE_ROWS, MOST_UNITS, MOST_LAID_ASIDE = 50, 100, 20
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
OF_RECORD = f"{HOME}/quarantine/{{record_id}}"


class CursorQuery(Asked):
    cursor: str | None = None
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What one side says of an energisation or a COD."""

    kw: int | None
    on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record that waits, why, and how it came, a line for each field. `rules` are those that refuse it; `ours` and
    `theirs` the figures, where they are what differs."""

    row: QuarantinedRecord
    problem: Term
    rules: list[Term]
    ours: Figures | None
    theirs: Figures | None
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ExchangePage:
    """`names` are those of the works of the report by code, `open_id` the record whose form was refused, `laid_aside` the
    records that people laid aside last, with their logins."""

    frame: Frame
    sent: Sent
    is_on: bool
    every_minutes: int
    is_running: bool
    fresh_at: Any
    run: RunLine | None
    report: Report | None
    names: Mapping[str, str]
    most_units: int
    waiting: list[Waiting]
    following: str | None
    laid_aside: list[tuple[QuarantinedRecord, str | None]]
    open_id: int | None = None

    def problem(self, code: str) -> Term:
        """The word of a problem that is kept by its code."""
        return refusals.named(code)


@router.get(HOME, openapi_extra=needs(May.READ_EXCHANGES))
async def show_exchange(ask: Ask, query: Annotated[CursorQuery, Query()]) -> Response:
    """The last run, what differs, and what waits."""
    return await _shown(ask, Sent(), 200, query.cursor)


@router.post(f"{OF_RECORD}/retry", openapi_extra=needs(May.KEEP_EXCHANGES))
async def retry_record(ask: Ask, record_id: Id) -> Response:
    """Tries one record again and says whether it went."""

    def work(session: Session) -> bool:
        row = exchange_records.retry_one(session, ask.actor, site(session, ask), record_id)
        return row.state != QuarantineState.WAITING

    went = await ask.tracker.db.change(work, Stamp(ask.now, ask.state.request_id))
    return RedirectResponse(frame(ask).to(HOME, said="saved" if went else "waits"), 303)


@router.post(f"{OF_RECORD}/dismissal", openapi_extra=needs(May.KEEP_EXCHANGES))
async def dismiss_record(ask: Ask, record_id: Id) -> Response:
    """Lays one record aside for a reason."""
    change, sent = forms.understood(Dismissal, forms.texts(await ask.form()))
    if change is None:
        return await _shown(ask, sent, 422, record_id=record_id)
    await ask.tracker.db.change(
        lambda session: exchange_records.dismiss(session, ask.actor, record_id, change.reason, ask.now),
        Stamp(ask.now, ask.state.request_id),
    )
    return RedirectResponse(frame(ask).to(HOME, said="saved"), 303)


async def _shown(
    ask: Ask, sent: Sent, status: int, cursor: str | None = None, record_id: int | None = None
) -> Response:
    return await sending.shown(
        ask, "exchange.html", lambda s, sent, _: _page(s, ask, sent, cursor, record_id), sent, status
    )


def _page(session: Session, ask: Ask, sent: Sent, cursor: str | None, record_id: int | None) -> ExchangePage:
    after = ask.after(cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    before = None if after is None else int(after)
    rows = found.quarantined(session, state=QuarantineState.WAITING, before=before, limit=PAGE_ROWS)
    shown, following = ask.page(rows, PAGE_ROWS, lambda row: str(row.id))
    kept, settings = found.report(session), ask.tracker.settings
    report = None if kept is None else exchange_reports.stated(kept)
    return ExchangePage(
        frame=frame(ask),
        sent=sent,
        is_on=settings.evn_spc_url is not None,
        every_minutes=settings.evn_spc_every_minutes,
        is_running=found.holder(session, ask.now) is not None,
        fresh_at=found.last_done_at(session),
        run=found.last_run(session),
        report=report,
        names={} if report is None else exchange_reports.names(session, report),
        most_units=MOST_UNITS,
        waiting=[_waiting(row) for row in shown],
        following=following,
        laid_aside=_laid_aside(session),
        open_id=record_id,
    )


def _laid_aside(session: Session) -> list[tuple[QuarantinedRecord, str | None]]:
    most = MOST_LAID_ASIDE
    rows = found.quarantined(session, state=QuarantineState.DISMISSED, before=None, limit=most)[:most]
    logins = found.logins(session, {row.closed_by_id for row in rows})
    return [(row, logins.get(row.closed_by_id or 0)) for row in rows]


def _waiting(row: QuarantinedRecord) -> Waiting:
    item = None if row.is_cut else exchanges.shown(row.raw)
    fields = [(str(name), _plain(value)) for name, value in item.items()] if isinstance(item, dict) else []
    details = row.details or {}
    return Waiting(
        row,
        refusals.named(row.problem),
        [refusals.named(str(code)) for code in details.get("findings", ())],
        _figures(details.get("declared_kw"), details.get("declared_on")),
        _figures(details.get("kw"), details.get("effective_on")),
        fields or [("", row.raw)],
    )


def _figures(kw: int | None, on: str | None) -> Figures | None:
    return None if on is None else Figures(kw, date.fromisoformat(on))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
