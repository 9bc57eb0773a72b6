"""One request's question: who asks, in which language, on which day, at which revision; and its answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.db import Stamp
from app.deps import cursor
from app.deps.tracker import Question, Tracker
from app.domain.access import Actor, May
from app.domain.calendar import local_day
from app.domain.errors import Invalid, Stale
from app.domain.problems import Problem
from app.domain.reporting import Rhythm
from app.domain.words import Lang
from app.queries import projects, waiting
from app.services import accesses, requests

JSON = "application/json"
BINARY = "application/octet-stream"
NO_STORE = "no-store"
# Above so many bytes a fingerprint takes longer than others should wait for it.
LONG_BODY = 1_000_000


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer's bytes with the headers that go with them."""

    body: bytes
    status: int
    headers: dict[str, str]


class Ask(Request):
    """The one parameter of every route: the request itself, and what `route.enter` has found out about it."""

    def __init__(
        self,
        request: Request,
        tracker: Tracker,
        actor: Actor,
        lang: Lang,
        now: datetime,
        revision: int,
        browser: str | None = None,
    ) -> None:
        super().__init__(request.scope, request.receive)
        self.tracker = tracker
        self.actor = actor
        self.lang = lang
        self.now = now
        self.today = local_day(now)
        self.revision = revision
        # The digest of the browser's session, where somebody is signed in with one.
        self.browser = browser
        # How many claims wait for the second key of whoever asks; None where it is not theirs.
        self.waiting: int | None = None

    async def count_waiting(self) -> None:
        """Counts what waits in the queue, once for each revision and each sight of it; of no account to others."""
        if not self.actor.may(May.DECIDE_COD):
            return
        held, of = self.tracker.findings, ("waiting", self.actor.role, *projects.sight(self.actor))
        self.waiting = held.get(self.revision, of)
        if self.waiting is None:
            self.waiting = await self.tracker.db.read(
                lambda session: held.once(self.revision, of, lambda: waiting.total(session, self.actor)),
                long=True,
            )

    async def read(
        self,
        fn: Callable[[Session], BaseModel | str | bytes],
        *,
        long: bool = False,
        journaled: bool = True,
        content_type: str | None = None,
    ) -> Response:
        """Answers with what `fn` reads in one snapshot.

        `long` keeps a heavy query off the event loop. What does not hang on the journal alone (`journaled` false: when
        a key was last used) gets no ETag and is not kept. Bytes go out as they are, as `content_type`.
        """
        answer = self.finished(await self.tracker.db.read(fn, long=long), 200)
        if content_type is not None:
            answer.headers["Content-Type"] = content_type
        if not journaled and self.browser is None:
            # Of a page of a session the ETag is that of its bytes, and this process keeps none of them.
            del answer.headers["ETag"]
        return self.unless_held(Response(answer.body, answer.status, answer.headers))

    async def read_personal(self, fn: Callable[[Session], BaseModel | str], subject: str) -> Response:
        """Answers with personal data that `fn` reads, once the access log says who looked at `subject` and when.

        The log is committed before the answer leaves, and where it cannot be, none leaves; a refusal is no look.
        `no-store` says that nobody keeps the answer: no browser, no proxy and not this process, so that the next look
        is written down as well. Its ETag is for `If-Match` alone.
        """
        answer = self.finished(await self.tracker.db.read(fn, long=True), 200)
        stamp = Stamp(self.now, self.state.request_id)
        await self.tracker.db.change(lambda session: self.note_access(session, subject), stamp)
        return Response(answer.body, answer.status, {**answer.headers, "Cache-Control": NO_STORE})

    def note_access(self, session: Session, subject: str) -> None:
        """Writes into the access log that the caller is about to be shown the personal data of `subject`."""
        accesses.note(session, self.actor, subject, self.now)

    async def change(
        self,
        fn: Callable[[Session], BaseModel | None],
        *,
        status: int = 200,
        location: str | Callable[[Any], str] | None = None,
        secret: str | None = None,
    ) -> Response:
        """Makes the change `fn`, commits it, and only then answers.

        A POST with an `Idempotency-Key` keeps its answer in the same transaction: sent again it is given again, and
        the change is not made twice, not even when the first answer was lost on its way. The field `secret` of an
        answer is not kept: it is told once.
        """
        repeat = await self.repeat()

        def work(session: Session) -> Finished:
            if repeat is not None and (kept := requests.answered(session, self.actor, repeat)) is not None:
                return Finished(kept.body, kept.status, {**kept.headers, "Idempotency-Replayed": "true"})
            result = fn(session)
            answer = Finished(b"", 204, {}) if result is None else self.finished(result, status)
            if location is not None:
                answer.headers["Location"] = location if isinstance(location, str) else location(result)
            if repeat is not None:
                told = answer.body
                if secret is not None and result is not None:
                    told = self.finished(result.model_copy(update={secret: None}), status).body
                kept = requests.Kept(answer.status, answer.headers, told)
                requests.keep(session, self.actor, repeat, kept, self.now)
            return answer

        answer = await self.tracker.db.change(work, Stamp(self.now, self.state.request_id))
        return Response(answer.body, answer.status, answer.headers)

    async def rehearse(self, fn: Callable[[Session], BaseModel]) -> Response:
        """Answers what the change `fn` would do, and keeps nothing of it."""
        stamp = Stamp(self.now, self.state.request_id)
        answer = await self.tracker.db.rehearse(lambda session: self.finished(fn(session), 200), stamp)
        return Response(answer.body, answer.status, {"Content-Type": JSON})

    def finished(self, result: BaseModel | str | bytes, status: int) -> Finished:
        """The bytes of a result, its ETag, and the link to its next page where there is one."""
        if isinstance(result, bytes):
            # Nobody changes a file by its version: it is the same for as long as its bytes are.
            return Finished(result, status, {"Content-Type": BINARY, "ETag": f'"{fingerprint(result)}"'})
        if isinstance(result, str):
            body, headers = result.encode(), {"Content-Type": "text/html; charset=utf-8"}
        else:
            body, headers = result.model_dump_json().encode(), {"Content-Type": JSON}
        revision = getattr(result, "revision", None)
        headers["ETag"] = etag(self.revision if revision is None else revision, body)
        if following := getattr(result, "next", None):
            query = {**self.query_params, "cursor": following}
            headers["Link"] = f'<{self.url.path}?{urlencode(query)}>; rel="next"'
        return Finished(body, status, headers)

    def unless_held(self, response: Response) -> Response:
        """The answer, or 304 where the caller has it already."""
        given = self.headers.get("if-none-match")
        own = "" if given is None else response.headers.get("etag", "")
        if (
            given is None
            or not own
            or not any(part.strip().removeprefix("W/") in (own, "*") for part in given.split(","))
        ):
            return response
        return Response(status_code=304, headers={"ETag": own})

    @property
    def rhythm(self) -> Rhythm:
        """When reports are due, and with them what the public reads of the land."""
        chosen = self.tracker.settings
        return Rhythm(chosen.report_cutoff_weekday, chosen.report_cutoff_hour, chosen.report_every_days)

    @property
    def question(self) -> Question:
        """What the answer hangs on beside the revision."""
        scope, host = self.scope, self.headers.get("host", "")
        place = (scope["scheme"], host, scope["path"], scope["query_string"])
        return Question(*place, self.actor.key_id, self.lang, self.today)

    @property
    def expected(self) -> int | None:
        """The revision the caller has read, from `If-Match`; None where it is not sent (or `*`)."""
        given = self.headers.get("if-match")
        if given is None or given.strip() == "*":
            return None
        number, _, rest = given.strip().removeprefix("W/").strip('"').removeprefix("r").partition("-")
        if not number.isdecimal() or len(number) > 18 or not rest:
            raise Stale(Problem.STALE, field="If-Match")
        return int(number)

    def limit(self, asked: int | None, default: int = 100) -> int:
        """How many rows a page holds; Invalid above the most that is given."""
        most = self.tracker.settings.page_size_max
        if asked is not None and asked > most:
            raise Invalid(Problem.OUT_OF_RANGE, field="limit", most=most)
        return asked or min(default, most)

    def after(self, given: str | None, field: str = "cursor") -> str | None:
        """The key after which a page starts; `field` is the parameter that holds it."""
        return cursor.read(self.tracker.settings.secret.get_secret_value(), given, field)

    def signed(self, key: str) -> str:
        """The cursor of a page that starts after `key`."""
        return cursor.make(self.tracker.settings.secret.get_secret_value(), key)

    def page(self, rows: list[Any], limit: int, key: Callable[[Any], str]) -> tuple[list[Any], str | None]:
        """The rows of a page and the cursor of the next, from up to `limit` + 1 rows."""
        if len(rows) <= limit:
            return rows, None
        shown = rows[:limit]
        return shown, self.signed(key(shown[-1]))

    async def repeat(self) -> requests.Repeat | None:
        """The `Idempotency-Key` of a POST with what makes it the same request; None where none is sent."""
        key = self.headers.get("idempotency-key")
        if key is None or self.method != "POST":
            return None
        if not 1 <= len(key) <= 100 or not key.isprintable():
            raise Invalid(Problem.IDEMPOTENCY_KEY_FORM, field="Idempotency-Key")
        address = f"{self.method} {self.url.path}?{self.url.query}\n"
        said = address.encode() + await self.body()
        if len(said) < LONG_BODY:
            return requests.Repeat(key, hashlib.sha256(said).hexdigest())
        return requests.Repeat(key, await to_thread.run_sync(lambda: hashlib.sha256(said).hexdigest()))


def etag(revision: int, body: bytes) -> str:
    """The revision, which `If-Match` compares, and a hash of the bytes: whatever they hang on, a change of it shows."""
    return f'"r{revision}-{fingerprint(body)}"'


def fingerprint(body: bytes) -> str:
    """A short hash of an answer's bytes."""
    return hashlib.blake2b(body, digest_size=8).hexdigest()
