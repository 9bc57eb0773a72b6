"""The rows of a workbook about milestones."""

from collections.abc import Sequence
from typing import Any

from app.domain.errors import TrackerError
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import RowChange, Wrong
from app.queries.workbook_milestones import DATES, SAID
from app.schemas.milestones import BatchQuery, MilestoneBatch, MilestoneRow
from app.services import milestone_batches
from app.services.milestone_batches import UNCHANGED
from app.services.workbook_projects import Ground

# So many rows are made between two looks at whether the work is still wanted.
AT_A_TIME = 200


def change(ground: Ground, rows: Sequence[RowChange]) -> list[Wrong]:
    """Makes the rows in their order; a refused row undoes itself alone."""
    wrong: list[Wrong] = []
    for start in range(0, len(rows), AT_A_TIME):
        wrong += _some(ground, rows[start : start + AT_A_TIME])
        ground.tick(len(rows[start : start + AT_A_TIME]))
    return wrong


def _some(ground: Ground, rows: Sequence[RowChange]) -> list[Wrong]:
    wrong: list[Wrong] = []
    taken: list[tuple[RowChange, MilestoneRow]] = []
    for row in rows:
        made, problems = ground.model(row, MilestoneRow, _said(ground, row))
        wrong += problems
        if made is not None:
            taken.append((row, made))
    if not taken:
        return wrong
    batch = MilestoneBatch.model_construct(rows=[made for _, made in taken])
    query = BatchQuery(dry_run=True)
    try:
        answer = milestone_batches.change(
            ground.session, ground.actor, batch, query, ground.today, ground.lang
        )
    except TrackerError as error:
        return wrong + [one for row, _ in taken for one in ground.refused(row, error)]
    for (row, _), read in zip(taken, answer.rows, strict=True):
        if read.problem is not None:
            wrong.append(ground.wrong(row, read.problem, read.field, read.details))
        elif read.outcome == UNCHANGED:
            alone = all(name in SAID for name in row.values)
            problem = WorkbookProblem.SAID_ALONE if alone else WorkbookProblem.NOT_TAKEN
            wrong.append(ground.wrong(row, problem.value, next(iter(row.values))))
    return wrong


def _said(ground: Ground, row: RowChange) -> dict[str, Any]:
    """A row as the service takes it: a date goes with its precision, whichever of the two was typed."""
    after = ground.after(row)
    said: dict[str, Any] = {name: row.values[name] for name in SAID if row.values.get(name) is not None}
    for date in DATES:
        if f"{date}_on" in row.values or f"{date}_precision" in row.values:
            said[f"{date}_on"] = after.get(f"{date}_on")
            precision = after.get(f"{date}_precision")
            if precision is not None and said[f"{date}_on"] is not None:
                said[f"{date}_precision"] = precision
    subject, code, milestone = row.key
    return {**said, "subject": subject, "subject_code": code, "milestone": milestone}
