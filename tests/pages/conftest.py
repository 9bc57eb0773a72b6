"""The real register behind the pages, and a look at them as a browser asks for them."""

import shutil
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from app import register as registers
from app.db import Database
from app.queries import people as who
from app.schemas.people import UserCreate
from app.services import journal, register
from app.services import people as hiring
from tests import factories
from tests.conftest import TODAY, People, Person, serve, settings
from tests.pages.markup import read

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOME = "http://tracker.test"
PASSWORD = "a long enough password"


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


@pytest.fixture
def url(sqlite_url: str) -> str:
    """Pages ask queries and services that are tested on both engines; `test_every_page` asks all of them on PostgreSQL."""
    return sqlite_url


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


@cache
def _kept_password() -> str:
    # A hash says what it costs to check; a cheap one lets a thousand tests sign in.
    return Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class SignedIn:
    """Somebody's browser that is signed in: it keeps its cookie, and its forms carry their token."""

    client: httpx.AsyncClient
    run: Callable[[Coroutine[Any, Any, httpx.Response]], httpx.Response]
    token: str = ""

    def get(self, path: str = "/", **headers: str) -> httpx.Response:
        """One page; `_` in header names stands for `-`."""
        sent = {"Accept": BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.run(self.client.get(path, headers=sent))

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, files: Any = None, **headers: str
    ) -> httpx.Response:
        """One form, as a page of this service sends it; redirects are not followed."""
        sent = {"Accept": BROWSER, "Origin": HOME, "Sec-Fetch-Site": "same-origin"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        form = {"token": self.token, **(data or {})}
        return self.run(self.client.post(path, data=form, files=files, headers=sent))


def browser(people: People) -> SignedIn:
    """A browser with an empty cookie jar, not signed in yet."""
    client = httpx.AsyncClient(transport=httpx.ASGITransport(people.app), base_url=HOME)
    return SignedIn(client, people.anonymous.run)


def enrol(people: People, login: str, organisation: str | None = None, role: str | None = None) -> None:
    """Gives a user `PASSWORD`, and makes it where it is new: then in that organisation and role."""
    with people.app.state.tracker.db.changing(factories.stamp()) as session:
        if who.user(session, login) is None:
            home, _, usual = factories.PEOPLE.get(login, ("doit", "department", login))
            said = {"organisation": organisation or home, "role": role or usual, "login": login}
            hiring.create_user(session, factories.SYSTEM, UserCreate.model_validate(said), _kept_password())
        else:
            hiring.set_password(session, factories.SYSTEM, login, _kept_password(), factories.at())


def signed_in(
    people: People, name: str, organisation: str | None = None, role: str | None = None
) -> SignedIn:
    """The browser of somebody of `factories.PEOPLE` (or of a new user), signed in by password."""
    enrol(people, name, organisation, role)
    made = browser(people)
    answer = made.post("/sign-in", {"login": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    made.token = read(made.get("/password").text).all("input", name="token")[0].attributes["value"] or ""
    return made
