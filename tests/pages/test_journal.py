"""The journal as people read it: facts in words with what was before and after, filtered, paged, and verified."""

from typing import Any

import pytest
from sqlalchemy import text

from app.domain.words import Lang
from app.pages import facts
from app.pages.words import About, Said
from app.tables.journal import Fact
from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, browser, look, signed_in
from tests.pages.markup import read
from tests.whole.test_journal_covers import a_varied_life


@pytest.fixture
def desk(people: People) -> SignedIn:
    return signed_in(people, "department")


def lines(
    kind: str, subject: str, before: Any, after: Any, lang: Lang = Lang.VI
) -> list[tuple[str | None, ...]]:
    told = facts.told(Fact(revision=1, position=0, kind=kind, subject=subject, subject_code="x", before=before, after=after), lang)  # fmt: skip
    return [(line.name, line.before, line.after) for line in told.lines]


@pytest.mark.parametrize(
    ("subject", "before", "after", "vi", "en"),
    [
        ("phase", {"nominal_kw": 30000}, {"nominal_kw": 29400}, ("Công suất thiết kế", "30 MW", "29,4 MW"), ("Nominal capacity", "30 MW", "29.4 MW")),
        ("user", {"is_active": True}, {"is_active": False}, ("Đang hoạt động", "có", "không"), ("Active", "yes", "no")),
        ("user", None, {"password": "changed"}, ("Mật khẩu", None, "đã đổi, không ghi nội dung"), ("Password", None, "changed, not written down")),
        ("milestone", {"forecast_on": None}, {"forecast_on": "2023-12-31"}, ("Dự báo", "–", "31/12/2023"), ("Forecast", "–", "31 Dec 2023")),
        ("tower", {"status": "in_progress"}, {"status": "done"}, ("Trạng thái", "Đang thực hiện", "Đã xong"), ("Status", "In progress", "Done")),
        ("key", None, {"expires_at": "2024-02-07T02:00:00+00:00"}, ("Hết hạn", None, "09:00 ngày 07/02/2024"), ("Expires", None, "7 Feb 2024, 09:00")),
        ("household", None, {"approved_vnd": 250_000_000}, ("Số tiền được duyệt", None, "250.000.000 đ"), ("Approved amount", None, "250,000,000 đ")),
        ("tranche", None, {"turbines": ["T1", "T2"]}, ("Các tua-bin", None, "T1, T2"), ("Turbines", None, "T1, T2")),
        ("of_no_kind", None, {"of_no_name": 3}, ("of_no_name", None, "3"), ("of_no_name", None, "3")),
        ("phase", None, {"due_on": "soon"}, ("Hạn", None, "soon"), ("Due", None, "soon")),
    ],
)  # fmt: skip
def test_a_field_is_told_in_words(subject: str, before: Any, after: Any, vi: Any, en: Any) -> None:
    assert lines("phase.changed", subject, before, after) == [vi]
    assert lines("phase.changed", subject, before, after, Lang.EN) == [en]


def test_everything_the_service_states_has_words(people: People) -> None:
    a_varied_life(people)
    unknown, subjects = set(), set()
    address: str | None = "/journal?limit=100"
    while address:
        answer = people.department.get(address)
        for fact in (f for revision in answer.json()["items"] for f in revision["facts"]):
            subjects.add(fact["subject"])
            unknown |= ((fact["before"] or {}).keys() | (fact["after"] or {}).keys()) - set(Said)
        address = answer.links.get("next", {}).get("url")
    assert unknown == set()
    assert subjects == set(About)
    desk = signed_in(people, "department")
    for lang in Lang:
        page, seen = f"/journal?lang={lang}", 0
        while page:
            answer = desk.get(page)
            assert answer.status_code == 200
            found = read(answer.text)
            seen += len(found.all("article"))
            page = next((a.attributes["href"] or "" for a in found.all("a", rel="next")), "")
        assert seen == people.department.get("/journal?limit=1").json()["items"][0]["number"]


def test_a_change_stands_with_what_was_before_and_after(people: People, desk: SignedIn) -> None:
    assert people.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-11-30"}).status_code == 200
    page = read(desk.get("/journal").text)
    newest = page.all("article")[0]
    for part in (
        "Lần ghi",
        "ngày 07/02/2023",
        "investor · mekong-wind · Chủ đầu tư",
        "Sửa giai đoạn",
        "alpha-1",
    ):
        assert part in " ".join(newest.text.split())
    assert page.tables[0][-1] == ["COD theo kế hoạch", "–", "30/11/2023"]


def test_it_is_narrowed_by_subject_code_and_kind(desk: SignedIn) -> None:
    page = read(desk.get("/journal?subject=phase&code=alpha-1&kind=phase.created").text)
    assert len(page.all("article")) == 1
    assert len(page.all("div", class_="fact")) == 1
    assert [o.attributes["value"] for o in page.all("option") if "selected" in o.attributes] == [
        "phase",
        "phase.created",
    ]
    none = read(desk.get("/journal?subject=phase&code=beta&kind=").text)
    assert none.says("p", class_="none") == "Không có lần ghi nào như vậy."
    assert desk.get("/journal?kind=phase.blessed").status_code == 422
    assert desk.get("/journal?cursor=forged").status_code == 422


def test_a_long_revision_is_cut_short_and_has_a_page_of_its_own(people: People, desk: SignedIn) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        for n in range(120):
            factories.organisation(session, f"to-chuc-{n:03}")
    newest = people.department.get("/journal?limit=1").json()["items"][0]["number"]
    page = read(desk.get("/journal").text)
    assert "Xem cả 120 sự việc" in page.all("article")[0].text
    own = read(desk.get(f"/journal/revisions/{newest}").text)
    assert len(own.all("div", class_="fact")) == 100
    rest = read(desk.get(own.all("a", rel="next")[0].attributes["href"] or "").text)
    assert len(rest.all("div", class_="fact")) == 20
    assert not rest.all("a", rel="next")
    for number in ("0", "999999", "99999999999999999999"):
        assert desk.get(f"/journal/revisions/{number}").status_code == 404


def test_the_chain_is_verified_on_demand(people: People, desk: SignedIn) -> None:
    holds = desk.post("/journal")
    assert holds.status_code == 200
    assert "Chuỗi nguyên vẹn" in read(holds.text).says("div", role="status")
    with people.app.state.tracker.db.writer.connect() as connection, connection.begin():
        connection.execute(text("UPDATE revision SET request_id = 'forged' WHERE number = 1"))
    broken = read(desk.post("/journal?lang=en").text)
    assert "The chain breaks at revision 1" in broken.says("div", role="status")
    assert desk.post("/journal", {"token": "x"}, Origin="https://evil.example", Sec_Fetch_Site="none").status_code == 403  # fmt: skip


def test_looks_at_personal_data_are_listed(people: People, desk: SignedIn) -> None:
    assert read(desk.get("/journal/accesses").text).says("p", class_="none") == "Chưa ai xem dữ liệu cá nhân."
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.clearance(session)
        factories.household(session)
    assert people.evn_spc.get("/clearances/land/households/T1").status_code == 200
    page = read(desk.get("/journal/accesses").text)
    assert page.tables[0][1][1:3] == ["evn_spc", "evn-spc"]


@pytest.mark.parametrize("path", ["/journal", "/journal/revisions/1", "/journal/accesses"])
def test_only_who_reads_the_journal_comes_in(people: People, path: str) -> None:
    assert signed_in(people, "investor").get(path).status_code == 403
    assert look(people.anonymous, path).status_code == 303
    assert browser(people).post("/journal").status_code == 401
    assert signed_in(people, "admin").get(path).status_code == 200
