"""Raising an obstacle and what becomes of it, as those who may act on it do it in a browser."""

import httpx
import pytest

from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, signed_in
from tests.pages.markup import Markup, read

NEW = "/obstacles/new"
SAID = {"on": "phase/alpha-1", "kind": "power_price", "title": "Chưa có giá tạm", "responsible": "EPTC"}


@pytest.fixture
def raised(people: People) -> People:
    """One obstacle on `alpha-1`, to be solved by 20/02/2023."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, due_on="2023-02-20")
    return people


def act(
    who: SignedIn, doing: str, step: str = "save", path: str = "/obstacles/1", **fields: str
) -> httpx.Response:
    page = read(who.get(f"{path}?act={doing}").text)
    revision = page.one("input", name="revision").attributes["value"]
    return who.post(path, {"act": doing, "step": step, "revision": revision, **fields})


def steps(who: SignedIn) -> list[list[str]]:
    """The history of the obstacle, newest first: what was done, the day, and the day before."""
    return [row[2:6] for row in read(who.get("/obstacles/1").text).tables[-1][1:]]


def test_an_obstacle_is_raised_and_says_who_answers_by_when(people: People) -> None:
    investor = signed_in(people, "investor")
    preview = read(investor.post(NEW, {**SAID, "due_on": "28/02/2023", "step": "preview"}).text)
    assert preview.all("section", class_="effect")
    assert people.investor.get("/obstacles").json()["items"] == []
    answer = investor.post(NEW, {**SAID, "due_on": "28/02/2023", "step": "save"})
    assert answer.status_code == 303
    page = read(investor.get(answer.headers["location"]).text)
    assert page.says("p", role="status") == "Đã lưu."
    assert page.says("h1") == "Chưa có giá tạm"
    assert {"Công ty Mua bán điện (EVNEPTC)", "28/02/2023"} <= {e.text.strip() for e in page.all("dd")}
    mine = [
        row for table in read(investor.get("/my").text).tables for row in table if "Chưa có giá tạm" in row[0]
    ]
    assert [row[1:] for row in mine] == [["Công ty Mua bán điện (EVNEPTC)", "28/02/2023"]]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"title": ""}, "title", "Thiếu trường"),
        ({"responsible": "nobody"}, "responsible", "mã cho phép"),
        ({"due_on": "2023-02-01"}, "due_on", ""),
        ({"raised_on": "2023-02-08"}, "raised_on", "tương lai"),
        ({"milestone": "W-E6"}, "milestone", "Không có mốc"),
        ({"on": ""}, "on", "Thiếu trường"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    people: People, fields: dict[str, str], field: str, said: str
) -> None:
    answer = signed_in(people, "investor").post(
        NEW, {**SAID, "description": "Từ tháng 1", **fields, "step": "save"}
    )
    page = read(answer.text)
    assert answer.status_code == 422
    assert said in page.says("p", id=f"{field}-wrong")
    assert page.one("textarea", id="description").text == "Từ tháng 1"


def test_a_deadline_moves_later_with_its_reason_and_is_counted(raised: People) -> None:
    investor = signed_in(raised, "investor")
    early = act(investor, "postpone", due_on="2023-02-10", reason="Chờ họp")
    assert early.status_code == 422
    assert "Hạn mới phải sau hạn cũ" in read(early.text).says("p", id="due_on-wrong")
    assert act(investor, "postpone", due_on="2023-02-28", reason="").status_code == 422
    assert act(investor, "postpone", due_on="28/02/2023", reason="Chờ họp").status_code == 303
    assert steps(investor)[0] == ["Lùi hạn xử lý", "28/02/2023", "20/02/2023", "Chờ họp"]
    assert "Đã lùi 1 lần" in investor.get("/obstacles/1").text
    assert "Moved 1 times" in investor.get("/obstacles/1?lang=en").text


def test_it_is_handed_on_corrected_closed_and_opened_again(raised: People) -> None:
    investor = signed_in(raised, "investor")
    assert act(investor, "reassign", responsible="HDBT", reason="Đã có phương án").status_code == 303
    corrected = act(
        investor,
        "correct",
        kind="land_price",
        title="Hai hộ chưa đồng ý",
        description="",
        due_on="15/02/2023",
    )
    assert corrected.status_code == 303
    assert "Hai hộ chưa đồng ý" in investor.get("/obstacles/1").text
    preview = act(investor, "close", "preview", outcome="Đã chi trả")
    assert preview.status_code == 200
    assert "Đang xử lý" in read(investor.get("/obstacles/1").text).says("h2", id="now")
    assert act(investor, "close", outcome="Đã chi trả", closed_on="2023-02-09").status_code == 422
    assert act(investor, "close", outcome="Đã chi trả").status_code == 303
    page = read(investor.get("/obstacles/1").text)
    assert "Đã giải quyết" in page.says("h2", id="now")
    assert [" ".join(e.text.split()) for e in page.all("a") if "act=" in (e.attributes["href"] or "")] == [
        "Mở lại"
    ]
    assert act(investor, "reopen", reason="Hộ thứ ba").status_code == 303
    assert steps(investor)[0][0] == "Phát sinh trở lại"


def test_a_stale_form_shows_both_values(raised: People) -> None:
    investor, department = signed_in(raised, "investor"), signed_in(raised, "department")
    opened = (
        read(investor.get("/obstacles/1?act=correct").text).one("input", name="revision").attributes["value"]
    )
    assert act(department, "correct", kind="land_price", title="Của Sở").status_code == 303
    answer = investor.post(
        "/obstacles/1", {"act": "correct", "title": "Của tôi", "kind": "land_price", "revision": opened}
    )
    page = read(answer.text)
    assert answer.status_code == 412
    assert page.tables[0][1] == ["Tóm tắt", "Của tôi", "Của Sở"]


def test_others_do_not_act_on_it_or_do_not_find_it(raised: People) -> None:
    evn_spc, stranger = signed_in(raised, "evn_spc"), signed_in(raised, "stranger")
    assert not read(evn_spc.get("/obstacles/1").text).all("form", class_="form")
    closing = {"act": "close", "outcome": "x", "step": "save"}
    assert evn_spc.post("/obstacles/1", closing).status_code == 403
    assert [stranger.get("/obstacles/1").status_code, stranger.post("/obstacles/1", closing).status_code] == [
        404,
        404,
    ]
    assert stranger.post(NEW, {**SAID, "step": "save"}).status_code == 404


def test_what_people_write_is_text(people: People) -> None:
    investor = signed_in(people, "investor")
    investor.post(NEW, {**SAID, "title": "<script>alert(1)</script>", "step": "save"})
    page: Markup = read(investor.get("/obstacles/1").text)
    assert page.says("h1") == "<script>alert(1)</script>"
