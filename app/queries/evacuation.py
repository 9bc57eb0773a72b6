"""Evacuation groups, the paths into them and the limits stated for them, as they stand or as they once stood.

A group is a node or corridor of the public grid and its limits are EVN's statements, so everybody may read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.tables.base import key
from app.tables.evacuation import EvacuationGroup, EvacuationLimit, EvacuationPath
from app.tables.journal import Revision
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project
from app.tables.works import GridWork


def one(session: Session, code: str) -> EvacuationGroup:
    """A group by code. NotFound where there is none."""
    found = session.execute(
        select(EvacuationGroup).where(col(EvacuationGroup.code) == code)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="evacuation_group", code=code)
    return found


def limit(session: Session, limit_id: int) -> tuple[EvacuationLimit, EvacuationGroup]:
    """A limit and its group, also one that was taken back. NotFound where there is none."""
    row = session.get(EvacuationLimit, limit_id)
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="evacuation_limit", id=limit_id)
    return row, session.get_one(EvacuationGroup, row.group_id)


@dataclass(frozen=True, slots=True)
class Line:
    """A group with the names that go with it."""

    group: EvacuationGroup
    owner: Organisation | None
    work: GridWork | None


_LINES = (
    select(EvacuationGroup, Organisation, GridWork)
    .outerjoin(Organisation, col(Organisation.id) == col(EvacuationGroup.owner_id))
    .outerjoin(GridWork, col(GridWork.id) == col(EvacuationGroup.work_id))
)


def line(session: Session, group: EvacuationGroup) -> Line:
    """A group at hand with its names."""
    return Line(*session.execute(_LINES.where(col(EvacuationGroup.id) == group.id)).one())


def page(session: Session, *, after: str | None, limit: int) -> list[Line]:
    """Up to `limit` + 1 groups by code, after the code `after`."""
    statement = _LINES.order_by(col(EvacuationGroup.code)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(EvacuationGroup.code) > after)
    return [Line(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class Entry:
    """A path into a group that stands: from a phase (with its project) or from another group."""

    path: EvacuationPath
    phase: Phase | None
    project: Project | None
    group: EvacuationGroup | None


def entries(session: Session, group: EvacuationGroup) -> list[Entry]:
    """What enters a group: phases by code, then groups by code."""
    statement = (
        select(EvacuationPath, Phase, Project, EvacuationGroup)
        .outerjoin(Phase, col(Phase.id) == col(EvacuationPath.phase_id))
        .outerjoin(Project, col(Project.id) == col(Phase.project_id))
        .outerjoin(EvacuationGroup, col(EvacuationGroup.id) == col(EvacuationPath.from_group_id))
        .where(col(EvacuationPath.group_id) == group.id, _STANDS)
        .order_by(col(EvacuationPath.phase_id).is_(None), col(Phase.code), col(EvacuationGroup.code))
    )
    return [Entry(*row) for row in session.execute(statement)]


def onward(session: Session, group: EvacuationGroup) -> list[EvacuationGroup]:
    """The groups that a group drains into, by code; none where it ends at the grid."""
    statement = (
        select(EvacuationGroup)
        .join(EvacuationPath, col(EvacuationPath.group_id) == col(EvacuationGroup.id))
        .where(col(EvacuationPath.from_group_id) == group.id, _STANDS)
        .order_by(col(EvacuationGroup.code))
    )
    return list(session.execute(statement).scalars())


def path(
    session: Session,
    group: EvacuationGroup,
    *,
    phase: Phase | None = None,
    source: EvacuationGroup | None = None,
) -> EvacuationPath | None:
    """The path that stands from a phase, or from another group, into this one."""
    start: ColumnElement[bool] = (
        col(EvacuationPath.phase_id) == phase.id
        if phase is not None
        else col(EvacuationPath.from_group_id) == (None if source is None else source.id)
    )
    statement = select(EvacuationPath).where(col(EvacuationPath.group_id) == group.id, start, _STANDS)
    return session.execute(statement).scalar_one_or_none()


_STANDS = col(EvacuationPath.removed_in).is_(None)


def drains(session: Session) -> dict[int, list[int]]:
    """Which groups each group drains into now, by id."""
    columns = (col(EvacuationPath.from_group_id), col(EvacuationPath.group_id))
    found: dict[int, list[int]] = {}
    for source, group in session.execute(select(*columns).where(columns[0].is_not(None), _STANDS)):
        found.setdefault(key(source), []).append(group)
    return found


@dataclass(frozen=True, slots=True)
class Stated:
    """A limit with who recorded it and when, and when it was taken back, where it was."""

    row: EvacuationLimit
    work: str | None
    organisation: str | None
    recorded_at: datetime
    withdrawn_at: datetime | None


def limits(session: Session, group: EvacuationGroup) -> list[Stated]:
    """Everything that was ever stated for a group, the latest valid first."""
    return _stated(session, col(EvacuationLimit.group_id) == group.id)


def stated(session: Session, row: EvacuationLimit) -> Stated:
    """One limit with what goes with it."""
    (found,) = _stated(session, col(EvacuationLimit.id) == row.id)
    return found


def by_id(session: Session, ids: Sequence[int]) -> dict[int, Stated]:
    """Some limits by id."""
    found = _stated(session, col(EvacuationLimit.id).in_(ids)) if ids else []
    return {key(one.row.id): one for one in found}


def _stated(session: Session, where: ColumnElement[bool]) -> list[Stated]:
    withdrawal = aliased(Revision)
    statement = (
        select(
            *(EvacuationLimit, col(GridWork.code), col(Organisation.code)),
            *(col(Revision.recorded_at), col(withdrawal.recorded_at)),
        )
        .join(Revision, col(Revision.number) == col(EvacuationLimit.revision))
        .outerjoin(withdrawal, col(withdrawal.number) == col(EvacuationLimit.withdrawn_in))
        .outerjoin(GridWork, col(GridWork.id) == col(EvacuationLimit.work_id))
        .outerjoin(Organisation, col(Organisation.id) == col(EvacuationLimit.organisation_id))
        .where(where)
        .order_by(col(EvacuationLimit.valid_from).desc(), col(EvacuationLimit.id).desc())
    )
    return [Stated(*row) for row in session.execute(statement)]
