"""Reading CSV files, as Excel, LibreOffice and this service write them."""

import csv
import io
from collections import Counter
from itertools import islice

from app.domain.errors import Invalid
from app.domain.grids import Book, Grid
from app.domain.sheet_problems import SheetProblem
from app.formats.csv import shown_again
from app.formats.sheet_xml import MOST_CELLS, MOST_COLUMNS, MOST_ROWS

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = (",", ";", "\t")
# Excel's own, at the head of a file: `sep=;`.
_SEPARATOR = "sep="
_LONGEST_CELL = 40_000


def read(data: bytes, name: str) -> Book:
    """A book with one sheet, named as the file is without its ending; every cell is text.

    UTF-8 with or without its mark, UTF-16 with it; comma, semicolon or tab. Raises Invalid (a SheetProblem) for another
    encoding (windows-1258 and 1252 look alike, so no guess is made), broken quotes, and too many rows or columns.
    """
    if not data:
        raise Invalid(SheetProblem.FILE_EMPTY)
    text = _decoded(data)
    delimiter, text = _delimiter(text)
    rows = _rows(text, delimiter)
    return Book((Grid(name.rpartition(".")[0] or name, rows),))


def _decoded(data: bytes) -> str:
    mark, encoding = next((known for known in _MARKS if data.startswith(known[0])), (b"", "utf-8"))
    try:
        text = data.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(SheetProblem.CSV_ENCODING) from error
    if "\0" in text:
        raise Invalid(SheetProblem.CSV_BROKEN)
    return text


def _delimiter(text: str) -> tuple[str, str]:
    """What separates the cells, by Excel's own line, or else by what makes most of the first rows
    equally wide: a decimal comma comes and goes."""
    first, _, rest = text.partition("\n")
    stated = first.rstrip("\r").lower()
    if stated.startswith(_SEPARATOR) and stated.removeprefix(_SEPARATOR) in _DELIMITERS:
        return stated.removeprefix(_SEPARATOR), rest

    def regularity(delimiter: str) -> tuple[int, int]:
        head = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 20)
        widths = Counter(len(row) for row in head if len(row) > 1)
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    try:
        return max(_DELIMITERS, key=regularity), text
    except csv.Error as error:
        raise Invalid(SheetProblem.CSV_BROKEN) from error


def _rows(text: str, delimiter: str) -> tuple[tuple[str | None, ...], ...]:
    rows: list[tuple[str | None, ...]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > MOST_COLUMNS:
                raise Invalid(SheetProblem.TOO_MANY_COLUMNS, most=MOST_COLUMNS)
            cells += len(row)
            rows.append(tuple([_cell(cell) for cell in row]))
            if len(rows) > MOST_ROWS:
                raise Invalid(SheetProblem.TOO_MANY_ROWS, most=MOST_ROWS)
            if cells > MOST_CELLS:
                raise Invalid(SheetProblem.TOO_MANY_CELLS, most=MOST_CELLS)
    except csv.Error as error:
        raise Invalid(SheetProblem.CSV_BROKEN) from error
    return tuple(rows)


def _cell(cell: str) -> str | None:
    if len(cell) > _LONGEST_CELL:
        raise Invalid(SheetProblem.CSV_BROKEN)
    return shown_again(cell) or None
