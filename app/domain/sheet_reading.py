"""From the cells of a file to rows of values: which sheet is which, where its header stands, what each row says."""

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.domain import grids, sheet_cells, sheet_headers
from app.domain.errors import Invalid
from app.domain.grids import Book, Grid, Value
from app.domain.sheet_cells import folded
from app.domain.sheet_headers import Header
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import GUIDE, Column, Key, Layout, NewRows, Typed
from app.domain.words import Term

# What tables end with.
_TOTALS = frozenset({"tong", "tong cong", "cong", "tong so", "toan tinh", "total", "sum", "grand total"})
_GUIDES = frozenset(folded(name) for name in GUIDE.values())
# How many rows a notice lists.
_TOLD_ROWS = 20
_LONGEST_HEAD = 200
# A sheet without a known name is taken for the layout that at least so many of its heads belong to.
_GOOD_FIT = 0.6


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong with a cell, a row (no column) or a sheet (no row). `row` counts from 1, `column` is its letter."""

    sheet: str
    problem: Term
    row: int | None = None
    column: str | None = None
    field: str | None = None
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def place(self) -> str:
        """As Excel names it: `C5`, `5` for a row, `C` for a column, "" for the sheet."""
        return f"{self.column or ''}{self.row or ''}"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row. `values` has the columns of the sheet whose cell could be read; an emptied cell is None. `key` has one text
    for each key column, "" where a row that is new has none yet."""

    row: int
    key: Key
    values: Mapping[str, Typed]


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet as it was read. `columns` are the letters by field. Rows whose key cannot be read, or stands twice, are
    only in `problems`; `notices` refuse nothing (a hidden row that was read, a total that was skipped)."""

    layout: Layout
    name: str
    columns: Mapping[str, str]
    rows: tuple[ReadRow, ...]
    problems: tuple[CellProblem, ...] = ()
    notices: tuple[CellProblem, ...] = ()

    def cell(self, row: int, field: str) -> str:
        """The name of a cell, `C5`; of a column that the sheet has not, the row alone."""
        return f"{self.columns.get(field, '')}{row}"


@dataclass(frozen=True, slots=True)
class Matched:
    """Which grid of a file is which sheet; what could not be matched, and what was left out with a notice."""

    sheets: tuple[tuple[Grid, Layout], ...]
    problems: tuple[CellProblem, ...]
    notices: tuple[CellProblem, ...]


def match(book: Book, layouts: Sequence[Layout]) -> Matched:
    """Finds the sheets by their names, in either language or as codes, else by their headers.

    A sheet that fits nothing, and a hidden one, is left out with a notice; two of one layout, and a file with none, are
    problems.
    """
    found: dict[str, list[tuple[Grid, Layout]]] = {}
    notices = []
    for grid in book.grids:
        if not _has_content(grid) or folded(grid.name) in _GUIDES:
            continue
        layout = _named(grid, layouts) or _fitting(grid, layouts)
        if layout is None:
            notices.append(CellProblem(grid.name, SheetProblem.SHEET_UNKNOWN))
        elif grid.is_hidden:
            notices.append(CellProblem(grid.name, SheetProblem.SHEET_SKIPPED))
        else:
            found.setdefault(layout.code, []).append((grid, layout))
    problems = [
        CellProblem(
            grid.name, SheetProblem.SHEET_TWICE, details={"sheets": [other.name for other, _ in twins]}
        )
        for twins in found.values()
        if len(twins) > 1
        for grid, _ in twins
    ]
    if not found:
        problems.append(CellProblem("", SheetProblem.NO_SHEET))
    sheets = tuple(twins[0] for twins in found.values() if len(twins) == 1)
    return Matched(sheets, tuple(problems), tuple(notices))


def read_sheet(grid: Grid, layout: Layout, *, is_1904: bool = False) -> ReadSheet:
    """Reads every row below the header. What cannot be read is in the problems, each with its cell; no row is guessed."""
    header = sheet_headers.find(grid, layout)
    if header is None:
        problems = [CellProblem(grid.name, SheetProblem.HEADER_NOT_FOUND)] if _has_content(grid) else []
        return ReadSheet(layout, grid.name, {}, (), tuple(problems))
    troubles = [
        CellProblem(
            grid.name,
            trouble.problem,
            trouble.row + 1,
            None if trouble.column is None else grids.column(trouble.column),
            details=trouble.details,
        )
        for trouble in header.troubles
    ]
    letters = {column.field: grids.column(place) for place, column in header.columns.items()}
    if any(trouble.problem == SheetProblem.COLUMN_MISSING for trouble in troubles):
        return ReadSheet(layout, grid.name, letters, (), tuple(troubles))
    reading = _Reading(grid, layout, header, is_1904)
    reading.read()
    rows, twins = _without_twins(reading)
    return ReadSheet(
        layout,
        grid.name,
        letters,
        rows,
        (*troubles, *sorted((*reading.problems, *twins), key=lambda problem: problem.row or 0)),
        tuple(reading.notices),
    )


class _Reading:
    def __init__(self, grid: Grid, layout: Layout, header: Header, is_1904: bool) -> None:
        self.grid, self.layout, self.header, self.is_1904 = grid, layout, header, is_1904
        self.columns = sorted(header.columns.items())
        self.key_fields = {column.field for column in layout.keys}
        self.needs_key = layout.new_rows != NewRows.WITHOUT_KEY
        self.marked = grid.errors.keys() | grid.formulas
        self.rows: list[ReadRow] = []
        self.problems: list[CellProblem] = []
        self.notices: list[CellProblem] = []

    def read(self) -> None:
        merged = self._merged()
        hidden = []
        for at in range(self.header.first, len(self.grid.rows)):
            cells = self.grid.rows[at]
            if at in merged or not any(cell is not None for cell in cells) or self._is_left_out(at, cells):
                continue
            before = len(self.problems)
            values = self._values(at, cells)
            is_empty = len(self.problems) == before and not any(v is not None for v in values.values())
            if is_empty:
                continue
            if at in self.grid.hidden_rows:
                hidden.append(at + 1)
            self._keep(at, values)
        if hidden:
            details = {"count": len(hidden), "rows": hidden[:_TOLD_ROWS]}
            self.notices.append(CellProblem(self.grid.name, SheetProblem.ROW_HIDDEN, details=details))

    def _values(self, at: int, cells: Sequence[Value]) -> dict[str, Typed]:
        values: dict[str, Typed] = {}
        width = len(cells)
        for place, column in self.columns:
            if self.marked and (at, place) in self.marked:
                self._mark(at, place, column)
                continue
            cell = cells[place] if place < width else None
            try:
                values[column.field] = (
                    None if cell is None else sheet_cells.read(cell, column, is_1904=self.is_1904)
                )
            except Invalid as error:
                self._refuse(at, column, error.problem, place, **error.details)
        return values

    def _mark(self, at: int, place: int, column: Column) -> None:
        """A cell whose value nobody typed. An error is named before the formula that made it."""
        error = self.grid.errors.get((at, place))
        if error is None:
            self._refuse(at, column, SheetProblem.FORMULA, place)
        else:
            self._refuse(at, column, SheetProblem.ERROR_VALUE, place, value=error)

    def _keep(self, at: int, values: dict[str, Typed]) -> None:
        """A row counts where all of its key can be read; a required cell that is empty is named beside it."""
        is_keyed = True
        for place, column in self.columns:
            if values.get(column.field, "") is not None:
                is_keyed &= column.field in values or not column.is_key
            elif column.is_key and self.needs_key:
                self._refuse(at, column, SheetProblem.KEY_EMPTY, place)
                is_keyed = False
            elif column.is_required and not column.is_key:
                self._refuse(at, column, SheetProblem.CELL_REQUIRED, place)
                del values[column.field]
        if is_keyed:
            self.rows.append(ReadRow(at + 1, self.layout.key_of(values), values))

    def _refuse(self, at: int, column: Column, problem: Term, place: int, **details: object) -> None:
        self.problems.append(
            CellProblem(self.grid.name, problem, at + 1, grids.column(place), column.field, details)
        )

    def _is_left_out(self, at: int, cells: Sequence[Value]) -> bool:
        """A row of totals, or the header once more as long tables are printed."""
        first = next(cell for cell in cells if cell is not None)
        if not isinstance(first, str) or len(first) > _LONGEST_HEAD:
            return False
        if first[:1].lower() in "tcsg" and folded(first) in _TOTALS and self._is_total(first, cells):
            self.notices.append(CellProblem(self.grid.name, SheetProblem.TOTAL_SKIPPED, at + 1))
            return True
        heads = self.grid.rows[self.header.first - 1]
        if heads == cells[: len(heads)] or (len(cells) < len(heads) and heads[: len(cells)] == cells):
            self.notices.append(CellProblem(self.grid.name, SheetProblem.HEADER_REPEATED, at + 1))
            return True
        return False

    def _is_total(self, first: str, cells: Sequence[Value]) -> bool:
        """A code may read as one of the words: `tong` is one, "Tổng" is none."""
        keys = [
            cells[place] if place < len(cells) else None for place, column in self.columns if column.is_key
        ]
        return None in keys or (first in keys and first != folded(first))

    def _merged(self) -> set[int]:
        """The rows of merged cells among what is read: which of them holds the value cannot be known."""
        first, last = self.header.first, len(self.grid.rows)
        edges = [0] * (last + 1)
        for block in self.grid.merged:
            named = next(
                (place for place, _ in self.columns if block.first_column <= place <= block.last_column), None
            )
            top, bottom = max(block.first_row, first), min(block.last_row + 1, last)
            if named is None or top >= bottom:
                continue
            edges[top] += 1
            edges[bottom] -= 1
            column = self.header.columns[named]
            self._refuse(top, column, SheetProblem.MERGED_CELLS, named, range=block.named())
        return {at for at, depth in enumerate(accumulate(edges)) if depth}


def _without_twins(reading: _Reading) -> tuple[tuple[ReadRow, ...], list[CellProblem]]:
    """The rows whose key stands once, and a problem for each of the others that names its twins. New rows without a key
    of their own are never twins."""
    by_key: dict[Key, list[ReadRow]] = defaultdict(list)
    for row in reading.rows:
        if any(row.key):
            by_key[row.key].append(row)
    twins = {row.row: rows for rows in by_key.values() if len(rows) > 1 for row in rows}
    place, column = next((place, column) for place, column in reading.columns if column.is_key)
    problems = [
        CellProblem(
            reading.grid.name,
            SheetProblem.KEY_TWICE,
            at,
            grids.column(place),
            column.field,
            {"rows": [row.row for row in rows[:_TOLD_ROWS]]},
        )
        for at, rows in twins.items()
    ]
    return tuple(row for row in reading.rows if row.row not in twins), problems


def _has_content(grid: Grid) -> bool:
    return any(cell is not None for row in grid.rows for cell in row)


def _named(grid: Grid, layouts: Sequence[Layout]) -> Layout | None:
    name = folded(grid.name)
    return next(
        (layout for layout in layouts if name in (folded(layout.code), folded(layout.vi), folded(layout.en))),
        None,
    )


def _fitting(grid: Grid, layouts: Sequence[Layout]) -> Layout | None:
    """The layout that the header fits best, where no other fits as well."""
    fits = sorted(((sheet_headers.fit(grid, layout), -at) for at, layout in enumerate(layouts)), reverse=True)
    if not fits or fits[0][0] < _GOOD_FIT or (len(fits) > 1 and fits[0][0] == fits[1][0]):
        return None
    return layouts[-fits[0][1]]
