"""The subjects that milestones, documents and obstacles hang on: projects, phases, grid works, clearance packages.

Who sees a subject sees what hangs on it. A project's detail is seen by its investor and by those who see every project;
a grid work and its clearances also by the investors whose phases need it, for it holds back their MW. A district
authority sees the clearances of its own district and the works that they are of.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import OrganisationKind, SubjectKind
from app.queries import journal, projects
from app.tables.base import key
from app.tables.documents import Document
from app.tables.evacuation import EvacuationPath
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, Connection, GridWork

Row = Project | Phase | GridWork | Clearance
TABLES: dict[SubjectKind, type[Any]] = {
    SubjectKind.PROJECT: Project,
    SubjectKind.PHASE: Phase,
    SubjectKind.GRID_WORK: GridWork,
    SubjectKind.CLEARANCE: Clearance,
}
_BY_CODE: dict[SubjectKind, Select[Any]] = {
    kind: select(table).where(table.code == bindparam("code")) for kind, table in TABLES.items()
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A subject with the organisation that reports on it and the project it belongs to, where there is one."""

    kind: SubjectKind
    row: Row
    owner_id: int | None
    project: Project | None

    @property
    def id(self) -> int:
        return key(self.row.id)

    @property
    def code(self) -> str:
        return self.row.code

    @property
    def project_id(self) -> int | None:
        return None if self.project is None else self.project.id

    @property
    def path(self) -> str:
        """How the journal names it: `phase/v1-3`."""
        return f"{self.kind.value}/{self.code}"


def one(session: Session, actor: Actor, kind: SubjectKind, code: str) -> Holder:
    """A subject whose detail `actor` may see; to everyone else it is not there."""
    row = session.execute(_BY_CODE[kind], {"code": code}).scalar_one_or_none()
    found = None if row is None else of(session, kind, row)
    if found is None or not sees(session, actor, found):
        raise NotFound(Problem.NOT_FOUND, subject=kind.value, code=code)
    return found


def by_id(session: Session, kind: SubjectKind, subject_id: int) -> Holder:
    """A subject by what a row keeps of it. Whoever calls has asked for visibility already."""
    row = session.get(TABLES[kind], subject_id)
    assert row is not None
    return of(session, kind, row)


def of(session: Session, kind: SubjectKind, row: Row) -> Holder:
    """The holder for a row at hand."""
    if isinstance(row, GridWork):
        return Holder(kind, row, row.owner_id, None)
    if isinstance(row, Clearance) and row.work_id is not None:
        work = session.get(GridWork, row.work_id)
        return Holder(kind, row, None if work is None else work.owner_id, None)
    project = row if isinstance(row, Project) else session.get(Project, row.project_id)
    return Holder(kind, row, None if project is None else project.investor_id, project)


def work_of(session: Session, holder: Holder) -> GridWork | None:
    """The grid work that a holder is, or whose land it clears; None for everything else."""
    if isinstance(holder.row, Clearance):
        return None if holder.row.work_id is None else session.get(GridWork, holder.row.work_id)
    return holder.row if isinstance(holder.row, GridWork) else None


def sees(session: Session, actor: Actor, holder: Holder) -> bool:
    """Whether `actor` may see the detail of a subject."""
    if isinstance(holder.row, Clearance) and keeps_district(session, actor, holder.row):
        return True
    if holder.project is not None:
        return projects.sees(actor, holder.project.investor_id)
    everything, own = projects.sight(actor)
    if everything or (own is not None and holder.owner_id == own):
        return True
    if own is None:
        return False
    if isinstance(holder.row, Clearance):
        seen, work_id = _works(own), holder.row.work_id
    else:
        seen, work_id = _works_seen(own), holder.id
    return session.execute(seen.where(col(GridWork.id) == work_id)).first() is not None


def keeps_district(session: Session, actor: Actor, package: Clearance) -> bool:
    """Whether the land of a package lies in the district whose authority `actor` speaks for."""
    own = actor.organisation_id
    if own is None or package.district_code is None or not actor.may(May.READ_DETAIL):
        return False
    return session.execute(_district(own)).scalar_one_or_none() == package.district_code


def in_kept_district(actor: Actor) -> ColumnElement[bool]:
    """The same as a condition on packages."""
    if actor.organisation_id is None or not actor.may(May.READ_DETAIL):
        return false()
    return col(Clearance.district_code) == _district(actor.organisation_id).scalar_subquery()


def visible(actor: Actor, subject: Any, subject_id: Any, project_id: Any) -> ColumnElement[bool]:
    """The same as a condition on rows that name their subject (and their project, where they have one)."""
    everything, own = projects.sight(actor)
    if everything:
        return true()
    if own is None:
        return false()
    in_district = col(Clearance.district_code) == _district(own).scalar_subquery()
    clearances = select(col(Clearance.id)).where(or_(col(Clearance.work_id).in_(_works(own)), in_district))
    return or_(
        project_id.in_(projects.visible(actor)),
        and_(subject == SubjectKind.GRID_WORK, subject_id.in_(_works_seen(own))),
        and_(subject == SubjectKind.CLEARANCE, subject_id.in_(clearances)),
    )


def works(session: Session, actor: Actor) -> list[int]:
    """The ids of the grid works whose detail `actor` may see."""
    everything, own = projects.sight(actor)
    if everything:
        return [key(i) for i in session.execute(select(col(GridWork.id))).scalars()]
    return [] if own is None else list(session.execute(_works_seen(own)).scalars())


def _works(organisation_id: int) -> Select[Any]:
    """The ids of the grid works that an organisation owns or that a phase of its own needs."""
    needed = (
        select(col(Connection.work_id))
        .join(Phase, col(Phase.id) == col(Connection.phase_id))
        .where(
            col(Phase.project_id).in_(
                select(col(Project.id)).where(col(Project.investor_id) == organisation_id)
            )
        )
    )
    own = or_(col(GridWork.owner_id) == organisation_id, col(GridWork.id).in_(needed))
    return select(col(GridWork.id)).where(own)


def _works_seen(organisation_id: int) -> Select[Any]:
    """The ids of the grid works whose detail an organisation sees: `_works`, and those with land in its district."""
    district = _district(organisation_id).scalar_subquery()
    with_land = select(col(Clearance.work_id)).where(col(Clearance.district_code) == district)
    own = or_(col(GridWork.id).in_(_works(organisation_id)), col(GridWork.id).in_(with_land))
    return select(col(GridWork.id)).where(own)


def _district(organisation_id: int) -> Select[Any]:
    """The district whose land an organisation keeps, where it is a district authority; NULL, or no row, else."""
    return select(col(Organisation.district_code)).where(
        col(Organisation.id) == organisation_id,
        col(Organisation.kind) == OrganisationKind.DISTRICT_AUTHORITY,
    )


def names(
    session: Session, wanted: set[tuple[SubjectKind, int]], revision: int | None = None
) -> dict[tuple[SubjectKind, int], tuple[str, str]]:
    """Code and name of each subject, by its kind and id; the name it had at a revision, where one is given."""
    found: dict[tuple[SubjectKind, int], tuple[str, str]] = {}
    for kind, table in TABLES.items():
        ids = [i for k, i in wanted if k == kind]
        if ids:
            rows = session.execute(select(table.id, table.code, table.name).where(table.id.in_(ids)))
            then = {} if revision is None else journal.rewound(session, revision, kind.value)
            found |= {(kind, i): (code, then.get(code, {}).get("name", name)) for i, code, name in rows}
    return found


def is_in_use(session: Session, kind: SubjectKind, subject_id: int) -> bool:
    """Whether anything hangs on a subject that would lose its hold: milestones, documents, obstacles, works, land."""
    tables: tuple[type[Any], ...] = (Milestone, Document, Obstacle)
    holds: list[Select[Any]] = [
        select(table.id).where(table.subject == kind, table.subject_id == subject_id) for table in tables
    ]
    if kind == SubjectKind.PHASE:
        holds.append(select(col(Connection.id)).where(col(Connection.phase_id) == subject_id))
        # Also one that was taken back: older answers go through it.
        holds.append(select(col(EvacuationPath.id)).where(col(EvacuationPath.phase_id) == subject_id))
    if kind == SubjectKind.PROJECT:
        holds.append(select(col(Clearance.id)).where(col(Clearance.project_id) == subject_id))
    return any(session.execute(statement.limit(1)).first() is not None for statement in holds)
