"""Wind projects and grid works as the projects of an OC4IDS package, as their reader sees them.

Everybody reads names, places, MW by measure, COD and the planned COD. Milestones of commissioning, forecasts and documents
are for those who see the detail.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.columns import Record
from app.domain.milestones import COD, State
from app.domain.vocabulary import Column, LocationAccuracy, Measure, OrganisationKind, Publisher, SubjectKind
from app.domain.words import Lang
from app.formats import oc4ids
from app.outside import shipped
from app.queries import (
    capacity,
    journal,
    oc4ids_parts,
    open_places,
    open_register,
    open_works,
    projects,
    subjects,
    works,
)
from app.queries.capacity import View
from app.queries.oc4ids_parts import Change
from app.queries.open_places import Item
from app.tables.base import key
from app.tables.documents import Document
from app.tables.milestones import Milestone
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project

# Operating MW come to the size on paper where they come to 95 %: turbines of 29.4 MW are a plant of 30 (rule R06).
WHOLE_PERCENT = 95
OPERATING = "operatingCapacity"


@dataclass(frozen=True, slots=True)
class Page:
    """Some projects, and the name after which the next page starts; None where there is no more."""

    projects: Sequence[oc4ids.Project]
    after: str | None


def page(session: Session, view: View, lang: Lang, *, after: str | None, limit: int) -> Page:
    """Up to `limit` projects: the wind projects by code, then the grid works. `after` is of an earlier page."""
    kind, _, code = (after or "project/").partition("/")
    if kind == "project":
        read = projects.page(session, projects.Filters(), after=code or None, limit=limit)
        found = _projects(session, view, lang, read[:limit])
        if len(read) > limit:
            return Page(found, f"project/{read[limit - 1].code}")
        if len(read) == limit:
            return Page(found, "grid_work/")
        code, limit = "", limit - len(read)
    else:
        found = []
    lines = works.page(session, works.Filters(), after=code or None, limit=limit)
    found += _works(session, view, lang, lines[:limit])
    return Page(found, f"grid_work/{lines[limit - 1].work.code}" if len(lines) > limit else None)


def publisher(session: Session, lang: Lang) -> str:
    """The department whose register this is; the service itself where there is none."""
    statement = select(Organisation).where(col(Organisation.kind) == OrganisationKind.DEPARTMENT)
    row = session.execute(statement.order_by(col(Organisation.code)).limit(1)).scalar_one_or_none()
    if row is None:
        return Publisher.TRACKER.label(lang)
    return row.name_en if lang == Lang.EN and row.name_en else row.name


def changed_at(session: Session, revision: int) -> datetime | None:
    """When the last change was recorded that a package can hold; None before the first."""
    found = journal.revision(session, revision)
    return None if found is None else found.recorded_at


def _projects(session: Session, view: View, lang: Lang, rows: Sequence[Project]) -> list[oc4ids.Project]:
    known = _Known(session, view, lang, rows)
    items = {item.name: item for item in open_register.project_items(session, view, rows)}
    return [known.project(row, items[row.code]) for row in rows if row.code in items]


class _Known:
    """Everything that some projects of a page are made of, read with a few statements however many they are."""

    def __init__(self, session: Session, view: View, lang: Lang, rows: Sequence[Project]) -> None:
        self._view, self._lang = view, lang
        ids = [key(row.id) for row in rows]
        self._seen = {key(row.id) for row in rows if projects.sees(view.actor, row.investor_id)}
        phases = select(Phase).where(col(Phase.project_id).in_(ids), col(Phase.created_in) <= view.revision)
        found = session.execute(phases.order_by(col(Phase.code))).scalars().all()
        self._phases = {i: [phase for phase in found if phase.project_id == i] for i in ids}
        whose = {key(phase.id): phase.project_id for phase in found}
        parent = [(phase, next(row for row in rows if row.id == phase.project_id)) for phase in found]
        self._records = {item.name: item for item in open_register.phase_items(session, view, parent)}
        self._places = open_places.of_phases(session, view, list(whose))
        self._changes = oc4ids_parts.operating(session, view, ids)
        self._figures = capacity.by_project(session, view, ids)
        detailed = [i for i, project_id in whose.items() if project_id in self._seen]
        self._steps = oc4ids_parts.steps(session, view, SubjectKind.PHASE, detailed)
        documents = col(Document.project_id).in_(self._seen)
        self._documents = oc4ids_parts.documents(session, view, documents, lang)
        self._sources = oc4ids_parts.sources(
            session, [code for sources in _cited(rows, found) for code in sources]
        )

    def project(self, row: Project, item: Item) -> oc4ids.Project:
        """One project."""
        record, phases = item.record, self._phases[key(row.id)]
        changes = self._changes.get(key(row.id), [])
        is_whole = bool(phases) and all(self._is_whole(phase) for phase in phases)
        planned = [d for phase in phases if isinstance(d := self._said(phase, Column.PLANNED_COD_ON), date)]
        return oc4ids.Project(
            kind="project",
            code=row.code,
            title=_name(record, Column.PROJECT_NAME, Column.PROJECT_NAME_EN, self._lang),
            description=_illustrative(record, self._lang),
            sectors=(oc4ids.ENERGY, oc4ids.WIND),
            status=oc4ids.STATUS[record[Column.STAGE]] if record[Column.STAGE] else None,  # type: ignore[index]
            planned_end_on=max(planned, default=None),
            ended_on=changes[-1].on if is_whole and changes else None,
            locations=[self._location(record, phase) for phase in phases],
            parties=_parties(record, Column.INVESTOR, Column.INVESTOR_NAME, "funder"),
            milestones=[each for phase in phases for each in self._milestones(phase)],
            forecasts=_metrics(self._forecasts(phases), self._lang),
            metrics=[*_metrics(self._operating(phases, changes), self._lang), *self._ladder(row)],
            documents=self._papers(row, phases),
        )

    def _said(self, phase: Phase, column: Column) -> Any:
        item = self._records.get(phase.code)
        return None if item is None else item.record.get(column)

    def _is_whole(self, phase: Phase) -> bool:
        nominal, operating = self._said(phase, Column.NOMINAL_MW), self._said(phase, Column.OPERATING_MW)
        return nominal is not None and operating is not None and operating * 100 >= nominal * WHOLE_PERCENT

    def _location(self, project: Record, phase: Phase) -> oc4ids.Location:
        place = self._places.get(phase.code)
        accuracy = LocationAccuracy.UNKNOWN if place is None else place.accuracy
        return oc4ids.Location(
            id=phase.code,
            description=f"{phase.name}: {accuracy.label(self._lang)}",
            position=None if place is None else (place.point.longitude, place.point.latitude),
            locality=_text(project, Column.COMMUNE),
            region=_text(project, Column.DISTRICT_NAME),
        )

    def _milestones(self, phase: Phase) -> list[oc4ids.Milestone]:
        """COD as everybody may know it, and the steps before it where the reader sees them."""
        operating = self._said(phase, Column.OPERATING_MW) or 0
        is_whole, days = self._is_whole(phase), self._days(phase)
        steps = [each for each in self._steps.get(key(phase.id), ()) if each[0].code != COD]
        status = "met" if is_whole else "partiallyMet" if operating else "scheduled"
        return [
            *(oc4ids_parts.milestone(row, state, phase.code, self._lang) for row, state in steps),
            oc4ids.Milestone(
                id=f"{phase.code}/{COD}",
                title=f"{shipped.templates().step(COD).name.label(self._lang)} ({phase.code})",
                type="approval",
                code=COD,
                status=status,
                due_on=self._said(phase, Column.PLANNED_COD_ON),
                met_on=days[-1] if is_whole and days else None,
                description=_illustrative(self._records[phase.code].record, self._lang),
            ),
        ]

    def _days(self, phase: Phase) -> list[date]:
        return [
            change.on for change in self._changes.get(phase.project_id, ()) if change.phase_id == phase.id
        ]

    def _operating(self, phases: Sequence[Phase], changes: Sequence[Change]) -> list[oc4ids.Observation]:
        """Operating kW of each phase after each change, and of what names no phase."""
        codes = {phase.id: phase.code for phase in phases}
        totals: dict[int | None, int] = {}
        found = []
        for change in changes:
            totals[change.phase_id] = totals.get(change.phase_id, 0) + change.kw
            phase = codes.get(change.phase_id)
            dimensions = {} if phase is None else {"phase": phase}
            found.append(oc4ids.Observation(kw=totals[change.phase_id], on=change.on, dimensions=dimensions))
        return found

    def _forecasts(self, phases: Sequence[Phase]) -> list[oc4ids.Observation]:
        """The size of each phase on its planned day of COD, and on its forecast one where the reader sees it."""
        found = []
        for phase in phases:
            for basis, on in (
                (Column.PLANNED_COD_ON, self._said(phase, Column.PLANNED_COD_ON)),
                (Column.FORECAST_ON, self._forecast_on(phase)),
            ):
                if on is not None and phase.nominal_kw is not None:
                    dimensions = {"phase": phase.code, "basis": basis.value}
                    found.append(
                        oc4ids.Observation(
                            kw=phase.nominal_kw, on=on, dimensions=dimensions, notes=basis.label(self._lang)
                        )
                    )
        return found

    def _forecast_on(self, phase: Phase) -> date | None:
        states: Iterable[tuple[Milestone, State]] = self._steps.get(key(phase.id), ())
        days = [state.forecast.on for row, state in states if row.code == COD and state.forecast is not None]
        return max(days, default=None)

    def _ladder(self, row: Project) -> list[oc4ids.Metric]:
        """Every other measure that is known, as it stands on the day asked for."""
        figures = self._figures.get(key(row.id), Figures())
        known = ((measure, figures.rung_kw(measure)) for measure in Measure if measure != Measure.OPERATING)
        return [
            oc4ids.Metric(
                id=f"{measure.value}Capacity",
                title=measure.label(self._lang),
                observations=[oc4ids.Observation(kw=kw, on=self._view.as_of)],
            )
            for measure, kw in known
            if kw is not None
        ]

    def _papers(self, row: Project, phases: Sequence[Phase]) -> list[oc4ids.Document]:
        codes = dict.fromkeys(code for sources in _cited([row], phases) for code in sources)
        own = [(SubjectKind.PROJECT, key(row.id)), *((SubjectKind.PHASE, key(phase.id)) for phase in phases)]
        return [
            *(self._sources[code] for code in codes if code in self._sources),
            *(document for subject in own for document in self._documents.get(subject, ())),
        ]


def _works(session: Session, view: View, lang: Lang, lines: Sequence[works.WorkLine]) -> list[oc4ids.Project]:
    items = open_works.work_items(session, view, lines)
    ids = {line.work.code: key(line.work.id) for line in lines}
    seen = set(subjects.works(session, view.actor)) & set(ids.values())
    steps = oc4ids_parts.steps(session, view, SubjectKind.GRID_WORK, seen)
    is_own = and_(col(Document.subject) == SubjectKind.GRID_WORK, col(Document.subject_id).in_(seen))
    documents = oc4ids_parts.documents(session, view, is_own, lang)
    sources = oc4ids_parts.sources(session, (code for line in lines for code in line.work.sources))
    found = []
    for item in items:
        record, i = item.record, ids[item.name]
        codes: Collection[str] = record[Column.SOURCES] or ()  # type: ignore[assignment]
        found.append(
            oc4ids.Project(
                kind="grid-work",
                code=item.name,
                title=_name(record, Column.WORK_NAME, Column.WORK_NAME_EN, lang),
                description=_illustrative(record, lang),
                sectors=(oc4ids.ENERGY,),
                locations=[_route(item, lang)],
                parties=_parties(record, Column.OWNER, Column.OWNER_NAME, "publicAuthority"),
                milestones=[
                    oc4ids_parts.milestone(row, state, item.name, lang) for row, state in steps.get(i, ())
                ],
                documents=[
                    *(sources[code] for code in codes if code in sources),
                    *documents.get((SubjectKind.GRID_WORK, i), ()),
                ],
            )
        )
    return found


def _route(item: Item, lang: Lang) -> oc4ids.Location:
    accuracy = LocationAccuracy(str(item.record[Column.LOCATION_ACCURACY]))
    return oc4ids.Location(
        id=item.name,
        description=accuracy.label(lang),
        path=[(point.longitude, point.latitude) for point in item.points],
        region=_text(item.record, Column.DISTRICT_NAME),
    )


def _cited(rows: Sequence[Project], phases: Sequence[Phase]) -> list[tuple[str, ...]]:
    """The codes of the sources of some projects and phases."""
    return [*(row.sources for row in rows), *(phase.sources for phase in phases)]


def _metrics(observations: Sequence[oc4ids.Observation], lang: Lang) -> list[oc4ids.Metric]:
    if not observations:
        return []
    return [oc4ids.Metric(id=OPERATING, title=Measure.OPERATING.label(lang), observations=observations)]


def _parties(record: Record, code: Column, name: Column, role: str) -> list[oc4ids.Party]:
    if record[code] is None:
        return []
    is_authority = role == "publicAuthority"
    return [
        oc4ids.Party(
            id=f"{oc4ids.SCHEME}-{record[code]}",
            name=str(record[name]),
            roles=(role,),
            is_authority=is_authority,
        )
    ]


def _name(record: Record, vi: Column, en: Column, lang: Lang) -> str:
    return str(record[en] if lang == Lang.EN and record[en] else record[vi])


def _text(record: Mapping[Column, Any], column: Column) -> str | None:
    found = record.get(column)
    return None if found is None else str(found)


def _illustrative(record: Record, lang: Lang) -> str | None:
    return Column.IS_ILLUSTRATIVE.label(lang) if record.get(Column.IS_ILLUSTRATIVE) else None
