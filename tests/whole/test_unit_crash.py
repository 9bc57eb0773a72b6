"""`kill -9` in the middle of batches of units: each is there as a whole or not at all, and comes again without a trace."""

import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import httpx
from sqlalchemy import func, select
from sqlmodel import col

from app.db import Database
from app.domain.vocabulary import UnitKind
from app.queries import journal, units
from app.tables.journal import Fact
from app.tables.units import UnitEntry, WorkUnit
from app.tables.works import GridWork
from tests import factories
from tests.factories import World
from tests.whole.test_crash import service

LINES, UNITS, DAYS = 4, 60, 5
# A round ends with a kill as soon as this many batches are answered; those of the other lines are then under way.
ROUNDS = (1, 5, 9)
Batch = tuple[int, int]


def path(line: int) -> str:
    return f"/api/v1/grid-works/line-{line}/units"


def rows(day: int) -> list[dict[str, Any]]:
    """What is told of every tower of a line on a day: its land goes back and forth. The first day puts it on the line."""
    on = (date(2023, 1, 1) + timedelta(days=day)).isoformat()
    state = {"status": "done"} if day % 2 == 0 else {"status": "reopened", "cause": "unpaid"}
    told = {"stage": "site", "effective_on": on, **state}
    return [
        {"kind": "tower", "number": str(n), "position": n, "reports": [told]} for n in range(1, UNITS + 1)
    ]


def write(
    process: subprocess.Popen[bytes], address: str, key: str, lost: list[list[int]], kill_after: int | None
) -> list[Batch]:
    """Sends the days of each line that are still to come, the lines side by side; gives the batches that were answered."""
    answered: list[Batch] = []
    lock = threading.Lock()

    def work(line: int) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
            while lost[line]:
                try:
                    answer = client.put(path(line), json={"rows": rows(lost[line][0])})
                except httpx.TransportError:
                    return
                assert answer.status_code == 200, answer.text
                with lock:
                    answered.append((line, lost[line].pop(0)))
                    if len(answered) == kill_after:
                        process.send_signal(signal.SIGKILL)

    with ThreadPoolExecutor(LINES) as pool:
        for done in [pool.submit(work, line) for line in range(LINES)]:
            done.result()
    return answered


def kept(database: Database) -> set[Batch]:
    """The batches that are there, every one of them whole: its reports, its facts, its one revision."""
    with database.reading() as session:
        assert journal.verify(session).broken_at is None
        works = {row.id: int(row.code.removeprefix("line-")) for row in session.scalars(select(GridWork))}
        entries = list(session.scalars(select(UnitEntry)))
        found = Counter((works[e.work_id], (e.effective_on - date(2023, 1, 1)).days) for e in entries)
        revisions = {(works[e.work_id], e.effective_on, e.revision) for e in entries}
        assert set(found.values()) <= {UNITS}
        assert len(revisions) == len({revision for *_, revision in revisions}) == len(found)
        stated = select(func.count()).where(col(Fact.subject) == "tower", col(Fact.after).is_not(None))
        listed = session.execute(select(func.count(col(WorkUnit.id)))).scalar_one()
        assert session.execute(stated).scalar_one() == len(entries) + listed
        assert listed == UNITS * len({line for line, _ in found})
        for work in session.scalars(select(GridWork)):
            line = units.line(session, work, journal.head(session))
            assert len(line.of(UnitKind.TOWER)) in (0, UNITS)
        return set(found)


def test_a_batch_of_units_survives_a_kill_whole_or_not_at_all_and_its_replay_doubles_nothing(
    world: World, url: str
) -> None:
    with world.database.changing(factories.stamp(date(2022, 12, 31))) as session:
        for line in range(LINES):
            factories.grid_work(session, f"line-{line}")
    key = world.keys["evn_spc"]
    everything = {(line, day) for line in range(LINES) for day in range(DAYS)}
    to_come = [list(range(DAYS)) for _ in range(LINES)]
    answered: set[Batch] = set()
    for kill_after in ROUNDS:
        with service(url) as (process, address):
            answered |= set(write(process, address, key, to_come, kill_after))
            assert process.wait(timeout=10) == -signal.SIGKILL
        # What was acknowledged is there; of the batches that got no answer, each line had one under way.
        under_way = {(line, days[0]) for line, days in enumerate(to_come) if days}
        assert answered <= kept(world.database) <= answered | under_way
    assert any(to_come)

    with service(url) as (process, address):
        write(process, address, key, to_come, None)
        assert kept(world.database) == everything
        head = _head(world.database)
        for line in range(LINES):
            for day in range(DAYS):
                again = httpx.put(
                    f"{address}{path(line)}",
                    json={"rows": rows(day)},
                    headers={"Authorization": f"Bearer {key}"},
                    trust_env=False,
                )
                assert again.json()["unchanged"] == UNITS, again.text
        process.terminate()
        process.wait(timeout=10)
    assert (kept(world.database), _head(world.database)) == (everything, head)


def _head(database: Database) -> int:
    with database.reading() as session:
        return journal.head(session)
