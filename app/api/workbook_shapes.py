"""What a reader gets of a workbook that was sent in."""

from datetime import date
from typing import Any

from app.deps import Ask, workbook_runs
from app.domain import quantity
from app.domain.sheets import Column, ColumnKind, Typed
from app.domain.vocabulary import CellKind
from app.domain.workbooks import UNKNOWN, Cell, Effects, Findings, Summary, Wrong
from app.queries import workbooks as stored
from app.queries.workbook_rows import BY_CODE
from app.schemas import refusals
from app.schemas.workbooks import (
    CellRead,
    DoneRead,
    EffectsRead,
    MovedRead,
    SummaryRead,
    TallyRead,
    UploadRead,
)
from app.tables.base import key
from app.tables.workbooks import WorkbookUpload


def upload(ask: Ask, row: WorkbookUpload) -> UploadRead:
    """An upload with how far it is."""
    run = workbook_runs.of(ask.tracker, row)
    problem = None if row.problem is None else refusals.named(row.problem)
    made = stored.summary(row)
    return UploadRead(
        **row.model_dump(include={"file_name", "sheet", "size_bytes", "checked_at", "created_at"}),
        id=key(row.id),
        state=workbook_runs.state(ask.tracker, row),
        step=None if run is None else run.step,
        done=0 if run is None else run.done,
        total=0 if run is None else run.total,
        downloaded_at=row.read_at,
        committed_as=row.revision,
        problem=row.problem,
        message=None if problem is None else problem.label(ask.lang),
        summary=None if made is None else _summary(ask, made),
        changed_at=row.changed_at,
    )


def _summary(ask: Ask, made: Summary) -> SummaryRead:
    tallies = [
        TallyRead(
            sheet=t.sheet,
            name=BY_CODE[t.sheet].label(ask.lang) if t.sheet in BY_CODE else t.sheet,
            changed=t.changed,
            added=t.added,
            conflicts=t.conflicts,
            errors=t.errors,
        )
        for t in made.tallies
    ]
    return SummaryRead(
        rows=made.rows,
        changed_rows=made.changed_rows,
        missing=made.missing,
        has_mark=made.has_mark,
        sheets=tallies,
        effects=None if made.effects is None else _effects(made.effects),
    )


def _effects(made: Effects) -> EffectsRead:
    gap = made.gap_kw or (None, None)
    return EffectsRead(
        operating_kw_before=made.operating_kw[0],
        operating_kw_after=made.operating_kw[1],
        declared_kw_before=made.declared_kw[0],
        declared_kw_after=made.declared_kw[1],
        gap_kw_before=gap[0],
        gap_kw_after=gap[1],
        moved=[
            MovedRead(phase=code, name=name, before_on=_day(before), after_on=_day(after))
            for code, name, before, after in made.moved
        ],
        done=[
            DoneRead(work=work, stage=stage, before=before, after=after, total=total)
            for work, stage, before, after, total in made.done
        ],
    )


def _day(said: str | None) -> date | None:
    return None if said is None else date.fromisoformat(said)


def cells(
    ask: Ask, found: Findings, kind: CellKind, sheet: str | None, start: int, most: int
) -> list[CellRead]:
    """Up to `most` of one kind of what was found, of one sheet or of all, after the first `start`."""
    of = [one for one in found.of(kind) if sheet in (None, one.sheet)]
    return [
        _wrong(ask, one) if isinstance(one, Wrong) else _cell(ask, one, kind)
        for one in of[start : start + most]
    ]


def _cell(ask: Ask, one: Cell, kind: CellKind) -> CellRead:
    column = BY_CODE[one.sheet].by_field[one.field]
    return CellRead(
        kind=kind,
        sheet=one.sheet,
        row=one.row,
        column=one.column,
        field=one.field,
        label=column.label(ask.lang),
        key=list(one.key),
        base=_value(column, one.base),
        mine=_value(column, one.mine),
        theirs=_value(column, one.theirs),
    )


def _wrong(ask: Ask, one: Wrong) -> CellRead:
    column = None
    if one.sheet in BY_CODE and one.field is not None:
        column = BY_CODE[one.sheet].by_field.get(one.field)
    return CellRead(
        kind=CellKind.ERROR,
        sheet=one.sheet,
        row=one.row,
        column=one.column,
        field=one.field,
        label=None if column is None else column.label(ask.lang),
        key=[],
        problem=one.problem,
        message=refusals.named(one.problem).label(ask.lang),
        details=dict(one.details) or None,
    )


def _value(column: Column, value: Typed) -> Any:
    """A cell's value as the API has it; null also where the journal does not keep what it was."""
    if value == UNKNOWN:
        return None
    if column.kind == ColumnKind.MW and isinstance(value, int):
        return quantity.mw(value)
    return value
