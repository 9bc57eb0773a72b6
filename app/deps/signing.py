"""Browsers: the token that says a form is ours, and signing in and out. Who comes with a cookie says `people`."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.db import Session, Stamp
from app.deps.asking import Ask
from app.deps.people import COOKIE, DOOR, cookie
from app.domain import signing
from app.domain.addresses import line
from app.domain.errors import Forbidden, Unauthenticated
from app.domain.problems import Problem
from app.queries import sessions as found
from app.services import sessions

Result = TypeVar("Result")
# A line of some hundred towers is one form.
MOST_FIELDS = 20_000
NONCE_BYTES = 8
# 32 signs, 5 bits each: sixteen of them are 80 bits.
_CLEAR = "abcdefghjkmnpqrstuvwxyz123456789"
# A hash takes 64 MiB and a core for a moment: however many sign in at once, so many are computed at a time.
_HASHING = CapacityLimiter(2)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


def hashed(password: str) -> str:
    """A password as it is kept: Argon2id."""
    return _hasher().hash(signing.normal(password))


def made_password() -> str:
    """A password nobody chose, easy to read aloud: no letter or digit looks like another."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")


def blank(ask: Ask) -> str:
    """What stands in a page for the token of its forms, until everything else of the page is known (`sealed`)."""
    return _keyed(ask, "blank")


def sealed(ask: Ask, text: str) -> str:
    """A page with its token, which a form of this session carries. A page elsewhere can send a form here, but cannot know it.

    The token hangs on the session and on everything else that the page says. So the same page is the same again, and a
    browser that holds it is told so; and where anything is different, were it a letter of what an address makes the page
    repeat, it is wholly another token: from how well pages compress nobody can learn it part by part (BREACH).
    """
    nonce = _keyed(ask, f"page:{ask.browser}:{text}")[: 2 * NONCE_BYTES]
    return text.replace(blank(ask), nonce + _mark(ask, nonce))


def _is_ours(ask: Ask, given: str) -> bool:
    nonce, mark = given[: 2 * NONCE_BYTES], given[2 * NONCE_BYTES :]
    return hmac.compare_digest(mark.encode(), _mark(ask, nonce).encode())


def _mark(ask: Ask, nonce: str) -> str:
    return _keyed(ask, f"form:{nonce}:{ask.browser}")


def _keyed(ask: Ask, text: str) -> str:
    secret = ask.tracker.settings.secret.get_secret_value()
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


async def refuse_forged(ask: Ask) -> None:
    """Raises Forbidden unless a form comes from a page of this service and, where somebody is signed in, of their session.

    Who signs in proves who they are by the password and not by a cookie, so the door asks for no token.
    """
    if comes_from_here(ask) is False:
        raise Forbidden(Problem.FORGED)
    if ask.browser is not None and ask.url.path != DOOR:
        form = await ask.form(max_fields=MOST_FIELDS)
        if not _is_ours(ask, str(form.get("token", ""))):
            raise Forbidden(Problem.FORGED)


def comes_from_here(request: Request) -> bool | None:
    """Whether the browser says that a form was sent from a page of this service; None where it says nothing.

    A page elsewhere can hide its own address (`Origin: null`), which is no proof of anything.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "none"):
        return site == "same-origin"
    return None if origin is None else urlsplit(origin).netloc == request.headers.get("host")


async def sign_in(ask: Ask, login: str, password: str) -> str:
    """Begins a session, which is the caller's from here on, ends the one before, and returns what the cookie holds.

    Raises what `check` raises.
    """
    return await begin(ask, await check(ask, login, password))


async def begin(ask: Ask, user_id: int) -> str:
    """The same for a user who has shown who they are."""
    hours, before = ask.tracker.settings.session_hours, cookie(ask)

    def work(session: Session) -> str:
        if before is not None:
            sessions.end(session, before, ask.now)
        return sessions.begin(session, user_id, ask.now, hours)

    value = await _change(ask, work)
    digest = sessions.digest(value)
    actor = await ask.tracker.db.read(lambda session: found.actor(session, digest, ask.now))
    if actor is None:
        raise Unauthenticated(Problem.SIGN_IN_REFUSED)  # Switched off between the password and the session.
    ask.actor, ask.browser = actor, digest
    return value


async def check(ask: Ask, login: str, password: str) -> int:
    """The id of the user with this login and password.

    Raises Unauthenticated for a wrong pair (the same for a login that nobody has, after the same work), and for a
    login or an address that has failed too often. The hash is computed in a thread, outside of any transaction.
    """
    address = sessions.digest(line(ask.client.host) if ask.client else "")
    login = signing.normal_login(login)
    attempt_id = await _change(ask, lambda session: sessions.attempt(session, login, address, ask.now))
    known = await ask.tracker.db.read(lambda session: found.account(session, login))
    kept = None if known is None else known.password_hash
    is_right = await to_thread.run_sync(_is_right, password, kept, limiter=_HASHING)
    if known is None or not is_right:
        raise Unauthenticated(Problem.SIGN_IN_REFUSED)
    await _change(ask, lambda session: sessions.succeed(session, attempt_id))
    return known.user_id


def _is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one that is kept. Where none is, the same work says no."""
    normal = signing.normal(password)
    is_same = _hasher().verify(normal[: signing.LONGEST_PASSWORD], kept or _nobodys())
    return is_same and kept is not None and len(normal) <= signing.LONGEST_PASSWORD


async def hashed_in_thread(password: str) -> str:
    """The same as `hashed`, without holding the others up."""
    return await to_thread.run_sync(hashed, password, limiter=_HASHING)


async def new_password() -> tuple[str, str]:
    """A password nobody chose, and how it is kept."""
    password = made_password()
    return password, await hashed_in_thread(password)


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


def forget(response: Response, ask: Ask) -> None:
    """Takes the cookie back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=ask.url.scheme == "https")
