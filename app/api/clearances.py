"""Land-clearance packages: one track of one grid work or plant in one place. No household is named in them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import work_shapes as shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import works as found
from app.schemas.works import (
    ClearanceChange,
    ClearanceCreate,
    ClearanceListQuery,
    ClearancePage,
    ClearanceRead,
)
from app.services import clearances

router = APIRouter(prefix="/clearances", tags=["clearances"], route_class=Route)


@router.get("", response_model=ClearancePage, openapi_extra=needs(May.READ_DETAIL))
async def list_clearances(ask: Ask, query: Annotated[ClearanceListQuery, Query()]) -> Response:
    """The packages the reader sees, by code: of the works and projects it sees."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.get("/{code}", response_model=ClearanceRead, openapi_extra=needs(May.READ_DETAIL))
async def read_clearance(ask: Ask, code: str) -> Response:
    """One package."""
    return await ask.read(lambda session: _one(session, ask, code))


@router.post("", response_model=ClearanceRead, status_code=201, openapi_extra=needs(May.CHANGE_WORKS))
async def create_clearance(ask: Ask, change: ClearanceCreate) -> Response:
    """Adds a package of a grid work (its owner, the department) or of a project (the department)."""

    def work(session: Session) -> ClearanceRead:
        clearances.create(session, ask.actor, change)
        return _one(session, ask, change.code)

    return await ask.change(work, status=201, location=f"{ask.url.path}/{change.code}")


@router.patch("/{code}", response_model=ClearanceRead, openapi_extra=needs(May.CHANGE_WORKS))
async def change_clearance(ask: Ask, code: str, change: ClearanceChange) -> Response:
    """Changes the fields that are sent."""

    def work(session: Session) -> ClearanceRead:
        clearances.change(session, ask.actor, code, change, ask.expected)
        return _one(session, ask, code)

    return await ask.change(work)


def _page(session: Session, ask: Ask, query: ClearanceListQuery) -> ClearancePage:
    limit = ask.limit(query.limit)
    filters = found.PackageFilters(query.work, query.project, query.district, query.track, query.commune)
    rows = found.packages(session, ask.actor, filters, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.clearance.code))
    return ClearancePage(items=[shapes.clearance(row) for row in shown], next=following)


def _one(session: Session, ask: Ask, code: str) -> ClearanceRead:
    return shapes.clearance(found.package(session, ask.actor, code))
