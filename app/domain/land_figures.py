"""The figures of the weekly land table: what they count, how they are taken, and that they add up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.households import Case
from app.domain.units import Line, Unit
from app.domain.vocabulary import Attitude, DelayCause, UnitKind

_CAUSES = {cause: place for place, cause in enumerate(DelayCause)}


@dataclass(frozen=True, slots=True)
class Units:
    """Listed units of one kind at the end of the week; `was_done` at its beginning. Lengths are the known ones, in m, of
    `measured` units. `held` are blocked, reopened, or have households that have not handed over, along the line."""

    listed: int = 0
    done: int = 0
    was_done: int = 0
    measured: int = 0
    length_m: int = 0
    done_m: int = 0
    was_done_m: int = 0
    held: tuple[Unit, ...] = ()

    @property
    def in_week(self) -> int:
        """How many more are handed over than a week ago; below 0 where more were reopened."""
        return self.done - self.was_done

    def __add__(self, other: "Units") -> "Units":
        return Units(
            self.listed + other.listed,
            self.done + other.done,
            self.was_done + other.was_done,
            self.measured + other.measured,
            self.length_m + other.length_m,
            self.done_m + other.done_m,
            self.was_done_m + other.was_done_m,
            tuple(sorted((*self.held, *other.held), key=lambda unit: (unit.position, unit.number))),
        )


@dataclass(frozen=True, slots=True)
class Households:
    """How far the known cases have come; money in whole đồng."""

    total: int = 0
    inventoried: int = 0
    approved: int = 0
    paid: int = 0
    paid_vnd: int = 0
    not_agreeing: int = 0

    def __add__(self, other: "Households") -> "Households":
        return Households(
            self.total + other.total,
            self.inventoried + other.inventoried,
            self.approved + other.approved,
            self.paid + other.paid,
            self.paid_vnd + other.paid_vnd,
            self.not_agreeing + other.not_agreeing,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What adds up. `causes` counts the cases under way that name one, and the held units without such cases."""

    towers: Units = Units()
    sections: Units = Units()
    households: Households = Households()
    causes: Mapping[DelayCause, int] = field(default_factory=dict)

    @property
    def ranked(self) -> list[DelayCause]:
        """Each cause once, the most frequent first."""
        return sorted(self.causes, key=lambda cause: (-self.causes[cause], _CAUSES[cause]))

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.towers + other.towers,
            self.sections + other.sections,
            self.households + other.households,
            Counter(self.causes) + Counter(other.causes),
        )


def of_units(line: Line, units: Iterable[Unit], after: date, until: date) -> Figures:
    """The handover of some units of a line at the end of two days, and what holds those that are not handed over."""
    counted = {UnitKind.TOWER: _Tally(), UnitKind.SECTION: _Tally()}
    causes: Counter[DelayCause] = Counter()
    for unit in units:
        before, now = (line.standing(unit, unit.handover, day) for day in (after, until))
        open_ = bool(line.open_cases(unit, until))
        is_held = now.is_held or open_
        counted[unit.kind].add(unit, was_done=before.is_done, is_done=now.is_done, is_held=is_held)
        # Where cases hold it, each of them is counted with its own cause.
        if now.is_held and not open_ and now.cause is not None:
            causes[now.cause] += 1
    return Figures(counted[UnitKind.TOWER].units(), counted[UnitKind.SECTION].units(), causes=causes)


class _Tally:
    """Adds up units one by one."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._held: list[Unit] = []

    def add(self, unit: Unit, *, was_done: bool, is_done: bool, is_held: bool) -> None:
        """Counts one unit, with its length where that is known."""
        length_m = unit.length_m or 0
        self._counts.update(
            listed=1,
            done=is_done,
            was_done=was_done,
            measured=unit.length_m is not None,
            length_m=length_m,
            done_m=length_m * is_done,
            was_done_m=length_m * was_done,
        )
        if is_held:
            self._held.append(unit)

    def units(self) -> Units:
        """What has been counted."""
        return Units(**self._counts, held=tuple(self._held))


def of_cases(cases: Iterable[Case], day: date) -> Figures:
    """How far some cases have come by a day; one of which nothing was told by then is not counted yet."""
    counts: Counter[str] = Counter()
    causes: Counter[DelayCause] = Counter()
    for case in cases:
        reached = case.reached(day)
        if reached is None:
            continue
        now = reached.standing
        counts.update(
            total=1,
            inventoried=reached.is_inventoried,
            approved=reached.is_approved,
            paid=reached.is_paid,
            paid_vnd=now.paid_vnd or 0,
            not_agreeing=now.attitude == Attitude.DISAGREES and not now.is_handed_over,
        )
        if now.cause is not None and not now.is_handed_over:
            causes[now.cause] += 1
    return Figures(households=Households(**counts), causes=causes)
