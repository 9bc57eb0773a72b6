"""One milestone: its four dates, where it stands on a day, and what may be said about it next.

Baseline, plan, forecast and actual are four separate dates (rule R15), or delay disappears. Everything a reader sees
beside them (status, lateness, flag) is computed here, never typed. A stored day is always the last day it can be.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.access import Role
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import Flag, Gate, MilestoneAct, MilestoneStatus, Precision, Verification

# How long a declared actual may wait for the second key: as long as a declared tranche (EVN's practice, [E]).
DECISION_TAKES = timedelta(days=14)
# The milestone of a phase that follows its tranches: COD recognised.
COD = "W-G7"
# Whose user turns the key of an authority that has none here: EVN's side through EVN SPC, the State's through the
# department, each on the letter of that authority.
KEYS: dict[str, Role] = {
    "SPC": Role.EVN_SPC,
    "NPT": Role.EVN_SPC,
    "EVN": Role.EVN_SPC,
    "EPTC": Role.EVN_SPC,
    "A0": Role.EVN_SPC,
    "A2": Role.EVN_SPC,
    "SCT": Role.DEPARTMENT,
    "BCT": Role.DEPARTMENT,
    "EREA": Role.DEPARTMENT,
    "ERAV": Role.DEPARTMENT,
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A day and how exactly it is known."""

    on: date
    precision: Precision = Precision.DAY


@dataclass(frozen=True, slots=True)
class State:
    """What has been said about a milestone. `moves` counts how often its forecast was moved."""

    baseline: Stated | None = None
    plan: Stated | None = None
    forecast: Stated | None = None
    actual: Stated | None = None
    verification: Verification | None = None
    declared_at: datetime | None = None
    is_applicable: bool = True
    moves: int = 0

    @property
    def is_done(self) -> bool:
        """An actual that is not disputed; the second key may still be waited for."""
        return self.actual is not None and self.verification != Verification.DISPUTED

    @property
    def is_open(self) -> bool:
        return self.is_applicable and not self.is_done

    @property
    def promised_on(self) -> date | None:
        """The day it is measured against: the baseline, else the plan, else the forecast."""
        return _first(self.baseline, self.plan, self.forecast)

    @property
    def expected_on(self) -> date | None:
        """The day it is now expected on: the forecast, else the plan, else the baseline."""
        return _first(self.forecast, self.plan, self.baseline)


def _first(*stated: Stated | None) -> date | None:
    return next((found.on for found in stated if found is not None), None)


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a milestone's history, as far as its state hangs on it."""

    act: MilestoneAct
    stated: Stated | None = None
    verification: Verification | None = None
    at: datetime | None = None


def fold(entries: Iterable[Said], state: State | None = None) -> State:
    """What entries say, oldest first, from nothing or on top of a state."""
    state = state or State()
    for said in entries:
        state = _after(state, said)
    return state


def _after(state: State, said: Said) -> State:
    match said.act:
        case MilestoneAct.BASELINED:
            return replace(state, baseline=said.stated)
        case MilestoneAct.PLANNED:
            return replace(state, plan=said.stated)
        case MilestoneAct.FORECAST:
            return replace(state, forecast=said.stated, moves=state.moves + (state.forecast is not None))
        case MilestoneAct.DECLARED:
            waits = said.at if said.verification == Verification.WAITING else None
            return replace(state, actual=said.stated, verification=said.verification, declared_at=waits)
        case MilestoneAct.CONFIRMED:
            return replace(state, actual=said.stated, verification=Verification.CONFIRMED, declared_at=None)
        case MilestoneAct.DISPUTED:
            return replace(state, verification=Verification.DISPUTED, declared_at=None)
        case MilestoneAct.WITHDRAWN:
            return replace(state, actual=None, verification=None, declared_at=None)
        case _:  # Ruled out or in: what is left.
            return replace(state, is_applicable=said.act == MilestoneAct.RULED_IN)


def status(
    state: State,
    today: date,
    *,
    valid_until: date | None = None,
    is_blocked: bool = False,
    is_free: bool = True,
) -> MilestoneStatus:
    """Where a milestone stands on a day.

    `valid_until`: the last day of its newest evidence (rule R33); `is_blocked`: an obstacle on it is open; `is_free`:
    its hard predecessors are done.
    """
    if not state.is_applicable:
        return MilestoneStatus.NOT_APPLICABLE
    if state.is_done:
        expired = valid_until is not None and valid_until < today
        return MilestoneStatus.EXPIRED if expired else MilestoneStatus.DONE
    if is_blocked:
        return MilestoneStatus.BLOCKED
    return MilestoneStatus.OPEN if is_free else MilestoneStatus.NOT_DUE


def late_days(state: State, today: date) -> int | None:
    """Calendar days after the promised day: of an actual, or of today while it is open. None where nothing is promised."""
    promised = state.promised_on
    if promised is None or not state.is_applicable:
        return None
    return max(0, ((state.actual.on if state.is_done and state.actual else today) - promised).days)


def slip_days(state: State, today: date) -> int | None:
    """Calendar days from the promised day to the actual or expected one, which is never before today; early is negative."""
    promised, expected = state.promised_on, state.expected_on
    if promised is None or not state.is_applicable:
        return None
    if state.is_done and state.actual:
        return (state.actual.on - promised).days
    return (max(expected or today, today) - promised).days


def flag(state: State, today: date) -> Flag | None:
    """The traffic light; None where the milestone is not applicable."""
    if not state.is_applicable:
        return None
    late, slip = late_days(state, today), slip_days(state, today)
    if late is None or slip is None:
        return None if state.is_done else Flag.NO_DATE
    if late:
        return Flag.LATE
    if state.is_done:
        return Flag.AHEAD if slip < 0 else Flag.ON_TRACK
    return Flag.AT_RISK if slip > 0 else Flag.ON_TRACK


def decision_due_on(declared_on: date | None) -> date | None:
    """By when whoever has the second key should decide."""
    return None if declared_on is None else declared_on + DECISION_TAKES


@dataclass(frozen=True, slots=True)
class Before:
    """A predecessor of a milestone: under its own key, with the gate between them."""

    key: str
    gate: Gate
    state: State
    valid_until: date | None = None

    @property
    def is_done(self) -> bool:
        """Done, or nothing to be done."""
        return self.state.is_done or not self.state.is_applicable

    def is_after(self, day: date) -> bool:
        """Whether it was done later than on that day; what does not apply has no day that counts."""
        actual = self.state.actual if self.state.is_applicable else None
        return actual is not None and actual.on > day

    def is_expired(self, day: date) -> bool:
        """Whether the evidence of what was done was no longer good on that day."""
        applies = self.state.is_applicable and self.state.is_done
        return applies and self.valid_until is not None and self.valid_until < day


@dataclass(frozen=True, slots=True)
class GateFinding:
    """A predecessor that is open, or was done later than what follows it. A hard one refuses unless overridden."""

    problem: Problem
    key: str
    gate: Gate


def gates(actual_on: date, before: Sequence[Before]) -> list[GateFinding]:
    """What stands against an actual on that day (rule R23), hard gates first."""
    found = [
        GateFinding(problem, each.key, each.gate)
        for each in before
        if (problem := _broken(each, actual_on)) is not None
    ]
    return sorted(found, key=lambda finding: finding.gate != Gate.HARD)


def _broken(before: Before, actual_on: date) -> Problem | None:
    """What is wrong with a predecessor for an actual on that day; None where nothing is."""
    if not before.is_done:
        return Problem.PREDECESSOR_OPEN
    if before.is_after(actual_on):
        return Problem.BEFORE_PREDECESSOR
    # Its document had expired by then: it was open again (rule R33).
    return Problem.PREDECESSOR_EXPIRED if before.is_expired(actual_on) else None


def check_gates(found: Sequence[GateFinding], *, is_overridden: bool) -> None:
    """Raises RuleBroken for the first hard gate that nobody has overridden, naming every one of its kind."""
    hard = [finding for finding in found if finding.gate == Gate.HARD]
    if hard and not is_overridden:
        same = [finding.key for finding in hard if finding.problem == hard[0].problem]
        raise RuleBroken(hard[0].problem, field="actual_on", milestones=same)


def check_forecast(
    state: State, forecast: Stated | None, today: date, *, has_cause: bool, is_expired: bool = False
) -> None:
    """Raises where a forecast cannot be stated: on what is done (and has not expired) or does not apply, before today,
    or moved without a cause."""
    _check_applicable(state)
    if state.is_done and not is_expired:
        raise RuleBroken(Problem.ALREADY_DONE, field="forecast_on")
    if forecast is not None and forecast.on < today:
        raise RuleBroken(Problem.FORECAST_PAST, field="forecast_on", today=today)
    if state.forecast is not None and not has_cause:
        raise RuleBroken(Problem.CAUSE_MISSING, field="cause")


def check_actual(
    step: MilestoneTemplate, state: State, actual: Stated, today: date, *, is_expired: bool = False
) -> None:
    """Raises where an actual cannot be declared: of a COD, in the future (rule R12), where nothing applies, or twice
    (what has expired is done once more)."""
    if step.code == COD:
        raise RuleBroken(Problem.COD_BY_TRANCHE, field="actual_on")
    _check_applicable(state)
    if state.is_done and not is_expired:
        raise RuleBroken(Problem.ALREADY_DONE, field="actual_on")
    if actual.on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="actual_on", today=today)


def _check_applicable(state: State) -> None:
    if not state.is_applicable:
        raise RuleBroken(Problem.NOT_APPLICABLE_HERE)


def first_verification(step: MilestoneTemplate) -> Verification:
    """What a fresh actual is: at a hard gate it waits for the second key, else it is self-reported (rule R18)."""
    return Verification.WAITING if step.gate == Gate.HARD else Verification.SELF_REPORTED


def check_confirmer(
    step: MilestoneTemplate, role: Role, *, user_id: int | None, declared_by: int | None
) -> None:
    """Raises unless this role turns the second key of this step, and is another user than who declared (rule R19)."""
    keys = {KEYS[party] for party in step.confirm_by if party in KEYS}
    if keys and role not in keys:
        raise RuleBroken(Problem.CONFIRMED_BY_OTHERS, confirm_by=list(step.confirm_by))
    if user_id is not None and user_id == declared_by:
        raise RuleBroken(Problem.SAME_USER)


def check_decidable(state: State) -> None:
    """Raises unless an actual is declared and not confirmed yet, of what applies (a disputed one may be ruled out)."""
    _check_applicable(state)
    if state.actual is None:
        raise RuleBroken(Problem.NOT_DECLARED)
    if state.verification == Verification.CONFIRMED:
        raise RuleBroken(Problem.ALREADY_DECIDED)


def key(code: str, instance: int) -> str:
    """How a milestone is named inside its subject: `W-D3`, and `W-D3.2` for its second instance."""
    return code if instance == 1 else f"{code}.{instance}"


def parts(given: str) -> tuple[str, int]:
    """Code and instance of such a name, in capitals or not. Raises Invalid where it is none: each has one name only."""
    code, dot, number = given.partition(".")
    instance = int(number) if number.isdecimal() and len(number) <= len("999") else 1
    if dot and (instance < 2 or given != f"{code}.{instance}"):
        raise Invalid(Problem.UNKNOWN_MILESTONE, field="milestone")
    return code.upper(), instance
