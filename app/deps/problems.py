"""Problems as RFC 9457 answers, in the caller's language, naming the field and never echoing what was sent."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from app.deps.route import accepted
from app.domain import errors
from app.domain.problems import Problem
from app.domain.rules import Finding, Rule
from app.domain.words import Lang, Term
from app.schemas import refusals
from app.schemas.journal import ProblemField, ProblemRead
from app.services.journal import plain

STATUS: dict[type[errors.TrackerError], int] = {
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Stale: 412,
    errors.Invalid: 422,
    errors.RuleBroken: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
HTTP: dict[int, Problem] = {
    400: Problem.BODY_NOT_JSON,
    404: Problem.NOT_FOUND,
    405: Problem.METHOD_NOT_ALLOWED,
    413: Problem.BODY_TOO_LARGE,
    415: Problem.MEDIA_TYPE,
}
# OGC API - Features, Part 1, 7.12: to a parameter that is not known or not good its clients expect 400.
OGC = "/api/v1/features"
# What the caller itself has sent: the field and the address say which, so it is not sent back.
SENT = frozenset({"code", "number", "prefix", "login", "id"})
LONGEST_NAME = 100
log = structlog.get_logger("problems")


def install(app: FastAPI) -> None:
    """Registers the handlers of every kind of failure."""
    app.add_exception_handler(errors.TrackerError, _refused)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.TrackerError)
    status = next(number for kind, number in STATUS.items() if isinstance(error, kind))
    lang = _lang(request)
    details = {name: value for name, value in error.details.items() if name not in SENT}
    findings = details.pop("findings", None)
    fields = []
    lines = details.pop("lines", None)
    if isinstance(lines, list):
        fields = [_field(e.problem, e.path, {"line": e.line, **e.details}, lang) for e in lines[:100]]
    elif isinstance(findings, list):
        fields = [found(f, lang) for f in findings]
    elif error.field is not None:
        fields, details = [_field(error.problem, error.field, details, lang)], {}
    return answer(
        request, status, error.problem, fields=fields, details=details, headers=_headers(status, details)
    )


def _headers(status: int, details: Mapping[str, object]) -> dict[str, str]:
    """What a status asks for beside the problem: how to come again, or when."""
    if status == 401:
        return {"WWW-Authenticate": "Bearer"}
    if status == 429:
        return {"Retry-After": str(details["seconds"])}
    return {"Retry-After": "1"} if status == 503 else {}


async def _misshapen(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    lang = _lang(request)
    fields = []
    for shape in error.errors()[:100]:
        place = ".".join(str(part) for part in shape["loc"][1:]) or None
        problem = refusals.problem(str(shape["type"]))
        details = {k: v for k, v in (shape.get("ctx") or {}).items() if k in ("ge", "gt", "le", "lt", "max_length", "min_length", "expected")}  # fmt: skip
        fields.append(_field(problem, None if problem == Problem.BODY_NOT_JSON else place, details, lang))
    codes = {f.code for f in fields}
    alone = len(codes) == 1 or Problem.BODY_NOT_JSON.value in codes
    problem = refusals.named(fields[0].code) if alone else Problem.SHAPE
    return answer(request, 422, problem, fields=fields)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = HTTP.get(error.status_code, Problem.UNEXPECTED)
    # One status for every body that is no UTF-8 JSON; the framework says 400 to some of them.
    status = 422 if problem == Problem.BODY_NOT_JSON else error.status_code
    headers = {"Allow": _allowed(request)} if status == 405 else dict(error.headers or {})
    return answer(request, status, problem, headers=headers)


def _allowed(request: Request) -> str:
    """Every method of an address. The framework would name those of one route of it."""
    found: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        form = getattr(route, "path_regex", None)
        if form is not None and form.match(request.scope["path"]):
            found |= route.methods or set()
    return ", ".join(sorted(found))


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("unexpected", exc_info=error, path=request.url.path)
    return answer(request, 500, Problem.UNEXPECTED)


def answer(
    request: Request,
    status: int,
    problem: Term,
    *,
    fields: list[ProblemField] | None = None,
    details: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem as `application/problem+json`."""
    if status == 422 and request.scope["path"].startswith(OGC):
        status = 400
    body = ProblemRead(
        type=f"urn:tracker:problem:{problem.value}",
        title=problem.label(_lang(request)),
        status=status,
        code=problem.value,
        errors=fields or [],
        details=plain(details) or None,
        request_id=getattr(request.state, "request_id", None),
    )
    return Response(
        body.model_dump_json(exclude_none=True),
        status,
        dict(headers or {}),
        media_type="application/problem+json",
    )


def sentence(problem: Term, lang: Lang, details: Mapping[str, object]) -> str:
    """A problem in words, with its details, for a reader at a terminal."""
    said = ", ".join(f"{name} {value}" for name, value in (plain(details) or {}).items())
    return f"{problem.label(lang)} ({said})" if said else problem.label(lang)


def found(finding: Finding, lang: Lang) -> ProblemField:
    """A finding of the rules as one failing field."""
    return ProblemField(
        field=finding.field,
        code=finding.rule.value,
        rule=finding.rule.number,
        message=finding.sentence(lang),
        details=plain(finding.details) or None,
    )


def _field(problem: Term, field: str | None, details: Mapping[str, object], lang: Lang) -> ProblemField:
    number = problem.number if isinstance(problem, Rule) else None
    said: dict[str, Any] | None = plain(details) or None
    return ProblemField(
        field=field and field[:LONGEST_NAME],
        code=problem.value,
        rule=number,
        message=problem.label(lang),
        details=said,
    )


def _lang(request: Request) -> Lang:
    """The caller's language, also where no route was reached that would have read it."""
    found: Lang | None = getattr(request.state, "lang", None)
    return found or accepted(request.headers.get("accept-language", ""))
