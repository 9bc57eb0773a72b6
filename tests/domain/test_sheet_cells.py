"""One cell as a value: every way Excel and people write one, and every way that is refused by name."""

import math
import unicodedata
from contextlib import suppress
from datetime import date, datetime, time
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import sheet_cells
from app.domain.errors import Invalid
from app.domain.grids import Value
from app.domain.problems import Problem
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import Column, ColumnKind, Typed
from app.domain.vocabulary import DelayCause, Party, Precision, Siting, UnitStatus
from app.domain.words import Term

K = ColumnKind
LATITUDE = Column("latitude", "Vĩ độ", "Latitude", K.NUMBER, largest=90)
SITING = Column("siting", "Vị trí", "Siting", K.CODE, Siting)
MILESTONE = Column("milestone", "Mã mốc", "Milestone code", is_upper=True)


def of(kind: ColumnKind) -> Column:
    return Column("field", "Cột", "Column", kind)


TAKEN: list[tuple[ColumnKind | Column, Value, Typed]] = [
    # Text
    (K.TEXT, "Thạnh Hải", "Thạnh Hải"),
    (K.TEXT, unicodedata.normalize("NFD", "Thạnh Hải"), "Thạnh Hải"),
    (K.TEXT, "\u00a0 Thừa\u00a0Đức\u200b ", "Thừa Đức"),
    (K.TEXT, "\ufeffA", "A"),
    (K.TEXT, "một\r\nhai\rba", "một\nhai\nba"),
    (K.TEXT, "e\u200b\u0301", "é"),
    (K.TEXT, " \u200b\u00a0 ", None),
    (K.TEXT, "-", "-"),
    (K.TEXT, 35.0, "35"),
    (K.TEXT, 12345678901234.0, "12345678901234"),
    (K.TEXT, 1.5, "1.5"),
    (K.TEXT, True, "TRUE"),
    (K.TEXT, "=1+1", "=1+1"),
    (MILESTONE, "w-e6", "W-E6"),
    (K.REFERENCE, " V1-3 ", "v1-3"),
    # Numbers: Excel's own are preferred, as text in both languages
    (K.NUMBER, 93.05, 93.05),
    (K.NUMBER, 0.1 + 0.2, 0.3),
    (K.NUMBER, "93,05", 93.05),
    (K.NUMBER, "93.05", 93.05),
    (K.NUMBER, "1.007,7", 1007.7),
    (K.NUMBER, "1,007.7", 1007.7),
    (K.NUMBER, "1 007,7", 1007.7),
    (K.NUMBER, "1\u00a0007,7", 1007.7),
    (K.NUMBER, "\u22120,5", -0.5),
    (K.NUMBER, "120,5 m²", 120.5),
    (K.NUMBER, "-", None),
    (K.NUMBER, "–", None),
    (LATITUDE, "9.812", 9.812),
    (LATITUDE, "9,812", 9.812),
    # Only whole ones can stand here, so the separator is one of thousands
    (K.WHOLE, "1.007", 1007),
    (K.WHOLE, "6,400", 6400),
    (K.WHOLE, "1 007", 1007),
    (K.WHOLE, 7.0, 7),
    (K.WHOLE, "7,0", 7),
    (K.WHOLE, "350 m", 350),
    (K.MONEY, "12.500.000", 12_500_000),
    (K.MONEY, "12,500,000 đồng", 12_500_000),
    (K.MONEY, "143.427", 143_427),
    (K.MONEY, 1e9, 1_000_000_000),
    # MW become kW
    (K.MW, 29.4, 29_400),
    (K.MW, 4.2 * 7, 29_400),
    (K.MW, "93,05", 93_050),
    (K.MW, "93.05 MW", 93_050),
    (K.MW, "1.0070", 1007),
    (K.MW, "1.007,7", 1_007_700),
    (K.MW, 377.0, 377_000),
    # Days
    (K.DAY, date(2023, 12, 31), date(2023, 12, 31)),
    (K.DAY, datetime.combine(date(2023, 12, 31), time(16, 30)), date(2023, 12, 31)),
    (K.DAY, "31/12/2023", date(2023, 12, 31)),
    (K.DAY, "5/9/2023", date(2023, 9, 5)),
    (K.DAY, "05-09-2023", date(2023, 9, 5)),
    (K.DAY, "5.9.2023", date(2023, 9, 5)),
    (K.DAY, "2023-09-05", date(2023, 9, 5)),
    (K.DAY, "2023-09-05 00:00:00", date(2023, 9, 5)),
    (K.DAY, "ngày 05 tháng 9 năm 2023", date(2023, 9, 5)),
    (K.DAY, 45291.0, date(2023, 12, 31)),
    (K.DAY, 45291.75, date(2023, 12, 31)),
    (K.DAY, "…".replace("…", "-"), None),
    # Words: as the code or in either language
    (SITING, "nearshore", Siting.NEARSHORE),
    (SITING, "Trên biển, gần bờ", Siting.NEARSHORE),
    (SITING, "tren bien gan bo", Siting.NEARSHORE),
    (SITING, unicodedata.normalize("NFD", "Ven biển"), Siting.COASTAL),
    (SITING, "ONSHORE", Siting.ONSHORE),
    (SITING, None, None),
    (K.YES_NO, "Có", True),
    (K.YES_NO, "không", False),
    (K.YES_NO, "x", True),
    (K.YES_NO, True, True),
    (K.YES_NO, 0.0, False),
    (K.LIST, "1, 2;3", ("1", "2", "3")),
    (K.LIST, 7.0, ("7",)),
    (K.LIST, " , ", None),
]
REFUSED: list[tuple[ColumnKind | Column, Value, StrEnum]] = [
    (K.TEXT, datetime.combine(date(2023, 1, 12), time()), SheetProblem.BECAME_DAY),
    (K.TEXT, "#REF!", SheetProblem.ERROR_VALUE),
    (K.TEXT, "#n/a", SheetProblem.ERROR_VALUE),
    (K.TEXT, "a\x00b", SheetProblem.CONTROL_CHARACTER),
    (K.TEXT, "a\x07b", SheetProblem.CONTROL_CHARACTER),
    (K.NUMBER, "1.007", Problem.NUMBER_AMBIGUOUS),
    (K.NUMBER, "3,298", Problem.NUMBER_AMBIGUOUS),
    (K.MW, "6.400", Problem.NUMBER_AMBIGUOUS),
    (K.MW, "1.007", Problem.NUMBER_AMBIGUOUS),
    (LATITUDE, "0x9", Problem.NUMBER_TYPED),
    (Column("a", "A", "A", K.NUMBER, largest=5000), "1.007", Problem.NUMBER_AMBIGUOUS),
    (K.NUMBER, "1.00.7", Problem.NUMBER_TYPED),
    (K.NUMBER, "khoảng 5", Problem.NUMBER_TYPED),
    (K.NUMBER, "2,5 km", Problem.NUMBER_TYPED),
    (K.NUMBER, True, Problem.NUMBER_TYPED),
    (K.NUMBER, date(2023, 5, 3), SheetProblem.BECAME_DAY),
    (K.NUMBER, math.nan, SheetProblem.ERROR_VALUE),
    (K.NUMBER, math.inf, SheetProblem.ERROR_VALUE),
    (K.WHOLE, "1,5", Problem.NOT_A_WHOLE_NUMBER),
    (K.WHOLE, 1.5, Problem.NOT_A_WHOLE_NUMBER),
    (K.MONEY, "143,427 tỷ đồng", Problem.NUMBER_TYPED),
    (K.MW, 0.00005, Problem.MW_TOO_FINE),
    (K.MW, "29400 kW", Problem.NUMBER_TYPED),
    (K.DAY, "12/31/2023", SheetProblem.MONTH_FIRST),
    (K.DAY, "31/12/23", SheetProblem.DAY_SHORT_YEAR),
    (K.DAY, "quý III/2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "Q3/2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "tháng 9/2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "9/2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "cuối năm", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "Sep 2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, "2023", SheetProblem.DAY_IMPRECISE),
    (K.DAY, 2023.0, SheetProblem.DAY_IMPRECISE),
    (K.DAY, "1-1-1900", SheetProblem.DAY_EMPTIED),
    (K.DAY, "00/01/1900", SheetProblem.DAY_EMPTIED),
    (K.DAY, "0", SheetProblem.DAY_EMPTIED),
    (K.DAY, 0.0, SheetProblem.DAY_EMPTIED),
    (K.DAY, 1.0, SheetProblem.DAY_EMPTIED),
    (K.DAY, date(1900, 1, 1), SheetProblem.DAY_EMPTIED),
    (K.DAY, date(1899, 12, 31), SheetProblem.DAY_EMPTIED),
    (K.DAY, date(1904, 1, 1), SheetProblem.DAY_EMPTIED),
    (K.DAY, date(203, 2, 7), SheetProblem.DAY_UNLIKELY),
    (K.DAY, date(9999, 12, 31), SheetProblem.DAY_UNLIKELY),
    (K.DAY, "07/02/0203", SheetProblem.DAY_UNLIKELY),
    (K.DAY, 500.0, SheetProblem.DAY_UNLIKELY),
    (K.DAY, 9e9, SheetProblem.DAY_UNLIKELY),
    (K.DAY, -5.0, SheetProblem.DAY_UNLIKELY),
    (K.DAY, "31/02/2023", Problem.DAY_TYPED),
    (K.DAY, "hôm qua", Problem.DAY_TYPED),
    (K.DAY, "31-Dec-2023", Problem.DAY_TYPED),
    (K.DAY, True, Problem.DAY_TYPED),
    (SITING, "Trên núi", SheetProblem.WORD_UNKNOWN),
    (SITING, date(2023, 1, 1), SheetProblem.BECAME_DAY),
    (K.YES_NO, "có lẽ", SheetProblem.YES_OR_NO),
    (K.YES_NO, 2.0, SheetProblem.YES_OR_NO),
    (K.LIST, 1.2, SheetProblem.LIST_BECAME_NUMBER),
    (K.LIST, date(2023, 2, 1), SheetProblem.BECAME_DAY),
]  # fmt: skip


def column(kind: ColumnKind | Column) -> Column:
    return kind if isinstance(kind, Column) else of(kind)


@pytest.mark.parametrize(("kind", "cell", "value"), TAKEN, ids=str)
def test_what_is_clear_is_taken(kind: ColumnKind | Column, cell: Value, value: Typed) -> None:
    found = sheet_cells.read(cell, column(kind))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "cell", "problem"), REFUSED, ids=str)
def test_what_can_mean_two_things_or_nothing_is_refused_by_name(
    kind: ColumnKind | Column, cell: Value, problem: Term
) -> None:
    with pytest.raises(Invalid) as caught:
        sheet_cells.read(cell, column(kind))
    assert caught.value.problem is problem


def test_serial_numbers_of_old_macs_count_from_1904() -> None:
    assert sheet_cells.read(45291.0 - 1462, of(K.DAY), is_1904=True) == date(2023, 12, 31)


def test_a_slip_in_a_word_is_told_what_it_is_nearest_to() -> None:
    with pytest.raises(Invalid) as caught:
        sheet_cells.read("Ven bieen", SITING)
    assert caught.value.details == {"nearest": Siting.COASTAL}


@pytest.mark.parametrize("family", [DelayCause, Party, Precision, Siting, UnitStatus])
def test_every_word_is_read_by_its_code_and_by_each_label(family: type[Term]) -> None:
    wanted = Column("w", "W", "W", K.CODE, family)
    for word in family:
        assert [sheet_cells.read(name, wanted) for name in (word.value, word.vi, word.en)] == [word] * 3


class Commune(Term):
    ONE = "1", "Thạnh Hải", "Thanh Hai one"
    OTHER = "2", "Thanh Hải", "Thanh Hai two"


def test_accents_are_left_out_only_where_that_names_one_word() -> None:
    commune = Column("commune", "Xã", "Commune", K.CODE, Commune)
    assert sheet_cells.read("Thạnh Hải", commune) is Commune.ONE
    assert sheet_cells.read("Thanh Hải", commune) is Commune.OTHER
    with pytest.raises(Invalid):
        sheet_cells.read("thanh hai", commune)


@given(st.text())
def test_cleaning_twice_cleans_no_more(text: str) -> None:
    once = sheet_cells.clean(text)
    assert sheet_cells.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(
    st.sampled_from(ColumnKind).filter(lambda kind: kind != K.CODE),
    st.text() | st.floats() | st.booleans() | st.dates() | st.datetimes() | st.none() | st.integers(-(10**9), 10**9),
)  # fmt: skip
def test_any_cell_is_a_value_or_a_named_problem(kind: ColumnKind, cell: Value) -> None:
    with suppress(Invalid):
        sheet_cells.read(cell, of(kind))
