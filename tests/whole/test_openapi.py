"""The OpenAPI document says of every operation who may, what is asked and what can be answered, in words and examples."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel

from app.api.openapi_code import words
from app.api.openapi_examples import EXAMPLES, SENT
from app.api.openapi_parts import PROBLEM, PROBLEMS
from app.db import Database
from app.deps.problems import HTTP, STATUS
from app.domain.access import May
from app.domain.words import Term
from app.main import create_app
from app.schemas.base import In
from tests import factories
from tests.conftest import People, serve, settings
from tests.whole import everything

Said = dict[str, Any]
ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    folder = tmp_path_factory.mktemp("openapi")
    made = create_app(settings(f"sqlite:///{folder / 'tracker.db'}", data_folder=folder / "files"))
    yield made
    made.state.tracker.db.close()


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Said:
    found: Said = app.openapi()
    return found


@pytest.fixture(scope="module")
def operations(document: Said) -> dict[str, Said]:
    return {
        f"{method.upper()} {path}": said
        for path, methods in document["paths"].items()
        for method, said in methods.items()
    }


def resolved(document: Said, found: Said) -> Said:
    """What a reference stands for."""
    while "$ref" in found:
        _, kind, name = found["$ref"].removeprefix("#/").split("/")
        found = document["components"][kind][name]
    return found


def parameters(document: Said, said: Said) -> dict[str, Said]:
    return {each["name"]: each for each in (resolved(document, e) for e in said.get("parameters", ()))}


def nodes(found: Any) -> Iterator[Said]:
    """Every mapping in the document, at any depth."""
    if isinstance(found, dict):
        yield found
        for inner in found.values():
            yield from nodes(inner)
    elif isinstance(found, list):
        for inner in found:
            yield from nodes(inner)


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(operations: dict[str, Said]) -> None:
    ids = Counter(said["operationId"] for said in operations.values())
    assert [name for name, times in ids.items() if times > 1 or not ID.fullmatch(name)] == []
    wordless = [name for name, said in operations.items() if not 5 < len(said["summary"]) < 160]
    assert wordless == []


def test_an_operation_is_named_after_its_function(app: FastAPI, operations: dict[str, Said]) -> None:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            for method in route.methods:
                assert operations[f"{method} {route.path}"]["operationId"] == route.endpoint.__name__


def test_every_tag_is_described_and_used(document: Said, operations: dict[str, Said]) -> None:
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert set(described) == {tag for said in operations.values() for tag in said["tags"]}
    assert [name for name, said in described.items() if len(said) < 10] == []


def test_every_parameter_says_what_it_is(document: Said, operations: dict[str, Said]) -> None:
    silent = [
        (said["operationId"], name)
        for said in operations.values()
        for name, each in parameters(document, said).items()
        if not each.get("description")
    ]
    assert silent == []


def test_an_operation_says_who_may_in_words_and_by_which_key(operations: dict[str, Said]) -> None:
    for name, said in operations.items():
        if "/api/" not in name:
            assert "security" not in said
            continue
        act = May(said["x-needs"])
        assert act.vi in said["description"]
        assert act.en in said["description"]
        assert {"bearer": []} in said["security"]
        assert ({} in said["security"]) == (act == May.READ), name
        assert ({"calendarKey": []} in said["security"]) == name.endswith("calendar.ics")


def test_where_nobody_reads_without_a_key_the_document_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'none.db'}"
    app = create_app(settings(url, public_reading=False, data_folder=tmp_path / "files"))
    shown = app.openapi()["paths"]["/api/v1/capacity"]["get"]["security"]
    app.state.tracker.db.close()
    assert shown == [{"bearer": []}, {"apiKey": []}]


def test_the_framework_s_own_errors_are_gone_and_every_refusal_is_a_problem(
    document: Said, operations: dict[str, Said]
) -> None:
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])
    for name, said in operations.items():
        for status, answer in said["responses"].items():
            if status >= "400" and "/api/" in name:
                content = resolved(document, answer)["content"]
                assert content == {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemRead"}}}, name


def test_every_status_of_a_refusal_has_its_words() -> None:
    # 405 is of an address and not of an operation.
    assert set(PROBLEMS) == (set(STATUS.values()) | set(HTTP)) - {405}


def test_headers_stand_where_they_are_asked_for_and_given(
    document: Said, operations: dict[str, Said]
) -> None:
    for name, said in operations.items():
        if "/api/" not in name:
            continue
        asked, answers = parameters(document, said), said["responses"]
        assert {"lang", "Accept-Language"} <= set(asked), name
        assert ("If-None-Match" in asked) == ("304" in answers), name
        assert ("If-Match" in asked) == ("412" in answers), name
        if "Idempotency-Key" in asked:
            assert name.startswith("POST "), name
        for status, answer in answers.items():
            headers = resolved(document, answer).get("headers", {})
            assert {"RateLimit", "RateLimit-Policy", "X-Request-Id"} <= set(headers), (name, status)
            assert ("Retry-After" in headers) == (status in ("429", "503")), (name, status)
            assert ("ETag" in headers) or status != "304", name


def test_a_change_that_compares_versions_answers_with_the_next_one(
    document: Said, operations: dict[str, Said]
) -> None:
    """Its ETag is good for the next `If-Match`: it carries the revision of what was changed, not of the request."""
    without = []
    for name, said in operations.items():
        for status in {"200", "201"} & set(said["responses"]) if "412" in said["responses"] else ():
            shape = resolved(document, said["responses"][status]["content"]["application/json"]["schema"])
            if "revision" not in shape["properties"]:
                without.append(name)
    assert without == []


def test_schemas_have_plain_names_and_enumerations_say_what_they_mean(document: Said) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []
    terms = {term.__name__: term for term in _terms(Term)}
    for name, schema in schemas.items():
        if "enum" in schema:
            assert schema.get("description"), name
            if name in terms and schema["enum"] == [word.value for word in terms[name]]:
                assert set(schema["x-enumDescriptions"]) == set(schema["enum"]), name
    assert schemas["WorkKind"]["x-enumDescriptions"]["line"] == "Đường dây / Line"


def _terms(family: type[Term]) -> Iterator[type[Term]]:
    for term in family.__subclasses__():
        yield from (term, *_terms(term))


def test_no_enumeration_stands_twice(document: Said) -> None:
    """Every one is a schema of its own, which others refer to."""
    named = [schema for schema in document["components"]["schemas"].values() if "enum" in schema]
    inside = [
        node["enum"]
        for schema in document["components"]["schemas"].values()
        for node in nodes(schema.get("properties", {}))
        if isinstance(node.get("enum"), list)
    ]
    assert inside == []
    assert len({json.dumps([s["enum"], s["description"]]) for s in named}) == len(named)


def test_every_body_has_an_example_that_is_taken(document: Said, operations: dict[str, Said]) -> None:
    bodies = set()
    for said in operations.values():
        shape = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "$ref" in shape:
            bodies.add(shape["$ref"].rpartition("/")[2])
    assert bodies == set(SENT)
    assert all(document["components"]["schemas"][name].get("description") for name in bodies)
    models = {model.__name__: model for model in _models(In)}
    for name, example in SENT.items():
        models[name].model_validate(example)


def _models(family: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in family.__subclasses__():
        yield from (model, *_models(model))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_true_to_its_schema(name: str, document: Said) -> None:
    assert document["components"]["schemas"][name]["examples"] == [EXAMPLES[name]]
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    told = [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(EXAMPLES[name])]
    assert told == []


def test_a_wrong_method_is_refused_and_says_which_are_right(document: Said, people: People) -> None:
    # Two paths may fit one address: `/obstacles/{obstacle_id}` and `/obstacles/by-responsible`.
    forms = {
        re.compile(re.sub(r"{\w+}", "[^/]+", path)): methods for path, methods in document["paths"].items()
    }
    for path in document["paths"]:
        address = re.sub(r"{\w+}", "1", path)
        fitting = [methods for form, methods in forms.items() if form.fullmatch(address)]
        allowed = {method.upper() for methods in fitting for method in methods}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"} - allowed:
            answer = people.department.ask(method, address)
            assert answer.status_code == 405, (method, path)
            told = set(answer.headers["allow"].split(", "))
            assert allowed <= told, (method, path)
            assert method not in told, (method, path)


def test_the_document_is_served_once_compressed_and_by_its_etag(
    sqlite_database: Database, sqlite_url: str, document: Said
) -> None:
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    with serve(world) as people:
        first = people.anonymous.get("/openapi.json", Accept_Encoding="gzip")
        assert (first.status_code, first.headers["content-encoding"]) == (200, "gzip")
        assert first.json() == json.loads(json.dumps(document))
        plain = people.anonymous.get("/openapi.json", Accept_Encoding="identity")
        assert "content-encoding" not in plain.headers
        assert (plain.content, plain.headers["etag"]) == (first.content, first.headers["etag"])
        held = people.anonymous.get("/openapi.json", If_None_Match=first.headers["etag"])
        assert (held.status_code, held.content) == (304, b"")
        assert len(gzip.compress(plain.content)) < 150_000


# One thing of every kind that is changed by its fields, as `everything` makes it.
CHANGED = {
    "/projects/{code}": "/projects/alpha",
    "/phases/{code}": "/phases/alpha-1",
    "/grid-works/{code}": "/grid-works/line",
    "/clearances/{code}": "/clearances/land",
    "/documents/{document_id}": "/documents/1",
    "/obstacles/{obstacle_id}": "/obstacles/1",
    "/evacuation-groups/{code}": "/evacuation-groups/node",
    "/targets/{code}": "/targets/377mw-2023",
    "/organisations/{code}": "/organisations/mekong-wind",
    "/users/{login}": "/users/investor",
}


def test_a_field_is_nullable_exactly_where_null_empties_it(
    sqlite_database: Database, sqlite_url: str, document: Said, tmp_path: Path
) -> None:
    world = factories.world(sqlite_database)
    everything.fill(world)
    world.url, world.keys = sqlite_url, {name: world.keys[name] for name in factories.PEOPLE}
    wrong = []
    with serve(world, data_folder=tmp_path / "files") as people:
        for path, address in CHANGED.items():
            said = document["paths"][f"/api/v1{path}"]["patch"]["requestBody"]["content"]["application/json"]
            for name, field in resolved(document, said["schema"])["properties"].items():
                answer = people.department.patch(address, {name: None})
                is_nullable = {"type": "null"} in field.get("anyOf", ())
                is_refused = answer.status_code == 422 and answer.json()["errors"][0]["field"] == name
                if is_nullable == is_refused:
                    wrong.append((address, name, answer.status_code, answer.text[:200]))
    assert wrong == []


def helper() -> None:
    """A function of another floor: what it says is not read."""


def test_what_a_route_does_is_read_from_its_own_code_and_what_it_calls() -> None:
    from app.api import changes, people, tranches, turbines

    assert {"change", "expected"} <= words(tranches.confirm_tranche)  # Through a function of the same module.
    assert {"change", "expected", "location"} <= words(turbines.create_turbine)
    assert "journaled" in words(people.list_keys)
    assert words(helper) == frozenset()
    assert changes is not None
