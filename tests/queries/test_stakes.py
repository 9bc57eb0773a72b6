"""MW at stake behind an obstacle: on a milestone, a phase, a project, a grid work or its land, with milestones or without."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.outside import shipped
from app.queries import journal, stakes
from app.queries.capacity import View
from app.schemas.obstacles import ObstacleClose
from app.services import obstacles
from app.tables.obstacles import Obstacle
from tests import factories
from tests.factories import World

EVERYTHING = [
    *(("phase", code) for code in ("alpha-1", "alpha-2", "beta-1")),
    *(("project", code) for code in ("alpha", "beta")),
    *(("grid_work", code) for code in ("line", "tie", "outlet", "far")),
    *(("clearance", code) for code in ("land", "corridor", "plant")),
]


@pytest.fixture
def shared(world: World) -> Database:
    """alpha-1 (30 MW) and beta-1 (20 MW) of two investors need one line with its land, alpha-1 a tie of its own too;
    alpha-2 (50 MW) needs a line for its full output alone, and nobody needs `far`."""
    with world.database.changing(factories.stamp(hour=1)) as session:
        factories.phase(session, "alpha-2", nominal_mw=50)
        factories.project(session, "beta", investor="other-wind")
        factories.phase(session, "beta-1", project="beta", nominal_mw=20)
        for work in ("line", "tie", "outlet", "far"):
            factories.grid_work(session, work)
        factories.connection(session, "alpha-1", "line")
        factories.connection(session, "beta-1", "line")
        factories.connection(session, "alpha-1", "tie", kind="gen_tie")
        factories.connection(session, "alpha-2", "outlet", kind="evacuation")
        factories.clearance(session, "land")
        factories.clearance(session, "corridor", track="corridor")
        factories.clearance(session, "plant", project="alpha")
    return world.database


def with_milestones(database: Database, *but: str) -> None:
    with database.changing(factories.stamp(hour=2)) as session:
        for kind, code in EVERYTHING:
            if code not in but:
                factories.apply(session, kind, code)


def waiting(session: Session) -> dict[int, int]:
    rows = list(session.execute(select(Obstacle)).scalars())
    view = View(factories.SYSTEM, factories.TODAY, journal.head(session) + 1)
    return stakes.of_obstacles(session, view, shipped.calendar(None), rows)


def at_stake(database: Database, kind: str, code: str, milestone: str | None = None) -> float | None:
    """MW that wait for an obstacle on something; None where nothing is said of them."""
    with database.rehearsing(factories.stamp(hour=3)) as session:
        raised = factories.obstacle(session, kind, code, milestone=milestone)
        kw = waiting(session).get(raised)
    return None if kw is None else kw / 1000


HANGS_ON = [
    ("phase", "alpha-1", 30),
    ("phase", "alpha-2", 50),
    ("project", "alpha", 80),
    ("project", "beta", 20),
    ("grid_work", "line", 50),
    ("grid_work", "tie", 30),
    # Full output is no condition of a COD, and nobody needs the other.
    ("grid_work", "outlet", 0),
    ("grid_work", "far", 0),
    ("clearance", "land", 50),
    ("clearance", "corridor", 50),
]
WITHOUT = {
    "nothing": (),
    "the phases": ("alpha-1", "beta-1"),
    "the works": ("line", "tie"),
    "the land": ("land", "corridor"),
    "everything": tuple(code for _, code in EVERYTHING),
}


@pytest.mark.parametrize("but", WITHOUT.values(), ids=list(WITHOUT))
def test_what_hangs_on_a_subject_waits_for_it_whatever_has_no_milestones_yet(
    shared: Database, but: tuple[str, ...]
) -> None:
    with_milestones(shared, *but)
    assert [(kind, code, at_stake(shared, kind, code)) for kind, code, _ in HANGS_ON] == HANGS_ON


@pytest.mark.parametrize(
    ("kind", "code", "milestone", "mw"),
    [
        ("phase", "alpha-1", "W-E6", 30),
        ("phase", "alpha-1", "W-G6", 30),
        # What was accepted with conditions is mended after the COD: nothing waits for it.
        ("phase", "alpha-1", "W-G8", 0),
        ("project", "alpha", "W-D2", 80),
        ("grid_work", "line", "G-01", 50),
        ("grid_work", "line", "G-10.2", 50),
        ("grid_work", "line", "G-29", 0),
        ("grid_work", "tie", "G-26", 30),
        ("clearance", "land", "L-01", 50),
        ("clearance", "corridor", "C-06", 50),
    ],
)
def test_what_depends_on_a_milestone_waits_for_an_obstacle_on_it(
    shared: Database, kind: str, code: str, milestone: str, mw: float
) -> None:
    with_milestones(shared)
    with shared.changing(factories.stamp(hour=2)) as session:
        factories.instance(session, "G-10", "grid_work", "line")
    assert at_stake(shared, kind, code, milestone) == mw


def test_what_is_energised_or_handed_over_holds_nobody_back(shared: Database, world: World) -> None:
    with_milestones(shared, "beta-1")
    reason = {"override_reason": "Đóng điện thực tế, hồ sơ bổ sung sau"}
    letter = {"letter_number": "12/BB", "letter_on": "2023-01-20", "letter_issuer": "Tư vấn giám sát"}
    done = {"actual_on": "2023-01-20", "actor": world.department, **reason, **letter}
    with shared.changing(factories.stamp(hour=2)) as session:
        factories.state(session, "L-16", "clearance", "land", **done)
    assert [at_stake(shared, "clearance", code) for code in ("land", "corridor")] == [0, 50]
    assert at_stake(shared, "grid_work", "line") == 50
    with shared.changing(factories.stamp(hour=2)) as session:
        factories.state(session, "G-26", "grid_work", "line", **done)
    assert [at_stake(shared, "grid_work", "line"), at_stake(shared, "clearance", "corridor")] == [0, 0]
    assert at_stake(shared, "phase", "alpha-1") == 30


def test_what_operates_does_not_wait_and_what_is_not_known_is_not_said(
    shared: Database, world: World
) -> None:
    with_milestones(shared)
    with shared.changing(factories.stamp(hour=2)) as session:
        factories.confirm(session, world.evn_spc, factories.declare(session, world.investor, mw=12))
        factories.phase(session, "beta-2", project="beta", nominal_mw=None)
    assert at_stake(shared, "phase", "alpha-1") == 18
    assert at_stake(shared, "grid_work", "line") == 38
    assert at_stake(shared, "phase", "beta-2") is None
    assert at_stake(shared, "project", "beta") == 20


def test_nothing_is_said_of_a_closed_obstacle(shared: Database) -> None:
    with_milestones(shared)
    with shared.changing(factories.stamp(hour=3)) as session:
        first, second = (factories.obstacle(session, "grid_work", "line") for _ in range(2))
        end = ObstacleClose(outcome="Đã bàn giao")
        obstacles.close(session, factories.SYSTEM, first, end, None, factories.TODAY)
    with shared.reading() as session:
        assert waiting(session) == {second: 50_000}
