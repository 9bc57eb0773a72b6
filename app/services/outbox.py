"""The outbox: what an organisation is to be told is written in the transaction of the facts themselves.

One row is one fact for one endpoint; it says which fact, and what it says is read from the journal when it is sent. Of
each subject one row at a time has a day to be sent on (`due_at`): the earliest that still waits.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Update, and_, bindparam, exists, or_
from sqlalchemy.orm import Session

from app.domain import webhooks as domain
from app.domain.vocabulary import DeliveryState
from app.queries import webhooks
from app.queries.changes_sight import Sight
from app.queries.prepared import Prepared, adding
from app.queries.webhooks import Listener
from app.tables.base import table
from app.tables.webhooks import WebhookDelivery

_DELIVERY = table(WebhookDelivery)
_ADD = Prepared(adding(WebhookDelivery))


class Said(NamedTuple):
    """A fact that is being stated, as far as it must be known to say who may be told."""

    revision: int
    position: int
    kind: str
    subject: str
    subject_code: str
    project_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def enqueue(session: Session, revision: int, at: datetime, facts: Sequence[Mapping[str, Any]]) -> None:
    """Writes what every endpoint is to be told of a revision that is about to be committed."""
    endpoints = webhooks.listening(session)
    if not endpoints:
        return
    said = [Said(revision, position, **fact) for position, fact in enumerate(facts)]
    for endpoint in endpoints:
        if add(session, endpoint, said, at):
            _FIRST_OF.each(session, [{"of": endpoint.id, "stated_in": revision, "at": at, "waiting": DeliveryState.WAITING}])  # fmt: skip


def add(session: Session, endpoint: Listener, facts: Iterable[Said], at: datetime) -> int:
    """Adds those of some facts that an endpoint wants and may see, none of them due yet. Returns how many."""
    wanted = [fact for fact in facts if domain.wants(endpoint.events, fact.kind)]
    if not wanted:
        return 0
    sight = Sight(
        session,
        webhooks.reader(endpoint.organisation_id, endpoint.organisation, endpoint.organisation_kind),
    )
    sight.learn(wanted)
    rows = [_row(endpoint, fact, at) for fact in wanted if sight.shown(fact) is not None]
    _ADD.each(session, rows)
    return len(rows)


def _row(endpoint: Listener, fact: Said, at: datetime) -> dict[str, Any]:
    return {
        "endpoint_id": endpoint.id,
        "message": domain.message(endpoint.code, fact.revision, fact.position),
        "revision": fact.revision,
        "position": fact.position,
        "kind": fact.kind,
        "subject": fact.subject,
        "subject_code": fact.subject_code,
        "state": DeliveryState.WAITING,
        "attempts": 0,
        "due_at": None,
        "lease": None,
        "created_at": at,
        "tried_at": None,
        "ended_at": None,
    }


def release(session: Session, endpoint_id: int, at: datetime) -> None:
    """Makes the earliest that waits of each subject of an endpoint due, where nothing of the subject is."""
    _FIRST.each(session, [{"of": endpoint_id, "at": at, "waiting": DeliveryState.WAITING}])


def _firsts() -> Update:
    """Gives a day to what waits without one and has nothing of its subject before it."""
    ahead = _DELIVERY.alias("ahead")
    earlier = exists().where(
        ahead.c.endpoint_id == _DELIVERY.c.endpoint_id,
        ahead.c.subject == _DELIVERY.c.subject,
        ahead.c.subject_code == _DELIVERY.c.subject_code,
        ahead.c.state == bindparam("waiting", type_=_DELIVERY.c.state.type),
        or_(
            ahead.c.revision < _DELIVERY.c.revision,
            and_(ahead.c.revision == _DELIVERY.c.revision, ahead.c.position < _DELIVERY.c.position),
        ),
    )
    return (
        _DELIVERY.update()
        .where(
            _DELIVERY.c.endpoint_id == bindparam("of"),
            _DELIVERY.c.state == bindparam("waiting", type_=_DELIVERY.c.state.type),
            _DELIVERY.c.due_at.is_(None),
            ~earlier,
        )
        .values(due_at=bindparam("at"))
    )


_FIRST = Prepared(_firsts())
_FIRST_OF = Prepared(_firsts().where(_DELIVERY.c.revision == bindparam("stated_in")))
