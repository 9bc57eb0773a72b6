"""Tower positions and tension sections of a line: what was reported of their stages, and where each stands on a day.

X of X/Y is always computed from the units, never typed (domain rules 3.1). A report says how a stage stands *from a day
on*; late and out-of-order reports find their place by that day. Handover is reversible. Where a unit has cases of
households on it, its handover is what they come to (rule R28) and not what was reported.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from app.domain.households import Case
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus

STAGES: Mapping[UnitKind, tuple[UnitStage, ...]] = {
    UnitKind.TOWER: (UnitStage.SITE, UnitStage.FOUNDATION, UnitStage.STEEL, UnitStage.ERECTION),
    UnitKind.SECTION: (UnitStage.CORRIDOR, UnitStage.STRINGING),
}
KIND_OF = {stage: kind for kind, stages in STAGES.items() for stage in stages}
ORDER = {stage: at for at, stage in enumerate(UnitStage)}
# The stage in which the land of each kind of unit is handed over.
HANDOVER = {UnitKind.TOWER: UnitStage.SITE, UnitKind.SECTION: UnitStage.CORRIDOR}
# The milestone of a grid work that each stage comes to when every unit has passed it.
STEPS = {
    UnitStage.SITE: "G-13",
    UnitStage.CORRIDOR: "G-14",
    UnitStage.FOUNDATION: "G-16",
    UnitStage.STEEL: "G-17",
    UnitStage.ERECTION: "G-18",
    UnitStage.STRINGING: "G-20",
}
HELD = frozenset({UnitStatus.BLOCKED, UnitStatus.REOPENED})


@dataclass(frozen=True, slots=True)
class Unit:
    """A tower position or tension section. `position` is its place along the line; a section runs from tower `from_id`
    to tower `to_id`."""

    id: int
    kind: UnitKind
    number: str
    position: int
    from_id: int | None = None
    to_id: int | None = None
    length_m: int | None = None
    commune: str | None = None
    is_illustrative: bool = False

    @property
    def handover(self) -> UnitStage:
        return HANDOVER[self.kind]


@dataclass(frozen=True, slots=True)
class Report:
    """From `effective_on` on, a stage stands so."""

    stage: UnitStage
    status: UnitStatus
    effective_on: date
    cause: DelayCause | None = None
    revision: int = 0
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a stage stands on a day, since when, and what holds it."""

    status: UnitStatus = UnitStatus.NOT_STARTED
    since_on: date | None = None
    cause: DelayCause | None = None

    @property
    def is_done(self) -> bool:
        return self.status == UnitStatus.DONE

    @property
    def is_held(self) -> bool:
        """Blocked, or reopened after it was done."""
        return self.status in HELD


NOT_STARTED = Standing()


def standing(timeline: Iterable[Report], day: date) -> Standing:
    """Where a stage stands on a day, by its timeline in effective order. Of several reports of one day the last has its
    say: one that was told again for its day does not break since when the stage stands so."""
    found = evening_before = NOT_STARTED
    on: date | None = None
    for report in timeline:
        if report.effective_on > day:
            break
        if report.effective_on != on:
            evening_before, on = found, report.effective_on
        is_other = report.status != evening_before.status
        found = Standing(report.status, on if is_other else evening_before.since_on, report.cause)
    return found


class Line:
    """The units of one grid work with what was reported of them, and the cases on them. It does not change: what a change
    would make of it is another line."""

    def __init__(
        self,
        units: Iterable[Unit],
        reports: Mapping[int, Sequence[Report]],
        cases: Mapping[int, Sequence[Case]] | None = None,
    ) -> None:
        """`reports` and `cases` by the unit's id."""
        self.units = sorted(units, key=lambda unit: (unit.position, unit.kind != UnitKind.TOWER, unit.number))
        self.by_id = {unit.id: unit for unit in self.units}
        self.named = {(unit.kind, unit.number): unit for unit in self.units}
        self.reports = {i: list(said) for i, said in reports.items()}
        self.cases = dict(cases or {})
        self._timelines: dict[int, dict[UnitStage, list[Report]]] = {}
        self._towers = self.of(UnitKind.TOWER)
        self._places = [tower.position for tower in self._towers]
        self._over: dict[int, list[Unit]] | None = None

    def of(self, kind: UnitKind) -> list[Unit]:
        """The units of a kind, along the line."""
        return [unit for unit in self.units if unit.kind == kind]

    def timelines(self, unit: Unit) -> Mapping[UnitStage, Sequence[Report]]:
        """Every stage's timeline of a unit, in effective order; its handover as its cases have it."""
        found = self._timelines.get(unit.id)
        if found is None:
            found = {stage: [] for stage in STAGES[unit.kind]}
            for report in self.reports.get(unit.id, ()):
                found[report.stage].append(report)
            for timeline in found.values():
                timeline.sort(key=lambda report: (report.effective_on, report.revision))
            if cases := self.cases.get(unit.id):
                found[unit.handover] = handover(found[unit.handover], cases, unit.handover)
            self._timelines[unit.id] = found
        return found

    def standing(self, unit: Unit, stage: UnitStage, day: date) -> Standing:
        """Where a stage of a unit stands on a day."""
        return standing(self.timelines(unit)[stage], day)

    def held(self, unit: Unit, day: date) -> tuple[UnitStage, Standing] | None:
        """The first stage in which a unit is blocked or reopened on a day; None where none is."""
        for stage in STAGES[unit.kind]:
            found = self.standing(unit, stage, day)
            if found.is_held:
                return stage, found
        return None

    def towers_of(self, section: Unit) -> list[Unit]:
        """The towers of a tension section, both ends and all between them."""
        ends = [self.by_id.get(i) for i in (section.from_id, section.to_id) if i is not None]
        places = [end.position for end in ends if end is not None]
        if len(places) < 2:
            return []
        return self._towers[bisect_left(self._places, min(places)) : bisect_right(self._places, max(places))]

    def sections_over(self, tower: Unit) -> Sequence[Unit]:
        """The tension sections that a tower carries: one, or two where one ends and the next begins."""
        if self._over is None:
            self._over = defaultdict(list)
            for section in self.of(UnitKind.SECTION):
                for carrying in self.towers_of(section):
                    self._over[carrying.id].append(section)
        return self._over.get(tower.id, ())

    def is_illustrative(self, unit: Unit) -> bool:
        """Whether a unit, or a report or case by which it stands where it does, was made up to show it. A report that was
        told again for its day has lost its say to the later one."""
        reports = sorted(self.reports.get(unit.id, ()), key=lambda report: report.revision)
        last = {(report.stage, report.effective_on): report for report in reports}
        told: tuple[Report | Case, ...] = (*last.values(), *self.cases.get(unit.id, ()))
        return unit.is_illustrative or any(each.is_illustrative for each in told)

    def open_cases(self, unit: Unit, day: date) -> list[Case]:
        """The cases on a unit that have not handed over on a day, by number."""
        found = [
            case
            for case in self.cases.get(unit.id, ())
            if (told := case.at(day)) is not None and not told.is_handed_over
        ]
        return sorted(found, key=lambda case: case.number)


def handover(reported: Sequence[Report], cases: Sequence[Case], stage: UnitStage) -> list[Report]:
    """The handover of a unit by its cases (rule R28): done from the day on which all that are known then have handed over.

    What was reported before its first case was known stays. Once done, an open case is a reopening; else the owners who
    stand against it block it (with the cause of the first of them), and it is in progress where none does.
    """
    turns = [
        (told.effective_on, (case.number, at), told) for at, case in enumerate(cases) for told in case.told
    ]
    turns.sort(key=itemgetter(0))
    found = [report for report in reported if not turns or report.effective_on < turns[0][0]]
    was_done = bool(found) and found[-1].status == UnitStatus.DONE
    open_: set[tuple[str, int]] = set()
    holding: dict[tuple[str, int], DelayCause | None] = {}
    for day, turned in groupby(turns, key=itemgetter(0)):
        for _, case, told in turned:
            (open_.discard if told.is_handed_over else open_.add)(case)
            holding.pop(case, None)
            if told.is_holding:
                holding[case] = told.cause
        named = [case for case, cause in holding.items() if cause is not None]
        cause = holding[min(named)] if named else None
        if not open_:
            status = UnitStatus.DONE
        elif was_done:
            status = UnitStatus.REOPENED
        else:
            status = UnitStatus.BLOCKED if holding else UnitStatus.IN_PROGRESS
        was_done = was_done or status == UnitStatus.DONE
        if not found or (found[-1].status, found[-1].cause) != (status, cause):
            found.append(Report(stage, status, day, cause))
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """How far the units of a line are in one stage. `total` is the stated number in force, else how many are listed;
    None where neither is known. `length_m` and `done_m` are the known lengths of sections."""

    stage: UnitStage
    done: int
    in_progress: int
    held: int
    listed: int
    total: int | None
    done_m: int = 0
    length_m: int = 0

    @property
    def left(self) -> int | None:
        return None if self.total is None else self.total - self.done

    @property
    def is_complete(self) -> bool:
        """Every unit there is has passed the stage; of a line without units nobody can say so."""
        return bool(self.total) and self.done == self.total


def count(line: Line, stage: UnitStage, day: date, total: int | None, commune: str | None = None) -> Count:
    """Counts one stage on a day, of the whole line or of what stands in one commune."""
    units = [u for u in line.of(KIND_OF[stage]) if commune is None or u.commune == commune]
    return _tallied(line, stage, units, day, total)


def count_by_commune(line: Line, day: date) -> dict[str | None, dict[UnitStage, Count]]:
    """Counts every stage on a day in each commune; units of which nobody has said where they stand are under None."""
    stand: dict[str | None, list[Unit]] = defaultdict(list)
    for unit in line.units:
        stand[unit.commune].append(unit)
    return {
        commune: {
            stage: _tallied(line, stage, [u for u in units if u.kind == kind], day, None)
            for stage, kind in KIND_OF.items()
        }
        for commune, units in stand.items()
    }


def _tallied(line: Line, stage: UnitStage, units: Sequence[Unit], day: date, total: int | None) -> Count:
    standings = [line.standing(unit, stage, day) for unit in units]
    done = [unit for unit, found in zip(units, standings, strict=True) if found.is_done]
    return Count(
        stage=stage,
        done=len(done),
        in_progress=sum(found.status == UnitStatus.IN_PROGRESS for found in standings),
        held=sum(found.is_held for found in standings),
        listed=len(units),
        total=total if total is not None else (len(units) or None),
        done_m=sum(unit.length_m or 0 for unit in done),
        length_m=sum(unit.length_m or 0 for unit in units),
    )


# How much each stage weighs in the percentage of a line, in percent [E]; the rest is tests and energisation. Raw counts
# are shown first: officials argue with percentages, not with counts (domain rules 3.1).
WEIGHTS = {
    UnitStage.SITE: 15,
    UnitStage.FOUNDATION: 30,
    UnitStage.ERECTION: 25,
    UnitStage.STRINGING: 20,
}
ENERGISED_WEIGHT = 10


def percent(counts: Mapping[UnitStage, Count], *, is_energised: bool) -> float | None:
    """The weighted percentage of a line, to one decimal; None where a denominator in it is not known."""
    done = float(ENERGISED_WEIGHT if is_energised else 0)
    for stage, weight in WEIGHTS.items():
        counted = counts[stage]
        if not counted.total:
            return None
        done += weight * counted.done / counted.total
    return round(done, 1)


@dataclass(frozen=True, slots=True)
class Total:
    """A denominator from a day on."""

    kind: UnitKind
    total: int
    effective_on: date
    revision: int = 0


def total_on(first: int | None, versions: Iterable[Total], kind: UnitKind, day: date) -> int | None:
    """How many units of a kind a line has on a day: the last version in force, else the number first stated."""
    in_force = [v for v in versions if v.kind == kind and v.effective_on <= day]
    return max(in_force, key=lambda v: (v.effective_on, v.revision)).total if in_force else first
