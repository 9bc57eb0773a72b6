"""Thirty-two writers at once: every change is kept, numbered without a gap, and sealed in its order."""

import asyncio
import subprocess
import sys
import threading
from itertools import pairwise
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.db import Database
from app.domain.vocabulary import Account
from app.queries import capacity, journal
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.projects import Phase
from tests import factories
from tests.conftest import TODAY, People
from tests.factories import World
from tests.whole import processes
from tests.whole.test_journal_covers import a_milestone_is_what_its_entries_fold_to

WRITERS, CHANGES = 32, 5


# What stands before anybody writes: the world, and the milestones of its phase.
BEFORE = 2


@pytest.fixture
def phased(world: World) -> World:
    with world.database.changing(factories.stamp(hour=1)) as session:
        factories.apply(session)
    return world


def counted(session: Session) -> tuple[int, ...]:
    """What one snapshot says of the same thing in six places: the count, the ledger, the MW, the plan of a milestone and
    its history, and the journal."""
    count = session.execute(select(col(Phase.turbine_count)).where(col(Phase.code) == "alpha-1")).scalar_one()
    entries = session.execute(select(func.count(col(CapacityEntry.id)))).scalar_one()
    totals = capacity.totals(session, capacity.whole(session, factories.SYSTEM, TODAY))
    plan_on = session.execute(
        select(col(Milestone.plan_on)).where(col(Milestone.code) == "W-E6")
    ).scalar_one()
    moved = ((plan_on or processes.PLANNED_ON) - processes.PLANNED_ON).days
    said = session.execute(select(func.count()).where(col(MilestoneEntry.day).is_not(None))).scalar_one()
    return count or 0, entries, totals.kw(Account.PLANNED), moved, said, journal.head(session) - BEFORE


def check(database: Database, expected: int) -> None:
    """No lost update, no gap, no step back in time, and a chain that holds."""
    with database.reading() as session:
        assert counted(session) == (expected,) * 6
        revisions = list(session.execute(select(Revision).order_by(col(Revision.number))).scalars())
        assert [r.number for r in revisions] == list(range(1, expected + BEFORE + 1))
        assert all(a.recorded_at <= b.recorded_at for a, b in pairwise(revisions))
        assert len({r.request_id for r in revisions[BEFORE:]}) == expected
        entries = select(col(CapacityEntry.revision)).order_by(col(CapacityEntry.id))
        assert list(session.execute(entries).scalars()) == list(range(BEFORE + 1, expected + BEFORE + 1))
        for row in session.execute(select(Milestone)).scalars():
            own = select(MilestoneEntry).where(col(MilestoneEntry.milestone_id) == row.id)
            said = list(session.execute(own.order_by(col(MilestoneEntry.id))).scalars())
            a_milestone_is_what_its_entries_fold_to(session, row, said)
        verdict = journal.verify(session)
        assert (verdict.broken_at, verdict.revisions) == (None, expected + BEFORE)


def test_thirty_two_writers_lose_nothing_and_readers_see_only_whole_changes(phased: World, url: str) -> None:
    world = phased
    database = processes.opened(url, WRITERS)
    writing = threading.Thread(
        target=processes.write, args=(database, world.investor, "here", WRITERS, CHANGES)
    )
    writing.start()
    seen = []
    while writing.is_alive():
        with world.database.reading() as session:
            seen.append(counted(session))
    writing.join()
    database.close()
    assert [s for s in seen if len(set(s)) != 1] == []
    assert seen == sorted(seen)
    check(world.database, WRITERS * CHANGES)


def test_writers_of_two_processes_stand_in_one_row(phased: World, url: str) -> None:
    world = phased
    command = [sys.executable, "-m", "tests.whole.processes", "write", url, world.keys["investor"]]
    running = [
        subprocess.Popen(
            [*command, name, str(WRITERS // 2), str(CHANGES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 0
    check(world.database, WRITERS * CHANGES)
    with world.database.reading() as session:
        order = [r.request_id[:3] for r in session.execute(select(Revision)).scalars()]
    assert {"one", "two"} < set(order)


def test_of_thirty_two_who_read_the_same_version_one_changes_it(people: People) -> None:
    read = people.investor.get("/phases/alpha-1").headers["etag"]
    headers = {"Authorization": f"Bearer {people.investor.key}", "If-Match": read}

    async def all_at_once() -> list[httpx.Response]:
        send = people.investor.client.patch
        address = "/api/v1/phases/alpha-1"
        return list(
            await asyncio.gather(
                *(send(address, json={"note": f"writer {n}"}, headers=headers) for n in range(WRITERS))
            )
        )

    answers: list[httpx.Response] = people.investor.run(all_at_once())  # type: ignore[arg-type, assignment]
    assert sorted(a.status_code for a in answers) == [200] + [412] * (WRITERS - 1)
    winner = next(a for a in answers if a.status_code == 200)
    assert people.investor.get("/phases/alpha-1").json()["note"] == winner.json()["note"]
    assert people.department.get("/journal?limit=1").json()["items"][0]["number"] == 2


def at_once(people: People, method: str, path: str, bodies: list[Any], **more: str) -> list[httpx.Response]:
    """The investor's requests with all these bodies, sent together."""
    headers = {"Authorization": f"Bearer {people.investor.key}", **more}

    async def all_at_once() -> list[httpx.Response]:
        send = people.investor.client.request
        sent = [send(method, f"/api/v1{path}", json=body, headers=headers) for body in bodies]
        return list(await asyncio.gather(*sent))

    answers: list[httpx.Response] = people.investor.run(all_at_once())  # type: ignore[arg-type, assignment]
    return answers


def test_of_thirty_two_who_read_the_same_milestone_one_moves_it(phased: World, people: People) -> None:
    path = "/phases/alpha-1/milestones/W-E6"
    read = people.investor.get(path).headers["etag"]
    days = [f"2023-03-{day:02}" for day in range(1, 32)] + ["2023-04-01"]
    answers = at_once(people, "PATCH", path, [{"forecast_on": day} for day in days], **{"If-Match": read})
    assert sorted(a.status_code for a in answers) == [200] + [412] * (WRITERS - 1)
    winner = next(day for day, a in zip(days, answers, strict=True) if a.status_code == 200)
    assert people.investor.get(path).json()["forecast_on"] == winner
    assert len(people.investor.get(f"{path}/history").json()["items"]) == 1


def test_batches_at_once_are_made_whole_one_after_the_other(phased: World, people: People) -> None:
    names = ("W-E4", "W-E5", "W-E6", "W-E7", "W-E8")
    row = {"subject": "phase", "subject_code": "alpha-1"}
    days = [f"2023-03-{day:02}" for day in range(1, 32)] + ["2023-04-01"]
    # Every second one goes through them backwards, and would meet another in the middle.
    bodies = [
        {"rows": [{**row, "milestone": name, "plan_on": day} for name in names[:: 1 - n % 2 * 2]]}
        for n, day in enumerate(days)
    ]
    answers = at_once(people, "PATCH", "/milestones", bodies)
    assert [(a.status_code, a.json()["changed"]) for a in answers] == [(200, len(names))] * WRITERS
    found = people.investor.get("/phases/alpha-1/milestones").json()["items"]
    assert len({item["plan_on"] for item in found if item["milestone"] in names}) == 1
    history = people.investor.get("/phases/alpha-1/milestones/W-E6/history").json()["items"]
    assert sorted(entry["day"] for entry in history) == days
    assert [entry["revision"] for entry in history] == list(range(BEFORE + 1, BEFORE + 1 + WRITERS))
    assert people.department.get("/journal/verification").json()["holds"] is True


def test_thirty_two_declarations_at_once_are_thirty_two_tranches(people: People) -> None:
    headers = {"Authorization": f"Bearer {people.investor.key}"}

    async def all_at_once() -> list[httpx.Response]:
        send = people.investor.client.post
        address, body = "/api/v1/phases/alpha-1/tranches", factories.declaration(0.1)
        return list(
            await asyncio.gather(*(send(address, json=body, headers=headers) for _ in range(WRITERS)))
        )

    answers: list[httpx.Response] = people.investor.run(all_at_once())  # type: ignore[arg-type, assignment]
    assert {a.status_code for a in answers} == {201}
    assert {a.json()["code"] for a in answers} == {f"alpha.{n}" for n in range(1, WRITERS + 1)}
    assert people.investor.get("/capacity").json()["declared_mw"] == 3.2
    verdict = people.department.get("/journal/verification").json()
    assert (verdict["holds"], verdict["revisions"]) == (True, WRITERS + 1)


def test_of_thirty_two_who_claim_the_same_turbine_one_gets_it(people: People) -> None:
    assert (
        people.investor.post("/phases/alpha-1/turbines", {"number": "T1", "nameplate_mw": 4.2}).status_code
        == 201
    )
    headers = {"Authorization": f"Bearer {people.investor.key}"}

    async def all_at_once() -> list[httpx.Response]:
        send = people.investor.client.post
        address, body = "/api/v1/phases/alpha-1/tranches", factories.declaration(turbines=["T1"])
        return list(
            await asyncio.gather(*(send(address, json=body, headers=headers) for _ in range(WRITERS)))
        )

    answers: list[httpx.Response] = people.investor.run(all_at_once())  # type: ignore[arg-type, assignment]
    assert sorted(a.status_code for a in answers) == [201] + [422] * (WRITERS - 1)
    assert {a.json()["code"] for a in answers if a.status_code == 422} == {"turbine_twice"}
    assert people.investor.get("/capacity").json()["declared_mw"] == 4.2
