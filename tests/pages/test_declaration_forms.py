"""Declaring a COD tranche and taking it back: nothing counts, and who confirms will see what the preview shows."""

from typing import Any

import httpx
import pytest

from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, signed_in
from tests.pages.markup import Markup, read

PAGE = "/phases/alpha-1/declare"
LETTER = {"letter_number": "55/EPTC", "letter_on": "2022-05-10", "letter_issuer": "EPTC"}


@pytest.fixture
def built(people: People) -> People:
    """`alpha-1` with T1 to T7, all tested in April 2022, and 29.4 MW installed."""
    with people.world.database.changing(factories.stamp()) as session:
        days = dict.fromkeys(("installed_on", "energised_on", "synchronised_on", "tested_on"), "2022-04-01")
        factories.turbines(session, **days)
        factories.measure(session, "installed", 29.4, "2022-04-01")
    return people


def send(who: SignedIn, step: str = "save", **fields: Any) -> httpx.Response:
    page = read(who.get(PAGE).text)
    once = page.one("input", name="once").attributes["value"]
    return who.post(PAGE, {"once": once, "step": step, "effective_on": "2022-05-01", **fields})


def waiting(page: Markup) -> list[str]:
    """The tranches of the phase that wait, as the page lists them."""
    return [" ".join(e.text.split()) for e in page.all("li") if "Rút lại" in e.text]


def test_the_preview_shows_the_new_total_and_the_warnings_and_saves_nothing(built: People) -> None:
    investor = signed_in(built, "investor")
    page = read(send(investor, "preview", turbines=["T1", "T3"]).text)
    assert "0 → 8,4 MW" in page.says("section", class_="effect")
    assert "Chưa tính MW nào cho đến khi bên khác xác nhận." in page.says("div", class_="notice")
    assert "R02: Chưa có số liệu để kiểm tra" in page.says("div", class_="notice")
    ticked = [e.attributes["value"] for e in page.all("input", name="turbines") if "checked" in e.attributes]
    assert ticked == ["T1", "T3"]
    assert page.one("input", id="capacity_mw").attributes["value"] == "8,4"
    assert waiting(read(investor.get(PAGE).text)) == []


@pytest.mark.parametrize("typed", ["4,2", "4.2"])
def test_a_tranche_is_declared_by_mw_and_waits(built: People, typed: str) -> None:
    investor = signed_in(built, "investor")
    answer = send(investor, capacity_mw=typed, application_on="20/04/2022", **LETTER)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?said=saved")
    page = read(investor.get(answer.headers["location"]).text)
    assert waiting(page) == ["alpha.1: 4,2 MW từ 01/05/2022 · Chờ xác nhận · Rút lại"]
    assert built.anonymous.get("/capacity").json()["operating_mw"] == 0
    assert "COD alpha.1" in investor.get("/my").text
    assert "4.2 MW from 1 May 2022" in investor.get(f"{PAGE}?lang=en").text


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"capacity_mw": "1.007"}, "capacity_mw", "Không rõ là hàng nghìn"),
        ({"capacity_mw": "vài"}, "capacity_mw", "Phải là số"),
        ({"capacity_mw": ""}, "capacity_mw", "Thiếu trường"),
        ({"capacity_mw": "29,5"}, "capacity_mw", ""),
        ({"capacity_mw": "4", "turbines": ["T1"]}, "turbines", ""),
        ({"capacity_mw": "4,2", "turbines": ["T9"]}, "turbines", ""),
        ({"capacity_mw": "4,2", "effective_on": "2023-03-01"}, "effective_on", "tương lai"),
        ({"capacity_mw": "4,2", "effective_on": ""}, "effective_on", "Thiếu trường"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    built: People, fields: dict[str, Any], field: str, said: str
) -> None:
    investor = signed_in(built, "investor")
    answer = send(investor, **{"note": "Đợt đầu", **fields})
    page = read(answer.text)
    assert answer.status_code == 422
    wrong = [e for e in page.all("p", class_="wrong")]
    assert said in " ".join(e.text for e in wrong)
    assert [e.attributes["id"] for e in wrong if e.attributes["id"] == f"{field}-wrong"], wrong
    assert page.one("textarea", id="note").text == "Đợt đầu"
    assert waiting(read(investor.get(PAGE).text)) == []


def test_a_double_click_declares_once(built: People) -> None:
    investor = signed_in(built, "investor")
    form = {"once": "a1", "step": "save", "effective_on": "2022-05-01", "capacity_mw": "4,2"}
    answers = [investor.post(PAGE, form) for _ in range(2)]
    assert {(a.status_code, a.headers["location"]) for a in answers} == {(303, f"{PAGE}?said=saved")}
    assert len(waiting(read(investor.get(PAGE).text))) == 1
    investor.post(PAGE, {**form, "capacity_mw": "4,3"})
    assert len(waiting(read(investor.get(PAGE).text))) == 2, "what is typed anew is a new declaration"


def test_a_turbine_of_a_live_tranche_cannot_be_chosen_again(built: People) -> None:
    investor = signed_in(built, "investor")
    assert send(investor, turbines=["T1"]).status_code == 303
    box = read(investor.get(PAGE).text).all("input", name="turbines")[0].attributes
    assert "disabled" in box
    answer = send(investor, turbines=["T1"])
    assert answer.status_code == 422
    assert read(answer.text).all("p", id="turbines-wrong")


def test_a_declaration_is_taken_back_by_who_made_it_and_stays_known(built: People) -> None:
    investor, department = signed_in(built, "investor"), signed_in(built, "department")
    send(investor, capacity_mw="4,2")
    path = "/tranches/alpha.1/withdraw"
    assert not read(department.get(path).text).all("textarea")
    page = read(investor.get(path).text)
    form = {"revision": page.one("input", name="revision").attributes["value"]}
    preview = read(investor.post(path, {**form, "reason": "Nhầm đợt", "step": "preview"}).text)
    assert "4,2 → 0 MW" in preview.says("section", class_="effect")
    assert investor.post(path, {**form, "reason": "", "step": "save"}).status_code == 422
    answer = investor.post(path, {**form, "reason": "Nhầm đợt", "step": "save"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?said=saved")
    assert waiting(read(investor.get(PAGE).text)) == []
    assert "Đã rút" in investor.get(path).text


def test_the_page_is_the_investors_and_the_departments(built: People) -> None:
    stranger, evn_spc = signed_in(built, "stranger"), signed_in(built, "evn_spc")
    assert [stranger.get(PAGE).status_code, stranger.post(PAGE, {"capacity_mw": "4"}).status_code] == [
        404,
        404,
    ]
    assert [evn_spc.get(PAGE).status_code, evn_spc.post(PAGE, {}).status_code] == [403, 403]
    assert signed_in(built, "department").get(PAGE).status_code == 200
