"""Tables as CSV (RFC 4180) that spreadsheets open: UTF-8 with a byte order mark, so that Excel reads Vietnamese.

Numbers, days and codes are in machine form, whatever the language of the header. A text that a spreadsheet would run as
a formula is shown as the text it is.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

CONTENT_TYPE = "text/csv; charset=utf-8"
PIECE_CHARACTERS = 60_000
Cell = str | int | float | Decimal | date | None
# What begins a formula in Excel, LibreOffice or Google Sheets; some of them look behind leading white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHOWN_AS_TEXT = "'"


def write(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table with its header. None is an empty cell, a number has a point and no thousands, a day is ISO 8601."""
    return b"".join(pieces(header, rows))


def pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The same a piece at a time, so that a table of any length never lies in the memory whole."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(title) for title in header])
    yield codecs.BOM_UTF8
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
        if text.tell() > PIECE_CHARACTERS:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def looks_run(cell: str) -> bool:
    """Whether a spreadsheet would run it, or show it as text already: a further mark then keeps it as it is."""
    return cell.lstrip(" " + _SHOWN_AS_TEXT).startswith(_FORMULA)


def shown_again(cell: str) -> str:
    """The text of a cell that was written here."""
    is_marked = cell.startswith(_SHOWN_AS_TEXT) and looks_run(cell[1:])
    return cell[1:] if is_marked else cell


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        # A word of the domain is a str too, and prints as its code.
        return _SHOWN_AS_TEXT + cell if looks_run(cell) else str(cell)
    # Never 1e-06, which a spreadsheet takes for text.
    return f"{Decimal(str(cell)):f}" if isinstance(cell, float | Decimal) else str(cell)
