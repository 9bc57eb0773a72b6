"""`/projects`: every project with its phases, narrowed and ordered by what stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator, Field

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import Stage
from app.outside import shipped
from app.pages import moments
from app.pages.moments import MomentQuery
from app.pages.rendering import Frame, Named, frame, render
from app.queries import project_lists, projects, rewinding
from app.queries.project_lists import Line, Order
from app.schemas.base import Code
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Project

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 25
# A field that a form sends empty is not asked for.
_Unsaid = BeforeValidator(lambda value: value or None)


class ProjectsQuery(MomentQuery):
    """As the browser's form sends them: a field that was left alone comes empty."""

    q: str = Field("", max_length=100)
    district: Annotated[Code | None, _Unsaid] = None
    investor: Annotated[Code | None, _Unsaid] = None
    stage: Annotated[Stage | None, _Unsaid] = None
    order: Annotated[Order | None, _Unsaid] = None
    cursor: Annotated[str | None, _Unsaid] = Field(None, max_length=400)


@dataclass(frozen=True, slots=True)
class ProjectsPage:
    """The template's context. `count` is how many projects match, on all pages together."""

    frame: Frame
    asked: ProjectsQuery
    order: Order
    investors: Sequence[Organisation]
    districts: Sequence[AdministrativeUnit]
    lines: Sequence[Line]
    count: int
    following: str | None

    @property
    def stages(self) -> list[Stage]:
        return list(Stage)

    @property
    def orders(self) -> list[Order]:
        return list(Order)

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        asked = self.asked
        return bool(asked.q or asked.district or asked.investor or asked.stage)

    @property
    def has_illustrative(self) -> bool:
        return any(line.project.is_illustrative for line in self.lines)


@router.get("/projects", openapi_extra=needs(May.READ))
async def show_projects(ask: Ask, query: Annotated[ProjectsQuery, Query()]) -> Response:
    """The public summary of every project; forecasts of those alone whose detail the reader sees."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


def _page(session: Session, ask: Ask, query: ProjectsQuery) -> str:
    filters = projects.Filters(query.investor, query.district, query.stage)
    view = moments.view(session, ask, query)
    rows = rewinding.rows(session, view, "project", project_lists.matching(session, filters, query.q))
    order = query.order or Order.NAME
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    after = ask.after(query.cursor)
    found = project_lists.page(session, view, calendar, rows, order, after=after, limit=PAGE_ROWS)
    lines, following = ask.page(found, PAGE_ROWS, lambda line: str(line.project.code))
    investors, districts = _choices(session)
    shown = ProjectsPage(frame(ask), query, order, investors, districts, lines, len(rows), following)
    return render("projects.html", shown, ask.lang)


def _choices(session: Session) -> tuple[list[Organisation], list[AdministrativeUnit]]:
    """The investors and districts of all projects, by name."""
    every: list[Project] = project_lists.matching(session, projects.Filters(), None)
    places = projects.places(session, every).values()
    investors = {p.investor.code: p.investor for p in places if p.investor is not None}
    districts = {p.district.code: p.district for p in places if p.district is not None}
    return sorted(investors.values(), key=_name), sorted(districts.values(), key=_name)


def _name(thing: Named | AdministrativeUnit) -> str:
    return project_lists.plain(thing.name or "")
