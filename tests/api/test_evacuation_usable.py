"""`usable_mw` beside the number that counts: what the stated limits let through, and null where they do not say so of all."""

from datetime import date
from typing import Any

import pytest

from tests import factories
from tests.conftest import People


def usable(people: People, query: str = "") -> Any:
    answer = people.anonymous.get(f"/capacity?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["usable_mw"]


def operating(people: People, phase: str, mw: float, **more: Any) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        code = factories.declare(session, people.world.investor, phase, mw=mw, **more)
        factories.confirm(session, people.world.evn_spc, code)


@pytest.fixture
def two(people: People) -> People:
    """Two phases of the investor: 20 and 12 MW operate from 01/05/2022."""
    with people.world.database.changing(factories.stamp(date(2022, 4, 1))) as session:
        factories.phase(session, "alpha-2")
    operating(people, "alpha-1", 20)
    operating(people, "alpha-2", 12)
    return people


def group(people: People, code: str = "node", mw: float | None = None, **more: Any) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.evacuation_group(session, code, mw, **more)


def test_it_is_not_known_before_limits_and_every_way_are_stated(two: People) -> None:
    assert usable(two) is None
    group(two, phases=["alpha-1"])
    assert usable(two) is None, "no limit"
    with two.world.database.changing(factories.stamp()) as session:
        factories.evacuation_limit(session, mw=25)
    assert usable(two) is None, "12 MW have no way"
    assert two.evn_spc.put("/evacuation-groups/node/phases/alpha-2", {}).status_code == 200
    assert usable(two) == 25
    assert usable(two, "as_of=2022-04-30") == 0
    assert usable(two, "as_of=2021-05-20") is None, "no limit yet"
    assert usable(two, "known_at=2022-01-01") is None


def test_it_is_not_known_where_nobody_has_limited_a_way(two: People) -> None:
    group(two, mw=25, phases=["alpha-1"])
    group(two, "other", phases=["alpha-2"])
    assert usable(two) is None
    # A limit further on is one on every way through it.
    group(two, "corridor", mw=30)
    assert two.evn_spc.put("/evacuation-groups/corridor/sources/other", {}).status_code == 200
    assert usable(two) == 32
    assert two.evn_spc.put("/evacuation-groups/corridor/sources/node", {}).status_code == 200
    assert usable(two) == 30


def test_it_follows_what_operates_and_is_the_same_for_everybody(two: People) -> None:
    group(two, mw=25, phases=["alpha-1", "alpha-2"])
    for person in (two.investor, two.stranger, two.department, two.evn_spc, two.anonymous):
        answer = person.get("/capacity").json()
        assert (answer["operating_mw"], answer["usable_mw"]) == (32, 25)
    code = two.department.get("/phases/alpha-1/tranches").json()["items"][0]["code"]
    stop = {
        "effective_on": "2023-01-01",
        "capacity_mw": 20,
        "reason": "Tạm ngừng",
        "letter_number": "7",
        "letter_on": "2023-01-01",
    }
    assert two.department.post(f"/tranches/{code}/suspension", stop).status_code == 200
    assert usable(two) == 12
    assert usable(two, "as_of=2022-12-31") == 25


def test_illustrative_limits_are_left_out_with_everything_illustrative(two: People) -> None:
    group(two, mw=25, phases=["alpha-1", "alpha-2"], is_illustrative=True)
    assert usable(two) == 25
    assert usable(two, "illustrative=false") is None


def test_projects_out_of_the_totals_ask_for_no_way(two: People) -> None:
    group(two, mw=25, phases=["alpha-1"])
    assert usable(two) is None
    assert two.department.patch("/projects/alpha", {"in_totals": False}).status_code == 200
    assert usable(two) == 0


@pytest.mark.parametrize("of", ["group", "limit", "path"])
def test_it_says_where_it_rests_on_something_illustrative(two: People, of: str) -> None:
    def made_up() -> Any:
        return two.anonymous.get("/capacity").json()["is_usable_illustrative"]

    assert made_up() is False
    group(two, mw=None if of == "limit" else 25, phases=["alpha-2"], is_illustrative=of == "group")
    if of == "limit":
        with two.world.database.changing(factories.stamp()) as session:
            factories.evacuation_limit(session, mw=25, is_illustrative=True)
    path = two.department.put("/evacuation-groups/node/phases/alpha-1", {"is_illustrative": of == "path"})
    assert path.status_code == 200, path.text
    assert (usable(two), made_up()) == (25, True)
    assert usable(two, "illustrative=false") is None
