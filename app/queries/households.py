"""Cases of a clearance package with their personal data: for those alone who may read households and see the package.

What asks here has asked for the permission, and writes the access log before its answer leaves (`deps/asking.py`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.household_checks import APPRAISAL, NOTICE, POSTING, RECOVERY, STEPS, Procedure
from app.domain.households import Case, Told, in_order
from app.domain.problems import Problem
from app.domain.vocabulary import Attitude, HouseholdStatus, SubjectKind, UnitKind
from app.queries import subjects
from app.queries.prepared import Plain
from app.queries.subjects import Holder
from app.tables.base import Word, table
from app.tables.households import Household, HouseholdEntry
from app.tables.journal import Revision
from app.tables.milestones import Milestone
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.units import WorkUnit
from app.tables.works import Clearance, GridWork

_CASE, _TOLD, _UNIT = table(Household).c, table(HouseholdEntry).c, table(WorkUnit).c
UnitKey = tuple[UnitKind, str]


def package(session: Session, actor: Actor, code: str) -> Holder:
    """A package that `actor` may see, as a holder; to everyone else it is not there."""
    return subjects.one(session, actor, SubjectKind.CLEARANCE, code)


def packages_of(session: Session, actor: Actor, work: GridWork) -> list[Holder]:
    """The packages of a work that `actor` may see."""
    kind = literal(SubjectKind.CLEARANCE, Word(SubjectKind))
    seen = subjects.visible(actor, kind, col(Clearance.id), col(Clearance.project_id))
    rows = session.execute(select(Clearance).where(col(Clearance.work_id) == work.id, seen)).scalars()
    return [Holder(SubjectKind.CLEARANCE, row, work.owner_id, None) for row in rows]


def rows(session: Session, packages: Iterable[int], number: str | None = None) -> list[Plain]:
    """The rows of the cases of some packages, or of the one of that number."""
    found = select(table(Household)).where(_CASE.clearance_id.in_(list(packages)))
    if number is not None:
        found = found.where(_CASE.number == number)
    return list(session.execute(found))


def told(
    session: Session, packages: Iterable[int], *, number: str | None = None, revision: int | None = None
) -> dict[int, list[Told]]:
    """What was told of the cases of some packages up to a revision, by the id of the case, in no order."""
    fields = (_TOLD.effective_on, _TOLD.status, _TOLD.attitude, _TOLD.cause)
    money = (_TOLD.approved_vnd, _TOLD.paid_vnd, _TOLD.revision)
    asked = select(_TOLD.household_id, *fields, *money).where(_TOLD.clearance_id.in_(list(packages)))
    if revision is not None:
        asked = asked.where(_TOLD.revision <= revision)
    if number is not None:
        asked = asked.join(table(Household), _CASE.id == _TOLD.household_id).where(_CASE.number == number)
    found: dict[int, list[Told]] = defaultdict(list)
    # In the order of the table, so that of one day and one revision the last told is the last here.
    for household, *said in session.execute(asked.order_by(_TOLD.id)):
        found[household].append(Told(*said))
    return found


def units(session: Session, work_id: int | None) -> dict[UnitKey, int]:
    """The ids of a work's tower positions and sections by kind and number; none of what is no line."""
    if work_id is None:
        return {}
    asked = select(_UNIT.kind, _UNIT.number, _UNIT.id).where(_UNIT.work_id == work_id)
    return {(kind, number): unit_id for kind, number, unit_id in session.execute(asked)}


def communes(session: Session, codes: set[str]) -> dict[str, AdministrativeUnit]:
    """The administrative units of some codes."""
    asked = select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(codes))
    return {unit.code: unit for unit in session.execute(asked).scalars()} if codes else {}


def procedures(session: Session, packages: Iterable[int]) -> dict[int, Procedure]:
    """When the steps that rules R30 and R31 measure between were done, by package; none where nothing is known."""
    asked = select(
        *(col(Milestone.subject_id), col(Milestone.code), col(Milestone.instance), col(Milestone.actual_on))
    ).where(
        col(Milestone.subject) == SubjectKind.CLEARANCE,
        col(Milestone.subject_id).in_(list(packages)),
        col(Milestone.code).in_(STEPS),
    )
    done: dict[int, dict[tuple[str, int], date]] = defaultdict(dict)
    for package_id, step, instance, day in session.execute(asked):
        if day is not None:
            done[package_id][step, instance] = day
    return {package_id: _procedure(days) for package_id, days in done.items()}


def _procedure(days: Mapping[tuple[str, int], date]) -> Procedure:
    posted = {instance: day for (step, instance), day in days.items() if step == POSTING}
    appraised = {instance: day for (step, instance), day in days.items() if step == APPRAISAL}
    return Procedure(
        notice_on=days.get((NOTICE, 1)),
        recovery_on=days.get((RECOVERY, 1)),
        rounds=tuple((posted[i], appraised[i]) for i in sorted(posted.keys() & appraised.keys())),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A case with its row, the unit it stands on, and what was told of it up to a revision."""

    row: Any
    case: Case
    unit: UnitKey | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; None leaves a field open. Each asks for the state on the list's day."""

    status: HouseholdStatus | None = None
    attitude: Attitude | None = None
    unit: str | None = None
    is_open: bool | None = None

    def take(self, line: Line, day: date) -> bool:
        """Whether a case is one of those asked for."""
        standing = line.case.at(day)
        is_open = standing is None or not standing.is_handed_over
        return (
            self.status in (None, standing and standing.status)
            and self.attitude in (None, standing and standing.attitude)
            and self.unit in (None, line.unit and line.unit[1])
            and self.is_open in (None, is_open)
        )


def page(
    session: Session,
    holder: Holder,
    filters: Filters,
    as_of: date,
    revision: int,
    *,
    after: str | None,
    limit: int,
) -> list[Line]:
    """Up to `limit` + 1 cases of a package by number, after the number `after`, as known at a revision."""
    found = []
    for line in _lines(session, holder, revision):
        if (after is None or line.row.number > after) and filters.take(line, as_of):
            found.append(line)
    return found[: limit + 1]


def one(session: Session, holder: Holder, number: str) -> Line:
    """One case of a package. NotFound where there is none of that number."""
    found = _lines(session, holder, None, number)
    if not found:
        raise NotFound(Problem.NOT_FOUND, subject="household", number=number)
    return found[0]


def _lines(session: Session, holder: Holder, revision: int | None, number: str | None = None) -> list[Line]:
    row = holder.row
    assert isinstance(row, Clearance)
    of = session.get_one(GridWork, row.work_id) if holder.project is None else holder.project
    marked = row.is_illustrative or of.is_illustrative
    names = {unit_id: name for name, unit_id in units(session, row.work_id).items()}
    said = told(session, [holder.id], number=number, revision=revision)
    lines = [
        Line(
            found,
            Case(found.id, found.number, holder.id, found.unit_id, in_order(said.get(found.id, ()))),
            names.get(found.unit_id),
            found.is_illustrative or marked,
        )
        for found in rows(session, [holder.id], number)
        if revision is None or found.created_in <= revision
    ]
    # Python's order of text is the same everywhere; a database's is its locale's.
    return sorted(lines, key=lambda line: line.row.number)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was told of a case from one day on, by whom and when."""

    row: HouseholdEntry
    organisation: str | None
    recorded_at: datetime


def history(session: Session, household_id: int) -> list[Entry]:
    """Everything told of a case, in the order in which it took effect."""
    own: ColumnElement[bool] = col(HouseholdEntry.household_id) == household_id
    asked = (
        select(HouseholdEntry, col(Organisation.code), col(Revision.recorded_at))
        .join(Revision, col(Revision.number) == col(HouseholdEntry.revision))
        .outerjoin(Organisation, col(Organisation.id) == col(HouseholdEntry.organisation_id))
        .where(own)
        .order_by(col(HouseholdEntry.effective_on), col(HouseholdEntry.revision), col(HouseholdEntry.id))
    )
    return [Entry(*found) for found in session.execute(asked)]
