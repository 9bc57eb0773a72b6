"""The geometry of a line drawn tower by tower, as tables of cases."""

import re
from collections.abc import Sequence

import pytest

from app.domain.vocabulary import UnitStage, UnitStatus
from app.pages import strip
from app.pages.strip import NARROW, WIDE, Section, Size, Strip, Tower

NOT, DOING, BLOCKED, DONE, AGAIN = (
    UnitStatus.NOT_STARTED,
    UnitStatus.IN_PROGRESS,
    UnitStatus.BLOCKED,
    UnitStatus.DONE,
    UnitStatus.REOPENED,
)
# Columns of 10 from x = 0, cells of 10.
PLAIN = Size(towers=4, width=40, left=0, cell=10, has_words=False)


def towers(count: int, *sites: UnitStatus, communes: Sequence[str | None] = ()) -> list[Tower]:
    """Towers 1, 2, … with the states of their sites; everything else is not started."""
    states = [*sites, *[NOT] * (count - len(sites))]
    places = [*communes, *[None] * (count - len(communes))]
    return [Tower(str(n + 1), places[n], [states[n], NOT, NOT, NOT]) for n in range(count)]


def boxes(path: str) -> list[tuple[float, float, float, float]]:
    """The rectangles of a path: left, top, width, height."""
    found = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-", path)
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in found]


def fills(drawn: Strip, row: int = 0) -> dict[UnitStatus, list[tuple[float, float, float, float]]]:
    return {shape.status: boxes(shape.path) for shape in drawn.rows[row].fills}


@pytest.mark.parametrize(
    ("count", "size", "rows"),
    [
        (1, WIDE, [1]),
        (40, WIDE, [40]),
        (41, WIDE, [21, 20]),
        (88, WIDE, [30, 30, 28]),
        (513, WIDE, [40] * 12 + [33]),
        (12, NARROW, [12]),
        (13, NARROW, [7, 6]),
        (88, NARROW, [11] * 8),
    ],
)
def test_rows_are_of_equal_length_and_none_is_too_long(count: int, size: Size, rows: list[int]) -> None:
    drawn = strip.draw(size, towers(count), [])
    assert [len(row.numbers) for row in drawn.rows] == rows
    assert [number.text for row in drawn.rows for number in row.numbers] == [str(n + 1) for n in range(count)]
    assert all(row.right <= size.width for row in drawn.rows)
    assert drawn.rows[-1].y + size.row == pytest.approx(drawn.height)


def test_a_line_without_towers_has_no_rows() -> None:
    assert strip.draw(WIDE, [], []).rows == []


def test_a_short_line_is_not_stretched() -> None:
    drawn = strip.draw(WIDE, towers(3), [])
    assert drawn.rows[0].right == WIDE.left + 3 * strip.WIDEST


@pytest.mark.parametrize(
    ("sites", "expected"),
    [
        ([], {}),
        ([DONE], {DONE: [(0, 14, 10, 10)]}),
        ([DONE, DONE, NOT, DONE], {DONE: [(0, 14, 20, 10), (30, 14, 10, 10)]}),
        (
            [BLOCKED, DOING, AGAIN, DONE],
            {
                BLOCKED: [(0, 14, 10, 10)],
                DOING: [(10, 14, 10, 10)],
                AGAIN: [(20, 14, 10, 10)],
                DONE: [(30, 14, 10, 10)],
            },
        ),
    ],
)
def test_neighbours_in_one_state_are_one_rectangle(
    sites: list[UnitStatus], expected: dict[UnitStatus, list[tuple[float, float, float, float]]]
) -> None:
    assert fills(strip.draw(PLAIN, towers(4, *sites), [])) == expected


def test_the_stages_of_a_tower_stand_below_each_other() -> None:
    drawn = strip.draw(PLAIN, [Tower("1", None, [DONE, DONE, DOING, BLOCKED])], [])
    found = fills(drawn)
    assert [top for _, top, _, _ in found[DONE]] == [14, 24]
    assert [found[status][0][1] for status in (DOING, BLOCKED)] == [34, 44]
    assert [heading.stage for heading in drawn.rows[0].headings] == list(UnitStage)
    assert [heading.number for heading in drawn.rows[0].headings] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("status", "strokes"), [(NOT, 0), (DONE, 0), (DOING, 1), (BLOCKED, 2), (AGAIN, 1)])
def test_every_state_is_told_without_its_colour(status: UnitStatus, strokes: int) -> None:
    assert len(re.findall("[Mm]", strip.mark(status, 5, 5, 4))) == strokes
    marked = {one: strip.mark(one, 5, 5, 4) for one in UnitStatus}
    told = [marked[one] for one in UnitStatus if one not in (NOT, DONE)]
    assert len(set(told)) == len(told)


def test_each_of_several_blocked_towers_carries_its_cross() -> None:
    (shape,) = strip.draw(PLAIN, towers(4, BLOCKED, BLOCKED, BLOCKED), []).rows[0].marks
    assert shape.status == BLOCKED
    assert shape.path.count("M") == 3


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        # From the middle of a tower to the middle of another, a stroke of 1 free at each end.
        (Section(0, 3, [DONE, NOT]), [[(6, 28)], []]),
        (Section(3, 0, [DONE, NOT]), [[(6, 28)], []]),
        # Into the next row: to the edge of the one, from the edge of the other.
        (Section(2, 5, [DONE, NOT]), [[(26, 13)], [(1, 13)]]),
        (Section(4, 7, [DONE, NOT]), [[], [(6, 28)]]),
        # Up to the first tower of the row: half a column.
        (Section(3, 4, [DONE, NOT]), [[(36, 3)], [(1, 3)]]),
    ],
)
def test_a_section_runs_between_its_towers(
    section: Section, expected: list[list[tuple[float, float]]]
) -> None:
    drawn = strip.draw(PLAIN, towers(8), [section])
    found = [[(x, width) for x, _, width, _ in fills(drawn, row).get(DONE, [])] for row in (0, 1)]
    assert found == expected
    # Both of its stages have an outline, also where nothing is done yet.
    assert [len(boxes(row.frames)) for row in drawn.rows] == [2 * len(parts) for parts in expected]


def test_communes_stand_under_their_towers_and_neighbours_differ() -> None:
    drawn = strip.draw(WIDE, towers(6, communes=["Phú Thuận"] * 3 + ["Lộc Thuận"] * 2), [])
    bands = drawn.rows[0].bands
    assert [(band.name, band.is_odd) for band in bands] == [
        ("Phú Thuận", False),
        ("Lộc Thuận", True),
        (None, False),
    ]
    assert [band.width for band in bands] == [3 * strip.WIDEST, 2 * strip.WIDEST, strip.WIDEST]
    assert bands[-1].label is None


@pytest.mark.parametrize(("count", "label"), [(4, "Thị trấn Bình Đại"), (2, "Thị trấn…"), (1, "Thị…")])
def test_a_name_is_cut_where_it_does_not_fit(count: int, label: str) -> None:
    place = "Thị trấn Bình Đại"
    bands = strip.draw(WIDE, towers(6, communes=[place] * count), []).rows[0].bands
    assert bands[0].name == place
    assert bands[0].label == label


def test_an_energised_line_of_500_towers_stays_small() -> None:
    every = [Tower(str(n), "Xã", [DONE] * 4) for n in range(513)]
    sections = [Section(n, n + 4, [DONE, DONE]) for n in range(0, 508, 4)]
    drawn = strip.draw(WIDE, every, sections)
    paths = [shape.path for row in drawn.rows for shape in (*row.fills, *row.marks)]
    assert sum(map(len, paths)) < 20_000
