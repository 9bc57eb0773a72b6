"""Whoever begins with a snapshot and applies the feed holds exactly what the API shows, whatever was changed by whom."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain import feed
from tests.conftest import People, Person
from tests.whole import feed_shown
from tests.whole.feed_edits import Edits, land
from tests.whole.feed_reader import Json, Reader
from tests.whole.test_journal_covers import a_varied_life

PERSONS = ("investor", "stranger", "department", "evn_spc", "anonymous", "district")
HOUSEHOLDS = ("department", "evn_spc", "district")


def person(people: People, name: str) -> Person:
    found: Person | None = getattr(people, name, None)
    return found or replace(people.department, key=people.world.keys[name])


def reader(who: Person, limit: int = 500) -> Reader:
    def get(path: str) -> Json:
        answer = who.get(path)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    return Reader(get, limit)


def state(of: Reader) -> dict[Any, Any]:
    """What a reader holds, in an order of its own."""
    return dict(sorted(of.items.items()))


def test_every_kind_of_fact_comes_to_the_state_that_the_api_shows(people: People) -> None:
    early = {name: reader(person(people, name), limit=20) for name in PERSONS[:5]}
    for one in early.values():
        one.begin()
    a_varied_life(people)
    told = people.department.get("/changes?limit=5000").json()["items"]
    assert {fact["subject"] for fact in told} <= feed.SUBJECTS, "a subject that nobody could ask for"
    for name, one in early.items():
        one.follow()
        fresh = reader(person(people, name))
        fresh.begin()
        assert state(one) == state(fresh), name
        feed_shown.check(
            one, person(people, name), is_insider=name != "anonymous", reads_households=name in HOUSEHOLDS
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_edits_come_to_the_same_state_for_everybody(people: People, seed: int) -> None:
    land(people.world)
    edits = Edits(people, seed)
    edits.many(120)
    readers = {name: reader(person(people, name), limit=7) for name in PERSONS}
    for one in readers.values():
        # Edits between the pages of a snapshot: all its pages are of the revision of the first.
        one.begin(between=edits.one)
    for _ in range(4):
        edits.many(60)
        for one in readers.values():
            one.follow(between=edits.one)
    for name, one in readers.items():
        one.follow()
        fresh = reader(person(people, name), limit=50)
        fresh.begin()
        assert state(one) == state(fresh), name
        insider, cases = name != "anonymous", name in HOUSEHOLDS
        compared = feed_shown.check(one, person(people, name), is_insider=insider, reads_households=cases)
        assert compared > 10
    assert readers["department"].resets == readers["evn_spc"].resets == readers["anonymous"].resets == 0
    assert readers["investor"].resets > 0
    assert edits.made > 200, (edits.made, edits.refused)
    told = person(people, "department").get("/changes?limit=5000").json()
    assert not told["more"]
    kinds = {fact["kind"] for fact in told["items"]}
    assert len(kinds) > 45, sorted(kinds)
