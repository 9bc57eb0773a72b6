"""What the XML of a workbook tells and python-calamine does not: formulas, errors, hidden rows, which part is which sheet,
and how far the cells reach, which must be known before a reader makes room for all of them."""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product
from xml.parsers import expat

from app.domain.errors import Invalid
from app.domain.sheet_problems import SheetProblem

MOST_SHEETS = 40
MOST_ROWS = 20_100
MOST_COLUMNS = 120
MOST_CELLS = 1_000_000
# All texts of a sheet together, each as often as a cell shows it.
MOST_TEXT = 100_000_000
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII)
_END_OF_STRING = re.compile(rb"</(?:\w+:)?si>")
Attributes = dict[str, str]


@dataclass(slots=True)
class Listed:
    """What the workbook part says: its sheets by name, each with the part that holds it, and how days are counted."""

    parts: dict[str, str]
    is_1904: bool


@dataclass(slots=True)
class Look:
    """What was seen in a sheet; rows and columns are counted from 0. `rows` and `columns`: how many there are up to the
    last cell with any content."""

    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)


def listed(parts: dict[str, bytes]) -> Listed:
    """Raises Invalid: NOT_A_WORKBOOK, FILE_DAMAGED, TOO_MANY_SHEETS."""
    workbook, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise Invalid(SheetProblem.NOT_A_WORKBOOK)
    targets: dict[str, str] = {}
    for name, given in _elements(relations):
        if name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            targets[given.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", given.get("Target", ""))
            ).lstrip("/")
    found, is_1904 = {}, False
    for name, given in _elements(workbook):
        if name == "workbookPr":
            is_1904 = given.get("date1904") in ("1", "true")
        if name == "sheet" and (part := targets.get(given.get("id", ""))):
            found[given.get("name", "")] = part
    if len(found) > MOST_SHEETS:
        raise Invalid(SheetProblem.TOO_MANY_SHEETS, sheets=len(found), most=MOST_SHEETS)
    return Listed(found, is_1904)


def shared_lengths(parts: dict[str, bytes]) -> list[int]:
    """How long each shared string is at most, in bytes."""
    ends = [found.end() for found in _END_OF_STRING.finditer(parts.get("xl/sharedStrings.xml", b""))]
    return [end - start for start, end in pairwise([0, *ends])]


def look(name: str, content: bytes, shared: list[int]) -> Look:
    """Reads a sheet through. Raises Invalid naming the sheet: TOO_MANY_ROWS, TOO_MANY_COLUMNS, TOO_MANY_CELLS,
    UNPACKS_TOO_LARGE, FILE_DAMAGED."""
    reader = _Sheet(name, shared)
    _parse(content, reader.start, reader.end, reader.text)
    return reader.seen


class _Sheet:
    def __init__(self, name: str, shared: list[int]) -> None:
        self.name, self.shared, self.seen = name, shared, Look()
        self.row, self.column = -1, -1
        self.cells, self.text_bytes = 0, 0
        self.kind = ""
        # The text of a <v> that must be known: the number of a shared string, or an error.
        self.value: list[str] | None = None

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "c":
            self.kind = given.get("t", "")
            place = given.get("r")
            self.row, self.column = _place(place) if place else (self.row, self.column + 1)
        elif tag == "v":
            self._content()
            if self.kind in ("s", "e"):
                self.value = []
        elif tag == "is":
            self._content()
        elif tag == "f":
            self._content()
            self._formula(given)
        elif tag == "row":
            number = given.get("r")
            self.row = int(number) - 1 if number and number.isdigit() else self.row + 1
            self.column = -1
            if given.get("hidden") in ("1", "true"):
                self.seen.hidden_rows.add(self.row)

    def text(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)

    def end(self, tag: str) -> None:
        if tag != "v" or self.value is None:
            return
        value, self.value = "".join(self.value).strip(), None
        if self.kind == "e":
            self.seen.errors[self.row, self.column] = value
        elif value.isdigit() and int(value) < len(self.shared):
            self.text_bytes += self.shared[int(value)]
            if self.text_bytes > MOST_TEXT:
                raise Invalid(SheetProblem.UNPACKS_TOO_LARGE, sheet=self.name)

    def _content(self) -> None:
        """A cell that holds something; styled empty ones go on to the last row of Excel and cost nothing."""
        seen = self.seen
        if self.row >= seen.rows:
            seen.rows = self.row + 1
            if seen.rows > MOST_ROWS:
                raise Invalid(SheetProblem.TOO_MANY_ROWS, sheet=self.name, most=MOST_ROWS)
        if self.column >= seen.columns:
            seen.columns = self.column + 1
            if seen.columns > MOST_COLUMNS:
                raise Invalid(SheetProblem.TOO_MANY_COLUMNS, sheet=self.name, most=MOST_COLUMNS)
        self.cells += 1
        if self.cells > MOST_CELLS or seen.rows * seen.columns > 2 * MOST_CELLS:
            raise Invalid(SheetProblem.TOO_MANY_CELLS, sheet=self.name, most=MOST_CELLS)

    def _formula(self, given: Attributes) -> None:
        self.seen.formulas.add((self.row, self.column))
        # The other cells of an array formula do not say that they belong to it.
        first, _, last = given.get("ref", "").partition(":")
        if given.get("t") in ("array", "dataTable") and last:
            (top, left), (bottom, right) = _place(first), _place(last)
            down, across = range(top, min(bottom, MOST_ROWS) + 1), range(left, min(right, MOST_COLUMNS) + 1)
            self.cells += len(down) * len(across)
            if self.cells > MOST_CELLS:
                raise Invalid(SheetProblem.TOO_MANY_CELLS, sheet=self.name, most=MOST_CELLS)
            self.seen.formulas.update(product(down, across))


def _place(name: str) -> tuple[int, int]:
    """B5 as (4, 1)."""
    found = _PLACE.fullmatch(name)
    if found is None:
        raise Invalid(SheetProblem.FILE_DAMAGED)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def _elements(content: bytes) -> Iterator[tuple[str, Attributes]]:
    found: list[tuple[str, Attributes]] = []
    _parse(content, lambda tag, given: found.append((tag, {_local(name): v for name, v in given.items()})))
    return iter(found)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _parse(
    content: bytes,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Calls back for each element by its name without a prefix; some programs write `x:c` where Excel writes `c`."""
    # Whatever encoding it declares: only UTF-8 is read, by both readers.
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    if b":row" in content or b":sheet" in content:
        parser.StartElementHandler = lambda tag, given: start(_local(tag), given)
        parser.EndElementHandler = None if end is None else lambda tag: end(_local(tag))
    else:
        parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise Invalid(SheetProblem.FILE_DAMAGED) from error
