"""Whose projects an actor may see, and the projects, phases and turbines themselves."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Stage
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine


def visible(actor: Actor) -> Select[Any]:
    """The ids of the projects whose detail `actor` may see: every one, one's own organisation's, or none."""
    ids = select(col(Project.id))
    if actor.may(May.SEE_EVERY_PROJECT):
        return ids
    if actor.may(May.READ_DETAIL) and actor.organisation_id is not None:
        return ids.where(col(Project.investor_id) == actor.organisation_id)
    return ids.where(false())


def sees(session: Session, actor: Actor, project: Project) -> bool:
    """Whether `project`'s detail is for `actor`."""
    found = session.execute(visible(actor).where(col(Project.id) == project.id))
    return found.first() is not None


def public(session: Session, code: str) -> Project:
    """A project by code, for its public summary. NotFound where there is none."""
    found = session.execute(select(Project).where(col(Project.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="project", code=code)
    return found


def one(session: Session, actor: Actor, code: str) -> Project:
    """A project whose detail `actor` may see; to everyone else it is not there."""
    statement = select(Project).where(col(Project.code) == code, col(Project.id).in_(visible(actor)))
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="project", code=code)
    return found


def public_phase(session: Session, code: str) -> tuple[Phase, Project]:
    """A phase and its project by the phase's code, for the public summary. NotFound where there is none."""
    return _phase(session, select(Phase, Project).where(col(Phase.code) == code), code)


def phase(session: Session, actor: Actor, code: str) -> tuple[Phase, Project]:
    """A phase whose detail `actor` may see, and its project; to everyone else it is not there."""
    statement = select(Phase, Project).where(col(Phase.code) == code, col(Project.id).in_(visible(actor)))
    return _phase(session, statement, code)


def _phase(session: Session, statement: Select[Phase, Project], code: str) -> tuple[Phase, Project]:
    row = session.execute(statement.join(Project, col(Project.id) == col(Phase.project_id))).first()
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="phase", code=code)
    return row[0], row[1]


def phases_of(session: Session, project: Project) -> list[Phase]:
    """The phases of a project, by code."""
    statement = select(Phase).where(col(Phase.project_id) == project.id).order_by(col(Phase.code))
    return list(session.execute(statement).scalars())


def turbines_of(session: Session, phase: Phase) -> list[Turbine]:
    """The turbines of a phase, by number."""
    statement = select(Turbine).where(col(Turbine.phase_id) == phase.id).order_by(col(Turbine.number))
    return list(session.execute(statement).scalars())


def turbine(session: Session, phase: Phase, number: str) -> Turbine | None:
    """One turbine of a phase, or None."""
    statement = select(Turbine).where(col(Turbine.phase_id) == phase.id, col(Turbine.number) == number)
    return session.execute(statement).scalar_one_or_none()


def turbine_sum_kw(phase: Phase, turbines: list[Turbine]) -> int | None:
    """The sum of a phase's turbines: of the listed ones where each size is known, else count times size, else unknown."""
    if turbines:
        plates = [t.nameplate_kw for t in turbines]
        return None if None in plates else sum(p for p in plates if p is not None)
    if phase.turbine_count is None or phase.turbine_kw is None:
        return None
    return phase.turbine_count * phase.turbine_kw


@dataclass(frozen=True, slots=True)
class Place:
    """The names that go with a project: its investor and its district."""

    investor: Organisation | None
    district: AdministrativeUnit | None


def places(session: Session, projects: list[Project]) -> dict[int, Place]:
    """Investor and district of each project, by project id."""
    investors = {p.investor_id for p in projects if p.investor_id is not None}
    districts = {p.district_code for p in projects if p.district_code is not None}
    people = {
        o.id: o
        for o in session.execute(select(Organisation).where(col(Organisation.id).in_(investors))).scalars()
    }
    units = {
        u.code: u
        for u in session.execute(
            select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(districts))
        ).scalars()
    }
    return {
        p.id: Place(people.get(p.investor_id), units.get(p.district_code or ""))
        for p in projects
        if p.id is not None
    }


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of projects is narrowed by; None leaves a field open."""

    investor: str | None = None
    district: str | None = None
    stage: Stage | None = None
    in_totals: bool | None = None


def page(session: Session, filters: Filters, *, after: str | None, limit: int) -> list[Project]:
    """Up to `limit` + 1 projects by code, after the code `after`; the one too many says that there is more."""
    statement = _filtered(filters).order_by(col(Project.code)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(Project.code) > after)
    return list(session.execute(statement).scalars())


def phase_page(
    session: Session, filters: Filters, project: str | None, *, after: str | None, limit: int
) -> list[tuple[Phase, Project]]:
    """Up to `limit` + 1 phases with their projects, by phase code."""
    ids = _filtered(filters).with_only_columns(col(Project.id))
    statement = (
        select(Phase, Project)
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(col(Project.id).in_(ids))
        .order_by(col(Phase.code))
        .limit(limit + 1)
    )
    if project is not None:
        statement = statement.where(col(Project.code) == project)
    if after is not None:
        statement = statement.where(col(Phase.code) > after)
    return [(row[0], row[1]) for row in session.execute(statement)]


def _filtered(filters: Filters) -> Select[Project]:
    statement = select(Project)
    if filters.investor is not None:
        own = select(col(Organisation.id)).where(col(Organisation.code) == filters.investor)
        statement = statement.where(col(Project.investor_id).in_(own))
    if filters.district is not None:
        statement = statement.where(col(Project.district_code) == filters.district)
    if filters.stage is not None:
        statement = statement.where(col(Project.stage) == filters.stage)
    if filters.in_totals is not None:
        statement = statement.where(col(Project.in_totals) == filters.in_totals)
    return statement


def count_phases(session: Session, project: Project) -> int:
    """How many phases a project has."""
    statement = select(func.count()).select_from(Phase).where(col(Phase.project_id) == project.id)
    return session.execute(statement).scalar_one()
