"""OGC API - Features: projects, plants, turbines and lines for maps (Part 1: Core and GeoJSON; Part 5: Schemas)."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from app.api import feature_shapes as shapes
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.formats import geojson
from app.schemas.features import (
    CollectionList,
    CollectionRead,
    Conformance,
    FeatureList,
    FeatureRead,
    ItemsQuery,
    KnownFeaturesQuery,
    Landing,
    LayerSchema,
)
from app.schemas.journal import ProblemRead

router = APIRouter(prefix="/features", tags=["features"], route_class=Route)
# The standard's own answer to a parameter that is not known, or not good; everywhere else it is 422.
REFUSED: dict[int | str, dict[str, Any]] = {
    400: {
        "description": "A parameter is unknown or not good (OGC API - Features, 7.12)",
        "content": {
            "application/problem+json": {"schema": {"$ref": f"#/components/schemas/{ProblemRead.__name__}"}}
        },
    }
}


class GeoJSON(JSONResponse):
    media_type = geojson.CONTENT_TYPE


class Schema(JSONResponse):
    media_type = geojson.SCHEMA_TYPE


@router.get("", response_model=Landing, responses=REFUSED, openapi_extra=needs(May.READ))
async def read_landing_page(ask: Ask) -> Response:
    """Where everything else is."""
    return await ask.read(lambda _: shapes.landing(ask))


@router.get("/conformance", response_model=Conformance, responses=REFUSED, openapi_extra=needs(May.READ))
async def read_conformance(ask: Ask) -> Response:
    """The parts of the standards that are kept."""
    return await ask.read(lambda _: Conformance(conforms_to=list(shapes.CONFORMS_TO)))


@router.get("/collections", response_model=CollectionList, responses=REFUSED, openapi_extra=needs(May.READ))
async def list_collections(ask: Ask) -> Response:
    """The layers that the reader may have."""
    return await ask.read(lambda session: shapes.collections(session, ask), long=True)


@router.get(
    "/collections/{layer}", response_model=CollectionRead, responses=REFUSED, openapi_extra=needs(May.READ)
)
async def read_collection(ask: Ask, layer: str) -> Response:
    """One layer: where its features lie, and where they and their schema are."""
    return await ask.read(
        lambda session: shapes.collection(session, ask, shapes.layer(ask, layer)), long=True
    )


@router.get(
    "/collections/{layer}/schema",
    response_model=LayerSchema,
    response_class=Schema,
    responses=REFUSED,
    openapi_extra=needs(May.READ),
)
async def read_layer_schema(ask: Ask, layer: str) -> Response:
    """The properties of a layer's features: their types, units and codes as a JSON Schema (Part 5)."""
    return await ask.read(
        lambda _: LayerSchema(**shapes.schema(ask, shapes.layer(ask, layer))),
        content_type=geojson.SCHEMA_TYPE,
    )


@router.get(
    "/collections/{layer}/feature-schema",
    response_model=LayerSchema,
    response_class=Schema,
    responses=REFUSED,
    openapi_extra=needs(May.READ),
)
async def read_feature_schema(ask: Ask, layer: str) -> Response:
    """A layer's features as they are in GeoJSON: the JSON Schema from which GDAL takes the types."""
    return await ask.read(
        lambda _: LayerSchema(**shapes.feature_schema(ask, shapes.layer(ask, layer))),
        content_type=geojson.SCHEMA_TYPE,
    )


@router.get(
    "/collections/{layer}/items",
    response_model=FeatureList,
    response_class=GeoJSON,
    responses=REFUSED,
    openapi_extra=needs(May.READ),
)
async def list_features(ask: Ask, layer: str, query: Annotated[ItemsQuery, Query()]) -> Response:
    """A page of features as GeoJSON. What has no known place has the geometry null: nothing is placed by guess."""
    return await ask.read(
        lambda session: shapes.page(session, ask, shapes.layer(ask, layer), query),
        long=True,
        content_type=geojson.CONTENT_TYPE,
    )


@router.get(
    "/collections/{layer}/items/{feature}",
    response_model=FeatureRead,
    response_class=GeoJSON,
    responses=REFUSED,
    openapi_extra=needs(May.READ),
)
async def read_feature(
    ask: Ask, layer: str, feature: str, query: Annotated[KnownFeaturesQuery, Query()]
) -> Response:
    """One feature."""
    return await ask.read(
        lambda session: shapes.feature(session, ask, shapes.layer(ask, layer), feature, query),
        long=True,
        content_type=geojson.CONTENT_TYPE,
    )
