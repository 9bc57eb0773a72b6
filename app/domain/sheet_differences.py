"""What a sheet changes: what was downloaded (base), what was sent (mine) and what stands now (theirs), cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.sheet_cells import clean, number
from app.domain.sheet_problems import SheetProblem
from app.domain.sheet_reading import CellProblem, ReadRow, ReadSheet
from app.domain.sheets import Column, Key, Layout, NewRows, Typed

# What was downloaded or stands now: values by field, by the key that `Layout.key_of` gives.
Rows = Mapping[Key, Mapping[str, Typed]]


class ChangeKind(StrEnum):
    """CHANGED: only the file changed it · ADDED: a cell of a new row · CONFLICT: the file and somebody else changed it to
    different values · SAME_AS_THEIRS: both changed it to the same, nothing is left to do."""

    CHANGED = "changed"
    ADDED = "added"
    CONFLICT = "conflict"
    SAME_AS_THEIRS = "same_as_theirs"


TO_MAKE = frozenset({ChangeKind.CHANGED, ChangeKind.ADDED})
# A cell that differs: its column, what it was, what stands now, and what to do about it.
_Found = tuple[Column, Typed, Typed, ChangeKind]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell. `row` counts from 1, `column` is its letter; `theirs` is what stands now."""

    layout: Layout
    key: Key
    row: int
    column: str
    field: str
    base: Typed
    mine: Typed
    theirs: Typed
    kind: ChangeKind


@dataclass(frozen=True, slots=True)
class Differences:
    """`changes` are those to make (CHANGED, ADDED), `conflicts` those somebody must decide, `same` those already made.
    `missing` are keys that the download had and that no row which could be read has: nothing is removed for that."""

    changes: tuple[Change, ...]
    conflicts: tuple[Change, ...]
    same: tuple[Change, ...]
    problems: tuple[CellProblem, ...]
    missing: tuple[Key, ...]


def compare(read: ReadSheet, base: Rows, now: Rows) -> Differences:
    """`base` is the download that the file started from, `now` what stands today; without a mark, give `now` twice.

    A cell that still says what the download said changes nothing, whatever others did to it since. Refused are a new row
    where the sheet takes none or whose required cells are empty, a change of a read-only cell, and a change of a row that
    somebody has removed.
    """
    comparison = _Comparison(read, base, now)
    for row in read.rows:
        comparison.row(row)
    seen = {row.key for row in read.rows}
    missing = tuple(key for key in base if key not in seen and key in now)
    by_kind: dict[ChangeKind, list[Change]] = {kind: [] for kind in ChangeKind}
    for change in comparison.changes:
        by_kind[change.kind].append(change)
    return Differences(
        tuple(change for change in comparison.changes if change.kind in TO_MAKE),
        tuple(by_kind[ChangeKind.CONFLICT]),
        tuple(by_kind[ChangeKind.SAME_AS_THEIRS]),
        tuple(comparison.problems),
        missing,
    )


class _Comparison:
    def __init__(self, read: ReadSheet, base: Rows, now: Rows) -> None:
        self.read, self.base, self.now = read, base, now
        self.layout = read.layout
        self.is_closed = self.layout.new_rows == NewRows.WITHOUT_KEY
        self.changes: list[Change] = []
        self.problems: list[CellProblem] = []
        self.columns = [column for column in self.layout.columns if column.field in read.columns]
        self.declared_since = [now[key] for key in now if key not in base] if self.is_closed else []

    def row(self, row: ReadRow) -> None:
        theirs = self.now.get(row.key)
        if theirs is None and row.key not in self.base:
            self._new(row)
        else:
            self._known(row, self.base.get(row.key, {}), theirs)

    def _known(self, row: ReadRow, base: Mapping[str, Typed], theirs: Mapping[str, Typed] | None) -> None:
        found: list[_Found] = []
        for column in self.columns:
            field = column.field
            if column.is_key or field not in row.values:
                continue
            mine, was = row.values[field], base.get(field)
            if mine == was or same(mine, was):
                continue
            if theirs is None:
                return self._refuse(row, column, SheetProblem.ROW_REMOVED)
            stands = theirs.get(field)
            is_same = same(mine, stands)
            if not is_same and column.is_read_only:
                self._refuse(row, column, SheetProblem.CELL_READ_ONLY)
            elif not is_same and self.is_closed:
                self._refuse(row, column, SheetProblem.ROW_CLOSED)
            elif is_same:
                found.append((column, was, stands, ChangeKind.SAME_AS_THEIRS))
            else:
                kind = ChangeKind.CHANGED if same(was, stands) else ChangeKind.CONFLICT
                found.append((column, was, stands, kind))
        for column, was, stands, kind in _together(found):
            self._change(row, column, was, stands, kind)
        return None

    def _new(self, row: ReadRow) -> None:
        if self.layout.new_rows == NewRows.NONE or (self.is_closed and any(row.key)):
            return self._refuse(row, self.layout.keys[0], SheetProblem.ROW_UNKNOWN)
        filled = [column for column in self.columns if row.values.get(column.field) is not None]
        twin = next((known for known in self.declared_since if _says(known, row, filled)), None)
        kind = ChangeKind.ADDED if twin is None else ChangeKind.SAME_AS_THEIRS
        for column in filled:
            if column.is_read_only:
                self._refuse(row, column, SheetProblem.CELL_READ_ONLY)
            elif not column.is_key or not self.is_closed:
                self._change(row, column, None, twin.get(column.field) if twin else None, kind)
        for column in self.layout.columns:
            if column.is_required and column.field not in self.read.columns:
                self._refuse(row, column, SheetProblem.COLUMN_MISSING)
        return None

    def _change(self, row: ReadRow, column: Column, was: Typed, stands: Typed, kind: ChangeKind) -> None:
        letter = self.read.columns[column.field]
        mine = row.values[column.field]
        self.changes.append(
            Change(self.layout, row.key, row.row, letter, column.field, was, mine, stands, kind)
        )

    def _refuse(self, row: ReadRow, column: Column, problem: SheetProblem) -> None:
        letter = self.read.columns.get(column.field)
        details = {"name": column.vi, "name_en": column.en}
        self.problems.append(CellProblem(self.read.name, problem, row.row, letter, column.field, details))


def _together(found: Sequence[_Found]) -> list[_Found]:
    """What states one thing is decided as one: where others have changed a part of it, its other parts wait with it. What
    is only said beside a change waits with that too, and is said already where others have made that very change."""
    fought = {column.statement for column, _, _, kind in found if kind == ChangeKind.CONFLICT} - {""}
    settled = [
        (column, was, stands, ChangeKind.CONFLICT if column.statement in fought else kind)
        for column, was, stands, kind in found
    ]
    kinds = {kind for column, _, _, kind in settled if not column.is_said}
    if not kinds or ChangeKind.CHANGED in kinds:
        return settled
    beside = ChangeKind.CONFLICT if ChangeKind.CONFLICT in kinds else ChangeKind.SAME_AS_THEIRS
    return [
        (column, was, stands, beside if column.is_said else kind) for column, was, stands, kind in settled
    ]


def same(one: Typed, other: Typed) -> bool:
    """Whether a cell that was written as one of them and read again would be the other: texts as they are cleaned, numbers
    to the fifteen digits that Excel keeps."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return clean(one) == clean(other)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return number(one) == number(other)
    # An empty text and an empty list look like nothing.
    return not _shows(one) and not _shows(other)


def _shows(value: Typed) -> bool:
    if isinstance(value, str):
        return bool(clean(value))
    return value is not None and value != ()


def _says(known: Mapping[str, Typed], row: ReadRow, filled: Sequence[Column]) -> bool:
    """Whether a row that was declared since the download says all that this new one says: the file was sent twice."""
    return bool(filled) and all(same(row.values[column.field], known.get(column.field)) for column in filled)
