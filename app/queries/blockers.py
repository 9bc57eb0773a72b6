"""What MW wait for, one thing beside the other: open obstacles, the land of communes, and steps that nothing open stands
before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import case, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.network import Home, Node
from app.domain.templates import Wording
from app.domain.units import HANDOVER, STEPS
from app.domain.vocabulary import ObstacleAct, Party, SubjectKind
from app.queries import journal, land_stakes, subjects
from app.queries.capacity import View
from app.queries.land_stakes import LandStake
from app.queries.schedules import Schedule
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle, ObstacleEntry
from app.tables.works import GridWork

# The steps that the communes of a line stand for already.
BY_COMMUNE = frozenset(STEPS[stage] for stage in HANDOVER.values())
PARTIES = frozenset(party.value for party in Party)
AS_STATED = frozenset({"title", "due_on", "responsible", "responsible_name"})


class BlockerKind(StrEnum):
    OBSTACLE = "obstacle"
    LAND = "land"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that MW wait for; the MW of several are never added. `title` is what an obstacle is called, the commune of
    land (None: not known, or several) or the step of a milestone; `steps` counts the milestones it
    stands for, `units` the open units of land, `places` those by commune (None: not known)."""

    kind: BlockerKind
    subject: SubjectKind
    code: str
    name: str
    title: Wording | None
    kw: int | None
    is_nominal: bool = False
    steps: int = 1
    units: int = 0
    places: tuple[tuple[str | None, int], ...] = ()
    due_on: date | None = None
    responsible: Party | None = None
    responsible_name: str | None = None
    is_illustrative: bool = False

    @property
    def order(self) -> tuple[int, int, date, str, str]:
        """Most MW first, then most open units, then the earliest deadline."""
        title = "" if self.title is None else self.title.vi
        return -(self.kw or 0), -self.units, self.due_on or date.max, self.code, title


def communes(session: Session, work: GridWork, rows: Sequence[LandStake]) -> Iterator[Blocker]:
    """What the land of a line holds, by commune."""
    places = land_stakes.communes(session, {row.label for row in rows if row.label})
    for row in rows:
        place = places.get(row.label)
        yield Blocker(
            kind=BlockerKind.LAND,
            subject=SubjectKind.GRID_WORK,
            code=work.code,
            name=work.name,
            title=None if place is None else Wording(place.name, place.name),
            kw=row.at.kw,
            is_nominal=row.at.is_nominal,
            units=len(row.opens),
            places=((None if place is None else place.name, len(row.opens)),),
            is_illustrative=row.is_illustrative,
        )


def by_line(rows: Iterable[Blocker]) -> Iterator[Blocker]:
    """Land once a line: the communes of a line that the same kW wait for, together, most open units first."""
    groups: dict[tuple[str, int | None], list[Blocker]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.order):
        groups[row.code, row.kw].append(row)
    for same in groups.values():
        yield replace(
            same[0],
            title=None,
            units=sum(row.units for row in same),
            places=tuple(place for row in same for place in row.places),
            is_nominal=any(row.is_nominal for row in same),
            is_illustrative=any(row.is_illustrative for row in same),
        )


def steps(session: Session, schedule: Schedule, limit: int) -> Iterator[Blocker]:
    """The milestones that are really being waited for, most MW first, without those of the land of lines, which has its
    communes. Of a subject that the same kW wait for several steps of, the one with the least float stands for all."""
    plan, first = schedule.plan, set(schedule.stakes.frontier())
    groups: dict[tuple[Home, int], list[int]] = {}
    for i in schedule.stakes.ranked():
        node = plan.nodes[i]
        of_land = node.subject == SubjectKind.CLEARANCE or node.step.code in BY_COMMUNE
        if i in first and not of_land and schedule.is_seen(i):
            groups.setdefault((node.home, schedule.stakes.at(i).kw), []).append(i)
    shown = list(groups.values())[:limit]
    made_up = _illustrative(session, [plan.nodes[i] for same in shown for i in same])
    for same in shown:
        node, at = plan.nodes[same[0]], schedule.stakes.at(same[0])
        code, name = schedule.names[node.home]
        yield Blocker(
            kind=BlockerKind.MILESTONE,
            subject=node.subject,
            code=code,
            name=name,
            title=node.step.name,
            kw=at.kw,
            is_nominal=at.is_nominal,
            steps=len(same),
            due_on=node.state.promised_on,
            responsible=next((Party(role) for role in node.step.responsible if role in PARTIES), None),
            is_illustrative=any(
                (node.home, plan.nodes[i].step.code, plan.nodes[i].instance) in made_up for i in same
            ),
        )


def _illustrative(session: Session, nodes: Sequence[Node]) -> set[tuple[Home, str, int]]:
    """Which of some milestones are made up, each as its subject, its code and its instance."""
    row = Milestone
    columns = (col(row.subject), col(row.subject_id), col(row.code), col(row.instance))
    statement = select(*columns).where(
        col(Milestone.is_illustrative),
        col(Milestone.subject_id).in_({node.subject_id for node in nodes}),
        col(Milestone.code).in_({node.step.code for node in nodes}),
    )
    return {((kind, i), code, instance) for kind, i, code, instance in session.execute(statement)}


def open_obstacles(session: Session, view: View) -> list[Obstacle]:
    """The obstacles that stood open on the view's day, as known at its revision, of what the reader sees."""
    entry, is_raised = ObstacleEntry, col(ObstacleEntry.act) == ObstacleAct.RAISED
    statement = (
        select(Obstacle, col(entry.act))
        .join(entry, col(entry.obstacle_id) == col(Obstacle.id))
        .where(
            subjects.visible(
                view.actor, col(Obstacle.subject), col(Obstacle.subject_id), col(Obstacle.project_id)
            ),
            col(entry.act).in_((ObstacleAct.RAISED, ObstacleAct.CLOSED, ObstacleAct.REOPENED)),
            col(entry.revision) <= view.revision,
            # The day of a raising is its deadline; when it was raised stands with the obstacle.
            case((is_raised, col(Obstacle.raised_on)), else_=col(entry.day)) <= view.as_of,
        )
        .order_by(col(entry.id))
    )
    last = {key(row.id): (row, act) for row, act in session.execute(statement)}
    return as_then(session, view.revision, (row for row, act in last.values() if act != ObstacleAct.CLOSED))


def named(session: Session, rows: Sequence[Obstacle], kw: dict[int, int] | None = None) -> list[Blocker]:
    """Obstacles as blockers, with the kW that wait for each where they are known."""
    names = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    return [
        Blocker(
            kind=BlockerKind.OBSTACLE,
            subject=row.subject,
            code=names[row.subject, row.subject_id][0],
            name=names[row.subject, row.subject_id][1],
            title=Wording(row.title, row.title),
            kw=(kw or {}).get(key(row.id)),
            due_on=row.due_on,
            responsible=Party(row.responsible) if row.responsible in PARTIES else None,
            responsible_name=row.responsible_name,
            is_illustrative=row.is_illustrative,
        )
        for row in rows
    ]


def nearest_obstacles(session: Session, view: View, limit: int) -> list[Blocker]:
    """The first open obstacles by deadline, of now: one indexed range, without the MW behind them."""
    seen = subjects.visible(
        view.actor, col(Obstacle.subject), col(Obstacle.subject_id), col(Obstacle.project_id)
    )
    statement = select(Obstacle).where(seen, col(Obstacle.closed_on).is_(None))
    ordered = statement.order_by(col(Obstacle.due_on).is_(None), col(Obstacle.due_on), col(Obstacle.id))
    return named(session, list(session.execute(ordered.limit(limit)).scalars()))


def as_then(session: Session, revision: int, rows: Iterable[Obstacle]) -> list[Obstacle]:
    """Obstacles with the titles, deadlines and parties that they had at a revision."""
    stood = journal.rewound(session, revision, "obstacle")
    found: list[Obstacle] = []
    for row in rows:
        was = {k: v for k, v in stood.get(str(row.id), {}).items() if k in AS_STATED}
        if isinstance(was.get("due_on"), str):
            was["due_on"] = date.fromisoformat(was["due_on"])
        found.append(Obstacle(**{**row.model_dump(), **was}) if was else row)
    return found
