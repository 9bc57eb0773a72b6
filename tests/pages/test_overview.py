"""The overview says what the API says, in both languages, and refuses a wrong question with a sentence at its field."""

import re
from urllib.parse import urlencode

import pytest

from app.domain.vocabulary import Measure
from app.domain.words import Lang
from app.pages import formats
from tests import factories
from tests.conftest import People
from tests.pages.conftest import bring, look
from tests.pages.markup import Markup, read

QUESTIONS = ["", "?as_of=2021-10-31", "?as_of=2021-01-01", "?as_of=2024-02-08&target=377mw-2023"]


def test_it_shows_the_number_against_the_target(real: People) -> None:
    answer = look(real.anonymous)
    assert answer.status_code == 200
    page = read(answer.text)
    assert page.says("p", class_="number") == "93,05 MW"
    said = page.says("section", class_="headline")
    for part in ("Hết ngày 07/02/2023", "24,68% của mục tiêu 377 MW", "Chưa đạt mục tiêu", "Còn thiếu 283,95 MW",
                 "đến hết ngày 31/12/2023", "Còn lại 327 ngày"):  # fmt: skip
        assert part in said
    assert page.says("p", class_="eyebrow") == "Tỉnh Bến Tre"
    assert page.one("html").attributes["lang"] == "vi"


def test_it_speaks_english_too(real: People) -> None:
    page = read(look(real.anonymous, "/?lang=en&as_of=2023-02-07").text)
    assert page.one("html").attributes["lang"] == "en"
    assert page.says("p", class_="number") == "93.05 MW"
    said = page.says("section", class_="headline")
    for part in ("End of 7 Feb 2023", "24.68% of the 377 MW target", "Target not met yet", "Gap 283.95 MW",
                 "by the end of 31 Dec 2023", "Time left 327 days"):  # fmt: skip
        assert part in said
    switch = page.one("a", lang="vi")
    assert switch.attributes["href"] == "/?lang=vi&as_of=2023-02-07"
    assert page.one("input", type="hidden").attributes["value"] == "en"


def test_the_language_follows_the_browser(real: People) -> None:
    assert read(look(real.anonymous, Accept_Language="en-GB,en;q=0.9").text).says("span", lang="en")
    assert read(look(real.anonymous, Accept_Language="fr").text).says("span", lang="vi")


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("question", QUESTIONS)
def test_its_numbers_are_the_api_s(real: People, question: str, lang: Lang) -> None:
    page = read(look(real.anonymous, f"/{question}{'&' if question else '?'}lang={lang}").text)
    said = real.anonymous.get(f"/capacity{question}{'&' if question else '?'}by=phase").json()

    def mw(value: float) -> str:
        return formats.mw(round(value * 1000), lang)

    assert page.says("p", class_="number") == f"{mw(said['operating_mw'])} MW"
    facts = [" ".join(dd.text.split()) for dd in page.all("dd")]
    assert facts[0].startswith(f"{mw(said['target']['capacity_mw'])} MW")
    assert facts[1] == f"{mw(said['gap_mw'])} MW"
    rungs = [" ".join(li.text.split()) for li in page.all("li", class_="rung")]
    none = {"vi": "chưa có số liệu", "en": "no figure"}[lang]
    ladder = [said["ladder"][f"{measure.value}_mw"] for measure in Measure]
    assert rungs == [
        f"{measure.label(lang)} {none if value is None else mw(value) + ' MW'}"
        for measure, value in zip(Measure, ladder, strict=True)
    ]
    table = _phases(page)
    shared = {"vi": "ở dòng chung", "en": "in the project’s line"}[lang]
    operating = [row[1] for row in table[1:-1]]
    assert len(operating) == len(said["breakdown"]) == 12
    for shown, line in zip(operating, said["breakdown"], strict=True):
        assert shown == mw(line["operating_mw"]) or (shown == shared and line["operating_mw"] == 0)
    assert table[-1][1] == mw(said["operating_mw"])


def _phases(page: Markup) -> list[list[str]]:
    return next(table for table in page.tables if len(table[0]) == 8)


def test_mw_that_name_a_project_alone_have_a_line_of_their_own(real: People) -> None:
    table = _phases(read(look(real.anonymous).text))
    lines = {row[0]: row for row in table}
    whole = lines["Nhà máy điện gió số 5 - Thạnh Hải: chưa tách theo giai đoạn"]
    assert whole[1] == "34,25"
    assert whole[4] == "chậm nhất 31/10/2021"
    assert lines["Nhà máy điện gió số 5 - Thạnh Hải 1"][1] == "ở dòng chung"
    assert table[-1][0] == "Toàn sổ 11 giai đoạn thuộc 5 dự án"
    assert table[-1][1:4] == ["93,05", "59,4", "368"]


def test_what_is_not_known_says_so_and_is_never_zero(real: People) -> None:
    page = read(look(real.anonymous).text)
    unknown = [li for li in page.all("li", class_="rung") if "is-unknown" in (li.attributes["class"] or "")]
    assert len(unknown) == 8
    assert all("chưa có số liệu" in li.text for li in unknown)
    table = {row[0]: row for row in _phases(page)}
    assert table["Nhà máy điện gió VPL Bến Tre, giai đoạn 1"][6] == "chưa rõ"


def test_reported_figures_stand_beside_with_their_sources(real: People) -> None:
    page = read(look(real.anonymous).text)
    said = real.anonymous.get("/reported-figures").json()["items"]
    table = next(table for table in page.tables if table[0][0] == "Số liệu")
    assert [row[0] for row in table[1:]] == [figure["name"] for figure in said]
    rows = {row[0]: row for row in table[1:]}
    assert "1.007,7 MW" in [row[1] for row in rows.values()]
    assert "19 dự án" in [row[1] for row in rows.values()]
    for code in ("DK2023", "TTXVN2022"):
        assert page.one("li", id=f"source-{code}")


def test_the_curve_has_the_series_numbers(real: People) -> None:
    page = read(look(real.anonymous).text)
    said = real.anonymous.get("/capacity/series?from=2021-04-01&to=2023-12-31").json()["points"]
    table = next(table for table in page.tables if table[0][0] == "Đến hết ngày")
    rows = dict(row[:2] for row in table[1:])
    for point in said:
        year, month, day = point["on"].split("-")
        shown = rows[f"{day}/{month}/{year}"]
        past = point["on"] <= "2023-02-07"
        assert shown == (formats.mw(round(point["operating_mw"] * 1000), Lang.VI) if past else "chưa tới")
    assert rows["07/02/2023"] == "93,05"
    assert len(rows) == len(said) + 1
    for name in ("wide", "narrow"):
        assert page.one("title", id=f"curve-{name}-title")
        assert "93,05 MW" in page.says("desc", id=f"curve-{name}-desc")
        assert "377 MW" in page.says("desc", id=f"curve-{name}-desc")


def test_after_the_due_day_the_target_is_judged_on_it(real: People) -> None:
    page = read(look(real.anonymous, "/?as_of=2024-02-08&target=377mw-2023").text)
    said = page.says("section", class_="headline")
    assert "Không đạt mục tiêu" in said
    assert "Đã quá hạn 39 ngày" in said
    assert "xét tại hết ngày 31/12/2023" in said


def test_the_next_target_is_another_one(real: People) -> None:
    said = read(look(real.anonymous, "/?as_of=2024-02-08").text).says("section", class_="headline")
    assert "1.500 MW" in said


def test_the_form_keeps_the_other_parameters_and_a_link_stays_what_it_is(real: People) -> None:
    page = read(look(real.anonymous, "/?as_of=2022-01-31&lang=vi").text)
    assert page.one("form").attributes["method"] == "get"
    assert page.one("input", id="as_of").attributes["value"] == "2022-01-31"
    assert page.one("input", id="as_of").attributes["type"] == "date"
    links = [a.attributes["href"] or "" for a in page.all("a")]
    permanent = next(link for link in links if "known_at" in link)
    again = read(look(real.anonymous, permanent).text)
    assert again.says("p", class_="number") == page.says("p", class_="number")
    assert "theo những gì đã ghi sổ đến" in again.says("h2", id="number")
    assert again.one("input", id="known_at").attributes["type"] == "text", "an instant fits no date picker"
    as_json = next(link for link in links if link.startswith("/api/v1/capacity"))
    assert real.anonymous.get(as_json).json()["as_of"] == "2022-01-31"


def test_before_anything_was_recorded_the_register_was_empty(real: People) -> None:
    page = read(look(real.anonymous, "/?known_at=2020-01-01").text)
    assert page.says("p", class_="number") == "0 MW"
    assert "chưa ghi dự án nào" in page.says("main")
    assert "tracker register import" not in page.says("main")


@pytest.mark.parametrize("lang", list(Lang))
def test_an_empty_register_says_what_to_do(empty: People, lang: Lang) -> None:
    page = read(look(empty.anonymous, f"/?lang={lang}").text)
    said = page.says("main")
    assert {"vi": "Sổ đăng ký chưa có dự án nào", "en": "The register holds no project yet"}[lang] in said
    assert "tracker register import FILE.yaml" in said
    assert {"vi": "Chưa đặt mục tiêu", "en": "No target is set"}[lang] in said
    assert {"vi": "Chưa có số liệu công bố nào", "en": "Nothing was reported"}[lang] in said
    assert len(page.tables) == 0
    assert not page.all("svg", class_="curve")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("as_of", "31/12/2023", "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31"),
        ("as_of", "2023-12-32", "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31"),
        ("as_of", "2023-02-07T00:00:00", "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31"),
        ("as_of", '"><script>alert(1)</script>', "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31"),
        ("as_of", "x" * 5000, "Phải là ngày dạng năm-tháng-ngày, ví dụ 2023-12-31"),
        ("known_at", "hôm qua", "Phải là thời điểm ISO 8601 có múi giờ, hoặc một ngày"),
        ("known_at", "2023-02-07T10:00:00", "Phải là thời điểm ISO 8601 có múi giờ, hoặc một ngày"),
    ],
)
def test_a_wrong_day_is_refused_at_its_field_and_kept(
    real: People, field: str, typed: str, sentence: str
) -> None:
    answer = look(real.anonymous, "/?" + urlencode({field: typed}))
    assert answer.status_code == 422
    assert "etag" not in answer.headers
    page = read(answer.text)
    control = page.one("input", id=field)
    assert control.attributes["value"] == typed
    assert control.attributes["type"] == "text"
    assert control.attributes["aria-invalid"] == "true"
    assert f"{field}-wrong" in (control.attributes["aria-describedby"] or "")
    assert page.says("p", id=f"{field}-wrong") == sentence
    assert not page.all("p", class_="number"), "no figures under a question that was not understood"


@pytest.mark.parametrize("typed", ["nope", "x" * 200, "<b>"])
def test_an_unknown_target_is_refused_at_its_field(real: People, typed: str) -> None:
    answer = look(real.anonymous, "/?" + urlencode({"target": typed}))
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.says("p", id="target-wrong").startswith("Không có mục tiêu này")


def test_a_target_not_yet_set_is_refused_at_its_field(real: People) -> None:
    answer = look(real.anonymous, "/?target=377mw-2023&known_at=2020-01-01")
    assert answer.status_code == 422
    assert read(answer.text).says("p", id="target-wrong").startswith("Không có mục tiêu này")


def test_several_mistakes_are_named_together_in_english(real: People) -> None:
    page = read(look(real.anonymous, "/?as_of=12%2F31%2F2023&known_at=x&lang=en").text)
    assert page.says("p", id="as_of-wrong") == "Must be a date as year-month-day, such as 2023-12-31"
    assert page.says("p", id="known_at-wrong")
    assert "No figures are shown" in page.says("main")


def test_empty_fields_ask_for_the_default(real: People) -> None:
    answer = look(real.anonymous, "/?as_of=&known_at=&target=&illustrative=")
    assert answer.status_code == 200
    assert "Hết ngày 07/02/2023" in read(answer.text).says("h2", id="number")


def test_a_reader_who_has_it_already_gets_nothing_again(real: People) -> None:
    first = look(real.anonymous)
    again = look(real.anonymous, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert look(real.anonymous, "/?lang=en", If_None_Match=first.headers["etag"]).status_code == 200
    assert "accept-language" in first.headers["vary"].lower()
    assert "default-src 'none'" in first.headers["content-security-policy"]


def test_it_is_small(real: People) -> None:
    page = look(real.anonymous)
    addresses = re.findall(r"/static/[^\"]+", page.text)
    assert len(addresses) == 2
    sent = [page, *(look(real.anonymous, address) for address in addresses)]
    assert sum(int(answer.headers["content-length"]) for answer in sent) < 60_000, "bytes on the wire"


def test_it_is_no_part_of_the_api_document(real: People) -> None:
    assert "/" not in real.anonymous.get("/openapi.json").json()["paths"]


def test_claims_suspensions_and_conditions_show_to_whom_they_may(people: People) -> None:
    code = people.investor.post("/phases/alpha-1/tranches", factories.declaration(12.6)).json()["code"]
    assert "12,6" not in look(people.anonymous).text
    mine = read(look(people.investor).text).says("section", class_="headline")
    assert "12,6 MW đã khai báo, chờ xác nhận (chưa được tính)" in mine
    assert people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter()).status_code == 200
    change = {"capacity_mw": 4.2, "effective_on": "2023-01-10", "reason": "Thiếu nghiệm thu",
              "letter_number": "7/EVN", "letter_on": "2023-01-09"}  # fmt: skip
    assert people.department.post(f"/tranches/{code}/suspension", change).status_code == 200
    page = read(look(people.anonymous).text)
    assert page.says("p", class_="number") == "8,4 MW"
    assert "Công nhận gộp 12,6 − tạm ngừng 4,2 − hủy bỏ 0 = 8,4 MW" in page.says("section", class_="headline")
    row = next(row for row in _phases(page) if row[0].startswith("Giai đoạn alpha-1"))
    assert row[1] == "8,4 Tạm ngừng: 4,2"
    assert row[4] == "01/05/2022"


def test_two_tranches_show_the_first_and_the_last_day(people: People) -> None:
    for mw, on in ((4.2, "2022-05-01"), (8.4, "2022-09-15")):
        code = people.investor.post("/phases/alpha-1/tranches", factories.declaration(mw, on)).json()["code"]
        letter = factories.letter(letter_on="2022-10-01")
        assert people.evn_spc.post(f"/tranches/{code}/confirmation", letter).status_code == 200
    row = next(row for row in _phases(read(look(people.anonymous).text)) if row[0].startswith("Giai đoạn a"))
    assert row[1] == "12,6"
    assert row[4] == "01/05/2022 đến 15/09/2022"


def test_a_plan_is_drawn_where_one_is_known(people: People) -> None:
    assert not read(look(people.anonymous).text).all("path", class_="plan")
    assert people.department.patch("/phases/alpha-1", {"planned_cod_on": "2023-09-30"}).status_code == 200
    page = read(look(people.anonymous).text)
    assert len(page.all("path", class_="plan")) == 3, "both drawings and the legend"
    table = next(table for table in page.tables if table[0][0] == "Đến hết ngày")
    assert table[0][2] == "Theo ngày COD kế hoạch"
    assert table[-1] == ["31/12/2023", "chưa tới", "30"]


ILLUSTRATIVE = """
format: wind-register/1
capacity: increments
projects:
- code: show
  name: "Dự án <b>minh họa</b>"
  is_illustrative: true
  phases:
  - code: show-1
    name: "<script>alert('x')</script>"
    nominal_mw: 20
    entries:
    - {measure: planned, capacity_mw: 20, effective_on: 2022-01-01, is_illustrative: true}
"""


def test_illustrative_lines_are_marked_and_can_be_left_out(real: People) -> None:
    bring(real.world.url, ILLUSTRATIVE)
    answer = look(real.anonymous)
    assert "<script>" not in answer.text
    page = read(answer.text)
    row = next(row for row in _phases(page) if "alert" in row[0])
    assert row[0] == "<script>alert('x')</script> minh họa"
    assert "Quy hoạch 388 MW" in page.says("ol", class_="ladder")
    link = next(a for a in page.all("a") if "Bỏ số liệu minh họa" in a.text).attributes["href"] or ""
    without = read(look(real.anonymous, link).text)
    assert "Quy hoạch 368 MW" in without.says("ol", class_="ladder")
    assert without.one("input", type="hidden").attributes["name"] == "illustrative"
    assert "Tính cả số liệu minh họa" in without.says("main")


def many(phases: int) -> str:
    lines = "\n".join(
        f"  - {{code: many-{n:03}, name: 'Giai đoạn {n:03}', nominal_mw: 3}}" for n in range(phases)
    )
    return f"format: wind-register/1\ncapacity: increments\nprojects:\n- code: many\n  name: Nhiều\n  phases:\n{lines}\n"


def test_a_long_table_comes_in_pages_and_its_total_stays_whole(real: People) -> None:
    bring(real.world.url, many(100))
    path, seen, pages = "/?lang=vi", [], 0
    while path:
        answer = look(real.anonymous, path)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        page = read(answer.text)
        table = _phases(page)
        seen += [row[0] for row in table[1:-1]]
        assert table[-1][1] == "93,05"
        assert "111 giai đoạn thuộc 6 dự án" in table[-1][0]
        following = page.all("a", rel="next")
        path = (following[0].attributes["href"] or "").partition("#")[0] if following else ""
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 112
    assert "Về trang đầu" in page.says("nav", class_="pages")


def test_a_cursor_of_ones_own_making_is_refused_in_words(real: People) -> None:
    answer = look(real.anonymous, "/?cursor=abc")
    assert answer.status_code == 422
    assert "Con trỏ trang không đúng" in read(answer.text).says("main")
