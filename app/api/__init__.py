"""The JSON door: at most ten lines a route, each naming who may call it; everything below `/api/v1`."""

from fastapi import APIRouter

from app.api import capacity, imports, journal, people, phases, projects, targets, tranches, turbines

BASE = "/api/v1"
routers: tuple[APIRouter, ...] = (
    capacity.router,
    projects.router,
    turbines.router,
    phases.router,
    tranches.router,
    targets.router,
    people.router,
    imports.router,
    journal.router,
)
