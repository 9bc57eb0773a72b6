"""`/clearances/{code}`: one land package, and its cases for those who handle compensation. Each look at cases is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.households import Reached
from app.domain.vocabulary import Attitude, HouseholdStatus
from app.pages.rendering import Frame, frame, render
from app.queries import households, journal, works
from app.queries.households import Line
from app.queries.works import Package
from app.schemas.base import Chosen

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40


class PackageQuery(Chosen):
    status: HouseholdStatus | None = None
    attitude: Attitude | None = None
    open: bool | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case with where it stands today; `reached` is None where nothing was told of it yet."""

    line: Line
    reached: Reached | None


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of the cases."""

    rows: Sequence[CaseRow]
    is_continued: bool
    following: str | None


@dataclass(frozen=True, slots=True)
class PackagePage:
    """`cases` is None for those who may not read them."""

    frame: Frame
    package: Package
    query: PackageQuery
    cases: Cases | None
    statuses: Sequence[HouseholdStatus] = tuple(HouseholdStatus)
    attitudes: Sequence[Attitude] = tuple(Attitude)


@router.get("/clearances/{code}", openapi_extra=needs(May.READ_DETAIL))
async def show_package(ask: Ask, code: str, query: Annotated[PackageQuery, Query()]) -> Response:
    """One package; with its cases for those who may read them, and then written into the access log."""
    if not ask.actor.may(May.READ_HOUSEHOLDS):
        return await ask.read(lambda session: _page(session, ask, code, query, with_cases=False))
    return await ask.read_personal(
        lambda session: _page(session, ask, code, query, with_cases=True), f"clearance/{code}/households"
    )


def _page(session: Session, ask: Ask, code: str, query: PackageQuery, *, with_cases: bool) -> str:
    package = works.package(session, ask.actor, code)
    cases = _cases(session, ask, code, query) if with_cases else None
    return render("clearance.html", PackagePage(frame(ask), package, query, cases), ask.lang)


def _cases(session: Session, ask: Ask, code: str, query: PackageQuery) -> Cases:
    holder = households.package(session, ask.actor, code)
    filters = households.Filters(query.status, query.attitude, None, query.open)
    found = households.page(
        session,
        holder,
        filters,
        ask.today,
        journal.head(session),
        after=ask.after(query.cursor),
        limit=PAGE_ROWS,
    )
    shown, following = ask.page(found, PAGE_ROWS, lambda line: str(line.row.number))
    rows = [CaseRow(line, line.case.reached(ask.today)) for line in shown]
    return Cases(rows, query.cursor is not None, following)
