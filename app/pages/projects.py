"""`/projects/{code}`: the summary for everyone; milestones, land, documents and obstacles for those whom it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import Actor, May
from app.domain.capacity import Figures
from app.domain.vocabulary import Measure, ObstacleState, Party, SubjectKind
from app.outside import shipped
from app.pages import gantt, gantt_rows, moments
from app.pages.gantt_rows import Chart
from app.pages.moments import MomentQuery
from app.pages.phases_tranches import TrancheRow, tranche_rows
from app.pages.rendering import Frame, frame, render
from app.queries import (
    documents,
    ledger,
    obstacles,
    overview,
    project_lists,
    projects,
    rewinding,
    schedules,
    works,
)
from app.queries import subjects as found
from app.queries.capacity import View
from app.queries.obstacles import Seen
from app.queries.project_lists import Line
from app.queries.subjects import Holder
from app.queries.works import Package
from app.tables.documents import Document, Source

router = APIRouter(tags=["pages"], route_class=Route)
# Longer lists stand on pages of their own.
MOST_SHOWN = 25


@dataclass(frozen=True, slots=True)
class Rung:
    """One measure of the ladder; `share` of the nominal size, None where no entry is known."""

    measure: Measure
    kw: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Hanging:
    """The documents and the open obstacles of a project or a phase."""

    documents: Sequence[Document]
    obstacles: Sequence[Seen]
    today: date

    def party(self, seen: Seen) -> Party:
        """Who must act on an obstacle."""
        return Party(seen.row.responsible)


@dataclass(frozen=True, slots=True)
class Detail:
    """What only those see whom it is for."""

    chart: Chart | None
    hanging: Hanging
    packages: Sequence[Package]
    unsplit: Sequence[TrancheRow]
    can_report: bool


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """The template's context. `detail` is None to those who see the public summary alone."""

    frame: Frame
    line: Line
    ladder: Sequence[Rung]
    sources: Sequence[Source]
    detail: Detail | None


@router.get("/projects/{code}", openapi_extra=needs(May.READ))
async def show_project(ask: Ask, code: str, query: Annotated[MomentQuery, Query()]) -> Response:
    """One project with its phases. 404 where there is none."""
    return await ask.read(lambda session: _page(session, ask, code, query), long=True)


def _page(session: Session, ask: Ask, code: str, query: MomentQuery) -> str:
    view = moments.view(session, ask, query)
    row = projects.public(session, code)
    rewinding.check_known(view, row, "project")
    rewinding.rows(session, view, "project", [row])
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    line = project_lists.lines(session, view, calendar, [row])[0]
    cited = overview.sources(session, row.sources)
    shown = ProjectPage(
        frame(ask),
        line,
        rungs(line.figures, line.nominal_kw),
        list(cited.values()),
        _detail(session, ask, view, code) if line.is_seen else None,
    )
    return render("project.html", shown, ask.lang)


def _detail(session: Session, ask: Ask, view: View, code: str) -> Detail:
    holder = found.one(session, ask.actor, SubjectKind.PROJECT, code)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_holder(session, view, calendar, holder)
    assert holder.project is not None
    every = rewinding.entries(view, ledger.lines(session, holder.project), ask.today)
    own = [x for x in every if x.row.phase_id is None]
    packages = works.PackageFilters(project=code)
    return Detail(
        chart=gantt_rows.chart(session, view, schedule, holder),
        hanging=hanging(session, ask, view, holder),
        packages=works.packages(session, ask.actor, packages, after=None, limit=MOST_SHOWN),
        unsplit=tranche_rows(own, view.as_of),
        can_report=can_report(ask.actor, holder.project.investor_id),
    )


def can_report(actor: Actor, investor_id: int | None) -> bool:
    """Whether the reader reports on a project: its investor, or whoever keeps what others report."""
    own = investor_id is not None and investor_id == actor.organisation_id
    return actor.may(May.REPORT_FOR_OTHERS) or (own and actor.may(May.REPORT_MILESTONES))


def hanging(session: Session, ask: Ask, view: View, holder: Holder) -> Hanging:
    """The documents and the open obstacles of one subject, as known then."""
    papers = documents.Filters(holder=holder)
    state = ObstacleState.OPEN if moments.is_now(session, ask, view) else None
    wanted = obstacles.Filters(state=state, subject=holder.kind, subject_code=holder.code)
    rows = obstacles.page(session, ask.actor, wanted, view.as_of, after=None, limit=MOST_SHOWN)
    found = documents.page(session, ask.actor, papers, view.as_of, after=None, limit=MOST_SHOWN)
    return Hanging(
        [row for row in found if row.created_in <= view.revision],
        obstacles.seen(session, rewinding.obstacles_open(session, view, rows) if state is None else rows),
        view.as_of,
    )


def rungs(figures: Figures, nominal_kw: int | None) -> list[Rung]:
    """The ladder against the nominal size, or against its longest bar where that is longer or not known."""
    kws = {measure: figures.rung_kw(measure) for measure in Measure}
    longest = max([nominal_kw or 0, *(kw or 0 for kw in kws.values())])
    return [Rung(m, kw, None if kw is None else gantt.share(kw, longest)) for m, kw in kws.items()]
