"""One page of a breakdown of capacity, by project, phase, investor or district; keyset, whole figures per line.

Names, investors and districts are those that were known at the view's revision, so an old view stays as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, false, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.vocabulary import By
from app.queries import capacity, journal
from app.queries.capacity import View
from app.tables.base import key
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
    found = capacity.by_project(session, view, [key(row.id) for row in rows])
    then = journal.rewound(session, view.revision, "project")
    return [_project_line(row.code, row, found, then) for row in rows]


def _project_line(at: str, row: Project, found: dict[int, Figures], then: dict[str, dict[str, Any]]) -> Line:
    was = then.get(row.code, {})
    return Line(
        key=at,
        code=row.code,
        name=was.get("name", row.name),
        name_en=was.get("name_en", row.name_en),
        level=By.PROJECT.value,
        figures=found.get(key(row.id), NOTHING),
        project=row.code,
        is_illustrative=was.get("is_illustrative", row.is_illustrative),
    )


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
    found = capacity.by_phase(session, view, [key(phase.id) for phase, _ in rows])
    then = journal.rewound(session, view.revision, "phase")
    lines = [_phase_line(phase, project, found, then.get(phase.code, {})) for phase, project in rows]
    lines += _unsplit(session, view, after, code)
    return sorted(lines, key=lambda line: _parts(line.key))[: limit + 1]


def _phase_line(phase: Phase, project: Project, found: dict[int, Figures], was: dict[str, Any]) -> Line:
    return Line(
        key=f"{project.code}{LAST}{phase.code}",
        code=phase.code,
        name=was.get("name", phase.name),
        name_en=was.get("name_en", phase.name_en),
        level=By.PHASE.value,
        figures=found.get(key(phase.id), NOTHING),
        project=project.code,
        nominal_kw=was.get("nominal_kw", phase.nominal_kw),
        is_illustrative=was.get("is_illustrative", phase.is_illustrative) or project.is_illustrative,
    )


def _unsplit(session: Session, view: View, after: str, code: str) -> list[Line]:
    """A line of level project for each project that has MW of its own, not split over its phases."""
    named = select(col(CapacityPosting.project_id)).where(
        col(CapacityPosting.phase_id).is_(None), col(CapacityPosting.revision) <= view.revision
    )
    statement = select(Project).where(
        col(Project.id).in_(named.distinct()), col(Project.code) >= code, *_counted(session, view)
    )
    rows = [p for p in session.execute(statement).scalars() if [p.code, LAST] > _parts(after)]
    found = capacity.unsplit(session, view, [key(p.id) for p in rows])
    then = journal.rewound(session, view.revision, "project")
    return [_project_line(f"{p.code}{LAST}{LAST}", p, found, then) for p in rows]


def _parts(key: str) -> list[str]:
    """A key as the database orders it: by project first (as one text, `a-b~…` would come before `a~…`)."""
    return key.split(LAST, 1)


def _after(code: str, after: str) -> Any:
    """Phases behind the key: of a later project, or of the same one with a later code."""
    phase = after.partition(LAST)[2]
    same = and_(col(Project.code) == code, col(Phase.code) > phase) if phase != LAST else false()
    return or_(col(Project.code) > code, same)


def _investors(session: Session, view: View, after: str, limit: int) -> list[Line]:
    owner = _then(session, view, "investor_id", Project.investor_id)
    named = select(Organisation).where(col(Organisation.id).in_(_values(session, view, owner)))
    rows = session.execute(
        named.where(col(Organisation.code) > after).order_by(col(Organisation.code)).limit(limit + 1)
    ).scalars()
    then = journal.rewound(session, view.revision, "organisation")
    subjects = [
        (row.id, row.code, {"name": row.name, "name_en": row.name_en} | then.get(row.code, {}))
        for row in rows
    ]
    return _owned(session, view, By.INVESTOR, owner, subjects, with_nobody=_is_end(subjects, after, limit))


def _districts(session: Session, view: View, after: str, limit: int) -> list[Line]:
    owner = _then(session, view, "district_code", Project.district_code)
    named = select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(_values(session, view, owner)))
    rows = session.execute(
        named.where(col(AdministrativeUnit.code) > after)
        .order_by(col(AdministrativeUnit.code))
        .limit(limit + 1)
    ).scalars()
    then = journal.rewound(session, view.revision, "administrative_unit")
    subjects = [(row.code, row.code, {"name": row.name} | then.get(row.code, {})) for row in rows]
    return _owned(session, view, By.DISTRICT, owner, subjects, with_nobody=_is_end(subjects, after, limit))


def _then(session: Session, view: View, field: str, column: Any) -> Any:
    """Whose (or where) a project was at the view's revision: the few that have moved since are named one by one."""
    then = journal.rewound(session, view.revision, "project")
    moved = {code: fields[field] for code, fields in then.items() if field in fields}
    return case(moved, value=col(Project.code), else_=column) if moved else col(column)


def _values(session: Session, view: View, owner: Any) -> Any:
    return select(owner).where(*_counted(session, view))


def _is_end(subjects: Sequence[object], after: str, limit: int) -> bool:
    """Whether the page reaches behind the last subject with a code."""
    return len(subjects) <= limit and after < LAST


def _owned(
    session: Session,
    view: View,
    by: By,
    owner: Any,
    subjects: Sequence[tuple[Any, str, dict[str, Any]]],
    *,
    with_nobody: bool,
) -> list[Line]:
    """One line per subject; the projects without one come last, under no code."""
    counted = _counted(session, view)
    found = capacity.by_owner(session, view, owner, owner.in_([value for value, _, _ in subjects]), *counted)
    lines = [
        Line(code, code, said["name"], said.get("name_en"), by.value, found.get(value, NOTHING))
        for value, code, said in subjects
    ]
    nobodys = select(col(Project.id)).where(owner.is_(None), *counted).limit(1)
    if with_nobody and session.execute(nobodys).first() is not None:
        unknown = capacity.by_owner(session, view, owner, owner.is_(None), *counted).get(None, NOTHING)
        lines.append(Line(LAST, None, None, None, by.value, unknown))
    return lines


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
