"""The milestone templates as they are in force: the same for every reader, and never changed by one."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.api.openapi_parts import MISSING
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.templates import MilestoneTemplate, TemplateSet
from app.outside import shipped
from app.schemas.templates import TemplateQuery, TemplateSetRead

router = APIRouter(prefix="/milestone-templates", tags=["milestones"], route_class=Route)


@router.get("", response_model=TemplateSetRead, responses=MISSING, openapi_extra=needs(May.READ))
async def read_milestone_templates(ask: Ask, query: Annotated[TemplateQuery, Query()]) -> Response:
    """Every step with its predecessors, gate, duration, evidence and legal basis, in both languages."""
    return await ask.read(lambda _: _read(query.version))


def _read(version: int | None) -> TemplateSetRead:
    try:
        found = shipped.templates(version)
    except KeyError as error:
        raise NotFound(Problem.NOT_FOUND, subject="template_version") from error
    return TemplateSetRead.model_validate(_plain(found))


def _plain(found: TemplateSet) -> dict[str, Any]:
    return {
        "version": found.version,
        "valid_from": found.valid_from,
        "valid_until": found.valid_until,
        "roles": {code: asdict(name) for code, name in found.roles.items()},
        "conditions": [asdict(condition) for condition in found.conditions.values()],
        "templates": [
            {
                "code": template.code,
                "name": asdict(template.name),
                "ends_with": template.ends_with,
                "groups": {code: asdict(name) for code, name in template.groups.items()},
                "milestones": [_step(step) for step in template.milestones],
            }
            for template in found.templates
        ],
    }


def _step(step: MilestoneTemplate) -> dict[str, Any]:
    return {**asdict(step), "condition": step.condition and step.condition.code}
