"""An old view stays as it was: targets, names, investors, districts and what is in the totals, as known then."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.vocabulary import By, Step
from app.queries import breakdowns, capacity, journal
from app.queries.capacity import View
from app.schemas.projects import PhaseChange, ProjectChange
from app.schemas.targets import TargetChange
from app.services import projects, targets
from tests import factories
from tests.factories import SYSTEM

FIRST, LATER = date(2022, 6, 1), date(2022, 9, 1)


def look(session: Session, world: factories.World, revision: int) -> object:
    """Everything a reader can see of a view."""
    view = View(world.department, date(2022, 12, 31), revision)
    overview = capacity.overview(session, view, None)
    cuts = {by: breakdowns.page(session, view, by, after=None, limit=100) for by in By}
    return (
        overview.figures,
        overview.progress,
        cuts,
        capacity.series(session, view, date(2022, 1, 1), Step.MONTH),
    )


@pytest.fixture
def counted(world: factories.World) -> factories.World:
    """4.2 MW recognised for `alpha-1`, and a second project of another investor."""
    with world.database.changing(factories.stamp(FIRST)) as session:
        code = factories.declare(session, world.investor)
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta")
        factories.confirm(session, world.evn_spc, code)
    return world


def test_later_changes_do_not_touch_what_was_known(counted: factories.World) -> None:
    database = counted.database
    with database.reading() as session:
        then = journal.head(session)
        before = look(session, counted, then)
    with database.changing(factories.stamp(LATER)) as session:
        change = {"name": "Tên mới", "investor": "other-wind"}
        projects.change(session, SYSTEM, "alpha", ProjectChange.model_validate(change), None)
        projects.change(session, SYSTEM, "beta", ProjectChange.model_validate({"in_totals": False}), None)
        projects.change_phase(
            session, SYSTEM, "alpha-1", PhaseChange.model_validate({"nominal_mw": 49}), None
        )
        targets.change(session, SYSTEM, "377mw-2023", TargetChange.model_validate({"capacity_mw": 400}), None)
        factories.declare(session, counted.department, effective_on="2022-08-01")
    with database.reading() as session:
        assert look(session, counted, then) == before
        assert look(session, counted, journal.head(session)) != before


def test_a_project_counts_for_whoever_had_it_then(counted: factories.World) -> None:
    database = counted.database
    with database.reading() as session:
        then = journal.head(session)
    with database.changing(factories.stamp(LATER)) as session:
        projects.change(session, SYSTEM, "alpha", ProjectChange.model_validate({"investor": None}), None)
    with database.reading() as session:

        def investors(revision: int) -> dict[str | None, int]:
            view = View(counted.department, LATER, revision)
            lines = breakdowns.page(session, view, By.INVESTOR, after=None, limit=100)
            return {line.code: line.figures.operating_kw for line in lines}

        assert investors(then) == {"mekong-wind": 4200, "other-wind": 0}
        assert investors(journal.head(session)) == {"other-wind": 0, None: 4200}
