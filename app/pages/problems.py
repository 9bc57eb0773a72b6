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
from app.domain.problems import Problem
from app.domain.words import Lang
from app.pages.rendering import Frame, frame, page, render
from app.pages.signing import SignInPage, waiting
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
        if is_of_another_session(request, error):
            return await _to_go_on(request)
        headers = {k: v for k, v in answer.headers.items() if k not in ("content-length", "content-type")}
        if answer.status_code == 500:
            # It leaves outside of the middleware that adds them to every other answer.
            headers |= {name.decode(): value.decode() for name, value in logs.SAFE}
        problem = ProblemRead.model_validate_json(bytes(answer.body))
        body = render("problem.html", ProblemPage(_frame(request), problem), request.state.lang)
        return Response(body, answer.status_code, headers, media_type="text/html; charset=utf-8")

    return handle


async def _to_sign_in(request: Request) -> Response:
    """To the form to sign in with, and back here afterwards. A form of ours that came too late goes with it."""
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    shown = _frame(request)
    if request.method == "GET":
        return RedirectResponse(shown.to("/sign-in", next=target, said="needed"), 303)
    if not signing.comes_from_here(request):
        # What somebody else has typed is not kept, to be sent in the name of whoever signs in.
        return page("sign_in.html", SignInPage(shown, "/", notice=Signing.NEEDED), request.state.lang, 401)
    fields, had_files = await _typed(request)
    context = SignInPage(shown, target, notice=Signing.ENDED, kept=fields, had_files=had_files)
    return page("sign_in.html", context, request.state.lang, 401)


def is_of_another_session(request: Request, error: Exception) -> bool:
    """Whether a form of this service was opened in a session before the present one: in another tab somebody has
    signed in again."""
    is_forged = isinstance(error, TrackerError) and error.problem == Problem.FORGED
    ask = getattr(request.state, "ask", None)
    return (
        is_forged
        and isinstance(ask, Ask)
        and ask.browser is not None
        and bool(signing.comes_from_here(request))
    )


async def _to_go_on(request: Request) -> Response:
    """What was typed, to be sent again with the token of the present session."""
    fields, had_files = await _typed(request)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    shown = SignInPage(
        frame(request.state.ask), target, notice=Signing.OTHER_SESSION, kept=fields, had_files=had_files
    )
    return page("go_on.html", shown, request.state.lang, 403)


async def _typed(request: Request) -> tuple[list[tuple[str, str]], bool]:
    """The fields of a form that was refused, and whether it had files. The route may have read it already."""
    reader: Request = getattr(request.state, "ask", request)
    try:
        return waiting(await reader.form(max_fields=signing.MOST_FIELDS))
    finally:
        await reader.close()


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
        return replace(frame(ask), asked={}, as_of=None, known_at=None)
    return Frame(request.state.lang, request.url.path, {}, None, is_demo=False)
