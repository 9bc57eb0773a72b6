"""The S-curve's geometry: from dated kW to paths and ticks in a drawing of a given size. Pure; colours are the stylesheet's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.domain.vocabulary import Step

# What the eye needs before the first change, and what a drawing can hold.
LEAD_MONTHS = 6
LONGEST_YEARS = 60
# How far a forecast stretches the picture beyond the day it is measured by.
MOST_AHEAD_DAYS = 550
# Half the width of a written day.
LABEL_HALF = 36
KW_STEPS = (1, 2, 2.5, 5, 10)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240)


@dataclass(frozen=True, slots=True)
class Point:
    """`kw` from the day `on`."""

    on: date
    kw: int


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing: its size, the room around the plot for labels, and how many labels the time axis has room for."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    months: int


WIDE = Size(width=760, height=340, left=52, right=20, top=26, bottom=34, months=8)
NARROW = Size(width=360, height=300, left=40, right=14, top=26, bottom=32, months=4)


@dataclass(frozen=True, slots=True)
class KwTick:
    y: float
    kw: int


@dataclass(frozen=True, slots=True)
class DayTick:
    """`by_year` says that years alone tell the ticks apart."""

    x: float
    on: date
    by_year: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """One place in the drawing, and what stands there. `is_late` is right of the middle: its label goes to the left."""

    x: float
    y: float
    on: date
    kw: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """A drawing ready for a template. `target` stands at its due day, `now` at `as_of`; None where out of the window."""

    size: Size
    kw_ticks: list[KwTick]
    day_ticks: list[DayTick]
    operating: str
    area: str
    plan: str | None
    forecast: str | None
    target: Spot | None
    now: Spot | None
    jumps: list[Spot]

    @property
    def now_anchor(self) -> str:
        """How the label above `now` is aligned, so that it stays inside the drawing."""
        x = self.now.x if self.now else 0
        if x < self.size.left + LABEL_HALF:
            return "start"
        return "end" if x > self.right - LABEL_HALF else "middle"

    @property
    def right(self) -> int:
        return self.size.width - self.size.right

    @property
    def floor(self) -> int:
        return self.size.height - self.size.bottom


@dataclass(frozen=True, slots=True)
class Window:
    """The days a curve goes from and to, and how far apart its points are."""

    first: date
    last: date
    step: Step


def window(
    changed_on: date | None, as_of: date, due_on: date | None, forecast_on: date | None = None
) -> Window:
    """From half a year before the first change (or the day asked for, where that is earlier) to the due day or later:
    to the last forecast, where that is not too far."""
    if forecast_on is not None and (forecast_on - (due_on or as_of)).days <= MOST_AHEAD_DAYS:
        due_on = max(forecast_on, due_on or as_of)
    known = [day for day in (changed_on, as_of, due_on) if day is not None]
    start, last = min(known), max(known)
    if last.year - start.year > LONGEST_YEARS:
        # A day far from every fact is left out of the picture, not the facts.
        start = changed_on or due_on or as_of
        last = max(start, due_on or start)
    first = _months_before(start, LEAD_MONTHS)
    if last.year - first.year > LONGEST_YEARS:
        last = date(first.year + LONGEST_YEARS, 12, 31)
    months = (last.year - first.year) * 12 + last.month - first.month
    step = Step.MONTH if months <= 72 else Step.QUARTER if months <= 200 else Step.YEAR
    return Window(first, last, step)


def from_now(seen: Window, now: Point, ahead: Sequence[Point]) -> list[Point]:
    """A forecast as steps that begin where operation stands and go on to the end of the window, level where nothing comes
    until then; empty without a forecast."""
    if not ahead or not seen.first <= now.on <= seen.last:
        return []
    inside = [now, *(point for point in ahead if point.on <= seen.last)]
    return [*inside, Point(seen.last, inside[-1].kw)]


def _months_before(day: date, months: int) -> date:
    month = max(12, day.year * 12 + day.month - 1 - months)
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where days and kW stand in a drawing; `top_kw` is at the upper edge of the plot."""

    size: Size
    seen: Window
    top_kw: float

    def x(self, on: date) -> float:
        share = (on - self.seen.first).days / max(1, (self.seen.last - self.seen.first).days)
        return round(self.size.left + share * (self.size.width - self.size.left - self.size.right), 1)

    def y(self, kw: float) -> float:
        size = self.size
        return round(size.height - size.bottom - kw / self.top_kw * (size.height - size.top - size.bottom), 1)

    def spot(self, point: Point) -> Spot | None:
        """A place in the drawing; None where its day is out of the window."""
        if not self.seen.first <= point.on <= self.seen.last:
            return None
        x = self.x(point.on)
        return Spot(x, self.y(point.kw), point.on, point.kw, is_late=x > self.size.width * 0.62)

    def steps(self, points: Iterable[Point]) -> str:
        return steps_path((self.x(p.on), self.y(p.kw)) for p in points)


def draw(
    size: Size,
    seen: Window,
    operating: Sequence[Point],
    plan: Sequence[Point] | None,
    as_of: date,
    target: Point | None,
    forecast: Sequence[Point] | None = None,
) -> Curve:
    """Operating kW as steps up to `as_of`, the forecast as steps from there, the plan as steps to the end, the target as a
    level up to its due day."""
    lines = (operating, plan or (), forecast or (), [target] if target else ())
    most = max([1, *(p.kw for line in lines for p in line)])
    ticks = kw_ticks(most)
    plot = _Plot(size, seen, max(most * 1.06, ticks[-1]))
    shown = [p for p in operating if seen.first <= p.on <= seen.last]
    path = plot.steps(shown)
    jumps = [plot.spot(b) for a, b in pairwise(shown) if b.kw != a.kw]
    return Curve(
        size=size,
        kw_ticks=[KwTick(plot.y(kw), kw) for kw in ticks],
        day_ticks=[DayTick(plot.x(on), on, by_year) for on, by_year in day_ticks(seen, size.months)],
        operating=path,
        area=f"{path}V{_short(plot.y(0))}H{_short(plot.x(shown[0].on))}Z" if shown else "",
        plan=plot.steps(plan) if plan else None,
        forecast=plot.steps(forecast) if forecast else None,
        target=plot.spot(target) if target else None,
        now=plot.spot(Point(as_of, shown[-1].kw)) if shown else None,
        jumps=[spot for spot in jumps if spot is not None],
    )


def steps_path(points: Iterable[tuple[float, float]]) -> str:
    """An SVG path that keeps each level until the next point and then jumps. Equal levels make one stroke."""
    parts: list[str] = []
    level = end = None
    for px, py in points:
        if level is None:
            parts.append(f"M{_short(px)} {_short(py)}")
        elif py != level:
            parts.append(f"H{_short(px)}V{_short(py)}")
        level, end = py, px
    return "".join(parts) + (f"H{_short(end)}" if end is not None else "")


def kw_ticks(most_kw: int) -> list[int]:
    """From 0 in four to six round steps up to at most `most_kw`."""
    rough = most_kw / 5
    magnitude = 10 ** (len(str(int(rough))) - 1) if rough >= 1 else 1
    step = max(1, int(next(s * magnitude for s in KW_STEPS if s * magnitude >= rough)))
    return list(range(0, most_kw + 1, step))


def day_ticks(seen: Window, most: int) -> list[tuple[date, bool]]:
    """First days of months, evenly apart and at most `most` of them; True where years tell them apart."""
    begin, end = _month(seen.first), _month(seen.last)
    step = next((s for s in MONTH_STEPS if (end - begin) // s < most), MONTH_STEPS[-1])
    months = range(-(-begin // step) * step, end + 1, step)
    days = [date(m // 12, m % 12 + 1, 1) for m in months if m >= 12]
    return [(day, step >= 12) for day in days if seen.first <= day <= seen.last]


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _short(value: float) -> str:
    return f"{value:g}"
