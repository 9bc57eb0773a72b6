"""Targets: set by the department, read by everybody, and remembered as they were."""

from datetime import date

import httpx

from app.schemas.targets import TargetChange
from app.services import targets
from tests import factories
from tests.conftest import People

MORE = {"code": "1500mw-2025", "name": "1.500 MW điện gió", "capacity_mw": 1500, "due_on": "2025-12-31"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def test_the_department_sets_changes_and_removes_a_target(people: People) -> None:
    made = people.department.post("/targets", {**MORE, "name_en": "1,500 MW of wind", "note": "Quy hoạch"})
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/targets/1500mw-2025")
    read = people.anonymous.get("/targets/1500mw-2025")
    assert read.json() == made.json()
    assert (read.json()["capacity_mw"], read.json()["basis"], read.json()["scope"]) == (
        1500,
        "cumulative",
        None,
    )
    changed = people.department.patch(
        "/targets/1500mw-2025", {"capacity_mw": 1007.7, "note": None}, If_Match=read.headers["etag"]
    )
    assert (changed.json()["capacity_mw"], changed.json()["note"]) == (1007.7, None)
    assert people.anonymous.get("/capacity?target=1500mw-2025").json()["target"]["capacity_mw"] == 1007.7
    answer = people.department.delete("/targets/1500mw-2025", If_Match=changed.headers["etag"])
    assert answer.status_code == 204
    assert problem(people.anonymous.get("/targets/1500mw-2025")) == (404, "not_found")
    facts = people.department.get("/journal?subject=target&code=1500mw-2025").json()["items"]
    assert [f["facts"][0]["kind"] for f in facts] == ["target.removed", "target.changed", "target.created"]
    assert facts[1]["facts"][0]["before"] == {"kw": 1_500_000, "note": "Quy hoạch"}


def test_targets_are_listed_in_pages(people: People) -> None:
    assert people.department.post("/targets", MORE).status_code == 201
    first = people.anonymous.get("/targets?limit=1")
    assert [t["code"] for t in first.json()["items"]] == ["1500mw-2025"]
    second = people.anonymous.get(first.links["next"]["url"])
    assert [t["code"] for t in second.json()["items"]] == ["377mw-2023"]
    assert second.json()["next"] is None


def test_only_the_department_sets_targets(people: People) -> None:
    calls = (("POST", "/targets", MORE), ("PATCH", "/targets/377mw-2023", {"note": "x"}), ("DELETE", "/targets/377mw-2023", None))  # fmt: skip
    for method, path, body in calls:
        for person in (people.investor, people.stranger, people.evn_spc):
            assert problem(person.ask(method, path, body)) == (403, "not_allowed")
        assert problem(people.anonymous.ask(method, path, body)) == (401, "key_missing")


def test_a_target_that_does_not_fit_is_refused(people: People) -> None:
    for change, expected, field in (
        ({"capacity_mw": 0}, "mw_not_positive", "capacity_mw"),
        ({"capacity_mw": 377_000}, "mw_too_large", "capacity_mw"),
        ({"capacity_mw": "1.500"}, "not_a_number", "capacity_mw"),
        ({"due_on": "31/12/2025"}, "not_a_date", "due_on"),
        ({"basis": "yearly"}, "not_a_word", "basis"),
        ({"scope": "nowhere"}, "unknown_district", "scope"),
        ({"sources": ["nowhere"]}, "unknown_source", "sources"),
        ({"code": "1500 MW"}, "code_form", "code"),
    ):
        answer = people.department.post("/targets", {**MORE, **change})
        assert problem(answer) == (422, expected)
        assert answer.json()["errors"][0]["field"] == field
    assert problem(people.department.post("/targets", {**MORE, "code": "377mw-2023"})) == (409, "taken")
    for name in ("name", "capacity_mw", "due_on", "basis"):
        assert problem(people.department.patch("/targets/377mw-2023", {name: None}))[0] == 422
    assert [t["code"] for t in people.anonymous.get("/targets").json()["items"]] == ["377mw-2023"]


def test_a_target_may_exceed_what_one_project_may(people: People) -> None:
    assert people.department.post("/targets", {**MORE, "capacity_mw": 1500}).status_code == 201


def test_a_stale_target_is_not_changed(people: People) -> None:
    read = people.department.get("/targets/377mw-2023").headers["etag"]
    assert people.department.patch("/targets/377mw-2023", {"note": "a"}, If_Match=read).status_code == 200
    assert problem(people.department.patch("/targets/377mw-2023", {"note": "b"}, If_Match=read)) == (
        412,
        "stale",
    )
    assert problem(people.department.delete("/targets/377mw-2023", If_Match=read)) == (412, "stale")
    # What happens elsewhere does not make it stale.
    read = people.department.get("/targets/377mw-2023").headers["etag"]
    assert people.investor.patch("/phases/alpha-1", {"note": "c"}).status_code == 200
    assert people.department.patch("/targets/377mw-2023", {"note": "d"}, If_Match=read).status_code == 200


def test_what_was_aimed_at_before_a_change_is_still_known(people: People) -> None:
    for day, change in (
        (date(2022, 3, 1), {"capacity_mw": 300}),
        (date(2022, 6, 1), {"due_on": "2024-12-31"}),
        (date(2022, 9, 1), {"capacity_mw": 400, "due_on": "2023-12-31"}),
    ):
        with people.world.database.changing(factories.stamp(day)) as session:
            body = TargetChange.model_validate(change)
            targets.change(session, factories.SYSTEM, "377mw-2023", body, None)

    def known(at: str) -> tuple[float, str]:
        target = people.anonymous.get(f"/capacity?as_of=2022-02-01&known_at={at}").json()["target"]
        return target["capacity_mw"], target["due_on"]

    assert known("2022-02-28") == (377, "2023-12-31")
    assert known("2022-03-01") == (300, "2023-12-31")
    assert known("2022-06-01") == (300, "2024-12-31")
    assert known("2022-09-01") == (400, "2023-12-31")
    series = people.anonymous.get("/capacity/series?from=2022-01-01&to=2022-01-31&known_at=2022-06-01").json()
    assert series["points"][0]["target_mw"] == 300


def test_a_target_was_not_known_before_it_was_set(people: People) -> None:
    assert people.anonymous.get("/capacity?known_at=2020-12-31").json()["target"] is None
    answer = people.anonymous.get("/capacity?known_at=2020-12-31&target=377mw-2023")
    assert problem(answer) == (404, "not_found")


def test_a_removed_target_is_still_what_was_aimed_at_then(people: People) -> None:
    with people.world.database.changing(factories.stamp(date(2022, 3, 1))) as session:
        targets.change(
            session, factories.SYSTEM, "377mw-2023", TargetChange.model_validate({"capacity_mw": 300}), None
        )
    assert people.department.delete("/targets/377mw-2023").status_code == 204
    assert people.anonymous.get("/capacity").json()["target"] is None
    for day, mw in (("2022-02-28", 377), ("2022-03-01", 300)):
        found = people.anonymous.get(f"/capacity?known_at={day}").json()
        assert (found["target"] or {}).get("capacity_mw") == mw
