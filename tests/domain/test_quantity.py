"""MW at the edges, whole kW inside, and a percentage that never flatters."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain import quantity


@pytest.mark.parametrize(
    ("kw", "mw"),
    [(0, 0), (1, 0.001), (4_200, 4.2), (93_050, 93.05), (377_000, 377), (-4_200, -4.2), (-4_000, -4)],
)
def test_kw_are_shown_as_mw_whole_where_they_are(kw: int, mw: float) -> None:
    shown = quantity.mw(kw)
    assert shown == mw
    assert isinstance(shown, int) is (kw % 1_000 == 0)


@pytest.mark.parametrize(
    ("mw", "kw"),
    [
        ("0", 0),
        ("0.001", 1),
        ("4.2", 4_200),
        ("4.200", 4_200),
        ("93.05", 93_050),
        ("377", 377_000),
        ("3.77E+2", 377_000),
        ("-4.2", -4_200),
        ("0.0001", None),
        ("4.2005", None),
    ],
)
def test_mw_are_taken_as_whole_kw_or_not_at_all(mw: str, kw: int | None) -> None:
    assert quantity.kw(Decimal(mw)) == kw


@given(some.integers(-(10**8), 10**8))
def test_kw_survive_being_shown_and_read_again(kw: int) -> None:
    assert quantity.kw(Decimal(str(quantity.mw(kw)))) == kw


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 377_000, "0.00"),
        (93_050, 377_000, "24.68"),
        (376_999, 377_000, "99.99"),
        (377_000, 377_000, "100.00"),
        (400_000, 377_000, "106.10"),
        (1, 3, "33.33"),
        (2, 3, "66.66"),
    ],
)
def test_a_percentage_is_cut_to_two_decimals_and_not_rounded(part: int, whole: int, percent: str) -> None:
    assert str(quantity.percent(part, whole)) == percent


@pytest.mark.parametrize("whole", [0, -1])
def test_there_is_no_percentage_of_nothing(whole: int) -> None:
    assert quantity.percent(5, whole) is None


@given(some.integers(0, 10**7), some.integers(1, 10**7))
def test_a_percentage_shows_a_hundred_only_where_it_is_reached(part: int, whole: int) -> None:
    shown = quantity.percent(part, whole)
    assert shown is not None
    assert (shown >= 100) == (part >= whole)


def test_the_bounds_of_rule_r38_are_in_kw() -> None:
    assert quantity.LARGEST_ENTRY_KW == 1_000_000
    assert (quantity.SMALLEST_TURBINE_KW, quantity.LARGEST_TURBINE_KW) == (1_000, 20_000)
