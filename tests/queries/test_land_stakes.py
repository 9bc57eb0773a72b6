"""Whose land a district authority is told of, and that MW behind it are the same whatever they are asked by."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.errors import Forbidden, NotFound
from app.domain.vocabulary import DelayCause, HouseholdStatus, UnitStage, UnitStatus
from app.outside import shipped
from app.queries import journal, land_stakes
from app.queries.capacity import View
from app.queries.land_stakes import LandStake
from app.schemas.land_stakes import LandStakeQuery, StakeBy
from app.tables.organisations import Organisation
from app.tables.works import Clearance
from tests import factories, lines
from tests.factories import TODAY, World

JANUARY = date(2023, 1, 10)


@dataclass
class Land:
    world: World
    district: Actor


@pytest.fixture
def land(world: World) -> Land:
    """A line that alpha-1 needs through two districts, with a tower and two cases in each; a line in a third one."""
    with world.database.changing(factories.stamp()) as session:
        factories.organisation(session, "binh-dai", "district_authority")
        authority = select(Organisation.id).where(Organisation.code == "binh-dai")
        own = session.execute(authority).scalar_one()
        for code in ("line", "far"):
            factories.grid_work(session, code)
        factories.connection(session)
        factories.apply(session)
        factories.apply(session, "grid_work", "line")
        for code, work in (("here", "line"), ("there", "line"), ("elsewhere", "far")):
            factories.clearance(session, code, work=work)
        # Which land is whose; the districts themselves are of no matter here.
        lines.communes(session, "binh-dai", "ba-tri", district="ben-tre")
        session.execute(update(Organisation).where(Organisation.id == own).values(district_code="binh-dai"))
        for code, district in (("here", "binh-dai"), ("there", "ba-tri"), ("elsewhere", "ba-tri")):
            session.execute(update(Clearance).where(Clearance.code == code).values(district_code=district))
        lines.communes(session, "a", "b")
        lines.towers(session, ["a", "b"])
        lines.towers(session, ["b"], "far")
        for package, tower in (("here", "1"), ("there", "2")):
            for number in ("H1", "H2"):
                lines.case(session, number, HouseholdStatus.PAID, JANUARY, tower, package)
    return Land(world, Actor(Role.DISTRICT, organisation_id=own, organisation="binh-dai"))


def found(session: Session, actor: Actor, by: StakeBy = StakeBy.UNIT, **more: str) -> list[LandStake]:
    view = View(actor, TODAY, journal.head(session))
    asked = LandStakeQuery.model_validate({"by": by, **more})
    return land_stakes.at_stake(session, view, shipped.calendar(None), asked)[1]


def shown(rows: list[LandStake]) -> list[tuple[str, str, int]]:
    return [(row.work.code, row.label, row.at.kw) for row in rows]


def test_a_district_is_told_of_the_works_on_its_land_and_of_its_own_cases_alone(land: Land) -> None:
    with land.world.database.reading() as session:
        assert shown(found(session, land.district)) == [
            ("line", "tower 1", 30_000),
            ("line", "tower 2", 30_000),
        ]
        own = [("line", "here H1", 30_000), ("line", "here H2", 30_000)]
        assert shown(found(session, land.district, StakeBy.HOUSEHOLD)) == own
        assert shown(found(session, land.district, StakeBy.HOUSEHOLD, work="line")) == own
        assert len(found(session, land.world.department, StakeBy.HOUSEHOLD)) == 4
        with pytest.raises(NotFound):
            found(session, land.district, work="far")
        with pytest.raises(Forbidden):
            found(session, land.world.investor, StakeBy.HOUSEHOLD)


def test_every_open_unit_stands_in_one_group_however_they_are_grouped(land: Land) -> None:
    with land.world.database.changing(factories.stamp(hour=4)) as session:
        told = UnitStatus.BLOCKED, DelayCause.LAND_PRICE, "far"
        lines.told(session, UnitStage.SITE, "1", JANUARY, *told)
    with land.world.database.reading() as session:
        by = {
            each: found(session, land.world.department, each) for each in StakeBy if each != StakeBy.HOUSEHOLD
        }
    units = {
        each: sorted((row.work.code, of.unit.number) for row in rows for of in row.opens if of.unit)
        for each, rows in by.items()
    }
    assert units[StakeBy.UNIT] == units[StakeBy.COMMUNE] == units[StakeBy.CAUSE]
    assert len(units[StakeBy.UNIT]) == 3
    # A phase counts once in a group, so the most a work holds is the same by whatever it is asked.
    assert {max(row.at.kw for row in rows) for rows in by.values()} == {30_000}
    # Nobody needs the far line: its tower holds nothing, and stands last.
    assert [shown(rows)[-1][::2] for rows in by.values()] == [("far", 0)] * 3


def test_the_list_is_in_one_order_that_a_cursor_can_follow(land: Land) -> None:
    with land.world.database.reading() as session:
        rows = found(session, land.world.department)
    orders = [row.order for row in rows]
    assert orders == sorted(orders)
    assert len({str(order) for order in orders}) == len(orders)
