"""Reporting a milestone on its page: previewed, refused at the field, kept, stale, and what others see of it."""

from typing import Any

import pytest

from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, signed_in
from tests.pages.markup import Markup, read

PAGE = "/phases/alpha-1/milestones/W-C5"
LETTER = {"letter_number": "12/BB", "letter_on": "20/01/2023", "letter_issuer": "Tư vấn giám sát"}


@pytest.fixture
def steps(people: People) -> People:
    """The milestones of `alpha-1`, fresh from the template."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session)
    return people


def shown(who: SignedIn, path: str = PAGE) -> Markup:
    answer = who.get(path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def revision(page: Markup) -> str:
    return page.one("input", name="revision").attributes["value"] or ""


def send(who: SignedIn, act: str, *, step: str = "save", path: str = PAGE, **fields: Any) -> Any:
    """The form of one act, as it stands on the page, filled with `fields`."""
    page = shown(who, f"{path}?act={act}")
    return who.post(path, {"act": act, "step": step, "revision": revision(page), **fields})


def test_a_preview_shows_what_would_move_and_saves_nothing(steps: People) -> None:
    investor = signed_in(steps, "investor")
    answer = send(investor, "dates", step="preview", plan_on="2023-03-31", forecast_on="15/04/2023")
    assert answer.status_code == 200
    page = read(answer.text)
    assert "Chưa lưu gì." in page.says("section", class_="effect")
    assert page.one("input", id="plan_on").attributes["value"] == "2023-03-31"
    assert page.one("input", id="forecast_on").attributes["value"] == "15/04/2023", "what was typed stays"
    assert "31/03/2023" not in investor.get(PAGE).text


def test_plan_and_forecast_are_saved_and_stand_in_the_history(steps: People) -> None:
    investor = signed_in(steps, "investor")
    answer = send(investor, "dates", plan_on="2023-03-31", forecast_on="15/04/2023")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?said=saved")
    page = shown(investor, answer.headers["location"])
    assert page.says("p", role="status") == "Đã lưu."
    assert [row[2:4] for row in page.tables[-1][1:]] == [
        ["Dự báo", "15/04/2023"],
        ["Đặt kế hoạch", "31/03/2023"],
    ]
    assert "15 Apr 2023" in investor.get(f"{PAGE}?lang=en").text


def test_a_forecast_that_moves_without_its_cause_is_refused_at_the_cause(steps: People) -> None:
    investor = signed_in(steps, "investor")
    send(investor, "dates", plan_on="", forecast_on="2023-04-15")
    answer = send(investor, "dates", plan_on="", forecast_on="2023-05-15", note="Gió mùa")
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.says("p", id="cause-wrong") == "Đổi ngày dự báo phải nêu nguyên nhân"
    assert page.one("textarea", id="note").text == "Gió mùa"
    moved = send(investor, "dates", plan_on="", forecast_on="2023-05-15", cause="weather")
    assert moved.status_code == 303


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"actual_on": ""}, None),
        ({"actual_on": "31/13/2022"}, "actual_on"),
        ({"actual_on": "2023-02-08", **LETTER}, "actual_on"),
        ({"actual_on": "2023-01-28"}, "letter_number"),
        ({"actual_on": "2023-01-28", "letter_number": "12/BB"}, "letter_number"),
        ({"actual_on": "2023-01-28", **LETTER, "letter_on": "01/20/2023"}, "letter_on"),
        ({"actual_on": "2023-01-28", **LETTER, "valid_until": "2023-01-01"}, "valid_until"),
    ],
)
def test_an_actual_is_refused_at_its_field(steps: People, fields: dict[str, str], field: str | None) -> None:
    investor = signed_in(steps, "investor")
    answer = send(investor, "done", **fields)
    if field is None:
        assert answer.status_code == 303, "nothing was stated, nothing changed"
        return
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.one("p", id=f"{field}-wrong").text.strip()
    assert all((page.one("input", id=n).attributes["value"] or "") == said for n, said in fields.items())
    assert "Tự khai" not in investor.get(PAGE).text


def test_a_gate_that_is_open_is_named(steps: People) -> None:
    investor = signed_in(steps, "investor")
    answer = send(investor, "done", path="/phases/alpha-1/milestones/W-C6", actual_on="2023-01-28", **LETTER)
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.says("p", id="actual_on-wrong") == "Mốc bắt buộc phía trước chưa hoàn thành: W-C5"


def test_an_actual_waits_for_its_key_is_sent_back_with_the_reason_and_declared_again(steps: People) -> None:
    investor = signed_in(steps, "investor")
    assert send(investor, "done", actual_on="28/01/2023", **LETTER).status_code == 303
    page = shown(investor)
    assert "Chờ xác nhận" in page.says("h2", id="now")
    assert "waiting" not in page.says("main")
    dispute = steps.department.post("/phases/alpha-1/milestones/W-C5/dispute", {"note": "Thiếu chữ ký"})
    assert dispute.status_code == 200, dispute.text
    assert "Không được chấp nhận: Thiếu chữ ký" in shown(investor).says("main")
    assert send(investor, "done", actual_on="30/01/2023", **LETTER).status_code == 303
    assert send(investor, "withdraw", note="Nhập nhầm").status_code == 303
    assert "Rút khai báo hoàn thành" in shown(investor).says("main")


def test_a_stale_form_shows_both_values_and_then_goes_through(steps: People) -> None:
    investor, department = signed_in(steps, "investor"), signed_in(steps, "department")
    opened = revision(shown(investor, f"{PAGE}?act=dates"))
    assert send(department, "dates", plan_on="2023-03-31", forecast_on="").status_code == 303
    mine = {"act": "dates", "step": "save", "plan_on": "2023-06-30", "forecast_on": ""}
    answer = investor.post(PAGE, {**mine, "revision": opened})
    page = read(answer.text)
    assert answer.status_code == 412
    assert page.tables[0][1] == ["Ngày kế hoạch", "30/06/2023", "31/03/2023"]
    assert page.one("input", id="plan_on").attributes["value"] == "2023-06-30"
    again = investor.post(PAGE, {**mine, "revision": revision(page)})
    assert again.status_code == 303
    assert "30/06/2023" in shown(investor).says("dl", class_="computed")


def test_a_refusal_keeps_the_revision_that_the_form_was_opened_at(steps: People) -> None:
    investor, department = signed_in(steps, "investor"), signed_in(steps, "department")
    opened = revision(shown(investor, f"{PAGE}?act=dates"))
    send(department, "dates", plan_on="2023-03-31", forecast_on="")
    wrong = {"act": "dates", "step": "save", "plan_on": "mai", "forecast_on": "", "revision": opened}
    page = read(investor.post(PAGE, wrong).text)
    assert revision(page) == opened, "or the next attempt would overwrite what the department stated"


def test_what_a_form_does_not_show_it_does_not_change(steps: People) -> None:
    investor = signed_in(steps, "investor")
    answer = send(investor, "done", actual_on="", plan_on="2023-03-31", is_applicable="false", note="x")
    assert answer.status_code == 303
    assert "31/03/2023" not in investor.get(PAGE).text


def test_others_read_or_do_not_find_it(steps: People) -> None:
    evn_spc, stranger = signed_in(steps, "evn_spc"), signed_in(steps, "stranger")
    page = shown(evn_spc)
    assert not page.all("form", class_="form")
    assert "đơn vị khác cập nhật" in page.says("main")
    assert evn_spc.post(PAGE, {"act": "dates", "step": "save", "plan_on": "2023-03-31"}).status_code == 403
    assert [stranger.get(PAGE).status_code, stranger.post(PAGE, {"step": "save"}).status_code] == [404, 404]
    assert signed_in(steps, "investor").get(PAGE + "99").status_code in (404, 422)


def test_the_cod_milestone_leads_to_a_declaration(steps: People) -> None:
    page = shown(signed_in(steps, "investor"), "/phases/alpha-1/milestones/W-G7?act=done")
    assert page.all("a", href="/phases/alpha-1/declare")
    assert not page.all("input", id="actual_on")


def test_the_milestones_of_a_grid_work_are_on_the_same_page(steps: People) -> None:
    with steps.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.apply(session, "grid_work", "line")
    evn_spc = signed_in(steps, "evn_spc")
    path = "/grid-works/line/milestones/G-01"
    assert send(evn_spc, "dates", path=path, plan_on="2023-06-30", forecast_on="").status_code == 303
    assert "30/06/2023" in shown(evn_spc, path).says("dl", class_="computed")
