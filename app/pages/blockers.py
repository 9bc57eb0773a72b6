"""`/blockers`: why the target is at risk: the gap by cause, what most MW wait for, the critical path, and late milestones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import milestones as states
from app.domain import obstacles as domain
from app.domain.access import May
from app.domain.capacity import Progress
from app.domain.network import PhaseMw
from app.domain.stake import Shortfall
from app.domain.templates import Wording
from app.domain.vocabulary import Cause, SubjectKind
from app.outside import shipped
from app.pages import moments
from app.pages.land import StakeRow, stake_rows
from app.pages.moments import MomentQuery
from app.pages.rendering import Frame, frame, render
from app.queries import capacity, holding, milestone_lists, schedules, subjects
from app.queries.capacity import View
from app.queries.holding import Obstructed, Waiting
from app.queries.milestones import Line
from app.queries.schedules import Schedule
from app.schemas.milestones import Which

router = APIRouter(tags=["pages"], route_class=Route)
SHOWN, LIST_ROWS, WITHIN_DAYS = 10, 20, 30


class BlockersQuery(MomentQuery):
    """`late` and `soon` are the cursors of the two lists of milestones."""

    late: str | None = None
    soon: str | None = None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A part of the gap; `start` and `width` are its place in a bar of 1,000."""

    cause: Cause
    kw: int
    phases: Sequence[PhaseMw]
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap to the target by cause."""

    progress: Progress
    rows: Sequence[CauseRow]
    surplus_kw: int

    @property
    def is_nominal(self) -> bool:
        return any(phase.is_nominal for row in self.rows for phase in row.phases)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A milestone of the network with the subject it hangs on and what the network makes of it."""

    kind: SubjectKind
    code: str
    subject: str
    name: str
    title: Wording
    promised_on: date | None
    earliest_on: date | None
    kw: int
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Path:
    """The steps to a COD, the first first. `float_days` is to `goal_on`, below 0 where it is too late."""

    phase: PhaseMw
    forecast_on: date
    goal_on: date | None
    steps: Sequence[StepRow]
    is_whole: bool

    @property
    def float_days(self) -> int | None:
        return None if self.goal_on is None else (self.goal_on - self.forecast_on).days


@dataclass(frozen=True, slots=True)
class ObstacleRow:
    """An obstacle with its age and how long it is overdue, in days."""

    found: Obstructed
    age_days: int
    overdue_days: int | None


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A phase with its first step; None where no step is known, or the reader does not see it."""

    waiting: Waiting
    first: StepRow | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """A milestone of a list with its subject."""

    line: Line
    code: str
    subject: str
    late_days: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list of milestones."""

    rows: Sequence[ListRow]
    is_continued: bool
    following: str | None


@dataclass(frozen=True, slots=True)
class BlockersPage:
    """`gap` is None for those who see only some projects, and where no target is set."""

    frame: Frame
    view: View
    sees_all: bool
    gap: Gap | None
    path: Path | None
    waiting: Sequence[WaitingRow]
    obstacles: Sequence[ObstacleRow]
    land: Sequence[StakeRow]
    late_by_mw: Sequence[StepRow]
    late: Listed
    soon: Listed
    within_days: int = WITHIN_DAYS
    grid_work: SubjectKind = SubjectKind.GRID_WORK


@router.get("/blockers", openapi_extra=needs(May.READ_DETAIL))
async def show_blockers(ask: Ask, query: Annotated[BlockersQuery, Query()]) -> Response:
    """What holds MW back, as far as the reader sees it; the gap by cause for those who see every project."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


def _page(session: Session, ask: Ask, query: BlockersQuery) -> str:
    view = moments.view(session, ask, query)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_reader(session, view, calendar)
    sees_all = ask.actor.may(May.SEE_EVERY_PROJECT)
    waiting, steps = holding.waiting(schedule), _Steps(session, schedule)
    progress, shortfall = _gap(session, view, schedule) if sees_all else (None, None)
    obstacles = holding.open_obstacles(
        session, view, calendar, schedule, is_now=moments.is_now(session, ask, view)
    )
    context = BlockersPage(
        frame=frame(ask),
        view=view,
        sees_all=sees_all,
        gap=None if progress is None or shortfall is None else _parts(progress, shortfall),
        path=_path(steps, waiting, progress, shortfall),
        waiting=[WaitingRow(one, steps.first(one)) for one in waiting],
        obstacles=[_obstacle(one, view.as_of) for one in obstacles[:SHOWN]],
        land=stake_rows(session, holding.open_land(session, view, schedule)[:SHOWN]),
        late_by_mw=[steps.row(i) for i in holding.late(schedule)[:SHOWN]],
        late=_listed(session, ask, view, Which.LATE, query.late),
        soon=_listed(session, ask, view, Which.DUE_SOON, query.soon),
    )
    return render("blockers.html", context, ask.lang)


def _gap(session: Session, view: View, schedule: Schedule) -> tuple[Progress | None, Shortfall | None]:
    """How far the register is from its target, and what the gap waits for; None where no target is set."""
    if capacity.overview(session, view, None).progress is None:
        return None, None
    overview, shortfall = schedules.gap(session, view, None, schedule)
    return overview.progress, shortfall


def _parts(progress: Progress, shortfall: Shortfall) -> Gap:
    rows: list[CauseRow] = []
    start, whole = 0.0, shortfall.gap_kw
    for part in sorted(shortfall.parts, key=lambda part: -part.kw):
        width = 1000 * part.kw / whole if whole else 0.0
        rows.append(CauseRow(part.cause, part.kw, part.phases, round(start, 1), round(width, 1)))
        start += width
    return Gap(progress, rows, shortfall.surplus_kw)


class _Steps:
    """Milestones of a network as the page tells them."""

    def __init__(self, session: Session, schedule: Schedule) -> None:
        self.schedule = schedule
        self._made_up = holding.made_up(session, schedule)

    def first(self, waiting: Waiting) -> StepRow | None:
        """The first step of a phase, where there is one and the reader sees it."""
        is_seen = waiting.chain and self.schedule.is_seen(waiting.chain[0])
        return self.row(waiting.chain[0]) if is_seen else None

    def row(self, position: int) -> StepRow:
        """One milestone by its position."""
        node = self.schedule.plan.nodes[position]
        code, subject = self.schedule.names[node.home]
        return StepRow(
            kind=node.subject,
            code=code,
            subject=subject,
            name=node.name,
            title=node.step.name,
            promised_on=node.state.promised_on,
            earliest_on=self.schedule.plan.earliest_on(position),
            kw=self.schedule.stakes.at(position).kw,
            is_illustrative=(node.home, node.step.code, node.instance) in self._made_up,
        )


def _path(
    steps: _Steps, waiting: Sequence[Waiting], progress: Progress | None, shortfall: Shortfall | None
) -> Path | None:
    """The chain to the last COD that the target needs; to those who see only some projects that to their latest one."""
    if shortfall is not None:
        wanted = [one for one in waiting if shortfall.order and one.phase.id == shortfall.order[-1]]
    else:
        wanted = [one for one in waiting if one.forecast_on is not None]
    last = max(wanted, key=lambda one: (one.forecast_on or date.min, one.phase.code), default=None)
    if last is None or last.forecast_on is None:
        return None
    return Path(
        last.phase,
        last.forecast_on,
        last.phase.goal_on if progress is None else progress.target.due_on,
        [steps.row(i) for i in last.chain if steps.schedule.is_seen(i)],
        all(map(steps.schedule.is_seen, last.chain)),
    )


def _obstacle(found: Obstructed, today: date) -> ObstacleRow:
    row = found.seen.row
    return ObstacleRow(
        found,
        domain.age_days(row.raised_on, row.closed_on, today),
        domain.overdue_days(row.due_on, row.closed_on, today),
    )


def _listed(session: Session, ask: Ask, view: View, which: Which, cursor: str | None) -> Listed:
    found = milestone_lists.page(
        session,
        view,
        ask.today,
        which,
        within_days=WITHIN_DAYS,
        subject=None,
        after=ask.after(cursor),
        limit=LIST_ROWS,
    )
    shown, following = ask.page(found, LIST_ROWS, lambda line: milestone_lists.place(line, which))
    names: Mapping[tuple[SubjectKind, int], tuple[str, str]] = subjects.names(
        session, {(line.row.subject, line.row.subject_id) for line in shown}, view.revision
    )
    rows = [
        ListRow(
            line,
            *names[line.row.subject, line.row.subject_id],
            states.late_days(line.state, view.as_of),
        )
        for line in shown
    ]
    return Listed(rows, cursor is not None, following)
