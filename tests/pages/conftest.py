"""The real register behind the pages, and a look at them as a browser asks for them."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from app import register as registers
from app.db import Database
from app.services import journal, register
from tests import factories
from tests.conftest import TODAY, People, Person, serve, settings

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def look(person: Person, path: str = "/", **headers: str) -> httpx.Response:
    """One page, asked for by a browser."""
    sent = {"Accept": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if person.key:
        sent["Authorization"] = f"Bearer {person.key}"
    return person.run(person.client.get(path, headers=sent))


def bring(url: str, text: str, on: date = TODAY) -> None:
    """Imports a register file on a day, without what is of a later one."""
    database = Database(settings(url), seal=journal.seal)
    with database.changing(factories.stamp(on)) as session:
        register.import_file(session, factories.SYSTEM, text, TODAY, until=TODAY)
    database.close()


def nobody(url: str) -> factories.World:
    """A world whose people have no keys."""
    database = Database(settings(url), seal=journal.seal)
    database.close()
    return factories.World(database, {}, dict.fromkeys(factories.PEOPLE, ""), url)


@pytest.fixture(scope="session")
def real_file(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the real register, as it was known on 07/02/2023; to be copied."""
    file = Path(shutil.copy(_sqlite_template, tmp_path_factory.mktemp("real") / "real.db"))
    bring(f"sqlite:///{file}", registers.BEN_TRE.read_text("utf-8"))
    return file


@pytest.fixture
def real(real_file: Path, tmp_path: Path) -> Iterator[People]:
    """The service on the real register."""
    with serve(nobody(f"sqlite:///{shutil.copy(real_file, tmp_path / 'real.db')}")) as found:
        yield found


@pytest.fixture
def empty(sqlite_url: str) -> Iterator[People]:
    """The service on an empty database."""
    with serve(nobody(sqlite_url)) as found:
        yield found
