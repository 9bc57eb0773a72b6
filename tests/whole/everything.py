"""A small world with something of every kind in it, for tests that go through every route."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.reporting import Rhythm
from app.domain.vocabulary import DocumentKind, SubjectKind
from app.queries import people as who
from app.schemas.documents import DocumentCreate
from app.schemas.people import KeyCreate
from app.schemas.progress_reports import ProgressReportSubmit
from app.services import documents, people, progress_reports
from tests import districts, factories

RHYTHM = Rhythm(4, 17, 7)


def fill(world: factories.World) -> None:
    """Adds land and lines, turbines, milestones, tranches in three states, measures, cases, an obstacle, a commitment, a
    document, limits of evacuation and reports. The keys of `admin` and `district` stand beside the others."""
    districts.land(world)
    world.keys["district"] = world.keys[districts.BINH_DAI]
    with world.database.changing(factories.stamp(date(2023, 1, 25))) as session:
        made = KeyCreate(organisation="doit", role=Role.ADMIN, login="admin", days=1_100)
        world.keys["admin"], line = people.create_key(session, factories.SYSTEM, made, factories.at())
        found = who.actor(session, line.key.digest)
        assert found is not None
        world.actors["admin"] = found
        factories.turbines(session, installed_on="2022-04-01")
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta")
        factories.measure(session, "installed", 29.4, "2022-04-01")
        for kind, code in [("phase", "alpha-1"), ("grid_work", "line"), ("clearance", "land")]:
            factories.apply(session, kind, code)
        factories.state(session, "W-E6", forecast_on="2023-03-31")
        factories.household(session, "H1", unit={"kind": "tower", "number": "1"}, owner_name="Nguyễn Văn A")
        factories.obstacle(session)
        factories.commitment(session, units=("1",))
        factories.evacuation_group(session, mw=149, phases=("alpha-1",))
        _paper(session, world.investor)
        for turbine, state in [("T1", "confirmed"), ("T2", "declared"), ("T3", "conditional")]:
            tranche = factories.declare(session, world.investor, turbines=[turbine])
            if state != "declared":
                more = {"condition": "Bổ sung biên bản nghiệm thu"} if state == "conditional" else {}
                factories.confirm(session, world.evn_spc, tranche, **more)
        report = ProgressReportSubmit.model_validate({"narrative": "Đã lắp đặt 7 tua-bin."})
        progress_reports.submit(session, world.investor, report, RHYTHM, factories.at(date(2023, 1, 25)))


def _paper(session: Session, actor: Actor) -> None:
    change = DocumentCreate(
        number="12/GP",
        kind=DocumentKind.LICENCE,
        issuer="Sở Công Thương",
        issued_on=date(2022, 1, 5),
        subject=SubjectKind.PHASE,
        subject_code="alpha-1",
    )
    documents.add(session, actor, change, factories.TODAY)
