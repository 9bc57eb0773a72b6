"""Keeping evacuation groups, their paths and their limits over the wire: who may, what is refused, what stays known."""

from typing import Any

import httpx
import pytest

from tests import factories
from tests.conftest import People

GROUP = {"code": "node", "name": "Các trạm 110 kV hiện hữu", "name_en": "Existing 110 kV substations"}
LETTER = {"letter_number": "12/SPC", "letter_on": "2021-05-21", "letter_issuer": "EVN SPC"}
LIMIT: dict[str, Any] = {"capacity_mw": 149, "condition": "existing", "valid_from": "2021-05-21", **LETTER}
PHASE = "/evacuation-groups/node/phases/alpha-1"


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def fields(answer: httpx.Response) -> list[tuple[str | None, str]]:
    return [(error.get("field"), error["code"]) for error in answer.json().get("errors", [])]


def revision(people: People) -> int:
    number: int = people.department.get("/capacity").json()["revision"]
    return number


@pytest.fixture
def node(people: People) -> People:
    """A group of EVN SPC that the investor's phase enters, with a limit; a line and a second group."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.evacuation_group(session, mw=149, phases=["alpha-1"], note="Theo biên bản")
        factories.evacuation_group(session, "next")
    return people


def test_a_grid_company_keeps_its_group(people: People) -> None:
    made = people.evn_spc.post("/evacuation-groups", GROUP)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/evacuation-groups/node")
    found = made.json()
    assert {name: found[name] for name in GROUP} == GROUP
    assert found["owner"] == {"code": "evn-spc", "name": "Tổ chức evn-spc", "name_en": None}
    assert (found["entries"], found["drains_into"], found["work"]) == ([], [], None)
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
    change = {"name": "Nút Bến Tre", "work": "line", "note": "Theo công văn"}
    changed = people.evn_spc.patch("/evacuation-groups/node", change, If_Match=made.headers["etag"])
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["work"]["code"]) == ("Nút Bến Tre", "line")
    stale = people.evn_spc.patch("/evacuation-groups/node", {"name": "Khác"}, If_Match=made.headers["etag"])
    assert problem(stale) == (412, "stale")
    last = revision(people)
    again = people.evn_spc.patch("/evacuation-groups/node", change, If_Match=changed.headers["etag"])
    assert (again.json(), revision(people)) == (changed.json(), last)
    assert people.anonymous.get("/evacuation-groups").json()["items"] == [
        {name: value for name, value in changed.json().items() if name not in ("entries", "drains_into", "note")}
    ]  # fmt: skip
    assert people.evn_spc.patch("/evacuation-groups/node", {"work": None}).json()["work"] is None


def test_groups_are_listed_in_pages(node: People) -> None:
    first = node.anonymous.get("/evacuation-groups?limit=1")
    second = node.anonymous.get(first.links["next"]["url"])
    assert [a.json()["items"][0]["code"] for a in (first, second)] == ["next", "node"]
    assert second.json()["next"] is None


def test_everybody_reads_and_remarks_are_for_those_who_are_signed_in(node: People) -> None:
    assert node.evn_spc.post("/evacuation-groups/node/limits", LIMIT | {"note": "Nội bộ"}).status_code == 201
    withdrawal = {"reason": "Nhập nhầm nút"}
    assert node.evn_spc.post("/evacuation-limits/1/withdrawal", withdrawal).status_code == 200
    full = node.department.get("/evacuation-groups/node").json()
    limits = node.department.get("/evacuation-groups/node/limits").json()["items"]
    assert full["note"] == "Theo biên bản"
    assert [(limit["note"], limit["withdrawn_for"]) for limit in limits] == [
        ("Nội bộ", None),
        (None, "Nhập nhầm nút"),
    ]
    for person, inside in (
        (node.evn_spc, True),
        (node.investor, True),
        (node.stranger, True),
        (node.anonymous, False),
    ):
        seen = person.get("/evacuation-groups/node").json()
        assert seen == full | ({} if inside else {"note": None})
        told = person.get("/evacuation-groups/node/limits").json()["items"]
        hidden: dict[str, Any] = {} if inside else {"note": None, "withdrawn_for": None}
        assert told == [limit | hidden for limit in limits]
        assert (
            person.get("/evacuation?basis=full").json()
            == node.department.get("/evacuation?basis=full").json()
        )


CHANGES: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("PATCH", "/evacuation-groups/node", {"name": "Khác"}),
    ("PUT", PHASE, {"note": "x"}),
    ("DELETE", PHASE, None),
    ("PUT", "/evacuation-groups/node/sources/next", {}),
    ("DELETE", "/evacuation-groups/node/sources/next", None),
    ("POST", "/evacuation-groups/node/limits", LIMIT),
    ("POST", "/evacuation-limits/1/withdrawal", {"reason": "Nhầm"}),
)


def test_only_its_owner_and_the_department_change_a_group(node: People) -> None:
    assert node.department.patch("/evacuation-groups/node", {"owner": "mekong-wind"}).status_code == 200
    last = revision(node)
    for method, path, body in (*CHANGES, ("POST", "/evacuation-groups", {**GROUP, "code": "own"})):
        for person in (node.investor, node.stranger):
            assert problem(person.ask(method, path, body)) == (403, "not_allowed"), path
        assert problem(node.anonymous.ask(method, path, body)) == (401, "key_missing"), path
        if path != "/evacuation-groups":
            assert problem(node.evn_spc.ask(method, path, body)) == (403, "not_allowed"), path
    foreign = {**GROUP, "code": "own", "owner": "mekong-wind"}
    assert problem(node.evn_spc.post("/evacuation-groups", foreign)) == (403, "not_allowed")
    away = node.evn_spc.patch("/evacuation-groups/next", {"owner": "mekong-wind"})
    assert problem(away) == (403, "not_allowed")
    assert revision(node) == last
    for method, path, body in CHANGES:
        assert node.department.ask(method, path, body).status_code in (200, 201, 204), path


def test_a_path_is_put_twice_and_changes_once(node: People) -> None:
    body = {"is_illustrative": True, "note": "Minh họa"}
    read = node.evn_spc.get("/evacuation-groups/node")
    put = node.evn_spc.put(PHASE, body, If_Match=read.headers["etag"])
    assert put.json() == {
        "phase": {"code": "alpha-1", "name": "Giai đoạn alpha-1", "name_en": None},
        "project": "alpha",
        "group": None,
        "sources": [],
        "revision": revision(node),
        **body,
    }
    last = revision(node)
    assert (node.evn_spc.put(PHASE, body).json(), revision(node)) == (put.json(), last)
    assert problem(node.evn_spc.put(PHASE, {}, If_Match=read.headers["etag"])) == (412, "stale")
    assert len(node.evn_spc.get("/evacuation-groups/node").json()["entries"]) == 1
    assert node.evn_spc.delete(PHASE).status_code == 204
    assert problem(node.evn_spc.delete(PHASE)) == (404, "not_found")
    assert node.evn_spc.get("/evacuation-groups/node").json()["entries"] == []


def test_groups_drain_into_each_other_and_never_in_a_circle(node: People) -> None:
    put = node.evn_spc.put("/evacuation-groups/next/sources/node", {})
    assert (put.json()["group"]["code"], put.json()["phase"]) == ("node", None)
    assert [g["code"] for g in node.evn_spc.get("/evacuation-groups/node").json()["drains_into"]] == ["next"]
    for group, source in (("node", "next"), ("node", "node")):
        answer = node.evn_spc.put(f"/evacuation-groups/{group}/sources/{source}", {})
        assert problem(answer) == (422, "evacuation_cycle")
    assert node.evn_spc.delete("/evacuation-groups/next/sources/node").status_code == 204
    assert node.evn_spc.put("/evacuation-groups/node/sources/next", {}).status_code == 200


def test_a_phase_whose_way_was_stated_cannot_be_removed(node: People) -> None:
    assert problem(node.department.delete("/phases/alpha-1")) == (409, "in_use")
    # Taken back it still stands in older answers.
    assert node.evn_spc.delete(PHASE).status_code == 204
    assert problem(node.department.delete("/phases/alpha-1")) == (409, "in_use")


def test_limits_are_added_and_taken_back_and_never_lost(node: People) -> None:
    later = {
        **LIMIT,
        "capacity_mw": 160,
        "criterion": "n-1",
        "valid_from": "2022-03-01",
        "valid_until": "2024-12-31",
    }
    made = node.evn_spc.post("/evacuation-groups/node/limits", later)
    assert (made.status_code, made.json()["organisation"]) == (201, "evn-spc")
    assert {name: made.json()[name] for name in later} == later
    read = node.evn_spc.get("/evacuation-groups/node")
    taken = node.evn_spc.post(
        f"/evacuation-limits/{made.json()['id']}/withdrawal",
        {"reason": "Sai số"},
        If_Match=read.headers["etag"],
    )
    assert taken.json()["withdrawn_for"] == "Sai số"
    listed = node.evn_spc.get("/evacuation-groups/node/limits").json()["items"]
    assert listed[0] == taken.json()
    assert [(limit["capacity_mw"], limit["withdrawn_at"] is None) for limit in listed] == [
        (160, False),
        (149, True),
    ]
    again = node.evn_spc.post(f"/evacuation-limits/{made.json()['id']}/withdrawal", {"reason": "Sai số"})
    assert problem(again) == (422, "limit_withdrawn")
    stale = node.evn_spc.post(
        "/evacuation-limits/1/withdrawal", {"reason": "x"}, If_Match=read.headers["etag"]
    )
    assert problem(stale) == (412, "stale")


BAD_LIMITS: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"condition": "after_work"}, "work", "limit_work"),
    ({"work": "line"}, "work", "limit_work"),
    ({"condition": "after_work", "work": "nowhere"}, "work", "unknown_work"),
    ({"valid_until": "2021-05-20"}, "valid_until", "period"),
    (dict.fromkeys(LETTER), "letter_number", "limit_unproven"),
    ({"letter_issuer": None}, "letter_number", "letter_incomplete"),
    ({"letter_on": "2023-02-08"}, "letter_on", "in_the_future"),
    ({"sources": ["NOWHERE"]}, "sources", "unknown_source"),
    ({"capacity_mw": -1}, "capacity_mw", "mw_not_positive"),
    ({"capacity_mw": 100_001}, "capacity_mw", "mw_too_large"),
    ({"capacity_mw": 0.0001}, "capacity_mw", "mw_too_fine"),
    ({"capacity_mw": "149,0"}, "capacity_mw", "not_a_number"),
    ({"criterion": "n-2"}, "criterion", "not_a_word"),
    ({"valid_from": None}, "valid_from", "not_a_date"),
    ({"group": "node"}, "group", "field_unknown"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "field", "code"), BAD_LIMITS)
def test_a_bad_limit_is_refused_by_name(node: People, change: dict[str, Any], field: str, code: str) -> None:
    answer = node.evn_spc.post("/evacuation-groups/node/limits", LIMIT | change)
    assert answer.status_code == 422
    assert (field, code) in fields(answer), answer.text


def test_a_corridor_may_take_nothing_at_all_and_more_than_one_project(node: People) -> None:
    for mw in (0, 1_200):
        assert (
            node.evn_spc.post("/evacuation-groups/node/limits", LIMIT | {"capacity_mw": mw}).status_code
            == 201
        )


def test_what_is_not_there_is_not_found_and_what_is_wrong_is_named(node: People) -> None:
    for method, path, body in (
        ("GET", "/evacuation-groups/nowhere", None),
        ("GET", "/evacuation-groups/nowhere/limits", None),
        ("PATCH", "/evacuation-groups/nowhere", {"name": "x"}),
        ("PUT", "/evacuation-groups/nowhere/phases/alpha-1", {}),
        ("PUT", "/evacuation-groups/node/phases/nowhere", {}),
        ("DELETE", "/evacuation-groups/node/sources/next", None),
        ("POST", "/evacuation-groups/nowhere/limits", LIMIT),
        ("POST", "/evacuation-limits/99/withdrawal", {"reason": "x"}),
    ):
        assert problem(node.evn_spc.ask(method, path, body)) == (404, "not_found"), path
    calls: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        ("PUT", "/evacuation-groups/node/sources/nowhere", {}, "unknown_group"),
        ("PUT", PHASE, {"sources": ["NOWHERE"]}, "unknown_source"),
        ("PUT", PHASE, {"share": 0.5}, "field_unknown"),
        ("POST", "/evacuation-groups", {"code": "Node B", "name": "B"}, "code_form"),
        ("POST", "/evacuation-groups", {**GROUP, "code": "b", "work": "nowhere"}, "unknown_work"),
        ("POST", "/evacuation-groups", {**GROUP, "code": "b", "owner": "nowhere"}, "unknown_organisation"),
        ("PATCH", "/evacuation-groups/node", {"name": None}, "field_missing"),
        ("PATCH", "/evacuation-groups/node", {"code": "b"}, "field_unknown"),
        ("POST", "/evacuation-limits/1/withdrawal", {}, "field_missing"),
    )
    for method, path, body, code in calls:
        answer = node.evn_spc.ask(method, path, body)
        assert answer.status_code == 422, path
        assert code in {answer.json()["code"], *(code for _, code in fields(answer))}, answer.text
    assert problem(node.evn_spc.post("/evacuation-groups", GROUP)) == (409, "taken")
