"""A workbook by browser: downloaded, sent in with a real form, looked at cell by cell, decided, saved or cancelled."""

from datetime import date

import pytest

from app.domain.vocabulary import UnitStatus
from app.domain.words import Lang
from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, signed_in
from tests.pages.markup import read
from tests.reading import furnish
from tests.workbooks import XLSX, Edited


@pytest.fixture(autouse=True)
def furnished(people: People) -> None:
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
        furnish(session, people.world, "alpha", "alpha-1")


def book(who: SignedIn) -> Edited:
    answer = who.get("/workbooks/own.xlsx")
    assert answer.headers["content-type"] == XLSX
    assert "attachment" in answer.headers["content-disposition"]
    return Edited(answer.content)


def send(who: SignedIn, content: bytes, name: str = "Tuần 6.xlsx") -> str:
    """Sends a file by the form, and returns where it leads."""
    answer = who.post("/workbooks", {}, {"file": (name, content, XLSX)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_page_offers_the_workbook_and_its_sheets_and_the_form_takes_a_file(people: People) -> None:
    evn = signed_in(people, "evn_spc")
    page = read(evn.get("/workbooks").text)
    links = [e.attributes.get("href") for e in page.all("a")]
    assert {"/workbooks/own.xlsx", "/workbooks/towers.csv", "/workbooks/cases.csv"} <= set(links)
    assert "/workbooks/projects.csv" not in links
    assert page.one("input", id="file").attributes["type"] == "file"
    assert "dữ liệu cá nhân" in page.says("main")
    assert evn.get("/workbooks/towers.csv").headers["content-type"].startswith("text/csv")


def test_cells_are_shown_before_they_are_saved_and_saved_by_one_button(people: People) -> None:
    evn = signed_in(people, "evn_spc")
    edited = book(evn)
    edited.set("towers", "line", "T1", site_status=UnitStatus.DONE, site_on=date(2023, 1, 20))
    edited.add("towers", work="line", number="T3", position=3)
    where = send(evn, edited.content())
    page = read(evn.get(where).text)
    said = page.says("main")
    assert page.says("h1") == "Bảng tính Tuần 6.xlsx"
    assert "Đã kiểm tra, chưa ghi" in said
    assert "20/01/2023" in said
    assert "0 → 1 / 3" in said
    assert "Không ngày COD nào thay đổi" in said
    added = read(evn.get(f"{where}?kind=added").text).says("main")
    assert "T3" in added
    assert evn.post(where, {"step": "commit"}).status_code == 303
    done = read(evn.get(where).text)
    assert "Đã ghi ở bản" in done.says("main")
    assert not done.all("button", value="commit")
    assert people.evn_spc.get("/grid-works/line/towers/T3").status_code == 200
    again = evn.post(where, {"step": "commit"})
    assert again.status_code == 409
    assert "đã xong hoặc đã hủy" in read(again.text).says("main")


def test_what_is_wrong_stands_at_its_cell_in_the_readers_language(people: People) -> None:
    evn = signed_in(people, "evn_spc")
    edited = book(evn).set("towers", "line", "T1", site_status=UnitStatus.DONE, site_on=date(2023, 2, 8))
    where = send(evn, edited.content())
    vi, en = (read(evn.get(f"{where}?lang={lang}").text) for lang in ("vi", "en"))
    for page, sheet in ((vi, "Vị trí cột"), (en, "Tower positions")):
        assert sheet in page.says("main")
        assert not page.all("button", value="commit")
    assert "sửa trong tệp" in vi.says("main")
    assert "correct the file" in en.says("main")
    refused = evn.post(where, {"step": "commit"})
    assert refused.status_code == 422


def test_conflicts_are_decided_with_radio_buttons_and_a_choice_for_all_others(people: People) -> None:
    investor = signed_in(people, "investor")
    edited = book(investor).set("projects", "alpha", commune="Thạnh Hải", note="Của chủ đầu tư")
    people.department.patch("/projects/alpha", {"commune": "Thạnh Phong", "note": "Của Sở"})
    where = send(investor, edited.content())
    page = read(investor.get(where).text)
    radios = {e.attributes["name"] for e in page.all("input") if e.attributes.get("type") == "radio"}
    assert len(radios) == 2
    labels = {e.attributes.get("for") for e in page.all("label")}
    assert {f"{name}-{take}" for name in radios for take in ("mine", "theirs")} <= labels
    first = min(map(str, radios))
    undecided = investor.post(where, {"step": "commit", first: "mine"})
    assert undecided.status_code == 409
    assert "chưa chọn giá trị" in read(undecided.text).says("main")
    assert investor.post(where, {"step": "commit", first: "mine", "take": "theirs"}).status_code == 303
    said = people.investor.get("/projects/alpha").json()
    assert sorted([said["commune"] == "Thạnh Hải", said["note"] == "Của chủ đầu tư"]) == [False, True]


def test_a_value_that_is_taken_and_refused_then_is_named_with_its_cell(people: People) -> None:
    investor = signed_in(people, "investor")
    edited = book(investor).set("phases", "alpha-1", nominal_mw=31_000, turbine_mw=400_000)
    assert people.department.patch("/phases/alpha-1", {"turbine_mw": 4.5}).status_code == 200
    where = send(investor, edited.content())
    refused = investor.post(where, {"step": "commit", "take": "mine"})
    assert refused.status_code == 422
    said = read(refused.text).says("main")
    assert "Giai đoạn G3 (Công suất một tua-bin (MW))" in said
    assert people.investor.get("/phases/alpha-1").json()["nominal_mw"] == 30


def test_a_slip_in_a_word_is_told_what_may_have_been_meant(people: People) -> None:
    evn = signed_in(people, "evn_spc")
    where = send(evn, book(evn).set("towers", "line", "T1", site_status="Đã xog").content())
    assert "Có phải “Đã xong”?" in read(evn.get(where).text).says("main")
    assert "Did you mean “Done”?" in read(evn.get(f"{where}?lang=en").text).says("main")


def test_a_cancelled_file_is_gone_and_what_is_no_workbook_is_named(people: People) -> None:
    investor = signed_in(people, "investor")
    where = send(investor, book(investor).set("projects", "alpha", note="x").content(Lang.EN))
    assert investor.post(where, {"step": "cancel"}).status_code == 303
    page = read(investor.get(where).text)
    assert "Đã hủy" in page.says("main")
    assert not page.all("button", name="step")
    where = send(investor, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Sổ cũ.xls")
    assert ".xls" in read(investor.get(where).text).says("main")
    missing = investor.post("/workbooks", {}, {"file": ("", b"", "")})
    assert missing.status_code == 422
    assert "Chưa chọn tệp" in read(missing.text).says("p", id="file-wrong")


def test_another_organisations_file_is_not_there(people: People) -> None:
    investor, stranger = signed_in(people, "investor"), signed_in(people, "stranger")
    where = send(investor, book(investor).set("projects", "alpha", note="x").content())
    assert stranger.get(where).status_code == 404
    assert stranger.post(where, {"step": "commit"}).status_code == 404
    assert people.investor.get("/projects/alpha").json()["note"] is None


def test_looking_at_cases_is_written_into_the_access_log(people: People) -> None:
    evn = signed_in(people, "evn_spc")
    where = send(evn, book(evn).set("cases", "land", "T1", owner_name="Nguyễn Thị Bảy").content())
    assert "Nguyễn Thị Bảy" in read(evn.get(where).text).says("main")
    seen = [one["subject"] for one in people.department.get("/accesses").json()["items"]]
    assert {"workbook", where.removeprefix("/").replace("workbooks", "workbook")} <= set(seen)
