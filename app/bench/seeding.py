"""A made-up register of any size within seconds: bulk rows, in large changes that the journal seals like any other.

A project has three phases. A phase has four turbines, an approved and an installed measure, and one COD tranche; every
third tranche was declared and then confirmed, the others come from a source: ten ledger entries for three phases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import Database, Stamp
from app.domain.access import Actor, Role
from app.domain.vocabulary import Account, EntryKind, Fact, Measure, OrganisationKind, Precision, UnitLevel
from app.schemas.people import KeyCreate, OrganisationCreate
from app.schemas.targets import TargetCreate
from app.services import journal, people, targets
from app.settings import Settings
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine

SEEDER = Actor(Role.SYSTEM, user="bench")
# The day on which the measured service stands, so that a run tomorrow measures what a run today does.
TODAY = date(2023, 2, 7)
ROLES = {
    Role.INVESTOR: OrganisationKind.INVESTOR,
    Role.DEPARTMENT: OrganisationKind.DEPARTMENT,
    Role.EVN_SPC: OrganisationKind.GRID_COMPANY,
    Role.DISTRICT: OrganisationKind.DISTRICT_AUTHORITY,
}
PHASES_OF_A_PROJECT, PROJECTS_OF_AN_INVESTOR, DISTRICTS = 3, 25, 9
TURBINES_OF_A_PHASE, TURBINE_KW, INSTALLED_KW, TRANCHE_KW = 4, 4_200, 100_000, 16_800
PROJECTS_IN_A_CHANGE = 500

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """What a load generator needs to know: a key for each role, and the codes of the phases."""

    keys: dict[Role, str]
    phases: list[str]


def seed(settings: Settings, phases: int) -> Register:
    """Brings an empty database to the newest migration and fills it with `phases` phases."""
    database = Database(settings, seal=journal.seal)
    projects = -(-phases // PHASES_OF_A_PROJECT)
    try:
        database.upgrade()
        with database.changing(_stamp()) as session:
            keys = {role: _key(session, role, kind) for role, kind in ROLES.items()}
            _surroundings(session, projects)
        for first in range(0, projects, PROJECTS_IN_A_CHANGE):
            with database.changing(_stamp()) as session:
                _projects(session, range(first, min(projects, first + PROJECTS_IN_A_CHANGE)), phases)
    finally:
        database.close()
    return Register(keys, [_phase_code(n) for n in range(phases)])


def _key(session: Session, role: Role, kind: OrganisationKind) -> str:
    code = f"bench-{kind.value.replace('_', '-')}"
    change = OrganisationCreate(code=code, kind=kind, name=code)
    people.create_organisation(session, SEEDER, change)
    made = KeyCreate(organisation=code, role=role, login=f"bench.{role}")
    return people.create_key(session, SEEDER, made, _stamp().at)[0]


def _surroundings(session: Session, projects: int) -> None:
    """A target, the districts, and the other investors."""
    change = TargetCreate.model_validate(
        {"code": "bench", "name": "bench", "capacity_mw": 377, "due_on": "2023-12-31"}
    )
    targets.create(session, SEEDER, change)
    units = [
        {"code": _district(n), "level": UnitLevel.DISTRICT, "name": _district(n)} for n in range(DISTRICTS)
    ]
    investors = range(-(-projects // PROJECTS_OF_AN_INVESTOR))
    shared = {"kind": OrganisationKind.INVESTOR, "revision": journal.number(session, SEEDER)}
    session.execute(insert(AdministrativeUnit), units)
    session.execute(
        insert(Organisation),
        [{"code": f"investor-{n:05}", "name": f"Investor {n}", **shared} for n in investors],
    )


def _projects(session: Session, numbers: range, phases: int) -> None:
    """Projects with everything in them, and a fact for each. Ids are the database's own: 1, 2, 3 in an empty one."""
    revision = journal.number(session, SEEDER)
    inside = range(numbers.start * PHASES_OF_A_PROJECT, min(phases, numbers.stop * PHASES_OF_A_PROJECT))
    session.execute(insert(Project), [_project(n, revision) for n in numbers])
    session.execute(insert(Phase), [_phase(n, revision) for n in inside])
    session.execute(insert(Turbine), list(chain.from_iterable(_turbines(n) for n in inside)))
    ledger = list(chain.from_iterable(_entries(n, revision) for n in inside))
    session.execute(insert(CapacityEntry), [entry for entry, _ in ledger])
    session.execute(insert(CapacityPosting), list(chain.from_iterable(postings for _, postings in ledger)))
    for n in numbers:
        after = {"code": _project_code(n), "phases": PHASES_OF_A_PROJECT}
        journal.record(session, SEEDER, Fact.PROJECT_CREATED, "project", _project_code(n), after=after)


def _project(n: int, revision: int) -> Row:
    return {
        "code": _project_code(n),
        "name": f"Nhà máy điện gió số {n}",
        "investor_id": len(ROLES) + 1 + n // PROJECTS_OF_AN_INVESTOR,
        "district_code": _district(n % DISTRICTS),
        "in_totals": True,
        "is_illustrative": False,
        "created_in": revision,
        "revision": revision,
    }


def _phase(n: int, revision: int) -> Row:
    return {
        "project_id": 1 + n // PHASES_OF_A_PROJECT,
        "code": _phase_code(n),
        "name": f"Giai đoạn {n}",
        "nominal_kw": INSTALLED_KW,
        "planned_cod_on": _day(n) + timedelta(days=300),
        "is_illustrative": False,
        "created_in": revision,
    }


def _turbines(n: int) -> Iterator[Row]:
    for number in range(1, TURBINES_OF_A_PHASE + 1):
        yield {"phase_id": n + 1, "number": f"T{number}", "nameplate_kw": TURBINE_KW, "installed_on": _day(n)}


def _entries(n: int, revision: int) -> Iterator[tuple[Row, list[Row]]]:
    """The entries of a phase with what each posts."""
    day, tranche = _day(n), f"{_project_code(n // PHASES_OF_A_PROJECT)}.{n % PHASES_OF_A_PROJECT + 1}"
    first = 1 + 3 * n + -(-n // 3)
    place: Row = {"revision": revision, "project_id": 1 + n // PHASES_OF_A_PROJECT, "phase_id": n + 1}
    place["is_illustrative"] = False

    def entry(
        number: int, kind: EntryKind, measure: Measure, kw: int, **posted: int
    ) -> tuple[Row, list[Row]]:
        on = day + timedelta(days=90 * min(number, 2))
        row = {"kind": kind, "measure": measure, "kw": kw, "effective_on": on, "precision": Precision.DAY}
        row |= {"tranche": None, "turbines": None, "reverses_id": None}
        if measure == Measure.OPERATING:
            row |= {"tranche": tranche, "turbines": tuple(f"T{t}" for t in range(1, TURBINES_OF_A_PHASE + 1))}
        if kind == EntryKind.CONFIRMED:
            row["reverses_id"] = first + number - 1
        postings = [
            {**place, "entry_id": first + number, "account": Account(name), "kw": moved, "effective_on": on}
            for name, moved in posted.items()
        ]
        return {**place, **row}, postings

    kw = TRANCHE_KW
    yield entry(0, EntryKind.RECORDED, Measure.APPROVED, INSTALLED_KW, approved=INSTALLED_KW)
    yield entry(1, EntryKind.RECORDED, Measure.INSTALLED, INSTALLED_KW, installed=INSTALLED_KW)
    if n % 3:
        yield entry(2, EntryKind.RECOGNISED_BY_SOURCE, Measure.OPERATING, kw, recognised=kw)
    else:
        yield entry(2, EntryKind.DECLARED, Measure.OPERATING, kw, declared=kw)
        yield entry(3, EntryKind.CONFIRMED, Measure.OPERATING, kw, declared=-kw, recognised=kw)


def _day(n: int) -> date:
    """Days spread over six years, so that a series has something to add up."""
    return date(2016, 1, 1) + timedelta(days=n * 7 % 2_000)


def _project_code(n: int) -> str:
    return f"wind-{n:05}"


def _phase_code(n: int) -> str:
    return f"wind-{n // PHASES_OF_A_PROJECT:05}-{n % PHASES_OF_A_PROJECT + 1}"


def _district(n: int) -> str:
    return f"district-{n}"


def _stamp() -> Stamp:
    return Stamp(datetime(2023, 2, 6, 12, tzinfo=UTC), "bench")
