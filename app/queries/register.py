"""The whole register as one file: what `tracker register import` reads elsewhere and finds unchanged here."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from app.domain.capacity import Tranche
from app.domain.quantity import mw
from app.domain.vocabulary import Account, EntryKind, ReportedUnit
from app.queries import ledger, projects, register_land, register_milestones, works
from app.queries.prepared import Plain
from app.tables.documents import Source
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project
from app.tables.targets import ReportedFigure, Target
from app.tables.works import Clearance, GridWork

Progress = Callable[[int, int], None]


def export(session: Session, *, progress: Progress = lambda _done, _all: None) -> dict[str, Any]:
    """Every record as a `wind-register/1` file. Ledger entries are what stands now; their life stays in the journal."""
    organisations = {o.id: o.code for o in _all(session, Organisation)}
    rows = _all(session, Project)
    sections = []
    for done, project in enumerate(rows, 1):
        sections.append(_project(session, project, organisations.get(project.investor_id)))
        progress(done, len(rows))
    return {
        "format": "wind-register/1",
        "capacity": "increments",
        "sources": [_fields(row) for row in _all(session, Source)],
        "administrative_units": [
            _fields(row, parent_code="parent") for row in _all(session, AdministrativeUnit)
        ],
        "organisations": [_fields(row, district_code="district") for row in _all(session, Organisation)],
        "targets": [_fields(row, scope_code="scope", kw="capacity_mw") for row in _all(session, Target)],
        "reported_figures": [_figure(row) for row in _all(session, ReportedFigure)],
        "projects": sections,
        "grid_works": [_work(row, organisations) for row in _all(session, GridWork)],
        "connections": [_connection(need) for need in works.needs(session)],
        "clearances": _clearances(session, {project.id: project.code for project in rows}),
        "milestones": register_milestones.sections(session),
        **register_land.sections(session),
    }


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.execute(select(table).order_by(table.code)).scalars())


def _project(session: Session, project: Project, investor: str | None) -> dict[str, Any]:
    lines = ledger.lines(session, project)
    return {
        **_fields(project, district_code="district", investor_id=None),
        "investor": investor,
        "phases": [_phase(session, phase, lines) for phase in projects.phases_of(session, project)],
        "entries": _entries([x for x in lines if x.row.phase_id is None]),
    }


def _phase(session: Session, phase: Phase, lines: Iterable[ledger.Line]) -> dict[str, Any]:
    return {
        **_fields(phase, project_id=None, nominal_kw="nominal_mw", turbine_kw="turbine_mw"),
        "turbines": [_turbine(row) for row in projects.turbines_of(session, phase)],
        "entries": _entries([x for x in lines if x.row.phase_id == phase.id]),
    }


def _turbine(row: Plain) -> dict[str, Any]:
    return _fields(row, phase_id=None, nameplate_kw="nameplate_mw")


def _work(row: GridWork, organisations: dict[int | None, str]) -> dict[str, Any]:
    return {
        **_fields(row, owner_id=None, district_code="district"),
        "owner": organisations.get(row.owner_id),
    }


def _connection(need: works.Need) -> dict[str, Any]:
    ends = {"phase": need.phase.code, "work": need.work.code}
    return ends | _fields(need.connection, phase_id=None, work_id=None)


def _clearances(session: Session, codes: dict[int | None, str]) -> list[dict[str, Any]]:
    """Clearance packages, each with the code of its one work or project (`codes` by id)."""
    own = {row.id: row.code for row in _all(session, GridWork)}
    return [
        {
            # Under `commune` stands the code; the text of that name is not written any more.
            **_fields(
                row,
                **{"work_id": None, "project_id": None, "commune": None},
                **{"district_code": "district", "commune_code": "commune"},
            ),
            "work": own.get(row.work_id),
            "project": codes.get(row.project_id),
        }
        for row in _all(session, Clearance)
    ]


def _figure(row: ReportedFigure) -> dict[str, Any]:
    value = mw(row.amount) if row.amount is not None and row.unit == ReportedUnit.MW else row.amount
    return {**_fields(row, amount=None), "value": value}


def _entries(lines: list[ledger.Line]) -> list[dict[str, Any]]:
    """Measures as they stand after corrections, and each tranche with the kW that operate now."""
    replaced = {x.entry.reverses for x in lines if x.entry.tranche is None}
    standing = [x for x in lines if x.entry.tranche is None and x.entry.id not in replaced and x.entry.kw]
    measures = [_entry(x, x.entry.kw) for x in standing]
    return measures + [e for t in ledger.tranches(lines) if (e := _tranche(t, lines)) is not None]


def _tranche(tranche: Tranche, lines: list[ledger.Line]) -> dict[str, Any] | None:
    kw = tranche.kw(Account.RECOGNISED) - tranche.kw(Account.CANCELLED)
    if not kw:
        return None
    line = next(x for x in lines if x.entry.id == tranche.stated.id)
    first = next(x for x in lines if x.entry.id == tranche.entries[0].id)
    entry = _entry(line if line.entry.kind != EntryKind.CORRECTED else first, kw)
    return {**entry, "effective_on": tranche.stated.effective_on, "turbines": list(tranche.turbines) or None}


def _entry(line: ledger.Line, kw: int) -> dict[str, Any]:
    kept = {"measure", "effective_on", "precision", "valid_until", "turbines", "price_regime", "letter_number",
            "letter_on", "letter_issuer", "is_illustrative", "confidence", "sources", "note"}  # fmt: skip
    fields = {k: v for k, v in _fields(line.row).items() if k in kept}
    return {"measure": fields.pop("measure"), "capacity_mw": mw(kw), **fields}


def _fields(row: SQLModel | Plain, **renamed: str | None) -> dict[str, Any]:
    """A row's fields under their names in the file; None leaves one out, and kW become MW."""
    left_out = {"id", "revision", "created_in"} | {name for name, to in renamed.items() if to is None}
    values: dict[str, Any] = {}
    fields = row.model_dump() if isinstance(row, SQLModel) else row._asdict()
    for name, value in ((n, v) for n, v in fields.items() if n not in left_out):
        to = renamed.get(name) or name
        values[to] = mw(value) if to.endswith("_mw") and value is not None else register_land.plain(value)
    first: dict[str, Any] = {name: values.pop(name) for name in ("code", "name", "name_en") if name in values}
    return {**first, **values}
