"""What the weekly grid of a line shows: a page of its units, what was typed, what was refused, what saving would come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.db import Session
from app.deps import Ask
from app.domain.access import May, require_own
from app.domain.errors import RuleBroken
from app.domain.units import HELD, Count, Standing
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus, WorkKind
from app.domain.work_problems import WorkProblem
from app.outside import shipped
from app.pages.forms import Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.unit_forms_sent import REVISION, Refusal, Typed
from app.queries import capacity, unit_grid, unit_lists
from app.queries.subjects import Holder
from app.queries.unit_grid import Cell, Grid, Row
from app.schemas.base import Asked
from app.tables.works import GridWork

PAGE_ROWS = 50


class WeekQuery(Asked):
    """Which page of the grid: of towers or of sections, of one commune, or with the open units alone."""

    kind: UnitKind = UnitKind.TOWER
    commune: str = ""
    open: str = ""
    said: str = ""
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that changes."""

    number: str
    stage: UnitStage
    before: Standing
    after: UnitStatus


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What saving would come to: X/Y of the stages, the numbers and the CODs, and the cells that change."""

    effect: Effect
    counts: Sequence[tuple[Count, Count]]
    changes: Sequence[Change]
    refused: int


@dataclass(frozen=True, slots=True)
class WeekPage:
    """The template's context. `saved` is how many rows of a form were kept where others were refused."""

    frame: Frame
    work: GridWork
    query: WeekQuery
    grid: Grid
    following: str | None
    waiting_kw: int
    sent: Sent
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    foreseen: Foreseen | None = None
    saved: int = 0

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.sent.value(name)

    def revision(self, row: Row) -> str:
        """The revision a row goes on from: where it was stale, the one that is shown beside what was typed."""
        given = self.sent.value(REVISION + row.unit.number)
        return str(row.revision) if row.unit.number in self.stale else given or str(row.revision)

    def choices(self, cell: Cell, typed: str) -> list[UnitStatus]:
        """What can be said of a cell: what follows from where it stands, and what was typed already."""
        if cell.standing.is_done:
            found = [UnitStatus.REOPENED, UnitStatus.IN_PROGRESS]
        else:
            found = [UnitStatus.IN_PROGRESS, UnitStatus.DONE, UnitStatus.BLOCKED]
        found = [each for each in found if each != cell.standing.status or each in HELD]
        return (
            found
            if not typed or typed in found or typed not in set(UnitStatus)
            else [*found, UnitStatus(typed)]
        )

    @property
    def causes(self) -> list[DelayCause]:
        return list(DelayCause)

    @property
    def has_refusals(self) -> bool:
        return bool(self.refusals)


def line(session: Session, ask: Ask, code: str) -> tuple[Holder, GridWork]:
    """A line whose units this reader keeps. RuleBroken where the work is no line, Forbidden where it is another's."""
    holder, work = unit_lists.holder_of(session, ask.actor, code)
    require_own(ask.actor, May.CHANGE_WORKS, work.owner_id)
    if work.kind != WorkKind.LINE:
        raise RuleBroken(WorkProblem.NOT_A_LINE)
    return holder, work


def page(
    session: Session,
    ask: Ask,
    code: str,
    query: WeekQuery,
    sent: Sent,
    *,
    typed: Typed | None = None,
    refusals: Mapping[str, Refusal] | None = None,
    stale: frozenset[str] = frozenset(),
    foreseen: Foreseen | None = None,
    saved: int = 0,
) -> WeekPage:
    """A page of the grid as it stands, with what was typed in it. Raises what `line` raises."""
    holder, work = line(session, ask, code)
    view = capacity.whole(session, ask.actor, ask.today)
    also = set() if typed is None else set(typed.rows) & {n.partition(":")[2] for n in sent.values}
    filters = unit_grid.Filters(query.kind, query.commune or None, query.open == "true", also)
    grid, ahead = unit_grid.page(session, view, work, filters, after=ask.after(query.cursor), limit=PAGE_ROWS)
    _, following = ask.page(ahead, PAGE_ROWS, unit_grid.place)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    return WeekPage(
        frame(ask),
        work,
        query,
        grid,
        following,
        unit_grid.waiting_kw(session, view, calendar, holder),
        sent,
        refusals or {},
        stale,
        foreseen,
        saved,
    )
