"""One JSON line a request, a request id on every answer, and the headers that keep a browser careful."""

import logging
import secrets
import sys
import time
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import Request, Response
from pydantic_core import to_json
from starlette.datastructures import State
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.deps.problems import answer
from app.deps.route import accepted
from app.domain.problems import Problem

SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"vary", b"Authorization, X-API-Key, Cookie, Accept-Language"),
    (b"cache-control", b"private, no-cache"),
]
MAP = "/map"
access = structlog.get_logger("access")


def configure(level: str) -> None:
    """JSON lines on standard error: a fixed event, the rest as fields, never a body, a key or a person."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _json(event: Any, **_: Any) -> bytes:
    return to_json(event, fallback=repr)


def careful(tiles: str | None) -> list[tuple[bytes, bytes]]:
    """The headers of the map, which may show images of one more origin; its 304 says the same as its 200."""
    more = b"img-src 'self' data:" + (f" {tiles}".encode() if tiles else b"")
    return [(name, value.replace(b"img-src 'self' data:", more)) for name, value in SAFE]


class Requests:
    """ASGI middleware around everything: gives the id, adds the headers, writes the line. `tiles` is the origin of the
    map's tiles, where it has any."""

    def __init__(self, app: ASGIApp, tiles: str | None = None) -> None:
        self.app = app
        self._map = careful(tiles)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _given(scope) or secrets.token_hex(8)
        state: Any = scope.setdefault("state", {})
        (state if isinstance(state, dict) else state._state)["request_id"] = request_id
        started, status = time.perf_counter(), 500

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if status == 413 and scope.get("worded") is None:
                    scope["worded"] = False
                    return
                own = {name for name, _ in message["headers"]}
                safe = self._map if scope["path"] == MAP else SAFE
                added = [header for header in safe if header[0] not in own]
                message["headers"] = [
                    *message["headers"],
                    *added,
                    *_left(scope),
                    (b"x-request-id", request_id.encode()),
                ]
            if scope.get("worded") is False:
                # The framework refuses a large body in plain English text; here it is a problem like any other.
                scope["worded"] = True
                await too_large(scope)(scope, receive, send_on)
                return
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        finally:
            access.info("request", **_line(scope, status, started, request_id))


def too_large(scope: Scope) -> Response:
    """413 in the caller's language."""
    request = Request(scope)
    request.state.lang = accepted(request.headers.get("accept-language", ""))
    return answer(request, 413, Problem.BODY_TOO_LARGE)


def _left(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What the caller may still ask in this minute, where somebody was asked who it is."""
    state = scope["state"]
    held = state._state if isinstance(state, State) else state
    rate = held.get("rate")
    return [] if rate is None else rate.headers


def _line(scope: Mapping[str, Any], status: int, started: float, request_id: str) -> dict[str, Any]:
    state = scope.get("state")
    held = state._state if isinstance(state, State) else state or {}
    ask = held.get("ask")
    route = scope.get("route")
    return {
        "request_id": request_id,
        "method": scope["method"],
        "route": getattr(route, "path", None),
        "path": scope["path"],
        "status": status,
        "ms": round((time.perf_counter() - started) * 1000, 2),
        "key": None if ask is None else ask.actor.key_id,
        "role": None if ask is None else ask.actor.role.value,
    }


def _given(scope: Scope) -> str | None:
    """The caller's own request id, where it is short and plain."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text: str = value.decode("latin-1")
            return (
                text if 1 <= len(text) <= 64 and text.replace("-", "").isalnum() and text.isascii() else None
            )
    return None
