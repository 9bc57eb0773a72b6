"""The pull client of EVN SPC's progress service: one question, one checked answer, or the reason why there is none.

It speaks the contract `register/evn_spc.openapi.yaml` and understands nothing of what the records say. What could succeed
a little later is asked again, with growing waits; what will not is told at once. The address is the operator's own, so it
may be inside; nothing the environment says about proxies counts, and no redirect is followed.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import quote

import httpx

from app.domain.delivery import Backoff, is_worth_another_try
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchanges import instant
from app.domain.vocabulary import Stream

# The most the contract allows: what a page costs beside its records is the same for any size.
PAGE_ROWS = 500
# A page is one transaction: who does not keep to what was asked for may exceed it so far and no further.
MOST_ROWS = 10 * PAGE_ROWS
MOST_BYTES = 5_000_000
MOST_TRIES = 5
BACKOFF = Backoff(first_s=1.0, factor=2.0, most_s=30.0)
# A service that wants to be left alone for longer is asked again at the next run.
LONGEST_REST_S = 120.0
REFUSED = {
    401: ExchangeProblem.KEY_REFUSED,
    403: ExchangeProblem.KEY_REFUSED,
    404: ExchangeProblem.NOT_THERE,
    429: ExchangeProblem.OVERLOADED,
    503: ExchangeProblem.OVERLOADED,
}


class NotTaken(Exception):
    """There is no answer that can be used; `problem` names the reason, `details` what was seen of it."""

    def __init__(self, problem: ExchangeProblem, **details: Any) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.details = details


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: items of any shape, the token of the next page (None: it is the last), and how many records the
    whole question had as it was read."""

    items: list[object]
    following: str | None
    as_of: datetime
    total: int
    etag: str | None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer is waited for, from piece to piece (`timeout_s`) and in all, and how the same question is asked
    again. `wait` takes seconds; `draw` gives a random number 0 ≤ n < 1: tests give their own."""

    wait: Callable[[float], None]
    draw: Callable[[], float]
    now: Callable[[], datetime]
    timeout_s: float = 30.0
    total_s: float = 120.0
    backoff: Backoff = BACKOFF


class EvnSpc:
    """A line to the service. Close it in the end."""

    def __init__(self, url: str, token: str | None, patience: Patience) -> None:
        headers = {"Accept": "application/json", "User-Agent": "wind-commissioning-tracker"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        self._patience = patience
        self._client = httpx.Client(
            base_url=url,
            headers=headers,
            timeout=httpx.Timeout(patience.timeout_s, connect=min(10.0, patience.timeout_s)),
            trust_env=False,
            follow_redirects=False,
        )

    def close(self) -> None:
        self._client.close()

    def page(
        self, stream: Stream, since: str | None, token: str | None = None, etag: str | None = None
    ) -> Page | None:
        """One page of the records changed at or after `since`; None where nothing of the whole answer has changed since
        it had this `etag`. Raises NotTaken."""
        asked = {"updated_since": since, "page_token": token, "limit": str(PAGE_ROWS)}
        headers = {} if etag is None else {"If-None-Match": etag}
        answer = self._ask(f"/v1/{stream.value}", asked, headers)
        if answer.status == 304:
            return None
        return _page(answer.json(), answer.headers.get("etag", ""))

    def record(self, stream: Stream, record: str) -> tuple[object, datetime] | None:
        """One record as it stands now and when it was read; None where they have none of that id. Raises NotTaken."""
        try:
            said = self._ask(f"/v1/{stream.value}/{quote(record, safe='')}", {}, {}).json()
        except NotTaken as error:
            if error.problem == ExchangeProblem.NOT_THERE:
                return None
            raise
        as_of = instant(said.get("as_of"))
        if as_of is None or "item" not in said:
            raise NotTaken(ExchangeProblem.WRONG_SHAPE)
        return said["item"], as_of

    def _ask(self, path: str, asked: Mapping[str, str | None], headers: Mapping[str, str]) -> "_Answer":
        """Asks until there is an answer, or it is not worth another try."""
        failures = 0
        sent = {name: value for name, value in asked.items() if value is not None}
        while True:
            answer = self._once(path, sent, headers)
            if answer is not None and answer.status in (200, 304):
                return answer
            failures += 1
            status = None if answer is None else answer.status
            rest_s = self._rest_s(answer)
            if not is_worth_another_try(status) or failures == MOST_TRIES or rest_s > LONGEST_REST_S:
                _refuse(status, tries=failures)
            wait_s = self._patience.backoff.wait_s(failures, self._patience.draw())
            self._patience.wait(max(wait_s, rest_s))

    def _once(self, path: str, sent: Mapping[str, str], headers: Mapping[str, str]) -> "_Answer | None":
        """One answer, whatever it is; None where there was none, it broke off, or it drips and does not end."""
        ends_at_s = time.monotonic() + self._patience.total_s
        try:
            with self._client.stream("GET", path, params=dict(sent), headers=dict(headers)) as answer:
                body = bytearray()
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > MOST_BYTES:
                        raise NotTaken(ExchangeProblem.TOO_LARGE, most_bytes=MOST_BYTES)
                    if time.monotonic() > ends_at_s:
                        return None
                return _Answer(answer.status_code, answer.headers, bytes(body))
        except (httpx.TransportError, httpx.DecodingError):
            return None

    def _rest_s(self, answer: "_Answer | None") -> float:
        """How long they ask to be left alone: `Retry-After` as seconds or as an HTTP date; 0 where they do not."""
        given = "" if answer is None else answer.headers.get("retry-after", "")
        if given.strip().isdecimal() and len(given) < 10:
            return float(given)
        try:
            until = parsedate_to_datetime(given)
        except ValueError:
            return 0.0
        until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
        return max(0.0, (until - self._patience.now()).total_seconds())


def _page(said: Mapping[str, Any], etag: str) -> Page:
    items, total, following = said.get("items"), said.get("total"), said.get("next_page_token")
    as_of = instant(said.get("as_of"))
    is_token = following is None or (isinstance(following, str) and 0 < len(following) <= 400)
    if not isinstance(items, list) or not isinstance(total, int) or as_of is None or not is_token:
        raise NotTaken(ExchangeProblem.WRONG_SHAPE)
    if len(items) > MOST_ROWS:
        raise NotTaken(ExchangeProblem.WRONG_SHAPE, items=len(items))
    return Page(items, following, as_of, total, etag if 0 < len(etag) <= 200 else None)


def _refuse(status: int | None, **details: Any) -> NoReturn:
    if status is None:
        raise NotTaken(ExchangeProblem.NO_ANSWER, **details)
    if 300 <= status < 400:
        raise NotTaken(ExchangeProblem.REDIRECTED, status=status)
    usual = ExchangeProblem.SERVER_ERROR if status >= 500 else ExchangeProblem.REQUEST_REFUSED
    raise NotTaken(REFUSED.get(status, usual), status=status, **details)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes

    def json(self) -> dict[str, Any]:
        """What the body says. Raises NotTaken where it is HTML, not UTF-8, not whole JSON, or no object."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        start = self.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if "html" in kind or start == b"<":
            raise NotTaken(ExchangeProblem.IS_HTML, content_type=kind[:60])
        try:
            text = self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NotTaken(ExchangeProblem.WRONG_ENCODING, byte=error.start) from error
        try:
            # Python takes NaN and Infinity for JSON; nobody else does.
            found = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise NotTaken(ExchangeProblem.NOT_JSON, bytes=len(self.body)) from error
        if not isinstance(found, dict):
            raise NotTaken(ExchangeProblem.WRONG_SHAPE)
        return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
