"""The OC4IDS package: valid by lib-cove-oc4ids for every reader, with COD in MW, and nothing that is not its reader's."""

import json
from typing import Any

import pytest

from app.domain.vocabulary import Stage
from app.formats import oc4ids
from app.schemas.projects import ProjectChange
from app.services import projects
from tests import factories, open_world
from tests.conftest import People, Person, serve
from tests.formats import oc4ids_standard as standard


@pytest.fixture
def shown(people: People) -> People:
    open_world.furnish(people.world)
    return people


def package(person: Person, more: str = "") -> dict[str, Any]:
    answer = person.get(f"/oc4ids.json{more}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def by_code(found: dict[str, Any]) -> dict[str, Any]:
    return {each["identifiers"][0]["id"]: each for each in found["projects"]}


def problems(found: dict[str, Any]) -> list[str]:
    """What the standard's own reviewer finds wrong, or empty, or of no closed codelist."""
    said = standard.review(found)
    return [
        *(json.loads(error)["message"] for error, _ in said["validation_errors"]),
        *said["additional_closed_codelist_values"],
        *(check["message"] for check in said["additional_checks"]),
    ]


@pytest.mark.parametrize("who", ["anonymous", "stranger", "investor", "department", "evn_spc"])
def test_the_package_of_every_reader_is_valid(shown: People, who: str) -> None:
    found = package(getattr(shown, who))
    assert problems(found) == []
    # Metrics in MW have names of their own; no other code is none of the standard's.
    additional = standard.review(found)["additional_open_codelist_values"]
    assert set(additional) <= {"projects/metrics/id", "projects/forecasts/id", "projects/milestones/code"}
    assert set(by_code(found)) == {"alpha", "beta", "line"}


def test_the_reviewer_finds_what_is_wrong(shown: People) -> None:
    found = package(shown.department)
    found["projects"][0]["status"] = "completed"
    found["projects"][1]["period"] = {"endDate": "2023-12-31"}
    assert len(problems(found)) == 2


def test_a_wind_project_tells_its_cod_in_mw(shown: People) -> None:
    with shown.world.database.changing(factories.stamp()) as session:
        change = ProjectChange.model_validate({"stage": "under_construction", "commune": "Thừa Đức"})
        projects.change(session, factories.SYSTEM, "alpha", change, None)
    alpha = by_code(package(shown.anonymous))["alpha"]
    assert alpha["sector"] == ["energy", "energy.wind"]
    assert alpha["status"] == "implementation"
    (metric,) = (each for each in alpha["metrics"] if each["id"] == "operatingCapacity")
    (observed,) = metric["observations"]
    assert (observed["measure"], observed["unit"]["id"]) == (4.2, "MAW")
    assert observed["period"]["endDate"] == "2022-05-01T00:00:00+07:00"
    assert observed["dimensions"] == {"phase": "alpha-1"}
    assert {each["id"] for each in alpha["metrics"]} == {"operatingCapacity", "installedCapacity"}
    (location,) = alpha["locations"]
    assert location["geometry"] == {"type": "Point", "coordinates": [106.7, 9.925]}
    assert location["address"] == {"locality": "Thừa Đức", "countryName": "Việt Nam"}
    assert by_code(package(shown.anonymous))["beta"]["locations"][0].get("geometry") is None


def test_the_cod_of_a_phase_is_met_once_all_of_it_operates(shown: People) -> None:
    def cod() -> dict[str, Any]:
        said = by_code(package(shown.anonymous))["alpha"]["milestones"]
        found: dict[str, Any] = next(each for each in said if each["id"] == "alpha-1/W-G7")
        return found

    assert cod()["status"] == "partiallyMet"
    assert "dateMet" not in cod()
    with shown.world.database.changing(factories.stamp()) as session:
        factories.measure(session, "installed", 25, "2022-04-01")
        code = factories.declare(session, shown.world.investor, mw=25, effective_on="2022-06-01")
        factories.confirm(session, shown.world.evn_spc, code, letter_on="2022-06-10")
    assert cod()["status"] == "met"
    assert cod()["dateMet"] == "2022-06-01T00:00:00+07:00"
    alpha = by_code(package(shown.anonymous))["alpha"]
    assert [o["measure"] for o in alpha["metrics"][0]["observations"]] == [4.2, 29.2]
    assert alpha["completion"] == {"endDate": "2022-06-01T00:00:00+07:00"}


def test_planned_cod_is_everybodys_and_forecast_is_for_those_who_see_the_detail(shown: People) -> None:
    assert shown.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-12-31"}).status_code == 200
    with shown.world.database.changing(factories.stamp()) as session:
        factories.state(session, "W-G7", forecast_on="2024-03-31")

    def forecasts(person: Person) -> dict[str, Any]:
        (metric,) = by_code(package(person))["alpha"]["forecasts"]
        return {
            o["dimensions"]["basis"]: (o["measure"], o["period"]["endDate"][:10])
            for o in metric["observations"]
        }

    planned = {"planned_cod_on": (30, "2023-12-31")}
    assert forecasts(shown.anonymous) == forecasts(shown.stranger) == planned
    assert forecasts(shown.investor) == planned | {"forecast_on": (30, "2024-03-31")}


@pytest.mark.parametrize("who", ["anonymous", "stranger", "investor", "department", "evn_spc"])
def test_steps_and_documents_are_for_those_who_see_the_detail(shown: People, who: str) -> None:
    found, sees = package(getattr(shown, who)), who not in ("anonymous", "stranger")
    alpha, line = by_code(found)["alpha"], by_code(found)["line"]
    steps = {each["code"] for each in alpha["milestones"]}
    assert steps >= {"W-E6", "W-F5", "W-G2", "W-G7"} if sees else steps == {"W-G7"}
    assert [d["id"] for d in alpha.get("documents", [])] == (["document/1"] if sees else [])
    assert ("milestones" in line) == sees
    assert ("geometry" in line["locations"][0]) == sees
    text = json.dumps(found, ensure_ascii=False)
    assert open_world.SECRET not in text
    assert "1/GP" in text if sees else "1/GP" not in text


def test_a_grid_work_is_a_project_of_its_owner(shown: People) -> None:
    line = by_code(package(shown.evn_spc))["line"]
    assert line["sector"] == ["energy"]
    assert line["publicAuthority"] == {"id": "tracker-evn-spc", "name": "Tổ chức evn-spc"}
    assert line["locations"][0]["geometry"]["type"] == "LineString"
    assert {each["code"] for each in line["milestones"]} >= {"G-20", "G-26"}


def test_pages_hold_each_project_once(shown: People) -> None:
    codes, address = [], "?limit=1"
    for _ in range(10):
        found = package(shown.anonymous, address)
        codes += list(by_code(found)) if found["projects"] else []
        following = found.get("links", {}).get("next")
        if following is None:
            break
        address = "?" + following.partition("?")[2]
    assert codes == ["alpha", "beta", "line"]


def test_an_empty_register_has_no_package(people: People) -> None:
    answer = people.anonymous.get("/oc4ids.json?known_at=2000-01-01")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_prefix_is_that_of_the_publisher_and_else_says_that_none_is_registered(people: People) -> None:
    found = package(people.anonymous)
    assert found["projects"][0]["id"] == "unregistered-alpha"
    assert [check["check_id"] for check in standard.review(found)["conformance_checks"]] == [
        "invalid-project-ids"
    ]
    assert "license" not in found
    own = {"oc4ids_prefix": "oc4ids-ab12cd", "publisher_name": "Sở", "publisher_uri": "https://example.org", "data_licence_uri": "https://creativecommons.org/licenses/by/4.0/"}  # fmt: skip
    with serve(people.world, **own) as named:
        found = package(named.anonymous)
    assert found["projects"][0]["id"] == "oc4ids-ab12cd-alpha"
    assert standard.review(found)["conformance_checks"] == []
    assert (found["publisher"], found["license"]) == ({"name": "Sở", "uri": own["publisher_uri"]}, own["data_licence_uri"])  # fmt: skip


def test_it_was_published_when_it_last_changed_and_is_as_known_then(shown: People) -> None:
    assert package(shown.anonymous)["publishedDate"] == "2023-02-07T04:00:00Z"
    then = package(shown.anonymous, "?known_at=2022-12-31")
    assert then["publishedDate"] == "2021-01-01T03:00:00Z"
    assert set(by_code(then)) == {"alpha"}
    assert "metrics" not in by_code(then)["alpha"]


def test_every_stage_has_its_status() -> None:
    assert set(oc4ids.STATUS) == set(Stage)
