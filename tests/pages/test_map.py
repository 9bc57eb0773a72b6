"""The map draws what has coordinates, says how exact a place is, and lists the rest; it is the same to read as a table."""

import json

import pytest

from app import register
from app.domain.words import Lang
from app.pages import map_drawing as drawing
from app.pages.map_drawing import Frame, Window
from app.queries.map_places import Point
from tests import factories
from tests.conftest import People, Person
from tests.pages.conftest import look
from tests.pages.markup import Markup, read


def page(person: Person, path: str = "/map") -> Markup:
    answer = look(person, path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def phases(found: Markup) -> dict[str, list[str]]:
    table = next(table for table in found.tables if table[0][0] in ("Giai đoạn", "Phase"))
    return {row[0]: row[1:] for row in table[1:]}


def titles(found: Markup) -> set[str]:
    return {" ".join(title.text.split()) for title in found.all("title") if "id" not in title.attributes}


@pytest.mark.parametrize("lang", list(Lang))
def test_it_draws_the_province_for_everybody_without_scripts_or_tiles(real: People, lang: Lang) -> None:
    answer = look(real.anonymous, f"/map?lang={lang}")
    found = read(answer.text)
    for name in ("wide", "narrow"):
        assert found.one("svg", class_=f"map-{name}").attributes["role"] == "img"
        assert "93" in found.says("desc", id=f"map-{name}-desc")
    assert len(found.all("path", class_="map-land")) == 2
    assert "Natural Earth" in found.says("main")
    assert "<image" not in answer.text
    assert not found.all("img")
    assert "etag" in answer.headers


def test_a_settlement_is_a_ring_and_says_that_it_is_approximate(real: People) -> None:
    found = page(real.anonymous)
    rings = found.all("circle", class_="is-ring")
    assert len(rings) == 2 * 2 + 1, "two settlements in both drawings, and the legend"
    assert any("gần đúng: điểm dân cư Thạnh Hải (chưa chắc)" in title for title in titles(found))
    rows = phases(found)
    assert rows["Nhà máy điện gió Bình Đại, giai đoạn 2"] == [
        "C Chưa vận hành", "0", "49", "Bình Đại, Thừa Đức", "gần đúng: điểm dân cư Thừa Đức"
    ]  # fmt: skip
    assert rows["Nhà máy điện gió V1-3 Bến Tre"][0] == "V Vận hành đủ", "29,4 of 30 MW on paper"
    assert rows["Nhà máy điện gió V1-3 Bến Tre"][-1] == "tâm cụm tua-bin"
    assert rows["Nhà máy điện gió Bình Đại (Mê Kông), giai đoạn 1"][0] == "M Vận hành một phần"


def test_what_has_no_known_place_is_listed_and_never_placed(real: People) -> None:
    found = page(real.anonymous)
    rows = phases(found)
    assert rows["Nhà máy điện gió VPL Bến Tre, giai đoạn 1"][-1] == "vị trí chưa rõ"
    assert rows["Nhà máy điện gió Sunpro Bến Tre"][-1] == "vị trí chưa rõ"
    assert not any("VPL" in title or "Sunpro" in title for title in titles(found))


def test_mw_that_name_a_project_alone_stand_in_its_line(real: People) -> None:
    rows = phases(page(real.anonymous))
    assert rows["Nhà máy điện gió số 5 - Thạnh Hải 3"][:2] == [
        "? MW chưa tách theo giai đoạn",
        "ở dòng chung",
    ]
    assert rows["Nhà máy điện gió số 5 - Thạnh Hải: chưa tách theo giai đoạn"][1] == "34,25"


def test_before_the_first_recognition_nothing_operates(real: People) -> None:
    rows = phases(page(real.anonymous, "/map?as_of=2021-01-01"))
    assert {row[0] for row in rows.values()} - {""} == {"C Chưa vận hành"}
    assert not phases_or_none(page(real.anonymous, "/map?known_at=2020-01-01"))


def phases_or_none(found: Markup) -> list[list[str]]:
    return [row for table in found.tables if table[0][0] == "Giai đoạn" for row in table[1:]]


def placed(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=2, latitude=9.95, longitude=106.7)
        factories.grid_work(session, route="Phú Thuận - Bình Đại", voltage_kv=110, length_km=22.7)
        factories.unit(session, "T1", latitude=10.1, longitude=106.6)
        factories.unit(session, "T2", position=2, latitude=10.12, longitude=106.65)


def test_recorded_turbines_place_their_phase_and_towers_their_line(people: People) -> None:
    placed(people)
    for person in (people.anonymous, people.stranger):
        found = page(person)
        assert phases(found)["Giai đoạn alpha-1"][-1] == "tọa độ 2 tua-bin", "where a plant stands is public"
        assert not found.all("circle", class_="map-turbine")
        assert not found.all("path", class_="map-line")
    for person in (people.department, people.evn_spc):
        found = page(person)
        assert len(found.all("circle", class_="map-turbine")) == 2 * 2 + 1
        assert len(found.all("path", class_="map-line")) == 2 + 1
    mine = page(people.investor)
    assert len(mine.all("circle", class_="map-turbine")) == 2 * 2 + 1
    assert not mine.all("path", class_="map-line"), "none of his phases needs the line"
    works = next(table for table in page(people.department).tables if table[0][0] == "Công trình lưới điện")
    assert works[1][1:] == ["Đường dây", "110", "22,7", "Phú Thuận - Bình Đại", "chưa rõ", "2 cột có tọa độ"]


def test_what_lies_outside_the_frame_is_only_in_the_table(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=1, latitude=21.0, longitude=105.8)
    found = page(people.department)
    assert not found.all("circle", class_="map-turbine")
    assert phases(found)["Giai đoạn alpha-1"][-1] == "tọa độ 1 tua-bin"


def test_an_empty_register_has_a_map_too(empty: People) -> None:
    said = page(empty.anonymous).says("main")
    assert "Chưa có giai đoạn nào" in said
    assert "Chưa có công trình nào" in said


def test_a_wrong_parameter_is_refused(real: People) -> None:
    assert look(real.anonymous, "/map?tiles=x").status_code == 422
    assert look(real.anonymous, "/map?as_of=yesterday").status_code == 422


def test_a_kilometre_is_as_long_to_the_north_as_to_the_east() -> None:
    frame = Frame(Window(106, 9.5, 107, 10.5), 760)
    north = frame.y(10.0) - frame.y(10.1)
    east = frame.x(106.1) - frame.x(106.0)
    assert east / north == pytest.approx(frame.window.shrink, abs=0.01)
    assert frame.bar == pytest.approx(drawing.SCALE_KM / drawing.KM_OF_A_DEGREE * north * 10, abs=0.5)
    assert (frame.x(106), frame.y(10.5)) == (0, 0)
    assert not frame.holds(Point(9.4, 106.5))


def test_a_circle_s_area_goes_by_mw() -> None:
    frame = Frame(Window(106, 9.5, 107, 10.5), 760)
    here = Point(10, 106.5)
    assert frame.spot(here, 120_000).r == pytest.approx(2 * frame.spot(here, 30_000).r, abs=0.1)
    assert frame.spot(here, 0).r == frame.spot(here, 1_000).r == drawing.LEAST_R
    assert Frame(Window(106, 9.5, 107, 10.5), 370).spot(here, 30_000).r < frame.spot(here, 30_000).r


def test_the_shipped_outline_is_where_it_says() -> None:
    outline = json.loads(register.OUTLINE.read_text("utf-8"))
    west, south, east, north = outline["bbox"]
    assert {each["properties"]["kind"] for each in outline["features"]} == {"land", "coast", "province_lines"}
    for each in json.loads(register.PLACES.read_text("utf-8"))["features"]:
        longitude, latitude = each["geometry"]["coordinates"]
        assert west < longitude < east
        assert south < latitude < north
        assert each["properties"]["sources"]


def test_no_place_is_shipped_for_a_phase_that_is_not_in_the_register(real: People) -> None:
    known = {line["code"] for line in real.anonymous.get("/phases").json()["items"]}
    for each in json.loads(register.PLACES.read_text("utf-8"))["features"]:
        assert set(each["properties"]["phases"]) <= known
