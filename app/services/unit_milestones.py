"""The steps of a grid work that are counted in units follow them: handed over, cast, erected, strung when the last unit is,
open again when one goes back. So does the handover of a package that has cases. Nobody types their dates."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.db import Stamp
from app.domain.access import Actor
from app.domain.calendar import local_day
from app.domain.milestones import Stated
from app.domain.unit_milestones import STAGE_OF, completed_on, handed_over_on
from app.domain.units import KIND_OF
from app.domain.vocabulary import MilestoneAct, SubjectKind, UnitKind, Verification
from app.queries import journal, subjects, unit_milestones, units
from app.services.milestones import Teller
from app.tables.milestones import Milestone
from app.tables.works import GridWork


def follow(session: Session, actor: Actor, work: GridWork) -> None:
    """Brings the milestones of a work, and of its packages, to what its units and cases say.

    To be called after whatever changes a unit, a report, a total or a case of the work. What has no units or cases
    keeps the dates that were typed. A step that was ruled out is kept up to date too, for it may be ruled in again.
    """
    session.flush()
    rows = unit_milestones.rows(session, work)
    if not rows:
        return
    stamp: Stamp = session.info["stamp"]
    reached = _reached(session, work, rows, local_day(stamp.at))
    for row in rows:
        if row.id in reached:
            _tell(session, actor, row, reached[row.id])


def _reached(
    session: Session, work: GridWork, rows: Sequence[Milestone], today: date
) -> Mapping[int | None, date | None]:
    """Since when each milestone that follows something is done, None while it is open."""
    # Whatever this change has written so far; that alone must not open a revision in which nothing is stated.
    revision = journal.head(session)
    cases = units.cases(session, work, revision)
    line = units.line(session, work, revision, cases)
    versions = units.totals(session, work, revision)
    first = {UnitKind.TOWER: work.towers_total, UnitKind.SECTION: work.sections_total}
    found: dict[int | None, date | None] = {}
    for row in rows:
        if row.subject == SubjectKind.CLEARANCE:
            own = [case for case in cases if case.clearance_id == row.subject_id]
            if own:
                found[row.id] = handed_over_on(own, today)
        elif line.of(kind := KIND_OF[stage := STAGE_OF[row.code]]):
            found[row.id] = completed_on(line, stage, today, first[kind], versions)
    return found


def _tell(session: Session, actor: Actor, row: Milestone, reached_on: date | None) -> None:
    """States what has changed of one milestone, and nothing where it stands so already."""
    holder = subjects.by_id(session, row.subject, row.subject_id)
    is_illustrative = reached_on is not None and unit_milestones.is_illustrative(session, row)
    teller = Teller(session, actor, holder, row, is_illustrative=is_illustrative)
    standing = teller.state.actual
    if reached_on is None:
        if standing is not None:
            teller.say(MilestoneAct.WITHDRAWN, None, previous_on=standing.on)
        return
    stated = Stated(reached_on)
    if standing != stated or teller.state.verification != Verification.CONFIRMED:
        teller.say(MilestoneAct.CONFIRMED, stated, verification=Verification.CONFIRMED)
