"""What is illustrative is marked from its first entry on, and can be left out of every figure."""

from datetime import date

import pytest

from app.domain.errors import Conflict
from app.domain.vocabulary import Account
from app.queries import capacity, journal
from app.queries.capacity import View
from app.schemas.projects import ProjectChange
from app.services import projects
from tests import factories


def test_entries_of_an_illustrative_project_are_left_out_with_it(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.project(session, "story", is_illustrative=True)
        factories.phase(session, "story-1", "story")
        factories.measure(session, "installed", 10, "2022-01-01", phase="story-1")
        factories.measure(session, "installed", 5, "2022-01-01")
    with world.database.reading() as session:
        for with_illustrative, kw in ((True, 15_000), (False, 5_000)):
            view = View(world.department, date(2022, 2, 1), journal.head(session), with_illustrative)
            assert capacity.totals(session, view).kw(Account.INSTALLED) == kw


def test_what_has_entries_does_not_become_illustrative(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.measure(session, "installed", 5, "2022-01-01")
    change = ProjectChange.model_validate({"is_illustrative": True})
    with world.database.changing(factories.stamp()) as session, pytest.raises(Conflict):
        projects.change(session, factories.SYSTEM, "alpha", change, None)
