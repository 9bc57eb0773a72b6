"""The records of the simulated service: each with an id for life and the instant of its last change, read a page at a time
in the order of those instants."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.vocabulary import Stream

Fields = dict[str, Any]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: records changed at or after `since`, after the place that `token` names, so many of them."""

    since: datetime | None
    token: str | None
    limit: int


class BadToken(Exception):
    """A token that this service did not give."""


class Upstream:
    """Its clock stands still but for a tick a change, so that what it says is the same in every run."""

    def __init__(self, starts_at: datetime, tick: timedelta = timedelta(seconds=1)) -> None:
        self._now, self._tick = starts_at, tick
        self._records: dict[Stream, dict[str, Fields]] = {stream: {} for stream in Stream}
        self._lock = threading.Lock()

    def put(self, stream: Stream, record_id: str, **fields: Any) -> None:
        """Adds a record, or changes one as a whole."""
        with self._lock:
            self._put(stream, record_id, fields)

    def touch(self, stream: Stream, record_id: str) -> None:
        """A change of a record that says the same as before: it moves to a later place."""
        with self._lock:
            own = self._records[stream][record_id]
            self._put(stream, record_id, {k: v for k, v in own.items() if k not in ("id", "updated_at")})

    def one(self, stream: Stream, record_id: str) -> Fields | None:
        """A record as it stands now, with when that is."""
        with self._lock:
            found = self._records[stream].get(record_id)
            return None if found is None else {"as_of": self._now.isoformat(), "item": dict(found)}

    def ids(self, stream: Stream) -> list[str]:
        """The ids of a stream, in the order in which they came."""
        with self._lock:
            return list(self._records[stream])

    def page(
        self,
        stream: Stream,
        asked: Asked,
        order: Callable[[Fields], Key] | None = None,
        *,
        by_place: bool = False,
    ) -> tuple[Fields, str]:
        """A page, and the ETag of the whole answer. `order`: another order than that of the contract; `by_place`: pages by
        their number, so that a record that moves shifts all behind it. Both are faults of a service."""
        with self._lock:
            sorted_by = order or _by_change
            found = [
                record
                for record in self._records[stream].values()
                if asked.since is None or datetime.fromisoformat(record["updated_at"]) >= asked.since
            ]
            found.sort(key=sorted_by)
            start = _start(found, asked.token, sorted_by)
            items = [dict(record) for record in found[start : start + asked.limit]]
            following = None
            if start + asked.limit < len(found):
                following = _token(start + asked.limit if by_place else list(sorted_by(items[-1])))
            said = {"as_of": self._now.isoformat(), "total": len(found), "items": items}
            return said | {"next_page_token": following}, self._etag(stream, asked.since, found)

    def _put(self, stream: Stream, record_id: str, fields: Fields) -> None:
        self._now += self._tick
        self._records[stream][record_id] = {"id": record_id, "updated_at": self._now.isoformat(), **fields}

    def _etag(self, stream: Stream, since: datetime | None, found: Sequence[Fields]) -> str:
        last = max((record["updated_at"] for record in found), default="")
        said = f"{stream.value} {since} {len(found)} {last}"
        return f'"{hashlib.blake2b(said.encode(), digest_size=12).hexdigest()}"'


def _by_change(record: Fields) -> Key:
    return record["updated_at"], record["id"]


def _token(place: int | list[str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _start(found: Sequence[Fields], token: str | None, sorted_by: Callable[[Fields], Key]) -> int:
    """The first place after the one that a token names."""
    if token is None:
        return 0
    try:
        place = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError as error:
        raise BadToken from error
    if isinstance(place, int):
        return place
    return sum(sorted_by(record) <= tuple(place) for record in found)
