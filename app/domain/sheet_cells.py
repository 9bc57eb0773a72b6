"""One cell as a value of its column, or the word for why it is none.

Excel, people and both languages each write a value their own way (domain rules, section 7). What can mean two things is
refused by name and never guessed; what the kind of the column settles is taken.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import cache

from app.domain import quantity, typed
from app.domain.errors import Invalid
from app.domain.grids import Value
from app.domain.problems import Problem
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import Column, ColumnKind, Typed
from app.domain.words import Term

# As schemas.base.Day has it, but for the first years: Excel makes days of 1900 (or 1904) of empty cells and small numbers.
FIRST_DAY, LAST_DAY = date(1905, 1, 1), date(2199, 12, 31)
_ERRORS = frozenset(
    [
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
    ]
)
# Zero-width spaces and joiners, the byte order mark, soft hyphens, marks of direction: pasted along, never seen.
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_ODD_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]|[\ud800-\udfff]")
_PLAIN_ASCII = re.compile(r"[!-~](?:[ -~]*[!-~])?", re.ASCII)
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_WHOLE_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*", re.ASCII)
# A unit after the number, where it is the one of the column.
_UNITS = {
    ColumnKind.MW: re.compile(r"\s*mw$", re.IGNORECASE),
    ColumnKind.MONEY: re.compile(r"\s*(?:đồng|đ|vnđ|vnd)\.?$", re.IGNORECASE),
    ColumnKind.NUMBER: re.compile(r"\s*(?:m2|m²|%|°)$", re.IGNORECASE),
    ColumnKind.WHOLE: re.compile(r"\s*m$", re.IGNORECASE),
}
_DAY = re.compile(r"(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{1,4})", re.ASCII)
_PROSE_DAY = re.compile(r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2}) nam (?P<year>\d{4})", re.ASCII)
_ISO_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.0+)?)?")
_IMPRECISE = re.compile(
    r"\b(?:quy|quarter|q[1-4]|t\d{1,2}|thang|nam|cuoi|dau|giua|mid|late|early|end|begin|half|tuan|week|nua)"
    r"|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{4}$|^(?:\d{1,2} )?(?:19|20)\d\d$"
)
# How tables say that there is no figure.
_NOTHING = frozenset({"-", "–", "—", "..."})
_WHOLES = frozenset({ColumnKind.WHOLE, ColumnKind.MONEY})
_TEXTS = frozenset({ColumnKind.TEXT, ColumnKind.REFERENCE, ColumnKind.LIST})
_YES = frozenset(["co", "yes", "y", "true", "dung", "x", "1", "roi"])
_NO = frozenset(["khong", "no", "n", "false", "sai", "0", "chua"])
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


def clean(text: str) -> str:
    """Text as it is kept: composed (NFC), without what does not show, odd spaces as spaces, lines ended by a line feed,
    nothing around it."""
    if _PLAIN_ASCII.fullmatch(text):
        return text
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return _ODD_SPACES.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def folded(text: str) -> str:
    """For comparing names and words: without accents, case and signs. "Ngày COD (dự kiến)" is "ngay cod du kien"."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("²", "2"))
    return _NOT_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def read(value: Value, column: Column, *, is_1904: bool = False) -> Typed:
    """The value of a cell of `column`, None where it is empty. Raises Invalid with the problem of the cell."""
    if value is None:
        return None
    if isinstance(value, str):
        value = clean(value)
        if not value or (value in _NOTHING and column.kind not in _TEXTS):
            return None
        if _CONTROL.search(value):
            raise Invalid(SheetProblem.CONTROL_CHARACTER)
        if value.startswith("#") and value.upper() in _ERRORS:
            raise Invalid(SheetProblem.ERROR_VALUE, value=value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Invalid(SheetProblem.ERROR_VALUE)
    if column.kind == ColumnKind.DAY:
        return _day(value, is_1904)
    return _READERS[column.kind](value, column)


def number(value: float) -> Decimal:
    """A number with the fifteen digits that Excel keeps: what it calculates as 93.05000000000001 shows as 93.05."""
    return Decimal(f"{value:.15g}")


def _text(value: Value, column: Column) -> str:
    if isinstance(value, date):
        raise Invalid(SheetProblem.BECAME_DAY)
    if isinstance(value, bool):
        value = str(value).upper()
    elif isinstance(value, int | float):
        # A number of a tower or a turbine that Excel keeps as a number: 35 and not 35.0.
        value = f"{number(value):f}"
    assert value is not None
    return value.upper() if column.is_upper else value


def _reference(value: Value, column: Column) -> str:
    return _text(value, column).lower()


def _code(value: Value, column: Column) -> Term:
    assert column.words is not None
    word = _text(value, column)
    known = _words(column.words)
    found = known.get(word) or known.get(folded(word))
    if found is None:
        near = get_close_matches(folded(word), known, n=1, cutoff=0.75)
        raise Invalid(SheetProblem.WORD_UNKNOWN, **({"nearest": known[near[0]].value} if near else {}))
    return found


@cache
def _words(family: type[Term]) -> Mapping[str, Term]:
    """A word is named by its code or by either label; without case and accents too, where that names only one."""
    named = [(name, word) for word in family for name in (word.vi, word.en)]
    known: dict[str, Term] = {}
    twice = set()
    for name, word in named:
        if known.setdefault(folded(name), word) is not word:
            twice.add(folded(name))
    loose = {name: word for name, word in known.items() if name not in twice}
    return loose | dict(named) | {form: word for word in family for form in (folded(word.value), word.value)}


def _figure(value: Value, column: Column) -> Decimal:
    """A number, from a number or from text in either language; where only whole ones can stand, 1.007 is 1007."""
    kind = column.kind
    if isinstance(value, date):
        raise Invalid(SheetProblem.BECAME_DAY)
    if isinstance(value, bool):
        raise Invalid(Problem.NUMBER_TYPED)
    if isinstance(value, int | float):
        return number(value)
    assert value is not None
    text = _UNITS[kind].sub("", value.replace("\u2212", "-"))
    if kind in _WHOLES and _WHOLE_GROUPS.fullmatch(text):
        return Decimal(re.sub("[., ]", "", text))
    try:
        return typed.number(text)
    except Invalid as error:
        if error.problem != Problem.NUMBER_AMBIGUOUS or column.largest is None:
            raise
        thousands = Decimal(re.sub("[.,]", "", text))
        if abs(thousands) <= column.largest:
            raise
        return Decimal(text.replace(",", "."))


def _number(value: Value, column: Column) -> float:
    return float(_figure(value, column))


def _whole(value: Value, column: Column) -> int:
    figure = _figure(value, column)
    if figure != figure.to_integral_value():
        raise Invalid(Problem.NOT_A_WHOLE_NUMBER)
    return int(figure)


def _mw(value: Value, column: Column) -> int:
    kw = quantity.kw(_figure(value, column))
    if kw is None:
        raise Invalid(Problem.MW_TOO_FINE)
    return kw


def _yes_no(value: Value, _: Column) -> bool:
    if isinstance(value, bool):
        return value
    word = folded(f"{value:g}" if isinstance(value, float) else str(value))
    if word in _YES or word in _NO:
        return word in _YES
    raise Invalid(SheetProblem.YES_OR_NO)


def _list(value: Value, column: Column) -> tuple[str, ...] | None:
    """ "1, 2; 3" as three texts. One that Excel took for a number is one; 1,2 that became 1.2 is refused."""
    if isinstance(value, float) and not value.is_integer():
        raise Invalid(SheetProblem.LIST_BECAME_NUMBER)
    parts = (part.strip() for part in re.split("[,;\n]", _text(value, column)))
    return tuple(part for part in parts if part) or None


def _day(value: Value, is_1904: bool) -> date:
    if isinstance(value, bool):
        raise Invalid(Problem.DAY_TYPED)
    if isinstance(value, str):
        found = _written_day(value)
    elif isinstance(value, int | float):
        found = _serial(value, is_1904)
    else:
        assert value is not None
        found = value.date() if isinstance(value, datetime) else value
    if found.year in (1899, 1900, 1904):
        raise Invalid(SheetProblem.DAY_EMPTIED)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise Invalid(SheetProblem.DAY_UNLIKELY)
    return found


def _serial(value: float, is_1904: bool) -> date:
    """Excel's number of a day that lost its format. Small ones are no days: 0 and 1 were empty cells, 2023 is a year."""
    if 0 <= value < 2:
        raise Invalid(SheetProblem.DAY_EMPTIED)
    if not 10_000 <= value <= 110_000:
        is_year = value in range(1980, 2101)
        raise Invalid(SheetProblem.DAY_IMPRECISE if is_year else SheetProblem.DAY_UNLIKELY)
    return (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(days=int(value))


def _written_day(text: str) -> date:
    if text == "0":
        raise Invalid(SheetProblem.DAY_EMPTIED)
    if instant := _ISO_INSTANT.fullmatch(text):
        text = instant[1]
    written = _DAY.fullmatch(text) or _PROSE_DAY.fullmatch(folded(text))
    if written is None:
        if _IMPRECISE.search(folded(text)):
            raise Invalid(SheetProblem.DAY_IMPRECISE)
        return typed.day(text)
    day, month, year = int(written["day"]), int(written["month"]), written["year"]
    if year in ("1899", "1900"):
        raise Invalid(SheetProblem.DAY_EMPTIED)
    if len(year) < 4:
        raise Invalid(SheetProblem.DAY_SHORT_YEAR)
    if month > 12 and day <= 12:
        raise Invalid(SheetProblem.MONTH_FIRST)
    try:
        return date(int(year), month, day)
    except ValueError as error:
        raise Invalid(Problem.DAY_TYPED) from error


_READERS: Mapping[ColumnKind, Callable[[Value, Column], Typed]] = {
    ColumnKind.TEXT: _text,
    ColumnKind.REFERENCE: _reference,
    ColumnKind.CODE: _code,
    ColumnKind.WHOLE: _whole,
    ColumnKind.MONEY: _whole,
    ColumnKind.MW: _mw,
    ColumnKind.NUMBER: _number,
    ColumnKind.YES_NO: _yes_no,
    ColumnKind.LIST: _list,
}
