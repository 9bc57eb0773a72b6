"""Answers kept for POSTs that may come again: the `Idempotency-Key` of a caller whose line broke."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.tables.requests import KeyUse, RepeatableAnswer


@dataclass(frozen=True, slots=True)
class Repeat:
    """A key, and the fingerprint of the request it came with."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: dict[str, str]
    body: bytes


def answered(session: Session, actor: Actor, repeat: Repeat) -> Kept | None:
    """The answer already given to this key, or None. Invalid where the key came with another request."""
    statement = select(RepeatableAnswer).where(
        col(RepeatableAnswer.user_id) == actor.user_id, col(RepeatableAnswer.key) == repeat.key
    )
    row = session.execute(statement).scalar_one_or_none()
    if row is None:
        return None
    if row.fingerprint != repeat.fingerprint:
        raise Invalid(Problem.IDEMPOTENCY_KEY_REUSED, field="Idempotency-Key")
    return Kept(row.status, json.loads(row.headers), row.body)


def keep(session: Session, actor: Actor, repeat: Repeat, answer: Kept, now: datetime) -> None:
    """Keeps the answer in the transaction of its change."""
    assert actor.user_id is not None
    session.add(
        RepeatableAnswer(
            user_id=actor.user_id,
            key=repeat.key,
            fingerprint=repeat.fingerprint,
            status=answer.status,
            headers=json.dumps(answer.headers),
            body=answer.body,
            answered_at=now,
        )
    )


def forget(session: Session, now: datetime, hours: int) -> None:
    """Drops the answers nobody will ask for again."""
    session.execute(
        delete(RepeatableAnswer).where(col(RepeatableAnswer.answered_at) < now - timedelta(hours=hours))
    )


def note_uses(session: Session, uses: dict[int, datetime]) -> None:
    """Writes down when each key was last used: the access log, which is no part of the journal."""
    for key_id, at in uses.items():
        row = session.get(KeyUse, key_id)
        if row is None:
            session.add(KeyUse(key_id=key_id, last_used_at=at))
        elif row.last_used_at < at:
            row.last_used_at = at
