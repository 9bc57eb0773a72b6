"""The weekly land table: of a work, by district and commune, what is handed over, in the week, and still held.

The columns are those of domain rules 5.3. A row is the sum of the rows below it; what is a list there (held towers, causes)
is one list here. Only promises are judged anew for each row, by the units in it: a commune answers for its own towers.
It knows case numbers and towers, but nobody's name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.commitments import OWED, Act, IsDone, Kept, is_of_week, outcome, promise_on, state
from app.domain.errors import RuleBroken
from app.domain.households import Case
from app.domain.land_figures import Figures, of_cases, of_units
from app.domain.problems import Problem
from app.domain.reporting import FIRST_MONDAY, Rhythm
from app.domain.units import HANDOVER, Line
from app.domain.vocabulary import LandLevel, UnitKind, UnitStage

# The table is about land: promises to cast or to erect stand elsewhere.
STAGES = frozenset(HANDOVER.values())


@dataclass(frozen=True, slots=True)
class Week:
    """The days after the cut-off day `after`, up to `until`. `is_over`: its last day has passed, for whoever asks."""

    after: date
    until: date
    is_over: bool


def week(rhythm: Rhythm, asked: date | None, today: date, open_on: date) -> Week:
    """The week that ends on the last cut-off day up to `asked`; without one, what has run of the week up to `today`.

    `open_on` is the first day that is not over by what is asked for. Raises RuleBroken where the week ends after today.
    """
    if asked is None:
        after = last_cutoff(rhythm, today - timedelta(days=1))
        return Week(after, today, is_over=today < open_on)
    until = last_cutoff(rhythm, asked)
    if until > today:
        raise RuleBroken(Problem.PERIOD_AHEAD, field="week", current=today)
    return Week(until - rhythm.every, until, is_over=until < open_on)


def last_cutoff(rhythm: Rhythm, day: date) -> date:
    """The last day up to `day` on which a period ends."""
    return day - timedelta(days=((day - FIRST_MONDAY).days - rhythm.weekday) % rhythm.every_days)


@dataclass(frozen=True, slots=True)
class Place:
    """A commune, by the codes of its district and itself; None where it is not known."""

    district: str | None = None
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """A commitment about the handover of units: its acts in the order in which they were recorded."""

    stage: UnitStage
    units: frozenset[int]
    acts: Sequence[Act]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one party is asked to clear away. Its place is None where it concerns the work as a whole."""

    party: str
    title: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Land:
    """All that a work's rows are made of. `units` and `cases` say by their id where each lies; what they leave out is no
    part of the table. `stated` is how many units of a kind the work has, where somebody has said so; `illustrative` are the
    places with something that was made up to show it."""

    line: Line
    cases: Sequence[Case]
    unit_places: Mapping[int, Place]
    case_places: Mapping[int, Place]
    packages: frozenset[Place] = frozenset()
    stated: Mapping[UnitKind, int | None] = field(default_factory=dict)
    promised: Sequence[Promised] = ()
    asked: Sequence[Asked] = ()
    illustrative: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `stated` are the work's own denominators, which no commune has. `due_days` are those for which what is
    owed at the end of the week was promised; a day of the past among them was not kept."""

    level: LandLevel
    place: Place
    figures: Figures
    kept: Kept
    due_days: tuple[date, ...]
    asked: tuple[Asked, ...]
    is_illustrative: bool
    stated: Mapping[UnitKind, int | None] = field(default_factory=dict)


def rows(land: Land, week: Week) -> list[Row]:
    """The rows of a work for a week: its own, then each district's and below it its communes', by code; what lies nowhere
    known comes last. No rows where nothing of the work lies anywhere."""
    figures = _by_place(land, week)
    if not figures:
        return []
    below: dict[str | None, list[Place]] = defaultdict(list)
    for place in sorted(figures, key=lambda place: _last(place.commune)):
        below[place.district].append(place)
    make = _Rows(land, week, figures)
    found = [make.row(LandLevel.WORK, Place(), list(figures))]
    for district in sorted(below, key=_last):
        found.append(make.row(LandLevel.DISTRICT, Place(district), below[district]))
        found += [make.row(LandLevel.COMMUNE, place, [place]) for place in below[district]]
    return found


def _last(code: str | None) -> tuple[bool, str]:
    """By code, None behind all."""
    return code is None, code or ""


def _by_place(land: Land, week: Week) -> dict[Place, Figures]:
    """The figures of every place in which the work has units, packages or cases."""
    units, cases = defaultdict(list), defaultdict(list)
    for unit in land.line.units:
        if unit.id in land.unit_places:
            units[land.unit_places[unit.id]].append(unit)
    for case in land.cases:
        if case.id in land.case_places:
            cases[land.case_places[case.id]].append(case)
    return {
        place: of_units(land.line, units[place], week.after, week.until) + of_cases(cases[place], week.until)
        for place in {*land.packages, *units, *cases}
    }


class _Rows:
    """Makes the rows of one work from the figures of its places."""

    def __init__(self, land: Land, week: Week, figures: Mapping[Place, Figures]) -> None:
        self._land, self._week, self._figures = land, week, figures
        self._units: dict[Place, set[int]] = defaultdict(set)
        for unit, place in land.unit_places.items():
            self._units[place].add(unit)
        self._promises = [
            (promised, now, is_of_week(promised.acts, week.after, week.until))
            for promised in land.promised
            if promised.stage in STAGES and (now := promise_on(promised.acts, week.until)) is not None
        ]

    def row(self, level: LandLevel, place: Place, parts: Sequence[Place]) -> Row:
        """The row that sums up `parts`."""
        kept, due_days = self._judge(set().union(*(self._units[part] for part in parts)))
        is_work = level == LandLevel.WORK
        return Row(
            level=level,
            place=place,
            figures=sum((self._figures[part] for part in parts), Figures()),
            kept=kept,
            due_days=due_days,
            asked=tuple(each for each in self._land.asked if is_work or each.place in parts),
            is_illustrative=not self._land.illustrative.isdisjoint(parts),
            stated=self._land.stated if is_work else {},
        )

    def _judge(self, units: set[int]) -> tuple[Kept, tuple[date, ...]]:
        """What came of the week's promises about these units, and by when the others are promised."""
        kept, due_days = Kept(), set()
        until, is_over = self._week.until, self._week.is_over
        for promised, now, is_counted in self._promises:
            own = promised.units & units
            if not own:
                continue
            is_done = self._asker(promised.stage, own)
            if is_counted:
                kept += outcome(now, is_done, until, is_over=is_over)
            if state(now, is_done, until, is_over=is_over) in OWED:
                due_days.add(now.due_on)
        return kept, tuple(sorted(due_days))

    def _asker(self, stage: UnitStage, units: frozenset[int]) -> IsDone:
        line = self._land.line
        return lambda day: all(line.standing(line.by_id[unit], stage, day).is_done for unit in units)
