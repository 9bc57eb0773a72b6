"""Whose an identity is that another service vouches for, and which identities a user has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.tables.base import key
from app.tables.identities import Identity
from app.tables.organisations import User


@dataclass(frozen=True, slots=True)
class Known:
    """The user an identity is linked to."""

    user_id: int
    login: str
    is_active: bool


def known(session: Session, issuer: str, subject: str) -> Known | None:
    """Whose an identity is; None where it is linked to nobody. Both are compared sign by sign."""
    statement = (
        select(User)
        .join(Identity, col(Identity.user_id) == col(User.id))
        .where(col(Identity.issuer) == issuer, col(Identity.subject) == subject)
    )
    row = session.execute(statement).scalar_one_or_none()
    return None if row is None else Known(key(row.id), row.login, row.is_active)


def of_user(session: Session, user_id: int) -> Sequence[Identity]:
    """The identities linked to a user, by issuer."""
    statement = select(Identity).where(col(Identity.user_id) == user_id).order_by(col(Identity.issuer))
    return session.execute(statement).scalars().all()
