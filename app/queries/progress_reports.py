"""Progress reports: one, the lists of them, what was recorded beside them, and what was heard of every reporter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.calendar import local_day
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.reporting import NO_CHANGE, Heard, Period
from app.domain.vocabulary import Fact as FactKind
from app.domain.vocabulary import OrganisationKind
from app.queries import exchanges, projects
from app.tables.journal import Fact, Revision
from app.tables.organisations import Organisation
from app.tables.projects import Project
from app.tables.reports import ProgressReport

# How many changes stand in full beside a report; the count says how many there are.
MOST_MENTIONED = 200
_JOINED = col(Revision.number) == col(Fact.revision)


@dataclass(frozen=True, slots=True)
class Line:
    """A report with whose it is, and whether it is the last one of its organisation for its period."""

    row: ProgressReport
    organisation: Organisation
    is_standing: bool


def one(session: Session, actor: Actor, report_id: int) -> Line:
    """A report of the actor's own organisation, or any where it sees every project; to everyone else it is not there."""
    found = session.execute(_lines(actor).where(col(ProgressReport.id) == report_id)).first()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="progress_report", id=report_id)
    return Line(*found)


def page(
    session: Session,
    actor: Actor,
    organisation: str | None,
    period_ends_on: date | None,
    *,
    before: int | None,
    limit: int,
) -> list[Line]:
    """Up to `limit` + 1 reports, newest first, made before the report `before`."""
    statement = _lines(actor).order_by(col(ProgressReport.id).desc()).limit(limit + 1)
    if organisation is not None:
        statement = statement.where(col(Organisation.code) == organisation)
    if period_ends_on is not None:
        statement = statement.where(col(ProgressReport.period_ends_on) == period_ends_on)
    if before is not None:
        statement = statement.where(col(ProgressReport.id) < before)
    return [Line(*found) for found in session.execute(statement)]


def _lines(actor: Actor) -> Select[ProgressReport, Organisation, bool]:
    standing = select(func.max(col(ProgressReport.id))).group_by(
        col(ProgressReport.organisation_id), col(ProgressReport.period_ends_on)
    )
    return (
        select(ProgressReport, Organisation, col(ProgressReport.id).in_(standing))
        .join(Organisation, col(Organisation.id) == col(ProgressReport.organisation_id))
        .where(_own(actor, col(ProgressReport.organisation_id)))
    )


def _own(actor: Actor, organisation_id: Any) -> ColumnElement[bool]:
    """Whose reports an actor sees: everybody's, or those of its own organisation."""
    everything, own = projects.sight(actor)
    return true() if everything else false() if own is None else organisation_id == own


@dataclass(frozen=True, slots=True)
class Changes:
    """What an organisation recorded in a period: how many of each kind, and the newest facts with their instants."""

    by_kind: Mapping[FactKind, int]
    newest: Sequence[tuple[Fact, datetime]]


def changes(session: Session, actor: Actor, organisation: str, period: Period) -> Changes:
    """The facts that users of an organisation stated within a period, without those of projects `actor` may not see."""
    where = (
        *(_stated_by() == organisation, col(Fact.kind).not_in(NO_CHANGE)),
        *(col(Revision.recorded_at) > period.starts_at, col(Revision.recorded_at) <= period.ends_at),
        or_(col(Fact.project_id).is_(None), col(Fact.project_id).in_(projects.visible(actor))),
    )
    counted = (
        select(col(Fact.kind), func.count()).join(Revision, _JOINED).where(*where).group_by(col(Fact.kind))
    )
    listed = (
        select(Fact, col(Revision.recorded_at))
        .join(Revision, _JOINED)
        .where(*where)
        .order_by(col(Fact.revision).desc(), col(Fact.position).desc())
        .limit(MOST_MENTIONED)
    )
    by_kind = {kind: count for kind, count in session.execute(counted)}
    return Changes(by_kind, [(fact, at) for fact, at in session.execute(listed)])


def _stated_by() -> ColumnElement[Any]:
    """The code of the organisation that made a revision, out of its JSON; the same on both databases."""
    found: ColumnElement[Any] = col(Revision.actor)["organisation"].as_string()
    return found


@dataclass(frozen=True, slots=True)
class Reporter:
    """An organisation that is to report, and what was heard of it."""

    organisation: Organisation
    heard: Heard


def reporters(session: Session, actor: Actor, last_closed_on: date, connector: str) -> list[Reporter]:
    """Who is to report, as far as `actor` sees them, by code: grid companies, and investors with a project that counts.

    `last_closed_on` is the cut-off day of the last closed period: reports for a later one are for the open period.
    `connector` is the login as whom EVN SPC's system is pulled.
    """
    owns = exists().where(col(Project.investor_id) == col(Organisation.id), col(Project.in_totals))
    investor = col(Organisation.kind) == OrganisationKind.INVESTOR
    statement = (
        select(Organisation)
        .where(or_(col(Organisation.kind) == OrganisationKind.GRID_COMPANY, investor & owns))
        .where(_own(actor, col(Organisation.id)))
        .order_by(col(Organisation.code))
    )
    found = list(session.execute(statement).scalars())
    heard = _heard(session, {row.code: row.id for row in found}, last_closed_on)
    pulled = exchanges.pulled(session, connector)
    if pulled is not None and pulled[0] in heard:
        heard[pulled[0]] = replace(heard[pulled[0]], pulled_at=pulled[1])
    return [Reporter(row, heard[row.code]) for row in found]


def _heard(session: Session, wanted: Mapping[str, int | None], last_closed_on: date) -> dict[str, Heard]:
    since, changed = _since(session, wanted), _changed(session, wanted)
    reported = _reported(session, wanted, last_closed_on)
    found: dict[str, Heard] = {}
    for code, organisation_id in wanted.items():
        closed_on, latest_on, at = reported.get(organisation_id, (None, None, None))
        found[code] = Heard(
            since=since[code],
            closed_on=closed_on,
            has_current=latest_on is not None and latest_on > last_closed_on,
            report_on=None if at is None else local_day(at),
            change_on=changed.get(code),
        )
    return found


def _since(session: Session, wanted: Mapping[str, int | None]) -> dict[str, datetime]:
    """When each organisation was registered, by code."""
    statement = (
        select(col(Fact.subject_code), func.min(col(Revision.recorded_at)))
        .join(Revision, _JOINED)
        .where(col(Fact.subject) == "organisation", col(Fact.subject_code).in_(wanted))
        .group_by(col(Fact.subject_code))
    )
    return {code: at for code, at in session.execute(statement)}


def _changed(session: Session, wanted: Mapping[str, int | None]) -> dict[str, date]:
    """The day of the last change that users of each organisation recorded; one that recorded none is absent."""
    # PostgreSQL groups by a column, not by two like expressions with parameters in them.
    stated = (
        select(_stated_by().label("code"), col(Revision.recorded_at).label("at"))
        .where(_stated_by().in_(wanted))
        .where(exists().where(_JOINED, col(Fact.kind).not_in(NO_CHANGE)))
        .subquery()
    )
    found = session.execute(select(stated.c.code, func.max(stated.c.at)).group_by(stated.c.code))
    return {code: local_day(at) for code, at in found}


def _reported(
    session: Session, wanted: Mapping[str, int | None], last_closed_on: date
) -> dict[int | None, tuple[date | None, date, datetime]]:
    """Of each organisation by its id: the last closed period it has reported, the last period, and when it last reported."""
    ends_on = col(ProgressReport.period_ends_on)
    statement = (
        select(
            col(ProgressReport.organisation_id),
            func.max(ends_on).filter(ends_on <= last_closed_on),
            func.max(ends_on),
            func.max(col(ProgressReport.submitted_at)),
        )
        .where(col(ProgressReport.organisation_id).in_(wanted.values()))
        .group_by(col(ProgressReport.organisation_id))
    )
    return {i: (closed_on, latest_on, at) for i, closed_on, latest_on, at in session.execute(statement)}
