"""A sheet as CSV, to be edited and sent back: the names of the columns in one language, everything else in machine form."""

from decimal import Decimal

from app.domain import quantity
from app.domain.sheet_cells import number
from app.domain.sheets import ColumnKind, SheetOut, Typed
from app.domain.words import Lang
from app.formats import csv


def write(sheet: SheetOut, lang: Lang) -> bytes:
    """Days are ISO 8601, words are codes, MW and other numbers have a point, and never exactly three decimals, which a
    Vietnamese reader takes for thousands."""
    columns = sheet.layout.columns
    return csv.write(
        [column.label(lang) for column in columns],
        ([_cell(values.get(column.field), column.kind) for column in columns] for values in sheet.rows),
    )


def _cell(value: Typed, kind: ColumnKind) -> csv.Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, int | float):
        figure = quantity.mw(int(value)) if kind == ColumnKind.MW else value
        return _unambiguous(number(figure))
    return value


def _unambiguous(figure: Decimal) -> Decimal:
    """1.007 as 1.0070."""
    return figure.quantize(Decimal("0.0001")) if figure.as_tuple().exponent == -3 else figure
