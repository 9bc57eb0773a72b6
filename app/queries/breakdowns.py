"""One page of a breakdown of capacity, by project, phase, investor or district; keyset, whole figures per line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.vocabulary import By
from app.queries import capacity
from app.queries.capacity import View
from app.tables.ledger import CapacityPosting
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project

NOTHING = Figures()
# Sorts after every code, for the line whose investor or district is not known.
LAST = "~"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `key` orders it, `level` says what it counts, `code` is None where the subject is not known."""

    key: str
    code: str | None
    name: str | None
    name_en: str | None
    level: str
    figures: Figures
    project: str | None = None
    nominal_kw: int | None = None
    is_illustrative: bool = False


def page(session: Session, view: View, by: By, *, after: str | None, limit: int) -> list[Line]:
    """Up to `limit` + 1 lines after the key `after`. Only projects that count in the totals."""
    return _CUTS[by](session, view, after or "", limit)


def _projects(session: Session, view: View, after: str, limit: int) -> list[Line]:
    statement = select(Project).where(col(Project.code) > after, *_counted(session, view))
    rows = list(session.execute(statement.order_by(col(Project.code)).limit(limit + 1)).scalars())
    found = capacity.by_project(session, view, [row.id for row in rows if row.id is not None])
    return [
        Line(
            row.code, row.code, row.name, row.name_en, By.PROJECT.value, found.get(row.id or 0, NOTHING),
            project=row.code, is_illustrative=row.is_illustrative,
        )
        for row in rows
    ]  # fmt: skip


def _phases(session: Session, view: View, after: str, limit: int) -> list[Line]:
    """Phases, and after a project's phases the MW that name the project alone. Keys keep them together."""
    code, _, _ = after.partition(LAST)
    phases = (
        select(Phase, Project)
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(_after(code, after), *_counted(session, view), col(Phase.created_in) <= view.revision)
        .order_by(col(Project.code), col(Phase.code))
        .limit(limit + 1)
    )
    rows = [(row[0], row[1]) for row in session.execute(phases)]
    found = capacity.by_phase(session, view, [phase.id or 0 for phase, _ in rows])
    lines = [
        Line(
            f"{project.code}{LAST}{phase.code}", phase.code, phase.name, phase.name_en, By.PHASE.value,
            found.get(phase.id or 0, NOTHING), project=project.code, nominal_kw=phase.nominal_kw,
            is_illustrative=phase.is_illustrative or project.is_illustrative,
        )
        for phase, project in rows
    ]  # fmt: skip
    lines += _unsplit(session, view, after, code)
    return sorted(lines, key=lambda line: line.key)[: limit + 1]


def _unsplit(session: Session, view: View, after: str, code: str) -> list[Line]:
    """A line of level project for each project that has MW of its own, not split over its phases."""
    named = select(col(CapacityPosting.project_id)).where(
        col(CapacityPosting.phase_id).is_(None), col(CapacityPosting.revision) <= view.revision
    )
    statement = select(Project).where(
        col(Project.id).in_(named.distinct()), col(Project.code) >= code, *_counted(session, view)
    )
    rows = [p for p in session.execute(statement).scalars() if f"{p.code}{LAST}{LAST}" > after]
    found = capacity.unsplit(session, view, [p.id for p in rows if p.id is not None])
    return [
        Line(
            f"{p.code}{LAST}{LAST}", p.code, p.name, p.name_en, By.PROJECT.value, found.get(p.id or 0, NOTHING),
            project=p.code, is_illustrative=p.is_illustrative,
        )
        for p in rows
    ]  # fmt: skip


def _after(code: str, after: str) -> Any:
    """Phases behind the key: of a later project, or of the same one with a later code."""
    phase = after.partition(LAST)[2]
    same = and_(col(Project.code) == code, col(Phase.code) > phase) if phase != LAST else None
    later = col(Project.code) > code
    return later if same is None else or_(later, same)


def _investors(session: Session, view: View, after: str, limit: int) -> list[Line]:
    rows = session.execute(
        select(Organisation)
        .where(
            col(Organisation.code) > after,
            col(Organisation.id).in_(select(col(Project.investor_id)).where(*_counted(session, view))),
        )
        .order_by(col(Organisation.code))
        .limit(limit + 1)
    ).scalars()
    named = [(row.id, row.code, row.name, row.name_en) for row in rows]
    return _grouped(session, view, By.INVESTOR, col(Project.investor_id), named, after, limit)


def _districts(session: Session, view: View, after: str, limit: int) -> list[Line]:
    rows = session.execute(
        select(AdministrativeUnit)
        .where(
            col(AdministrativeUnit.code) > after,
            col(AdministrativeUnit.code).in_(
                select(col(Project.district_code)).where(*_counted(session, view))
            ),
        )
        .order_by(col(AdministrativeUnit.code))
        .limit(limit + 1)
    ).scalars()
    named = [(row.code, row.code, row.name, None) for row in rows]
    return _grouped(session, view, By.DISTRICT, col(Project.district_code), named, after, limit)


def _grouped(
    session: Session,
    view: View,
    by: By,
    key: Any,
    named: Sequence[tuple[Any, str, str, str | None]],
    after: str,
    limit: int,
) -> list[Line]:
    """One line per named subject; the projects without one come last, under no code."""
    subjects: list[tuple[Any, str | None, str | None, str | None]] = list(named)
    counted = _counted(session, view)
    if len(named) <= limit and after < LAST:
        without = select(func.count()).select_from(Project).where(key.is_(None), *counted)
        if session.execute(without).scalar_one():
            subjects.append((None, None, None, None))
    return [
        Line(code or LAST, code, name, name_en, by.value, _sum(session, view, key, subject, counted))
        for subject, code, name, name_en in subjects
    ]


def _sum(session: Session, view: View, key: Any, subject: Any, counted: list[Any]) -> Figures:
    here = key.is_(None) if subject is None else key == subject
    return capacity.over(session, view, select(col(Project.id)).where(here, *counted))


def _counted(session: Session, view: View) -> list[Any]:
    """Projects in the totals that were known at the view's revision."""
    out = capacity.left_out(session, view.revision)
    return [col(Project.id).not_in(out), col(Project.created_in) <= view.revision]


_CUTS: dict[By, Callable[[Session, View, str, int], list[Line]]] = {
    By.PROJECT: _projects,
    By.PHASE: _phases,
    By.INVESTOR: _investors,
    By.DISTRICT: _districts,
}
