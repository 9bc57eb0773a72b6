"""What the weekly land table is made of: where things lie, what is marked, and what a work costs."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import CONNECTION, Database
from app.domain import land_table as domain
from app.domain.land_table import Row, Week
from app.domain.vocabulary import HouseholdStatus, LandLevel, UnitStage
from app.queries import journal, land_places, land_table
from app.queries.land_table import Scope
from tests import factories, lines

WEEK = Week(date(2023, 2, 2), date(2023, 2, 9), is_over=True)
JANUARY = date(2023, 1, 10)


def rows(session: Session, revision: int | None = None, **scope: Any) -> list[Row]:
    """The rows of every work in turn."""
    asked = Scope(scope.get("work"), scope.get("districts"), revision or journal.head(session))
    found = land_table.lands(session, asked, WEEK.until, land_places.names(session))
    return [row for each in found for row in domain.rows(each.land, WEEK)]


def brief(found: list[Row]) -> list[tuple[Any, ...]]:
    """Of each row: where it lies, its towers, its households, and whether it is marked."""
    return [
        (
            *(row.level.value, row.place.district, row.place.commune),
            *(row.figures.towers.listed, row.figures.households.total, row.is_illustrative),
        )
        for row in found
    ]


@pytest.fixture
def here(world: factories.World) -> factories.World:
    """A line whose land is kept in one package of a commune, one of a district alone and one of nowhere."""
    with world.database.changing(factories.stamp(JANUARY)) as session:
        factories.grid_work(session)
        factories.commune(session, "a")
        factories.commune(session, "b", "ba-tri")
        factories.commune(session, "lone", None)
        factories.clearance(session, commune="a", district="binh-dai")
        factories.clearance(session, "wide", district="ba-tri")
        factories.clearance(session, "loose")
        factories.clearance(session, "plant", project="alpha", district="ba-tri", commune="b")
        lines.towers(session, ["a", "b", "lone", None])
    return world


def test_a_case_lies_where_its_package_does_or_else_its_unit(here: factories.World) -> None:
    with here.database.changing(factories.stamp()) as session:
        for number, package, tower in (
            ("1", "land", None),
            # The package's commune is the case's, wherever the tower stands.
            ("2", "land", "2"),
            ("3", "wide", None),
            ("4", "wide", "2"),
            ("5", "loose", "1"),
            ("6", "loose", None),
            ("7", "loose", "4"),
        ):
            lines.case(session, number, HouseholdStatus.INVENTORIED, JANUARY, tower, package)
    with here.database.reading() as session:
        assert brief(rows(session)) == [
            ("work", None, None, 4, 7, False),
            ("district", "ba-tri", None, 1, 2, False),
            ("commune", "ba-tri", "b", 1, 1, False),
            ("commune", "ba-tri", None, 0, 1, False),
            ("district", "binh-dai", None, 1, 3, False),
            ("commune", "binh-dai", "a", 1, 3, False),
            ("district", None, None, 2, 2, False),
            ("commune", None, "lone", 1, 0, False),
            ("commune", None, None, 1, 2, False),
        ]


def test_a_work_has_rows_where_it_has_units_or_packages_and_only_in_the_districts_asked_for(
    here: factories.World,
) -> None:
    with here.database.changing(factories.stamp()) as session:
        before = journal.head(session)
        factories.grid_work(session, "bare")
        factories.grid_work(session, "new", kind="substation")
        factories.clearance(session, "site", work="new", district="ba-tri", commune="b")
    with here.database.reading() as session:
        assert [row.level for row in rows(session, work="new")] == list(LandLevel)
        assert (
            rows(session, work="bare") == rows(session, work="new", districts=frozenset({"binh-dai"})) == []
        )
        assert rows(session, work="new", revision=before) == []
        own = rows(session, districts=frozenset({"binh-dai"}))
        assert brief(own) == [
            ("work", None, None, 1, 0, False),
            ("district", "binh-dai", None, 1, 0, False),
            ("commune", "binh-dai", "a", 1, 0, False),
        ]
        assert [dict(row.stated) for row in own] == [{}, {}, {}]
        assert rows(session, districts=frozenset()) == []


def test_what_was_made_up_is_marked_where_it_lies_and_above(here: factories.World) -> None:
    def marked(session: Session, revision: int | None = None) -> set[str | None]:
        return {
            row.place.commune or row.place.district for row in rows(session, revision) if row.is_illustrative
        }

    with here.database.changing(factories.stamp()) as session:
        factories.commitment(session, units=["2"], is_illustrative=True)
    with here.database.reading() as session:
        before = journal.head(session)
        # The row of the work is marked by None.
        assert marked(session) == {None, "ba-tri", "b"}
    with here.database.changing(factories.stamp()) as session:
        factories.household(session, is_illustrative=True)
    with here.database.reading() as session:
        assert marked(session) == {None, "ba-tri", "b", "binh-dai", "a"}
        assert marked(session, before) == {None, "ba-tri", "b"}


def statements(session: Session) -> int:
    """How many statements the table costs."""
    driver: Any = session.info[CONNECTION].connection.driver_connection
    said: list[str] = []
    driver.set_trace_callback(said.append)
    rows(session)
    driver.set_trace_callback(None)
    return len(said)


def test_a_work_costs_the_same_statements_however_much_it_holds(sqlite_database: Database) -> None:
    world = factories.world(sqlite_database)
    with sqlite_database.changing(factories.stamp(JANUARY)) as session:
        factories.grid_work(session)
        factories.commune(session, "a")
        factories.clearance(session, commune="a", district="binh-dai")
        lines.towers(session, ["a"])
        factories.commitment(session, units=["1"])
        factories.obstacle(session, "clearance", "land")
    with world.database.reading() as session:
        few = statements(session)
    with sqlite_database.changing(factories.stamp()) as session:
        factories.commune(session, "b", "ba-tri")
        factories.clearance(session, "more", commune="b", district="ba-tri")
        for number in range(2, 40):
            factories.unit(session, str(number), position=number, commune="b")
        lines.told(session, UnitStage.SITE, map(str, range(1, 30)), JANUARY)
        for number in map(str, range(30)):
            lines.case(session, number, HouseholdStatus.PAID, JANUARY, "7", "more")
            factories.commitment(session, units=["1", "2", "3"])
            factories.obstacle(session, "clearance", "more")
    with world.database.reading() as session:
        assert statements(session) == few
        assert 10 <= few <= 20
