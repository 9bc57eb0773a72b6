"""What the tests of this folder run in processes of their own: a service that may be killed, and a crowd of writers.

python -m tests.whole.processes serve DESCRIPTOR URL
python -m tests.whole.processes write URL KEY NAME THREADS CHANGES
"""

import hashlib
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import app.main
from app.db import Database, Stamp
from app.domain.access import Actor
from app.domain.vocabulary import SubjectKind
from app.queries import milestones, people, projects, subjects
from app.schemas.projects import PhaseChange
from app.services import journal
from app.services import projects as changing
from app.settings import Settings
from tests import factories

# The day before the first that a writer states.
PLANNED_ON = date(2022, 12, 31)


def settings(url: str, threads: int) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        demo=True,
        clock_on=date(2023, 2, 7),
        log_level="error",
        database_threads=threads,
        busy_timeout_ms=30_000,
        requests_a_minute=1_000_000,
    )


def serve(descriptor: int, url: str) -> None:
    """The service as `tracker serve` runs it, on a socket that already listens."""
    app.main.serve(app.main.create_app(settings(url, 4)), socket.socket(fileno=descriptor))


def opened(url: str, threads: int) -> Database:
    return Database(settings(url, threads), seal=journal.seal)


def actor(database: Database, key: str) -> Actor:
    with database.reading() as session:
        found = people.actor(session, hashlib.sha256(key.encode()).hexdigest())
    assert found is not None
    return found


def write(database: Database, who: Actor, name: str, threads: int, changes: int) -> None:
    """`threads` writers at once, each making `changes` changes that read before they write: a count one higher, a day
    later, and a kW more. Their clocks differ by seconds, forwards and backwards."""
    together = threading.Barrier(threads)

    def work(number: int) -> None:
        together.wait()
        for change in range(changes):
            at = factories.at() + timedelta(seconds=(number * 7 + change * 5) % 11)
            with database.changing(Stamp(at, f"{name}-{number}-{change}")) as session:
                phase, _ = projects.phase(session, who, "alpha-1")
                one_more = PhaseChange(turbine_count=(phase.turbine_count or 0) + 1)
                changing.change_phase(session, who, "alpha-1", one_more, None)
                holder = subjects.one(session, who, SubjectKind.PHASE, "alpha-1")
                planned_on = milestones.one(session, holder, "W-E6").plan_on or PLANNED_ON
                factories.state(session, "W-E6", actor=who, plan_on=planned_on + timedelta(days=1))
                factories.measure(session, "planned", 0.001, "2022-01-01")

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, number) for number in range(threads)]:
            done.result()


def main(command: str, *arguments: str) -> None:
    if command == "serve":
        serve(int(arguments[0]), arguments[1])
    else:
        url, key, name, threads, changes = arguments
        database = opened(url, int(threads))
        who = actor(database, key)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        write(database, who, name, int(threads), int(changes))
        database.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
