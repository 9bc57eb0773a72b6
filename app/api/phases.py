"""Phases (giai đoạn, nhà máy), their turbines and their ledger."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import shapes
from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.queries import capacity, ledger
from app.queries import projects as found
from app.schemas.ledger import EntryRead, MeasureCorrection, MeasureRecord, TrancheDeclare, TrancheRead
from app.schemas.projects import (
    EntryList,
    PhaseChange,
    PhaseCreate,
    PhaseListQuery,
    PhasePage,
    PhaseRead,
    TrancheList,
)
from app.services import entries, projects, tranches

router = APIRouter(prefix="/phases", tags=["phases"], route_class=Route)


@router.get("", response_model=PhasePage, openapi_extra=needs(May.READ))
async def list_phases(ask: Ask, query: Annotated[PhaseListQuery, Query()]) -> Response:
    """Every phase's public summary, by code."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/{code}", response_model=PhaseRead, openapi_extra=needs(May.READ))
async def read_phase(ask: Ask, code: str) -> Response:
    """One phase; its turbines, tranches and price regime for those who may see its detail, null to everyone else."""
    return await ask.read(lambda session: shapes.phase(session, ask, code))


@router.post(
    "",
    response_model=PhaseRead,
    status_code=201,
    responses=MISSING,
    openapi_extra=needs(May.CREATE_PROJECT),
)
async def create_phase(ask: Ask, change: PhaseCreate) -> Response:
    """Adds a phase to a project."""

    def work(session: Session) -> PhaseRead:
        projects.create_phase(session, ask.actor, change)
        return shapes.phase(session, ask, change.code)

    return await ask.change(
        work,
        status=201,
        location=f"{ask.url.path}/{change.code}",
    )


@router.patch("/{code}", response_model=PhaseRead, openapi_extra=needs(May.CHANGE_PROJECT))
async def change_phase(ask: Ask, code: str, change: PhaseChange) -> Response:
    """Changes the fields that are sent."""

    def work(session: Session) -> PhaseRead:
        projects.change_phase(session, ask.actor, code, change, ask.expected)
        return shapes.phase(session, ask, code)

    return await ask.change(work)


@router.delete("/{code}", status_code=204, openapi_extra=needs(May.CREATE_PROJECT))
async def remove_phase(ask: Ask, code: str) -> Response:
    """Removes a phase that holds no turbine and no ledger entry."""
    return await ask.change(lambda session: projects.remove_phase(session, ask.actor, code, ask.expected))


@router.get("/{code}/entries", response_model=EntryList, openapi_extra=needs(May.READ_DETAIL))
async def list_entries(ask: Ask, code: str) -> Response:
    """The phase's ledger, oldest first: every measure and every entry of its tranches."""
    return await ask.read(lambda session: _entries(session, ask, code))


@router.post(
    "/{code}/entries", response_model=EntryRead, status_code=201, openapi_extra=needs(May.RECORD_CAPACITY)
)
async def record_entry(ask: Ask, code: str, change: MeasureRecord) -> Response:
    """Records one measure of the ladder (not COD, which is declared as a tranche)."""
    return await ask.change(
        lambda session: _entry(
            session, ask, code, entries.record(session, ask.actor, code, change, ask.today)
        ),
        status=201,
    )


@router.post(
    "/{code}/entries/{entry_id}/correction",
    response_model=EntryRead,
    status_code=201,
    openapi_extra=needs(May.RECORD_CAPACITY),
)
async def correct_entry(ask: Ask, code: str, entry_id: int, change: MeasureCorrection) -> Response:
    """Replaces what a recorded measure says by a further entry that names it; 0 MW takes it back."""
    return await ask.change(
        lambda session: _entry(
            session, ask, code, entries.correct(session, ask.actor, code, entry_id, change, ask.today)
        ),
        status=201,
    )


@router.get("/{code}/tranches", response_model=TrancheList, openapi_extra=needs(May.READ_DETAIL))
async def list_tranches(ask: Ask, code: str) -> Response:
    """The phase's COD tranches with every entry of their lives."""
    return await ask.read(lambda session: _tranches(session, ask, code))


@router.post(
    "/{code}/tranches", response_model=TrancheRead, status_code=201, openapi_extra=needs(May.DECLARE_COD)
)
async def declare_tranche(ask: Ask, code: str, change: TrancheDeclare) -> Response:
    """The first key: declares the COD of a part of the phase. It counts once somebody else confirms it."""
    return await ask.change(
        lambda session: shapes.tranche_by_code(
            session, ask, tranches.declare(session, ask.actor, code, change, ask.today)
        ),
        status=201,
    )


def _page(session: Session, ask: Ask, query: PhaseListQuery) -> PhasePage:
    limit = ask.limit(query.limit)
    filters = found.Filters(query.investor, query.district, query.stage, query.in_totals)
    rows = found.phase_page(session, filters, query.project, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row[0].code))
    view = capacity.whole(session, ask.actor, ask.today)
    figures = capacity.by_phase(session, view, [phase.id for phase, _ in shown])
    items = [shapes.phase_line(p, project, figures.get(p.id, shapes.NOTHING)) for p, project in shown]
    return PhasePage(items=items, next=following)


def _entries(session: Session, ask: Ask, code: str) -> EntryList:
    phase, project = found.phase(session, ask.actor, code)
    items = [shapes.entry(ask, line) for line in ledger.lines(session, project, phase)]
    return EntryList(items=items, revision=project.revision)


def _entry(session: Session, ask: Ask, code: str, entry_id: int | None) -> EntryRead:
    session.flush()
    return next(e for e in _entries(session, ask, code).items if e.id == entry_id)


def _tranches(session: Session, ask: Ask, code: str) -> TrancheList:
    phase, project = found.phase(session, ask.actor, code)
    items = shapes.tranches(ask, project.code, project.revision, ledger.lines(session, project, phase))
    return TrancheList(items=items, revision=project.revision)
