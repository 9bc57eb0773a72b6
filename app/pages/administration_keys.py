"""`/administration/keys`: the keys that programs come with, made (and shown once) and revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.pages import forms, sending
from app.pages.administration import HOME, PAGE_ROWS, ListQuery
from app.pages.administration_users import told_once
from app.pages.forms import Sent
from app.pages.rendering import Frame, frame
from app.pages.words import Administration
from app.queries import people as found
from app.queries.people import KeyLine, UserLine
from app.schemas.people import KeyCreate
from app.services import people

router = APIRouter(tags=["pages"], route_class=Route)
KEYS = f"{HOME}/keys"
FRESH = {"days": "365"}


@dataclass(frozen=True, slots=True)
class KeysPage:
    """`now` tells the keys that have expired; `users` are those a key may be made for."""

    frame: Frame
    sent: Sent
    rows: list[KeyLine]
    following: str | None
    users: list[tuple[str, str]]
    now: datetime


@router.get("/administration/keys", openapi_extra=needs(May.MANAGE_PEOPLE))
async def show_keys(ask: Ask, query: Annotated[ListQuery, Query()]) -> Response:
    """Every key, newest first, and the form to make one."""
    return await _shown(ask, Sent(FRESH), 200, query.cursor)


@router.post("/administration/keys", openapi_extra=needs(May.MANAGE_PEOPLE))
async def make_key(ask: Ask) -> Response:
    """Makes a key for a user and shows it, this once."""
    values = forms.texts(await ask.form())
    try:
        owner = await ask.tracker.db.read(lambda session: _owner(session, values.get("login", "")))
        change, sent = forms.understood(KeyCreate, {**values, **owner}, readings={"days": forms.NUMBER})
        if change is None:
            return await _shown(ask, sent, 422)
        secret, _ = await ask.tracker.db.change(
            lambda session: people.create_key(session, ask.actor, change, ask.now),
            Stamp(ask.now, ask.state.request_id),
        )
    except (Conflict, Invalid) as error:
        return await _shown(ask, forms.refused(values, error, KeyCreate.model_fields), 422)
    return told_once(ask, Administration.KEYS, change.login, secret, KEYS)


@router.post("/administration/keys/{prefix}", openapi_extra=needs(May.MANAGE_PEOPLE))
async def revoke_key(ask: Ask, prefix: str) -> Response:
    """Makes a key useless at once."""
    await ask.tracker.db.change(
        lambda session: people.revoke_key(session, ask.actor, prefix, ask.now),
        Stamp(ask.now, ask.state.request_id),
    )
    return RedirectResponse(frame(ask).to(KEYS, said="saved"), 303)


def _owner(session: Session, login: str) -> Mapping[str, str]:
    """Whose key it will be, as the form of a key says it; nothing where nobody is chosen."""
    if not login:
        return {}
    try:
        line = found.user_line(session, login)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_USER, field="login", login=login) from error
    return {"organisation": line.organisation.code, "role": line.user.role.value}


async def _shown(ask: Ask, sent: Sent, status: int, cursor: str | None = None) -> Response:
    return await sending.shown(ask, "keys.html", lambda s, sent, _: _keys(s, ask, sent, cursor), sent, status)


def _keys(session: Session, ask: Ask, sent: Sent, cursor: str | None) -> KeysPage:
    after = ask.after(cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    rows = found.keys(session, before=None if after is None else int(after), limit=PAGE_ROWS)
    shown, following = ask.page(rows, PAGE_ROWS, lambda row: str(row.key.id))
    users = found.users(session, after=None, limit=500)
    known = [(line.user.login, _titled(line)) for line in users if line.user.is_active]
    return KeysPage(frame(ask), sent, shown, following, known, ask.now)


def _titled(line: UserLine) -> str:
    return f"{line.user.login} · {line.organisation.name}"
