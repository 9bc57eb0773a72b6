"""The countdown to a COD: the last days to file what must be filed before it (domain rules 1.3 and 7).

Calendar-day terms are counted back from the COD goal itself, working-day terms from the last working day on or before
it, terms of a test from the planned first test, else from that same day. A notice counted back is never rolled
forward: where its day is off, the last working day before it is when it can really be filed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from app.domain.vocabulary import DayUnit, DeadlineKind, DeadlineState
from app.domain.workdays import WorkCalendar

# From when on a deadline raises the alarm, in days; this service's choice, no legal figure.
SOON_DAYS = 14


class DayTerm(NamedTuple):
    """A length of time: how many of which days."""

    days: int
    unit: DayUnit


class LeadTime(NamedTuple):
    """How long before the COD, or before the first test, something must be filed, and what says so."""

    kind: DeadlineKind
    term: DayTerm
    is_before_test: bool
    basis: str


LEAD_TIMES = (
    # 90 days in power purchase agreements (S18); for COD on 31/10/2021 the file date was 03/8/2021, 89 days (S17).
    LeadTime(DeadlineKind.COD_NOTICE, DayTerm(90, DayUnit.CALENDAR), False, "PPA (S17, S18)"),
    LeadTime(DeadlineKind.TEST_PROGRAMME, DayTerm(20, DayUnit.WORKING), True, "QĐ 1010/QĐ-EVN (S4)"),
    LeadTime(DeadlineKind.TEST_REGISTRATION, DayTerm(3, DayUnit.WORKING), True, "QĐ 1010/QĐ-EVN (S4)"),
    LeadTime(DeadlineKind.LICENCE_FILE, DayTerm(15, DayUnit.WORKING), False, "TT 21/2020/TT-BCT (S18)"),
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to file one thing, and how that day was found.

    `due_on` is the day of the term; `act_by_on` the last working day on or before it. `is_provisional` says that a
    working day was counted in a year whose days off are not published, so either day may still move.
    """

    kind: DeadlineKind
    due_on: date
    act_by_on: date
    counted_from_on: date
    term: DayTerm
    basis: str
    is_provisional: bool


class Alarm(NamedTuple):
    """Where a deadline stands; `days_left` are calendar days to `act_by_on`, below 0 those since `due_on`."""

    state: DeadlineState
    days_left: int | None


def countdown(goal_on: date, first_test_on: date | None, calendar: WorkCalendar) -> list[Deadline]:
    """What must be filed by when for a COD on `goal_on`, the soonest first.

    `first_test_on` is the planned first test, where there is a plan. For a COD on 31/12/2023, a Sunday, without
    one: notice 02/10, test programme 01/12, licence file 08/12, test registration 26/12/2023.
    """
    deadlines = [
        _deadline(lead, first_test_on if lead.is_before_test and first_test_on else goal_on, calendar)
        for lead in LEAD_TIMES
    ]
    return sorted(deadlines, key=lambda deadline: deadline.due_on)


def _deadline(lead: LeadTime, end: date, calendar: WorkCalendar) -> Deadline:
    days, unit = lead.term
    if unit == DayUnit.WORKING:
        start = calendar.on_or_before(end)
        due_on = act_by_on = calendar.before(start, days)
        provisional = calendar.is_provisional_between(due_on, end)
    else:
        start, due_on = end, end - timedelta(days)
        act_by_on = calendar.on_or_before(due_on)
        # Holidays cannot move a calendar-day term; only the way from its day to the last working day hangs on them.
        provisional = calendar.is_provisional_between(act_by_on, due_on)
    return Deadline(lead.kind, due_on, act_by_on, start, lead.term, lead.basis, provisional)


def alarm(deadline: Deadline, today: date, done: bool, *, soon_days: int = SOON_DAYS) -> Alarm:
    """How a deadline stands on `today`; `done` says that it was filed, after which no days are counted.

    Due soon from `soon_days` calendar days before `act_by_on`. Between that day and a later `due_on` offices are
    closed but nothing is late yet: no days are left, and it is not passed.
    """
    if done:
        return Alarm(DeadlineState.DONE, None)
    left = (deadline.act_by_on - today).days
    if left < 0:
        left = min(0, (deadline.due_on - today).days)
    if left < 0:
        return Alarm(DeadlineState.PASSED, left)
    return Alarm(DeadlineState.DUE_SOON if left <= soon_days else DeadlineState.AHEAD, left)
