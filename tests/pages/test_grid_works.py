"""Grid works as people see them: a summary for everybody, tower by tower for those whose work it is."""

from datetime import date

import pytest

from tests import factories, lines
from tests.api.unit_worlds import put, section, told, tower
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Markup, read

LINE, LATER = "/grid-works/line", "2023-01-20"


@pytest.fixture
def here(people: People) -> People:
    """A line of four towers in two communes with two sections, which alpha-1 needs; tower 2 is blocked, tower 3 reopened."""
    with people.world.database.changing(factories.stamp(date(2023, 1, 1))) as session:
        factories.grid_work(session, towers_total=5, length_km=9.016)
        factories.grid_work(session, "far", name="Đường dây <script>")
        factories.connection(session)
        lines.communes(session, "phu-thuan", "dinh-trung")
    rows = [
        tower(1, told("site", on=LATER), told("foundation", on=LATER), commune="phu-thuan"),
        tower(2, told("site", "blocked"), commune="phu-thuan"),
        tower(3, told("site", on="2023-01-05"), told("site", "reopened"), commune="dinh-trung"),
        tower(4, commune="dinh-trung"),
        section("1-3", 1, 3, told("corridor"), length_m=700),
        section("3-4", 3, 4, length_m=300),
    ]
    put(people.evn_spc, rows)
    return people


def page(person: Person, path: str) -> Markup:
    answer = look(person, path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def table(found: Markup, first: str) -> list[list[str]]:
    """The table whose header begins with a word."""
    return next(table for table in found.tables if table[0][0] == first)


def test_everybody_reads_the_summary_and_no_more(here: People) -> None:
    found = page(here.anonymous, "/grid-works")
    rows = table(found, "Công trình")
    assert rows[0] == ["Công trình", "km", "Điện áp", "Huyện"]
    assert [row[1:] for row in rows[1:]] == [["–", "–", "–"], ["9,016", "–", "–"]]
    one = page(here.anonymous, LINE)
    assert "Chỉ phần tóm tắt được công khai" in one.says("p", class_="notice")
    assert not one.all("svg", class_="line-strip")
    assert not one.tables


def test_who_sees_a_work_reads_counts_dates_and_waiting_mw(here: People) -> None:
    rows = table(page(here.investor, "/grid-works"), "Công trình")
    # The other work is not the investor's: nothing of its detail is told.
    assert [row[2:6] for row in rows[1:]] == [["–"] * 4, ["1/5", "1/5", "0/5", "0/2"]]
    assert [row[-1] for row in rows[1:]] == ["–", "30"]
    assert table(page(here.evn_spc, "/grid-works"), "Công trình")[1][-1] == "0"


def test_a_name_cannot_bring_a_script(here: People) -> None:
    assert "&lt;script&gt;" in look(here.evn_spc, "/grid-works").text


def test_works_can_be_narrowed_to_a_kind(here: People) -> None:
    assert "Chưa có công trình nào" in page(here.department, "/grid-works?kind=substation").says(
        "p", class_="none"
    )
    assert len(table(page(here.department, "/grid-works?kind="), "Công trình")) == 3


def test_the_strip_is_drawn_for_both_widths_and_told_as_a_table(here: People) -> None:
    found = page(here.investor, LINE)
    for name in ("wide", "narrow"):
        assert "4 vị trí cột và 2 khoảng néo" in found.says("desc", id=f"strip-{name}-desc")
    for status in ("done", "blocked", "reopened"):
        assert found.all("path", class_=f"at-{status}")
    for status in ("blocked", "reopened"):
        assert found.all("path", class_=f"state-{status}")
    rows = {row[0]: row[1:] for row in table(found, "Vị trí, khoảng néo")[1:]}
    nothing = "Chưa thực hiện"
    assert rows["Vị trí cột 1"] == ["Xã phu-thuan", "Đã xong", "Đã xong", nothing, nothing, "", ""]
    assert rows["Vị trí cột 3"] == ["Xã dinh-trung", "Tái vướng", nothing, nothing, nothing, "", ""]
    assert rows["Khoảng néo 1-3"][-2:] == ["Đã xong", nothing]


def test_held_units_are_named_with_their_cause(here: People) -> None:
    caption = page(here.evn_spc, LINE)
    held = next(rows for rows in caption.tables if rows[0][1] == "Công đoạn")
    assert [row[0] for row in held[1:]] == ["Vị trí cột 2", "Vị trí cột 3"]
    assert [row[2] for row in held[1:]] == ["Đang vướng", "Tái vướng"]
    # How many households are open is for those who read cases.
    assert [row[-1] for row in held[1:]] == ["0", "0"]
    other = next(rows for rows in page(here.investor, LINE).tables if rows[0][1] == "Công đoạn")
    assert [row[-1] for row in other[1:]] == ["–", "–"]


def test_counts_come_first_then_the_percent_with_its_weights_and_what_was_reported(here: People) -> None:
    here.evn_spc.post(
        f"{LINE}/reported-counts", {"stage": "site", "done": 3, "total": 5, "reported_on": "2023-01-20"}
    )
    rows = {row[0]: row[1:] for row in table(page(here.investor, LINE), "Công đoạn")[1:]}
    assert rows["Bàn giao mặt bằng móng"] == [
        "1/5",
        "0",
        "2",
        "20,00%",
        "15%",
        "3/5ngày 20/01/2023",
    ]
    assert rows["Cấp cột đến vị trí"] == ["0/5", "0", "0", "0,00%", "–", "–"]


def test_what_the_pace_cannot_say_it_does_not_say(here: People) -> None:
    found = page(here.investor, LINE)
    paces = next(rows for rows in found.tables if rows[0][1] == "Mỗi tuần")
    said = {row[0]: row for row in paces[1:]}
    assert said["Bàn giao mặt bằng móng"][3] == "2"
    assert said["Bàn giao mặt bằng móng"][4].startswith("Trừ 2 đang vướng: khoảng ")
    assert said["Dựng cột"][1] == "–"
    assert said["Dựng cột"][4] == "Tất cả: chưa đủ số liệu để dự báo"


def test_an_earlier_day_is_drawn_as_it_stood(here: People) -> None:
    found = page(here.investor, f"{LINE}?as_of=2023-01-06")
    rows = {row[0]: row[1:] for row in table(found, "Vị trí, khoảng néo")[1:]}
    assert rows["Vị trí cột 3"][1] == "Đã xong"
    assert rows["Vị trí cột 1"][1] == "Chưa thực hiện"
    assert "Tính đến hết ngày 06/01/2023" in found.says("h2", id="head")


def test_it_speaks_english(here: People) -> None:
    found = page(here.investor, f"{LINE}?lang=en")
    rows = {row[0]: row[1:] for row in table(found, "Stage")[1:]}
    assert rows["Site handed over"][0] == "1/5"
    assert "4 tower positions and 2 tension sections" in found.says("desc", id="strip-wide-desc")


def test_only_the_company_is_led_to_the_week_s_form(here: People) -> None:
    assert page(here.evn_spc, LINE).all("a", href="/grid-works/line/week")
    assert not page(here.investor, LINE).all("a", href="/grid-works/line/week")


def test_a_work_without_units_or_milestones_says_so(here: People) -> None:
    found = page(here.evn_spc, "/grid-works/far")
    said = [e.text for e in found.all("p", class_="none")]
    assert "Chưa có danh sách vị trí cột, khoảng néo." in said
    assert "Chưa ghi giai đoạn nào cần công trình." in said
    assert not found.all("svg", class_="line-strip")


def test_sections_without_ends_stand_in_the_table_alone(here: People) -> None:
    with here.world.database.changing(factories.stamp()) as session:
        lines.towers(session, [None], "far")
        lines.sections(session, 2, "far")
    found = page(here.evn_spc, "/grid-works/far")
    assert any("2 khoảng néo chưa nêu hai cột" in e.text for e in found.all("p", class_="help"))


def test_a_work_that_is_not_there(here: People) -> None:
    assert look(here.evn_spc, "/grid-works/none").status_code == 404


def test_what_the_grid_can_evacuate_stands_beside_its_limits(here: People) -> None:
    found = page(here.anonymous, "/grid-works")
    assert "chưa có giới hạn nào được nêu" in found.all("dd")[0].text
    with here.world.database.changing(factories.stamp()) as session:
        factories.evacuation_group(session, phases=["alpha-1"])
        factories.evacuation_limit(session, mw=20)
    rows = table(page(here.anonymous, "/grid-works"), "Nhóm, nút lưới")
    assert rows[1][1].startswith("20")
    assert rows[1][2:] == ["0", "20", "30", "10"]
