"""Projects, phases and turbines as they go out in open formats: a page at a time, by their codes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.columns import Record
from app.domain.quantity import mw
from app.domain.vocabulary import Account, Column, LocationAccuracy, Measure
from app.queries import capacity, journal, open_places, projects
from app.queries.capacity import View
from app.queries.open_places import Item, Page, Place, points
from app.queries.projects import Filters
from app.tables.base import key, table
from app.tables.organisations import AdministrativeUnit, Organisation
from app.tables.projects import Phase, Project, Turbine

NOTHING = Figures()
Named = tuple[str | None, str | None]
NAMELESS: Named = (None, None)
RUNGS = {Column(f"{measure.value}_mw"): measure for measure in Measure}
ACCOUNTS = {
    Column.RECOGNISED_MW: Account.RECOGNISED,
    Column.SUSPENDED_MW: Account.SUSPENDED,
    Column.CANCELLED_MW: Account.CANCELLED,
    Column.AT_RISK_MW: Account.AT_RISK,
}
CONFIDENTIAL = {Column.DECLARED_MW: Account.DECLARED, Column.DISPUTED_MW: Account.DISPUTED}
# What a row said before, under the names that facts have.
_OF_PROJECT = {
    Column.PROJECT_NAME: "name",
    Column.PROJECT_NAME_EN: "name_en",
    Column.COMMUNE: "commune",
    Column.SITING: "siting",
    Column.STAGE: "stage",
    Column.IN_TOTALS: "in_totals",
    Column.IS_ILLUSTRATIVE: "is_illustrative",
    Column.CONFIDENCE: "confidence",
}
_OF_PHASE = {
    Column.PHASE_NAME: "name",
    Column.PHASE_NAME_EN: "name_en",
    Column.TURBINE_COUNT: "turbine_count",
    Column.TURBINE_MODEL: "turbine_model",
}


def project_page(session: Session, view: View, filters: Filters, *, after: str | None, limit: int) -> Page:
    """Up to `limit` projects by code, after the code `after`."""
    read = projects.page(session, filters, after=after, limit=limit)
    items = project_items(session, view, read[:limit])
    return Page(items, read[limit - 1].code if len(read) > limit else None)


def project_items(session: Session, view: View, rows: Sequence[Project]) -> list[Item]:
    """Those of some projects that were known as of a view."""
    ids = [key(row.id) for row in rows]
    figures = capacity.by_project(session, view, ids)
    said, nominal = _Projects(session, view, rows), _nominal_kw(session, view, ids)
    places = places_of(session, view, ids)
    return [
        Item(
            row.code,
            {
                **said.of(row),
                Column.NOMINAL_MW: _mw(nominal.get(key(row.id))),
                **figure_columns(
                    figures.get(key(row.id), NOTHING), sees=projects.sees(view.actor, row.investor_id)
                ),
                Column.LOCATION_ACCURACY: open_places.least_exact(places.get(key(row.id), ())),
            },
            tuple(place.point for place in places.get(key(row.id), ())),
        )
        for row in rows
        if row.created_in <= view.revision
    ]


def phase_page(
    session: Session, view: View, filters: Filters, project: str | None, *, after: str | None, limit: int
) -> Page:
    """Up to `limit` phases by code, after the code `after`."""
    read = projects.phase_page(session, filters, project, after=after, limit=limit)
    items = phase_items(session, view, read[:limit])
    return Page(items, read[limit - 1][0].code if len(read) > limit else None)


def phase_items(session: Session, view: View, rows: Sequence[tuple[Phase, Project]]) -> list[Item]:
    """Those of some phases that were known as of a view."""
    ids = [key(phase.id) for phase, _ in rows]
    figures, places = capacity.by_phase(session, view, ids), open_places.of_phases(session, view, ids)
    said = _Projects(session, view, list({project.id: project for _, project in rows}.values()))
    then = journal.rewound(session, view.revision, "phase")
    return [
        Item(
            phase.code,
            {
                **said.of(of),
                **_phase(phase, then.get(phase.code, {}), is_illustrative=of.is_illustrative),
                **figure_columns(
                    figures.get(key(phase.id), NOTHING), sees=projects.sees(view.actor, of.investor_id)
                ),
                **place_columns(places.get(phase.code)),
            },
            () if phase.code not in places else (places[phase.code].point,),
        )
        for phase, of in rows
        if phase.created_in <= view.revision
    ]


def _phase(row: Phase, stood: Mapping[str, Any], *, is_illustrative: bool) -> Record:
    """What a phase says of itself; `stood` is what it said otherwise as of the view."""
    return {
        Column.PHASE: row.code,
        **{column: stood.get(name, getattr(row, name)) for column, name in _OF_PHASE.items()},
        Column.PLANNED_COD_ON: _day(stood.get("planned_cod_on", row.planned_cod_on)),
        Column.NOMINAL_MW: _mw(stood.get("nominal_kw", row.nominal_kw)),
        Column.IS_ILLUSTRATIVE: bool(stood.get("is_illustrative", row.is_illustrative) or is_illustrative),
        Column.CONFIDENCE: stood.get("confidence", row.confidence),
        Column.SOURCES: tuple(stood.get("sources", row.sources) or ()),
    }


def turbine_page(session: Session, view: View, phase: str | None, *, after: str | None, limit: int) -> Page:
    """Up to `limit` turbines of the phases whose detail the reader sees, by their names `phase.number`."""
    turbine, is_made_up = table(Turbine), or_(col(Phase.is_illustrative), col(Project.is_illustrative))
    statement = (
        select(turbine, col(Phase.code).label("phase"), is_made_up.label("is_illustrative"))
        .join(Phase, col(Phase.id) == turbine.c.phase_id)
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(col(Phase.project_id).in_(projects.visible(view.actor)))
        .order_by(col(Phase.code), turbine.c.number)
        .limit(limit + 1)
    )
    if phase is not None:
        statement = statement.where(col(Phase.code) == phase)
    if after is not None:
        code, _, number = after.partition(".")
        same = and_(col(Phase.code) == code, turbine.c.number > number)
        statement = statement.where(or_(col(Phase.code) > code, same))
    rows = session.execute(statement).all()
    items = [
        Item(f"{row.phase}.{row.number}", _turbine(row), points(row.latitude, row.longitude))
        for row in rows[:limit]
    ]
    return Page(items, items[-1].name if len(rows) > limit else None)


def _turbine(row: Any) -> Record:
    is_placed = bool(points(row.latitude, row.longitude))
    return {
        Column.PHASE: row.phase,
        Column.TURBINE: row.number,
        Column.TURBINE_MODEL: row.model,
        Column.NAMEPLATE_MW: _mw(row.nameplate_kw),
        Column.SITING: row.siting,
        Column.INSTALLED_ON: row.installed_on,
        Column.ENERGISED_ON: row.energised_on,
        Column.SYNCHRONISED_ON: row.synchronised_on,
        Column.TESTED_ON: row.tested_on,
        Column.LATITUDE: row.latitude if is_placed else None,
        Column.LONGITUDE: row.longitude if is_placed else None,
        Column.LOCATION_ACCURACY: LocationAccuracy.COORDINATES if is_placed else LocationAccuracy.UNKNOWN,
        Column.IS_ILLUSTRATIVE: bool(row.is_illustrative),
    }


def places_of(session: Session, view: View, project_ids: Sequence[int]) -> dict[int, list[Place]]:
    """The distinct places of the phases of some projects, by the project's id."""
    statement = (
        select(col(Phase.project_id), col(Phase.id), col(Phase.code))
        .where(col(Phase.project_id).in_(project_ids), col(Phase.created_in) <= view.revision)
        .order_by(col(Phase.code))
    )
    rows = session.execute(statement).all()
    known = open_places.of_phases(session, view, [key(i) for _, i, _ in rows])
    found: dict[int, list[Place]] = {}
    for project_id, _, code in rows:
        place = known.get(code)
        if place is not None and place not in (there := found.setdefault(project_id, [])):
            there.append(place)
    return found


def figure_columns(found: Figures, *, sees: bool) -> Record:
    """The ladder and the accounts of a subject; what waits for its second key only where its reader `sees` the detail."""
    return {
        **{column: _mw(found.rung_kw(measure)) for column, measure in RUNGS.items()},
        **{column: mw(found.kw(account)) for column, account in ACCOUNTS.items()},
        **{column: mw(found.kw(account)) if sees else None for column, account in CONFIDENTIAL.items()},
    }


def place_columns(place: Place | None) -> Record:
    """Coordinates with how exactly they are known."""
    if place is None:
        return {Column.LOCATION_ACCURACY: LocationAccuracy.UNKNOWN}
    return {
        Column.LATITUDE: place.point.latitude,
        Column.LONGITUDE: place.point.longitude,
        Column.LOCATION_ACCURACY: place.accuracy,
    }


class _Projects:
    """What some projects say of themselves as of a view, with the names of their investors and districts."""

    def __init__(self, session: Session, view: View, rows: Sequence[Project]) -> None:
        self._then = journal.rewound(session, view.revision, "project")
        self._places = projects.places(session, list(rows))
        # What a project named before may not be what it names now.
        self._investors = (
            _by(session, Organisation.id, Organisation.code, Organisation.name) if self._then else {}
        )
        unit = AdministrativeUnit
        self._districts = _by(session, unit.code, unit.code, unit.name) if self._then else {}

    def of(self, row: Project) -> dict[Column, Any]:
        """The columns of one project."""
        place, stood = self._places[key(row.id)], self._then.get(row.code, {})
        investor, district = _named(place.investor), _named(place.district)
        if "investor_id" in stood:
            investor = self._investors.get(stood["investor_id"], NAMELESS)
        if "district_code" in stood:
            district = self._districts.get(stood["district_code"], NAMELESS)
        return {
            Column.PROJECT: row.code,
            **{column: stood.get(name, getattr(row, name)) for column, name in _OF_PROJECT.items()},
            Column.INVESTOR: investor[0],
            Column.INVESTOR_NAME: investor[1],
            Column.DISTRICT: district[0],
            Column.DISTRICT_NAME: district[1],
            Column.SOURCES: tuple(stood.get("sources", row.sources) or ()),
        }


def _named(row: Organisation | AdministrativeUnit | None) -> Named:
    return NAMELESS if row is None else (row.code, row.name)


def _by(session: Session, id_: Any, code: Any, name: Any) -> Mapping[Any, Named]:
    """Code and name of every row of a table, by a column."""
    return {i: (c, n) for i, c, n in session.execute(select(col(id_), col(code), col(name)))}


def _nominal_kw(session: Session, view: View, project_ids: Sequence[int]) -> dict[int, int | None]:
    """The size on paper of all phases of a project together; None where none is known."""
    statement = (
        select(col(Phase.project_id), func.sum(col(Phase.nominal_kw)))
        .where(col(Phase.project_id).in_(project_ids), col(Phase.created_in) <= view.revision)
        .group_by(col(Phase.project_id))
    )
    return {project_id: kw for project_id, kw in session.execute(statement)}


def _mw(kw: int | None) -> float | int | None:
    return None if kw is None else mw(kw)


def _day(said: date | str | None) -> date | None:
    """A day as a row or a fact has it."""
    return date.fromisoformat(said) if isinstance(said, str) else said
