"""CSV that comes in: every way Excel, LibreOffice and people write it, and what is refused by name."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import sheet_differences, sheet_layouts, sheet_reading
from app.domain.errors import Invalid
from app.domain.sheet_layouts import TURBINES
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import ColumnKind, Layout, SheetOut
from app.domain.words import Lang
from app.formats import csv_in, sheet_csv, sheet_xml, spreadsheets
from tests.formats.workbooks import rows_of

TABLE = (("Mã", "Công suất"), ("Thừa Đức", "93,05"))
QUOTED = 'Mã,Công suất\r\nThừa Đức,"93,05"\r\n'
SEMICOLON = "Mã;Công suất\nThừa Đức;93,05\n"
READ = {
    "UTF-8": QUOTED.encode(),
    "UTF-8 with its mark": QUOTED.encode("utf-8-sig"),
    "UTF-16, little end first": b"\xff\xfe" + QUOTED.encode("utf-16-le"),
    "UTF-16, big end first": b"\xfe\xff" + QUOTED.encode("utf-16-be"),
    "semicolons": SEMICOLON.encode(),
    "tabs": SEMICOLON.replace(";", "\t").encode(),
    "tabs in UTF-16, as Excel's Unicode text": b"\xff\xfe" + SEMICOLON.replace(";", "\t").encode("utf-16-le"),
    "Excel's own line": ("sep=;\r\n" + SEMICOLON).encode(),
    "old Mac line ends": QUOTED.replace("\r\n", "\r").encode(),
    "no end of line": QUOTED.rstrip().encode(),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_a_table_is_read_however_it_is_written(data: bytes) -> None:
    (grid,) = csv_in.read(data, "thu-muc.csv").grids
    assert (grid.name, grid.rows) == ("thu-muc", TABLE)


def test_the_separator_is_what_the_rows_have_equally_often() -> None:
    """More commas than semicolons, but not in every row alike."""
    text = "Tên;MW;Ghi chú\n" + "".join(f"T{n};4,2;{'a,b,c,' * (n % 3)}\n" for n in range(9))
    assert {len(row) for row in csv_in.read(text.encode(), "x.csv").grids[0].rows} == {3}


def test_quoted_cells_keep_their_lines_and_separators() -> None:
    rows = csv_in.read(b'a,b\r\n"x\r\ny; ""z""",1\r\n', "x.csv").grids[0].rows
    assert rows[1] == ('x\r\ny; "z"', "1")


def test_empty_cells_are_nothing_and_rows_keep_their_numbers() -> None:
    assert csv_in.read(b"a,b\n\n,1\n", "x.csv").grids[0].rows == (("a", "b"), (), (None, "1"))


REFUSED = {
    "empty": (b"", SheetProblem.FILE_EMPTY),
    "windows-1258": ("Thừa Đức".encode("cp1258", "ignore"), SheetProblem.CSV_ENCODING),
    "windows-1252": ("Bến Tre café".encode("cp1252", "ignore"), SheetProblem.CSV_ENCODING),
    "half a character of UTF-16": (b"\xff\xfea", SheetProblem.CSV_ENCODING),
    "UTF-16 without its mark": ("a,b".encode("utf-16-le"), SheetProblem.CSV_BROKEN),
    "an open quote": (b'a,b\n"c,d\n', SheetProblem.CSV_BROKEN),
    "a quote in the middle": (b'a,b\n"c"d,e\n', SheetProblem.CSV_BROKEN),
    "a very long cell": (b"a,b\n" + b"x" * 50_000 + b",1\n", SheetProblem.CSV_BROKEN),
    "rows": (b"a,b\n" * (sheet_xml.MOST_ROWS + 1), SheetProblem.TOO_MANY_ROWS),
    "columns": (b"a," * (sheet_xml.MOST_COLUMNS + 1), SheetProblem.TOO_MANY_COLUMNS),
    "cells": ((b"a," * 110 + b"\n") * 10_000, SheetProblem.TOO_MANY_CELLS),
}


@pytest.mark.parametrize(("data", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_by_name(data: bytes, problem: SheetProblem) -> None:
    with pytest.raises(Invalid) as caught:
        csv_in.read(data, "x.csv")
    assert caught.value.problem is problem


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_named_problem(data: bytes) -> None:
    with suppress(Invalid):
        csv_in.read(data, "x.csv")


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), lang=st.sampled_from(Lang))
def test_what_is_written_is_read_again(layout: Layout, data: st.DataObject, lang: Lang) -> None:
    rows = data.draw(rows_of(layout))
    book = spreadsheets.read(sheet_csv.write(SheetOut(layout, rows), lang), "x.csv")
    ((grid, found),) = sheet_reading.match(book, sheet_layouts.LAYOUTS).sheets
    assert found is layout
    read = sheet_reading.read_sheet(grid, layout)
    assert (read.problems, read.notices) == ((), ())
    assert [dict(row.values) for row in read.rows] == rows
    known = {layout.key_of(row): row for row in rows}
    assert sheet_differences.compare(read, known, known).changes == ()


def test_a_number_never_has_exactly_three_decimals() -> None:
    """1.007 MW would be read as one thousand and seven, or asked about."""
    row = {"phase": "v1-3", "number": "1", "nameplate_mw": 1007, "latitude": 9.812}
    text = sheet_csv.write(SheetOut(TURBINES, [row]), Lang.EN).decode("utf-8-sig")
    assert text.splitlines()[1] == "v1-3,1,,1.0070,,9.8120,,,,,,"
    assert TURBINES.by_field["nameplate_mw"].kind == ColumnKind.MW
