"""How fast one reader follows the change feed from its first fact to its last, beside a bare application that answers the
same pages; and what a page costs somebody who may see little of what it passes over."""

import http.client
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.bench import servers
from app.bench.calls import BASE
from app.bench.figures import PATIENCE_S, Figure
from app.bench.growth import Site
from app.bench.servers import BARE, Server
from app.domain.access import Role

FLOOR = 5_000.0
LIMIT = 1_000


@dataclass(slots=True)
class Walk:
    """What came back on a walk through the feed: facts, and for each page its bytes and milliseconds."""

    facts: int = 0
    body: bytes = b""
    times: list[float] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        return self.facts / (sum(self.times) / 1000)


def measure(site: Site, runs: int, log: Path) -> Iterator[Figure]:
    """Facts a second to one reader who asks page by page, as the best of some walks; and the pages of an investor."""
    with servers.tracker(site.settings, log) as server:
        department, investor = (site.register.keys[role] for role in (Role.DEPARTMENT, Role.INVESTOR))
        # A page that may wait is not kept: each is made anew on every walk.
        walks = [walk(server, department, "&wait=1") for _ in range(runs)]
        narrow = walk(server, investor)
    best = max(walks, key=lambda one: one.per_s)
    bare = _bare_per_s(best)
    beside = (
        f"{best.facts:,} facts, {statistics.median(best.times):.1f} ms a page of {LIMIT:,}, the last {best.times[-1]:.1f}; "
        f"a bare route with the same bytes {bare:,.0f}/s"
    )
    yield Figure("the feed, to one reader", best.per_s, "facts/s", at_least=FLOOR, beside=beside)
    beside = f"the longest of {len(narrow.times)}, {narrow.facts:,} facts seen"
    yield Figure("a feed page of an investor", max(narrow.times), "ms", beside=beside)


def walk(server: Server, key: str, query: str = "") -> Walk:
    """Goes through the whole feed as it stands."""
    found, after, more = Walk(), "", True
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)) as line:
        while more:
            started = time.perf_counter()
            body = _get(line, f"{BASE}/changes?limit={LIMIT}{query}{after}", key)
            took_ms = (time.perf_counter() - started) * 1000
            page = json.loads(body)
            if page["items"] or not query:
                found.times.append(took_ms)
            found.facts += len(page["items"])
            found.body = found.body or body
            after, more = f"&after={page['next']}", page["more"]
    return found


def _bare_per_s(walked: Walk) -> float:
    """The facts a second of an application that does nothing but answer such a page."""
    with (
        servers.bare(walked.body, 200) as bare,
        closing(http.client.HTTPConnection("127.0.0.1", bare.port, timeout=PATIENCE_S)) as line,
    ):
        _get(line, BARE, "")
        started = time.perf_counter()
        for _ in walked.times:
            json.loads(_get(line, BARE, ""))
        return walked.facts / (time.perf_counter() - started)


def _get(line: http.client.HTTPConnection, path: str, key: str) -> bytes:
    line.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"GET {path}: {answer.status} {body[:500]!r}")
    return body
