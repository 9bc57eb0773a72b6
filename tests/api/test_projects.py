"""Projects, phases and turbines: who may read and change them, filters, pages, versions."""

from typing import Any

import httpx
import pytest

from app.schemas.register import UnitLine
from app.services import references
from tests import factories
from tests.conftest import People, Person


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def test_the_department_adds_changes_and_removes_a_project(people: People) -> None:
    body = {"code": "gamma", "name": "Điện gió Gamma", "investor": "other-wind", "siting": "nearshore"}
    made = people.department.post("/projects", body)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/projects/gamma")
    read = people.department.get("/projects/gamma")
    assert read.json() == made.json()
    assert read.json()["investor"] == {"code": "other-wind", "name": "Tổ chức other-wind", "name_en": None}
    assert read.json()["in_totals"] is True

    change = {"name_en": "Gamma wind", "siting": None}
    changed = people.department.patch("/projects/gamma", change, If_Match=read.headers["etag"])
    assert changed.status_code == 200
    assert changed.json() == read.json() | change | {"revision": changed.json()["revision"]}
    assert changed.json()["revision"] > made.json()["revision"]

    assert people.department.delete("/projects/gamma", If_Match=changed.headers["etag"]).status_code == 204
    assert problem(people.department.get("/projects/gamma")) == (404, "not_found")
    facts = people.department.get("/journal?subject=project&code=gamma").json()["items"]
    assert [f["facts"][0]["kind"] for f in facts] == ["project.removed", "project.changed", "project.created"]
    assert facts[1]["facts"][0]["before"] == {"name_en": None, "siting": "nearshore"}
    assert facts[1]["facts"][0]["after"] == {"name_en": "Gamma wind", "siting": None}


def test_a_change_that_changes_nothing_makes_no_revision(people: People) -> None:
    before = people.department.get("/projects/alpha").json()
    same = {"name": before["name"], "investor": "mekong-wind"}
    assert people.department.patch("/projects/alpha", same).json() == before
    assert people.department.patch("/projects/alpha", {}).json() == before
    assert people.department.get("/journal?limit=1").json()["items"][0]["number"] == before["revision"]


def test_a_code_is_given_once(people: People) -> None:
    department = people.department
    assert problem(department.post("/projects", {"code": "alpha", "name": "Alpha"})) == (409, "taken")
    phase = {"code": "alpha-1", "project": "alpha", "name": "Alpha 1"}
    assert problem(department.post("/phases", phase)) == (409, "taken")
    assert department.post("/phases/alpha-1/turbines", {"number": "T1"}).status_code == 201
    assert problem(department.post("/phases/alpha-1/turbines", {"number": "T1"})) == (409, "taken")


def test_a_phase_is_added_changed_and_removed(people: People) -> None:
    body = {"code": "alpha-2", "project": "alpha", "name": "Giai đoạn 2", "nominal_mw": 30, "turbine_mw": 4.2}
    made = people.department.post("/phases", body)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/phases/alpha-2")
    assert [p["code"] for p in people.anonymous.get("/projects/alpha").json()["phases"]] == [
        "alpha-1",
        "alpha-2",
    ]
    change = {"planned_cod_on": "2023-06-30", "turbine_count": 7}
    changed = people.investor.patch("/phases/alpha-2", change, If_Match=made.headers["etag"])
    assert changed.json()["turbine_sum_mw"] == 29.4
    assert changed.json()["planned_cod_on"] == "2023-06-30"
    assert people.department.delete("/phases/alpha-2").status_code == 204
    assert problem(people.anonymous.get("/phases/alpha-2")) == (404, "not_found")


def test_turbines_are_put_by_their_number_and_a_second_time_change_nothing(people: People) -> None:
    body = {"nameplate_mw": 4.2, "siting": "nearshore", "latitude": 9.98, "longitude": 106.7}
    first = people.investor.put("/phases/alpha-1/turbines/WTG-01", body)
    assert (first.status_code, first.json()["nameplate_mw"], first.json()["tranche"]) == (200, 4.2, None)
    revision = people.investor.get("/phases/alpha-1").json()["revision"]
    assert people.investor.put("/phases/alpha-1/turbines/WTG-01", body).json() == first.json()
    assert people.investor.get("/phases/alpha-1").json()["revision"] == revision
    # A put replaces, a patch changes what is sent.
    assert (
        people.investor.put("/phases/alpha-1/turbines/WTG-01", {"nameplate_mw": 4.2}).json()["siting"] is None
    )
    patched = people.investor.patch("/phases/alpha-1/turbines/WTG-01", {"installed_on": "2023-01-05"}).json()
    assert (patched["nameplate_mw"], patched["installed_on"]) == (4.2, "2023-01-05")
    assert [t["number"] for t in people.investor.get("/phases/alpha-1/turbines").json()["items"]] == [
        "WTG-01"
    ]
    assert people.investor.delete("/phases/alpha-1/turbines/WTG-01").status_code == 204
    assert problem(people.investor.delete("/phases/alpha-1/turbines/WTG-01")) == (404, "not_found")
    assert problem(people.investor.patch("/phases/alpha-1/turbines/WTG-01", {})) == (404, "not_found")


def test_approved_nominal_and_turbine_mw_stay_different_numbers(people: People) -> None:
    """V1-3 (Bến Tre): 30 MW approved on paper, seven turbines of 4.2 MW, 29.4 MW recognised."""
    body = {
        "code": "v1-3",
        "project": "alpha",
        "name": "V1-3",
        "nominal_mw": 30,
        "turbine_count": 7,
        "turbine_mw": 4.2,
    }
    assert people.department.post("/phases", body).status_code == 201
    approved = {"measure": "approved", "capacity_mw": 30, "effective_on": "2019-01-01"}
    assert people.department.post("/phases/v1-3/entries", approved).status_code == 201
    with people.world.database.changing(factories.stamp()) as session:
        numbers = factories.turbines(session, "v1-3")
    declared = people.investor.post(
        "/phases/v1-3/tranches", factories.declaration(29.4, turbines=numbers)
    ).json()
    assert (
        people.evn_spc.post(f"/tranches/{declared['code']}/confirmation", factories.letter()).status_code
        == 200
    )
    found = people.investor.get("/phases/v1-3").json()
    assert found["nominal_mw"] == 30
    assert found["ladder"]["approved_mw"] == 30
    assert found["turbine_sum_mw"] == 29.4
    assert found["capacity"]["operating_mw"] == 29.4
    assert people.department.patch("/phases/v1-3", {"nominal_mw": 31}).json()["ladder"]["approved_mw"] == 30
    assert {t["tranche"] for t in found["turbines"]} == {declared["code"]}


def test_turbines_off_the_approved_mw_by_more_than_five_percent_are_a_kept_warning(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=5)
    entry = {"measure": "approved", "capacity_mw": 30, "effective_on": "2019-01-01"}
    made = people.department.post("/phases/alpha-1/entries", entry).json()
    assert [(w["rule"], w["code"], w["unknown"]) for w in made["warnings"]] == [
        ("R05", "installed_above_approved", True),
        ("R06", "turbines_off_approved", False),
    ]
    assert people.investor.get("/phases/alpha-1/entries").json()["items"][0] == made


def test_what_holds_something_is_not_removed(people: People) -> None:
    department = people.department
    assert problem(department.delete("/projects/alpha")) == (409, "in_use")
    assert (
        department.post("/phases/alpha-1/turbines", {"number": "T1", "nameplate_mw": 4.2}).status_code == 201
    )
    assert problem(department.delete("/phases/alpha-1")) == (409, "in_use")
    declared = people.investor.post("/phases/alpha-1/tranches", factories.declaration(turbines=["T1"])).json()
    assert problem(department.delete("/phases/alpha-1/turbines/T1")) == (409, "in_use")
    withdrawn = people.investor.post(f"/tranches/{declared['code']}/withdrawal", {"reason": "Nhập nhầm"})
    assert withdrawn.status_code == 200
    # The history names it still.
    assert problem(department.delete("/phases/alpha-1/turbines/T1")) == (409, "in_use")
    assert problem(department.delete("/phases/alpha-1")) == (409, "in_use")
    assert problem(department.delete("/projects/alpha")) == (409, "in_use")


def test_an_investor_may_not_say_whose_a_project_is_or_whether_it_counts(people: People) -> None:
    for change in (
        {"in_totals": False},
        {"in_totals": True},
        {"investor": "other-wind"},
        {"is_illustrative": True},
        {"confidence": "confirmed_2plus"},
        {"sources": []},
    ):
        answer = people.investor.patch("/projects/alpha", {"note": "Ghi chú", **change})
        assert problem(answer) == (403, "not_allowed")
        assert answer.json()["errors"][0]["field"] == next(iter(change))
    assert problem(people.investor.patch("/phases/alpha-1", {"is_illustrative": True})) == (
        403,
        "not_allowed",
    )
    assert people.investor.get("/projects/alpha").json()["note"] is None
    assert people.investor.patch("/projects/alpha", {"note": "Ghi chú"}).json()["note"] == "Ghi chú"


CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/projects", {"code": "x", "name": "X"}),
    ("PATCH", "/projects/alpha", {"note": "x"}),
    ("DELETE", "/projects/alpha", None),
    ("POST", "/phases", {"code": "x", "project": "alpha", "name": "X"}),
    ("PATCH", "/phases/alpha-1", {"note": "x"}),
    ("DELETE", "/phases/alpha-1", None),
    ("POST", "/phases/alpha-1/turbines", {"number": "T1"}),
    ("PUT", "/phases/alpha-1/turbines/T1", {}),
    ("PATCH", "/phases/alpha-1/turbines/T1", {}),
    ("DELETE", "/phases/alpha-1/turbines/T1", None),
    (
        "POST",
        "/phases/alpha-1/entries",
        {"measure": "installed", "capacity_mw": 1, "effective_on": "2022-01-01"},
    ),
    ("POST", "/phases/alpha-1/entries/1/correction", {"capacity_mw": 1, "reason": "x"}),
]


def test_nobody_without_a_key_changes_anything(people: People) -> None:
    for method, path, body in CHANGES:
        answer = people.anonymous.ask(method, path, body)
        assert problem(answer) == (401, "key_missing"), path
        assert answer.headers["www-authenticate"] == "Bearer"
    for headers in (
        {"X_API_Key": "trk_wrong"},
        {"Authorization": "Bearer trk_wrong"},
        {"Authorization": "Basic eDp5"},
    ):
        assert problem(people.anonymous.get("/projects", **headers)) == (401, "key_not_good")


def test_a_key_may_come_in_either_header(people: People) -> None:
    key = people.department.key or ""
    assert people.anonymous.get("/me", X_API_Key=key).json()["role"] == "department"
    assert people.anonymous.get("/me", Authorization=f"bearer {key}").json()["role"] == "department"


def test_evn_spc_and_investors_do_not_make_projects(people: People) -> None:
    for person in (people.evn_spc, people.investor):
        for method, path, body in CHANGES[:1] + CHANGES[2:4] + CHANGES[5:6]:
            assert problem(person.ask(method, path, body)) == (403, "not_allowed"), path
    for method, path, body in CHANGES[:10]:
        assert problem(people.evn_spc.ask(method, path, body)) == (403, "not_allowed"), path


def test_to_another_investor_a_project_is_not_there_to_change(people: People) -> None:
    for method, path, body in CHANGES:
        expected = (403, "not_allowed") if (method, path) in {c[:2] for c in (CHANGES[0], *CHANGES[2:4], CHANGES[5])} else (404, "not_found")  # fmt: skip
        assert problem(people.stranger.ask(method, path, body)) == expected, path
    for path in ("/phases/alpha-1/turbines", "/phases/alpha-1/entries", "/phases/alpha-1/tranches"):
        assert problem(people.stranger.get(path)) == (404, "not_found")
        assert problem(people.anonymous.get(path)) == (401, "key_missing")


def test_the_public_summary_is_for_everybody_and_the_detail_is_not(people: People) -> None:
    assert people.department.post("/phases/alpha-1/turbines", {"number": "T1"}).status_code == 201
    change = {"price_regime": "transitional"}
    assert people.department.patch("/phases/alpha-1", change).status_code == 200
    assert people.investor.post("/phases/alpha-1/tranches", factories.declaration()).status_code == 201
    for person in (people.anonymous, people.stranger):
        phase = person.get("/phases/alpha-1").json()
        assert (phase["name"], phase["nominal_mw"]) == ("Giai đoạn alpha-1", 30)
        assert [phase[name] for name in ("turbines", "tranches", "price_regime")] == [None] * 3
        assert phase["capacity"]["declared_mw"] == 0
        project = person.get("/projects/alpha").json()
        assert (project["tranches"], project["capacity"]["declared_mw"]) == (None, 0)
    for person in (people.investor, people.department, people.evn_spc):
        phase = person.get("/phases/alpha-1").json()
        assert len(phase["turbines"]) == len(phase["tranches"]) == 1
        assert (phase["price_regime"], phase["capacity"]["declared_mw"]) == ("transitional", 4.2)


def test_a_stale_version_is_refused_everywhere_in_the_project(people: People) -> None:
    read = people.investor.get("/phases/alpha-1").headers["etag"]
    turbine = people.investor.post("/phases/alpha-1/turbines", {"number": "T1"}, If_Match=read)
    assert turbine.status_code == 201
    for method, path, body in (CHANGES[1], CHANGES[4], CHANGES[7], CHANGES[8], CHANGES[9]):
        assert problem(people.investor.ask(method, path, body, If_Match=read)) == (412, "stale"), path
    for method, path, body in (CHANGES[2], CHANGES[5]):
        assert problem(people.department.ask(method, path, body, If_Match=read)) == (412, "stale"), path
    now = people.investor.get("/projects/alpha").headers["etag"]
    assert people.investor.patch("/projects/alpha", {"note": "x"}, If_Match=now).status_code == 200
    assert people.investor.patch("/projects/alpha", {"note": "y"}, If_Match="*").status_code == 200


def test_a_version_of_one_project_does_not_move_with_another(people: People) -> None:
    read = people.investor.get("/phases/alpha-1").headers["etag"]
    assert people.department.post("/projects", {"code": "gamma", "name": "Gamma"}).status_code == 201
    assert people.investor.get("/phases/alpha-1").headers["etag"] == read
    assert people.investor.patch("/phases/alpha-1", {"note": "x"}, If_Match=read).status_code == 200


@pytest.fixture
def many(people: People) -> People:
    """Nine further projects with a phase each, by two investors in two districts."""
    with people.world.database.changing(factories.stamp()) as session:
        for district in ("ba-tri", "binh-dai"):
            unit = UnitLine.model_validate({"code": district, "level": "district", "name": district})
            references.put_unit(session, factories.SYSTEM, unit)
        for n in range(1, 10):
            factories.project(
                session, f"p-{n}", "other-wind" if n % 3 else "mekong-wind", district="ba-tri" if n % 2 else "binh-dai",
                stage="operating" if n > 6 else "planned", in_totals=n != 9,
            )  # fmt: skip
            factories.phase(session, f"p-{n}-a", f"p-{n}", 10 * n)
    return people


def codes(person: Person, path: str) -> list[str]:
    """Every code of a list, page by page, by the links in its headers."""
    gathered: list[str] = []
    address: str | None = path
    while address is not None:
        answer = person.get(address)
        assert answer.status_code == 200, answer.text
        gathered += [line["code"] for line in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url")
    return gathered


def test_lists_come_in_pages_that_join_without_gap_or_repetition(many: People) -> None:
    for path in ("/projects", "/phases"):
        everything = codes(many.anonymous, path)
        assert len(everything) == 10
        assert everything == sorted(everything)
        for limit in (1, 3, 9, 10, 11):
            assert codes(many.anonymous, f"{path}?limit={limit}") == everything
    page = many.anonymous.get("/projects?limit=3")
    assert page.links["next"]["url"].endswith(f"cursor={page.json()['next']}")
    assert len(page.json()["items"]) == 3


def test_a_page_that_began_goes_on_while_others_write(many: People) -> None:
    first = many.anonymous.get("/projects?limit=3")
    assert many.department.post("/projects", {"code": "a-new-one", "name": "Mới"}).status_code == 201
    rest = codes(many.anonymous, first.links["next"]["url"])
    assert rest == [f"p-{n}" for n in range(3, 10)]


def test_lists_are_narrowed_by_field_and_the_filter_stays_over_the_pages(many: People) -> None:
    def listed(query: str) -> list[str]:
        projects = codes(many.anonymous, f"/projects?limit=2&{query}")
        assert codes(many.anonymous, f"/phases?limit=2&{query}") == [
            "alpha-1" if p == "alpha" else f"{p}-a" for p in projects
        ]
        return projects

    assert listed("investor=mekong-wind") == ["alpha", "p-3", "p-6", "p-9"]
    assert listed("district=binh-dai") == ["p-2", "p-4", "p-6", "p-8"]
    assert listed("stage=operating") == ["p-7", "p-8", "p-9"]
    assert listed("in_totals=false") == ["p-9"]
    assert listed("investor=mekong-wind&district=ba-tri&in_totals=true") == ["p-3"]
    assert listed("investor=nobody") == []
    assert codes(many.anonymous, "/phases?project=p-4") == ["p-4-a"]
    for query, field in (
        ("investor=Mekong%20Wind", "investor"),
        ("stage=done", "stage"),
        ("name=alpha", "name"),
    ):
        answer = many.anonymous.get(f"/projects?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_measure_is_recorded_and_corrected_by_a_further_entry(people: People) -> None:
    body = {
        "measure": "installed",
        "capacity_mw": 12.6,
        "effective_on": "2022-04-01",
        "letter_number": "12/BB",
    }
    made = people.investor.post("/phases/alpha-1/entries", body)
    assert made.status_code == 201
    entry = made.json()
    assert (entry["kind"], entry["capacity_mw"], entry["organisation"]) == ("recorded", 12.6, "mekong-wind")
    assert [(w["rule"], w["unknown"]) for w in entry["warnings"]] == [("R05", True)]
    correction = {"capacity_mw": 8.4, "reason": "Biên bản ghi nhầm số tua-bin"}
    corrected = people.investor.post(f"/phases/alpha-1/entries/{entry['id']}/correction", correction).json()
    assert (corrected["kind"], corrected["reverses"], corrected["effective_on"]) == (
        "corrected",
        entry["id"],
        "2022-04-01",
    )
    assert people.anonymous.get("/phases/alpha-1").json()["ladder"]["installed_mw"] == 8.4
    again = people.investor.post(f"/phases/alpha-1/entries/{entry['id']}/correction", correction)
    assert problem(again) == (422, "not_a_record")
    undone = {"capacity_mw": 0, "reason": "Không có biên bản"}
    assert (
        people.investor.post(f"/phases/alpha-1/entries/{corrected['id']}/correction", undone).status_code
        == 201
    )
    assert people.anonymous.get("/phases/alpha-1").json()["ladder"]["installed_mw"] == 0
    assert len(people.investor.get("/phases/alpha-1/entries").json()["items"]) == 3


def test_a_licence_leaves_the_ladder_the_day_after_it_ends(people: People) -> None:
    body = {
        "measure": "licensed",
        "capacity_mw": 30,
        "effective_on": "2021-01-01",
        "valid_until": "2021-12-31",
    }
    assert people.department.post("/phases/alpha-1/entries", body).status_code == 201
    for day, mw in (("2020-12-31", None), ("2021-01-01", 30), ("2021-12-31", 30), ("2022-01-01", 0)):
        assert people.anonymous.get(f"/capacity?as_of={day}").json()["ladder"]["licensed_mw"] == mw
    backwards = body | {"valid_until": "2020-12-31"}
    assert problem(people.department.post("/phases/alpha-1/entries", backwards)) == (422, "period")


def test_a_cod_is_not_recorded_as_a_measure_and_turbines_of_a_measure_must_exist(people: People) -> None:
    body = {"measure": "operating", "capacity_mw": 4.2, "effective_on": "2022-05-01"}
    assert problem(people.evn_spc.post("/phases/alpha-1/entries", body)) == (422, "use_tranches")
    body = {"measure": "tested", "capacity_mw": 4.2, "effective_on": "2022-05-01", "turbines": ["T1"]}
    assert problem(people.evn_spc.post("/phases/alpha-1/entries", body)) == (422, "unknown_turbine")


def test_installed_mw_cannot_be_taken_back_from_under_a_recognised_tranche(people: People) -> None:
    body = {"measure": "installed", "capacity_mw": 8.4, "effective_on": "2022-04-01"}
    entry = people.investor.post("/phases/alpha-1/entries", body).json()
    assert people.investor.post("/phases/alpha-1/tranches", factories.declaration(8.4)).status_code == 201
    less = {"capacity_mw": 4.2, "reason": "Tháo một tua-bin"}
    answer = people.investor.post(f"/phases/alpha-1/entries/{entry['id']}/correction", less)
    assert problem(answer) == (422, "cod_above_installed")
    assert people.anonymous.get("/phases/alpha-1").json()["ladder"]["installed_mw"] == 8.4
