"""Workbooks that are downloaded: what stands in them, and that they are read again as they were written."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import sheet_differences, sheet_layouts, sheet_reading
from app.domain.sheets import GUIDE, ColumnKind, Layout, SheetOut, Typed
from app.domain.vocabulary import Siting
from app.domain.words import Lang
from app.formats import spreadsheets, xlsx_out
from app.formats.xlsx_mark import MARK_SHEET
from tests.formats.workbooks import rows_of, turbines, workbook

NOTHING = sheet_differences.Differences((), (), (), (), ())


def opened(data: bytes) -> openpyxl.Workbook:
    """As another program opens it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def back(data: bytes, layout: Layout) -> sheet_reading.ReadSheet:
    book = spreadsheets.read(data, "so.xlsx")
    ((grid, found),) = sheet_reading.match(book, sheet_layouts.LAYOUTS).sheets
    assert found is layout
    return sheet_reading.read_sheet(grid, layout, is_1904=book.is_1904)


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), lang=st.sampled_from(Lang))
def test_what_is_written_is_read_again(layout: Layout, data: st.DataObject, lang: Lang) -> None:
    rows = data.draw(rows_of(layout))
    read = back(xlsx_out.write([SheetOut(layout, rows)], "mark", lang), layout)
    assert (read.problems, read.notices) == ((), ())
    assert [dict(row.values) for row in read.rows] == rows
    known = {layout.key_of(row): row for row in rows}
    assert sheet_differences.compare(read, known, known) == NOTHING


def test_a_workbook_carries_its_mark_and_explains_itself() -> None:
    book = opened(workbook(mark="signed.mark", lang=Lang.EN))
    assert book.sheetnames == ["Read me", "Turbines", MARK_SHEET]
    assert book[MARK_SHEET].sheet_state == "veryHidden"
    assert spreadsheets.read(workbook(mark="signed.mark"), "so.xlsx").mark == "signed.mark"
    guide = [cell.value for row in book["Read me"].iter_rows() for cell in row if cell.value]
    assert {column.en for column in sheet_layouts.TURBINES.columns} <= set(guide)
    assert GUIDE[Lang.VI] in opened(workbook()).sheetnames


def test_the_header_stays_in_view_in_the_readers_language_above_hidden_codes() -> None:
    sheet = opened(workbook())["Tua-bin"]
    columns = sheet_layouts.TURBINES.columns
    assert [cell.value for cell in sheet[1]] == [column.field for column in columns]
    assert [cell.value for cell in sheet[2]] == [column.vi for column in columns]
    assert sheet.row_dimensions[1].hidden
    assert sheet.freeze_panes == "C3"
    assert sheet.auto_filter.ref.startswith("A2:")


def test_columns_are_as_wide_as_their_texts_and_print_on_one_page_across() -> None:
    rows: list[dict[str, Typed]] = [{"phase": "x" * 30, "number": "1", "note": "rất dài " * 40}]
    sheet = opened(xlsx_out.write([SheetOut(sheet_layouts.TURBINES, rows)], "", Lang.VI))["Tua-bin"]
    width = {letter: round(sheet.column_dimensions[letter].width) for letter in ("A", "B", "L")}
    assert width["B"] < 20 < width["A"] < width["L"] < 50
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$2:$2"


def test_days_numbers_and_keys_look_as_they_are() -> None:
    sheet = opened(workbook())["Tua-bin"]
    assert sheet["H3"].number_format == "dd/mm/yyyy"
    assert (sheet["D3"].value, sheet["D3"].number_format) == (4.2, "#,##0.0##")
    # A number of a turbine stays text when somebody types over it, and its column is shaded.
    assert (sheet["B3"].value, sheet["B3"].number_format) == ("1", "@")
    assert sheet["B3"].fill.fgColor.rgb == "FFE7E6E6"
    assert sheet["C3"].fill.fgColor.rgb != "FFE7E6E6"


def test_words_are_chosen_from_a_list_of_labels() -> None:
    book = opened(workbook())
    rules = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["Tua-bin"].data_validations.dataValidation
    }
    sheet, _, area = rules["E3"].replace("'", "").partition("!")
    assert [row[0].value for row in book[sheet][area.replace("$", "")]] == [word.vi for word in Siting]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.vn", "{=1}"]
)
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    rows: list[dict[str, Typed]] = [{**turbines()[0], "note": text}]
    cell = opened(workbook(rows))["Tua-bin"]["L3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    assert back(workbook(rows), sheet_layouts.TURBINES).rows[0].values["note"] == text


def test_a_sheet_without_rows_is_a_form_to_fill() -> None:
    read = back(workbook([]), sheet_layouts.TURBINES)
    assert (read.rows, read.problems) == ((), ())
    assert len(read.columns) == len(sheet_layouts.TURBINES.columns)


def test_a_workbook_that_another_program_saved_says_the_same() -> None:
    """openpyxl writes a workbook from nothing but what it understood of this one."""
    book = opened(workbook(turbines(3)))
    saved = io.BytesIO()
    book.save(saved)
    assert spreadsheets.read(saved.getvalue(), "so.xlsx").mark == "mark"
    read = back(saved.getvalue(), sheet_layouts.TURBINES)
    known = {sheet_layouts.TURBINES.key_of(row): row for row in turbines(3)}
    assert read.problems == ()
    assert sheet_differences.compare(read, known, known) == NOTHING


def test_every_kind_of_column_is_explained_and_drawn() -> None:
    assert {column.kind for layout in sheet_layouts.LAYOUTS for column in layout.columns} == set(ColumnKind)
    for lang in Lang:
        data = xlsx_out.write([SheetOut(layout, []) for layout in sheet_layouts.LAYOUTS], "m", lang)
        names = opened(data).sheetnames[1:-1]
        assert names == [layout.label(lang) for layout in sheet_layouts.LAYOUTS]
        assert all(len(name) <= 31 for name in names)
