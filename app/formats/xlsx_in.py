"""Reading .xlsx workbooks that people send. Nothing in them is believed, nothing is calculated, nothing is fetched."""

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from app.domain.errors import Invalid
from app.domain.grids import Book, Grid, Merged, Value
from app.domain.sheet_problems import SheetProblem
from app.formats import sheet_xml, zipped_xml
from app.formats.xlsx_mark import MARK_SHEET

ZIP = b"PK\x03\x04"
# Where an .xls, and a workbook with a password, begin: the compound file of Office.
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAY = timedelta(days=1)


def read(data: bytes) -> Book:
    """The workbook with all its sheets, hidden ones too.

    Raises Invalid (a SheetProblem) where it is none, or one of another kind (.xls, .xlsb, .ods, with a password, with
    macros), is damaged, declares entities, or unpacks to more than a province needs.
    """
    _refuse_others(data)
    parts = zipped_xml.unpack(data)
    listed = sheet_xml.listed(parts)
    shared = sheet_xml.shared_lengths(parts)
    looks = {name: sheet_xml.look(name, _part(parts, part), shared) for name, part in listed.parts.items()}
    grids, mark = [], None
    for sheet, is_hidden in _sheets(zipped_xml.pack(parts), looks):
        grid = _grid(sheet, is_hidden, looks[sheet.name])
        if grid.name == MARK_SHEET:
            mark = _mark(grid)
        else:
            grids.append(grid)
    return Book(tuple(grids), mark, listed.is_1904)


def _refuse_others(data: bytes) -> None:
    """Names what the file is instead, by its content alone."""
    if not data:
        raise Invalid(SheetProblem.FILE_EMPTY)
    if data.startswith(COMPOUND):
        encrypted = _ENCRYPTED in data
        raise Invalid(SheetProblem.FILE_ENCRYPTED if encrypted else SheetProblem.OLD_XLS)
    if not data.startswith(ZIP):
        text = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        raise Invalid(SheetProblem.HTML_RENAMED if text.startswith(b"<") else SheetProblem.NOT_A_WORKBOOK)
    names = {name.lower() for name in zipped_xml.names(data)}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Invalid(SheetProblem.FILE_HAS_MACROS)
    if "xl/workbook.bin" in names:
        raise Invalid(SheetProblem.BINARY_XLSB)
    if "content.xml" in names:
        raise Invalid(SheetProblem.OPEN_DOCUMENT)
    if "xl/workbook.xml" not in names:
        raise Invalid(SheetProblem.NOT_A_WORKBOOK)


def _part(parts: dict[str, bytes], name: str) -> bytes:
    try:
        return parts[name]
    except KeyError as error:
        raise Invalid(SheetProblem.FILE_DAMAGED) from error


def _sheets(data: bytes, known: Iterable[str]) -> list[tuple[CalamineSheet, bool]]:
    """The worksheets that were looked at; charts and the like hold no cells."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            (book.get_sheet_by_name(sheet.name), sheet.visible != SheetVisibleEnum.Visible)
            for sheet in book.sheets_metadata
            if sheet.name in known
        ]
    except CalamineError as error:
        raise Invalid(SheetProblem.FILE_DAMAGED) from error
    except BaseException as error:
        # A file that breaks an assumption of the reader makes it panic, and that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Invalid(SheetProblem.FILE_DAMAGED) from error


def _grid(sheet: CalamineSheet, is_hidden: bool, look: sheet_xml.Look) -> Grid:
    rows = tuple(
        tuple([_PLAIN.get(type(cell), _other)(cell) for cell in row])
        for row in sheet.to_python(skip_empty_area=False)
    )
    merged = tuple(
        Merged(top, left, bottom, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Grid(
        sheet.name,
        rows,
        is_hidden,
        merged,
        frozenset(look.formulas),
        look.errors,
        frozenset(look.hidden_rows),
    )


def _text(cell: str) -> Value:
    return cell or None


def _same(cell: Any) -> Value:
    return cell  # type: ignore[no-any-return]


def _other(cell: Any) -> Value:
    """A time of day and a span of time are numbers of days; so is an empty day (0) that Excel shows as 00/01/1900."""
    if isinstance(cell, time):
        since = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
        return since / _DAY
    if isinstance(cell, timedelta):
        return cell / _DAY
    return None if cell is None else str(cell)


_PLAIN = {str: _text, float: _same, int: _same, bool: _same, date: _same, datetime: _same}


def _mark(grid: Grid) -> str | None:
    first = grid.rows[0][0] if grid.rows and grid.rows[0] else None
    return first if isinstance(first, str) else None
