"""The change feed over HTTP: what a page holds, who sees what, what is refused, and how a reader waits."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.db import Database
from app.deps.tracker import Tracker
from app.schemas.changes import ChangesPage, SnapshotPage
from app.schemas.projects import PhaseChange
from app.services import journal
from app.services import projects as changing
from tests import factories
from tests.conftest import People, Person, serve, settings
from tests.whole.test_journal_covers import a_varied_life

Json = dict[str, Any]


def pages(who: Person, query: str = "", limit: int = 50) -> Iterator[Json]:
    """Every page of the feed as it stands."""
    after, more = "", True
    while more:
        answer = who.get(f"/changes?limit={limit}{query}{after}")
        assert answer.status_code == 200, answer.text
        page: Json = answer.json()
        after, more = f"&after={page['next']}", page["more"]
        yield page


def facts(who: Person, query: str = "", limit: int = 50) -> list[Json]:
    return [fact for page in pages(who, query, limit) for fact in page["items"]]


def place(fact: Json) -> tuple[int, int]:
    return fact["revision"], fact["position"]


def cursor(who: Person) -> str:
    """Where the feed stands for somebody now."""
    *_, last = pages(who, limit=500)
    found: str = last["next"]
    return found


def refused(answer: httpx.Response) -> tuple[str, str]:
    """The failing field and the problem of a refusal."""
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    return problem["errors"][0]["field"], problem["errors"][0]["code"]


def test_pages_of_any_size_hold_the_same_facts_in_the_order_of_the_journal(people: People) -> None:
    a_varied_life(people)
    whole = facts(people.department, limit=5_000)
    told = people.department.get("/journal?limit=500").json()["items"]
    stated = [(r["number"], f["kind"]) for r in reversed(told) for f in r["facts"]]
    assert [(fact["revision"], fact["kind"]) for fact in whole] == stated
    assert [place(fact) for fact in whole] == sorted({place(fact) for fact in whole})
    for limit in (1, 7, 500):
        assert facts(people.department, limit=limit) == whole


def test_every_answer_is_true_to_its_schema_and_to_what_a_model_would_send(people: People) -> None:
    a_varied_life(people)
    for who in (people.department, people.investor, people.stranger, people.evn_spc, people.anonymous):
        feed, snapshot = who.get("/changes?limit=5000"), who.get("/changes/snapshot?limit=5000")
        assert json.loads(ChangesPage.model_validate_json(feed.content).model_dump_json()) == feed.json()
        assert json.loads(SnapshotPage.model_validate_json(snapshot.content).model_dump_json()) == (
            snapshot.json()
        )


def test_nothing_personal_and_no_secret_is_in_the_feed(people: People) -> None:
    a_varied_life(people)
    told = people.department.get("/changes?limit=5000").text + people.department.get("/changes/snapshot").text
    for word in ("Nguyễn", "password_hash", "digest", "investor_id", "owner_id", '"kw"'):
        assert word not in told


def test_who_stated_a_fact_is_told_as_far_as_the_reader_may_know(people: People) -> None:
    people.investor.patch("/phases/alpha-1", {"turbine_count": 7})
    told = {
        name: facts(getattr(people, name), "&kind=phase.changed")[0]["actor"]
        for name in ("investor", "evn_spc", "department", "stranger", "anonymous")
    }
    mine = {"role": "investor", "organisation": "mekong-wind", "user": "investor"}
    assert told["investor"] == told["department"] == mine
    assert told["evn_spc"] == mine | {"user": None}
    assert told["stranger"] is told["anonymous"] is None


def test_a_stranger_is_told_nothing_of_what_the_api_hides(people: People) -> None:
    a_varied_life(people)
    seen = facts(people.stranger)
    assert {fact["subject"] for fact in seen} == {
        *("organisation", "project", "phase", "target", "grid_work", "administrative_unit"),
        *("evacuation_group", "evacuation_path", "evacuation_limit", "reported_figure"),
    }
    text = json.dumps([fact for fact in seen if fact["subject"] in ("project", "phase")])
    for word in ("tranche", "letter", "price_regime", "reason", "declared", "disputed", '"note"'):
        assert word not in text


def test_the_feed_is_narrowed_by_kind_subject_and_code(people: People) -> None:
    a_varied_life(people)
    whole = facts(people.department)
    for query, wanted in (
        ("&kind=turbine.created", lambda f: f["kind"] == "turbine.created"),
        (
            "&kind=turbine.created&kind=cod.confirmed",
            lambda f: f["kind"] in ("turbine.created", "cod.confirmed"),
        ),
        ("&subject=tower", lambda f: f["subject"] == "tower"),
        ("&subject=phase&code=alpha-1", lambda f: (f["subject"], f["code"]) == ("phase", "alpha-1")),
        ("&subject=phase&code=alpha-1&kind=capacity.corrected", lambda f: f["kind"] == "capacity.corrected"),
    ):
        found = facts(people.department, query, limit=3)
        assert found, query
        assert found == [fact for fact in whole if wanted(fact)], query
    for who in (people.stranger, people.investor):
        whole = facts(who)
        found = facts(who, "&subject=phase&code=alpha-1", limit=2)
        assert found == [f for f in whole if (f["subject"], f["code"]) == ("phase", "alpha-1")] != []
    shown = people.stranger.get("/changes/snapshot?subject=phase").json()["items"]
    assert {item["subject"] for item in shown} == {"phase"}
    assert any(entry["kind"] == "cod.confirmed" for item in shown for entry in item["entries"])


def test_the_next_page_is_known_on_an_empty_page_too(people: People) -> None:
    place = cursor(people.investor)
    page = people.investor.get(f"/changes?after={place}").json()
    assert (page["items"], page["more"], page["reset"]) == ([], False, False)
    people.investor.patch("/phases/alpha-1", {"turbine_count": 7})
    page = people.investor.get(f"/changes?after={page['next']}").json()
    assert [fact["kind"] for fact in page["items"]] == ["phase.changed"]
    # What somebody may not see moves their cursor all the same.
    people.department.patch("/phases/alpha-1", {"note": "Kín"})
    place = people.stranger.get(f"/changes?after={cursor(people.stranger)}").json()
    assert place["items"] == []


def test_formatting_makes_no_fact(people: People) -> None:
    people.investor.put("/phases/alpha-1/turbines/T1", {"nameplate_mw": 4.2, "note": "Cánh mới"})
    people.department.patch("/projects/alpha", {"name": "Gió Đông", "aliases": ["Đông"]})
    people.department.patch("/phases/alpha-1", {"nominal_mw": 29.4})
    place = cursor(people.department)
    for answer in (
        people.investor.put("/phases/alpha-1/turbines/T1", {"note": " Cánh mới\n", "nameplate_mw": 4.20}),
        people.department.patch("/projects/alpha", {"aliases": ["Đông "], "name": "  Gió Đông "}),
        people.department.ask(
            "PATCH", "/phases/alpha-1", b'{"nominal_mw": 29.400}', Content_Type="application/json"
        ),
        people.department.patch("/targets/377mw-2023", {"capacity_mw": 377.0, "due_on": "2023-12-31"}),
    ):
        assert answer.status_code == 200, answer.text
    page = people.department.get(f"/changes?after={place}").json()
    assert (page["items"], page["next"]) == ([], place)


@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=5001", "limit", "out_of_range"),
        ("limit=many", "limit", "not_a_whole_number"),
        ("wait=-1", "wait", "out_of_range"),
        ("wait=31", "wait", "out_of_range"),
        ("kind=turbine.flown", "kind.0", "not_a_word"),
        ("subject=turbin", "subject", "not_a_word"),
        ("code=alpha-1", "subject", "field_missing"),
        ("after=12", "after", "cursor"),
        ("after=xx.yy", "after", "cursor"),
        ("after=%C3%A9.%C3%A9", "after", "cursor"),
        ("since=3", "since", "parameter_unknown"),
    ],
)
def test_bad_input_is_refused_by_its_name_in_the_readers_language(
    people: People, query: str, field: str, problem: str
) -> None:
    answer = people.investor.get(f"/changes?{query}")
    assert refused(answer) == (field, problem)
    vi = answer.json()["errors"][0]["message"]
    en = people.investor.get(f"/changes?{query}&lang=en").json()["errors"][0]["message"]
    assert vi != en


@pytest.mark.parametrize(
    ("query", "field", "problem"),
    [
        ("limit=0", "limit", "out_of_range"),
        ("limit=5001", "limit", "out_of_range"),
        ("subject=turbin", "subject", "not_a_word"),
        ("cursor=xx.yy", "cursor", "cursor"),
        ("after=3", "after", "parameter_unknown"),
    ],
)
def test_bad_input_of_a_snapshot_is_refused(people: People, query: str, field: str, problem: str) -> None:
    assert refused(people.investor.get(f"/changes/snapshot?{query}")) == (field, problem)


def test_a_cursor_is_good_for_its_own_organisation_role_and_use(people: People) -> None:
    persons = (people.investor, people.stranger, people.department, people.evn_spc, people.anonymous)
    for owner in persons:
        page, part = owner.get("/changes?limit=1").json(), owner.get("/changes/snapshot?limit=1").json()
        for who in persons:
            answer = who.get(f"/changes?after={page['next']}")
            if who is owner:
                assert answer.status_code == 200
            else:
                assert refused(answer) == ("after", "cursor")
        if part["next"] is not None:
            assert refused(owner.get(f"/changes?after={part['next']}")) == ("after", "cursor")
        assert refused(owner.get(f"/changes/snapshot?cursor={page['next']}")) == ("cursor", "cursor")
    spoilt = page["next"].replace(".", "A.", 1)
    assert refused(people.anonymous.get(f"/changes?after={spoilt}")) == ("after", "cursor")
    # Another list's cursor, signed with the same secret.
    other = people.department.get("/journal?limit=1").json()["next"]
    assert refused(people.department.get(f"/changes?after={other}")) == ("after", "cursor")


def test_a_cursor_beyond_the_journal_is_refused(people: People) -> None:
    """A database brought back from a backup says other things under the numbers that were read."""
    ahead = cursor(people.department)
    tracker: Tracker = people.app.state.tracker
    if not tracker.db.is_sqlite:
        pytest.skip("the journal is cut off by hand")
    people.investor.patch("/phases/alpha-1", {"turbine_count": 7})
    beyond = people.department.get(f"/changes?after={ahead}").json()["next"]
    with sqlite3.connect(Path(people.world.url.removeprefix("sqlite:///"))) as cut:
        cut.execute("DELETE FROM fact WHERE revision = (SELECT MAX(number) FROM revision)")
        cut.execute("DELETE FROM revision WHERE number = (SELECT MAX(number) FROM revision)")
    cut.close()
    assert refused(people.department.get(f"/changes?after={beyond}")) == ("after", "cursor")


def test_a_page_that_was_asked_for_is_held_and_one_that_waits_is_not(people: People) -> None:
    answer = people.investor.get("/changes?limit=5")
    again = people.investor.get("/changes?limit=5", If_None_Match=answer.headers["etag"])
    assert again.status_code == 304
    waited = people.investor.get("/changes?limit=5&wait=1")
    assert "etag" not in waited.headers
    assert waited.headers["cache-control"] == "no-store"
    assert people.investor.get("/changes?limit=5&wait=1", If_None_Match="*").status_code == 200
    assert waited.json()["items"] == answer.json()["items"]


Body = Callable[[], Coroutine[Any, Any, Any]]


def run(people: People, body: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine on the event loop of the service."""
    return people.investor.run(body)


async def ask(who: Person, path: str) -> httpx.Response:
    headers = {} if who.key is None else {"Authorization": f"Bearer {who.key}"}
    return await who.client.request("GET", f"/api/v1{path}", headers=headers)


async def until_waiting(tracker: Tracker, count: int = 1) -> None:
    """Returns once so many readers wait."""
    while tracker.watch.waiting != count:
        await asyncio.sleep(0)


def one_more(database: Database, world: factories.World, count: int) -> None:
    with database.changing(factories.stamp()) as session:
        change = PhaseChange(turbine_count=count)
        changing.change_phase(session, world.investor, "alpha-1", change, None)


def test_whoever_waits_is_woken_by_a_change_of_the_same_process(people: People) -> None:
    place, tracker = cursor(people.investor), people.app.state.tracker

    async def both() -> httpx.Response:
        waiting = asyncio.create_task(ask(people.investor, f"/changes?after={place}&wait=30"))
        await until_waiting(tracker)
        headers = {"Authorization": f"Bearer {people.investor.key}"}
        body = {"turbine_count": 9}
        made = await people.investor.client.patch("/api/v1/phases/alpha-1", json=body, headers=headers)
        assert made.status_code == 200
        return await waiting

    page = run(people, both()).json()
    assert [fact["after"] for fact in page["items"]] == [{"turbine_count": 9}]
    assert tracker.watch.waiting == 0


def test_whoever_waits_is_woken_by_another_process(people: People) -> None:
    place, tracker = cursor(people.investor), people.app.state.tracker
    other = Database(settings(people.world.url), seal=journal.seal)

    async def both() -> httpx.Response:
        waiting = asyncio.create_task(ask(people.investor, f"/changes?after={place}&wait=30"))
        await until_waiting(tracker)
        await asyncio.to_thread(one_more, other, people.world, 5)
        return await waiting

    page = run(people, both()).json()
    other.close()
    assert [fact["after"] for fact in page["items"]] == [{"turbine_count": 5}]


def test_what_a_reader_may_not_see_does_not_end_its_wait(people: People) -> None:
    place, tracker = cursor(people.stranger), people.app.state.tracker

    async def both() -> httpx.Response:
        waiting = asyncio.create_task(ask(people.stranger, f"/changes?after={place}&wait=30"))
        await until_waiting(tracker)
        headers = {"Authorization": f"Bearer {people.department.key}"}
        client = people.department.client
        for change in ({"note": "Kín"}, {"turbine_count": 4}):
            await client.patch("/api/v1/phases/alpha-1", json=change, headers=headers)
        return await waiting

    page = run(people, both()).json()
    assert [fact["after"] for fact in page["items"]] == [{"turbine_count": 4}]


def test_a_wait_that_is_over_ends_with_an_empty_page(people: People) -> None:
    place = cursor(people.investor)
    page = people.investor.get(f"/changes?after={place}&wait=1").json()
    assert (page["items"], page["next"], page["more"]) == ([], place, False)


def test_waiting_holds_no_thread_and_no_connection(people: People) -> None:
    """More wait than there are threads and connections, and a change is made all the same."""
    place, tracker = cursor(people.investor), people.app.state.tracker
    many = 3 * tracker.settings.database_threads

    async def crowd() -> list[httpx.Response]:
        path = f"/changes?after={place}&wait=30"
        waiting = [asyncio.create_task(ask(people.investor, path)) for _ in range(many)]
        await until_waiting(tracker, many)
        assert (await ask(people.department, "/me")).status_code == 200
        await asyncio.to_thread(one_more, people.world.database, people.world, 8)
        return list(await asyncio.gather(*waiting))

    for answer in run(people, crowd()):
        assert [fact["after"] for fact in answer.json()["items"]] == [{"turbine_count": 8}]


def test_a_key_that_is_revoked_while_it_waits_is_told_nothing_more(people: People) -> None:
    made = people.department.post(
        "/keys", {"organisation": "mekong-wind", "role": "investor", "login": "investor"}
    ).json()
    guest = Person(people.investor.client, people.investor.run, made["key"])
    place, tracker = cursor(guest), people.app.state.tracker

    async def both() -> httpx.Response:
        waiting = asyncio.create_task(ask(guest, f"/changes?after={place}&wait=30"))
        await until_waiting(tracker)
        headers = {"Authorization": f"Bearer {people.department.key}"}
        await people.department.client.post(
            f"/api/v1/keys/{made['prefix']}/revocation", json={}, headers=headers
        )
        return await waiting

    assert run(people, both()).status_code == 401


def test_a_client_that_has_gone_is_not_waited_for(people: People) -> None:
    place, tracker = cursor(people.investor), people.app.state.tracker
    gone = asyncio.Event()

    async def both() -> list[Json]:
        told: list[Json] = []

        async def receive() -> Json:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Json) -> None:
            told.append(message)

        scope = {
            **{"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET"},
            **{"scheme": "http", "path": "/api/v1/changes", "raw_path": b"/api/v1/changes", "root_path": ""},
            "query_string": f"after={place}&wait=30".encode(),
            "headers": [(b"authorization", f"Bearer {people.investor.key}".encode())],
            **{"client": ("127.0.0.1", 1), "server": ("tracker.test", 80), "state": {}},
        }
        asked = asyncio.create_task(people.app(scope, receive, send))
        await until_waiting(tracker)
        gone.set()
        await asyncio.wait_for(asked, 5)
        return told

    run(people, both())
    assert tracker.watch.waiting == 0


def test_whoever_waits_is_let_go_when_the_service_stops(
    world: factories.World, url: str, tmp_path: Path
) -> None:
    world.url = url
    with serve(world, data_folder=tmp_path / "files") as people:
        place, tracker = cursor(people.investor), people.app.state.tracker

        async def both() -> httpx.Response:
            waiting = asyncio.create_task(ask(people.investor, f"/changes?after={place}&wait=30"))
            await until_waiting(tracker)
            tracker.watch.close()
            return await asyncio.wait_for(waiting, 5)

        assert run(people, both()).json()["items"] == []
        # And whoever comes now does not begin to wait.
        assert run(people, ask(people.investor, f"/changes?after={place}&wait=30")).json()["items"] == []
