"""Tower positions and tension sections from the tables: whole lines with everything reported of them up to a revision.

Where a unit stands is always folded from its entries, for today as for any day; a line's cost is its own size.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.domain import units
from app.domain.households import Case, Told
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
    select(
        *(_ENTRY.unit_id, _ENTRY.stage, _ENTRY.status, _ENTRY.effective_on, _ENTRY.cause, _ENTRY.revision),
        _ENTRY.is_illustrative,
    )
    .where(_ENTRY.work_id == bindparam("work"), _ENTRY.revision <= bindparam("revision"))
    .order_by(_ENTRY.effective_on, _ENTRY.revision, _ENTRY.id)
)
_TOTALS = Prepared(
    select(_TOTAL.kind, _TOTAL.total, _TOTAL.effective_on, _TOTAL.revision)
    .where(_TOTAL.work_id == bindparam("work"), _TOTAL.revision <= bindparam("revision"))
    .order_by(_TOTAL.effective_on, _TOTAL.id)
)
_CASES = Prepared(
    select(
        *(_CASE.id, _CASE.number, _CASE.clearance_id, _CASE.unit_id, _CLEARANCE.code.label("package")),
        or_(_CASE.is_illustrative, _CLEARANCE.is_illustrative).label("is_illustrative"),
    )
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
        reports[row.unit_id].append(
            Report(
                row.stage, row.status, row.effective_on, row.cause, row.revision, bool(row.is_illustrative)
            )
        )
    by_unit: dict[int, list[Case]] = defaultdict(list)
    for case in cases(session, work, revision) if known is None else known:
        if case.unit_id is not None:
            by_unit[case.unit_id].append(case)
    return Line(found, reports, by_unit)


def _as_they_stood(session: Session, work: GridWork, revision: int, found: list[Unit]) -> list[Unit]:
    """Units where they stood at a revision, what has been moved since moved back; the same where it is the last."""
    if revision >= journal.head(session):
        return found
    then = {kind: journal.rewound(session, revision, kind.value) for kind in UnitKind}
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
    # There are tens of thousands of them: their columns stand as the fields of `Told` do, in the order they took effect.
    for case, *fields in _CASE_ENTRIES.all(session, **asked):
        told[case].append(Told(*fields))
    stood_on = _stood_on(session, work, revision)
    return [
        Case(
            row.id,
            row.number,
            row.clearance_id,
            stood_on.get(f"{row.package}/{row.number}", row.unit_id) if stood_on else row.unit_id,
            tuple(told.get(row.id, ())),
            bool(row.is_illustrative),
        )
        for row in _CASES.all(session, **asked)
    ]


def _stood_on(session: Session, work: GridWork, revision: int) -> dict[str, int | None]:
    """The units on which cases stood at a revision, by package and number, of those that were put on another since."""
    stood = journal.rewound(session, revision, "household")
    names = {code: said["unit"] for code, said in stood.items() if "unit" in said}
    if not names:
        return {}
    rows = _UNITS.all(session, work=key(work.id), revision=journal.head(session))
    ids = {f"{row.kind.value}/{row.number}": row.id for row in rows}
    return {code: ids.get(name) for code, name in names.items()}


def totals(session: Session, work: GridWork, revision: int) -> list[Total]:
    """The versions of a work's denominators after the first ones, in effective order."""
    rows = _TOTALS.all(session, work=key(work.id), revision=revision)
    return [Total(row.kind, row.total, row.effective_on, row.revision) for row in rows]


def totals_on(
    session: Session, work: GridWork, revision: int, day: date, stood: Mapping[str, Any] | None = None
) -> dict[UnitKind, int | None]:
    """The denominators of a work in force on a day, as they were known at a revision; None where nobody had said by then.
    `stood` is what the work itself said otherwise then, where the caller has it already."""
    if stood is None:
        stood = journal.rewound(session, revision, "grid_work").get(work.code, {})
    first = {
        UnitKind.TOWER: stood.get("towers_total", work.towers_total),
        UnitKind.SECTION: stood.get("sections_total", work.sections_total),
    }
    versions = totals(session, work, revision)
    return {kind: units.total_on(number, versions, kind, day) for kind, number in first.items()}
