"""Which milestones follow units and cases, and the works whose units have a pace."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.unit_milestones import PACKAGE_ENDS, STAGE_OF, can_follow
from app.domain.units import KIND_OF
from app.domain.vocabulary import SubjectKind, UnitKind
from app.queries.prepared import Prepared
from app.queries.subjects import Holder
from app.tables.base import table
from app.tables.households import Household
from app.tables.milestones import Milestone
from app.tables.units import WorkUnit
from app.tables.works import Clearance, GridWork

_UNIT, _CASE = table(WorkUnit).c, table(Household).c
_LISTED = Prepared(
    select(_UNIT.id).where(_UNIT.work_id == bindparam("work"), _UNIT.kind == bindparam("kind")).limit(1)
)
_AFFECTED = Prepared(select(_CASE.id).where(_CASE.clearance_id == bindparam("clearance")).limit(1))


def follows(session: Session, holder: Holder, milestone: Milestone) -> bool:
    """Whether units or cases say when a milestone is done, so that nobody types its day.

    A step follows where units of its kind are listed, the end of a package of a work where it has cases.
    """
    if not can_follow(milestone.subject, milestone.code, milestone.instance):
        return False
    if isinstance(holder.row, Clearance):
        of_work = holder.row.work_id is not None
        return of_work and _AFFECTED.first(session, clearance=holder.id) is not None
    return lists(session, holder.id, KIND_OF[STAGE_OF[milestone.code]])


def lists(session: Session, work_id: int, kind: UnitKind) -> bool:
    """Whether any unit of a kind is listed of a work."""
    return _LISTED.first(session, work=work_id, kind=kind) is not None


def rows(session: Session, work: GridWork) -> list[Milestone]:
    """The milestones of a work and of its packages that follow units or cases where there are any."""
    packages = select(col(Clearance.id)).where(col(Clearance.work_id) == work.id)
    own = and_(
        col(Milestone.subject) == SubjectKind.GRID_WORK,
        col(Milestone.subject_id) == work.id,
        col(Milestone.code).in_(STAGE_OF),
    )
    of_land = and_(
        col(Milestone.subject) == SubjectKind.CLEARANCE,
        col(Milestone.subject_id).in_(packages),
        col(Milestone.code).in_(PACKAGE_ENDS),
    )
    statement = select(Milestone).where(or_(own, of_land), col(Milestone.instance) == 1)
    return list(session.execute(statement.order_by(col(Milestone.id))).scalars())


def is_illustrative(session: Session, milestone: Milestone) -> bool:
    """Whether any of the units or cases that a milestone follows is illustrative, and so the day they come to."""
    if milestone.subject == SubjectKind.CLEARANCE:
        made_up = select(_CASE.id).where(_CASE.clearance_id == milestone.subject_id, _CASE.is_illustrative)
    else:
        kind = KIND_OF[STAGE_OF[milestone.code]]
        made_up = select(_UNIT.id).where(
            _UNIT.work_id == milestone.subject_id, _UNIT.kind == kind, _UNIT.is_illustrative
        )
    return session.execute(made_up.limit(1)).first() is not None


def with_units(session: Session, works: Collection[int]) -> Sequence[GridWork]:
    """Those of some works of which units are listed, by code."""
    listed = exists().where(col(WorkUnit.work_id) == col(GridWork.id))
    statement = select(GridWork).where(col(GridWork.id).in_(works), listed)
    return session.execute(statement.order_by(col(GridWork.code))).scalars().all()


def with_cases(session: Session, works: Collection[int]) -> Sequence[GridWork]:
    """Those of some works in whose packages there are cases, by code."""
    affected = exists().where(
        col(Clearance.work_id) == col(GridWork.id), col(Household.clearance_id) == col(Clearance.id)
    )
    statement = select(GridWork).where(col(GridWork.id).in_(works), affected)
    return session.execute(statement.order_by(col(GridWork.code))).scalars().all()
