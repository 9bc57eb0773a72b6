"""A small OpenID Connect provider that is one: it answers on loopback, checks its clients, signs its tokens, and has faults."""

import base64
import hashlib
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import anyio
import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "tracker", "a secret: of theirs"


def new_key(kid: str) -> jwk.Key:
    return jwk.ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


@dataclass
class Provider:
    """`subject` is who sits before it; None refuses. `fault` is what goes wrong, `asked` what it was asked for."""

    address: str
    now: Callable[[], datetime]
    subject: str | None = "s-1"
    fault: str = ""
    key: jwk.Key = field(default_factory=lambda: new_key("k1"))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)

    async def discovery(self, request: Request) -> Response:
        if self.fault == "away":
            return PlainTextResponse("no", 500)
        if self.fault == "slow":
            await anyio.sleep(5)
        if self.fault == "moved":
            return RedirectResponse(f"{self.address}/elsewhere")
        if self.fault == "endless":
            return PlainTextResponse(" " * 400_000)
        if self.fault == "no json":
            return PlainTextResponse("<html>")
        elsewhere = "http://localhost:1" if self.fault == "elsewhere" else self.address
        return JSONResponse(
            {
                "issuer": "http://another.test" if self.fault == "another" else self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{elsewhere}/token",
                "jwks_uri": f"{self.address}/keys",
            }
        )

    async def authorize(self, request: Request) -> Response:
        said = dict(request.query_params)
        assert (said["client_id"], said["response_type"], said["scope"]) == (CLIENT, "code", "openid")
        assert said["code_challenge_method"] == "S256"
        back, state = said["redirect_uri"], {"state": said["state"], "session_state": "x"}
        if self.subject is None:
            return RedirectResponse(f"{back}?{urlencode({'error': 'access_denied', **state})}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = said
        return RedirectResponse(f"{back}?{urlencode({'code': code, 'iss': self.address, **state})}")

    async def token(self, request: Request) -> Response:
        if self.fault == "token away":
            return PlainTextResponse("no", 503)
        form = await request.form()
        pair = base64.b64encode(b"tracker:a%20secret%3A%20of%20theirs").decode()
        assert request.headers["authorization"] == f"Basic {pair}"
        said = self.codes.pop(str(form["code"]), None)
        if said is None or said["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        hashed = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != said["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        given = {"access_token": "at", "token_type": "Bearer", "id_token": self.id_token(said["nonce"])}
        if self.fault == "no token":
            del given["id_token"]
        return JSONResponse(given)

    def id_token(self, nonce: str) -> str:
        at = int(self.now().timestamp())
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 60,
            "nonce": nonce,
        }
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        if self.fault == "alg none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(
                    base64.urlsafe_b64encode(JSONResponse(part).body).rstrip(b"=").decode() for part in parts
                )
                + "."
            )
        if self.fault == "HS256":
            return jwt.encode({"alg": "HS256"}, claims, jwk.OctKey.import_key(SECRET))
        key = new_key("k1") if self.fault == "another's key" else self.key
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    async def keys(self, request: Request) -> Response:
        shared = jwk.OctKey.import_key(SECRET).as_dict(private=True)
        return JSONResponse({"keys": [self.key.as_dict(private=False), shared, {"kty": "new"}, "odd"]})

    def app(self) -> Starlette:
        async def noted(request: Request) -> Response:
            self.asked.append(request.url.path)
            made: Response = await ways[request.url.path](request)
            return made

        ways: dict[str, Any] = {
            "/.well-known/openid-configuration": self.discovery,
            "/authorize": self.authorize,
            "/token": self.token,
            "/keys": self.keys,
        }
        return Starlette(routes=[Route(path, noted, methods=["GET", "POST"]) for path in ways])


@contextmanager
def providing(now: Callable[[], datetime]) -> Iterator[Provider]:
    """A provider on a free port, in a thread, whose clock is `now`."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = Provider(f"http://127.0.0.1:{listening.getsockname()[1]}", now)
    server = uvicorn.Server(uvicorn.Config(made.app(), log_level="error", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started:
            assert time.monotonic() < until, "the provider did not start in time"
            time.sleep(0.01)
        yield made
    finally:
        server.should_exit = server.force_exit = True
        thread.join(30)
        listening.close()
