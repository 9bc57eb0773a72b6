"""Whose projects an actor may see, and the projects, phases and turbines themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select, bindparam, false, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Stage
from app.queries.prepared import Plain, Prepared
from app.tables.base import table
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine

_PHASE, _PROJECT, _TURBINE = table(Phase).c, table(Project).c, table(Turbine).c
_INVESTOR, _DISTRICT = table(Organisation).c, table(AdministrativeUnit).c


def sight(actor: Actor) -> tuple[bool, int | None]:
    """Whose projects' detail `actor` may see: everybody's, or else those of one organisation (None: nobody's)."""
    own = actor.organisation_id if actor.may(May.READ_DETAIL) else None
    return actor.may(May.SEE_EVERY_PROJECT), own


def visible(actor: Actor) -> Select[Any]:
    """The ids of the projects whose detail `actor` may see."""
    everything, own = sight(actor)
    ids = select(col(Project.id))
    return ids if everything else ids.where(false() if own is None else col(Project.investor_id) == own)


def sees(actor: Actor, investor_id: int | None) -> bool:
    """The same, asked of one project by its investor."""
    everything, own = sight(actor)
    return everything or (own is not None and investor_id == own)


def public(session: Session, code: str) -> Project:
    """A project by code, for its public summary. NotFound where there is none."""
    found = session.execute(select(Project).where(col(Project.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="project", code=code)
    return found


def one(session: Session, actor: Actor, code: str) -> Project:
    """A project whose detail `actor` may see; to everyone else it is not there."""
    found = session.execute(select(Project).where(col(Project.code) == code)).scalar_one_or_none()
    if found is None or not sees(actor, found.investor_id):
        raise NotFound(Problem.NOT_FOUND, subject="project", code=code)
    return found


def shown_phase(session: Session, code: str) -> Plain:
    """A phase for its public summary, with what it shows of its project. NotFound where there is none."""
    found: Plain | None = _SHOWN_PHASE.first(session, code=code)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="phase", code=code)
    return found


_SHOWN_PHASE = Prepared(
    select(
        *(column for column in _PHASE if column.name != "is_illustrative"),
        or_(_PHASE.is_illustrative, _PROJECT.is_illustrative).label("is_illustrative"),
        _PROJECT.code.label("project"),
        _PROJECT.revision,
        _PROJECT.investor_id,
        _INVESTOR.code.label("investor"),
        _INVESTOR.name.label("investor_name"),
        _INVESTOR.name_en.label("investor_name_en"),
        _DISTRICT.code.label("district"),
        _DISTRICT.name.label("district_name"),
    )
    .join(table(Project), _PROJECT.id == _PHASE.project_id)
    .outerjoin(table(Organisation), _INVESTOR.id == _PROJECT.investor_id)
    .outerjoin(table(AdministrativeUnit), _DISTRICT.code == _PROJECT.district_code)
    .where(_PHASE.code == bindparam("code"))
)


class Subject(Protocol):
    """A project or a phase as far as its ledger must know it: the row that is edited, or what `subjects` reads."""

    @property
    def id(self) -> int | None: ...

    @property
    def code(self) -> str: ...

    @property
    def is_illustrative(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Known:
    """A subject that is not edited itself: to read one costs a tenth of a row that could be."""

    id: int
    code: str
    is_illustrative: bool


def subjects(session: Session, actor: Actor, code: str) -> tuple[Known, Known]:
    """A phase and its project for their ledger, where `actor` may see its detail; to everyone else it is not there."""
    row = _SUBJECTS.first(session, code=code)
    if row is None or not sees(actor, row.investor_id):
        raise NotFound(Problem.NOT_FOUND, subject="phase", code=code)
    return Known(*row[:3]), Known(*row[3:6])


_SUBJECTS = Prepared(
    select(
        *(_PHASE.id, _PHASE.code, _PHASE.is_illustrative),
        _PROJECT.id.label("project_id"),
        _PROJECT.code.label("project"),
        _PROJECT.is_illustrative.label("is_project_illustrative"),
        _PROJECT.investor_id,
    )
    .join(table(Project), _PROJECT.id == _PHASE.project_id)
    .where(_PHASE.code == bindparam("code"))
)


def public_phase(session: Session, code: str) -> tuple[Phase, Project]:
    """A phase and its project by the phase's code. NotFound where there is none."""
    row = session.execute(_PHASE_AND_PROJECT, {"code": code}).first()
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="phase", code=code)
    return row[0], row[1]


def phase(session: Session, actor: Actor, code: str) -> tuple[Phase, Project]:
    """The same where `actor` may see its detail; to everyone else it is not there."""
    phase, project = public_phase(session, code)
    if not sees(actor, project.investor_id):
        raise NotFound(Problem.NOT_FOUND, subject="phase", code=code)
    return phase, project


_PHASE_AND_PROJECT = (
    select(Phase, Project)
    .join(Project, col(Project.id) == col(Phase.project_id))
    .where(col(Phase.code) == bindparam("code"))
)


def phases_of(session: Session, project: Subject) -> list[Phase]:
    """The phases of a project, by code."""
    statement = select(Phase).where(col(Phase.project_id) == project.id).order_by(col(Phase.code))
    return list(session.execute(statement).scalars())


def turbines_of(session: Session, phase: Subject | Plain) -> list[Plain]:
    """The turbines of a phase, by number."""
    return _TURBINES.all(session, phase=phase.id)


_TURBINES = Prepared(
    select(*_TURBINE).where(_TURBINE.phase_id == bindparam("phase")).order_by(_TURBINE.number)
)


def turbine(session: Session, phase: Phase, number: str) -> Turbine | None:
    """One turbine of a phase, or None."""
    statement = select(Turbine).where(col(Turbine.phase_id) == phase.id, col(Turbine.number) == number)
    return session.execute(statement).scalar_one_or_none()


def turbine_sum_kw(phase: Phase | Plain, turbines: Sequence[Plain]) -> int | None:
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
