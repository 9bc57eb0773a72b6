"""The life of a COD tranche after its declaration: the second key, and what may happen to it later."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import ledger
from app.schemas.ledger import (
    TrancheAmend,
    TrancheConfirm,
    TrancheCorrect,
    TrancheDispute,
    TrancheRead,
    TrancheSettle,
    TrancheWithdraw,
)
from app.schemas.people import PageQuery
from app.schemas.projects import TrancheList
from app.services import amendments, tranches

router = APIRouter(prefix="/tranches", tags=["tranches"], route_class=Route)


@router.get("", response_model=TrancheList, openapi_extra=needs(May.READ_DETAIL))
async def list_waiting_tranches(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """The queue of the second key: tranches that are declared or disputed and not yet decided."""
    return await ask.read(lambda session: _waiting(session, ask, query), long=True)


@router.get("/{code}", response_model=TrancheRead, openapi_extra=needs(May.READ_DETAIL))
async def read_tranche(ask: Ask, code: str) -> Response:
    """One tranche with every entry of its life."""
    return await ask.read(lambda session: shapes.tranche_by_code(session, ask, code))


@router.post("/{code}/confirmation", response_model=TrancheRead, openapi_extra=needs(May.DECIDE_COD))
async def confirm_tranche(ask: Ask, code: str, change: TrancheConfirm) -> Response:
    """The second key: recognises the claim by letter, with a condition where there is one (then it is at risk)."""
    return await _made(
        ask, code, lambda s: tranches.confirm(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/dispute", response_model=TrancheRead, openapi_extra=needs(May.DECIDE_COD))
async def dispute_tranche(ask: Ask, code: str, change: TrancheDispute) -> Response:
    """The second key says no; both values stay visible."""
    return await _made(
        ask, code, lambda s: tranches.dispute(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/withdrawal", response_model=TrancheRead, openapi_extra=needs(May.DECLARE_COD))
async def withdraw_tranche(ask: Ask, code: str, change: TrancheWithdraw) -> Response:
    """The declarer takes an open claim back."""
    return await _made(ask, code, lambda s: tranches.withdraw(s, ask.actor, code, change, ask.expected))


@router.post("/{code}/suspension", response_model=TrancheRead, openapi_extra=needs(May.AMEND_COD))
async def suspend_tranche(ask: Ask, code: str, change: TrancheAmend) -> Response:
    """A part, or all, stops counting from a day on."""
    return await _made(
        ask, code, lambda s: amendments.suspend(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/reinstatement", response_model=TrancheRead, openapi_extra=needs(May.AMEND_COD))
async def reinstate_tranche(ask: Ask, code: str, change: TrancheAmend) -> Response:
    """A suspended part, or all of it, counts again from a day on."""
    return await _made(
        ask, code, lambda s: amendments.reinstate(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/cancellation", response_model=TrancheRead, openapi_extra=needs(May.AMEND_COD))
async def cancel_tranche(ask: Ask, code: str, change: TrancheAmend) -> Response:
    """A part, or all, is cancelled for good from a day on."""
    return await _made(
        ask, code, lambda s: amendments.cancel(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/condition-met", response_model=TrancheRead, openapi_extra=needs(May.AMEND_COD))
async def settle_tranche(ask: Ask, code: str, change: TrancheSettle) -> Response:
    """The condition of a conditional recognition is met: it is no longer at risk."""
    return await _made(
        ask, code, lambda s: amendments.settle_condition(s, ask.actor, code, change, ask.expected, ask.today)
    )


@router.post("/{code}/correction", response_model=TrancheRead, openapi_extra=needs(May.AMEND_COD))
async def correct_tranche(ask: Ask, code: str, change: TrancheCorrect) -> Response:
    """What the recognition should have said, back-dated where it must be; the history stays."""
    return await _made(
        ask, code, lambda s: amendments.correct(s, ask.actor, code, change, ask.expected, ask.today)
    )


async def _made(ask: Ask, code: str, act: Callable[[Session], None]) -> Response:
    def work(session: Session) -> TrancheRead:
        act(session)
        return shapes.tranche_by_code(session, ask, code)

    return await ask.change(work)


def _waiting(session: Session, ask: Ask, query: PageQuery) -> TrancheList:
    limit = ask.limit(query.limit)
    codes = ledger.waiting(session, ask.actor, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(codes, limit, str)
    items = [shapes.tranche_by_code(session, ask, code) for code in shown]
    return TrancheList(items=items, next=following, revision=ask.revision)
