"""Numbers, days and instants as people read them: 1.007,7 and 31/12/2023 in Vietnamese, 1,007.7 and 31 Dec 2023 in English."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from app.domain.calendar import ZONE
from app.domain.quantity import KW_PER_MW
from app.domain.vocabulary import Precision
from app.domain.words import Lang

DAY = {Lang.VI: "dd/MM/yyyy", Lang.EN: "d MMM yyyy"}
MONTH = {Lang.VI: "MM/yyyy", Lang.EN: "MMM yyyy"}
QUARTERS = ("I", "II", "III", "IV")
MINUTE = {Lang.VI: "HH:mm 'ngày' dd/MM/yyyy", Lang.EN: "d MMM yyyy, HH:mm"}


@lru_cache(maxsize=4096)
def mw(kw: int, lang: Lang) -> str:
    """kW as MW without the unit, with up to three decimals."""
    return format_decimal(Decimal(kw) / KW_PER_MW, format="#,##0.###", locale=lang.value)


@lru_cache(maxsize=1024)
def number(value: int, lang: Lang) -> str:
    """A count."""
    return format_decimal(value, format="#,##0", locale=lang.value)


def decimal(value: float | Decimal, lang: Lang) -> str:
    """A measure such as kilometres, with up to three decimals."""
    return format_decimal(Decimal(str(value)), format="#,##0.###", locale=lang.value)


def percent(value: Decimal, lang: Lang) -> str:
    """A share in percent, with two decimals."""
    return format_decimal(value, format="#,##0.00", locale=lang.value) + "%"


@lru_cache(maxsize=4096)
def day(on: date, lang: Lang) -> str:
    """A calendar day."""
    return format_date(on, DAY[lang], locale=lang.value)


@lru_cache(maxsize=1024)
def month(on: date, lang: Lang) -> str:
    """The month of a day."""
    return format_date(on, MONTH[lang], locale=lang.value)


def dated(on: date, precision: Precision, lang: Lang) -> str:
    """A day as exactly as it is known; the stored day is the last one it can be."""
    if precision == Precision.MONTH:
        return month(on, lang)
    if precision == Precision.QUARTER:
        quarter = (on.month + 2) // 3
        return f"Q{quarter} {on.year}" if lang == Lang.EN else f"quý {QUARTERS[quarter - 1]}/{on.year}"
    if precision == Precision.YEAR:
        return f"{on.year}" if lang == Lang.EN else f"năm {on.year}"
    if precision == Precision.BY:
        return f"by {day(on, lang)}" if lang == Lang.EN else f"chậm nhất {day(on, lang)}"
    return day(on, lang)


def minute(at: datetime, lang: Lang) -> str:
    """An instant on the clocks of Viet Nam."""
    return format_datetime(at.astimezone(ZONE), MINUTE[lang], tzinfo=ZONE, locale=lang.value)


def moment(at: date, lang: Lang) -> str:
    """An instant to the minute, or a plain day."""
    return minute(at, lang) if isinstance(at, datetime) else day(at, lang)


def typed_mw(kw: int, lang: Lang) -> str:
    """kW as MW in a field, so that nobody has to ask whether it is thousands: 4,2 and 1,0070, and no grouping."""
    said = format_decimal(Decimal(kw) / KW_PER_MW, format="0.###", locale=lang.value)
    return said + "0" if len(said.replace(",", ".").partition(".")[2]) == 3 else said
