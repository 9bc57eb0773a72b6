"""Grid works, the connections that say which phase needs which work, and clearance packages.

A grid work's summary is public; connections and packages are for those who see their subject (`queries/subjects.py`).
"""

from dataclasses import dataclass

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import SubjectKind, Track, WorkKind
from app.queries import projects, subjects
from app.tables.base import Word
from app.tables.milestones import Milestone
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, Connection, GridWork


def public(session: Session, code: str) -> GridWork:
    """A grid work by code, for its public summary. NotFound where there is none."""
    found = session.execute(select(GridWork).where(col(GridWork.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="grid_work", code=code)
    return found


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A grid work with the names that go with it."""

    work: GridWork
    owner: Organisation | None
    district: AdministrativeUnit | None


_LINES = (
    select(GridWork, Organisation, AdministrativeUnit)
    .outerjoin(Organisation, col(Organisation.id) == col(GridWork.owner_id))
    .outerjoin(AdministrativeUnit, col(AdministrativeUnit.code) == col(GridWork.district_code))
)


def line(session: Session, code: str) -> WorkLine:
    """One grid work with its names. NotFound where there is none."""
    row = session.execute(_LINES.where(col(GridWork.code) == code)).first()
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="grid_work", code=code)
    return WorkLine(*row)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of grid works is narrowed by; None leaves a field open."""

    kind: WorkKind | None = None
    owner: str | None = None
    district: str | None = None


def page(session: Session, filters: Filters, *, after: str | None, limit: int) -> list[WorkLine]:
    """Up to `limit` + 1 grid works by code, after the code `after`; the one too many says that there is more."""
    statement = _LINES.order_by(col(GridWork.code)).limit(limit + 1)
    if filters.kind is not None:
        statement = statement.where(col(GridWork.kind) == filters.kind)
    if filters.owner is not None:
        statement = statement.where(col(Organisation.code) == filters.owner)
    if filters.district is not None:
        statement = statement.where(col(GridWork.district_code) == filters.district)
    if after is not None:
        statement = statement.where(col(GridWork.code) > after)
    return [WorkLine(*row) for row in session.execute(statement)]


def lines_of(session: Session, owner_id: int | None) -> list[GridWork]:
    """The lines that an organisation keeps, or all of them, by code."""
    statement = select(GridWork).where(col(GridWork.kind) == WorkKind.LINE).order_by(col(GridWork.code))
    if owner_id is not None:
        statement = statement.where(col(GridWork.owner_id) == owner_id)
    return list(session.execute(statement).scalars())


@dataclass(frozen=True, slots=True)
class Need:
    """A connection with both of its ends."""

    connection: Connection
    phase: Phase
    project: Project
    work: GridWork


_NEEDS = (
    select(Connection, Phase, Project, GridWork)
    .join(Phase, col(Phase.id) == col(Connection.phase_id))
    .join(Project, col(Project.id) == col(Phase.project_id))
    .join(GridWork, col(GridWork.id) == col(Connection.work_id))
    .order_by(col(Phase.code), col(GridWork.code))
)


def connection(session: Session, phase: Phase, work: GridWork) -> Connection | None:
    """What is kept about this phase needing this work, or None."""
    statement = select(Connection).where(
        col(Connection.phase_id) == phase.id, col(Connection.work_id) == work.id
    )
    return session.execute(statement).scalar_one_or_none()


def needs(session: Session) -> list[Need]:
    """Every connection there is, by phase and work."""
    return [Need(*row) for row in session.execute(_NEEDS)]


def of_phase(session: Session, phase: Phase) -> list[Need]:
    """The works a phase needs, by code. Whoever calls has asked for visibility already."""
    statement = _NEEDS.where(col(Connection.phase_id) == phase.id)
    return [Need(*row) for row in session.execute(statement)]


def of_work(session: Session, actor: Actor, work: GridWork) -> list[Need]:
    """The phases that need a work, by code: those whose detail `actor` may see."""
    statement = _NEEDS.where(
        col(Connection.work_id) == work.id, col(Phase.project_id).in_(projects.visible(actor))
    )
    return [Need(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Package:
    """A clearance package with its one holder and the names that go with it."""

    clearance: Clearance
    work: GridWork | None
    project: Project | None
    district: AdministrativeUnit | None
    commune: AdministrativeUnit | None


_COMMUNE = aliased(AdministrativeUnit)
_PACKAGES = (
    select(Clearance, GridWork, Project, AdministrativeUnit, _COMMUNE)
    .outerjoin(GridWork, col(GridWork.id) == col(Clearance.work_id))
    .outerjoin(Project, col(Project.id) == col(Clearance.project_id))
    .outerjoin(AdministrativeUnit, col(AdministrativeUnit.code) == col(Clearance.district_code))
    .outerjoin(_COMMUNE, col(_COMMUNE.code) == col(Clearance.commune_code))
)


def _seen(
    actor: Actor,
) -> Select[Clearance, GridWork, Project, AdministrativeUnit, AdministrativeUnit]:
    """The packages that `actor` may see."""
    kind = literal(SubjectKind.CLEARANCE, Word(SubjectKind))
    return _PACKAGES.where(subjects.visible(actor, kind, col(Clearance.id), col(Clearance.project_id)))


def package(session: Session, actor: Actor, code: str) -> Package:
    """A package that `actor` may see; to everyone else it is not there."""
    row = session.execute(_seen(actor).where(col(Clearance.code) == code)).first()
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="clearance", code=code)
    return Package(*row)


@dataclass(frozen=True, slots=True)
class PackageFilters:
    """What a list of packages is narrowed by; None leaves a field open."""

    work: str | None = None
    project: str | None = None
    district: str | None = None
    track: Track | None = None
    commune: str | None = None


def packages(
    session: Session, actor: Actor, filters: PackageFilters, *, after: str | None, limit: int
) -> list[Package]:
    """Up to `limit` + 1 packages that `actor` may see by code, after the code `after`."""
    statement = _seen(actor).order_by(col(Clearance.code)).limit(limit + 1)
    if filters.work is not None:
        statement = statement.where(col(GridWork.code) == filters.work)
    if filters.project is not None:
        statement = statement.where(col(Project.code) == filters.project)
    if filters.district is not None:
        statement = statement.where(col(Clearance.district_code) == filters.district)
    if filters.track is not None:
        statement = statement.where(col(Clearance.track) == filters.track)
    if filters.commune is not None:
        statement = statement.where(col(Clearance.commune_code) == filters.commune)
    if after is not None:
        statement = statement.where(col(Clearance.code) > after)
    return [Package(*row) for row in session.execute(statement)]


def has_milestones(session: Session, kind: SubjectKind, subject_id: int | None) -> bool:
    """Whether milestones of a template hang on a subject: then its kind, which chose them, stands."""
    statement = select(col(Milestone.id)).where(
        col(Milestone.subject) == kind, col(Milestone.subject_id) == subject_id
    )
    return session.execute(statement.limit(1)).first() is not None
