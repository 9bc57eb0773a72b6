"""What holds MW back, each kind ranked: obstacles, land by commune, late milestones, and what each phase waits for first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import May
from app.domain.network import Home, PhaseMw
from app.domain.vocabulary import Cause, ObstacleState
from app.domain.workdays import WorkCalendar
from app.queries import land_stakes, network, obstacles, rewinding, stakes, subjects, unit_milestones
from app.queries.capacity import View
from app.queries.land_stakes import LandStake
from app.queries.network import Scope
from app.queries.obstacles import Filters, Seen
from app.queries.schedules import Schedule
from app.schemas.land_stakes import LandStakeQuery, StakeBy
from app.tables.base import key
from app.tables.milestones import Milestone

# Of more open obstacles than these nobody reads the end of the list.
MOST = 500
NO_FLOAT = 10**6


@dataclass(frozen=True, slots=True)
class Obstructed:
    """An open obstacle with the kW that wait for it; None where only phases of unknown size do."""

    seen: Seen
    kw: int | None


def open_obstacles(
    session: Session, view: View, calendar: WorkCalendar, schedule: Schedule, *, is_now: bool = True
) -> list[Obstructed]:
    """The open obstacles on what the reader sees: most MW first, then by deadline. `schedule` is the reader's network;
    `is_now` False where the view is of an earlier day or knowledge."""
    filters = Filters(state=ObstacleState.OPEN if is_now else None)
    rows = obstacles.page(session, view.actor, filters, view.as_of, after=None, limit=MOST)[:MOST]
    if not is_now:
        rows = rewinding.obstacles_open(session, view, rows)
    if view.actor.may(May.SEE_EVERY_PROJECT):
        needs = network.needs(session, view, Scope(frozenset(), frozenset(schedule.works)))
        waiting = stakes.in_network(session, schedule.stakes, needs, rows)
    else:
        # A district authority sees obstacles on land of projects that are not in its network.
        waiting = stakes.of_obstacles(session, view, calendar, rows)
    found = [Obstructed(seen, waiting.get(key(seen.row.id))) for seen in obstacles.seen(session, rows)]
    return sorted(found, key=lambda one: -(one.kw or 0))


def open_land(session: Session, view: View, schedule: Schedule) -> list[LandStake]:
    """Where the land of the works the reader sees is not handed over, by commune, the most urgent first."""
    works = unit_milestones.with_units(session, subjects.works(session, view.actor))
    asked = LandStakeQuery(by=StakeBy.COMMUNE)
    return urgent(land_stakes.in_schedule(session, view, schedule, works, asked))


def urgent(rows: Sequence[LandStake]) -> list[LandStake]:
    """Most MW first; of as many, what leaves least time, and then what holds most units."""
    return sorted(rows, key=lambda row: (-row.at.kw, _room(row.at.float_days), -held(row), row.order))


def held(row: LandStake) -> int:
    """How many of the open units of a row are blocked or reopened."""
    return len({of.unit.id for of in row.opens if of.unit is not None and of.standing.is_held})


def _room(days: int | None) -> int:
    return NO_FLOAT if days is None else days


def late(schedule: Schedule) -> list[int]:
    """The milestones the reader sees that were promised for a day before the network's, and that kW wait for: the most
    first, as positions of the network."""
    plan = schedule.plan
    return [i for i in schedule.stakes.ranked() if schedule.is_seen(i) and _is_late(schedule, i, plan.today)]


def _is_late(schedule: Schedule, position: int, today: date) -> bool:
    promised_on = schedule.plan.nodes[position].state.promised_on
    return promised_on is not None and promised_on < today


def made_up(session: Session, schedule: Schedule) -> frozenset[tuple[Home, str, int]]:
    """The milestones of a network that are illustrative, by subject, code and instance."""
    named = select(
        *(col(Milestone.subject), col(Milestone.subject_id), col(Milestone.code), col(Milestone.instance))
    ).where(col(Milestone.is_illustrative))
    homes = {node.home for node in schedule.plan.nodes}
    rows = session.execute(named)
    return frozenset(((kind, i), code, instance) for kind, i, code, instance in rows if (kind, i) in homes)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A phase that does not operate in full yet: what it waits for first, and the chain of steps to its COD as positions
    of the network. `cause` is None where no step of it is known."""

    phase: PhaseMw
    forecast_on: date | None
    cause: Cause | None
    chain: tuple[int, ...]


def waiting(schedule: Schedule) -> list[Waiting]:
    """The phases the reader sees that MW are still to come from: most MW first."""
    found = []
    for phase in schedule.phases():
        if phase.waiting_kw == 0:
            continue
        chain = schedule.stakes.drivers.get(phase.id, ())
        cause = schedule.cause(chain[0]) if chain else None
        found.append(Waiting(phase, schedule.stakes.cod_on(phase.id) if chain else None, cause, chain))
    return sorted(found, key=lambda one: (-(one.phase.waiting_kw or 0), one.phase.code))
