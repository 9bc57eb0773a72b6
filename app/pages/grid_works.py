"""`/grid-works`: the works that MW wait for and what the grid can evacuate; `/grid-works/{code}`: one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.evacuation import Passing
from app.domain.units import WEIGHTS
from app.domain.vocabulary import SubjectKind, SupplyBasis, UnitStage, UnitStatus, WorkKind
from app.outside import shipped
from app.pages.grid_works_detail import WorkDetail, detail
from app.pages.rendering import Frame, frame, render
from app.queries import (
    evacuation,
    evacuation_flows,
    journal,
    progress,
    schedules,
    subjects,
    unit_milestones,
    work_stakes,
    works,
)
from app.queries.capacity import View
from app.queries.evacuation import Stated
from app.queries.evacuation_flows import Answer, Node
from app.queries.progress import Progress
from app.queries.work_stakes import WorkStake
from app.queries.works import WorkLine
from app.schemas.base import Chosen, Day
from app.tables.base import key

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40


class GridWorksQuery(Chosen):
    kind: WorkKind | None = None
    cursor: str | None = None


class GridWorkQuery(Chosen):
    as_of: Day | None = None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work of the list. `progress` and `stake` are None where the reader does not see its detail; `progress` also where
    none of its units are listed."""

    line: WorkLine
    progress: Progress | None = None
    stake: WorkStake | None = None


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of the grid: what it takes, and what passes it today and once every phase operates. `stated` is the limit
    that counts."""

    node: Node
    now: Passing
    built: Passing
    stated: Stated | None


@dataclass(frozen=True, slots=True)
class Evacuation:
    """What the grid can evacuate of what operates, and group by group."""

    answer: Answer
    rows: Sequence[GroupRow]


@dataclass(frozen=True, slots=True)
class GridWorksPage:
    """`shows_detail`: the reader sees the detail of any of the works."""

    frame: Frame
    rows: Sequence[WorkRow]
    shows_detail: bool
    evacuation: Evacuation
    kind: WorkKind | None
    is_continued: bool
    following: str | None
    kinds: Sequence[WorkKind] = tuple(WorkKind)
    stages: Sequence[UnitStage] = tuple(WEIGHTS)


@dataclass(frozen=True, slots=True)
class GridWorkPage:
    """One work; `detail` is None for those who read its public summary alone."""

    frame: Frame
    line: WorkLine
    view: View
    detail: WorkDetail | None
    stages: Sequence[UnitStage] = tuple(UnitStage)
    statuses: Sequence[UnitStatus] = tuple(UnitStatus)


@router.get("/grid-works", openapi_extra=needs(May.READ))
async def list_works(ask: Ask, query: Annotated[GridWorksQuery, Query()]) -> Response:
    """Every grid work; to those who see its detail how far it is, when it is energised and how many MW wait for it."""
    return await ask.read(lambda session: _list(session, ask, query), long=True)


@router.get("/grid-works/{code}", openapi_extra=needs(May.READ))
async def show_work(ask: Ask, code: str, query: Annotated[GridWorkQuery, Query()]) -> Response:
    """One grid work, tower by tower for those who see its detail."""
    return await ask.read(lambda session: _one(session, ask, code, query), long=True)


def _list(session: Session, ask: Ask, query: GridWorksQuery) -> str:
    view = View(ask.actor, ask.today, journal.head(session))
    found = works.page(session, works.Filters(query.kind), after=ask.after(query.cursor), limit=PAGE_ROWS)
    lines, following = ask.page(found, PAGE_ROWS, lambda line: str(line.work.code))
    rows = _rows(session, ask, view, lines)
    context = GridWorksPage(
        frame=frame(ask),
        rows=rows,
        shows_detail=any(row.stake is not None for row in rows),
        evacuation=_evacuation(session, view),
        kind=query.kind,
        is_continued=query.cursor is not None,
        following=following,
    )
    return render("grid_works.html", context, ask.lang)


def _rows(session: Session, ask: Ask, view: View, lines: Sequence[WorkLine]) -> list[WorkRow]:
    seen = set(subjects.works(session, ask.actor))
    own = [line.work for line in lines if line.work.id in seen]
    if not own:
        return [WorkRow(line) for line in lines]
    schedule = schedules.of_reader(session, view, shipped.calendar(ask.tracker.settings.calendar_file))
    stakes = work_stakes.of_works(session, view, schedule, own)
    listed = unit_milestones.with_units(session, [key(work.id) for work in own])
    told = {
        work.id: progress.of(session, view, subjects.of(session, SubjectKind.GRID_WORK, work))
        for work in listed
    }
    return [WorkRow(line, told.get(line.work.id), stakes.get(line.work.id or 0)) for line in lines]


def _evacuation(session: Session, view: View) -> Evacuation:
    now = evacuation_flows.answer(session, view, SupplyBasis.OPERATING, None)
    built = evacuation_flows.answer(session, view, SupplyBasis.FULL, None)
    nodes = now.ground.nodes.values()
    stated = evacuation.by_id(session, [node.limit.id for node in nodes if node.limit is not None])
    rows = [
        GroupRow(
            node,
            now.evacuation.groups[node.id],
            built.evacuation.groups[node.id],
            None if node.limit is None else stated[node.limit.id],
        )
        for node in nodes
    ]
    return Evacuation(now, rows)


def _one(session: Session, ask: Ask, code: str, query: GridWorkQuery) -> str:
    line = works.line(session, code)
    view = View(ask.actor, query.as_of or ask.today, journal.head(session))
    holder = subjects.of(session, SubjectKind.GRID_WORK, line.work)
    shown = detail(session, ask, view, holder) if subjects.sees(session, ask.actor, holder) else None
    return render("grid_work.html", GridWorkPage(frame(ask), line, view, shown), ask.lang)
