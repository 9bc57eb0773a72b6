"""From the cells of a file to rows: where the header is, which column is which, and everything people do to a table."""

import pytest

from app.domain import sheet_headers, sheet_layouts, sheet_reading
from app.domain.grids import Book, Grid, Merged
from app.domain.problems import Problem
from app.domain.sheet_problems import SheetProblem
from app.domain.sheet_reading import CellProblem, ReadSheet
from app.domain.vocabulary import Siting
from app.domain.words import Term
from tests.domain.sheets import HEAD, ROW, TRANCHES, TURBINES, grid

CODES = ("phase", "number", "nameplate_mw", "siting", "installed_on", "shown", "note")
TOLD = {"phase": "v1-3", "number": "T1", "nameplate_mw": 4200, "siting": Siting.ONSHORE, "note": "Tốt"}


def read(*rows: tuple[object, ...], **more: object) -> ReadSheet:
    return sheet_reading.read_sheet(grid(*rows, **more), TURBINES)  # type: ignore[arg-type]


def places(problems: tuple[CellProblem, ...]) -> list[tuple[Term, str]]:
    return [(problem.problem, problem.place) for problem in problems]


HEADERS = {
    "as downloaded": (CODES, HEAD),
    "codes alone": (CODES,),
    "names alone": (HEAD,),
    "in English": (tuple(column.en for column in TURBINES.columns),),
    "without accents and case": (tuple(name.upper().replace("Ã", "A").replace("Ố", "O") for name in HEAD),),
    "an alias": (("Mã nhà máy", *HEAD[1:]),),
    "without its unit": ((*HEAD[:2], "Công suất", *HEAD[3:]),),
    "below titles": (("UBND TỈNH BẾN TRE",), (), (None, None, "BẢNG TUA-BIN", None), (), HEAD),
    "a renamed head under its code": (CODES, ("Nhà máy nào", *HEAD[1:])),
    "some codes gone": (("phase", None, None, "siting", None, None, None), HEAD),
    "an emptied head under its code": (CODES, (None, *HEAD[1:])),
    "decomposed, with odd spaces": (("Ma\u0303 giai\u00a0đoa\u0323n ", *HEAD[1:]),),
}


@pytest.mark.parametrize("rows", HEADERS.values(), ids=HEADERS)
def test_the_header_is_found(rows: tuple[tuple[object, ...], ...]) -> None:
    found = read(*rows, ROW)
    assert found.problems == ()
    assert [row.row for row in found.rows] == [len(rows) + 1]
    assert {field: value for field, value in found.rows[0].values.items() if value is not None} == TOLD
    assert found.rows[0].key == ("v1-3", "T1")


def test_columns_stand_where_they_stand() -> None:
    """A spacer in front, one in between, another order, and a running number."""
    found = read(
        (None, "STT", "Số tua-bin", None, "Mã giai đoạn", "Ghi chú"), (None, 1.0, "T1", None, "v1-3", "Tốt")
    )
    assert found.problems == ()
    assert found.columns == {"number": "C", "phase": "E", "note": "F"}
    assert found.rows[0].values == {"number": "T1", "phase": "v1-3", "note": "Tốt"}
    assert found.cell(2, "note") == "F2"


def test_an_emptied_cell_says_nothing_and_a_column_that_is_not_there_is_not_said() -> None:
    (row,) = read(("Mã giai đoạn", "Số tua-bin", "Ghi chú"), ("v1-3", "T1", " ")).rows
    assert row.values == {"phase": "v1-3", "number": "T1", "note": None}


BAD_HEADERS = {
    "unknown column": ((*HEAD, "Màu sơn"), (SheetProblem.COLUMN_UNKNOWN, "H1")),
    "another unit": ((*HEAD[:2], "Công suất (kW)", *HEAD[3:]), (SheetProblem.COLUMN_UNKNOWN, "C1")),
    "a column twice": ((*HEAD, "Note"), (SheetProblem.COLUMN_TWICE, "H1")),
    "no key": (HEAD[1:], (SheetProblem.COLUMN_MISSING, "1")),
    "no header": (("a", "b", "c"), (SheetProblem.HEADER_NOT_FOUND, "")),
}


@pytest.mark.parametrize(("head", "problem"), BAD_HEADERS.values(), ids=BAD_HEADERS)
def test_a_bad_header_is_refused_with_its_cell(head: tuple[object, ...], problem: tuple[Term, str]) -> None:
    assert problem in places(read(head, ROW).problems)


def test_an_unknown_column_is_named_with_what_it_may_have_been() -> None:
    (problem,) = read((*HEAD, "Ghi chus"), ROW).problems[:1]
    assert problem.details == {"name": "Ghi chus", "nearest": "Ghi chú"}


def test_a_column_with_content_under_no_name_is_refused() -> None:
    """Its head is empty, or belongs to a block of merged heads."""
    assert places(read((*HEAD, None), (*ROW, "lạc")).problems) == [(SheetProblem.COLUMN_UNNAMED, "H1")]
    assert read((*HEAD, None), (*ROW, "  ")).problems == ()


def test_a_head_that_was_moved_away_from_its_code_is_refused() -> None:
    swapped = (HEAD[1], HEAD[0], *HEAD[2:])
    assert (SheetProblem.HEADER_DISAGREES, "A2") in places(read(CODES, swapped, ROW).problems)


def test_merged_heads_are_harmless_and_merged_rows_are_not() -> None:
    harmless = (Merged(0, 0, 1, 6), Merged(2, 7, 2, 9))
    assert read(("BẢNG",), (), HEAD, ROW, merged=harmless).problems == ()
    merged = (Merged(1, 0, 2, 0),)
    found = read(HEAD, ROW, (None, "T2", *ROW[2:]), ("v1-3", "T3"), merged=merged)
    assert places(found.problems) == [(SheetProblem.MERGED_CELLS, "A2")]
    assert found.problems[0].details == {"range": "A2:A3"}
    assert [row.row for row in found.rows] == [4]


def test_many_merged_blocks_over_the_whole_sheet_cost_no_time() -> None:
    found = read(HEAD, ROW, merged=(Merged(0, 0, 1_048_575, 16_383),) * 5_000)
    assert len(found.problems) == 5_000
    assert found.rows == ()


def test_formulas_and_errors_are_refused_where_they_are_read() -> None:
    found = read(
        HEAD,
        ROW,
        ("v1-3", "T2", 4.2, None, None, None, None, "=ngoài bảng"),
        formulas=frozenset({(1, 2), (2, 7), (1, 6)}),
        errors={(1, 6): "#REF!"},
    )
    assert [p for p in places(found.problems) if p[0] != SheetProblem.COLUMN_UNNAMED] == [
        (SheetProblem.FORMULA, "C2"),
        (SheetProblem.ERROR_VALUE, "G2"),
    ]
    assert found.problems[-1].details == {"value": "#REF!"}
    assert "nameplate_mw" not in found.rows[0].values


def test_a_bad_cell_is_named_and_its_row_keeps_the_rest() -> None:
    found = read(HEAD, ("v1-3", "T1", "1.007", "trên mây", "12/31/2023"))
    assert places(found.problems) == [
        (Problem.NUMBER_AMBIGUOUS, "C2"),
        (SheetProblem.WORD_UNKNOWN, "D2"),
        (SheetProblem.MONTH_FIRST, "E2"),
    ]
    assert [problem.field for problem in found.problems] == ["nameplate_mw", "siting", "installed_on"]
    assert found.rows[0].values == {"phase": "v1-3", "number": "T1", "shown": None, "note": None}


def test_two_rows_with_one_key_name_each_other_and_neither_counts() -> None:
    found = read(HEAD, ROW, ("v1-3", "T2"), ("V1-3 ", "T1"))
    assert places(found.problems) == [(SheetProblem.KEY_TWICE, "A2"), (SheetProblem.KEY_TWICE, "A4")]
    assert found.problems[0].details == {"rows": [2, 4]}
    assert [row.row for row in found.rows] == [3]


def test_a_row_without_its_key_is_refused() -> None:
    found = read(HEAD, (None, "T1", 4.2), ("v1-3", "#N/A"))
    assert places(found.problems) == [(SheetProblem.KEY_EMPTY, "A2"), (SheetProblem.ERROR_VALUE, "B3")]
    assert found.rows == ()


def test_empty_rows_and_rows_of_blanks_are_no_rows() -> None:
    found = read(HEAD, (), ROW, (None, " ", "\u00a0"), ("\u200b",), (), ())
    assert found.problems == ()
    assert [row.row for row in found.rows] == [3]


def test_totals_repeated_headers_and_hidden_rows_are_told() -> None:
    found = read(HEAD, ROW, HEAD, ("v1-3", "T2"), ("Tổng cộng", None, 8.4), hidden_rows=frozenset({3, 9}))
    assert found.problems == ()
    assert [row.row for row in found.rows] == [2, 4]
    assert places(found.notices) == [
        (SheetProblem.HEADER_REPEATED, "3"),
        (SheetProblem.TOTAL_SKIPPED, "5"),
        (SheetProblem.ROW_HIDDEN, ""),
    ]
    assert found.notices[-1].details == {"count": 1, "rows": [4]}


def test_a_code_that_reads_as_a_total_is_a_code() -> None:
    found = read(HEAD, ("tong", "T1", 4.2), ("Tổng", 12.0, 50.4))
    assert [row.key for row in found.rows] == [("tong", "T1")]
    assert places(found.notices) == [(SheetProblem.TOTAL_SKIPPED, "3")]


def test_new_rows_of_a_sheet_whose_keys_the_service_gives_have_none_and_are_no_twins() -> None:
    head = ("Mã đợt", "Giai đoạn", "Trạng thái", "Công suất (MW)", "Ngày hiệu lực")
    new = (None, "v1-3", None, 4.2, "01/09/2023")
    found = sheet_reading.read_sheet(grid(head, new, new, (None, None, None, 4.2, "1/9/2023")), TRANCHES)
    assert [row.key for row in found.rows] == [("",), ("",), ("",)]
    assert places(found.problems) == [(SheetProblem.CELL_REQUIRED, "B4")]


def test_an_empty_sheet_has_no_rows_and_no_problem() -> None:
    found = read()
    assert (found.rows, found.problems) == ((), ())


# Which sheet is which
SHEETS = (TURBINES, TRANCHES)


def matched(*grids: Grid) -> tuple[list[tuple[str, str]], list[Term], list[Term]]:
    found = sheet_reading.match(Book(grids), SHEETS)
    return (
        [(grid.name, layout.code) for grid, layout in found.sheets],
        [problem.problem for problem in found.problems],
        [notice.problem for notice in found.notices],
    )


@pytest.mark.parametrize(
    "name", ["Tua-bin", "TUA BIN", "Turbines", "turbines", "Tua\u0301-bin".replace("\u0301", "")]
)
def test_a_sheet_is_known_by_its_name(name: str) -> None:
    assert matched(grid(("x",), name=name)) == ([(name, "turbines")], [], [])


def test_a_sheet_of_another_name_is_known_by_its_header() -> None:
    assert matched(grid(HEAD, ROW, name="Sheet1")) == ([("Sheet1", "turbines")], [], [])


def test_what_fits_nothing_is_left_out_and_named() -> None:
    other = grid(("Họ tên", "Số điện thoại", "Ghi chú"), name="Danh bạ")
    assert matched(grid(HEAD), other) == ([("Tua-bin", "turbines")], [], [SheetProblem.SHEET_UNKNOWN])
    assert matched(other) == ([], [SheetProblem.NO_SHEET], [SheetProblem.SHEET_UNKNOWN])


def test_hidden_sheets_are_left_out_and_named() -> None:
    found = matched(grid(HEAD, name="Turbines", is_hidden=True), grid(HEAD))
    assert found == ([("Tua-bin", "turbines")], [], [SheetProblem.SHEET_SKIPPED])


def test_two_sheets_of_one_kind_are_refused_and_neither_is_read() -> None:
    found = matched(grid(HEAD), grid(HEAD, name="Tua-bin (2)"))
    assert found == ([], [SheetProblem.SHEET_TWICE] * 2, [])


def test_the_guide_and_empty_sheets_are_nothing_to_tell() -> None:
    found = matched(
        grid(("Đọc",), name="Hướng dẫn"), grid(name="Sheet2"), grid(("r",), name="Read me"), grid(HEAD)
    )
    assert found == ([("Tua-bin", "turbines")], [], [])


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
def test_every_layout_is_told_from_the_others_by_its_header(layout: object) -> None:
    assert isinstance(layout, type(TURBINES))
    for heads in ([c.vi for c in layout.columns], [c.en for c in layout.columns]):
        book = Book((Grid("Sheet1", (tuple(heads), ("x",))),))
        assert [found.code for _, found in sheet_reading.match(book, sheet_layouts.LAYOUTS).sheets] == [
            layout.code
        ]


@pytest.mark.parametrize("layout", sheet_layouts.LAYOUTS, ids=lambda layout: layout.code)
def test_every_name_of_a_column_means_that_column(layout: object) -> None:
    assert isinstance(layout, type(TURBINES))
    known = sheet_headers.names(layout)
    for column in layout.columns:
        for name in (column.field, column.vi, column.en, *column.aliases):
            assert known[sheet_headers.folded(name)] is column
