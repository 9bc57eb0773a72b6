"""Commitments (cam kết): who promised which units by when, and whether it was kept."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import commitments as domain
from app.domain.access import May
from app.domain.units import KIND_OF
from app.domain.vocabulary import Party
from app.queries import commitments as found
from app.queries import journal
from app.queries.commitments import Filters, Seen, Step, UnitSeen, View
from app.schemas.commitments import (
    CommitmentEntryRead,
    CommitmentLine,
    CommitmentMake,
    CommitmentPage,
    CommitmentPostpone,
    CommitmentQuery,
    CommitmentRead,
    CommitmentUnitRead,
    CommitmentWithdraw,
)
from app.schemas.milestones import KnownQuery
from app.schemas.obstacles import RowId
from app.schemas.projects import NamedRead
from app.services import commitments
from app.tables.commitments import Commitment

router = APIRouter(prefix="/commitments", tags=["commitments"], route_class=Route)


@router.get("", response_model=CommitmentPage, openapi_extra=needs(May.READ_DETAIL))
async def list_commitments(ask: Ask, query: Annotated[CommitmentQuery, Query()]) -> Response:
    """The commitments about works that the caller may see, by the day they are due."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/{commitment_id}", response_model=CommitmentRead, openapi_extra=needs(May.READ_DETAIL))
async def read_commitment(ask: Ask, commitment_id: RowId, query: Annotated[KnownQuery, Query()]) -> Response:
    """One commitment with its whole history, and what became of each of its units."""
    return await ask.read(lambda session: _one(session, ask, commitment_id, query), long=True)


@router.post(
    "",
    response_model=CommitmentRead,
    status_code=201,
    responses=MISSING,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def make_commitment(ask: Ask, change: CommitmentMake) -> Response:
    """Writes down who promised to bring which units of a work how far by when."""
    return await ask.change(
        lambda s: _made(s, ask, commitments.make(s, ask.actor, change, ask.today)),
        status=201,
        location=lambda made: f"{ask.url.path}/{made.id}",
    )


@router.post(
    "/{commitment_id}/postponement", response_model=CommitmentRead, openapi_extra=needs(May.CHANGE_WORKS)
)
async def postpone_commitment(ask: Ask, commitment_id: RowId, change: CommitmentPostpone) -> Response:
    """Gives it a later day, with the reason; each time is counted."""

    def work(session: Session) -> CommitmentRead:
        row = commitments.postpone(session, ask.actor, commitment_id, change, ask.expected, ask.today)
        return _made(session, ask, row)

    return await ask.change(work)


@router.post(
    "/{commitment_id}/withdrawal", response_model=CommitmentRead, openapi_extra=needs(May.CHANGE_WORKS)
)
async def withdraw_commitment(ask: Ask, commitment_id: RowId, change: CommitmentWithdraw) -> Response:
    """Takes back an open commitment, with the reason."""

    def work(session: Session) -> CommitmentRead:
        row = commitments.withdraw(session, ask.actor, commitment_id, change, ask.expected, ask.today)
        return _made(session, ask, row)

    return await ask.change(work)


def _view(session: Session, ask: Ask, as_of: date | None, known_at: datetime | date | None) -> View:
    """Nothing is judged before its day: neither a day ahead, nor one ahead of what is asked to be known."""
    open_on = domain.open_day(known_at, ask.today)
    day = min(as_of or ask.today, open_on)
    return View(day, journal.known(session, known_at), is_over=day < open_on)


def _made(session: Session, ask: Ask, row: Commitment) -> CommitmentRead:
    """The answer of every change: the commitment as it then stands."""
    session.flush()
    return _read(session, _view(session, ask, None, None), row)


def _one(session: Session, ask: Ask, commitment_id: int, query: KnownQuery) -> CommitmentRead:
    row = found.one(session, ask.actor, commitment_id)
    return _read(session, _view(session, ask, query.as_of, query.known_at), row)


def _page(session: Session, ask: Ask, query: CommitmentQuery) -> CommitmentPage:
    limit = ask.limit(query.limit)
    view = _view(session, ask, query.as_of, query.known_at)
    filters = Filters(
        **query.model_dump(include={"work", "district", "responsible", "state", "due_from", "due_until"})
    )
    rows = found.page(session, ask.actor, view, filters, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, found.place)
    items = [CommitmentLine(**_line(seen)) for seen in shown]
    return CommitmentPage(as_of=view.as_of, items=items, next=following)


def _read(session: Session, view: View, row: Commitment) -> CommitmentRead:
    seen = found.seen(session, view, row)
    return CommitmentRead(
        **_line(seen),
        as_of=view.as_of,
        units=[_unit(each) for each in seen.units],
        history=[_entry(step) for step in found.history(session, row, view)],
    )


def _line(seen: Seen) -> dict[str, object]:
    row, promise = seen.row, seen.promise
    return {
        **row.model_dump(include={"id", "stage", "responsible_name", "note", "revision"}),
        "work": NamedRead.model_validate(seen.work, from_attributes=True),
        "kind": KIND_OF[row.stage],
        "responsible": Party(row.responsible),
        "made_on": promise.made_on,
        "first_due_on": seen.first_due_on,
        "due_on": promise.due_on,
        "moved": promise.moves,
        "withdrawn_on": promise.withdrawn_on,
        "state": seen.state,
        "units_total": len(seen.units),
        "units_done": sum(each.standing.is_done for each in seen.units),
        "organisation": seen.organisation,
        "is_illustrative": row.is_illustrative or seen.work.is_illustrative,
    }


def _unit(seen: UnitSeen) -> CommitmentUnitRead:
    standing = seen.standing
    return CommitmentUnitRead(
        number=seen.unit.number,
        commune=seen.unit.commune,
        status=standing.status,
        since_on=standing.since_on,
        cause=standing.cause,
        was_done=seen.was_done,
    )


def _entry(step: Step) -> CommitmentEntryRead:
    return CommitmentEntryRead(
        **step.entry.model_dump(include={"act", "stated_on", "day", "previous_on", "note"}),
        organisation=step.organisation,
        recorded_at=step.recorded_at,
    )
