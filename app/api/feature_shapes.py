"""From layers and their records to the answers of OGC API - Features, with the links between them."""

from datetime import date, datetime
from typing import Any

from app.db import Session
from app.deps import Ask
from app.domain import boxes, columns
from app.domain.access import require
from app.domain.calendar import local_day
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import Export, Layer
from app.formats import geojson
from app.queries import features, journal
from app.queries.capacity import View
from app.queries.open_places import Item
from app.schemas.features import (
    CollectionList,
    CollectionRead,
    Extent,
    FeatureInList,
    FeatureList,
    FeatureRead,
    ItemsQuery,
    KnownFeaturesQuery,
    Landing,
    Link,
    SpatialExtent,
)

JSON = "application/json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OGC_SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/schema"
_PARTS = "http://www.opengis.net/spec/ogcapi-features"
CONFORMS_TO = (
    f"{_PARTS}-1/1.0/conf/core",
    f"{_PARTS}-1/1.0/conf/geojson",
    f"{_PARTS}-5/1.0/conf/schemas",
    f"{_PARTS}-5/1.0/conf/core-roles-features",
)
# Features on one page where nobody says how many.
PAGE_FEATURES = 100
TITLES = {"vi": "Tiến độ điện gió", "en": "Wind-power commissioning"}
ABOUT = {
    "vi": "Dự án, nhà máy, tua-bin và công trình lưới điện. Nơi chưa rõ vị trí không có hình.",
    "en": "Projects, plants, turbines and grid works. What has no known place has no geometry.",
}
# Of the places that are not recorded but taken from sources; whoever shows them names these.
ATTRIBUTION = "V1-3: © OpenStreetMap contributors, ODbL 1.0. Settlements: GeoNames, CC-BY."
TIMES = {"as_of", "known_at"}


def layer(ask: Ask, name: str) -> Layer:
    """The layer of a name, where the reader may have it."""
    found = features.layer(name)
    require(ask.actor, columns.NEEDS[Export(found.value)])
    return found


def landing(ask: Ask) -> Landing:
    """The first page."""
    return Landing(
        title=TITLES[ask.lang],
        description=ABOUT[ask.lang],
        attribution=ATTRIBUTION,
        links=[
            _link(ask, "self", JSON, "read_landing_page"),
            Link(href=_beside(ask, "/openapi.json"), rel="service-desc", type=OPENAPI),
            _link(ask, "conformance", JSON, "read_conformance"),
            _link(ask, "data", JSON, "list_collections"),
        ],
    )


def collections(session: Session, ask: Ask) -> CollectionList:
    """Every layer that the reader may have."""
    return CollectionList(
        links=[_link(ask, "self", JSON, "list_collections")],
        collections=[collection(session, ask, each) for each in features.seen_by(ask.actor)],
    )


def collection(session: Session, ask: Ask, of: Layer) -> CollectionRead:
    """One layer."""
    view = View(ask.actor, ask.today, journal.head(session))
    points = [(point.longitude, point.latitude) for point in features.extent(session, view, of)]
    bounds = geojson.bounds(points)
    extent = None if bounds is None else Extent(spatial=SpatialExtent(bbox=[list(bounds)], crs=CRS84))
    return CollectionRead(
        id=of,
        title=of.label(ask.lang),
        description=ABOUT[ask.lang],
        extent=extent,
        crs=[CRS84],
        links=[
            _link(ask, "self", JSON, "read_collection", layer=of.value),
            _link(ask, "items", geojson.CONTENT_TYPE, "list_features", layer=of.value),
            _link(ask, OGC_SCHEMA, geojson.SCHEMA_TYPE, "read_layer_schema", layer=of.value),
            _link(ask, "describedby", geojson.SCHEMA_TYPE, "read_feature_schema", layer=of.value),
        ],
    )


def schema(ask: Ask, of: Layer) -> dict[str, Any]:
    """The JSON Schema of a layer."""
    return geojson.schema(of, _link(ask, "self", "", "read_layer_schema", layer=of.value).href, ask.lang)


def feature_schema(ask: Ask, of: Layer) -> dict[str, Any]:
    """The JSON Schema of a layer's features as GeoJSON."""
    address = _link(ask, "self", "", "read_feature_schema", layer=of.value).href
    return geojson.feature_schema(of, address, ask.lang)


def page(session: Session, ask: Ask, of: Layer, query: ItemsQuery) -> FeatureList:
    """A page of a layer. A page of more than is given is cut, as the standard has it, and not refused."""
    view, wanted = _view(session, ask, of, query), _wanted(of, query)
    limit = min(query.limit or PAGE_FEATURES, ask.tracker.settings.page_size_max)
    found = features.page(session, view, of, wanted, after=ask.after(query.cursor), limit=limit)
    links = [
        Link(href=str(ask.url), rel="self", type=geojson.CONTENT_TYPE),
        _link(ask, "collection", JSON, "read_collection", layer=of.value),
    ]
    if found.after is not None:
        following = str(ask.url.include_query_params(cursor=ask.signed(found.after)))
        links.append(Link(href=following, rel="next", type=geojson.CONTENT_TYPE))
    shown = [FeatureInList(**_feature(of, item)) for item in found.items]
    return FeatureList(features=shown, links=links, number_returned=len(shown))


def feature(session: Session, ask: Ask, of: Layer, name: str, query: KnownFeaturesQuery) -> FeatureRead:
    """One feature with its links."""
    item = features.one(session, _view(session, ask, of, query), of, name)
    links = [
        Link(href=str(ask.url), rel="self", type=geojson.CONTENT_TYPE),
        _link(ask, "collection", JSON, "read_collection", layer=of.value),
    ]
    return FeatureRead(**_feature(of, item), links=links)


def _feature(of: Layer, item: Item) -> dict[str, Any]:
    positions = [(point.longitude, point.latitude) for point in item.points]
    return {
        "id": item.name,
        "geometry": geojson.geometry(of, positions),
        "properties": geojson.properties(of, item.record),
    }


def _view(session: Session, ask: Ask, of: Layer, query: KnownFeaturesQuery) -> View:
    """The two times, which layers that tell how things stand now do not take."""
    if not columns.IS_DATED[Export(of.value)]:
        _refuse(query, TIMES)
    return View(ask.actor, query.as_of or ask.today, journal.known(session, query.known_at))


def _wanted(of: Layer, query: ItemsQuery) -> features.Wanted:
    every = frozenset[str]().union(*features.NARROWED_BY.values())
    _refuse(query, every - features.NARROWED_BY[of])
    box = None if query.bbox is None else boxes.read(query.bbox)
    if query.bbox is not None and box is None:
        raise Invalid(Problem.SHAPE, field="bbox")
    first, last = (None, None) if query.time is None else interval(query.time)
    return features.Wanted(
        box=box, first=first, last=last, **{name: getattr(query, name) for name in features.NARROWED_BY[of]}
    )


def _refuse(query: KnownFeaturesQuery, names: set[str] | frozenset[str]) -> None:
    """Raises Invalid for the first parameter that was given and is none of this layer's."""
    for name in sorted(names & query.model_fields_set):
        raise Invalid(Problem.PARAMETER_UNKNOWN, field=name)


def interval(text: str) -> tuple[date | None, date | None]:
    """The first and the last day of an interval (RFC 3339 with open ends), or of an instant. Invalid where it is none."""
    parts = text.split("/")
    try:
        ends = [None if part in ("", "..") else _day(part) for part in parts]
    except ValueError as error:
        raise Invalid(Problem.NOT_AN_INSTANT, field="datetime") from error
    if len(ends) == 1 and ends[0] is not None:
        return ends[0], ends[0]
    if len(ends) != 2 or ends == [None, None]:
        raise Invalid(Problem.NOT_AN_INSTANT, field="datetime")
    first, last = ends
    if first is not None and last is not None and last < first:
        raise Invalid(Problem.PERIOD, field="datetime")
    return first, last


def _day(text: str) -> date:
    """A day, or the day in Viet Nam of an instant, which names its zone."""
    if len(text) == 10:
        return date.fromisoformat(text)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return local_day(at)


def _link(ask: Ask, rel: str, kind: str, route: str, **path: str) -> Link:
    """A link to a route, in the language of this request where it was asked for."""
    address = ask.url_for(route, **path)
    lang = ask.query_params.get("lang")
    return Link(
        href=str(address if lang is None else address.include_query_params(lang=lang)), rel=rel, type=kind
    )


def _beside(ask: Ask, path: str) -> str:
    return str(ask.base_url).rstrip("/") + path
