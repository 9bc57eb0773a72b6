"""Changing the units of a line: one as a batch of one, thousands as one revision, each row with what became of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.unit_checks import Breach
from app.domain.vocabulary import SubjectKind, WorkKind
from app.domain.words import Lang
from app.domain.work_problems import WorkProblem
from app.queries import subjects
from app.schemas.milestones import BatchQuery
from app.schemas.units import UnitBatch, UnitBatchRead, UnitRow, UnitRowRead, UnitWarning
from app.services import journal, unit_drafts, unit_judgements, units
from app.services.unit_drafts import Draft
from app.tables.works import GridWork

CHANGED, UNCHANGED, REFUSED = "changed", "unchanged", "refused"
# The fields of a row that is taken.
_TOLD = {"row", "kind", "number", "outcome", "warnings"}


def line_of(session: Session, actor: Actor, code: str) -> GridWork:
    """A line whose units `actor` may change. NotFound where it does not see it, Forbidden where it is another's,
    RuleBroken where the work is no line."""
    require(actor, May.CHANGE_WORKS)
    work = subjects.one(session, actor, SubjectKind.GRID_WORK, code).row
    assert isinstance(work, GridWork)
    require_own(actor, May.CHANGE_WORKS, work.owner_id)
    if work.kind != WorkKind.LINE:
        raise RuleBroken(WorkProblem.NOT_A_LINE)
    return work


def put(
    session: Session, actor: Actor, code: str, row: UnitRow, today: date, lang: Lang
) -> list[UnitWarning]:
    """Puts one unit on a line, or changes it, and tells what is reported of it; the same again changes nothing.

    Returns the rules that the department has overridden. Invalid where the unit is not on the line and its place is not
    given, Stale where it has moved on since `row.revision`, RuleBroken for what its rules refuse.
    """
    work = line_of(session, actor, code)
    draft = unit_judgements.judge(unit_drafts.known(session, work, [row]), actor, [row], today)
    if error := draft.refused.get(0):
        raise error
    units.keep(session, actor, draft)
    return [warning(breach, lang) for breach in draft.warnings[0]]


def change(
    session: Session, actor: Actor, code: str, batch: UnitBatch, query: BatchQuery, today: date, lang: Lang
) -> UnitBatchRead:
    """Applies all rows as one revision, in any order. Unless `partial` asks for the rest, a refused row refuses the batch
    with every row that is wrong; with `partial` the rows are judged without those that are refused. A dry run is taken
    back by who asked for it. A unit may stand in one row only."""
    work = line_of(session, actor, code)
    _refuse_twins(batch.rows)
    known = unit_drafts.known(session, work, batch.rows)
    draft = unit_judgements.judge(known, actor, batch.rows, today, without_refused=query.partial)
    read = [_row(draft, number, row, lang) for number, row in enumerate(batch.rows)]
    is_kept = draft.is_settled if query.partial else not draft.refused
    if not (is_kept or query.dry_run):
        wrong = [row.model_dump(exclude_none=True) for row in read if row.outcome == REFUSED]
        raise Invalid(Problem.ROWS_REFUSED, rows=wrong)
    if is_kept:
        units.keep(session, actor, draft)
    counts = {
        outcome: sum(row.outcome == outcome for row in read) for outcome in (CHANGED, UNCHANGED, REFUSED)
    }
    return UnitBatchRead(dry_run=query.dry_run, rows=read, **counts)


def warning(breach: Breach, lang: Lang) -> UnitWarning:
    """A rule that was overridden, as who overrode it is told."""
    assert isinstance(breach.problem, Rule)
    return UnitWarning.of(breach.problem, lang, unit=breach.unit.number, day=breach.day)


def _refuse_twins(rows: Sequence[UnitRow]) -> None:
    """Two rows on one unit would make the order of rows matter, and hide a slip of the hand."""
    seen = set()
    for number, row in enumerate(rows):
        if (row.kind, row.number) in seen:
            raise Invalid(WorkProblem.UNIT_TWICE, field=f"rows.{number}.number")
        seen.add((row.kind, row.number))


def _row(draft: Draft, number: int, row: UnitRow, lang: Lang) -> UnitRowRead:
    where: dict[str, Any] = {"row": number, "kind": row.kind, "number": row.number}
    error = draft.refused.get(number)
    if error is None:
        outcome = CHANGED if draft.has_changed(number) else UNCHANGED
        said = [warning(breach, lang) for breach in draft.warnings.get(number, ())]
        # A row knows what is right already, and that ten thousand of them are checked and remember it costs megabytes.
        return UnitRowRead.model_construct(_TOLD, **where, outcome=outcome, warnings=said)
    return UnitRowRead(
        **where,
        outcome=REFUSED,
        problem=error.problem.value,
        field=error.field,
        message=error.problem.label(lang),
        details=journal.plain(error.details) or None,
    )
