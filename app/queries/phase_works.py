"""The grid works that a phase needs: how far each has come, and when it is likely energised."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain.network import WORK_END
from app.domain.vocabulary import SubjectKind, UnitStage, WorkKind
from app.queries import progress, subjects, works
from app.queries.capacity import View
from app.queries.progress import Progress
from app.queries.schedules import Schedule
from app.queries.works import Need
from app.tables.base import key
from app.tables.projects import Phase
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class Needed:
    """A grid work that a phase needs. `energised_on` is when it was, `expected_on` when it can be at the earliest as the
    network has it; both None where nobody has said what has to be done. `progress` is a line's X/Y by stage."""

    need: Need
    energised_on: date | None
    expected_on: date | None
    progress: Progress | None

    @property
    def work(self) -> GridWork:
        return self.need.work

    @property
    def stages(self) -> list[UnitStage]:
        """The stages that have something to count."""
        return (
            [] if self.progress is None else [s for s, count in self.progress.counts.items() if count.total]
        )


def of_phase(session: Session, view: View, schedule: Schedule, phase: Phase) -> list[Needed]:
    """The works that a phase needs, by code. Whoever calls has asked for visibility already."""
    return [_needed(session, view, schedule, need) for need in works.of_phase(session, phase)]


def _needed(session: Session, view: View, schedule: Schedule, need: Need) -> Needed:
    energised_on = expected_on = None
    home = SubjectKind.GRID_WORK, key(need.work.id)
    for position in schedule.plan.positions.get((home, WORK_END), ()):
        state = schedule.plan.nodes[position].state
        if state.is_done and state.actual is not None:
            energised_on = state.actual.on
        elif schedule.plan.is_live(position):
            expected_on = schedule.plan.earliest_on(position)
    counted = None
    if need.work.kind == WorkKind.LINE:
        counted = progress.of(session, view, subjects.of(session, SubjectKind.GRID_WORK, need.work))
    return Needed(need, energised_on, expected_on, counted)
