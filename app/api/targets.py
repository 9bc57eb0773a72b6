"""Targets: what is to be reached, by when, according to which source."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import targets as found
from app.schemas.people import PageQuery
from app.schemas.targets import TargetChange, TargetCreate, TargetPage, TargetRead
from app.services import targets

router = APIRouter(prefix="/targets", tags=["targets"], route_class=Route)


@router.get("", response_model=TargetPage, openapi_extra=needs(May.READ))
async def list_targets(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Every target, by code."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.get("/{code}", response_model=TargetRead, openapi_extra=needs(May.READ))
async def read_target(ask: Ask, code: str) -> Response:
    """One target."""
    return await ask.read(lambda session: shapes.target(found.one(session, code)))


@router.post("", response_model=TargetRead, status_code=201, openapi_extra=needs(May.SET_TARGET))
async def create_target(ask: Ask, change: TargetCreate) -> Response:
    """Sets a target."""
    return await ask.change(
        lambda session: shapes.target(targets.create(session, ask.actor, change)),
        status=201,
        location=f"{ask.url.path}/{change.code}",
    )


@router.patch("/{code}", response_model=TargetRead, openapi_extra=needs(May.SET_TARGET))
async def change_target(ask: Ask, code: str, change: TargetChange) -> Response:
    """Changes the fields that are sent; `known_at` still shows what was set before."""
    return await ask.change(
        lambda session: shapes.target(targets.change(session, ask.actor, code, change, ask.expected))
    )


@router.delete("/{code}", status_code=204, openapi_extra=needs(May.SET_TARGET))
async def remove_target(ask: Ask, code: str) -> Response:
    """Removes a target; the journal keeps what it said."""
    return await ask.change(lambda session: targets.remove(session, ask.actor, code, ask.expected))


def _page(session: Session, ask: Ask, query: PageQuery) -> TargetPage:
    limit = ask.limit(query.limit)
    rows = found.page(session, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.code))
    return TargetPage(items=[shapes.target(row) for row in shown], next=following)
