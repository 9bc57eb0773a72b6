"""Keeping one case of land clearance, and who may keep which."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, require
from app.domain.errors import Forbidden
from app.domain.problems import Problem
from app.domain.rules import Finding
from app.queries import households, subjects
from app.queries.subjects import Holder
from app.schemas.households import HouseholdPut
from app.services.household_cases import Cases
from app.tables.works import Clearance


def put(
    session: Session,
    actor: Actor,
    code: str,
    number: str,
    change: HouseholdPut,
    expected: int | None,
    today: date,
) -> list[Finding]:
    """Adds a case of a package or changes it, and returns what the rules warn of; the same again changes nothing.

    NotFound where the package is not the actor's to see, Forbidden where another keeps its cases, Stale where the case
    has moved on since revision `expected`; Invalid or RuleBroken as `Cases.tell` says.
    """
    require(actor, May.REPORT_LAND)
    holder = households.package(session, actor, code)
    require_keeper(session, actor, holder)
    cases = Cases(session, actor, [holder], today, number=number)
    found = cases.tell(code, number, change, expected)
    cases.write()
    return found


def require_keeper(session: Session, actor: Actor, holder: Holder) -> None:
    """Refuses with Forbidden all but the owner of the work, the district of the land, and who keeps those of others."""
    row = holder.row
    assert isinstance(row, Clearance)
    own = holder.project is None and holder.owner_id is not None and holder.owner_id == actor.organisation_id
    if not (own or actor.may(May.REPORT_FOR_OTHERS) or subjects.keeps_district(session, actor, row)):
        raise Forbidden(Problem.NOT_ALLOWED, act=May.REPORT_LAND.value)
