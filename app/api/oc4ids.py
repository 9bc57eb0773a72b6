"""Wind projects and 110 kV works as open data on infrastructure: OC4IDS 0.9.5."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.formats import oc4ids as format_
from app.queries import journal, oc4ids
from app.queries.capacity import View
from app.schemas.oc4ids import PackageQuery, ProjectPackage

router = APIRouter(tags=["oc4ids"], route_class=Route)


@router.get(
    "/oc4ids.json",
    response_model=ProjectPackage,
    responses={404: {"description": "There is no project yet"}},
    openapi_extra=needs(May.READ),
)
async def read_oc4ids_package(ask: Ask, query: Annotated[PackageQuery, Query()]) -> Response:
    """A package of projects: energy.wind with commissioning milestones and MW, and the grid works. What is confidential is
    there for its own organisation, the department and EVN SPC alone."""
    return await ask.read(lambda session: _package(session, ask, query), long=True)


def _package(session: Session, ask: Ask, query: PackageQuery) -> ProjectPackage:
    view = View(ask.actor, query.as_of or ask.today, journal.known(session, query.known_at))
    limit = ask.limit(query.limit, ask.tracker.settings.page_size_max)
    found = oc4ids.page(session, view, ask.lang, after=ask.after(query.cursor), limit=limit)
    changed_at = oc4ids.changed_at(session, view.revision)
    if not found.projects or changed_at is None:
        # The standard knows no package without a project.
        raise NotFound(Problem.NOT_FOUND, subject="project")
    settings, following = ask.tracker.settings, None
    if found.after is not None:
        following = str(ask.url.include_query_params(cursor=ask.signed(found.after)))
    about = format_.Publication(
        uri=str(ask.url),
        published_at=changed_at,
        publisher=settings.publisher_name or oc4ids.publisher(session, ask.lang),
        publisher_uri=settings.publisher_uri,
        licence=settings.data_licence_uri,
        prefix=settings.oc4ids_prefix,
        language=ask.lang.value,
        following=following,
    )
    return _wire(format_.package(about, found.projects))


def _wire(package: dict[str, Any]) -> ProjectPackage:
    return ProjectPackage.model_validate(package)
