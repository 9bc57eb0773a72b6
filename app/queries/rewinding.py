"""Rows as they were known at an earlier revision: which of them were there, and what was said of them.

For pages that show rows beside figures. Only texts, sizes and days are taken back: whose a project is decides what a
reader sees of it, and stays what it is today.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Date, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import SQLModel, col

from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact as FactKind
from app.domain.vocabulary import ObstacleAct
from app.queries import journal
from app.queries.capacity import View
from app.queries.ledger import Line
from app.queries.prepared import Plain
from app.tables.base import Codes, Word, key, table
from app.tables.journal import Fact
from app.tables.obstacles import Obstacle, ObstacleEntry
from app.tables.projects import Phase, Project, Turbine

SUBJECTS: dict[str, type[SQLModel]] = {"project": Project, "phase": Phase, "turbine": Turbine}
KEPT = frozenset({"id", "code", "number", "investor_id", "district_code", "created_in", "revision"})
STEPS = ("installed_on", "energised_on", "synchronised_on", "tested_on")


class Created(Protocol):
    """A row that says in which revision it came."""

    @property
    def created_in(self) -> int: ...


def check_known(view: View, row: Created | Plain, subject: str) -> None:
    """Raises NotFound for what was not recorded yet."""
    if row.created_in > view.revision:
        raise NotFound(Problem.NOT_FOUND, subject=subject)


def rows(session: Session, view: View, subject: str, found: Sequence[Any]) -> list[Any]:
    """Those of some projects or phases that were recorded by then, each saying what it said then."""
    there = [row for row in found if row.created_in <= view.revision]
    for row, values in zip(there, _values(session, view, subject, [row.code for row in there]), strict=True):
        for name, value in values.items():
            set_committed_value(row, name, value)
    return there


def plain_phase(session: Session, view: View, row: Any) -> Any:
    """A phase as `projects.shown_phase` gives it, saying what it said then. NotFound where it was not recorded yet."""
    check_known(view, row, "phase")
    values = _values(session, view, "phase", [row.code])[0]
    return row._replace(**{name: value for name, value in values.items() if name in row._fields})


def turbines(session: Session, view: View, phase: str, found: Sequence[Any]) -> list[Any]:
    """The turbines of a phase that were recorded by then, with the steps they had taken by the view's day."""
    names = [f"{phase}/{row.number}" for row in found]
    late = _created_after(session, view, "turbine", f"{phase}/")
    said = _values(session, view, "turbine", names)
    there = [
        row._replace(**{name: value for name, value in values.items() if name in row._fields})
        for row, name, values in zip(found, names, said, strict=True)
        if name not in late
    ]
    return [row._replace(**dict.fromkeys(_ahead(row, view.as_of))) for row in there]


def _ahead(row: Any, as_of: date) -> list[str]:
    """The steps of a turbine that are dated after a day."""
    return [name for name in STEPS if (on := getattr(row, name)) is not None and on > as_of]


def entries(view: View, lines: Iterable[Line], today: date) -> list[Line]:
    """The entries of a ledger that were recorded by then; of an earlier day those alone that had taken effect."""
    known = [line for line in lines if line.row.revision <= view.revision]
    return known if view.as_of >= today else [x for x in known if x.entry.effective_on <= view.as_of]


def obstacles_open(session: Session, view: View, found: Sequence[Obstacle]) -> list[Obstacle]:
    """Those of some obstacles, open and closed, that were raised and not settled by the view's day, as known then, each with
    the deadline it had: folded from the steps recorded by then."""
    there = {key(r.id): r for r in found if r.created_in <= view.revision and r.raised_on <= view.as_of}
    steps = (
        select(ObstacleEntry)
        .where(col(ObstacleEntry.obstacle_id).in_(there), col(ObstacleEntry.revision) <= view.revision)
        .order_by(col(ObstacleEntry.id))
    )
    due: dict[int, date | None] = {}
    closed: set[int] = set()
    for step in session.execute(steps).scalars():
        if step.act in (ObstacleAct.RAISED, ObstacleAct.POSTPONED):
            due[step.obstacle_id] = step.day
        elif step.day is not None and step.day <= view.as_of:
            change = {ObstacleAct.CLOSED: closed.add, ObstacleAct.REOPENED: closed.discard}.get(step.act)
            if change is not None:
                change(step.obstacle_id)
    for i, on in due.items():
        set_committed_value(there[i], "due_on", on)
    return [row for i, row in there.items() if i not in closed]


def _values(session: Session, view: View, subject: str, codes: Sequence[str]) -> list[dict[str, Any]]:
    """What changed later, as it was, of each of some subjects: column values by name."""
    then = journal.rewound(session, view.revision, subject)
    columns = table(SUBJECTS[subject]).c
    return [
        {
            name: _value(columns[name].type, value)
            for name, value in then.get(code, {}).items()
            if name in columns and name not in KEPT
        }
        for code in codes
    ]


def _value(kind: Any, said: Any) -> Any:
    """A value of a fact, which is plain JSON, as the column has it."""
    if said is None:
        return () if isinstance(kind, Codes) else None
    if isinstance(kind, Word):
        return kind.term(said)
    if isinstance(kind, Date):
        return date.fromisoformat(said)
    return tuple(said) if isinstance(kind, Codes) else said


def _created_after(session: Session, view: View, subject: str, beginning: str) -> set[str]:
    statement = select(col(Fact.subject_code)).where(
        col(Fact.subject) == subject,
        col(Fact.kind) == FactKind.TURBINE_CREATED,
        col(Fact.revision) > view.revision,
        col(Fact.subject_code).startswith(beginning, autoescape=True),
    )
    return set(session.execute(statement).scalars())
