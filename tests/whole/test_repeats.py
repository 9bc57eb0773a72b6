"""The same POST many times at once, under one key and to two processes: it is made once and answered alike."""

import asyncio
from collections import Counter

import httpx

from tests import factories
from tests.conftest import People
from tests.factories import World
from tests.whole.test_crash import service

SENDERS = 16
PATH = "/api/v1/phases/alpha-1/tranches"


async def all_at_once(client: httpx.AsyncClient, addresses: list[str], key: str) -> list[httpx.Response]:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "the-same"}
    body = factories.declaration(0.1)
    return list(
        await asyncio.gather(
            *(
                client.post(f"{addresses[n % len(addresses)]}{PATH}", json=body, headers=headers)
                for n in range(SENDERS)
            )
        )
    )


def one_was_made(answers: list[httpx.Response]) -> None:
    assert {a.status_code for a in answers} == {201}
    assert len({(a.content, a.headers["etag"], a.headers.get("location")) for a in answers}) == 1
    replayed = Counter(a.headers.get("idempotency-replayed") for a in answers)
    assert replayed == {None: 1, "true": SENDERS - 1}


def test_duplicates_at_once_wait_for_the_first_and_are_answered_as_it_was(people: People) -> None:
    answers: list[httpx.Response] = people.investor.run(
        all_at_once(people.investor.client, [""], people.investor.key or "")  # type: ignore[arg-type, assignment]
    )
    one_was_made(answers)
    assert people.investor.get("/capacity").json()["declared_mw"] == 0.1


def test_duplicates_at_two_processes_are_made_once(world: World, url: str) -> None:
    async def ask(addresses: list[str]) -> tuple[list[httpx.Response], float]:
        key = world.keys["investor"]
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answers = await all_at_once(client, addresses, key)
            headers = {"Authorization": f"Bearer {key}"}
            read = await client.get(f"{addresses[1]}/api/v1/capacity", headers=headers)
            return answers, read.json()["declared_mw"]

    with service(url) as (_, first), service(url) as (_, second):
        answers, declared_mw = asyncio.run(ask([first, second]))
    one_was_made(answers)
    assert declared_mw == 0.1
