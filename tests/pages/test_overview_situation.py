"""Below the number: why MW are missing, what most of them wait for, the week, late milestones and who reports; to each
reader what is his, and the same tomorrow under the same link."""

import re
from datetime import date

import pytest

from app.domain.words import Lang
from app.queries import situation
from tests import factories
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Markup, read


def page(person: Person, path: str = "/") -> Markup:
    answer = look(person, path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def section(found: Markup, heading: str) -> str:
    """What the section under a heading says."""
    for element in found.all("section"):
        if element.attributes.get("aria-labelledby") == heading:
            return " ".join(element.text.split())
    return ""


def blockers(found: Markup) -> list[list[str]]:
    """The rows of the table of what MW wait for."""
    head = {"MW chờ", "MW waiting"}
    return next((table[1:] for table in found.tables if table[0][0] in head), [])


def story(people: People) -> None:
    """A line that alpha-1 needs: towers T1 to T3 in two communes, T1 handed over in the week, T2 lost in it; a promise
    that was kept and one that was not; milestones of the phase, one of them late."""
    # Before the service's clock begins, so that what people do later is recorded later.
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.grid_work(session)
        factories.connection(session)
        factories.commune(session, "xa-mot")
        factories.commune(session, "xa-hai", None)
        done = {"stage": "site", "status": "done"}
        factories.unit(session, "T1", commune="xa-mot", reports=[done | {"effective_on": "2023-02-03"}])
        lost = [done | {"effective_on": "2022-12-01"}, {"stage": "site", "status": "reopened",
                "effective_on": "2023-02-06", "cause": "obstruction"}]  # fmt: skip
        factories.unit(session, "T2", position=2, commune="xa-hai", reports=lost)
        factories.unit(session, "T3", position=3, commune="xa-hai")
        factories.commitment(session, units=["T1"], made_on="2023-01-20", due_on="2023-02-05")
        factories.commitment(session, units=["T3"], made_on="2023-01-20", due_on="2023-02-04")
        factories.apply(session, "grid_work", "line")
        factories.apply(session)
        factories.state(session, "W-E6", plan_on="2023-01-15")


def test_the_public_is_told_where_to_sign_in_and_nothing_more(people: People) -> None:
    story(people)
    found = page(people.anonymous)
    assert found.one("a", href="/sign-in?next=%2F").text == "Đăng nhập để xem"
    for heading in ("why", "top-land", "promises", "dates", "reports"):
        assert not section(found, heading)
    assert not blockers(found)
    assert "Đường dây line" not in found.says("main")
    assert not found.all("path", class_="forecast")


def test_the_gap_is_told_by_cause_to_who_sees_every_project(people: People) -> None:
    story(people)
    for person in (people.department, people.evn_spc):
        said = section(page(person), "why")
        assert "377 MW" not in said
        assert "Chưa có dự án trong sổ đăng ký 347 MW" in said
        assert "30 MW" in said
        assert 'href="/blockers"' in look(person).text
    for person in (people.investor, people.stranger):
        assert not section(page(person), "why"), "the gap tells of everybody's projects"


def test_the_commune_that_holds_most_mw_leads_to_the_land(people: People) -> None:
    story(people)
    said = section(page(people.department), "top-land")
    assert said.startswith(
        "Xã giữ nhiều MW nhất Xã xa-hai 30 MW 2 vị trí, khoảng néo chưa bàn giao trên Đường dây line"
    )
    assert "Xem mặt bằng theo xã" in [a.text for a in page(people.department).all("a", href="/land")]
    assert "Không xã nào đang giữ MW" in section(page(people.stranger), "top-land")


def test_the_promises_of_the_week_are_counted(people: People) -> None:
    story(people)
    said = section(page(people.evn_spc), "promises")
    assert "giữ được 1 trong 2" in said
    assert "không giữ 1" in said
    assert "Từ 01/02/2023 đến 07/02/2023" in said
    assert "Không có cam kết nào" in section(page(people.evn_spc, "/?as_of=2023-01-25"), "promises")


def test_what_was_handed_over_and_lost_in_the_week_is_named(people: People) -> None:
    story(people)
    said = section(page(people.department), "week")
    assert "Đường dây line: thêm vị trí T1; mất lại vị trí T2" in said
    assert "T1" not in section(page(people.stranger), "week")
    earlier = section(page(people.department, "/?as_of=2023-02-05"), "week")
    assert "thêm vị trí T1" in earlier
    assert "mất lại" not in earlier


def test_an_obstacle_stands_with_its_mw_until_it_is_closed(people: People) -> None:
    with people.world.database.changing(factories.stamp(date(2023, 2, 1))) as session:
        obstacle = factories.obstacle(session, raised_on="2023-02-01", due_on="2023-02-05")
    row = [
        "30",
        "Vướng mắc: Chưa thống nhất đơn giá",
        "Giai đoạn alpha-1",
        "UBND huyện",
        "05/02/2023 quá hạn",
    ]
    for person in (people.department, people.investor):
        assert blockers(page(person)) == [row]
    assert not blockers(page(people.stranger))
    assert not blockers(page(people.department, "/?as_of=2023-01-31")), "it was not raised yet"
    assert blockers(page(people.department, "/?known_at=2023-01-31")) == [], "and not known"
    closed = people.department.post(f"/obstacles/{obstacle}/closing", {"outcome": "Đã thống nhất"})
    assert closed.status_code == 200
    assert "Không có vướng mắc nào đang mở" in page(people.department).says("main")
    assert blockers(page(people.department, "/?as_of=2023-02-06"))[0][0] == "30", "the day before it stood"


def test_a_recognition_is_news_for_everybody_and_a_claim_for_its_own(people: People) -> None:
    code = people.investor.post("/phases/alpha-1/tranches", factories.declaration(12.6)).json()["code"]
    claimed = "Khai báo COD: Giai đoạn alpha-1 · 12,6 MW"
    for person, is_told in ((people.investor, True), (people.department, True), (people.stranger, False),
                            (people.anonymous, False)):  # fmt: skip
        assert (claimed in section(page(person), "week")) == is_told
    assert people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter()).status_code == 200
    for person in (people.anonymous, people.stranger, people.department):
        assert "07/02/2023 Công nhận COD: Giai đoạn alpha-1 · 12,6 MW" in section(page(person), "week")
    assert "COD" not in section(page(people.anonymous, "/?known_at=2023-02-06"), "week").replace(
        "Không có COD", ""
    )


def test_what_a_register_file_tells_of_years_ago_is_no_news(real: People) -> None:
    assert "Không có COD nào được công nhận hay thay đổi" in section(page(real.anonymous), "week")


def test_milestones_and_obstacles_of_the_week_are_told_with_their_days(people: People) -> None:
    story(people)
    path = "/phases/alpha-1/milestones/W-E6"
    moved = people.investor.patch(path, {"forecast_on": "2023-05-31", "cause": "weather"})
    assert moved.status_code == 200
    people.department.post("/obstacles", {"subject": "grid_work", "subject_code": "line", "kind": "unpaid",
        "title": "Chưa chi trả", "responsible": "HDBT"})  # fmt: skip
    said = section(page(people.department), "week")
    assert "Đổi ngày dự báo: Giai đoạn alpha-1 · Lắp dựng xong tua-bin" in said
    assert "31/05/2023" in said
    assert "Nêu vướng mắc: Đường dây line · Chưa chi trả" in said
    assert "Chưa chi trả" in section(page(people.investor), "week"), "his phase needs the line"
    assert "Chưa chi trả" not in section(page(people.stranger), "week")


def test_late_milestones_are_counted_and_the_first_are_named(people: People) -> None:
    story(people)
    said = section(page(people.department), "dates")
    assert "Chậm: 1" in said
    assert "hạn 15/01/2023" in said
    assert "Giai đoạn alpha-1" in said
    assert "Không mốc nào chậm" in section(page(people.department, "/?as_of=2023-01-10"), "dates")
    assert "Không mốc nào chậm" in section(page(people.stranger), "dates")


def test_who_reports_is_told_to_the_department_of_all_and_to_others_of_themselves(people: People) -> None:
    def organisations(person: Person, path: str = "/") -> list[str]:
        tables = page(person, path).tables
        return next(([row[0] for row in table[1:]] for table in tables if table[0][0] == "Đơn vị"), [])

    assert organisations(people.department) == ["Tổ chức evn-spc", "Tổ chức mekong-wind"]
    assert organisations(people.investor) == ["Tổ chức mekong-wind"]
    assert not organisations(people.anonymous)
    assert not organisations(people.department, "/?as_of=2023-02-06"), "reporting is of now"
    assert not organisations(people.department, "/?known_at=2023-02-07")


def test_a_page_with_who_is_late_is_not_kept_and_the_public_s_is(people: People) -> None:
    assert "etag" not in look(people.department).headers
    assert "etag" in look(people.anonymous).headers


def test_a_permanent_link_tells_the_same_after_more_has_happened(people: People) -> None:
    story(people)
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        obstacle = factories.obstacle(session, due_on="2023-03-01")
    found = page(people.department)
    link = next(
        a.attributes["href"] or "" for a in found.all("a") if "known_at" in (a.attributes["href"] or "")
    )
    before = page(people.department, link)
    assert people.department.post(f"/obstacles/{obstacle}/postponement",
        {"due_on": "2023-04-01", "reason": "Chờ"}).status_code == 200  # fmt: skip
    assert people.department.patch("/phases/alpha-1", {"nominal_mw": 49}).status_code == 200
    assert people.investor.patch("/phases/alpha-1/milestones/W-E6",
        {"forecast_on": "2023-06-30", "cause": "weather"}).status_code == 200  # fmt: skip
    after = page(people.department, link)
    assert blockers(after) == blockers(before) != blockers(page(people.department))
    for heading in ("why", "top-land", "promises", "week", "dates"):
        assert section(after, heading) == section(before, heading)


def test_the_forecast_goes_on_where_operation_stands(people: People) -> None:
    story(people)
    found = page(people.department)
    assert len(found.all("path", class_="forecast")) == 3, "both drawings and the legend"
    table = next(table for table in found.tables if table[0][0] == "Đến hết ngày")
    assert table[0][-1] == "Dự báo theo tiến độ"
    assert table[-1][0] == "31/12/2023"
    assert table[-1][-1] == "0", "its COD is forecast for later than the picture goes"
    for person in (people.investor, people.stranger):
        assert not page(person).all("path", class_="forecast"), (
            "it would leave out what the reader does not see"
        )


def test_a_large_register_shows_what_is_due_first_and_says_so(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    story(people)
    with people.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, due_on="2023-03-01")
    monkeypatch.setattr(situation, "MOST_PHASES", 0)
    found = page(people.department)
    assert blockers(found) == [
        ["–", "Vướng mắc: Chưa thống nhất đơn giá", "Giai đoạn alpha-1", "UBND huyện", "01/03/2023"]
    ]
    assert "Sổ có quá nhiều giai đoạn" in found.says("main")
    assert "Chậm: 1" in section(found, "dates")
    assert not section(found, "why")
    past = page(people.department, "/?as_of=2023-02-01")
    assert "Sổ quá lớn để dựng lại danh sách này" in section(past, "dates")


@pytest.mark.parametrize("lang", list(Lang))
def test_every_reader_reads_it_in_both_languages(people: People, lang: Lang) -> None:
    story(people)
    for person in (people.department, people.investor, people.stranger, people.evn_spc, people.anonymous):
        found = page(person, f"/?lang={lang}")
        said = found.says("main")
        assert not re.search(r"\{\w*\}", said), "every blank is filled in"
        assert {"vi": "Thay đổi trong tuần", "en": "What changed this week"}[lang] in said


def test_titles_are_text_and_illustrative_ones_are_marked(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, title="<script>alert(1)</script>", is_illustrative=True)
    answer = look(people.department)
    assert "<script>" not in answer.text
    assert blockers(read(answer.text))[0][1] == "Vướng mắc: <script>alert(1)</script> minh họa"
