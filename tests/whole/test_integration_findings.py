"""What a review of the integration found, each held by the test that showed it."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import event, select
from sqlmodel import col

from app.db import Database, Session
from app.domain.vocabulary import QuarantineState
from app.formats import spreadsheets
from app.services import journal
from app.tables.exchanges import QuarantinedRecord
from app.tables.organisations import Organisation
from tests import exchanges, factories
from tests.conftest import People, serve, settings
from tests.reading import furnish
from tests.workbooks import XLSX, commit, download, send, sent


@pytest.fixture
def furnished(people: People) -> People:
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
        furnish(session, people.world, "alpha", "alpha-1")
    return people


@pytest.mark.parametrize("with_mark", [True, False])
def test_one_file_that_was_checked_twice_declares_its_tranche_once(
    furnished: People, with_mark: bool
) -> None:
    investor = furnished.investor
    book = download(investor)
    book.add("tranches", phase="alpha-1", capacity_mw=4_200, effective_on=date(2023, 1, 10))
    content = book.content(with_mark=with_mark)
    first, second = sent(investor, content), sent(investor, content)
    assert commit(investor, first).status_code == 200
    again = commit(investor, second)
    assert investor.get("/capacity").json()["declared_mw"] == 4.2
    assert again.status_code == 409, again.text


@contextmanager
def statements(people: People) -> Iterator[list[str]]:
    """What the database is asked while the block runs."""
    told: list[str] = []
    engine = people.app.state.tracker.db.reader

    def tell(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        told.append(statement)

    event.listen(engine, "before_cursor_execute", tell)
    yield told
    event.remove(engine, "before_cursor_execute", tell)


def test_who_looks_how_far_a_workbook_is_reads_no_file(furnished: People) -> None:
    """A file has up to 20 MB, a page of the list hundreds of them."""
    investor = furnished.investor
    made = sent(investor, download(investor).set("projects", "alpha", note="Đã họp").content())
    with statements(furnished) as told:
        assert len(investor.get("/workbooks/uploads").json()["items"]) == 1
        assert investor.get(f"/workbooks/uploads/{made['id']}").json()["state"] == "checked"
    assert told
    assert not [
        said for said in told if "workbook_upload.content" in said or "workbook_upload.findings" in said
    ]
    assert commit(investor, made).status_code == 200


def test_a_page_of_quarantined_records_asks_once_who_decided(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        exchanges.keep(session, people.world)
        waiting = session.get_one(QuarantinedRecord, 1)
        kept = waiting.model_dump(exclude={"id"})
        for number in range(2, 40):
            decided = {
                "state": QuarantineState.DISMISSED,
                "closed_by_id": 1 + number % 4,
                "record_id": f"{number}",
            }
            session.add(QuarantinedRecord(**{**kept, **decided}))
    with statements(people) as told:
        page = people.evn_spc.get("/exchanges/evn-spc/quarantine?state=dismissed&limit=100").json()
    assert {row["closed_by"] for row in page["items"]} == {"investor", "stranger", "department", "evn_spc"}
    assert len(told) < 6, told


@pytest.mark.parametrize("known_at", ["9999-12-31", "9999-12-31T23:59:59Z"])
def test_the_last_day_there_is_is_a_day_like_any_other(furnished: People, known_at: str) -> None:
    paths = (
        "/exports/commitments.csv",
        "/exports/entries.csv",
        "/commitments",
        "/land-table",
        "/oc4ids.json",
    )
    for path in paths:
        assert furnished.department.get(f"{path}?known_at={known_at}").status_code == 200, path


def test_the_cases_of_many_packages_cost_no_statement_each(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.commune(session)
        factories.grid_work(session)
    asked = []
    for numbers in (range(2), range(2, 12)):
        with people.world.database.changing(factories.stamp()) as session:
            for number in numbers:
                factories.clearance(session, f"land-{number}")
                factories.household(session, "H1", f"land-{number}")
        with statements(people) as told:
            assert people.evn_spc.get("/workbooks/cases.csv").text.count("land-") == numbers.stop
        asked.append(len(told))
    assert asked[0] == asked[1], asked


@pytest.mark.parametrize("depth", [50, 300, 900])
def test_a_record_that_is_nested_without_end_can_be_looked_at(people: People, depth: int) -> None:
    raw = '{"id": "1", "x": ' + "[" * depth + "]" * depth + "}"
    with people.world.database.changing(factories.stamp()) as session:
        exchanges.keep(session, people.world)
        session.get_one(QuarantinedRecord, 1).raw = raw
    answer = people.evn_spc.get("/exchanges/evn-spc/quarantine")
    assert answer.status_code == 200
    told = answer.json()["items"][0]["raw"]
    assert told == (json.loads(raw) if depth < 200 else raw)


@pytest.mark.parametrize("given", ["", ",", '"x", ', "*"])
def test_what_has_no_version_is_never_held_already(people: People, given: str) -> None:
    answer = people.evn_spc.get("/exchanges/evn-spc", If_None_Match=given)
    assert (answer.status_code, answer.json()["is_on"]) == (200, False)


def test_a_change_waits_for_a_long_rehearsal_and_is_not_refused_for_it(url: str) -> None:
    """As long as a workbook of thousands of rows is tried, the database is being written to."""
    database = Database(settings(url, busy_timeout_ms=50), seal=journal.seal)
    is_held, is_over = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        factories.organisation(session, "tried")
        is_held.set()
        is_over.wait(10)

    async def together() -> None:
        rehearsal = asyncio.create_task(database.rehearse(hold, factories.stamp()))
        await asyncio.to_thread(is_held.wait, 10)
        change = asyncio.create_task(
            database.change(lambda session: factories.organisation(session, "made"), factories.stamp())
        )
        await asyncio.wait({change}, timeout=0.3)
        is_over.set()
        await rehearsal
        await change

    asyncio.run(together())
    with database.reading() as session:
        assert session.execute(select(col(Organisation.code))).scalars().all() == ["made"]
    database.close()


def test_however_many_files_come_at_once_two_are_read_at_a_time(
    furnished: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    investor, lock, counts, most = furnished.investor, threading.Lock(), [0], [0]
    content = download(investor).set("projects", "alpha", note="Đã họp").content()
    read = spreadsheets.read

    def counted(*said: Any) -> Any:
        with lock:
            counts[0] += 1
            most[0] = max(most[0], counts[0])
        threading.Event().wait(0.05)
        found = read(*said)
        with lock:
            counts[0] -= 1
        return found

    monkeypatch.setattr(spreadsheets, "read", counted)
    headers = {"Authorization": f"Bearer {investor.key}", "Content-Type": XLSX}

    async def all_at_once() -> list[httpx.Response]:
        post = investor.client.post
        calls = [post("/api/v1/workbooks/uploads", content=content, headers=headers) for _ in range(6)]
        return list(await asyncio.gather(*calls))

    answers: Any = investor.run(all_at_once())  # type: ignore[arg-type]
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert most[0] == 2


def test_the_setting_for_files_holds_for_workbooks_too(world: factories.World, url: str) -> None:
    world.url = url
    with serve(world, max_file_bytes=10_000) as people:
        answer = send(people.investor, b"PK" + bytes(10_000))
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        assert people.investor.get("/workbooks/uploads").json()["items"] == []
