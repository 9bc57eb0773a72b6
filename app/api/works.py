"""Grid works (công trình lưới điện), and which phase needs which."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import work_shapes as shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import SubjectKind
from app.queries import projects, subjects
from app.queries import works as found
from app.schemas.works import (
    ConnectionList,
    ConnectionPut,
    ConnectionRead,
    GridWorkChange,
    GridWorkCreate,
    GridWorkListQuery,
    GridWorkPage,
    GridWorkRead,
)
from app.services import works
from app.tables.works import GridWork

router = APIRouter(tags=["grid works"], route_class=Route)


@router.get("/grid-works", response_model=GridWorkPage, openapi_extra=needs(May.READ))
async def list_grid_works(ask: Ask, query: Annotated[GridWorkListQuery, Query()]) -> Response:
    """Every grid work's public summary, by code."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.get("/grid-works/{code}", response_model=GridWorkRead, openapi_extra=needs(May.READ))
async def read_grid_work(ask: Ask, code: str) -> Response:
    """One grid work; its detail for its owner, for investors whose phases need it and for who sees every project."""
    return await ask.read(lambda session: shapes.work(session, ask, code))


@router.post(
    "/grid-works", response_model=GridWorkRead, status_code=201, openapi_extra=needs(May.CHANGE_WORKS)
)
async def create_grid_work(ask: Ask, change: GridWorkCreate) -> Response:
    """Adds a grid work; a grid company adds its own."""

    def work(session: Session) -> GridWorkRead:
        works.create(session, ask.actor, change)
        return shapes.work(session, ask, change.code)

    return await ask.change(work, status=201, location=f"{ask.url.path}/{change.code}")


@router.patch("/grid-works/{code}", response_model=GridWorkRead, openapi_extra=needs(May.CHANGE_WORKS))
async def change_grid_work(ask: Ask, code: str, change: GridWorkChange) -> Response:
    """Changes the fields that are sent."""

    def work(session: Session) -> GridWorkRead:
        works.change(session, ask.actor, code, change, ask.expected)
        return shapes.work(session, ask, code)

    return await ask.change(work)


@router.get(
    "/grid-works/{code}/connections", response_model=ConnectionList, openapi_extra=needs(May.READ_DETAIL)
)
async def list_connections_of_work(ask: Ask, code: str) -> Response:
    """The phases that need a grid work, as far as the reader sees them."""
    return await ask.read(lambda session: _of_work(session, ask, code))


@router.get("/phases/{code}/connections", response_model=ConnectionList, openapi_extra=needs(May.READ_DETAIL))
async def list_connections_of_phase(ask: Ask, code: str) -> Response:
    """The grid works that a phase needs."""
    return await ask.read(lambda session: _of_phase(session, ask, code))


@router.put(
    "/phases/{code}/connections/{work}",
    response_model=ConnectionRead,
    openapi_extra=needs(May.CHANGE_WORKS),
)
async def put_connection(ask: Ask, code: str, work: str, change: ConnectionPut) -> Response:
    """Says what a phase needs a grid work for; sent twice it changes nothing the second time."""

    def put(session: Session) -> ConnectionRead:
        works.put_connection(session, ask.actor, code, work, change, ask.expected)
        return next(line for line in _of_phase(session, ask, code).items if line.work.code == work)

    return await ask.change(put)


@router.delete("/phases/{code}/connections/{work}", status_code=204, openapi_extra=needs(May.CHANGE_WORKS))
async def remove_connection(ask: Ask, code: str, work: str) -> Response:
    """Takes back that a phase needs a grid work."""
    return await ask.change(
        lambda session: works.remove_connection(session, ask.actor, code, work, ask.expected)
    )


def _page(session: Session, ask: Ask, query: GridWorkListQuery) -> GridWorkPage:
    limit = ask.limit(query.limit)
    filters = found.Filters(query.kind, query.owner, query.district)
    rows = found.page(session, filters, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.work.code))
    return GridWorkPage(items=[shapes.work_line(row) for row in shown], next=following)


def _of_work(session: Session, ask: Ask, code: str) -> ConnectionList:
    row = subjects.one(session, ask.actor, SubjectKind.GRID_WORK, code).row
    assert isinstance(row, GridWork)
    items = [shapes.connection(need) for need in found.of_work(session, ask.actor, row)]
    return ConnectionList(items=items, revision=row.revision)


def _of_phase(session: Session, ask: Ask, code: str) -> ConnectionList:
    phase, project = projects.phase(session, ask.actor, code)
    items = [shapes.connection(need) for need in found.of_phase(session, phase)]
    return ConnectionList(items=items, revision=project.revision)
