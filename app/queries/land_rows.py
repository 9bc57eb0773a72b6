"""Rows of the weekly land table as they are told, on the wire, on its page and in its file."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from app.domain import land_table as domain
from app.domain.access import Actor
from app.domain.commitments import Kept
from app.domain.land_figures import Households, Units
from app.domain.land_table import Row, Week
from app.domain.vocabulary import LandColumn, LandLevel, UnitKind
from app.domain.words import Lang
from app.formats import csv
from app.formats.csv import Cell
from app.queries import journal, land_places, land_table
from app.queries.land_places import Names
from app.queries.land_table import WorkLand
from app.schemas.land_table import (
    LandAskedRead,
    LandCauseRead,
    LandHouseholdsRead,
    LandPromisesRead,
    LandRowRead,
    LandTableQuery,
    LandUnitsRead,
)

VND_PER_MILLION = 1_000_000
M_PER_KM = 1_000


def table(
    session: Session, actor: Actor, query: LandTableQuery, week: Week, after: str | None = None
) -> Iterator[LandRowRead]:
    """The rows of a week of what `actor` reads exactly, work by work; of the works those behind the code `after`."""
    revision, named = journal.known(session, query.known_at), land_places.names(session)
    districts = land_table.districts(session, actor, query.district)
    scope = land_table.Scope(query.work, districts, revision, after)
    for each in land_table.lands(session, scope, week.until, named):
        yield from (row(each, found, named) for found in domain.rows(each.land, week))


def file(rows: Iterable[LandRowRead], lang: Lang) -> bytes:
    """The rows as a file for spreadsheets, its header in a language and its figures in machine form."""
    header = [column.label(lang) for column in LandColumn]
    return csv.write(header, [cells(number, row, lang) for number, row in enumerate(rows, 1)])


def row(of: WorkLand, row: Row, named: Names) -> LandRowRead:
    """One row with the name of what it sums up."""
    code = {
        LandLevel.WORK: of.work.code,
        LandLevel.DISTRICT: row.place.district,
        LandLevel.COMMUNE: row.place.commune,
    }[row.level]
    name = of.name if row.level == LandLevel.WORK else named.name.get(code or "")
    figures = row.figures
    return LandRowRead(
        level=row.level,
        work=of.work.code,
        code=code,
        name=name,
        towers=_units(figures.towers, row, UnitKind.TOWER),
        sections=_units(figures.sections, row, UnitKind.SECTION),
        households=_households(figures.households),
        causes=[LandCauseRead(cause=cause, count=figures.causes[cause]) for cause in figures.ranked],
        asked=[LandAskedRead(responsible=each.party, title=each.title) for each in row.asked],
        due_days=list(row.due_days),
        promises=_promises(row.kept),
        is_illustrative=row.is_illustrative or of.work.is_illustrative,
    )


def _units(units: Units, row: Row, kind: UnitKind) -> LandUnitsRead:
    """A work says how many units it has; what is listed of a commune is all that is known of it."""
    stated = row.stated.get(kind)
    # Of a work of which nobody has said or listed anything, nobody knows how many there are.
    known = units.listed or None if row.level == LandLevel.WORK else units.listed
    total = known if stated is None else stated
    return LandUnitsRead(
        total=total,
        listed=units.listed,
        not_listed=None if stated is None else stated - units.listed,
        handed_over=units.done,
        in_week=units.in_week,
        left=None if total is None else total - units.done,
        km=_km(units, units.length_m),
        handed_over_km=_km(units, units.done_m),
        in_week_km=_km(units, units.done_m - units.was_done_m),
        held=[unit.number for unit in units.held],
    )


def _km(units: Units, length_m: int) -> float | None:
    return length_m / M_PER_KM if units.measured else None


def _households(households: Households) -> LandHouseholdsRead:
    return LandHouseholdsRead(
        total=households.total,
        inventoried=households.inventoried,
        plan_approved=households.approved,
        paid=households.paid,
        paid_vnd=households.paid_vnd,
        paid_million=households.paid_vnd / VND_PER_MILLION,
        not_agreeing=households.not_agreeing,
    )


def _promises(kept: Kept) -> LandPromisesRead:
    return LandPromisesRead.model_validate(kept, from_attributes=True)


def cells(number: int, row: LandRowRead, lang: Lang) -> list[Cell]:
    """The cells of one row in the order of the columns."""
    of = {
        LandColumn.ROW: number,
        LandColumn.LEVEL: row.level.label(lang),
        LandColumn.CODE: row.code,
        LandColumn.NAME: row.name,
        **_unit_cells(row),
        LandColumn.HOUSEHOLDS: row.households.total,
        LandColumn.INVENTORIED: row.households.inventoried,
        LandColumn.APPROVED: row.households.plan_approved,
        LandColumn.PAID: row.households.paid,
        LandColumn.PAID_MILLION: row.households.paid_million,
        LandColumn.NOT_AGREEING: row.households.not_agreeing,
        LandColumn.CAUSES: "; ".join(each.cause.label(lang) for each in row.causes),
        LandColumn.ASKED: "; ".join(f"{each.responsible.label(lang)}: {each.title}" for each in row.asked),
        LandColumn.DUE_DAYS: "; ".join(day.isoformat() for day in row.due_days),
        LandColumn.PROMISES: row.promises.total,
        LandColumn.PROMISES_KEPT: row.promises.kept,
        LandColumn.PROMISES_LATE: row.promises.late,
        LandColumn.PROMISES_MOVED: row.promises.moved,
        LandColumn.PROMISES_BROKEN: row.promises.broken,
    }
    return [of[column] for column in LandColumn]


def _unit_cells(row: LandRowRead) -> dict[LandColumn, Cell]:
    towers, sections = row.towers, row.sections
    return {
        LandColumn.TOWERS: towers.total,
        LandColumn.TOWERS_NOT_LISTED: towers.not_listed,
        LandColumn.TOWERS_DONE: towers.handed_over,
        LandColumn.TOWERS_IN_WEEK: towers.in_week,
        LandColumn.TOWERS_LEFT: towers.left,
        LandColumn.TOWERS_HELD: "; ".join(towers.held),
        LandColumn.SECTIONS: sections.total,
        LandColumn.SECTIONS_KM: sections.km,
        LandColumn.SECTIONS_NOT_LISTED: sections.not_listed,
        LandColumn.SECTIONS_DONE: sections.handed_over,
        LandColumn.SECTIONS_DONE_KM: sections.handed_over_km,
        LandColumn.SECTIONS_IN_WEEK: sections.in_week,
        LandColumn.SECTIONS_LEFT: sections.left,
    }
