"""Deliveries: claimed by a worker, noted with what came of them, sent again, forgotten.

None of it is a change of the world, so none of it makes a revision, but for an endpoint that is switched off.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import webhooks as domain
from app.domain.access import Actor, Role
from app.domain.vocabulary import DeliveryState
from app.domain.webhooks import Attempt, Patience
from app.queries import outgoing, webhooks
from app.queries.prepared import Prepared, adding
from app.services import webhooks as endpoints
from app.tables.base import key, table
from app.tables.organisations import Organisation
from app.tables.webhooks import LONGEST_ANSWER, WebhookAttempt, WebhookDelivery, WebhookEndpoint

WORKER = Actor(Role.SYSTEM, user="worker")
_DELIVERY = table(WebhookDelivery)
_WAITING = bindparam("waiting", type_=_DELIVERY.c.state.type)
_ADD_ATTEMPT = Prepared(adding(WebhookAttempt))
_STAND = Prepared(
    _DELIVERY.update()
    .where(_DELIVERY.c.id == bindparam("of"))
    .values(
        {name: bindparam(name) for name in ("state", "attempts", "due_at", "lease", "tried_at", "ended_at")}
    )
)
_NEXT = _DELIVERY.alias("following")
# What is next of a subject once the one before has ended.
_FOLLOW = Prepared(
    _DELIVERY.update()
    .where(
        _DELIVERY.c.due_at.is_(None),
        _DELIVERY.c.id
        == select(_NEXT.c.id)
        .where(
            _NEXT.c.endpoint_id == bindparam("endpoint"),
            _NEXT.c.subject == bindparam("of_subject"),
            _NEXT.c.subject_code == bindparam("of_code"),
            _NEXT.c.state == _WAITING,
            _NEXT.c.revision.is_not(None),
        )
        .order_by(_NEXT.c.revision, _NEXT.c.position)
        .limit(1)
        .scalar_subquery(),
    )
    .values(due_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a claimed delivery: an attempt, or None where its organisation may no longer see what it tells."""

    delivery_id: int
    lease: str
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Room:
    """How many a worker can take: in all, of one endpoint, and how many of each endpoint it holds already."""

    in_all: int
    each: int
    held: Mapping[int, int]

    def of(self, endpoint_id: int, absences: int) -> int:
        """How many more of an endpoint. One that took nothing the last times is asked with one at a time."""
        return max((1 if absences else self.each) - self.held.get(endpoint_id, 0), 0)


def claim(session: Session, room: Room, lease: str, now: datetime, until: datetime) -> list[int]:
    """Takes what is due, as far as there is room, for the round of a worker named `lease`. Returns the ids.

    Until `until` nobody else takes them; then they are due again, whatever became of the worker.
    """
    taken: list[int] = []
    for endpoint in outgoing.due(session, now):
        most = min(room.of(endpoint.id, endpoint.absences), room.in_all - len(taken))
        if most > 0:
            taken += _claimed(session, endpoint.id, most, lease, now, until)
    return taken


def _claimed(
    session: Session, endpoint_id: int, most: int, lease: str, now: datetime, until: datetime
) -> Sequence[int]:
    due = (
        select(_DELIVERY.c.id)
        .where(_DELIVERY.c.endpoint_id == endpoint_id, _DELIVERY.c.due_at <= now)
        .order_by(_DELIVERY.c.due_at, _DELIVERY.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(_DELIVERY)
        .where(_DELIVERY.c.id.in_(due.scalar_subquery()))
        .values(lease=lease, due_at=until)
        .returning(_DELIVERY.c.id)
    )
    return session.execute(claimed).scalars().all()


def give_back(session: Session, ids: Sequence[int], lease: str, now: datetime) -> None:
    """Makes claimed deliveries due at once that were not sent."""
    statement = update(_DELIVERY).where(_DELIVERY.c.id.in_(ids), _DELIVERY.c.lease == lease)
    session.execute(statement.values(lease=None, due_at=now))


def note(
    session: Session, noted: Sequence[Noted], now: datetime, patience: Patience, drawn: Callable[[], float]
) -> None:
    """Writes down what came of some deliveries, and what follows from it for each, for its subject and its endpoint.

    What another has claimed since, because this worker took too long, is left to that one.
    """
    statement = select(WebhookDelivery).where(
        col(WebhookDelivery.id).in_([each.delivery_id for each in noted])
    )
    found = {key(row.id): row for row in session.execute(statement).scalars()}
    held = [
        (found[each.delivery_id], each.attempt)
        for each in noted
        if each.delivery_id in found and found[each.delivery_id].lease == each.lease
    ]
    _ADD_ATTEMPT.each(session, [_logged(row, attempt) for row, attempt in held if attempt is not None])
    stands = [_stands(row, attempt, now, patience, drawn()) for row, attempt in held]
    _STAND.each(session, stands)
    ended = {
        (row.endpoint_id, row.subject, row.subject_code)
        for (row, _), stand in zip(held, stands, strict=True)
        if stand["state"] != DeliveryState.WAITING
    }
    _FOLLOW.each(session, [_turn(*turn, now) for turn in sorted(ended)])
    tried: dict[int, list[Attempt]] = defaultdict(list)
    for row, attempt in held:
        if attempt is not None:
            tried[row.endpoint_id].append(attempt)
    for endpoint_id, attempts in tried.items():
        _judge(session, session.get_one(WebhookEndpoint, endpoint_id), attempts, now, patience, drawn())


def _turn(endpoint: int, subject: str, code: str, at: datetime) -> dict[str, Any]:
    return {
        "endpoint": endpoint,
        "of_subject": subject,
        "of_code": code,
        "waiting": DeliveryState.WAITING,
        "at": at,
    }


def _logged(row: WebhookDelivery, attempt: Attempt) -> dict[str, Any]:
    return {
        "delivery_id": row.id,
        "at": attempt.at,
        "status": attempt.status,
        "duration_ms": attempt.duration_ms,
        "failure": attempt.failure,
        "answer": None if attempt.answer is None else attempt.answer[:LONGEST_ANSWER],
    }


def _stands(
    row: WebhookDelivery, attempt: Attempt | None, now: datetime, patience: Patience, drawn: float
) -> dict[str, Any]:
    if attempt is None:
        state, due_at, tries, tried_at = DeliveryState.WITHHELD, None, row.attempts, row.tried_at
    else:
        tries, tried_at = row.attempts + 1, row.tried_at or attempt.at
        following = domain.following(attempt, tries, tried_at, now, patience, drawn)
        state, due_at = following.state, following.due_at
    return {
        "of": row.id,
        "state": state,
        "attempts": tries,
        "due_at": due_at,
        "lease": None,
        "tried_at": tried_at,
        "ended_at": None if state == DeliveryState.WAITING else now,
    }


def _judge(
    session: Session,
    row: WebhookEndpoint,
    attempts: Sequence[Attempt],
    now: datetime,
    patience: Patience,
    drawn: float,
) -> None:
    """What an endpoint's attempts of one round say about the endpoint: one that took something is well."""
    if any(attempt.is_taken for attempt in attempts):
        row.failures, row.absences, row.failing_since, row.rests_until = 0, 0, None, None
        row.delivered_at = now
        return
    row.failures += len(attempts)
    row.failing_since = row.failing_since or min(attempt.at for attempt in attempts)
    row.absences += any(attempt.is_endpoint_away for attempt in attempts)
    rests = (domain.rest(attempt, row.absences, now, drawn) for attempt in attempts)
    row.rests_until = max((until for until in rests if until is not None), default=None)
    whys = (
        domain.switched_off(attempt, row.failures, row.failing_since, now, patience) for attempt in attempts
    )
    why = next((why for why in whys if why is not None), None)
    if why is not None and row.is_active:
        line = webhooks.Line(row, session.get_one(Organisation, row.organisation_id))
        endpoints.switch_off(session, WORKER, line, why, now)


def forget(session: Session, before: datetime) -> None:
    """Drops the log of what ended before an instant."""
    old = select(col(WebhookDelivery.id)).where(col(WebhookDelivery.ended_at) < before)
    session.execute(delete(WebhookAttempt).where(col(WebhookAttempt.delivery_id).in_(old)))
    session.execute(delete(WebhookDelivery).where(col(WebhookDelivery.ended_at) < before))
