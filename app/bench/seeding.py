"""A made-up register of any size, written in seconds: bulk rows in large changes that the journal seals as always."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.db import Database, Stamp
from app.domain.access import Actor, Role
from app.domain.vocabulary import Account, EntryKind, Fact, Measure, OrganisationKind, Precision, UnitLevel
from app.queries import people as who
from app.schemas.people import KeyCreate, OrganisationCreate
from app.schemas.targets import TargetCreate
from app.services import journal, people, targets
from app.settings import Settings
from app.tables.base import key
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine

SEEDER = Actor(Role.SYSTEM, user="bench")
# The day the service believes it is, so that a run tomorrow measures what a run today does.
TODAY = date(2023, 2, 7)
PHASES_OF_A_PROJECT = 3
PROJECTS_OF_AN_INVESTOR = 25
DISTRICTS = 9
TURBINES = 4
TURBINE_KW = 4_200
IN_ONE_CHANGE = 1_000
ROLES = {
    Role.INVESTOR: OrganisationKind.INVESTOR,
    Role.DEPARTMENT: OrganisationKind.DEPARTMENT,
    Role.EVN_SPC: OrganisationKind.GRID_COMPANY,
    Role.DISTRICT: OrganisationKind.DISTRICT_AUTHORITY,
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a load generator needs to know of the register: a key per role, and the codes of the phases."""

    keys: dict[Role, str]
    phases: list[str]
    entries: int


def seed(settings: Settings, phases: int) -> Seeded:
    """Fills an empty database with `phases` phases, ten ledger entries for every three of them, and four turbines each."""
    database = Database(settings, seal=journal.seal)
    try:
        database.upgrade()
        with database.changing(_stamp(0)) as session:
            keys = {role: _person(session, role, kind) for role, kind in ROLES.items()}
            _surroundings(session, phases)
        for first in range(0, phases, IN_ONE_CHANGE):
            with database.changing(_stamp(1 + first)) as session:
                _phases(session, range(first, min(phases, first + IN_ONE_CHANGE)))
        with database.reading() as session:
            verdict = who_verifies(session)
    finally:
        database.close()
    return Seeded(keys, [_code(n) for n in range(phases)], verdict)
