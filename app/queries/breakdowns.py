"""One page of a breakdown of capacity, by project, phase, investor or district; keyset, whole figures per line.

Names, investors and districts are those that were known at the view's revision, so an old view stays as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, literal, or_, select
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
    return sorted(lines, key=lambda line: line.key)[: limit + 1]


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
    rows = [p for p in session.execute(statement).scalars() if f"{p.code}{LAST}{LAST}" > after]
    found = capacity.unsplit(session, view, [key(p.id) for p in rows])
    then = journal.rewound(session, view.revision, "project")
    return [_project_line(f"{p.code}{LAST}{LAST}", p, found, then) for p in rows]


def _after(code: str, after: str) -> Any:
    """Phases behind the key: of a later project, or of the same one with a later code."""
    phase = after.partition(LAST)[2]
    same = and_(col(Project.code) == code, col(Phase.code) > phase) if phase != LAST else false()
    return or_(col(Project.code) > code, same)


def _investors(session: Session, view: View, after: str, limit: int) -> list[Line]:
    owners = _Owners(session, view, Project.investor_id, "investor_id")
    statement = select(Organisation).where(col(Organisation.id).in_(owners.named()))
    rows = session.execute(
        statement.where(col(Organisation.code) > after).order_by(col(Organisation.code)).limit(limit + 1)
    ).scalars()
    then = journal.rewound(session, view.revision, "organisation")
    named = [
        (row.id, row.code, {"name": row.name, "name_en": row.name_en} | then.get(row.code, {}))
        for row in rows
    ]
    return owners.lines(By.INVESTOR, named, after, limit)


def _districts(session: Session, view: View, after: str, limit: int) -> list[Line]:
    owners = _Owners(session, view, Project.district_code, "district_code")
    statement = select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(owners.named()))
    rows = session.execute(
        statement.where(col(AdministrativeUnit.code) > after)
        .order_by(col(AdministrativeUnit.code))
        .limit(limit + 1)
    ).scalars()
    then = journal.rewound(session, view.revision, "administrative_unit")
    named = [(row.code, row.code, {"name": row.name} | then.get(row.code, {})) for row in rows]
    return owners.lines(By.DISTRICT, named, after, limit)


class _Owners:
    """Whose (or where) each project in the totals was at the view's revision, by one column of the project."""

    def __init__(self, session: Session, view: View, column: Any, field: str) -> None:
        self.session, self.view, self.column = session, view, col(column)
        then = journal.rewound(session, view.revision, "project")
        # The few projects that have moved since, with what they said then; all others say it still.
        self.moved = {code: fields[field] for code, fields in then.items() if field in fields}
        self.counted = _counted(session, view)

    def named(self) -> Any:
        """Every value that a project said then."""
        now = select(self.column).where(*self.counted, col(Project.code).not_in(self.moved))
        values = {value for value in self.moved.values() if value is not None}
        return now.union(*(select(literal(value)) for value in values)) if values else now

    def lines(
        self, by: By, named: list[tuple[Any, str, dict[str, Any]]], after: str, limit: int
    ) -> list[Line]:
        """One line per named subject; the projects without one come last, under no code."""
        lines = [
            Line(code, code, fields["name"], fields.get("name_en"), by.value, self._figures(value))
            for value, code, fields in named
        ]
        if len(named) <= limit and after < LAST and self._exists(None):
            lines.append(Line(LAST, None, None, None, by.value, self._figures(None)))
        return lines

    def _where(self, value: Any) -> Any:
        here = self.column.is_(None) if value is None else self.column == value
        came = [code for code, said in self.moved.items() if said == value]
        return or_(and_(here, col(Project.code).not_in(self.moved)), col(Project.code).in_(came))

    def _exists(self, value: Any) -> bool:
        statement = select(col(Project.id)).where(self._where(value), *self.counted).limit(1)
        return self.session.execute(statement).first() is not None

    def _figures(self, value: Any) -> Figures:
        return capacity.over(
            self.session, self.view, select(col(Project.id)).where(self._where(value), *self.counted)
        )


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
