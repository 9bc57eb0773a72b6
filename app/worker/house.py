"""Keeping order: key uses are written down, and what nobody will ask for again is dropped."""

import asyncio
import contextlib
from datetime import timedelta

import structlog

from app.db import Session, Stamp
from app.deps import Tracker
from app.domain.errors import TrackerError
from app.services import deliveries, requests, sessions, workbooks

USES_EVERY_S = 5.0
FORGET_EVERY_S = 3600.0
log = structlog.get_logger("worker")


async def keep(tracker: Tracker, stop: asyncio.Event) -> None:
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
    """Drops repeatable answers and webhook logs that are older than the settings say, and what is over of signing in."""
    now, hours = tracker.clock.now(), tracker.settings.idempotency_hours
    logged_since = now - timedelta(days=tracker.settings.webhook_log_days)

    def work(session: Session) -> None:
        requests.forget(session, now, hours)
        sessions.forget(session, now)
        workbooks.forget(session, now, tracker.settings.workbook_days)
        deliveries.forget(session, logged_since)

    await tracker.db.change(work, Stamp(now, "worker"))
