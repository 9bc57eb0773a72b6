"""`/administration/users`: who signs in with a browser, added, switched off, and given a new password that is shown once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask, Route, needs, signing
from app.domain.access import Actor, May, Role
from app.domain.errors import Conflict, Invalid, TrackerError
from app.domain.problems import Problem
from app.domain.words import Term
from app.pages import forms, sending
from app.pages.administration import HOME, PAGE_ROWS, ListQuery, SaidQuery
from app.pages.forms import Sent
from app.pages.rendering import Frame, frame, page
from app.pages.words import Administration
from app.queries import people as found
from app.queries import sessions
from app.queries.people import UserLine
from app.schemas.people import UserChange, UserCreate
from app.services import people
from app.tables.organisations import Organisation
from app.tables.sessions import BrowserSession

router = APIRouter(tags=["pages"], route_class=Route)
USERS = f"{HOME}/users"
# Roles that a user of an organisation may have; everybody reads, and the command line is nobody.
ROLES = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]


@dataclass(frozen=True, slots=True)
class UsersPage:
    frame: Frame
    sent: Sent
    rows: list[UserLine]
    following: str | None
    organisations: list[Organisation]
    roles: Sequence[Role]


@dataclass(frozen=True, slots=True)
class UserPage:
    """`is_own`: it is the reader's own account."""

    frame: Frame
    sent: Sent
    line: UserLine
    browsers: Sequence[BrowserSession]
    is_own: bool


@dataclass(frozen=True, slots=True)
class SecretPage:
    """A password or a key, this once; `back` is where its owner is kept."""

    frame: Frame
    title: Term
    owner: str
    secret: str
    back: str


@router.get("/administration/users", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_users(ask: Ask, query: Annotated[ListQuery, Query()]) -> Response:
    """Every user, by login, and the form to add one."""
    return await sending.shown(
        ask, "users.html", lambda s, sent, _: _users(s, ask, sent, query.cursor), Sent()
    )


@router.post("/administration/users", openapi_extra=needs(May.MANAGE_PEOPLE))
async def add_user(ask: Ask) -> Response:
    """Adds a user and shows the password, this once."""
    values = forms.texts(await ask.form())
    change, sent = forms.understood(UserCreate, values)
    if change is None:
        return await _again(ask, sent, 422)
    password, hashed = await signing.new_password()
    try:
        await _changed(ask, lambda session: people.create_user(session, ask.actor, change, hashed))
    except (Conflict, Invalid) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return await _again(ask, forms.refused(values, error, UserCreate.model_fields), status)
    return told_once(ask, Administration.USERS, change.login, password, f"{USERS}/{change.login}")


@router.get("/administration/users/{login}", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_user(ask: Ask, login: str, _query: Annotated[SaidQuery, Query()]) -> Response:
    """One user: the name, the browsers that are signed in, and what may be done."""
    return await sending.shown(ask, "user.html", lambda s, sent, _: _user(s, ask, login, sent), Sent())


@router.post("/administration/users/{login}", openapi_extra=needs(May.MANAGE_PEOPLE))
async def change_user(ask: Ask, login: str) -> Response:
    """Changes the name, switches off or on, signs out everywhere, or gives a new password, as `step` says."""
    values = forms.texts(await ask.form())
    if values.get("step") == "password":
        password, hashed = await signing.new_password()
        await _changed(ask, lambda s: people.set_password(s, ask.actor, login, hashed, ask.now))
        return told_once(ask, Administration.NEW_PASSWORD, login, password, f"{USERS}/{login}")
    try:
        await _changed(ask, lambda session: _take(session, ask, login, values))
    except (Conflict, Invalid) as error:
        return await _refused(ask, login, values, error)
    return RedirectResponse(frame(ask).to(ask.url.path, said="saved"), 303)


def told_once(ask: Ask, title: Term, owner: str, secret: str, back: str) -> Response:
    """A page with what is shown once. Nobody keeps it, the browser neither."""
    return page("secret.html", SecretPage(frame(ask), title, owner, secret, back), ask.lang)


def _take(session: Session, ask: Ask, login: str, values: Mapping[str, str]) -> None:
    """What a step of the page does. Raises Invalid for a step that is none."""
    actor: Actor = ask.actor
    changes = {
        "save": UserChange.model_construct({"name"}, name=values.get("name") or None),
        "close": UserChange(is_active=False),
        "open": UserChange(is_active=True),
    }
    step = values.get("step", "")
    if step == "sign-out":
        people.sign_out(session, actor, login, ask.now)
    elif step in changes:
        people.change_user(session, actor, login, changes[step], ask.now)
    else:
        raise Invalid(Problem.NOT_A_WORD, field="step", allowed=sorted(changes))


async def _changed(ask: Ask, change: Callable[[Session], object]) -> None:
    await ask.tracker.db.change(change, Stamp(ask.now, ask.state.request_id))


async def _again(ask: Ask, sent: Sent, status: int) -> Response:
    return await sending.shown(ask, "users.html", lambda s, sent, _: _users(s, ask, sent, None), sent, status)


async def _refused(ask: Ask, login: str, values: Mapping[str, str], error: TrackerError) -> Response:
    sent = forms.refused(values, error, ("name",))
    status = 409 if isinstance(error, Conflict) else 422
    return await sending.shown(ask, "user.html", lambda s, sent, _: _user(s, ask, login, sent), sent, status)


def _users(session: Session, ask: Ask, sent: Sent, cursor: str | None) -> UsersPage:
    rows = found.users(session, after=ask.after(cursor), limit=PAGE_ROWS)
    shown, following = ask.page(rows, PAGE_ROWS, lambda row: str(row.user.login))
    known = found.organisations(session, after=None, limit=500)
    return UsersPage(frame(ask), sent, shown, following, known, ROLES)


def _user(session: Session, ask: Ask, login: str, sent: Sent) -> UserPage:
    line = found.user_line(session, login)
    user_id = line.user.id or 0
    filled = sent if sent.values else Sent({"name": line.user.name or ""})
    browsers = sessions.of_user(session, user_id, ask.now)
    return UserPage(frame(ask), filled, line, browsers, ask.actor.user_id == user_id)
