"""The OpenAPI document: what the framework reads from the routes, and what holds for all of them, said once.

An operation's id is the name of its function, so two routes never have functions of the same name. Its words are the
function's docstring and the permission it needs; a tag's are those of the module that has it first.
"""

import asyncio
import gzip
import inspect
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.api import openapi_parts as parts
from app.api import openapi_schemas as schemas
from app.api.openapi_code import words
from app.api.openapi_parts import Part, refer
from app.deps import Tracker
from app.deps.asking import fingerprint
from app.deps.people import CALENDAR
from app.deps.route import NEEDS
from app.domain.access import GRANTS, May, Role

ADDRESS = "/openapi.json"
BASE = "/api/"
JSON = "application/json"
ABOUT = """\
Theo dõi tiến độ vận hành thương mại điện gió: bao nhiêu MW được tính, còn vướng gì, có đạt mục tiêu không.

How many MW of wind power count as commercially operating on a day, what holds back the rest, and whether the target is met.

- **Keys**: `Authorization: Bearer …` or `X-API-Key: …`. What everybody may read needs none, where the service is open so.
- **Errors** are `application/problem+json` (RFC 9457) with a stable `code`, a sentence in the caller's language
  (`lang`, else `Accept-Language`, else Vietnamese), and the fields that failed. Unknown fields and parameters are refused.
- **What is not yours is not there** (404); what you see but may not do is 403; a rule that refuses is 422.
- **Versions**: `If-None-Match` with an `ETag` gives 304; `If-Match` gives 412 where somebody was faster.
- **Once**: a POST with an `Idempotency-Key` is made once, however often it is sent.
- **Pages**: `limit`, and `cursor` from `next` or the `Link` header.
- **Two times**: `as_of` is the day things took effect, `known_at` the instant they were recorded.
- Capacity is in MW with at most three decimals; days are `YYYY-MM-DD`, instants are UTC.
"""


class Operation(NamedTuple):
    """One operation of the document, the route that answers it, and the words of its code."""

    method: str
    path: str
    said: Part
    route: APIRoute
    words: frozenset[str]


def operation_id(route: APIRoute) -> str:
    """The name of a route's function."""
    return route.name


def install(app: FastAPI) -> None:
    """Serves the document: made when it is first asked for, and kept once, compressed."""
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    app.add_route(ADDRESS, _Served(app).answer, include_in_schema=False)


class _Served:
    def __init__(self, app: FastAPI) -> None:
        self._app, self._lock = app, asyncio.Lock()
        self._kept: tuple[bytes, str] | None = None

    async def answer(self, request: Request) -> Response:
        """The document, or 304 to whoever holds it."""
        async with self._lock:
            if self._kept is None:
                self._kept = await to_thread.run_sync(self._made)
        packed, etag = self._kept
        headers = {"ETag": etag, "Vary": "Accept-Encoding"}
        if etag in request.headers.get("if-none-match", "").replace("W/", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=JSON)
        return Response(gzip.decompress(packed), headers=headers, media_type=JSON)

    def _made(self) -> tuple[bytes, str]:
        body = json.dumps(document(self._app), ensure_ascii=False, separators=(",", ":")).encode()
        return gzip.compress(body, mtime=0), f'"{fingerprint(body)}"'


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, made anew."""
    tracker: Tracker = app.state.tracker
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=ABOUT,
        routes=app.routes,
    )
    components = made["components"]
    components["securitySchemes"] = parts.SECURITY
    components["headers"] = parts.HEADERS
    components["parameters"] = parts.PARAMETERS
    components["responses"] = parts.responses()
    schemas.finish(components["schemas"])
    tags: dict[str, str] = {}
    for operation in _operations(app, made["paths"]):
        _say(operation, components["schemas"])
        for tag in operation.said["tags"]:
            tags.setdefault(tag, _first(inspect.getmodule(operation.route.endpoint).__doc__ or ""))
        if operation.path.startswith(BASE):
            _secure(operation, is_open=tracker.settings.public_reading)
            _ask(operation)
            _answer(operation, components["schemas"])
    made["tags"] = [{"name": name, "description": said} for name, said in tags.items()]
    return made


def _operations(app: FastAPI, paths: Part) -> Iterator[Operation]:
    for route in iter_route_contexts(app.routes):
        own, path = route.original_route, route.path_format
        if isinstance(own, APIRoute) and path is not None and route.include_in_schema:
            for method in sorted(route.methods or ()):
                yield Operation(method, path, paths[path][method.lower()], own, words(own.endpoint))


def _first(text: str) -> str:
    """The first sentence of a docstring, on one line."""
    whole = " ".join(text.split())
    return whole.partition(". ")[0].removesuffix(".")


def _say(operation: Operation, known: Part) -> None:
    """Its words: what it does, and who may."""
    said = operation.said
    about = inspect.getdoc(operation.route.endpoint) or ""
    said["summary"], said["description"] = _first(about), about
    if NEEDS in said:
        act = May(said[NEEDS])
        roles = ", ".join(role.value for role in Role if act in GRANTS[role] and role != Role.SYSTEM)
        said["description"] += f"\n\n**{act.vi} / {act.en}** (`{act.value}`): {roles}."
    for each in said.get("parameters", ()):
        each["schema"].pop("title", None)
        if "description" not in each:
            each["description"] = parts.NAMED.get(each["name"]) or schemas.about(each["schema"], known)


def _secure(operation: Operation, *, is_open: bool) -> None:
    said = operation.said
    ways: list[Part] = [{"bearer": []}, {"apiKey": []}]
    if operation.path == CALENDAR:
        ways.append({"calendarKey": []})
        said["parameters"] = [each for each in said["parameters"] if each["name"] != "key"]
    if is_open and May(said[NEEDS]) in GRANTS[Role.PUBLIC]:
        ways.insert(0, {})
    said["security"] = ways


def _ask(operation: Operation) -> None:
    """The parameters that every operation takes, and those of its kind."""
    names = ["Lang", "AcceptLanguage"]
    if _is_held(operation):
        names.append("IfNoneMatch")
    if "expected" in operation.words:
        names.append("IfMatch")
    if operation.method == "POST" and "change" in operation.words:
        names.append("IdempotencyKey")
    given = operation.said.setdefault("parameters", [])
    given += [refer("parameters", name) for name in names]
    for kind, media in operation.said.get("requestBody", {}).get("content", {}).items():
        file = {"type": "string", "format": "binary"}
        media.setdefault("schema", {"type": "object"} if kind == JSON else file)


def _is_held(operation: Operation) -> bool:
    """Whether an answer can be told from the next by its ETag, so that nobody need read it twice."""
    known = operation.words
    sometimes = "304" in operation.said["responses"] or "journaled" not in known
    return operation.method == "GET" and sometimes and bool({"read", "give"} & known)


def _answer(operation: Operation, known: Part) -> None:
    """The answers: their headers, and the problems that can come."""
    answers: Part = operation.said["responses"]
    answers.pop("422", None)  # The framework's own.
    for status, answer in answers.items():
        if status.startswith("2"):
            _succeed(operation, status, answer, known)
    if _is_held(operation):
        answers["304"] = {
            "description": "What the caller holds is still so.",
            "headers": parts.headers(*parts.ALWAYS, "ETag"),
        }
    for refusal in _refusals(operation):
        answers[str(refusal)] = refer("responses", parts.PROBLEMS[refusal][0])
    operation.said["responses"] = dict(sorted(answers.items()))


def _succeed(operation: Operation, status: str, answer: Part, known: Part) -> None:
    if answer.get("description") == "Successful Response":
        answer["description"] = {"201": "Made.", "204": "Done; nothing to tell."}.get(status, "As asked.")
    content = answer.get("content", {})
    for media in content.values():
        media.setdefault("schema", {"type": "string"}).pop("title", None)
    names = list(parts.ALWAYS)
    if content and (operation.method != "GET" or _is_held(operation) or "read_personal" in operation.words):
        names.append("ETag")
    if status == "201" and "location" in operation.words:
        names.append("Location")
    if operation.method == "POST" and "change" in operation.words:
        names.append("Idempotency-Replayed")
    if "next" in schemas.properties(content.get(JSON, {}).get("schema", {}), known):
        names.append("Link")
    answer["headers"] = parts.headers(*names)


def _refusals(operation: Operation) -> set[int]:
    """The statuses of the problems that can come."""
    said, known = operation.said, operation.words
    found = {401, 403, 422, 429, 503, *(int(s) for s in said["responses"] if int(s) in parts.PROBLEMS)}
    if 400 in found:
        found.remove(422)
    if "{" in operation.path:
        found.add(404)
    if operation.method != "GET":
        found.add(409)
    if "expected" in known:
        found.add(412)
    if "requestBody" in said:
        found.add(413)
    if operation.route.body_field is not None or "receive" in known:
        found.add(415)
    return found
