"""The geometry of a Gantt chart: from the days of milestones to strips that share one time axis. Pure; colours are the
stylesheet's.

Every milestone has a strip of its own beside its name, so a name wraps as text does. What lies outside the window is
cut at its edge and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.vocabulary import Step
from app.pages import curve

WIDTH, HEIGHT = 600, 24
# How far the window goes back where work is still open, and beyond the last day that is expected.
BACK, AHEAD = timedelta(days=365), timedelta(days=45)
LONGEST_YEARS = 6
LABELS = 8
# A stretch of a day is still seen.
THINNEST = 2.0


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one milestone: what was promised, from when to when it is expected now, and when it was done."""

    promised_on: date | None = None
    begins_on: date | None = None
    expected_on: date | None = None
    done_on: date | None = None

    @property
    def ends_on(self) -> date | None:
        return self.done_on or self.expected_on

    @property
    def all(self) -> list[date]:
        """Every day that is known."""
        known = (self.promised_on, self.begins_on, self.expected_on, self.done_on)
        return [day for day in known if day is not None]


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are drawn, first and last."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """Where a day stands, 0 to WIDTH; beyond the edge it stands at the edge."""
        days = max(1, (self.last - self.first).days)
        return round(min(1.0, max(0.0, (on - self.first).days / days)) * WIDTH, 1)

    def holds(self, on: date) -> bool:
        """Whether a day is inside."""
        return self.first <= on <= self.last


@dataclass(frozen=True, slots=True)
class Mark:
    """A day in a strip; `is_cut` where it lies outside of the window."""

    x: float
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one day to another."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """One milestone. `late` is the way behind the promised day; `bar` the work still ahead."""

    promised: Mark | None
    bar: Stretch | None
    late: Stretch | None
    expected: Mark | None
    done: Mark | None


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month on the axis; `by_year` says that years alone tell the ticks apart."""

    x: float
    on: date
    by_year: bool

    @property
    def anchor(self) -> str:
        """How its label is aligned, so that it stays inside."""
        return "start" if self.x < 20 else "end" if self.x > WIDTH - 30 else "middle"


@dataclass(frozen=True, slots=True)
class Axis:
    """What all strips share: ticks, and today where it is inside."""

    window: Window
    ticks: list[Tick]
    today: Mark | None


def window(rows: Sequence[Dates], today: date) -> Window:
    """From a year before today, or from the first day where that is later, to some weeks behind the last day expected.

    Where everything is done the whole life is shown. Never longer than LONGEST_YEARS; what is older is cut.
    """
    days = [day for row in rows for day in row.all] or [today]
    is_open = any(row.done_on is None and row.all for row in rows)
    last = max([*days, today] if is_open else days) + AHEAD
    first = min(days)
    if is_open:
        first = max(
            first, min(today - BACK, *(day for row in rows if row.done_on is None for day in row.all))
        )
    first = max(first, last - timedelta(days=366 * LONGEST_YEARS))
    return Window(first.replace(day=1), last)


def axis(seen: Window, today: date) -> Axis:
    """Ticks at the first days of months, evenly apart."""
    found = curve.day_ticks(curve.Window(seen.first, seen.last, Step.MONTH), LABELS)
    ticks = [Tick(seen.x(on), on, by_year) for on, by_year in found]
    return Axis(seen, ticks, Mark(seen.x(today), is_cut=False) if seen.holds(today) else None)


def strip(seen: Window, dates: Dates) -> Strip:
    """One milestone in the window of all."""
    begins, ends = dates.begins_on or dates.expected_on, dates.expected_on
    is_open = dates.done_on is None
    late = None
    if dates.promised_on is not None and dates.ends_on is not None and dates.ends_on > dates.promised_on:
        late = _stretch(seen, dates.promised_on, dates.ends_on)
    return Strip(
        promised=_mark(seen, dates.promised_on),
        bar=_stretch(seen, begins, ends) if is_open and begins is not None and ends is not None else None,
        late=late,
        expected=_mark(seen, dates.expected_on) if is_open else None,
        done=_mark(seen, dates.done_on),
    )


def share(part: int, whole: int) -> float:
    """How much of a track `part` fills, 0 to 1."""
    return round(min(1.0, max(0.0, part / whole)), 4) if whole > 0 else 0.0


def _mark(seen: Window, on: date | None) -> Mark | None:
    return None if on is None else Mark(seen.x(on), is_cut=not seen.holds(on))


def _stretch(seen: Window, begins: date, ends: date) -> Stretch | None:
    """None where nothing of it is inside."""
    if ends < begins or ends < seen.first or begins > seen.last:
        return None
    x = min(seen.x(begins), WIDTH - THINNEST)
    return Stretch(x, round(max(THINNEST, seen.x(ends) - x), 1))
