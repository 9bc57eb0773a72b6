"""Counts of the land as people: exact, five or more, or rounded as of a cut-off, and never a household."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from app.deps.tracker import Clock
from app.schemas.works import ClearanceChange
from app.services import clearances
from tests import districts, factories
from tests.conftest import People, Person
from tests.districts import Land

PROGRESS = ("not_inventoried", "inventoried", "approved", "paid", "handed_over", "held", "other")
GROUPINGS = ("commune", "district", "work", "track")
# Thursday 2 February 2023 is the last cut-off before today, the 7th.
CUT_OFF = date(2023, 2, 2)


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def read(person: Person, query: str = "") -> Any:
    answer = person.get(f"/land/counts?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def cases(session: Session, package: str, effective_on: str = "2023-01-20", **numbers: int) -> None:
    """So many cases of each status, numbered on from those of the package in this change."""
    for status, number in numbers.items():
        for n in range(number):
            factories.household(session, f"{status}-{n}", package, status=status, effective_on=effective_on)


def split(line: Any, which: str = "progress") -> dict[str, int]:
    return {name: number for name, number in line[which].items() if number}


@pytest.fixture
def land(people: People) -> Land:
    """Recorded on 25 January: 12 inventoried, 7 handed over, 2 held in `land`; 4 in `far`; 6 paid in `plant`."""
    world = people.world
    districts.land(world)
    with world.database.changing(factories.stamp(date(2023, 1, 25))) as session:
        cases(session, "land", inventoried=12, handed_over=7, complaint=2)
        cases(session, "far", inventoried=4)
        cases(session, "plant", paid=6)
    return districts.authorities(people)


def test_compensation_roles_read_exact_counts(land: Land) -> None:
    for person in (land.department, land.evn_spc):
        found = read(person)
        assert (found["precision"], found["as_of"], found["cut_off_at"]) == ("exact", "2023-02-07", None)
        assert found["total"]["cases"] == 31
        assert [(line["code"], line["cases"]) for line in found["items"]] == [
            ("xa-dinh-trung", 27),
            ("xa-giao-long", 4),
        ]
        first = found["items"][0]
        assert first["progress"] == {
            **dict.fromkeys(PROGRESS, 0),
            "inventoried": 12,
            "handed_over": 7,
            "paid": 6,
            "held": 2,
            "other": None,
        }
        assert split(first, "attitude") == {"unknown": 27}


def test_a_district_counts_its_own_land_alone(land: Land) -> None:
    assert [line["code"] for line in read(land.binh_dai)["items"]] == ["xa-dinh-trung"]
    assert read(land.chau_thanh)["total"]["cases"] == 4
    assert read(land.chau_thanh)["precision"] == "exact"


def test_others_who_are_signed_in_read_five_or_more_of_what_they_see(land: Land) -> None:
    found = read(land.investor, "by=work")
    assert found["precision"] == "five_or_more"
    assert [(line["kind"], line["code"], line["cases"], split(line)) for line in found["items"]] == [
        # The six of its own plant are all in one place, so it reads only how many there are.
        ("project", "alpha", 6, {"other": 6}),
        # Two are held: they stand together with the smallest further category; the four of Giao Long do not show.
        ("grid_work", "line", 21, {"inventoried": 12, "other": 9}),
    ]
    assert found["total"]["cases"] == 27
    assert read(land.stranger)["items"] == []


def test_the_public_reads_fives_as_of_the_last_cut_off(land: Land) -> None:
    found = read(land.anonymous)
    assert found["precision"] == "rounded_to_five"
    assert (found["as_of"], found["cut_off_at"]) == ("2023-02-02", "2023-02-02T09:00:00Z")
    assert found["next_cut_off_at"] == "2023-02-09T09:00:00Z"
    (line,) = found["items"]
    assert (line["code"], line["cases"]) == ("xa-dinh-trung", 25)
    assert split(line) == {"inventoried": 10, "other": 15}
    # What was told after the cut-off, or of a day after it, waits for the next.
    with land.world.database.changing(factories.stamp(date(2023, 2, 3))) as session:
        for n in range(12):
            factories.household(session, f"inventoried-{n}", status="handed_over", effective_on="2023-01-30")
    assert read(land.anonymous) == found
    assert split(read(land.department)["items"][0])["handed_over"] == 19
    # A day of before has the answer that it had.
    assert read(land.anonymous, "as_of=2023-02-02") == found
    early = read(land.anonymous, "as_of=2023-01-25")
    assert (early["as_of"], early["items"], early["total"]["cases"]) == ("2023-01-19", [], 0)


def test_the_public_cannot_ask_for_another_instant(land: Land) -> None:
    answer = land.anonymous.get("/land/counts?known_at=2023-02-07")
    assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "public_known_at"), "known_at")
    assert read(land.investor, "known_at=2023-01-01")["items"] == []


def test_before_the_first_cut_off_there_is_nothing_and_the_next_one_is_named(people: People) -> None:
    found = read(people.anonymous, "as_of=2020-12-01")
    assert (found["cut_off_at"], found["items"], found["next_cut_off_at"]) == (
        None,
        [],
        "2023-02-09T09:00:00Z",
    )


def test_the_publics_answer_becomes_another_at_the_cut_off_though_nothing_is_recorded(land: Land) -> None:
    with land.world.database.changing(factories.stamp()) as session:
        cases(session, "corridor", paid=5)
    found = land.anonymous.get("/land/counts")
    assert land.anonymous.get("/land/counts", If_None_Match=found.headers["etag"]).status_code == 304
    clock = land.app.state.tracker.clock = Clock(date(2023, 2, 9))
    before = land.anonymous.get("/land/counts")
    assert "etag" not in before.headers
    assert (before.json()["as_of"], before.json()["total"]["cases"]) == ("2023-02-02", 25)
    clock._ahead += timedelta(hours=7)
    after = read(land.anonymous)
    assert (after["as_of"], after["total"]["cases"]) == ("2023-02-09", 30)
    assert after["next_cut_off_at"] == "2023-02-16T09:00:00Z"


def test_the_answers_of_others_are_kept_until_the_next_revision(land: Land) -> None:
    first = land.investor.get("/land/counts")
    assert land.investor.get("/land/counts", If_None_Match=first.headers["etag"]).status_code == 304


def test_counts_are_narrowed_by_whole_cells(land: Land) -> None:
    for query, expected in (
        ("work=line", 25),
        ("work=alpha", 0),
        ("work=nowhere", 0),
        ("district=chau-thanh", 4),
        ("district=binh-dai", 27),
        ("track=corridor", 0),
        ("track=recovered_land", 31),
        ("as_of=2023-01-19", 0),
        ("known_at=2023-01-24", 0),
        ("known_at=2023-01-25", 31),
    ):
        assert read(land.department, query)["total"]["cases"] == expected, query
    assert problem(land.department.get("/land/counts?by=owner")) == (422, "not_a_word")
    assert problem(land.department.get("/land/counts?hamlet=x")) == (422, "parameter_unknown")


def test_what_is_not_known_of_a_place_stands_last(land: Land) -> None:
    with land.world.database.changing(factories.stamp()) as session:
        factories.clearance(session, "somewhere")
        cases(session, "somewhere", paid=5)
    for by in ("commune", "district"):
        last = read(land.department, f"by={by}")["items"][-1]
        assert (last["code"], last["name"], last["cases"]) == (None, None, 5)


def test_illustrative_cases_are_marked(land: Land) -> None:
    assert not read(land.department)["is_illustrative"]
    with land.world.database.changing(factories.stamp()) as session:
        factories.household(session, "x1", "far", is_illustrative=True)
    found = read(land.department)
    assert found["is_illustrative"]
    assert [line["is_illustrative"] for line in found["items"]] == [False, True]


def test_a_package_that_moves_to_another_commune_leaves_the_published_weeks_as_they_were(land: Land) -> None:
    found = read(land.anonymous)
    exact = read(land.department, "known_at=2023-01-25")
    with land.world.database.changing(factories.stamp(date(2023, 2, 6))) as session:
        change = ClearanceChange.model_validate({"commune": "xa-giao-long", "district": "chau-thanh"})
        clearances.change(session, factories.SYSTEM, "land", change, None)
    assert read(land.anonymous) == found
    assert read(land.department, "known_at=2023-01-25") == exact
    assert read(land.department)["items"][1]["cases"] == 25


def numbers(found: Any) -> Counter[int]:
    lines = [found["total"], *found["items"]]
    return Counter(
        number
        for line in lines
        for number in (line["cases"], *line["progress"].values(), *line["attitude"].values())
        if number is not None
    )


def test_no_answer_to_others_holds_a_number_of_one_to_four_and_each_adds_up(land: Land) -> None:
    with land.world.database.changing(factories.stamp(date(2023, 2, 1))) as session:
        cases(session, "corridor", "2023-01-30", unpaid=3, inventoried=1, paid=8, not_inventoried=1)
    days = [CUT_OFF + timedelta(days=n) for n in range(-14, 6)]
    filters = [
        "",
        "&work=line",
        "&district=binh-dai",
        "&track=corridor",
        "&district=binh-dai&track=recovered_land",
    ]
    for by, day, wanted in product(GROUPINGS, days, filters):
        query = f"by={by}&as_of={day}{wanted}"
        for person, fives in ((land.investor, False), (land.anonymous, True)):
            found = read(person, query)
            shown = numbers(found)
            assert not set(shown) & {1, 2, 3, 4}, query
            assert not fives or all(number % 5 == 0 for number in shown), query
            for name in PROGRESS:
                parts = sum(line["progress"][name] or 0 for line in found["items"])
                assert parts == (found["total"]["progress"][name] or 0), query
            assert found["total"]["cases"] == sum(line["cases"] for line in found["items"])
            assert all(n <= line["cases"] for line in found["items"] for n in split(line).values())
    totals = {by: read(land.investor, f"by={by}")["total"] for by in GROUPINGS}
    assert len({str(total) for total in totals.values()}) == 1
