"""What is measured on one register, and the floor that each figure must reach."""

import http.client
import itertools
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.bench import calls, lines, servers, workbooks
from app.bench.calls import BASE, Call
from app.bench.load import CONNECTIONS, MOST, Aim, Load
from app.bench.seeding import Register
from app.bench.seeding_milestones import MOVED
from app.bench.servers import BARE, Server
from app.domain.access import Role
from app.domain.vocabulary import By
from app.settings import Settings

HEADLINE = f"{BASE}/capacity"
SERIES = f"{BASE}/capacity/series?from=2016-01-01&to=2023-02-07&step=month"
LATE = f"{BASE}/milestones?list=late"
# Answers a second for one of the bare application.
CAPACITY_FLOOR, PHASE_FLOOR, WRITE_FLOOR = 0.5, 0.15, 0.04
SERIES_CEILING_MS, MEMORY_CEILING_MB = 200.0, 200.0
BATCH_CEILING_S, STRIP_CEILING_MS = 5.0, 50.0
CHECK_CEILING_S, COMMIT_CEILING_S = 10.0, 5.0
PATIENCE_S = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a run takes: slices for each server, seconds a slice, writes a slice, how often a first read is timed,
    how many changes are timed in pairs, how often a small network is computed, how many towers a batch has, and how many
    rows a workbook."""

    slices: int = 9
    seconds: float = 0.5
    writes: int = 50
    firsts: int = 9
    pairs: int = 200
    runs: int = 25
    towers: int = lines.TOWERS
    workbook_rows: int = workbooks.ROWS


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number, what it must reach, and what stands beside it to explain it."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""

    @property
    def is_enough(self) -> bool:
        """Whether floor and ceiling are kept; a figure without either is only reported."""
        reached = self.at_least is None or self.value >= self.at_least
        return reached and (self.at_most is None or self.value <= self.at_most)


def measure(settings: Settings, register: Register, load: Load, pace: Pace, log: Path) -> Iterator[Figure]:
    """Starts the tracker on a register and gives every figure of it, one after the other."""
    with servers.tracker(settings, log) as tracker:
        trial = _Trial(tracker, register, load, pace)
        phases = [Call("GET", f"{BASE}/phases/{code}") for code in register.phases]
        # The last phase of the first project: half of its turbines are not recognised yet.
        waiting = register.phases[:3][-1]
        yield trial.first("series by month", SERIES, SERIES_CEILING_MS)
        for by in By:
            yield trial.first(f"capacity by {by.value}", f"{HEADLINE}?by={by.value}")
        yield trial.first("late milestones, first page", LATE)
        yield trial.first("the department's overview page", "/")
        yield trial.first(
            "at stake of one milestone",
            f"{BASE}/schedule/at-stake?subject=phase&code={waiting}&milestone={MOVED}",
        )
        yield trial.first("critical path of one phase", f"{BASE}/schedule/critical-path?phase={waiting}")
        yield trial.first("evacuation of every phase", f"{BASE}/evacuation?basis=full")
        yield trial.reads("capacity", [Call("GET", HEADLINE)], CAPACITY_FLOOR)
        yield trial.reads("one phase, any of them", phases, PHASE_FLOOR)
        yield trial.reads("one phase, again and again", phases[:1])
        yield trial.writes("a write", calls.declarations(register.phases), WRITE_FLOOR)
        yield trial.writes("a milestone PATCH", calls.moves(register.phases))
        yield from trial.lines(settings)
        yield Figure(
            "memory", tracker.memory_mb(), "MB", at_most=MEMORY_CEILING_MB, beside="the most at any time"
        )
        yield from trial.workbook(settings)


class _Trial:
    """One tracker under measurement, and the department's program that asks it."""

    def __init__(self, tracker: Server, register: Register, load: Load, pace: Pace) -> None:
        self._tracker, self._load, self._pace = tracker, load, pace
        self._key = register.keys[Role.DEPARTMENT]
        self._declarations = calls.declarations(register.phases)
        self._ask(Call("GET", "/livez"))

    def first(self, name: str, path: str, ceiling: float | None = None) -> Figure:
        """Milliseconds until the first answer after a write: the median."""
        times = []
        for _ in range(self._pace.firsts):
            self._ask(next(self._declarations))
            started = time.perf_counter()
            self._ask(Call("GET", path))
            times.append((time.perf_counter() - started) * 1000)
        beside = f"the first read after a write; at worst {max(times):,.0f} ms"
        return Figure(name, statistics.median(times), "ms", at_most=ceiling, beside=beside)

    def reads(self, name: str, asked: list[Call], floor: float | None = None) -> Figure:
        """The ratio of questions that are asked in any order, as often as there is time for."""
        sent = [call.wire(self._key) for call in asked]
        return self._ratio(name, asked[0], itertools.repeat(sent), floor, MOST)

    def writes(self, name: str, made: Iterator[Call], floor: float | None = None) -> Figure:
        """The ratio of changes, each of which is made once."""
        # Each connection has one more under way when the last one that counts is answered.
        each = self._pace.writes + CONNECTIONS
        sent = ([call.wire(self._key) for call in itertools.islice(made, each)] for _ in itertools.count())
        return self._ratio(name, next(made), sent, floor, self._pace.writes)

    def lines(self, settings: Settings) -> Iterator[Figure]:
        """A batch of unit states beside a bare insert of the same rows; the strip and the land table of a long line."""
        lines.lines(self._ask, self._pace.towers)
        batch_s, again_s, bare_s, rows = lines.batch(settings, self._ask, self._pace.towers)
        beside = (
            f"{batch_s / bare_s:.1f} times a bare insert of the rows ({bare_s:.3f} s); again {again_s:.2f} s"
        )
        yield Figure(f"a batch of {rows:,} unit states", batch_s, "s", at_most=BATCH_CEILING_S, beside=beside)
        yield self.first(f"strip of {lines.STRIP_TOWERS} towers", lines.strip_path(), STRIP_CEILING_MS)
        yield self.first(f"land table of {lines.STRIP_TOWERS} towers", lines.land_table_path())

    def workbook(self, settings: Settings) -> Iterator[Figure]:
        """A large workbook checked and saved, beside a bare insert of the rows that it adds, and what it took of memory."""
        took = workbooks.measure(settings, self._ask, self._tracker.port, self._key, self._pace.workbook_rows)
        name = f"a workbook of {took.rows:,} rows"
        yield Figure(
            f"{name} checked", took.checked_s, "s", at_most=CHECK_CEILING_S, beside="every cell shown"
        )
        ratio, per_s = took.committed_s / took.bare_s, took.rows / took.committed_s
        beside = f"{per_s:,.0f} rows/s; {ratio:.1f} times a bare insert of the {took.added:,} rows ({took.bare_s:.3f} s)"
        yield Figure(f"{name} saved", took.committed_s, "s", at_most=COMMIT_CEILING_S, beside=beside)
        yield Figure(
            "memory with that workbook", self._tracker.memory_mb(), "MB", beside="the most at any time"
        )

    def _ratio(
        self, name: str, first: Call, sent: Iterator[list[bytes]], floor: float | None, most: int
    ) -> Figure:
        """Answers a second for one of the bare application that answers the same bytes: the median over the slices."""
        status, body = self._ask(first)
        with servers.bare(body, status) as bare:
            bare_aim = Aim(bare.port, [replace(first, path=BARE).wire(self._key)], status)
            slices = [
                (
                    self._slice(bare, bare_aim, body),
                    self._slice(self._tracker, Aim(self._tracker.port, next(sent), status), body, most),
                )
                for _ in range(self._pace.slices + 1)
            ][1:]  # The first is for warming up.
        ratio = statistics.median(ours.per_s / theirs.per_s for theirs, ours in slices)
        theirs, ours = (_median(side) for side in zip(*slices, strict=True))
        return Figure(name, ratio, at_least=floor, beside=f"{ours} against {theirs}")

    def _slice(self, server: Server, aim: Aim, body: bytes, most: int = MOST) -> "_Rate":
        used = server.cpu_s()
        found = self._load.slice(aim, self._pace.seconds, most)
        used = server.cpu_s() - used
        as_expected = {len(body)} if len(aim.requests) == 1 else range(len(body) // 4, len(body) * 4)
        if not all(size in as_expected for size in found.sizes):
            raise RuntimeError(f"Answers of {sorted(found.sizes)} bytes instead of {len(body)}")
        return _Rate(found.answers / found.seconds, used / found.answers * 1e6)

    def _ask(self, call: Call) -> tuple[int, bytes]:
        with socket.create_connection(("127.0.0.1", self._tracker.port), PATIENCE_S) as line:
            line.sendall(call.wire(self._key))
            answer = http.client.HTTPResponse(line, method=call.method)
            answer.begin()
            body = answer.read()
        if answer.status not in (200, 201):
            raise RuntimeError(f"{call.method} {call.path}: {answer.status} {body[:500]!r}")
        return answer.status, body


@dataclass(frozen=True, slots=True)
class _Rate:
    """Answers a second, and what one cost the server."""

    per_s: float
    cpu_us: float

    def __str__(self) -> str:
        return f"{self.per_s:,.0f}/s at {self.cpu_us:,.0f} µs"


def _median(rates: tuple[_Rate, ...]) -> _Rate:
    return _Rate(statistics.median(r.per_s for r in rates), statistics.median(r.cpu_us for r in rates))
