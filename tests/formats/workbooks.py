"""Workbooks as the tests need them: rows of any values, and files with their parts exchanged."""

import io
import string
import zipfile
from collections.abc import Mapping
from datetime import date

from hypothesis import strategies as st

from app.domain.sheet_cells import FIRST_DAY, LAST_DAY, clean
from app.domain.sheet_layouts import TURBINES
from app.domain.sheets import Column, ColumnKind, Layout, SheetOut, Typed
from app.domain.words import Lang
from app.formats import xlsx_out

K = ColumnKind
_NAMES = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
# Control characters, halves of characters and spreadsheet errors (#N/A) are refused by name, and so not made.
_CHARACTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")


def _taken(text: str) -> str:
    return clean(text.lstrip("#\N{NO-BREAK SPACE} \n\t")) or "x"


_TEXT = (
    st.text(_CHARACTERS, max_size=60)
    | st.text("=+-@' \n\t'\"a1,;<&_x", max_size=12)
    | st.text("ạắấẫộửỹđĐ \u00a0\u0301\u0323aeo", max_size=20)
).map(_taken)
# What the cells of each kind can hold: written and read again it must be the same.
HELD: Mapping[ColumnKind, st.SearchStrategy[Typed]] = {
    K.TEXT: _TEXT,
    K.REFERENCE: _NAMES,
    K.WHOLE: st.integers(-(10**9), 10**9),
    K.MONEY: st.integers(0, 10**12),
    K.MW: st.integers(0, 10**6),
    K.NUMBER: st.floats(-(10**7), 10**7, allow_nan=False).map(lambda value: float(f"{round(value, 9):.15g}")),
    K.DAY: st.dates(FIRST_DAY, LAST_DAY),
    K.YES_NO: st.booleans(),
    K.LIST: st.lists(_NAMES, min_size=1, max_size=5).map(tuple),
}


def value_of(column: Column) -> st.SearchStrategy[Typed]:
    if column.kind == K.CODE:
        assert column.words is not None
        return st.sampled_from(list(column.words))
    held = HELD[column.kind]
    return held.map(lambda value: str(value).upper()).map(clean) if column.is_upper else held


def rows_of(layout: Layout) -> st.SearchStrategy[list[dict[str, Typed]]]:
    """Rows with different keys; what need not be filled may be empty."""
    row = st.fixed_dictionaries(
        {
            column.field: value_of(column)
            if column.is_key or column.is_required
            else st.none() | value_of(column)
            for column in layout.columns
        }
    )
    return st.lists(row, max_size=6, unique_by=layout.key_of)


def turbines(count: int = 1) -> list[dict[str, Typed]]:
    return [
        {"phase": "v1-3", "number": str(number), "nameplate_mw": 4200, "installed_on": date(2023, 5, 1)}
        for number in range(1, count + 1)
    ]


def workbook(rows: list[dict[str, Typed]] | None = None, mark: str = "mark", lang: Lang = Lang.VI) -> bytes:
    return xlsx_out.write([SheetOut(TURBINES, turbines() if rows is None else rows)], mark, lang)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_parts(data: bytes, exchanged: Mapping[str, bytes | str]) -> bytes:
    """A workbook with some of its parts exchanged or added."""
    return zipped({**parts(data), **exchanged})


HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def with_cells(cells: str, more: str = "") -> bytes:
    """A workbook whose second sheet (the first with data) has exactly this XML in it."""
    sheet = f"{HEAD}<sheetData>{cells}</sheetData>{more}</worksheet>"
    return with_parts(workbook(), {"xl/worksheets/sheet2.xml": sheet})
