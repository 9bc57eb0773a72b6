"""Limits of evacuation groups as EVN states them: which one holds on a day, and what a statement must say.

They are entered as stated and never derived from ratings (domain rules 3.2): MW, on the grid as it is or after a work,
with all elements in service (N) or the largest one out (N-1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import Criterion, LimitCondition
from app.domain.work_problems import WorkProblem


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """A limit as EVN stated it. `criterion` None: the statement does not say, so it counts for both."""

    id: int
    group_id: int
    kw: int
    condition: LimitCondition
    work_id: int | None
    criterion: Criterion | None
    valid_from: date
    valid_until: date | None = None


Energised = Mapping[int, date]


def holding(
    limits: Iterable[StatedLimit], energised: Energised, day: date, criterion: Criterion
) -> StatedLimit | None:
    """The one limit of a group that holds on a day for a criterion; None where none is stated.

    `energised` gives the day of each work that is. A limit after a work counts from then on and supersedes the existing
    one; of several works the last energised wins, of several statements about the same the one valid from the last day.
    """
    standing = [
        (limit, since)
        for limit in limits
        if limit.criterion in (criterion, None) and (since := _since(limit, energised, day)) is not None
    ]
    after = [pair for pair in standing if pair[0].condition == LimitCondition.AFTER_WORK]
    best = max(after or standing, key=lambda pair: (pair[1], pair[0].valid_from, pair[0].id), default=None)
    return None if best is None else best[0]


def _since(limit: StatedLimit, energised: Energised, day: date) -> date | None:
    """The day of the grid that a limit speaks of; None where it does not hold on `day`."""
    if limit.valid_from > day or (limit.valid_until is not None and limit.valid_until < day):
        return None
    if limit.condition == LimitCondition.EXISTING:
        return limit.valid_from
    on = None if limit.work_id is None else energised.get(limit.work_id)
    return on if on is not None and on <= day else None


def all_holding(limits: Sequence[StatedLimit], energised: Energised, day: date) -> list[StatedLimit]:
    """The limits of a group that hold on a day for one criterion or another, each once."""
    found = (holding(limits, energised, day, criterion) for criterion in Criterion)
    return list({limit.id: limit for limit in found if limit is not None}.values())


def binding(
    limits: Sequence[StatedLimit], energised: Energised, day: date, asked: Criterion | None
) -> StatedLimit | None:
    """The limit that counts: of the criterion that is asked for, else the stricter of those stated."""
    if asked is not None:
        return holding(limits, energised, day, asked)
    return min(all_holding(limits, energised, day), key=lambda limit: (limit.kw, limit.id), default=None)


def check_limit(
    condition: LimitCondition, *, names_work: bool, valid_from: date, valid_until: date | None
) -> None:
    """Raises RuleBroken where a limit after a work names none (or an existing one does), or ends before it begins."""
    if names_work != (condition == LimitCondition.AFTER_WORK):
        raise RuleBroken(WorkProblem.LIMIT_WORK, field="work")
    if valid_until is not None and valid_until < valid_from:
        raise RuleBroken(Problem.PERIOD, field="valid_until", valid_from=valid_from)


def check_ground(
    letter: Sequence[object | None], letter_on: date | None, *, cites: bool, today: date
) -> None:
    """Raises RuleBroken unless a limit stands on a whole letter (number, day, issuer), on a cited source, or on both;
    and where that letter is of the future (rule R12)."""
    given = [part is not None for part in letter]
    if any(given) and not all(given):
        raise RuleBroken(Problem.LETTER_INCOMPLETE, field="letter_number")
    if not any(given) and not cites:
        raise RuleBroken(WorkProblem.LIMIT_UNPROVEN, field="letter_number")
    if letter_on is not None and letter_on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="letter_on", today=today)


def check_withdrawal(withdrawn_in: int | None) -> None:
    """Raises RuleBroken where a limit was taken back before."""
    if withdrawn_in is not None:
        raise RuleBroken(WorkProblem.LIMIT_WITHDRAWN)
