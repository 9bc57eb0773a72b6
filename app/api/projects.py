"""Projects (dự án): the public summary for everyone, the rest for those it is for."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import capacity
from app.queries import projects as found
from app.schemas.ledger import TrancheDeclare, TrancheRead
from app.schemas.projects import ListQuery, ProjectChange, ProjectCreate, ProjectPage, ProjectRead
from app.services import projects, tranches

router = APIRouter(prefix="/projects", tags=["projects"], route_class=Route)


@router.get("", response_model=ProjectPage, openapi_extra=needs(May.READ))
async def list_projects(ask: Ask, query: Annotated[ListQuery, Query()]) -> Response:
    """Every project's public summary, by code."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/{code}", response_model=ProjectRead, openapi_extra=needs(May.READ))
async def read_project(ask: Ask, code: str) -> Response:
    """One project with its phases."""
    return await ask.read(lambda session: shapes.project(session, ask, found.public(session, code)))


@router.post("", response_model=ProjectRead, status_code=201, openapi_extra=needs(May.CREATE_PROJECT))
async def create_project(ask: Ask, change: ProjectCreate) -> Response:
    """Adds a project."""
    return await ask.change(
        lambda session: shapes.project(session, ask, projects.create(session, ask.actor, change)),
        status=201,
        location=f"{ask.url.path}/{change.code}",
    )


@router.patch("/{code}", response_model=ProjectRead, openapi_extra=needs(May.CHANGE_PROJECT))
async def change_project(ask: Ask, code: str, change: ProjectChange) -> Response:
    """Changes the fields that are sent."""
    return await ask.change(
        lambda session: shapes.project(
            session, ask, projects.change(session, ask.actor, code, change, ask.expected)
        )
    )


@router.delete("/{code}", status_code=204, openapi_extra=needs(May.CREATE_PROJECT))
async def remove_project(ask: Ask, code: str) -> Response:
    """Removes a project that holds no phase and no ledger entry."""
    return await ask.change(lambda session: projects.remove(session, ask.actor, code, ask.expected))


@router.post(
    "/{code}/tranches", response_model=TrancheRead, status_code=201, openapi_extra=needs(May.DECLARE_COD)
)
async def declare_unsplit_tranche(ask: Ask, code: str, change: TrancheDeclare) -> Response:
    """Declares a COD that names the project alone, because its split over the phases is not known."""
    return await ask.change(
        lambda session: shapes.tranche_by_code(
            session, ask, tranches.declare_unsplit(session, ask.actor, code, change, ask.today)
        ),
        status=201,
    )


def _page(session: Session, ask: Ask, query: ListQuery) -> ProjectPage:
    limit = ask.limit(query.limit)
    filters = found.Filters(query.investor, query.district, query.stage, query.in_totals)
    rows, following = ask.page(
        found.page(session, filters, after=ask.after(query.cursor), limit=limit),
        limit,
        lambda row: str(row.code),
    )
    view = capacity.whole(session, ask.actor, ask.today)
    figures = capacity.by_project(session, view, [row.id for row in rows])
    places = found.places(session, rows)
    items = [shapes.project_line(row, places[row.id], figures.get(row.id, shapes.NOTHING)) for row in rows]
    return ProjectPage(items=items, next=following)
