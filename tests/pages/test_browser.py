"""The overview in a real Chromium: nothing on the console, no script needed, no sideways scrolling, light, dark and on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.chromium import DESK as DESK
from tests.pages.chromium import PAPER, PHONE, PICTURES, Open, overflow, picture, running
from tests.pages.chromium import browser as browser
from tests.pages.chromium import visit as visit


@pytest.fixture(scope="module")
def address(real_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(
        f"sqlite:///{shutil.copy(real_file, tmp_path_factory.mktemp('browser') / 'real.db')}"
    ) as found:
        yield found


def test_the_overview_on_a_desk(visit: Open) -> None:
    page = visit()
    assert page.locator(".number").inner_text().split() == ["93,05", "MW"]
    assert page.locator(".curve-wide").is_visible()
    assert not page.locator(".curve-narrow").is_visible()
    assert overflow(page) <= 0
    assert page.evaluate("document.styleSheets.length") == 1
    picture(page, "overview")


def test_everything_works_without_javascript(visit: Open) -> None:
    page = visit(java_script_enabled=False)
    page.get_by_label("Tính đến hết ngày").fill("2021-10-30")
    page.get_by_role("button", name="Xem").click()
    assert "as_of=2021-10-30" in page.url
    assert page.locator(".number").inner_text().split() == ["0", "MW"]
    page.get_by_role("link", name="Về hôm nay").click()
    assert page.locator(".number").inner_text().split() == ["93,05", "MW"]
    page.get_by_text("Xem dạng bảng số").click()
    assert page.get_by_role("cell", name="93,05").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_of_360_pixels_never_scrolls_sideways(visit: Open, scheme: str) -> None:
    page = visit(viewport=PHONE, color_scheme=scheme, has_touch=True, is_mobile=True)
    assert overflow(page) <= 0
    assert page.locator(".curve-narrow").is_visible()
    assert not page.locator(".curve-wide").is_visible()
    table = page.locator(".scroll", has=page.locator(".phases"))
    assert table.evaluate("it => it.scrollWidth > it.clientWidth"), "the table scrolls in its own region"
    sizes = page.locator(".curve-narrow text").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 9, "the drawing's labels can be read"
    picture(page, f"phone-{scheme}")


def test_the_dark_keeps_its_colours_apart(visit: Open) -> None:
    light, dark = visit(color_scheme="light"), visit(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert light.evaluate(ground) == "rgb(244, 246, 245)"
    assert dark.evaluate(ground) == "rgb(16, 24, 27)"
    picture(dark, "overview-dark")


def test_the_switch_changes_the_language_and_keeps_the_question(visit: Open) -> None:
    page = visit("/?as_of=2022-01-31")
    page.get_by_role("link", name="English").click()
    assert "as_of=2022-01-31" in page.url
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".number").inner_text().split() == ["93.05", "MW"]
    page.get_by_role("button", name="Show").click()
    assert page.locator("html").get_attribute("lang") == "en"
    picture(page, "overview-en")


def test_a_wrong_day_is_named_at_its_field_and_kept(visit: Open) -> None:
    page = visit("/?as_of=31/12/2023", status=422)
    field = page.get_by_label("Tính đến hết ngày")
    assert field.input_value() == "31/12/2023"
    assert page.locator("#as_of-wrong").is_visible()
    picture(page, "refused")
    field.fill("2021-10-31")
    page.get_by_role("button", name="Xem").click()
    assert page.locator(".number").inner_text().split() == ["93,05", "MW"]


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Open) -> None:
    page = visit()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    assert skip.evaluate("it => it === document.activeElement && it.getBoundingClientRect().left >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            """() => { const it = document.activeElement, style = getComputedStyle(it);
                return [it.id || it.className || it.textContent.trim().slice(0, 20), it === document.body
                    || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2] }"""
        )
        assert focus[1], f"the focus on {focus[0]} does not show"
        seen.add(focus[0])
    assert {"as_of", "known_at", "target", "button", "scroll"} <= seen


def test_on_paper_nothing_is_cut_off(visit: Open) -> None:
    page = visit(viewport=PAPER)
    page.emulate_media(media="print")
    assert overflow(page) <= 0
    assert not page.locator("form").is_visible()
    assert page.locator(".number").is_visible()
    cut = page.locator(".scroll").evaluate_all(
        "all => all.filter(it => it.scrollWidth > it.clientWidth + 1).length"
    )
    assert cut == 0
    picture(page, "overview-print")
    page.pdf(path=PICTURES / "overview.pdf", prefer_css_page_size=True)


def test_a_page_that_is_not_there(visit: Open) -> None:
    page = visit("/khong-co", status=404)
    assert page.get_by_role("heading", level=1).inner_text() == "Không tìm thấy"
    page.get_by_role("link", name="Về trang tổng quan").click()
    assert page.locator(".number").is_visible()
