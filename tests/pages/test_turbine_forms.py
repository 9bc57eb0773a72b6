"""Turbines and the COD goal: numbers as people write them, days at their field, and a phase that changed meanwhile."""

import pytest

from tests import factories
from tests.conftest import People
from tests.pages.conftest import signed_in
from tests.pages.markup import Markup, read

NEW = "/phases/alpha-1/turbines/new"
ONE = "/phases/alpha-1/turbines/T1"
GOAL = "/phases/alpha-1/goal"


@pytest.fixture
def phase(people: People) -> People:
    """`alpha-1` with T1 to T7 of 4.2 MW."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session)
    return people


def value(page: Markup, name: str) -> str:
    return page.one("input", id=name).attributes["value"] or ""


def form(page: Markup) -> dict[str, str]:
    """What stands in the fields of the page."""
    found = {e.attributes["name"] or "": e.attributes.get("value") or "" for e in page.all("input")}
    return {name: said for name, said in found.items() if name != "token"}


@pytest.mark.parametrize("typed", ["4,2", "4.2", "4,20"])
def test_a_turbine_is_added_with_its_mw_as_people_write_them(people: People, typed: str) -> None:
    investor = signed_in(people, "investor")
    answer = investor.post(
        NEW, {"number": "A-1", "nameplate_mw": typed, "tested_on": "01/02/2023", "step": "save"}
    )
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/phases/alpha-1/turbines/A-1?said=saved",
    )
    assert value(read(investor.get(answer.headers["location"]).text), "nameplate_mw") == "4,2"
    page = read(investor.get("/phases/alpha-1/turbines/A-1?lang=en").text)
    assert (value(page, "nameplate_mw"), value(page, "tested_on")) == ("4.2", "2023-02-01")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"nameplate_mw": "1.007"}, "nameplate_mw", "Không rõ là hàng nghìn hay phần lẻ"),
        ({"nameplate_mw": "42"}, "nameplate_mw", "từ 1 đến 20 MW"),
        ({"tested_on": "2023-02-08"}, "tested_on", "tương lai"),
        ({"installed_on": "hôm qua"}, "installed_on", "Phải là ngày"),
        ({"latitude": "91"}, "latitude", "ngoài khoảng"),
        ({"number": ""}, "number", "Thiếu trường"),
        ({"number": "T 1"}, "number", ""),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(
    people: People, fields: dict[str, str], field: str, said: str
) -> None:
    investor = signed_in(people, "investor")
    typed = {"number": "A-1", "model": "V150", "longitude": "106,703", **fields}
    answer = investor.post(NEW, {**typed, "step": "save"})
    page = read(answer.text)
    assert answer.status_code == 422
    assert said in page.says("p", id=f"{field}-wrong")
    assert {name: value(page, name) for name in typed} == typed
    assert investor.get("/phases/alpha-1/turbines/A-1").status_code == 404


def test_a_turbine_that_is_there_already_is_refused_at_its_number(phase: People) -> None:
    answer = signed_in(phase, "investor").post(NEW, {"number": "T1", "step": "save"})
    assert answer.status_code == 409
    assert read(answer.text).all("p", id="number-wrong")


def test_what_is_emptied_is_not_known_any_more_and_coordinates_keep_three_decimals(phase: People) -> None:
    investor = signed_in(phase, "investor")
    typed = {
        **form(read(investor.get(ONE).text)),
        "nameplate_mw": "",
        "longitude": "106.703",
        "latitude": "9,95",
    }
    assert investor.post(ONE, {**typed, "step": "save"}).status_code == 303
    page = read(investor.get(ONE).text)
    assert (value(page, "nameplate_mw"), value(page, "longitude"), value(page, "latitude")) == (
        "",
        "106,703",
        "9,95",
    )


def test_a_preview_saves_nothing(phase: People) -> None:
    investor = signed_in(phase, "investor")
    typed = {**form(read(investor.get(ONE).text)), "nameplate_mw": "5"}
    page = read(investor.post(ONE, {**typed, "step": "preview"}).text)
    assert page.all("section", class_="effect")
    assert value(page, "nameplate_mw") == "5"
    assert value(read(investor.get(ONE).text), "nameplate_mw") == "4,2"


def test_a_stale_form_shows_both_values(phase: People) -> None:
    investor, department = signed_in(phase, "investor"), signed_in(phase, "department")
    mine, theirs = (form(read(who.get(ONE).text)) for who in (investor, department))
    department.post(ONE, {**theirs, "installed_on": "2023-01-05", "step": "save"})
    answer = investor.post(ONE, {**mine, "installed_on": "2023-01-09", "step": "save"})
    page = read(answer.text)
    assert answer.status_code == 412
    assert page.tables[0][1] == ["Lắp xong", "09/01/2023", "05/01/2023"]
    again = investor.post(
        ONE, {**mine, "revision": value_of(page, "revision"), "installed_on": "2023-01-09", "step": "save"}
    )
    assert again.status_code == 303


def value_of(page: Markup, name: str) -> str:
    return page.one("input", name=name).attributes["value"] or ""


def test_others_only_read_it_or_do_not_find_it(phase: People) -> None:
    evn_spc, stranger = signed_in(phase, "evn_spc"), signed_in(phase, "stranger")
    assert not read(evn_spc.get(ONE).text).all("form", class_="form")
    assert evn_spc.post(ONE, {"step": "save"}).status_code == 403
    assert [stranger.get(path).status_code for path in (ONE, NEW, GOAL)] == [404, 404, 404]
    assert stranger.post(ONE, {"step": "save"}).status_code == 404


def test_the_filings_are_counted_back_from_the_goal_in_the_preview_and_then_on_ones_page(
    people: People,
) -> None:
    investor = signed_in(people, "investor")
    assert "Chưa giai đoạn nào có ngày COD mục tiêu" in investor.get(GOAL).text
    typed = {**form(read(investor.get(GOAL).text)), "planned_cod_on": "31/12/2023"}
    page = read(investor.post(GOAL, {**typed, "step": "preview"}).text)
    assert [row[1] for row in page.tables[-1][1:]] == ["02/10/2023", "01/12/2023", "08/12/2023", "26/12/2023"]
    assert "02/10/2023" not in investor.get("/my").text
    assert investor.post(GOAL, {**typed, "step": "save"}).status_code == 303
    rows = [row for table in read(investor.get("/my").text).tables for row in table]
    assert ["Thông báo kế hoạch COD cho EVN", "Giai đoạn alpha-1", "02/10/2023", "237"] in [
        row[:4] for row in rows
    ]
