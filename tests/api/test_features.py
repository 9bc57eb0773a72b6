"""OGC API - Features: every layer as its readers see it, in boxes, intervals and pages, and nothing placed by guess."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import httpx
import jsonschema
import pytest

from app.domain import columns
from app.domain.vocabulary import Layer, LocationAccuracy
from app.schemas.projects import PhaseChange
from app.services import projects
from tests import factories, open_world
from tests.conftest import People, Person

PUBLIC = ["projects", "phases", "grid-works"]


@pytest.fixture
def shown(people: People) -> People:
    open_world.furnish(people.world)
    return people


def problem(answer: httpx.Response) -> tuple[int, str, str | None]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    said = answer.json()
    return answer.status_code, said["code"], said["errors"][0].get("field") if said["errors"] else None


def items(person: Person, layer: str, more: str = "") -> dict[str, Any]:
    """The features of a layer by their ids; all of its pages."""
    found: dict[str, Any] = {}
    path: str | None = f"/features/collections/{layer}/items{more}"
    while path is not None:
        answer = person.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/geo+json"
        page = answer.json()
        assert page["numberReturned"] == len(page["features"])
        assert not found.keys() & {each["id"] for each in page["features"]}
        found |= {each["id"]: each for each in page["features"]}
        path = next((_path(link) for link in page["links"] if link["rel"] == "next"), None)
    return found


def _path(link: dict[str, Any]) -> str:
    address = urlsplit(link["href"])
    return f"{address.path}?{address.query}" if address.query else address.path


def test_every_link_from_the_landing_page_on_leads_somewhere_of_its_type(shown: People) -> None:
    seen, ahead = set(), [("/api/v1/features", "application/json")]
    while ahead:
        path, kind = ahead.pop()
        answer = shown.evn_spc.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].partition(";")[0] in kind.partition(";")[0].replace(
            "vnd.oai.openapi+", ""
        )
        seen.add(path)
        if path != "/openapi.json":
            said = answer.json()
            links = [*said.get("links", []), *(x for c in said.get("collections", []) for x in c["links"])]
            assert (
                answer.headers["content-type"] == "application/schema+json" or links or "conformsTo" in said
            )
            ahead += [(_path(x), x["type"]) for x in links if _path(x) not in seen]
    assert {f"/api/v1/features/collections/{layer}/items" for layer in Layer} <= seen


def test_it_says_what_it_conforms_to(shown: People) -> None:
    said = shown.anonymous.get("/features/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in said
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson" in said


@pytest.mark.parametrize(
    ("who", "layers"),
    [
        ("anonymous", PUBLIC),
        *(
            (who, [layer.value for layer in Layer])
            for who in ("investor", "stranger", "department", "evn_spc")
        ),
    ],
)
def test_a_reader_finds_the_layers_it_may_have(shown: People, who: str, layers: list[str]) -> None:
    said = getattr(shown, who).get("/features/collections").json()["collections"]
    assert [each["id"] for each in said] == layers
    for each in said:
        assert {"self", "items", "describedby"} <= {link["rel"] for link in each["links"]}


TURBINES = {"alpha-1.T1", "alpha-1.T2", "alpha-1.T3"}
TOWERS = {"line.T1", "line.T2", "line.T3"}


@pytest.mark.parametrize(
    ("who", "turbines", "towers"),
    [
        ("investor", TURBINES, TOWERS),  # its phase needs the line
        ("stranger", set(), set()),
        ("department", TURBINES, TOWERS),
        ("evn_spc", TURBINES, TOWERS),
    ],
)
def test_turbines_and_towers_are_for_those_who_see_the_detail(
    shown: People, who: str, turbines: set[str], towers: set[str]
) -> None:
    person = getattr(shown, who)
    assert set(items(person, "turbines")) == turbines
    assert set(items(person, "towers")) == towers
    for layer, name in (("turbines", "alpha-1.T1"), ("towers", "line.T1")):
        answer = person.get(f"/features/collections/{layer}/items/{name}")
        assert answer.status_code == (200 if turbines else 404)


def test_without_a_key_the_details_are_not_to_be_had(shown: People) -> None:
    for layer in ("turbines", "towers"):
        for below in ("", "/items", "/schema", "/feature-schema", "/items/alpha-1.T1"):
            answer = shown.anonymous.get(f"/features/collections/{layer}{below}")
            assert problem(answer)[:2] == (401, "key_missing")


@pytest.mark.parametrize("who", ["anonymous", "stranger", "investor", "evn_spc"])
def test_what_waits_for_its_second_key_is_seen_by_those_who_see_the_project(shown: People, who: str) -> None:
    found = items(getattr(shown, who), "phases")["alpha-1"]["properties"]
    assert found["operating_mw"] == 4.2
    assert found.get("declared_mw") == (4.2 if who in ("investor", "evn_spc") else None)


@pytest.mark.parametrize("who", ["anonymous", "stranger"])
def test_the_route_of_a_line_is_no_public_summary(shown: People, who: str) -> None:
    found = items(getattr(shown, who), "grid-works")["line"]
    assert found["geometry"] is None
    assert found["properties"]["location_accuracy"] == "unknown"
    assert "towers_located" not in found["properties"]


def test_nothing_confidential_is_in_any_layer_of_others(shown: People) -> None:
    for person in (shown.anonymous, shown.stranger):
        for layer in PUBLIC:
            text = person.get(f"/features/collections/{layer}/items").text
            assert open_world.SECRET not in text
            assert "household" not in text


def test_a_place_is_where_it_is_recorded_and_says_how_exactly_it_is_known(shown: People) -> None:
    phases = items(shown.investor, "phases")
    # The centre of the two turbines with coordinates, longitude first.
    assert phases["alpha-1"]["geometry"] == {"type": "Point", "coordinates": [106.7, 9.925]}
    assert phases["alpha-1"]["properties"]["location_accuracy"] == "turbines"
    assert phases["beta-1"]["geometry"] is None
    assert phases["beta-1"]["properties"]["location_accuracy"] == "unknown"
    projects = items(shown.investor, "projects")
    assert projects["alpha"]["geometry"] == {"type": "MultiPoint", "coordinates": [[106.7, 9.925]]}
    assert projects["beta"]["geometry"] is None
    turbines = items(shown.investor, "turbines")
    assert turbines["alpha-1.T1"]["geometry"] == {"type": "Point", "coordinates": [106.7, 9.9]}
    assert turbines["alpha-1.T3"]["geometry"] is None
    line = items(shown.investor, "grid-works")["line"]
    assert line["geometry"] == {"type": "LineString", "coordinates": [[106.5, 10.1], [106.5, 10.2]]}
    assert (line["properties"]["towers_located"], line["properties"]["location_accuracy"]) == (
        2,
        "some_towers",
    )


@pytest.mark.parametrize("layer", list(Layer))
def test_every_feature_is_true_to_the_schema_of_its_layer(shown: People, layer: Layer) -> None:
    schema = shown.evn_spc.get(f"/features/collections/{layer}/feature-schema")
    assert schema.headers["content-type"] == "application/schema+json"
    logical = shown.evn_spc.get(f"/features/collections/{layer}/schema").json()
    assert list(logical["properties"]) == ["id", "geometry", *(c.value for c in columns.of_layer(layer))]
    assert logical["properties"]["geometry"]["x-ogc-role"] == "primary-geometry"
    found = items(shown.evn_spc, layer)
    assert found
    checker = jsonschema.Draft202012Validator(
        schema.json(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for feature in found.values():
        checker.validate(feature)
        jsonschema.Draft202012Validator(logical).validate({"id": feature["id"], **feature["properties"]})
    assert {f["properties"]["location_accuracy"] for f in found.values()} <= set(LocationAccuracy)


@pytest.mark.parametrize("layer", list(Layer))
def test_pages_give_each_feature_once(shown: People, layer: Layer) -> None:
    whole = items(shown.evn_spc, layer)
    assert list(items(shown.evn_spc, layer, "?limit=1")) == list(whole)
    assert list(items(shown.evn_spc, layer, "?limit=2&bbox=-180,-90,180,90")) == list(whole)


def test_a_page_of_too_many_is_cut(shown: People) -> None:
    answer = shown.anonymous.get("/features/collections/phases/items?limit=100000")
    assert answer.status_code == 200
    assert problem(shown.anonymous.get("/features/collections/phases/items?limit=0")) == (400, "out_of_range", "limit")  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "more", "expected"),
    [
        # What has no known place is in every box.
        ("phases", "bbox=106.6,9.9,106.8,10", {"alpha-1", "beta-1"}),
        ("phases", "bbox=0,0,1,1", {"beta-1"}),
        ("turbines", "bbox=106.6,9.89,106.8,9.91", {"alpha-1.T1", "alpha-1.T3"}),
        ("towers", "bbox=106,10.15,107,10.25", {"line.T2", "line.T3"}),
        ("grid-works", "bbox=106,10.14,107,10.16", {"line"}),  # between two towers
        ("grid-works", "bbox=0,0,1,1", set()),
        ("projects", "investor=other-wind", {"beta"}),
        ("phases", "project=alpha", {"alpha-1"}),
        ("phases", "investor=nobody", set()),
        ("turbines", "phase=beta-1", set()),
        ("grid-works", "work_kind=substation", set()),
        ("grid-works", "owner=evn-spc&work_kind=line", {"line"}),
        ("towers", "work=line", TOWERS),
        ("turbines", "datetime=2022-04-01", TURBINES),
        ("turbines", "datetime=../2022-03-31", set()),
        ("turbines", "datetime=2022-03-31T20:00:00Z/..", TURBINES),  # already 1 April in Viet Nam
        ("towers", "datetime=1999-01-01", TOWERS),  # has no day
    ],
)
def test_a_list_is_narrowed(shown: People, layer: str, more: str, expected: set[str]) -> None:
    assert set(items(shown.department, layer, f"?{more}")) == expected


@pytest.mark.parametrize(
    ("layer", "more", "expected"),
    [
        ("phases", "colour=red", ("parameter_unknown", "colour")),
        ("phases", "work=line", ("parameter_unknown", "work")),
        ("turbines", "as_of=2023-01-01", ("parameter_unknown", "as_of")),
        ("phases", "bbox=1,2,3", ("shape", "bbox")),
        ("phases", "bbox=106,11,107,10", ("shape", "bbox")),
        ("phases", "datetime=yesterday", ("not_an_instant", "datetime")),
        ("phases", "datetime=../..", ("not_an_instant", "datetime")),
        ("phases", "datetime=2023-01-01T00:00:00", ("not_an_instant", "datetime")),
        ("phases", "datetime=2023-02-01/2023-01-01", ("period", "datetime")),
        ("phases", "cursor=mine", ("cursor", "cursor")),
        ("phases", "limit=few", None),
    ],
)
def test_a_parameter_that_is_not_good_is_400_as_the_standard_has_it(
    shown: People, layer: str, more: str, expected: tuple[str, str] | None
) -> None:
    found = problem(shown.department.get(f"/features/collections/{layer}/items?{more}"))
    assert found[0] == 400
    assert expected is None or found[1:] == expected


@pytest.mark.parametrize("path", ["rivers", "rivers/items", "phases/items/nowhere", "towers/items/line", "turbines/items/alpha-1.T9"])  # fmt: skip
def test_what_is_not_there_is_404(shown: People, path: str) -> None:
    assert problem(shown.department.get(f"/features/collections/{path}"))[:2] == (404, "not_found")


def test_one_feature_is_as_it_is_in_the_list(shown: People) -> None:
    for layer in Layer:
        for name, listed in items(shown.evn_spc, layer).items():
            answer = shown.evn_spc.get(f"/features/collections/{layer}/items/{name}")
            alone = answer.json()
            assert {link["rel"] for link in alone.pop("links")} == {"self", "collection"}
            assert alone == listed


def test_both_times_are_honoured(shown: People) -> None:
    then = items(shown.investor, "phases", "?as_of=2022-04-30")["alpha-1"]["properties"]
    assert "operating_mw" not in then
    assert then["installed_mw"] == 12.6
    before = items(shown.investor, "phases", "?known_at=2022-12-31")
    assert list(before) == ["alpha-1"]
    assert "installed_mw" not in before["alpha-1"]["properties"]
    with shown.world.database.changing(factories.stamp(date(2023, 2, 8))) as session:
        change = PhaseChange.model_validate(
            {"name": "Tên mới", "nominal_mw": 31, "planned_cod_on": "2023-12-31"}
        )
        projects.change_phase(session, factories.SYSTEM, "alpha-1", change, None)
    new, old = (
        items(shown.investor, "phases", more)["alpha-1"]["properties"]
        for more in ("", "?known_at=2023-02-07")
    )
    assert (new["phase_name"], new["nominal_mw"], new["planned_cod_on"]) == ("Tên mới", 31, "2023-12-31")
    assert (old["phase_name"], old["nominal_mw"], old.get("planned_cod_on")) == (
        "Giai đoạn alpha-1",
        30,
        None,
    )


def test_an_answer_is_not_sent_twice(shown: People) -> None:
    path = "/features/collections/phases/items"
    first = shown.anonymous.get(path)
    assert shown.anonymous.get(path, If_None_Match=first.headers["etag"]).status_code == 304
    assert shown.anonymous.get(path).content == first.content


def test_links_lead_to_where_the_reader_came_from(shown: People) -> None:
    """A kept answer is not given to whoever came by another address."""
    for host in ("one.test", "two.test", "one.test"):
        text = shown.anonymous.get("/features/collections/phases", Host=host).text
        assert f"http://{host}/api/v1/features" in text
        assert text.count("http://one.test" if host == "two.test" else "http://two.test") == 0
