"""Features and their schemas: a place is drawn as its layer has it, or not at all."""

import json
from datetime import date

import pyogrio
import pytest

from app.domain.vocabulary import Column, Layer, Stage
from app.domain.words import Lang
from app.formats import geojson
from app.formats.geojson import Position

A, B = (106.123456789, 9.5), (107.0, 10.0)


@pytest.mark.parametrize(
    ("layer", "positions", "found"),
    [
        (Layer.PHASES, [], None),
        (Layer.PHASES, [A], {"type": "Point", "coordinates": [106.1234568, 9.5]}),
        (Layer.PROJECTS, [A, B], {"type": "MultiPoint", "coordinates": [[106.1234568, 9.5], [107.0, 10.0]]}),
        (Layer.GRID_WORKS, [A], None),  # one tower is no line
        (
            Layer.GRID_WORKS,
            [A, B],
            {"type": "LineString", "coordinates": [[106.1234568, 9.5], [107.0, 10.0]]},
        ),
    ],
)
def test_a_geometry(layer: Layer, positions: list[Position], found: object) -> None:
    assert geojson.geometry(layer, positions) == found


def test_properties_have_the_types_of_json_and_what_is_not_known_is_left_out() -> None:
    record = {
        Column.PHASE: "v1-3",
        Column.STAGE: Stage.OPERATING,
        Column.NOMINAL_MW: 30,
        Column.IN_TOTALS: False,
        Column.PLANNED_COD_ON: date(2023, 12, 31),
        Column.SOURCES: ("A", "B"),
        Column.COMMUNE: None,
        Column.LATITUDE: 9.5,
    }
    assert geojson.properties(Layer.PHASES, record) == {
        "phase": "v1-3",
        "stage": "operating",
        "nominal_mw": 30,
        "in_totals": False,
        "planned_cod_on": "2023-12-31",
        "sources": "A;B",
    }


def test_bounds() -> None:
    assert geojson.bounds([]) is None
    assert geojson.bounds([B, A]) == (A[0], A[1], B[0], B[1])


def test_both_schemas_of_a_layer_name_the_same_properties() -> None:
    for layer in Layer:
        logical = geojson.schema(layer, "https://x.test/s", Lang.VI)["properties"]
        whole = geojson.feature_schema(layer, "https://x.test/f", Lang.VI)["properties"]["properties"]
        assert {n: p for n, p in logical.items() if n not in ("id", "geometry")} == whole["properties"]


def test_gdal_reads_a_downloaded_document() -> None:
    features = [
        {"type": "Feature", "id": name, "geometry": geojson.geometry(Layer.PHASES, place), "properties": said}
        for name, place, said in (("a", [A], {"phase_name": "Bình Đại"}), ("b", [], {"phase_name": "Ba Tri"}))
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()
    meta, _, geometry, columns = pyogrio.raw.read(text)
    assert list(columns[list(meta["fields"]).index("phase_name")]) == ["Bình Đại", "Ba Tri"]
    assert [each is not None for each in geometry] == [True, False]
