"""The pace of the units of grid works, and the days to which it leads."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain import pace, units
from app.domain.pace import Forecast
from app.domain.unit_milestones import STAGE_OF, can_follow
from app.domain.units import KIND_OF, Count, Line, Unit
from app.domain.vocabulary import SubjectKind, UnitStage
from app.queries import unit_milestones
from app.queries import units as found
from app.queries.capacity import View
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class Paced:
    """One stage of a work on a day: how far it is, what its pace says, and which of its units are held."""

    counted: Count
    forecast: Forecast
    held: tuple[Unit, ...]
    is_illustrative: bool


def of_work(session: Session, view: View, work: GridWork, stage: UnitStage, weeks: int) -> Paced:
    """What the last weeks of a stage say of the units that are left, as of a view."""
    line = found.line(session, work, view.revision)
    totals = found.totals_on(session, work, view.revision, view.as_of)
    return _paced(view, work, line, units.count(line, stage, view.as_of, totals[KIND_OF[stage]]), weeks)


def of_stages(
    view: View, work: GridWork, line: Line, counts: Iterable[Count], weeks: int = pace.WEEKS
) -> list[Paced]:
    """The same of several stages of a line at hand, counted already."""
    return [_paced(view, work, line, counted, weeks) for counted in counts]


def _paced(view: View, work: GridWork, line: Line, counted: Count, weeks: int) -> Paced:
    listed = line.of(KIND_OF[counted.stage])
    held = tuple(unit for unit in listed if line.standing(unit, counted.stage, view.as_of).is_held)
    is_illustrative = work.is_illustrative or any(map(line.is_illustrative, listed))
    return Paced(counted, pace.forecast(line, counted, view.as_of, weeks), held, is_illustrative)


def likely(session: Session, view: View, rows: Iterable[Milestone]) -> dict[int | None, date]:
    """To which day the pace of its units leads each of some milestones, by its id; one that counts no units, or whose
    pace gives no day, is absent. Only works with units are loaded."""
    asked: dict[int, list[Milestone]] = defaultdict(list)
    for row in rows:
        if row.subject == SubjectKind.GRID_WORK and can_follow(row.subject, row.code, row.instance):
            asked[row.subject_id].append(row)
    days: dict[int | None, date] = {}
    for work in unit_milestones.with_units(session, asked) if asked else ():
        line = found.line(session, work, view.revision)
        totals = found.totals_on(session, work, view.revision, view.as_of)
        for row in asked[key(work.id)]:
            stage = STAGE_OF[row.code]
            counted = units.count(line, stage, view.as_of, totals[KIND_OF[stage]])
            likely_on = pace.forecast(line, counted, view.as_of).all_but_on(0)
            # Of a kind of unit that is not listed at all nothing is known, whatever its total.
            if counted.listed and likely_on is not None:
                days[row.id] = likely_on
    return days
