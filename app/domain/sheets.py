"""What a sheet of a workbook is: its columns, what each may hold, and which rows may be added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from app.domain.words import Lang, Term


class ColumnKind(StrEnum):
    """What the cells of a column hold, and as which Python value it is read.

    TEXT, REFERENCE (a code of the register, lower case) → str · CODE → a member of `words` · WHOLE, MONEY (đồng) → int ·
    MW → int, in kW · NUMBER → float · DAY → date · YES_NO → bool · LIST (numbers of turbines, "1, 2, 3") → tuple of str.
    An empty cell is None everywhere.
    """

    TEXT = "text"
    REFERENCE = "reference"
    CODE = "code"
    WHOLE = "whole"
    MONEY = "money"
    MW = "mw"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    LIST = "list"


# The sheet of a downloaded workbook that explains it; nothing is read from there.
GUIDE = {Lang.VI: "Hướng dẫn", Lang.EN: "Read me"}
# What a cell means once it is read, and what is written into one.
Typed = str | int | float | bool | date | tuple[str, ...] | Term | None
Key = tuple[str, ...]


class NewRows(StrEnum):
    """Whether rows that are not in the register yet may stand in a sheet."""

    NONE = "none"
    BY_KEY = "by_key"
    # The service gives the key: a new row leaves it empty, and a row that is there cannot be changed.
    WITHOUT_KEY = "without_key"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `field` is its name on the wire (MW columns: without the unit of the wire, `nominal_kw`), `vi` and `en`
    head it. `is_required`: an existing row never empties it, a new one fills it. `is_read_only`: shown, never taken.
    `is_personal`: personal data, never in the journal nor in a log. `is_upper`: a code in capitals. `is_said`: told with
    another cell of the row and kept with that, so the cell is empty whenever somebody downloads it. `statement`: columns of
    one name state one thing, and are decided together. `largest`: what no value exceeds, where that settles how a number
    was written: no latitude is 9,812 degrees."""

    field: str
    vi: str
    en: str
    kind: ColumnKind = ColumnKind.TEXT
    words: type[Term] | None = None
    is_key: bool = False
    is_required: bool = False
    is_read_only: bool = False
    is_personal: bool = False
    is_upper: bool = False
    is_said: bool = False
    statement: str = ""
    largest: int | None = None
    aliases: tuple[str, ...] = ()
    hint_vi: str = ""
    hint_en: str = ""

    def label(self, lang: Lang) -> str:
        return self.en if lang == Lang.EN else self.vi

    def hint(self, lang: Lang) -> str:
        return self.hint_en if lang == Lang.EN else self.hint_vi


@dataclass(frozen=True)
class Layout:
    """A sheet of the workbook. `code`, `vi` and `en` are names that its tab may have."""

    code: str
    vi: str
    en: str
    columns: tuple[Column, ...]
    new_rows: NewRows = NewRows.NONE

    def label(self, lang: Lang) -> str:
        return self.en if lang == Lang.EN else self.vi

    @cached_property
    def keys(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_key)

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        return {column.field: column for column in self.columns}

    def key_of(self, values: Mapping[str, Typed]) -> Key:
        """The key of a row of values, as `ReadRow.key` has it."""
        return tuple(as_key(values.get(column.field)) for column in self.keys)


@dataclass(frozen=True, slots=True)
class SheetOut:
    """A sheet to write: its rows, each the values by field. Fields that a row lacks are empty cells."""

    layout: Layout
    rows: Sequence[Mapping[str, Typed]]


def as_key(value: Typed) -> str:
    """A value as a part of a key: the code of a word, a day as ISO 8601, "" for nothing."""
    return "" if value is None else str(value)
