"""The S-curve's geometry: which days it spans, where its ticks stand, and how its steps go."""

import math
from datetime import date

import pytest

from app.domain.vocabulary import Step
from app.pages import curve
from app.pages.curve import Point, Window

FIT = date(2021, 10, 31)
TODAY = date(2023, 2, 7)
DUE = date(2023, 12, 31)
SEEN = Window(date(2021, 4, 1), DUE, Step.MONTH)


@pytest.mark.parametrize(
    ("changed_on", "as_of", "due_on", "window"),
    [
        (FIT, TODAY, DUE, (date(2021, 4, 1), DUE, Step.MONTH)),
        (FIT, date(2024, 2, 8), DUE, (date(2021, 4, 1), date(2024, 2, 8), Step.MONTH)),
        (FIT, date(2021, 1, 1), DUE, (date(2020, 7, 1), DUE, Step.MONTH)),
        (None, TODAY, DUE, (date(2022, 8, 1), DUE, Step.MONTH)),
        (FIT, TODAY, None, (date(2021, 4, 1), TODAY, Step.MONTH)),
        (date(2013, 5, 29), TODAY, DUE, (date(2012, 11, 1), DUE, Step.QUARTER)),
        (date(1990, 1, 1), TODAY, DUE, (date(1989, 7, 1), DUE, Step.YEAR)),
    ],
)
def test_the_window_goes_from_before_the_first_change_to_the_due_day_or_later(
    changed_on: date | None, as_of: date, due_on: date | None, window: tuple[date, date, Step]
) -> None:
    assert curve.window(changed_on, as_of, due_on) == Window(*window)


@pytest.mark.parametrize("as_of", [date.min, date(1066, 10, 14), date(2500, 1, 1), date.max])
@pytest.mark.parametrize("changed_on", [None, FIT])
@pytest.mark.parametrize("due_on", [None, DUE, date.max])
def test_a_day_far_from_every_fact_does_not_stretch_the_picture(
    as_of: date, changed_on: date | None, due_on: date | None
) -> None:
    seen = curve.window(changed_on, as_of, due_on)
    assert seen.first <= seen.last
    assert seen.last.year - seen.first.year <= curve.LONGEST_YEARS
    if changed_on is not None:
        assert seen.first <= changed_on <= seen.last
    points = [Point(seen.first, 0), *([Point(as_of, 5)] if seen.first <= as_of <= seen.last else [])]
    for size in (curve.WIDE, curve.NARROW):
        drawn = curve.draw(size, seen, points, None, as_of, None)
        assert len(drawn.day_ticks) <= size.months + 1


@pytest.mark.parametrize(
    ("most_kw", "ticks"),
    [
        (377_000, [0, 100_000, 200_000, 300_000]),
        (1_500_000, [0, 500_000, 1_000_000, 1_500_000]),
        (93_050, [0, 20_000, 40_000, 60_000, 80_000]),
        (4_200, [0, 1_000, 2_000, 3_000, 4_000]),
        (1, [0, 1]),
    ],
)
def test_the_mw_axis_has_round_steps(most_kw: int, ticks: list[int]) -> None:
    assert curve.kw_ticks(most_kw) == ticks


@pytest.mark.parametrize(
    ("most", "days", "by_year"),
    [
        (8, ["2021-07-01", "2022-01-01", "2022-07-01", "2023-01-01", "2023-07-01"], False),
        (4, ["2022-01-01", "2023-01-01"], True),
    ],
)
def test_the_time_axis_has_as_many_ticks_as_there_is_room_for(
    most: int, days: list[str], by_year: bool
) -> None:
    assert curve.day_ticks(SEEN, most) == [(date.fromisoformat(day), by_year) for day in days]


@pytest.mark.parametrize(
    ("points", "path"),
    [
        ([], ""),
        ([(0.0, 9.0)], "M0 9H0"),
        ([(0.0, 9.0), (5.0, 9.0), (8.5, 4.0), (9.0, 4.0)], "M0 9H8.5V4H9"),
    ],
)
def test_steps_keep_their_level_until_the_next_point(points: list[tuple[float, float]], path: str) -> None:
    assert curve.steps_path(points) == path


def test_a_drawing_puts_everything_where_it_belongs() -> None:
    operating = [Point(SEEN.first, 0), Point(FIT, 93_050), Point(TODAY, 93_050)]
    drawn = curve.draw(curve.WIDE, SEEN, operating, None, TODAY, Point(DUE, 377_000))
    size = drawn.size
    assert drawn.target is not None
    assert drawn.now is not None
    assert (drawn.target.x, drawn.target.on, drawn.target.is_late) == (drawn.right, DUE, True)
    assert math.isclose(drawn.now.y, drawn.floor - 93_050 / (377_000 * 1.06) * (drawn.floor - size.top), abs_tol=0.1)  # fmt: skip
    assert drawn.operating.startswith(f"M{size.left} {drawn.floor}H")
    assert drawn.operating.endswith(f"H{drawn.now.x:g}")
    assert [(jump.on, jump.kw) for jump in drawn.jumps] == [(FIT, 93_050)]
    assert drawn.plan is None
    assert drawn.now_anchor == "middle"
    assert all(size.top <= tick.y <= drawn.floor for tick in drawn.kw_ticks)


@pytest.mark.parametrize(
    ("as_of", "anchor"), [(SEEN.first, "start"), (TODAY, "middle"), (SEEN.last, "end"), (None, "start")]
)
def test_the_label_of_the_day_stays_inside(as_of: date | None, anchor: str) -> None:
    shown = [Point(as_of, 5)] if as_of else []
    drawn = curve.draw(curve.NARROW, SEEN, shown, None, as_of or TODAY, None)
    assert drawn.now_anchor == anchor


def test_a_plan_is_a_second_line_to_the_end() -> None:
    plan = [Point(SEEN.first, 0), Point(date(2023, 9, 30), 49_000), Point(DUE, 49_000)]
    drawn = curve.draw(curve.WIDE, SEEN, [Point(SEEN.first, 0)], plan, SEEN.first, None)
    assert drawn.plan is not None
    assert drawn.plan.endswith(f"H{drawn.right}")


@pytest.mark.parametrize(
    ("now", "ahead", "steps"),
    [
        (TODAY, [], []),
        (date(2020, 1, 1), [Point(FIT, 5)], []),
        (TODAY, [Point(date(2023, 6, 1), 8)], [Point(TODAY, 5), Point(date(2023, 6, 1), 8), Point(DUE, 8)]),
        (TODAY, [Point(date(2025, 6, 1), 8)], [Point(TODAY, 5), Point(DUE, 5)]),
    ],
)
def test_a_forecast_begins_where_operation_stands(now: date, ahead: list[Point], steps: list[Point]) -> None:
    assert curve.from_now(SEEN, Point(now, 5), ahead) == steps
    drawn = curve.draw(curve.WIDE, SEEN, [Point(SEEN.first, 0)], None, SEEN.first, None, steps)
    assert (drawn.forecast is not None) == bool(steps)
    if drawn.forecast is not None:
        assert drawn.forecast.endswith(f"H{drawn.right}")


@pytest.mark.parametrize(
    ("forecast_on", "last"), [(None, DUE), (date(2024, 3, 15), date(2024, 3, 15)), (date(2030, 1, 1), DUE)]
)
def test_a_forecast_stretches_the_picture_but_not_too_far(forecast_on: date | None, last: date) -> None:
    assert curve.window(FIT, TODAY, DUE, forecast_on).last == last
