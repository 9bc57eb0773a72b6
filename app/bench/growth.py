"""What a change costs in a large register against a small one."""

import http.client
import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.bench import calls, servers
from app.bench.calls import Call
from app.bench.figures import PATIENCE_S, Figure
from app.bench.seeding import Register
from app.bench.servers import Server
from app.domain.access import Role
from app.settings import Settings

GROWTH_CEILING = 1.5
WARMING_UP = 20
# Days after today on which these moves begin: after all that were made before.
FIRST_DAY = 2_000


@dataclass(frozen=True, slots=True)
class Site:
    """A register and where it lies."""

    settings: Settings
    register: Register


def measure(small: Site, large: Site, pairs: int, log: Path) -> Iterator[Figure]:
    """How many times the milliseconds of one PATCH in the small register one in the large register takes.

    Both servers run, and one request is under way at a time: one to the small register, one to the large one, the next
    pair the other way round. What disturbs the machine for longer than a few milliseconds so disturbs both, and of each
    side the median counts, which no single slow commit moves. (Two ratios to the bare route, measured minutes apart and
    divided, would carry the noise of four measurements.)
    """
    with _side(small, log) as near, _side(large, log) as far:
        for side in (near, far):
            side.warm_up(min(WARMING_UP, pairs))
        for i in range(pairs):
            for side in (near, far) if i % 2 else (far, near):
                side.times.append(side.patch())
        ratio = far.median_ms / near.median_ms
        beside = f"{far} against {near}, one at a time"
        yield Figure("a milestone PATCH, large to small", ratio, at_most=GROWTH_CEILING, beside=beside)


@contextmanager
def _side(site: Site, log: Path) -> Iterator["_Side"]:
    with servers.tracker(site.settings, log) as server:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
        with closing(line):
            yield _Side(server, line, site.register)


class _Side:
    """One tracker, and the department's program that moves one forecast of it after the other."""

    def __init__(self, server: Server, line: http.client.HTTPConnection, register: Register) -> None:
        self.times: list[float] = []
        self._server, self._line = server, line
        self._moves = calls.moves(register.phases, FIRST_DAY)
        self._headers = {
            "Authorization": f"Bearer {register.keys[Role.DEPARTMENT]}",
            "Content-Type": "application/json",
        }
        self._used = 0.0

    def warm_up(self, times: int) -> None:
        for _ in range(times):
            self.patch()
        self._used = self._server.cpu_s()

    def patch(self) -> float:
        """Milliseconds until one move is answered. Raises RuntimeError where it is refused."""
        move: Call = next(self._moves)
        started = time.perf_counter()
        self._line.request(move.method, move.path, move.body, self._headers)
        answer = self._line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{move.method} {move.path}: {answer.status} {body[:500]!r}")
        return (time.perf_counter() - started) * 1000

    @property
    def median_ms(self) -> float:
        return statistics.median(self.times)

    def __str__(self) -> str:
        cpu_ms = (self._server.cpu_s() - self._used) * 1000 / len(self.times)
        return f"{self.median_ms:.1f} ms at {cpu_ms:.1f} ms of CPU"
