"""The S-curve of the overview: operating kW, the plan, the target and the forecast, drawn for two widths and as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.db import Session
from app.deps import Ask
from app.domain.capacity import Target as Goal
from app.pages import curve
from app.pages.curve import Curve, Point
from app.pages.overview_situation import key
from app.queries import capacity, overview
from app.queries.capacity import View


@dataclass(frozen=True, slots=True)
class TablePoint:
    """One line of the curve's table; `operating_kw` is None for days that had not come, `forecast_kw` for those that had."""

    on: date
    operating_kw: int | None
    plan_kw: int | None
    forecast_kw: int | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """The same curve drawn for wide and for narrow screens, and as numbers."""

    seen: curve.Window
    drawings: dict[str, Curve]
    points: list[TablePoint]
    has_plan: bool
    has_forecast: bool


def chart(
    session: Session,
    ask: Ask,
    view: View,
    operating_kw: int,
    goal: Goal | None,
    ahead: Sequence[tuple[date, int]],
) -> Chart | None:
    """The curve from before the first recognition to the due day, or to the last forecast; None where there is nothing to
    draw."""
    once, about = ask.tracker.findings.once, key(view)
    first = once(ask.revision, ("first", about), lambda: overview.first_recognised_on(session, view))
    if first is None and goal is None:
        return None
    seen = curve.window(first, view.as_of, goal.due_on if goal else None, ahead[-1][0] if ahead else None)
    until = View(view.actor, seen.last, view.revision, view.with_illustrative)
    found = once(
        ask.revision, ("series", about, seen), lambda: capacity.series(session, until, seen.first, seen.step)
    )
    operating = [Point(seen.first, found[0].operating_kw if found[0].on <= view.as_of else 0)]
    operating = [*operating, *(Point(p.on, p.operating_kw) for p in found if p.on < view.as_of)]
    if seen.first <= view.as_of <= seen.last:
        operating.append(Point(view.as_of, operating_kw))
    plan = [Point(p.on, p.plan_kw) for p in found if p.plan_kw is not None] or None
    target = None if goal is None else Point(goal.due_on, goal.kw)
    forecast = curve.from_now(seen, Point(view.as_of, operating_kw), [Point(*step) for step in ahead])
    drawings = {
        name: curve.draw(size, seen, operating, plan, view.as_of, target, forecast)
        for name, size in (("wide", curve.WIDE), ("narrow", curve.NARROW))
    }
    points = _table(operating[1:], plan or [], forecast, {p.on for p in found})
    return Chart(seen, drawings, points, plan is not None, bool(forecast))


def _table(
    operating: Sequence[Point], plan: Sequence[Point], forecast: Sequence[Point], days: set[date]
) -> list[TablePoint]:
    shown, planned = {p.on: p.kw for p in operating}, {p.on: p.kw for p in plan}

    def expected(day: date) -> int | None:
        return next((p.kw for p in reversed(forecast) if p.on <= day), None) if day not in shown else None

    return [
        TablePoint(on, shown.get(on), planned.get(on), expected(on)) for on in sorted(shown.keys() | days)
    ]
