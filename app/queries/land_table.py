"""What the weekly land table is made of: of each work its line, its cases, its packages, its promises and its obstacles.

A work costs its own size, whatever the number of its rows. Whoever asks may read household cases (`May.READ_HOUSEHOLDS`):
the department and the grid company everywhere, a district authority in its own district.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.land_table import Asked, Land, Promised
from app.domain.vocabulary import Party, SubjectKind
from app.queries import commitments, journal, land_places, units
from app.queries.land_places import Names, Places
from app.tables.base import key
from app.tables.obstacles import Obstacle
from app.tables.units import WorkUnit
from app.tables.works import Clearance, GridWork

# Who can clear an obstacle on the land, of those that a grid company calls the locality.
LOCALITY = (Party.UBT, Party.UBH, Party.UBX, Party.HDBT)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which works (None: all) in which districts (None: everywhere), as known at which revision; of the works those
    behind the code `after`."""

    work: str | None
    districts: frozenset[str] | None
    revision: int
    after: str | None = None


def districts(session: Session, actor: Actor, asked: str | None) -> frozenset[str] | None:
    """The districts whose land `actor` reads exactly, of those asked for: None for all of them."""
    reach = land_places.reach(session, actor)
    if asked is None:
        return reach
    return frozenset({asked}) if reach is None else reach & {asked}


@dataclass(frozen=True, slots=True)
class WorkLand:
    """A work, under the name it had then, with all that its rows are made of."""

    work: GridWork
    name: str
    land: Land


def lands(session: Session, scope: Scope, until: date, named: Names) -> Iterator[WorkLand]:
    """The works with units or packages, by code, one at a time, as they were known; for the week that ends on `until`."""
    works = _works(session, scope)
    packages = _packages(session, works, scope.revision)
    promised = commitments.of_works(session, works, scope.revision)
    asked = _asked(session, scope.revision, until)
    stood = journal.rewound(session, scope.revision, "grid_work")
    lay = journal.rewound(session, scope.revision, "clearance")
    for work in works:
        before = stood.get(work.code, {})
        places = Places(named, scope.districts, packages[key(work.id)], lay)
        cases = units.cases(session, work, scope.revision)
        line = units.line(session, work, scope.revision, cases)
        unit_places, case_places = places.of_units(line), places.of_cases(cases, line)
        units_made_up, cases_made_up = land_places.made_up(line, cases, promised[key(work.id)])
        land = Land(
            line=line,
            cases=cases,
            unit_places=unit_places,
            case_places=case_places,
            packages=frozenset(places.packages.values()),
            stated={}
            if scope.districts is not None
            else units.totals_on(session, work, scope.revision, until, before),
            promised=[Promised(each.row.stage, each.units, each.acts) for each in promised[key(work.id)]],
            asked=[*asked[SubjectKind.GRID_WORK, key(work.id)], *places.asked(asked)],
            illustrative=places.illustrative
            | {unit_places[i] for i in units_made_up & unit_places.keys()}
            | {case_places[i] for i in cases_made_up & case_places.keys()},
        )
        yield WorkLand(work, before.get("name") or work.name, land)


def _works(session: Session, scope: Scope) -> list[GridWork]:
    cleared = select(col(Clearance.work_id)).where(col(Clearance.work_id).is_not(None))
    holding = or_(
        col(GridWork.id).in_(select(col(WorkUnit.work_id))),
        col(GridWork.id).in_(cleared),
    )
    statement = select(GridWork).where(holding, col(GridWork.created_in) <= scope.revision)
    if scope.work is not None:
        statement = statement.where(col(GridWork.code) == scope.work)
    if scope.after is not None:
        statement = statement.where(col(GridWork.code) > scope.after)
    return list(session.execute(statement.order_by(col(GridWork.code))).scalars())


def _packages(session: Session, works: Iterable[GridWork], revision: int) -> dict[int, list[Clearance]]:
    statement = select(Clearance).where(
        col(Clearance.work_id).in_([work.id for work in works]), col(Clearance.created_in) <= revision
    )
    found: dict[int, list[Clearance]] = defaultdict(list)
    for package in session.execute(statement.order_by(col(Clearance.code))).scalars():
        found[key(package.work_id)].append(package)
    return found


def _asked(session: Session, revision: int, until: date) -> dict[tuple[SubjectKind, int], list[Asked]]:
    """What the locality was asked to clear away and had not by the end of a day, by subject, as it was known."""
    statement = select(Obstacle).where(
        col(Obstacle.subject).in_((SubjectKind.GRID_WORK, SubjectKind.CLEARANCE)),
        col(Obstacle.created_in) <= revision,
        col(Obstacle.raised_on) <= until,
    )
    stood = journal.rewound(session, revision, "obstacle")
    found: dict[tuple[SubjectKind, int], list[Asked]] = defaultdict(list)
    for row in session.execute(statement.order_by(col(Obstacle.id))).scalars():
        said = {**row.model_dump(), **stood.get(str(row.id), {})}
        closed_on = said["closed_on"]
        is_open = closed_on is None or str(closed_on) > until.isoformat()
        if is_open and said["responsible"] in LOCALITY:
            found[row.subject, row.subject_id].append(Asked(said["responsible"], said["title"]))
    return found
