"""Units of a line over the wire: put, told, read back, seen by whom, and every bad input named."""

from typing import Any

import pytest

from tests import factories
from tests.api.unit_worlds import BATCH, LINE, figures, problem, put, revision, section, told, tower
from tests.conftest import People

TOWER, SECTION = "/grid-works/line/towers", "/grid-works/line/sections"
UP = [
    told("site", on="2023-01-02"),
    told("foundation", on="2023-01-05"),
    told("erection", on="2023-01-10"),
]


@pytest.fixture
def line(people: People) -> People:
    """EVN SPC's line of five towers, of which 1 to 3 stand, in two sections; the investor's phase needs it."""
    assert people.evn_spc.post("/grid-works", {**LINE, "towers_total": 6}).status_code == 201
    assert people.department.post("/grid-works", {**LINE, "code": "bay", "kind": "bay"}).status_code == 201
    connection = {"kind": "point_of_connection"}
    assert people.evn_spc.put("/phases/alpha-1/connections/line", connection).status_code == 200
    with people.world.database.changing(factories.stamp()) as session:
        factories.commune(session, "thua-duc", name="Thừa Đức", valid_until="2025-06-30")
        factories.commune(session, "binh-dai-moi", "ba-tri", name="Bình Đại", valid_from="2023-01-15")
    rows = [tower(n, *(UP if n <= 3 else ())) for n in range(1, 6)]
    rows += [section("1-3", 1, 3, length_m=620), section("3-5", 3, 5, length_m=580)]
    put(people.evn_spc, rows)
    return people


def test_one_tower_is_put_read_and_told_of(line: People) -> None:
    place = {"position": 6, "is_tension": True, "commune": "thua-duc", "latitude": 10.2, "longitude": 106.6}
    made = line.evn_spc.put(f"{TOWER}/6", place | {"note": "Góc", "reports": [told("site", "in_progress")]})
    assert made.status_code == 200, made.text
    read = made.json()
    assert {n: read[n] for n in ("number", "position", "is_tension", "latitude", "note")} == {
        "number": "6",
        "position": 6,
        "is_tension": True,
        "latitude": 10.2,
        "note": "Góc",
    }
    assert read["commune"]["name"] == "Thừa Đức"
    assert read["stages"]["site"] == {"status": "in_progress", "since_on": "2023-01-10", "cause": None}
    assert read["stages"]["erection"]["status"] == "not_started"
    assert line.evn_spc.get(f"{TOWER}/6").json() == read
    assert line.evn_spc.get(f"{TOWER}/6").headers["etag"] == made.headers["etag"]


def test_the_same_again_changes_nothing_and_fields_left_out_stay(line: People) -> None:
    body = {"position": 6, "note": "Góc", "reports": [told("site", "blocked"), told("site", on="2023-01-20")]}
    first = line.evn_spc.put(f"{TOWER}/6", body)
    head = revision(line)
    again = line.evn_spc.put(f"{TOWER}/6", body)
    assert (again.json(), revision(line)) == (first.json(), head)
    changed = line.evn_spc.put(f"{TOWER}/6", {"is_tension": True})
    assert changed.json() == first.json() | {"is_tension": True, "revision": head + 1}


def test_the_history_is_in_the_order_in_which_it_took_effect(line: People) -> None:
    line.evn_spc.put(f"{TOWER}/4", {"reports": [told("site", on="2023-01-20")]})
    line.department.put(f"{TOWER}/4", {"reports": [told("site", "blocked", "2023-01-04", note="Bổ sung")]})
    read = line.investor.get(f"{TOWER}/4").json()
    history = [(h["effective_on"], h["status"], h["cause"], h["organisation"]) for h in read["history"]]
    assert history == [
        ("2023-01-04", "blocked", "land_price", "doit"),
        ("2023-01-20", "done", None, "evn-spc"),
    ]
    assert [h["recorded_in"] for h in read["history"]] == [revision(line), revision(line) - 1]
    then = line.investor.get(f"{TOWER}/4?as_of=2023-01-10").json()["stages"]["site"]
    assert then == {"status": "blocked", "since_on": "2023-01-04", "cause": "land_price"}


def test_a_change_of_what_has_moved_on_is_refused(line: People) -> None:
    read = line.evn_spc.get(f"{TOWER}/4").headers["etag"]
    assert line.evn_spc.put(f"{TOWER}/4", {"note": "Một"}, If_Match=read).status_code == 200
    assert problem(line.evn_spc.put(f"{TOWER}/4", {"note": "Hai"}, If_Match=read))[:2] == (412, "stale")
    row = tower("4", note="Ba", revision=1)
    refused = line.evn_spc.put(BATCH, {"rows": [row]}).json()["details"]["rows"][0]
    assert refused["problem"] == "stale"


BAD: list[tuple[str, dict[str, Any], int, str, str | None]] = [
    (f"{TOWER}/4", {"reports": [told("erection")]}, 422, "erected_before_cast", "status"),
    (f"{TOWER}/4", {"reports": [told("foundation")]}, 422, "cast_before_handover", "status"),
    (f"{TOWER}/1", {"reports": [told("foundation", "not_started", "2023-01-07")]}, 422, "erected_before_cast", "status"),
    (f"{SECTION}/3-5", {"reports": [told("corridor"), told("stringing")]}, 422, "strung_before_erected", "status"),
    (f"{SECTION}/1-3", {"reports": [told("stringing")]}, 422, "strung_before_handover", "status"),
    (f"{TOWER}/99", {"reports": [told("site")]}, 422, "unknown_unit", "number"),
    (f"{SECTION}/99", {"from_tower": "1"}, 422, "unknown_unit", "number"),
    (f"{SECTION}/99", {"from_tower": "1", "to_tower": "99"}, 422, "unknown_unit", "to_tower"),
    (f"{SECTION}/99", {"from_tower": "3", "to_tower": "1"}, 422, "section_ends", "from_tower"),
    (f"{SECTION}/99", {"from_tower": "3", "to_tower": "3"}, 422, "section_ends", "from_tower"),
    (f"{SECTION}/3-5", {"to_tower": None}, 422, "field_missing", "to_tower"),
    (f"{TOWER}/6", {"position": 5}, 422, "position_taken", "position"),
    (f"{TOWER}/1", {"position": 9}, 422, "reason_needed", "reason"),
    (f"{TOWER}/4", {"position": None}, 422, "field_missing", "position"),
    (f"{TOWER}/4", {"is_illustrative": None}, 422, "field_missing", "is_illustrative"),
    (f"{TOWER}/4", {"length_m": 100}, 422, "field_unknown", "length_m"),
    (f"{SECTION}/1-3", {"latitude": 10}, 422, "field_unknown", "latitude"),
    (f"{TOWER}/4", {"reports": [told("corridor")]}, 422, "stage_of_other_kind", "stage"),
    (f"{TOWER}/4", {"reports": [told("site", on="2023-02-08")]}, 422, "date_in_future", "effective_on"),
    (f"{TOWER}/4", {"reports": [told("site", "blocked", cause=None)]}, 422, "cause_missing", "cause"),
    (f"{TOWER}/4", {"reports": [told("site", "reopened")]}, 422, "not_done_before", "status"),
    (f"{TOWER}/4", {"reports": [told("site"), told("site", "blocked")]}, 422, "unit_twice", "reports"),
    (f"{TOWER}/4", {"reports": [told("site", override_reason="Không cần đâu")]}, 403, "override_not_allowed", "override_reason"),
    (f"{TOWER}/4", {"reports": [told("site", sources=["NOBODY"])]}, 422, "unknown_source", "sources"),
    (f"{TOWER}/4", {"sources": ["NOBODY"]}, 422, "unknown_source", "sources"),
    (f"{TOWER}/4", {"commune": "nowhere"}, 422, "unknown_commune", "commune"),
    (f"{TOWER}/4", {"commune": "ba-tri"}, 422, "unknown_commune", "commune"),
    (f"{TOWER}/4", {"commune": "binh-dai-moi", "reports": [told("site", on="2023-01-14")]}, 422, "commune_not_then", "commune"),
    ("/grid-works/bay/towers/1", {"position": 1}, 403, "not_allowed", None),
    ("/grid-works/nowhere/towers/1", {"position": 1}, 404, "not_found", None),
    (f"{TOWER}/a%20b", {"position": 6}, 422, "code_form", "number"),
    (f"{TOWER}/4", {"reports": [{"stage": "site"}]}, 422, "field_missing", "reports.0.status"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "status", "code", "field"), BAD)
def test_bad_input_is_named_and_changes_nothing(
    line: People, path: str, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    head = revision(line)
    assert problem(line.evn_spc.put(path, body)) == (status, code, field)
    assert revision(line) == head


def test_only_a_line_has_units(line: People) -> None:
    for path, body in (("towers/1", {"position": 1}), ("units", {"rows": [tower(1)]})):
        refused = line.department.put(f"/grid-works/bay/{path}", body)
        assert problem(refused) == (422, "not_a_line", None)


def test_no_more_units_than_the_stated_total(line: People) -> None:
    rows = [tower(6), tower(7), tower(8)]
    refused = line.evn_spc.put(BATCH, {"rows": rows}).json()["details"]["rows"]
    assert [(row["row"], row["problem"], row["field"]) for row in refused] == [
        (1, "more_done_than_total", "number"),
        (2, "more_done_than_total", "number"),
    ]


def test_the_department_overrides_the_missing_handover_with_a_reason(line: People) -> None:
    cast = told("foundation", override_reason="Dân đã đồng ý, biên bản ký sau")
    answer = line.department.put(f"{TOWER}/4", {"reports": [cast]})
    assert [w["code"] for w in answer.json()["warnings"]] == ["cast_before_handover"]
    assert answer.json()["history"][0]["override_reason"] == cast["override_reason"]
    unneeded = line.department.put(
        f"{TOWER}/5", {"reports": [told("site", override_reason="Không cần đến lý do")]}
    )
    assert problem(unneeded) == (422, "override_not_needed", "override_reason")
    line.evn_spc.put(f"{TOWER}/4", {"reports": [told("steel", on="2023-01-20")]})
    assert figures(line.evn_spc)["steel"] == (1, 6)


def test_a_tower_with_a_history_is_moved_with_a_reason_and_takes_its_section_along(line: People) -> None:
    moves = [tower(1, position=2), tower(2, position=3), tower(3, position=4)]
    rest = [tower(4, position=5), tower(5, position=6), tower("0", position=1)]
    rows = [{**row, "reason": "Nắn tuyến"} if "reports" in row else row for row in moves + rest]
    put(line.evn_spc, rows)
    sections = line.evn_spc.get(SECTION).json()["items"]
    assert [(s["number"], s["position"], s["from_tower"]) for s in sections] == [
        ("1-3", 2, "1"),
        ("3-5", 4, "3"),
    ]


def test_units_are_listed_in_pages_and_by_commune_stage_and_status(line: People) -> None:
    line.evn_spc.put(f"{TOWER}/4", {"commune": "thua-duc", "reports": [told("site", "blocked")]})

    def numbers(query: str) -> list[str]:
        answer = line.investor.get(f"{TOWER}?{query}")
        assert answer.status_code == 200, answer.text
        return [item["number"] for item in answer.json()["items"]]

    first = line.investor.get(f"{TOWER}?limit=3")
    assert [item["number"] for item in first.json()["items"]] == ["1", "2", "3"]
    rest = line.investor.get(first.links["next"]["url"])
    assert [item["number"] for item in rest.json()["items"]] == ["4", "5"]
    assert rest.json()["next"] is None
    assert numbers("commune=thua-duc") == ["4"]
    assert numbers("stage=erection&status=done") == ["1", "2", "3"]
    assert numbers("stage=erection&status=done&as_of=2023-01-09") == []
    assert numbers("status=blocked") == ["4"]
    assert numbers("stage=foundation&status=blocked") == []
    assert problem(line.investor.get(f"{TOWER}?stage=roof"))[:2] == (422, "not_a_word")
    assert [s["number"] for s in line.investor.get(SECTION).json()["items"]] == ["1-3", "3-5"]


def test_the_strip_has_every_unit_in_line_order(line: People) -> None:
    strip = line.investor.get("/grid-works/line/strip").json()
    assert strip["stages"]["tower"] == ["site", "foundation", "steel", "erection"]
    assert [(item["kind"], item["number"]) for item in strip["items"]] == [
        ("tower", "1"),
        ("section", "1-3"),
        ("tower", "2"),
        ("tower", "3"),
        ("section", "3-5"),
        ("tower", "4"),
        ("tower", "5"),
    ]
    assert strip["items"][0]["states"] == ["done", "done", "not_started", "done"]
    early = line.investor.get("/grid-works/line/strip?as_of=2023-01-06").json()
    assert early["items"][0]["states"] == ["done", "done", "not_started", "not_started"]


def test_progress_counts_first_then_kilometres_then_the_weighted_percent(line: People) -> None:
    strung = [told("corridor", on="2023-01-11"), told("stringing", on="2023-01-20")]
    put(line.evn_spc, [section("1-3", 1, 3, *strung)])
    found = line.investor.get("/grid-works/line/progress").json()
    assert {stage["stage"]: stage["weight"] for stage in found["stages"]} == {
        "site": 15,
        "foundation": 30,
        "steel": None,
        "erection": 25,
        "corridor": None,
        "stringing": 20,
    }
    assert (found["sections_km"], found["corridor_km"], found["strung_km"]) == (1.2, 0.62, 0.62)
    assert found["percent"] == 45.0  # (15 + 30 + 25) · 3/6 + 20 · 1/2
    assert (found["is_energised"], found["energised_weight"]) == (False, 10)
    assert [c["commune"] for c in found["communes"]] == [None]


def test_units_are_for_those_who_see_the_work_and_changed_by_those_who_keep_it(line: People) -> None:
    for path in ("towers", "towers/1", "sections/1-3", "progress", "strip", "blocked", "totals", "reported-counts"):  # fmt: skip
        address = f"/grid-works/line/{path}"
        seen = [
            who.get(address).status_code
            for who in (line.investor, line.department, line.stranger, line.anonymous)
        ]
        assert seen == [200, 200, 404, 401], path
    for who, status in ((line.investor, 403), (line.stranger, 403), (line.anonymous, 401)):
        assert who.put(f"{TOWER}/1", {"note": "x"}).status_code == status
        assert who.put(BATCH, {"rows": [tower(1)]}).status_code == status
    assert line.evn_spc.get(f"{TOWER}/99").status_code == 404
    assert line.evn_spc.get(f"{SECTION}/1").status_code == 404


def test_how_many_households_are_open_is_for_those_who_read_their_cases(line: People) -> None:
    line.evn_spc.put(f"{TOWER}/4", {"reports": [told("site", "blocked")]})
    for who, expected in ((line.investor, None), (line.department, 0), (line.evn_spc, 0)):
        (item,) = who.get("/grid-works/line/blocked").json()["items"]
        assert item["open_households"] == expected
