"""The headline: how many MW count on a day, as known at an instant, against a target."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.capacity import Target
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.quantity import percent
from app.queries import breakdowns, capacity, evacuation_flows, journal, targets
from app.schemas.capacity import CapacityQuery, CapacityRead, PointRead, SeriesQuery, SeriesRead, TargetLine
from app.schemas.targets import FigureList, FigureQuery

router = APIRouter(tags=["capacity"], route_class=Route)
# A month step over a century; beyond that nobody reads the points.
LONGEST_SERIES = 1_300


@router.get("/capacity", response_model=CapacityRead, responses=MISSING, openapi_extra=needs(May.READ))
async def read_capacity(ask: Ask, query: Annotated[CapacityQuery, Query()]) -> Response:
    """Commercially operating MW on `as_of`, as known at `known_at`, against the target; the breakdown is paged, the
    totals are whole and the same for every caller. Declared and disputed MW are those the caller may see."""
    return await ask.read(lambda session: _capacity(session, ask, query), long=True)


@router.get("/capacity/series", response_model=SeriesRead, responses=MISSING, openapi_extra=needs(May.READ))
async def read_capacity_series(ask: Ask, query: Annotated[SeriesQuery, Query()]) -> Response:
    """Operating MW at the end of each period, with plan (where one is known) and target beside it."""
    return await ask.read(lambda session: _series(session, ask, query), long=True)


@router.get("/reported-figures", response_model=FigureList, openapi_extra=needs(May.READ))
async def read_reported_figures(ask: Ask, query: Annotated[FigureQuery, Query()]) -> Response:
    """What press and officials reported for the province up to a day. Never mixed into the computed figures."""
    return await ask.read(
        lambda session: FigureList(
            items=[shapes.reported(row) for row in targets.reported(session, query.as_of or ask.today)]
        )
    )


def _capacity(session: Session, ask: Ask, query: CapacityQuery) -> CapacityRead:
    as_of = query.as_of or ask.today
    view = capacity.View(ask.actor, as_of, journal.known(session, query.known_at), query.illustrative)
    overview = capacity.overview(session, view, query.target)
    limit = ask.limit(query.limit)
    rows = breakdowns.page(session, view, query.by, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: row.key)
    progress, usable = overview.progress, evacuation_flows.usable(session, view)
    return CapacityRead(
        **shapes.amounts(overview.figures),
        as_of=as_of,
        revision=view.revision,
        target=shapes.target_line(overview),
        ladder=shapes.ladder(overview.figures),
        usable_kw=None if usable is None else usable.kw,
        is_usable_illustrative=usable is not None and usable.is_illustrative,
        gap_kw=None if progress is None else progress.gap_kw,
        attainment_percent=None if progress is None else percent(progress.operating_kw, progress.target.kw),
        is_met=None if progress is None else progress.is_met,
        judged_on=None if progress is None else progress.judged_on,
        by=query.by,
        breakdown=[shapes.breakdown_line(row) for row in shown],
        next=following,
    )


def _series(session: Session, ask: Ask, query: SeriesQuery) -> SeriesRead:
    if query.last < query.first:
        raise Invalid(Problem.PERIOD, field="to")
    if (query.last - query.first).days > LONGEST_SERIES * 31:
        raise Invalid(Problem.SERIES_TOO_LONG, field="step")
    view = capacity.View(ask.actor, query.last, journal.known(session, query.known_at), query.illustrative)
    target: Target | None = targets.chosen(session, query.target, query.last, view.revision)
    line = (
        None if target is None else TargetLine(code=target.code, capacity_kw=target.kw, due_on=target.due_on)
    )
    return SeriesRead(
        first=query.first,
        last=query.last,
        step=query.step,
        revision=view.revision,
        target=line,
        points=[
            PointRead(on=p.on, operating_kw=p.operating_kw, plan_kw=p.plan_kw, target_kw=target and target.kw)
            for p in capacity.series(session, view, query.first, query.step)
        ],
    )
