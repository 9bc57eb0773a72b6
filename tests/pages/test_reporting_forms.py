"""`/my`: the five minutes of a week, and what others have said to one's claims."""

from typing import Any

import pytest

from tests import factories
from tests.conftest import TODAY, People
from tests.pages.conftest import signed_in
from tests.pages.markup import Markup, read


def cards(page: Markup) -> dict[str, str]:
    """The sections of the page by the id of their heading."""
    found = [e for e in page.all("section") if "aria-labelledby" in e.attributes]
    return {e.attributes["aria-labelledby"] or "": " ".join(e.text.split()) for e in found}


def mine(people: People, name: str = "investor", query: str = "") -> dict[str, str]:
    answer = signed_in(people, name).get(f"/my{query}")
    assert answer.status_code == 200, answer.text
    return cards(read(answer.text))


def test_a_fresh_organisation_has_nothing_to_do_but_its_report(people: People) -> None:
    found = mine(people)
    assert "Kỳ này chốt lúc 16:00 ngày 09/02/2023" in found["report"]
    assert found["steps"].endswith("Không có mốc nào đến hạn.")
    assert "sent-back" not in found
    assert "Giai đoạn alpha-1" in found["phases"]
    assert "chưa có dự án" in signed_in(people, "stranger").get("/my").text


def test_the_steps_due_stand_in_their_order_with_what_is_late(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session)
        factories.state(session, "W-C6", plan_on="2023-03-10")
        factories.state(session, "W-C5", plan_on="2023-01-31")
        factories.state(session, "W-E6", plan_on="2023-06-30")
    steps = mine(people)["steps"]
    assert steps.index("W-C5") < steps.index("W-C6")
    assert "31/01/2023trễ 7 ngày" in steps
    assert "W-E6" not in steps
    assert "7 days late" in mine(people, query="?lang=en")["steps"]


def test_what_waits_and_what_was_sent_back_is_told_with_the_reason(people: People) -> None:
    letter = {"letter_number": "12/BB", "letter_on": "2023-01-20", "letter_issuer": "TVGS"}
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session)
        factories.state(session, "W-C5", actual_on="2023-01-28", **letter)
        tranche = factories.declare(session, people.world.investor)
    waiting = mine(people)["waiting"]
    assert f"COD {tranche}: 4,2 MW từ 01/05/2022" in waiting
    assert "W-C5" in waiting
    assert "cần trả lời trước 21/02/2023" in waiting
    said = {"reason": "Chưa có biên bản", "capacity_mw": 4}
    assert people.department.post(f"/tranches/{tranche}/dispute", said).status_code == 200
    assert (
        people.department.post(
            "/phases/alpha-1/milestones/W-C5/dispute", {"note": "Thiếu chữ ký"}
        ).status_code
        == 200
    )
    found = mine(people)
    assert "Bị trả lại 2" in found["sent-back"]
    assert "Bên xác nhận ghi 4 MW từ 01/05/2022. Lý do: Chưa có biên bản" in found["sent-back"]
    assert "Lý do: Thiếu chữ ký" in found["sent-back"]
    assert "W-C5" not in found["waiting"]


def test_a_report_is_previewed_with_what_was_recorded_beside_it_and_then_handed_in(people: People) -> None:
    investor = signed_in(people, "investor")
    preview = investor.post("/my", {"narrative": "Đã lắp hai tua-bin", "step": "preview"})
    page = read(preview.text)
    assert preview.status_code == 200
    assert "Báo cáo cho kỳ chốt ngày 09/02/2023, kèm 0 thay đổi" in cards(page)["effect"]
    assert page.one("textarea", id="narrative").text == "Đã lắp hai tua-bin"
    assert people.investor.get("/progress-reports").json()["items"] == []
    assert investor.post("/my", {"narrative": "Đã lắp hai tua-bin", "step": "save"}).status_code == 303
    assert "Đã báo cáo" in mine(people)["report"]
    assert [r["narrative"] for r in people.investor.get("/progress-reports").json()["items"]] == [
        "Đã lắp hai tua-bin"
    ]


def test_nothing_changed_is_a_report_of_its_own(people: People) -> None:
    assert (
        signed_in(people, "investor").post("/my", {"nothing_changed": "true", "step": "save"}).status_code
        == 303
    )
    assert people.investor.get("/progress-reports").json()["items"][0]["nothing_changed"] is True


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "narrative"),
        ({"narrative": "x", "nothing_changed": "true"}, "narrative"),
        ({"narrative": "x", "period_ends_on": "2023-02-08"}, "period_ends_on"),
        ({"narrative": "x", "period_ends_on": "16/02/2023"}, "period_ends_on"),
        ({"narrative": "x", "period_ends_on": "tuần trước"}, "period_ends_on"),
    ],
)
def test_a_report_is_refused_at_its_field(people: People, fields: dict[str, Any], field: str) -> None:
    answer = signed_in(people, "investor").post("/my", {**fields, "step": "save"})
    page = read(answer.text)
    assert answer.status_code == 422
    assert page.says("p", id=f"{field}-wrong")
    assert page.one("textarea", id="narrative").text == fields.get("narrative", "")


def test_evn_spc_has_its_own_works_and_others_have_no_such_page(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.apply(session, "grid_work", "line")
        factories.state(session, "G-01", "grid_work", "line", plan_on=TODAY.isoformat())
        factories.apply(session)
        factories.state(session, "W-C5", plan_on=TODAY.isoformat())
    found = mine(people, "evn_spc")
    assert "G-01" in found["steps"]
    assert "W-C5" not in found["steps"], "what an investor reports is not EVN SPC's work"
    assert signed_in(people, "department").get("/my").status_code == 403
    assert (
        people.anonymous.run(people.anonymous.client.get("/my", headers={"Accept": "text/html"})).status_code
        == 303
    )
