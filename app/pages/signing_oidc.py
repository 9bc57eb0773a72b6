"""`/sign-in/oidc`: to the service that signs people in and back from it. Its links and answers are visits, so both are `GET`:
a browser would hold a form that ends elsewhere back (`form-action`). Neither changes the world, only who sits here."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from app.deps import Ask, Route, needs, signing, signing_oidc
from app.deps.people import DOOR
from app.deps.signing_oidc import Begun
from app.domain.access import May
from app.domain.errors import Forbidden, TrackerError, Unavailable
from app.pages.rendering import frame, page
from app.pages.signing import SignInPage, local
from app.schemas.base import Asked

router = APIRouter(tags=["pages"], route_class=Route)
# The address stands in a cookie, which has little room: 4,096 bytes with all that is around it.
LONGEST_TARGET_BYTES = 1_500
NOBODY_KEEPS = {"Cache-Control": "no-store"}


class StartQuery(Asked):
    next: str = ""


@router.get("/sign-in/oidc", openapi_extra=needs(May.READ))
async def start(ask: Ask, query: Annotated[StartQuery, Query()]) -> Response:
    """To the provider, which sends the browser to `/sign-in/oidc/back`; who is signed in goes on."""
    target = local(query.next if len(query.next.encode(errors="replace")) <= LONGEST_TARGET_BYTES else "")
    if ask.browser is not None:
        return RedirectResponse(target, 303)
    try:
        address, kept = await signing_oidc.start(ask, target)
    except (Forbidden, Unavailable) as error:
        return _not_in(ask, error, target, None)
    response = RedirectResponse(address, 303, NOBODY_KEEPS)
    signing_oidc.remember(response, ask, kept)
    return response


@router.get("/sign-in/oidc/back", openapi_extra=needs(May.READ, any_query=True))
async def come_back(ask: Ask) -> Response:
    """Signs in whom the provider names, if an account is linked to them, and goes where the attempt began."""
    signing_oidc.provider(ask)
    begun = signing_oidc.begun(ask)
    if begun is None and ask.browser is not None:
        return RedirectResponse("/", 303)  # Back in the history of a browser that is signed in.
    try:
        session = await signing_oidc.finish(ask, begun)
    except (Forbidden, Unavailable) as error:
        return _not_in(ask, error, begun.target if begun else "/", begun)
    response = RedirectResponse(begun.target if begun else "/", 303, NOBODY_KEEPS)
    signing.remember(response, ask, session)
    signing_oidc.forget(response, ask)
    return response


def _not_in(ask: Ask, error: TrackerError, target: str, begun: Begun | None) -> Response:
    """The form to sign in with, and what came of the attempt."""
    lang = signing_oidc.lang(ask, begun)
    asked = {"lang": begun.lang} if begun is not None and begun.lang else {}
    around = replace(frame(ask), lang=lang, path=DOOR, asked=asked if begun else frame(ask).asked)
    subject = error.subject if isinstance(error, signing_oidc.UnknownIdentity) else None
    shown = SignInPage(around, target, refusal=error.problem, subject=subject)
    response = page("sign_in.html", shown, lang, signing_oidc.status(error))
    if begun is not None:
        signing_oidc.forget(response, ask)
    return response
