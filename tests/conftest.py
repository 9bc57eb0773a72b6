"""A migrated database per test on SQLite (a file copy) and PostgreSQL (a template copy), and clients that are people.

`database` runs a test on both engines; `sqlite_database` on SQLite alone, for what does not touch the engine.
"""

import asyncio
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
from fastapi import FastAPI

from app.db import Database, Stamp
from app.main import create_app
from app.services import journal
from app.settings import Settings
from tests import factories, postgres

TODAY = date(2023, 2, 7)
_numbers = itertools.count()
# Tests ask as often as they like, but for those of the rates.
UNHURRIED = {"requests_a_minute": 1_000_000, "public_requests_a_minute": 1_000_000}
# The address of an endpoint may be anybody's: only where a test says so is something sent there.
SILENT = {"serve_delivers": False}
# The same examples on every run and every machine, however slow.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("steady")


def settings(url: str, **more: Any) -> Settings:
    """Settings of a test service: the demo's clock and secret, and nothing from the environment's file."""
    return Settings(
        _env_file=None,
        database_url=url,
        demo=True,
        clock_on=TODAY,
        **{"log_level": "error", **UNHURRIED, **SILENT, **more},
    )


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    made = Database(settings(f"sqlite:///{file}"), seal=journal.seal)
    made.upgrade()
    made.close()
    return file


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    with postgres.start() as url:
        template = postgres.create_database(url, "template_tracker")
        made = Database(settings(template), seal=journal.seal)
        made.upgrade()
        made.close()
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(_sqlite_template, tmp_path / 'tracker.db')}"


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    server: str = request.getfixturevalue("_postgres")
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(server, name, template="template_tracker")
    postgres.drop_database(server, name)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty migrated database, on each engine."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    made = Database(settings(url), seal=journal.seal)
    yield made
    made.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    made = Database(settings(sqlite_url), seal=journal.seal)
    yield made
    made.close()


@pytest.fixture
def world(database: Database) -> factories.World:
    """The people, one project of the investor with a phase, and the 377 MW target, on each engine."""
    return factories.world(database)


@dataclass
class Person:
    """Somebody with a browser or a program: requests come with their key, and say what failed."""

    client: httpx.AsyncClient
    run: Callable[[Coroutine[Any, Any, httpx.Response]], httpx.Response]
    key: str | None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request; `_` in header names stands for `-`. Paths not beginning with /api are below /api/v1."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            sent["Authorization"] = f"Bearer {self.key}"
        address = (
            path
            if path.startswith(("/api", "/livez", "/readyz", "/static", "/openapi"))
            else f"/api/v1{path}"
        )
        content: dict[str, Any] = {"content": body} if isinstance(body, bytes) else {"json": body}
        return self.run(
            self.client.request(method, address, headers=sent, **({} if body is None else content))
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.ask("PATCH", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("DELETE", path, **headers)


@dataclass
class People:
    """A running service with everybody who may knock at its door."""

    app: FastAPI
    world: factories.World
    investor: Person
    stranger: Person
    department: Person
    evn_spc: Person
    anonymous: Person


@contextlib.contextmanager
def serve(made: factories.World, **more: Any) -> Iterator[People]:
    """The service on `made`'s database with its people, its lifespan running."""
    app = create_app(settings(made.url, **more))
    with asyncio.Runner() as runner:
        lifespan: AsyncIterator[Any] = app.router.lifespan_context(app)  # type: ignore[assignment]
        runner.run(lifespan.__aenter__())  # type: ignore[attr-defined]
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tracker.test")

        def person(key: str | None) -> Person:
            return Person(client, runner.run, key)

        try:
            yield People(
                app, made, **{name: person(key) for name, key in made.keys.items()}, anonymous=person(None)
            )
        finally:
            runner.run(client.aclose())
            runner.run(lifespan.__aexit__(None, None, None))  # type: ignore[attr-defined]


@pytest.fixture
def people(world: factories.World, url: str, tmp_path: Path) -> Iterator[People]:
    """The service with `investor`, `stranger` (another investor), `department`, `evn_spc` and `anonymous`."""
    world.url = url
    with serve(world, data_folder=tmp_path / "files") as found:
        yield found


@pytest.fixture
def stamp() -> Stamp:
    return factories.stamp()
