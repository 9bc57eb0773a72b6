"""Writing .xlsx workbooks that are edited and sent back.

Each sheet has two header rows: the codes of the columns, hidden, by which it is read again whatever people call the
columns, and their names in the reader's language. Texts are written as texts: no cell becomes a formula or a link.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain import quantity
from app.domain.sheets import GUIDE, Column, ColumnKind, Layout, NewRows, SheetOut, Typed
from app.domain.words import Lang, Term
from app.formats.xlsx_mark import MARK_SHEET

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YES_NO = {Lang.VI: ("Có", "Không"), Lang.EN: ("Yes", "No")}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_CODES_ROW, _LABELS_ROW, _FIRST_ROW = 0, 1, 2
# Further rows, below those that are there, that have the formats and lists of their columns.
_SPARE_ROWS = 500
_NUMBER_FORMATS = {
    ColumnKind.DAY: "dd/mm/yyyy",
    ColumnKind.MW: "#,##0.0##",
    ColumnKind.NUMBER: "General",
    ColumnKind.WHOLE: "0",
    ColumnKind.MONEY: "#,##0",
}
_WIDTHS = {
    ColumnKind.DAY: 13,
    ColumnKind.MW: 13,
    ColumnKind.NUMBER: 12,
    ColumnKind.WHOLE: 11,
    ColumnKind.MONEY: 17,
    ColumnKind.YES_NO: 10,
    ColumnKind.CODE: 24,
}
# Columns of text are as wide as what stands in them, within these.
_NARROWEST_TEXT, _WIDEST_TEXT = 14, 46
_SHADED = "#E7E6E6"
A4 = 9


def write(sheets: Sequence[SheetOut], mark: str, lang: Lang) -> bytes:
    """The workbook in one language, its mark on a hidden sheet. Rows are written in their order."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        styles = _Styles(book)
        _guide(book.add_worksheet(GUIDE[lang]), sheets, styles, lang)
        drawn = [(book.add_worksheet(sheet.layout.label(lang)), sheet) for sheet in sheets]
        lists = _Lists(book.add_worksheet(MARK_SHEET), lang)
        lists.sheet.write_string(0, 0, mark)
        lists.sheet.very_hidden()
        for place, (worksheet, sheet) in enumerate(drawn):
            _sheet(worksheet, sheet, styles, lists, lang)
            if place == 0:
                worksheet.activate()
    return out.getvalue()


class _Styles:
    """One format for each kind of column, shaded where a cell is not to be changed."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#D9E2F3", "border": 1}
        )
        self._of = {
            (kind, is_shaded): book.add_format(
                {
                    "num_format": _NUMBER_FORMATS.get(kind, "@"),
                    "valign": "top",
                    **({"bg_color": _SHADED} if is_shaded else {}),
                }
            )
            for kind in ColumnKind
            for is_shaded in (False, True)
        }

    def of(self, column: Column) -> Format:
        return self._of[column.kind, column.is_key or column.is_read_only]


class _Lists:
    """The choices of columns, once for each family of words, beside the mark: a list in a cell's own rule is short."""

    def __init__(self, sheet: Worksheet, lang: Lang) -> None:
        self.sheet, self.lang = sheet, lang
        self.places: dict[object, str] = {}

    def of(self, column: Column) -> str | None:
        """Where the choices of a column stand; None where it has none."""
        family = bool if column.kind == ColumnKind.YES_NO else column.words
        if family is None:
            return None
        if family not in self.places:
            at = len(self.places) + 1
            labels = (
                YES_NO[self.lang]
                if column.words is None
                else [word.label(self.lang) for word in column.words]
            )
            self.sheet.write_column(0, at, labels)
            letter = xlsxwriter.utility.xl_col_to_name(at)
            self.places[family] = f"='{MARK_SHEET}'!${letter}$1:${letter}${len(labels)}"
        return self.places[family]


def _sheet(worksheet: Worksheet, sheet: SheetOut, styles: _Styles, lists: _Lists, lang: Lang) -> None:
    layout = sheet.layout
    last = _FIRST_ROW + len(sheet.rows) + (_SPARE_ROWS if layout.new_rows != NewRows.NONE else 0) - 1
    worksheet.set_row(_CODES_ROW, None, None, {"hidden": True})
    worksheet.set_row(_LABELS_ROW, 45)
    for at, column in enumerate(layout.columns):
        worksheet.set_column(at, at, _width(column, sheet, lang), styles.of(column))
        worksheet.write_string(_CODES_ROW, at, column.field)
        worksheet.write_string(_LABELS_ROW, at, column.label(lang), styles.head)
        if hint := column.hint(lang):
            worksheet.write_comment(_LABELS_ROW, at, hint)
        choices = lists.of(column)
        if choices is not None and not column.is_read_only and last >= _FIRST_ROW:
            worksheet.data_validation(
                _FIRST_ROW, at, last, at, {"validate": "list", "source": choices, "error_type": "warning"}
            )
    worksheet.freeze_panes(_FIRST_ROW, len(layout.keys))
    _page(worksheet)
    worksheet.repeat_rows(_LABELS_ROW)
    _rows(worksheet, sheet, styles, lang)
    worksheet.autofilter(_LABELS_ROW, 0, max(last, _LABELS_ROW), len(layout.columns) - 1)


def _page(worksheet: Worksheet) -> None:
    """Printed, all columns stand on one sheet of A4 across, and its pages are numbered."""
    worksheet.set_landscape()
    worksheet.set_paper(A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&L&A&R&P/&N")


def _width(column: Column, sheet: SheetOut, lang: Lang) -> int:
    known = _WIDTHS.get(column.kind)
    if known is not None:
        return known
    values = (row.get(column.field) for row in sheet.rows)
    longest = max((len(shown(value, lang)) for value in values if value is not None), default=0)
    return min(max(longest + 2, _NARROWEST_TEXT), _WIDEST_TEXT)


def _rows(worksheet: Worksheet, sheet: SheetOut, styles: _Styles, lang: Lang) -> None:
    columns = [
        (at, column.field, column.kind, styles.of(column)) for at, column in enumerate(sheet.layout.columns)
    ]
    for row, values in enumerate(sheet.rows, _FIRST_ROW):
        for at, field, kind, style in columns:
            value = values.get(field)
            if value is None:
                continue
            if isinstance(value, bool):
                worksheet.write_string(row, at, YES_NO[lang][not value], style)
            elif isinstance(value, int | float):
                worksheet.write_number(row, at, quantity.mw(value) if kind == ColumnKind.MW else value, style)  # type: ignore[arg-type]
            elif isinstance(value, date):
                worksheet.write_datetime(row, at, value, style)
            else:
                worksheet.write_string(row, at, shown(value, lang), style)


def shown(value: Typed, lang: Lang) -> str:
    """A word by its label, a list with commas."""
    if isinstance(value, Term):
        return value.label(lang)
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _guide(worksheet: Worksheet, sheets: Sequence[SheetOut], styles: _Styles, lang: Lang) -> None:
    worksheet.hide_gridlines(2)
    _page(worksheet)
    worksheet.set_column(0, 0, 34, styles.plain)
    worksheet.set_column(1, 1, 90, styles.plain)
    worksheet.write_string(0, 0, GUIDE[lang], styles.title)
    row = 2
    for sentence in _ADVICE[lang]:
        worksheet.write_string(row, 1, sentence, styles.plain)
        row += 1
    for sheet in sheets:
        worksheet.write_string(row + 1, 0, sheet.layout.label(lang), styles.title)
        worksheet.write_string(row + 1, 1, _NEW_ROWS[sheet.layout.new_rows][lang == Lang.EN], styles.plain)
        row += 2
        for column in sheet.layout.columns:
            worksheet.write_string(row, 0, column.label(lang), styles.plain)
            worksheet.write_string(row, 1, _explained(column, sheet.layout, lang), styles.plain)
            row += 1


def _explained(column: Column, layout: Layout, lang: Lang) -> str:
    words = _KINDS[column.kind][lang == Lang.EN]
    parts = [
        words,
        column.hint(lang),
        _KEY[lang] if column.is_key else "",
        _READ_ONLY[lang] if column.is_read_only else "",
        _REQUIRED[lang] if column.is_required and layout.new_rows != NewRows.NONE else "",
    ]
    return ". ".join(part for part in parts if part)


_ADVICE: Mapping[Lang, tuple[str, ...]] = {
    Lang.VI: (
        "Sửa ô nào thì chỉ ô đó thay đổi; gửi tệp lại để xem trước rồi mới ghi nhận.",
        "Xóa trắng một ô là bỏ giá trị đó. Xóa cả hàng thì không thay đổi gì.",
        "Cột nền xám là khóa hoặc chỉ để xem. Không gộp ô, không dùng công thức: hãy dán giá trị.",
        "Ngày ghi ngày/tháng/năm; số thập phân dùng dấu phẩy hoặc chấm theo máy của bạn.",
        "Giữ trang tính ẩn của tệp: nhờ nó hệ thống biết ai khác đã sửa gì từ khi bạn tải xuống.",
    ),
    Lang.EN: (
        "Only the cells that you edit change; send the file back to see a preview before anything is kept.",
        "Clearing a cell takes its value away. Deleting a row changes nothing.",
        "Grey columns are keys or only shown. Merge no cells and use no formulas: paste values.",
        "Write days as day/month/year, and decimals with a comma or a point as your computer does.",
        "Leave the hidden sheet in the file: by it the tracker knows what others changed since your download.",
    ),
}
_NEW_ROWS: Mapping[NewRows, tuple[str, str]] = {
    NewRows.NONE: ("Không nhận hàng mới.", "Takes no new rows."),
    NewRows.BY_KEY: (
        "Hàng mới: ghi ở cuối, điền các cột khóa và cột bắt buộc.",
        "New rows: add them at the end, with their keys and the columns that are required.",
    ),
    NewRows.WITHOUT_KEY: (
        "Hàng mới: ghi ở cuối và để trống cột mã; hàng đã có chỉ để xem.",
        "New rows: add them at the end and leave the code empty; rows that are there are only shown.",
    ),
}
_KINDS: Mapping[ColumnKind, tuple[str, str]] = {
    ColumnKind.TEXT: ("Chữ", "Text"),
    ColumnKind.REFERENCE: ("Mã của hệ thống", "A code of the tracker"),
    ColumnKind.CODE: ("Chọn trong danh sách", "Choose from the list"),
    ColumnKind.WHOLE: ("Số nguyên", "A whole number"),
    ColumnKind.MONEY: ("Số tiền, đồng", "Money, in đồng"),
    ColumnKind.MW: ("Số MW, tối đa 3 chữ số thập phân", "MW with at most 3 decimals"),
    ColumnKind.NUMBER: ("Số", "A number"),
    ColumnKind.DAY: ("Ngày/tháng/năm", "Day/month/year"),
    ColumnKind.YES_NO: ("Có hoặc Không", "Yes or No"),
    ColumnKind.LIST: ("Danh sách, cách nhau bằng dấu phẩy", "A list, separated by commas"),
}
_KEY = {Lang.VI: "Khóa: không sửa ở hàng đã có", Lang.EN: "Key: not to be changed in a row that is there"}
_READ_ONLY = {Lang.VI: "Chỉ để xem", Lang.EN: "Only shown"}
_REQUIRED = {Lang.VI: "Bắt buộc", Lang.EN: "Required"}
