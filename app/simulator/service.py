"""The simulated service as an ASGI application, and how it is run."""

import hashlib
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.domain.exchanges import instant
from app.domain.vocabulary import Stream
from app.simulator.faults import BYTES, NO_PAGE, RECORDS, Fault, Faults, spoiled
from app.simulator.upstream import Asked, BadToken, Fields, Key, Upstream

MOST_ROWS, USUAL_ROWS = 500, 200
PARAMETERS = frozenset({"updated_since", "page_token", "limit"})


@dataclass(frozen=True, slots=True)
class Question:
    """One request as it came, kept so that tests can hold it against the contract."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Simulator:
    """Answers from `upstream`; `questions` are those it was asked. `rows`: the most it gives on a page."""

    upstream: Upstream
    faults: Faults
    token: str | None = None
    rows: int = MOST_ROWS
    questions: list[Question] = field(default_factory=list)

    async def many(self, request: Request) -> Response:
        return await self._answered(request, self._page)

    async def one(self, request: Request) -> Response:
        return await self._answered(request, self._record)

    async def _answered(self, request: Request, answer: Callable[[Request, Stream], Response]) -> Response:
        self.questions.append(Question(request.url.path, dict(request.query_params), dict(request.headers)))
        if self.token is not None and request.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, "token")
        if request.path_params["stream"] not in list(Stream):
            return _error(404, "stream")
        fault = self.faults.draw(*NO_PAGE)
        if fault == Fault.TIMEOUT:
            await _gone(request.receive)
        if fault is not None:
            busy = fault == Fault.BUSY
            return _error(429 if busy else 500, fault.value, {"Retry-After": "1"} if busy else {})
        return answer(request, Stream(request.path_params["stream"]))

    def _record(self, request: Request, stream: Stream) -> Response:
        found = self.upstream.one(stream, request.path_params["id"])
        return _error(404, "id") if found is None else _json(found)

    def _page(self, request: Request, stream: Stream) -> Response:
        asked = self._asked(request)
        if asked is None:
            return _error(400, "query")
        by_place = self.faults.has(Fault.SHIFTED)
        order = self._order if self.faults.has(Fault.REORDERED) else None
        try:
            said, etag = self.upstream.page(stream, asked, order, by_place=by_place)
        except BadToken:
            return _error(400, "page_token")
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        self._change(stream, said)
        if said["next_page_token"] is not None and self.faults.draw(Fault.DUPLICATED):
            said["next_page_token"] = asked.token or said["next_page_token"]
            said["items"] += said["items"]
        if (kind := self.faults.draw(*RECORDS)) is not None:
            self.faults.spoil_record(kind, said["items"])
        headers = {"ETag": etag} if asked.token is None else {}
        kind = self.faults.draw(*BYTES)
        if kind is None:
            return _json(said, headers)
        body, media_type = spoiled(kind, json.dumps(said, ensure_ascii=False))
        return Response(body, headers=headers, media_type=media_type)

    def _asked(self, request: Request) -> Asked | None:
        query = request.query_params
        since, limit = query.get("updated_since"), query.get("limit", str(USUAL_ROWS))
        at: datetime | None = instant(since)
        if set(query) - PARAMETERS or not limit.isdecimal() or (since is not None and at is None):
            return None
        if not 1 <= int(limit) <= MOST_ROWS:
            return None
        return Asked(at, query.get("page_token"), min(int(limit), self.rows))

    def _order(self, record: Fields) -> Key:
        """An order of its own: nothing in it says which record changed last."""
        return hashlib.blake2b(str(record["id"]).encode(), digest_size=8).hexdigest(), record["id"]

    def _change(self, stream: Stream, said: dict[str, Any]) -> None:
        """A record of a page changes as soon as the page is given, and stands at a later place from then on."""
        kinds = (Fault.MOVED, Fault.SHIFTED)
        if said["next_page_token"] is not None and self.faults.draw(*kinds) is not None:
            items = said["items"]
            self.upstream.touch(stream, items[self.faults.pick(len(items))]["id"])


async def _gone(receive: Callable[[], Awaitable[Any]]) -> None:
    """Waits until whoever asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _json(said: object, headers: dict[str, str] | None = None) -> Response:
    body = json.dumps(said, ensure_ascii=False).encode()
    return Response(body, headers=headers, media_type="application/json")


def _error(status: int, said: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": said}, status, headers)


def service(simulator: Simulator) -> Starlette:
    """The application."""
    return Starlette(
        routes=[Route("/v1/{stream}", simulator.many), Route("/v1/{stream}/{id:path}", simulator.one)]
    )


def serve(simulator: Simulator, listening: socket.socket) -> None:
    """Answers on a socket, in this one process, until it is told to stop."""
    server(simulator).run(sockets=[listening])


def server(simulator: Simulator) -> uvicorn.Server:
    """A server of its own, to be run in a thread too."""
    config = uvicorn.Config(
        service(simulator), access_log=False, log_level="warning", server_header=False, lifespan="off"
    )
    return uvicorn.Server(config)
