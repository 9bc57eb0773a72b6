"""How many webhooks a second one worker delivers to a receiver on the loopback, and what the outbox adds to a large change."""

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from app.bench.figures import Figure
from app.bench.seeding_milestones import TODAY
from app.bench.servers import FORK
from app.db import Database, Stamp
from app.deps import Tracker
from app.domain.access import Actor, Role
from app.domain.calendar import ZONE
from app.domain.vocabulary import Fact, OrganisationKind
from app.domain.webhooks import Policy
from app.queries import people as found
from app.schemas.people import OrganisationCreate
from app.schemas.webhooks import EndpointCreate
from app.services import journal, people, webhooks
from app.settings import Settings
from app.tables.base import key
from app.worker.webhooks import Courier, client

SYSTEM = Actor(Role.SYSTEM, user="bench")
DEPARTMENT = "bench-doit"
PER_SECOND_FLOOR, OUTBOX_CEILING_S = 200.0, 5.0
# A change of this size is what a large batch or import makes.
FACTS, FACTS_WHEN_QUICK = 10_000, 100
DELIVERIES, DELIVERIES_WHEN_QUICK = 3_000, 50
NOW = datetime.combine(TODAY, datetime.min.time(), ZONE)


def measure(folder: Path, *, quick: bool) -> Iterator[Figure]:
    """On a database of its own, on SQLite: a change of many facts without and with an endpoint, and their delivery."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/webhooks.db",
        demo=True,
        clock_on=TODAY,
        allow_private_addresses=True,
        allow_http=True,
        log_level="error",
    )
    facts = FACTS_WHEN_QUICK if quick else FACTS
    with _receiver() as port:
        database = Database(settings, seal=journal.seal)
        database.upgrade()
        alone_s = _stated(database, facts, "alone")
        _listen(database, f"http://127.0.0.1:{port}/hook")
        told_s = _stated(database, facts, "told")
        database.close()
        beside = f"{told_s:.2f} s in all, {alone_s:.2f} s where nobody listens"
        yield Figure(
            f"outbox of {facts:,} facts", told_s - alone_s, "s", at_most=OUTBOX_CEILING_S, beside=beside
        )
        count = DELIVERIES_WHEN_QUICK if quick else DELIVERIES
        rate = asyncio.run(_delivered(settings, count))
    floor = None if quick else PER_SECOND_FLOOR
    yield Figure("webhook deliveries", rate, "/s", at_least=floor, beside=f"{count:,} or more, one worker")


@contextmanager
def _receiver() -> Iterator[int]:
    """A receiver in a process of its own that takes whatever comes; gives its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        process = FORK.Process(target=_taking, args=(listening,), daemon=True)
        process.start()
        port = listening.getsockname()[1]
    try:
        yield port
    finally:
        process.kill()
        process.join()


def _taking(listening: socket.socket) -> None:
    async def serve() -> None:
        server = await asyncio.start_server(_take, sock=listening)
        await server.serve_forever()

    asyncio.run(serve())


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers every request on a connection with 200."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.partition(b":")[2]))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _stated(database: Database, count: int, name: str) -> float:
    """Seconds for one change of so many facts, each about a subject of its own that everybody sees."""
    started = time.perf_counter()
    with database.changing(Stamp(NOW, name)) as session:
        for number in range(count):
            after = {"code": f"{name}-{number}", "name": f"Tổ chức {number}"}
            journal.record(session, SYSTEM, Fact.ORGANISATION_CREATED, "organisation", after["code"], after=after)  # fmt: skip
    return time.perf_counter() - started


def _listen(database: Database, url: str) -> None:
    with database.changing(Stamp(NOW, "bench")) as session:
        change = OrganisationCreate(code=DEPARTMENT, kind=OrganisationKind.DEPARTMENT, name="Sở Công Thương")
        people.create_organisation(session, SYSTEM, change)
        row = found.organisation(session, DEPARTMENT)
        actor = Actor(Role.DEPARTMENT, key(row.id), row.code)
        policy = Policy(allows_http=True, allows_private=True)
        webhooks.create(session, actor, EndpointCreate(url=url, events=("organisation.*",)), policy, NOW)


async def _delivered(settings: Settings, least: int) -> float:
    """Deliveries a second, from the first claim until so many are noted."""
    tracker = Tracker.open(settings)
    never = asyncio.Event()
    sent = 0
    try:
        async with client(settings) as outside:
            courier = Courier(tracker, outside)
            started = time.perf_counter()
            while sent < least and (fresh := await courier.round()) + courier.is_busy:
                sent += fresh
                await courier.rest(never)
            await courier.end()
            return sent / (time.perf_counter() - started)
    finally:
        tracker.db.close()
