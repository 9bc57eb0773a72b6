"""A working day in a real Chromium on the demo's register: everybody signs in, every page is looked at by axe, an investor
declares, EVN SPC confirms, and the number moves in both languages."""

import shutil
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.pages.chromium import DESK, PHONE, Open, overflow, picture, running
from tests.pages.chromium import browser as browser
from tests.pages.chromium import visit as visit
from tests.pages.everywhere import PAGES, PASSWORD, tell
from tests.workbooks import XLSX, Edited


@pytest.fixture(scope="module")
def story(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's register with a person to sign in as for each role."""
    file = Path(shutil.copy(_sqlite_template, tmp_path_factory.mktemp("story") / "story.db"))
    tell(f"sqlite:///{file}")
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
    place, _, moment = path.strip("/").partition("?")
    name = place.replace("/", "-") or "overview"
    return f"{who or 'anyone'}-{name}{'-past' if 'as_of' in moment else ''}"


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


def press(page: Page, step: str) -> None:
    page.locator(f"main form button[value={step}]").first.click()


def number_on(page: Page, address: str, lang: str) -> str:
    go(page, address, f"/?lang={lang}")
    return page.locator(".number strong").inner_text()


def person(browser: Any, address: str, login: str, *, scripts: bool = True) -> Page:
    """A browser of its own in which somebody has signed in."""
    made = browser.new_context(viewport=DESK, locale="vi-VN", java_script_enabled=scripts)
    page: Page = made.new_page()
    page.goto(f"{address}/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("main form button").click()
    return page


@pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
def test_an_investor_declares_and_evn_spc_confirms(
    browser: Any, story: Path, tmp_path: Path, scripts: bool
) -> None:
    """From 93.05 to the new total in both languages; previewed, nothing is saved and nothing typed is lost."""
    with running(f"sqlite:///{shutil.copy(story, tmp_path / 'flow.db')}") as address:
        investor, evn_spc = (
            person(browser, address, login, scripts=scripts) for login in ("investor", "evn-spc")
        )
        assert number_on(investor, address, "vi") == "93,05"
        go(investor, address, "/phases/binh-dai-2/declare")
        investor.locator("#capacity_mw").fill("4,2")
        investor.locator("#effective_on").fill("2023-02-01")
        press(investor, "preview")
        assert investor.locator(".effect").is_visible()
        assert "4,2" in investor.locator(".effect").inner_text()
        assert investor.locator("#capacity_mw").input_value() == "4,2"
        assert number_on(evn_spc, address, "en") == "93.05"
        press(investor, "save")
        assert investor.locator(".is-saved").is_visible()

        go(evn_spc, address, "/queue")
        evn_spc.locator("main a[href*='/tranches/binh-dai.']").first.click()
        if evn_spc.locator("#letter_number").count() == 0:
            evn_spc.locator("main a[href*='act=confirm']").first.click()
        evn_spc.locator("#letter_number").fill("15/EPTC-KD")
        evn_spc.locator("#letter_on").fill("2023-02-06")
        press(evn_spc, "preview")
        assert "97,25" in evn_spc.locator(".effect").inner_text()
        assert number_on(investor, address, "vi") == "93,05", "a preview confirms nothing"
        press(evn_spc, "save")
        assert evn_spc.locator(".is-saved").is_visible()
        assert number_on(investor, address, "vi") == "97,25"
        assert number_on(investor, address, "en") == "97.25"
        picture(evn_spc, f"confirmed-{'with' if scripts else 'without'}-scripts")
        for page in (investor, evn_spc):
            page.context.close()


def test_a_disputed_claim_counts_nothing_and_says_why(browser: Any, story: Path, tmp_path: Path) -> None:
    with running(f"sqlite:///{shutil.copy(story, tmp_path / 'dispute.db')}") as address:
        investor, evn_spc = (person(browser, address, login) for login in ("investor", "evn-spc"))
        go(investor, address, "/phases/binh-dai-2/declare")
        investor.locator("#capacity_mw").fill("4,2")
        investor.locator("#effective_on").fill("2023-02-01")
        press(investor, "save")
        go(evn_spc, address, "/queue")
        evn_spc.locator("main a[href*='/tranches/binh-dai.']").first.click()
        evn_spc.locator("main a[href*='act=dispute']").first.click()
        press(evn_spc, "save")
        assert evn_spc.locator("#reason:invalid, #reason-wrong").count() == 1, "a dispute needs its reason"
        evn_spc.locator("#reason").fill("Chưa có biên bản chốt chỉ số công tơ")
        press(evn_spc, "save")
        assert evn_spc.locator(".is-saved").is_visible()
        assert number_on(investor, address, "vi") == "93,05"
        go(investor, address, "/my")
        assert "Chưa có biên bản chốt chỉ số công tơ" in investor.locator("main").inner_text()
        picture(investor, "disputed")


def test_a_stale_form_shows_both_values_and_goes_through_the_second_time(
    browser: Any, story: Path, tmp_path: Path
) -> None:
    with running(f"sqlite:///{shutil.copy(story, tmp_path / 'stale.db')}") as address:
        first, second = (person(browser, address, login) for login in ("investor", "department"))
        for page in (first, second):
            go(page, address, "/phases/binh-dai-2/goal")
        for page, day in ((first, "2023-11-30"), (second, "2023-12-15")):
            page.locator("#planned_cod_on").fill(day)
            press(page, "save")
        both = second.locator("table.both")
        assert both.is_visible()
        assert {"15/12/2023", "30/11/2023"} <= set(both.locator("td").all_inner_texts())
        assert second.locator("#planned_cod_on").input_value() == "2023-12-15"
        picture(second, "stale")
        press(second, "save")
        assert second.locator(".is-saved").is_visible()
        go(first, address, "/phases/binh-dai-2/goal")
        assert first.locator("#planned_cod_on").input_value() == "2023-12-15"


def send_in(page: Page, address: str, content: bytes) -> None:
    """Sends a workbook by the form, and waits until the page no longer says that it is being checked."""
    go(page, address, "/workbooks")
    page.locator("#file").set_input_files({"name": "Tuần 6.xlsx", "mimeType": XLSX, "buffer": content})
    page.locator("form:has(#file) button").click()
    page.locator("#summary").wait_for()


def test_a_workbook_is_downloaded_edited_sent_back_decided_and_saved(
    browser: Any, story: Path, tmp_path: Path
) -> None:
    """A wrong cell refuses with its place; a cell that the department changed meanwhile is decided; then all is saved."""
    with running(f"sqlite:///{shutil.copy(story, tmp_path / 'sheets.db')}") as address:
        page = person(browser, address, "investor")
        go(page, address, "/workbooks")
        with page.expect_download() as download:
            page.locator("a[href='/workbooks/own.xlsx']").click()
        book = Edited(download.value.path().read_bytes())
        book.set("phases", "binh-dai-2", planned_cod_on=date(2023, 11, 30), turbine_count=2_000_000)
        book.add("tranches", phase="binh-dai-2", capacity_mw=4_200, effective_on=date(2023, 2, 1))

        send_in(page, address, book.content())
        wrong = page.locator("#cells ~ .scroll tbody tr")
        assert "Số tua-bin" in wrong.inner_text()
        assert page.locator("button[value=commit]").count() == 0
        assert violations(page) == []
        picture(page, "workbook-wrong")

        department = person(browser, address, "department")
        go(department, address, "/phases/binh-dai-2/goal")
        department.locator("#planned_cod_on").fill("2023-12-15")
        press(department, "save")

        send_in(page, address, book.set("phases", "binh-dai-2", turbine_count=None).content())
        assert "0 → 4,2" in page.locator(".effect").inner_text()
        assert violations(page) == []
        picture(page, "workbook-conflict")
        press(page, "commit")
        assert "chưa chọn giá trị" in page.locator("[role=alert]").inner_text()
        page.get_by_label("Của tôi: 30/11/2023").check()
        press(page, "commit")
        assert page.locator(".is-saved").is_visible()

        go(page, address, "/phases/binh-dai-2/goal")
        assert page.locator("#planned_cod_on").input_value() == "2023-11-30"
        go(page, address, "/")
        assert "4,2 MW đã khai báo" in page.locator("main").inner_text()
        send_in(page, address, book.content())
        assert "Tệp không thay đổi gì" in page.locator("main").inner_text(), "sent twice, it declares once"
        for each in (page, department):
            each.context.close()


@pytest.mark.parametrize(
    ("words", "path"), [("123,8", "/blockers"), ("Lộc Thuận", "/land"), ("cam kết", "/commitments")]
)
def test_a_newcomer_finds_why_who_and_what_in_one_click(
    visit: Open, address: str, words: str, path: str
) -> None:
    """Why 377 is at risk, which commune holds the most MW, what was promised last week: from the overview, one click."""
    page = sign_in(visit, "department")
    go(page, address, "/")
    assert words.lower() in page.locator("main").inner_text().lower()
    page.locator(f"main a[href^='{path}']").first.click()
    assert page.url.removeprefix(address).startswith(path)
    assert page.locator("h1").count() == 1
