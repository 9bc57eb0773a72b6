"""The map's geometry: from degrees to a drawing of a given size, with north up, in Web Mercator as tiles are: over
one province kilometres are alike everywhere. Pure but for the outline that the package ships; colours are the stylesheet's."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app import register
from app.outside import shipped
from app.queries.map_places import Point

KM_OF_A_DEGREE = 110.6
WIDE_PX, NARROW_PX = 760, 370
SCALE_KM = 20
# A circle's area grows with MW; one too small to bear its letter is drawn at the least size.
LEAST_R, R_OF_A_MW = 9.0, 2.1
# A phone's drawing is seen at its own size, a desk's at a larger one.
NARROW_R = 0.75
RING = 6.0


def mercator(latitude: float) -> float:
    """How far a latitude lies from the equator in Web Mercator, in degrees of longitude: 180 at the edge of its square."""
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the earth that is drawn, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def shrink(self) -> float:
        """How much shorter a degree to the east is than one to the north, in the middle."""
        return math.cos(math.radians((self.south + self.north) / 2))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the drawing; `r` is the radius of its circle."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid, and its degrees."""

    at: float
    degrees: float


class Frame:
    """A window drawn at a width in pixels."""

    def __init__(self, window: Window, width: int) -> None:
        self.window, self.width = window, width
        self.px_of_a_degree = width / (window.east - window.west)
        self._top = mercator(window.north)
        self.height = round((self._top - mercator(window.south)) * self.px_of_a_degree)
        self.is_narrow = width < WIDE_PX

    def x(self, longitude: float) -> float:
        return round((longitude - self.window.west) * self.px_of_a_degree, 1)

    def y(self, latitude: float) -> float:
        return round((self._top - mercator(latitude)) * self.px_of_a_degree, 1)

    def holds(self, point: Point) -> bool:
        """Whether a place lies in the drawing."""
        seen = self.window
        return seen.west <= point.longitude <= seen.east and seen.south <= point.latitude <= seen.north

    def spot(self, point: Point, kw: int) -> Spot:
        """A place as a circle whose area goes by its kW."""
        r = max(LEAST_R, R_OF_A_MW * math.sqrt(max(0, kw) / 1000))
        return Spot(self.x(point.longitude), self.y(point.latitude), round(r * self.scale, 1))

    @property
    def scale(self) -> float:
        return NARROW_R if self.is_narrow else 1.0

    def path(self, points: Iterable[Sequence[float]], *, closed: bool = False) -> str:
        """Longitudes and latitudes as one stroke."""
        steps = [f"{self.x(lon):g} {self.y(lat):g}" for lon, lat, *_ in points]
        return ("M" + "L".join(steps) + ("Z" if closed else "")) if steps else ""

    @property
    def bar(self) -> float:
        """The length of the scale."""
        return round(SCALE_KM / KM_OF_A_DEGREE * self.px_of_a_degree / self.window.shrink, 1)

    @property
    def meridians(self) -> list[Tick]:
        return [Tick(self.x(deg), deg) for deg in _halves(self.window.west, self.window.east)]

    @property
    def parallels(self) -> list[Tick]:
        return [Tick(self.y(deg), deg) for deg in _halves(self.window.south, self.window.north)]


def _halves(first: float, last: float) -> list[float]:
    """Every half degree between two others, not at their edges."""
    steps = range(math.floor(first * 2), math.ceil(last * 2) + 1)
    return [step / 2 for step in steps if first + 0.05 < step / 2 < last - 0.05]


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies below everything: land, coast and the lines between provinces, as paths."""

    frame: Frame
    land: str
    coast: str
    provinces: str


@lru_cache(maxsize=4)
def ground(width: int) -> Ground:
    """The surroundings of the province at a width; the same for every reader."""
    outline = shipped.shapes(register.OUTLINE)
    frame = Frame(Window(*outline["bbox"]), width)
    shapes = {each["properties"]["kind"]: each["geometry"]["coordinates"] for each in outline["features"]}
    return Ground(
        frame,
        "".join(frame.path(ring, closed=True) for polygon in shapes["land"] for ring in polygon),
        "".join(frame.path(line) for line in shapes["coast"]),
        "".join(frame.path(line) for line in shapes["province_lines"]),
    )


def strokes(frame: Frame, lines: Mapping[str, Sequence[Point]]) -> dict[str, str]:
    """Grid lines from tower to tower, by the work's code; one of a single tower has no stroke."""
    return {
        code: frame.path((point.longitude, point.latitude) for point in points)
        for code, points in lines.items()
        if len(points) > 1
    }
