"""The schedule: the worker pulls when it is time, one process at once, and ends when it is told to."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.db import Database
from app.deps import Tracker
from app.domain.vocabulary import RunState, Stream, Trigger
from app.services import exchanges as runs
from app.simulator import Fault, Upstream
from app.worker import exchanges as chore
from tests import exchanges, factories
from tests.conftest import settings
from tests.exchanges import LOGIN, STARTS_AT, TICK, TOKEN, running, simulator, tower
from tests.factories import World


@pytest.fixture
def ready(sqlite_database: Database, sqlite_url: str) -> World:
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    exchanges.furnish(world)
    return world


def tracker(world: World, url: str | None) -> Tracker:
    mapping = exchanges.mapping_file(Path(world.url.removeprefix("sqlite:///")).parent)
    own = {"evn_spc_token": TOKEN, "evn_spc_login": LOGIN, "evn_spc_mapping": mapping}
    return Tracker.open(settings(world.url, evn_spc_url=url, **own))


def upstream() -> Upstream:
    made = Upstream(STARTS_AT, TICK)
    made.put(Stream.TOWERS, "1", **tower(1, "MAT_BANG", "2023-01-02"))
    return made


def test_it_pulls_when_it_is_time_and_not_again(ready: World) -> None:
    served = simulator(upstream())

    async def work(made: Tracker) -> None:
        assert await chore._is_due(made, 0.0)
        await chore._run(made, asyncio.Event())
        assert not await chore._is_due(made, 0.0)
        made.clock._ahead += timedelta(minutes=15)
        assert await chore._is_due(made, 0.0)

    with running(served) as url:
        made = tracker(ready, url)
        asyncio.run(work(made))
        made.db.close()
    run = exchanges.last(ready.database)
    assert (run.run.trigger, run.run.state) == (Trigger.SCHEDULE, RunState.DONE)
    assert exchanges.state(ready.database)["line/1/site"].is_done


def test_where_another_process_pulls_it_leaves_it_to_that_one(ready: World) -> None:
    with ready.database.changing(factories.stamp()) as session:
        runs.begin(session, Trigger.COMMAND, "another", factories.at(), timedelta(days=1))
    served = simulator(upstream())
    with running(served) as url:
        made = tracker(ready, url)
        asyncio.run(chore._run(made, asyncio.Event()))
        made.db.close()
    assert served.questions == []


def test_told_to_stop_it_does_not_wait_for_a_service_that_does_not_answer(ready: World) -> None:
    served = simulator(upstream(), Fault.ERROR, rate=1.0, most=1_000)

    async def work(made: Tracker) -> None:
        stop = asyncio.Event()
        pulling = asyncio.create_task(chore.pull(made, stop))
        while not served.questions:
            await asyncio.sleep(0)
        stop.set()
        await pulling

    with running(served) as url:
        made = tracker(ready, url)
        asyncio.run(work(made))
        made.db.close()
    run = exchanges.last(ready.database).run
    assert (run.state, run.problem) == (RunState.FAILED, "exchange_stopped")


def test_without_an_address_there_is_nothing_to_do(ready: World) -> None:
    made = tracker(ready, None)
    asyncio.run(chore.pull(made, asyncio.Event()))
    made.db.close()
