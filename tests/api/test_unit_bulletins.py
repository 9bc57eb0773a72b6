"""The bulletins of domain rules 3.1 entered as units come out as the counts that were printed."""

from datetime import date

from tests import factories
from tests.api.unit_worlds import figures, progress, put, section, told, tower
from tests.conftest import People


def test_the_110_kv_line_of_tay_ninh(people: People) -> None:
    """28 km, 46 towers, 87 tỷ: 33 foundation positions settled, 8 foundation positions and 1 erection position blocked, the
    hard case at tower 35 inside a company's fence (S27)."""
    work = {"code": "tay-ninh", "kind": "line", "name": "Đường dây 110 kV Tây Ninh", "length_km": 28}
    made = people.evn_spc.post("/grid-works", {**work, "towers_total": 46, "cost_vnd": 87_000_000_000})
    assert (made.json()["towers_total"], made.json()["cost_vnd"]) == (46, 87_000_000_000)
    held = [*range(35, 43)]
    settled = [n for n in range(1, 47) if n not in held][:33]
    rows = [tower(n, told("site")) for n in settled]
    rows += [tower(n, told("site", "blocked", cause="obstruction")) for n in held]
    rows += [tower(n) for n in range(1, 47) if n not in held and n not in settled]
    rows[0]["reports"] += [told("foundation"), told("erection", "blocked", cause="land_price")]
    assert put(people.evn_spc, rows, code="tay-ninh")["changed"] == 46
    stages = {stage["stage"]: stage for stage in progress(people.evn_spc, code="tay-ninh")["stages"]}
    assert {name: stages["site"][name] for name in ("done", "held", "listed", "total")} == {
        "done": 33,
        "held": 8,
        "listed": 46,
        "total": 46,
    }
    blocked = people.evn_spc.get("/grid-works/tay-ninh/blocked").json()["items"]
    by_stage = [(item["number"], item["blocked_stage"], item["cause"]) for item in blocked]
    fenced = [(str(n), "site", "obstruction") for n in held]
    assert by_stage == [("1", "erection", "land_price"), *fenced]


def test_the_500_kv_line_3(people: People) -> None:
    """1177 of 1177 positions handed over, being cast on all of which 430 are done, 182 with their steel, 43 erected and 59
    being erected; 231 of 503 tension sections, 272 not yet. Later 971 with their steel, 604 erected and 423 being erected,
    and with the denominator of 513 then 511 sections, the two left named (S28)."""
    work = {"code": "line", "kind": "line", "name": "Đường dây 500 kV mạch 3", "voltage_kv": 500}
    assert people.evn_spc.post("/grid-works", {**work, "towers_total": 1177}).status_code == 201
    assert people.evn_spc.patch("/grid-works/line", {"sections_total": 503}).status_code == 200
    rows = []
    for n in range(1, 1178):
        reports = [told("site", on="2022-10-01")]
        reports += [told("foundation", "done" if n <= 430 else "in_progress", "2022-11-01")]
        reports += [told("steel", on="2022-12-01")] if n <= 182 else []
        reports += [told("erection", "done" if n <= 43 else "in_progress", "2023-01-03")] if n <= 102 else []
        rows.append(tower(n, *reports))
    for n in range(1, 504):
        reports = [told("corridor", on="2022-12-10")] if n <= 231 else []
        rows.append(section(f"K{n}", 2 * n - 1, 2 * n + 1, *reports))
    assert put(people.evn_spc, rows)["changed"] == 1177 + 503
    assert figures(people.evn_spc) == {
        "site": (1177, 1177),
        "foundation": (430, 1177),
        "steel": (182, 1177),
        "erection": (43, 1177),
        "corridor": (231, 503),
        "stringing": (0, 503),
    }
    stages = {stage["stage"]: stage for stage in progress(people.evn_spc)["stages"]}
    assert (stages["foundation"]["in_progress"], stages["erection"]["in_progress"]) == (747, 59)
    corridor = stages["corridor"]
    assert (corridor["percent"], corridor["total"] - corridor["done"]) == (45.92, 272)

    version = {"kind": "section", "total": 513, "effective_on": "2023-02-01", "reason": "Điều chỉnh tuyến"}
    made = people.evn_spc.post("/grid-works/line/totals", version)
    assert [item["total"] for item in made.json()["items"]] == [1177, 503, 513]
    later = [told("corridor", on="2023-02-05")]
    rows = [section(f"K{n}", 2 * n - 1, 2 * n + 1, *later) for n in range(232, 512)]
    rows += [section(f"K{n}", 2 * n - 1, 2 * n + 1) for n in range(512, 514)]
    assert put(people.evn_spc, rows)["changed"] == 282
    assert figures(people.evn_spc)["corridor"] == (511, 513)
    assert figures(people.evn_spc, "?as_of=2023-01-31")["corridor"] == (231, 503)
    assert people.evn_spc.get("/grid-works/line").json()["sections_total"] == 513
    left = people.evn_spc.get("/grid-works/line/sections?stage=corridor&status=not_started").json()["items"]
    assert [unit["number"] for unit in left] == ["K512", "K513"]

    steel = [tower(n, told("steel", on="2023-02-05")) for n in range(183, 972)]
    cast = [told("foundation", on="2023-02-05")]
    up = [tower(n, *cast, told("erection", on="2023-02-06")) for n in range(431, 605)]
    assert put(people.evn_spc, steel)["changed"] == 789
    assert put(people.evn_spc, up)["changed"] == 174
    rows = [tower(n, told("erection", on="2023-02-06")) for n in range(44, 431)]
    rows += [tower(n, told("erection", "in_progress", "2023-02-06")) for n in range(605, 1028)]
    assert put(people.evn_spc, rows)["changed"] == 387 + 423
    stages = {stage["stage"]: stage for stage in progress(people.evn_spc)["stages"]}
    assert (stages["steel"]["done"], stages["steel"]["percent"]) == (971, 82.5)
    assert (stages["erection"]["done"], stages["erection"]["in_progress"]) == (604, 423)
    assert stages["corridor"]["percent"] == 99.61


def test_the_figures_that_were_reported_stand_beside_those_that_are_computed(people: People) -> None:
    people.evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"})
    put(people.evn_spc, [tower(n, told("site", on=f"2023-01-0{n}")) for n in range(1, 6)])

    def report(done: int, on: str) -> list[str]:
        body = {"stage": "site", "done": done, "total": 6, "reported_on": on, "note": "Bản tin tuần"}
        answer = people.evn_spc.post("/grid-works/line/reported-counts", body)
        assert answer.status_code == 201, answer.text
        return [warning["code"] for warning in answer.json()["warnings"]]

    assert report(4, "2023-01-05") == []
    assert report(6, "2023-01-12") == []
    assert report(5, "2023-01-19") == ["count_falls"]
    again = told("site", "reopened", "2023-01-25", cause="obstruction")
    put(people.evn_spc, [tower("2", again)])
    assert report(4, "2023-01-26") == []
    listed = people.evn_spc.get("/grid-works/line/reported-counts").json()["items"]
    assert [(item["done"], [w["rule"] for w in item["warnings"]]) for item in listed] == [
        (4, []),
        (6, []),
        (5, ["R27"]),
        (4, []),
    ]
    for day, done, difference in (("2023-01-06", 4, 1), ("2023-01-20", 5, 0), ("2023-01-31", 4, 0)):
        (site, *_) = progress(people.evn_spc, f"?as_of={day}")["stages"]
        assert (site["reported"]["done"], site["reported"]["difference"]) == (done, difference), day
    (site, *_) = progress(people.evn_spc, "?as_of=2023-01-04")["stages"]
    assert site["reported"] is None


def test_a_reopened_handover_takes_one_away_and_leaves_last_weeks_answer(people: People) -> None:
    people.evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"})
    put(people.evn_spc, [tower(n, told("site", on="2023-01-10")) for n in range(1, 6)])
    last_week = progress(people.evn_spc, "?as_of=2023-01-31")
    assert figures(people.evn_spc)["site"] == (5, 5)
    put(people.evn_spc, [tower("3", told("site", "reopened", "2023-02-06", cause="unpaid"))])
    assert figures(people.evn_spc)["site"] == (4, 5)
    after = progress(people.evn_spc, "?as_of=2023-01-31")
    assert after | {"known_in": 0} == last_week | {"known_in": 0}
    (held,) = people.evn_spc.get("/grid-works/line/blocked").json()["items"]
    assert (held["number"], held["status"], held["since_on"]) == ("3", "reopened", "2023-02-06")


def test_what_is_told_late_changes_the_past_and_not_what_was_known_then(people: People) -> None:
    people.evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"})
    put(people.evn_spc, [tower(1, told("site", on="2023-01-10")), tower(2)])
    known = people.department.get("/journal?limit=1").json()["items"][0]["recorded_at"]
    put(people.evn_spc, [tower("2", told("site", on="2023-01-05"))])
    assert figures(people.evn_spc, "?as_of=2023-01-06")["site"] == (1, 2)
    instant = known.replace("+00:00", "Z")
    assert figures(people.evn_spc, f"?as_of=2023-01-06&known_at={instant}")["site"] == (0, 2)


def test_an_older_answer_has_the_units_where_they_stood_then(people: People) -> None:
    people.evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"})
    with people.world.database.changing(factories.stamp(date(2023, 1, 1))) as session:
        factories.commune(session, "thua-duc")
        factories.commune(session, "dinh-trung")
    rows = [tower(n, told("site"), commune="thua-duc") for n in (1, 2, 3)]
    put(people.evn_spc, [*rows, section("1-2", 1, 2, length_m=250)])
    known = people.department.get("/journal?limit=1").json()["items"][0]["recorded_at"].replace("+00:00", "Z")
    then = [people.evn_spc.get(f"/grid-works/line/{of}").json() for of in ("progress", "strip", "sections")]
    moved = [tower("3", commune="dinh-trung"), tower("1", position=4, reason="Nắn tuyến tại cột 1")]
    put(people.evn_spc, [*moved, section("1-2", 2, 1, length_m=300)])
    now = [people.evn_spc.get(f"/grid-works/line/{of}").json() for of in ("progress", "strip", "sections")]
    assert [c["commune"]["code"] for c in now[0]["communes"] if c["commune"]] == ["dinh-trung", "thua-duc"]
    for of, before, after in zip(("progress", "strip", "sections"), then, now, strict=True):
        again = people.evn_spc.get(f"/grid-works/line/{of}?known_at={known}").json()
        for item in again.get("items", []) if of == "sections" else []:
            item["revision"] = before["items"][0]["revision"]
        assert (again == before, again == after) == (True, False), of
