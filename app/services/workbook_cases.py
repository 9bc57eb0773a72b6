"""The rows of a workbook about cases of land clearance: one batch a grid work. What is personal is never said."""

from collections.abc import Sequence
from typing import Any

from app.db import attempt
from app.domain.errors import TrackerError
from app.domain.sheet_layouts import CASES
from app.domain.workbooks import RowChange, Wrong
from app.queries import households as stored
from app.queries import subjects
from app.schemas.households import HouseholdBatch, HouseholdPut, HouseholdRow
from app.schemas.milestones import BatchQuery
from app.services import household_batches, households
from app.services.workbook_projects import Ground, wire

STATE = ("status", "attitude", "cause", "approved_vnd", "paid_vnd")
UNIT = ("unit_kind", "unit_number")
MOST = 10_000
Taken = list[tuple[RowChange, HouseholdRow]]


def change(ground: Ground, rows: Sequence[RowChange]) -> list[Wrong]:
    """Makes the rows, work by work; those of a package that is of no work one by one."""
    wrong: list[Wrong] = []
    of_work: dict[str | None, Taken] = {}
    works: dict[str, str | None] = {}
    for row in rows:
        try:
            if row.key[0] not in works:
                works[row.key[0]] = _work(ground, row.key[0])
        except TrackerError as error:
            wrong += ground.refused(row, error)
            continue
        made, problems = ground.model(row, HouseholdRow, _said(ground, row))
        wrong += problems
        if made is not None:
            of_work.setdefault(works[row.key[0]], []).append((row, made))
    for work, taken in of_work.items():
        for start in range(0, len(taken), MOST):
            some = taken[start : start + MOST]
            wrong += _alone(ground, some) if work is None else _batch(ground, work, some)
            ground.tick(len(some))
    return wrong


def _work(ground: Ground, package: str) -> str | None:
    """The work whose land a package clears. NotFound where the actor does not see the package."""
    holder = stored.package(ground.session, ground.actor, package)
    work = subjects.work_of(ground.session, holder)
    return None if work is None else work.code


def _said(ground: Ground, row: RowChange) -> dict[str, Any]:
    """A row as the service takes it: its state from the day that was typed, else from today."""
    after = ground.after(row)
    said = wire(CASES, row.values, without=(*UNIT, "effective_on"))
    if any(name in row.values for name in UNIT):
        kind, number = (after.get(name) for name in UNIT)
        said["unit"] = None if kind is None and number is None else {"kind": kind, "number": number}
    typed = row.values.get("effective_on")
    if typed is not None:
        said["effective_on"] = typed
        if not any(name in row.values for name in STATE):
            said["status"] = after.get("status")
    return {**said, "clearance": row.key[0], "number": row.key[1]}


def _batch(ground: Ground, work: str, taken: Taken) -> list[Wrong]:
    batch = HouseholdBatch.model_construct(rows=[made for _, made in taken])
    query = BatchQuery(dry_run=True)
    try:
        answer = household_batches.put(
            ground.session, ground.actor, work, batch, query, ground.today, ground.lang
        )
    except TrackerError as error:
        return [wrong for row, _ in taken for wrong in ground.refused(row, error)]
    return [
        ground.wrong(row, read.problem, _field(read.field), read.details)
        for (row, _), read in zip(taken, answer.rows, strict=True)
        if read.problem is not None
    ]


def _alone(ground: Ground, taken: Taken) -> list[Wrong]:
    wrong: list[Wrong] = []
    for row, made in taken:
        said = made.model_dump(include=set(HouseholdPut.model_fields) & made.model_fields_set)
        one = HouseholdPut.model_validate(said)
        try:
            with attempt(ground.session):
                households.put(
                    ground.session, ground.actor, made.clearance, made.number, one, None, ground.today
                )
        except TrackerError as error:
            # Why it was refused, and never what was sent.
            wrong.append(ground.wrong(row, error.problem.value, _field(error.field)))
    return wrong


def _field(name: str | None) -> str | None:
    return "unit_number" if name == "unit" else name
