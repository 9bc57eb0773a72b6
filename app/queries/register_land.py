"""Units, cases, commitments and evacuation limits as sections of a register file. Personal data of cases is left out, so a
file can be passed on; brought back, it changes nothing of what it leaves out."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from app.domain.quantity import mw
from app.domain.vocabulary import CommitmentAct, UnitKind
from app.domain.words import Term
from app.tables.commitments import Commitment, CommitmentEntry, CommitmentUnit
from app.tables.evacuation import EvacuationGroup, EvacuationLimit, EvacuationPath
from app.tables.households import Household, HouseholdEntry
from app.tables.organisations import Organisation
from app.tables.projects import Phase
from app.tables.units import UnitCount, UnitEntry, UnitTotal, WorkUnit
from app.tables.works import Clearance, GridWork

Section = dict[str, Any]
# What a file never says of a record: keys of the database, who told it when, and personal data.
UNSAID = {
    *("id", "work_id", "unit_id", "from_id", "to_id", "clearance_id", "household_id", "commune_code"),
    *("revision", "created_in", "removed_in", "withdrawn_in", "user_id", "organisation_id", "owner_id"),
    *("group_id", "phase_id", "from_group_id", "kw", "moves", "withdrawn_on"),
    *("owner_name", "hamlet", "map_sheet", "parcel", "next_action"),
}
TOLD = ("effective_on", "status", "attitude", "cause", "approved_vnd", "paid_vnd")


def sections(session: Session) -> dict[str, list[Section]]:
    """Every section about lines, their land and what the grid can take, by name."""
    works: dict[int | None, str] = dict(
        session.execute(select(col(GridWork.id), col(GridWork.code)).order_by(col(GridWork.code))).all()
    )
    numbers = {row.id: row for row in _all(session, WorkUnit, WorkUnit.position, WorkUnit.id)}
    return {
        "unit_totals": [
            {"work": works[row.work_id], **_fields(row)} for row in _all(session, UnitTotal, UnitTotal.id)
        ],
        "units": _units(session, works, numbers),
        "reported_counts": [
            {"work": works[row.work_id], **_fields(row)} for row in _all(session, UnitCount, UnitCount.id)
        ],
        "households": _households(session, works, numbers),
        "commitments": _commitments(session, works, numbers),
        "evacuation_groups": _groups(session, works),
    }


def _all(session: Session, table: type[Any], *order: Any) -> list[Any]:
    return list(session.execute(select(table).order_by(*(col(column) for column in order))).scalars())


def _by(rows: Iterable[Any], key: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _units(
    session: Session, works: dict[int | None, str], numbers: dict[int | None, WorkUnit]
) -> list[Section]:
    """Towers before the sections that run between them; each with its reports as they took effect."""
    reports = _by(
        _all(session, UnitEntry, UnitEntry.effective_on, UnitEntry.revision, UnitEntry.id), "unit_id"
    )
    by_work = _by(sorted(numbers.values(), key=lambda row: row.kind != UnitKind.TOWER), "work_id")
    return [
        {
            "work": code,
            "rows": [_unit(row, numbers, reports.get(row.id, [])) for row in by_work[work]],
        }
        for work, code in works.items()
        if work in by_work
    ]


def _unit(row: WorkUnit, numbers: dict[int | None, WorkUnit], reports: list[UnitEntry]) -> Section:
    place: Section = {"commune": row.commune_code}
    fields = _fields(row)
    if row.kind == UnitKind.SECTION:
        place |= {"from_tower": numbers[row.from_id].number, "to_tower": numbers[row.to_id].number}
        fields.pop("position")
    return _without_none({**fields, **place, "reports": [_fields(report) for report in reports]})


def _households(
    session: Session, works: dict[int | None, str], numbers: dict[int | None, WorkUnit]
) -> list[Section]:
    """The cases of each work's packages: one row with what is kept and the first state, then one a further state."""
    told = _by(
        _all(
            session, HouseholdEntry, HouseholdEntry.effective_on, HouseholdEntry.revision, HouseholdEntry.id
        ),
        "household_id",
    )
    packages = {row.id: row for row in _all(session, Clearance, Clearance.code)}
    rows: dict[str, list[Section]] = defaultdict(list)
    for case in _all(session, Household, Household.clearance_id, Household.number):
        package = packages[case.clearance_id]
        if package.work_id is None:
            continue
        unit = numbers.get(case.unit_id)
        named = {"clearance": package.code, "number": case.number}
        kept = {name: value for name, value in _fields(case).items() if name not in ("note", "number")}
        first: Section = named | kept
        if unit is not None:
            first["unit"] = {"kind": unit.kind.value, "number": unit.number}
        states = [
            {name: plain(getattr(entry, name)) for name in TOLD} for entry in told.get(case.id, [])
        ] or [{}]
        rows[works[package.work_id]] += [
            _without_none(first | states[0]),
            *(_without_none(named | state) for state in states[1:]),
        ]
    return [{"work": code, "rows": found} for code, found in sorted(rows.items())]


def _commitments(
    session: Session, works: dict[int | None, str], numbers: dict[int | None, WorkUnit]
) -> list[Section]:
    """Commitments that stand, each with its first day and its moves."""
    units = _by(_all(session, CommitmentUnit, CommitmentUnit.unit_id), "commitment_id")
    entries = _by(_all(session, CommitmentEntry, CommitmentEntry.id), "commitment_id")
    found = []
    for row in _all(session, Commitment, Commitment.id):
        if row.withdrawn_on is not None:
            continue
        moves = [entry for entry in entries[row.id] if entry.act == CommitmentAct.MOVED]
        line = _fields(row) | {
            "work": works[row.work_id],
            "units": sorted(numbers[unit.unit_id].number for unit in units[row.id]),
            "due_on": moves[0].previous_on if moves else row.due_on,
            "moves": [
                {"stated_on": entry.stated_on, "due_on": entry.day, "reason": entry.note} for entry in moves
            ],
        }
        found.append(_without_none(line))
    return found


def _groups(session: Session, works: dict[int | None, str]) -> list[Section]:
    """Evacuation groups with the paths and the limits that stand."""
    groups = {row.id: row for row in _all(session, EvacuationGroup, EvacuationGroup.code)}
    owners = {row.id: row.code for row in _all(session, Organisation, Organisation.id)}
    phases = {row.id: row.code for row in _all(session, Phase, Phase.id)}
    paths = _by(
        (row for row in _all(session, EvacuationPath, EvacuationPath.id) if row.removed_in is None),
        "group_id",
    )
    limits = _by(
        (row for row in _all(session, EvacuationLimit, EvacuationLimit.id) if row.withdrawn_in is None),
        "group_id",
    )
    return [
        _without_none(
            {
                **_fields(row),
                "owner": owners.get(row.owner_id),
                "work": works.get(row.work_id),
                "phases": [
                    {"phase": phases[path.phase_id], **_fields(path)}
                    for path in paths[row.id]
                    if path.phase_id is not None
                ],
                "groups": [
                    {"group": groups[path.from_group_id].code, **_fields(path)}
                    for path in paths[row.id]
                    if path.from_group_id is not None
                ],
                "limits": [
                    _without_none(
                        {**_fields(limit), "work": works.get(limit.work_id), "capacity_mw": mw(limit.kw)}
                    )
                    for limit in limits[row.id]
                ],
            }
        )
        for row in groups.values()
    ]


def _fields(row: SQLModel) -> Section:
    """What a file says of a record, empty fields left out."""
    values = {name: plain(value) for name, value in row.model_dump().items() if name not in UNSAID}
    return _without_none(values)


def _without_none(values: Section) -> Section:
    return {name: value for name, value in values.items() if value is not None and value != []}


def plain(value: Any) -> Any:
    """A value as a file holds it: a word by its code, a short list as a list."""
    if isinstance(value, Term):
        return value.value
    return list(value) if isinstance(value, tuple) else value
