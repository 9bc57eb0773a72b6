"""The change feed: the journal's facts as the caller may see them, and the state to start from."""

import asyncio
import json
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.deps.asking import JSON, NO_STORE
from app.deps.route import enter
from app.domain import feed
from app.domain.access import May, require
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.queries import changes as found
from app.queries import journal
from app.queries.changes import Filters, Key, Line, Place, Stood
from app.schemas.changes import ChangesPage, ChangesQuery, SnapshotPage, SnapshotQuery

router = APIRouter(prefix="/changes", tags=["changes"], route_class=Route)
DEFAULT_LIMIT = 500
_bytes = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@router.get("", response_model=ChangesPage, openapi_extra=needs(May.READ))
async def list_changes(ask: Ask, query: Annotated[ChangesQuery, Query()]) -> Response:
    """The journal's facts in the order of their commits, as far as the caller may see them; none is ever missed.

    Ask with `after` = the `next` of the page before, for as long as you like: nothing is forgotten. Without `after` the
    feed begins with the first fact there is. A page may be empty and yet have `more`; where there is none, `wait` holds
    the answer back until something is stated, or the seconds are over. A cursor is good for keys of one organisation
    and role. Where `reset` is true, what you may see of earlier facts has changed (a project has another investor, say):
    begin anew with `/changes/snapshot`.
    """
    sought = _Sought.of(ask, query)
    if not query.wait:
        return await ask.read(lambda session: sought.page(session, ask)[0], long=True, content_type=JSON)
    return await _waited(ask, sought, query.wait)


@router.get("/snapshot", response_model=SnapshotPage, openapi_extra=needs(May.READ))
async def read_snapshot(ask: Ask, query: Annotated[SnapshotQuery, Query()]) -> Response:
    """The state to start from: every subject the caller may see, folded from its facts up to one revision.

    Go on with `next` until it is null; all pages are of the revision of the first, whatever is written meanwhile. The
    last one gives `changes`, from where the feed goes on without a gap and without a fact told twice.
    """
    return await ask.read(lambda session: _snapshot(session, ask, query), long=True, content_type=JSON)


class _Sought:
    """What is asked of the feed, and from where on."""

    def __init__(self, after: Place, filters: Filters, limit: int) -> None:
        self._after, self._filters, self._limit = after, filters, limit

    @classmethod
    def of(cls, ask: Ask, query: ChangesQuery) -> "_Sought":
        longest = ask.tracker.settings.changes_wait_max_s
        if query.wait > longest:
            raise Invalid(Problem.OUT_OF_RANGE, field="wait", most=longest)
        if query.code is not None and query.subject is None:
            raise Invalid(Problem.FIELD_MISSING, field="subject")
        _check_subject(query.subject)
        filters = Filters(tuple(kind.value for kind in query.kind), query.subject, query.code)
        return cls(_place(ask, query.after), filters, _limit(ask, query.limit))

    def page(self, session: Session, ask: Ask) -> tuple[bytes, found.Page]:
        """The next page as it goes out, and as it was found."""
        page = found.page(session, ask.actor, self._after, self._filters, self._limit)
        if self._after.revision > page.revision:
            # Of a journal that went further than this one: what it says instead must not be passed over.
            raise Invalid(Problem.CURSOR, field="after")
        body = {
            "items": [_line(line) for line in page.lines],
            "next": _cursor(ask, "after", *page.following),
            "more": page.more,
            "reset": page.is_moved,
            "revision": page.revision,
        }
        return _bytes(body).encode(), page

    def go_on(self, after: Place) -> None:
        """What was looked at in vain is not looked at again."""
        self._after = after


async def _waited(ask: Ask, sought: _Sought, seconds: int) -> Response:
    """The page once there is something on it. Whoever waits holds nothing of the database; who has gone is not waited
    for; and each look is that of the key as it stands then."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    gone = asyncio.create_task(_gone(ask))
    try:
        while True:
            body, page = await ask.tracker.db.read(partial(sought.page, ask=ask), long=True)
            if (
                page.lines
                or page.is_moved
                or loop.time() >= until
                or gone.done()
                or ask.tracker.watch.is_closed
            ):
                return Response(body, 200, {"Content-Type": JSON, "Cache-Control": NO_STORE})
            sought.go_on(page.following)
            if not page.more:
                with ask.tracker.watch.past(page.revision) as moved:
                    await asyncio.wait(
                        (moved, gone), timeout=until - loop.time(), return_when=asyncio.FIRST_COMPLETED
                    )
            ask = await enter(ask)
            require(ask.actor, May.READ)
    finally:
        gone.cancel()


async def _gone(ask: Ask) -> None:
    """Ends when the client has hung up."""
    while (await ask.receive())["type"] != "http.disconnect":
        pass


def _line(line: Line) -> dict[str, Any]:
    fact, at = line.change.fact, line.recorded_at.isoformat()
    return {
        "revision": line.place.revision,
        "position": line.place.position,
        "recorded_at": f"{at[:-6]}Z",
        "kind": fact.kind,
        "subject": fact.subject,
        "code": fact.code,
        "project": line.change.project,
        "effect": fact.effect,
        "before": fact.before,
        "after": fact.after,
        "said": fact.said,
        "actor": line.actor,
    }


def _snapshot(session: Session, ask: Ask, query: SnapshotQuery) -> bytes:
    _check_subject(query.subject)
    head = journal.head(session)
    revision, after = _where(ask, query.cursor, head)
    limit = _limit(ask, query.limit)
    part = found.snapshot(session, ask.actor, revision, after, query.subject, limit)
    is_last = part.following is None
    body = {
        "items": _items(part.stood),
        "next": None if part.following is None else _cursor(ask, "from", revision, *part.following),
        "changes": _cursor(ask, "after", revision, found.END) if is_last else None,
        "revision": revision,
    }
    return _bytes(body).encode()


def _items(stood: Iterable[Stood]) -> list[dict[str, Any]]:
    return [
        {
            "subject": one.key.subject,
            "code": one.key.code,
            "project": one.project,
            "fields": one.item.fields,
            "entries": one.item.entries,
        }
        for one in stood
    ]


def _limit(ask: Ask, asked: int | None) -> int:
    most = ask.tracker.settings.changes_page_max
    if asked is not None and asked > most:
        raise Invalid(Problem.OUT_OF_RANGE, field="limit", most=most)
    return asked or min(DEFAULT_LIMIT, most)


def _check_subject(subject: str | None) -> None:
    if subject is not None and subject not in feed.SUBJECTS:
        raise Invalid(Problem.NOT_A_WORD, field="subject", allowed=sorted(feed.SUBJECTS))


def _cursor(ask: Ask, use: str, *place: object) -> str:
    """A place, bound to what it is for and to who may see the same."""
    return ask.signed("\n".join(map(str, (use, feed.audience(ask.actor).name, *place))))


def _read(ask: Ask, use: str, cursor: str | None, field: str) -> list[str] | None:
    """The place in a cursor; Invalid where it is not ours, was given for something else, or to somebody else."""
    told = ask.after(cursor, field)
    if told is None:
        return None
    of, reader, *place = told.split("\n") if told.count("\n") > 2 else ("", "", "")
    if (of, reader) != (use, feed.audience(ask.actor).name):
        raise Invalid(Problem.CURSOR, field=field)
    return place


def _place(ask: Ask, cursor: str | None) -> Place:
    told = _read(ask, "after", cursor, "after")
    return found.FIRST if told is None else Place(int(told[0]), int(told[1]))


def _where(ask: Ask, cursor: str | None, head: int) -> tuple[int, Key | None]:
    """At which revision a snapshot stands, and after which subject its page starts."""
    told = _read(ask, "from", cursor, "cursor")
    if told is None:
        return head, None
    revision, *key = told
    if int(revision) > head:
        raise Invalid(Problem.CURSOR, field="cursor")
    return int(revision), Key(*key)
