"""The weekly land table as people: the columns of the field, by work, district and commune, and as a file for Excel."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.domain.access import Role
from app.domain.vocabulary import DelayCause, LandColumn, UnitKind, UnitStage, UnitStatus
from app.schemas.people import KeyCreate, OrganisationChange
from app.services import people as people_service
from tests import factories, lines
from tests.conftest import People, Person

SITE, CORRIDOR = UnitStage.SITE, UnitStage.CORRIDOR
JANUARY, LAST_CUTOFF, MONDAY = date(2023, 1, 10), date(2023, 2, 2), date(2023, 2, 6)
TABLE, FILE = "/land-table", "/land-table.csv"


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def table(person: Person, query: str = "") -> dict[str, Any]:
    answer = person.get(f"{TABLE}{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def towers(person: Person, query: str = "") -> list[tuple[Any, ...]]:
    """Code of each row, and of its towers: total, not listed, handed over, in the week, left, held."""
    names = ("total", "not_listed", "handed_over", "in_week", "left", "held")
    rows = table(person, query)["items"]
    return [(row["code"], *(row["towers"][name] for name in names)) for row in rows]


@pytest.fixture
def here(people: People) -> People:
    """A line of five towers (its list is two short of the seven stated) in two communes of Bình Đại and one of Ba Tri, with
    two sections; cases on tower 2; another line in Ba Tri. Today is Tuesday 7 February, the last cut-off 2 February."""
    with people.world.database.changing(factories.stamp(date(2023, 1, 31))) as session:
        factories.grid_work(session, towers_total=7)
        factories.grid_work(session, "other", is_illustrative=True)
        for code in ("thoi-thuan", "thua-duc"):
            factories.commune(session, code, name={"thua-duc": "Xã Thừa Đức"}.get(code, "Xã Thới Thuận"))
        factories.commune(session, "an-thuy", "ba-tri", name="Xã An Thủy")
        factories.clearance(session, district="binh-dai", commune="thua-duc")
        lines.towers(session, ["thua-duc", "thua-duc", "thoi-thuan", "an-thuy", "thua-duc"])
        lines.sections(session, 2, length_m=4_508)
        lines.towers(session, ["an-thuy"], "other")
        lines.told(session, SITE, ["1", "3", "4"], JANUARY)
        lines.told(session, CORRIDOR, ["K1"], JANUARY)
    with people.world.database.changing(factories.stamp(MONDAY)) as session:
        lines.told(session, SITE, ["5"], MONDAY)
        lines.told(session, SITE, ["4"], MONDAY, UnitStatus.REOPENED, DelayCause.CROPS)
        for number, more in (
            ("H1", {"status": "inventoried", "attitude": "disagrees", "cause": "land_price"}),
            ("H2", {"status": "complaint", "cause": "land_price", "attitude": "disagrees"}),
            ("H3", {"status": "paid", "decision_number": "5/QĐ", "approved_vnd": 90_500_000, "paid_vnd": 80_250_000}),
        ):  # fmt: skip
            unit = {"kind": "tower", "number": "2"}
            factories.household(session, number, unit=unit, effective_on="2023-02-06", **more)
    return people


def test_the_columns_of_the_field_for_the_week_up_to_today(here: People) -> None:
    found = table(here.evn_spc)
    assert found["week"] == {"previous_on": "2023-02-02", "ends_on": "2023-02-07", "is_running": True}
    assert [(row["level"], row["work"], row["code"], row["name"]) for row in found["items"]] == [
        ("work", "line", "line", "Đường dây line"),
        ("district", "line", "ba-tri", "Huyện ba-tri"),
        ("commune", "line", "an-thuy", "Xã An Thủy"),
        ("district", "line", "binh-dai", "Huyện binh-dai"),
        ("commune", "line", "thoi-thuan", "Xã Thới Thuận"),
        ("commune", "line", "thua-duc", "Xã Thừa Đức"),
        ("district", "line", None, None),
        ("commune", "line", None, None),
        ("work", "other", "other", "Đường dây other"),
        ("district", "other", "ba-tri", "Huyện ba-tri"),
        ("commune", "other", "an-thuy", "Xã An Thủy"),
    ]
    assert towers(here.evn_spc)[:8] == [
        # Seven are stated, five are listed: two are put nowhere. One more, one reopened: none in the week.
        ("line", 7, 2, 3, 0, 4, ["2", "4"]),
        ("ba-tri", 1, None, 0, -1, 1, ["4"]),
        ("an-thuy", 1, None, 0, -1, 1, ["4"]),
        ("binh-dai", 4, None, 3, 1, 1, ["2"]),
        ("thoi-thuan", 1, None, 1, 0, 0, []),
        ("thua-duc", 3, None, 2, 1, 1, ["2"]),
        (None, 0, None, 0, 0, 0, []),
        (None, 0, None, 0, 0, 0, []),
    ]
    work, commune = found["items"][0], found["items"][5]
    assert work["sections"] == {
        **{"total": 2, "listed": 2, "not_listed": None, "handed_over": 1, "in_week": 0, "left": 1},
        **{"km": 9.016, "handed_over_km": 4.508, "in_week_km": 0, "held": []},
    }
    assert commune["sections"]["km"] is None
    assert (
        work["households"]
        == commune["households"]
        == {
            **{"total": 3, "inventoried": 2, "plan_approved": 1, "paid": 1, "not_agreeing": 2},
            **{"paid_vnd": 80_250_000, "paid_million": 80.25},
        }
    )
    assert work["causes"] == [{"cause": "land_price", "count": 2}, {"cause": "crops", "count": 1}]
    assert [row["is_illustrative"] for row in found["items"]] == [False] * 8 + [True] * 3


def test_the_table_of_a_week_is_asked_for_by_its_cut_off_day(here: People) -> None:
    last = table(here.department, "?week=2023-02-02&work=line")
    assert last["week"] == {"previous_on": "2023-01-26", "ends_on": "2023-02-02", "is_running": False}
    assert towers(here.department, "?week=2023-02-02&work=line")[0] == ("line", 7, 2, 3, 0, 4, [])
    assert last["items"][0]["households"]["total"] == 0
    assert table(here.department, "?week=2023-02-07&work=line") == last
    assert towers(here.department, "?week=2023-01-12&work=line")[0][3:5] == (3, 3)
    ahead = here.department.get(f"{TABLE}?week=2023-02-09")
    assert problem(ahead) == (422, "period_ahead")
    assert ahead.json()["errors"][0]["field"] == "week"


def test_what_was_published_can_be_read_again_and_late_reports_show_as_the_difference(here: People) -> None:
    here.app.state.tracker.clock._ahead += timedelta(days=7)
    query = "?week=2023-02-09&work=line"
    then = table(here.evn_spc, query)
    with here.world.database.changing(factories.stamp(date(2023, 2, 13))) as session:
        # Handed over in that week, told in the next; reopened in the next; seven become nine, and the name is another.
        lines.told(session, SITE, ["2"], date(2023, 2, 8))
        lines.told(session, SITE, ["1"], date(2023, 2, 10), UnitStatus.REOPENED, DelayCause.UNPAID)
        lines.total(session, UnitKind.TOWER, 9, date(2023, 2, 10))
    here.evn_spc.patch("/grid-works/line", {"name": "Đường dây đổi tên"})
    kept = table(here.evn_spc, f"{query}&known_at=2023-02-12")
    assert kept == then | {"revision": kept["revision"]}
    now = table(here.evn_spc, query)
    # Its cases have the last word on tower 2; the reopening and the new total came after that week.
    assert now["items"][0]["towers"] == then["items"][0]["towers"]
    assert now["items"][0]["name"] == "Đường dây đổi tên"
    assert towers(here.evn_spc, "?work=line")[0] == ("line", 9, 4, 2, -1, 7, ["1", "2", "4"])
    assert towers(here.evn_spc, "?work=line&known_at=2023-02-12")[0] == ("line", 7, 2, 3, 0, 4, ["2", "4"])


def test_a_late_report_raises_the_week_in_which_it_took_effect(here: People) -> None:
    here.app.state.tracker.clock._ahead += timedelta(days=7)
    with here.world.database.changing(factories.stamp(date(2023, 2, 13))) as session:
        lines.told(session, SITE, ["4"], date(2023, 2, 8))
    query = "?week=2023-02-09&work=line"
    assert towers(here.evn_spc, f"{query}&known_at=2023-02-12")[0][3:6] == (3, 0, 4)
    assert towers(here.evn_spc, query)[0][3:6] == (4, 1, 3)
    assert towers(here.evn_spc, "?work=line")[0][3:6] == (4, 0, 3)


PROMISE = {"work": "line", "stage": "site", "responsible": "UBH", "made_on": "2023-01-31"}


def promise(here: People, *units: str, due_on: str, **more: Any) -> int:
    answer = here.evn_spc.post("/commitments", {**PROMISE, "units": units, "due_on": due_on, **more})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


def test_last_weeks_promises_stand_beside_what_is_still_promised(here: People) -> None:
    promise(here, "5", due_on="2023-02-06")
    promise(here, "1", "2", due_on="2023-02-06")
    promise(here, "2", due_on="2023-02-03")
    moved = promise(here, "4", due_on="2023-02-07")
    promise(here, "4", due_on="2023-03-01")
    promise(here, "2", due_on="2023-02-06", stage="foundation")
    later = {"due_on": "2023-02-20", "reason": "Chờ"}
    assert here.evn_spc.post(f"/commitments/{moved}/postponement", later).status_code == 200
    rows = {row["code"]: row for row in table(here.evn_spc, "?work=line")["items"]}
    none = dict.fromkeys(("total", "kept", "late", "moved", "broken", "withdrawn", "open"), 0)
    assert rows["line"]["promises"] == none | {"total": 4, "kept": 1, "broken": 2, "moved": 1}
    assert rows["thua-duc"]["promises"] == none | {"total": 3, "kept": 1, "broken": 2}
    assert rows["an-thuy"]["promises"] == none | {"total": 1, "moved": 1}
    assert rows["thoi-thuan"]["promises"] == none
    assert rows["line"]["due_days"] == ["2023-02-03", "2023-02-06", "2023-02-20", "2023-03-01"]
    assert rows["an-thuy"]["due_days"] == ["2023-02-20", "2023-03-01"]
    # The week before, nothing was promised for it.
    assert table(here.evn_spc, "?week=2023-02-02&work=line")["items"][0]["promises"] == none


def test_what_is_asked_of_the_locality_are_its_open_obstacles(here: People) -> None:
    said = {"raised_on": "2023-02-01", "title": "Vận động 3 hộ"}
    with here.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, "clearance", "land", **said)
        one = factories.obstacle(
            session, "grid_work", "line", **{**said, "responsible": "UBT", "title": "Đơn giá đất"}
        )
        factories.obstacle(session, "grid_work", "line", **{**said, "responsible": "SPC"})
        factories.obstacle(session, "phase", "alpha-1", **said)

    def asked(query: str = "") -> dict[str, list[str]]:
        rows = table(here.evn_spc, f"?work=line{query}")["items"]
        return {row["code"]: [each["title"] for each in row["asked"]] for row in rows if row["asked"]}

    there = {"binh-dai": ["Vận động 3 hộ"], "thua-duc": ["Vận động 3 hộ"]}
    assert asked() == {"line": ["Đơn giá đất", "Vận động 3 hộ"], **there}
    closed = here.department.post(f"/obstacles/{one}/closing", {"outcome": "Xong", "closed_on": "2023-02-05"})
    assert closed.status_code == 200
    assert asked() == {"line": ["Vận động 3 hộ"], **there}
    # On the cut-off day before it was still open.
    assert asked("&week=2023-02-02") == {"line": ["Đơn giá đất", "Vận động 3 hộ"], **there}
    assert asked("&week=2023-01-26") == asked("&known_at=2023-02-06") == {}


@pytest.fixture
def districts(here: People) -> dict[str, Person]:
    """The authorities of Bình Đại and Ba Tri, and one that has not said which district it keeps."""
    found = {}
    with here.world.database.changing(factories.stamp()) as session:
        for code in ("binh-dai", "ba-tri", None):
            name = f"ubnd-{code}"
            factories.organisation(session, name.lower(), "district_authority")
            change = OrganisationChange.model_validate({"district": code} if code else {"note": "x"})
            people_service.change_organisation(session, factories.SYSTEM, name.lower(), change, None)
            made = KeyCreate(organisation=name.lower(), role=Role.DISTRICT, login=name.lower())
            key, _ = people_service.create_key(session, factories.SYSTEM, made, factories.at())
            found[code or ""] = Person(here.anonymous.client, here.anonymous.run, key)
    return found


def test_a_district_reads_its_own_land_and_the_exact_table_is_not_for_investors(
    here: People, districts: dict[str, Person]
) -> None:
    own = [
        ("line", 4, None, 3, 1, 1, ["2"]),
        ("binh-dai", 4, None, 3, 1, 1, ["2"]),
        ("thoi-thuan", 1, None, 1, 0, 0, []),
        ("thua-duc", 3, None, 2, 1, 1, ["2"]),
    ]
    assert towers(districts["binh-dai"]) == towers(here.evn_spc, "?district=binh-dai") == own
    assert towers(districts["binh-dai"], "?district=binh-dai&work=line") == own
    assert towers(districts["binh-dai"], "?district=ba-tri") == []
    assert [row[0] for row in towers(districts["ba-tri"])] == [
        "line",
        "ba-tri",
        "an-thuy",
        "other",
        "ba-tri",
        "an-thuy",
    ]
    assert table(districts["ba-tri"])["items"][0]["households"]["total"] == 0
    assert towers(districts[""]) == towers(here.department, "?work=nowhere") == []
    for path in (TABLE, FILE):
        for person in (here.investor, here.stranger):
            assert problem(person.get(path)) == (403, "not_allowed")
        assert problem(here.anonymous.get(path)) == (401, "key_missing")
        for query in ("week=soon", "week=09/02/2023", "district=Bình Đại", "known_at=x", "as_of=2023-02-07"):
            assert here.department.get(f"{path}?{query}").status_code == 422, query


def read(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_file_says_the_same_in_the_language_asked_for(here: People) -> None:
    here.evn_spc.patch("/grid-works/line", {"name": "=HYPERLINK(1)"})
    promise(here, "5", due_on="2023-02-06")
    promise(here, "2", due_on="2023-02-20")
    with here.world.database.changing(factories.stamp()) as session:
        factories.obstacle(session, "clearance", "land", title="Hộ 1, 2; hộ 3")
    answer = here.evn_spc.get(FILE)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="land-table-2023-02-07.csv"' in answer.headers["content-disposition"]
    header, *rows = read(answer)
    assert header == [column.vi for column in LandColumn]
    assert read(here.evn_spc.get(f"{FILE}?lang=en"))[0] == [column.en for column in LandColumn]
    assert rows[0] == [
        *("1", "Công trình", "line", "'=HYPERLINK(1)"),
        *("7", "2", "3", "0", "4", "2; 4"),
        *("2", "9.016", "", "1", "4.508", "0", "1"),
        *("3", "2", "1", "1", "80.25", "2"),
        *("Không đồng ý đơn giá; Cây trồng, thủy sản", "UBND huyện: Hộ 1, 2; hộ 3", "2023-02-20"),
        *("1", "1", "0", "0", "0"),
    ]
    shown = table(here.evn_spc)["items"]
    assert len(rows) == len(shown)
    for number, (row, line) in enumerate(zip(rows, shown, strict=True), 1):
        cells = dict(zip(LandColumn, row, strict=True))
        assert cells[LandColumn.ROW] == str(number)
        assert cells[LandColumn.CODE] == (line["code"] or "")
        assert cells[LandColumn.TOWERS_IN_WEEK] == str(line["towers"]["in_week"])
        assert cells[LandColumn.HOUSEHOLDS] == str(line["households"]["total"])
    again = here.evn_spc.get(FILE, If_None_Match=answer.headers["etag"])
    assert again.status_code == 304


def test_nothing_in_the_table_names_a_person(here: People) -> None:
    named = {"owner_name": "Nguyễn Văn A", "parcel": "thửa 12", "hamlet": "ấp 3", "note": "vắng nhà"}
    assert here.evn_spc.put("/clearances/land/households/H1", named).status_code == 200
    for text in (here.evn_spc.get(TABLE).text, here.evn_spc.get(FILE).text):
        assert not [value for value in (*named.values(), "H1") if value in text]
