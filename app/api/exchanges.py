"""The exchange with EVN SPC: its last runs, ours beside theirs, and the records in quarantine."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api import exchange_shapes as shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.queries import exchanges as found
from app.schemas.exchanges import (
    Dismissal,
    ExchangeRead,
    QuarantinedRead,
    QuarantinePage,
    QuarantineQuery,
    ReportRead,
    RunPage,
)
from app.schemas.people import PageQuery
from app.services import exchange_records

router = APIRouter(prefix="/exchanges/evn-spc", tags=["exchanges"], route_class=Route)
Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", response_model=ExchangeRead, openapi_extra=needs(May.READ_EXCHANGES))
async def read_exchange(ask: Ask) -> Response:
    """Whether EVN SPC's progress service is pulled from, how far it was read, and how the last run went."""
    return await ask.read(lambda session: shapes.exchange(session, ask), journaled=False)


@router.get("/runs", response_model=RunPage, openapi_extra=needs(May.READ_EXCHANGES))
async def list_exchange_runs(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Every run, newest first."""
    return await ask.read(lambda session: _runs(session, ask, query), long=True, journaled=False)


@router.get("/report", response_model=ReportRead, responses=MISSING, openapi_extra=needs(May.READ_EXCHANGES))
async def read_exchange_report(ask: Ask) -> Response:
    """Ours beside theirs, as the newest run that has a report found them."""
    return await ask.read(lambda session: shapes.report(session), long=True, journaled=False)


@router.get("/runs/{run_id}/report", response_model=ReportRead, openapi_extra=needs(May.READ_EXCHANGES))
async def read_exchange_run_report(ask: Ask, run_id: Id) -> Response:
    """Ours beside theirs, as one run found them."""
    return await ask.read(lambda session: shapes.report(session, run_id), long=True, journaled=False)


@router.get("/quarantine", response_model=QuarantinePage, openapi_extra=needs(May.READ_EXCHANGES))
async def list_quarantined_records(ask: Ask, query: Annotated[QuarantineQuery, Query()]) -> Response:
    """Records that could not be applied, newest first: those that wait, or those in another state."""
    return await ask.read(lambda session: _quarantine(session, ask, query), long=True, journaled=False)


@router.post(
    "/quarantine/{record_id}/retry", response_model=QuarantinedRead, openapi_extra=needs(May.KEEP_EXCHANGES)
)
async def retry_quarantined_record(ask: Ask, record_id: Id) -> Response:
    """Tries a record once more, as EVN SPC's connector would; its state says what came of it."""
    return await ask.change(lambda session: shapes.retried(session, ask, record_id))


@router.post(
    "/quarantine/{record_id}/dismissal",
    response_model=QuarantinedRead,
    openapi_extra=needs(May.KEEP_EXCHANGES),
)
async def dismiss_quarantined_record(ask: Ask, record_id: Id, change: Dismissal) -> Response:
    """Lays a record aside, with the reason; it comes back only as another version of itself."""
    return await ask.change(
        lambda session: shapes.quarantined(
            session,
            [exchange_records.dismiss(session, ask.actor, record_id, change.reason, ask.now)],
            ask.lang,
        )[0]
    )


def _before(ask: Ask, cursor: str | None) -> int | None:
    after = ask.after(cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    return None if after is None else int(after)


def _runs(session: Session, ask: Ask, query: PageQuery) -> RunPage:
    limit = ask.limit(query.limit)
    rows = found.runs(session, before=_before(ask, query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda line: str(line.run.id))
    return RunPage(items=[shapes.run(line, ask.lang) for line in shown], next=following)


def _quarantine(session: Session, ask: Ask, query: QuarantineQuery) -> QuarantinePage:
    limit = ask.limit(query.limit)
    before = _before(ask, query.cursor)
    rows = found.quarantined(session, state=query.state, stream=query.stream, before=before, limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.id))
    return QuarantinePage(items=shapes.quarantined(session, shown, ask.lang), next=following)
