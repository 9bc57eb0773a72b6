"""Boxes of longitude and latitude, as questions about a map name them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Degrees: longitude, then latitude.
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """From west to east and from south to north, its edges included. West of more than east crosses the date line."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, position: Position) -> bool:
        """Whether a position lies in the box."""
        longitude, latitude = position
        if not self.south <= latitude <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= longitude <= self.east
        return longitude >= self.west or longitude <= self.east

    def is_crossed(self, path: Sequence[Position]) -> bool:
        """Whether a line through some positions has a part in the box."""
        if any(map(self.holds, path)):
            return True
        halves = [self] if self.west <= self.east else [Box(self.west, self.south, 180, self.north), Box(-180, self.south, self.east, self.north)]  # fmt: skip
        return any(half._is_cut(start, end) for half in halves for start, end in pairwise(path))

    def _is_cut(self, start: Position, end: Position) -> bool:
        """Whether a straight line has a part in a box that does not cross the date line (Liang and Barsky, 1984)."""
        enters, leaves = 0.0, 1.0
        sides = ((self.west, self.east), (self.south, self.north))
        for at, to, (low, high) in zip(start, end, sides, strict=True):
            step = to - at
            if step == 0:
                if not low <= at <= high:
                    return False
                continue
            near, far = sorted(((low - at) / step, (high - at) / step))
            enters, leaves = max(enters, near), min(leaves, far)
        return enters <= leaves


def read(text: str) -> Box | None:
    """The box that four numbers name, or six with heights, which are not looked at; None where they name none."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    if len(numbers) not in (4, 6):
        return None
    west, south, east, north = numbers if len(numbers) == 4 else (*numbers[:2], *numbers[3:5])
    is_on_earth = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    return Box(west, south, east, north) if is_on_earth else None
