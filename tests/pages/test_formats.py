"""Numbers and days as people read them, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.vocabulary import Precision
from app.domain.words import Lang
from app.pages import formats


@pytest.mark.parametrize(
    ("kw", "vi", "en"),
    [
        (0, "0", "0"),
        (93_050, "93,05", "93.05"),
        (377_000, "377", "377"),
        (1_007_700, "1.007,7", "1,007.7"),
        (1, "0,001", "0.001"),
        (-4_200, "-4,2", "-4.2"),
        (1_234_567_891, "1.234.567,891", "1,234,567.891"),
    ],
)
def test_mw(kw: int, vi: str, en: str) -> None:
    assert formats.mw(kw, Lang.VI) == vi
    assert formats.mw(kw, Lang.EN) == en


def test_a_share_keeps_two_decimals() -> None:
    assert formats.percent(Decimal("24.68"), Lang.VI) == "24,68%"
    assert formats.percent(Decimal("100.00"), Lang.EN) == "100.00%"


def test_a_day_cannot_be_read_as_another_one() -> None:
    on = date(2023, 2, 7)
    assert formats.day(on, Lang.VI) == "07/02/2023"
    assert formats.day(on, Lang.EN) == "7 Feb 2023"
    assert formats.month(on, Lang.VI) == "02/2023"
    assert formats.month(on, Lang.EN) == "Feb 2023"


def test_an_instant_stands_on_the_clocks_of_viet_nam() -> None:
    at = datetime(2023, 2, 6, 17, 30, tzinfo=UTC)
    assert formats.moment(at, Lang.VI) == "00:30 ngày 07/02/2023"
    assert formats.moment(at, Lang.EN) == "7 Feb 2023, 00:30"
    assert formats.moment(date(2023, 2, 7), Lang.VI) == "07/02/2023"


@pytest.mark.parametrize(
    ("precision", "vi", "en"),
    [
        (Precision.DAY, "31/12/2021", "31 Dec 2021"),
        (Precision.MONTH, "12/2021", "Dec 2021"),
        (Precision.QUARTER, "quý IV/2021", "Q4 2021"),
        (Precision.YEAR, "năm 2021", "2021"),
        (Precision.BY, "chậm nhất 31/12/2021", "by 31 Dec 2021"),
    ],
)
def test_a_day_is_shown_as_exactly_as_it_is_known(precision: Precision, vi: str, en: str) -> None:
    assert formats.dated(date(2021, 12, 31), precision, Lang.VI) == vi
    assert formats.dated(date(2021, 12, 31), precision, Lang.EN) == en
