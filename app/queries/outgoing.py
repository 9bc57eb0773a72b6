"""What the worker sends next: which endpoints have something due, and the messages that it has claimed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import String, bindparam, exists, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col

from app.queries import webhooks
from app.queries.changes_sight import Change, Sight
from app.queries.prepared import Plain, Prepared
from app.tables.base import table
from app.tables.journal import Fact, Revision
from app.tables.organisations import Organisation
from app.tables.webhooks import WebhookDelivery, WebhookEndpoint

_DELIVERY, _ENDPOINT = table(WebhookDelivery).c, table(WebhookEndpoint).c
_DUE = Prepared(
    select(_ENDPOINT.id, _ENDPOINT.absences)
    .where(
        _ENDPOINT.is_active == bindparam("active"),
        or_(_ENDPOINT.rests_until.is_(None), _ENDPOINT.rests_until <= bindparam("now")),
        exists().where(_DELIVERY.endpoint_id == _ENDPOINT.id, _DELIVERY.due_at <= bindparam("now")),
    )
    .order_by(_ENDPOINT.id)
)


def due(session: Session, now: datetime) -> list[Plain]:
    """The endpoints that have something due and take it just now: `id`, and `absences` in a row."""
    return _DUE.all(session, active=True, now=now)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed delivery as it is sent. `change` is None where the organisation may no longer see it; a test has no fact."""

    delivery_id: int
    endpoint_id: int
    lease: str
    message: str
    url: str
    secrets: tuple[str, ...] = field(repr=False)
    kind: str
    endpoint: str
    at: datetime
    revision: int | None
    position: int | None
    actor: dict[str, Any] | None
    change: Change | None


def claimed(session: Session, ids: Sequence[int], now: datetime) -> list[Outgoing]:
    """Claimed deliveries with what they say, each as its organisation sees it now."""
    rows = session.execute(_CLAIMED.where(col(WebhookDelivery.id).in_(ids))).all()
    sights: dict[int, Sight] = {}
    for endpoint_id, organisation in {row.WebhookEndpoint.id: row.Organisation for row in rows}.items():
        who = webhooks.reader(organisation.id, organisation.code, organisation.kind)
        sights[endpoint_id] = Sight(session, who)
        sights[endpoint_id].learn(_facts(rows, endpoint_id))
    return [_outgoing(row, sights[row.WebhookEndpoint.id], now) for row in rows]


_COLUMNS: tuple[Any, ...] = (
    *(WebhookDelivery, WebhookEndpoint, Organisation, col(Revision.recorded_at), col(Revision.actor)),
    *(col(Fact.revision), col(Fact.position), type_coerce(col(Fact.kind), String).label("kind")),
    *(col(Fact.subject), col(Fact.subject_code), col(Fact.project_id), col(Fact.before), col(Fact.after)),
)
_CLAIMED = (
    select(*_COLUMNS)
    .join(WebhookEndpoint, col(WebhookEndpoint.id) == col(WebhookDelivery.endpoint_id))
    .join(Organisation, col(Organisation.id) == col(WebhookEndpoint.organisation_id))
    .outerjoin(
        Fact,
        (col(Fact.revision) == col(WebhookDelivery.revision))
        & (col(Fact.position) == col(WebhookDelivery.position)),
    )
    .outerjoin(Revision, col(Revision.number) == col(WebhookDelivery.revision))
    .order_by(col(WebhookDelivery.id))
)


def _facts(rows: Iterable[Any], endpoint_id: int) -> list[Any]:
    return [row for row in rows if row.WebhookEndpoint.id == endpoint_id and row.revision is not None]


def _outgoing(row: Any, sight: Sight, now: datetime) -> Outgoing:
    delivery, endpoint = row.WebhookDelivery, row.WebhookEndpoint
    overlaps = endpoint.previous_until is not None and now < endpoint.previous_until
    change = None if row.revision is None else sight.shown(row)
    return Outgoing(
        delivery_id=delivery.id,
        endpoint_id=endpoint.id,
        lease=delivery.lease or "",
        message=delivery.message,
        url=endpoint.url,
        secrets=(endpoint.secret, *((endpoint.previous_secret,) if overlaps else ())),
        kind=delivery.kind,
        endpoint=endpoint.code,
        at=row.recorded_at or delivery.created_at,
        revision=delivery.revision,
        position=delivery.position,
        actor=None if change is None else sight.actor_of(change, row.actor),
        change=change,
    )
