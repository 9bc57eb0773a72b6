"""Where the rows of a change put their units on the line, and what else they say of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.units import Unit
from app.domain.vocabulary import UnitKind
from app.domain.work_problems import WorkProblem
from app.schemas.units import UnitRow
from app.services import edits
from app.services.unit_drafts import Draft
from app.tables.organisations import AdministrativeUnit

TOWER, SECTION = UnitKind.TOWER, UnitKind.SECTION
# Fields that only the other kind of unit has.
FOREIGN = {
    TOWER: frozenset({"from_tower", "to_tower", "length_m"}),
    SECTION: frozenset({"position", "is_tension", "latitude", "longitude"}),
}
PLAIN = ("length_m", "is_tension", "latitude", "longitude", "is_illustrative", "sources", "note")
PLACE = ("position", "from_id", "to_id")


def put(found: Draft, number: int, row: UnitRow) -> None:
    """Puts a row's unit on the line, or what it changes of one that is there."""
    sent, place = row.model_fields_set, (row.kind, row.number)
    if foreign := sorted(sent & FOREIGN[row.kind]):
        raise Invalid(Problem.FIELD_UNKNOWN, field=foreign[0])
    before = found.known.rows.get(place)
    edits.check_version(row.revision, 0 if before is None else before.revision)
    unit_id = -1 - number if before is None else before.id
    found.row_of[unit_id] = number
    values = {**_placed(found, row, is_new=before is None), **_described(found, row)}
    if before is None:
        values = {**dict.fromkeys(PLACE), "is_illustrative": False, **values}
        values["is_illustrative"] |= found.known.work.is_illustrative
    changed = {n: v for n, v in values.items() if before is None or getattr(before, n) != v}
    has_history = unit_id in found.known.line.reports or unit_id in found.known.line.cases
    if has_history and not set(PLACE).isdisjoint(changed) and row.reason is None:
        raise RuleBroken(WorkProblem.REASON_NEEDED, field="reason")
    if changed:
        _set(found, unit_id, row.kind, row.number, changed)


def _set(found: Draft, unit_id: int, kind: UnitKind, number: str, changed: Mapping[str, Any]) -> None:
    """A unit as it will be."""
    known = {f: changed[f] for f in (*PLACE, "length_m", "is_illustrative") if f in changed}
    if "commune_code" in changed:
        known["commune"] = changed["commune_code"]
    before = found.units.get(unit_id) or Unit(unit_id, kind, number, known.get("position") or 0)
    unit = replace(before, **{f: v for f, v in known.items() if f != "position" or v is not None})
    found.units[unit_id] = found.named[kind, number] = unit
    found.values.setdefault(unit_id, {}).update(changed)
    if not set(PLACE).isdisjoint(changed):
        found.moved.add(unit_id)


def _placed(found: Draft, row: UnitRow, *, is_new: bool) -> dict[str, Any]:
    """Where a row puts its unit: a tower at a position, a section between two towers of the line."""
    names = ("position",) if row.kind == TOWER else ("from_tower", "to_tower")
    given = {name: getattr(row, name) for name in names if name in row.model_fields_set}
    if is_new and set(given) != set(names):
        raise Invalid(WorkProblem.UNKNOWN_UNIT, field="number")
    for name, value in given.items():
        if value is None:
            raise Invalid(Problem.FIELD_MISSING, field=name)
    if row.kind == TOWER:
        return given
    ends: dict[str, Any] = {}
    for name, number in given.items():
        tower = found.named.get((TOWER, number))
        if tower is None:
            raise Invalid(WorkProblem.UNKNOWN_UNIT, field=name)
        ends[name.replace("_tower", "_id")] = tower.id
    return ends


def _described(found: Draft, row: UnitRow) -> dict[str, Any]:
    """What else a row says of its unit, as columns."""
    sent = row.model_fields_set
    values = {name: getattr(row, name) for name in PLAIN if name in sent}
    if "is_illustrative" in values and values["is_illustrative"] is None:
        raise Invalid(Problem.FIELD_MISSING, field="is_illustrative")
    if missing := sorted(set(row.sources) - found.known.sources):
        raise Invalid(Problem.UNKNOWN_SOURCE, field="sources", codes=missing)
    if "commune" in sent:
        if row.commune is not None:
            days = {report.effective_on for report in row.reports} or {found.today}
            _check_commune(found.known.communes.get(row.commune), min(days), max(days))
        values["commune_code"] = row.commune
    return values


def _check_commune(commune: AdministrativeUnit | None, first: date, last: date) -> None:
    """Communes are dated: one named with a report must have existed on its day, one named alone today."""
    if commune is None:
        raise Invalid(WorkProblem.UNKNOWN_COMMUNE, field="commune")
    if commune.valid_from is not None and first < commune.valid_from:
        raise RuleBroken(WorkProblem.COMMUNE_NOT_THEN, field="commune", day=first)
    if commune.valid_until is not None and last > commune.valid_until:
        raise RuleBroken(WorkProblem.COMMUNE_NOT_THEN, field="commune", day=last)


def follow_towers(found: Draft) -> None:
    """A section stands where its first tower does, also where only that has moved."""
    for unit in list(found.units.values()):
        start = found.units.get(unit.from_id) if unit.from_id is not None else None
        if unit.kind == SECTION and start is not None and unit.position != start.position:
            _set(found, unit.id, unit.kind, unit.number, {"position": start.position})


def check_places(found: Draft) -> None:
    """Two towers do not stand in one place, and a section runs along the line."""
    taken: dict[int, Unit] = {}
    towers = [unit for unit in found.units.values() if unit.kind == TOWER]
    for tower in sorted(towers, key=lambda unit: (unit.id in found.moved, found.row_of.get(unit.id, 0))):
        there = taken.setdefault(tower.position, tower)
        if there is not tower:
            found.refuse(
                [tower.id], RuleBroken(WorkProblem.POSITION_TAKEN, field="position", tower=there.number)
            )
    for section in [unit for unit in found.units.values() if unit.kind == SECTION]:
        ends = [found.units[i] for i in (section.from_id, section.to_id) if i in found.units]
        if len(ends) == 2 and ends[0].position >= ends[1].position:
            doing = [section.id] if section.id in found.row_of else [end.id for end in ends]
            found.refuse(
                doing, RuleBroken(WorkProblem.SECTION_ENDS, field="from_tower", section=section.number)
            )


def check_listed(found: Draft) -> None:
    """Rule R26: a line has no more units than its denominator in force; the last of the new rows are too many."""
    for kind in UnitKind:
        total, listed = found.known.total(kind, found.today), len(found.known.line.of(kind))
        for unit in found.units.values():
            if total is not None and unit.kind == kind and unit.id < 0:
                listed += 1
                if listed > total:
                    error = RuleBroken(Rule.MORE_DONE_THAN_TOTAL, field="number", total=total)
                    found.refuse([unit.id], error)
