"""Who a browser belongs to, and how often signing in has failed lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.signing import WINDOW
from app.queries.prepared import Prepared
from app.tables.base import key, table
from app.tables.organisations import Organisation, User
from app.tables.sessions import BrowserSession, SignInFailure

_SESSION, _USER, _ORGANISATION = table(BrowserSession), table(User), table(Organisation)
_ACTOR = Prepared(
    select(
        _USER.c.role,
        _ORGANISATION.c.id.label("organisation_id"),
        _ORGANISATION.c.code.label("organisation"),
        _USER.c.id.label("user_id"),
        _USER.c.login.label("user"),
        _SESSION.c.expires_at,
    )
    .join(_USER, _USER.c.id == _SESSION.c.user_id)
    .join(_ORGANISATION, _ORGANISATION.c.id == _USER.c.organisation_id)
    .where(_SESSION.c.digest == bindparam("digest"), _SESSION.c.revoked_at.is_(None), _USER.c.is_active)
)


def actor(session: Session, digest: str, now: datetime) -> Actor | None:
    """Who a session of this SHA-256 belongs to; None where it is over, revoked or unknown. Asked anew by each request:
    signing out is no revision, and must be known at once by every process."""
    row = _ACTOR.first(session, digest=digest)
    return None if row is None or row.expires_at <= now else Actor(**row._asdict())


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of a user."""

    user_id: int
    login: str
    password_hash: str


def account(session: Session, login: str) -> Account | None:
    """An active user who has a password, or None."""
    statement = select(User).where(col(User.login) == login, col(User.is_active))
    row = session.execute(statement).scalar_one_or_none()
    if row is None or row.password_hash is None:
        return None
    return Account(key(row.id), row.login, row.password_hash)


def failures(
    session: Session, login: str, address: str, now: datetime
) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """When signing in under a login, and from an address, has failed inside the window."""
    recent = select(col(SignInFailure.at)).where(col(SignInFailure.at) > now - WINDOW)
    of_login = session.execute(recent.where(col(SignInFailure.login) == login)).scalars().all()
    of_address = session.execute(recent.where(col(SignInFailure.address) == address)).scalars().all()
    return of_login, of_address


def of_user(session: Session, user_id: int, now: datetime) -> Sequence[BrowserSession]:
    """The browsers of a user that are signed in, newest first."""
    statement = (
        select(BrowserSession)
        .where(
            col(BrowserSession.user_id) == user_id,
            col(BrowserSession.revoked_at).is_(None),
            col(BrowserSession.expires_at) > now,
        )
        .order_by(col(BrowserSession.id).desc())
    )
    return session.execute(statement).scalars().all()
