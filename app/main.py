"""The wiring: one application from one Settings."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator

import uvicorn
from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from app import api, worker
from app.api import health, openapi
from app.deps import Tracker, kept, logs, problems, workbook_runs
from app.deps.compression import Compressed
from app.pages import door
from app.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The service. Refuses to start with the default secret outside the demo."""
    settings.refuse_default_secret()
    logs.configure(settings.log_level)
    tracker = Tracker.open(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        chores = asyncio.create_task(worker.keep_house(tracker, stop))
        try:
            yield
        finally:
            stop.set()
            tracker.watch.close()
            await workbook_runs.stop(tracker)
            await chores
            await worker.note_uses(tracker)
            tracker.db.close()

    app = FastAPI(
        title="Wind-power commissioning tracker",
        summary="How many MW count as commercially operating, against the target.",
        version="1",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    app.state.tracker = tracker
    problems.install(app)
    for router in api.routers:
        app.include_router(router, prefix=api.BASE)
    app.include_router(health.router)
    openapi.install(app)
    door.install(app)
    _wrap(app, settings)
    return app


def _wrap(app: FastAPI, settings: Settings) -> None:
    """What stands around every route, the innermost first."""
    # Around the limit, so that a refused body is a problem like any other and has its line in the log.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=settings.max_body_bytes)
    app.add_middleware(kept.Again)
    app.add_middleware(logs.Requests, tiles=settings.tile_origin)
    app.add_middleware(Compressed)


def serve(app: FastAPI, listening: socket.socket) -> None:
    """Answers on a socket, in this one process, until it is told to stop."""
    # What stands now is never garbage, and a request leaves hardly a cycle behind: to look less often costs nothing.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    config = uvicorn.Config(app, access_log=False, log_level="warning", server_header=False)
    # The bare application that a benchmark measures against has no tracker.
    _Server(config, getattr(app.state, "tracker", None)).run(sockets=[listening])


class _Server(uvicorn.Server):
    """A server that lets those go who wait for changes before it waits for what is under way."""

    def __init__(self, config: uvicorn.Config, tracker: Tracker | None) -> None:
        super().__init__(config)
        self._tracker = tracker

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._tracker is not None:
            self._tracker.watch.close()
        await super().shutdown(sockets)
