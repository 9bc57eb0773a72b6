"""Endpoints of webhooks and what was delivered to them: an organisation sees its own, who manages people sees all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, false, func, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, Role
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import DeliveryState, OrganisationKind
from app.queries.prepared import Prepared
from app.tables.base import key, table
from app.tables.organisations import Organisation
from app.tables.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint

# In whose eyes an organisation's endpoints see. A program stands for its organisation, not for one of its users.
SPEAKS = {
    OrganisationKind.DEPARTMENT: Role.DEPARTMENT,
    OrganisationKind.INVESTOR: Role.INVESTOR,
    OrganisationKind.GRID_COMPANY: Role.EVN_SPC,
    OrganisationKind.DISTRICT_AUTHORITY: Role.DISTRICT,
}
_ENDPOINT, _ORGANISATION = table(WebhookEndpoint).c, table(Organisation).c
# Asked by every change, so it costs next to nothing where nobody listens.
_LISTENING = Prepared(
    select(
        *(_ENDPOINT.id, _ENDPOINT.code, _ENDPOINT.events, _ENDPOINT.organisation_id),
        _ORGANISATION.code.label("organisation"),
        _ORGANISATION.kind.label("organisation_kind"),
    )
    .join(table(Organisation), _ORGANISATION.id == _ENDPOINT.organisation_id)
    .where(_ENDPOINT.is_active == bindparam("active"))
    .order_by(_ENDPOINT.id)
)


class Listener(NamedTuple):
    """What must be known of an endpoint to say what it is told."""

    id: int
    code: str
    events: tuple[str, ...]
    organisation_id: int
    organisation: str
    organisation_kind: OrganisationKind


def listening(session: Session) -> list[Listener]:
    """Every endpoint that is told of changes."""
    return [Listener(*row) for row in _LISTENING.all(session, active=True)]


def reader(organisation_id: int, organisation: str, kind: OrganisationKind) -> Actor:
    """In whose eyes the endpoints of an organisation see."""
    return Actor(SPEAKS[kind], organisation_id, organisation)


@dataclass(frozen=True, slots=True)
class Line:
    """An endpoint with whose it is."""

    row: WebhookEndpoint
    organisation: Organisation


def one(session: Session, actor: Actor, code: str) -> Line:
    """An endpoint that `actor` may see; to everyone else it is not there."""
    found = session.execute(_lines(actor).where(col(WebhookEndpoint.code) == code)).first()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="webhook", code=code)
    return Line(*found)


def page(session: Session, actor: Actor, *, after: str | None, limit: int) -> list[Line]:
    """Up to `limit` + 1 endpoints by code, after the code `after`."""
    statement = _lines(actor).order_by(col(WebhookEndpoint.code)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(WebhookEndpoint.code) > after)
    return [Line(*found) for found in session.execute(statement)]


def listener(line: Line) -> Listener:
    """The same of an endpoint that is at hand."""
    row, organisation = line.row, line.organisation
    return Listener(
        key(row.id), row.code, row.events, row.organisation_id, organisation.code, organisation.kind
    )


def count(session: Session, organisation_id: int) -> int:
    """How many endpoints an organisation has."""
    statement = (
        select(func.count())
        .select_from(WebhookEndpoint)
        .where(col(WebhookEndpoint.organisation_id) == organisation_id)
    )
    return session.execute(statement).scalar_one()


def _lines(actor: Actor) -> Select[WebhookEndpoint, Organisation]:
    return (
        select(WebhookEndpoint, Organisation)
        .join(Organisation, col(Organisation.id) == col(WebhookEndpoint.organisation_id))
        .where(_visible(actor))
    )


def _visible(actor: Actor) -> ColumnElement[bool]:
    if actor.may(May.MANAGE_PEOPLE):
        return true()
    own = actor.organisation_id
    return false() if own is None else col(WebhookEndpoint.organisation_id) == own


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery with its attempts, oldest first."""

    row: WebhookDelivery
    attempts: Sequence[WebhookAttempt]


def delivery(session: Session, endpoint: WebhookEndpoint, message: str) -> WebhookDelivery:
    """A delivery of an endpoint by the id of its message. NotFound where there is none."""
    statement = select(WebhookDelivery).where(
        col(WebhookDelivery.endpoint_id) == endpoint.id, col(WebhookDelivery.message) == message
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="webhook_delivery", id=message)
    return found


def deliveries(
    session: Session,
    endpoint: WebhookEndpoint,
    state: DeliveryState | None,
    *,
    before: int | None,
    limit: int,
) -> list[Delivered]:
    """Up to `limit` + 1 deliveries of an endpoint, newest first, older than the one of the id `before`."""
    statement = (
        select(WebhookDelivery)
        .where(col(WebhookDelivery.endpoint_id) == endpoint.id)
        .order_by(col(WebhookDelivery.id).desc())
        .limit(limit + 1)
    )
    if state is not None:
        statement = statement.where(col(WebhookDelivery.state) == state)
    if before is not None:
        statement = statement.where(col(WebhookDelivery.id) < before)
    return with_attempts(session, list(session.execute(statement).scalars()))


def with_attempts(session: Session, rows: Sequence[WebhookDelivery]) -> list[Delivered]:
    """Deliveries with their attempts."""
    found: dict[int, list[WebhookAttempt]] = {key(row.id): [] for row in rows}
    statement = (
        select(WebhookAttempt)
        .where(col(WebhookAttempt.delivery_id).in_(found))
        .order_by(col(WebhookAttempt.id))
    )
    for attempt in session.execute(statement).scalars():
        found[attempt.delivery_id].append(attempt)
    return [Delivered(row, found[key(row.id)]) for row in rows]


@dataclass(frozen=True, slots=True)
class Health:
    """How many deliveries of an endpoint wait and were given up, and what the worker has found of the endpoint."""

    waiting: int
    dead: int
    failing_since: datetime | None
    delivered_at: datetime | None
    rests_until: datetime | None


def health(session: Session, endpoint: WebhookEndpoint) -> Health:
    """How an endpoint does."""
    counted = (
        select(col(WebhookDelivery.state), func.count())
        .where(
            col(WebhookDelivery.endpoint_id) == endpoint.id,
            col(WebhookDelivery.state).in_((DeliveryState.WAITING, DeliveryState.DEAD)),
        )
        .group_by(col(WebhookDelivery.state))
    )
    numbers = {state: number for state, number in session.execute(counted)}
    return Health(
        numbers.get(DeliveryState.WAITING, 0),
        numbers.get(DeliveryState.DEAD, 0),
        endpoint.failing_since,
        endpoint.delivered_at,
        endpoint.rests_until,
    )
