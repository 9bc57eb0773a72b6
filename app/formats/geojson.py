"""Records as GeoJSON features (RFC 7946), and the JSON Schemas of their layers, from which GDAL takes the types."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from app.domain import columns
from app.domain.columns import SHAPES, Record, Value
from app.domain.vocabulary import Column, ColumnType, Layer
from app.domain.words import Lang
from app.formats.dictionary import LIST_SEPARATOR, instant

CONTENT_TYPE = "application/geo+json"
SCHEMA_TYPE = "application/schema+json"
Geometry = dict[str, Any] | None
# Longitude before latitude, in degrees of WGS 84 (RFC 7946, 4).
Position = tuple[float, float]
GEOMETRIES = {
    Layer.PROJECTS: "MultiPoint",
    Layer.PHASES: "Point",
    Layer.TURBINES: "Point",
    Layer.GRID_WORKS: "LineString",
    Layer.TOWERS: "Point",
}
# Seven digits are a centimetre; an average of coordinates has more than it means.
DIGITS = 7
_JSON_TYPES: Mapping[ColumnType, dict[str, Any]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.WHOLE: {"type": "integer"},
    ColumnType.NUMBER: {"type": "number"},
    ColumnType.DAY: {"type": "string", "format": "date"},
    ColumnType.INSTANT: {"type": "string", "format": "date-time"},
    ColumnType.FLAG: {"type": "boolean"},
    # A list is one text: a property of many values has no type in most programs.
    ColumnType.LIST: {"type": "string"},
}


def geometry(layer: Layer, positions: Sequence[Position]) -> Geometry:
    """What a feature of a layer is drawn as; None where nothing, or for a line too little, is known of its place."""
    kind = GEOMETRIES[layer]
    found = [[round(longitude, DIGITS), round(latitude, DIGITS)] for longitude, latitude in positions]
    if not found or (kind == "LineString" and len(found) < 2):
        return None
    return {"type": kind, "coordinates": found[0] if kind == "Point" else found}


def properties(layer: Layer, record: Record) -> dict[str, Any]:
    """The properties of a feature, in order; one that is not known is left out, so that each has the type of its schema."""
    said = {column.value: _plain(record.get(column)) for column in columns.of_layer(layer)}
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, int | float):
        return value
    return LIST_SEPARATOR.join(value) or None


def schema(layer: Layer, address: str, lang: Lang) -> dict[str, Any]:
    """The schema of a feature's properties, as OGC API - Features, Part 5 has them: the id and the geometry by their roles."""
    kind = GEOMETRIES[layer].lower()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": layer.label(lang),
        "properties": {
            "id": {"type": "string", "x-ogc-role": "id", "title": "id"},
            "geometry": {"format": f"geometry-{kind}", "x-ogc-role": "primary-geometry"},
            **{
                column.value: _property(column, lang, place)
                for place, column in enumerate(columns.of_layer(layer), 1)
            },
        },
        "required": ["id"],
        "additionalProperties": False,
    }


def feature_schema(layer: Layer, address: str, lang: Lang) -> dict[str, Any]:
    """The schema of a whole feature as GeoJSON: what GDAL takes the types from."""
    kind = GEOMETRIES[layer]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": layer.label(lang),
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "string"},
            "geometry": {
                "oneOf": [
                    {"type": "null"},
                    {
                        "type": "object",
                        "required": ["type", "coordinates"],
                        "properties": {"type": {"const": kind}, "coordinates": _COORDINATES[kind]},
                    },
                ]
            },
            "properties": {
                "type": "object",
                "properties": {
                    column.value: _property(column, lang, place)
                    for place, column in enumerate(columns.of_layer(layer), 1)
                },
                "additionalProperties": False,
            },
        },
    }


_POSITION = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_COORDINATES: Mapping[str, dict[str, Any]] = {
    "Point": _POSITION,
    "MultiPoint": {"type": "array", "items": _POSITION, "minItems": 1},
    "LineString": {"type": "array", "items": _POSITION, "minItems": 2},
}


def _property(column: Column, lang: Lang, place: int) -> dict[str, Any]:
    shape = SHAPES[column]
    said = {**_JSON_TYPES[shape.kind], "title": column.label(lang), "x-ogc-propertySeq": place}
    if shape.unit is not None:
        said |= {"x-ogc-unit": shape.unit}
    if shape.words is not None:
        said["enum"] = [word.value for word in shape.words]
    return said


def bounds(positions: Sequence[Position]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of some positions."""
    if not positions:
        return None
    longitudes, latitudes = zip(*positions, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
