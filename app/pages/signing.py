"""`/sign-in`, `/sign-out` and one's own password. Whoever was sent here comes back to where they were, with what they typed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse

from app.db import Stamp
from app.deps import Ask, Route, needs, signing
from app.domain.access import May
from app.domain.errors import TrackerError, Unauthenticated
from app.domain.problems import Problem
from app.domain.signing import check_password
from app.domain.words import Term
from app.pages.rendering import Frame, frame, page
from app.pages.words import Signing
from app.schemas.base import Asked
from app.services import people

router = APIRouter(tags=["pages"], route_class=Route)
# Fields of a form that was sent when its session was over carry this before their names, until it is sent again.
KEPT = "kept:"
HAD_FILES = "had_files"


class SignInQuery(Asked):
    next: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`kept` are the fields of a form that is still to be sent, to `next`; `had_files`: its files are not among them.
    `opens_at`: when the next attempt is taken. `refusal`: what came of signing in elsewhere, as `subject` where that is
    known and nobody here."""

    frame: Frame
    next: str
    login: str = ""
    problem: Term | None = None
    notice: Term | None = None
    kept: Sequence[tuple[str, str]] = ()
    had_files: bool = False
    opens_at: datetime | None = None
    refusal: Term | None = None
    subject: str | None = None


@router.get("/sign-in", openapi_extra=needs(May.READ))
async def show_sign_in(ask: Ask, query: Annotated[SignInQuery, Query()]) -> Response:
    """The form to sign in with; who is signed in goes on."""
    if ask.browser is not None:
        return RedirectResponse(local(query.next), 303)
    notice = {"needed": Signing.NEEDED, "changed": Signing.CHANGED}.get(query.said)
    return page("sign_in.html", SignInPage(frame(ask), local(query.next), notice=notice), ask.lang)


@router.post("/sign-in", openapi_extra=needs(May.READ))
async def sign_in(ask: Ask) -> Response:
    """Signs a browser in, and goes back to where it was sent from; a wrong pair keeps the login and what was typed."""
    form = await ask.form(max_fields=signing.MOST_FIELDS)
    login, target = str(form.get("login", "")), local(str(form.get("next", "")))
    if "onward" in form:
        return _signed_in_elsewhere(ask, form, target)
    try:
        session = await signing.sign_in(ask, login, str(form.get("password", "")))
    except Unauthenticated as error:
        return _not_in(ask, form, SignInPage(frame(ask), target, login, error.problem), error)
    response = _onward(ask, target, form)
    signing.remember(response, ask, session)
    return response


@router.post("/sign-out", openapi_extra=needs(May.READ))
async def sign_out(ask: Ask) -> Response:
    """Signs this browser out."""
    await signing.sign_out(ask)
    response = RedirectResponse(frame(ask).to("/"), 303)
    signing.forget(response, ask)
    return response


@dataclass(frozen=True, slots=True)
class PasswordPage:
    frame: Frame
    problem: Term | None = None
    field: str | None = None


@router.get("/password", openapi_extra=needs(May.READ))
async def show_password(ask: Ask) -> Response:
    """The form for a password of one's own."""
    if ask.browser is None:
        raise Unauthenticated(Problem.KEY_MISSING)
    return page("password.html", PasswordPage(frame(ask)), ask.lang)


@router.post("/password", openapi_extra=needs(May.READ))
async def change_password(ask: Ask) -> Response:
    """Changes it: the present one is asked for, and every browser is signed out."""
    if ask.browser is None or ask.actor.user is None:
        raise Unauthenticated(Problem.KEY_MISSING)
    form, login = await ask.form(), ask.actor.user
    try:
        check_password(str(form.get("new_password", "")), login)
        await signing.check(ask, login, str(form.get("old_password", "")))
    except TrackerError as error:
        field = "new" if error.problem == Problem.PASSWORD_WEAK else "old"
        return page("password.html", PasswordPage(frame(ask), error.problem, field), ask.lang, 422)
    hashed = await signing.hashed_in_thread(str(form.get("new_password", "")))
    await ask.tracker.db.change(
        lambda session: people.set_password(session, ask.actor, login, hashed, ask.now),
        Stamp(ask.now, ask.state.request_id),
    )
    response = RedirectResponse(frame(ask).to("/sign-in", said="changed"), 303)
    signing.forget(response, ask)
    return response


def local(address: str) -> str:
    """An address inside this service, or the overview: nobody is sent elsewhere from here."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"


def waiting(form: FormData) -> tuple[list[tuple[str, str]], bool]:
    """The fields of a form that came too late, and whether files were chosen in it. Its token is of no use any more,
    and a password is written into no page."""
    fields = [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name != "token" and not name.endswith("password")
    ]
    return fields, any(isinstance(value, UploadFile) and value.filename for value in form.values())


def _kept(form: FormData) -> list[tuple[str, str]]:
    """The fields of a form that waits to be sent again."""
    return [
        (name.removeprefix(KEPT), value)
        for name, value in form.multi_items()
        if name.startswith(KEPT) and isinstance(value, str)
    ]


def _not_in(ask: Ask, form: FormData, shown: SignInPage, error: Unauthenticated) -> Response:
    """The form again, with what waits behind it, and from when on it is taken where it was sent too often."""
    opens_at = error.details.get("opens_at")
    until = opens_at if isinstance(opens_at, datetime) else None
    shown = replace(shown, kept=_kept(form), had_files=HAD_FILES in form, opens_at=until)
    return page("sign_in.html", shown, ask.lang, 401 if until is None else 429)


def _signed_in_elsewhere(ask: Ask, form: FormData, target: str) -> Response:
    """On with a waiting form, once another tab of this browser has signed in."""
    if ask.browser is not None and signing.comes_from_here(ask):
        return _onward(ask, target, form)
    shown = SignInPage(
        frame(ask), target, kept=_kept(form), had_files=HAD_FILES in form, notice=Signing.NOT_YET
    )
    return page("sign_in.html", shown, ask.lang, 401)


def _onward(ask: Ask, target: str, form: FormData) -> Response:
    """Back to a page, or to a page that sends a waiting form on."""
    fields = _kept(form)
    if not fields:
        return RedirectResponse(target, 303)
    shown = SignInPage(
        frame(ask), target, kept=fields, had_files=HAD_FILES in form, notice=Signing.GO_ON_HELP
    )
    return page("go_on.html", shown, ask.lang)
