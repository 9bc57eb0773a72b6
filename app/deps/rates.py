"""How many requests a caller may make in a minute, and the headers that say what is left of it.

Each process counts for itself and in memory: with several behind one address a caller gets as many times the figure, and
a restart begins anew. That guards a service against one caller; it is no bill.
"""

import time
from typing import NamedTuple

from fastapi import Request
from limits.aio.storage import MemoryStorage

from app.domain.access import Actor
from app.domain.addresses import line
from app.domain.errors import TooMany
from app.domain.problems import Problem
from app.settings import Settings

WINDOW_S = 60


class Rate(NamedTuple):
    """What a caller has left: the name of the policy, its requests a minute, those left, and seconds until it begins anew."""

    policy: str
    most: int
    left: int
    anew_in_s: int
    is_over: bool

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """`RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers writes them."""
        policy = f'"{self.policy}";q={self.most};w={WINDOW_S}'
        left = f'"{self.policy}";r={self.left};t={self.anew_in_s}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", left.encode())]


class Rates:
    """The counts of one process: by key, by person signed in, and by address where neither is known."""

    def __init__(self, settings: Settings) -> None:
        self._counts = MemoryStorage()
        self._known, self._unknown = settings.requests_a_minute, settings.public_requests_a_minute

    async def count(self, request: Request, actor: Actor | None) -> None:
        """Counts a request, once however often it is asked for. Raises TooMany where the minute's are used up.

        `actor` None: somebody with a key that is not good, who is counted by address, so that nobody tries keys at will.
        """
        state = request.state
        rate: Rate | None = getattr(state, "rate", None)
        if rate is None:
            rate = state.rate = await self._counted(request, actor)
        if rate.is_over:
            raise TooMany(Problem.TOO_MANY_REQUESTS, seconds=rate.anew_in_s, most=rate.most)

    async def _counted(self, request: Request, actor: Actor | None) -> Rate:
        if actor is not None and actor.key_id is not None:
            policy, most, who = "key", self._known, f"k{actor.key_id}"
        elif actor is not None and actor.user_id is not None:
            policy, most, who = "person", self._known, f"u{actor.user_id}"
        else:
            client = request.scope["client"]
            policy, most, who = "address", self._unknown, f"a{line(client[0]) if client else ''}"
        # A window begins with its first request. The library's fixed-window strategy does the same in thrice the time.
        used = await self._counts.incr(who, WINDOW_S)
        ends_at_s = await self._counts.get_expiry(who)
        # It counts by the machine's own clock, whatever day the service takes for today.
        return Rate(policy, most, max(0, most - used), max(1, round(ends_at_s - time.time())), used > most)
