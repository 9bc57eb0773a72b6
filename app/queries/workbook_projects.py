"""The rows of the workbook's sheets about projects: projects, phases, turbines and tranches, as known at a revision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May
from app.domain.sheet_differences import Rows
from app.domain.sheet_layouts import PHASES, PROJECTS, TRANCHES, TURBINES
from app.domain.sheets import Column, ColumnKind, Layout, Typed
from app.queries import journal, ledger
from app.queries.capacity import View
from app.tables.journal import Fact
from app.tables.projects import Phase, Project, Turbine

# Where a column of a table has another name than its cell.
COLUMNS = {"district": "district_code", "nominal_mw": "nominal_kw", "turbine_mw": "turbine_kw"}
COLUMNS |= {"nameplate_mw": "nameplate_kw"}


def owned(actor: Actor) -> ColumnElement[bool]:
    """The projects that an actor keeps: its own, or all of them."""
    if actor.may(May.REPORT_FOR_OTHERS):
        return true()
    return col(Project.investor_id) == actor.organisation_id


def projects(session: Session, view: View) -> Rows:
    """The projects an actor keeps, by code."""
    then = journal.rewound(session, view.revision, "project")
    asked = select(Project).where(owned(view.actor), col(Project.created_in) <= view.revision)
    rows = session.execute(asked.order_by(col(Project.code))).scalars()
    return {(row.code,): values(PROJECTS, row, then.get(row.code, {})) for row in rows}


def phases(session: Session, view: View) -> Rows:
    """The phases of those projects, by code."""
    then = journal.rewound(session, view.revision, "phase")
    asked = (
        select(Phase, col(Project.code))
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(owned(view.actor), col(Phase.created_in) <= view.revision)
        .order_by(col(Phase.code))
    )
    return {
        (row.code,): values(PHASES, row, then.get(row.code, {})) | {"project": project}
        for row, project in session.execute(asked)
    }


def turbines(session: Session, view: View) -> Rows:
    """The turbines of those phases, by phase and number; also those that were removed since."""
    asked = (
        select(Turbine, col(Phase.code))
        .join(Phase, col(Phase.id) == col(Turbine.phase_id))
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(owned(view.actor))
        .order_by(col(Phase.code), col(Turbine.number))
    )
    then = journal.rewound(session, view.revision, "turbine")
    made, gone = _since(session, view)
    found: dict[tuple[str, ...], Mapping[str, Typed]] = {}
    for row, phase in session.execute(asked):
        code = f"{phase}/{row.number}"
        if code not in made:
            found[phase, row.number] = values(TURBINES, row, then.get(code, {})) | {"phase": phase}
    for code, said in gone.items():
        phase, _, number = code.partition("/")
        said = {**dict.fromkeys(COLUMNS.get(c.field, c.field) for c in TURBINES.columns), **said}
        found.setdefault((phase, number), values(TURBINES, None, said) | {"phase": phase, "number": number})
    return found


def _since(session: Session, view: View) -> tuple[set[str], dict[str, dict[str, Any]]]:
    """The turbines that were made after a revision, and those that it still had, as they were when they were removed."""
    made: set[str] = set()
    gone: dict[str, dict[str, Any]] = {}
    if view.revision >= journal.head(session):
        return made, gone
    facts = select(col(Fact.subject_code), col(Fact.before), col(Fact.after)).where(
        col(Fact.subject) == "turbine", col(Fact.revision) > view.revision
    )
    if not view.actor.may(May.SEE_EVERY_PROJECT):
        facts = facts.where(col(Fact.project_id).in_(select(col(Project.id)).where(owned(view.actor))))
    for code, before, after in session.execute(facts.order_by(col(Fact.revision), col(Fact.position))):
        if before is None:
            # What was removed before and is made again stood at the revision.
            if code not in gone:
                made.add(code)
        elif after is None and code not in made:
            gone.setdefault(code, before)
    return made - gone.keys(), gone


def tranches(session: Session, view: View) -> Rows:
    """The tranches of those projects with what they say now; nothing of one can be changed here, so every cell is shown."""
    asked = select(Project).where(owned(view.actor)).order_by(col(Project.code))
    found: dict[tuple[str, ...], Mapping[str, Typed]] = {}
    for project in session.execute(asked).scalars():
        lines = [line for line in ledger.bare(session, project) if line.row.revision <= view.revision]
        first = {line.entry.tranche: line.row for line in reversed(lines)}
        for tranche in ledger.tranches(lines):
            row = first[tranche.code]
            found[(tranche.code,)] = {
                **{name: getattr(row, name) for name in _SHOWN},
                "tranche": tranche.code,
                "phase": tranche.phase,
                "status": tranche.status,
                "capacity_mw": tranche.stated.kw,
                "effective_on": tranche.stated.effective_on,
                "turbines": tranche.turbines or None,
            }
    return found


_SHOWN = tuple(
    column.field
    for column in TRANCHES.columns
    if column.field not in ("tranche", "phase", "status", "capacity_mw", "effective_on", "turbines")
)


def values(layout: Layout, row: object, then: Mapping[str, Any]) -> dict[str, Typed]:
    """A row's cells by field: what it says, and in the place of what has changed since what it said before (`then`, as
    facts state it)."""
    found: dict[str, Typed] = {}
    for column in layout.columns:
        name = COLUMNS.get(column.field, column.field)
        if name in then:
            found[column.field] = stated(column, then[name])
        elif row is not None:
            found[column.field] = getattr(row, name, None)
    return found


def stated(column: Column, said: Any) -> Typed:
    """A value of a fact as a cell has it."""
    if said is None:
        return None
    if column.kind == ColumnKind.DAY:
        return date.fromisoformat(said)
    if column.kind == ColumnKind.CODE and column.words is not None:
        return column.words(said)
    value: Typed = said
    return value
