"""Workbooks from strangers: every file that is none, and every trick that a zip or its XML can play."""

import io
import random
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import openpyxl
import pytest
import xlsxwriter

from app.domain.errors import Invalid
from app.domain.grids import Merged
from app.domain.sheet_problems import SheetProblem
from app.formats import sheet_xml, spreadsheets, xlsx_in, zipped_xml
from tests.formats.workbooks import HEAD, parts, with_cells, with_parts, workbook, zipped

MIDNIGHT = datetime.combine(date(2023, 12, 31), time())
HALF_PAST_SIX = datetime.combine(date(2023, 12, 31), time(6, 30))
FAR = '<row r="1048576"><c r="XFD1048576"{}</row>'
WORKBOOK = "xl/workbook.xml"
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + HEAD.removeprefix('<?xml version="1.0"?>')
    + '<sheetData><row r="1"><c r="A1" t="str"><v>&x;</v></c></row></sheetData></worksheet>'
)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'


def compound(stream: str) -> bytes:
    """What the directory of an Office compound file holds."""
    return xlsx_in.COMPOUND + b"\0" * 504 + stream.encode("utf-16-le")


def lying() -> bytes:
    """A part that says it unpacks to ten bytes and unpacks to ten million."""
    data = bytearray(zipped({WORKBOOK: b"<a/>", "xl/worksheets/sheet1.xml": b" " * 10_000_000}))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def twice() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(WORKBOOK, "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(WORKBOOK, "<b/>")
    return packed.getvalue()


def locked() -> bytes:
    """A zip whose entries are encrypted, as the flag in its directory says."""
    data = bytearray(workbook())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def many_sheets() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for _ in range(sheet_xml.MOST_SHEETS + 1):
            book.add_worksheet()
    return out.getvalue()


REFUSED = {
    "empty": (lambda: b"", SheetProblem.FILE_EMPTY),
    "text": (lambda: b"phase,number\r\nv1-3,1\r\n", SheetProblem.NOT_A_WORKBOOK),
    "a PDF": (lambda: b"%PDF-1.7 ...", SheetProblem.NOT_A_WORKBOOK),
    "HTML": (lambda: b"\xef\xbb\xbf\r\n<HTML><table><tr><td>1", SheetProblem.HTML_RENAMED),
    "XML 2003": (lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', SheetProblem.HTML_RENAMED),
    "xls": (lambda: compound("Workbook"), SheetProblem.OLD_XLS),
    "a password": (lambda: compound("EncryptedPackage"), SheetProblem.FILE_ENCRYPTED),
    "an encrypted zip": (locked, SheetProblem.FILE_ENCRYPTED),
    "macros": (lambda: with_parts(workbook(), {"xl/vbaProject.bin": b"x"}), SheetProblem.FILE_HAS_MACROS),
    "xlsb": (lambda: zipped({"xl/workbook.bin": b"x"}), SheetProblem.BINARY_XLSB),
    "ods": (lambda: zipped({"mimetype": b"x", "content.xml": b"<a/>"}), SheetProblem.OPEN_DOCUMENT),
    "a Word file": (lambda: zipped({"word/document.xml": b"<a/>"}), SheetProblem.NOT_A_WORKBOOK),
    "no relations": (lambda: zipped({WORKBOOK: b"<a/>"}), SheetProblem.NOT_A_WORKBOOK),
    "half a zip": (lambda: workbook()[:3000], SheetProblem.FILE_DAMAGED),
    "broken XML": (lambda: with_cells("<row><c>"), SheetProblem.FILE_DAMAGED),
    "a missing sheet": (
        lambda: zipped({k: v for k, v in parts(workbook()).items() if "sheet2" not in k}),
        SheetProblem.FILE_DAMAGED,
    ),
    "one name twice": (twice, SheetProblem.FILE_DAMAGED),
    "UTF-16": (
        lambda: with_parts(workbook(), {"xl/sharedStrings.xml": LAUGHS.encode("utf-16")}),
        SheetProblem.FILE_DAMAGED,
    ),
    "an external entity": (
        lambda: with_parts(workbook(), {"xl/worksheets/sheet2.xml": EXTERNAL}),
        SheetProblem.FILE_HAS_ENTITIES,
    ),
    "a billion laughs": (
        lambda: with_parts(workbook(), {"xl/sharedStrings.xml": LAUGHS}),
        SheetProblem.FILE_HAS_ENTITIES,
    ),
    "a zip bomb": (
        lambda: zipped({WORKBOOK: b"<a/>", "xl/worksheets/a.xml": b" " * (zipped_xml.MOST_BYTES + 1)}),
        SheetProblem.UNPACKS_TOO_LARGE,
    ),
    "a bomb that lies": (lying, SheetProblem.FILE_DAMAGED),
    "many parts": (
        lambda: zipped({WORKBOOK: b"<a/>"} | {f"xl/{n}.xml": b"" for n in range(zipped_xml.MOST_PARTS)}),
        SheetProblem.TOO_MANY_PARTS,
    ),
    "many sheets": (many_sheets, SheetProblem.TOO_MANY_SHEETS),
    "far down": (lambda: with_cells('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), SheetProblem.TOO_MANY_ROWS),
    "far right": (lambda: with_cells('<row r="1"><c r="XFD1"><v>1</v></c></row>'), SheetProblem.TOO_MANY_COLUMNS),
    "a cell far from its row": (
        lambda: with_cells('<row r="1"><c r="A900000"><v>1</v></c></row>'),
        SheetProblem.TOO_MANY_ROWS,
    ),
    "one long text in many cells": (
        lambda: with_parts(
            with_cells('<row r="1">' + '<c r="A1" t="s"><v>0</v></c>' * 300 + "</row>"),
            {"xl/sharedStrings.xml": "<sst><si><t>" + "a" * 400_000 + "</t></si></sst>"},
        ),
        SheetProblem.UNPACKS_TOO_LARGE,
    ),
    "array formulas over everything": (
        lambda: with_cells('<row r="1">' + '<c r="A1"><f t="array" ref="A1:CZ9000">1</f></c>' * 9 + "</row>"),
        SheetProblem.TOO_MANY_CELLS,
    ),
    "no such place": (lambda: with_cells('<row r="1"><c r="1A"><v>1</v></c></row>'), SheetProblem.FILE_DAMAGED),
    "no such string": (
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'),
        SheetProblem.FILE_DAMAGED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_not_taken_is_refused_by_name(make: object, problem: SheetProblem) -> None:
    assert callable(make)
    with pytest.raises(Invalid) as caught:
        xlsx_in.read(make())
    assert caught.value.problem is problem


def test_too_many_cells_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_xml, "MOST_CELLS", 20)
    with pytest.raises(Invalid) as caught:
        xlsx_in.read(workbook())
    assert caught.value.problem is SheetProblem.TOO_MANY_CELLS


NAMES = {
    "a workbook named csv": (workbook, "so.csv", SheetProblem.NAME_AND_CONTENT),
    "an old one named csv": (lambda: compound("Workbook"), "so.csv", SheetProblem.NAME_AND_CONTENT),
    "HTML named csv": (lambda: b"<table><tr><td>1", "so.csv", SheetProblem.HTML_RENAMED),
    "CSV named xlsx": (lambda: b"a,b", "so.xlsx", SheetProblem.NOT_A_WORKBOOK),
    "HTML named xls": (lambda: b"<html><table>", "so.xls", SheetProblem.HTML_RENAMED),
    "HTML named xlsx": (lambda: b"<html><table>", "so.xlsx", SheetProblem.HTML_RENAMED),
    "xls": (lambda: compound("Workbook"), "so.XLS", SheetProblem.OLD_XLS),
    "a workbook named xls": (workbook, "so.xls", SheetProblem.NAME_AND_CONTENT),
    "a workbook named xlsm": (workbook, "so.xlsm", SheetProblem.NAME_AND_CONTENT),
    "no ending": (workbook, "so", SheetProblem.NAME_AND_CONTENT),
    "empty csv": (lambda: b"", "so.csv", SheetProblem.FILE_EMPTY),
}


@pytest.mark.parametrize(("make", "name", "problem"), NAMES.values(), ids=NAMES)
def test_name_and_content_must_agree(make: object, name: str, problem: SheetProblem) -> None:
    assert callable(make)
    with pytest.raises(Invalid) as caught:
        spreadsheets.read(make(), name)
    assert caught.value.problem is problem


def test_an_ending_in_capitals_is_one() -> None:
    assert spreadsheets.read(workbook(), "SO.XLSX").grids
    assert spreadsheets.read(b"a,b", "SO.CSV").grids


def rows(data: bytes) -> tuple[tuple[object, ...], ...]:
    return xlsx_in.read(data).grids[1].rows


def test_styled_empty_cells_to_the_end_of_the_sheet_cost_nothing() -> None:
    for far in ('s="1"/>', 't="inlineStr"/>', 't="str"></c>'):
        assert rows(with_cells('<row r="1"><c r="A1"><v>1</v></c></row>' + FAR.format(" " + far))) == (
            (1.0,),
        )


def test_what_another_program_writes_is_read() -> None:
    prefixed = (
        HEAD.replace("<worksheet xmlns=", "<x:worksheet xmlns:x=")
        + '<x:sheetData><x:row r="1"><x:c r="A1"><x:f>1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    grid = xlsx_in.read(with_parts(workbook(), {"xl/worksheets/sheet2.xml": prefixed})).grids[1]
    assert (grid.rows, grid.formulas) == (((1.0,),), frozenset({(0, 0)}))
    # Cells that do not say where they are.
    assert rows(with_cells('<row><c t="str"><v>a</v></c><c><v>2</v></c></row>')) == (("a", 2.0),)
    assert rows(with_cells('<row r="1"><c r="A1" t="d"><v>2023-01-05</v></c></row>')) == (
        (date(2023, 1, 5),),
    )


def drawn() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, hidden = book.add_worksheet("Thấy"), book.add_worksheet("Ẩn")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='Thấy'!$C$3:$C$4"})
        book.add_chartsheet("Đồ thị").set_chart(chart)
        day, clock = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "hh:mm"})
        hidden.hide()
        hidden.write(0, 0, "x")
        sheet.write_string(2, 1, "chữ")
        sheet.write_number(2, 2, 93.05)
        sheet.write_boolean(2, 3, True)
        sheet.write_datetime(2, 4, MIDNIGHT, day)
        sheet.write_datetime(2, 5, HALF_PAST_SIX, day)
        sheet.write_number(2, 6, 0, day)
        sheet.write_number(2, 7, 1, day)
        sheet.write_number(2, 8, 0.5, clock)
        sheet.write_formula(3, 0, "=1+1", None, 2)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_array_formula("A6:B7", "{=1}", None, 1)
        sheet.write(5, 1, 1)
        sheet.merge_range(8, 1, 9, 2, "gộp")
        sheet.set_row(9, None, None, {"hidden": True})
    return out.getvalue()


def test_everything_about_a_sheet_is_told() -> None:
    book = xlsx_in.read(drawn())
    # A chart has no cells.
    assert [(grid.name, grid.is_hidden) for grid in book.grids] == [("Thấy", False), ("Ẩn", True)]
    assert (book.mark, book.is_1904) == (None, False)
    grid = book.grids[0]
    assert grid.rows[0] == grid.rows[1] == (None,) * 9
    day = (date(2023, 12, 31), HALF_PAST_SIX, 0.0, date(1900, 1, 1), 0.5)
    assert grid.rows[2] == (None, "chữ", 93.05, True, *day)
    assert grid.formulas == {(3, 0), (3, 1), (5, 0), (5, 1), (6, 0), (6, 1)}
    assert grid.errors == {(3, 1): "#DIV/0!"}
    assert grid.merged == (Merged(8, 1, 9, 2),)
    assert grid.merged[0].named() == "B9:C10"
    assert grid.hidden_rows == {9}


def test_days_of_an_old_mac_are_the_same_days() -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = MIDNIGHT
    saved = io.BytesIO()
    book.save(saved)
    found = xlsx_in.read(saved.getvalue())
    assert found.is_1904
    assert found.grids[0].rows == ((date(2023, 12, 31),),)


def test_pictures_and_other_parts_are_not_opened() -> None:
    data = with_parts(workbook(), {"xl/media/image1.png": b"\0" * 1000, "xl/printerSettings1.bin": b"\0"})
    assert xlsx_in.read(data).mark == "mark"


def test_a_damaged_file_is_always_refused_by_name() -> None:
    """Bytes are exchanged in the parts and in the zip itself; nothing but a named problem may come of it."""
    whole, chance = parts(workbook()), random.Random(20231231)
    names = [name for name in whole if name.startswith("xl/") and name.endswith((".xml", ".rels"))]
    taken = 0
    for _ in range(300):
        name = chance.choice(names)
        part = bytearray(whole[name])
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(part))
            part[at : at + chance.randint(0, 9)] = chance.choice(
                [b"<", b'"', b"9999999", b"-", b"A1", b"\xff", b""]
            )
        data = bytearray(zipped({**whole, name: bytes(part)}) if chance.random() < 0.8 else workbook())
        if chance.random() < 0.3:
            data[chance.randrange(len(data))] = chance.randrange(256)
        with suppress(Invalid):
            xlsx_in.read(bytes(data))
            taken += 1
    assert 20 < taken < 250
