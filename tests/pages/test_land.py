"""Land as people see it: the weekly table for who handles compensation, protected counts for others, cases only logged."""

import csv
import io
from datetime import date

import pytest

from app.domain.vocabulary import LandColumn, UnitKind
from tests import districts, factories, lines
from tests.conftest import People, Person
from tests.districts import Land
from tests.pages.conftest import look
from tests.pages.markup import Markup, read

PACKAGE = "/clearances/land"
OWNER = "Nguyễn Thị Bí Mật"


@pytest.fixture
def land(people: People) -> Land:
    """The line of `tests.districts` with tower 1 in Định Trung and 2 in Giao Long; eight cases on tower 1, one of them with a
    name, all since 10 January."""
    districts.land(people.world)
    with people.world.database.changing(factories.stamp(date(2023, 1, 25))) as session:
        lines.unit(session, UnitKind.TOWER, "1").commune_code = "xa-dinh-trung"
        lines.unit(session, UnitKind.TOWER, "2").commune_code = "xa-giao-long"
        for n in range(1, 9):
            factories.household(
                session,
                f"H{n}",
                unit={"kind": "tower", "number": "1"},
                owner_name=OWNER if n == 1 else None,
                status="complaint" if n < 7 else "paid",
                attitude="disagrees" if n < 7 else "agrees",
                cause="land_price" if n < 7 else None,
                decision_number="5/QĐ",
                effective_on="2023-01-10",
            )
    return districts.authorities(people)


def page(person: Person, path: str) -> Markup:
    answer = look(person, path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def table(found: Markup, first: str) -> list[list[str]]:
    return next(table for table in found.tables if table[0][0] == first)


def test_the_weekly_table_is_exact_and_names_nobody(land: Land) -> None:
    answer = look(land.evn_spc, "/land")
    assert OWNER not in answer.text
    rows = table(read(answer.text), "Công trình / huyện / xã")
    assert rows[0] == [c.vi for c in LandColumn][3:]
    said = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    commune = said["Xã xa-dinh-trung"]
    assert (commune["Tổng số hộ"], commune["Chưa đồng thuận (hộ)"]) == ("8", "6")
    assert commune["Vị trí còn vướng"] == "1"
    assert commune["Nguyên nhân"] == "Không đồng ý đơn giá: 6"


def test_its_figures_are_the_api_s(land: Land) -> None:
    rows = table(page(land.department, "/land"), "Công trình / huyện / xã")[1:]
    said = land.department.get("/land-table").json()["items"]
    assert [row[1] for row in rows] == [
        "–" if each["towers"]["total"] is None else str(each["towers"]["total"]) for each in said
    ]
    assert [row[14] for row in rows] == [str(each["households"]["total"]) for each in said]


def test_a_district_reads_its_own(land: Land) -> None:
    rows = table(page(land.chau_thanh, "/land"), "Công trình / huyện / xã")
    assert not any("dinh-trung" in row[0] for row in rows)
    assert any("giao-long" in row[0] for row in rows)


def test_the_file_is_the_table_for_a_browser_without_a_key(land: Land) -> None:
    found = page(land.evn_spc, "/land?week=2023-02-02")
    (link,) = [
        e.attributes["href"] or ""
        for e in found.all("a")
        if (e.attributes["href"] or "").startswith("/land.csv")
    ]
    answer = look(land.evn_spc, link)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="land-table-2023-02-02.csv"' in answer.headers["content-disposition"]
    assert answer.content == land.evn_spc.get("/land-table.csv?week=2023-02-02").content
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [column.vi for column in LandColumn]
    for person, status in ((land.investor, 403), (land.anonymous, 303)):
        assert look(person, "/land.csv").status_code == status


@pytest.mark.parametrize(("asked", "until"), [("", "07/02/2023"), ("?week=2023-01-26", "26/01/2023")])
def test_any_week_can_be_looked_at(land: Land, asked: str, until: str) -> None:
    found = page(land.evn_spc, f"/land{asked}")
    assert any(f"đến hết ngày {until}" in e.text for e in found.all("p", class_="quiet"))
    options = [e.attributes["value"] for e in found.all("option") if "selected" in e.attributes]
    assert options == ([asked.removeprefix("?week=")] if asked else [])


def test_a_week_ahead_is_refused(land: Land) -> None:
    assert look(land.evn_spc, "/land?week=2023-02-20").status_code == 422


def test_other_signed_in_readers_are_shown_five_or_more(land: Land) -> None:
    found = page(land.investor, "/land")
    said = found.all("section", class_="card")
    assert any("từ năm hộ trở lên" in each.text for each in said)
    rows = {row[0]: row for row in table(found, "Huyện, xã")}
    assert rows["Xã xa-dinh-trung"][1] == "8"
    assert "2" not in rows["Xã xa-dinh-trung"]
    assert not any("Tải tệp CSV" in e.text for e in found.all("a"))


def test_the_public_reads_rounded_counts_of_the_last_cut_off(land: Land) -> None:
    found = page(land.anonymous, "/land")
    said = " ".join(e.text for e in found.all("p", class_="quiet"))
    for part in ("làm tròn đến năm hộ", "(02/02/2023)", "16:00 ngày 09/02/2023"):
        assert part in said
    rows = {row[0]: row for row in table(found, "Huyện, xã")}
    assert rows["Xã xa-dinh-trung"][1] == "10"
    numbers = [int(cell) for row in rows.values() for cell in row[1:] if cell.isdecimal()]
    assert numbers
    assert all(number % 5 == 0 for number in numbers)
    assert not found.all("form", class_="question")


def test_the_public_page_speaks_english(land: Land) -> None:
    said = " ".join(e.text for e in page(land.anonymous, "/land?lang=en").all("p", class_="quiet"))
    assert "rounded to five" in said
    assert "2 Feb 2023" in said


def test_the_most_urgent_commune_stands_first_and_the_public_is_told_none(land: Land) -> None:
    rows = table(page(land.investor, "/land"), "Xã")
    assert rows[1][0].startswith("Xã xa-dinh-trung")
    assert rows[1][1] == "30"
    assert not any(rows[0][0] == "Xã" for rows in page(land.anonymous, "/land").tables)


def test_nothing_to_show(people: People) -> None:
    assert "Chưa có công trình nào" in page(people.department, "/land").all("p", class_="none")[-1].text
    assert "Chưa có số liệu nào được công bố" in page(people.anonymous, "/land").says("p", class_="none")


def test_cases_are_shown_to_who_handles_them_and_each_look_is_logged(land: Land) -> None:
    answer = look(land.binh_dai, PACKAGE)
    assert answer.headers["cache-control"] == "no-store"
    rows = table(read(answer.text), "Số hồ sơ")
    assert len(rows) == 9
    assert rows[1][:4] == ["H1", OWNER, "Vị trí cột 1", "Đang khiếu nại"]
    look(land.binh_dai, PACKAGE)
    looks = land.department.get("/accesses").json()["items"]
    assert [each["subject"] for each in looks] == ["clearance/land/households"] * 2


def test_others_see_the_package_without_a_case_and_without_a_line_in_the_log(land: Land) -> None:
    answer = look(land.investor, PACKAGE)
    assert OWNER not in answer.text
    assert "chỉ dành cho đơn vị làm bồi thường" in read(answer.text).says("p", class_="notice")
    assert land.department.get("/accesses").json()["items"] == []


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("?status=paid", ["H7", "H8"]),
        ("?attitude=disagrees&status=", [f"H{n}" for n in range(1, 7)]),
        ("?open=true", [f"H{n}" for n in range(1, 9)]),
        ("?open=false", []),
    ],
)
def test_cases_can_be_narrowed(land: Land, asked: str, numbers: list[str]) -> None:
    found = page(land.evn_spc, PACKAGE + asked)
    assert [row[0] for each in found.tables for row in each[1:]] == numbers
    if not numbers:
        assert "Không có hồ sơ nào như vậy" in found.says("p", class_="none")


def test_cases_come_page_by_page(land: Land) -> None:
    with land.world.database.changing(factories.stamp()) as session:
        for n in range(100, 140):
            factories.household(session, f"H{n}", status="not_inventoried", effective_on="2023-01-10")
    first = page(land.evn_spc, PACKAGE)
    (link,) = first.all("a", rel="next")
    second = page(land.evn_spc, link.attributes["href"] or "")
    numbers = [row[0] for found in (first, second) for row in table(found, "Số hồ sơ")[1:]]
    assert len(numbers) == len(set(numbers)) == 48


def test_the_land_of_another_district_is_not_there(land: Land) -> None:
    assert look(land.chau_thanh, PACKAGE).status_code == 404
    assert look(land.stranger, PACKAGE).status_code == 404
    assert look(land.anonymous, PACKAGE).status_code == 303
