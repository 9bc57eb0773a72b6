"""Signing a browser in through an OpenID Connect provider. What comes of it is an ordinary session of `signing`.

Between the two steps the browser itself keeps the attempt, in a cookie that is signed, short-lived and sent nowhere else:
an answer counts in the browser that asked for it alone. What the answer says of somebody makes no user; it opens the
account it was linked to beforehand (`services.identities`).
"""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from fastapi import Response

from app.deps import signing
from app.deps.asking import Ask
from app.deps.people import DOOR
from app.domain.errors import Forbidden, NotFound, TrackerError, Unauthenticated
from app.domain.problems import Problem
from app.domain.sign_in_problems import SignInProblem
from app.domain.words import Lang
from app.outside.oidc import Attempt, Provider
from app.queries import identities

START, BACK = f"{DOOR}/oidc", f"{DOOR}/oidc/back"
COOKIE = "tracker_sign_in"
LASTS = timedelta(minutes=10)
# No code is longer; a text of megabytes is not sent on.
LONGEST_CODE = 4_000


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: the attempt, where the reader goes afterwards, and the language they had chosen."""

    attempt: Attempt
    target: str
    lang: str | None


class UnknownIdentity(Forbidden):
    """Nobody here is linked to whom the provider has named: `subject`, which they may tell the administrator."""

    def __init__(self, subject: str) -> None:
        super().__init__(SignInProblem.IDENTITY_UNKNOWN)
        self.subject = subject


def provider(ask: Ask) -> Provider:
    """Where people may sign in too; NotFound where nothing is set."""
    if ask.tracker.provider is None:
        raise NotFound(Problem.NOT_FOUND)
    return ask.tracker.provider


async def start(ask: Ask, target: str) -> tuple[str, str]:
    """Where the browser is sent to sign in, and the cookie it keeps meanwhile. Raises what `Provider.address` raises."""
    back = str(ask.url.replace(path=BACK, query=""))
    attempt = Attempt.new(back)
    address = await provider(ask).address(attempt, ask.tracker.clock.real())
    return address, _written(ask, Begun(attempt, target, ask.query_params.get("lang")))


def begun(ask: Ask) -> Begun | None:
    """The attempt this browser is in the middle of; None where there is none, it is over, or it is not from here."""
    text, _, mark = ask.cookies.get(COOKIE, "").partition(".")
    if not hmac.compare_digest(mark.encode(), _mark(ask, text).encode()):
        return None
    held = json.loads(base64.urlsafe_b64decode(text))
    is_over = not held["until"] - LASTS.total_seconds() <= ask.now.timestamp() < held["until"]
    return None if is_over else Begun(Attempt(**held["attempt"]), held["target"], held["lang"])


async def finish(ask: Ask, of: Begun | None) -> str:
    """Begins the session of whom the provider names, and returns what the cookie holds.

    Raises Forbidden for an answer that nobody here asked for, that refuses, that cannot be verified, or that names nobody
    who may come in; Unavailable where the provider does not answer.
    """
    own, said = provider(ask), ask.query_params
    if of is None or not hmac.compare_digest(said.get("state", "").encode(), of.attempt.state.encode()):
        raise Forbidden(SignInProblem.ATTEMPT_OVER)
    if said.get("iss", own.issuer) != own.issuer:
        raise Forbidden(SignInProblem.PROVIDER_NOT_GOOD)  # RFC 9207: the answer of another one.
    code = said.get("code", "")
    if "error" in said or not 1 <= len(code) <= LONGEST_CODE:
        raise Forbidden(SignInProblem.PROVIDER_REFUSED)
    subject = await own.subject(code, of.attempt, ask.tracker.clock.real())
    known = await ask.tracker.db.read(lambda session: identities.known(session, own.issuer, subject))
    if known is None:
        raise UnknownIdentity(subject)
    if not known.is_active:
        raise Forbidden(SignInProblem.ACCOUNT_CLOSED)
    try:
        return await signing.begin(ask, known.user_id)
    except Unauthenticated as error:
        raise Forbidden(SignInProblem.ACCOUNT_CLOSED) from error


def lang(ask: Ask, of: Begun | None) -> Lang:
    """The language the attempt began in: the provider's answer comes without one."""
    return Lang(of.lang) if of is not None and of.lang in set(Lang) else ask.lang


def status(error: TrackerError) -> int:
    """What the page about a sign-in that failed answers with."""
    return 403 if isinstance(error, Forbidden) else 503


def remember(response: Response, ask: Ask, value: str) -> None:
    """Sets the cookie of an attempt. It comes back with the provider's redirect, which is a visit and no form: Lax."""
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(LASTS.total_seconds()),
        path=START,
        httponly=True,
        samesite="lax",
        secure=ask.url.scheme == "https",
    )


def forget(response: Response, ask: Ask) -> None:
    """Takes it back: an attempt is good once."""
    secure = ask.url.scheme == "https"
    response.delete_cookie(COOKIE, path=START, httponly=True, samesite="lax", secure=secure)


def _written(ask: Ask, of: Begun) -> str:
    until = int((ask.now + LASTS).timestamp())
    held = {"attempt": asdict(of.attempt), "target": of.target, "lang": of.lang, "until": until}
    text = base64.urlsafe_b64encode(json.dumps(held, ensure_ascii=False).encode()).decode()
    return f"{text}.{_mark(ask, text)}"


def _mark(ask: Ask, text: str) -> str:
    secret = ask.tracker.settings.secret.get_secret_value()
    return hmac.new(secret.encode(), f"sign-in:{text}".encode(), hashlib.sha256).hexdigest()
