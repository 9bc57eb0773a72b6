"""Organisations, users and keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.tables.organisations import ApiKey, Organisation, User
from app.tables.requests import KeyUse


def actor(session: Session, digest: str) -> Actor | None:
    """Who a key of this SHA-256 belongs to; None where there is none, or it is revoked, or its user is not active."""
    statement = (
        select(ApiKey, User, Organisation)
        .join(User, col(User.id) == col(ApiKey.user_id))
        .join(Organisation, col(Organisation.id) == col(User.organisation_id))
        .where(col(ApiKey.digest) == digest, col(ApiKey.revoked_at).is_(None), col(User.is_active))
    )
    row = session.execute(statement).first()
    if row is None:
        return None
    key, user, organisation = row
    return Actor(
        role=user.role,
        organisation_id=organisation.id,
        organisation=organisation.code,
        user_id=user.id,
        user=user.login,
        key_id=key.id,
        expires_at=key.expires_at,
    )


def organisation(session: Session, code: str) -> Organisation:
    """An organisation by code. NotFound where there is none."""
    found = session.execute(select(Organisation).where(col(Organisation.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="organisation", code=code)
    return found


def organisations(session: Session, *, after: str | None, limit: int) -> list[Organisation]:
    """Up to `limit` + 1 organisations by code, after the code `after`."""
    statement = select(Organisation).order_by(col(Organisation.code)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(Organisation.code) > after)
    return list(session.execute(statement).scalars())


def user(session: Session, login: str) -> User | None:
    """A user by login name, or None."""
    return session.execute(select(User).where(col(User.login) == login)).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with whose it is and when it was last used. The key itself is not kept anywhere."""

    key: ApiKey
    user: User
    organisation: Organisation
    last_used_at: datetime | None


def keys(session: Session) -> list[KeyLine]:
    """Every key, newest first."""
    statement = (
        select(ApiKey, User, Organisation, col(KeyUse.last_used_at))
        .join(User, col(User.id) == col(ApiKey.user_id))
        .join(Organisation, col(Organisation.id) == col(User.organisation_id))
        .outerjoin(KeyUse, col(KeyUse.key_id) == col(ApiKey.id))
        .order_by(col(ApiKey.id).desc())
    )
    return [KeyLine(*row) for row in session.execute(statement)]


def key(session: Session, prefix: str) -> KeyLine:
    """One key by its shown beginning. NotFound where there is none."""
    found = next((line for line in keys(session) if line.key.prefix == prefix), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="key", prefix=prefix)
    return found
