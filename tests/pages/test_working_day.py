"""A working day in a real Chromium on the demo's register: everybody signs in, every page is looked at by axe, an investor
declares, EVN SPC confirms, and the number moves in both languages."""

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from app import register as registers
from app.db import Database
from app.deps.signing import hashed
from app.schemas.people import UserCreate
from app.services import journal, people, register
from tests import factories
from tests.conftest import TODAY, settings
from tests.pages.chromium import DESK, PHONE, Open, overflow, picture, running
from tests.pages.chromium import browser as browser
from tests.pages.chromium import visit as visit

PASSWORD = "mot mat khau du dai"
USERS = {
    "investor": ("dien-gio-me-kong", "investor"),
    "evn-spc": ("evn-spc", "evn_spc"),
    "department": ("so-cong-thuong-ben-tre", "department"),
    "district": ("ubnd-huyen-binh-dai", "district"),
}
LINE = "/grid-works/line-phu-thuan-binh-dai"
PAGES = {
    None: (
        "/",
        "/map",
        "/projects",
        "/projects/binh-dai",
        "/phases/binh-dai-1",
        "/grid-works",
        LINE,
        "/land",
        "/sign-in",
    ),
    "investor": (
        *(
            "/",
            "/my",
            "/phases/binh-dai-2",
            "/phases/binh-dai-2/milestones/W-F4",
            "/phases/binh-dai-1/declare",
        ),
        *("/phases/binh-dai-1/turbines/new", "/documents/new?subject=phase&code=binh-dai-1"),
        *(
            "/obstacles/new?subject=phase&code=binh-dai-1",
            LINE,
            "/land",
            "/commitments",
            "/blockers",
            "/password",
        ),
    ),
    "evn-spc": (
        *("/", "/queue", LINE, f"{LINE}/week", "/land", "/commitments", "/commitments/new", "/blockers"),
        *("/clearances/land-phu-thuan-binh-dai-dinh-trung", "/tranches/v1-3.1"),
    ),
    "department": ("/", "/queue", "/blockers", "/land", "/administration", "/journal", "/projects/binh-dai"),
    "district": ("/", "/land", "/clearances/corridor-phu-thuan-binh-dai-dinh-trung", LINE),
}
LOOKS = [(who, path) for who, paths in PAGES.items() for path in paths]


@pytest.fixture(scope="module")
def story(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's register with a person to sign in as for each role."""
    file = Path(shutil.copy(_sqlite_template, tmp_path_factory.mktemp("story") / "story.db"))
    database = Database(settings(f"sqlite:///{file}"), seal=journal.seal)
    for text in (registers.BEN_TRE, *registers.DEMO):
        with database.changing(factories.stamp()) as session:
            register.import_file(session, factories.SYSTEM, text.read_text("utf-8"), TODAY, until=TODAY)
    kept = hashed(PASSWORD)
    with database.changing(factories.stamp()) as session:
        for login, (organisation, role) in USERS.items():
            change = UserCreate.model_validate({"login": login, "organisation": organisation, "role": role})
            people.create_user(session, factories.SYSTEM, change, kept)
    database.close()
    return file


@pytest.fixture(scope="module")
def address(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(f"sqlite:///{shutil.copy(story, tmp_path_factory.mktemp('day') / 'day.db')}") as found:
        yield found


def sign_in(visit: Open, login: str, **options: Any) -> Page:
    """A browser in which somebody has signed in."""
    page = visit("/sign-in", **options)
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    assert page.locator(".who form").count() == 1
    return page


@cache
def axe() -> str:
    """The accessibility checker, as its package carries it. Evaluated, not linked: the pages' policy lets no script in."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """What WCAG 2.2 AA finds fault with."""
    page.evaluate(axe())
    found: Any = page.evaluate(
        """() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"""
    )
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


def go(page: Page, address: str, path: str) -> None:
    answer = page.goto(address + path)
    assert answer is not None
    assert answer.status == 200, (path, answer.status)


def named(who: str | None, path: str) -> str:
    return f"{who or 'anyone'}-{path.strip('/').replace('/', '-').partition('?')[0] or 'overview'}"


@pytest.mark.parametrize("who", list(PAGES), ids=str)
def test_every_page_is_for_everybody(visit: Open, address: str, who: str | None) -> None:
    """No fault that axe knows, no sideways scrolling on a phone or a desk, light or dark; nothing on the console."""
    wrong = []
    for scheme, screen in (("light", DESK), ("dark", PHONE)):
        options = {"viewport": screen, "color_scheme": scheme}
        page = visit("/", **options) if who is None else sign_in(visit, who, **options)
        for path in PAGES[who]:
            go(page, address, path)
            wrong += [f"{path} ({scheme}) {fault}" for fault in violations(page)]
            if overflow(page) > 0:
                wrong.append(f"{path} ({scheme}) is {overflow(page)} px too wide at {screen['width']}")
            picture(page, f"{named(who, path)}-{scheme}")
    assert wrong == []


@pytest.mark.parametrize("who", list(PAGES), ids=str)
def test_a_page_is_small(visit: Open, address: str, who: str | None) -> None:
    """At most 60 KB over the wire before the first paint, with its stylesheet (issue 5: a poor line)."""
    page = visit("/") if who is None else sign_in(visit, who)
    sizes = {}
    for path in PAGES[who]:
        go(page, address, path)
        sizes[path] = page.evaluate(
            """() => performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
                .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
        )
    assert {path: size for path, size in sizes.items() if size > 60_000} == {}
