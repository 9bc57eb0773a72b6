"""A load generator in a process of its own: raw sockets, prebuilt requests, keep-alive, one request at a time on each
connection. It costs a fraction of what any server under it costs, so that it is never what is measured."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Any

import uvloop

from app.bench.servers import FORK

CONNECTIONS = 32
PATIENCE_S = 30.0
# No slice sends more different requests than this, nor more requests in all.
VARIETY, MOST = 4_000, 100_000


@dataclass(frozen=True, slots=True)
class Aim:
    """Where to shoot: the requests to send in any order, and the status each must be answered with."""

    port: int
    requests: list[bytes]
    status: int = 200


@dataclass(slots=True)
class Slice:
    """What came back within one slice of time. `wrong` counts answers of another status, `sizes` are those of bodies."""

    answers: int = 0
    seconds: float = 0.0
    wrong: int = 0
    sizes: set[int] = field(default_factory=set)


class Load:
    """The load generator, as its parent sees it."""

    def __init__(self, orders: "Connection[Any, Any]") -> None:
        self._orders = orders
        self._dice = random.Random(377)  # noqa: S311 - a repeatable choice, no secret

    def slice(self, aim: Aim, seconds: float, most: int = MOST) -> Slice:
        """Up to `most` requests for up to `seconds`, drawn at random. Raises where an answer was wrong or none came."""
        requests = aim.requests
        if len(requests) > 1:
            requests = self._dice.sample(requests, min(len(requests), VARIETY))
        self._orders.send((Aim(aim.port, requests, aim.status), seconds, min(most, MOST)))
        if not self._orders.poll(seconds + PATIENCE_S):
            raise RuntimeError("The load generator does not answer")
        found: Slice = self._orders.recv()
        if found.wrong or not found.answers:
            raise RuntimeError(f"{found.wrong} of {found.answers} answers were not {aim.status}")
        return found


@contextmanager
def generator() -> Iterator[Load]:
    """Starts the process and ends it with the block."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=_obey, args=(there,), daemon=True)
    process.start()
    try:
        yield Load(here)
    finally:
        here.send(None)
        process.join(PATIENCE_S)
        process.kill()


def _obey(orders: "Connection[Any, Any]") -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        while (order := orders.recv()) is not None:
            orders.send(runner.run(_shoot(*order)))


async def _shoot(aim: Aim, seconds: float, most: int) -> Slice:
    loop = asyncio.get_running_loop()
    found = Slice()
    requests = cycle(aim.requests)
    lines = [_Line(found, requests, aim.status) for _ in range(CONNECTIONS)]
    for line in lines:
        await loop.create_connection(partial(_itself, line), "127.0.0.1", aim.port)
    started = loop.time()
    for line in lines:
        line.shoot(until=started + seconds, most=most)
    await asyncio.wait_for(asyncio.gather(*(line.done for line in lines)), seconds + PATIENCE_S)
    found.seconds = loop.time() - started
    for line in lines:
        line.close()
    return found


def _itself(line: "_Line") -> "_Line":
    return line


class _Line(asyncio.Protocol):
    """One connection: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, found: Slice, requests: Iterator[bytes], status: int) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._found, self._requests = found, requests
        self._status = b"HTTP/1.1 %d " % status
        self._held, self._missing = b"", 0
        self._until, self._most = 0.0, 0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._time = asyncio.get_running_loop().time

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("The server has hung up"))

    def shoot(self, *, until: float, most: int) -> None:
        self._until, self._most = until, most
        self._transport.write(next(self._requests))

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._held += data
            head, found, body = self._held.partition(b"\r\n\r\n")
            if not found:
                return
            size = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
            self._found.sizes.add(size)
            self._found.wrong += not head.startswith(self._status)
            self._held, self._missing = b"", size - len(body)
        if not self._missing:
            self._answered()

    def _answered(self) -> None:
        self._found.answers += 1
        if self._time() < self._until and self._found.answers < self._most:
            self._transport.write(next(self._requests))
        else:
            self.done.set_result(None)
