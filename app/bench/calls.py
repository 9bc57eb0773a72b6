"""The requests of the benchmark: questions as they are, and changes of which no two are the same."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from app.bench.seeding_milestones import MOVED, TODAY

BASE = "/api/v1"
# So small that all of them stay below what is installed, and so few that a phase holds a score of tranches at most.
DECLARATION = json.dumps({"capacity_mw": 0.001, "effective_on": f"{TODAY}"})
# A prime: one phase after the other, each far from the one before it.
STRIDE = 7_919


@dataclass(frozen=True, slots=True)
class Call:
    """A request, apart from who sends it. A `body` is JSON."""

    method: str
    path: str
    body: str = ""

    def wire(self, key: str) -> bytes:
        """The bytes that go over the line, with the key of whoever sends them."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        if self.method == "GET":
            return f"{head}\r\n".encode()
        typed = f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}{typed}\r\n{self.body}".encode()


def declarations(phases: list[str]) -> Iterator[Call]:
    """COD declarations of one phase after the other, without an end."""
    for i in itertools.count():
        yield Call("POST", f"{BASE}/phases/{phases[i * STRIDE % len(phases)]}/tranches", DECLARATION)


def moves(phases: list[str], first: int = 1) -> Iterator[Call]:
    """Moves of the forecast of one milestone of one phase after the other, each to another day than all before: from
    `first` days after today on, a day later each time. A day that is stated already would change nothing."""
    for i in itertools.count():
        path = f"{BASE}/phases/{phases[i * STRIDE % len(phases)]}/milestones/{MOVED}"
        change = {"forecast_on": f"{TODAY + timedelta(days=first + i)}", "cause": "weather"}
        yield Call("PATCH", path, json.dumps(change))
