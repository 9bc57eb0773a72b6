"""Denominators in dated versions, and the X/Y that others report: what each refuses and what old reports keep."""

from typing import Any

import pytest

from tests.api.unit_worlds import LINE, figures, problem, progress, put, revision, told, tower
from tests.conftest import People

TOTALS, COUNTS = "/grid-works/line/totals", "/grid-works/line/reported-counts"


@pytest.fixture
def line(people: People) -> People:
    """A line of at first 4 towers, all listed, of which 3 were handed over in January."""
    assert people.evn_spc.post("/grid-works", {**LINE, "towers_total": 4}).status_code == 201
    put(people.evn_spc, [tower(n, *([told("site")] if n <= 3 else [])) for n in range(1, 5)])
    return people


def version(total: int = 5, on: str = "2023-01-20", **more: Any) -> dict[str, Any]:
    return {
        "kind": "tower",
        "total": total,
        "effective_on": on,
        "reason": "Nắn tuyến, thêm một vị trí",
        **more,
    }


def test_a_later_denominator_leaves_the_earlier_days_theirs(line: People) -> None:
    known = line.department.get("/journal?limit=1").json()["items"][0]["recorded_at"].replace("+00:00", "Z")
    before = line.evn_spc.get("/grid-works/line")
    made = line.evn_spc.post(TOTALS, version())
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/grid-works/line/totals")
    first, second = made.json()["items"]
    assert (first["total"], first["effective_on"], first["reason"]) == (4, None, None)
    assert {n: second[n] for n in ("total", "effective_on", "organisation")} == {
        "total": 5,
        "effective_on": "2023-01-20",
        "organisation": "evn-spc",
    }
    assert line.evn_spc.get(TOTALS).json() == made.json()
    assert figures(line.evn_spc)["site"] == (3, 5)
    assert figures(line.evn_spc, "?as_of=2023-01-19")["site"] == (3, 4)
    assert figures(line.evn_spc, f"?known_at={known}")["site"] == (3, 4)
    work = line.evn_spc.get("/grid-works/line").json()
    assert (work["towers_total"], work["sections_total"]) == (5, None)
    stale = line.evn_spc.patch("/grid-works/line", {"note": "x"}, If_Match=before.headers["etag"])
    assert problem(stale)[:2] == (412, "stale")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (version(3), "more_done_than_total", "total"),
        (version(4), "nothing_changes", "total"),
        (version(5, "2023-02-08"), "date_in_future", "effective_on"),
        (version(5, sources=["NOBODY"]), "unknown_source", "sources"),
        (version(0), "out_of_range", "total"),
        (version(5, reason=None), "not_text", "reason"),
    ],
)
def test_a_denominator_that_cannot_be_is_refused(
    line: People, body: dict[str, Any], code: str, field: str
) -> None:
    head = revision(line)
    assert problem(line.evn_spc.post(TOTALS, body)) == (422, code, field)
    assert revision(line) == head


def test_a_denominator_below_what_was_done_in_its_time_is_refused(line: People) -> None:
    assert line.evn_spc.post(TOTALS, version(5, "2023-02-01")).status_code == 201
    for total, on, status in ((2, "2023-01-10", 422), (2, "2023-01-09", 422), (3, "2023-01-10", 201)):
        assert line.evn_spc.post(TOTALS, version(total, on)).status_code == status, (total, on)
    late = {"reports": [told("site", on="2023-01-15")]}
    refused = line.evn_spc.put("/grid-works/line/towers/4", late)
    assert problem(refused) == (422, "more_done_than_total", "status")
    assert line.evn_spc.put(
        "/grid-works/line/towers/4", {"reports": [told("site", on="2023-02-01")]}
    ).is_success


def test_the_first_total_is_set_once(line: People) -> None:
    patch = line.evn_spc.patch
    assert problem(patch("/grid-works/line", {"towers_total": 5})) == (
        422,
        "total_by_version",
        "towers_total",
    )
    assert problem(patch("/grid-works/line", {"towers_total": None})) == (
        422,
        "total_by_version",
        "towers_total",
    )
    assert patch("/grid-works/line", {"towers_total": 4, "mva": 63, "cost_vnd": 143_427_000_000}).is_success
    assert patch("/grid-works/line", {"sections_total": 2}).json()["sections_total"] == 2
    assert problem(patch("/grid-works/line", {"cost_vnd": 0.5})) == (422, "not_a_whole_number", "cost_vnd")
    other = {**LINE, "code": "other"}
    line.evn_spc.post("/grid-works", other)
    put(line.evn_spc, [tower(1), tower(2)], code="other")
    assert problem(patch("/grid-works/other", {"towers_total": 1})) == (422, "more_done_than_total", "total")
    assert figures(line.evn_spc, code="other")["site"] == (0, 2)
    known = line.department.get("/journal?limit=1").json()["items"][0]["recorded_at"].replace("+00:00", "Z")
    assert patch("/grid-works/other", {"towers_total": 3}).is_success
    assert figures(line.evn_spc, code="other")["site"] == (0, 3)
    assert figures(line.evn_spc, f"?known_at={known}", "other")["site"] == (0, 2)


def test_a_work_with_units_stays_a_line(line: People) -> None:
    assert problem(line.evn_spc.patch("/grid-works/line", {"kind": "bay"}))[:2] == (409, "in_use")


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"reported_on": "2023-02-08"}, "date_in_future", "reported_on"),
        ({"done": 5}, "more_done_than_total", "done"),
        ({"done": -1}, "out_of_range", "done"),
        ({"stage": "roof"}, "not_a_word", "stage"),
        ({"sources": ["NOBODY"]}, "unknown_source", "sources"),
    ],
)
def test_a_reported_count_that_cannot_be_is_refused(
    line: People, more: dict[str, Any], code: str, field: str
) -> None:
    body = {"stage": "site", "done": 3, "total": 4, "reported_on": "2023-02-01", **more}
    assert problem(line.evn_spc.post(COUNTS, body)) == (422, code, field)


def test_what_is_illustrative_says_so(line: People) -> None:
    assert progress(line.evn_spc)["is_illustrative"] is False
    line.evn_spc.put("/grid-works/line/towers/1", {"is_illustrative": True})
    assert progress(line.evn_spc)["is_illustrative"] is True
    made = {**LINE, "code": "demo", "is_illustrative": True}
    assert line.department.post("/grid-works", made).status_code == 201
    read = line.department.put("/grid-works/demo/towers/1", {"position": 1, "reports": [told("site")]}).json()
    assert (read["is_illustrative"], read["history"][0]["is_illustrative"]) == (True, True)
