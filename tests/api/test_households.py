"""Cases of land clearance as people: kept by those who handle compensation, and there for nobody else."""

from typing import Any

import httpx
import pytest

from tests import districts, factories
from tests.conftest import People
from tests.districts import Land

OWNER = "Nguyễn Thị Mười"
PERSONAL = {
    "owner_name": OWNER,
    "hamlet": "Ấp Giồng Sầm",
    "map_sheet": "tờ 12b",
    "parcel": "thửa 987c",
    "next_action": "Gặp con trai trưởng ở Tân Phú",
    "note": "Chờ cháu về ký giấy",
}
FULL = {
    **PERSONAL,
    "unit": {"kind": "tower", "number": "2"},
    "is_farm_land": True,
    "land_m2": 144.5,
    "house_m2": 0,
    "trees": 12,
    "agreed_early": False,
    "decision_number": "15/QĐ-UBND",
    "decision_on": "2023-01-20",
    "visited_on": "2023-02-01",
    "action_owner": "UBX",
    "effective_on": "2023-02-01",
    "status": "unpaid",
    "attitude": "undecided",
    "cause": "land_price",
    "approved_vnd": 250_000_000,
    "paid_vnd": 0,
}
PATH = "/clearances/land/households"


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def field(answer: httpx.Response) -> tuple[int, str, str]:
    return *problem(answer), answer.json()["errors"][0]["field"]


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def numbers(answer: httpx.Response) -> list[str]:
    return [item["number"] for item in done(answer)["items"]]


@pytest.fixture
def land(people: People) -> Land:
    districts.land(people.world)
    return districts.authorities(people)


def test_a_case_is_kept_and_read_back(land: Land) -> None:
    made = land.evn_spc.put(f"{PATH}/HD-01", FULL)
    read = land.evn_spc.get(f"{PATH}/HD-01")
    assert read.json() == {**done(made), "warnings": []}
    assert read.headers["etag"].startswith(f'"r{made.json()["revision"]}-')
    told = made.json()
    (entry,) = told.pop("history")
    assert {name: told[name] for name in FULL} == FULL
    assert (told["clearance"], told["number"], told["progress"]) == ("land", "HD-01", "approved")
    state = {
        name: FULL[name]
        for name in ("effective_on", "status", "attitude", "cause", "approved_vnd", "paid_vnd")
    }
    assert entry == state | {
        "organisation": "evn-spc",
        "recorded_at": entry["recorded_at"],
        "revision": told["revision"],
    }
    again = land.evn_spc.put(f"{PATH}/HD-01", FULL)
    assert again.json() == made.json()


def test_what_is_left_out_stays_and_what_is_null_is_emptied(land: Land) -> None:
    first = done(land.evn_spc.put(f"{PATH}/1", FULL))
    answer = land.binh_dai.put(
        f"{PATH}/1", {"status": "paid", "paid_vnd": 250_000_000, "note": None, "trees": 13}
    )
    assert {**first, "warnings": [], "history": []} | {
        "effective_on": "2023-02-07",
        "status": "paid",
        "progress": "paid",
        "paid_vnd": 250_000_000,
        "note": None,
        "trees": 13,
        "revision": answer.json()["revision"],
    } == {**done(answer), "warnings": [], "history": []}
    assert [e["organisation"] for e in answer.json()["history"]] == ["evn-spc", "ubnd-binh-dai"]


def test_a_late_report_finds_its_place_and_carries_what_was_known_on_its_day(land: Land) -> None:
    for effective_on, more in (
        ("2023-01-10", {"status": "inventoried", "attitude": "undecided"}),
        ("2023-02-05", {"status": "handed_over"}),
        ("2023-01-20", {"cause": "land_price"}),
    ):
        done(land.evn_spc.put(f"{PATH}/1", {"effective_on": effective_on, **more}))
    found = done(land.evn_spc.get(f"{PATH}/1"))
    assert [(e["effective_on"], e["status"], e["attitude"], e["cause"]) for e in found["history"]] == [
        ("2023-01-10", "inventoried", "undecided", None),
        ("2023-01-20", "inventoried", "undecided", "land_price"),
        ("2023-02-05", "handed_over", "undecided", None),
    ]
    assert (found["status"], found["cause"]) == ("handed_over", None)
    for as_of, expected in (
        ("2023-01-09", None),
        ("2023-01-25", "inventoried"),
        ("2023-02-05", "handed_over"),
    ):
        (item,) = done(land.evn_spc.get(f"{PATH}?as_of={as_of}"))["items"]
        assert item["status"] == expected
    assert numbers(land.evn_spc.get(f"{PATH}?known_at=2023-01-01")) == []


def test_a_stale_change_is_refused(land: Land) -> None:
    assert problem(land.evn_spc.put(f"{PATH}/1", FULL, If_Match='"r3-x"')) == (412, "stale")
    first = land.evn_spc.put(f"{PATH}/1", FULL)
    read = land.evn_spc.get(f"{PATH}/1")
    second = land.evn_spc.put(f"{PATH}/1", {"trees": 1}, If_Match=read.headers["etag"])
    assert done(second)["trees"] == 1
    stale = land.evn_spc.put(f"{PATH}/1", {"trees": 2}, If_Match=first.headers["etag"])
    assert problem(stale) == (412, "stale")


def test_cases_are_listed_in_pages_and_by_their_state(land: Land) -> None:
    for number, more in (
        ("1", {"unit": {"kind": "tower", "number": "1"}}),
        ("2", {"attitude": "disagrees"}),
        ("3", {"status": "handed_over", "unit": {"kind": "tower", "number": "1"}}),
        ("4", {"status": "complaint", "attitude": "disagrees"}),
    ):
        done(land.evn_spc.put(f"{PATH}/{number}", {"status": "inventoried", **more}))
    first = land.department.get(f"{PATH}?limit=3")
    assert numbers(first) == ["1", "2", "3"]
    assert numbers(land.department.get(first.links["next"]["url"])) == ["4"]
    for query, expected in (
        ("status=inventoried", ["1", "2"]),
        ("attitude=disagrees", ["2", "4"]),
        ("unit=1", ["1", "3"]),
        ("unit=9", []),
        ("open=true", ["1", "2", "4"]),
        ("open=false", ["3"]),
        ("open=true&unit=1", ["1"]),
    ):
        assert numbers(land.department.get(f"{PATH}?{query}")) == expected, query
    assert problem(land.department.get(f"{PATH}?status=gone")) == (422, "not_a_word")
    assert problem(land.department.get(f"{PATH}?owner_name=x")) == (422, "parameter_unknown")


def test_who_may_read_and_keep_which_cases(land: Land) -> None:
    for package in ("land", "far", "plant"):
        done(land.department.put(f"/clearances/{package}/households/1", {"status": "inventoried"}))
    refused, hidden = (403, "not_allowed"), (404, "not_found")
    seen = {
        "investor": (refused, refused, refused),
        "stranger": (refused, refused, refused),
        "anonymous": ((401, "key_missing"),) * 3,
        "evn_spc": (None, None, None),
        "department": (None, None, None),
        "binh_dai": (None, hidden, None),
        "chau_thanh": (hidden, None, hidden),
    }
    # EVN SPC keeps its own works; the land of a plant is kept by the department and the district.
    kept = seen | {"evn_spc": (None, None, refused)}
    for who, expected in seen.items():
        person = getattr(land, who)
        for package, reads, keeps in zip(("land", "far", "plant"), expected, kept[who], strict=True):
            path = f"/clearances/{package}/households"
            for address in (path, f"{path}/1"):
                answer = person.get(address)
                assert (None if answer.status_code == 200 else problem(answer)) == reads, (who, address)
            answer = person.put(f"{path}/1", {"trees": 1})
            assert (None if answer.status_code == 200 else problem(answer)) == keeps, (who, path)


def test_a_work_of_another_is_not_evn_spcs_to_keep(land: Land) -> None:
    with land.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "tie", owner="mekong-wind")
        factories.clearance(session, "tie-land", work="tie")
    body = {"rows": [{"clearance": "tie-land", "number": "1", "status": "inventoried"}]}
    assert problem(land.evn_spc.put("/clearances/tie-land/households/1", {"trees": 1})) == (
        403,
        "not_allowed",
    )
    assert problem(land.evn_spc.put("/grid-works/tie/households", body)) == (403, "not_allowed")
    # Not even its investor reads or keeps the households under its own line.
    for answer in (
        land.investor.get("/clearances/tie-land/households"),
        land.investor.put("/clearances/tie-land/households/1", {"status": "inventoried"}),
        land.investor.put("/grid-works/tie/households", body),
    ):
        assert problem(answer) == (403, "not_allowed")
    assert done(land.department.put("/grid-works/tie/households", body))["changed"] == 1


@pytest.mark.parametrize(
    ("change", "status", "where", "code"),
    [
        ({"paid_vnd": 250_000_001}, 422, "paid_vnd", "paid_above_approved"),
        ({"decision_number": None}, 422, "decision_number", "approved_without_decision"),
        ({"unit": {"kind": "tower", "number": "99"}}, 422, "unit", "unknown_unit"),
        ({"unit": {"kind": "section", "number": "K1"}}, 422, "unit", "other_track"),
        ({"unit": {"kind": "pole", "number": "1"}}, 422, "unit.kind", "not_a_word"),
        ({"effective_on": "2023-02-08"}, 422, "effective_on", "date_in_future"),
        ({"visited_on": "2023-02-08"}, 422, "visited_on", "date_in_future"),
        ({"decision_on": "2024-01-01"}, 422, "decision_on", "date_in_future"),
        ({"status": None}, 422, "status", "field_missing"),
        ({"status": "sold"}, 422, "status", "not_a_word"),
        ({"approved_vnd": 1.5}, 422, "approved_vnd", "not_a_whole_number"),
        ({"approved_vnd": "250000000"}, 422, "approved_vnd", "not_a_whole_number"),
        ({"approved_vnd": 10**13}, 422, "approved_vnd", "out_of_range"),
        ({"paid_vnd": -1}, 422, "paid_vnd", "out_of_range"),
        ({"land_support_percent": 101}, 422, "land_support_percent", "out_of_range"),
        ({"land_m2": -1}, 422, "land_m2", "out_of_range"),
        ({"sources": ["NOBODY"]}, 422, "sources", "unknown_source"),
        ({"action_owner": "ông Ba"}, 422, "action_owner", "not_a_word"),
        ({"is_illustrative": None}, 422, "is_illustrative", "field_missing"),
        ({"owner": OWNER}, 422, "owner", "field_unknown"),
        ({"owner_name": OWNER * 30}, 422, "owner_name", "text_length"),
        ({"note": f"{OWNER}\0"}, 422, "note", "not_text"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_not_echoed(
    land: Land, change: dict[str, Any], status: int, where: str, code: str
) -> None:
    before = land.department.get("/journal").json()
    answer = land.evn_spc.put(f"{PATH}/1", {**FULL, **change})
    assert field(answer) == (status, code, where)
    assert not [text for text in PERSONAL.values() if text in answer.text]
    assert problem(land.evn_spc.get(f"{PATH}/1")) == (404, "not_found")
    assert land.department.get("/journal").json() == before


def test_a_case_on_a_standing_one_is_refused_the_same_and_stays_as_it_is(land: Land) -> None:
    done(land.evn_spc.put(f"{PATH}/1", FULL))
    before = done(land.evn_spc.get(f"{PATH}/1"))
    for change, code in (
        ({"decision_number": None}, "approved_without_decision"),
        ({"paid_vnd": 250_000_001}, "paid_above_approved"),
        ({"approved_vnd": 1, "paid_vnd": 2}, "paid_above_approved"),
        ({"effective_on": "2023-01-01", "attitude": "agrees"}, "field_missing"),
    ):
        assert problem(land.evn_spc.put(f"{PATH}/1", change)) == (422, code)
    assert done(land.evn_spc.get(f"{PATH}/1")) == before


@pytest.mark.parametrize("number", ["Nguyen", "Nguy%E1%BB%85n%201", "-1", "x" * 41 + "1"])
def test_a_name_is_no_case_number(land: Land, number: str) -> None:
    assert field(land.evn_spc.put(f"{PATH}/{number}", FULL)) == (422, "case_number", "number")


def test_a_corridor_case_stands_on_a_section_and_its_support_has_caps(land: Land) -> None:
    path = "/clearances/corridor/households/1"
    body = {"status": "inventoried", "house_support_percent": 75, "land_support_percent": 80}
    assert (
        field(land.evn_spc.put(path, {**body, "unit": {"kind": "tower", "number": "1"}}))[1] == "other_track"
    )
    made = done(land.evn_spc.put(path, {**body, "unit": {"kind": "section", "number": "K2"}}))
    assert made["unit"] == {"kind": "section", "number": "K2"}
    assert [(w["code"], w["rule"], w["field"]) for w in made["warnings"]] == [
        ("support_above_cap", "R32", "house_support_percent")
    ]
    english = land.evn_spc.put(path, {"house_support_percent": 90}, Accept_Language="en").json()
    assert english["warnings"][0]["message"].startswith("Support in the corridor")


def test_notice_and_posting_are_warned_of_from_the_milestones_of_the_package(land: Land) -> None:
    paper = {"letter_number": "7/TB", "letter_on": "2022-12-01", "letter_issuer": "UBND huyện"}
    with land.world.database.changing(factories.stamp()) as session:
        factories.apply(session, "clearance", "land")
        for step, day in (("L-05", "2022-12-01"), ("L-11", "2023-01-05"), ("L-12", "2023-01-20")):
            passed_over = {} if step == "L-12" else {"override_reason": "Các bước trước nhập sau"}
            said = {"actual_on": day, **paper, **passed_over}
            factories.state(session, step, "clearance", "land", land.world.department, **said)
    made = done(land.evn_spc.put(f"{PATH}/1", FULL))
    assert [w["rule"] for w in made["warnings"]] == ["R30", "R31"]
    early = done(land.evn_spc.put(f"{PATH}/1", {"agreed_early": True}))
    assert [w["rule"] for w in early["warnings"]] == ["R31"]


def test_a_new_case_needs_a_commune_that_was_there(land: Land) -> None:
    with land.world.database.changing(factories.stamp()) as session:
        factories.commune(
            session, "xa-dinh-trung", "binh-dai", valid_from="2023-01-15", valid_until="2023-02-03"
        )
    for day in ("2023-01-14", "2023-02-04"):
        answer = land.evn_spc.put(f"{PATH}/1", {"status": "inventoried", "effective_on": day})
        assert field(answer) == (422, "commune_not_then", "effective_on")
    done(land.evn_spc.put(f"{PATH}/1", {"status": "inventoried", "effective_on": "2023-01-15"}))
    # What is told of it later is told of the same land, whatever it is called by then.
    done(land.evn_spc.put(f"{PATH}/1", {"status": "paid", "effective_on": "2023-02-07"}))


def test_an_illustrative_case_is_marked_and_so_is_one_of_an_illustrative_package(land: Land) -> None:
    assert done(land.evn_spc.put(f"{PATH}/1", {"status": "paid", "is_illustrative": True}))["is_illustrative"]
    assert not done(land.evn_spc.put(f"{PATH}/2", {"status": "paid"}))["is_illustrative"]
    done(land.evn_spc.patch("/clearances/land", {"is_illustrative": True}))
    assert done(land.evn_spc.get(f"{PATH}/2"))["is_illustrative"]
