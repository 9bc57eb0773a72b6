"""How many MW wait for which tower position or tension section, commune, cause of a block, or case of a household.

MW hang on a unit through the step that its open stage belongs to in its work; what has passed it holds nobody back. The
sums are those of the network: what a reader does not see is left out of the lists, never of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import May, require
from app.domain.households import Case
from app.domain.network import LAND_ENDS, WORK_END, Need, Plan
from app.domain.stake import AtStake
from app.domain.units import NOT_STARTED, STAGES, STEPS, Line, Standing, Unit
from app.domain.vocabulary import SubjectKind, UnitStage
from app.domain.workdays import WorkCalendar
from app.queries import network, schedules, stakes, subjects, unit_milestones, units
from app.queries.capacity import View
from app.queries.network import Scope
from app.queries.schedules import Schedule
from app.schemas.land_stakes import LandStakeQuery, StakeBy, StakeStages
from app.tables.base import Word, key
from app.tables.organisations import AdministrativeUnit
from app.tables.works import Clearance, GridWork


@dataclass(frozen=True, slots=True)
class Open:
    """A unit with its first open stage, or a case that has not handed over, with the unit and the package it is of."""

    unit: Unit | None
    stage: UnitStage | None
    standing: Standing
    commune: str | None
    positions: tuple[int, ...]
    case: Case | None = None
    package: Clearance | None = None
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class LandStake:
    """What is open of one work in one group, and what hangs on it: each phase once, however many units hold it."""

    work: GridWork
    place: int
    label: str
    opens: tuple[Open, ...]
    at: AtStake

    @property
    def is_illustrative(self) -> bool:
        """Whether the work, or anything by which a unit or case of it stands open, is."""
        return self.work.is_illustrative or any(each.is_illustrative for each in self.opens)

    @property
    def order(self) -> list[int | str]:
        """Most MW first, then along the works."""
        return [-self.at.kw, self.work.code, self.place, self.label]


def at_stake(
    session: Session, view: View, calendar: WorkCalendar, asked: LandStakeQuery
) -> tuple[Schedule, list[LandStake]]:
    """What the land holds, most MW first, in the network the reader may ask about.

    NotFound where the work is not there for this reader; Forbidden where cases are asked for by who may not read them.
    """
    if asked.by == StakeBy.HOUSEHOLD:
        require(view.actor, May.READ_HOUSEHOLDS)
    schedule, works = _asked_for(session, view, calendar, asked)
    return schedule, in_schedule(session, view, schedule, works, asked)


def in_schedule(
    session: Session, view: View, schedule: Schedule, works: Sequence[GridWork], asked: LandStakeQuery
) -> list[LandStake]:
    """The same in a network at hand, of some works that the reader sees."""
    of_works = Scope(frozenset(), frozenset(key(work.id) for work in works))
    needs = network.needs(session, view, of_works)
    inside = None if asked.district is None else _inside(session, asked.district)
    rows: list[LandStake] = []
    for work in works:
        found = _opens(session, view, schedule.plan, work, asked)
        opens = [each for each in found if inside is None or each.commune in inside]
        beside = untied(session, schedule.plan, needs, work)
        rows += _grouped(schedule, work, opens, beside, _LABELS[asked.by])
    return sorted(rows, key=lambda row: row.order)


def _asked_for(
    session: Session, view: View, calendar: WorkCalendar, asked: LandStakeQuery
) -> tuple[Schedule, Sequence[GridWork]]:
    """The network around one work, or around everything the reader sees, and its works with units (or cases)."""
    if asked.work is not None:
        holder = subjects.one(session, view.actor, SubjectKind.GRID_WORK, asked.work)
        assert isinstance(holder.row, GridWork)
        return schedules.of_holder(session, view, calendar, holder), [holder.row]
    of = unit_milestones.with_cases if asked.by == StakeBy.HOUSEHOLD else unit_milestones.with_units
    return schedules.of_reader(session, view, calendar), of(session, subjects.works(session, view.actor))


def by_commune(
    session: Session, schedule: Schedule, needs: Sequence[Need], work: GridWork, line: Line, day: date
) -> list[LandStake]:
    """The same for the land of one line in a network at hand, by commune. `needs` are those of the network."""
    opens = _open_units(schedule.plan, work, line, day, StakeStages.LAND)
    beside = untied(session, schedule.plan, needs, work)
    return _grouped(schedule, work, opens, beside, _LABELS[StakeBy.COMMUNE])


def communes(session: Session, codes: Collection[str]) -> dict[str, AdministrativeUnit]:
    """Communes by code."""
    statement = select(AdministrativeUnit).where(col(AdministrativeUnit.code).in_(codes))
    return {row.code: row for row in session.execute(statement).scalars()} if codes else {}


def _inside(session: Session, district: str) -> frozenset[str]:
    statement = select(col(AdministrativeUnit.code)).where(col(AdministrativeUnit.parent_code) == district)
    return frozenset(session.execute(statement).scalars())


def _opens(session: Session, view: View, plan: Plan, work: GridWork, asked: LandStakeQuery) -> Iterable[Open]:
    cases = units.cases(session, work, view.revision)
    line = units.line(session, work, view.revision, cases)
    if asked.by == StakeBy.HOUSEHOLD:
        return list(_open_cases(plan, work, line, cases, _packages(session, view, work), view.as_of))
    return list(_open_units(plan, work, line, view.as_of, asked.stages))


def _open_units(plan: Plan, work: GridWork, line: Line, day: date, stages: StakeStages) -> Iterator[Open]:
    for unit in line.units:
        of = (unit.handover,) if stages == StakeStages.LAND else STAGES[unit.kind]
        for stage in of:
            standing = line.standing(unit, stage, day)
            if not standing.is_done:
                yield Open(
                    unit,
                    stage,
                    standing,
                    unit.commune,
                    behind(plan, work, STEPS[stage]),
                    is_illustrative=line.is_illustrative(unit),
                )
                break


def _open_cases(
    plan: Plan,
    work: GridWork,
    line: Line,
    cases: Iterable[Case],
    packages: Mapping[int, Clearance],
    day: date,
) -> Iterator[Open]:
    """The cases of the packages that the reader sees; one that names no unit holds the end of its package."""
    for case in cases:
        package, told = packages.get(case.clearance_id), case.at(day)
        if package is None or told is None or told.is_handed_over:
            continue
        unit = None if case.unit_id is None else line.by_id.get(case.unit_id)
        if unit is None:
            end = (SubjectKind.CLEARANCE, key(package.id)), LAND_ENDS[package.track]
            positions = tuple(plan.positions.get(end, ())) or behind(plan, work, WORK_END)
            made_up = case.is_illustrative
            yield Open(None, None, NOT_STARTED, package.commune_code, positions, case, package, made_up)
        else:
            standing = line.standing(unit, unit.handover, day)
            positions = behind(plan, work, STEPS[unit.handover])
            commune = unit.commune or package.commune_code
            made_up = case.is_illustrative or line.is_illustrative(unit)
            yield Open(unit, unit.handover, standing, commune, positions, case, package, made_up)


def _packages(session: Session, view: View, work: GridWork) -> dict[int, Clearance]:
    """The packages of a work that the reader sees, by id."""
    kind = literal(SubjectKind.CLEARANCE, Word(SubjectKind))
    seen = subjects.visible(view.actor, kind, col(Clearance.id), col(Clearance.project_id))
    statement = select(Clearance).where(col(Clearance.work_id) == work.id, seen)
    return {key(row.id): row for row in session.execute(statement).scalars()}


def behind(plan: Plan, work: GridWork, code: str) -> tuple[int, ...]:
    """Where a step of a work stands in the network; its energisation where it has no such step."""
    home = SubjectKind.GRID_WORK, key(work.id)
    positions = plan.positions.get((home, code)) or plan.positions.get((home, WORK_END), ())
    return tuple(i for i in positions if plan.nodes[i].instance == 1)


def untied(session: Session, plan: Plan, needs: Sequence[Need], work: GridWork) -> frozenset[int]:
    """The phases that wait for a work where the network does not tie them to it yet, as far as they count."""
    holder = subjects.of(session, SubjectKind.GRID_WORK, work)
    return stakes.untied(plan, needs, holder) & plan.phases.keys()


Label = tuple[int, str]


def _unit(of: Open) -> Label:
    return (of.unit.position, f"{of.unit.kind.value} {of.unit.number}") if of.unit else (0, "")


def _case(of: Open) -> Label:
    return (0, f"{of.package.code} {of.case.number}") if of.package and of.case else (0, "")


_LABELS: Mapping[StakeBy, Callable[[Open], Label]] = {
    StakeBy.UNIT: _unit,
    StakeBy.COMMUNE: lambda of: (0, of.commune or ""),
    StakeBy.CAUSE: lambda of: (0, "" if of.standing.cause is None else of.standing.cause.value),
    StakeBy.HOUSEHOLD: _case,
}


def _grouped(
    schedule: Schedule,
    work: GridWork,
    opens: Iterable[Open],
    beside: Collection[int],
    label: Callable[[Open], Label],
) -> list[LandStake]:
    groups: dict[Label, list[Open]] = defaultdict(list)
    for each in opens:
        groups[label(each)].append(each)
    # Most groups hang on the same few steps; what hangs on them is summed once.
    sums: dict[frozenset[int], AtStake] = {}
    rows: list[LandStake] = []
    for (place, name), inside in groups.items():
        positions = frozenset(i for each in inside for i in each.positions)
        if positions not in sums:
            sums[positions] = schedule.stakes.together(positions, beside)
        rows.append(LandStake(work, place, name, tuple(inside), sums[positions]))
    return rows
