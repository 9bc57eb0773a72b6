"""Organisations, users, keys, and who the caller is."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs, signing
from app.domain.access import GRANTS, May
from app.queries import people as found
from app.queries.people import KeyLine, UserLine
from app.schemas.people import (
    KeyCreate,
    KeyCreated,
    KeyList,
    KeyRead,
    MeRead,
    OrganisationChange,
    OrganisationCreate,
    OrganisationPage,
    OrganisationRead,
    PageQuery,
    UserChange,
    UserCreate,
    UserPage,
    UserRead,
    UserWithPassword,
)
from app.services import people
from app.tables.organisations import Organisation

router = APIRouter(tags=["people"], route_class=Route)


@router.get("/me", response_model=MeRead, openapi_extra=needs(May.READ))
async def read_me(ask: Ask) -> Response:
    """Who the key belongs to, and what its role may do."""
    me = ask.actor
    return await ask.read(
        lambda _: MeRead(
            role=me.role,
            organisation=me.organisation,
            login=me.user,
            expires_at=me.expires_at,
            may=sorted(GRANTS[me.role]),
        )
    )


@router.get("/organisations", response_model=OrganisationPage, openapi_extra=needs(May.READ))
async def list_organisations(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Every organisation, by code."""
    return await ask.read(lambda session: _page(session, ask, query))


@router.get("/organisations/{code}", response_model=OrganisationRead, openapi_extra=needs(May.READ))
async def read_organisation(ask: Ask, code: str) -> Response:
    """One organisation."""
    return await ask.read(lambda session: _organisation(found.organisation(session, code)))


@router.post(
    "/organisations", response_model=OrganisationRead, status_code=201, openapi_extra=needs(May.MANAGE_PEOPLE)
)
async def create_organisation(ask: Ask, change: OrganisationCreate) -> Response:
    """Adds an organisation."""
    return await ask.change(
        lambda session: _organisation(people.create_organisation(session, ask.actor, change)),
        status=201,
        location=f"{ask.url.path}/{change.code}",
    )


@router.patch(
    "/organisations/{code}", response_model=OrganisationRead, openapi_extra=needs(May.MANAGE_PEOPLE)
)
async def change_organisation(ask: Ask, code: str, change: OrganisationChange) -> Response:
    """Changes the fields that are sent."""
    return await ask.change(
        lambda session: _organisation(
            people.change_organisation(session, ask.actor, code, change, ask.expected)
        )
    )


@router.get("/users", response_model=UserPage, openapi_extra=needs(May.MANAGE_PEOPLE))
async def list_users(ask: Ask, query: Annotated[PageQuery, Query()]) -> Response:
    """Every user, by login."""
    return await ask.read(lambda session: _users(session, ask, query))


@router.post(
    "/users", response_model=UserWithPassword, status_code=201, openapi_extra=needs(May.MANAGE_PEOPLE)
)
async def create_user(ask: Ask, change: UserCreate) -> Response:
    """Adds a user who signs in with a browser. The password is made here and shown in this answer only."""
    password, hashed = await signing.new_password()

    def work(session: Session) -> UserWithPassword:
        people.create_user(session, ask.actor, change, hashed)
        return _with_password(session, change.login, password)

    return await ask.change(work, status=201, location=f"{ask.url.path}/{change.login}", secret="password")


@router.patch("/users/{login}", response_model=UserRead, openapi_extra=needs(May.MANAGE_PEOPLE))
async def change_user(ask: Ask, login: str, change: UserChange) -> Response:
    """Changes the name, or switches the user off (signed out everywhere at once, no key is good) or on again."""

    def work(session: Session) -> UserRead:
        people.change_user(session, ask.actor, login, change, ask.now)
        return _user(found.user_line(session, login))

    return await ask.change(work)


@router.post(
    "/users/{login}/password", response_model=UserWithPassword, openapi_extra=needs(May.MANAGE_PEOPLE)
)
async def renew_password(ask: Ask, login: str) -> Response:
    """Gives a user a new password, shown in this answer only, and signs every browser of theirs out."""
    password, hashed = await signing.new_password()

    def work(session: Session) -> UserWithPassword:
        people.set_password(session, ask.actor, login, hashed, ask.now)
        return _with_password(session, login, password)

    return await ask.change(work, secret="password")


@router.get("/keys", response_model=KeyList, openapi_extra=needs(May.MANAGE_PEOPLE))
async def list_keys(ask: Ask) -> Response:
    """Every key by its beginning, whose it is, and when it was last used (written down within seconds)."""
    return await ask.read(
        lambda session: KeyList(items=[line(k) for k in found.keys(session)]), journaled=False
    )


@router.post("/keys", response_model=KeyCreated, status_code=201, openapi_extra=needs(May.MANAGE_PEOPLE))
async def create_key(ask: Ask, change: KeyCreate) -> Response:
    """Makes a key. It is shown in this answer and never again."""

    def work(session: Session) -> KeyCreated:
        secret, made = people.create_key(session, ask.actor, change, ask.now)
        return KeyCreated(**line(made).model_dump(), key=secret)

    return await ask.change(work, status=201, secret="key")


@router.post("/keys/{prefix}/revocation", response_model=KeyRead, openapi_extra=needs(May.MANAGE_PEOPLE))
async def revoke_key(ask: Ask, prefix: str) -> Response:
    """Makes a key useless at once."""

    def work(session: Session) -> KeyRead:
        people.revoke_key(session, ask.actor, prefix, ask.now)
        return line(found.key(session, prefix))

    return await ask.change(work)


def _page(session: Session, ask: Ask, query: PageQuery) -> OrganisationPage:
    limit = ask.limit(query.limit)
    rows = found.organisations(session, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.code))
    return OrganisationPage(items=[_organisation(row) for row in shown], next=following)


def _organisation(row: Organisation) -> OrganisationRead:
    return OrganisationRead.model_validate(row, from_attributes=True)


def _users(session: Session, ask: Ask, query: PageQuery) -> UserPage:
    limit = ask.limit(query.limit)
    rows = found.users(session, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, lambda row: str(row.user.login))
    return UserPage(items=[_user(row) for row in shown], next=following)


def _user(row: UserLine) -> UserRead:
    return UserRead(
        **row.user.model_dump(include={"login", "name", "role", "is_active"}),
        organisation=row.organisation.code,
        signs_in=row.user.password_hash is not None,
    )


def _with_password(session: Session, login: str, password: str) -> UserWithPassword:
    return UserWithPassword(**_user(found.user_line(session, login)).model_dump(), password=password)


def line(made: KeyLine) -> KeyRead:
    """A key as those see it who manage it; the key itself is not kept anywhere."""
    kept = {"prefix", "purpose", "label", "created_at", "expires_at", "revoked_at"}
    return KeyRead(
        **made.key.model_dump(include=kept),
        organisation=made.organisation.code,
        role=made.user.role,
        login=made.user.login,
        last_used_at=made.last_used_at,
    )
