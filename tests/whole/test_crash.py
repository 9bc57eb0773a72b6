"""`kill -9` in the middle of writes: what was acknowledged is there once, and nothing is there by half."""

import contextlib
import queue
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select, text
from sqlmodel import col

from app.db import Database
from app.queries import journal
from app.tables.journal import Fact, Revision
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.projects import Project, Turbine
from app.tables.requests import RepeatableAnswer
from tests import factories
from tests.factories import World
from tests.whole.test_journal_covers import a_milestone_is_what_its_entries_fold_to

WRITERS = 8
# A round ends with a kill as soon as this many answers have come; the other writers are then in the middle of theirs.
ROUNDS = (3, 29, 47)
LAST_ROUND = 40


# One milestone of a phase for each round of its jobs.
MILESTONES = ("W-E2", "W-E3", "W-E4", "W-E5", "W-E6", "W-E7", "W-E8", "W-F1", "W-F2", "W-F3")


@dataclass(frozen=True)
class Job:
    """One write, known again by its key, which is also its note."""

    key: str
    path: str
    body: dict[str, Any]
    method: str = "POST"

    def send(self, client: httpx.Client) -> httpx.Response:
        """What is posted comes with its key; a statement about a milestone says the same thing however often it comes."""
        headers = {"Idempotency-Key": self.key} if self.method == "POST" else {}
        return client.request(self.method, self.path, json=self.body, headers=headers)


def job(number: int) -> Job:
    """A declaration, a measure, a turbine or two days of a milestone, in one of eight phases."""
    turn = number // 4
    key, phase = f"job-{number}", f"phase-{turn % WRITERS}"
    days = {"plan_on": "2023-06-30", "forecast_on": "2023-07-31"}
    kinds: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "tranches", factories.declaration(0.1)),
        ("POST", "entries", {"measure": "planned", "capacity_mw": 0.1, "effective_on": "2022-01-01"}),
        ("POST", "turbines", {"number": f"T{number}", "nameplate_mw": 4.2}),
        ("PATCH", f"milestones/{MILESTONES[turn // WRITERS]}", days),
    ]
    method, place, body = kinds[number % 4]
    return Job(key, f"/api/v1/phases/{phase}/{place}", body | {"note": key}, method)


@contextlib.contextmanager
def service(url: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service in a process of its own. Its socket listens before it starts, so nobody waits for it by the clock."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        command = [sys.executable, "-m", "tests.whole.processes", "serve", str(listening.fileno()), url]
        process = subprocess.Popen(command, pass_fds=[listening.fileno()])
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@dataclass
class Crowd:
    """Eight writers over loopback HTTP, what was answered to them, and what got lost on its way."""

    key: str
    jobs: "queue.SimpleQueue[Job]" = field(default_factory=queue.SimpleQueue)
    answered: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def fill(self, count: int) -> None:
        for _ in range(count):
            self.jobs.put(job(self.made))
            self.made += 1

    def write(self, process: subprocess.Popen[bytes], address: str, kill_after: int | None) -> list[Job]:
        """Writes until there is nothing left to do or nobody to answer; gives the jobs that got no answer."""
        lost: list[Job] = []
        lock, heard = threading.Lock(), 0

        def work(_: int) -> None:
            nonlocal heard
            headers = {"Authorization": f"Bearer {self.key}"}
            with httpx.Client(base_url=address, headers=headers, timeout=30, trust_env=False) as client:
                while True:
                    try:
                        mine = self.jobs.get_nowait()
                    except queue.Empty:
                        return
                    try:
                        answer = mine.send(client)
                    except httpx.TransportError:
                        with lock:
                            lost.append(mine)
                        return
                    assert answer.status_code == (201 if mine.method == "POST" else 200), answer.text
                    with lock:
                        self.answered[mine.key] = answer.json()
                        heard += 1
                        if heard == kill_after:
                            process.send_signal(signal.SIGKILL)

        with ThreadPoolExecutor(WRITERS) as pool:
            for done in [pool.submit(work, n) for n in range(WRITERS)]:
                done.result()
        return lost


def kept(database: Database) -> Counter[str]:
    """How often the effect of each job is there; and that whatever is there is there as a whole."""
    with database.reading() as session:
        verdict = journal.verify(session)
        assert verdict.broken_at is None
        revisions = list(
            session.execute(select(col(Revision.number)).order_by(col(Revision.number))).scalars()
        )
        assert revisions == list(range(1, verdict.revisions + 1))
        facts = list(session.execute(select(Fact)).scalars())
        assert {fact.revision for fact in facts} == set(revisions)

        entries = list(session.execute(select(CapacityEntry)).scalars())
        postings = Counter(session.execute(select(col(CapacityPosting.entry_id))).scalars())
        assert postings == Counter(entry.id for entry in entries)
        turbines = [t for t in session.execute(select(Turbine)).scalars() if t.note is not None]
        entered = list(session.execute(select(MilestoneEntry)).scalars())
        days = [entry for entry in entered if entry.day is not None]
        stated = {(f.revision, f.after["note"]) for f in facts if f.after and "note" in f.after}
        assert stated >= {(entry.revision, entry.note) for entry in [*entries, *days]}
        assert {note for _, note in stated} == {each.note for each in [*entries, *turbines, *days]}
        # Both days of a statement or neither, and every milestone is what was said of it.
        said = {note: {d.act.value for d in days if d.note == note} for note in {d.note for d in days}}
        assert all(acts == {"planned", "forecast"} for acts in said.values())
        assert len(days) == 2 * len(said)
        for row in session.execute(select(Milestone)).scalars():
            own = [entry for entry in entered if entry.milestone_id == row.id]
            a_milestone_is_what_its_entries_fold_to(session, row, own)

        moved = {f.project_id: f.revision for f in sorted(facts, key=lambda f: f.revision) if f.project_id}
        for project in session.execute(select(Project)).scalars():
            assert project.revision == moved[project.id]
        posted = Counter([str(e.note) for e in entries] + [str(t.note) for t in turbines])
        answers = Counter(session.execute(select(col(RepeatableAnswer.key))).scalars())
        assert answers == posted
        effects = posted + Counter(map(str, said))
        if database.is_sqlite:
            assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    return effects


def test_what_was_acknowledged_survives_every_kill_and_a_retry_doubles_nothing(
    world: World, url: str
) -> None:
    with world.database.changing(factories.stamp()) as session:
        for n in range(WRITERS):
            factories.phase(session, f"phase-{n}")
            factories.apply(session, code=f"phase-{n}")
    crowd = Crowd(world.keys["investor"])
    killed_in_the_middle = 0
    for kill_after in ROUNDS:
        crowd.fill(kill_after + 3 * WRITERS)
        with service(url) as (process, address):
            lost = crowd.write(process, address, kill_after)
            assert process.wait(timeout=10) == -signal.SIGKILL
        killed_in_the_middle += len(lost)
        effects = kept(world.database)
        assert all(effects[key] == 1 for key in crowd.answered)
        assert set(effects.values()) == {1}
        assert set(effects) <= set(crowd.answered) | {mine.key for mine in lost}
        # The ones without an answer come again with their key, mixed with new ones, and the next kill may hit them.
        for mine in lost:
            crowd.jobs.put(mine)
    assert killed_in_the_middle >= len(ROUNDS)

    crowd.fill(LAST_ROUND)
    with service(url) as (process, address):
        assert crowd.write(process, address, None) == []
        read = httpx.get(
            f"{address}/api/v1/capacity", headers={"Authorization": f"Bearer {crowd.key}"}, trust_env=False
        )
        process.terminate()
        process.wait(timeout=10)
    effects = kept(world.database)
    assert effects == Counter({job(n).key: 1 for n in range(crowd.made)})
    assert set(crowd.answered) == set(effects)
    declared = [n for n in range(crowd.made) if n % 4 == 0]
    assert read.json()["declared_mw"] == round(0.1 * len(declared), 3)
    with world.database.reading() as session:
        ids = {e.note: e.id for e in session.execute(select(CapacityEntry)).scalars() if e.tranche is None}
        tranches = {e.note: e.tranche for e in session.execute(select(CapacityEntry)).scalars() if e.tranche}
    assert {k: a["id"] for k, a in crowd.answered.items() if k in ids} == ids
    assert {k: a["code"] for k, a in crowd.answered.items() if k in tranches} == tranches
