"""Organisations, users and keys. A key is shown once, when it is made; only its hash is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, Role, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, KeyPurpose, OrganisationKind, UnitLevel
from app.queries import people
from app.schemas.people import (
    KeyCreate,
    LinkCreate,
    OrganisationChange,
    OrganisationCreate,
    UserChange,
    UserCreate,
)
from app.services import edits, journal, sessions
from app.tables.base import key
from app.tables.organisations import ApiKey, Organisation, User

# Which roles the users of an organisation may have: a key of an investor never speaks for the department.
ROLES: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.DEPARTMENT: frozenset({Role.DEPARTMENT, Role.ADMIN}),
    OrganisationKind.INVESTOR: frozenset({Role.INVESTOR}),
    OrganisationKind.GRID_COMPANY: frozenset({Role.EVN_SPC}),
    OrganisationKind.DISTRICT_AUTHORITY: frozenset({Role.DISTRICT}),
}


def create_organisation(session: Session, actor: Actor, change: OrganisationCreate) -> Organisation:
    """Adds an organisation. Conflict where its code is taken, Invalid where its district is none."""
    require(actor, May.MANAGE_PEOPLE)
    try:
        people.organisation(session, change.code)
    except NotFound:
        values = _values(session, change.model_dump())
        row = Organisation(**values, revision=journal.number(session, actor))
        session.add(row)
        session.flush()
        after = journal.described(row)
        journal.record(session, actor, Fact.ORGANISATION_CREATED, "organisation", row.code, after=after)
        return row
    raise Conflict(Problem.TAKEN, field="code", code=change.code)


def change_organisation(
    session: Session, actor: Actor, code: str, change: OrganisationChange, expected: int | None
) -> Organisation:
    """Changes the fields that were sent. Stale where it has changed since, Invalid where its district is none."""
    require(actor, May.MANAGE_PEOPLE)
    row = people.organisation(session, code)
    edits.check_version(expected, row.revision)
    before, after = edits.apply(row, _values(session, edits.sent(change, required=("name",))))
    if after:
        row.revision = journal.record(
            session, actor, Fact.ORGANISATION_CHANGED, "organisation", code, before=before, after=after
        )
    return row


def _values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns, the district checked."""
    values = dict(values)
    if "district" in values:
        district = values.pop("district")
        if district is not None and edits.unit(session, district, UnitLevel.DISTRICT) is None:
            raise Invalid(Problem.UNKNOWN_DISTRICT, field="district", code=district)
        values["district_code"] = district
    return values


def create_key(
    session: Session, actor: Actor, change: KeyCreate, now: datetime
) -> tuple[str, people.KeyLine]:
    """Makes a key for a user, and the user where new. Returns the key, this once, and what is kept of it."""
    require(actor, May.MANAGE_PEOPLE)
    organisation = _organisation(session, change.organisation, change.role)
    user = _user(session, actor, organisation, change)
    return _made(session, actor, user, organisation, KeyPurpose.API, change, now)


def create_user(session: Session, actor: Actor, change: UserCreate, password_hash: str | None) -> User:
    """Adds a user, with the hash of a password where it may sign in with a browser. Conflict where its login is taken."""
    require(actor, May.MANAGE_PEOPLE)
    organisation = _organisation(session, change.organisation, change.role)
    if people.user(session, change.login) is not None:
        raise Conflict(Problem.TAKEN, field="login", login=change.login)
    user = _added(session, actor, organisation, change.login, change.role, change.name)
    if password_hash is not None:
        _set_password(session, actor, user, password_hash)
    return user


def change_user(session: Session, actor: Actor, login: str, change: UserChange, now: datetime) -> User:
    """Changes the name, or switches a user off or on again; who is switched off is signed out everywhere, and none of
    their keys is good any more. NotFound where there is no such user, Conflict where somebody would switch themselves
    off: nobody might be left to switch them on again."""
    require(actor, May.MANAGE_PEOPLE)
    user = _named(session, login)
    if change.is_active is False and actor.user_id == user.id:
        raise Conflict(Problem.OWN_ACCOUNT, field="is_active", login=login)
    before, after = edits.apply(user, edits.sent(change, required=("is_active",)))
    if after:
        journal.record(session, actor, Fact.USER_CHANGED, "user", login, before=before, after=after)
    if not user.is_active:
        sessions.end_all(session, key(user.id), now)
    return user


def set_password(session: Session, actor: Actor, login: str, password_hash: str, now: datetime) -> None:
    """Sets the password of a user (one's own, or by those who manage people) and signs every browser of theirs out."""
    if actor.user != login or actor.user_id is None:
        require(actor, May.MANAGE_PEOPLE)
    user = _named(session, login)
    _set_password(session, actor, user, password_hash)
    sessions.end_all(session, key(user.id), now)


def sign_out(session: Session, actor: Actor, login: str, now: datetime) -> None:
    """Signs every browser of a user out. NotFound where there is no such user."""
    require(actor, May.MANAGE_PEOPLE)
    sessions.end_all(session, key(_named(session, login).id), now)


def _set_password(session: Session, actor: Actor, user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    # The journal says that it was set, and nothing of what it is.
    journal.record(session, actor, Fact.PASSWORD_SET, "user", user.login, after={"password": "changed"})


def _named(session: Session, login: str) -> User:
    user = people.user(session, login)
    if user is None:
        raise NotFound(Problem.UNKNOWN_USER, login=login)
    return user


def create_link(
    session: Session, actor: Actor, change: LinkCreate, now: datetime
) -> tuple[str, people.KeyLine]:
    """Makes an address of the calendar for the actor's own user: a key that is good for that one act. Returns its
    secret, this once, and what is kept of it."""
    require(actor, May.READ_DETAIL)
    user = session.get_one(User, actor.user_id)
    organisation = session.get_one(Organisation, user.organisation_id)
    return _made(session, actor, user, organisation, KeyPurpose.CALENDAR, change, now)


def revoke_key(session: Session, actor: Actor, prefix: str, now: datetime) -> None:
    """Makes a key useless at once, in every process. Revoking it again changes nothing."""
    require(actor, May.MANAGE_PEOPLE)
    _revoke(session, actor, people.key(session, prefix).key, now)


def revoke_link(session: Session, actor: Actor, prefix: str, now: datetime) -> None:
    """Makes an address of the calendar useless at once. NotFound where it is of another organisation, except to those
    who manage people, or where it is no such address."""
    require(actor, May.READ_DETAIL)
    line = people.key(session, prefix)
    others = actor.may(May.MANAGE_PEOPLE) and line.key.purpose == KeyPurpose.CALENDAR
    if not others and not people.is_link_of(line, actor):
        raise NotFound(Problem.NOT_FOUND, subject="key", prefix=prefix)
    _revoke(session, actor, line.key, now)


def _made(
    session: Session,
    actor: Actor,
    user: User,
    organisation: Organisation,
    purpose: KeyPurpose,
    change: KeyCreate | LinkCreate,
    now: datetime,
) -> tuple[str, people.KeyLine]:
    secret = f"trk_{secrets.token_urlsafe(32)}"
    row = ApiKey(
        user_id=key(user.id),
        prefix=secret[:12],
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        label=change.label,
        purpose=purpose,
        created_at=now,
        expires_at=now + timedelta(days=change.days),
    )
    session.add(row)
    session.flush()
    after = {"prefix": row.prefix, "purpose": purpose, "login": user.login, "role": user.role, "expires_at": row.expires_at}  # fmt: skip
    journal.record(session, actor, Fact.KEY_CREATED, "key", row.prefix, after=after)
    return secret, people.KeyLine(row, user, organisation, None)


def _revoke(session: Session, actor: Actor, row: ApiKey, now: datetime) -> None:
    if row.revoked_at is not None:
        return
    row.revoked_at = now
    session.add(row)
    before, after = {"revoked_at": None}, {"revoked_at": now}
    journal.record(session, actor, Fact.KEY_REVOKED, "key", row.prefix, before=before, after=after)


def _user(session: Session, actor: Actor, organisation: Organisation, change: KeyCreate) -> User:
    user = people.user(session, change.login)
    if user is None:
        user = _added(session, actor, organisation, change.login, change.role)
    elif (user.organisation_id, user.role) != (organisation.id, change.role):
        raise Conflict(Problem.TAKEN, field="login", login=change.login)
    return user


def _organisation(session: Session, code: str, role: Role) -> Organisation:
    """The organisation of a user. Invalid where there is none, or none whose users may have the role."""
    try:
        organisation = people.organisation(session, code)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_ORGANISATION, field="organisation", code=code) from error
    if role not in ROLES[organisation.kind]:
        raise Invalid(Problem.NOT_A_WORD, field="role", allowed=sorted(ROLES[organisation.kind]))
    return organisation


def _added(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    login: str,
    role: Role,
    name: str | None = None,
) -> User:
    user = User(organisation_id=key(organisation.id), login=login, role=role, name=name)
    session.add(user)
    session.flush()
    after: dict[str, object] = {"login": user.login, "role": user.role, "organisation": organisation.code}
    if name is not None:
        after["name"] = name
    journal.record(session, actor, Fact.USER_CREATED, "user", user.login, after=after)
    return user
