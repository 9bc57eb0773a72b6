"""A made-up register of any size within seconds: bulk rows, in large changes that the journal seals like any other.

A project has three phases. A phase has four turbines, an approved and an installed measure, and one COD tranche; every
third tranche was declared and then confirmed, the others come from a source: ten ledger entries for three phases. The
last phase of a project has half of its turbines recognised, so that MW wait for something. Three projects need one grid
work, which one clearance package holds back (`seeding_works`). Each subject has every milestone of its template
(`seeding_milestones`): 43 for a phase, with its share of the others, and as many entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bench import seeding_works
from app.bench.seeding_milestones import RECORDED_AT, Milestones, Place, Row
from app.bench.seeding_milestones import TODAY as TODAY
from app.db import Database, Stamp
from app.domain.access import Actor, Role
from app.domain.vocabulary import (
    Account,
    EntryKind,
    Fact,
    Measure,
    OrganisationKind,
    Precision,
    SubjectKind,
    UnitLevel,
)
from app.schemas.people import KeyCreate, OrganisationCreate
from app.schemas.targets import TargetCreate
from app.services import journal, people, targets
from app.settings import Settings
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine

SEEDER = Actor(Role.SYSTEM, user="bench")
ROLES = {
    Role.INVESTOR: OrganisationKind.INVESTOR,
    Role.DEPARTMENT: OrganisationKind.DEPARTMENT,
    Role.EVN_SPC: OrganisationKind.GRID_COMPANY,
    Role.DISTRICT: OrganisationKind.DISTRICT_AUTHORITY,
}
# The organisations of the keys come first, in this order.
GRID_COMPANY = 1 + list(ROLES).index(Role.EVN_SPC)
PHASES_OF_A_PROJECT, PROJECTS_OF_AN_INVESTOR, DISTRICTS = 3, 25, 9
TURBINES_OF_A_PHASE, TURBINE_KW, INSTALLED_KW = 4, 4_200, 100_000
# Phases that need the same grid work come in one change.
PROJECTS_IN_A_CHANGE = 100 * seeding_works.PHASES_OF_A_WORK // PHASES_OF_A_PROJECT


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
        milestones = Milestones()
        for first in range(0, projects, PROJECTS_IN_A_CHANGE):
            numbers = range(first, min(projects, first + PROJECTS_IN_A_CHANGE))
            with database.changing(_stamp()) as session:
                _projects(session, numbers, phases)
                seeding_works.add(session, SEEDER, _inside(numbers, phases), GRID_COMPANY)
                milestones.add(session, journal.number(session, SEEDER), _places(numbers, phases))
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
    codes = {f"investor-{n:05}": f"Investor {n}" for n in investors}
    session.execute(
        insert(Organisation), [{"code": code, "name": name, **shared} for code, name in codes.items()]
    )
    for code in codes:
        # The rhythm of reports begins where the journal says that somebody is there.
        fact = Fact.ORGANISATION_CREATED
        journal.record(session, SEEDER, fact, "organisation", code, after={"code": code})


def _projects(session: Session, numbers: range, phases: int) -> None:
    """Projects with everything in them, and a fact for each. Ids are the database's own: 1, 2, 3 in an empty one."""
    revision = journal.number(session, SEEDER)
    inside = _inside(numbers, phases)
    session.execute(insert(Project), [_project(n, revision) for n in numbers])
    session.execute(insert(Phase), [_phase(n, revision) for n in inside])
    session.execute(insert(Turbine), list(chain.from_iterable(_turbines(n) for n in inside)))
    ledger = list(chain.from_iterable(_entries(n, revision) for n in inside))
    session.execute(insert(CapacityEntry), [entry for entry, _ in ledger])
    session.execute(insert(CapacityPosting), list(chain.from_iterable(postings for _, postings in ledger)))
    for n in numbers:
        after = {"code": _project_code(n), "phases": PHASES_OF_A_PROJECT}
        journal.record(session, SEEDER, Fact.PROJECT_CREATED, "project", _project_code(n), after=after)


def _places(numbers: range, phases: int) -> Iterator[Place]:
    """Every subject that has milestones, the subjects of one table in the order of their ids."""
    for n in numbers:
        yield Place(SubjectKind.PROJECT, n + 1, n + 1, _investor(n))
    for n in _inside(numbers, phases):
        project = n // PHASES_OF_A_PROJECT
        yield Place(SubjectKind.PHASE, n + 1, project + 1, _investor(project))
    yield from seeding_works.places(_inside(numbers, phases), GRID_COMPANY)


def _inside(numbers: range, phases: int) -> range:
    """The phases of some projects."""
    return range(numbers.start * PHASES_OF_A_PROJECT, min(phases, numbers.stop * PHASES_OF_A_PROJECT))


def _project(n: int, revision: int) -> Row:
    return {
        "code": _project_code(n),
        "name": f"Nhà máy điện gió số {n}",
        "investor_id": _investor(n),
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
    recognised = TURBINES_OF_A_PHASE if n % 3 < 2 else TURBINES_OF_A_PHASE // 2
    place: Row = {"revision": revision, "project_id": 1 + n // PHASES_OF_A_PROJECT, "phase_id": n + 1}
    place["is_illustrative"] = False

    def entry(
        number: int, kind: EntryKind, measure: Measure, kw: int, **posted: int
    ) -> tuple[Row, list[Row]]:
        on = day + timedelta(days=90 * min(number, 2))
        row = {"kind": kind, "measure": measure, "kw": kw, "effective_on": on, "precision": Precision.DAY}
        row |= {"tranche": None, "turbines": None, "reverses_id": None}
        if measure == Measure.OPERATING:
            row |= {"tranche": tranche, "turbines": tuple(f"T{t}" for t in range(1, recognised + 1))}
        if kind == EntryKind.CONFIRMED:
            row["reverses_id"] = first + number - 1
        postings = [
            {**place, "entry_id": first + number, "account": Account(name), "kw": moved, "effective_on": on}
            for name, moved in posted.items()
        ]
        return {**place, **row}, postings

    kw = recognised * TURBINE_KW
    yield entry(0, EntryKind.RECORDED, Measure.APPROVED, INSTALLED_KW, approved=INSTALLED_KW)
    yield entry(1, EntryKind.RECORDED, Measure.INSTALLED, INSTALLED_KW, installed=INSTALLED_KW)
    if n % 3:
        yield entry(2, EntryKind.RECOGNISED_BY_SOURCE, Measure.OPERATING, kw, recognised=kw)
    else:
        yield entry(2, EntryKind.DECLARED, Measure.OPERATING, kw, declared=kw)
        yield entry(3, EntryKind.CONFIRMED, Measure.OPERATING, kw, declared=-kw, recognised=kw)


def _investor(n: int) -> int:
    """Who builds a project, by the id of the organisation."""
    return 1 + len(ROLES) + n // PROJECTS_OF_AN_INVESTOR


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
    return Stamp(RECORDED_AT, "bench")
