"""Running all chores at once, until they are told to stop."""

import asyncio
import signal

import structlog

from app.deps import Tracker, logs
from app.settings import Settings
from app.worker import exchanges, house, webhooks

log = structlog.get_logger("worker")
STOPS = (signal.SIGTERM, signal.SIGINT)


async def keep_house(tracker: Tracker, stop: asyncio.Event) -> None:
    """The chores beside the requests of a web process, until `stop` is set, never ending inside a transaction."""
    await _run(tracker, stop, delivers=tracker.settings.serve_delivers)


async def alone(settings: Settings) -> None:
    """The chores in a process of their own, until it is told to stop: what is under way is then ended or given back."""
    logs.configure(settings.log_level)
    tracker = Tracker.open(settings)
    stop = asyncio.Event()
    for number in STOPS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log.info("started")
    try:
        await _run(tracker, stop, delivers=True)
    finally:
        tracker.db.close()


async def _run(tracker: Tracker, stop: asyncio.Event, *, delivers: bool) -> None:
    """Each chore logs what fails and goes on."""
    async with asyncio.TaskGroup() as group:
        group.create_task(house.keep(tracker, stop))
        group.create_task(exchanges.pull(tracker, stop))
        if delivers:
            group.create_task(webhooks.deliver(tracker, stop))
