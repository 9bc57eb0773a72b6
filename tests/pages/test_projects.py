"""The list of projects: narrowed, searched and ordered by its address; and one project, in full for those whom it is for."""

import re
from urllib.parse import urlencode

import pytest

from app.domain.words import Lang
from app.queries.project_lists import Order, plain
from tests import factories
from tests.conftest import People, Person
from tests.pages.conftest import bring, look
from tests.pages.markup import Markup, read


def listed(person: Person, **asked: str) -> list[list[str]]:
    """The rows of the list's table, without its head."""
    page = read(look(person, "/projects?" + urlencode(asked)).text)
    return page.tables[0][1:] if page.tables else []


def names(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows]


def test_everyone_reads_the_projects_with_their_phases_and_measures(real: People) -> None:
    found = listed(real.anonymous)
    assert len(found) == 11 + 11, "eleven projects with eleven phases"
    rows = {row[0]: row for row in found}
    assert rows["Nhà máy điện gió số 5 - Thạnh Hải"][1:] == [
        "120", "30", "34,25", "85,75", "", "Công ty Cổ phần Tân Hoàn Cầu Bến Tre", "Thạnh Phú", "Vận hành một phần",
    ]  # fmt: skip
    assert rows["Nhà máy điện gió số 5 - Thạnh Hải 1"][1:6] == ["30", "30", "ở dòng chung", "30", "–"]
    assert rows["Nhà máy điện gió VPL Bến Tre, giai đoạn 1"][1:6] == ["30", "–", "25,2", "4,8", "–"]
    assert "đã COD chậm nhất 31/10/2021" in {row[5] for row in found}, "as exactly as it is known"


def test_it_speaks_english_and_keeps_the_language_in_its_form(real: People) -> None:
    page = read(look(real.anonymous, "/projects?lang=en&order=nominal").text)
    assert page.says("h1") == "Wind projects"
    assert page.one("input", type="hidden").attributes["value"] == "en"
    heads = [th for th in page.all("th") if "aria-sort" in th.attributes]
    assert [(" ".join(th.text.split()), th.attributes["aria-sort"]) for th in heads] == [
        ("Nominal ▼", "descending")
    ]
    links = {" ".join(a.text.split()): a.attributes["href"] or "" for a in page.all("a")}
    assert links["In operation"] == "/projects?lang=en&order=operating"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "thanh hai"}, {"Nhà máy điện gió số 5 - Thạnh Hải"}),
        ({"q": "THẠNH hải 3"}, {"Nhà máy điện gió số 5 - Thạnh Hải"}),
        ({"q": "mekong"}, {"Nhà máy điện gió Bình Đại (Mê Kông)"}),
        ({"q": "v1-3"}, {"Nhà máy điện gió V1-3 Bến Tre"}),
        ({"stage": "operating"}, {"Nhà máy điện gió V1-3 Bến Tre"}),
        ({"q": "v1-3", "stage": "planned"}, set()),
        ({"q": "không có đâu"}, set()),
        ({"q": "%"}, set()),
    ],
)
def test_it_is_narrowed_and_searched_without_accents(
    real: People, asked: dict[str, str], found: set[str]
) -> None:
    rows = [row for row in listed(real.anonymous, **asked) if any(row[6:])]
    assert set(names(rows)) == found
    said = read(look(real.anonymous, "/projects?" + urlencode(asked)).text).says("main")
    assert ("Không có dự án nào khớp" in said) == (not found)


def test_a_district_and_an_investor_narrow_it(real: People) -> None:
    page = read(look(real.anonymous, "/projects").text)
    ba_tri = next(o for o in page.all("option") if o.text == "Ba Tri").attributes["value"] or ""
    rows = listed(real.anonymous, district=ba_tri)
    assert {row[7] for row in rows if row[7]} == {"Ba Tri"}
    mekong = next(o for o in page.all("option") if "Mê Kông" in o.text).attributes["value"] or ""
    assert len(listed(real.anonymous, investor=mekong)) == 4


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("name", "Dự án điện gió Nexif Energy Bến Tre"),
        ("nominal", "Nhà máy điện gió Bình Đại (Mê Kông)"),
        ("operating", "Nhà máy điện gió số 5 - Thạnh Hải"),
        ("waiting", "Nhà máy điện gió Bình Đại (Mê Kông)"),
    ],
)
def test_it_is_ordered_by_a_column(real: People, order: str, first: str) -> None:
    assert names(listed(real.anonymous, order=order))[0].startswith(first)


def test_the_next_cod_orders_by_forecast_and_plan_and_unknown_ones_come_last(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        for code, on in (("beta", "2023-06-01"), ("gamma", "2023-04-01"), ("delta", None)):
            factories.project(session, code)
            factories.phase(session, f"{code}-1", code, planned_cod_on=on)
    rows = [name for name in names(listed(people.anonymous, order="cod")) if name.startswith("Dự án")]
    assert rows == ["Dự án gamma", "Dự án beta", "Dự án alpha", "Dự án delta"]
    line = next(row for row in listed(people.anonymous) if row[0] == "Giai đoạn beta-1")
    assert line[5] == "kế hoạch 01/06/2023"


def test_a_forecast_shows_to_those_who_see_the_detail_alone(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session, is_illustrative=True)
        factories.state(session, "W-G6", forecast_on="2023-11-01")

    def cod(person: Person) -> str:
        return next(row for row in listed(person) if row[0] == "Giai đoạn alpha-1")[5]

    assert re.fullmatch(r"dự báo \d\d/\d\d/2024 minh họa", cod(people.investor))
    assert cod(people.department) == cod(people.investor)
    assert cod(people.stranger) == cod(people.anonymous) == "–"


@pytest.mark.parametrize("order", list(Order))
def test_a_long_list_comes_in_pages_in_every_order(real: People, order: Order) -> None:
    many = "\n".join(
        f"- {{code: many-{n:02}, name: 'Dự án {n:02}', phases: [{{code: many-{n:02}-1, name: 'GĐ {n:02}', nominal_mw: {n + 1}}}]}}"
        for n in range(40)
    )
    bring(real.world.url, f"format: wind-register/1\ncapacity: increments\nprojects:\n{many}\n")
    path, seen, pages = f"/projects?order={order.value}", [], 0
    while path:
        answer = look(real.anonymous, path)
        assert answer.status_code == 200
        assert len(answer.content) < 60_000
        page = read(answer.text)
        seen += [
            a.attributes["href"]
            for a in page.all("a")
            if (a.attributes["href"] or "").startswith("/projects/")
        ]
        following = page.all("a", rel="next")
        path = following[0].attributes["href"] or "" if following else ""
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 51


@pytest.mark.parametrize(
    "asked", [{"order": "mw"}, {"stage": "x"}, {"cursor": "abc"}, {"q": "x" * 101}, {"sort": "name"}]
)
def test_a_wrong_question_is_refused_in_words(real: People, asked: dict[str, str]) -> None:
    answer = look(real.anonymous, "/projects?" + urlencode(asked))
    assert answer.status_code == 422
    assert "<h1>" in answer.text


@pytest.mark.parametrize("lang", list(Lang))
def test_an_empty_register_says_so(empty: People, lang: Lang) -> None:
    said = read(look(empty.anonymous, f"/projects?lang={lang}").text).says("main")
    assert {"vi": "Sổ đăng ký chưa có dự án nào", "en": "The register holds no project yet"}[lang] in said


def test_a_script_in_a_name_is_only_a_name(people: People) -> None:
    change = {"name": "<script>alert(1)</script>"}
    assert people.department.patch("/projects/alpha", change).status_code == 200
    for path in ("/projects", "/projects/alpha"):
        answer = look(people.investor, path)
        assert "<script>" not in answer.text
        assert "alert(1)" in read(answer.text).says("main")


def test_texts_are_searched_without_accents() -> None:
    assert plain("  Thạnh  HẢI Đông ") == "thanh hai dong"


# One project


def furnished(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.apply(session, "project", "alpha")
        factories.state(session, "W-D8", "project", "alpha", plan_on="2023-01-31", forecast_on="2023-05-31")
        factories.clearance(session, "own-land", project="alpha")
        factories.obstacle(session, "project", "alpha", due_on="2023-02-01", raised_on="2023-01-05")


def page_of(person: Person, path: str = "/projects/alpha") -> Markup:
    return read(look(person, path).text)


def test_the_owner_sees_milestones_land_and_obstacles(people: People) -> None:
    furnished(people)
    letter = {"number": "12/QĐ", "kind": "decision", "issuer": "UBND tỉnh", "issued_on": "2022-01-01",
              "subject": "project", "subject_code": "alpha"}  # fmt: skip
    made = people.investor.post("/documents", letter).json()["id"]
    page = page_of(people.investor)
    links = {a.attributes["href"] for a in page.all("a")}
    assert {"/phases/alpha-1", "/clearances/own-land", f"/documents/{made}"} <= links
    assert "/projects/alpha/milestones/W-D8" in links, "its investor reports"
    said = page.says("main")
    assert "Chưa thống nhất đơn giá" in said
    assert "quá hạn 6 ngày" in said
    assert "chậm 7 ngày" in said
    assert page.all("rect", class_="g-late")


def test_evn_spc_sees_the_same_and_gets_no_forms_of_others(people: People) -> None:
    furnished(people)
    page = page_of(people.evn_spc)
    assert "chậm 7 ngày" in page.says("main")
    assert not [a for a in page.all("a") if "/milestones/" in (a.attributes["href"] or "")]


@pytest.mark.parametrize("who", ["stranger", "anonymous"])
def test_others_see_the_summary_alone(people: People, who: str) -> None:
    furnished(people)
    page = page_of(getattr(people, who))
    said = page.says("main")
    assert "Đây là phần công khai" in said
    assert "Giai đoạn alpha-1" in said
    for hidden in ("Chưa thống nhất đơn giá", "W-D8", "own-land", "COD dự báo"):
        assert hidden not in said


@pytest.mark.parametrize("lang", list(Lang))
def test_what_is_empty_says_so(people: People, lang: Lang) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.project(session, "bare")
    said = page_of(people.department, f"/projects/bare?lang={lang}").says("main")
    for sentence in {
        "vi": ("chưa có giai đoạn nào", "Chưa áp dụng bộ mốc", "Chưa có gói mặt bằng riêng",
               "Không có vướng mắc đang mở", "Chưa có văn bản nào"),
        "en": ("has no phase yet", "No milestones are applied", "No land package of its own",
               "No open obstacle", "No document yet"),
    }[lang]:  # fmt: skip
        assert sentence in said


def test_mw_that_name_the_project_alone_have_their_tranche_here(real: People) -> None:
    assert "Đợt COD chưa tách" not in page_of(real.anonymous, "/projects/thanh-hai").says("main")


@pytest.mark.parametrize("path", ["/projects/none", "/projects/%00"])
def test_what_is_not_there_is_404(people: People, path: str) -> None:
    assert look(people.department, path).status_code == 404
