"""An answer given before is given again, ahead of all routing, while the journal stands at the same revision."""

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.deps.route import enter
from app.deps.tracker import Tracker
from app.domain.errors import TrackerError


class Again:
    """ASGI middleware. Who comes with the same key and asks the same at the same revision is told the same: since the
    answer was kept, neither a right nor a row has changed. Everything else, every refusal too, is the route's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await _kept(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        await (answer or self.app)(scope, receive, send)


async def _kept(scope: Scope) -> ASGIApp | None:
    tracker: Tracker = scope["app"].state.tracker
    if not tracker.answers.knows(scope["path"]):
        return None
    try:
        ask = await enter(Request(scope))
    except TrackerError:
        return None
    if ask.browser is not None:
        return None
    kept = tracker.answers.get(ask.revision, ask.question)
    if kept is None:
        return None
    scope["route"] = kept.route
    return ask.unless_held(kept.response)
