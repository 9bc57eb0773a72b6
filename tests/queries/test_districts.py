"""What a district authority sees: the land of its own district and the works that take it, asked of one or as a condition."""

import pytest
from sqlalchemy import literal, null, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.vocabulary import SubjectKind
from app.queries import subjects, works
from app.schemas.people import OrganisationChange
from app.services import people
from app.tables.base import Word
from tests import districts, factories

WORKS = {"line", "other"}
LAND = {"land", "corridor", "far", "plant", "nowhere"}


@pytest.fixture
def land(world: factories.World) -> factories.World:
    """That of `districts.land`, a work without land, and a package without a place."""
    districts.land(world)
    with world.database.changing(factories.stamp(hour=2)) as session:
        factories.grid_work(session, "other", owner=None)
        factories.clearance(session, "nowhere")
    return world


def seen(session: Session, actor: Actor, kind: SubjectKind) -> set[str]:
    """What is seen of a kind, which both ways of asking must agree on."""
    table = subjects.TABLES[kind]
    project_id = getattr(table, "project_id", null())
    where = subjects.visible(actor, literal(kind, Word(SubjectKind)), table.id, project_id)
    listed = set(session.execute(select(table.code).where(where)).scalars())
    for code in session.execute(select(table.code)).scalars():
        try:
            subjects.one(session, actor, kind, code)
        except NotFound:
            assert code not in listed
        else:
            assert code in listed
    return listed


@pytest.mark.parametrize(
    ("who", "grid", "packages"),
    [
        ("binh-dai", {"line"}, {"land", "corridor", "plant"}),
        ("chau-thanh", {"line"}, {"far"}),
        ("evn_spc", WORKS, LAND),
        ("department", WORKS, LAND),
        ("investor", {"line"}, LAND),
        ("stranger", set(), set()),
    ],
)
def test_who_sees_which_works_and_land(
    land: factories.World, who: str, grid: set[str], packages: set[str]
) -> None:
    with land.database.reading() as session:
        assert seen(session, land.actors[who], SubjectKind.GRID_WORK) == grid
        assert seen(session, land.actors[who], SubjectKind.CLEARANCE) == packages
        listed = works.packages(session, land.actors[who], works.PackageFilters(), after=None, limit=50)
        assert {package.clearance.code for package in listed} == packages


def test_a_district_authority_sees_no_project(land: factories.World) -> None:
    with land.database.reading() as session:
        actor = land.actors["binh-dai"]
        assert seen(session, actor, SubjectKind.PROJECT) == set()
        assert seen(session, actor, SubjectKind.PHASE) == set()


@pytest.mark.parametrize(("code", "district"), [("ubnd-binh-dai", None), ("other-wind", "binh-dai")])
def test_only_a_district_authority_with_its_district_sees_its_land(
    land: factories.World, code: str, district: str | None
) -> None:
    with land.database.changing(factories.stamp(hour=3)) as session:
        change = OrganisationChange(district=district)
        people.change_organisation(session, factories.SYSTEM, code, change, None)
    actor = land.stranger if district else land.actors["binh-dai"]
    with land.database.reading() as session:
        assert seen(session, actor, SubjectKind.GRID_WORK) == set()
        assert seen(session, actor, SubjectKind.CLEARANCE) == set()
