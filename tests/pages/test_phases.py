"""A phase's page: turbines as a grid, tranches with letters and clocks, milestones, works, the chain that decides its COD,
and the history of every value; and how little of it others see."""

import pytest

from app.domain.words import Lang
from app.pages import formats
from tests import factories
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Element, Markup, read

PATH = "/phases/alpha-1"


def page_of(person: Person, path: str = PATH) -> Markup:
    answer = look(person, path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def section(page: Markup, name: str) -> str:
    """What a section says, by the id of its heading."""
    return " ".join(_section(page, name).text.split())


def _section(page: Markup, name: str) -> Element:
    return next(s for s in page.all("section") if s.attributes.get("aria-labelledby") == name)


def rows(page: Markup, head: str) -> list[list[str]]:
    """The rows of the table whose first column is called so."""
    return next(table for table in page.tables if table[0][0] == head)[1:]


@pytest.fixture
def network(people: People) -> People:
    """alpha-1 with its milestones, which waits for the line and its land; the land is forecast for 01/09/2026, later than anything else."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.connection(session)
        factories.clearance(session)
        for kind, code in (
            ("project", "alpha"),
            ("phase", "alpha-1"),
            ("grid_work", "line"),
            ("clearance", "land"),
        ):
            factories.apply(session, kind, code)
        factories.unit(session)
        factories.unit(session, "T2", position=2)
        factories.state(session, "L-16", "clearance", "land", forecast_on="2026-09-01")
        factories.state(session, "W-E6", plan_on="2023-01-31", forecast_on="2023-03-31")
    return people


def test_turbines_are_a_grid_of_states_with_a_letter_each(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=3, installed_on="2021-06-01")
        code = factories.declare(session, people.world.investor, turbines=["T1"])
    turbine = {"energised_on": "2021-08-01", "synchronised_on": "2021-09-01"}
    assert people.investor.patch("/phases/alpha-1/turbines/T2", turbine).status_code == 200

    def cells() -> list[str]:
        return [" ".join(li.text.split()) for li in page_of(people.investor).all("li", class_="turbine")]

    assert cells() == ["T1 K Đã khai báo, chờ xác nhận 4,2", "T2 H Đã hòa lưới 4,2", "T3 L Đã lắp đặt 4,2"]
    page = page_of(people.investor)
    assert "Đã khai báo, chờ xác nhận: 1" in section(page, "turbines")
    table = rows(page, "Số hiệu")
    assert table[1][:2] == ["T2", "Đã hòa lưới"]
    assert table[0][-1] == code
    assert "/phases/alpha-1/turbines/T1" in {a.attributes["href"] for a in page.all("a")}
    assert people.evn_spc.post(f"/tranches/{code}/dispute", {"reason": "Thiếu hồ sơ"}).status_code == 200
    assert cells()[0].startswith("T1 X ")
    assert people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter()).status_code == 200
    assert cells()[0] == "T1 C Đã công nhận COD 4,2"
    english = page_of(people.investor, PATH + "?lang=en")
    assert "COD recognised: 1" in section(english, "turbines")


def test_a_tranche_shows_its_letter_its_state_and_its_clock(people: People) -> None:
    told = factories.declaration(12.6, letter_number="7/MK", letter_on="2022-05-02", letter_issuer="Mê Kông")
    code = people.investor.post("/phases/alpha-1/tranches", told).json()["code"]
    line = rows(page_of(people.evn_spc), "Đợt COD")[0]
    assert line[:2] == [code, "12,6"]
    assert line[2] == "Chờ xác nhận chờ từ 07/02/2023, hạn quyết định 21/02/2023: còn 14 ngày"
    assert line[3:5] == ["01/05/2022", "7/MK, 02/05/2022 Mê Kông"]
    links = {a.attributes["href"] for a in page_of(people.evn_spc).all("a")}
    assert f"/tranches/{code}" in links
    assert "/phases/alpha-1/declare" not in links, "EVN SPC decides, it does not declare"
    assert "/phases/alpha-1/declare" in {a.attributes["href"] for a in page_of(people.investor).all("a")}
    assert people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter()).status_code == 200
    line = rows(page_of(people.investor), "Đợt COD")[0]
    assert line[2] == "Đã công nhận"
    assert factories.letter()["letter_number"] in line[4]


def test_the_chain_says_in_words_what_the_mw_wait_for(network: People) -> None:
    page = page_of(network.investor)
    said = section(page, "waits")
    assert "30 MW đang chờ: Mặt bằng (tính theo công suất danh định)" in said
    first = page.all("ol", class_="chain")[0].text.split("\n")
    assert "Mặt bằng land" in " ".join(first)[:200]
    assert "đang chờ việc này" in said
    assert said.index("Mặt bằng land") < said.index("Đường dây line") < said.index("Giai đoạn alpha-1")
    links = {a.attributes["href"] for a in page.all("a")}
    assert {"/clearances/land", "/grid-works/line", "/phases/alpha-1"} <= links
    api = network.investor.get("/schedule/critical-path?phase=alpha-1").json()
    year, month, day = api["forecast_on"].split("-")
    head = " ".join(page.all("dl", class_="facts")[0].text.split())
    assert f"COD dự báo {day}/{month}/{year}" in head
    assert f"Dự trữ {formats.number(-api['float_days'], Lang.VI)} ngày" in head
    english = section(page_of(network.investor, PATH + "?lang=en"), "waits")
    assert "30 MW wait for: Land" in english
    assert "The chain that decides the COD" in english


def test_the_works_it_needs_show_their_count_and_when_they_are_energised(network: People) -> None:
    line = rows(page_of(network.investor), "Công trình")[0]
    assert line[0] == "Đường dây line"
    assert line[1] == "Cần để đóng điện"
    assert "Bàn giao mặt bằng móng 0/2" in line[2]
    assert line[3].startswith("dự kiến ")
    assert network.department.patch(
        "/grid-works/line/milestones/G-26",
        {"actual_on": "2023-02-01", "override_reason": "Theo thông báo", "letter_number": "1/TB",
         "letter_on": "2023-02-02", "letter_issuer": "EVN SPC"},
    ).status_code == 200  # fmt: skip
    assert rows(page_of(network.investor), "Công trình")[0][3] == "đã đóng điện 01/02/2023"


def test_milestones_are_drawn_and_are_the_api_s_in_the_table(network: People) -> None:
    page = page_of(network.investor)
    said = network.investor.get("/phases/alpha-1/milestones").json()["items"]
    schedule = {x["milestone"]: x for x in network.investor.get("/phases/alpha-1/schedule").json()["items"]}
    table = next(t for t in page.tables if len(t[0]) == 10)[1:]
    assert [row[0] for row in table] == [m["milestone"] for m in said]
    for row, milestone in zip(table, said, strict=True):
        assert row[1].startswith(milestone["name"])
        assert row[8] == (str(milestone["late_days"]) if milestone["late_days"] else "")
        days = schedule[milestone["milestone"]]["float_days"]
        assert row[9] == ("" if days is None else formats.number(days, Lang.VI))
    late = next(row for row in table if row[0] == "W-E6")
    assert late[4:6] == ["31/01/2023", "31/03/2023"]
    assert late[8] == "7"
    strips = page.all("svg", class_="strip")
    assert len(strips) == len(said) - 1 + len(page.all("details", class_="gantt")), "one does not apply"
    critical = {name for name, x in schedule.items() if x["is_critical"]}
    flagged = [li for li in page.all("li", class_="step") if "⚑" in li.text]
    assert len(flagged) == len(critical) > 0
    assert all(any(name in li.text for name in critical) for li in flagged)
    links = {a.attributes["href"] for a in page.all("a")}
    assert "/phases/alpha-1/milestones/W-E6" in links
    assert len(page.all("rect", class_="is-critical")) >= len(critical)


def test_illustrative_milestones_are_marked_once_where_all_are(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session, is_illustrative=True)
    page = page_of(people.department)
    assert page.says("h2", id="milestones") == "Mốc tiến độ minh họa"
    assert "COD dự báo" in page.says("main")
    assert section(page, "waits").count("minh họa") == 1


def test_the_history_tells_who_changed_what_by_which_letter(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=1)
        factories.phase(session, "alpha-10")
        factories.turbines(session, "alpha-10", count=1)
    assert people.investor.patch("/phases/alpha-1", {"nominal_mw": 29.4}).status_code == 200
    told = factories.declaration(4.2, letter_number="7/MK", letter_on="2022-05-02", letter_issuer="Mê Kông")
    assert people.investor.post("/phases/alpha-1/tranches", told).status_code == 201
    history = rows(page_of(people.department, PATH + "/history"), "Lúc")
    assert [row[1] for row in history] == [
        "Khai báo COD alpha.1", "Sửa giai đoạn", "Thêm tua-bin T1", "Thêm giai đoạn",
    ]  # fmt: skip
    assert "Công suất thiết kế: 30 MW → 29,4 MW" in history[1][2]
    assert history[1][3] == "Tổ chức mekong-wind investor"
    assert history[1][0] == "10:00 ngày 07/02/2023"
    assert "Số văn bản: 7/MK" in history[0][2]
    own = rows(page_of(people.investor), "Lúc")
    assert own == history, "the latest stand on the phase's own page"
    english = rows(page_of(people.investor, PATH + "/history?lang=en"), "When")
    assert "Nominal capacity: 30 MW → 29.4 MW" in english[1][2]


def test_a_document_in_the_history_is_linked(network: People) -> None:
    told = {"actual_on": "2023-02-01", "letter_number": "9/BB", "letter_on": "2023-02-02",
            "letter_issuer": "Tư vấn", "override_reason": "Theo biên bản"}  # fmt: skip
    assert network.department.patch("/phases/alpha-1/milestones/W-E6", told).status_code == 200
    page = page_of(network.investor, PATH + "/history")
    line = next(row for row in rows(page, "Lúc") if row[1].startswith("Khai báo hoàn thành mốc W-E6"))
    assert line[4] == "9/BB"
    assert any((a.attributes["href"] or "").startswith("/documents/") for a in page.all("a"))


def test_a_long_history_comes_in_pages_and_the_phase_shows_the_latest(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=90)
    page = page_of(people.investor)
    assert len(rows(page, "Lúc")) == 8
    path, seen, pages = PATH + "/history", [], 0
    assert path in {a.attributes["href"] for a in page.all("a")}
    while path:
        page = page_of(people.investor, path)
        seen += [row[1] for row in rows(page, "Lúc")]
        following = page.all("a", rel="next")
        path = following[0].attributes["href"] or "" if following else ""
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 91


@pytest.mark.parametrize("who", ["stranger", "anonymous"])
def test_others_see_the_summary_alone(network: People, who: str) -> None:
    assert network.investor.post("/phases/alpha-1/tranches", factories.declaration(12.6)).status_code == 201
    page = page_of(getattr(network, who))
    said = page.says("main")
    assert "Đây là phần công khai" in said
    assert "30 MW" in said
    assert "12,6" not in said
    for hidden in ("Mốc tiến độ", "Mặt bằng land", "Lịch sử", "COD dự báo", "Cơ chế giá"):
        assert hidden not in said.replace(
            "Đây là phần công khai. Tua-bin, đợt COD, mốc tiến độ và lịch sử", ""
        )


def test_the_history_is_not_there_for_others_and_nobody_is_sent_to_sign_in(network: People) -> None:
    assert look(network.stranger, PATH + "/history").status_code == 404
    answer = look(network.anonymous, PATH + "/history")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")


@pytest.mark.parametrize("path", ["/phases/none", "/phases/none/history", PATH + "/history?cursor=x"])
def test_what_is_not_there_is_refused_in_words(people: People, path: str) -> None:
    answer = look(people.department, path)
    assert answer.status_code == (422 if "cursor" in path else 404)
    assert "<h1>" in answer.text


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_empty_says_so(people: People, lang: Lang) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.phase(session, "bare", nominal_mw=None)
    said = page_of(people.department, f"/phases/bare?lang={lang}").says("main")
    for sentence in {
        "vi": ("Chưa biết công suất", "Chưa gắn công trình lưới nào", "Chưa có danh sách tua-bin",
               "Chưa có đợt COD nào", "Chưa áp dụng bộ mốc", "Không có vướng mắc", "chưa tính được"),
        "en": ("The size is not known", "No grid work is tied", "No turbine is listed", "No COD tranche yet",
               "No milestones are applied", "No open obstacle", "cannot be computed yet"),
    }[lang]:  # fmt: skip
        assert sentence in said


def test_a_phase_that_operates_waits_for_nothing(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        numbers = factories.turbines(session, count=7)
        code = factories.declare(session, people.world.investor, capacity_mw=29.4, turbines=numbers)
        factories.confirm(session, people.world.actors["evn_spc"], code)
    page = page_of(people.investor)
    assert section(page, "waits") == "MW đang chờ gì Không còn MW nào phải chờ."
    assert "COD dự báo Toàn bộ đã vận hành" in page.says("main")


def test_it_is_small_and_is_not_sent_again(network: People) -> None:
    first = look(network.investor, PATH)
    assert len(first.content) < 60_000
    assert look(network.investor, PATH, If_None_Match=first.headers["etag"]).status_code == 304
