"""The route every door uses: it names who may call it, refuses unknown parameters, and keeps finished answers."""

from collections.abc import Callable, Container, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from app.deps import people, signing
from app.deps.asking import NO_STORE, Ask
from app.deps.tracker import Kept, Tracker
from app.domain.access import May, require
from app.domain.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.domain.problems import Problem
from app.domain.words import Lang

NEEDS, ANY_QUERY = "x-needs", "x-any-query"
LANGS = frozenset(Lang)


def needs(act: May, *, any_query: bool = False) -> dict[str, Any]:
    """`openapi_extra` of a route: the permission it needs, enforced here and shown in the OpenAPI document. `any_query`: an
    address where another service sends people, with parameters of its own, which are not refused."""
    return {NEEDS: act.value, ANY_QUERY: True} if any_query else {NEEDS: act.value}


class Route(APIRoute):
    """A route without `needs(…)` cannot be made."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()
        if NEEDS not in (self.openapi_extra or {}):
            raise TypeError(f"{self.path} does not say who may call it: openapi_extra=needs(May.…)")
        act = May((self.openapi_extra or {})[NEEDS])
        known = {"lang", *_parameters(self.dependant)}
        keeps = self.methods == {"GET"}
        any_query = ANY_QUERY in (self.openapi_extra or {})
        takes_json = self.body_field is not None

        async def handle(request: Request) -> Response:
            ask = await enter(request)
            require(ask.actor, act)
            if is_page := people.is_page(request.scope["path"]):
                await ask.count_waiting()
            if request.method != "GET" and is_page:
                await signing.refuse_forged(ask)
            if request.scope["query_string"] and not any_query:
                _refuse_unknown(request, known)
            if "\0" in request.scope["path"]:
                raise NotFound(Problem.NOT_FOUND)  # PostgreSQL could not even be asked.
            if takes_json and not _is_json(request.headers.get("content-type")):
                raise HTTPException(415)
            try:
                response = await inner(ask)
            finally:
                await ask.close()  # A form's files.
            # What is streamed from the disk is never held whole in memory, and personal data is given once a look.
            held = (
                not isinstance(response, StreamingResponse)
                and response.headers.get("cache-control") != NO_STORE
            )
            # A page of a session carries its own token: its browser may keep it, this process does not.
            is_shared = keeps and held and ask.browser is None
            if is_shared and response.status_code == 200 and "etag" in response.headers:
                kept = Kept(response, request.scope["route"])
                ask.tracker.answers.keep(ask.revision, ask.question, kept)
            return response

        return handle


async def enter(request: Request) -> Ask:
    """Who asks, when, in which language and at which revision; also for the problem handlers, so it comes first."""
    tracker: Tracker = request.app.state.tracker
    now = tracker.clock.now()
    request.state.lang = language(request)
    revision = await tracker.db.head()
    key, in_address = people.came_with(request)
    signed_in = None if key is not None else await people.signed_in(request, now)
    if signed_in is None:
        is_door = people.is_door(request.scope["path"])
        try:
            actor, browser = await tracker.keys.actor(tracker.db, key, revision, now, is_door=is_door), None
        except Unauthenticated:
            await tracker.rates.count(request, None)
            raise
    else:
        actor, browser = signed_in
    await tracker.rates.count(request, actor)
    if in_address and actor.only is None:
        raise Forbidden(Problem.KEY_PURPOSE)  # A key that opens everything has no place in an address.
    if actor.key_id is not None:
        tracker.uses[actor.key_id] = now
    ask = Ask(request, tracker, actor, request.state.lang, now, revision, browser)
    request.state.ask = ask
    return ask


def language(request: Request) -> Lang:
    """`?lang=`, else the first of our languages in `Accept-Language`, else Vietnamese."""
    asked = request.query_params.get("lang") if request.scope["query_string"] else None
    if asked is not None:
        if asked not in LANGS:
            request.state.lang = Lang.VI
            raise Invalid(Problem.NOT_A_WORD, field="lang", allowed=list(Lang))
        return Lang(asked)
    return accepted(request.headers.get("accept-language", ""))


def accepted(header: str) -> Lang:
    """The first of our languages that an `Accept-Language` header names; Vietnamese where it names none."""
    for part in header.lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in LANGS:
            return Lang(code)
    return Lang.VI


def _refuse_unknown(request: Request, known: Container[str]) -> None:
    for name in request.query_params:
        if name not in known:
            raise Invalid(Problem.PARAMETER_UNKNOWN, field=name)


def _is_json(content_type: str | None) -> bool:
    """Whether a body says it is JSON; one that says nothing is told so where it is read."""
    kind = (content_type or "application/json").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def _parameters(dependant: Dependant) -> set[str]:
    """The names of the query parameters a route takes, also those inside a query model."""
    names: set[str] = set()
    for field in dependant.query_params:
        model = getattr(field.field_info, "annotation", None)
        fields = getattr(model, "model_fields", None)
        if fields is None:
            names.add(field.alias)
        else:
            names |= {info.alias or name for name, info in fields.items()}
    return names.union(*(_parameters(d) for d in dependant.dependencies))
