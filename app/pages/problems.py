"""Problems as a small page, for who comes with a browser to an address outside the API. What is said is the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from app.deps import Ask, logs, signing
from app.deps.people import DOOR, is_page
from app.deps.route import accepted
from app.domain.errors import TrackerError
from app.domain.words import Lang
from app.pages.rendering import Frame, frame, page, render
from app.pages.signing import SignInPage
from app.pages.words import Signing
from app.schemas.journal import ProblemRead

Handler = Callable[[Request, Any], Response | Awaitable[Response]]
Page = Callable[[Request, Exception], Awaitable[Response]]
KINDS: tuple[type[Exception], ...] = (TrackerError, RequestValidationError, HTTPException, Exception)


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
        if answer.status_code == 401 and request.url.path != DOOR and "authorization" not in request.headers:
            return await _to_sign_in(request)
        headers = {k: v for k, v in answer.headers.items() if k not in ("content-length", "content-type")}
        if answer.status_code == 500:
            # It leaves outside of the middleware that adds them to every other answer.
            headers |= {name.decode(): value.decode() for name, value in logs.SAFE}
        problem = ProblemRead.model_validate_json(bytes(answer.body))
        body = render("problem.html", ProblemPage(_frame(request), problem), request.state.lang)
        return Response(body, answer.status_code, headers, media_type="text/html; charset=utf-8")

    return handle


async def _to_sign_in(request: Request) -> Response:
    """To the form to sign in with, and back here afterwards. A form that came too late goes with it, and is sent again."""
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    shown = _frame(request)
    if request.method == "GET":
        return RedirectResponse(shown.to("/sign-in", next=target, said="needed"), 303)
    form = await request.form(max_fields=signing.MOST_FIELDS)
    fields = [
        (name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "token"
    ]
    context = SignInPage(shown, target, notice=Signing.ENDED, kept=fields)
    return page("sign_in.html", context, request.state.lang, 401)


def wants_page(request: Request) -> bool:
    """Whether a browser asks, for something that is not the programs'."""
    return is_page(request.url.path) and "text/html" in request.headers.get("accept", "")


def _lang(request: Request) -> Lang:
    asked = request.query_params.get("lang")
    return Lang(asked) if asked in set(Lang) else accepted(request.headers.get("accept-language", ""))


def _frame(request: Request) -> Frame:
    """The frame of a page that could not be shown. Where it is not even known who asks, it is nobody's."""
    ask = getattr(request.state, "ask", None)
    if isinstance(ask, Ask):
        return replace(frame(ask), asked={})
    return Frame(request.state.lang, request.url.path, {}, None, is_demo=False)
