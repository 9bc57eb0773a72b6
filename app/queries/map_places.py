"""Where phases and lines stand on a map, and how exactly that is known. Nothing is placed by guess."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.vocabulary import UnitKind
from app.queries import capacity, journal, projects, subjects
from app.queries.capacity import View
from app.tables.base import key
from app.tables.projects import Phase, Turbine
from app.tables.units import WorkUnit
from app.tables.works import GridWork

NOTHING = Figures()
# What a drawing can hold.
MOST_PHASES, MOST_TURBINES, MOST_TOWERS = 400, 1_000, 5_000


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """The middle of the turbines of a phase whose coordinates are recorded, and how many those are."""

    middle: Point
    turbines: int


def clusters(session: Session, view: View) -> dict[str, Cluster]:
    """The phases with recorded coordinates by code, at most as many as a drawing can hold. Where a plant stands is public."""
    latitude, longitude = col(Turbine.latitude), col(Turbine.longitude)
    statement = (
        select(col(Phase.code), func.avg(latitude), func.avg(longitude), func.count())
        .join(Turbine, col(Turbine.phase_id) == col(Phase.id))
        .where(latitude.is_not(None), longitude.is_not(None), col(Phase.created_in) <= view.revision)
        .group_by(col(Phase.code))
        .order_by(col(Phase.code))
        .limit(MOST_PHASES)
    )
    return {code: Cluster(Point(lat, lon), n) for code, lat, lon, n in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class Located:
    """A phase that has a place. `is_unsplit`: MW of its project that operate name no phase."""

    code: str
    name: str
    name_en: str | None
    nominal_kw: int | None
    operating_kw: int
    is_unsplit: bool


def located(session: Session, view: View, codes: Collection[str]) -> list[Located]:
    """Those of some phases that count in the totals, by code, as of a view."""
    out = capacity.left_out(session, view.revision)
    statement = select(Phase).where(
        col(Phase.code).in_(codes),
        col(Phase.created_in) <= view.revision,
        col(Phase.project_id).not_in(out),
    )
    rows = session.execute(statement.order_by(col(Phase.code))).scalars().all()
    figures = capacity.by_phase(session, view, [key(row.id) for row in rows])
    unsplit = capacity.unsplit(session, view, list({row.project_id for row in rows}))
    then = journal.rewound(session, view.revision, "phase")
    return [
        Located(
            row.code,
            then.get(row.code, {}).get("name", row.name),
            then.get(row.code, {}).get("name_en", row.name_en),
            then.get(row.code, {}).get("nominal_kw", row.nominal_kw),
            figures.get(key(row.id), NOTHING).operating_kw,
            unsplit.get(row.project_id, NOTHING).operating_kw != 0,
        )
        for row in rows
    ]


def turbines(session: Session, view: View) -> list[Point]:
    """The single turbines of the phases whose detail the reader sees, at most as many as a drawing can hold."""
    latitude, longitude = col(Turbine.latitude), col(Turbine.longitude)
    statement = (
        select(latitude, longitude)
        .join(Phase, col(Phase.id) == col(Turbine.phase_id))
        .where(latitude.is_not(None), longitude.is_not(None), col(Phase.created_in) <= view.revision)
        .where(col(Phase.project_id).in_(projects.visible(view.actor)))
        .order_by(col(Turbine.id))
        .limit(MOST_TURBINES)
    )
    return [Point(lat, lon) for lat, lon in session.execute(statement) if lat is not None and lon is not None]


def lines(session: Session, view: View) -> Mapping[str, Sequence[Point]]:
    """The towers with coordinates of the works whose detail the reader sees, along each line, by the work's code."""
    seen: Collection[int] = subjects.works(session, view.actor)
    latitude, longitude = col(WorkUnit.latitude), col(WorkUnit.longitude)
    statement = (
        select(col(GridWork.code), latitude, longitude)
        .join(GridWork, col(GridWork.id) == col(WorkUnit.work_id))
        .where(col(WorkUnit.work_id).in_(seen), col(WorkUnit.kind) == UnitKind.TOWER)
        .where(latitude.is_not(None), longitude.is_not(None), col(WorkUnit.created_in) <= view.revision)
        .order_by(col(GridWork.code), col(WorkUnit.position))
        .limit(MOST_TOWERS)
    )
    found: dict[str, list[Point]] = defaultdict(list)
    for code, lat, lon in session.execute(statement):
        if lat is not None and lon is not None:
            found[code].append(Point(lat, lon))
    return found
