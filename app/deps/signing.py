"""Browsers: the token that says a form is ours, and signing in and out. Who comes with a cookie says `people`."""

import hashlib
import hmac
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.db import Session, Stamp
from app.deps.asking import Ask
from app.deps.people import COOKIE, cookie
from app.domain import signing
from app.domain.errors import Forbidden, Unauthenticated
from app.domain.problems import Problem
from app.queries import sessions as found
from app.services import sessions

Result = TypeVar("Result")
# A line of some hundred towers is one form.
MOST_FIELDS = 20_000


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


def hashed(password: str) -> str:
    """A password as it is kept: Argon2id."""
    return _hasher().hash(password)


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")


def token(ask: Ask) -> str:
    """What a form of this session carries. A page elsewhere can send a form here, but cannot know it."""
    secret = ask.tracker.settings.secret.get_secret_value()
    return hmac.new(secret.encode(), f"form:{ask.browser}".encode(), hashlib.sha256).hexdigest()


async def refuse_forged(ask: Ask) -> None:
    """Raises Forbidden unless a form comes from a page of this service and, where somebody is signed in, of their session."""
    site, origin = ask.headers.get("sec-fetch-site"), ask.headers.get("origin")
    foreign = site not in (None, "same-origin", "none")
    elsewhere = origin not in (None, "null") and urlsplit(origin or "").netloc != ask.headers.get("host")
    if foreign or elsewhere:
        raise Forbidden(Problem.FORGED)
    if ask.browser is not None:
        form = await ask.form(max_fields=MOST_FIELDS)
        if not hmac.compare_digest(str(form.get("token", "")), token(ask)):
            raise Forbidden(Problem.FORGED)


async def sign_in(ask: Ask, login: str, password: str) -> str:
    """Begins a session and returns what its cookie holds. Raises what `check` raises."""
    user_id = await check(ask, login, password)
    hours = ask.tracker.settings.session_hours
    return await _change(ask, lambda session: sessions.begin(session, user_id, ask.now, hours))


async def check(ask: Ask, login: str, password: str) -> int:
    """The id of the user with this login and password.

    Raises Unauthenticated for a wrong pair (the same for a login that nobody has, after the same work), and for a
    login or an address that has failed too often. The hash is computed in a thread, outside of any transaction.
    """
    login, address = login.strip().lower(), sessions.digest(ask.client.host if ask.client else "")
    known, failed = await ask.tracker.db.read(
        lambda s: (found.account(s, login), found.failures(s, login, address, ask.now))
    )
    opens_at = signing.opens_at(*failed, ask.now)
    if opens_at is not None:
        raise Unauthenticated(Problem.SIGN_IN_CLOSED, opens_at=opens_at)
    kept = _nobodys() if known is None else known.password_hash
    is_right = await to_thread.run_sync(_hasher().verify, password[: signing.LONGEST_PASSWORD], kept)
    if known is None or not is_right:
        await _change(ask, lambda session: sessions.note_failure(session, login, address, ask.now))
        raise Unauthenticated(Problem.SIGN_IN_REFUSED)
    return known.user_id


async def hashed_in_thread(password: str) -> str:
    """The same as `hashed`, without holding the others up."""
    return await to_thread.run_sync(hashed, password)


async def _change(ask: Ask, fn: Callable[[Session], Result]) -> Result:
    return await ask.tracker.db.change(fn, Stamp(ask.now, ask.state.request_id))


async def sign_out(ask: Ask) -> None:
    """Ends the session of this browser."""
    given = cookie(ask)
    if given is not None:
        await _change(ask, lambda session: sessions.end(session, given, ask.now))


def remember(response: Response, ask: Ask, value: str) -> None:
    """Sets the cookie. Scripts cannot read it, other sites cannot send it with a form, and over TLS it stays there."""
    response.set_cookie(
        COOKIE,
        value,
        max_age=ask.tracker.settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=ask.url.scheme == "https",
    )


def forget(response: Response) -> None:
    """Takes the cookie back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
