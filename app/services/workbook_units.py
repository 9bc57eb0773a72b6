"""The rows of a workbook about tower positions and tension sections: one batch a line, judged together."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.errors import TrackerError
from app.domain.problems import Problem
from app.domain.sheets import Typed
from app.domain.units import HELD, STAGES
from app.domain.vocabulary import UnitStage
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import RowChange, Wrong
from app.queries.workbook_rows import BY_CODE
from app.queries.workbook_works import LAYOUT_OF
from app.schemas.milestones import BatchQuery
from app.schemas.units import UnitBatch, UnitRow, UnitRowRead
from app.services import unit_batches
from app.services.workbook_projects import Ground, wire

KINDS = {layout.code: kind for kind, layout in LAYOUT_OF.items()}
# What a report's fields are called in a sheet, behind the name of its stage.
PARTS = {"status": "status", "effective_on": "on", "cause": "cause"}
MOST = 10_000


def change(ground: Ground, rows: Sequence[RowChange]) -> list[Wrong]:
    """Makes the rows of both sheets, line by line; a line of which a row is refused stays as it is."""
    found: list[Wrong] = []
    of_line: dict[str, list[RowChange]] = {}
    for row in rows:
        of_line.setdefault(row.key[0], []).append(row)
    for line, own in of_line.items():
        for start in range(0, len(own), MOST):
            found += _line(ground, line, own[start : start + MOST])
    return found


def _line(ground: Ground, line: str, rows: Sequence[RowChange]) -> list[Wrong]:
    wrong: list[Wrong] = []
    taken: list[tuple[RowChange, UnitRow]] = []
    for row in rows:
        made, problems = _unit(ground, row)
        wrong += problems
        if made is not None:
            taken.append((row, made))
    if taken:
        wrong += _batch(ground, line, taken)
    ground.tick(len(rows))
    return wrong


def _batch(ground: Ground, line: str, taken: Sequence[tuple[RowChange, UnitRow]]) -> list[Wrong]:
    # Each row is checked already, and the list of them is no longer than a batch may be.
    batch = UnitBatch.model_construct(rows=[made for _, made in taken])
    query = BatchQuery(dry_run=True)
    try:
        answer = unit_batches.change(
            ground.session, ground.actor, line, batch, query, ground.today, ground.lang
        )
    except TrackerError as error:
        return [wrong for row, _ in taken for wrong in ground.refused(row, error)]
    return [
        _refused(ground, row, read)
        for (row, _), read in zip(taken, answer.rows, strict=True)
        if read.problem is not None
    ]


def _refused(ground: Ground, row: RowChange, read: UnitRowRead) -> Wrong:
    """A refused row at the cell that it is about: of the stage it names, else of the first one that the row changes."""
    assert read.problem is not None
    field, details = read.field, read.details or {}
    if field in PARTS:
        stages = [stage.value for stage in STAGES[KINDS[row.sheet]]]
        told = [stage for stage in stages if any(f"{stage}_{part}" in row.values for part in PARTS.values())]
        stage = details.get("stage") or (told[0] if told else stages[0])
        field = f"{stage}_{PARTS[field]}"
    return ground.wrong(row, read.problem, field, details)


def _unit(ground: Ground, row: RowChange) -> tuple[UnitRow | None, list[Wrong]]:
    """A row as the service takes it, or what is wrong with its shape."""
    kind = KINDS[row.sheet]
    after = ground.after(row)
    reports: list[dict[str, Any]] = []
    stages = {f"{stage.value}_{part}" for stage in STAGES[kind] for part in PARTS.values()}
    for stage in STAGES[kind]:
        told = {part: row.values[f"{stage.value}_{part}"] for part in PARTS.values() if f"{stage.value}_{part}" in row.values}  # fmt: skip
        if not told:
            continue
        if after.get(f"{stage.value}_status") is None:
            return None, [_stateless(ground, row, stage, told)]
        reports.append(_report(ground, stage, told, after))
    said = wire(BY_CODE[row.sheet], row.values, without=stages)
    unit = {**said, "kind": kind, "number": row.key[1], "reports": reports}
    return ground.model(row, UnitRow, unit)


def _stateless(ground: Ground, row: RowChange, stage: UnitStage, told: Mapping[str, Typed]) -> Wrong:
    """A day or a cause without a state, or a state that was emptied."""
    problem = WorkbookProblem.STATE_EMPTIED if "status" in told else Problem.FIELD_MISSING
    return ground.wrong(row, problem.value, f"{stage.value}_status")


def _report(
    ground: Ground, stage: UnitStage, told: Mapping[str, Typed], after: Mapping[str, Typed]
) -> dict[str, Any]:
    """What a row tells of a stage: from the day that was typed, else from today. A cause that nobody typed ends with the
    hold that it was of."""
    status = after[f"{stage.value}_status"]
    keeps_cause = "cause" in told or status in HELD
    return {
        "stage": stage,
        "status": status,
        "effective_on": told.get("on") or ground.today,
        "cause": after.get(f"{stage.value}_cause") if keeps_cause else None,
    }
