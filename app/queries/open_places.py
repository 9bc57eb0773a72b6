"""Where things stand, for open formats: what is recorded, else what the package's sources say, else nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app import register
from app.domain.columns import Record
from app.domain.vocabulary import LocationAccuracy, UnitKind
from app.outside import shipped
from app.queries import projects, subjects
from app.queries.capacity import View
from app.queries.map_places import Point
from app.tables.base import key
from app.tables.projects import Phase, Turbine
from app.tables.units import WorkUnit


@dataclass(frozen=True, slots=True)
class Item:
    """A record with its name among those of its kind, and where it stands as far as that is known."""

    name: str
    record: Record
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Page:
    """Some items by name, and the name after which the next page starts; None where there is no more."""

    items: Sequence[Item]
    after: str | None


# From the most exact to the least.
_RANKS = {accuracy: rank for rank, accuracy in enumerate(LocationAccuracy)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands, and how exactly that is known."""

    point: Point
    accuracy: LocationAccuracy


def points(latitude: float | None, longitude: float | None) -> tuple[Point, ...]:
    """A point where both coordinates are recorded, else none."""
    return () if latitude is None or longitude is None else (Point(latitude, longitude),)


def least_exact(places: Iterable[Place]) -> LocationAccuracy:
    """How exactly several places are known together; UNKNOWN where there is none."""
    return max((place.accuracy for place in places), key=_RANKS.__getitem__, default=LocationAccuracy.UNKNOWN)


def of_phases(session: Session, view: View, ids: Collection[int] | None = None) -> dict[str, Place]:
    """The places of some phases by their ids, or of all, by the phases' codes. One without a known place is absent."""
    latitude, longitude = col(Turbine.latitude), col(Turbine.longitude)
    statement = (
        select(col(Phase.code), func.avg(latitude), func.avg(longitude))
        .join(Turbine, col(Turbine.phase_id) == col(Phase.id))
        .where(latitude.is_not(None), longitude.is_not(None), col(Phase.created_in) <= view.revision)
        .group_by(col(Phase.code))
    )
    if ids is not None:
        statement = statement.where(col(Phase.id).in_(ids))
    middles = {
        code: Place(Point(lat, lon), LocationAccuracy.TURBINES)
        for code, lat, lon in session.execute(statement)
    }
    return {**_by_sources(), **middles}


@lru_cache
def _by_sources() -> Mapping[str, Place]:
    found: dict[str, Place] = {}
    for each in shipped.shapes(register.PLACES)["features"]:
        said, (longitude, latitude) = each["properties"], each["geometry"]["coordinates"]
        place = Place(Point(latitude, longitude), _accuracy(said["kind"], is_doubtful=said["is_doubtful"]))
        found |= dict.fromkeys(said["phases"], place)
    return found


def _accuracy(kind: str, *, is_doubtful: bool) -> LocationAccuracy:
    if kind != "settlement":
        return LocationAccuracy.PLANT
    return LocationAccuracy.SETTLEMENT_DOUBTFUL if is_doubtful else LocationAccuracy.SETTLEMENT


@dataclass(frozen=True, slots=True)
class Route:
    """The towers of a line that have coordinates, along it, and how many towers there are."""

    points: tuple[Point, ...]
    towers: int

    @property
    def accuracy(self) -> LocationAccuracy:
        if len(self.points) < 2:
            return LocationAccuracy.UNKNOWN
        is_whole = len(self.points) == self.towers
        return LocationAccuracy.ALL_TOWERS if is_whole else LocationAccuracy.SOME_TOWERS


NOWHERE = Route((), 0)


def routes(session: Session, view: View, work_ids: Collection[int]) -> dict[int, Route]:
    """The routes of some works by their ids. Whoever calls has asked for visibility already."""
    statement = (
        select(col(WorkUnit.work_id), col(WorkUnit.latitude), col(WorkUnit.longitude))
        .where(col(WorkUnit.work_id).in_(work_ids), col(WorkUnit.kind) == UnitKind.TOWER)
        .where(col(WorkUnit.created_in) <= view.revision)
        .order_by(col(WorkUnit.work_id), col(WorkUnit.position), col(WorkUnit.number))
    )
    points: dict[int, list[Point]] = {}
    towers: dict[int, int] = {}
    for work_id, latitude, longitude in session.execute(statement):
        towers[key(work_id)] = towers.get(key(work_id), 0) + 1
        if latitude is not None and longitude is not None:
            points.setdefault(key(work_id), []).append(Point(latitude, longitude))
    return {work_id: Route(tuple(points.get(work_id, ())), number) for work_id, number in towers.items()}


def extent_of_phases(session: Session, view: View) -> Sequence[Point]:
    """The places of all phases that there are."""
    known = of_phases(session, view)
    statement = select(col(Phase.code)).where(
        col(Phase.code).in_(known), col(Phase.created_in) <= view.revision
    )
    return [known[code].point for code in session.execute(statement).scalars()]


def extent_of_turbines(session: Session, view: View) -> Sequence[Point]:
    """The corners around the turbines of the phases whose detail the reader sees."""
    place = Turbine
    seen = select(col(Phase.id)).where(col(Phase.project_id).in_(projects.visible(view.actor)))
    return _corners(session, place.latitude, place.longitude, col(place.phase_id).in_(seen))


def extent_of_towers(session: Session, view: View) -> Sequence[Point]:
    """The corners around the towers of the works whose detail the reader sees."""
    seen = col(WorkUnit.work_id).in_(subjects.works(session, view.actor))
    is_tower = col(WorkUnit.kind) == UnitKind.TOWER
    return _corners(session, WorkUnit.latitude, WorkUnit.longitude, and_(seen, is_tower))


def _corners(session: Session, latitude: Any, longitude: Any, where: ColumnElement[bool]) -> Sequence[Point]:
    ends = [end(col(column)) for end in (func.min, func.max) for column in (latitude, longitude)]
    is_placed = and_(col(latitude).is_not(None), col(longitude).is_not(None))
    south, west, north, east = tuple(session.execute(select(*ends).where(where, is_placed)).one())
    return [*points(south, west), *points(north, east)]
