"""How the rows of a workbook become changes, sheet by sheet; here those about projects. They go through the services that
everybody's changes go through: every rule and every permission is theirs, and what they refuse comes back at its cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from app.db import attempt
from app.domain.access import Actor
from app.domain.errors import NotFound, TrackerError
from app.domain.sheet_differences import Rows
from app.domain.sheet_layouts import LAYOUTS, MILESTONES, PHASES, PROJECTS, TRANCHES, TURBINES
from app.domain.sheets import ColumnKind, Layout, Typed
from app.domain.words import Lang
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import RowChange, Wrong
from app.schemas import refusals
from app.schemas.ledger import TrancheDeclare
from app.schemas.projects import PhaseChange, ProjectChange, TurbineChange, TurbineCreate
from app.services import journal, projects, tranches

Model = TypeVar("Model", bound=BaseModel)
# Hears how many more rows are done, and raises where the work is no longer wanted.
Tick = Callable[[int], None]
# The column of each sheet that says what a row is of: where that is not there, or is another's, the row is wrong there.
_HOLDER = {layout.code: layout.keys[0].field for layout in LAYOUTS} | {
    TRANCHES.code: "phase",
    MILESTONES.code: "subject_code",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """What changes are made on: who makes them, on which day, what stands now by sheet and key, and where columns are."""

    session: Session
    actor: Actor
    today: date
    lang: Lang
    now: Mapping[str, Rows]
    letters: Mapping[str, Mapping[str, str]]
    tick: Tick

    def after(self, row: RowChange) -> dict[str, Typed]:
        """A whole row as it would be."""
        return {**self.now.get(row.sheet, {}).get(row.key, {}), **row.values}

    def wrong(
        self, row: RowChange, problem: str, field: str | None, details: Mapping[str, Any] | None = None
    ) -> Wrong:
        """A problem at the cell of a field, or at the row where it has no such column."""
        column = None if field is None else self.letters.get(row.sheet, {}).get(field)
        return Wrong(row.sheet, problem, row.row, column, field if column else None, dict(details or {}))

    def refused(self, row: RowChange, error: TrackerError) -> list[Wrong]:
        """What a service said against a row: each finding at its cell."""
        findings = error.details.get("findings")
        if isinstance(findings, list):
            return [
                self.wrong(row, found.rule.value, found.field, journal.plain(found.details))
                for found in findings
            ]
        if isinstance(error, NotFound) and error.field is None:
            return [self.wrong(row, WorkbookProblem.NOT_OURS.value, _HOLDER.get(row.sheet))]
        details = journal.plain(error.details)
        return [self.wrong(row, error.problem.value, error.field, details)]

    def model(
        self, row: RowChange, of: type[Model], said: Mapping[str, Any]
    ) -> tuple[Model | None, list[Wrong]]:
        """The change that a row states, or what is wrong with its shape, cell by cell."""
        try:
            return of.model_validate(said), []
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            places = [(refusals.problem(str(one["type"])).value, one["loc"]) for one in found]
            return None, [
                self.wrong(row, problem, None if not loc else str(loc[0])) for problem, loc in places
            ]


def each(
    ground: Ground, rows: Sequence[RowChange], make: Callable[[RowChange], Sequence[Wrong]]
) -> list[Wrong]:
    """Makes row after row; one that is refused undoes itself alone."""
    found: list[Wrong] = []
    for row in rows:
        try:
            with attempt(ground.session):
                found += make(row)
        except TrackerError as error:
            found += ground.refused(row, error)
        ground.tick(1)
    return found


def wire(layout: Layout, values: Mapping[str, Typed], without: Iterable[str] = ()) -> dict[str, Any]:
    """Cells as the API takes them: MW as MW, and only those that are no key and not only shown."""
    columns = layout.by_field
    return {
        name: _wire(columns[name].kind, value)
        for name, value in values.items()
        if name not in without and not columns[name].is_key and not columns[name].is_read_only
    }


def _wire(kind: ColumnKind, value: Typed) -> Any:
    if kind == ColumnKind.MW and isinstance(value, int):
        return Decimal(value) / 1000
    return () if kind == ColumnKind.LIST and value is None else value


def plain_rows(ground: Ground, layout: Layout, rows: Sequence[RowChange]) -> list[Wrong]:
    """The rows of a sheet about projects, made one after the other."""
    make = _MAKERS[layout.code]
    return each(ground, rows, lambda row: make(ground, row))


def _project(ground: Ground, row: RowChange) -> Sequence[Wrong]:
    change, wrong = ground.model(row, ProjectChange, wire(PROJECTS, row.values))
    if change is not None:
        projects.change(ground.session, ground.actor, row.key[0], change, None)
    return wrong


def _phase(ground: Ground, row: RowChange) -> Sequence[Wrong]:
    change, wrong = ground.model(row, PhaseChange, wire(PHASES, row.values))
    if change is not None:
        projects.change_phase(ground.session, ground.actor, row.key[0], change, None)
    return wrong


def _turbine(ground: Ground, row: RowChange) -> Sequence[Wrong]:
    phase, number = row.key
    said = wire(TURBINES, row.values)
    session, actor, today = ground.session, ground.actor, ground.today
    if row.is_new:
        made, wrong = ground.model(row, TurbineCreate, {**said, "number": number})
        if made is not None:
            projects.create_turbine(session, actor, phase, made, None, today)
        return wrong
    change, wrong = ground.model(row, TurbineChange, said)
    if change is not None:
        projects.change_turbine(session, actor, phase, number, change, None, today)
    return wrong


def _tranche(ground: Ground, row: RowChange) -> Sequence[Wrong]:
    change, wrong = ground.model(row, TrancheDeclare, wire(TRANCHES, row.values, without=("phase",)))
    if change is not None:
        phase = str(row.values.get("phase") or "")
        tranches.declare(ground.session, ground.actor, phase, change, ground.today)
    return wrong


_MAKERS: Mapping[str, Callable[[Ground, RowChange], Sequence[Wrong]]] = {
    PROJECTS.code: _project,
    PHASES.code: _phase,
    TURBINES.code: _turbine,
    TRANCHES.code: _tranche,
}
