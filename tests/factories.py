"""Rows for tests, as plain functions with defaults. They change the world only through the services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.db import Database, Stamp
from app.domain.access import Actor, Role
from app.domain.vocabulary import SubjectKind, UnitLevel
from app.domain.words import Lang
from app.queries import people as who
from app.schemas.commitments import CommitmentMake
from app.schemas.evacuation import EvacuationGroupCreate, EvacuationLimitState, EvacuationPathPut
from app.schemas.households import HouseholdPut
from app.schemas.ledger import MeasureRecord, TrancheConfirm, TrancheDeclare
from app.schemas.milestones import BatchQuery, InstanceCreate, MilestoneChange, TemplateApply
from app.schemas.obstacles import ObstacleRaise
from app.schemas.people import KeyCreate, OrganisationCreate
from app.schemas.projects import PhaseCreate, ProjectCreate, TurbineCreate
from app.schemas.register import UnitLine
from app.schemas.targets import TargetCreate
from app.schemas.units import UnitBatch, UnitRow
from app.schemas.works import ClearanceCreate, ConnectionPut, GridWorkCreate
from app.services import (
    clearances,
    commitments,
    entries,
    evacuation,
    evacuation_limits,
    households,
    milestones,
    obstacles,
    people,
    projects,
    references,
    targets,
    templates,
    tranches,
    unit_batches,
    works,
)

TODAY = date(2023, 2, 7)
SYSTEM = Actor(Role.SYSTEM, user="tests")


def at(day: date = TODAY, hour: int = 3) -> datetime:
    """An instant on `day`; 03:00 UTC is 10:00 in Viet Nam."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def stamp(day: date = TODAY, hour: int = 3) -> Stamp:
    """A change made on `day` at `hour` UTC."""
    return Stamp(at(day, hour), "test")


@dataclass
class World:
    """What `world` made: actors and keys by name, and the database they live in."""

    database: Database
    actors: dict[str, Actor]
    keys: dict[str, str]
    url: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def investor(self) -> Actor:
        return self.actors["investor"]

    @property
    def stranger(self) -> Actor:
        return self.actors["stranger"]

    @property
    def department(self) -> Actor:
        return self.actors["department"]

    @property
    def evn_spc(self) -> Actor:
        return self.actors["evn_spc"]


PEOPLE = {
    "investor": ("mekong-wind", "investor", "investor"),
    "stranger": ("other-wind", "investor", "investor"),
    "department": ("doit", "department", "department"),
    "evn_spc": ("evn-spc", "grid_company", "evn_spc"),
}


def world(database: Database) -> World:
    """Four organisations with a user and a key each; project `alpha` of the investor with phase `alpha-1` (30 MW);
    the 377 MW target."""
    actors: dict[str, Actor] = {}
    keys: dict[str, str] = {}
    with database.changing(stamp(date(2021, 1, 1))) as session:
        for name, (code, kind, role) in PEOPLE.items():
            organisation(session, code, kind)
            keys[name], line = people.create_key(
                session,
                SYSTEM,
                KeyCreate(organisation=code, role=Role(role), login=name, days=1_100),
                at(date(2021, 1, 1)),
            )
            found = who.actor(session, line.key.digest)
            assert found is not None
            actors[name] = found
        project(session)
        phase(session)
        target(session)
    return World(database, actors, keys)


def organisation(session: Session, code: str, kind: str = "investor") -> None:
    change = OrganisationCreate.model_validate({"code": code, "kind": kind, "name": f"Tổ chức {code}"})
    people.create_organisation(session, SYSTEM, change)


def project(session: Session, code: str = "alpha", investor: str | None = "mekong-wind", **more: Any) -> None:
    change = {"code": code, "name": f"Dự án {code}", "investor": investor, **more}
    projects.create(session, SYSTEM, ProjectCreate.model_validate(change))


def phase(
    session: Session,
    code: str = "alpha-1",
    project: str = "alpha",
    nominal_mw: float | None = 30,
    **more: Any,
) -> None:
    change = {"code": code, "project": project, "name": f"Giai đoạn {code}", "nominal_mw": nominal_mw, **more}
    projects.create_phase(session, SYSTEM, PhaseCreate.model_validate(change))


def turbines(
    session: Session, phase: str = "alpha-1", count: int = 7, mw: float = 4.2, **days: Any
) -> list[str]:
    """`count` turbines T1… of `mw` each; `days` may give installed_on, energised_on, synchronised_on, tested_on."""
    numbers = [f"T{n}" for n in range(1, count + 1)]
    for number in numbers:
        change = TurbineCreate.model_validate({"number": number, "nameplate_mw": mw, **days})
        projects.create_turbine(session, SYSTEM, phase, change, None, TODAY)
    return numbers


def grid_work(session: Session, code: str = "line", owner: str | None = "evn-spc", **more: Any) -> None:
    change = {"code": code, "kind": "line", "name": f"Đường dây {code}", "owner": owner, **more}
    works.create(session, SYSTEM, GridWorkCreate.model_validate(change))


def connection(session: Session, phase: str = "alpha-1", work: str = "line", **more: Any) -> None:
    change = ConnectionPut.model_validate({"kind": "point_of_connection", **more})
    works.put_connection(session, SYSTEM, phase, work, change, None)


def clearance(session: Session, code: str = "land", **more: Any) -> None:
    """A package of the work `line` unless `work` or `project` says of what else."""
    holder = {} if {"work", "project"} & set(more) else {"work": "line"}
    change = {"code": code, "name": f"Mặt bằng {code}", "track": "recovered_land", **holder, **more}
    clearances.create(session, SYSTEM, ClearanceCreate.model_validate(change))


def commune(
    session: Session, code: str = "xa-thua-duc", district: str | None = "binh-dai", **more: Any
) -> None:
    """A commune, and its district where one is named."""
    if district is not None:
        line = UnitLine(code=district, level=UnitLevel.DISTRICT, name=f"Huyện {district}")
        references.put_unit(session, SYSTEM, line)
    said = {"code": code, "level": "commune", "name": f"Xã {code}", "parent": district, **more}
    references.put_unit(session, SYSTEM, UnitLine.model_validate(said))


def household(session: Session, number: str = "T1", package: str = "land", **more: Any) -> None:
    """A case of a package, inventoried unless `more` says otherwise."""
    change = HouseholdPut.model_validate({"status": "inventoried", **more})
    households.put(session, SYSTEM, package, number, change, None, TODAY)


def apply(session: Session, kind: str = "phase", code: str = "alpha-1", **more: Any) -> None:
    """Gives a subject the milestones of its template."""
    change = TemplateApply.model_validate(more)
    templates.apply(session, SYSTEM, SubjectKind(kind), code, change)


def state(
    session: Session,
    milestone: str,
    kind: str = "phase",
    code: str = "alpha-1",
    actor: Actor = SYSTEM,
    **days: Any,
) -> None:
    """States days of a milestone."""
    change = MilestoneChange.model_validate(days)
    milestones.change(session, actor, SubjectKind(kind), code, milestone, change, None, TODAY)


def instance(
    session: Session, milestone: str, kind: str = "phase", code: str = "alpha-1", **more: Any
) -> None:
    """One more instance of a milestone that repeats."""
    change = InstanceCreate.model_validate(more)
    templates.add_instance(session, SYSTEM, SubjectKind(kind), code, milestone, change)


def obstacle(session: Session, kind: str = "phase", code: str = "alpha-1", **more: Any) -> int:
    """Raises an obstacle for the district to clear; returns its id."""
    said = {"kind": "land_price", "title": "Chưa thống nhất đơn giá", "responsible": "UBH"}
    change = ObstacleRaise.model_validate({**said, "subject": kind, "subject_code": code, **more})
    row = obstacles.raise_obstacle(session, SYSTEM, change, TODAY)
    assert row.id is not None
    return row.id


def unit(session: Session, number: str = "T1", work: str = "line", kind: str = "tower", **more: Any) -> None:
    """A tower at the first position of a line, unless `more` says where, and what is reported of it."""
    place = {"position": 1} if kind == "tower" else {}
    row = UnitRow.model_validate({"kind": kind, "number": number, **place, **more})
    unit_batches.put(session, SYSTEM, work, row, TODAY, Lang.VI)


def commitment(session: Session, work: str = "line", units: Sequence[str] = ("T1",), **more: Any) -> int:
    """The district promises the sites of some towers; returns the id."""
    said = {"work": work, "stage": "site", "units": list(units), "responsible": "UBH", "due_on": "2023-02-20"}
    row = commitments.make(session, SYSTEM, CommitmentMake.model_validate(said | more), TODAY)
    assert row.id is not None
    return row.id


def target(session: Session, code: str = "377mw-2023", mw: float = 377, due_on: str = "2023-12-31") -> None:
    change = {"code": code, "name": "Mục tiêu", "capacity_mw": mw, "due_on": due_on}
    targets.create(session, SYSTEM, TargetCreate.model_validate(change))


def measure(
    session: Session,
    measure: str,
    mw: float,
    effective_on: str,
    phase: str = "alpha-1",
    today: date = TODAY,
    **more: Any,
) -> int:
    """Records one measure of the ladder; returns the entry's id."""
    change = {"measure": measure, "capacity_mw": mw, "effective_on": effective_on, **more}
    return entries.record(session, SYSTEM, phase, MeasureRecord.model_validate(change), today)


def declaration(mw: float = 4.2, effective_on: str = "2022-05-01", **more: Any) -> dict[str, Any]:
    """The body of a declaration."""
    return {"capacity_mw": mw, "effective_on": effective_on, **more}


def letter(**more: Any) -> dict[str, Any]:
    """The body of a confirmation."""
    return {"letter_number": "123/EPTC-KD", "letter_on": "2022-05-10", **more}


def declare(session: Session, actor: Actor, phase: str = "alpha-1", today: date = TODAY, **more: Any) -> str:
    """Declares a tranche; returns its code."""
    return tranches.declare(session, actor, phase, TrancheDeclare.model_validate(declaration(**more)), today)


def confirm(session: Session, actor: Actor, code: str, today: date = TODAY, **more: Any) -> None:
    """Confirms a tranche by letter."""
    session.flush()
    tranches.confirm(session, actor, code, TrancheConfirm.model_validate(letter(**more)), None, today)


def evacuation_group(
    session: Session, code: str = "node", mw: float | None = None, phases: Sequence[str] = (), **more: Any
) -> None:
    """A group of EVN SPC that the power of some phases enters, with an existing limit from 21/05/2021 where one is given."""
    said = {"code": code, "name": f"Nút {code}", "owner": "evn-spc", **more}
    evacuation.create(session, SYSTEM, EvacuationGroupCreate.model_validate(said))
    for phase in phases:
        evacuation.put_phase(session, SYSTEM, code, phase, EvacuationPathPut(), None)
    if mw is not None:
        evacuation_limit(session, code, mw)


def evacuation_limit(session: Session, group: str = "node", mw: float = 149, **more: Any) -> int:
    """States a limit of a group on a letter of EVN SPC; returns its id."""
    said = {"capacity_mw": mw, "condition": "existing", "valid_from": "2021-05-21", **more}
    letter = {"letter_number": "12/SPC", "letter_on": "2021-05-21", "letter_issuer": "EVN SPC"}
    change = EvacuationLimitState.model_validate(letter | said)
    row = evacuation_limits.state(session, SYSTEM, group, change, None, TODAY)
    assert row.id is not None
    return row.id


def towers(session: Session, work: str, count: int) -> None:
    """So many towers on an empty line, numbered by their positions; nothing is reported of them."""
    numbers = range(1, count + 1)
    rows = [UnitRow.model_validate({"kind": "tower", "number": str(n), "position": n}) for n in numbers]
    unit_batches.change(session, SYSTEM, work, UnitBatch(rows=rows), BatchQuery(), TODAY, Lang.VI)
