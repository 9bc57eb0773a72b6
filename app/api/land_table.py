"""The weekly land table: per work, district and commune what is handed over, what is held, and whether promises were kept."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, files, needs
from app.domain import commitments, land_table
from app.domain.access import May
from app.domain.land_table import Week
from app.formats import csv
from app.queries import journal, land_rows
from app.schemas.land_table import LandTableQuery, LandTableRead, WeekRead

router = APIRouter(tags=["land"], route_class=Route)
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "CSV (RFC 4180), UTF-8 with a byte order mark"}
}


@router.get("/land-table", response_model=LandTableRead, openapi_extra=needs(May.READ_HOUSEHOLDS))
async def read_land_table(ask: Ask, query: Annotated[LandTableQuery, Query()]) -> Response:
    """The land of a week by work, district and commune: exact counts, nobody's name. A district reads its own."""
    return await ask.read(lambda session: _table(session, ask, query), long=True)


@router.get(
    "/land-table.csv", response_class=Response, responses=FILE, openapi_extra=needs(May.READ_HOUSEHOLDS)
)
async def read_land_table_file(ask: Ask, query: Annotated[LandTableQuery, Query()]) -> Response:
    """The same as a file for spreadsheets, its header in the language asked for and its figures in machine form."""
    answer = await ask.read(
        lambda session: _file(session, ask, query), long=True, content_type=csv.CONTENT_TYPE
    )
    name = f"land-table-{_week(ask, query).until.isoformat()}.csv"
    answer.headers["Content-Disposition"] = files.attachment(name)
    return answer


def _week(ask: Ask, query: LandTableQuery) -> Week:
    return land_table.week(ask.rhythm, query.week, ask.today, commitments.open_day(query.known_at, ask.today))


def _table(session: Session, ask: Ask, query: LandTableQuery) -> LandTableRead:
    revision, week = journal.known(session, query.known_at), _week(ask, query)
    return LandTableRead(
        week=WeekRead(previous_on=week.after, ends_on=week.until, is_running=not week.is_over),
        items=list(land_rows.table(session, ask.actor, query, week)),
        revision=revision,
    )


def _file(session: Session, ask: Ask, query: LandTableQuery) -> bytes:
    return land_rows.file(land_rows.table(session, ask.actor, query, _week(ask, query)), ask.lang)
