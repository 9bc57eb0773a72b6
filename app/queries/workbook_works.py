"""The rows of the workbook's sheets about lines: tower positions, tension sections and cases of land clearance, as known at
a revision. Cases are personal data: whoever asks for them has asked for the permission and writes the access log."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import May
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
    found = []
    for row in session.execute(select(Clearance).order_by(col(Clearance.code))).scalars():
        holder = subjects.of(session, SubjectKind.CLEARANCE, row)
        own = holder.project is None and holder.owner_id is not None
        is_own = own and holder.owner_id == view.actor.organisation_id
        keeps = is_own or view.actor.may(May.REPORT_FOR_OTHERS)
        if keeps or subjects.keeps_district(session, view.actor, row):
            found.append(holder)
    return found


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
