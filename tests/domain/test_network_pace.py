"""Pace in the network: the day to which units lead stands in for the template's estimate, and what several steps hold."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.milestones import State, Stated
from app.domain.network import Need, Node, Plan
from app.domain.templates import duration_days
from tests.domain.networks import (
    NEEDED,
    OUT,
    PHASE,
    TEMPLATES,
    TODAY,
    WORK,
    day,
    done,
    forecast,
    later,
    mw,
    phase,
    place,
    plan,
    stakes,
    work,
)

LINE = (WORK, 1)
CAST, ERECTED = "G-16", "G-18"


def paced(on: date | None, state: State | None = None, *, erected: State | None = None) -> Plan:
    """The foundations of a line, everything before them done, with what their pace and what people say of them; and
    its towers after them."""
    nodes = work(1, only=[CAST, ERECTED], G_16=state or State(), G_18=erected or State())
    return plan([_paced(node, on) if node.step.code == CAST else node for node in nodes])


def _paced(node: Node, on: date | None) -> Node:
    return replace(node, paced_on=on)


TEMPLATE = later(duration_days(TEMPLATES.step(CAST), 1).likely)


@pytest.mark.parametrize(
    ("on", "state", "expected"),
    [
        (None, State(), TEMPLATE),
        (later(300), State(), later(300)),
        (later(3), State(), later(3)),
        # Never before today; what people forecast goes before what the pace says.
        (later(-9), State(), TODAY),
        (later(300), forecast(later(40)), later(40)),
        # Plan and baseline are promises, not forecasts.
        (later(300), State(plan=Stated(later(40)), baseline=Stated(later(20))), later(300)),
        (later(300), done(later(-30)), later(-30)),
    ],
)
def test_the_pace_stands_in_for_the_estimate_of_the_template(
    on: date | None, state: State, expected: date
) -> None:
    assert day(paced(on, state), LINE, CAST) == expected


def test_what_follows_comes_after_the_last_unit_at_its_pace() -> None:
    erect = TEMPLATES.step(ERECTED)
    lag = max(p.lag_days for p in erect.predecessors)
    assert day(paced(later(300)), LINE, ERECTED) == later(300 + max(lag, erect.duration.likely))


def test_a_paced_step_is_done_no_earlier_than_the_lag_of_the_template_after_what_stands_before_it() -> None:
    nodes = work(1, only=[CAST, ERECTED], G_16=forecast(later(10)))
    found = plan([_paced(node, later(1)) if node.step.code == ERECTED else node for node in nodes])
    assert day(found, LINE, ERECTED) == later(10 + 14)


def test_what_does_not_apply_has_no_pace() -> None:
    found = paced(later(300), OUT)
    assert day(found, LINE, ERECTED) == later(TEMPLATES.step(ERECTED).duration.likely)


# --- what hangs on several steps together ---------------------------------------------------------------------------


def test_several_steps_hold_each_phase_once_with_the_least_of_their_floats() -> None:
    goal_on = later(3000)
    found = stakes(
        *(phase(1, only=["W-F5", "W-G7"]), phase(2, only=["W-F5", "W-G7"])),
        *(work(1, only=["G-14", "G-26"], G_14=forecast(later(90))), work(2, only=["G-26"])),
        phases=[mw(1, goal_on=goal_on), mw(2, 50_000, goal_on=goal_on, is_nominal=True)],
        needs=[Need(1, 1, NEEDED), Need(2, 1, NEEDED), Need(2, 2, NEEDED)],
    )
    one, other = place(found.plan, LINE, "G-26"), place(found.plan, (WORK, 2), "G-26")
    both = found.together([one, other])
    assert (both.kw, [p.code for p in both.phases], both.is_nominal) == (80_000, ["p1", "p2"], True)
    assert both.float_days == min(found.at(one).float_days or 0, found.at(other).float_days or 0)
    assert found.together([one]) == found.at(one)
    nothing = found.together([])
    assert (nothing.kw, nothing.phases, nothing.drives, nothing.float_days) == (0, (), (), None)
    # Phases that no milestone ties count beside those that one does, once.
    assert found.together([], [2]).kw == 50_000
    assert found.together([one], [2]).kw == 80_000


def test_together_drives_what_any_of_them_drives() -> None:
    found = stakes(
        *(phase(1, only=["W-F5", "W-G7"]), phase(2, only=["W-F5", "W-G7"])),
        *(work(1, only=["G-26"]), work(2, only=["G-26"])),
        phases=[mw(1), mw(2)],
        needs=[Need(1, 1, NEEDED), Need(2, 2, NEEDED)],
    )
    places = [place(found.plan, (WORK, i), "G-26") for i in (1, 2)]
    assert [[p.code for p in found.at(i).drives] for i in places] == [["p1"], ["p2"]]
    assert [p.code for p in found.together(places).drives] == ["p1", "p2"]
    assert found.together([place(found.plan, (PHASE, 1), "W-F5")]).drives == found.at(places[0]).drives
