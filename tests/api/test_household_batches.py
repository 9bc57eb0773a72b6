"""Many cases as one change: all or nothing, or what is good; in any order, twice the same; and quick enough."""

from typing import Any

import httpx
import pytest

from app.queries import units
from app.queries import works as found
from tests import districts
from tests.conftest import People
from tests.districts import Land

PATH = "/grid-works/line/households"


def row(number: int | str, clearance: str = "land", **more: Any) -> dict[str, Any]:
    return {"clearance": clearance, "number": str(number), "status": "inventoried", **more}


def done(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


def counted(answer: httpx.Response) -> tuple[int, int, int]:
    read = done(answer)
    return read["changed"], read["unchanged"], read["refused"]


def head(land: Land) -> int:
    number: int = land.department.get("/journal?limit=1").json()["items"][0]["number"]
    return number


@pytest.fixture
def land(people: People) -> Land:
    districts.land(people.world)
    return districts.authorities(people)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_what_a_case_comes_to_does_not_hang_on_the_order_in_which_it_is_told(
    land: Land, order: tuple[int, ...]
) -> None:
    told = [
        row(1, effective_on="2023-01-05", decision_number="1/QĐ", approved_vnd=7, attitude="agrees"),
        row(1, effective_on="2023-01-10", status="paid", paid_vnd=7),
        row(1, effective_on="2023-01-20", status="handed_over"),
    ]
    assert counted(land.evn_spc.put(PATH, {"rows": [told[at] for at in order]})) == (3, 0, 0)
    read = done(land.evn_spc.get("/clearances/land/households/1"))
    names = ("status", "attitude", "approved_vnd", "paid_vnd")
    assert [read[name] for name in names] == ["handed_over", "agrees", 7, 7]
    assert counted(land.evn_spc.put(PATH, {"rows": [told[at] for at in order]})) == (0, 3, 0)


def test_a_batch_is_one_revision_and_twice_is_once(land: Land) -> None:
    rows = [
        row(1, unit={"kind": "tower", "number": "1"}, owner_name="Trần Văn Bảy"),
        row(2, status="unpaid", approved_vnd=5, decision_number="1/QĐ", effective_on="2023-01-05"),
        # Late, and of a case that the batch itself adds.
        row(2, effective_on="2023-01-01"),
        row(1, "corridor", unit={"kind": "section", "number": "K1"}, land_support_percent=90),
    ]
    before = head(land)
    answer = land.evn_spc.put(PATH, {"rows": rows})
    assert counted(answer) == (4, 0, 0)
    assert head(land) == before + 1
    assert [w["rule"] for w in answer.json()["rows"][3]["warnings"]] == ["R32"]
    assert "Trần" not in answer.text
    two = done(land.evn_spc.get("/clearances/land/households/2"))
    assert [(e["effective_on"], e["status"]) for e in two["history"]] == [
        ("2023-01-01", "inventoried"),
        ("2023-01-05", "unpaid"),
    ]
    assert two["revision"] == before + 1
    assert counted(land.evn_spc.put(PATH, {"rows": rows})) == (0, 4, 0)
    assert head(land) == before + 1
    changed = [row(1, status="paid"), row(2, status="unpaid", effective_on="2023-01-06", trees=4)]
    assert counted(land.evn_spc.put(PATH, {"rows": changed})) == (2, 0, 0)
    one = done(land.evn_spc.get("/clearances/land/households/1"))
    assert (one["owner_name"], one["unit"]["number"], one["status"]) == ("Trần Văn Bảy", "1", "paid")
    assert done(land.evn_spc.get("/clearances/land/households/2"))["trees"] == 4


BAD = {
    "another package": (row(9, "nowhere"), "clearance", "unknown_clearance"),
    "a package of a plant": (row(9, "plant"), "clearance", "unknown_clearance"),
    "a name": (row("Nguyen"), "number", "case_number"),
    "paid above approved": (row(9, approved_vnd=1, paid_vnd=2, decision_number="1"), "paid_vnd", "paid_above_approved"),
    "approved without decision": (row(9, approved_vnd=1), "decision_number", "approved_without_decision"),
    "not on the line": (row(9, unit={"kind": "tower", "number": "77"}), "unit", "unknown_unit"),
    "the other track": (row(9, unit={"kind": "section", "number": "K1"}), "unit", "other_track"),
    "tomorrow": (row(9, effective_on="2023-02-08"), "effective_on", "date_in_future"),
    "moved on": (row(1, revision=1), None, "stale"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(BAD))
def test_one_bad_row_in_the_middle_refuses_all_and_changes_nothing(land: Land, name: str) -> None:
    assert counted(land.evn_spc.put(PATH, {"rows": [row(1)]})) == (1, 0, 0)
    bad, where, code = BAD[name]
    rows = [row(2), bad, row(3)]
    before = head(land)
    answer = land.evn_spc.put(PATH, {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (422, "rows_refused")
    (refused,) = answer.json()["details"]["rows"]
    assert (refused["row"], refused.get("field"), refused["problem"]) == (1, where, code)
    for tried in (f"{PATH}?dry_run=true", f"{PATH}?dry_run=true&partial=true"):
        assert counted(land.evn_spc.put(tried, {"rows": rows})) == (2, 0, 1)
    assert head(land) == before
    assert counted(land.evn_spc.put(f"{PATH}?partial=true", {"rows": rows})) == (2, 0, 1)
    listed = done(land.evn_spc.get("/clearances/land/households"))["items"]
    assert [item["number"] for item in listed] == ["1", "2", "3"]


def test_two_rows_of_one_case_and_day_are_refused(land: Land) -> None:
    rows = [row(1), row(2), row(1, status="paid", effective_on="2023-02-07")]
    answer = land.evn_spc.put(PATH, {"rows": rows})
    assert (answer.status_code, answer.json()["code"]) == (422, "row_twice")
    assert answer.json()["errors"][0]["field"] == "rows.2.number"
    for size in ([], [row(n) for n in range(10_001)]):
        assert land.evn_spc.put(PATH, {"rows": size}).status_code == 422


def test_a_district_keeps_the_packages_of_its_own_alone(land: Land) -> None:
    rows = [row(1), row(1, "corridor"), row(1, "far")]
    answer = land.binh_dai.put(f"{PATH}?partial=true", {"rows": rows})
    assert counted(answer) == (2, 0, 1)
    assert answer.json()["rows"][2]["problem"] == "unknown_clearance"
    assert counted(land.chau_thanh.put(PATH, {"rows": [row(1, "far")]})) == (1, 0, 0)
    assert land.investor.put(PATH, {"rows": rows}).status_code == 403
    assert land.anonymous.put(PATH, {"rows": rows}).status_code == 401
    assert land.evn_spc.put("/grid-works/nowhere/households", {"rows": rows}).status_code == 404


def test_ten_thousand_cases_are_one_change(land: Land) -> None:
    rows = [row(n, unit={"kind": "tower", "number": str(n % 3 + 1)}) for n in range(10_000)]
    before = head(land)
    assert counted(land.evn_spc.put(PATH, {"rows": rows})) == (10_000, 0, 0)
    assert head(land) == before + 1
    with land.world.database.reading() as session:
        cases = units.cases(session, found.public(session, "line"), head(land))
    assert len(cases) == 10_000
    assert all(len(case.told) == 1 and case.unit_id is not None for case in cases)
