"""A client of the change feed as its documentation describes one: it begins with a snapshot and applies what follows.

python -m tests.whole.feed_reader URL KEY FILE   follows a service into an SQLite file, until it is told to stop
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx

Json = dict[str, Any]
Get = Callable[[str], Json]
Item = dict[str, Any]


def asked(path: str, **query: object) -> str:
    """An address with those of the parameters that are given."""
    return f"{path}?{urlencode({name: value for name, value in query.items() if value is not None})}"


class Reader:
    """Items by subject and code, and the cursor from which to go on. `between` runs between two pages of a snapshot."""

    def __init__(self, get: Get, limit: int = 500) -> None:
        self.get, self.limit = get, limit
        self.items: dict[tuple[str, str], Item] = {}
        self.cursor: str | None = None
        self.resets = 0

    def begin(self, between: Callable[[], object] = lambda: None) -> None:
        """Reads a snapshot, page by page."""
        self.items.clear()
        page: Json = {"next": None, "changes": None}
        while page["changes"] is None:
            page = self.get(asked("/changes/snapshot", limit=self.limit, cursor=page["next"]))
            for item in page["items"]:
                self._put(item)
            between()
        self.cursor = page["changes"]

    def follow(self, between: Callable[[], object] = lambda: None) -> int:
        """Applies what there is by now; returns how many facts came."""
        count, more = 0, True
        while more:
            page = self.get(asked("/changes", after=self.cursor, limit=self.limit))
            if page["reset"]:
                self.resets += 1
                self.begin(between)
                continue
            for fact in page["items"]:
                self._apply(fact)
            count, more, self.cursor = count + len(page["items"]), page["more"], page["next"]
        return count

    def of(self, subject: str) -> dict[str, Item]:
        """The items of one subject, by code."""
        return {code: item for (kind, code), item in self.items.items() if kind == subject}

    def _put(self, item: Json) -> None:
        key = item["subject"], item["code"]
        held = self.items.setdefault(key, {"project": item["project"], "fields": {}, "entries": []})
        held["fields"] |= item["fields"]
        held["entries"] = sorted([*held["entries"], *item["entries"]], key=_place)

    def _apply(self, fact: Json) -> None:
        key = fact["subject"], fact["code"]
        if fact["effect"] == "remove":
            self.items.pop(key, None)
            return
        held = self.items.setdefault(key, {"project": None, "fields": {}, "entries": []})
        held["project"] = fact["project"]
        if fact["effect"] == "set":
            held["fields"] |= fact["after"]
        else:
            said = {name: fact[name] for name in ("revision", "position", "kind", "before", "after")}
            held["entries"].append(said)


def _place(fact: Json) -> tuple[int, int]:
    return fact["revision"], fact["position"]


TABLES = """
CREATE TABLE IF NOT EXISTS applied (revision INTEGER, position INTEGER, fact TEXT, PRIMARY KEY (revision, position));
CREATE TABLE IF NOT EXISTS place (only INTEGER PRIMARY KEY CHECK (only = 1), cursor TEXT);
"""


def kept(file: str) -> sqlite3.Connection:
    """The file of a reader that survives its own end: what it applied, and its cursor, in one transaction a page. A fact
    that came twice would break the key."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript(f"PRAGMA journal_mode=WAL; {TABLES}")
    return connection


def keep(connection: sqlite3.Connection, page: Json) -> None:
    """Applies a page and moves the cursor, both or neither."""
    connection.execute("BEGIN IMMEDIATE")
    rows = [(*_place(fact), json.dumps(fact)) for fact in page["items"]]
    connection.executemany("INSERT INTO applied VALUES (?, ?, ?)", rows)
    connection.execute("INSERT OR REPLACE INTO place VALUES (1, ?)", (page["next"],))
    connection.execute("COMMIT")


def cursor(connection: sqlite3.Connection) -> str | None:
    """Where the reader goes on; None at its first start."""
    row = connection.execute("SELECT cursor FROM place").fetchone()
    return None if row is None else row[0]


def _forever(url: str, key: str, file: str) -> None:
    connection = kept(file)
    with httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as client:
        while True:
            place = asked("/changes", after=cursor(connection), limit=40, wait=5)
            try:
                answer = client.get(place, timeout=20)
            except httpx.TransportError:
                continue  # The service was killed; the cursor stands where it stood.
            answer.raise_for_status()
            keep(connection, answer.json())
            print(flush=True)  # noqa: T201 - the test waits for this line


if __name__ == "__main__":
    _forever(*sys.argv[1:])
