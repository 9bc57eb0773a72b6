"""The exchange over the wire: the department and EVN SPC see how it goes, and decide on what waits."""

from pathlib import Path
from typing import Any

import pytest

from app.domain.vocabulary import Stream
from app.simulator import Upstream
from tests import exchanges, factories
from tests.conftest import People, serve
from tests.exchanges import LOGIN, STARTS_AT, TICK, pull, running, simulator, tower
from tests.factories import World

BASE = "/exchanges/evn-spc"


@pytest.fixture
def ready(sqlite_database, sqlite_url: str) -> World:  # type: ignore[no-untyped-def]
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    exchanges.furnish(world)
    return world


def get(people: People, path: str = "") -> Any:
    answer = people.department.get(f"{BASE}{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_nothing_was_pulled_yet(ready: World) -> None:
    with serve(ready) as people:
        said = get(people)
        assert (said["is_on"], said["last_run"], said["waiting"], said["fresh_at"]) == (False, None, 0, None)
        assert get(people, "/runs") == {"items": [], "next": None}
        assert people.department.get(f"{BASE}/report").status_code == 404
        assert people.department.get(f"{BASE}/runs/1/report").status_code == 404


def test_runs_reports_and_quarantine_are_told(ready: World) -> None:
    upstream = Upstream(STARTS_AT, TICK)
    upstream.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02", truong_moi=1))
    upstream.put(Stream.TOWERS, "2", **tower(99, "MAT_BANG", "2023-01-02"))
    with running(simulator(upstream)) as url:
        for _ in range(2):
            pull(ready.database, url)
    with serve(ready, evn_spc_url="http://127.0.0.1:1", evn_spc_login=LOGIN) as people:
        said = get(people)
        assert (said["is_on"], said["is_running"], said["waiting"]) == (True, False, 1)
        assert said["cursors"][0]["stream"] == "tower-progress"
        first = get(people, "/runs?limit=1")
        assert (first["items"][0]["id"], first["items"][0]["state"], first["items"][0]["differences"]) == (
            2,
            "done",
            1,
        )
        second = get(people, f"/runs?limit=1&cursor={first['next']}")
        towers = second["items"][0]["passes"][0]
        assert (towers["records"], towers["applied"], towers["quarantined"], towers["unknown"]) == (
            2,
            1,
            1,
            ["truong_moi"],
        )
        report = get(people, "/report")
        assert report == get(people, "/runs/1/report")
        assert report["stages"][0]["ours_done"] == 1
        assert [unit["number"] for unit in report["units"]] == ["99"]
        kept = get(people, "/quarantine?stream=tower-progress")["items"]
        assert [(row["record"], row["problem"], row["raw"]["so_vi_tri"]) for row in kept] == [
            ("2", "unknown_unit", "VT-099")
        ]
        assert (
            kept[0]["message"]
            != people.department.get(f"{BASE}/quarantine?lang=en").json()["items"][0]["message"]
        )


def test_figures_that_were_brought_in_whole_are_fresh_though_nobody_reports(ready: World) -> None:
    def word(people: People) -> tuple[object, ...]:
        listed = people.department.get("/reporting").json()["items"]
        (own,) = [one for one in listed if one["organisation"] == "evn-spc"]
        return own["state"], own["last_change_on"], own["last_pulled_at"] is None, own["freshness"]

    with serve(ready, evn_spc_login=LOGIN) as people:
        assert word(people) == ("silent", None, True, "stale")
        with running(simulator(Upstream(STARTS_AT, TICK))) as url:
            pull(ready.database, url)
        # The pull brought nothing new, and so it is known that nothing is missing; it stands in for no report.
        assert word(people) == ("silent", None, False, "fresh")


def test_what_waits_is_tried_again_or_laid_aside_once(ready: World, tmp_path: Path) -> None:
    upstream = Upstream(STARTS_AT, TICK)
    upstream.put(Stream.TOWERS, "1", **tower(99, "MAT_BANG", "2023-01-02"))
    upstream.put(Stream.TOWERS, "2", **tower(13, "MAT_BANG", "2023-01-02"))
    with running(simulator(upstream)) as url:
        pull(ready.database, url)
    with ready.database.changing(factories.stamp()) as session:
        factories.unit(session, "13", position=13)
    mapping = exchanges.mapping_file(tmp_path)
    with serve(ready, evn_spc_login=LOGIN, evn_spc_mapping=mapping) as people:
        one, two = (f"{BASE}/quarantine/{n}" for n in (1, 2))
        again = people.evn_spc.post(f"{one}/retry", {}).json()
        assert (again["state"], again["problem"], again["tries"]) == ("waiting", "unknown_unit", 3)
        assert people.department.post(f"{two}/retry", {}).json()["state"] == "released"
        assert people.department.post(f"{two}/retry", {}).status_code == 409
        aside = people.evn_spc.post(f"{one}/dismissal", {"reason": "Vị trí thử"}).json()
        assert (aside["state"], aside["reason"], aside["closed_by"]) == ("dismissed", "Vị trí thử", "evn_spc")
        for path in (one, two):
            assert people.evn_spc.post(f"{path}/dismissal", {"reason": "x"}).status_code == 409
        assert people.evn_spc.post(f"{BASE}/quarantine/7/retry", {}).status_code == 404
        assert people.evn_spc.post(f"{one}/dismissal", {}).status_code == 422
        assert get(people, "/quarantine")["items"] == []
        states = {row["record"]: row["state"] for row in get(people, "/quarantine?state=dismissed")["items"]}
        assert states == {"1": "dismissed"}
        fact = people.department.get("/journal?limit=1").json()["items"][0]["facts"][0]
        assert fact["kind"] == "exchange.dismissed"
        assert "so_vi_tri" not in str(fact)
    assert exchanges.state(ready.database)["line/13/site"].is_done


def test_without_its_user_nothing_is_tried(ready: World) -> None:
    with ready.database.changing(factories.stamp()) as session:
        exchanges.keep(session, ready)
    with serve(ready, evn_spc_login="nobody") as people:
        answer = people.department.post(f"{BASE}/quarantine/1/retry", {})
        assert (answer.status_code, answer.json()["code"]) == (422, "exchange_no_user")
        for stranger in (people.investor, people.anonymous):
            assert stranger.get(BASE).status_code in (401, 403)
