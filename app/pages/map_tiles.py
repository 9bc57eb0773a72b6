"""The tiles below a drawing: which ones, where they lie in it, and where they come from. Pure.

Tiles are numbered as XYZ servers do: at zoom z the world in Web Mercator is a square of 2^z by 2^z tiles, 0/0 in the
north-west.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.pages.map_drawing import Frame, mercator

TILE_PX = 256
# No server has finer ones, and no window of a province needs them.
FINEST = 19


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile and its square in the drawing, in pixels of it."""

    address: str
    x: float
    y: float
    size: float


def zoom(frame: Frame) -> int:
    """The zoom at which a tile is drawn at its own size or a little smaller, so that nothing is blurred."""
    world_px = 360 * frame.px_of_a_degree
    return min(FINEST, max(0, math.ceil(math.log2(world_px / TILE_PX) - 1e-9)))


def number(longitude: float, latitude: float, at: int) -> tuple[int, int]:
    """The tile that a place lies in, at a zoom."""
    whole = 2**at
    return (
        math.floor((longitude + 180) / 360 * whole),
        math.floor((180 - mercator(latitude)) / 360 * whole),
    )


def tiles(frame: Frame, template: str) -> Sequence[Tile]:
    """All tiles that a drawing shows any part of, from the north-west on. `template` holds {z}, {x} and {y}."""
    at, seen = zoom(frame), frame.window
    degrees = 360 / 2**at
    size = degrees * frame.px_of_a_degree
    (west, north), (east, south) = number(seen.west, seen.north, at), number(seen.east, seen.south, at)
    top = mercator(seen.north)
    return [
        Tile(
            template.replace("{z}", str(at)).replace("{x}", str(x)).replace("{y}", str(y)),
            round((x * degrees - 180 - seen.west) * frame.px_of_a_degree, 2),
            round((top - (180 - y * degrees)) * frame.px_of_a_degree, 2),
            round(size, 2),
        )
        for y in range(max(0, north), min(2**at, south + 1))
        for x in range(max(0, west), min(2**at, east + 1))
    ]
