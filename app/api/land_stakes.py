"""How many MW the land holds, tower by tower and commune by commune, and when the rest of it comes at its pace."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import land_stake_shapes as shapes
from app.api import milestone_shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import SubjectKind
from app.outside import shipped
from app.queries import land_stakes, pace, subjects
from app.schemas.land_stakes import LandStakePage, LandStakeQuery, PaceQuery, PaceRead
from app.tables.works import GridWork

router = APIRouter(tags=["schedule"], route_class=Route)


@router.get(
    "/schedule/at-stake/land",
    response_model=LandStakePage,
    responses=MISSING,
    openapi_extra=needs(May.READ_DETAIL),
)
async def list_land_at_stake(ask: Ask, query: Annotated[LandStakeQuery, Query()]) -> Response:
    """How many MW wait for each open unit, commune or cause of a work; by household for who keeps the cases."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/grid-works/{code}/pace", response_model=PaceRead, openapi_extra=needs(May.READ_DETAIL))
async def read_pace(ask: Ask, code: str, query: Annotated[PaceQuery, Query()]) -> Response:
    """When the units that are left of a work pass a stage, if they go on as over the last weeks."""
    return await ask.read(lambda session: _pace(session, ask, code, query), long=True)


def _page(session: Session, ask: Ask, query: LandStakeQuery) -> LandStakePage:
    view = milestone_shapes.view(session, ask, query)
    limit, after = ask.limit(query.limit), ask.after(query.cursor)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule, rows = land_stakes.at_stake(session, view, calendar, query)
    if after is not None:
        rows = [row for row in rows if row.order > json.loads(after)]
    shown, following = ask.page(rows[: limit + 1], limit, lambda row: json.dumps(row.order))
    communes = land_stakes.communes(session, {of.commune for row in shown for of in row.opens if of.commune})
    return LandStakePage(
        as_of=view.as_of,
        items=[shapes.row(schedule, row, query.by, communes) for row in shown],
        next=following,
        revision=view.revision,
    )


def _pace(session: Session, ask: Ask, code: str, query: PaceQuery) -> PaceRead:
    view = milestone_shapes.view(session, ask, query)
    work = subjects.one(session, ask.actor, SubjectKind.GRID_WORK, code).row
    assert isinstance(work, GridWork)
    return shapes.pace(view, pace.of_work(session, view, work, query.stage, query.weeks))
