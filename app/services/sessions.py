"""Signing browsers in and out. Nothing of it is a change of the world, so none of it makes a revision."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import signing
from app.domain.errors import Unauthenticated
from app.domain.problems import Problem
from app.queries import sessions
from app.tables.base import key
from app.tables.sessions import BrowserSession, SignInFailure


def digest(token: str) -> str:
    """What is kept of a cookie, or of an address."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, user_id: int, now: datetime, hours: int) -> str:
    """Signs a browser of a user in for so many hours. Returns what its cookie holds, this once."""
    token = secrets.token_urlsafe(32)
    row = BrowserSession(
        digest=digest(token), user_id=user_id, created_at=now, expires_at=now + timedelta(hours=hours)
    )
    session.add(row)
    return token


def end(session: Session, token: str, now: datetime) -> None:
    """Signs one browser out, in every process at once."""
    _revoke(session, col(BrowserSession.digest) == digest(token), now)


def end_all(session: Session, user_id: int, now: datetime) -> None:
    """Signs every browser of a user out."""
    _revoke(session, col(BrowserSession.user_id) == user_id, now)


def attempt(session: Session, login: str, address: str, now: datetime) -> int:
    """Writes an attempt to sign in down as failed, before the password is looked at: of many at the same time, in
    however many processes, no more are taken than of many in a row. `address` is a digest. Returns the attempt's id.

    Raises Unauthenticated for a login or an address that has failed too often.
    """
    opens_at = signing.opens_at(*sessions.failures(session, login, address, now), now)
    if opens_at is not None:
        raise Unauthenticated(Problem.SIGN_IN_CLOSED, opens_at=opens_at)
    row = SignInFailure(login=login, address=address, at=now)
    session.add(row)
    session.flush()
    return key(row.id)


def succeed(session: Session, attempt_id: int) -> None:
    """Takes an attempt out of those that failed."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.id) == attempt_id))


def forget(session: Session, now: datetime) -> None:
    """Drops what nobody will ask for again: failures outside the window, and sessions that are long over."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= now - signing.WINDOW))
    session.execute(delete(BrowserSession).where(col(BrowserSession.expires_at) <= now - timedelta(days=30)))


def _revoke(session: Session, which: object, now: datetime) -> None:
    session.execute(
        update(BrowserSession)
        .where(which, col(BrowserSession.revoked_at).is_(None))  # type: ignore[arg-type]
        .values(revoked_at=now)
    )
