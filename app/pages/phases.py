"""`/phases/{code}`: the summary for everyone; turbines, tranches, milestones, grid works and history for those whom it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import capacity as domain
from app.domain.access import May
from app.domain.network import Node, PhaseMw
from app.domain.vocabulary import Cause, SubjectKind
from app.outside import shipped
from app.pages import gantt_rows, histories, moments
from app.pages.gantt_rows import Chart
from app.pages.histories import Entry
from app.pages.moments import MomentQuery
from app.pages.phases_tranches import TrancheRow, TurbineCell, legend, tranche_rows, turbine_cells
from app.pages.projects import Hanging, Rung, can_report, hanging, rungs
from app.pages.rendering import Frame, frame, render
from app.queries import histories as told
from app.queries import (
    ledger,
    milestones,
    overview,
    phase_works,
    projects,
    rewinding,
    schedules,
    subjects,
)
from app.queries.capacity import CONFIDENTIAL, View
from app.queries.ledger import Line
from app.queries.phase_works import Needed
from app.queries.prepared import Plain
from app.queries.schedules import Schedule
from app.queries.subjects import Holder
from app.tables.documents import Source
from app.tables.projects import Phase

router = APIRouter(tags=["pages"], route_class=Route)
# The latest changes; the rest stands on a page of its own.
LATEST = 8


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain that decides a COD: the day it is finished on at the earliest."""

    node: Node
    on: date | None
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """The steps of one subject that follow each other in the chain."""

    kind: SubjectKind
    code: str
    name: str
    links: Sequence[Link]
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many MW wait, for what, and until when. `goal_on` is the phase's own goal, else the target's due day."""

    phase: PhaseMw
    cause: Cause | None
    legs: Sequence[Leg]
    hidden: int
    goal_on: date | None
    forecast_on: date | None
    is_own_goal: bool

    @property
    def is_illustrative(self) -> bool:
        """Whether the forecast rests on illustrative milestones."""
        return any(leg.is_illustrative for leg in self.legs)

    @property
    def float_days(self) -> int | None:
        """Days between the forecast and the goal; negative where the goal is missed."""
        if not self.legs or self.goal_on is None or self.forecast_on is None:
            return None
        return (self.goal_on - self.forecast_on).days


@dataclass(frozen=True, slots=True)
class Detail:
    """What only those see whom it is for. `can_report`: the reader keeps its milestones, turbines and declarations."""

    waiting: Waiting
    turbines: Sequence[TurbineCell]
    legend: Sequence[tuple[TurbineCell, int]]
    tranches: Sequence[TrancheRow]
    chart: Chart | None
    works: Sequence[Needed]
    hanging: Hanging
    history: Sequence[Entry]
    has_more_history: bool
    can_report: bool


@dataclass(frozen=True, slots=True)
class PhasePage:
    """The template's context. `detail` is None to those who see the public summary alone."""

    frame: Frame
    phase: Plain
    project_name: str
    operating_kw: int
    turbine_sum_kw: int | None
    ladder: Sequence[Rung]
    sources: Sequence[Source]
    detail: Detail | None


@router.get("/phases/{code}", openapi_extra=needs(May.READ))
async def show_phase(ask: Ask, code: str, query: Annotated[MomentQuery, Query()]) -> Response:
    """One phase. 404 where there is none."""
    return await ask.read(lambda session: _page(session, ask, code, query), long=True)


def _page(session: Session, ask: Ask, code: str, query: MomentQuery) -> str:
    view = moments.view(session, ask, query)
    row = rewinding.plain_phase(session, view, projects.shown_phase(session, code))
    sees = projects.sees(ask.actor, row.investor_id)
    units = rewinding.turbines(session, view, code, projects.turbines_of(session, row))
    lines = rewinding.entries(view, ledger.of_phase(session, row.id), ask.today)
    postings = (p for line in lines for p in line.entry.postings if sees or p.account not in CONFIDENTIAL)
    figures = domain.figures(postings, view.as_of)
    shown = PhasePage(
        frame=frame(ask),
        phase=row,
        project_name=_project_name(session, view, row.project),
        operating_kw=figures.operating_kw,
        turbine_sum_kw=projects.turbine_sum_kw(row, units),
        ladder=rungs(figures, row.nominal_kw),
        sources=list(overview.sources(session, row.sources).values()),
        detail=_detail(session, ask, view, row, units, lines) if sees else None,
    )
    return render("phase.html", shown, ask.lang)


def _project_name(session: Session, view: View, code: str) -> str:
    project = projects.public(session, code)
    rewinding.rows(session, view, "project", [project])
    return project.name


def _detail(
    session: Session, ask: Ask, view: View, row: Plain, units: Sequence[Plain], lines: Sequence[Line]
) -> Detail:
    holder = subjects.one(session, ask.actor, SubjectKind.PHASE, row.code)
    assert isinstance(holder.row, Phase)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_holder(session, view, calendar, holder)
    latest = told.of_phase(session, holder.row, after=told.after_revision(view.revision), limit=LATEST)
    cells = turbine_cells(units, lines)
    return Detail(
        waiting=_waiting(session, schedule, holder),
        turbines=cells,
        legend=legend(cells),
        tranches=tranche_rows(lines, view.as_of),
        chart=gantt_rows.chart(session, view, schedule, holder),
        works=phase_works.of_phase(session, view, schedule, holder.row),
        hanging=hanging(session, ask, view, holder),
        history=histories.entries(session, latest[:LATEST], ask.lang),
        has_more_history=len(latest) > LATEST,
        can_report=can_report(ask.actor, row.investor_id),
    )


def _waiting(session: Session, schedule: Schedule, holder: Holder) -> Waiting:
    phase, stakes = schedule.plan.phases[holder.id], schedule.stakes
    chain = stakes.drivers.get(holder.id, ())
    seen = [i for i in chain if schedule.is_seen(i)]
    due_on = schedule.plan.deadline_on(chain[-1]) if chain else None
    return Waiting(
        phase=phase,
        cause=schedule.cause(chain[0]) if chain else None,
        legs=_legs(session, schedule, seen),
        hidden=len(chain) - len(seen),
        goal_on=phase.goal_on or due_on,
        forecast_on=stakes.cod_on(holder.id) if chain else phase.cod_on,
        is_own_goal=phase.goal_on is not None,
    )


def _legs(session: Session, schedule: Schedule, chain: Sequence[int]) -> list[Leg]:
    """The chain by subject, in its order."""
    nodes = schedule.plan.nodes
    made_up = milestones.illustrative(session, {nodes[i].home for i in chain})
    legs = []
    for home, positions in groupby(chain, key=lambda i: nodes[i].home):
        code, name = schedule.names[home]
        links = [
            Link(nodes[i], schedule.plan.earliest_on(i), nodes[i].forecast is not None) for i in positions
        ]
        legs.append(Leg(home[0], code, name, links, home in made_up))
    return legs
