"""What nobody may say of a milestone because units and cases say it (`unit_milestones` has them say it)."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain import unit_milestones as domain
from app.domain.errors import RuleBroken
from app.domain.network import WORK_END
from app.domain.vocabulary import UnitKind
from app.domain.work_problems import WorkProblem
from app.queries import journal, unit_milestones, units
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.milestones import Milestone
from app.tables.works import GridWork


def refuse_typed(session: Session, holder: Holder, row: Milestone) -> None:
    """Raises RuleBroken for a typed actual, or a word on one, where units or cases say when the milestone is done."""
    if unit_milestones.follows(session, holder, row):
        raise RuleBroken(WorkProblem.FOLLOWS_UNITS, field="actual_on")


def check_strung(session: Session, holder: Holder, row: Milestone, actual_on: date) -> None:
    """Raises RuleBroken where a line would be energised before its last listed section was strung (rule R36)."""
    work = holder.row
    if not isinstance(work, GridWork) or row.code != WORK_END:
        return
    if unit_milestones.lists(session, key(work.id), UnitKind.SECTION):
        revision = journal.head(session)
        totals = units.totals_on(session, work, revision, actual_on)
        line = units.line(session, work, revision, ())
        domain.check_energised(line, actual_on, totals[UnitKind.SECTION])
