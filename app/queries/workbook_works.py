"""The rows of the workbook's sheets about lines: tower positions, tension sections and cases of land clearance, as known at
a revision. Cases are personal data: whoever asks for them has asked for the permission and writes the access log."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.households import PERSONAL, Case, Told, in_order
from app.domain.sheet_differences import Rows
from app.domain.sheet_layouts import CASES, SECTIONS, TOWERS
from app.domain.sheets import Key, Layout, Typed
from app.domain.units import STAGES, Line, Unit
from app.domain.vocabulary import SubjectKind, UnitKind
from app.domain.workbooks import UNKNOWN
from app.queries import households, journal, subjects, units, works
from app.queries import unit_rows as stored
from app.queries.capacity import View
from app.queries.prepared import Plain
from app.queries.subjects import Holder
from app.queries.workbook_projects import stated
from app.tables.projects import Project
from app.tables.works import Clearance, GridWork

COLUMNS = {"commune": "commune_code"}
STATE = ("effective_on", "status", "attitude", "cause", "approved_vnd", "paid_vnd")


def lines(session: Session, view: View) -> list[GridWork]:
    """The lines whose units an actor keeps, by code."""
    keeps_all = view.actor.may(May.REPORT_FOR_OTHERS)
    owner = None if keeps_all else view.actor.organisation_id
    return [] if owner is None and not keeps_all else works.lines_of(session, owner)


def unit_rows(session: Session, view: View) -> dict[UnitKind, Rows]:
    """The tower positions and the tension sections of those lines, by line and number, along each line."""
    found: dict[UnitKind, dict[Key, Mapping[str, Typed]]] = {kind: {} for kind in UnitKind}
    then = {kind: journal.rewound(session, view.revision, kind.value) for kind in UnitKind}
    for work in lines(session, view):
        line = units.line(session, work, view.revision)
        rows = stored.of_work(session, work)
        for unit in line.units:
            said = then[unit.kind].get(f"{work.code}/{unit.number}", {})
            row = rows[unit.kind, unit.number]
            found[unit.kind][work.code, unit.number] = _unit(work.code, line, unit, row, said, view)
    return {kind: found[kind] for kind in UnitKind}


LAYOUT_OF: Mapping[UnitKind, Layout] = {UnitKind.TOWER: TOWERS, UnitKind.SECTION: SECTIONS}
_NAMED = {
    kind: [
        column
        for column in layout.columns
        if not column.is_key
        and column.field not in ("from_tower", "to_tower")
        and not column.field.startswith(tuple(f"{stage.value}_" for stage in STAGES[kind]))
    ]
    for kind, layout in LAYOUT_OF.items()
}


def _unit(
    work: str, line: Line, unit: Unit, row: Plain, said: Mapping[str, Any], view: View
) -> dict[str, Typed]:
    found: dict[str, Typed] = {"work": work, "number": unit.number}
    for column in _NAMED[unit.kind]:
        name = COLUMNS.get(column.field, column.field)
        found[column.field] = stated(column, said[name]) if name in said else getattr(row, name)
    if unit.kind == UnitKind.SECTION:
        for end, tower in (("from_tower", unit.from_id), ("to_tower", unit.to_id)):
            found[end] = None if tower is None or tower not in line.by_id else line.by_id[tower].number
    for stage in STAGES[unit.kind]:
        standing = line.standing(unit, stage, view.as_of)
        is_told = standing.since_on is not None
        found[f"{stage.value}_status"] = standing.status if is_told else None
        found[f"{stage.value}_on"] = standing.since_on
        found[f"{stage.value}_cause"] = standing.cause
    return found


def packages(session: Session, view: View) -> list[Holder]:
    """The packages whose cases an actor keeps: those of its works, those of its district, or all of them."""
    asked = select(Clearance).where(_keeps(view.actor)).order_by(col(Clearance.code))
    rows = session.execute(asked).scalars().all()
    works_of = _by_id(session, GridWork, {row.work_id for row in rows})
    projects_of = _by_id(session, Project, {row.project_id for row in rows})
    found = []
    for row in rows:
        work, project = works_of.get(row.work_id), projects_of.get(row.project_id)
        if work is not None:
            found.append(Holder(SubjectKind.CLEARANCE, row, work.owner_id, None))
        else:
            investor_id = None if project is None else project.investor_id
            found.append(Holder(SubjectKind.CLEARANCE, row, investor_id, project))
    return found


Row = TypeVar("Row", GridWork, Project)


def _by_id(session: Session, table: type[Row], ids: set[int | None]) -> dict[int | None, Row]:
    rows = session.execute(select(table).where(col(table.id).in_(ids - {None}))).scalars()
    return {row.id: row for row in rows}


def _keeps(actor: Actor) -> ColumnElement[bool]:
    if actor.may(May.REPORT_FOR_OTHERS):
        return true()
    own = select(col(GridWork.id)).where(
        col(GridWork.owner_id).is_not(None), col(GridWork.owner_id) == actor.organisation_id
    )
    return or_(col(Clearance.work_id).in_(own), subjects.in_kept_district(actor))


def case_rows(session: Session, view: View) -> Rows:
    """The cases of those packages with where they stand on the view's day, by package and number. What was personal and
    has changed since the revision is `UNKNOWN`: the journal says that it changed, and never what it was."""
    kept = packages(session, view)
    ids = [holder.id for holder in kept]
    told = households.told(session, ids, revision=view.revision)
    names = _unit_names(session, kept)
    by_id = {holder.id: holder for holder in kept}
    then = journal.rewound(session, view.revision, "household")
    rows = [row for row in households.rows(session, ids) if row.created_in <= view.revision]
    rows.sort(key=lambda row: (by_id[row.clearance_id].code, row.number))
    found: dict[Key, Mapping[str, Typed]] = {}
    for row in rows:
        code = by_id[row.clearance_id].code
        case = Case(row.id, row.number, row.clearance_id, row.unit_id, in_order(told.get(row.id, ())))
        said = then.get(f"{code}/{row.number}", {})
        found[code, row.number] = _case(code, row, case.at(view.as_of), names.get(row.unit_id), said)
    return found


def _unit_names(session: Session, kept: Sequence[Holder]) -> dict[int | None, str]:
    """Units as facts name them, by their ids."""
    of = {holder.row.work_id for holder in kept if isinstance(holder.row, Clearance)}
    return {
        unit_id: f"{kind.value}/{number}"
        for work_id in of
        for (kind, number), unit_id in households.units(session, work_id).items()
    }


_CASE_COLUMNS = [
    column
    for column in CASES.columns
    if not column.is_key and column.field not in (*STATE, "unit_kind", "unit_number")
]


def _case(
    code: str, row: Plain, standing: Told | None, unit: str | None, said: Mapping[str, Any]
) -> dict[str, Typed]:
    found: dict[str, Typed] = {"clearance": code, "number": row.number}
    kind, _, number = (said.get("unit", unit) or "").partition("/")
    found["unit_kind"], found["unit_number"] = (UnitKind(kind), number) if kind else (None, None)
    for column in _CASE_COLUMNS:
        if column.field not in said:
            found[column.field] = getattr(row, column.field)
        else:
            is_personal = column.field in PERSONAL
            found[column.field] = UNKNOWN if is_personal else stated(column, said[column.field])
    for name in STATE:
        found[name] = None if standing is None else getattr(standing, name)
    return found
