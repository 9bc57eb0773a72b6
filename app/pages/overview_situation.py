"""Below the number on the overview: why the target is at risk, what most MW wait for, what the last days brought, which
milestones are late, and how fresh the figures are. Each reader sees of it what the API would tell."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.db import Session
from app.deps import Ask
from app.domain import commitments as promises
from app.domain import reporting
from app.domain.access import May
from app.domain.capacity import Target
from app.domain.land_table import Week
from app.domain.templates import Wording
from app.domain.vocabulary import Freshness, ReportState, SubjectKind
from app.outside import shipped
from app.queries import blockers, milestone_lists, progress_reports, projects, situation, subjects, week
from app.queries.blockers import Blocker
from app.queries.capacity import View
from app.queries.progress_reports import Reporter
from app.queries.situation import Situation
from app.queries.week import Changes
from app.schemas.capacity import CapacityQuery
from app.schemas.milestones import Which

SOON_DAYS = 30
FIRST_LATE, MOST_COUNTED, MOST_REPORTERS = 5, 1_000, 12
# Who has been silent longest comes first.
BY_CONCERN = (ReportState.SILENT, ReportState.LATE, ReportState.DUE, ReportState.REPORTED)
PATHS = {
    SubjectKind.PROJECT: "/projects/",
    SubjectKind.PHASE: "/phases/",
    SubjectKind.GRID_WORK: "/grid-works/",
    SubjectKind.CLEARANCE: "/clearances/",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone that is late or due: of what it is, for which day it was promised, and when it is expected."""

    title: Wording
    subject: SubjectKind
    code: str
    name: str
    promised_on: date | None
    expected_on: date | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The first milestones of a list; `count` of all, at most one more than `MOST_COUNTED`."""

    steps: Sequence[Step]
    count: int

    @property
    def is_more(self) -> bool:
        return self.count > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Heard:
    """Where one reporter stands now."""

    reporter: Reporter
    state: ReportState
    missed: int
    age_days: int | None
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class Reports:
    """Where the reporters stand: how many in each state, and those first that are silent or late."""

    counts: Mapping[ReportState, int]
    first: Sequence[Heard]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """`situation` is None for the public and where the reader sees too many phases for a page; `obstacles` then stand for
    what most MW wait for. The lists are None where they are not the reader's, or of a past day in a large register;
    `reports` also on every page of the past, for they are of now."""

    after: date
    until: date
    changes: Changes
    reads_detail: bool
    situation: Situation | None
    obstacles: Sequence[Blocker] | None
    late: Due | None
    soon: Due | None
    reports: Reports | None

    @property
    def first_on(self) -> date:
        return self.after + timedelta(days=1)

    @property
    def blockers(self) -> Sequence[Blocker]:
        return (self.obstacles or ()) if self.situation is None else self.situation.blockers

    @property
    def forecast(self) -> Sequence[tuple[date, int]]:
        """kW in operation from each forecast COD on; nothing where the reader sees only some of the projects."""
        return () if self.situation is None else self.situation.forecast or ()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is known to have happened in the week."""
        moved = self.situation is not None and self.situation.handovers
        return not moved and not any(self.changes.by_area.values())

    def path(self, subject: SubjectKind, code: str) -> str:
        """The page of a subject."""
        return PATHS[subject] + code


def standing(session: Session, ask: Ask, view: View, asked: CapacityQuery, target: Target | None) -> Standing:
    """Everything below the number, for one reader and one view."""
    reads_detail = ask.actor.may(May.READ_DETAIL)
    is_small = reads_detail and situation.is_small(session, view)
    is_now = view.as_of >= ask.today and asked.known_at is None
    lists = is_small or (reads_detail and is_now)
    days = min(week.DAYS, view.as_of.toordinal() - 1)
    after = view.as_of - timedelta(days=days)
    return Standing(
        after=after,
        until=view.as_of,
        changes=ask.tracker.findings.once(
            ask.revision, ("changes", key(view)), lambda: week.changes(session, view, days)
        ),
        reads_detail=reads_detail,
        situation=_situation(session, ask, view, asked, target, after) if is_small else None,
        obstacles=blockers.nearest_obstacles(session, view, situation.MOST_BLOCKERS)
        if reads_detail and is_now and not is_small
        else None,
        late=_due(session, ask, view, Which.LATE) if lists else None,
        soon=_due(session, ask, view, Which.DUE_SOON) if lists else None,
        reports=_reports(session, ask) if reads_detail and is_now else None,
    )


def _situation(
    session: Session, ask: Ask, view: View, asked: CapacityQuery, target: Target | None, after: date
) -> Situation:
    open_on = promises.open_day(asked.known_at, ask.today)
    span = Week(after, view.as_of, is_over=view.as_of < open_on)
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    return ask.tracker.findings.once(
        ask.revision,
        ("situation", key(view), target and target.code, span),
        lambda: situation.of_reader(session, view, calendar, target, span),
    )


def key(view: View) -> tuple[object, ...]:
    """What a finding for a view hangs on: its days and revision, and who may see what of it."""
    return (view.as_of, view.revision, view.with_illustrative, view.actor.role, *projects.sight(view.actor))


def _due(session: Session, ask: Ask, view: View, which: Which) -> Due:
    return ask.tracker.findings.once(
        ask.revision, (which, key(view), ask.today), lambda: _first(session, view, ask.today, which)
    )


def _first(session: Session, view: View, today: date, which: Which) -> Due:
    lines = milestone_lists.page(
        session, view, today, which, within_days=SOON_DAYS, subject=None, after=None, limit=FIRST_LATE
    )[:FIRST_LATE]
    names = subjects.names(session, {(line.row.subject, line.row.subject_id) for line in lines})
    steps = [
        Step(
            line.step.name,
            line.row.subject,
            *names[line.row.subject, line.row.subject_id],
            line.state.promised_on,
            line.state.expected_on,
            line.row.is_illustrative,
        )
        for line in lines
    ]
    most = MOST_COUNTED
    return Due(steps, milestone_lists.count(session, view, today, which, within_days=SOON_DAYS, most=most))


def _reports(session: Session, ask: Ask) -> Reports:
    rhythm, today = ask.rhythm, ask.today
    last = rhythm.before(rhythm.period_of(ask.now))
    found = []
    login = ask.tracker.settings.evn_spc_login
    for each in progress_reports.reporters(session, ask.actor, last.ends_on, login):
        stands = reporting.standing(rhythm, each.heard, ask.now)
        age = reporting.age_days(each.heard, today)
        found.append(Heard(each, stands.state, stands.missed, age, reporting.freshness(age)))
    found.sort(key=lambda one: (BY_CONCERN.index(one.state), -one.missed, one.reporter.organisation.code))
    return Reports(Counter(one.state for one in found), found[:MOST_REPORTERS])
