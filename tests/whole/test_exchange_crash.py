"""`kill -9` of the tracker that pulls, and of the service it pulls from, at points all over a run: the next runs bring what
is missing, and nothing is there twice."""

import contextlib
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.domain.vocabulary import RunState
from app.simulator import Upstream
from app.simulator.service import Question
from app.tables.exchanges import ExchangeRecord
from app.tables.journal import Fact
from tests import exchanges
from tests.exchanges import STARTS_AT, TICK, running, simulator
from tests.factories import TODAY, World

# A run is killed as this question comes, or a moment later, when what was answered is being written down.
QUESTIONS = (1, 4, 9)
STATED = ("tower.handed_over", "tower.cast", "tower.erected", "section.handed_over", "section.strung")


class Trap(list[Question]):
    """The questions of a service; at the n-th it kills who asks."""

    def __init__(self, at: int, after_s: float) -> None:
        super().__init__()
        self.at, self.after_s = at, after_s
        self.victim: subprocess.Popen[bytes] | None = None

    def append(self, question: Question) -> None:
        super().append(question)
        if len(self) == self.at and self.victim is not None:
            threading.Timer(self.after_s, self.victim.send_signal, (signal.SIGKILL,)).start()


def ready(world: World) -> tuple[Upstream, int]:
    exchanges.furnish(world)
    exchanges.declare(world)
    upstream = Upstream(STARTS_AT, TICK)
    return upstream, exchanges.build(upstream)


def process(*arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.whole.exchange_processes", *arguments], **more)


def everything_is_there_once(world: World, count: int) -> None:
    found = exchanges.state(world.database)
    assert {s.status.value for name, s in found.items() if not name.endswith("steel")} == {"done"}
    assert exchanges.entries(world.database) == count - 1
    assert exchanges.waiting(world.database) == {}
    assert exchanges.operating_mw(world.database) == 4.2
    with world.database.reading() as session:
        stated = select(func.count()).where(col(Fact.kind).in_(STATED))
        assert session.execute(stated).scalar_one() == count - 1
        confirmed = select(func.count()).where(col(Fact.kind) == "cod.confirmed")
        assert session.execute(confirmed).scalar_one() == 1
        assert session.execute(select(func.count(col(ExchangeRecord.id)))).scalar_one() == count


def test_a_tracker_killed_while_it_pulls_loses_nothing_and_takes_nothing_twice(
    world: World, url: str
) -> None:
    upstream, count = ready(world)
    chance, killed, last = random.Random(11), 0, 0
    # Each process begins a day later, for its clock starts anew and the lease of the one before must be over.
    for day, at in enumerate(QUESTIONS):
        served = simulator(upstream)
        trap = served.questions = Trap(at, chance.uniform(0, 0.03))
        with running(served) as service:
            trap.victim = process("pull", url, service, str(day))
            killed += trap.victim.wait(timeout=60) == -signal.SIGKILL
        told = exchanges.entries(world.database)
        assert told >= last
        last = told
    assert killed >= len(QUESTIONS) - 1
    with running(simulator(upstream)) as service:
        today = TODAY + timedelta(days=len(QUESTIONS))
        run = exchanges.pull(world.database, service, today=today)
        assert run.run.state == RunState.DONE
        everything_is_there_once(world, count)
        head = exchanges.head(world.database)
        exchanges.pull(world.database, service, today=today)
    assert exchanges.head(world.database) == head


@contextlib.contextmanager
def service_process() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = process("serve", str(listening.fileno()), pass_fds=[listening.fileno()])
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        # It has to start first; the line would not wait so long.
        httpx.get(address, timeout=60, trust_env=False)
        yield made, address
    finally:
        made.kill()
        made.wait()


def test_a_service_killed_while_it_answers_is_told_of_and_read_again(world: World) -> None:
    _, count = ready(world)
    states = set()
    for at in (2, 7):
        with service_process() as (made, service), exchanges.line(world.database, service) as line:
            asked = []

            def stopped(
                killed: subprocess.Popen[bytes] = made, at: int = at, asked: list[int] = asked
            ) -> bool:
                asked.append(1)
                if len(asked) == at:
                    killed.kill()
                    killed.wait()
                return False

            exchanges.pull_by(line, stopped)
        states.add(exchanges.last(world.database).run.state)
    assert states <= {RunState.FAILED, RunState.PARTIAL}
    with service_process() as (_, service):
        assert exchanges.pull(world.database, service).run.state == RunState.DONE
        everything_is_there_once(world, count)
