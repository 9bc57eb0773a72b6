"""The JSON door: at most ten lines a route, each naming who may call it; everything below `/api/v1`."""

from fastapi import APIRouter

from app.api import capacity, imports, journal, people, phases, projects, targets, tranches, turbines

BASE = "/api/v1"
# The most asked first: they are tried one after the other.
routers: tuple[APIRouter, ...] = (
    capacity.router,
    phases.router,
    tranches.router,
    projects.router,
    turbines.router,
    targets.router,
    people.router,
    imports.router,
    journal.router,
)
