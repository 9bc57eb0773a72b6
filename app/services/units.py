"""Keeping what a change of units comes to: rows in bulk, one fact for each thing that is said, one revision.

Nothing is judged here (`unit_judgements` does that), and nothing of a refused row comes here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.units import ORDER, Report, Unit
from app.domain.vocabulary import Fact, UnitKind, UnitStage, UnitStatus
from app.queries import unit_rows
from app.queries.prepared import Prepared, adding
from app.services import journal, unit_milestones
from app.services.unit_drafts import Draft
from app.tables.base import key, table
from app.tables.units import UnitEntry, WorkUnit

_UNIT, _ENTRY = table(WorkUnit), table(UnitEntry)
_ADD_UNIT, _ADD_ENTRY = Prepared(adding(WorkUnit)), Prepared(adding(UnitEntry))
COLUMNS = (
    *("position", "from_id", "to_id", "length_m", "is_tension", "commune_code"),
    *("latitude", "longitude", "is_illustrative", "sources", "note"),
)
_CHANGE = Prepared(
    _UNIT.update()
    .where(_UNIT.c.id == bindparam("changed"))
    .values({name: bindparam(f"new_{name}", type_=_UNIT.c[name].type) for name in (*COLUMNS, "revision")})
)
_TOUCH = Prepared(
    _UNIT.update()
    .where(
        _UNIT.c.id.in_(
            select(_ENTRY.c.unit_id).where(
                _ENTRY.c.work_id == bindparam("of_work"), _ENTRY.c.revision == bindparam("in_revision")
            )
        )
    )
    .values(revision=bindparam("to"))
)
DONE = {
    UnitStage.SITE: Fact.TOWER_HANDED_OVER,
    UnitStage.FOUNDATION: Fact.TOWER_CAST,
    UnitStage.STEEL: Fact.TOWER_SUPPLIED,
    UnitStage.ERECTION: Fact.TOWER_ERECTED,
    UnitStage.CORRIDOR: Fact.SECTION_HANDED_OVER,
    UnitStage.STRINGING: Fact.SECTION_STRUNG,
}
OTHERS = {
    UnitStatus.NOT_STARTED: Fact.UNIT_RESET,
    UnitStatus.IN_PROGRESS: Fact.UNIT_STARTED,
    UnitStatus.BLOCKED: Fact.UNIT_BLOCKED,
    UnitStatus.REOPENED: Fact.UNIT_REOPENED,
}


def keep(session: Session, actor: Actor, draft: Draft) -> None:
    """Writes a draft and states its facts; the milestones of the work follow. One that says nothing new leaves no trace."""
    if not draft.values and not draft.told:
        return
    revision = journal.number(session, actor)
    ids: dict[int, int] = {}
    for kind in (UnitKind.TOWER, UnitKind.SECTION):
        _add(session, draft, kind, revision, ids)
    _change(session, draft, revision, ids)
    _enter(session, actor, draft, revision, ids)
    _state_units(session, actor, draft)
    _state_reports(session, actor, draft)
    unit_milestones.follow(session, actor, draft.known.work)


def _add(session: Session, draft: Draft, kind: UnitKind, revision: int, ids: dict[int, int]) -> None:
    """Puts the new units of a kind on the line, and tells their ids."""
    work = draft.known.work
    new = [draft.units[i] for i in draft.values if i < 0 and draft.units[i].kind == kind]
    said = {"work_id": key(work.id), "kind": kind, "created_in": revision, "revision": revision}
    _ADD_UNIT.each(
        session,
        [
            {**said, "sources": (), "number": unit.number, **_stored(draft.values[unit.id], ids)}
            for unit in new
        ],
    )
    made = unit_rows.made_in(session, work, revision) if new else {}
    ids |= {unit.id: made[unit.kind, unit.number] for unit in new}


def _stored(values: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """Values with the ends of sections as the database knows them."""
    ends = {name: ids.get(values[name], values[name]) for name in ("from_id", "to_id") if values.get(name)}
    return {**values, **ends}


def _change(session: Session, draft: Draft, revision: int, ids: Mapping[int, int]) -> None:
    rows = []
    for unit_id, values in draft.values.items():
        if unit_id > 0:
            unit = draft.units[unit_id]
            before = draft.known.rows[unit.kind, unit.number]._asdict()
            after = {**{name: before[name] for name in COLUMNS}, **_stored(values, ids), "revision": revision}
            rows.append({"changed": unit_id, **{f"new_{name}": value for name, value in after.items()}})
    if rows:
        _CHANGE.each(session, rows)


def _enter(session: Session, actor: Actor, draft: Draft, revision: int, ids: Mapping[int, int]) -> None:
    """Adds the reports to the history of their units, in effective order."""
    work_id = key(draft.known.work.id)
    who = {"user_id": actor.user_id, "organisation_id": actor.organisation_id}
    if draft.told:
        rows = (
            {
                **{"unit_id": ids.get(unit.id, unit.id), "work_id": work_id, "revision": revision, **who},
                **_said(draft, unit, report),
            }
            for unit, report in _in_order(draft)
        )
        _ADD_ENTRY.each(session, rows)
        _TOUCH.each(session, [{"of_work": work_id, "in_revision": revision, "to": revision}])


def _in_order(draft: Draft) -> list[tuple[Unit, Report]]:
    """Every new report: by the day it takes effect, in the order of the field, along the line."""
    told = [(draft.units[i], report) for i, reports in draft.told.items() for report in reports]
    return sorted(told, key=lambda one: (one[1].effective_on, ORDER[one[1].stage], one[0].position))


def _said(draft: Draft, unit: Unit, report: Report) -> dict[str, Any]:
    """A report as its entry keeps it and its fact states it."""
    said = draft.said[unit.id, report.stage, report.effective_on]
    return {
        "stage": report.stage,
        "status": report.status,
        "effective_on": report.effective_on,
        "cause": report.cause,
        "note": said.note,
        "override_reason": said.override_reason,
        "is_illustrative": said.is_illustrative or draft.known.work.is_illustrative,
        "sources": said.sources,
    }


def _state_units(session: Session, actor: Actor, draft: Draft) -> None:
    for unit_id, values in draft.values.items():
        unit = draft.units[unit_id]
        kept = {} if unit_id < 0 else draft.known.rows[unit.kind, unit.number]._asdict()
        after = _named(draft, values)
        if unit_id < 0:
            after = {name: value for name, value in after.items() if value not in (None, ())}
        reason = draft.reason(unit_id)
        if reason is not None:
            after["reason"] = reason
        journal.record(
            session,
            actor,
            Fact.WORK_UNIT_CREATED if unit_id < 0 else Fact.WORK_UNIT_CHANGED,
            unit.kind.value,
            code(draft, unit),
            before=_named(draft, {name: kept[name] for name in values}) if kept else None,
            after=after,
        )


def _named(draft: Draft, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as the journal says them: the ends of a section by their numbers."""
    ends = {"from_id": "from_tower", "to_id": "to_tower"}
    return {
        ends.get(name, name): draft.units[value].number if name in ends and value is not None else value
        for name, value in values.items()
    }


def _state_reports(session: Session, actor: Actor, draft: Draft) -> None:
    """One fact a report, with the status that it takes the place of on its day."""
    for unit, report in _in_order(draft):
        said = _said(draft, unit, report)
        journal.record(
            session,
            actor,
            DONE[report.stage] if report.status == UnitStatus.DONE else OTHERS[report.status],
            unit.kind.value,
            code(draft, unit),
            before={"status": _before(draft, unit, report)},
            after={name: value for name, value in said.items() if value not in (None, (), False)},
        )


def _before(draft: Draft, unit: Unit, report: Report) -> UnitStatus:
    earlier: Iterable[Report] = (
        other
        for other in (*draft.known.line.reports.get(unit.id, ()), *draft.told[unit.id])
        if other.stage == report.stage and other is not report and other.effective_on <= report.effective_on
    )
    last = max(earlier, key=lambda other: (other.effective_on, other.revision), default=None)
    return UnitStatus.NOT_STARTED if last is None else last.status


def code(draft: Draft, unit: Unit) -> str:
    """How the journal names a unit: `line/35`."""
    return f"{draft.known.work.code}/{unit.number}"
