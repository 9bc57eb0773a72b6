"""The schemas of the OpenAPI document: no words that only repeat a name, and enumerations that say what they mean."""

import inspect
from collections.abc import Iterator
from typing import Any

from app.api.openapi_examples import EXAMPLES
from app.api.openapi_parts import Part
from app.domain.words import Lang, Term
from app.schemas.journal import ProblemRead

UNUSED = ("HTTPValidationError", "ValidationError")


def finish(known: Part) -> None:
    """Makes the framework's schemas ready to be read, in place."""
    for name in UNUSED:
        known.pop(name, None)
    known["Lang"] = {"type": "string", "enum": list(Lang), "description": inspect.getdoc(Lang)}
    problem = ProblemRead.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    known.update(problem.pop("$defs"), ProblemRead=problem)
    terms = {(term.__name__, *(word.value for word in term)): term for term in _terms(Term)}
    for name, schema in known.items():
        schema.pop("title", None)
        for inner in _inside(schema):
            inner.pop("title", None)
        term = terms.get((name, *schema.get("enum", ())))
        if term is not None:
            schema["x-enumDescriptions"] = {word.value: f"{word.vi} / {word.en}" for word in term}
        if name in EXAMPLES:
            schema["examples"] = [EXAMPLES[name]]


def _terms(family: type[Term]) -> Iterator[type[Term]]:
    for term in family.__subclasses__():
        yield term
        yield from _terms(term)


def _inside(schema: Part) -> Iterator[Part]:
    """The schemas inside a schema, at any depth."""
    inner: list[Any] = list(schema.get("properties", {}).values())
    for key in ("items", "additionalProperties", "prefixItems", "anyOf", "allOf", "oneOf"):
        found = schema.get(key, ())
        inner += found if isinstance(found, list) else [found]
    for each in inner:
        if isinstance(each, dict):
            yield each
            yield from _inside(each)


def _target(schema: Part) -> str | None:
    """The name of the component that a schema is, or is unless null."""
    for each in (schema, *schema.get("anyOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).rpartition("/")[2]
    return None


def about(schema: Part, known: Part) -> str:
    """What the component says of itself that a schema points to; nothing where it points to none."""
    name = _target(schema)
    return "" if name is None else str(known[name].get("description", ""))


def properties(schema: Part, known: Part) -> Part:
    """The fields of the component that a schema points to."""
    name = _target(schema)
    found: Part = {} if name is None else known[name].get("properties", {})
    return found
