"""Pulling from EVN SPC every few minutes, where an address is set up. One process of all pulls at a time."""

import asyncio
import contextlib
import random
import threading
from datetime import timedelta

import structlog

from app import exchanging
from app.deps import Tracker
from app.domain.errors import Conflict, TrackerError
from app.domain.vocabulary import Trigger
from app.queries import exchanges

LOOK_EVERY_S = 10.0
log = structlog.get_logger("exchange")


async def pull(tracker: Tracker, stop: asyncio.Event) -> None:
    """Runs until `stop` is set; what is under way then ends at the next page, and goes on at the next start."""
    if tracker.settings.evn_spc_url is None:
        return
    drawn = random.random()  # noqa: S311 - when to come, not a secret.
    while not stop.is_set():
        try:
            if await _is_due(tracker, drawn):
                await _run(tracker, stop)
                drawn = random.random()  # noqa: S311
        except TrackerError as error:
            log.warning("run_failed", problem=error.problem)
        except Exception as error:
            log.error("run_failed", exc_info=error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)


async def _is_due(tracker: Tracker, drawn: float) -> bool:
    started_at = await tracker.db.read(exchanges.last_started_at)
    every = timedelta(minutes=tracker.settings.evn_spc_every_minutes)
    return exchanging.is_due(started_at, tracker.clock.now(), every, drawn)


async def _run(tracker: Tracker, stop: asyncio.Event) -> None:
    """One run in a thread of its own, which is told when to end."""
    stopping = threading.Event()
    running = asyncio.create_task(asyncio.to_thread(_pull, tracker, stopping))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.set()
        told.cancel()
        await running


def _pull(tracker: Tracker, stopping: threading.Event) -> None:
    with exchanging.opened(tracker.settings, tracker.db, tracker.clock, stopping) as line:
        try:
            exchanging.pull(line, Trigger.SCHEDULE)
        except Conflict:
            log.info("another_process_pulls")
