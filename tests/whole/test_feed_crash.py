"""`kill -9` of the service, and of a program that follows it, in the middle of both: no fact is lost, none comes twice."""

import contextlib
import json
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import httpx

from app.db import Database
from app.domain.access import Actor
from app.queries import changes
from app.queries.changes import FIRST, Filters, Place
from tests.factories import World
from tests.whole import feed_reader

# After so many pages the reader or the service is killed, whichever's turn it is.
SEED, KILLS = 377, 4
WRITERS = 2


@contextlib.contextmanager
def serving(listening: socket.socket, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """The service in a process of its own, on a socket that outlives it: whoever comes meanwhile waits in its queue."""
    descriptor = str(listening.fileno())
    command = [sys.executable, "-m", "tests.whole.processes", "serve", descriptor, url]
    process = subprocess.Popen(command, pass_fds=[listening.fileno()])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Following:
    """A program that follows the service into a file, and may be killed and started again."""

    def __init__(self, address: str, key: str, file: Path) -> None:
        self._command = [sys.executable, "-m", "tests.whole.feed_reader", address, key, str(file)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE)

    def pages(self, count: int) -> None:
        """Returns once it has kept so many further pages."""
        assert self._process is not None
        assert self._process.stdout is not None
        for _ in range(count):
            assert self._process.stdout.readline() == b"\n"

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.communicate()
            self._process = None


class Writing:
    """Writers that change a count of a phase each until they are told to stop, whatever becomes of the service."""

    def __init__(self, address: str, key: str) -> None:
        self._over = threading.Event()
        self._failed: queue.SimpleQueue[str] = queue.SimpleQueue()
        where = {"base_url": f"{address}/api/v1", "headers": {"Authorization": f"Bearer {key}"}}
        self._threads = [threading.Thread(target=self._write, args=(n, where)) for n in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def _write(self, number: int, where: dict[str, object]) -> None:
        turbines = 0
        with httpx.Client(timeout=30, trust_env=False, **where) as client:  # type: ignore[arg-type]
            while not self._over.is_set():
                turbines = turbines % 400 + 1
                with contextlib.suppress(httpx.TransportError):
                    change = {"note": f"{number}: {turbines}", "turbine_count": turbines}
                    answer = client.patch("/phases/alpha-1", json=change)
                    if answer.status_code != 200:
                        self._failed.put(answer.text)
                        return

    def give_up(self) -> None:
        self._over.set()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        assert self._failed.empty(), self._failed.get()


def stated(database: Database, actor: Actor) -> dict[Place, str]:
    """Every fact that the actor is shown, by its place."""
    found: dict[Place, str] = {}
    after, more = FIRST, True
    while more:
        with database.reading() as session:
            page = changes.page(session, actor, after, Filters(), 500)
        found |= {line.place: line.change.fact.kind for line in page.lines}
        after, more = page.following, page.more
    return found


def count(file: Path) -> int:
    connection = feed_reader.kept(str(file))
    found: int = connection.execute("SELECT COUNT(*) FROM applied").fetchone()[0]
    connection.close()
    return found


def applied(file: Path) -> dict[Place, str]:
    connection = feed_reader.kept(str(file))
    rows = connection.execute(
        "SELECT revision, position, fact FROM applied ORDER BY revision, position"
    ).fetchall()
    connection.close()
    return {Place(revision, position): json.loads(fact)["kind"] for revision, position, fact in rows}


def test_killed_at_random_on_either_side_nothing_is_lost_and_nothing_comes_twice(
    world: World, url: str, tmp_path: Path
) -> None:
    dice, file = Random(SEED), tmp_path / "reader.db"
    feed_reader.kept(str(file)).close()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        following = Following(address, world.keys["investor"], file)
        writing = Writing(address, world.keys["department"])
        try:
            for turn in range(KILLS):
                with serving(listening, url) as service:
                    following.start()
                    following.pages(dice.randrange(1, 12))
                    if turn % 2:
                        following.kill()
                        following.start()
                        following.pages(dice.randrange(1, 6))
                    service.send_signal(signal.SIGKILL)
                following.kill()
            with serving(listening, url):
                writing.stop()
                wanted = stated(world.database, world.investor)
                following.start()
                while count(file) < len(wanted):
                    following.pages(1)
                following.kill()
        finally:
            writing.give_up()
            following.kill()
    assert applied(file) == wanted
    assert len(wanted) > 50


def test_whoever_waits_is_answered_when_the_service_is_told_to_stop(world: World, url: str) -> None:
    headers = {"Authorization": f"Bearer {world.keys['investor']}"}
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1"
        with (
            serving(listening, url) as service,
            httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client,
            ThreadPoolExecutor(1) as waiting,
        ):
            place = client.get("/changes?limit=5000").json()["next"]
            answer = waiting.submit(client.get, f"/changes?after={place}&wait=30", timeout=60)
            # Asked on a line of its own, after the other was taken.
            assert client.get("/me").status_code == 200
            started = time.monotonic()
            service.send_signal(signal.SIGTERM)
            assert answer.result().json()["items"] == []
            assert service.wait(60) in (0, -signal.SIGTERM)
            assert time.monotonic() - started < 20
