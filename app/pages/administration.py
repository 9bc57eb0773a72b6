"""`/administration`: who takes part; and the organisations, one by one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import OrganisationKind
from app.pages import forms, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Administration
from app.queries import people as found
from app.schemas.base import Asked
from app.schemas.people import OrganisationChange, OrganisationCreate
from app.services import people
from app.tables.organisations import Organisation

router = APIRouter(tags=["pages"], route_class=Route)
HOME = "/administration"
PAGE_ROWS = 40
FIELDS = {
    "name": (Administration.NAME, None),
    "name_en": (Administration.NAME_EN, None),
    "district": (Administration.DISTRICT, None),
    "note": (Administration.NOTE, None),
}
EMPTIED = ("name_en", "district", "note")


class SaidQuery(Asked):
    """`said`: what became of the form that led here."""

    said: str = ""


class ListQuery(SaidQuery):
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    frame: Frame
    counts: found.Counts


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """`following`: the cursor of the next page."""

    frame: Frame
    sent: Sent
    once: str
    rows: list[Organisation]
    following: str | None
    kinds: list[OrganisationKind]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    frame: Frame
    sent: Sent
    row: Organisation
    differences: list[Both]


@router.get("/administration", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_administration(ask: Ask) -> Response:
    """The ways to organisations, users, keys and the journal, and how many there are."""
    return await sending.shown(ask, "administration.html", lambda s, *_: HomePage(frame(ask), found.counts(s, ask.now)), Sent())  # fmt: skip


@router.get("/administration/organisations", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_organisations(ask: Ask, query: Annotated[ListQuery, Query()]) -> Response:
    """Every organisation, by code, and the form to add one."""
    return await sending.shown(
        ask, "organisations.html", lambda s, sent, _: _organisations(s, ask, sent, query.cursor), Sent()
    )


@router.post("/administration/organisations", openapi_extra=needs(May.MANAGE_PEOPLE))
async def add_organisation(ask: Ask) -> Response:
    """Adds an organisation."""
    form = Form(
        OrganisationCreate,
        lambda session, change, _: people.create_organisation(session, ask.actor, change),
        "organisations.html",
        lambda s, sent, _: _organisations(s, ask, sent, None),
        lambda _: frame(ask).to(f"{HOME}/organisations", said="saved"),
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


@router.get("/administration/organisations/{code}", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_organisation(ask: Ask, code: str, _query: Annotated[SaidQuery, Query()]) -> Response:
    """One organisation, to be changed."""
    return await sending.shown(
        ask, "organisation.html", lambda s, sent, _: _organisation(s, ask, code, sent), Sent()
    )


@router.post("/administration/organisations/{code}", openapi_extra=needs(May.MANAGE_PEOPLE))
async def change_organisation(ask: Ask, code: str) -> Response:
    """Changes an organisation."""

    def show(session: Session, sent: Sent, _: Effect | None) -> OrganisationPage:
        return _organisation(session, ask, code, sent)

    form = Form(
        OrganisationChange,
        lambda s, change, expected: people.change_organisation(s, ask.actor, code, change, expected),
        "organisation.html",
        show,
        lambda _: frame(ask).to(ask.url.path, said="saved"),
        emptied=EMPTIED,
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


def _organisations(session: Session, ask: Ask, sent: Sent, cursor: str | None) -> OrganisationsPage:
    rows = found.organisations(session, after=ask.after(cursor), limit=PAGE_ROWS)
    shown, following = ask.page(rows, PAGE_ROWS, lambda row: str(row.code))
    return OrganisationsPage(frame(ask), sent, sending.once(), shown, following, list(OrganisationKind))


def _organisation(session: Session, ask: Ask, code: str, sent: Sent) -> OrganisationPage:
    row = found.organisation(session, code)
    present = {
        "name": row.name,
        "name_en": row.name_en or "",
        "district": row.district_code or "",
        "note": row.note or "",
    }
    differences = forms.both(sent, present, FIELDS)
    return OrganisationPage(frame(ask), sent if sent.values else Sent(present), row, differences)
