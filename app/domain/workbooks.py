"""What was found in a workbook that was sent in, and what of it is to be done: kept as text until it is committed."""

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.sheet_differences import Change
from app.domain.sheet_reading import CellProblem
from app.domain.sheets import Column, ColumnKind, Key, Layout, Typed
from app.domain.vocabulary import CellKind, Take
from app.domain.words import Term

# What stands where nobody can say any more what a cell said: no cell of a file can say the same.
UNKNOWN = "\x1f?"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that the file would change. `row` counts from 1, `column` is its letter; `is_new`: its whole row is new."""

    sheet: str
    row: int
    column: str
    field: str
    key: Key
    base: Typed
    mine: Typed
    theirs: Typed
    is_new: bool = False

    @property
    def place(self) -> tuple[str, int, str]:
        return self.sheet, self.row, self.column


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell, a row or a sheet: a problem's code, and what it is about beside its place."""

    sheet: str
    problem: str
    row: int | None = None
    column: str | None = None
    field: str | None = None
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effects:
    """What would follow: kW in operation, declared and missing from the target, before and after; CODs that move, as
    code, name, day before, day after; and done of each stage of a line, as line, stage, before, after, of how many."""

    operating_kw: tuple[int, int] = (0, 0)
    declared_kw: tuple[int, int] = (0, 0)
    gap_kw: tuple[int, int] | None = None
    moved: tuple[tuple[str, str, str | None, str | None], ...] = ()
    done: tuple[tuple[str, str, int, int, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a check finds. `cells` are to be changed; `conflicts` wait for somebody to say whose value counts;
    one `wrong` thing keeps the whole from being committed; `notices` do not. `has_mark`: whether the file says truly
    when it was downloaded, for else nobody can know what others have changed since. `letters` are the columns of each sheet
    by field. `missing` rows stay as they are."""

    cells: tuple[Cell, ...] = ()
    conflicts: tuple[Cell, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    notices: tuple[Wrong, ...] = ()
    letters: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    rows: int = 0
    missing: int = 0
    has_mark: bool = False
    effects: Effects | None = None

    @property
    def changed_rows(self) -> int:
        return len({(cell.sheet, cell.row) for cell in self.cells})

    def of(self, kind: CellKind) -> Sequence[Cell | Wrong]:
        """One kind of what was found, in the order of the file."""
        if kind == CellKind.ERROR:
            return self.wrong
        if kind == CellKind.CONFLICT:
            return self.conflicts
        return [cell for cell in self.cells if cell.is_new == (kind == CellKind.ADDED)]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cells of a sheet are changed, are of new rows, are changed by both sides, or are wrong."""

    sheet: str
    changed: int = 0
    added: int = 0
    conflicts: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What stays when the file has gone: counts and effects, nothing of what a cell held."""

    rows: int
    changed_rows: int
    missing: int
    has_mark: bool
    tallies: tuple[Tally, ...]
    effects: Effects | None
    has_personal: bool = False

    def total(self, name: str) -> int:
        """One count over all sheets."""
        return sum(getattr(tally, name) for tally in self.tallies)


@dataclass(frozen=True, slots=True)
class RowChange:
    """The cells of one row that are to be changed, with the letters of their columns."""

    sheet: str
    row: int
    key: Key
    is_new: bool
    values: Mapping[str, Typed]
    columns: Mapping[str, str]


def wrong(problem: CellProblem) -> Wrong:
    """A problem of the reader as it is kept."""
    return Wrong(
        problem.sheet,
        problem.problem.value,
        problem.row,
        problem.column,
        problem.field,
        _plain(problem.details),
    )


def cell(change: Change, *, is_new: bool = False) -> Cell:
    """A difference as it is kept."""
    named = (change.layout.code, change.row, change.column, change.field, change.key)
    return Cell(*named, change.base, change.mine, change.theirs, is_new)


def chosen(
    conflicts: Iterable[Cell], all_take: Take | None, takes: Mapping[tuple[str, int, str], Take]
) -> tuple[list[Cell], list[Cell]]:
    """The conflicts that are decided for the file, and those that nobody has decided yet."""
    mine, open_ = [], []
    for one in conflicts:
        take = takes.get(one.place, all_take)
        if take is None:
            open_.append(one)
        elif take == Take.MINE:
            mine.append(one)
    return mine, open_


def left_to_say(
    cells: Sequence[Cell], conflicts: Iterable[Cell], layouts: Mapping[str, Layout]
) -> list[Cell]:
    """Cells without what was only said beside a change that is decided for the others: there is nothing to say it with."""
    fought = {(one.sheet, one.row) for one in conflicts}
    real = {(one.sheet, one.row) for one in cells if not layouts[one.sheet].by_field[one.field].is_said}
    return [one for one in cells if (one.sheet, one.row) in real or (one.sheet, one.row) not in fought]


def with_more(found: Findings, wrong: Iterable[Wrong]) -> Findings:
    """The same with more that is wrong. Of a row that cannot be read as it stands nothing further is said: what it is
    refused for may come of that alone."""
    known = {(one.sheet, one.row) for one in found.wrong if one.row is not None}
    more = [one for one in wrong if (one.sheet, one.row) not in known]
    return dataclasses.replace(found, wrong=(*found.wrong, *more))


def in_order(found: Findings) -> Findings:
    """The same with what is wrong in the order of the file; what is about the file as a whole comes first."""
    sheets = {sheet: place for place, sheet in enumerate(found.letters)}

    def place(one: Wrong) -> tuple[int, int, int, str]:
        column = one.column or ""
        return sheets.get(one.sheet, -1), one.row or 0, len(column), column

    return dataclasses.replace(found, wrong=tuple(sorted(found.wrong, key=place)))


def rows(cells: Iterable[Cell]) -> list[RowChange]:
    """Cells put together by their rows, in the order of the file."""
    found: dict[tuple[str, int], list[Cell]] = {}
    for one in cells:
        found.setdefault((one.sheet, one.row), []).append(one)
    return [
        RowChange(
            sheet,
            row,
            of[0].key,
            of[0].is_new,
            {one.field: one.mine for one in of},
            {one.field: one.column for one in of},
        )
        for (sheet, row), of in found.items()
    ]


def to_text(found: Findings) -> str:
    """Findings as JSON, to be kept."""
    names: dict[str, Any] = {
        "cells": [_cell_out(one) for one in found.cells],
        "conflicts": [_cell_out(one) for one in found.conflicts],
        "wrong": [_wrong_out(one) for one in found.wrong],
        "notices": [_wrong_out(one) for one in found.notices],
        "letters": found.letters,
        "rows": found.rows,
        "missing": found.missing,
        "has_mark": found.has_mark,
    }
    names["effects"] = _effects_out(found.effects)
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str, layouts: Mapping[str, Layout]) -> Findings:
    """Findings as they were kept; the columns say what each value is."""
    kept = json.loads(text)
    return Findings(
        cells=tuple(_cell_in(one, layouts) for one in kept["cells"]),
        conflicts=tuple(_cell_in(one, layouts) for one in kept["conflicts"]),
        wrong=tuple(Wrong(*one) for one in kept["wrong"]),
        notices=tuple(Wrong(*one) for one in kept["notices"]),
        letters=kept["letters"],
        rows=kept["rows"],
        missing=kept["missing"],
        has_mark=kept["has_mark"],
        effects=_effects_in(kept["effects"]),
    )


def summary(found: Findings, layouts: Mapping[str, Layout]) -> Summary:
    """Findings counted, sheet by sheet in the order in which the workbook has them; what is wrong with the whole file
    counts under the name it was found under."""
    counts: dict[str, dict[str, int]] = {sheet: {} for sheet in layouts if sheet in found.letters}
    of = (("conflicts", found.conflicts), ("errors", found.wrong))
    for name, cells in ((("added" if one.is_new else "changed"), (one,)) for one in found.cells):
        _count(counts, name, cells)
    for name, places in of:
        _count(counts, name, places)
    personal = any(column.is_personal for sheet in found.letters for column in layouts[sheet].columns)
    return Summary(
        found.rows,
        found.changed_rows,
        found.missing,
        found.has_mark,
        tuple(Tally(sheet, **tally) for sheet, tally in counts.items()),
        found.effects,
        personal,
    )


def _count(counts: dict[str, dict[str, int]], name: str, places: Iterable[Cell | Wrong]) -> None:
    for one in places:
        tally = counts.setdefault(one.sheet, {})
        tally[name] = tally.get(name, 0) + 1


def summary_to_text(made: Summary) -> str:
    """A summary as JSON, to be kept."""
    tallies = [(t.sheet, t.changed, t.added, t.conflicts, t.errors) for t in made.tallies]
    kept = [made.rows, made.changed_rows, made.missing, made.has_mark, tallies, _effects_out(made.effects)]
    return json.dumps([*kept, made.has_personal], ensure_ascii=False)


def summary_from_text(text: str) -> Summary:
    """A summary as it was kept."""
    rows, changed_rows, missing, has_mark, tallies, effects, personal = json.loads(text)
    made = tuple(Tally(*tally) for tally in tallies)
    return Summary(rows, changed_rows, missing, has_mark, made, _effects_in(effects), personal)


def _effects_out(made: Effects | None) -> list[Any] | None:
    if made is None:
        return None
    return [made.operating_kw, made.declared_kw, made.gap_kw, made.moved, made.done]


def _effects_in(kept: Sequence[Any] | None) -> Effects | None:
    if kept is None:
        return None
    operating, declared, gap, moved, done = kept
    return Effects(
        (operating[0], operating[1]),
        (declared[0], declared[1]),
        None if gap is None else (gap[0], gap[1]),
        tuple(tuple(one) for one in moved),
        tuple(tuple(one) for one in done),
    )


def _cell_out(one: Cell) -> list[Any]:
    values = [_out(value) for value in (one.base, one.mine, one.theirs)]
    return [one.sheet, one.row, one.column, one.field, list(one.key), *values, one.is_new]


def _cell_in(kept: Sequence[Any], layouts: Mapping[str, Layout]) -> Cell:
    sheet, row, column, name, key, base, mine, theirs, is_new = kept
    of = layouts[sheet].by_field[name]
    return Cell(sheet, row, column, name, tuple(key), _in(base, of), _in(mine, of), _in(theirs, of), is_new)


def _wrong_out(one: Wrong) -> list[Any]:
    return [one.sheet, one.problem, one.row, one.column, one.field, one.details]


def _out(value: Typed) -> Any:
    if isinstance(value, Term):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _in(value: Any, column: Column) -> Typed:
    if value is None:
        return None
    if column.kind == ColumnKind.DAY:
        return date.fromisoformat(value)
    if column.kind == ColumnKind.LIST:
        return tuple(value)
    if column.kind == ColumnKind.CODE and column.words is not None:
        return column.words(value)
    found: Typed = value
    return found


def _plain(details: Mapping[str, object]) -> dict[str, Any]:
    """What JSON can hold of details."""
    return {name: _plain_value(value) for name, value in details.items()}


def _plain_value(value: object) -> Any:
    if isinstance(value, Term | date):
        return str(value)
    if isinstance(value, tuple | list | set | frozenset):
        return [_plain_value(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
