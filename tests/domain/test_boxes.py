"""A box holds what lies in it, its edges too, across the date line as well; and a line is in it where a part of it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import boxes
from app.domain.boxes import Box

BEN_TRE = Box(106, 9.5, 107, 10.5)
DATE_LINE = Box(170, -10, -170, 10)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("106,9.5,107,10.5", BEN_TRE),
        (" 106, 9.5 ,107,10.5", BEN_TRE),
        ("106,9.5,-5,107,10.5,100", BEN_TRE),
        ("170,-10,-170,10", DATE_LINE),
        *((text, None) for text in ("", "1,2,3", "1,2,3,4,5", "a,b,c,d", "106,10.5,107,9.5", "-181,0,0,0")),
        *((text, None) for text in ("0,0,0,91", "nan,0,1,1", "0,0,inf,1", "1;2;3;4")),
    ],
)
def test_a_box_is_read(text: str, found: Box | None) -> None:
    assert boxes.read(text) == found


@pytest.mark.parametrize(
    ("box", "position", "is_in"),
    [
        (BEN_TRE, (106.5, 10), True),
        (BEN_TRE, (106, 9.5), True),
        (BEN_TRE, (105.99, 10), False),
        (BEN_TRE, (106.5, 10.51), False),
        (DATE_LINE, (179, 0), True),
        (DATE_LINE, (-179, 0), True),
        (DATE_LINE, (0, 0), False),
    ],
)
def test_a_position_is_in_it_or_not(box: Box, position: boxes.Position, is_in: bool) -> None:
    assert box.holds(position) == is_in


@pytest.mark.parametrize(
    ("box", "path", "is_crossed"),
    [
        (BEN_TRE, [(105, 10), (108, 10)], True),
        (BEN_TRE, [(105, 9), (108, 9)], False),
        (BEN_TRE, [(105.5, 10), (106.5, 11)], True),  # touches a corner
        (BEN_TRE, [(105, 10), (106, 11)], False),
        (BEN_TRE, [(106.5, 8), (106.5, 12)], True),
        (BEN_TRE, [(108, 8), (108, 12)], False),
        (DATE_LINE, [(160, 0), (175, 0)], True),
        (DATE_LINE, [(-160, 0), (-165, 0)], False),
    ],
)
def test_a_line_is_in_it_where_a_part_of_it_is(
    box: Box, path: list[boxes.Position], is_crossed: bool
) -> None:
    assert box.is_crossed(path) == is_crossed
    assert box.is_crossed(path[::-1]) == is_crossed


_POSITIONS = st.tuples(st.floats(105, 108), st.floats(8.5, 11.5))


@given(_POSITIONS, _POSITIONS, st.floats(0, 1))
def test_a_line_with_a_point_in_the_box_crosses_it(
    start: boxes.Position, end: boxes.Position, at: float
) -> None:
    between = (start[0] + at * (end[0] - start[0]), start[1] + at * (end[1] - start[1]))
    # Well inside, so that rounding moves nothing across the edge.
    if Box(106.001, 9.501, 106.999, 10.499).holds(between):
        assert BEN_TRE.is_crossed([start, end])
