"""A line drawn tower by tower: the geometry of its strip, in rows of a drawing of a given size. Pure; colours are the stylesheet's.

Under each tower's number stand its four stages, below them the tension sections between the towers, at the foot the
communes. What is done is filled solid, so it needs no mark; every other state that says something carries its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.units import STAGES
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus

TOWER_STAGES, SECTION_STAGES = STAGES[UnitKind.TOWER], STAGES[UnitKind.SECTION]
# No column is wider, so that a short line does not look like a long one.
WIDEST = 34.0
# Between the towers and the sections, the sections and the communes, and two rows.
GAP, ROW_GAP = 4.0, 16.0
# The width of a written letter, to know what fits into a band.
LETTER = 6.2


@dataclass(frozen=True, slots=True)
class Tower:
    """A tower position in line order; `states` are those of its four stages, `commune` the name of where it stands."""

    number: str
    commune: str | None
    states: Sequence[UnitStatus]


@dataclass(frozen=True, slots=True)
class Section:
    """A tension section between two towers, by their places in the line; `states` are those of corridor and stringing."""

    first: int
    last: int
    states: Sequence[UnitStatus]


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing: how many towers a row holds at most, how wide it is, the room for the names of the stages at its left
    (their numbers, where it is too little for words), and how high a cell is."""

    towers: int
    width: float
    left: float
    cell: float
    has_words: bool

    @property
    def head(self) -> float:
        """The room for the towers' numbers."""
        return 14.0

    @property
    def sections_at(self) -> float:
        return self.head + self.cell * len(TOWER_STAGES) + GAP

    @property
    def communes_at(self) -> float:
        return self.sections_at + (self.cell + 1) * len(SECTION_STAGES) + GAP

    @property
    def row(self) -> float:
        """How high a row is, without the room below it."""
        return self.communes_at + self.cell + 1


WIDE = Size(towers=40, width=1100, left=164, cell=15, has_words=True)
NARROW = Size(towers=12, width=340, left=20, cell=19, has_words=False)


@dataclass(frozen=True, slots=True)
class Name:
    """Something written: where, and what."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a stage at the left of a row, or its number where there is no room for words."""

    x: float
    y: float
    number: int
    stage: UnitStage


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG path for everything in a row that is in the same state."""

    status: UnitStatus
    path: str


@dataclass(frozen=True, slots=True)
class Band:
    """A commune under its towers; `label` is what of its name fits, None for nothing. `is_odd` tells neighbours apart."""

    x: float
    y: float
    width: float
    name: str | None
    label: str | None
    is_odd: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of towers: `grid` are the lines between cells, `frames` the outlines of the sections."""

    y: float
    right: float
    numbers: list[Name]
    headings: list[Heading]
    fills: list[Shape]
    marks: list[Shape]
    grid: str
    frames: str
    bands: list[Band]


@dataclass(frozen=True, slots=True)
class Strip:
    """A drawing ready for a template."""

    size: Size
    height: float
    rows: list[Row]


def draw(size: Size, towers: Sequence[Tower], sections: Sequence[Section]) -> Strip:
    """Every tower in line order in rows of equal length, and the sections as far as they reach into each row."""
    rows_needed = max(1, -(-len(towers) // size.towers))
    per_row = max(1, -(-len(towers) // rows_needed))
    column = min((size.width - size.left) / per_row, WIDEST)
    rows = [
        _row(size, number, column, range(start, min(start + per_row, len(towers))), towers, sections)
        for number, start in enumerate(range(0, len(towers), per_row))
    ]
    height = len(rows) * (size.row + ROW_GAP) - ROW_GAP if rows else 0
    return Strip(size, _round(height), rows)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A rectangle in a state; `marks` are the middles of what is to be marked in it."""

    status: UnitStatus
    x: float
    y: float
    width: float
    height: float
    marks: Sequence[float]


def _row(
    size: Size,
    number: int,
    column: float,
    inside: range,
    towers: Sequence[Tower],
    sections: Sequence[Section],
) -> Row:
    y = number * (size.row + ROW_GAP)
    right = size.left + column * len(inside)
    bars = list(_bars(size, y, column, inside, sections))
    cells = [*_cells(size, y, column, [towers[at] for at in inside]), *bars]
    middles = [size.left + (at + 0.5) * column for at in range(len(inside))]
    return Row(
        y=_round(y),
        right=_round(right),
        numbers=[Name(_round(x), y + 10, towers[at].number) for x, at in zip(middles, inside, strict=True)],
        headings=_headings(size, y),
        fills=_shapes((cell.status, _box(cell.x, cell.y, cell.width, cell.height)) for cell in cells),
        marks=_shapes(_marks(size, cells)),
        grid=_grid(size, y, column, len(inside)),
        frames="".join(_box(bar.x, bar.y, bar.width, bar.height) for bar in bars),
        bands=list(_bands(size, y, column, [towers[at].commune for at in inside])),
    )


def _headings(size: Size, y: float) -> list[Heading]:
    middle = size.cell / 2 + 4
    tops = [size.head + size.cell * at for at in range(len(TOWER_STAGES))]
    tops += [size.sections_at + (size.cell + 1) * at for at in range(len(SECTION_STAGES))]
    stages = (*TOWER_STAGES, *SECTION_STAGES)
    return [
        Heading(size.left - 6, _round(y + top + middle), number, stage)
        for number, (top, stage) in enumerate(zip(tops, stages, strict=True), 1)
    ]


def _cells(size: Size, y: float, column: float, towers: Sequence[Tower]) -> Iterator[_Cell]:
    """The stages of the towers of a row. Neighbours in one state are one rectangle; each has its own mark."""
    for at in range(len(TOWER_STAGES)):
        top, place = y + size.head + size.cell * at, 0
        for status, found in groupby(tower.states[at] for tower in towers):
            count = len(list(found))
            if status != UnitStatus.NOT_STARTED:
                x = size.left + place * column
                marks = [x + (one + 0.5) * column for one in range(count)]
                yield _Cell(status, x, top, count * column, size.cell, marks)
            place += count


def _bars(size: Size, y: float, column: float, inside: range, sections: Sequence[Section]) -> Iterator[_Cell]:
    """The parts of sections that lie in a row: from the middle of a tower to the middle of another, or to its edge."""
    for section in sections:
        low, high = sorted((section.first, section.last))
        if high < inside.start or low >= inside.stop:
            continue
        start = 0.0 if low < inside.start else low - inside.start + 0.5
        end = float(len(inside)) if high >= inside.stop else high - inside.start + 0.5
        x, width = size.left + start * column + 1, (end - start) * column - 2
        if width <= 0:
            # It ends at the last tower of the row before.
            continue
        for at, status in enumerate(section.states):
            top = y + size.sections_at + (size.cell + 1) * at
            yield _Cell(status, x, top, width, size.cell - 1, [x + width / 2])


def _bands(size: Size, y: float, column: float, communes: Sequence[str | None]) -> Iterator[Band]:
    place = 0
    for number, (name, found) in enumerate(groupby(communes)):
        count = len(list(found))
        x, width = size.left + place * column, count * column
        room = int((width - 4) / LETTER)
        label = None if name is None else name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
        yield Band(
            x=_round(x),
            y=_round(y + size.communes_at),
            width=_round(width),
            name=name,
            label=label if room > 2 else None,
            is_odd=number % 2 == 1,
        )
        place += count


def _grid(size: Size, y: float, column: float, count: int) -> str:
    """The lines around and between the cells of the towers of a row."""
    top, height, width = y + size.head, size.cell * len(TOWER_STAGES), column * count
    across = (
        f"M{_short(size.left)} {_short(top + size.cell * at)}h{_short(width)}"
        for at in range(len(TOWER_STAGES) + 1)
    )
    down = (f"M{_short(size.left + column * at)} {_short(top)}v{_short(height)}" for at in range(count + 1))
    return "".join((*across, *down))


def _shapes(found: Iterable[tuple[UnitStatus, str]]) -> list[Shape]:
    paths: Mapping[UnitStatus, list[str]] = defaultdict(list)
    for status, path in found:
        if status != UnitStatus.NOT_STARTED:
            paths[status].append(path)
    return [Shape(status, "".join(paths[status])) for status in UnitStatus if status in paths]


def _marks(size: Size, cells: Iterable[_Cell]) -> Iterator[tuple[UnitStatus, str]]:
    for cell in cells:
        middle = cell.y + cell.height / 2
        for x in cell.marks:
            if path := mark(cell.status, x, middle, size.cell * 0.5):
                yield cell.status, path


def mark(status: UnitStatus, x: float, y: float, side: float) -> str:
    """What tells a state without its colour, around a point: a stroke, a cross, a ring; nothing where the fill says it."""
    half = side / 2
    left, top, low = _short(x - half), _short(y - half), _short(y + half)
    s, h = _short(side), _short(half)
    if status == UnitStatus.IN_PROGRESS:
        return f"M{left} {low}l{s}-{s}"
    if status == UnitStatus.BLOCKED:
        return f"M{left} {top}l{s} {s}m0-{s}l-{s} {s}"
    if status == UnitStatus.REOPENED:
        return f"M{left} {_short(y)}a{h} {h} 0 1 0 {s} 0a{h} {h} 0 1 0-{s} 0"
    return ""


def _box(x: float, y: float, width: float, height: float) -> str:
    return f"M{_short(x)} {_short(y)}h{_short(width)}v{_short(height)}h-{_short(width)}z"


def _round(value: float) -> float:
    return round(value, 1)


def _short(value: float) -> str:
    return f"{round(value, 1):g}"
