"""The pages as one application takes them: their routes, their stylesheet and icon, and problems in words."""

from fastapi import APIRouter, FastAPI

from app.pages import (
    administration,
    administration_journal,
    administration_keys,
    administration_users,
    blockers,
    commitment_forms,
    commitments,
    decisions,
    decisions_milestones,
    declaration_forms,
    document_forms,
    exchange,
    goal_forms,
    grid_works,
    histories,
    land,
    land_packages,
    milestone_forms,
    obstacle_forms,
    overview,
    phases,
    problems,
    projects,
    projects_list,
    queue,
    reporting_forms,
    signing,
    signing_oidc,
    turbine_forms,
    unit_forms,
    webhooks,
    workbooks,
)
from app.pages import map as maps
from app.pages.assets import Assets

routers: tuple[APIRouter, ...] = (
    overview.router,
    maps.router,
    signing.router,
    signing_oidc.router,
    administration.router,
    administration_users.router,
    administration_keys.router,
    administration_journal.router,
    projects_list.router,
    projects.router,
    phases.router,
    histories.router,
    grid_works.router,
    land.router,
    land_packages.router,
    commitments.router,
    blockers.router,
    reporting_forms.router,
    milestone_forms.router,
    turbine_forms.router,
    goal_forms.router,
    declaration_forms.router,
    document_forms.router,
    obstacle_forms.router,
    queue.router,
    exchange.router,
    decisions.router,
    decisions_milestones.router,
    unit_forms.router,
    commitment_forms.router,
    workbooks.router,
    webhooks.router,
)


def install(app: FastAPI) -> None:
    """Mounts everything for who comes with a browser; after `deps.problems.install`."""
    for router in routers:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", Assets(), name="static")
    problems.install(app)
