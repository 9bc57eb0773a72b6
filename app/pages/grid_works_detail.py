"""One grid work for those who see its detail: its strip and its counts, its pace, its milestones, and what waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.db import Session
from app.deps import Ask
from app.domain import milestones as states
from app.domain.pace import WEEKS
from app.domain.units import ENERGISED_WEIGHT, STAGES, WEIGHTS, Line, Standing, Unit
from app.domain.vocabulary import MilestoneStatus, UnitKind, UnitStage
from app.outside import shipped
from app.pages import strip
from app.pages.strip import Strip
from app.queries import (
    commitments,
    land_places,
    milestones,
    pace,
    progress,
    schedules,
    unit_lists,
    units,
    work_stakes,
    works,
)
from app.queries.capacity import View
from app.queries.commitments import Seen
from app.queries.milestones import Line as MilestoneLine
from app.queries.pace import Paced
from app.queries.progress import Progress
from app.queries.subjects import Holder
from app.queries.unit_lists import Held
from app.queries.work_stakes import WorkStake
from app.queries.works import Need, Package
from app.tables.organisations import AdministrativeUnit
from app.tables.works import GridWork

SHOWN_COMMITMENTS = 10
SHOWN_PACKAGES = 40


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the strip's table."""

    unit: Unit
    commune: str | None
    stages: Mapping[UnitStage, Standing]
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A unit that is held; `households` is None where the reader may not know how many are open."""

    held: Held
    commune: str | None
    households: int | None


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone with what follows from it on the day looked at."""

    line: MilestoneLine
    status: MilestoneStatus
    late_days: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The line drawn for wide and for narrow screens, and how many sections say not between which towers they run."""

    drawings: Mapping[str, Strip]
    towers: int
    sections: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class WorkDetail:
    """Everything about a work beyond its public summary; `drawn` is None where no tower is listed."""

    progress: Progress
    drawn: Drawn | None
    rows: Sequence[UnitRow]
    held: Sequence[HeldRow]
    paces: Sequence[Paced]
    stake: WorkStake
    milestones: Sequence[MilestoneRow]
    commitments: Sequence[Seen]
    needs: Sequence[Need]
    packages: Sequence[Package]
    weights: Mapping[UnitStage, int]
    energised_weight: int
    pace_weeks: int

    @property
    def is_listed(self) -> bool:
        return bool(self.rows)


def detail(session: Session, ask: Ask, view: View, holder: Holder) -> WorkDetail:
    """A work as of a view, for a reader who sees its detail."""
    work = holder.row
    assert isinstance(work, GridWork)
    line = units.line(session, work, view.revision)
    told = progress.of(session, view, holder, line)
    names = unit_lists.names(session, (unit.commune for unit in line.units))
    promised = commitments.View(view.as_of, view.revision, is_over=view.as_of < ask.today)
    wanted = commitments.Filters(work=work.code)
    return WorkDetail(
        progress=told,
        drawn=_drawn(line, view, names) if line.of(UnitKind.TOWER) else None,
        rows=[_row(line, unit, view, names, work) for unit in line.units],
        held=_held(session, view, line, names),
        paces=pace.of_stages(
            view, work, line, [c for c in told.counts.values() if c.listed and not c.is_complete]
        ),
        stake=_stake(session, ask, view, holder, work),
        milestones=[_milestone(found, view) for found in milestones.lines(session, view, holder)],
        commitments=commitments.page(
            session, ask.actor, promised, wanted, after=None, limit=SHOWN_COMMITMENTS
        )[:SHOWN_COMMITMENTS],
        needs=works.of_work(session, ask.actor, work),
        packages=works.packages(
            session, ask.actor, works.PackageFilters(work=work.code), after=None, limit=SHOWN_PACKAGES
        )[:SHOWN_PACKAGES],
        weights=WEIGHTS,
        energised_weight=ENERGISED_WEIGHT,
        pace_weeks=WEEKS,
    )


def _row(
    line: Line,
    unit: Unit,
    view: View,
    names: Mapping[str | None, AdministrativeUnit],
    work: GridWork,
) -> UnitRow:
    place = names.get(unit.commune)
    return UnitRow(
        unit,
        None if place is None else place.name,
        {stage: line.standing(unit, stage, view.as_of) for stage in STAGES[unit.kind]},
        work.is_illustrative or line.is_illustrative(unit),
    )


def _drawn(line: Line, view: View, names: Mapping[str | None, AdministrativeUnit]) -> Drawn:
    """The geometry of the line for both widths."""
    listed = line.of(UnitKind.TOWER)
    places = {unit.id: at for at, unit in enumerate(listed)}
    towers = [
        strip.Tower(
            unit.number,
            names[unit.commune].name if unit.commune in names else None,
            [line.standing(unit, stage, view.as_of).status for stage in STAGES[UnitKind.TOWER]],
        )
        for unit in listed
    ]
    every = line.of(UnitKind.SECTION)
    sections = [
        strip.Section(
            places[unit.from_id],
            places[unit.to_id],
            [line.standing(unit, stage, view.as_of).status for stage in STAGES[UnitKind.SECTION]],
        )
        for unit in every
        if unit.from_id in places and unit.to_id in places
    ]
    drawings = {
        name: strip.draw(size, towers, sections)
        for name, size in (("wide", strip.WIDE), ("narrow", strip.NARROW))
    }
    return Drawn(drawings, len(listed), len(every), len(every) - len(sections))


def _held(
    session: Session, view: View, line: Line, names: Mapping[str | None, AdministrativeUnit]
) -> list[HeldRow]:
    reach = land_places.reach(session, view.actor)
    found = []
    for held in unit_lists.held(line, view.as_of):
        place = names.get(held.unit.commune)
        may_know = reach is None or (place is not None and place.parent_code in reach)
        found.append(
            HeldRow(held, None if place is None else place.name, held.open_cases if may_know else None)
        )
    return found


def _stake(session: Session, ask: Ask, view: View, holder: Holder, work: GridWork) -> WorkStake:
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    schedule = schedules.of_holder(session, view, calendar, holder)
    return work_stakes.of_works(session, view, schedule, [work])[holder.id]


def _milestone(line: MilestoneLine, view: View) -> MilestoneRow:
    status = states.status(
        line.state,
        view.as_of,
        valid_until=line.valid_until,
        is_blocked=line.is_blocked,
        is_free=line.is_free,
    )
    return MilestoneRow(line, status, states.late_days(line.state, view.as_of))
