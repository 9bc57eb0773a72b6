"""Waiting for the journal to move: one look at it every tenth of a second, however many wait."""

import asyncio
import contextlib
from collections.abc import Iterator

from app.db import Database
from app.domain.errors import TrackerError

LOOK_EVERY_S = 0.1


class Watch:
    """Who waits holds no thread and no connection. Another process may write, so the database itself is asked; while
    nobody waits, nothing is asked. `close` lets everybody go at once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._waiting: dict[asyncio.Future[None], int] = {}
        self._looking: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the service is about to stop."""
        return self._is_closed

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextlib.contextmanager
    def past(self, revision: int) -> Iterator[asyncio.Future[None]]:
        """A future that is done as soon as there is a later revision than this one, or the service stops."""
        moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._is_closed:
            moved.set_result(None)
        self._waiting[moved] = revision
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield moved
        finally:
            del self._waiting[moved]

    def close(self) -> None:
        """Wakes everybody; from now on nobody waits."""
        self._is_closed = True
        self._wake(None)

    async def _look(self) -> None:
        while self._waiting and not self._is_closed:
            # A database that is busy for a moment is asked again.
            with contextlib.suppress(TrackerError):
                self._wake(await self._db.head())
            await asyncio.sleep(LOOK_EVERY_S)

    def _wake(self, head: int | None) -> None:
        for moved, revision in self._waiting.items():
            if not moved.done() and (head is None or head > revision):
                moved.set_result(None)
