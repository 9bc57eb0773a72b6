"""`kill -9` of the worker and of the receiver while webhooks are under way: nothing is lost, and a receiver that keeps
ids applies nothing twice; and several workers at once deliver each message once."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.db import Database
from app.domain.vocabulary import DeliveryState
from app.services import journal
from app.tables.webhooks import WebhookDelivery
from tests import factories
from tests.conftest import settings
from tests.factories import World
from tests.receivers import receiver
from tests.worker.couriers import endpoint, worker

# After so many messages the worker is killed, or the receiver.
KILLS = [("worker", 3), ("receiver", 4), ("worker", 9)]
ROUNDS, PHASES = 4, 6


@contextlib.contextmanager
def process(*arguments: str, fds: tuple[int, ...] = ()) -> Iterator[subprocess.Popen[str]]:
    """One end of the line in a process of its own."""
    command = [sys.executable, "-m", *arguments]
    made = subprocess.Popen(command, pass_fds=fds, stdout=subprocess.PIPE, text=True)
    try:
        yield made
    finally:
        made.kill()
        made.wait()
        if made.stdout is not None:
            made.stdout.close()


def told(database: Database, number: int) -> None:
    """A few revisions: phases that come, and then change."""
    with database.changing(factories.stamp()) as session:
        for phase in range(PHASES):
            factories.phase(session, f"phase-{number}-{phase}")
    for phase in range(PHASES):
        with database.changing(factories.stamp()) as session:
            factories.turbines(session, f"phase-{number}-{phase}", count=1)


def expected(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.execute(select(col(WebhookDelivery.message))).scalars())


def waiting(database: Database) -> int:
    with database.reading() as session:
        asked = select(func.count()).where(col(WebhookDelivery.state) != DeliveryState.DELIVERED)
        return session.execute(asked).scalar_one()


def test_nothing_is_lost_and_nothing_applied_twice_whoever_is_killed(
    world: World, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "taken"
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        endpoint(world, f"http://127.0.0.1:{listening.getsockname()[1]}/hook")
        for round, (killed, after) in enumerate(KILLS):
            told(world.database, round)
            with (
                process("tests.whole.receiving", str(descriptor), str(file), fds=(descriptor,)) as there,
                process("tests.whole.deliverers", url, str(round + 2)) as works,
            ):
                assert there.stdout is not None
                for _ in range(after):
                    assert there.stdout.readline() == "came\n"
                (works if killed == "worker" else there).send_signal(signal.SIGKILL)
        told(world.database, len(KILLS))
        with process("tests.whole.receiving", str(descriptor), str(file), fds=(descriptor,)) as there:
            assert there.stdout is not None
            with process("tests.whole.deliverers", url, str(len(KILLS) + 2)) as works:
                assert works.stdout is not None
                # A message of the one that was killed may still lie in the socket: that one came says nothing of this one.
                while '"event":"started"' not in works.stdout.readline():
                    assert works.poll() is None
                assert there.stdout.readline() == "came\n"
                works.terminate()
                assert works.wait(timeout=60) == 0, "told to stop, it ends in order"
            with worker(url) as last:
                last.pass_hours(24, step_minutes=60)
    lines = [line.split() for line in file.read_text().splitlines()]
    assert Counter(line[0] for line in lines) == Counter(expected(world.database))
    for code in {line[1] for line in lines}:
        places = [(int(line[2]), int(line[3])) for line in lines if line[1] == code]
        assert places == sorted(places), code
    assert waiting(world.database) == 0


@pytest.fixture
def shared(postgres_url: str) -> Iterator[World]:
    """The world on PostgreSQL, where any number of workers share it."""
    database = Database(settings(postgres_url), seal=journal.seal)
    made = factories.world(database)
    made.url = postgres_url
    yield made
    database.close()


def test_several_workers_at_once_deliver_each_message_once_and_in_order(shared: World) -> None:
    with receiver() as there:
        endpoint(shared, there.url)
        for number in range(ROUNDS):
            told(shared.database, number)
        sent = Counter[int]()
        together = threading.Barrier(3)

        def work(number: int) -> None:
            with worker(shared.url, webhooks_in_flight=6) as mine:
                together.wait()
                sent[number] = mine.settle()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with worker(shared.url) as last:
            last.settle()
        assert {each.id for each in there.came} == expected(shared.database)
        assert len(there.came) == len(there.applied)
        for code in {each.said["data"]["code"] for each in there.came}:
            assert there.places(code) == sorted(there.places(code))
        assert min(sent.values()) > 0, sent
    assert waiting(shared.database) == 0
