"""What the crash tests of the exchange run in processes of their own: a tracker that pulls, and a service that may be killed.

python -m tests.whole.exchange_processes pull DATABASE_URL SERVICE_URL DAYS
python -m tests.whole.exchange_processes serve DESCRIPTOR
"""

import socket
import sys
from datetime import timedelta

from app import exchanging, simulator
from app.db import Database
from app.domain.vocabulary import Trigger
from app.services import journal
from app.simulator import Upstream
from tests import exchanges
from tests.factories import TODAY
from tests.whole.processes import settings


def pull(url: str, service: str, days: int) -> None:
    """One run. Its lease is over as soon as it is killed."""
    database = Database(settings(url, 2), seal=journal.seal)
    today = TODAY + timedelta(days=days)
    with exchanges.line(database, service, today=today, lease=timedelta(0)) as line:
        exchanging.pull(line, Trigger.COMMAND)
    database.close()


def serve(descriptor: int) -> None:
    """The service with everything that can be built, on a socket that already listens."""
    upstream = Upstream(exchanges.STARTS_AT, exchanges.TICK)
    exchanges.build(upstream)
    simulator.serve(exchanges.simulator(upstream), socket.socket(fileno=descriptor))


def main(command: str, *arguments: str) -> None:
    if command == "serve":
        serve(int(arguments[0]))
    else:
        pull(arguments[0], arguments[1], int(arguments[2]))


if __name__ == "__main__":
    main(*sys.argv[1:])
