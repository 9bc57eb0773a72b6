"""A caller may ask so often in a minute; what is left stands on every answer, and too much is told with when to come again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import factories
from tests.conftest import People, Person, serve

MOST, PUBLIC = 5, 3


@pytest.fixture
def hurried(world: factories.World, url: str, tmp_path: Path) -> Iterator[People]:
    world.url = url
    with serve(
        world,
        data_folder=tmp_path / "files",
        requests_a_minute=MOST,
        public_requests_a_minute=PUBLIC,
    ) as found:
        yield found


def left(person: Person, path: str = "/capacity") -> tuple[int, str]:
    answer = person.get(path)
    return answer.status_code, answer.headers["ratelimit"].partition(";t=")[0]


def test_every_answer_says_what_is_left_and_the_last_one_when_to_come_again(hurried: People) -> None:
    # The same question again is answered ahead of all routing, and counts as any other.
    counted = [left(hurried.investor) for _ in range(MOST)]
    assert counted == [(200, f'"key";r={MOST - n}') for n in range(1, MOST + 1)]
    refused = hurried.investor.get("/capacity", Accept_Language="en")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.json()["title"] == "Too many requests; try again in some seconds"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-policy"] == f'"key";q={MOST};w=60'
    assert refused.headers["content-type"] == "application/problem+json"


def test_each_key_is_counted_for_itself(hurried: People) -> None:
    for _ in range(MOST + 1):
        hurried.investor.get("/capacity")
    assert hurried.investor.get("/capacity").status_code == 429
    assert left(hurried.stranger) == (200, f'"key";r={MOST - 1}')
    assert left(hurried.anonymous) == (200, f'"address";r={PUBLIC - 1}')


def test_a_refused_change_is_not_made(hurried: People) -> None:
    for _ in range(MOST):
        hurried.investor.get("/capacity")
    body = factories.declaration()
    assert hurried.investor.post("/phases/alpha-1/tranches", body).status_code == 429
    assert hurried.evn_spc.get("/phases/alpha-1/tranches").json()["items"] == []


def test_a_refusal_of_the_route_counts_once(hurried: People) -> None:
    assert left(hurried.investor, "/phases/nowhere") == (404, f'"key";r={MOST - 1}')
    assert left(hurried.investor, "/phases/nowhere?unknown=1") == (422, f'"key";r={MOST - 2}')


def test_who_tries_keys_is_counted_by_address(hurried: People) -> None:
    def attempt(number: int) -> int:
        guesser = Person(hurried.investor.client, hurried.investor.run, f"trk_guess-{number}")
        return guesser.get("/capacity").status_code

    assert [attempt(n) for n in range(PUBLIC + 1)] == [401] * PUBLIC + [429]
    assert hurried.anonymous.get("/capacity").status_code == 429
    assert hurried.investor.get("/capacity").status_code == 200


def test_who_has_a_whole_network_of_addresses_is_counted_once(hurried: People) -> None:
    async def ask(client: str) -> int:
        transport = httpx.ASGITransport(hurried.app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://tracker.test") as sent:
            return (await sent.get("/api/v1/capacity")).status_code

    run: Any = hurried.anonymous.run
    own = [run(ask(f"2001:db8::{number}")) for number in range(PUBLIC + 1)]
    assert own == [200] * PUBLIC + [429]
    assert run(ask("2001:db8:0:1::1")) == 200


def test_whether_the_process_lives_is_never_refused(hurried: People) -> None:
    assert {hurried.anonymous.get("/livez").status_code for _ in range(PUBLIC + 2)} == {200}
