"""A promise is written down from a form, put off with its reason, taken back; what it would be is shown before."""

import pytest

from app.domain.words import Lang
from tests import factories
from tests.conftest import People
from tests.pages.conftest import look, signed_in
from tests.pages.markup import read
from tests.pages.test_decisions import fields, tried

PROMISE = {
    "work": "line", "stage": "site", "responsible": "UBH", "units": "T1, T2", "due_on": "2023-02-20",
    "made_on": "2023-02-07",
}  # fmt: skip


@pytest.fixture
def line(people: People) -> People:
    """A line of EVN SPC with three towers, of which the third is handed over."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        for n in range(1, 4):
            done = [{"stage": "site", "status": "done", "effective_on": "2023-01-10"}] if n == 3 else []
            factories.unit(session, f"T{n}", position=n, reports=done)
    return people


def promised(people: People, **more: str) -> str:
    with people.world.database.changing(factories.stamp()) as session:
        return f"/commitments/{factories.commitment(session, **more)}"


def test_it_is_previewed_and_written_down(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    status, page = tried(evn_spc, "/commitments/new", "preview", **PROMISE)
    assert status == 200
    assert "T1 Chưa thực hiện" in page.says("main")
    assert "Chưa lưu gì." in page.says("main")
    assert evn_spc.get("/commitments/1").status_code == 404, "a preview keeps nothing"
    answer = evn_spc.post("/commitments/new", fields(page) | PROMISE | {"step": "save"})
    assert answer.status_code == 303
    page = read(evn_spc.get(answer.headers["location"]).text)
    assert "Đã lưu." in page.says("main")
    assert "Thời hạn 20/02/2023" in page.says("main")
    assert [row[0] for row in page.tables[0][1:]] == ["T1", "T2"]


def test_sent_twice_it_is_one_promise(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    form = fields(read(evn_spc.get("/commitments/new").text)) | PROMISE | {"step": "save"}
    first, second = evn_spc.post("/commitments/new", form), evn_spc.post("/commitments/new", form)
    assert first.headers["location"] == second.headers["location"]


def test_the_address_fills_the_form_and_names_what_is_open(line: People) -> None:
    page = read(signed_in(line, "evn_spc").get("/commitments/new?work=line&stage=site&units=T2&lang=en").text)
    assert page.says("textarea", id="units") == "T2"
    assert "Still to do in this stage: 2" in page.says("details")
    assert "T3" not in page.says("details")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"units": "T1, T9"}, "units"),
        ({"units": ""}, "units"),
        ({"due_on": "2023-02-01"}, "due_on"),
        ({"due_on": "soon"}, "due_on"),
        ({"made_on": "2023-02-08"}, "made_on"),
        ({"responsible": "nobody"}, "responsible"),
        ({"stage": ""}, "stage"),
    ],
)
def test_a_refusal_stands_at_its_field(line: People, typed: dict[str, str], field: str) -> None:
    evn_spc = signed_in(line, "evn_spc")
    status, page = tried(evn_spc, "/commitments/new", "save", **PROMISE | typed)
    assert status == 422
    assert page.one("p", id=f"{field}-wrong")
    assert page.says("textarea", id="units") == (PROMISE | typed)["units"]


@pytest.mark.parametrize("lang", list(Lang))
def test_it_is_put_off_with_its_reason_and_counted(line: People, lang: Lang) -> None:
    path, evn_spc = promised(line), signed_in(line, "evn_spc")
    form = f"{path}?act=postpone&lang={lang}"
    status, page = tried(evn_spc, form, "preview", due_on="2023-03-01", reason="Chờ phê duyệt giá đất")
    assert status == 200
    assert {"vi": "Số lần lùi hạn: 1", "en": "Times moved: 1"}[lang] in page.says("main")
    status, page = tried(evn_spc, form, "save", due_on="2023-02-19", reason="Chờ phê duyệt giá đất")
    assert status == 422
    assert page.one("p", id="due_on-wrong")
    assert tried(evn_spc, form, "save", due_on="2023-03-01", reason="Chờ phê duyệt giá đất")[0] == 303
    said = read(evn_spc.get(f"{path}?lang={lang}").text).says("main")
    assert "Chờ phê duyệt giá đất" in said
    assert {"vi": "Thời hạn ban đầu 20/02/2023", "en": "First due 20 Feb 2023"}[lang] in said


def test_a_stale_form_shows_both_days(line: People) -> None:
    path, evn_spc = promised(line), signed_in(line, "evn_spc")
    form = fields(read(evn_spc.get(path + "?act=postpone").text))
    assert tried(evn_spc, path + "?act=postpone", "save", due_on="2023-02-25", reason="Lần đầu")[0] == 303
    typed = {"due_on": "2023-03-01", "reason": "Lần hai", "step": "save"}
    answer = evn_spc.post(path + "?act=postpone", form | typed)
    assert answer.status_code == 412
    page = read(answer.text)
    assert ["Thời hạn", "01/03/2023", "25/02/2023"] in next(t for t in page.tables if "Bạn nhập" in t[0])
    assert (
        evn_spc.post(path + "?act=postpone", fields(page) | {"reason": "Lần hai", "step": "save"}).status_code
        == 303
    )


def test_it_is_taken_back_while_it_is_open_and_then_no_more(line: People) -> None:
    path, evn_spc = promised(line), signed_in(line, "evn_spc")
    assert tried(evn_spc, path + "?act=withdraw", "save", reason="Đổi hướng tuyến")[0] == 303
    page = read(evn_spc.get(path).text)
    assert "Đã rút" in page.says("h2", id="promise")
    assert not page.all("form", class_="form")
    answer = evn_spc.post(path + "?act=postpone", {"due_on": "2023-03-01", "reason": "Lại", "step": "save"})
    assert answer.status_code == 422
    assert evn_spc.post(path + "?act=nothing", {}).status_code == 404


def test_who_keeps_the_work_changes_it_and_who_sees_it_reads_it(line: People) -> None:
    with line.world.database.changing(factories.stamp()) as session:
        factories.connection(session)
    path = promised(line)
    investor = signed_in(line, "investor")
    page = read(investor.get(path + "?act=postpone").text)
    assert not page.all("form", class_="form")
    assert investor.post(path + "?act=postpone", {"due_on": "2023-03-01", "reason": "Tôi"}).status_code == 403
    assert investor.get("/commitments/new").status_code == 403
    assert signed_in(line, "stranger").get(path).status_code == 404
    assert look(line.anonymous, path).status_code == 303
    assert signed_in(line, "evn_spc").get("/commitments/99").status_code == 404
