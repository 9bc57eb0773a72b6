"""CSV that Excel opens as it was meant: Vietnamese, machine numbers, no formula, and back again unchanged."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary import LandLevel
from app.formats import csv as format


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def cell(value: format.Cell) -> str:
    return read(format.write(["h"], [[value]]))[1][0]


def test_the_bytes_are_those_of_rfc_4180_behind_a_byte_order_mark() -> None:
    data = format.write(["Xã", "Số"], [["Thừa Đức", 3], ['Cột "A", B', None], ["hai\ndòng", -1]])
    assert data == (b"\xef\xbb\xbf" + 'Xã,Số\r\nThừa Đức,3\r\n"Cột ""A"", B",\r\n"hai\ndòng",-1\r\n'.encode())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (-1, "-1"),
        (9.016, "9.016"),
        (-0.35, "-0.35"),
        (0.000001, "0.000001"),
        (143427.5, "143427.5"),
        (Decimal("1E+3"), "1000"),
        (date(2023, 2, 9), "2023-02-09"),
        (LandLevel.WORK, "work"),
        ("Phú Thuận - Bình Đại", "Phú Thuận - Bình Đại"),
        ("12; 13", "12; 13"),
    ],
)
def test_values_are_in_machine_form(value: format.Cell, text: str) -> None:
    assert cell(value) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", '=HYPERLINK("http://x")', "-"],
)
def test_a_text_is_never_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert read(format.write([text], []))[0] == [f"'{text}"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_every_text_comes_back_as_it_was_or_with_a_quote_before_it(rows: list[list[str]]) -> None:
    back = read(format.write(["a", "b"], rows))[1:]
    assert len(back) == len(rows)
    for given_row, row in zip(rows, back, strict=True):
        for text, found in zip(given_row, row, strict=True):
            assert found in (text, f"'{text}")
            assert not found.startswith(("=", "+", "-", "@", "\t", "\r"))
