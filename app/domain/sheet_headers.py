"""Where the header of a sheet stands and which column is which, in either language, with or without accents.

A downloaded sheet has two header rows: the codes of the columns, hidden, and their names. People insert rows and columns,
leave blank ones, rename a head, or send a table of their own with titles above it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from app.domain.grids import Grid, Value
from app.domain.sheet_cells import clean, folded
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import Column, Layout

# How far down a header may stand below titles.
DEEPEST = 40
_SERIAL = frozenset({"stt", "tt", "no", "so tt", "so thu tu", "serial"})
_UNIT = re.compile(r"\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with the header: the cell (counted from 0), the word, and what to print beside it."""

    row: int
    column: int | None
    problem: SheetProblem
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Header:
    """`columns` by their place, counted from 0; the rows of the sheet begin at `first`."""

    first: int
    columns: Mapping[int, Column]
    troubles: tuple[Trouble, ...]


@cache
def names(layout: Layout) -> Mapping[str, Column]:
    """Every name that a column may have, folded; without its unit too, where that names only one."""
    found: dict[str, Column] = {}
    for column in layout.columns:
        found |= {folded(name): column for name in (column.field, column.vi, column.en)}
    for column in layout.columns:
        for name in (*column.aliases, _UNIT.sub("", column.vi), _UNIT.sub("", column.en)):
            found.setdefault(folded(name), column)
    return found


def find(grid: Grid, layout: Layout) -> Header | None:
    """The header of a sheet of this layout; None where no row has two of its columns (or all, where it has fewer)."""
    known = names(layout)
    deepest = min(DEEPEST, len(grid.rows))
    heads = [_heads(row, known) for row in grid.rows[:deepest]]
    at = max(range(deepest), key=lambda row: len(set(heads[row].values())), default=0)
    if not heads or len(set(heads[at].values())) < min(2, len(layout.columns)):
        return None
    codes, labels = _two_rows(grid.rows, heads, at)
    return _header(grid, layout, codes, labels)


def fit(grid: Grid, layout: Layout) -> float:
    """How well a sheet without a known name fits a layout, 0 to 1: the part of its heads that are columns of it, 0 where a
    key is missing."""
    header = find(grid, layout)
    if header is None or not set(layout.keys) <= set(header.columns.values()):
        return 0.0
    strange = sum(trouble.problem == SheetProblem.COLUMN_UNKNOWN for trouble in header.troubles)
    return len(header.columns) / (len(header.columns) + strange)


def _heads(row: Sequence[Value], known: Mapping[str, Column]) -> dict[int, Column]:
    return {
        place: column
        for place, value in enumerate(row)
        if isinstance(value, str) and len(value) < 200 and (column := known.get(folded(clean(value))))
    }


def _two_rows(
    rows: Sequence[Sequence[Value]], heads: list[dict[int, Column]], at: int
) -> tuple[int | None, int | None]:
    """Which row has the codes and which the names; one of them may be missing."""
    if _are_codes(rows[at], heads[at]):
        below = heads[at + 1] if at + 1 < len(heads) else {}
        agreeing = sum(heads[at].get(place) is column for place, column in below.items())
        return at, at + 1 if agreeing >= max(2, len(heads[at]) // 2) else None
    above = at - 1
    if above >= 0 and len(heads[above]) > 1 and _are_codes(rows[above], heads[above]):
        return above, at
    return None, at


def _are_codes(row: Sequence[Value], heads: Mapping[int, Column]) -> bool:
    return all(clean(str(row[place])) == column.field for place, column in heads.items())


def _header(grid: Grid, layout: Layout, codes: int | None, labels: int | None) -> Header:
    known = names(layout)
    last = max(row for row in (codes, labels) if row is not None)
    body = grid.rows[last + 1 :]
    width = max((len(row) for row in grid.rows), default=0)
    columns: dict[int, Column] = {}
    troubles: list[Trouble] = []

    def trouble(place: int | None, problem: SheetProblem, **details: object) -> None:
        troubles.append(Trouble(last, place, problem, details))

    for place in range(width):
        code, label = _head(grid, codes, place), _head(grid, labels, place)
        by_code, by_label = known.get(folded(code)), known.get(folded(label))
        column = by_code or by_label
        if by_code and by_label and by_code is not by_label:
            trouble(place, SheetProblem.HEADER_DISAGREES, name=label, code=code)
        elif column is not None and column in columns.values():
            trouble(place, SheetProblem.COLUMN_TWICE, name=label or code)
        elif column is not None:
            columns[place] = column
        elif folded(label or code) in _SERIAL:
            continue
        elif label or code:
            near = get_close_matches(folded(label or code), known, n=1, cutoff=0.7)
            nearest = {"nearest": known[near[0]].vi} if near else {}
            trouble(place, SheetProblem.COLUMN_UNKNOWN, name=label or code, **nearest)
        elif any(place < len(row) and _is_filled(row[place]) for row in body):
            trouble(place, SheetProblem.COLUMN_UNNAMED)
    for key in layout.keys:
        if key not in columns.values():
            trouble(None, SheetProblem.COLUMN_MISSING, name=key.vi, name_en=key.en)
    return Header(last + 1, columns, tuple(troubles))


def _head(grid: Grid, row: int | None, place: int) -> str:
    if row is None or place >= len(grid.rows[row]):
        return ""
    value = grid.rows[row][place]
    return "" if value is None else clean(str(value))


def _is_filled(value: Value) -> bool:
    return value is not None and (not isinstance(value, str) or bool(clean(value)))
