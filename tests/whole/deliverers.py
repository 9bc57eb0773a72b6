"""A worker in a process of its own that may be killed.

python -m tests.whole.deliverers URL HOURS      its clock is so many hours after 09:00 of the day

Its log goes to standard output: with the line `started` it can be told to stop.
"""

import asyncio
import sys
from datetime import timedelta

from app.deps import Tracker
from app.deps.tracker import Clock
from app.worker import running
from tests.conftest import TODAY, settings


def work(url: str, hours: int) -> None:
    """The worker as `tracker worker` runs it. The next one's clock is ahead, so that the leases of one that was killed
    are over without anybody waiting for them."""
    opened = Tracker.open

    def ahead(chosen: object) -> Tracker:
        tracker = opened(chosen)  # type: ignore[arg-type]
        tracker.clock = Clock(TODAY)
        tracker.clock._ahead += timedelta(hours=hours)
        return tracker

    Tracker.open = ahead  # type: ignore[method-assign, assignment]
    asyncio.run(
        running.alone(
            settings(url, allow_private_addresses=True, allow_http=True, webhook_seconds=2, log_level="info")
        )
    )


if __name__ == "__main__":
    sys.stderr = sys.stdout
    work(sys.argv[1], int(sys.argv[2]))
