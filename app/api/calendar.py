"""The calendar of an organisation, for calendar programs to subscribe to, and its secret addresses."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api import people as keys
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.formats import ical
from app.outside import shipped
from app.queries import agenda
from app.queries import people as found
from app.schemas.people import CalendarQuery, KeyList, KeyRead, LinkCreate, LinkCreated
from app.services import people

router = APIRouter(tags=["calendar"], route_class=Route)
FEED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {}}, "description": "iCalendar (RFC 5545)"}
}


@router.get("/calendar.ics", response_class=Response, responses=FEED, openapi_extra=needs(May.READ_CALENDAR))
async def read_calendar(ask: Ask, _: Annotated[CalendarQuery, Query()]) -> Response:
    """What falls due for one's organisation, from 60 days ago to 400 days ahead. Calendar programs come with `key`."""
    return await ask.read(lambda session: _feed(session, ask), long=True, content_type=ical.CONTENT_TYPE)


@router.get("/calendar-links", response_model=KeyList, openapi_extra=needs(May.READ_DETAIL))
async def list_calendar_links(ask: Ask) -> Response:
    """The addresses of one's own organisation by their beginnings, newest first, revoked ones too."""
    return await ask.read(
        lambda session: KeyList(items=[keys.line(k) for k in found.links(session, ask.actor)]),
        journaled=False,
    )


@router.post(
    "/calendar-links", response_model=LinkCreated, status_code=201, openapi_extra=needs(May.READ_DETAIL)
)
async def create_calendar_link(ask: Ask, change: LinkCreate) -> Response:
    """Makes an address of one's calendar, in the language of this request. It is shown in this answer and never again."""

    def work(session: Session) -> LinkCreated:
        secret, line = people.create_link(session, ask.actor, change, ask.now)
        return LinkCreated(**keys.line(line).model_dump(), address=_address(ask, secret))

    return await ask.change(work, status=201, secret="address")


@router.post(
    "/calendar-links/{prefix}/revocation", response_model=KeyRead, openapi_extra=needs(May.READ_DETAIL)
)
async def revoke_calendar_link(ask: Ask, prefix: str) -> Response:
    """Makes an address useless at once: one's own organisation's, or anybody's to those who manage people."""

    def work(session: Session) -> KeyRead:
        people.revoke_link(session, ask.actor, prefix, ask.now)
        return keys.line(found.key(session, prefix))

    return await ask.change(work)


def _feed(session: Session, ask: Ask) -> bytes:
    """The calendar as the holder of its address sees it, for which reading the calendar alone would not be enough."""
    workdays = shipped.calendar(ask.tracker.settings.calendar_file)
    reader = agenda.Reader(replace(ask.actor, only=None), ask.today, ask.lang, workdays)
    return ical.write(agenda.name(session, reader), agenda.events(session, reader))


def _address(ask: Ask, secret: str) -> str:
    return str(ask.url_for("read_calendar").include_query_params(lang=ask.lang.value, key=secret))
