"""`/webhooks`: where an organisation is told of changes, what was delivered there, and sending it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask, Route, needs
from app.deps.webhooks import policy
from app.domain.access import May
from app.domain.errors import Conflict, Invalid, RuleBroken
from app.domain.problems import Problem
from app.pages import forms, sending
from app.pages.administration import PAGE_ROWS, ListQuery
from app.pages.administration_users import told_once
from app.pages.forms import Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Hooks
from app.queries import webhooks as found
from app.queries.webhooks import Delivered, Health, Line
from app.schemas.webhooks import EndpointChange, EndpointCreate, Replay
from app.services import redeliveries, webhooks

router = APIRouter(tags=["pages"], route_class=Route)
MANAGES = needs(May.MANAGE_WEBHOOKS)
HOME = "/webhooks"
READINGS: Mapping[str, forms.Reading] = {"events": lambda text, _: tuple(text.replace(",", " ").split())}
EMPTIED = ("events", "description")


@dataclass(frozen=True, slots=True)
class EndpointsPage:
    frame: Frame
    sent: Sent
    rows: list[Line]
    following: str | None


@dataclass(frozen=True, slots=True)
class EndpointPage:
    """`is_own`: of the reader's own organisation, whose secret it may renew."""

    frame: Frame
    sent: Sent
    line: Line
    health: Health
    rows: list[Delivered]
    following: str | None
    is_own: bool


@router.get("/webhooks", openapi_extra=MANAGES)
async def show_endpoints(ask: Ask, query: Annotated[ListQuery, Query()]) -> Response:
    """The endpoints of one's own organisation (all, to those who manage people), and the form to add one."""
    return await _list(ask, Sent(), 200, query.cursor)


@router.post("/webhooks", openapi_extra=MANAGES)
async def add_endpoint(ask: Ask) -> Response:
    """Makes an endpoint and shows its secret, this once."""
    values = forms.texts(await ask.form())
    change, sent = forms.understood(EndpointCreate, values, readings=READINGS)
    if change is None:
        return await _list(ask, sent, 422)
    try:
        made = await ask.tracker.db.change(
            lambda session: webhooks.create(session, ask.actor, change, policy(ask), ask.now), _stamp(ask)
        )
    except (Conflict, Invalid) as error:
        return await _list(ask, forms.refused(values, error, EndpointCreate.model_fields), 422)
    return told_once(ask, Hooks.ENDPOINTS, made.line.row.url, made.secret, f"{HOME}/{made.line.row.code}")


@router.get("/webhooks/{code}", openapi_extra=MANAGES)
async def show_endpoint(ask: Ask, code: str, query: Annotated[ListQuery, Query()]) -> Response:
    """One endpoint: how it does, its delivery log, and what may be done."""
    return await sending.shown(
        ask, "webhook.html", lambda s, sent, _: _one(s, ask, code, sent, query.cursor), Sent()
    )


@router.post("/webhooks/{code}", openapi_extra=MANAGES)
async def change_endpoint(ask: Ask, code: str) -> Response:
    """Changes the endpoint, switches it, renews its secret, tests it or sends again, as `step` says."""
    values = forms.texts(await ask.form())
    if values.get("step") == "save":
        return await sending.take(ask, _form(ask, code), values)
    if values.get("step") == "renew":
        made = await ask.tracker.db.change(
            lambda s: webhooks.renew_secret(s, ask.actor, code, policy(ask), ask.now), _stamp(ask)
        )
        return told_once(ask, Hooks.RENEW, made.line.row.url, made.secret, f"{HOME}/{code}")
    try:
        await ask.tracker.db.change(lambda session: _act(session, ask, code, values), _stamp(ask))
    except (Invalid, RuleBroken) as error:
        return await sending.turned_down(ask, _form(ask, code), values, error)
    there = HOME if values.get("step") == "remove" else f"{HOME}/{code}"
    return RedirectResponse(frame(ask).to(there, said="saved"), 303)


def _act(session: Session, ask: Ask, code: str, values: Mapping[str, str]) -> None:
    """What a step of the page does. Raises Invalid for a step that is none."""
    actor, now, step = ask.actor, ask.now, values.get("step", "")
    if step in ("on", "off"):
        change = EndpointChange(is_active=step == "on")
        webhooks.change(session, actor, code, change, None, policy(ask), now)
    elif step == "remove":
        webhooks.remove(session, actor, code, None)
    elif step == "test":
        redeliveries.send_test(session, actor, code, now)
    elif step == "again":
        redeliveries.replay_one(session, actor, code, values.get("message", ""), now)
    elif step == "dead":
        redeliveries.replay(session, actor, code, Replay(dead=True), now)
    elif step == "replay":
        redeliveries.replay(session, actor, code, _replay(values.get("from_revision", "")), now)
    else:
        raise Invalid(Problem.NOT_A_WORD, field="step")


def _replay(typed: str) -> Replay:
    if not typed.isdecimal() or len(typed) > 12 or not 1 <= int(typed) < 2**31:
        raise Invalid(Problem.NOT_A_WHOLE_NUMBER, field="from_revision")
    return Replay(from_revision=int(typed))


def _form(ask: Ask, code: str) -> Form[EndpointChange]:
    return Form(
        EndpointChange,
        lambda s, change, expected: webhooks.change(
            s, ask.actor, code, change, expected, policy(ask), ask.now
        ),
        "webhook.html",
        lambda s, sent, _: _one(s, ask, code, sent, None),
        lambda _: frame(ask).to(f"{HOME}/{code}", said="saved"),
        readings=READINGS,
        emptied=EMPTIED,
        beside=("from_revision",),
    )


async def _list(ask: Ask, sent: Sent, status: int, cursor: str | None = None) -> Response:
    def show(session: Session, sent: Sent, _: object) -> EndpointsPage:
        rows = found.page(session, ask.actor, after=ask.after(cursor), limit=PAGE_ROWS)
        shown, following = ask.page(rows, PAGE_ROWS, lambda line: str(line.row.code))
        return EndpointsPage(frame(ask), sent, shown, following)

    return await sending.shown(ask, "webhooks.html", show, sent, status)


def _one(session: Session, ask: Ask, code: str, sent: Sent, cursor: str | None) -> EndpointPage:
    line, after = found.one(session, ask.actor, code), ask.after(cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    row = line.row
    rows = found.deliveries(session, row, None, before=None if after is None else int(after), limit=PAGE_ROWS)
    shown, following = ask.page(rows, PAGE_ROWS, lambda each: str(each.row.id))
    present = {"url": row.url, "events": " ".join(row.events), "description": row.description or ""}
    filled = sent if "url" in sent.values else Sent(present, sent.problems, sent.details, sent.general)
    is_own = row.organisation_id == ask.actor.organisation_id
    return EndpointPage(frame(ask), filled, line, found.health(session, row), shown, following, is_own)


def _stamp(ask: Ask) -> Stamp:
    return Stamp(ask.now, ask.state.request_id)
