"""Sending again what was sent: one delivery, all that was given up, everything from a revision on; and a test.

A message keeps its id however often it is sent, so a receiver that keeps ids takes nothing twice.
"""

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import webhooks as domain
from app.domain.access import Actor, May, require
from app.domain.errors import Invalid, RuleBroken
from app.domain.vocabulary import DeliveryState
from app.domain.webhook_problems import WebhookProblem
from app.queries import journal, webhooks
from app.schemas.webhooks import Replay
from app.services import outbox
from app.services.outbox import Said
from app.tables.base import table
from app.tables.journal import Fact
from app.tables.webhooks import WebhookDelivery

_DELIVERY = table(WebhookDelivery)
# Facts that are looked at in one go.
PIECE = 5_000
AGAIN: dict[str, Any] = {
    "state": DeliveryState.WAITING,
    "attempts": 0,
    "due_at": None,
    "lease": None,
    "tried_at": None,
    "ended_at": None,
}


def send_test(session: Session, actor: Actor, code: str, now: datetime) -> WebhookDelivery:
    """Sends a test that tells no fact. RuleBroken where the endpoint is switched off."""
    line = _active(session, actor, code)
    row = WebhookDelivery(
        endpoint_id=line.row.id or 0,
        message=f"msg_{code}_test_{secrets.token_hex(8)}",
        kind=domain.PING,
        subject=domain.SUBJECT,
        subject_code=code,
        state=DeliveryState.WAITING,
        due_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def replay(session: Session, actor: Actor, code: str, asked: Replay, now: datetime) -> int:
    """Sends again all that was given up, or everything from a revision on that the endpoint wants and may see now.

    Returns how many wait that did not before. Invalid unless exactly one is asked for; RuleBroken where the endpoint is off.
    """
    if (asked.from_revision is None) == (asked.dead is not True):
        raise Invalid(WebhookProblem.REPLAY_OF_ONE, field="from_revision")
    line = _active(session, actor, code)
    endpoint_id = line.row.id or 0
    before = webhooks.health(session, line.row).waiting
    if asked.from_revision is None:
        _again(session, endpoint_id, _DELIVERY.c.state == DeliveryState.DEAD, now)
    else:
        _add_missing(session, line, asked.from_revision, now)
        ended = _DELIVERY.c.state != DeliveryState.WAITING
        _again(session, endpoint_id, ended & (_DELIVERY.c.revision >= asked.from_revision), now)
    return webhooks.health(session, line.row).waiting - before


def replay_one(session: Session, actor: Actor, code: str, message: str, now: datetime) -> WebhookDelivery:
    """Sends one delivery again; one that waits is tried at once. RuleBroken where the endpoint is switched off."""
    line = _active(session, actor, code)
    row = webhooks.delivery(session, line.row, message)
    _again(session, row.endpoint_id, _DELIVERY.c.id == row.id, now)
    session.refresh(row)
    return row


def _active(session: Session, actor: Actor, code: str) -> webhooks.Line:
    require(actor, May.MANAGE_WEBHOOKS)
    line = webhooks.one(session, actor, code)
    if not line.row.is_active:
        raise RuleBroken(WebhookProblem.ENDPOINT_OFF)
    return line


def _again(session: Session, endpoint_id: int, which: ColumnElement[bool], now: datetime) -> None:
    """Lets some deliveries wait again, and gives a day to what now comes first of each subject.

    What is being sent just now stays with its worker; what else was due may have to stand behind an earlier one now.
    """
    own = _DELIVERY.c.endpoint_id == endpoint_id
    session.execute(update(_DELIVERY).where(own, which, _DELIVERY.c.lease.is_(None)).values(AGAIN))
    waits = (_DELIVERY.c.state == DeliveryState.WAITING) & _DELIVERY.c.lease.is_(None)
    session.execute(
        update(_DELIVERY).where(own, waits, _DELIVERY.c.revision.is_not(None)).values(due_at=None)
    )
    session.execute(update(_DELIVERY).where(own, waits, _DELIVERY.c.revision.is_(None)).values(due_at=now))
    outbox.release(session, endpoint_id, now)


def _add_missing(session: Session, line: webhooks.Line, first: int, now: datetime) -> None:
    """Adds what was stated from a revision on and never kept for the endpoint: before it was made, while it was off, after
    its log was forgotten."""
    endpoint = webhooks.listener(line)
    for piece in _stated(session, first, journal.head(session)):
        last = piece[-1]
        kept = select(_DELIVERY.c.revision, _DELIVERY.c.position).where(
            _DELIVERY.c.endpoint_id == endpoint.id,
            _DELIVERY.c.revision >= piece[0].revision,
            _DELIVERY.c.revision <= last.revision,
        )
        held = {tuple(row) for row in session.execute(kept)}
        outbox.add(
            session, endpoint, [each for each in piece if (each.revision, each.position) not in held], now
        )


def _stated(session: Session, first: int, head: int) -> Iterator[list[Said]]:
    """The facts from a revision up to the last that is committed, some thousand at a time."""
    columns = (
        *(col(Fact.revision), col(Fact.position), type_coerce(col(Fact.kind), String)),
        *(col(Fact.subject), col(Fact.subject_code), col(Fact.project_id), col(Fact.before), col(Fact.after)),
    )
    after = (first, -1)
    while True:
        statement = (
            select(*columns)
            .where(col(Fact.revision) <= head)
            .where((col(Fact.revision) > after[0]) | ((col(Fact.revision) == after[0]) & (col(Fact.position) > after[1])))
            .order_by(col(Fact.revision), col(Fact.position))
            .limit(PIECE)
        )  # fmt: skip
        piece = [Said(*row) for row in session.execute(statement)]
        if not piece:
            return
        yield piece
        after = piece[-1].revision, piece[-1].position
