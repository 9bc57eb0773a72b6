"""What happens beside the requests: key uses are written down, answers nobody will ask for again are dropped.

`tracker serve` runs it inside the web process; `tracker worker` runs it alone, beside any number of web processes.
"""

import asyncio
import contextlib

import structlog

from app.db import Session, Stamp
from app.deps import Tracker, logs
from app.domain.errors import TrackerError
from app.services import requests, sessions
from app.settings import Settings

USES_EVERY_S = 5.0
FORGET_EVERY_S = 3600.0
log = structlog.get_logger("worker")


async def keep_house(tracker: Tracker, stop: asyncio.Event) -> None:
    """Runs until `stop` is set, never ending inside a transaction. A failed round is logged and tried again."""
    forgotten = -FORGET_EVERY_S
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        try:
            await note_uses(tracker)
            if loop.time() - forgotten >= FORGET_EVERY_S:
                await forget(tracker)
                forgotten = loop.time()
        except TrackerError as error:
            log.warning("round_failed", problem=error.problem)
        except Exception as error:
            log.error("round_failed", exc_info=error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), USES_EVERY_S)


async def alone(settings: Settings) -> None:
    """The chores in a process of their own, until it is told to stop."""
    logs.configure(settings.log_level)
    tracker = Tracker.open(settings)
    log.info("started")
    try:
        await keep_house(tracker, asyncio.Event())
    finally:
        tracker.db.close()


async def note_uses(tracker: Tracker) -> None:
    """Writes down which keys were used, in a transaction of its own that states no fact and makes no revision."""
    uses = dict(tracker.uses)
    if not uses:
        return
    tracker.uses.clear()
    stamp = Stamp(tracker.clock.now(), "worker")
    try:
        await tracker.db.change(lambda session: requests.note_uses(session, uses), stamp)
    except BaseException:
        tracker.uses = {**uses, **tracker.uses}
        raise


async def forget(tracker: Tracker) -> None:
    """Drops repeatable answers that are older than the setting says, and what is over of signing in."""
    now, hours = tracker.clock.now(), tracker.settings.idempotency_hours

    def work(session: Session) -> None:
        requests.forget(session, now, hours)
        sessions.forget(session, now)

    await tracker.db.change(work, Stamp(now, "worker"))
