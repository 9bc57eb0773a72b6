"""Counts of households that give no household away: to other signed-in roles five or more, to the public rounded to five.

The finest cell is one track of one work or plant in one commune. A cell's cases are split twice, by how far they have
come and by what their owners say, and each split is published as a whole or not at all:

*Five or more* (`pooled`). A cell of fewer than five cases is not shown. Inside a cell every category below five, zero
too, goes into `other`, with the smallest further ones until `other` is five or more, or nothing is left beside it. So
a cell is cut into *pieces* of five or more cases, and the categories inside `other` stay unsplit.

*Rounded* (`rounded`). The same pieces, each rounded to the nearest five.

Why nothing can be subtracted:

1. Every number shown, of a cell or of any roll-up, is a sum of pieces. A roll-up is the sum of what is *published* of its
   parts and knows nothing else, so asking by work, by commune and by track tells the same sums in another order.
2. What can be computed from sums of pieces can be computed from the pieces. The least that the pieces know of a set of
   cases is one piece, which is five cases or more; where one number counts cases of another, the difference is a sum of
   pieces again and never 1 to 4.
3. The rounded form is a function of the pieces, so who reads both forms knows no more than who reads the pieces. All
   its numbers are multiples of five, therefore all differences too, whatever the days: a change of one household shows
   as nothing or as five.

The second form is only asked for as of a cut-off (`queries/land.py`), the first also between two days: the steps of a
*category* from one day to the next can be seen by those who are signed in, and whose they are cannot.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.calendar import end_of_day
from app.domain.reporting import Period, Rhythm
from app.domain.vocabulary import Attitude, CaseProgress, CountForm

LEAST = 5
# The two splits of a cell. An attitude that nobody has told is a category like any other.
UNKNOWN = "unknown"
PROGRESS = tuple(progress.value for progress in CaseProgress)
ATTITUDES = (*(attitude.value for attitude in Attitude), UNKNOWN)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is published of one split of a cell, or of several together: the categories that stand alone, and `other`."""

    parts: Mapping[str, int] = field(default_factory=dict)
    other: int = 0

    @property
    def numbers(self) -> list[int]:
        """Every number in it that somebody reads."""
        return [*self.parts.values(), *([self.other] if self.other else [])]


def exact(counts: Mapping[str, int]) -> Shown:
    """For compensation roles: what there is."""
    return Shown(dict(counts))


def pooled(counts: Mapping[str, int]) -> Shown | None:
    """A split of a cell in pieces of five or more; None where the cell is too small to be shown."""
    if sum(counts.values()) < LEAST:
        return None
    smallest_first = sorted(counts, key=lambda category: counts[category])
    small = [category for category in smallest_first if counts[category] < LEAST]
    other = sum(counts[category] for category in small)
    for category in smallest_first[len(small) :]:
        if not small or other >= LEAST:
            break
        small.append(category)
        other += counts[category]
    return Shown({c: n for c, n in counts.items() if c not in small}, other)


def rounded(counts: Mapping[str, int]) -> Shown | None:
    """The pieces, each rounded to the nearest five; None where the cell is too small to be shown."""
    pieces = pooled(counts)
    if pieces is None:
        return None
    return Shown({c: nearest_five(n) for c, n in pieces.parts.items()}, nearest_five(pieces.other))


def nearest_five(count: int) -> int:
    """A count rounded to the nearest multiple of five."""
    return (count + LEAST // 2) // LEAST * LEAST


SPLIT: Mapping[CountForm, Callable[[Mapping[str, int]], Shown | None]] = {
    CountForm.EXACT: exact,
    CountForm.FIVE_OR_MORE: pooled,
    CountForm.ROUNDED_TO_FIVE: rounded,
}


def whole(form: CountForm, cases: int) -> int:
    """How many cases a cell that is shown is said to have: no category of it is ever said to have more."""
    return nearest_five(cases) if form == CountForm.ROUNDED_TO_FIVE else cases


def published_period(rhythm: Rhythm, as_of: date, now: datetime) -> Period:
    """The last period that was closed both by the end of `as_of` and at `now`: the public reads the land as of its end,
    of what was recorded by its end. So a day has one answer for ever, and none of two days lie within one period."""
    return rhythm.before(rhythm.period_of(min(now, end_of_day(as_of))))


def together(shown: Iterable[Shown]) -> Shown:
    """A roll-up: the sum of what is published of its parts, category by category."""
    parts: Counter[str] = Counter()
    other = 0
    for each in shown:
        # `update` keeps the zeros that an exact count states.
        parts.update(each.parts)
        other += each.other
    return Shown(dict(parts), other)
