"""What a workbook or a CSV file holds, as it stands there: cells without any meaning yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

Value = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of merged cells; rows and columns are counted from 0, the last ones belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def named(self) -> str:
        """As Excel writes it: `B5:B7`."""
        return f"{cell(self.first_row, self.first_column)}:{cell(self.last_row, self.last_column)}"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. `rows[0]` is row 1 of the sheet and `rows[0][0]` its A1; rows may differ in length, and every cell that
    is not there is empty. `formulas`, `errors` (such as #REF!, by cell) and `hidden_rows` are counted from 0 too. A time
    of day stands there as the part of a day that it is."""

    name: str
    rows: tuple[tuple[Value, ...], ...]
    is_hidden: bool = False
    merged: tuple[Merged, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """A file. `mark` is what the service wrote into a workbook that was downloaded, as it was written; None where
    somebody made the file anew. `is_1904`: serial numbers of days count from 1904 (old Excel for Mac)."""

    grids: tuple[Grid, ...]
    mark: str | None = None
    is_1904: bool = False


def column(index: int) -> str:
    """The letters of a column counted from 0: A, B, … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(row: int, index: int) -> str:
    """The name of a cell, both counted from 0: (4, 1) is B5."""
    return f"{column(index)}{row + 1}"
