"""Uvicorn servers in child processes on the loopback: the tracker, and the bare application it is measured against."""

import multiprocessing
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response

from app import main
from app.settings import Settings

SPAWN = multiprocessing.get_context("spawn")
# Importing the service takes longer than a bare application runs in a quick benchmark, so it and the load generator are
# forked off a process that has done it. Where memory counts a process is spawned.
FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["app.bench.servers"])
BARE = "/answer"
PATIENCE_S = 10
TICKS_IN_A_SECOND = 100


class Server:
    """A serving process, as its parent sees it. What it has used is read from /proc, so on Linux only."""

    def __init__(self, process: BaseProcess, port: int) -> None:
        self.port = port
        self._process = process

    def cpu_s(self) -> float:
        """Seconds of CPU used so far; 0 where the system does not say."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICKS_IN_A_SECOND

    def kill(self) -> None:
        """Ends it on the spot."""
        self._process.kill()

    def memory_mb(self) -> float:
        """The most memory it ever held in RAM, in MB; 0 where the system does not say."""
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        except OSError:
            return 0.0
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024 / 1e6


@contextmanager
def tracker(settings: Settings, log: Path) -> Iterator[Server]:
    """The service, its log lines going to a file."""
    with _serving(SPAWN, _tracker, settings, log) as server:
        yield server


@contextmanager
def bare(body: bytes, status: int) -> Iterator[Server]:
    """A FastAPI application with one `async def` route that answers `body`."""
    with _serving(FORK, _bare, body, status) as server:
        try:
            yield server
        finally:
            # It has nothing to put in order, and an orderly end takes longer than a slice of a quick benchmark.
            server.kill()


@contextmanager
def _serving(context: Any, target: Callable[..., None], *args: Any) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listening:
        process = context.Process(target=target, args=(listening, *args), daemon=True)
        process.start()
        port = listening.getsockname()[1]
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.join(PATIENCE_S)
        process.kill()


def _tracker(listening: socket.socket, settings: Settings, log: Path) -> None:
    with log.open("a") as sys.stderr:
        main.serve(main.create_app(settings), listening)


def _bare(listening: socket.socket, body: bytes, status: int) -> None:
    app = FastAPI()

    @app.api_route(BARE, methods=["GET", "POST", "PATCH"])
    async def answer() -> Response:
        return Response(body, status, media_type="application/json")

    main.serve(app, listening)
