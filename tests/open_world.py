"""A world with something in every file and layer of the open formats: of the investor, of a stranger, and of EVN SPC."""

from app.schemas.projects import TurbineChange
from app.services import projects
from tests import factories, reading

# What only those who see the detail of `alpha` may read, wherever it is written.
SECRET = "BÍ MẬT"


def furnish(world: factories.World) -> None:
    """Project `alpha` (investor) with two placed turbines of three, MW recognised and declared, and the line it needs with
    two placed towers of three; project `beta` (stranger) without any place."""
    with world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=3, installed_on="2022-04-01", energised_on="2022-04-10", synchronised_on="2022-04-11", tested_on="2022-04-12")  # fmt: skip
        factories.measure(session, "installed", 12.6, "2022-04-01")
        code = factories.declare(session, world.investor, turbines=("T1",), note=SECRET)
        factories.confirm(session, world.evn_spc, code)
        factories.declare(session, world.investor, turbines=("T2",), note=SECRET)
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta", 20.5)
        factories.commune(session)
        reading.furnish(session, world, "alpha", "alpha-1")
        factories.unit(session, "T3", position=3, commune="xa-thua-duc")
        for number, latitude in (("T1", 10.1), ("T2", 10.2)):
            factories.unit(session, number, latitude=latitude, longitude=106.5, position=int(number[1]))
        factories.unit(
            session, "T1", reports=[{"stage": "site", "status": "done", "effective_on": "2023-01-05"}]
        )
    place(world)


def place(world: factories.World) -> None:
    """Places turbines T1 and T2 of `alpha-1`."""
    with world.database.changing(factories.stamp(hour=4)) as session:
        for number, latitude in (("T1", 9.9), ("T2", 9.95)):
            change = TurbineChange.model_validate({"latitude": latitude, "longitude": 106.7})
            projects.change_turbine(
                session, factories.SYSTEM, "alpha-1", number, change, None, factories.TODAY
            )
