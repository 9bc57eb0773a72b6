"""Webhooks: an organisation's endpoints, what was delivered to them, and sending it again."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.deps.webhooks import policy
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.queries import webhooks as found
from app.queries.webhooks import Delivered, Line
from app.schemas.people import PageQuery
from app.schemas.webhooks import (
    AttemptRead,
    DeliveryPage,
    DeliveryQuery,
    DeliveryRead,
    EndpointChange,
    EndpointCreate,
    EndpointPage,
    EndpointRead,
    EndpointWithSecret,
    HealthRead,
    Replay,
    ReplayRead,
)
from app.services import redeliveries, webhooks
from app.services.webhooks import Made
from app.tables.webhooks import WebhookDelivery

router = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=Route)
MANAGES = needs(May.MANAGE_WEBHOOKS)


@router.get("", response_model=EndpointPage, openapi_extra=MANAGES)
async def list_endpoints(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """The endpoints of one's own organisation, by code; everybody's to those who manage people."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.post("", response_model=EndpointWithSecret, status_code=201, openapi_extra=MANAGES)
async def create_endpoint(ask: Ask, change: EndpointCreate) -> Response:
    """Makes an endpoint of one's own organisation. Its secret is shown in this answer and never again."""
    return await ask.change(
        lambda session: _with_secret(webhooks.create(session, ask.actor, change, policy(ask), ask.now)),
        status=201,
        location=lambda made: f"{ask.url.path}/{made.code}",
        secret="secret",
    )


@router.get("/{code}", response_model=EndpointRead, openapi_extra=MANAGES)
async def read_endpoint(ask: Ask, code: str) -> Response:
    """One endpoint, without its secret."""
    return await ask.read(lambda session: read(found.one(session, ask.actor, code)))


@router.patch("/{code}", response_model=EndpointRead, openapi_extra=MANAGES)
async def change_endpoint(ask: Ask, code: str, change: EndpointChange) -> Response:
    """Changes the fields that are sent, or switches the endpoint off or on again."""
    return await ask.change(
        lambda session: read(
            webhooks.change(session, ask.actor, code, change, ask.expected, policy(ask), ask.now)
        )
    )


@router.delete("/{code}", status_code=204, openapi_extra=MANAGES)
async def remove_endpoint(ask: Ask, code: str) -> Response:
    """Removes an endpoint, what waits for it, and its log."""
    return await ask.change(lambda session: webhooks.remove(session, ask.actor, code, ask.expected))


@router.post("/{code}/secret", response_model=EndpointWithSecret, openapi_extra=MANAGES)
async def renew_secret(ask: Ask, code: str) -> Response:
    """Gives the endpoint a new secret, shown in this answer only. The one before signs as well for some hours."""
    return await ask.change(
        lambda session: _with_secret(webhooks.renew_secret(session, ask.actor, code, policy(ask), ask.now)),
        secret="secret",
    )


@router.post("/{code}/test", response_model=DeliveryRead, status_code=201, openapi_extra=MANAGES)
async def test_endpoint(ask: Ask, code: str) -> Response:
    """Sends `webhook.ping`, which tells no fact; the delivery log says what came of it."""
    return await ask.change(
        lambda session: _sent(session, redeliveries.send_test(session, ask.actor, code, ask.now)), status=201
    )


@router.post("/{code}/replay", response_model=ReplayRead, openapi_extra=MANAGES)
async def replay_endpoint(ask: Ask, code: str, asked: Replay) -> Response:
    """Sends again all that was given up, or everything from a revision on; each message keeps its id."""
    return await ask.change(
        lambda session: ReplayRead(queued=redeliveries.replay(session, ask.actor, code, asked, ask.now))
    )


@router.get("/{code}/deliveries", response_model=DeliveryPage, openapi_extra=MANAGES)
async def list_deliveries(ask: Ask, code: str, query: Annotated[DeliveryQuery, Query()]) -> Response:
    """What was delivered, newest first, with every attempt; and how the endpoint does."""
    return await ask.read(lambda session: _log(session, ask, code, query), journaled=False)


@router.post("/{code}/deliveries/{message}/replay", response_model=DeliveryRead, openapi_extra=MANAGES)
async def replay_delivery(ask: Ask, code: str, message: str) -> Response:
    """Sends one delivery again, under the same id; one that waits is tried at once."""
    return await ask.change(
        lambda session: _sent(session, redeliveries.replay_one(session, ask.actor, code, message, ask.now))
    )


def read(line: Line) -> EndpointRead:
    """An endpoint as those see it who manage it."""
    kept = set(EndpointRead.model_fields) - {"organisation", "previous_secret_until"}
    return EndpointRead(
        **line.row.model_dump(include=kept),
        organisation=line.organisation.code,
        previous_secret_until=line.row.previous_until,
    )


def _with_secret(made: Made) -> EndpointWithSecret:
    return EndpointWithSecret(**read(made.line).model_dump(), secret=made.secret)


def _page(session: Session, ask: Ask, query: PageQuery) -> EndpointPage:
    limit = ask.limit(query.limit)
    rows = found.page(session, ask.actor, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda line: str(line.row.code))
    return EndpointPage(items=[read(line) for line in shown], next=following)


def _log(session: Session, ask: Ask, code: str, query: DeliveryQuery) -> DeliveryPage:
    row = found.one(session, ask.actor, code).row
    limit, after = ask.limit(query.limit, 50), ask.after(query.cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    rows = found.deliveries(
        session, row, query.state, before=None if after is None else int(after), limit=limit
    )
    shown, following = ask.page(rows, limit, lambda each: str(each.row.id))
    health = HealthRead.model_validate(found.health(session, row), from_attributes=True)
    return DeliveryPage(health=health, items=[_delivery(each) for each in shown], next=following)


def _sent(session: Session, row: WebhookDelivery) -> DeliveryRead:
    return _delivery(found.with_attempts(session, [row])[0])


def _delivery(each: Delivered) -> DeliveryRead:
    row = each.row
    kept = {"kind", "subject", "revision", "position", "state", "created_at", "due_at", "ended_at"}
    return DeliveryRead(
        **row.model_dump(include=kept),
        id=row.message,
        code=row.subject_code,
        attempts=[AttemptRead.model_validate(tried, from_attributes=True) for tried in each.attempts],
    )
