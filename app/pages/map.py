"""`/map`: phases and lines where they stand, drawn on the server without tiles, and the same as tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app import register
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import By
from app.outside import shipped
from app.pages import map_drawing as drawing
from app.pages import map_tiles
from app.pages.map_drawing import Ground, Spot
from app.pages.map_tiles import Tile
from app.pages.overview_situation import key
from app.pages.rendering import Frame, frame, render
from app.pages.words.map import Geo
from app.queries import breakdowns, capacity, journal, map_places, overview, works
from app.queries.breakdowns import Line
from app.queries.capacity import View
from app.queries.map_places import Cluster, Located, Point
from app.queries.overview import Detail
from app.queries.works import WorkLine
from app.schemas.milestones import KnownQuery

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40
LETTERS = {
    Geo.OPERATING: Geo.LETTER_OPERATING,
    Geo.PARTLY: Geo.LETTER_PARTLY,
    Geo.NONE: Geo.LETTER_NONE,
    Geo.UNSPLIT: Geo.LETTER_UNSPLIT,
}


class MapQuery(KnownQuery):
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phase stands and how that is known: by its own turbines, their centre, or a settlement nearby."""

    point: Point
    accuracy: Geo
    name: str
    turbines: int = 0
    is_doubtful: bool = False

    @property
    def is_exact(self) -> bool:
        return self.accuracy != Geo.AT_SETTLEMENT


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table of phases; `place` is None where nothing says where it stands."""

    line: Line
    state: Geo
    place: Place | None
    detail: Detail | None

    @property
    def is_phase(self) -> bool:
        return self.line.level == By.PHASE.value


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn at one place: the phases there, together."""

    spot: Spot
    place: Place
    state: Geo
    phases: Sequence[Located]

    @property
    def letter(self) -> Geo:
        return LETTERS[self.state]

    @property
    def kw(self) -> int:
        return sum(phase.nominal_kw or 0 for phase in self.phases)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The map at one size."""

    ground: Ground
    marks: Sequence[Mark]
    turbines: Sequence[Spot]
    lines: Mapping[str, str]
    tiles: Sequence[Tile] = ()


@dataclass(frozen=True, slots=True)
class MapPage:
    frame: Frame
    view: View
    operating_kw: int
    drawings: Mapping[str, Drawn]
    rows: Sequence[Row]
    works: Sequence[WorkLine]
    towers: Mapping[str, int]
    has_more_works: bool
    is_continued: bool
    following: str | None
    attribution: str | None

    @property
    def states(self) -> Mapping[Geo, Geo]:
        return LETTERS


@router.get("/map", openapi_extra=needs(May.READ))
async def show_map(ask: Ask, query: Annotated[MapQuery, Query()]) -> Response:
    """Where everything stands, as far as that is known."""
    return await ask.read(lambda session: render("map.html", _page(session, ask, query), ask.lang), long=True)


def _page(session: Session, ask: Ask, query: MapQuery) -> MapPage:
    chosen = ask.tracker.settings
    view = View(ask.actor, query.as_of or ask.today, journal.known(session, query.known_at))
    known = _known(map_places.clusters(session, view))
    after = ask.after(query.cursor)
    lines = breakdowns.page(session, view, By.PHASE, after=after, limit=PAGE_ROWS)
    shown, following = ask.page(lines, PAGE_ROWS, lambda line: line.key)
    details = overview.details(session, view, shown)
    located = map_places.located(session, view, known)
    towers = map_places.lines(session, view)
    turbines = map_places.turbines(session, view)
    totals = ask.tracker.findings.once(
        ask.revision, ("totals", key(view)), lambda: capacity.totals(session, view)
    )
    found = works.page(session, works.Filters(), after=None, limit=PAGE_ROWS)
    return MapPage(
        frame=frame(ask),
        view=view,
        operating_kw=totals.operating_kw,
        drawings={
            name: _drawn(drawing.ground(width), located, known, turbines, towers, chosen.tile_address)
            for name, width in (("wide", drawing.WIDE_PX), ("narrow", drawing.NARROW_PX))
        },
        rows=_rows(shown, known, details),
        works=[line for line in found[:PAGE_ROWS] if line.work.created_in <= view.revision],
        towers={code: len(points) for code, points in towers.items()},
        has_more_works=len(found) > PAGE_ROWS,
        is_continued=query.cursor is not None,
        following=following,
        attribution=chosen.tile_attribution if chosen.tile_address else None,
    )


def _known(clusters: Mapping[str, Cluster]) -> dict[str, Place]:
    """The place of each phase by its code: what is recorded of its turbines, else what the package's sources say."""
    found: dict[str, Place] = {}
    for each in shipped.shapes(register.PLACES)["features"]:
        said, (longitude, latitude) = each["properties"], each["geometry"]["coordinates"]
        of = Geo.AT_SETTLEMENT if said["kind"] == "settlement" else Geo.AT_CENTRE
        place = Place(Point(latitude, longitude), of, said["name"], is_doubtful=said["is_doubtful"])
        found |= dict.fromkeys(said["phases"], place)
    for code, cluster in clusters.items():
        found[code] = Place(cluster.middle, Geo.AT_TURBINES, code, turbines=cluster.turbines)
    return found


def _rows(lines: Iterable[Line], known: Mapping[str, Place], details: Mapping[str, Detail]) -> list[Row]:
    """The lines with their states. MW that name a project alone say of no phase of it whether it operates."""
    return [
        Row(
            line,
            _state(line.figures.operating_kw, line.nominal_kw, is_unsplit=_is_unsplit(line, details)),
            known.get(line.code or ""),
            details.get(line.key),
        )
        for line in lines
    ]


def _is_unsplit(line: Line, details: Mapping[str, Detail]) -> bool:
    detail = details.get(line.key)
    return line.level != By.PHASE.value or (detail is not None and not detail.is_split)


def _state(operating_kw: int, nominal_kw: int | None, *, is_unsplit: bool) -> Geo:
    if not operating_kw:
        return Geo.UNSPLIT if is_unsplit else Geo.NONE
    # A plant of 30 MW on paper whose turbines make 29.4 operates in full: 5 % is the difference rule R06 takes for normal.
    is_full = nominal_kw is None or operating_kw * 100 >= nominal_kw * 95
    return Geo.OPERATING if is_full else Geo.PARTLY


def _drawn(
    ground: Ground,
    located: Iterable[Located],
    known: Mapping[str, Place],
    turbines: Iterable[Point],
    towers: Mapping[str, Sequence[Point]],
    template: str | None,
) -> Drawn:
    together: dict[Place, list[Located]] = {}
    for phase in located:
        if ground.frame.holds(known[phase.code].point):
            together.setdefault(known[phase.code], []).append(phase)
    marks = [_mark(ground, place, there) for place, there in together.items()]
    marks.sort(key=lambda mark: -mark.spot.r)
    dots = [ground.frame.spot(point, 0) for point in turbines if ground.frame.holds(point)]
    below = map_tiles.tiles(ground.frame, template) if template else ()
    return Drawn(ground, marks, dots, drawing.strokes(ground.frame, towers), below)


def _mark(ground: Ground, place: Place, phases: Sequence[Located]) -> Mark:
    """The phases at one place: of several states together partly in operation."""
    states = {_state(each.operating_kw, each.nominal_kw, is_unsplit=each.is_unsplit) for each in phases}
    spot = ground.frame.spot(place.point, sum(phase.nominal_kw or 0 for phase in phases))
    if not place.is_exact:
        spot = replace(spot, r=round(spot.r + drawing.RING * ground.frame.scale, 1))
    return Mark(spot, place, states.pop() if len(states) == 1 else Geo.PARTLY, phases)
