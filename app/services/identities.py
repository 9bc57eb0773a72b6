"""Linking a user to an identity of another service. It opens the account as a password does, so the journal says that it
happened and for which issuer, and nothing of whom the issuer means."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.domain.signing import is_subject
from app.domain.vocabulary import Fact
from app.queries import identities, people
from app.services import journal, sessions
from app.tables.base import key
from app.tables.identities import Identity
from app.tables.organisations import User


def link(session: Session, actor: Actor, login: str, issuer: str, subject: str, now: datetime) -> None:
    """Lets a user sign in as `subject` of `issuer`, in the place of the one before, whose browsers are signed out.

    NotFound where there is no such user, Invalid for what is no subject, Conflict where it is another user's.
    """
    require(actor, May.MANAGE_PEOPLE)
    user = _named(session, login)
    if not is_subject(subject):
        raise Invalid(Problem.SHAPE, field="subject")
    other = identities.known(session, issuer, subject)
    if other is not None:
        if other.user_id != user.id:
            raise Conflict(Problem.TAKEN, field="subject")
        return
    if _drop(session, user, issuer):
        sessions.end_all(session, key(user.id), now)
    session.add(Identity(user_id=key(user.id), issuer=issuer, subject=subject, linked_at=now))
    session.flush()
    journal.record(session, actor, Fact.USER_LINKED, "user", login, after=_said(issuer))


def unlink(session: Session, actor: Actor, login: str, issuer: str, now: datetime) -> None:
    """Takes the identity back and signs every browser of the user out. NotFound where there is no such user or link."""
    require(actor, May.MANAGE_PEOPLE)
    user = _named(session, login)
    if not _drop(session, user, issuer):
        raise NotFound(Problem.NOT_FOUND, subject="identity")
    sessions.end_all(session, key(user.id), now)
    journal.record(session, actor, Fact.USER_UNLINKED, "user", login, before=_said(issuer))


def _drop(session: Session, user: User, issuer: str) -> bool:
    """Removes the identity of a user at an issuer; whether there was one."""
    held = [row for row in identities.of_user(session, key(user.id)) if row.issuer == issuer]
    for row in held:
        session.delete(row)
    session.flush()
    return bool(held)


def _said(issuer: str) -> dict[str, str]:
    return {"identity": "changed", "identity_issuer": issuer}


def _named(session: Session, login: str) -> User:
    user = people.user(session, login)
    if user is None:
        raise NotFound(Problem.UNKNOWN_USER, login=login)
    return user
