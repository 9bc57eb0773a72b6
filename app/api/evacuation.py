"""What the grid can evacuate: groups that power passes through, their paths and stated limits, and what fits through."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import evacuation_shapes as shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import evacuation as found
from app.schemas.evacuation import (
    EvacuationGroupChange,
    EvacuationGroupCreate,
    EvacuationGroupPage,
    EvacuationGroupRead,
    EvacuationLimitList,
    EvacuationLimitRead,
    EvacuationLimitState,
    EvacuationLimitWithdraw,
    EvacuationPathPut,
    EvacuationPathSaved,
    EvacuationQuery,
    EvacuationRead,
)
from app.schemas.obstacles import RowId
from app.schemas.people import PageQuery
from app.services import evacuation, evacuation_limits
from app.tables.evacuation import EvacuationLimit

router = APIRouter(tags=["evacuation"], route_class=Route)


@router.get("/evacuation", response_model=EvacuationRead, openapi_extra=needs(May.READ))
async def read_evacuation(ask: Ask, query: Annotated[EvacuationQuery, Query()]) -> Response:
    """MW that the stated limits in force on `as_of` let through, as known at `known_at`, group by group: the largest
    flow from the phases to the grid. What has no stated way is listed and not counted as usable."""
    return await ask.read(lambda session: shapes.evacuation(session, ask, query), long=True)


@router.get("/evacuation-groups", response_model=EvacuationGroupPage, openapi_extra=needs(May.READ))
async def list_evacuation_groups(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Every group, by code."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.get("/evacuation-groups/{code}", response_model=EvacuationGroupRead, openapi_extra=needs(May.READ))
async def read_evacuation_group(ask: Ask, code: str) -> Response:
    """One group with what enters it and where it drains to."""
    return await ask.read(lambda session: _group(session, ask, code))


@router.post(
    "/evacuation-groups",
    response_model=EvacuationGroupRead,
    status_code=201,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def create_evacuation_group(ask: Ask, change: EvacuationGroupCreate) -> Response:
    """Adds a group; a grid company adds its own."""

    def work(session: Session) -> EvacuationGroupRead:
        evacuation.create(session, ask.actor, change)
        return _group(session, ask, change.code)

    return await ask.change(work, status=201, location=f"{ask.url.path}/{change.code}")


@router.patch(
    "/evacuation-groups/{code}", response_model=EvacuationGroupRead, openapi_extra=needs(May.CHANGE_WORKS)
)
async def change_evacuation_group(ask: Ask, code: str, change: EvacuationGroupChange) -> Response:
    """Changes the fields that are sent."""

    def work(session: Session) -> EvacuationGroupRead:
        evacuation.change(session, ask.actor, code, change, ask.expected)
        return _group(session, ask, code)

    return await ask.change(work)


@router.put(
    "/evacuation-groups/{code}/phases/{phase}",
    response_model=EvacuationPathSaved,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def put_group_phase(ask: Ask, code: str, phase: str, change: EvacuationPathPut) -> Response:
    """Says that the power of a phase enters this group; sent twice it changes nothing the second time."""

    def put(session: Session) -> EvacuationPathSaved:
        evacuation.put_phase(session, ask.actor, code, phase, change, ask.expected)
        return shapes.entry_of(session, ask, found.one(session, code), phase=phase)

    return await ask.change(put)


@router.delete(
    "/evacuation-groups/{code}/phases/{phase}", status_code=204, openapi_extra=needs(May.CHANGE_WORKS)
)
async def remove_group_phase(ask: Ask, code: str, phase: str) -> Response:
    """Takes back that the power of a phase enters this group."""
    return await ask.change(lambda s: evacuation.remove_phase(s, ask.actor, code, phase, ask.expected))


@router.put(
    "/evacuation-groups/{code}/sources/{group}",
    response_model=EvacuationPathSaved,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def put_group_source(ask: Ask, code: str, group: str, change: EvacuationPathPut) -> Response:
    """Says that the power of another group passes this one. Refused where it would run in a circle."""

    def put(session: Session) -> EvacuationPathSaved:
        evacuation.put_source(session, ask.actor, code, group, change, ask.expected)
        return shapes.entry_of(session, ask, found.one(session, code), source=group)

    return await ask.change(put)


@router.delete(
    "/evacuation-groups/{code}/sources/{group}", status_code=204, openapi_extra=needs(May.CHANGE_WORKS)
)
async def remove_group_source(ask: Ask, code: str, group: str) -> Response:
    """Takes back that the power of another group passes this one."""
    return await ask.change(lambda s: evacuation.remove_source(s, ask.actor, code, group, ask.expected))


@router.get(
    "/evacuation-groups/{code}/limits", response_model=EvacuationLimitList, openapi_extra=needs(May.READ)
)
async def list_evacuation_limits(ask: Ask, code: str) -> Response:
    """Everything that was ever stated for a group, what was taken back too; the latest valid first."""
    return await ask.read(lambda session: _limits(session, ask, code))


@router.post(
    "/evacuation-groups/{code}/limits",
    response_model=EvacuationLimitRead,
    status_code=201,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def state_evacuation_limit(ask: Ask, code: str, change: EvacuationLimitState) -> Response:
    """Adds a limit as EVN states it: on the grid as it is, or after a work is energised."""
    return await ask.change(
        lambda s: _limit(
            s, ask, evacuation_limits.state(s, ask.actor, code, change, ask.expected, ask.today)
        ),
        status=201,
        location=ask.url.path,
    )


@router.post(
    "/evacuation-limits/{limit_id}/withdrawal",
    response_model=EvacuationLimitRead,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def withdraw_evacuation_limit(ask: Ask, limit_id: RowId, change: EvacuationLimitWithdraw) -> Response:
    """Takes a limit back, with the reason; what was answered before stays as it was answered."""
    return await ask.change(
        lambda s: _limit(s, ask, evacuation_limits.withdraw(s, ask.actor, limit_id, change, ask.expected))
    )


def _page(session: Session, ask: Ask, query: PageQuery) -> EvacuationGroupPage:
    limit = ask.limit(query.limit)
    rows = found.page(session, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda line: str(line.group.code))
    return EvacuationGroupPage(items=[shapes.group_line(line) for line in shown], next=following)


def _group(session: Session, ask: Ask, code: str) -> EvacuationGroupRead:
    return shapes.group(session, ask, found.one(session, code))


def _limits(session: Session, ask: Ask, code: str) -> EvacuationLimitList:
    group = found.one(session, code)
    items = [shapes.limit(ask, group, stated) for stated in found.limits(session, group)]
    return EvacuationLimitList(items=items, revision=group.revision)


def _limit(session: Session, ask: Ask, row: EvacuationLimit) -> EvacuationLimitRead:
    session.flush()
    _, group = found.limit(session, row.id or 0)
    return shapes.limit(ask, group, found.stated(session, row))
