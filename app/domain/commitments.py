"""A commitment (cam kết): how it stood on a day, and whether it was kept. Kept or broken is never typed.

A promise is judged by its due day, at the end of it: kept where every unit it names stands done then, broken where one
does not. What is reopened before the due day is not done; what is reopened after it leaves a kept promise kept, for it
held on its day. A promise that missed its day is kept late for as long as every unit is done, and broken again where one
of them is reopened. A promise that was moved is judged on the day in force when the question is asked for. Only what is
open can be withdrawn: a promise that was not kept is not taken back, it can only be given a new day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.calendar import end_of_day, local_day
from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import CommitmentAct, CommitmentState
from app.domain.work_problems import WorkProblem

# What is still owed, and can be given a new day.
OWED = frozenset({CommitmentState.OPEN, CommitmentState.BROKEN})
# Whether all units of a promise stand done at the end of a day.
IsDone = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One step in the life of a promise. `day` is the day it is promised for from then on; a withdrawal has none."""

    act: CommitmentAct
    stated_on: date
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise as it stood on a day: due when, moved how often."""

    made_on: date
    due_on: date
    moves: int = 0
    withdrawn_on: date | None = None


def promise_on(acts: Iterable[Act], day: date) -> Promise | None:
    """How a promise stood at the end of a day, from its acts in the order in which they were recorded; None where it was
    not made by then."""
    found: Promise | None = None
    for act in acts:
        if act.stated_on > day:
            continue
        if act.act == CommitmentAct.MADE and act.day is not None:
            found = Promise(act.stated_on, act.day)
        elif found is not None and act.act == CommitmentAct.MOVED and act.day is not None:
            found = replace(found, due_on=act.day, moves=found.moves + 1)
        elif found is not None and act.act == CommitmentAct.WITHDRAWN:
            found = replace(found, withdrawn_on=act.stated_on)
    return found


def state(promise: Promise, is_done: IsDone, day: date, *, is_over: bool) -> CommitmentState:
    """Whether a promise, as it stood on a day, was kept by the end of it. `is_over`: that day itself has passed, so that
    a promise due on it has had all of its time."""
    if promise.withdrawn_on is not None:
        return CommitmentState.WITHDRAWN
    if day < promise.due_on or (day == promise.due_on and not is_over):
        return CommitmentState.KEPT if is_done(day) else CommitmentState.OPEN
    if is_done(promise.due_on):
        return CommitmentState.KEPT
    return CommitmentState.KEPT_LATE if is_done(day) else CommitmentState.BROKEN


def open_day(known_at: datetime | date | None, today: date) -> date:
    """The first day that is not over for whoever asks what was known at an instant, or at the end of a day: today, or
    then. Nothing promised for it, or for a day behind it, can be called broken."""
    if known_at is None:
        return today
    # Neither the day after the last one there is, nor the day in Viet Nam of the last hours of it, could be said.
    if isinstance(known_at, datetime):
        return today if known_at > end_of_day(today) else local_day(known_at)
    return today if known_at >= today else known_at + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the promises of a week, each counted once. `late` were kept within the week, but after their day;
    `moved` were put off to a day after it; `open` still have time on its last day."""

    kept: int = 0
    late: int = 0
    moved: int = 0
    broken: int = 0
    withdrawn: int = 0
    open: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.late + self.moved + self.broken + self.withdrawn + self.open

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.kept + other.kept,
            self.late + other.late,
            self.moved + other.moved,
            self.broken + other.broken,
            self.withdrawn + other.withdrawn,
            self.open + other.open,
        )


_COUNTED = {
    CommitmentState.KEPT: Kept(kept=1),
    CommitmentState.KEPT_LATE: Kept(late=1),
    CommitmentState.BROKEN: Kept(broken=1),
    CommitmentState.WITHDRAWN: Kept(withdrawn=1),
    CommitmentState.OPEN: Kept(open=1),
}


def is_of_week(acts: Iterable[Act], after: date, until: date) -> bool:
    """Whether something was promised for a week, the days after `after` up to `until`: by the day in force when it began,
    or by a day that was set within it."""
    acts = list(acts)
    before = promise_on(acts, after)
    days = [act.day for act in acts if after < act.stated_on <= until and act.day is not None]
    if before is not None and before.withdrawn_on is None:
        days.append(before.due_on)
    return any(after < day <= until for day in days)


def outcome(promise: Promise, is_done: IsDone, until: date, *, is_over: bool) -> Kept:
    """What came of a promise of a week, by the end of its last day."""
    return judged(state(promise, is_done, until, is_over=is_over), promise, until)


def judged(found: CommitmentState, promise: Promise, until: date) -> Kept:
    """The same from the state in which a promise stood at the end of that day: still open for a day behind it is moved."""
    if found == CommitmentState.OPEN and promise.due_on > until:
        return Kept(moved=1)
    return _COUNTED[found]


def check_made(made_on: date, due_on: date, today: date) -> None:
    """Raises RuleBroken where a promise is made in the future, or due before it was made."""
    if made_on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="made_on", today=today)
    if due_on < made_on:
        raise RuleBroken(WorkProblem.DUE_BEFORE_MADE, field="due_on", made_on=made_on)


def check_postponement(now: CommitmentState, due_on: date, new: date) -> None:
    """Raises RuleBroken where a promise is kept or withdrawn, or the new day is not after the one given up."""
    if now not in OWED:
        raise RuleBroken(WorkProblem.COMMITMENT_CLOSED, state=now.value)
    if new <= due_on:
        raise RuleBroken(Problem.DEADLINE_NOT_LATER, field="due_on", previous_on=due_on)


def check_withdrawal(now: CommitmentState) -> None:
    """Raises RuleBroken unless a promise is open."""
    if now == CommitmentState.BROKEN:
        raise RuleBroken(WorkProblem.COMMITMENT_BROKEN)
    if now != CommitmentState.OPEN:
        raise RuleBroken(WorkProblem.COMMITMENT_CLOSED, state=now.value)
