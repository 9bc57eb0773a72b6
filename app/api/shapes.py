"""From rows and domain values to the wire: which fields a reader gets, and which are null to those who may not see them."""

import json
from collections.abc import Iterable
from datetime import timedelta

from app.db import Session
from app.deps import Ask
from app.domain import capacity as domain
from app.domain.calendar import local_day
from app.domain.capacity import Figures, Tranche
from app.domain.quantity import mw
from app.domain.rules import Finding
from app.domain.vocabulary import Account, Measure, ReportedUnit
from app.queries import breakdowns, capacity, ledger, projects
from app.queries.capacity import CONFIDENTIAL
from app.queries.prepared import Plain
from app.queries.projects import Place
from app.schemas.capacity import BreakdownLine, FiguresRead, Ladder, TargetLine
from app.schemas.ledger import EntryRead, FindingRead, TrancheRead
from app.schemas.projects import (
    NamedRead,
    PhaseLine,
    PhaseRead,
    ProjectLine,
    ProjectRead,
    TurbineRead,
)
from app.schemas.targets import FigureRead, TargetRead
from app.tables.base import key
from app.tables.projects import Phase, Project
from app.tables.targets import ReportedFigure, Target

# How long a declared tranche may wait for the second key. EVN's practice is 2 to 10 working days [E].
DECISION_TAKES = timedelta(days=14)
NOTHING = Figures()
RUNGS = {f"{measure.value}_kw": measure for measure in Measure}


def figures(found: Figures) -> FiguresRead:
    """A subject's figures."""
    return FiguresRead(**amounts(found))


def amounts(found: Figures) -> dict[str, int]:
    """The fields every wire model with figures has."""
    return {
        "operating_kw": found.operating_kw,
        "gross_recognised_kw": found.kw(Account.RECOGNISED),
        "suspended_kw": found.kw(Account.SUSPENDED),
        "cancelled_kw": found.kw(Account.CANCELLED),
        "at_risk_kw": found.kw(Account.AT_RISK),
        "declared_kw": found.kw(Account.DECLARED),
        "disputed_kw": found.kw(Account.DISPUTED),
    }


def ladder(found: Figures) -> Ladder:
    """The whole ladder; a rung without any entry is null."""
    return Ladder(**{field: found.rung_kw(measure) for field, measure in RUNGS.items()})


def breakdown_line(line: breakdowns.Line) -> BreakdownLine:
    """One line of a breakdown."""
    return BreakdownLine(
        **amounts(line.figures),
        code=line.code,
        name=line.name,
        name_en=line.name_en,
        level=line.level,
        project=line.project,
        is_illustrative=line.is_illustrative,
        ladder=ladder(line.figures),
    )


def _named(row: object | None) -> NamedRead | None:
    return None if row is None else NamedRead.model_validate(row, from_attributes=True)


def project_line(project: Project, place: Place, found: Figures) -> ProjectLine:
    """A project's public summary."""
    return ProjectLine(**_project(project, place, found))


def _project(project: Project, place: Place, found: Figures) -> dict[str, object]:
    return {
        **project.model_dump(include={"code", "name", "name_en", "commune", "in_totals", "is_illustrative"}),
        "siting": project.siting,
        "stage": project.stage,
        "investor": _named(place.investor),
        "district": _named(place.district),
        "capacity": figures(found),
        "ladder": ladder(found),
    }


def project(session: Session, ask: Ask, row: Project) -> ProjectRead:
    """A project with its phases; tranches that name the project alone only for those who may see its detail."""
    view = capacity.whole(session, ask.actor, ask.today)
    found = capacity.by_project(session, view, [key(row.id)]).get(key(row.id), NOTHING)
    phases = projects.phases_of(session, row)
    by_phase = capacity.by_phase(session, view, [p.id for p in phases if p.id is not None])
    sees = projects.sees(ask.actor, row.investor_id)
    own = [x for x in ledger.lines(session, row) if x.row.phase_id is None] if sees else []
    return ProjectRead(
        **_project(row, projects.places(session, [row])[key(row.id)], found),
        aliases=list(row.aliases),
        confidence=row.confidence,
        sources=list(row.sources),
        note=row.note if sees else None,
        phases=[phase_line(p, row, by_phase.get(p.id or 0, NOTHING)) for p in phases],
        tranches=tranches(ask, row.code, row.revision, own) if sees else None,
        revision=row.revision,
    )


def phase_line(phase: Phase, project: Project, found: Figures) -> PhaseLine:
    """A phase's public summary."""
    return PhaseLine(**_phase(phase, project, found))


def _phase(phase: Phase, project: Project, found: Figures) -> dict[str, object]:
    return {
        **phase.model_dump(include={"code", "name", "name_en", "nominal_kw"}),
        "project": project.code,
        "capacity": figures(found),
        "ladder": ladder(found),
        "is_illustrative": phase.is_illustrative or project.is_illustrative,
    }


def phase(session: Session, ask: Ask, code: str) -> PhaseRead:
    """A phase as it stands now. What hangs on its declarations, and its turbines, are for those who may see its detail."""
    row = projects.shown_phase(session, code)
    sees = projects.sees(ask.actor, row.investor_id)
    units, lines = projects.turbines_of(session, row), ledger.of_phase(session, row.id)
    postings = (p for line in lines for p in line.entry.postings if sees or p.account not in CONFIDENTIAL)
    found = domain.figures(postings, ask.today)
    said = row._asdict() | {
        "investor": row.investor
        and NamedRead(code=row.investor, name=row.investor_name, name_en=row.investor_name_en),
        "district": row.district and NamedRead(code=row.district, name=row.district_name),
        "note": row.note if sees else None,
        "price_regime": row.price_regime if sees else None,
    }
    return PhaseRead(
        **said,
        capacity=figures(found),
        ladder=ladder(found),
        turbine_sum_kw=projects.turbine_sum_kw(row, units),
        turbines=turbines(units, lines) if sees else None,
        tranches=tranches(ask, row.project, row.revision, lines) if sees else None,
    )


def turbines(units: Iterable[Plain], lines: list[ledger.Line]) -> list[TurbineRead]:
    """The turbines of a phase, each with the live tranche it is in."""
    held = {number: t.code for t in ledger.tranches(lines) if t.is_live for number in t.turbines}
    return [TurbineRead(**unit._asdict(), tranche=held.get(unit.number)) for unit in units]


def tranches(ask: Ask, project: str, revision: int, lines: list[ledger.Line]) -> list[TrancheRead]:
    """The tranches in `lines`, in order of their first entry."""
    return [
        tranche(ask, project, revision, t, [x for x in lines if x.row.tranche == t.code])
        for t in ledger.tranches(lines)
    ]


def tranche(ask: Ask, project: str, revision: int, found: Tranche, lines: list[ledger.Line]) -> TrancheRead:
    """A tranche with every entry of its life; its warnings are those kept with its last rule check."""
    written = [entry(ask, line) for line in lines]
    stated = found.stated
    waits = found.kw(Account.DECLARED) or found.kw(Account.DISPUTED)
    declared_on = None if found.claim is None else local_day(lines[0].row.recorded_at)
    return TrancheRead(
        code=found.code,
        project=project,
        phase=found.phase,
        status=found.status,
        capacity_kw=stated.kw,
        effective_on=stated.effective_on,
        precision=stated.precision,
        operating_kw=found.operating_kw,
        suspended_kw=found.kw(Account.SUSPENDED),
        cancelled_kw=found.kw(Account.CANCELLED),
        at_risk_kw=found.kw(Account.AT_RISK),
        turbines=list(found.turbines),
        declared_on=declared_on,
        decision_due_on=declared_on + DECISION_TAKES if declared_on and waits else None,
        entries=written,
        warnings=next((e.warnings for e in reversed(written) if e.warnings), []),
        revision=revision,
    )


def tranche_by_code(session: Session, ask: Ask, code: str) -> TrancheRead:
    """A tranche the caller may see, as it stands now."""
    found = ledger.shown(session, ask.actor, code)
    return tranches(ask, found.project, found.revision, found.lines)[0]


def entry(ask: Ask, line: ledger.Line) -> EntryRead:
    """One ledger entry with what was kept with it."""
    return EntryRead(
        **line.row._asdict(),
        reverses=line.row.reverses_id,
        capacity_kw=line.row.kw,
        warnings=warnings(ask, line.findings),
    )


def warnings(ask: Ask, kept: Iterable[Plain]) -> list[FindingRead]:
    """Kept findings in the caller's language."""
    return [
        FindingRead(
            code=f.rule,
            rule=f.rule.number,
            level=f.level,
            message=Finding(f.rule, f.level, f.field, f.unknown).sentence(ask.lang),
            field=f.field,
            unknown=f.unknown,
            details=json.loads(f.details),
            reason=f.reason,
        )
        for f in kept
    ]


def target(row: Target) -> TargetRead:
    """A target."""
    return TargetRead(
        **row.model_dump(include={"code", "name", "name_en", "due_on", "note", "revision"}),
        capacity_kw=row.kw,
        basis=row.basis,
        scope=row.scope_code,
        sources=list(row.sources),
    )


def reported(row: ReportedFigure) -> FigureRead:
    """A published figure, in its own unit."""
    return FigureRead(
        **row.model_dump(include={"code", "name", "name_en", "effective_on", "note"}),
        value=mw(row.amount) if row.amount is not None and row.unit == ReportedUnit.MW else row.amount,
        unit=row.unit,
        precision=row.precision,
        confidence=row.confidence,
        sources=list(row.sources),
    )


def target_line(overview: capacity.Overview) -> TargetLine | None:
    """The target an answer is measured against."""
    progress = overview.progress
    if progress is None:
        return None
    return TargetLine(
        code=progress.target.code, capacity_kw=progress.target.kw, due_on=progress.target.due_on
    )
