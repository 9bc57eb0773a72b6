"""`/my`: what an organisation has to do this week, what became of its claims, and its progress report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import milestones as domain
from app.domain import reporting
from app.domain.access import May
from app.domain.calendar import local_day
from app.domain.reporting import Period, Standing
from app.domain.vocabulary import DeadlineState, Party, SubjectKind, Verification
from app.outside import shipped
from app.pages import forms, places, sending
from app.pages.forms import Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.queries import deadlines, journal, own_work, progress_reports, subjects
from app.queries import obstacles as known
from app.queries.capacity import View
from app.queries.deadlines import Countdown
from app.queries.milestones import Line
from app.queries.obstacles import Seen
from app.queries.own_work import Claim, OpenTranche
from app.queries.progress_reports import Reporter
from app.schemas.base import Asked
from app.schemas.progress_reports import ProgressReportSubmit
from app.services import progress_reports as submitting
from app.tables.projects import Phase

router = APIRouter(tags=["pages"], route_class=Route)
# How far ahead one looks, and how many rows of each kind stand on the page.
AHEAD = timedelta(days=60)
ROWS = 30


class SaidQuery(Asked):
    said: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of one's own with the name of its subject; `note` is why its last actual was not accepted."""

    line: Line
    code: str
    subject: str
    today: date
    note: str | None = None

    @property
    def address(self) -> str:
        return places.milestone(self.line.row.subject, self.code, self.line.key)

    @property
    def expected_on(self) -> date | None:
        return self.line.state.expected_on

    @property
    def late_days(self) -> int:
        """Days since it should have been done, also where only the forecast has passed."""
        expected = self.expected_on
        overdue = 0 if expected is None else max(0, (self.today - expected).days)
        return max(domain.late_days(self.line.state, self.today) or 0, overdue)

    @property
    def declared_on(self) -> date | None:
        at = self.line.state.declared_at
        return None if at is None else local_day(at)

    @property
    def decision_due_on(self) -> date | None:
        return domain.decision_due_on(self.declared_on)


@dataclass(frozen=True, slots=True)
class Report:
    """Where one's progress report stands, and what a previewed one would be for."""

    period: Period
    standing: Standing
    reporter: Reporter
    changes: int
    previewed: Period | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class MyPage:
    """`report` is None for an organisation from which none is expected."""

    frame: Frame
    sent: Sent
    phases: Sequence[Phase]
    has_own: bool
    refused: Sequence[Step]
    waiting: Sequence[Step]
    tranches: Sequence[OpenTranche]
    steps: Sequence[Step]
    has_more: bool
    until: date
    filings: Sequence[Countdown]
    obstacles: Sequence[Seen]
    report: Report | None

    @property
    def disputed(self) -> list[OpenTranche]:
        return [each for each in self.tranches if each.is_disputed]

    @property
    def declared(self) -> list[OpenTranche]:
        return [each for each in self.tranches if not each.is_disputed]

    def party(self, code: str) -> Party:
        return Party(code)


@router.get("/my", openapi_extra=needs(May.REPORT_PROGRESS))
async def show_my_work(ask: Ask, _: Annotated[SaidQuery, Query()]) -> Response:
    """What the reader's organisation has to do, the urgent first."""
    return await sending.shown(ask, "my.html", My(ask, []).shown, Sent())


@router.post("/my", openapi_extra=needs(May.REPORT_PROGRESS))
async def report_progress(ask: Ask) -> Response:
    """Hands in the progress report of a week: a narrative, or that nothing changed."""
    values, my = forms.texts(await ask.form()), My(ask, [])
    form = Form(
        ProgressReportSubmit,
        my.submit,
        "my.html",
        my.shown,
        saved=lambda _: frame(ask).to("/my", said="saved"),
        readings={"period_ends_on": forms.DAY},
    )
    return await sending.take(ask, form, values)


@dataclass(frozen=True, slots=True)
class My:
    """The work of the organisation that asks; `previewed` fills with the period that a previewed report is for."""

    ask: Ask
    previewed: list[Period]

    def submit(self, session: Session, change: ProgressReportSubmit, _: int | None) -> None:
        ask = self.ask
        row = submitting.submit(session, ask.actor, change, ask.rhythm, ask.now)
        self.previewed[:] = [ask.rhythm.ending(row.period_ends_on)]

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> MyPage:
        ask = self.ask
        view = View(ask.actor, ask.today, journal.head(session))
        until = ask.today + AHEAD
        steps = own_work.steps(session, view, until, limit=ROWS)
        claims = {
            which: own_work.claims(session, view, which, limit=ROWS)
            for which in (Verification.DISPUTED, Verification.WAITING)
        }
        names = _names(session, [*steps, *(c.line for found in claims.values() for c in found)])
        phases = own_work.phases(session, ask.actor)
        return MyPage(
            frame=frame(ask),
            sent=sent,
            phases=phases,
            has_own=bool(phases) or bool(own_work.holders(session, ask.actor)),
            refused=[_step(each, names, ask) for each in claims[Verification.DISPUTED]],
            waiting=[_step(each, names, ask) for each in claims[Verification.WAITING]],
            tranches=own_work.tranches(session, ask.actor) if ask.actor.may(May.DECLARE_COD) else [],
            steps=[_step(Claim(line, None), names, ask) for line in steps[:ROWS]],
            has_more=len(steps) > ROWS,
            until=until,
            filings=_filings(session, ask, phases),
            obstacles=known.seen(session, own_work.obstacles(session, ask.actor, limit=ROWS)),
            report=self._report(session, effect),
        )

    def _report(self, session: Session, effect: Effect | None) -> Report | None:
        ask = self.ask
        current = ask.rhythm.period_of(ask.now)
        last = ask.rhythm.before(current)
        login = ask.tracker.settings.evn_spc_login
        reporters = progress_reports.reporters(session, ask.actor, last.ends_on, login)
        own = next((r for r in reporters if r.organisation.id == ask.actor.organisation_id), None)
        if own is None:
            return None
        previewed = self.previewed[0] if effect is not None and self.previewed else None
        period = previewed or current
        told = progress_reports.changes(session, ask.actor, own.organisation.code, period)
        standing = reporting.standing(ask.rhythm, own.heard, ask.now)
        changes = sum(told.by_kind.values())
        is_late = previewed is not None and previewed.is_closed(ask.now)
        return Report(current, standing, own, changes, previewed, is_late)


Names = dict[tuple[SubjectKind, int], tuple[str, str]]


def _names(session: Session, lines: Sequence[Line]) -> Names:
    return subjects.names(session, {(line.row.subject, line.row.subject_id) for line in lines})


def _step(claim: Claim, names: Names, ask: Ask) -> Step:
    row = claim.line.row
    return Step(claim.line, *names[row.subject, row.subject_id], ask.today, claim.note)


def _filings(session: Session, ask: Ask, phases: Sequence[Phase]) -> list[Countdown]:
    """What must be filed for one's own phases, without what is filed."""
    own = {phase.code for phase in phases}
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    found = deadlines.ahead(session, ask.actor, ask.today, calendar) if own else []
    return [each for each in found if each.phase.code in own and each.alarm.state != DeadlineState.DONE][
        :ROWS
    ]
