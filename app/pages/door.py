"""The pages as one application takes them: their routes, their stylesheet and icon, and problems in words."""

from fastapi import APIRouter, FastAPI

from app.pages import overview, problems, signing
from app.pages.assets import Assets

routers: tuple[APIRouter, ...] = (overview.router, signing.router)


def install(app: FastAPI) -> None:
    """Mounts everything for who comes with a browser; after `deps.problems.install`."""
    for router in routers:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", Assets(), name="static")
    problems.install(app)
