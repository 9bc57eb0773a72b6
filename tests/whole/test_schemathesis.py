"""Schemathesis over the whole API with each role's key: what is sent is made from the OpenAPI document, what comes back is
held against it. Good requests and bad ones, the same on every run."""

import contextlib
import copy
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as steady
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks

from app.db import Database
from app.main import create_app
from tests import factories
from tests.conftest import settings
from tests.whole import everything
from tests.whole.loopback import served

# Those who may least come first, so that they meet the world as it was made.
ROLES = ("anonymous", "stranger", "admin", "district", "investor", "evn_spc", "department")
GOOD, BAD = 3, 2
# To make a request up takes longer than to answer it: what is made up once is sent by everybody, and the operations are
# dealt out to so many tests, which run beside each other.
SHARES = 2
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
# What stands in the world, so that what is made up from the document often finds something: by the beginning of an address…
PLACES = {
    "/phases/{code}": ["alpha-1", "beta-1"],
    "/projects/{code}": ["alpha", "beta"],
    "/tranches/{code}": ["alpha.1", "alpha.2", "alpha.3"],
    "/grid-works/{code}": ["line"],
    "/clearances/{code}": ["land", "plant"],
    "/targets/{code}": ["377mw-2023"],
    "/organisations/{code}": ["mekong-wind", "evn-spc"],
    "/evacuation-groups/{code}": ["node"],
    "/{subject}/{code}": ["alpha-1"],
}
# … and by the name of a parameter or field.
NAMES = {
    "number": ["T1", "1", "K1", "H1"],
    "milestone": ["W-E6", "W-E1"],
    "work": ["line"],
    "phase": ["alpha-1"],
    "project": ["alpha"],
    "group": ["node"],
    "login": ["investor", "district"],
    "subject": ["phases"],
    "subject_code": ["alpha-1"],
    "district": ["binh-dai"],
    "commune": ["xa-dinh-trung"],
    "investor": ["mekong-wind"],
    "owner": ["evn-spc"],
    "organisation": ["mekong-wind"],
    "target": ["377mw-2023"],
    "turbine": ["T1"],
    "layer": ["phases", "towers"],
    "feature": ["alpha-1"],
    "sheet": ["phases"],
    "responsible": ["UBH"],
    "from_tower": ["1"],
    "to_tower": ["2"],
}
DAYS = ["2022-05-01", "2023-01-31", "2023-02-07", "2023-03-01", "2023-12-31"]


Document = dict[str, Any]


def fetched(address: str) -> Document:
    """The document as it is served; but it asks for no key, since each role brings its own."""
    found: Document = requests.get(f"{address}/openapi.json", timeout=30).json()
    del found["components"]["securitySchemes"]
    for operations in found["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
            # Nobody waits here for what may come.
            operation["parameters"] = [e for e in operation.get("parameters", ()) if e.get("name") != "wait"]
    return found


def strict(found: Document) -> Document:
    """The same, but no field may come back that it does not name."""
    for schema in found["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    return found


def at_home(found: Document) -> Document:
    """The same, narrowed to what is there: what is made up from it often comes through."""
    found = copy.deepcopy(found)
    headers = found["components"]["parameters"]
    headers["IfMatch"]["schema"]["enum"] = ["*", '"r1-0"']
    headers["IdempotencyKey"]["schema"]["pattern"] = "^[a-z]{12}$"
    for schema in found["components"]["schemas"].values():
        if schema.get("additionalProperties") is False:
            for name, field in schema.get("properties", {}).items():
                schema["properties"][name] = known(name, field)
    for path, operations in found["paths"].items():
        here = next((codes for place, codes in PLACES.items() if path.startswith(f"/api/v1{place}")), [])
        for operation in operations.values():
            for each in operation.get("parameters", ()):
                if each.get("in") in ("path", "query"):
                    each["schema"] = known(
                        each["name"], each["schema"], here if each["name"] == "code" else []
                    )
    return found


def known(name: str, schema: Document, here: Sequence[str] = ()) -> Document:
    """A schema that allows what is there, where that is known, and null where the schema does; else words in plain letters."""
    if schema.get("type") == "array":
        return {**schema, "items": known(name.removesuffix("s"), schema["items"])}
    shapes = schema.get("anyOf", [schema])
    texts = [shape for shape in shapes if shape.get("type") == "string" and "pattern" not in shape]
    values: Sequence[object] = here or (NAMES.get(name, []) if texts else [])
    if any(shape.get("format") == "date" for shape in texts):
        values = DAYS
    elif name.endswith("_id"):
        values = [1, 2]
    elif name.endswith("_mw"):
        values = [4.2, 8.4, 3]
    if values:
        return {"enum": [*values, *([None] if {"type": "null"} in shapes else [])]}
    for text in texts:
        text["pattern"] = "^[a-zđơư0-9]+( [a-zđơư0-9]+)*$"
    return schema


@pytest.fixture
def world(sqlite_database: Database, sqlite_url: str) -> factories.World:
    made = factories.world(sqlite_database)
    everything.fill(made)
    made.url = sqlite_url
    return made


@pytest.fixture
def address(world: factories.World, tmp_path: Path) -> Iterator[str]:
    most = {"requests_a_minute": 1_000_000, "public_requests_a_minute": 1_000_000}
    with served(create_app(settings(world.url, data_folder=tmp_path / "files", **most))) as found:
        yield found


@pytest.mark.parametrize("share", range(SHARES))
def test_every_answer_is_as_the_document_says(share: int, world: factories.World, address: str) -> None:
    found = fetched(address)
    wrong: list[str] = []
    through: Counter[str] = Counter()
    with contextlib.ExitStack() as opened:
        callers = {role: opened.enter_context(requests.Session()) for role in ROLES}
        for role, session in callers.items():
            if role in world.keys:
                session.headers["Authorization"] = f"Bearer {world.keys[role]}"
        for mode, said, examples in [
            (GenerationMode.POSITIVE, strict(at_home(found)), GOOD),
            (GenerationMode.NEGATIVE, strict(found), BAD),
        ]:
            schema = schemathesis.openapi.from_dict(said)
            schema.config.update(base_url=address)
            for operation in itertools.islice(schema.get_all_operations(), share, None, SHARES):
                wrong += tried(operation.ok(), mode, examples, callers, through)
    assert not wrong, "\n\n".join(wrong)
    # Refusals alone would say little about answers.
    assert min(through[role] for role in ROLES) > 20, through


def tried(
    operation: APIOperation,
    mode: GenerationMode,
    examples: int,
    callers: Mapping[str, requests.Session],
    through: Counter[str],
) -> Iterator[str]:
    """What is wrong with an operation's answers to somebody, told once. `through` counts what was done for whom."""

    @steady(max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        for role, session in callers.items():
            answer = case.call(session=session)
            through[role] += answer.status_code < 300
            try:
                case.validate_response(answer, checks=CHECKS)
            except FailureGroup as error:
                raise AssertionError(f"{operation.label} ({mode.value}, {role}): {error}") from error

    try:
        # Where nothing is asked for, nothing can be asked wrongly.
        with contextlib.suppress(Unsatisfiable):
            ask()
    except AssertionError as error:
        yield str(error)
