"""How long the schedule of a large network takes and how much memory, and how long that of the demo takes: in a process
of its own."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from app.bench import demo
from app.bench.figures import Figure
from app.bench.servers import SPAWN
from app.domain.schedule import DONE, FOREVER, OPEN, PASSES, Network, Workdays, compute

TIME_CEILING_S, MEMORY_CEILING_MB, DEMO_CEILING_MS = 10.0, 2_048.0, 10.0
LAYERS, PREDECESSORS = 100, 3
# Monday 03/01/2022 as an ordinal: the first day of the network and of its calendar.
FIRST = 738_158
CALENDAR_DAYS = 3_650


def measure(milestones: int, runs: int) -> Iterator[Figure]:
    """Seconds for both passes, and the most memory the process held, the network itself included; then milliseconds
    for both passes over the demo's network, and for the whole plan around them."""
    with ProcessPoolExecutor(1, SPAWN) as alone:
        seconds, memory_mb = alone.submit(_timed, milestones).result()
        in_demo, passes_ms, plan_ms = alone.submit(demo.timed, runs).result()
    name = f"schedule of {milestones:,} milestones"
    beside = f"forward and backward, {LAYERS} layers, {PREDECESSORS} predecessors each, two calendars"
    yield Figure(name, seconds, "s", at_most=TIME_CEILING_S, beside=beside)
    yield Figure("memory", memory_mb, "MB", at_most=MEMORY_CEILING_MB, beside="the most at any time")
    name = f"the demo's network, {in_demo:,} milestones"
    yield Figure(name, passes_ms, "ms", at_most=DEMO_CEILING_MS, beside="forward and backward")
    yield Figure("its whole plan", plan_ms, "ms", beside="loading and building included")


def _timed(milestones: int) -> tuple[float, float]:
    chance = np.random.default_rng(377)
    network, workdays = _layered(milestones, chance), Workdays(FIRST, chance.random(CALENDAR_DAYS) < 5 / 7)
    started = time.perf_counter()
    compute(network, workdays)
    return time.perf_counter() - started, _most_memory_mb()


def _layered(count: int, chance: np.random.Generator) -> Network:
    """Layers of equal width; everything waits for some of the layer before, and positions say nothing about layers."""
    width = count // LAYERS
    later = np.repeat(np.arange(width, count), PREDECESSORS)
    earlier = (later // width - 1) * width + chance.integers(0, width, len(later))
    position = chance.permutation(count)
    every_day = np.full(count, FIRST)
    return Network(
        kind=chance.choice([OPEN, DONE, PASSES], count, p=[0.8, 0.1, 0.1]).astype(np.int8),
        duration=chance.integers(0, 30, count),
        in_working_days=chance.random(count) < 0.5,
        release=every_day,
        floor=every_day + 400,
        deadline=np.where(chance.random(count) < 0.1, FIRST + 2_000, FOREVER),
        finished=every_day + chance.integers(0, 400, count),
        source=position[earlier],
        target=position[later],
        lag=chance.integers(0, 5, len(later)),
        lag_in_working_days=chance.random(len(later)) < 0.5,
    )


def _most_memory_mb() -> float:
    """The most memory this process ever held in RAM; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6
