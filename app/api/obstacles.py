"""Obstacles (vướng mắc): what holds a subject back, who must act by when, and what came of it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import milestone_shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import obstacles as domain
from app.domain.access import May
from app.domain.vocabulary import Party
from app.outside import shipped
from app.queries import obstacles as found
from app.queries import stakes
from app.queries.obstacles import Seen, Step
from app.schemas.obstacles import (
    ObstacleChange,
    ObstacleClose,
    ObstacleEntryRead,
    ObstacleLine,
    ObstaclePage,
    ObstaclePostpone,
    ObstacleQuery,
    ObstacleRaise,
    ObstacleRead,
    ObstacleReassign,
    ObstacleReopen,
    ObstacleTallyList,
    ObstacleTallyRead,
    RowId,
)
from app.services import obstacles
from app.tables.obstacles import Obstacle

router = APIRouter(prefix="/obstacles", tags=["obstacles"], route_class=Route)


@router.get("", response_model=ObstaclePage, openapi_extra=needs(May.READ_DETAIL))
async def list_obstacles(ask: Ask, query: Annotated[ObstacleQuery, Query()]) -> Response:
    """The obstacles on what the caller may see, by deadline; `state=open` are all that are not closed."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/by-responsible", response_model=ObstacleTallyList, openapi_extra=needs(May.READ_DETAIL))
async def count_by_responsible(ask: Ask) -> Response:
    """How many open, overdue and postponed obstacles each party has to act on; most overdue first."""
    return await ask.read(lambda session: _tallies(session, ask), long=True)


@router.get("/{obstacle_id}", response_model=ObstacleRead, openapi_extra=needs(May.READ_DETAIL))
async def read_obstacle(ask: Ask, obstacle_id: RowId) -> Response:
    """One obstacle with its whole history."""
    return await ask.read(lambda session: _read(session, ask, found.one(session, ask.actor, obstacle_id)))


@router.post(
    "",
    response_model=ObstacleRead,
    status_code=201,
    responses=MISSING,
    openapi_extra=needs(May.REPORT_MILESTONES),
)
async def raise_obstacle(ask: Ask, change: ObstacleRaise) -> Response:
    """Raises an obstacle on a project, phase, grid work or clearance package that the caller may see."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.raise_obstacle(s, ask.actor, change, ask.today)),
        status=201,
        location=lambda made: f"{ask.url.path}/{made.id}",
    )


@router.patch("/{obstacle_id}", response_model=ObstacleRead, openapi_extra=needs(May.REPORT_MILESTONES))
async def change_obstacle(ask: Ask, obstacle_id: RowId, change: ObstacleChange) -> Response:
    """Changes the fields that are sent; sets a first deadline or an earlier one."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.change(s, ask.actor, obstacle_id, change, ask.expected))
    )


@router.post(
    "/{obstacle_id}/postponement", response_model=ObstacleRead, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def postpone_obstacle(ask: Ask, obstacle_id: RowId, change: ObstaclePostpone) -> Response:
    """Moves the deadline later, with the reason; each time is counted."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.postpone(s, ask.actor, obstacle_id, change, ask.expected))
    )


@router.post(
    "/{obstacle_id}/reassignment", response_model=ObstacleRead, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def reassign_obstacle(ask: Ask, obstacle_id: RowId, change: ObstacleReassign) -> Response:
    """Hands the obstacle to another party."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.reassign(s, ask.actor, obstacle_id, change, ask.expected))
    )


@router.post(
    "/{obstacle_id}/closing", response_model=ObstacleRead, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def close_obstacle(ask: Ask, obstacle_id: RowId, change: ObstacleClose) -> Response:
    """Closes the obstacle with its outcome."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.close(s, ask.actor, obstacle_id, change, ask.expected, ask.today))
    )


@router.post(
    "/{obstacle_id}/reopening", response_model=ObstacleRead, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def reopen_obstacle(ask: Ask, obstacle_id: RowId, change: ObstacleReopen) -> Response:
    """Opens a closed obstacle again; its history keeps what had come of it."""
    return await ask.change(
        lambda s: _made(s, ask, obstacles.reopen(s, ask.actor, obstacle_id, change, ask.expected, ask.today))
    )


def _made(session: Session, ask: Ask, row: Obstacle) -> ObstacleRead:
    """The answer of every change: the obstacle as it then stands."""
    session.flush()
    return _read(session, ask, row)


def _page(session: Session, ask: Ask, query: ObstacleQuery) -> ObstaclePage:
    limit = ask.limit(query.limit)
    filters = found.Filters(query.state, query.responsible, query.kind, query.subject, query.subject_code)
    rows = found.page(session, ask.actor, filters, ask.today, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, found.place)
    return ObstaclePage(items=_lines(session, ask, shown), next=following)


def _read(session: Session, ask: Ask, row: Obstacle) -> ObstacleRead:
    (line,) = _lines(session, ask, [row])
    history = [_entry(step) for step in found.history(session, row)]
    return ObstacleRead(**{name: getattr(line, name) for name in ObstacleLine.model_fields}, history=history)


def _lines(session: Session, ask: Ask, rows: Sequence[Obstacle]) -> list[ObstacleLine]:
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    waiting = stakes.of_obstacles(session, milestone_shapes.current(session, ask), calendar, rows)
    return [_line(ask, seen, at_stake_kw=waiting.get(seen.row.id or 0)) for seen in found.seen(session, rows)]


def _line(ask: Ask, seen: Seen, *, at_stake_kw: int | None) -> ObstacleLine:
    row = seen.row
    return ObstacleLine(
        **row.model_dump(include=set(ObstacleLine.model_fields) - {"responsible"}),
        responsible=Party(row.responsible),
        subject_code=seen.subject_code,
        subject_name=seen.subject_name,
        milestone=seen.milestone,
        organisation=seen.organisation,
        state=domain.state(row.due_on, row.closed_on, ask.today),
        age_days=domain.age_days(row.raised_on, row.closed_on, ask.today),
        overdue_days=domain.overdue_days(row.due_on, row.closed_on, ask.today),
        at_stake_kw=at_stake_kw,
    )


def _entry(step: Step) -> ObstacleEntryRead:
    entry = step.entry
    return ObstacleEntryRead(
        **entry.model_dump(include={"act", "day", "previous_on", "note"}),
        responsible=None if entry.responsible is None else Party(entry.responsible),
        organisation=step.organisation,
        recorded_at=step.recorded_at,
    )


def _tallies(session: Session, ask: Ask) -> ObstacleTallyList:
    return ObstacleTallyList(
        items=[
            ObstacleTallyRead(
                responsible=tally.responsible,
                open=tally.open,
                overdue=tally.overdue,
                postponed=tally.postponed,
                postponements=tally.postponements,
                oldest_days=domain.age_days(tally.oldest_on, None, ask.today),
            )
            for tally in found.by_responsible(session, ask.actor, ask.today)
        ]
    )
