"""Grid works, who needs them and their land over the wire: who sees what, who changes what, and what is refused."""

from typing import Any

import httpx
import pytest

from tests import factories
from tests.conftest import People

LINE = {
    "code": "line",
    "kind": "line",
    "name": "Đường dây 110kV Phú Thuận - Bình Đại",
    "voltage_kv": 110,
    "length_km": 22.7,
    "towers_total": 88,
    "route": "Phú Thuận - Bình Đại",
    "note": "Sáu xã",
}
LAND = {"code": "land", "name": "Xã Định Trung", "track": "recovered_land", "work": "line"}
DETAIL = (
    *("circuits", "mva", "cost_vnd", "towers_total", "sections_total"),
    *("route", "crosses_live_line", "takes_rice_land"),
    *("confidence", "note"),
)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx.Response) -> list[tuple[str | None, str]]:
    return [(error.get("field"), error["code"]) for error in answer.json().get("errors", [])]


def codes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["code"] for item in answer.json()["items"]]


def named(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "name_en": None}


@pytest.fixture
def line(people: People) -> People:
    """EVN SPC's line, which the investor's phase needs, and a package of its land."""
    assert people.evn_spc.post("/grid-works", LINE).status_code == 201
    assert (
        people.evn_spc.put("/phases/alpha-1/connections/line", {"kind": "point_of_connection"}).status_code
        == 200
    )
    assert people.evn_spc.post("/clearances", LAND).status_code == 201
    return people


def test_a_grid_company_adds_and_changes_its_work(people: People) -> None:
    made = people.evn_spc.post("/grid-works", LINE)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/grid-works/line")
    assert made.json()["owner"] == {"code": "evn-spc", "name": "Tổ chức evn-spc", "name_en": None}
    assert {name: made.json()[name] for name in LINE} == LINE
    assert made.json()["circuits"] is None
    assert made.json() == people.evn_spc.get("/grid-works/line").json()
    change = {"circuits": 2, "note": None}
    changed = people.evn_spc.patch("/grid-works/line", change, If_Match=made.headers["etag"])
    assert changed.json() == made.json() | change | {"revision": changed.json()["revision"]}
    assert changed.json()["revision"] > made.json()["revision"]
    stale = people.evn_spc.patch("/grid-works/line", {"circuits": 1}, If_Match=made.headers["etag"])
    assert problem(stale) == (412, "stale")
    again = people.evn_spc.patch("/grid-works/line", change, If_Match=changed.headers["etag"])
    assert again.json() == changed.json()


def test_the_summary_of_a_work_is_public_and_its_detail_for_those_who_need_it(line: People) -> None:
    full = line.department.get("/grid-works/line").json()
    assert full["towers_total"] == 88
    summary = full | dict.fromkeys(DETAIL)
    for person, there in (
        (line.evn_spc, full),
        (line.investor, full),
        (line.stranger, summary),
        (line.anonymous, summary),
    ):
        assert person.get("/grid-works/line").json() == there
    (listed,) = line.anonymous.get("/grid-works").json()["items"]
    assert listed == {name: value for name, value in full.items() if name not in (*DETAIL, "revision")}
    assert problem(line.department.get("/grid-works/nowhere")) == (404, "not_found")


def test_works_are_listed_in_pages_and_by_kind_owner_and_district(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        for code, more in (("a", {}), ("b", {"kind": "bay"}), ("c", {"owner": None})):
            factories.grid_work(session, code, **more)
    first = people.anonymous.get("/grid-works?limit=2")
    assert codes(first) == ["a", "b"]
    assert codes(people.anonymous.get(first.links["next"]["url"])) == ["c"]
    for query, expected in (
        ("kind=bay", ["b"]),
        ("kind=line", ["a", "c"]),
        ("owner=evn-spc", ["a", "b"]),
        ("owner=nobody", []),
        ("district=nowhere", []),
    ):
        assert codes(people.anonymous.get(f"/grid-works?{query}")) == expected
    assert problem(people.anonymous.get("/grid-works?kind=tunnel")) == (422, "not_a_word")
    assert problem(people.anonymous.get("/grid-works?colour=red")) == (422, "parameter_unknown")


def test_evn_spc_does_not_touch_the_gen_tie_of_an_investor(line: People) -> None:
    tie = {"code": "tie", "kind": "line", "name": "Đường dây đấu nối", "owner": "mekong-wind"}
    assert problem(line.evn_spc.post("/grid-works", tie)) == (403, "not_allowed")
    assert line.department.post("/grid-works", tie).status_code == 201
    corridor = {"code": "tie-corridor", "name": "Hành lang", "track": "corridor", "work": "tie"}
    calls: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
        ("PATCH", "/grid-works/tie", {"note": "x"}),
        ("PUT", "/phases/alpha-1/connections/tie", {"kind": "gen_tie"}),
        ("POST", "/clearances", corridor),
    )
    for method, path, body in calls:
        assert problem(line.evn_spc.ask(method, path, body)) == (403, "not_allowed")
    for method, path, body in calls:
        assert line.department.ask(method, path, body).status_code in (200, 201)
    assert problem(line.evn_spc.delete("/phases/alpha-1/connections/tie")) == (403, "not_allowed")
    assert problem(line.evn_spc.patch("/clearances/tie-corridor", {"note": "x"})) == (403, "not_allowed")
    assert line.department.delete("/phases/alpha-1/connections/tie").status_code == 204
    # Its own tie an investor sees also without a connection.
    assert codes(line.investor.get("/clearances?work=tie")) == ["tie-corridor"]


def test_investors_keep_no_works_connections_or_clearances(line: People) -> None:
    calls: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
        ("POST", "/grid-works", {**LINE, "code": "own"}),
        ("PATCH", "/grid-works/line", {"note": "x"}),
        ("PUT", "/phases/alpha-1/connections/line", {"kind": "gen_tie"}),
        ("DELETE", "/phases/alpha-1/connections/line", None),
        ("POST", "/clearances", {**LAND, "code": "own"}),
        ("PATCH", "/clearances/land", {"note": "x"}),
    )
    for method, path, body in calls:
        assert problem(line.investor.ask(method, path, body)) == (403, "not_allowed")
        assert problem(line.anonymous.ask(method, path, body)) == (401, "key_missing")


def test_a_connection_is_put_twice_and_changes_once(line: People) -> None:
    body = {"kind": "evacuation", "is_illustrative": True, "note": "Minh họa"}
    before = line.investor.get("/phases/alpha-1/connections")
    put = line.evn_spc.put("/phases/alpha-1/connections/line", body, If_Match=before.headers["etag"])
    assert put.json() == {
        "phase": {"code": "alpha-1", "name": "Giai đoạn alpha-1", "name_en": None},
        "project": "alpha",
        "work": {"code": "line", "name": LINE["name"], "name_en": None},
        **body,
        "sources": [],
        "revision": put.json()["revision"],
    }
    assert line.evn_spc.put("/phases/alpha-1/connections/line", body).json() == put.json()
    assert line.investor.get("/phases/alpha-1/connections").json()["items"] == [put.json()]
    assert line.investor.get("/grid-works/line/connections").json()["items"] == [put.json()]
    # Both ends have moved, so whoever has read one of them before is told.
    assert line.investor.get("/projects/alpha").json()["revision"] == put.json()["revision"]
    assert line.anonymous.get("/grid-works/line").json()["revision"] == put.json()["revision"]
    for method, sent in (("PUT", {"kind": "gen_tie"}), ("DELETE", None)):
        stale = line.evn_spc.ask(
            method, "/phases/alpha-1/connections/line", sent, If_Match=before.headers["etag"]
        )
        assert problem(stale) == (412, "stale")
    removed = line.evn_spc.delete("/phases/alpha-1/connections/line", If_Match=put.headers["etag"])
    assert removed.status_code == 204
    assert problem(line.evn_spc.delete("/phases/alpha-1/connections/line")) == (404, "not_found")
    assert line.investor.get("/phases/alpha-1/connections").json()["items"] == []
    # Nothing of the investor's needs the line any more, so it is another's again.
    assert problem(line.investor.get("/grid-works/line/connections")) == (404, "not_found")
    assert problem(line.investor.get("/clearances/land")) == (404, "not_found")


def test_what_hangs_on_the_works_of_others_is_not_there(line: People) -> None:
    for path in ("/grid-works/line/connections", "/phases/alpha-1/connections", "/clearances/land"):
        assert line.investor.get(path).status_code == 200
        assert problem(line.stranger.get(path)) == (404, "not_found")
        assert problem(line.anonymous.get(path)) == (401, "key_missing")
    assert codes(line.stranger.get("/clearances")) == []
    assert codes(line.stranger.get("/clearances?work=line")) == []


def test_of_a_shared_line_an_investor_sees_its_own_connection_alone(line: People) -> None:
    with line.world.database.changing(factories.stamp()) as session:
        factories.project(session, "beta", investor="other-wind")
        factories.phase(session, "beta-1", "beta")
        factories.connection(session, "beta-1")
    for person, phases in (
        (line.investor, ["alpha-1"]),
        (line.stranger, ["beta-1"]),
        (line.department, ["alpha-1", "beta-1"]),
    ):
        items = person.get("/grid-works/line/connections").json()["items"]
        assert [item["phase"]["code"] for item in items] == phases
    assert codes(line.stranger.get("/clearances")) == ["land"]


@pytest.mark.parametrize(
    ("path", "body", "expected", "field"),
    [
        ("/phases/nowhere/connections/line", {"kind": "gen_tie"}, (404, "not_found"), None),
        ("/phases/alpha-1/connections/nowhere", {"kind": "gen_tie"}, (422, "unknown_work"), "work"),
        ("/phases/alpha-1/connections/line", {"kind": "cable"}, (422, "not_a_word"), "kind"),
        ("/phases/alpha-1/connections/line", {}, (422, "field_missing"), "kind"),
        ("/phases/alpha-1/connections/line", {"kind": "gen_tie", "x": 1}, (422, "field_unknown"), "x"),
        ("/phases/alpha-1/connections/line", {"kind": "gen_tie", "sources": ["X"]}, (422, "unknown_source"), "sources"),
    ],
)  # fmt: skip
def test_a_connection_that_does_not_fit_is_refused(
    line: People, path: str, body: dict[str, Any], expected: tuple[int, str], field: str | None
) -> None:
    before = line.department.get("/phases/alpha-1/connections").json()
    answer = line.department.put(path, body)
    assert problem(answer) == expected
    assert fields(answer) == ([] if field is None else [(field, expected[1])])
    assert line.department.get("/phases/alpha-1/connections").json() == before


def test_a_package_is_added_changed_and_listed(line: People) -> None:
    own = {"code": "plant", "name": "Mặt bằng nhà máy", "track": "recovered_land", "project": "alpha"}
    made = line.department.post("/clearances", own)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/clearances/plant")
    assert made.json()["project"] == {"code": "alpha", "name": "Dự án alpha", "name_en": None}
    assert made.json()["work"] is None
    with line.world.database.changing(factories.stamp()) as session:
        factories.commune(session)
    change = {"commune": "xa-thua-duc", "note": "Đợt 1"}
    changed = line.department.patch("/clearances/plant", change, If_Match=made.headers["etag"])
    # The commune brings its district along.
    place = {
        "commune": named("xa-thua-duc", "Xã xa-thua-duc"),
        "district": named("binh-dai", "Huyện binh-dai"),
    }
    assert changed.json() == made.json() | change | place | {"revision": changed.json()["revision"]}
    assert changed.json()["revision"] > made.json()["revision"]
    assert line.investor.get("/clearances/plant").json() == changed.json()
    stale = line.department.patch("/clearances/plant", {"note": "x"}, If_Match=made.headers["etag"])
    assert problem(stale) == (412, "stale")
    first = line.investor.get("/clearances?limit=1")
    assert codes(first) == ["land"]
    assert codes(line.investor.get(first.links["next"]["url"])) == ["plant"]
    for query, expected in (
        ("work=line", ["land"]),
        ("project=alpha", ["plant"]),
        ("track=recovered_land", ["land", "plant"]),
        ("track=corridor", []),
        ("district=nowhere", []),
        ("district=binh-dai", ["plant"]),
        ("commune=xa-thua-duc", ["plant"]),
        ("commune=nowhere", []),
    ):
        assert codes(line.department.get(f"/clearances?{query}")) == expected


@pytest.mark.parametrize(
    ("change", "status", "field", "code"),
    [
        ({"project": "alpha"}, 422, "work", "one_holder"),
        ({"work": None}, 422, "work", "one_holder"),
        ({"work": None, "project": "alpha", "track": "corridor"}, 422, "track", "corridor_needs_work"),
        ({"work": "nowhere"}, 422, "work", "unknown_work"),
        ({"work": None, "project": "nowhere"}, 422, "project", "unknown_project"),
        ({"district": "nowhere"}, 422, "district", "unknown_district"),
        ({"commune": "nowhere"}, 422, "commune", "unknown_commune"),
        ({"commune": "binh-dai"}, 422, "commune", "unknown_commune"),
        ({"commune": "xa-thua-duc", "district": "chau-thanh"}, 422, "commune", "commune_elsewhere"),
        ({"commune": "Thừa Đức"}, 422, "commune", "code_form"),
        ({"track": "air"}, 422, "track", "not_a_word"),
        ({"name": ""}, 422, "name", "text_length"),
        ({"household": "x"}, 422, "household", "field_unknown"),
        ({"code": "land"}, 409, "code", "taken"),
    ],
)
def test_a_package_that_does_not_fit_is_refused(
    line: People, change: dict[str, Any], status: int, field: str, code: str
) -> None:
    with line.world.database.changing(factories.stamp()) as session:
        factories.commune(session)
        factories.commune(session, "xa-giao-long", "chau-thanh")
    answer = line.department.post("/clearances", {**LAND, "code": "new", **change})
    assert problem(answer) == (status, code)
    assert fields(answer) == [(field, code)]
    assert codes(line.department.get("/clearances")) == ["land"]


@pytest.mark.parametrize(
    ("change", "status", "field", "code"),
    [
        ({"owner": "nobody"}, 422, "owner", "unknown_organisation"),
        ({"district": "nowhere"}, 422, "district", "unknown_district"),
        ({"kind": None}, 422, "kind", "field_missing"),
        ({"kind": "tunnel"}, 422, "kind", "not_a_word"),
        ({"length_km": 0}, 422, "length_km", "out_of_range"),
        ({"length_km": "22,7"}, 422, "length_km", "not_a_number"),
        ({"towers_total": 0.5}, 422, "towers_total", "not_a_whole_number"),
        ({"voltage_kv": 110_000}, 422, "voltage_kv", "out_of_range"),
        ({"code": "other"}, 422, "code", "field_unknown"),
    ],
)
def test_a_change_of_a_work_that_does_not_fit_is_refused(
    line: People, change: dict[str, Any], status: int, field: str, code: str
) -> None:
    before = line.department.get("/grid-works/line").json()
    answer = line.department.patch("/grid-works/line", change)
    assert problem(answer) == (status, code)
    assert fields(answer) == [(field, code)]
    assert line.department.get("/grid-works/line").json() == before


def test_a_code_is_given_once_and_a_post_can_be_repeated(line: People) -> None:
    again = line.evn_spc.post("/grid-works", LINE)
    assert (problem(again), fields(again)) == ((409, "taken"), [("code", "taken")])
    first = line.evn_spc.post("/grid-works", {**LINE, "code": "bay"}, Idempotency_Key="k")
    second = line.evn_spc.post("/grid-works", {**LINE, "code": "bay"}, Idempotency_Key="k")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()


def test_what_hangs_on_something_illustrative_is_shown_as_illustrative(line: People) -> None:
    assert line.department.get("/clearances/land").json()["is_illustrative"] is False
    assert line.evn_spc.patch("/grid-works/line", {"is_illustrative": True}).status_code == 200
    assert line.department.get("/clearances/land").json()["is_illustrative"] is True
    (item,) = line.department.get("/phases/alpha-1/connections").json()["items"]
    assert item["is_illustrative"] is True
