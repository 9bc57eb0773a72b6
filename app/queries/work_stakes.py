"""When grid works are to be energised, and how many MW wait for that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.milestones import State
from app.domain.network import WORK_END
from app.domain.stake import AtStake
from app.queries import network
from app.queries.capacity import View
from app.queries.land_stakes import behind, untied
from app.queries.network import Scope
from app.queries.schedules import Schedule
from app.tables.base import key
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class WorkStake:
    """What hangs on a work. `energised` is what was said of its energisation (None: it has no such milestone), and
    `earliest_on` the day to which the network leads; None where it stands energised, or nothing says so."""

    energised: State | None
    earliest_on: date | None
    at: AtStake


def of_works(
    session: Session, view: View, schedule: Schedule, works: Iterable[GridWork]
) -> dict[int, WorkStake]:
    """The same of some works of a network, by id. The phases among them are all that wait, seen by the reader or not."""
    works = list(works)
    needs = network.needs(session, view, Scope(frozenset(), frozenset(key(work.id) for work in works)))
    plan, found = schedule.plan, {}
    for work in works:
        ends = behind(plan, work, WORK_END)
        at = schedule.stakes.together(ends, untied(session, plan, needs, work))
        end = ends[0] if ends else None
        is_live = end is not None and plan.is_live(end)
        found[key(work.id)] = WorkStake(
            energised=None if end is None else plan.nodes[end].state,
            earliest_on=plan.earliest_on(end) if end is not None and is_live else None,
            at=at,
        )
    return found
