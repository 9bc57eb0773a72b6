"""The layers of OGC API - Features: pages of features that lie in a box and an interval, single ones, and extents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain import columns
from app.domain.access import Actor
from app.domain.boxes import Box
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Column, Export, Layer, Stage, UnitKind, WorkKind
from app.queries import open_places, open_register, open_works, projects, works
from app.queries.capacity import View
from app.queries.map_places import Point
from app.queries.open_places import Item, Page

# The day of a feature, which an interval of time is compared with; the other layers have none.
DAYS = {Layer.PHASES: Column.PLANNED_COD_ON, Layer.TURBINES: Column.INSTALLED_ON}
# The properties by which each layer can be narrowed.
NARROWED_BY: Mapping[Layer, frozenset[str]] = {
    Layer.PROJECTS: frozenset({"investor", "district", "stage"}),
    Layer.PHASES: frozenset({"investor", "district", "stage", "project"}),
    Layer.TURBINES: frozenset({"phase"}),
    Layer.GRID_WORKS: frozenset({"work_kind", "district", "owner"}),
    Layer.TOWERS: frozenset({"work"}),
}
# Features that are read at a time where a box or an interval leaves some of them out.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of features is narrowed by; None leaves a field open. Both ends of the interval belong to it."""

    box: Box | None = None
    first: date | None = None
    last: date | None = None
    investor: str | None = None
    district: str | None = None
    stage: Stage | None = None
    project: str | None = None
    phase: str | None = None
    work_kind: WorkKind | None = None
    owner: str | None = None
    work: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether neither a box nor an interval leaves anything out."""
        return self.box is None and self.first is None and self.last is None


def seen_by(actor: Actor) -> list[Layer]:
    """The layers that a reader may have."""
    return [layer for layer in Layer if actor.may(columns.NEEDS[Export(layer.value)])]


def layer(name: str) -> Layer:
    """The layer of a name. NotFound where there is none."""
    found = next((each for each in Layer if each.value == name), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="collection", code=name)
    return found


def page(session: Session, view: View, of: Layer, wanted: Wanted, *, after: str | None, limit: int) -> Page:
    """Up to `limit` features by name, after the one named `after`. What has no place is in every box, and what has no day
    in every interval (OGC API - Features, 7.15.3 and 7.15.4)."""
    if wanted.is_everything:
        return _read(session, view, of, wanted, after, limit)
    items: list[Item] = []
    while True:
        read = _read(session, view, of, wanted, after, BATCH)
        items += [item for item in read.items if _fits(item, of, wanted)]
        if len(items) > limit:
            return Page(items[:limit], items[limit - 1].name)
        if read.after is None:
            return Page(items, None)
        after = read.after


def _read(session: Session, view: View, of: Layer, wanted: Wanted, after: str | None, limit: int) -> Page:
    match of:
        case Layer.PROJECTS:
            filters = projects.Filters(wanted.investor, wanted.district, wanted.stage)
            return open_register.project_page(session, view, filters, after=after, limit=limit)
        case Layer.PHASES:
            filters = projects.Filters(wanted.investor, wanted.district, wanted.stage)
            return open_register.phase_page(session, view, filters, wanted.project, after=after, limit=limit)
        case Layer.TURBINES:
            return open_register.turbine_page(session, view, wanted.phase, after=after, limit=limit)
        case Layer.GRID_WORKS:
            kinds = works.Filters(wanted.work_kind, wanted.owner, wanted.district)
            return open_works.work_page(session, view, kinds, after=after, limit=limit)
        case Layer.TOWERS:
            return open_works.unit_page(session, view, UnitKind.TOWER, wanted.work, after=after, limit=limit)


def _fits(item: Item, of: Layer, wanted: Wanted) -> bool:
    day = item.record.get(DAYS[of]) if of in DAYS else None
    if isinstance(day, date) and not (
        (wanted.first is None or day >= wanted.first) and (wanted.last is None or day <= wanted.last)
    ):
        return False
    if wanted.box is None or not item.points:
        return True
    path = [(point.longitude, point.latitude) for point in item.points]
    return wanted.box.is_crossed(path) if of == Layer.GRID_WORKS else any(map(wanted.box.holds, path))


def one(session: Session, view: View, of: Layer, name: str) -> Item:
    """One feature by its name. NotFound where the reader sees none of that name."""
    found = next((item for item in _named(session, view, of, name) if item.name == name), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject=of.value, code=name)
    return found


def _named(session: Session, view: View, of: Layer, name: str) -> Sequence[Item]:
    holder = name.partition(".")[0]
    match of:
        case Layer.PROJECTS:
            return open_register.project_items(session, view, [projects.public(session, name)])
        case Layer.PHASES:
            return open_register.phase_items(session, view, [projects.public_phase(session, name)])
        case Layer.TURBINES:
            return open_register.turbine_page(session, view, holder, after=None, limit=BATCH).items
        case Layer.GRID_WORKS:
            return open_works.work_items(session, view, [works.line(session, name)])
        case Layer.TOWERS:
            return list(open_works.every_unit(session, view, UnitKind.TOWER, holder))


def extent(session: Session, view: View, of: Layer) -> Sequence[Point]:
    """Points that span what a reader sees of a layer; none where no place is known."""
    return _EXTENTS[of](session, view)


_EXTENTS: Mapping[Layer, Callable[[Session, View], Sequence[Point]]] = {
    Layer.PROJECTS: open_places.extent_of_phases,
    Layer.PHASES: open_places.extent_of_phases,
    Layer.TURBINES: open_places.extent_of_turbines,
    Layer.GRID_WORKS: open_places.extent_of_towers,
    Layer.TOWERS: open_places.extent_of_towers,
}
