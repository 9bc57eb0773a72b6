"""Tower positions and tension sections of a line: what is reported of them, and how far the line has come."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api import unit_shapes as shapes
from app.api.milestone_shapes import view
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import UnitKind
from app.queries import works
from app.schemas.milestones import BatchQuery, KnownQuery
from app.schemas.units import (
    CountList,
    CountRead,
    CountReport,
    HeldList,
    Number,
    ProgressRead,
    SectionPut,
    StripRead,
    TotalList,
    TotalState,
    TowerPut,
    UnitBatch,
    UnitBatchRead,
    UnitPage,
    UnitPut,
    UnitQuery,
    UnitRead,
    UnitRow,
)
from app.services import unit_batches, unit_totals

router = APIRouter(prefix="/grid-works/{code}", tags=["units"], route_class=Route)
TOWER, SECTION = UnitKind.TOWER, UnitKind.SECTION
READS, CHANGES = needs(May.READ_DETAIL), needs(May.CHANGE_WORKS)


@router.get("/progress", response_model=ProgressRead, openapi_extra=READS)
async def read_work_progress(ask: Ask, code: str, query: Annotated[KnownQuery, Query()]) -> Response:
    """X/Y of every stage, with what was reported beside it; kilometres; the weighted percent; X by commune."""
    return await ask.read(lambda session: shapes.of_progress(session, ask, code, query), long=True)


@router.get("/strip", response_model=StripRead, openapi_extra=READS)
async def read_work_strip(ask: Ask, code: str, query: Annotated[KnownQuery, Query()]) -> Response:
    """Every unit in line order with the state of each of its stages."""
    return await ask.read(lambda session: shapes.strip(session, ask, code, query), long=True)


@router.get("/blocked", response_model=HeldList, openapi_extra=READS)
async def list_blocked_units(ask: Ask, code: str, query: Annotated[KnownQuery, Query()]) -> Response:
    """The units that are blocked or reopened: in which stage, since when, why and where."""
    return await ask.read(lambda session: shapes.held(session, ask, code, query), long=True)


@router.get("/towers", response_model=UnitPage, openapi_extra=READS)
async def list_towers(ask: Ask, code: str, query: Annotated[UnitQuery, Query()]) -> Response:
    """The tower positions along the line; `status` is of `stage`, or of any stage."""
    return await ask.read(lambda session: shapes.page(session, ask, code, TOWER, query), long=True)


@router.get("/sections", response_model=UnitPage, openapi_extra=READS)
async def list_sections(ask: Ask, code: str, query: Annotated[UnitQuery, Query()]) -> Response:
    """The tension sections along the line; `status` is of `stage`, or of any stage."""
    return await ask.read(lambda session: shapes.page(session, ask, code, SECTION, query), long=True)


@router.get("/towers/{number}", response_model=UnitRead, openapi_extra=READS)
async def read_tower(ask: Ask, code: str, number: str, query: Annotated[KnownQuery, Query()]) -> Response:
    """One tower position with every report on it, in the order in which they took effect."""
    return await ask.read(
        lambda session: shapes.one(session, ask, code, TOWER, number, view(session, ask, query)), long=True
    )


@router.get("/sections/{number}", response_model=UnitRead, openapi_extra=READS)
async def read_section(ask: Ask, code: str, number: str, query: Annotated[KnownQuery, Query()]) -> Response:
    """One tension section with every report on it, in the order in which they took effect."""
    return await ask.read(
        lambda session: shapes.one(session, ask, code, SECTION, number, view(session, ask, query)), long=True
    )


@router.put("/towers/{number}", response_model=UnitRead, openapi_extra=CHANGES)
async def put_tower(ask: Ask, code: str, number: Number, change: TowerPut) -> Response:
    """Puts a tower on the line, or changes it, and tells what is reported of it; sent twice it changes nothing."""
    return await _put(ask, code, TOWER, number, change)


@router.put("/sections/{number}", response_model=UnitRead, openapi_extra=CHANGES)
async def put_section(ask: Ask, code: str, number: Number, change: SectionPut) -> Response:
    """Puts a section on the line, or changes it, and tells what is reported of it; sent twice it changes nothing."""
    return await _put(ask, code, SECTION, number, change)


@router.put("/units", response_model=UnitBatchRead, openapi_extra=CHANGES)
async def put_units(
    ask: Ask, code: str, change: UnitBatch, query: Annotated[BatchQuery, Query()]
) -> Response:
    """Puts up to 10,000 units as one revision, in any order: all or nothing, or `partial`; `dry_run` keeps nothing."""

    def work(session: Session) -> UnitBatchRead:
        return unit_batches.change(session, ask.actor, code, change, query, ask.today, ask.lang)

    return await (ask.rehearse(work) if query.dry_run else ask.change(work))


@router.get("/totals", response_model=TotalList, openapi_extra=READS)
async def list_unit_totals(ask: Ask, code: str) -> Response:
    """The denominators of the line in all their versions; the first stand with the work."""
    return await ask.read(lambda session: shapes.totals(session, ask, code))


@router.post("/totals", response_model=TotalList, status_code=201, openapi_extra=CHANGES)
async def state_unit_total(ask: Ask, code: str, change: TotalState) -> Response:
    """States a denominator from a day on, with its reason; earlier days keep theirs."""

    def work(session: Session) -> TotalList:
        unit_totals.state(session, ask.actor, code, change, ask.today)
        return shapes.totals(session, ask, code)

    return await ask.change(work, status=201, location=ask.url.path)


@router.get("/reported-counts", response_model=CountList, openapi_extra=READS)
async def list_reported_counts(ask: Ask, code: str) -> Response:
    """The X/Y that were reported, oldest first; one that falls where nothing was reopened says so."""
    return await ask.read(lambda session: shapes.counts(session, ask, code), long=True)


@router.post("/reported-counts", response_model=CountRead, status_code=201, openapi_extra=CHANGES)
async def report_count(ask: Ask, code: str, change: CountReport) -> Response:
    """Keeps an X/Y beside what is computed from the units; it never counts."""

    def work(session: Session) -> CountRead:
        row = unit_totals.report(session, ask.actor, code, change, ask.today)
        return shapes.count(session, ask, works.public(session, code), row.id)

    return await ask.change(work, status=201, location=ask.url.path)


async def _put(ask: Ask, code: str, kind: UnitKind, number: str, change: UnitPut) -> Response:
    """One unit is a batch of one row."""
    sent = {name: getattr(change, name) for name in change.model_fields_set}
    row = UnitRow.model_construct(
        _fields_set={*sent, "kind", "number"}, kind=kind, number=number, revision=ask.expected, **sent
    )

    def work(session: Session) -> UnitRead:
        warnings = unit_batches.put(session, ask.actor, code, row, ask.today, ask.lang)
        return shapes.one(session, ask, code, kind, number, warnings=warnings)

    return await ask.change(work)
