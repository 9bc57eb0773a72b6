"""Progress reports of investors and EVN SPC, and who is due, late or silent."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import reporting as domain
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.reporting import Period, Rhythm
from app.queries import progress_reports as found
from app.queries.progress_reports import Changes, Line, Reporter
from app.schemas.obstacles import RowId
from app.schemas.progress_reports import (
    ChangesRead,
    FactCount,
    FactMention,
    PeriodRead,
    ProgressReportLine,
    ProgressReportPage,
    ProgressReportQuery,
    ProgressReportRead,
    ProgressReportSubmit,
    ReporterRead,
    ReportingQuery,
    ReportingRead,
)
from app.services import progress_reports
from app.tables.base import key

router = APIRouter(tags=["reporting"], route_class=Route)


@router.get("/progress-reports", response_model=ProgressReportPage, openapi_extra=needs(May.READ_DETAIL))
async def list_progress_reports(ask: Ask, query: Annotated[ProgressReportQuery, Query()]) -> Response:
    """Progress reports, newest first: an investor's own, everybody's for the department and EVN SPC."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get(
    "/progress-reports/{report_id}", response_model=ProgressReportRead, openapi_extra=needs(May.READ_DETAIL)
)
async def read_progress_report(ask: Ask, report_id: RowId) -> Response:
    """One report, beside it what its organisation recorded within the period."""
    return await ask.read(lambda session: _read(session, ask, report_id), long=True)


@router.post(
    "/progress-reports",
    response_model=ProgressReportRead,
    status_code=201,
    openapi_extra=needs(May.REPORT_PROGRESS),
)
async def submit_progress_report(ask: Ask, change: ProgressReportSubmit) -> Response:
    """Hands in the caller's own report: a narrative, or that nothing changed. The last one of a period stands."""

    def work(session: Session) -> ProgressReportRead:
        row = progress_reports.submit(session, ask.actor, change, ask.rhythm, ask.now)
        return _read(session, ask, key(row.id))

    return await ask.change(work, status=201, location=lambda made: f"{ask.url.path}/{made.id}")


@router.get("/reporting", response_model=ReportingRead, openapi_extra=needs(May.READ_DETAIL))
async def read_reporting(ask: Ask, query: Annotated[ReportingQuery, Query()]) -> Response:
    """Where every reporter stands: reported, due, late or silent, and how old its last word is."""
    # It hangs on the hour too: at the cut-off who was due is late, and nothing was recorded.
    return await ask.read(lambda session: _reporting(session, ask, query), long=True, journaled=False)


def _page(session: Session, ask: Ask, query: ProgressReportQuery) -> ProgressReportPage:
    limit = ask.limit(query.limit)
    after = ask.after(query.cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    before = None if after is None else int(after)
    rows = found.page(
        session, ask.actor, query.organisation, query.period_ends_on, before=before, limit=limit
    )
    shown, following = ask.page(rows, limit, lambda line: str(line.row.id))
    return ProgressReportPage(items=[ProgressReportLine(**_line(line)) for line in shown], next=following)


def _read(session: Session, ask: Ask, report_id: int) -> ProgressReportRead:
    line = found.one(session, ask.actor, report_id)
    period = ask.rhythm.ending(line.row.period_ends_on)
    changes = found.changes(session, ask.actor, line.organisation.code, period)
    return ProgressReportRead(**_line(line), period=_period(period), changes=_changes(changes))


def _line(line: Line) -> dict[str, object]:
    return {
        **line.row.model_dump(exclude={"organisation_id", "user_id"}),
        "organisation": line.organisation.code,
        "organisation_name": line.organisation.name,
        "is_standing": line.is_standing,
    }


def _changes(changes: Changes) -> ChangesRead:
    return ChangesRead(
        total=sum(changes.by_kind.values()),
        by_kind=[FactCount(kind=kind, count=count) for kind, count in sorted(changes.by_kind.items())],
        items=[
            FactMention(kind=fact.kind, subject=fact.subject, code=fact.subject_code, recorded_at=at)
            for fact, at in changes.newest
        ],
    )


def _period(period: Period) -> PeriodRead:
    return PeriodRead.model_validate(period, from_attributes=True)


def _reporting(session: Session, ask: Ask, query: ReportingQuery) -> ReportingRead:
    rhythm = ask.rhythm
    current = rhythm.period_of(ask.now)
    last = rhythm.before(current)
    login = ask.tracker.settings.evn_spc_login
    lines = [
        _reporter(ask, rhythm, each) for each in found.reporters(session, ask.actor, last.ends_on, login)
    ]
    items = [line for line in lines if query.state in (None, line.state)]
    return ReportingRead(current=_period(current), last_closed=_period(last), items=items)


def _reporter(ask: Ask, rhythm: Rhythm, reporter: Reporter) -> ReporterRead:
    heard, organisation = reporter.heard, reporter.organisation
    standing = domain.standing(rhythm, heard, ask.now)
    age = domain.age_days(heard, ask.today)
    return ReporterRead(
        organisation=organisation.code,
        name=organisation.name,
        kind=organisation.kind,
        state=standing.state,
        current_state=standing.current,
        last_closed_state=standing.last_closed,
        missed_periods=standing.missed,
        last_report_on=heard.report_on,
        last_change_on=heard.change_on,
        last_pulled_at=heard.pulled_at,
        age_days=age,
        freshness=domain.freshness(age),
        is_stale=domain.is_stale(age),
        is_escalated=domain.is_escalated(heard, ask.today),
    )
