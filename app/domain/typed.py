"""What people type: numbers with a comma or a point, days as 31/12/2023 or 2023-12-31 (domain rules, section 7)."""

import re
from datetime import date
from decimal import Decimal

from app.domain.errors import Invalid
from app.domain.problems import Problem

_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?", re.ASCII)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
# Longer than any figure of a province.
_LONGEST = 30


def number(text: str, field: str | None = None) -> Decimal:
    """A number as it is written in Vietnamese or in English: 93,05 and 93.05, 1.007,7, 1,007.7 and 1 007,7.

    Raises Invalid where it is none, and for a single separator before exactly three digits (1.007, 6.400): one reader
    takes it for a thousand, another for one and a bit.
    """
    text = text.strip().replace("\u00a0", " ").replace("\u202f", " ")
    if len(text) > _LONGEST:
        raise Invalid(Problem.NUMBER_TYPED, field=field)
    if _PLAIN.fullmatch(text):
        whole, _, fraction = text.replace(",", ".").partition(".")
        if len(fraction) == 3 and whole.lstrip("+-") not in ("", "0") and len(whole.lstrip("+-")) <= 3:
            raise Invalid(Problem.NUMBER_AMBIGUOUS, field=field)
        return Decimal(text.replace(",", "."))
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        raise Invalid(Problem.NUMBER_TYPED, field=field)
    group = grouped[1]
    return Decimal(text.replace(group, "").replace(",", "."))


def day(text: str, field: str | None = None) -> date:
    """A day as year-month-day, as browsers send it, or day/month/year, as people write it. Raises Invalid for any other."""
    text = text.strip()
    written = _DAY.fullmatch(text)
    try:
        if written is not None:
            return date(int(written[3]), int(written[2]), int(written[1]))
        if len(text) == 10 and text[4] + text[7] == "--":
            return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(Problem.DAY_TYPED, field=field) from error
    raise Invalid(Problem.DAY_TYPED, field=field)
