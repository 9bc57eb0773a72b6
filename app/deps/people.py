"""From a key in a header, or in the one address where it may stand, or from a browser's cookie, to an actor."""

import hashlib
from datetime import datetime

from fastapi import Request

from app.db import Database
from app.domain.access import ANONYMOUS, Actor
from app.domain.errors import Unauthenticated
from app.domain.problems import Problem
from app.queries import people, sessions

# Calendar programs are told an address and can send no header: only there the key may stand in the address.
CALENDAR = "/api/v1/calendar.ics"


class Keys:
    """Actors by key, as of one revision: making and revoking a key are changes, so a new revision empties this."""

    def __init__(self, *, public_reading: bool) -> None:
        self._public_reading = public_reading
        self._revision = -1
        self._known: dict[str, Actor] = {}

    async def actor(
        self, db: Database, key: str | None, revision: int, now: datetime, *, is_door: bool = False
    ) -> Actor:
        """Who comes with `key`. Raises Unauthenticated where it is not good, or missing while public reading is off; but
        whoever stands at the door (`is_door`), to sign in there, need not be let in yet."""
        if key is None:
            if not self._public_reading and not is_door:
                raise Unauthenticated(Problem.KEY_MISSING)
            return ANONYMOUS
        if revision != self._revision:
            self._known.clear()
            self._revision = revision
        actor = self._known.get(key)
        if actor is None:
            digest = hashlib.sha256(key.encode()).hexdigest()
            actor = await db.read(lambda session: people.actor(session, digest))
            if actor is None:
                raise Unauthenticated(Problem.KEY_NOT_GOOD)
            self._known[key] = actor
        if actor.expires_at is not None and actor.expires_at <= now:
            raise Unauthenticated(Problem.KEY_NOT_GOOD)
        return actor


# Programs come with a key in a header; a cookie, which a browser adds by itself, opens nothing there.
MACHINES = ("/api", "/livez", "/readyz", "/metrics", "/openapi.json", "/static")
COOKIE = "tracker_session"
DOOR = "/sign-in"


def is_door(path: str) -> bool:
    """Whether an address is one where people sign in, whom nobody knows yet."""
    return path == DOOR or path.startswith(DOOR + "/")


def is_page(path: str) -> bool:
    """Whether an address is for browsers."""
    return not any(path == place or path.startswith(place + "/") for place in MACHINES)


def cookie(request: Request) -> str | None:
    """The session a browser says it has; None at the addresses of programs."""
    return request.cookies.get(COOKIE) if is_page(request.scope["path"]) else None


async def signed_in(request: Request, now: datetime) -> tuple[Actor, str] | None:
    """Who a browser is signed in as, and the digest of its session; None where it is not, or no longer."""
    given = cookie(request)
    if given is None:
        return None
    digest = hashlib.sha256(given.encode()).hexdigest()
    db: Database = request.app.state.tracker.db
    actor = await db.read(lambda session: sessions.actor(session, digest, now))
    return None if actor is None else (actor, digest)


def came_with(request: Request) -> tuple[str | None, bool]:
    """The key of a request, and whether it stands in its address."""
    key = presented(request.headers.raw)
    if key is not None or request.scope["path"] != CALENDAR:
        return key, False
    key = request.query_params.get("key")
    return key, key is not None


def presented(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The key in `Authorization: Bearer …` or `X-API-Key: …`; None where neither is sent."""
    for name, value in headers:
        if name == b"x-api-key":
            return value.decode("latin-1").strip()
        if name == b"authorization":
            scheme, _, credentials = value.decode("latin-1").partition(" ")
            if scheme.lower() != "bearer" or not credentials.strip():
                raise Unauthenticated(Problem.KEY_NOT_GOOD)
            return credentials.strip()
    return None
