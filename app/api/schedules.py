"""What the network of milestones answers: earliest and latest days, what drives a COD, MW at stake, the gap by cause."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import milestone_shapes
from app.api import schedule_shapes as shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import SubjectKind
from app.outside import shipped
from app.queries import deadlines, journal, milestone_history, schedules, subjects
from app.queries.capacity import View
from app.schemas.milestones import KnownQuery, SubjectPath
from app.schemas.schedules import (
    DeadlineList,
    DeadlineQuery,
    PathQuery,
    PathRead,
    ScheduleRead,
    ShortfallQuery,
    ShortfallRead,
    SlipBy,
    SlipList,
    SlipQuery,
    SlipRead,
    StakeList,
    StakeQuery,
)

router = APIRouter(tags=["schedule"], route_class=Route)


@router.get("/{subject}/{code}/schedule", response_model=ScheduleRead, openapi_extra=needs(May.READ_DETAIL))
async def read_schedule(
    ask: Ask, subject: SubjectPath, code: str, query: Annotated[KnownQuery, Query()]
) -> Response:
    """Earliest and latest day, float, driver and MW at stake of every milestone of one subject."""
    return await ask.read(lambda session: _of_subject(session, ask, subject, code, query), long=True)


@router.get(
    "/schedule/critical-path",
    response_model=PathRead,
    responses=MISSING,
    openapi_extra=needs(May.READ_DETAIL),
)
async def read_critical_path(ask: Ask, query: Annotated[PathQuery, Query()]) -> Response:
    """The driving chain to the COD of a phase, or (for those who see every project) to a target."""
    return await ask.read(lambda session: _path(session, ask, query), long=True)


@router.get(
    "/schedule/at-stake", response_model=StakeList, responses=MISSING, openapi_extra=needs(May.READ_DETAIL)
)
async def read_at_stake(ask: Ask, query: Annotated[StakeQuery, Query()]) -> Response:
    """How many MW wait for one milestone, or which milestones most MW wait for."""
    return await ask.read(lambda session: _stakes(session, ask, query), long=True)


@router.get(
    "/schedule/shortfall",
    response_model=ShortfallRead,
    responses=MISSING,
    openapi_extra=needs(May.SEE_EVERY_PROJECT),
)
async def read_shortfall(ask: Ask, query: Annotated[ShortfallQuery, Query()]) -> Response:
    """The gap to a target by binding cause: each MW once, and what no phase can supply apart."""
    return await ask.read(lambda session: _shortfall(session, ask, query), long=True)


@router.get(
    "/schedule/deadlines",
    response_model=DeadlineList,
    responses=MISSING,
    openapi_extra=needs(May.READ_DETAIL),
)
async def list_deadlines(ask: Ask, query: Annotated[DeadlineQuery, Query()]) -> Response:
    """By when what must be filed for the COD goals of the phases the reader sees, the soonest first."""
    return await ask.read(lambda session: _deadlines(session, ask, query))


@router.get("/schedule/slips", response_model=SlipList, openapi_extra=needs(May.READ_DETAIL))
async def read_slips(ask: Ask, query: Annotated[SlipQuery, Query()]) -> Response:
    """How forecasts have moved, by kind of milestone or by organisation: median and P80 slip, moves, share that held."""
    return await ask.read(lambda session: _slips(session, ask, query), long=True)


def _of_subject(
    session: Session, ask: Ask, subject: SubjectPath, code: str, query: KnownQuery
) -> ScheduleRead:
    view = milestone_shapes.view(session, ask, query)
    holder = subjects.one(session, ask.actor, subject.kind, code)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_holder(session, view, calendar, holder)
    inside = [i for i, node in enumerate(schedule.plan.nodes) if node.home == (holder.kind, holder.id)]
    inside.sort(key=lambda i: (schedule.plan.nodes[i].step.order, schedule.plan.nodes[i].instance))
    latest = max((day for i in inside if (day := schedule.plan.earliest_on(i))), default=view.as_of)
    return ScheduleRead(
        as_of=view.as_of,
        items=[shapes.step(schedule, i) for i in inside],
        is_provisional=calendar.is_provisional_between(view.as_of, max(latest, view.as_of)),
        revision=view.revision,
    )


def _path(session: Session, ask: Ask, query: PathQuery) -> PathRead:
    view = milestone_shapes.view(session, ask, KnownQuery(as_of=query.as_of, known_at=query.known_at))
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    if query.phase is not None:
        holder = subjects.one(session, ask.actor, SubjectKind.PHASE, query.phase)
        schedule = schedules.of_holder(session, view, calendar, holder)
        return shapes.path(schedule, view, holder.id, None, None)
    if not ask.actor.may(May.SEE_EVERY_PROJECT):
        # The path to a target tells of everybody's projects; whoever sees only some asks for a phase.
        raise Invalid(Problem.FIELD_MISSING, field="phase")
    schedule = schedules.of_register(session, view, calendar)
    overview, shortfall = schedules.gap(session, view, query.target, schedule)
    assert overview.progress is not None
    last = shortfall.order[-1] if shortfall.order else None
    target = overview.progress.target
    return shapes.path(schedule, view, last, target.code, target.due_on)


def _stakes(session: Session, ask: Ask, query: StakeQuery) -> StakeList:
    view = milestone_shapes.view(session, ask, KnownQuery(as_of=query.as_of, known_at=query.known_at))
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    named = (query.subject, query.code, query.milestone)
    if query.subject is not None and query.code is not None and query.milestone is not None:
        holder = subjects.one(session, ask.actor, query.subject, query.code)
        schedule = schedules.of_holder(session, view, calendar, holder)
        found = [schedules.position(schedule, holder, query.milestone.upper())]
    elif any(name is not None for name in named):
        raise Invalid(Problem.FIELD_MISSING, field="milestone")
    else:
        schedule = schedules.of_reader(session, view, calendar)
        first = set(schedule.stakes.frontier()) if query.frontier else None
        ranked = [
            i for i in schedule.stakes.ranked() if schedule.is_seen(i) and (first is None or i in first)
        ]
        found = ranked[: ask.limit(query.limit, default=20)]
    waiting = [phase.id for phase in schedule.phases()]
    return StakeList(
        as_of=view.as_of,
        waiting_kw=schedule.stakes.waiting_kw(waiting),
        ready_kw=schedule.stakes.ready_kw(waiting),
        items=[shapes.at_stake(schedule, i) for i in found],
        revision=view.revision,
    )


def _shortfall(session: Session, ask: Ask, query: ShortfallQuery) -> ShortfallRead:
    view = milestone_shapes.view(session, ask, KnownQuery(as_of=query.as_of, known_at=query.known_at))
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_register(session, view, calendar)
    overview, shortfall = schedules.gap(session, view, query.target, schedule)
    return shapes.shortfall(schedule, view, overview, shortfall)


def _deadlines(session: Session, ask: Ask, query: DeadlineQuery) -> DeadlineList:
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    today = query.as_of or ask.today
    found = deadlines.ahead(session, ask.actor, today, calendar, phase=query.phase)
    return DeadlineList(items=[shapes.deadline(each) for each in found], revision=ask.revision)


def _slips(session: Session, ask: Ask, query: SlipQuery) -> SlipList:
    view = View(ask.actor, ask.today, journal.known(session, query.known_at))
    found = milestone_history.slips(session, view, by_organisation=query.by == SlipBy.ORGANISATION)
    items = [
        SlipRead(
            code=each.code,
            name=each.name,
            name_en=each.name_en,
            milestones=len(each.slips),
            moves=each.moves,
            median_slip_days=each.median_days,
            p80_slip_days=each.p80_days,
            forecasts_judged=each.judged,
            held_share=each.held_share,
        )
        for each in found
    ]
    return SlipList(items=items, revision=view.revision)
