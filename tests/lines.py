"""Tower positions, tension sections and cases as rows, for tests of what is computed from them: no rule is asked."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.units import KIND_OF
from app.domain.vocabulary import (
    DelayCause,
    Fact,
    HouseholdStatus,
    UnitKind,
    UnitLevel,
    UnitStage,
    UnitStatus,
)
from app.services import journal, unit_milestones
from app.tables.base import key
from app.tables.households import Household, HouseholdEntry
from app.tables.organisations import AdministrativeUnit
from app.tables.units import UnitEntry, UnitTotal, WorkUnit
from app.tables.works import Clearance, GridWork
from tests.factories import SYSTEM

DONE = UnitStatus.DONE


def work(session: Session, code: str = "line") -> GridWork:
    return session.execute(select(GridWork).where(GridWork.code == code)).scalar_one()


def communes(session: Session, *codes: str, district: str = "binh-dai") -> None:
    """Communes of a district."""
    for code in codes:
        session.add(
            AdministrativeUnit(code=code, level=UnitLevel.COMMUNE, name=f"Xã {code}", parent_code=district)
        )
    session.flush()


def towers(session: Session, communes: Iterable[str | None], code: str = "line", **more: object) -> None:
    """Towers 1, 2, … of a work, each in its commune."""
    _add(session, code, [(UnitKind.TOWER, str(n), n, place) for n, place in enumerate(communes, 1)], more)


def sections(session: Session, count: int, code: str = "line", **more: object) -> None:
    """Sections K1, K2, … of a work."""
    _add(session, code, [(UnitKind.SECTION, f"K{n}", n, None) for n in range(1, count + 1)], more)


def _add(
    session: Session, code: str, listed: list[tuple[UnitKind, str, int, str | None]], more: dict[str, object]
) -> None:
    revision = journal.record(session, SYSTEM, Fact.WORK_UNIT_CREATED, "work_unit", code, after={})
    for kind, number, position, commune in listed:
        session.add(
            WorkUnit(
                work_id=key(work(session, code).id),
                kind=kind,
                number=number,
                position=position,
                commune_code=commune,
                created_in=revision,
                revision=revision,
                **more,
            )
        )
    session.flush()


def unit(session: Session, kind: UnitKind, number: str, code: str = "line") -> WorkUnit:
    statement = select(WorkUnit).where(
        WorkUnit.work_id == work(session, code).id, WorkUnit.kind == kind, WorkUnit.number == number
    )
    return session.execute(statement).scalar_one()


def told(
    session: Session,
    stage: UnitStage,
    numbers: Iterable[str],
    on: date,
    status: UnitStatus = DONE,
    cause: DelayCause | None = None,
    code: str = "line",
) -> None:
    """From a day on a stage of some units stands so; the milestones follow."""
    revision = journal.record(session, SYSTEM, Fact.TOWER_HANDED_OVER, "work_unit", code, after={})
    for number in numbers:
        of = unit(session, KIND_OF[stage], number, code)
        session.add(
            UnitEntry(
                unit_id=key(of.id),
                work_id=of.work_id,
                revision=revision,
                stage=stage,
                status=status,
                effective_on=on,
                cause=cause,
            )
        )
    unit_milestones.follow(session, SYSTEM, work(session, code))


def total(session: Session, kind: UnitKind, number: int, on: date, code: str = "line") -> None:
    """A later version of a denominator; the milestones follow."""
    revision = journal.record(session, SYSTEM, Fact.TOTAL_STATED, "unit_total", code, after={"total": number})
    session.add(
        UnitTotal(
            work_id=key(work(session, code).id),
            kind=kind,
            total=number,
            effective_on=on,
            reason="Điều chỉnh hướng tuyến",
            revision=revision,
        )
    )
    unit_milestones.follow(session, SYSTEM, work(session, code))


def case(
    session: Session,
    number: str,
    status: HouseholdStatus,
    on: date,
    tower: str | None = None,
    package: str = "land",
    cause: DelayCause | None = None,
) -> None:
    """From a day on a case of a package stands so; it is made where it is not there. The milestones follow."""
    revision = journal.record(
        session, SYSTEM, Fact.HOUSEHOLD_MOVED, "household", f"{package}/{number}", after={}
    )
    of = session.execute(select(Clearance).where(Clearance.code == package)).scalar_one()
    found = select(Household).where(Household.clearance_id == of.id, Household.number == number)
    row = session.execute(found).scalar_one_or_none()
    if row is None:
        unit_id = None if tower is None else unit(session, UnitKind.TOWER, tower).id
        row = Household(
            clearance_id=key(of.id), number=number, unit_id=unit_id, created_in=revision, revision=revision
        )
        session.add(row)
        session.flush()
    session.add(
        HouseholdEntry(
            household_id=key(row.id),
            clearance_id=key(of.id),
            revision=revision,
            effective_on=on,
            status=status,
            cause=cause,
        )
    )
    unit_milestones.follow(session, SYSTEM, work(session))
