"""Grid works, their tower positions and their tension sections as they go out in open formats."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.columns import Record
from app.domain.units import STAGES, Line, Unit
from app.domain.vocabulary import Column, LocationAccuracy, UnitKind
from app.queries import journal, open_places, subjects, unit_rows, units, works
from app.queries.capacity import View
from app.queries.open_places import NOWHERE, Item, Page, points
from app.queries.prepared import Plain
from app.queries.works import Filters, WorkLine
from app.tables.base import key
from app.tables.works import GridWork


def work_page(session: Session, view: View, filters: Filters, *, after: str | None, limit: int) -> Page:
    """Up to `limit` grid works by code, after the code `after`. Its route, and its totals, are for those who see its detail."""
    read = works.page(session, filters, after=after, limit=limit)
    items = work_items(session, view, read[:limit])
    return Page(items, read[limit - 1].work.code if len(read) > limit else None)


def work_items(session: Session, view: View, lines: Sequence[WorkLine]) -> list[Item]:
    """Those of some grid works that were known as of a view."""
    seen = set(subjects.works(session, view.actor)) & {key(line.work.id) for line in lines}
    routes = open_places.routes(session, view, seen)
    stood = journal.rewound(session, view.revision, "grid_work") if seen else {}
    items: list[Item] = []
    for line in lines:
        work, is_seen = line.work, key(line.work.id) in seen
        if work.created_in > view.revision:
            continue
        route = routes.get(key(work.id), NOWHERE)
        totals = (
            units.totals_on(session, work, view.revision, view.as_of, stood.get(work.code, {}))
            if is_seen
            else {}
        )
        more: Record = {
            Column.TOWERS_TOTAL: totals.get(UnitKind.TOWER),
            Column.SECTIONS_TOTAL: totals.get(UnitKind.SECTION),
            Column.LOCATED: len(route.points) if is_seen else None,
            Column.LOCATION_ACCURACY: route.accuracy,
        }
        items.append(Item(work.code, {**_work(line), **more}, route.points))
    return items


def _work(line: WorkLine) -> Record:
    work = line.work
    return {
        Column.WORK: work.code,
        Column.WORK_NAME: work.name,
        Column.WORK_NAME_EN: work.name_en,
        Column.WORK_KIND: work.kind,
        Column.OWNER: line.owner.code if line.owner else None,
        Column.OWNER_NAME: line.owner.name if line.owner else None,
        Column.DISTRICT: line.district.code if line.district else None,
        Column.DISTRICT_NAME: line.district.name if line.district else None,
        Column.VOLTAGE_KV: work.voltage_kv,
        Column.LENGTH_KM: work.length_km,
        Column.IS_ILLUSTRATIVE: work.is_illustrative,
        Column.SOURCES: work.sources,
    }


def every_unit(
    session: Session, view: View, kind: UnitKind, work: str | None = None, *, after: str | None = None
) -> Iterator[Item]:
    """The units of a kind of the works whose detail the reader sees, along each line, by their names `work.number`: those
    after the one named `after`."""
    start = (after or "").partition(".")[0]
    for row in _works(session, view, work, start):
        found = _of_line(session, row, kind, view)
        if row.code == start:
            next((item for item in found if item.name == after), None)
        yield from found


def unit_page(
    session: Session, view: View, kind: UnitKind, work: str | None, *, after: str | None, limit: int
) -> Page:
    """Up to `limit` of them."""
    items = list(islice(every_unit(session, view, kind, work, after=after), limit + 1))
    return Page(items[:limit], items[limit - 1].name if len(items) > limit else None)


def _works(session: Session, view: View, code: str | None, start: str) -> Sequence[GridWork]:
    statement = (
        select(GridWork)
        .where(col(GridWork.id).in_(subjects.works(session, view.actor)), col(GridWork.code) >= start)
        .order_by(col(GridWork.code))
    )
    if code is not None:
        statement = statement.where(col(GridWork.code) == code)
    return session.execute(statement).scalars().all()


def _of_line(session: Session, work: GridWork, kind: UnitKind, view: View) -> Iterator[Item]:
    line = units.line(session, work, view.revision)
    found = line.of(kind)
    rows = unit_rows.of_work(session, work) if found else {}
    for unit in found:
        row = rows[kind, unit.number]
        yield Item(
            f"{work.code}.{unit.number}",
            _unit(work, line, unit, row, view),
            points(row.latitude, row.longitude),
        )


def _unit(work: GridWork, line: Line, unit: Unit, row: Plain, view: View) -> Record:
    found: dict[Column, object] = {
        Column.WORK: work.code,
        (Column.TOWER if unit.kind == UnitKind.TOWER else Column.SECTION): unit.number,
        Column.POSITION: unit.position,
        Column.COMMUNE: unit.commune,
        Column.IS_ILLUSTRATIVE: bool(unit.is_illustrative or work.is_illustrative),
    }
    for stage in STAGES[unit.kind]:
        standing = line.standing(unit, stage, view.as_of)
        found[Column(f"{stage.value}_status")] = standing.status
        found[Column(f"{stage.value}_since_on")] = standing.since_on
    own = _of_tower(row) if unit.kind == UnitKind.TOWER else _of_section(line, unit)
    return {**found, **own}  # type: ignore[dict-item]


def _of_tower(row: Plain) -> Record:
    is_placed = bool(points(row.latitude, row.longitude))
    return {
        Column.IS_TENSION: row.is_tension,
        Column.LATITUDE: row.latitude if is_placed else None,
        Column.LONGITUDE: row.longitude if is_placed else None,
        Column.LOCATION_ACCURACY: LocationAccuracy.COORDINATES if is_placed else LocationAccuracy.UNKNOWN,
    }


def _of_section(line: Line, unit: Unit) -> Record:
    ends = [None if i is None else line.by_id.get(i) for i in (unit.from_id, unit.to_id)]
    return {
        Column.LENGTH_M: unit.length_m,
        Column.FROM_TOWER: ends[0].number if ends[0] else None,
        Column.TO_TOWER: ends[1].number if ends[1] else None,
    }
