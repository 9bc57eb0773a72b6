"""Cases of land clearance for those who handle compensation, and the log of who looked at them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.households import Reached
from app.domain.problems import Problem
from app.queries import accesses, journal
from app.queries import households as found
from app.queries.households import Entry, Line
from app.schemas.households import (
    AccessPage,
    AccessRead,
    HouseholdBatch,
    HouseholdBatchRead,
    HouseholdEntryRead,
    HouseholdLine,
    HouseholdPage,
    HouseholdPut,
    HouseholdQuery,
    HouseholdRead,
    UnitNameRead,
)
from app.schemas.milestones import BatchQuery
from app.schemas.people import PageQuery
from app.services import household_batches, households

router = APIRouter(tags=["households"], route_class=Route)
OWN = (
    *("number", "owner_name", "hamlet", "map_sheet", "parcel", "is_farm_land", "land_m2", "house_m2", "trees"),
    *("agreed_early", "house_support_percent", "land_support_percent", "decision_number", "decision_on"),
    *("visited_on", "next_action", "action_owner", "note", "revision"),
)  # fmt: skip
STATE = ("effective_on", "status", "attitude", "cause", "approved_vnd", "paid_vnd")


@router.get(
    "/clearances/{code}/households", response_model=HouseholdPage, openapi_extra=needs(May.READ_HOUSEHOLDS)
)
async def list_households(ask: Ask, code: str, query: Annotated[HouseholdQuery, Query()]) -> Response:
    """The cases of a package by number, with where each stands. Every look is written into the access log."""
    return await ask.read_personal(
        lambda session: _page(session, ask, code, query), f"clearance/{code}/households"
    )


@router.get(
    "/clearances/{code}/households/{number}",
    response_model=HouseholdRead,
    openapi_extra=needs(May.READ_HOUSEHOLDS),
)
async def read_household(ask: Ask, code: str, number: str) -> Response:
    """One case with everything told of it. Every look is written into the access log."""
    return await ask.read_personal(lambda session: _read(session, ask, code, number), _subject(code, number))


@router.put(
    "/clearances/{code}/households/{number}",
    response_model=HouseholdRead,
    openapi_extra=needs(May.REPORT_LAND),
)
async def put_household(ask: Ask, code: str, number: str, change: HouseholdPut) -> Response:
    """Adds a case or changes the fields that are sent; its state holds from `effective_on` on. Sent twice it changes
    nothing the second time."""

    def work(session: Session) -> HouseholdRead:
        kept = households.put(session, ask.actor, code, number, change, ask.expected, ask.today)
        ask.note_access(session, _subject(code, number))
        warnings = [household_batches.warning(finding, ask.lang) for finding in kept]
        return _read(session, ask, code, number).model_copy(update={"warnings": warnings})

    return await ask.change(work)


@router.put(
    "/grid-works/{code}/households",
    response_model=HouseholdBatchRead,
    openapi_extra=needs(May.REPORT_LAND),
)
async def put_households(
    ask: Ask, code: str, batch: HouseholdBatch, query: Annotated[BatchQuery, Query()]
) -> Response:
    """Up to 10,000 cases of one work as one revision: all of them, or with `partial` those that are good."""
    make = ask.rehearse if query.dry_run else ask.change
    return await make(
        lambda session: household_batches.put(session, ask.actor, code, batch, query, ask.today, ask.lang)
    )


@router.get("/accesses", response_model=AccessPage, openapi_extra=needs(May.READ_JOURNAL))
async def list_accesses(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Who looked at personal data, newest first."""
    return await ask.read(lambda session: _accesses(session, ask, query), long=True, journaled=False)


def _subject(code: str, number: str) -> str:
    return f"household/{code}/{number}"


def _page(session: Session, ask: Ask, code: str, query: HouseholdQuery) -> HouseholdPage:
    limit, as_of = ask.limit(query.limit), query.as_of or ask.today
    holder = found.package(session, ask.actor, code)
    filters = found.Filters(query.status, query.attitude, query.unit, query.open)
    revision = journal.known(session, query.known_at)
    rows = found.page(session, holder, filters, as_of, revision, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda line: str(line.row.number))
    items = [HouseholdLine(**_line(line, code, line.case.reached(as_of))) for line in shown]
    return HouseholdPage(items=items, next=following)


def _read(session: Session, ask: Ask, code: str, number: str) -> HouseholdRead:
    holder = found.package(session, ask.actor, code)
    line = found.one(session, holder, number)
    return HouseholdRead(
        **_line(line, code, line.case.reached(ask.today)),
        history=[_entry(entry) for entry in found.history(session, line.row.id)],
    )


def _line(line: Line, code: str, reached: Reached | None) -> dict[str, object]:
    standing = None if reached is None else reached.standing
    return {
        **{name: getattr(line.row, name) for name in OWN},
        **{name: getattr(standing, name, None) for name in STATE},
        "clearance": code,
        "unit": None if line.unit is None else UnitNameRead(kind=line.unit[0], number=line.unit[1]),
        "progress": None if reached is None else reached.progress,
        "is_illustrative": line.is_illustrative,
        "sources": list(line.row.sources),
    }


def _entry(entry: Entry) -> HouseholdEntryRead:
    return HouseholdEntryRead(
        **{name: getattr(entry.row, name) for name in (*STATE, "revision")},
        organisation=entry.organisation,
        recorded_at=entry.recorded_at,
    )


def _accesses(session: Session, ask: Ask, query: PageQuery) -> AccessPage:
    limit, after = ask.limit(query.limit), ask.after(query.cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    rows = accesses.page(session, before=None if after is None else int(after), limit=limit)
    shown, following = ask.page(rows, limit, lambda look: str(look.row.id))
    items = [
        AccessRead(at=look.row.at, user=look.user, organisation=look.organisation, subject=look.row.subject)
        for look in shown
    ]
    return AccessPage(items=items, next=following)
