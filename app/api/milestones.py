"""Milestones of a subject: their dates, the two keys of an actual, further instances, and the lists over all of them."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import milestone_shapes as shapes
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import milestones as domain
from app.domain.access import May
from app.queries import milestone_history, milestone_lists, subjects
from app.schemas.milestones import (
    ActualConfirm,
    ActualDispute,
    BaselineSet,
    BatchQuery,
    BatchRead,
    HistoryRead,
    InstanceCreate,
    KnownQuery,
    MilestoneBatch,
    MilestoneChange,
    MilestoneList,
    MilestoneListQuery,
    MilestoneRead,
    SubjectPath,
    TemplateApply,
)
from app.services import milestone_batches, milestones, templates

router = APIRouter(tags=["milestones"], route_class=Route)
OF_SUBJECT = "/{subject}/{code}/milestones"
ONE = OF_SUBJECT + "/{milestone}"


@router.get("/milestones", response_model=MilestoneList, openapi_extra=needs(May.READ_DETAIL))
async def list_milestones(ask: Ask, query: Annotated[MilestoneListQuery, Query()]) -> Response:
    """What is late, due soon, waiting for its second key, or open, over everything the reader sees."""
    is_past = query.known_at is not None or query.as_of is not None
    return await ask.read(lambda session: _page(session, ask, query), long=is_past)


@router.patch("/milestones", response_model=BatchRead, openapi_extra=needs(May.REPORT_MILESTONES))
async def change_milestones(
    ask: Ask, change: MilestoneBatch, query: Annotated[BatchQuery, Query()]
) -> Response:
    """Changes many milestones as one revision: all or nothing, or `partial`; `dry_run` says what would happen."""

    def work(session: Session) -> BatchRead:
        return milestone_batches.change(session, ask.actor, change, query, ask.today, ask.lang)

    return await (ask.rehearse(work) if query.dry_run else ask.change(work))


@router.get(OF_SUBJECT, response_model=MilestoneList, openapi_extra=needs(May.READ_DETAIL))
async def list_subject_milestones(
    ask: Ask, subject: SubjectPath, code: str, query: Annotated[KnownQuery, Query()]
) -> Response:
    """The milestones of a project, phase, grid work or clearance package, in the order of its template."""
    return await ask.read(
        lambda session: shapes.of_holder(
            session,
            ask,
            subjects.one(session, ask.actor, subject.kind, code),
            shapes.view(session, ask, query),
        )
    )


@router.post(
    OF_SUBJECT, response_model=MilestoneList, status_code=201, openapi_extra=needs(May.REPORT_MILESTONES)
)
async def apply_template(ask: Ask, subject: SubjectPath, code: str, change: TemplateApply) -> Response:
    """Creates the milestones of a subject from its template."""

    def work(session: Session) -> MilestoneList:
        holder = templates.apply(session, ask.actor, subject.kind, code, change)
        return shapes.of_holder(session, ask, holder, shapes.current(session, ask))

    return await ask.change(work, status=201, location=ask.url.path)


@router.get(ONE, response_model=MilestoneRead, openapi_extra=needs(May.READ_DETAIL))
async def read_milestone(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, query: Annotated[KnownQuery, Query()]
) -> Response:
    """One milestone."""
    return await ask.read(
        lambda session: shapes.one(
            session,
            ask,
            subjects.one(session, ask.actor, subject.kind, code),
            milestone,
            shapes.view(session, ask, query),
        )
    )


@router.patch(ONE, response_model=MilestoneRead, openapi_extra=needs(May.REPORT_MILESTONES))
async def change_milestone(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, change: MilestoneChange
) -> Response:
    """States plan, forecast or actual. A forecast that moves needs its cause; an actual at a hard gate its document."""
    return await _made(
        ask,
        subject,
        code,
        milestone,
        lambda s: milestones.change(
            s, ask.actor, subject.kind, code, milestone, change, ask.expected, ask.today
        ),
    )


@router.get(ONE + "/history", response_model=HistoryRead, openapi_extra=needs(May.READ_DETAIL))
async def read_milestone_history(ask: Ask, subject: SubjectPath, code: str, milestone: str) -> Response:
    """Every statement about a milestone, oldest first: who moved which date, why, by which document."""
    return await ask.read(
        lambda session: milestone_history.of(
            session, subjects.one(session, ask.actor, subject.kind, code), milestone
        )
    )


@router.post(
    ONE + "/instances",
    response_model=MilestoneRead,
    status_code=201,
    openapi_extra=needs(May.REPORT_MILESTONES),
)
async def add_milestone_instance(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, change: InstanceCreate
) -> Response:
    """One more instance of a milestone that repeats: an extension, a batch, a second tranche."""

    def work(session: Session) -> MilestoneRead:
        row = templates.add_instance(session, ask.actor, subject.kind, code, milestone, change)
        return _read(session, ask, subject, code, domain.key(row.code, row.instance))

    return await ask.change(work, status=201)


@router.post(ONE + "/baseline", response_model=MilestoneRead, openapi_extra=needs(May.SET_BASELINE))
async def set_baseline(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, change: BaselineSet
) -> Response:
    """Sets the baseline by a decision with its document; nothing else ever changes it."""
    return await _made(
        ask,
        subject,
        code,
        milestone,
        lambda s: milestones.set_baseline(
            s, ask.actor, subject.kind, code, milestone, change, ask.expected, ask.today
        ),
    )


@router.post(ONE + "/confirmation", response_model=MilestoneRead, openapi_extra=needs(May.CONFIRM_MILESTONES))
async def confirm_actual(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, change: ActualConfirm
) -> Response:
    """The second key of a declared actual, turned by another user than who declared it."""
    return await _made(
        ask,
        subject,
        code,
        milestone,
        lambda s: milestones.confirm(
            s, ask.actor, subject.kind, code, milestone, change, ask.expected, ask.today
        ),
    )


@router.post(ONE + "/dispute", response_model=MilestoneRead, openapi_extra=needs(May.CONFIRM_MILESTONES))
async def dispute_actual(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, change: ActualDispute
) -> Response:
    """The second key says no, with the reason; the milestone is open again."""
    return await _made(
        ask,
        subject,
        code,
        milestone,
        lambda s: milestones.dispute(s, ask.actor, subject.kind, code, milestone, change, ask.expected),
    )


async def _made(
    ask: Ask,
    subject: SubjectPath,
    code: str,
    milestone: str,
    act: Callable[[Session], list[domain.GateFinding] | None],
) -> Response:
    def work(session: Session) -> MilestoneRead:
        holder = subjects.one(session, ask.actor, subject.kind, code)
        found = act(session) or ()
        return shapes.one(session, ask, holder, milestone, shapes.current(session, ask), found)

    return await ask.change(work)


def _read(session: Session, ask: Ask, subject: SubjectPath, code: str, milestone: str) -> MilestoneRead:
    holder = subjects.one(session, ask.actor, subject.kind, code)
    return shapes.one(session, ask, holder, milestone, shapes.current(session, ask))


def _page(session: Session, ask: Ask, query: MilestoneListQuery) -> MilestoneList:
    limit = ask.limit(query.limit)
    asked = shapes.view(session, ask, KnownQuery(as_of=query.as_of, known_at=query.known_at))
    found = milestone_lists.page(
        session,
        asked,
        ask.today,
        query.list,
        within_days=query.within_days,
        subject=query.subject,
        after=ask.after(query.cursor),
        limit=limit,
    )
    shown, following = ask.page(found, limit, lambda line: milestone_lists.place(line, query.list))
    return MilestoneList(
        items=shapes.named(session, ask, shown, asked.as_of), next=following, revision=asked.revision
    )
