"""The weekly grid: a page of towers in one revision, foreseen before it is saved, refused in place, never over somebody else."""

from typing import Any

import pytest

from app.domain.access import Role
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus
from app.domain.words import Lang
from app.pages import unit_forms_sent
from app.queries import journal
from tests import factories
from tests.conftest import People
from tests.pages.conftest import SignedIn, look, signed_in
from tests.pages.markup import Markup, read
from tests.pages.test_decisions import fields

WEEK = "/grid-works/line/week"


@pytest.fixture
def line(people: People) -> People:
    """Five towers, of which the first is handed over and cast; a household stands on the fifth; one section over three."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, towers_total=6)
        factories.connection(session)
        factories.apply(session)
        factories.apply(session, "grid_work", "line")
        factories.commune(session)
        for n in range(1, 6):
            more: dict[str, Any] = {"commune": "xa-thua-duc"} if n < 3 else {}
            if n == 1:
                more["reports"] = [
                    {"stage": s, "status": "done", "effective_on": "2023-01-10"}
                    for s in ("site", "foundation")
                ]
            factories.unit(session, f"T{n}", position=n, **more)
        factories.unit(session, "S1", kind="section", from_tower="T1", to_tower="T3", length_m=600)
        factories.clearance(session)
        factories.household(session, "H1", unit={"kind": "tower", "number": "T5"}, effective_on="2023-01-05")
    return people


def sent(who: SignedIn, step: str, path: str = WEEK, **typed: str) -> tuple[int, Markup]:
    """A page of the grid with what was typed over it; `__` in names stands for `:`."""
    over = {name.replace("__", ":"): value for name, value in typed.items()}
    answer = who.post(path, {**fields(read(who.get(path).text)), **over, "step": step})
    return answer.status_code, read(answer.text) if answer.text else Markup()


def cell(page: Markup, number: str, column: int) -> str:
    """What a row of the grid says in a column; the numbers stand in the first."""
    rows = next(table for table in page.tables if table[0][0] in ("Số hiệu", "Number"))
    return next(row[column] for row in rows if row[0].split()[0] == number)


def head(people: People) -> int:
    with people.world.database.reading() as session:
        return journal.head(session)


@pytest.mark.parametrize("lang", list(Lang))
def test_it_shows_where_every_stage_stands(line: People, lang: Lang) -> None:
    page = read(signed_in(line, "evn_spc").get(f"{WEEK}?lang={lang}").text)
    assert cell(page, "T1", 2).startswith(UnitStatus.DONE.label(lang))
    assert cell(page, "T2", 2).startswith(UnitStatus.NOT_STARTED.label(lang))
    assert {"vi": "5 trên tổng 5", "en": "5 of 5"}[lang] in page.says("main")
    assert "30 MW" in page.says("section")


def test_a_page_is_saved_as_one_revision(line: People) -> None:
    evn_spc, before = signed_in(line, "evn_spc"), head(line)
    typed = {"site__T2": "done", "site__T3": "blocked", "cause__T3": "land_price", "steel__T1": "in_progress"}
    status, page = sent(evn_spc, "preview", **typed)
    assert status == 200
    said = page.says("main")
    assert "T2 Bàn giao mặt bằng móng: Chưa thực hiện → Đã xong" in said
    assert "Bàn giao mặt bằng móng: 1/6 → 2/6; vướng 0 → 1" in said
    assert head(line) == before, "a preview keeps nothing"
    assert [e for e in page.all("option", value="done") if "selected" in e.attributes], (
        "what was typed is still there"
    )
    assert sent(evn_spc, "save", **typed)[0] == 303
    assert head(line) == before + 1
    page = read(evn_spc.get(WEEK).text)
    assert cell(page, "T2", 1).startswith("Đã xong")
    assert cell(page, "T3", 1).startswith("Đang vướng")


def test_every_refused_cell_is_named_in_place_and_nothing_is_lost(line: People) -> None:
    evn_spc, before = signed_in(line, "evn_spc"), head(line)
    typed = {"site__T2": "done", "foundation__T3": "done", "erection__T4": "done", "site__T4": "blocked"}
    for step in ("save", "preview"):
        status, page = sent(evn_spc, step, **typed)
        assert status == 422
        assert "Đúc móng trước khi bàn giao mặt bằng" in page.says("span", id="foundation:T3-wrong")
        assert "phải nêu nguyên nhân" in page.says("span", id="cause:T4-wrong")
        chosen = {e.attributes["value"] for e in page.all("option") if "selected" in e.attributes}
        assert {"done", "blocked"} <= chosen
    assert head(line) == before
    status, page = sent(evn_spc, "save_good", **typed)
    assert status == 422
    assert "Đã lưu 1 hàng" in page.says("main")
    assert head(line) == before + 1
    page = read(evn_spc.get(WEEK).text)
    assert cell(page, "T2", 1).startswith("Đã xong")
    assert cell(page, "T3", 2).startswith("Chưa thực hiện")


def test_a_handover_with_households_is_not_to_be_typed(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    page = read(evn_spc.get(WEEK).text)
    assert "còn 1 hộ" in cell(page, "T5", 1)
    names = {e.attributes["name"] for e in page.all("select")}
    assert "site:T5" not in names
    assert {"site:T4", "foundation:T5"} <= names
    status, page = sent(evn_spc, "save", site__T5="done")
    assert status == 422
    assert "bàn giao tính theo từng hộ: H1" in page.says("span", id="site:T5-wrong")


def test_what_somebody_else_reported_meanwhile_is_shown_beside(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    form = fields(read(evn_spc.get(WEEK).text))
    with line.world.database.changing(factories.stamp()) as session:
        factories.unit(
            session,
            "T2",
            position=2,
            reports=[{"stage": "site", "status": "done", "effective_on": "2023-02-01"}],
        )
    typed = {"site:T2": "blocked", "cause:T2": "crops", "step": "save"}
    answer = evn_spc.post(WEEK, form | typed)
    assert answer.status_code == 422
    page = read(answer.text)
    assert page.one("span", id="site:T2-wrong")
    assert cell(page, "T2", 1).startswith("Đã xong")
    again = evn_spc.post(WEEK, fields(page) | {"foundation:T2": "in_progress", "step": "save"})
    assert again.status_code == 303


def test_sections_have_their_own_grid(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    path = WEEK + "?kind=section"
    assert "T1–T3" in cell(read(evn_spc.get(path).text), "S1", 0)
    assert sent(evn_spc, "save", path, corridor__S1="done")[0] == 303
    status, page = sent(evn_spc, "save", path, stringing__S1="done")
    assert status == 422
    assert "chưa dựng xong các cột" in page.says("span", id="stringing:S1-wrong")
    assert "T1, T2, T3" in page.says("span", id="stringing:S1-wrong")


def test_it_is_narrowed_by_commune_and_to_what_is_open(line: People) -> None:
    evn_spc = signed_in(line, "evn_spc")
    for stage in ("steel", "erection"):
        assert sent(evn_spc, "save", **{f"{stage}__T1": "done"})[0] == 303
    shown = read(evn_spc.get(WEEK + "?open=true").text)
    assert [row[0].split()[0] for row in shown.tables[0][1:]] == ["T2", "T3", "T4", "T5"]
    shown = read(evn_spc.get(WEEK + "?open=true&commune=xa-thua-duc").text)
    assert [row[0].split()[0] for row in shown.tables[0][1:]] == ["T2"]
    assert not read(evn_spc.get(WEEK + "?commune=xa-khac").text).tables


def test_five_hundred_towers_come_page_by_page_and_stay_small(line: People) -> None:
    with line.world.database.changing(factories.stamp()) as session:
        factories.grid_work(session, "long")
        factories.towers(session, "long", 500)
    evn_spc = signed_in(line, "evn_spc")
    path, seen = "/grid-works/long/week", []
    while path:
        answer = evn_spc.get(path, Accept_Encoding="gzip")
        page = read(answer.text)
        seen += [row[0] for row in page.tables[0][1:]]
        assert len(page.tables[0]) == 51
        assert answer.num_bytes_downloaded < 40_000
        onward = page.all("a", rel="next")
        path = (onward[0].attributes["href"] or "") if onward else ""
    assert seen == [str(n) for n in range(1, 501)]
    last = "/grid-works/long/week"
    everything = {f"site:{n}": "done" for n in range(1, 51)}
    assert (
        evn_spc.post(last, {**fields(read(evn_spc.get(last).text)), **everything, "step": "save"}).status_code
        == 303
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"effective_on": "32/01/2023"}, "effective_on-wrong"),
        ({"effective_on": ""}, "effective_on-wrong"),
        ({"site:T2": "finished"}, "site:T2-wrong"),
        ({"cause:T2": "aliens", "site:T2": "blocked"}, "cause:T2-wrong"),
        ({"effective_on": "2023-02-08"}, "site:T2-wrong"),
    ],
)
def test_what_cannot_be_understood_is_refused_at_its_field(
    line: People, typed: dict[str, str], field: str
) -> None:
    evn_spc = signed_in(line, "evn_spc")
    answer = evn_spc.post(
        WEEK, {**fields(read(evn_spc.get(WEEK).text)), "site:T2": "done", **typed, "step": "save"}
    )
    assert answer.status_code == 422
    assert any(e.attributes.get("id") == field for e in read(answer.text).elements)


def test_an_empty_grid_and_an_unknown_unit_change_nothing(line: People) -> None:
    evn_spc, before = signed_in(line, "evn_spc"), head(line)
    status, page = sent(evn_spc, "save")
    assert status == 422
    assert "Chưa chọn ô nào" in page.says("main")
    status, page = sent(evn_spc, "save", site__T99="done")
    assert status == 422
    assert head(line) == before


def test_it_is_for_who_keeps_the_line(line: People) -> None:
    with line.world.database.changing(factories.stamp()) as session:
        factories.organisation(session, "npt", "grid_company")
        factories.grid_work(session, "station", kind="substation")
    assert signed_in(line, "investor").get(WEEK).status_code == 403
    assert signed_in(line, "npt", "npt", Role.EVN_SPC).get(WEEK).status_code == 403
    assert look(line.anonymous, WEEK).status_code == 303
    evn_spc = signed_in(line, "evn_spc")
    assert evn_spc.get("/grid-works/none/week").status_code == 404
    assert evn_spc.get("/grid-works/station/week").status_code == 422
    assert signed_in(line, "department").get(WEEK).status_code == 200


def test_cells_are_read_from_the_names_of_their_fields() -> None:
    given = unit_forms_sent.read(
        UnitKind.TOWER,
        {"effective_on": "07/02/2023", "site:12.A": "done", "steel:12.A": "", "stringing:1": "done"},
    )
    assert given.rows == {"12.A": {UnitStage.SITE: UnitStatus.DONE}}
    assert given.wrong == {}
    assert set(unit_forms_sent.read(UnitKind.TOWER, {"effective_on": ""}).wrong) == {"effective_on"}
