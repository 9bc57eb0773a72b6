"""A worker whose clock the test moves, and an endpoint for it to deliver to."""

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from app.deps import Tracker
from app.deps.tracker import Clock
from app.domain.access import Actor
from app.domain.webhooks import Policy
from app.outside import http
from app.schemas.webhooks import EndpointCreate
from app.services import webhooks
from app.worker.webhooks import Courier, client
from tests import factories
from tests.conftest import settings

ANYWHERE = Policy(allows_http=True, allows_private=True)


class Moved(Clock):
    """The demo's day, from 10:00 on, and then as far as the test moves it."""

    def __init__(self) -> None:
        super().__init__()
        self.at = factories.at()

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


class Worker:
    """The worker of a test: `settle` runs rounds until nothing is under way, due or to be noted."""

    def __init__(self, tracker: Tracker, runner: asyncio.Runner, outside: http.Outside) -> None:
        self.tracker, self._runner = tracker, runner
        self.clock = Moved()
        tracker.clock = self.clock
        self._courier = Courier(tracker, outside)

    def settle(self) -> int:
        """Returns how many messages were sent."""
        return self._runner.run(self._settle())

    def pass_hours(self, hours: int, step_minutes: int = 10) -> None:
        """Lets time go by, looking at what is due again and again."""
        for _ in range(hours * 60 // step_minutes):
            self.clock.move(minutes=step_minutes)
            self.settle()

    async def _settle(self) -> int:
        never, sent = asyncio.Event(), 0
        while (fresh := await self._courier.round()) or self._courier.is_busy:
            sent += fresh
            await self._courier.rest(never)
        return sent


@contextlib.contextmanager
def worker(url: str, **more: Any) -> Iterator[Worker]:
    """A worker on a database, allowed to send to loopback unless `more` says otherwise."""
    chosen = {"allow_private_addresses": True, "allow_http": True, **more}
    tracker = Tracker.open(settings(url, **chosen))
    with asyncio.Runner() as runner:
        outside = client(tracker.settings)
        try:
            yield Worker(tracker, runner, outside)
        finally:
            runner.run(outside.__aexit__(None, None, None))
            tracker.db.close()


def endpoint(
    world: factories.World,
    url: str,
    who: Actor | None = None,
    events: tuple[str, ...] = (),
    policy: Policy = ANYWHERE,
) -> tuple[str, str]:
    """An endpoint of the department, unless `who` says whose; its code and its secret."""
    with world.database.changing(factories.stamp()) as session:
        change = EndpointCreate(url=url, events=events)
        made = webhooks.create(session, who or world.department, change, policy, factories.at())
        return made.line.row.code, made.secret
