"""Many milestones as one change: every row is tried on its own, and each says what became of it."""

from datetime import date

from sqlalchemy.orm import Session

from app.db import attempt
from app.domain.access import Actor, May, require
from app.domain.errors import Invalid, TrackerError
from app.domain.problems import Problem
from app.domain.words import Lang
from app.schemas.milestones import (
    BatchQuery,
    BatchRead,
    MilestoneBatch,
    MilestoneChange,
    MilestoneRow,
    RowRead,
)
from app.services import journal, milestones

CHANGED, UNCHANGED, REFUSED = "changed", "unchanged", "refused"


def change(
    session: Session, actor: Actor, batch: MilestoneBatch, query: BatchQuery, today: date, lang: Lang
) -> BatchRead:
    """Applies the rows in their order, in one revision. A refused row undoes itself alone; unless `partial` (or a dry
    run, which keeps nothing) asks for the rest, it refuses the whole batch with every row that is wrong."""
    require(actor, May.REPORT_MILESTONES)
    _refuse_twins(batch)
    read = [_row(session, actor, number, row, today, lang) for number, row in enumerate(batch.rows)]
    refused = [row for row in read if row.outcome == REFUSED]
    if refused and not (query.partial or query.dry_run):
        raise Invalid(Problem.ROWS_REFUSED, rows=[row.model_dump(exclude_none=True) for row in refused])
    counts = {
        outcome: sum(row.outcome == outcome for row in read) for outcome in (CHANGED, UNCHANGED, REFUSED)
    }
    return BatchRead(dry_run=query.dry_run, rows=read, **counts)


def _refuse_twins(batch: MilestoneBatch) -> None:
    """Two rows on one milestone would make the order of rows matter, and hide a slip of the hand."""
    seen: set[tuple[str, str, str]] = set()
    for number, row in enumerate(batch.rows):
        place = row.subject.value, row.subject_code, row.milestone.upper()
        if place in seen:
            raise Invalid(Problem.ROW_TWICE, field=f"rows.{number}.milestone")
        seen.add(place)


def _row(session: Session, actor: Actor, number: int, row: MilestoneRow, today: date, lang: Lang) -> RowRead:
    where = {
        "row": number,
        "subject": row.subject,
        "subject_code": row.subject_code,
        "milestone": row.milestone,
    }
    sent = row.model_fields_set & set(MilestoneChange.model_fields)
    single = MilestoneChange.model_construct(
        _fields_set=sent, **row.model_dump(include=set(MilestoneChange.model_fields))
    )
    try:
        with attempt(session):
            before = journal.stated(session)
            milestones.change(
                session, actor, row.subject, row.subject_code, row.milestone, single, row.revision, today
            )
            said = journal.stated(session) > before
    except TrackerError as error:
        return RowRead(
            **where,
            outcome=REFUSED,
            problem=error.problem.value,
            field=error.field,
            message=error.problem.label(lang),
            details=journal.plain(error.details) or None,
        )
    return RowRead(**where, outcome=CHANGED if said else UNCHANGED)
