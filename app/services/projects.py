"""Adding, changing and removing projects, phases and turbines."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, require
from app.domain.errors import Conflict, Forbidden, NotFound
from app.domain.problems import Problem
from app.domain.recognition import check_not_future
from app.domain.vocabulary import Fact, SubjectKind
from app.queries import projects, subjects
from app.schemas.projects import (
    PhaseChange,
    PhaseCreate,
    ProjectChange,
    ProjectCreate,
    TurbineChange,
    TurbineCreate,
)
from app.services import cod_milestones, edits, journal
from app.tables.base import key
from app.tables.ledger import CapacityEntry
from app.tables.projects import Phase, Project, Turbine

# What an investor may not set on its own project: whose it is, and whether it counts.
FOR_THE_DEPARTMENT = frozenset({"investor", "in_totals", "is_illustrative", "confidence", "sources"})
TURBINE_DAYS = ("installed_on", "energised_on", "synchronised_on", "tested_on")


def create(session: Session, actor: Actor, change: ProjectCreate) -> Project:
    """Adds a project. Conflict where its code is taken."""
    require(actor, May.CREATE_PROJECT)
    if session.execute(select(col(Project.id)).where(col(Project.code) == change.code)).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    revision = journal.number(session, actor)
    project = Project(**_project_values(session, change.model_dump()), created_in=revision, revision=revision)
    session.add(project)
    session.flush()
    after = journal.described(project)
    journal.record(
        session, actor, Fact.PROJECT_CREATED, "project", project.code, after=after, project=project
    )
    return project


def change(session: Session, actor: Actor, code: str, change: ProjectChange, expected: int | None) -> Project:
    """Changes the fields that were sent. NotFound where the project is not the actor's; Stale where it has moved on."""
    require(actor, May.CHANGE_PROJECT)
    project = projects.one(session, actor, code)
    edits.check_version(expected, project.revision)
    values = edits.sent(change, required=("name", "in_totals", "is_illustrative"))
    _refuse_department_fields(actor, values)
    _refuse_new_light(session, project, values, col(CapacityEntry.project_id) == project.id)
    before, after = edits.apply(project, _project_values(session, values))
    if after:
        journal.record(
            session, actor, Fact.PROJECT_CHANGED, "project", code, before=before, after=after, project=project
        )
    return project


def remove(session: Session, actor: Actor, code: str, expected: int | None) -> None:
    """Removes a project that holds nothing yet. Conflict where it has phases, ledger entries, milestones or documents."""
    require(actor, May.CREATE_PROJECT)
    project = projects.one(session, actor, code)
    edits.check_version(expected, project.revision)
    if (
        projects.count_phases(session, project)
        or _has_entries(session, col(CapacityEntry.project_id) == project.id)
        or subjects.is_in_use(session, SubjectKind.PROJECT, key(project.id))
    ):
        raise Conflict(Problem.IN_USE, code=code)
    journal.record(session, actor, Fact.PROJECT_REMOVED, "project", code, before=journal.described(project))
    session.delete(project)


def _project_values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns: the investor by id, the district checked."""
    values = dict(values)
    if "investor" in values:
        values["investor_id"] = edits.organisation(session, values.pop("investor"), "investor")
    if "district" in values:
        edits.check_unit(session, values["district"], "district")
        values["district_code"] = values.pop("district")
    edits.check_sources(session, values.get("sources") or ())
    return values


def _refuse_department_fields(actor: Actor, values: dict[str, Any]) -> None:
    if actor.may(May.CREATE_PROJECT):
        return
    for name in sorted(FOR_THE_DEPARTMENT & set(values)):
        raise Forbidden(Problem.NOT_ALLOWED, field=name)


def _refuse_new_light(session: Session, row: Project | Phase, values: dict[str, Any], entries: Any) -> None:
    """Whether something is illustrative is settled before its first ledger entry, which takes it over for good."""
    changes = values.get("is_illustrative", row.is_illustrative) != row.is_illustrative
    if changes and _has_entries(session, entries):
        raise Conflict(Problem.IN_USE, field="is_illustrative")


def create_phase(session: Session, actor: Actor, change: PhaseCreate) -> tuple[Phase, Project]:
    """Adds a phase to a project. NotFound where there is no such project, Conflict where the code is taken."""
    require(actor, May.CREATE_PROJECT)
    project = projects.one(session, actor, change.project)
    if session.execute(select(col(Phase.id)).where(col(Phase.code) == change.code)).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    edits.check_sources(session, change.sources)
    values = change.model_dump(exclude={"project"})
    phase = Phase(**values, project_id=key(project.id), created_in=journal.number(session, actor))
    session.add(phase)
    session.flush()
    after = {**journal.described(phase, without=("project_id",)), "project": project.code}
    journal.record(session, actor, Fact.PHASE_CREATED, "phase", phase.code, after=after, project=project)
    return phase, project


def change_phase(
    session: Session, actor: Actor, code: str, change: PhaseChange, expected: int | None
) -> tuple[Phase, Project]:
    """Changes the fields that were sent of a phase the actor may see."""
    require(actor, May.CHANGE_PROJECT)
    phase, project = projects.phase(session, actor, code)
    edits.check_version(expected, project.revision)
    values = edits.sent(change, required=("name", "is_illustrative"))
    _refuse_department_fields(actor, values)
    _refuse_new_light(session, phase, values, col(CapacityEntry.phase_id) == phase.id)
    edits.check_sources(session, values.get("sources") or ())
    before, after = edits.apply(phase, values)
    if after:
        journal.record(
            session, actor, Fact.PHASE_CHANGED, "phase", code, before=before, after=after, project=project
        )
        cod_milestones.follow(session, actor, phase)
    return phase, project


def remove_phase(session: Session, actor: Actor, code: str, expected: int | None) -> None:
    """Removes a phase that holds nothing yet. Conflict where it has turbines, ledger entries, milestones or documents,
    or needs a grid work, or its power has or had a stated way."""
    require(actor, May.CREATE_PROJECT)
    phase, project = projects.phase(session, actor, code)
    edits.check_version(expected, project.revision)
    held = projects.turbines_of(session, phase) or subjects.is_in_use(
        session, SubjectKind.PHASE, key(phase.id)
    )
    if held or _has_entries(session, col(CapacityEntry.phase_id) == phase.id):
        raise Conflict(Problem.IN_USE, code=code)
    before = {**journal.described(phase, without=("project_id",)), "project": project.code}
    journal.record(session, actor, Fact.PHASE_REMOVED, "phase", code, before=before, project=project)
    session.delete(phase)


def put_turbine(
    session: Session,
    actor: Actor,
    code: str,
    number: str,
    change: TurbineChange,
    expected: int | None,
    today: date,
) -> bool:
    """Adds a turbine to a phase or replaces what is kept about it. Answers whether it is new."""
    phase, project = _own_phase(session, actor, code, expected)
    turbine = projects.turbine(session, phase, number)
    if turbine is None:
        _add_turbine(session, actor, phase, project, {"number": number, **change.model_dump()}, today)
    else:
        _set_turbine(session, actor, project, phase, turbine, change.model_dump(), today)
    return turbine is None


def create_turbine(
    session: Session, actor: Actor, code: str, change: TurbineCreate, expected: int | None, today: date
) -> Turbine:
    """Adds a turbine to a phase. Conflict where the phase has its number already."""
    phase, project = _own_phase(session, actor, code, expected)
    if projects.turbine(session, phase, change.number) is not None:
        raise Conflict(Problem.TAKEN, field="number", number=change.number)
    return _add_turbine(session, actor, phase, project, change.model_dump(), today)


def _add_turbine(
    session: Session, actor: Actor, phase: Phase, project: Project, values: dict[str, Any], today: date
) -> Turbine:
    check_not_future(today, **{name: values[name] for name in TURBINE_DAYS})
    turbine = Turbine(**values, phase_id=key(phase.id))
    session.add(turbine)
    session.flush()
    after = journal.described(turbine, without=("phase_id",))
    subject = f"{phase.code}/{turbine.number}"
    journal.record(session, actor, Fact.TURBINE_CREATED, "turbine", subject, after=after, project=project)
    cod_milestones.follow(session, actor, phase)
    return turbine


def change_turbine(
    session: Session,
    actor: Actor,
    code: str,
    number: str,
    change: TurbineChange,
    expected: int | None,
    today: date,
) -> Turbine:
    """Changes the fields that were sent of one turbine."""
    phase, project = _own_phase(session, actor, code, expected)
    turbine = _turbine(session, phase, number)
    _set_turbine(session, actor, project, phase, turbine, edits.sent(change), today)
    return turbine


def remove_turbine(session: Session, actor: Actor, code: str, number: str, expected: int | None) -> None:
    """Removes a turbine that no ledger entry names. Conflict where one does."""
    phase, project = _own_phase(session, actor, code, expected)
    turbine = _turbine(session, phase, number)
    named = select(col(CapacityEntry.turbines)).where(col(CapacityEntry.phase_id) == phase.id)
    if any(number in numbers for numbers in session.execute(named).scalars()):
        raise Conflict(Problem.IN_USE, number=number)
    before = journal.described(turbine, without=("phase_id",))
    journal.record(
        session, actor, Fact.TURBINE_REMOVED, "turbine", f"{code}/{number}", before=before, project=project
    )
    session.delete(turbine)
    cod_milestones.follow(session, actor, phase)


def _set_turbine(
    session: Session,
    actor: Actor,
    project: Project,
    phase: Phase,
    turbine: Turbine,
    values: dict[str, Any],
    today: date,
) -> None:
    check_not_future(today, **{name: values.get(name) for name in TURBINE_DAYS})
    before, after = edits.apply(turbine, values)
    if after:
        subject = f"{phase.code}/{turbine.number}"
        journal.record(
            session,
            actor,
            Fact.TURBINE_CHANGED,
            "turbine",
            subject,
            before=before,
            after=after,
            project=project,
        )
        cod_milestones.follow(session, actor, phase)


def _own_phase(session: Session, actor: Actor, code: str, expected: int | None) -> tuple[Phase, Project]:
    require(actor, May.CHANGE_PROJECT)
    phase, project = projects.phase(session, actor, code)
    edits.check_version(expected, project.revision)
    return phase, project


def _turbine(session: Session, phase: Phase, number: str) -> Turbine:
    turbine = projects.turbine(session, phase, number)
    if turbine is None:
        raise NotFound(Problem.NOT_FOUND, subject="turbine", number=number)
    return turbine


def _has_entries(session: Session, where: Any) -> bool:
    return session.execute(select(func.count()).select_from(CapacityEntry).where(where)).scalar_one() > 0
