"""An OpenID Connect provider: where it signs people in, and what its ID token says of somebody, once that is verified.

OpenID Connect Core 1.0, the authorization code flow with PKCE (RFC 7636). Nothing but the issuer's own origin is ever
asked, a redirect of it is not followed, and its signature counts with the keys it publishes alone: never none, and never
one made with the shared secret. Its library is the one of the extra `oidc`, loaded where a provider is set.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import anyio
import httpx
import structlog

from app.domain.errors import Forbidden, Unavailable
from app.domain.sign_in_problems import SignInProblem

ADDRESSES = ("authorization_endpoint", "token_endpoint", "jwks_uri")
DISCOVERY = "/.well-known/openid-configuration"
SIGNED_WITH = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
KINDS_OF_KEY = frozenset({"RSA", "EC", "OKP"})
LEEWAY_S = 60
# A provider that moves says so in time; its keys are asked for again at once where one is not known.
HELD = timedelta(minutes=10)
MOST_BYTES = 300_000
log = structlog.get_logger("oidc")
Said = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in keeps until its answer comes: all of it random, bound to the browser, and good once.

    `back` is the address the provider sends the browser to.
    """

    state: str
    nonce: str
    verifier: str
    back: str

    @classmethod
    def new(cls, back: str) -> "Attempt":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), back)

    @property
    def challenge(self) -> str:
        """The verifier's S256 challenge (RFC 7636, section 4.2)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(slots=True)
class Provider:
    """One provider as one process knows it. Raises Unavailable where it does not answer, Forbidden where it refuses or
    says what cannot be verified."""

    issuer: str
    client_id: str
    client_secret: str | None
    wait_s: float
    _said: Said | None = None
    _keys: Said | None = None
    _asked_at: datetime | None = field(default=None)

    async def address(self, attempt: Attempt, now: datetime) -> str:
        """Where the browser is sent to sign in."""
        async with _asking(self.wait_s) as asking:
            said = await self._found(asking, now)
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.client_id,
            "redirect_uri": attempt.back,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        address = said["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def subject(self, code: str, attempt: Attempt, now: datetime) -> str:
        """Whom the code of an answer stands for, as the issuer names them."""
        async with _asking(self.wait_s) as asking:
            said = await self._found(asking, now)
            answer = await self._exchanged(asking, said, code, attempt)
            token = answer.get("id_token")
            if not isinstance(token, str):
                raise _not_good("no ID token")
            if self._keys is None or not _is_key_known(token, self._keys):
                self._keys = await _json(asking, "GET", said["jwks_uri"])
        return self._verified(token, attempt, now)

    async def _found(self, asking: httpx.AsyncClient, now: datetime) -> Said:
        """What the provider says of itself; kept for a while, and its keys as long."""
        if self._said is None or self._asked_at is None or not timedelta() <= now - self._asked_at < HELD:
            said = await _json(asking, "GET", self.issuer.rstrip("/") + DISCOVERY)
            if said.get("issuer") != self.issuer:
                raise _not_good("another issuer")
            for name in ADDRESSES:
                self._check_own(said, name)
            self._said, self._keys, self._asked_at = said, None, now
        return self._said

    def _check_own(self, said: Said, name: str) -> None:
        """An address of the provider must be of the issuer's own origin."""
        address = said.get(name)
        if not isinstance(address, str) or urlsplit(address)[:2] != urlsplit(self.issuer)[:2]:
            raise _not_good(f"{name} is elsewhere")

    async def _exchanged(self, asking: httpx.AsyncClient, said: Said, code: str, attempt: Attempt) -> Said:
        """What the provider gives for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.back,
            "client_id": self.client_id,
            "code_verifier": attempt.verifier,
        }
        headers = {}
        if self.client_secret is not None:
            ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in ways:
                pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
                headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            else:
                form["client_secret"] = self.client_secret
        return await _json(asking, "POST", said["token_endpoint"], data=form, headers=headers)

    def _verified(self, token: str, attempt: Attempt, now: datetime) -> str:
        """The subject of an ID token whose signature and every claim hold (Core 1.0, section 3.1.3.7)."""
        from joserfc import jwk, jwt
        from joserfc.errors import JoseError

        fixed = {"iss": self.issuer, "aud": self.client_id, "nonce": attempt.nonce}
        wanted: dict[str, Any] = {name: {"essential": True, "value": value} for name, value in fixed.items()}
        wanted |= {name: {"essential": True} for name in ("sub", "exp", "iat")}
        try:
            keys = jwk.KeySet.import_key_set({"keys": _for_signing(self._keys or {})})
            claims = jwt.decode(token, keys, algorithms=list(SIGNED_WITH)).claims
            jwt.JWTClaimsRegistry(int(now.timestamp()), LEEWAY_S, **wanted).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _not_good(type(error).__name__) from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client_id) != self.client_id:
            raise _not_good("azp")
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise _not_good("sub")
        return subject


def require_extra() -> None:
    """Raises ValueError where the packages of the extra `oidc` are not installed."""
    try:
        import joserfc.jwt  # noqa: F401
    except ImportError as error:
        raise ValueError(
            "TRACKER_OIDC_ISSUER is set, and the extra `oidc` is not installed: "
            'pip install "wind-commissioning-tracker[oidc]"'
        ) from error


@asynccontextmanager
async def _asking(wait_s: float) -> AsyncIterator[httpx.AsyncClient]:
    """A client for the requests of one sign-in, which together wait so many seconds and no longer."""
    try:
        with anyio.fail_after(wait_s):
            async with httpx.AsyncClient(timeout=wait_s, headers={"Accept": "application/json"}) as asking:
                yield asking
    except (httpx.HTTPError, TimeoutError) as error:
        raise _away(type(error).__name__) from error


async def _json(asking: httpx.AsyncClient, method: str, address: str, **sent: Any) -> Said:
    """An answer of the provider as it is meant to be: 200, JSON, an object, and not endless."""
    body = b""
    async with asking.stream(method, address, **sent) as answer:
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise _not_good("endless")
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _away(str(answer.status_code))
    if method == "POST" and 400 <= answer.status_code < 500:
        log.warning("refused", status=answer.status_code)
        raise Forbidden(SignInProblem.PROVIDER_REFUSED)
    if answer.status_code != 200:
        raise _not_good(str(answer.status_code))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _not_good("no JSON") from error
    if not isinstance(said, dict):
        raise _not_good("no object")
    return said


def _is_key_known(token: str, keys: Said) -> bool:
    """Whether the key that a token names is among those at hand; of one that names none, nobody can say."""
    try:
        head = token.partition(".")[0]
        named = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4))).get("kid")
    except (ValueError, AttributeError):
        return True
    return any(key.get("kid") == named for key in _for_signing(keys))


def _for_signing(keys: Said) -> list[dict[str, Any]]:
    """The keys of a set that may have signed a token. One that both sides know could not say which of them it was."""
    listed = keys.get("keys")
    every = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    return [key for key in every if key.get("kty") in KINDS_OF_KEY and key.get("use", "sig") == "sig"]


def _away(why: str) -> Unavailable:
    log.warning("away", why=why)
    return Unavailable(SignInProblem.PROVIDER_AWAY)


def _not_good(why: str) -> Forbidden:
    """What the operator reads in the log; the reader is told that it does not hold, and nothing of what was sent."""
    log.warning("not_good", why=why)
    return Forbidden(SignInProblem.PROVIDER_NOT_GOOD)
