"""What stands between the register and its target, as one reader sees it: the gap by cause, what most MW wait for, when
they are forecast, and what of the land came and went within a week. All of it comes from one network.

The network is computed where the reader sees few enough phases; of a register of thousands the overview shows lists that
have an index instead, and the pages behind it answer about one subject at a time.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Target
from app.domain.commitments import Kept
from app.domain.land_table import Week
from app.domain.units import Line
from app.domain.vocabulary import Cause, UnitKind
from app.domain.workdays import WorkCalendar
from app.queries import (
    blockers,
    capacity,
    commitments,
    land_stakes,
    network,
    projects,
    schedules,
    stakes,
    subjects,
    unit_milestones,
    units,
)
from app.queries.blockers import Blocker
from app.queries.capacity import View
from app.queries.network import Scope
from app.queries.schedules import Schedule
from app.tables.projects import Phase
from app.tables.works import GridWork

# The network of so many phases takes a fraction of a second; it is found once a revision.
MOST_PHASES = 120
MOST_BLOCKERS, MOST_LANDS = 10, 5


@dataclass(frozen=True, slots=True)
class Handover:
    """Units of a line that were handed over within the week, and units that were lost again, by number along the line."""

    code: str
    name: str
    gained: tuple[tuple[UnitKind, str], ...]
    lost: tuple[tuple[UnitKind, str], ...]
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """`parts` of the gap to the target and the `forecast` (kW in operation from a day on) are None for who sees only some
    of the projects: both tell of everybody's. `lands` are the communes that most MW wait for."""

    parts: tuple[tuple[Cause, int], ...] | None
    blockers: tuple[Blocker, ...]
    lands: tuple[Blocker, ...]
    forecast: tuple[tuple[date, int], ...] | None
    handovers: tuple[Handover, ...]
    kept: Kept
    kept_is_illustrative: bool


def is_small(session: Session, view: View) -> bool:
    """Whether the reader sees few enough phases for their network to be computed for a page."""
    statement = select(col(Phase.id)).where(col(Phase.project_id).in_(projects.visible(view.actor)))
    return len(session.execute(statement.limit(MOST_PHASES + 1)).all()) <= MOST_PHASES


def of_reader(
    session: Session, view: View, calendar: WorkCalendar, target: Target | None, week: Week
) -> Situation:
    """The situation on the view's day, and within the week that ends on it."""
    schedule = schedules.of_reader(session, view, calendar)
    needs = network.needs(session, view, Scope(frozenset(), frozenset(schedule.works)))
    land: list[Blocker] = []
    handovers: list[Handover] = []
    for work in unit_milestones.with_units(session, subjects.works(session, view.actor)):
        if work.created_in > view.revision:
            continue
        line = units.line(session, work, view.revision)
        rows = land_stakes.by_commune(session, schedule, needs, work, line, view.as_of)
        land += blockers.communes(session, work, rows)
        if (moved := _handover(work, line, week)) is not None:
            handovers.append(moved)
    obstacles = blockers.open_obstacles(session, view)
    waiting = stakes.in_network(session, schedule.stakes, needs, obstacles)
    found = [
        *blockers.by_line(land),
        *blockers.named(session, obstacles, waiting),
        *blockers.steps(session, schedule, MOST_BLOCKERS),
    ]
    known = commitments.View(view.as_of, view.revision, week.is_over)
    promised = commitments.of_week(session, view.actor, known, week, commitments.Filters())
    everything = projects.sight(view.actor)[0]
    return Situation(
        parts=_parts(session, view, target, schedule) if everything and target is not None else None,
        blockers=tuple(sorted((row for row in found if row.kw), key=lambda row: row.order)[:MOST_BLOCKERS]),
        lands=tuple(sorted((row for row in land if row.kw), key=lambda row: row.order)[:MOST_LANDS]),
        forecast=_forecast(session, view, schedule) if everything else None,
        handovers=tuple(handovers),
        kept=sum((each.kept for each in promised), Kept()),
        kept_is_illustrative=any(each.seen.row.is_illustrative for each in promised),
    )


def _parts(session: Session, view: View, target: Target, schedule: Schedule) -> tuple[tuple[Cause, int], ...]:
    _, found = schedules.gap(session, view, target.code, schedule)
    return tuple((part.cause, part.kw) for part in sorted(found.parts, key=lambda part: -part.kw))


def _forecast(session: Session, view: View, schedule: Schedule) -> tuple[tuple[date, int], ...]:
    """kW in operation from each forecast COD on, where every phase of the network comes on its day."""
    found = schedule.stakes
    days = {phase: on for phase in schedule.plan.phases if (on := found.cod_on(phase)) is not None}
    now_kw = capacity.totals(session, view).operating_kw
    ahead = sorted({on for on in days.values() if on > view.as_of})
    return tuple(
        (on, now_kw + found.waiting_kw([phase for phase, day in days.items() if day <= on])) for on in ahead
    )


def _handover(work: GridWork, line: Line, week: Week) -> Handover | None:
    """What was handed over within the week and what was lost again; None where nothing moved."""
    gained: list[tuple[UnitKind, str]] = []
    lost: list[tuple[UnitKind, str]] = []
    made_up = work.is_illustrative
    for unit in line.units:
        was = line.standing(unit, unit.handover, week.after).is_done
        now = line.standing(unit, unit.handover, week.until).is_done
        if was != now:
            (gained if now else lost).append((unit.kind, unit.number))
            made_up = made_up or line.is_illustrative(unit)
    return Handover(work.code, work.name, tuple(gained), tuple(lost), made_up) if gained or lost else None
