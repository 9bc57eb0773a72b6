"""What the journal says of the last days, as one reader may see it: COD, milestones and obstacles, the newest first.

What people recorded counts from when they recorded it. A register file brings in the history of years at once, so what it
states counts on the day it states, and a date that was only moved by it does not count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Role
from app.domain.calendar import end_of_day, local_day
from app.domain.milestones import parts
from app.domain.templates import Wording
from app.domain.vocabulary import Fact as Kind
from app.domain.vocabulary import SubjectKind
from app.outside import shipped
from app.queries import projects, subjects
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.tables.journal import Fact, Revision
from app.tables.obstacles import Obstacle

DAYS = 7
OBSTACLE = "obstacle"
# The newest facts that are looked through, and the changes that are read: an import states tens of thousands.
MOST_FACTS, MOST_READ = 20_000, 1_000


class Area(StrEnum):
    COD = "cod"
    MILESTONES = "milestones"
    OBSTACLES = "obstacles"


# What is recognised is public; what is only claimed is for those who see the project.
PUBLIC = frozenset(
    {
        *(Kind.COD_CONFIRMED, Kind.COD_CONFIRMED_CONDITIONALLY, Kind.COD_RECOGNISED_BY_SOURCE),
        *(Kind.COD_CONDITION_MET, Kind.COD_SUSPENDED, Kind.COD_REINSTATED, Kind.COD_CANCELLED),
        Kind.COD_CORRECTED,
    }
)
AREAS: Mapping[Kind, Area] = {
    **dict.fromkeys((*PUBLIC, Kind.COD_DECLARED, Kind.COD_DISPUTED, Kind.COD_WITHDRAWN), Area.COD),
    **dict.fromkeys((Kind.MILESTONE_MOVED, Kind.MILESTONE_DECLARED, Kind.MILESTONE_CONFIRMED), Area.MILESTONES),
    **dict.fromkeys((Kind.MILESTONE_DISPUTED, Kind.MILESTONE_WITHDRAWN), Area.MILESTONES),
    **dict.fromkeys((Kind.OBSTACLE_RAISED, Kind.OBSTACLE_POSTPONED), Area.OBSTACLES),
    **dict.fromkeys((Kind.OBSTACLE_CLOSED, Kind.OBSTACLE_REOPENED), Area.OBSTACLES),
}  # fmt: skip
# The day on which what is stated took place, by the name it has in the facts.
OWN_DAY = ("effective_on", "actual_on", "raised_on", "closed_on")


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words to come: on which day, of what; `title` is the step or the obstacle, and of a day that moved
    both days are given. `kw` is what a tranche is about."""

    kind: Kind
    on: date
    subject: SubjectKind
    code: str
    name: str
    title: Wording | None = None
    kw: int | None = None
    before_on: date | None = None
    after_on: date | None = None
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes by area. `is_cut`: there were more than could be read."""

    by_area: Mapping[Area, tuple[Change, ...]]
    is_cut: bool


def changes(session: Session, view: View, days: int = DAYS) -> Changes:
    """What was recorded within the days up to the view's day, as known at its revision."""
    after = view.as_of - timedelta(days=min(days, view.as_of.toordinal() - 1))
    rows = _rows(session, view, end_of_day(after), end_of_day(view.as_of))
    named = _Names(session, view, [fact for fact, _, _ in rows])
    found: dict[Area, list[Change]] = {area: [] for area in Area}
    for fact, at, role in rows[:MOST_READ]:
        own = own_day(fact)
        if role == Role.SYSTEM and (own is None or not after < own <= view.as_of):
            continue
        on = own if role == Role.SYSTEM and own is not None else local_day(at)
        if (change := named.change(fact, on)) is not None:
            found[AREAS[fact.kind]].append(change)
    return Changes({area: tuple(said) for area, said in found.items()}, len(rows) > MOST_READ)


def own_day(fact: Fact) -> date | None:
    """The day on which what a fact states took place; None where it states none."""
    said = fact.after or {}
    return next((date.fromisoformat(said[name]) for name in OWN_DAY if said.get(name)), None)


def _rows(session: Session, view: View, since: datetime, until: datetime) -> list[tuple[Fact, datetime, str]]:
    newest = select(col(Fact.id)).where(col(Fact.revision) <= view.revision)
    last = session.execute(
        newest.order_by(col(Fact.revision).desc(), col(Fact.position).desc()).limit(1)
    ).scalar_one_or_none()
    kinds = AREAS if projects.sight(view.actor) != (False, None) else PUBLIC
    statement = (
        select(Fact, col(Revision.recorded_at), col(Revision.actor))
        .join(Revision, col(Revision.number) == col(Fact.revision))
        .where(
            col(Fact.id) > (last or 0) - MOST_FACTS,
            col(Fact.revision) <= view.revision,
            col(Revision.recorded_at) > since,
            col(Revision.recorded_at) <= until,
            col(Fact.kind).in_(kinds),
        )
        .order_by(col(Fact.revision).desc(), col(Fact.position).desc())
        .limit(MOST_READ + 1)
    )
    return [(fact, at, actor["role"]) for fact, at, actor in session.execute(statement)]


class _Names:
    """What facts are about, in names, for what the reader sees; read once for all of them."""

    def __init__(self, session: Session, view: View, facts: Iterable[Fact]) -> None:
        self._session, self._actor = session, view.actor
        self._sight: dict[tuple[SubjectKind, str], bool] = {}
        codes: dict[str, set[str]] = defaultdict(set)
        for place in filter(None, map(_place, facts)):
            codes[place[0]].add(place[1])
        self._obstacles = _obstacles(session, {int(code) for code in codes.pop(OBSTACLE, ())})
        self._subjects = {
            (SubjectKind(kind), row.code): row
            for kind, wanted in codes.items()
            for row in _by_code(session, SubjectKind(kind), wanted)
        }

    def change(self, fact: Fact, on: date) -> Change | None:
        """A fact as a change; None where the reader does not see what it is about, or it is gone."""
        place = _place(fact)
        if place is None:
            return None
        if place[0] == OBSTACLE:
            return self._of_obstacle(fact, on, int(place[1]))
        at = SubjectKind(place[0]), place[1]
        row = self._subjects.get(at)
        if row is None or not (fact.kind in PUBLIC or self._sees(subjects.of(self._session, at[0], row))):
            return None
        said, was = fact.after or {}, fact.before or {}
        title = _step(fact.subject_code) if AREAS[fact.kind] == Area.MILESTONES else None
        moved = "actual_on" if "actual_on" in said else "forecast_on"
        return Change(
            kind=fact.kind,
            on=on,
            subject=at[0],
            code=row.code,
            name=row.name,
            title=title,
            kw=said.get("kw"),
            before_on=_day(was.get(moved)),
            after_on=_day(said.get(moved) or said.get("effective_on")),
            is_illustrative=row.is_illustrative or bool(said.get("is_illustrative")),
        )

    def _of_obstacle(self, fact: Fact, on: date, obstacle_id: int) -> Change | None:
        row = self._obstacles.get(obstacle_id)
        if row is None:
            return None
        holder = subjects.by_id(self._session, row.subject, row.subject_id)
        if not self._sees(holder):
            return None
        said, was = fact.after or {}, fact.before or {}
        title = said.get("title") or row.title
        return Change(
            kind=fact.kind,
            on=on,
            subject=row.subject,
            code=holder.code,
            name=holder.row.name,
            title=Wording(title, title),
            before_on=_day(was.get("due_on")),
            after_on=_day(said.get("due_on")),
            is_illustrative=row.is_illustrative,
        )

    def _sees(self, holder: Holder) -> bool:
        at = holder.kind, holder.code
        if at not in self._sight:
            self._sight[at] = subjects.sees(self._session, self._actor, holder)
        return self._sight[at]


def _place(fact: Fact) -> tuple[str, str] | None:
    """What a fact is about: kind and code of its subject, or an obstacle by its number."""
    if fact.subject == OBSTACLE:
        return OBSTACLE, fact.subject_code
    if fact.subject == "milestone":
        kind, code, _ = fact.subject_code.split("/", 2)
        return kind, code
    said = fact.after or {}
    for kind in (SubjectKind.PHASE, SubjectKind.PROJECT):
        if said.get(kind.value):
            return kind.value, said[kind.value]
    return None


def _step(path: str) -> Wording | None:
    """The step of a milestone by its path in the journal, in its newest wording."""
    code, _ = parts(path.split("/", 2)[2])
    try:
        return shipped.templates().step(code).name
    except KeyError:
        return None


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None


def _by_code(session: Session, kind: SubjectKind, codes: set[str]) -> Iterator[Any]:
    if codes:
        table = subjects.TABLES[kind]
        yield from session.execute(select(table).where(table.code.in_(codes))).scalars()


def _obstacles(session: Session, ids: set[int]) -> dict[int | None, Obstacle]:
    if not ids:
        return {}
    rows = session.execute(select(Obstacle).where(col(Obstacle.id).in_(ids))).scalars()
    return {row.id: row for row in rows}
