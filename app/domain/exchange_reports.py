"""Ours beside theirs: how far each stage of each work has come by both, which units differ, and what became of what EVN SPC
confirms. Both sides are shown; neither is corrected by looking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from app.domain.exchanges import UnitSaid
from app.domain.units import KIND_OF, ORDER, Line, Standing, count
from app.domain.vocabulary import Stream, TrancheStatus, UnitKind, UnitStage, UnitStatus, Verification
from app.domain.words import Term

# A report names so many units; how many more differ it says as a number.
MOST_UNITS = 500


class Told(NamedTuple):
    """What one of their records says of a unit, and the problem for which the tracker has not taken it."""

    said: UnitSaid
    updated_at: datetime
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class StageCompared:
    """X/Y of one stage of a work. Ours is of the total in force; theirs of the units they list for it."""

    work: str
    stage: UnitStage
    ours_done: int | None
    ours_total: int | None
    theirs_done: int
    theirs_total: int
    differ: int


@dataclass(frozen=True, slots=True)
class UnitDiffers:
    """A stage of a unit that stands otherwise with us; `ours` None: we do not have the unit."""

    work: str
    kind: UnitKind
    number: str
    stage: UnitStage
    ours: UnitStatus | None
    ours_on: date | None
    theirs: UnitStatus
    theirs_on: date
    problem: str | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An energisation or a COD as they confirm it, and what stands with us under that code."""

    stream: Stream
    record: str
    code: str
    theirs_kw: int | None
    theirs_on: date
    letter: str
    ours: str | None
    ours_kw: int | None
    ours_on: date | None
    agrees: bool
    problem: str | None

    @property
    def word(self) -> Term | None:
        """How it stands with us, as a word."""
        family = TrancheStatus if self.stream == Stream.CODS else Verification
        return None if self.ours is None else family(self.ours)


@dataclass(frozen=True, slots=True)
class Report:
    """Ours and theirs on a day. `units_left_out` differ too and are not named."""

    as_of: date
    stages: list[StageCompared]
    units: list[UnitDiffers]
    units_left_out: int
    confirmations: list[Confirmation]

    @property
    def differences(self) -> int:
        """How many units and confirmations differ."""
        return len(self.units) + self.units_left_out + sum(not found.agrees for found in self.confirmations)


class Compared(NamedTuple):
    stages: list[StageCompared]
    units: list[UnitDiffers]


def compare(
    work: str, line: Line | None, totals: Mapping[UnitKind, int | None], told: Iterable[Told], today: date
) -> Compared:
    """Compares one work. `line` None: we have none of that code; `told` are their records on it."""
    stages: list[StageCompared] = []
    units: list[UnitDiffers] = []
    for stage, theirs in _by_stage(told, today).items():
        differing = [found for one in theirs if (found := _differs(line, one, today)) is not None]
        units += differing
        kind = KIND_OF[stage]
        ours = None if line is None else count(line, stage, today, totals.get(kind))
        stages.append(
            StageCompared(
                work=work,
                stage=stage,
                ours_done=None if ours is None else ours.done,
                ours_total=None if ours is None else ours.total,
                theirs_done=sum(one.said.status == UnitStatus.DONE for one in theirs),
                theirs_total=len(theirs),
                differ=len(differing),
            )
        )
    return Compared(stages, units)


def _by_stage(told: Iterable[Told], today: date) -> dict[UnitStage, Sequence[Told]]:
    """The last that they say of each unit by today, by stage in the order of the field, units by number."""
    last: dict[tuple[UnitStage, str], Told] = {}
    for one in told:
        place = one.said.stage, one.said.number
        if one.said.effective_on <= today and (place not in last or _order(one) > _order(last[place])):
            last[place] = one
    found: dict[UnitStage, list[Told]] = {}
    for (stage, _), one in sorted(last.items(), key=lambda item: (ORDER[item[0][0]], _natural(item[0][1]))):
        found.setdefault(stage, []).append(one)
    return dict(found)


def _order(one: Told) -> tuple[date, datetime]:
    return one.said.effective_on, one.updated_at


def _natural(number: str) -> tuple[int, str]:
    return len(number), number


def _differs(line: Line | None, one: Told, today: date) -> UnitDiffers | None:
    said = one.said
    unit = None if line is None else line.named.get((said.kind, said.number))
    ours = None if line is None or unit is None else line.standing(unit, said.stage, today)
    if ours is not None and _is_same(ours, said):
        return None
    return UnitDiffers(
        work=said.work,
        kind=said.kind,
        number=said.number,
        stage=said.stage,
        ours=None if ours is None else ours.status,
        ours_on=None if ours is None else ours.since_on,
        theirs=said.status,
        theirs_on=said.effective_on,
        problem=one.problem,
    )


def _is_same(ours: Standing, said: UnitSaid) -> bool:
    """The same status, and of what is done the same day: that day is what counts in reports."""
    if ours.status != said.status:
        return False
    return said.status != UnitStatus.DONE or ours.since_on == said.effective_on
