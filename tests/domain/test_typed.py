"""What people type: every way a number or a day is written here, and every way that could mean two things."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import typed
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.words import Lang
from app.pages import formats

NUMBERS = {
    "93,05": "93.05",
    "93.05": "93.05",
    " 93,05 ": "93.05",
    "377": "377",
    "0": "0",
    "-4,2": "-4.2",
    "+4.2": "4.2",
    "0,005": "0.005",
    "0.005": "0.005",
    "5655,5": "5655.5",
    "5655.5": "5655.5",
    "1007": "1007",
    "1.0070": "1.0070",
    "1,0070": "1.0070",
    "1007,700": "1007.700",
    "1.007,7": "1007.7",
    "1,007.7": "1007.7",
    "1 007,7": "1007.7",
    "1\u00a0007,7": "1007.7",
    "1\u202f007.7": "1007.7",
    "1.234.567": "1234567",
    "1,234,567": "1234567",
    "1.234.567,89": "1234567.89",
    "12.345,678": "12345.678",
    "250 000 000": "250000000",
}
AMBIGUOUS = ("1.007", "6.400", "1,007", "6,400", "-6.400", "93.050", "100.000")
NO_NUMBERS = ("", " ", "abc", "1,2,3", "1.007.7", "1.007,7,7", "1,", ".5", "12 5", "1 2", "1e5", "NaN", "٣٧٧", "0x1f", "1.0.0", "1,23.456,7", "9" * 31, "--1", "1-")  # fmt: skip


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_a_number_is_read_as_it_is_written(text: str, value: str) -> None:
    assert typed.number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [(t, Problem.NUMBER_AMBIGUOUS) for t in AMBIGUOUS] + [(t, Problem.NUMBER_TYPED) for t in NO_NUMBERS],
)
def test_what_could_mean_two_numbers_or_none_is_refused_at_its_field(text: str, problem: Problem) -> None:
    with pytest.raises(Invalid) as refused:
        typed.number(text, "capacity_mw")
    assert (refused.value.problem, refused.value.field) == (problem, "capacity_mw")


@given(st.integers(0, 10**9), st.sampled_from(list(Lang)))
def test_what_the_pages_show_can_be_typed_back(kw: int, lang: Lang) -> None:
    shown = formats.mw(kw, lang)
    # Of one separator before three digits only a reader knows which it is.
    parts = re.split("[.,]", shown)
    if len(parts) == 2 and len(parts[1]) == 3 and parts[0] != "0":
        with pytest.raises(Invalid):
            typed.number(shown)
    else:
        assert typed.number(shown) * 1000 == kw


@pytest.mark.parametrize("text", ["31/12/2023", "2023-12-31", " 31/12/2023 "])
def test_a_day_is_read_as_it_is_written_here_and_as_browsers_send_it(text: str) -> None:
    assert typed.day(text) == date(2023, 12, 31)


def test_the_day_comes_before_the_month() -> None:
    assert typed.day("7/2/2023") == typed.day("07/02/2023") == date(2023, 2, 7)


@pytest.mark.parametrize(
    "text",
    ["", "12/31/2023", "31/02/2023", "2023-02-31", "31/12/23", "2023/12/31", "20231231", "hôm nay", "0/1/2023", "31/12/0000", "2023-W01-1", "٣١/١٢/٢٠٢٣"],
)  # fmt: skip
def test_what_is_no_day_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        typed.day(text, "actual_on")
    assert (refused.value.problem, refused.value.field) == (Problem.DAY_TYPED, "actual_on")
