"""The weeks that a page about land or commitments can be asked for: the running one, and those that ended before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain import land_table
from app.domain.land_table import Week
from app.domain.reporting import Rhythm

SHOWN = 12
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weeks:
    """The week looked at, from its first day, and the last days of those that can be chosen, the latest first.
    `is_running`: its last day is today, and not over."""

    week: Week
    first: date
    is_running: bool
    ends: Sequence[date]


def weeks(rhythm: Rhythm, asked: date | None, today: date) -> Weeks:
    """The week that ends on the last cut-off up to `asked`, else the running one. RuleBroken where it ends after today."""
    week = land_table.week(rhythm, asked, today, today)
    last = land_table.last_cutoff(rhythm, today - DAY)
    ends = [last - number * rhythm.every for number in range(SHOWN)]
    if asked is not None and week.until not in ends:
        ends = sorted({*ends, week.until}, reverse=True)
    return Weeks(week, week.after + DAY, asked is None, ends)
