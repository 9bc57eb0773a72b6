"""The JSON door: at most ten lines a route, each naming who may call it; everything below `/api/v1`."""

from fastapi import APIRouter

from app.api import (
    calendar,
    capacity,
    clearances,
    documents,
    imports,
    journal,
    milestones,
    obstacles,
    people,
    phases,
    progress_reports,
    projects,
    schedules,
    targets,
    templates,
    tranches,
    turbines,
    works,
)

BASE = "/api/v1"
# The most asked first: they are tried one after the other.
routers: tuple[APIRouter, ...] = (
    capacity.router,
    phases.router,
    tranches.router,
    projects.router,
    turbines.router,
    milestones.router,
    schedules.router,
    templates.router,
    works.router,
    clearances.router,
    documents.router,
    obstacles.router,
    progress_reports.router,
    targets.router,
    people.router,
    calendar.router,
    imports.router,
    journal.router,
)
