"""Tower positions and tension sections from the tables: whole lines with everything reported of them up to a revision.

Where a unit stands is always folded from its entries, for today as for any day; a line's cost is its own size.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import units
from app.domain.households import Case, Told, in_order
from app.domain.units import Line, Report, Total, Unit
from app.domain.vocabulary import UnitKind
from app.queries import journal
from app.queries.prepared import Prepared
from app.tables.base import key, table
from app.tables.households import Household, HouseholdEntry
from app.tables.units import UnitEntry, UnitTotal, WorkUnit
from app.tables.works import Clearance, GridWork

_UNIT, _ENTRY, _TOTAL = table(WorkUnit).c, table(UnitEntry).c, table(UnitTotal).c
_CASE, _TOLD, _CLEARANCE = table(Household).c, table(HouseholdEntry).c, table(Clearance).c
_UNITS = Prepared(
    select(
        *(_UNIT.id, _UNIT.kind, _UNIT.number, _UNIT.position, _UNIT.from_id, _UNIT.to_id),
        *(_UNIT.length_m, _UNIT.commune_code, _UNIT.is_illustrative),
    ).where(_UNIT.work_id == bindparam("work"), _UNIT.created_in <= bindparam("revision"))
)
_ENTRIES = Prepared(
    select(*(_ENTRY.unit_id, _ENTRY.stage, _ENTRY.status, _ENTRY.effective_on, _ENTRY.cause, _ENTRY.revision))
    .where(_ENTRY.work_id == bindparam("work"), _ENTRY.revision <= bindparam("revision"))
    .order_by(_ENTRY.effective_on, _ENTRY.revision, _ENTRY.id)
)
_TOTALS = Prepared(
    select(_TOTAL.kind, _TOTAL.total, _TOTAL.effective_on, _TOTAL.revision)
    .where(_TOTAL.work_id == bindparam("work"), _TOTAL.revision <= bindparam("revision"))
    .order_by(_TOTAL.effective_on, _TOTAL.id)
)
_CASES = Prepared(
    select(_CASE.id, _CASE.number, _CASE.clearance_id, _CASE.unit_id)
    .join_from(table(Household), table(Clearance), _CLEARANCE.id == _CASE.clearance_id)
    .where(_CLEARANCE.work_id == bindparam("work"), _CASE.created_in <= bindparam("revision"))
)
_CASE_ENTRIES = Prepared(
    select(
        *(_TOLD.household_id, _TOLD.effective_on, _TOLD.status, _TOLD.attitude, _TOLD.cause),
        *(_TOLD.approved_vnd, _TOLD.paid_vnd, _TOLD.revision),
    )
    .join_from(table(HouseholdEntry), table(Clearance), _CLEARANCE.id == _TOLD.clearance_id)
    .where(_CLEARANCE.work_id == bindparam("work"), _TOLD.revision <= bindparam("revision"))
    .order_by(_TOLD.effective_on, _TOLD.revision, _TOLD.id)
)


def line(session: Session, work: GridWork, revision: int, known: Iterable[Case] | None = None) -> Line:
    """A line with its units, their reports and the cases on them, as they were known at a revision. `known` are the cases
    of the work where the caller has them already."""
    asked = {"work": key(work.id), "revision": revision}
    found = [
        Unit(
            id=row.id,
            kind=row.kind,
            number=row.number,
            position=row.position,
            from_id=row.from_id,
            to_id=row.to_id,
            length_m=row.length_m,
            commune=row.commune_code,
            is_illustrative=bool(row.is_illustrative),
        )
        for row in _UNITS.all(session, **asked)
    ]
    found = _as_they_stood(session, work, revision, found)
    reports: dict[int, list[Report]] = defaultdict(list)
    for row in _ENTRIES.all(session, **asked):
        reports[row.unit_id].append(Report(row.stage, row.status, row.effective_on, row.cause, row.revision))
    by_unit: dict[int, list[Case]] = defaultdict(list)
    for case in cases(session, work, revision) if known is None else known:
        if case.unit_id is not None:
            by_unit[case.unit_id].append(case)
    return Line(found, reports, by_unit)


def _as_they_stood(session: Session, work: GridWork, revision: int, found: list[Unit]) -> list[Unit]:
    """Units where they stood at a revision, what has been moved since moved back; the same where it is the last."""
    then = {kind: journal.rewound(session, revision, kind.value) for kind in UnitKind}
    if not any(then.values()):
        return found
    ids = {unit.number: unit.id for unit in found if unit.kind == UnitKind.TOWER}
    return [_moved_back(unit, then[unit.kind].get(f"{work.code}/{unit.number}", {}), ids) for unit in found]


def _moved_back(unit: Unit, said: Mapping[str, Any], ids: Mapping[str, int]) -> Unit:
    """A unit with what it said before, as facts have it."""
    names = {
        **{name: name for name in ("position", "length_m", "is_illustrative")},
        "commune_code": "commune",
    }
    changed = {name: said[column] for column, name in names.items() if column in said}
    ends = {"from_tower": "from_id", "to_tower": "to_id"}
    changed |= {name: ids[said[number]] for number, name in ends.items() if number in said}
    return replace(unit, **changed) if changed else unit


def cases(session: Session, work: GridWork, revision: int) -> list[Case]:
    """The cases of a work's packages, also those that name no unit, as they were known at a revision."""
    asked = {"work": key(work.id), "revision": revision}
    told: dict[int, list[Told]] = defaultdict(list)
    for row in _CASE_ENTRIES.all(session, **asked):
        told[row.household_id].append(
            Told(
                row.effective_on,
                row.status,
                row.attitude,
                row.cause,
                row.approved_vnd,
                row.paid_vnd,
                row.revision,
            )
        )
    rows = _CASES.all(session, **asked)
    return [
        Case(row.id, row.number, row.clearance_id, row.unit_id, in_order(told.get(row.id, ())))
        for row in rows
    ]


def totals(session: Session, work: GridWork, revision: int) -> list[Total]:
    """The versions of a work's denominators after the first ones, in effective order."""
    rows = _TOTALS.all(session, work=key(work.id), revision=revision)
    return [Total(row.kind, row.total, row.effective_on, row.revision) for row in rows]


def total_on(work: GridWork, versions: Iterable[Total], kind: UnitKind, day: date) -> int | None:
    """How many units of a kind a work has on a day; None where nobody has said."""
    first = work.towers_total if kind == UnitKind.TOWER else work.sections_total
    return units.total_on(first, versions, kind, day)
