"""Problems as a small page, for who comes with a browser to an address outside the API. What is said is the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.deps import logs
from app.deps.route import accepted
from app.domain.errors import TrackerError
from app.domain.words import Lang
from app.pages.rendering import Frame, render
from app.schemas.journal import ProblemRead

Handler = Callable[[Request, Any], Response | Awaitable[Response]]
Page = Callable[[Request, Exception], Awaitable[Response]]
KINDS: tuple[type[Exception], ...] = (TrackerError, RequestValidationError, HTTPException, Exception)
# Programs ask there, and read JSON whatever they accept.
MACHINES = ("/api", "/livez", "/readyz", "/metrics", "/openapi.json")


@dataclass(frozen=True, slots=True)
class ProblemPage:
    frame: Frame
    problem: ProblemRead


def install(app: FastAPI) -> None:
    """Puts a page around the answer of each handler of `deps.problems`, which must be installed before."""
    for kind in KINDS:
        app.add_exception_handler(kind, _page_of(app.exception_handlers[kind]))


def _page_of(handler: Handler) -> Page:
    async def said(request: Request, error: Exception) -> Response:
        answer = handler(request, error)
        return await answer if isawaitable(answer) else answer

    async def handle(request: Request, error: Exception) -> Response:
        if not wants_page(request):
            return await said(request, error)
        if not hasattr(request.state, "lang"):
            request.state.lang = _lang(request)
        answer = await said(request, error)
        headers = {k: v for k, v in answer.headers.items() if k not in ("content-length", "content-type")}
        if answer.status_code == 500:
            # It leaves outside of the middleware that adds them to every other answer.
            headers |= {name.decode(): value.decode() for name, value in logs.SAFE}
        problem = ProblemRead.model_validate_json(bytes(answer.body))
        body = render("problem.html", ProblemPage(_frame(request), problem), request.state.lang)
        return Response(body, answer.status_code, headers, media_type="text/html; charset=utf-8")

    return handle


def wants_page(request: Request) -> bool:
    """Whether a browser asks, for something that is not the programs'."""
    path = request.url.path
    is_machines = any(path == place or path.startswith(place + "/") for place in MACHINES)
    return not is_machines and "text/html" in request.headers.get("accept", "")


def _lang(request: Request) -> Lang:
    asked = request.query_params.get("lang")
    return Lang(asked) if asked in set(Lang) else accepted(request.headers.get("accept-language", ""))


def _frame(request: Request) -> Frame:
    """The language switch asks for the same address again; what else was asked is not repeated."""
    return Frame(request.state.lang, request.url.path, {}, None, is_demo=False)
