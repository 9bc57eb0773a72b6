"""What the answers about a line and its land show to whom: as it was known then, marked where it was made up, and the open
cases to those alone who read them."""

from datetime import date
from typing import Any

import pytest

from tests import districts, factories
from tests.api.unit_worlds import figures, progress, put, section, told, tower
from tests.conftest import People, Person
from tests.districts import Land

CASES = "/clearances/land/households"


def now(people: People) -> str:
    """The instant of the last revision."""
    recorded_at: str = people.department.get("/journal?limit=1").json()["items"][0]["recorded_at"]
    return recorded_at.replace("+00:00", "Z")


def items(person: Person, path: str) -> list[dict[str, Any]]:
    answer = person.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def case(person: Person, number: str, tower: str, **more: Any) -> None:
    body = {"unit": {"kind": "tower", "number": tower}, "effective_on": "2023-01-10", **more}
    answer = person.put(f"{CASES}/{number}", body)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def land(people: People) -> Land:
    districts.land(people.world)
    return districts.authorities(people)


@pytest.fixture
def line(people: People) -> People:
    people.evn_spc.post("/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"})
    return people


def test_how_many_cases_are_open_on_a_unit_is_told_in_their_own_district_alone(land: Land) -> None:
    put(land.evn_spc, [tower("1", commune="xa-dinh-trung"), tower("2", commune="xa-giao-long")])
    for number in ("1", "2"):
        case(land.evn_spc, f"HD-{number}", number, status="obstructed", cause="land_price")

    def opened(person: Person) -> list[int | None]:
        return [item["open_households"] for item in items(person, "/grid-works/line/blocked")]

    assert opened(land.evn_spc) == opened(land.department) == [1, 1]
    assert opened(land.binh_dai) == [1, None]
    assert opened(land.chau_thanh) == [None, 1]
    assert opened(land.investor) == [None, None]


def test_an_older_answer_has_the_cases_on_the_units_where_they_were_then(land: Land) -> None:
    put(land.evn_spc, [tower(str(n), told("site", on="2023-01-05")) for n in (1, 2)])
    case(land.evn_spc, "HD-1", "1", status="inventoried")
    then, known = progress(land.evn_spc), now(land)
    strip = items(land.evn_spc, "/grid-works/line/strip")
    assert figures(land.evn_spc)["site"] == (1, 3)
    case(land.evn_spc, "HD-1", "3")
    assert figures(land.evn_spc)["site"] == (2, 3)
    assert progress(land.evn_spc, f"?known_at={known}") == then
    assert items(land.evn_spc, f"/grid-works/line/strip?known_at={known}") == strip


def test_an_older_pace_counts_to_the_total_that_was_known_then(line: People) -> None:
    put(line.evn_spc, [tower(n, told("site", on=f"2023-01-{n:02d}")) for n in range(1, 5)])
    known = now(line)
    assert line.evn_spc.patch("/grid-works/line", {"towers_total": 9}).status_code == 200

    def total(query: str = "") -> tuple[int, int]:
        read = line.evn_spc.get(f"/grid-works/line/pace{query}").json()
        return read["total"], read["left"]

    assert total() == (9, 5)
    assert total(f"?known_at={known}") == (4, 0)


def test_what_rests_on_an_illustrative_report_is_marked_wherever_it_is_shown(line: People) -> None:
    put(line.evn_spc, [tower(1, told("site")), tower(2), section("1-2", 1, 2)])

    def marks() -> tuple[Any, ...]:
        of = "/grid-works/line"
        return (
            [item["is_illustrative"] for item in items(line.evn_spc, f"{of}/strip")],
            [item["is_illustrative"] for item in items(line.evn_spc, f"{of}/blocked")],
            progress(line.evn_spc)["is_illustrative"],
            line.evn_spc.get(f"{of}/pace").json()["is_illustrative"],
            [
                row["is_illustrative"]
                for row in items(line.evn_spc, "/schedule/at-stake/land?work=line")
                if row["kind"] == "tower"
            ],
        )

    assert marks() == ([False, False, False], [], False, False, [False])
    put(line.evn_spc, [tower("2", told("site", "blocked", is_illustrative=True))])
    assert marks() == ([False, False, True], [True], True, True, [True])


def test_a_reported_figure_that_is_illustrative_is_marked_beside_the_count(line: People) -> None:
    put(line.evn_spc, [tower(1, told("site"))])

    def reported(day: str, **more: Any) -> bool:
        body = {"stage": "site", "done": 1, "reported_on": day, **more}
        assert line.evn_spc.post("/grid-works/line/reported-counts", body).status_code == 201
        found: bool = progress(line.evn_spc)["stages"][0]["reported"]["is_illustrative"]
        return found

    assert reported("2023-01-20", is_illustrative=True)
    assert not reported("2023-01-27")


def test_a_case_that_is_illustrative_marks_the_unit_it_stands_on(land: Land) -> None:
    case(land.department, "HD-1", "2", status="inventoried", is_illustrative=True)
    strip = items(land.investor, "/grid-works/line/strip")
    assert [item["number"] for item in strip if item["is_illustrative"]] == ["2"]
    (row,) = items(land.binh_dai, "/schedule/at-stake/land?by=household&work=line")
    assert row["is_illustrative"]


def test_a_reopened_handover_takes_one_away_keeps_last_week_and_raises_the_mw_at_stake(
    people: People,
) -> None:
    """End to end: X falls by one; the table and the counts of last week stand as they were known; 30 MW wait again."""
    with people.world.database.changing(factories.stamp(date(2023, 1, 31))) as session:
        factories.grid_work(session)
        factories.commune(session)
        factories.apply(session, "grid_work", "line")
        factories.connection(session)
        factories.apply(session)
    evn, department = people.evn_spc, people.department
    put(evn, [tower(n, told("site", on="2023-01-10"), commune="xa-thua-duc") for n in range(1, 6)])
    known, last_week = now(people), "week=2023-02-02"
    table, counts = department.get(f"/land-table?{last_week}").json(), progress(evn, "?as_of=2023-02-02")
    file = department.get(f"/land-table.csv?{last_week}").content
    stake = "/schedule/at-stake/land?work=line&by="
    milestone = "/grid-works/line/milestones/G-13"
    assert [row["towers"]["handed_over"] for row in table["items"]] == [5, 5, 5]
    assert items(department, f"{stake}unit") == items(department, f"{stake}commune") == []
    assert department.get(milestone).json()["actual_on"] == "2023-01-10"

    # A household stops the work; it comes to be known a week late, after last week's table went out.
    put(evn, [tower("3", told("site", "reopened", "2023-02-01", cause="unpaid"))])

    assert figures(evn)["site"] == (4, 5)
    now_told = department.get(f"/land-table?{last_week}").json()
    assert [row["towers"]["handed_over"] for row in now_told["items"]] == [4, 4, 4]
    assert [row["towers"]["held"] for row in now_told["items"]] == [["3"]] * 3
    assert department.get(f"/land-table?{last_week}&known_at={known}").json() == table
    assert department.get(f"/land-table.csv?{last_week}&known_at={known}").content == file
    assert progress(evn, f"?as_of=2023-02-02&known_at={known}") == counts
    (held,) = items(evn, "/grid-works/line/blocked")
    assert (held["number"], held["status"], held["since_on"]) == ("3", "reopened", "2023-02-01")
    (of_tower,), (of_commune,) = items(department, f"{stake}unit"), items(department, f"{stake}commune")
    assert (of_tower["unit"], of_tower["at_stake_mw"], of_tower["phases"]) == ("3", 30, ["alpha-1"])
    assert (of_commune["commune"]["code"], of_commune["at_stake_mw"]) == ("xa-thua-duc", 30)
    assert items(department, f"{stake}unit&known_at={known}") == []
    assert department.get(milestone).json()["actual_on"] is None


def test_an_older_land_table_has_the_packages_where_they_lay_then(land: Land) -> None:
    case(land.evn_spc, "HD-1", "1", status="inventoried")
    query = "/land-table?week=2023-02-02"
    then, known = items(land.department, query), now(land)
    moved = {"commune": "xa-giao-long", "district": districts.CHAU_THANH}
    assert land.department.patch("/clearances/land", moved).status_code == 200
    assert items(land.department, query) != then
    assert items(land.department, f"{query}&known_at={known}") == then
