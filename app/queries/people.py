"""Organisations, users and keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import KeyPurpose
from app.queries.prepared import Prepared
from app.tables.base import table
from app.tables.organisations import ApiKey, Organisation, User
from app.tables.requests import KeyUse

_KEY, _USER, _ORGANISATION = table(ApiKey), table(User), table(Organisation)
# What a key is good for where it is not good for all that its user may do.
ONLY = {KeyPurpose.API: None, KeyPurpose.CALENDAR: May.READ_CALENDAR}
# Asked anew after each revision, which may have revoked the key.
_ACTOR = Prepared(
    select(
        _USER.c.role,
        _ORGANISATION.c.id.label("organisation_id"),
        _ORGANISATION.c.code.label("organisation"),
        _USER.c.id.label("user_id"),
        _USER.c.login.label("user"),
        _KEY.c.id.label("key_id"),
        _KEY.c.expires_at,
        _KEY.c.purpose,
    )
    .join(_USER, _USER.c.id == _KEY.c.user_id)
    .join(_ORGANISATION, _ORGANISATION.c.id == _USER.c.organisation_id)
    .where(_KEY.c.digest == bindparam("digest"), _KEY.c.revoked_at.is_(None), _USER.c.is_active)
)


def actor(session: Session, digest: str) -> Actor | None:
    """Who a key of this SHA-256 belongs to; None where there is none, or it is revoked, or its user is not active."""
    row = _ACTOR.first(session, digest=digest)
    if row is None:
        return None
    fields = row._asdict()
    only = ONLY[fields.pop("purpose")]
    return Actor(**fields, only=only)


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
class UserLine:
    """A user with the organisation it is of."""

    user: User
    organisation: Organisation


def users(session: Session, *, after: str | None, limit: int) -> list[UserLine]:
    """Up to `limit` + 1 users by login, after the login `after`."""
    statement = _users().order_by(col(User.login)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(User.login) > after)
    return [UserLine(row[0], row[1]) for row in session.execute(statement)]


def user_line(session: Session, login: str) -> UserLine:
    """One user with the organisation. NotFound where there is none."""
    row = session.execute(_users().where(col(User.login) == login)).one_or_none()
    if row is None:
        raise NotFound(Problem.UNKNOWN_USER, login=login)
    return UserLine(row[0], row[1])


def _users() -> Select[User, Organisation]:
    return select(User, Organisation).join(Organisation, col(Organisation.id) == col(User.organisation_id))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with whose it is and when it was last used. The key itself is not kept anywhere."""

    key: ApiKey
    user: User
    organisation: Organisation
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many organisations there are, users who are active, and keys that are good."""

    organisations: int
    users: int
    keys: int


def counts(session: Session, now: datetime) -> Counts:
    """How many take part."""
    good = col(ApiKey.revoked_at).is_(None) & (col(ApiKey.expires_at) > now)
    asked = (
        select(func.count()).select_from(Organisation),
        select(func.count()).select_from(User).where(col(User.is_active)),
        select(func.count()).select_from(ApiKey).join(User, col(User.id) == col(ApiKey.user_id)).where(good, col(User.is_active)),
    )  # fmt: skip
    return Counts(*(session.execute(statement).scalar_one() for statement in asked))


def keys(session: Session, *, before: int | None = None, limit: int | None = None) -> list[KeyLine]:
    """Every key, newest first; where `limit` is given up to `limit` + 1 of them, older than the one of the id `before`."""
    statement = (
        select(ApiKey, User, Organisation, col(KeyUse.last_used_at))
        .join(User, col(User.id) == col(ApiKey.user_id))
        .join(Organisation, col(Organisation.id) == col(User.organisation_id))
        .outerjoin(KeyUse, col(KeyUse.key_id) == col(ApiKey.id))
        .order_by(col(ApiKey.id).desc())
    )
    if before is not None:
        statement = statement.where(col(ApiKey.id) < before)
    if limit is not None:
        statement = statement.limit(limit + 1)
    return [KeyLine(*row) for row in session.execute(statement)]


def links(session: Session, actor: Actor) -> list[KeyLine]:
    """The addresses of the calendar of the actor's own organisation, newest first."""
    return [line for line in keys(session) if is_link_of(line, actor)]


def is_link_of(line: KeyLine, actor: Actor) -> bool:
    """Whether a key is the address of the calendar of the actor's own organisation."""
    return line.key.purpose == KeyPurpose.CALENDAR and line.organisation.id == actor.organisation_id


def key(session: Session, prefix: str) -> KeyLine:
    """One key by its shown beginning. NotFound where there is none."""
    found = next((line for line in keys(session) if line.key.prefix == prefix), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="key", prefix=prefix)
    return found
