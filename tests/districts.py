"""Two districts with a commune each, their authorities, and the land of one line in both."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.access import Role
from app.queries import people as who
from app.schemas.people import KeyCreate, OrganisationCreate
from app.services import people as people_service
from tests import factories, lines
from tests.conftest import People, Person

BINH_DAI, CHAU_THANH = "binh-dai", "chau-thanh"


def land(world: factories.World) -> None:
    """The line of EVN SPC, which `alpha-1` needs, with towers 1 to 3 and sections K1 and K2; `land` and `corridor` of it in
    Bình Đại, `far` in Châu Thành; `plant` of project `alpha` in Bình Đại. Two authorities, whose actors and keys stand
    under the names of their districts."""
    with world.database.changing(factories.stamp(date(2023, 1, 24))) as session:
        factories.commune(session, "xa-dinh-trung", BINH_DAI)
        factories.commune(session, "xa-giao-long", CHAU_THANH)
        factories.grid_work(session)
        factories.connection(session)
        lines.towers(session, [None, None, None])
        lines.sections(session, 2)
        factories.clearance(session, "land", commune="xa-dinh-trung")
        factories.clearance(session, "corridor", track="corridor", commune="xa-dinh-trung")
        factories.clearance(session, "far", commune="xa-giao-long")
        factories.clearance(session, "plant", project="alpha", commune="xa-dinh-trung")
        for district in (BINH_DAI, CHAU_THANH):
            said = {"code": f"ubnd-{district}", "kind": "district_authority", "name": "UBND"}
            change = OrganisationCreate.model_validate(said | {"district": district})
            people_service.create_organisation(session, factories.SYSTEM, change)
            key = KeyCreate(organisation=change.code, role=Role.DISTRICT, login=district, days=1_100)
            world.keys[district], line = people_service.create_key(
                session, factories.SYSTEM, key, factories.at()
            )
            found = who.actor(session, line.key.digest)
            assert found is not None
            world.actors[district] = found


@dataclass
class Land(People):
    """The service with that land, and its two authorities."""

    binh_dai: Person
    chau_thanh: Person


def authorities(people: People) -> Land:
    """The people beside their two district authorities, once `land` has been made."""
    base = {name: getattr(people, name) for name in People.__dataclass_fields__}
    keys = people.world.keys
    return Land(
        **base,
        binh_dai=replace(people.anonymous, key=keys[BINH_DAI]),
        chau_thanh=replace(people.anonymous, key=keys[CHAU_THANH]),
    )
