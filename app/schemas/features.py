"""OGC API - Features on the wire (Part 1: Core, GeoJSON; Part 5: Schemas)."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.vocabulary import Layer, Stage, WorkKind
from app.schemas.base import Asked, Code, Day, KnownAt, Out


class KnownFeaturesQuery(Asked):
    as_of: Day | None = Field(None, description="Effective on or before this day; default today")
    known_at: KnownAt | None = Field(None, description="Recorded at or before this instant; default now")


class ItemsQuery(KnownFeaturesQuery):
    """The properties that narrow a list are those of its layer; others are refused."""

    bbox: str | None = Field(
        None,
        max_length=200,
        description="West, south, east and north in degrees (with lowest and highest height between them, which are not "
        "looked at). What has no known place is in every box.",
        examples=["106.2,9.7,106.9,10.3"],
    )
    time: str | None = Field(
        None,
        alias="datetime",
        max_length=80,
        description="An instant, a day or an interval `from/to`, open at `..`: features whose day lies in it. What has no "
        "day is in every interval.",
        examples=["2023-01-01/.."],
    )
    limit: int | None = Field(None, ge=1, description="Most features on one page; what is too many is cut")
    cursor: str | None = Field(None, max_length=400, description="Where the next page starts, from its link")
    investor: Code | None = None
    district: Code | None = None
    stage: Stage | None = None
    project: Code | None = None
    phase: Code | None = None
    work_kind: WorkKind | None = None
    owner: Code | None = None
    work: Code | None = None


class Link(Out):
    href: str
    rel: str
    type: str | None = None
    title: str | None = None


class Landing(Out):
    title: str
    description: str
    attribution: str
    links: list[Link]


class Conformance(Out):
    conforms_to: list[str] = Field(serialization_alias="conformsTo")


class SpatialExtent(Out):
    bbox: list[list[float]]
    crs: str


class Extent(Out):
    spatial: SpatialExtent


class CollectionRead(Out):
    id: Layer
    title: str
    description: str
    extent: Extent | None
    item_type: Literal["feature"] = Field("feature", serialization_alias="itemType")
    crs: list[str]
    links: list[Link]


class CollectionList(Out):
    links: list[Link]
    collections: list[CollectionRead]


class FeatureRead(Out):
    """A GeoJSON feature; its properties are those of the layer's schema, its geometry is null where no place is known."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]
    links: list[Link] = []


class FeatureInList(Out):
    type: Literal["Feature"] = "Feature"
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeatureList(Out):
    """A GeoJSON feature collection. `numberMatched` is left out: to count what nobody reads costs more than a page."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[FeatureInList]
    links: list[Link]
    number_returned: int = Field(serialization_alias="numberReturned")


class LayerSchema(BaseModel):
    """A JSON Schema of the properties of a layer's features."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    properties: dict[str, dict[str, Any]]
