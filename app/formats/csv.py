"""Tables as CSV (RFC 4180) that spreadsheets open: UTF-8 with a byte order mark, so that Excel reads Vietnamese.

Numbers, days and codes are in machine form, whatever the language of the header. A text that a spreadsheet would run as
a formula is shown as the text it is.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

CONTENT_TYPE = "text/csv; charset=utf-8"
Cell = str | int | float | Decimal | date | None
# What begins a formula in Excel, LibreOffice or Google Sheets; some of them look behind leading white space.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SHOWN_AS_TEXT = "'"


def write(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table with its header. None is an empty cell, a number has a point and no thousands, a day is ISO 8601."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(title) for title in header])
    for row in rows:
        writer.writerow([_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        # A word of the domain is a str too, and prints as its code.
        return _SHOWN_AS_TEXT + cell if cell.lstrip(" ").startswith(_FORMULA) else str(cell)
    # Never 1e-06, which a spreadsheet takes for text.
    return f"{Decimal(str(cell)):f}" if isinstance(cell, float | Decimal) else str(cell)
