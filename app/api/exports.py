"""Open formats for spreadsheets and statistics: CSV files with a data dictionary, and a Data Package that describes them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs, spooling
from app.domain import columns
from app.domain.access import May
from app.domain.commitments import open_day
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import Export
from app.formats import csv, dictionary
from app.queries import exports, journal
from app.queries.capacity import View
from app.schemas.exports import (
    CodeRead,
    ColumnRead,
    DataPackageRead,
    DictionaryRead,
    ExportQuery,
    ExportRead,
)

router = APIRouter(prefix="/exports", tags=["exports"], route_class=Route)
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "CSV (RFC 4180), UTF-8 with a byte order mark"}
}
PACKAGE = "wind-power-commissioning"


@router.get("", response_model=DictionaryRead, openapi_extra=needs(May.READ))
async def list_exports(ask: Ask) -> Response:
    """Every file there is, with its columns: their types, units, codes and meaning in both languages."""
    return await ask.read(
        lambda _: DictionaryRead(items=[_export(ask, export) for export in Export]), long=True
    )


@router.get("/dictionary.csv", response_class=Response, responses=FILE, openapi_extra=needs(May.READ))
async def read_dictionary_file(ask: Ask) -> Response:
    """The data dictionary as a file: one line for every column of every file."""
    return await spooling.give(ask, lambda _: [dictionary.write()], csv.CONTENT_TYPE, "dictionary.csv")


@router.get("/datapackage.json", response_model=DataPackageRead, openapi_extra=needs(May.READ))
async def read_data_package(ask: Ask) -> Response:
    """The files as a Data Package with Table Schemas, for programs that take types and keys from there."""
    return await ask.read(lambda _: _package(ask))


@router.get("/{name}.csv", response_class=Response, responses=FILE, openapi_extra=needs(May.READ))
async def read_export(ask: Ask, name: str, query: Annotated[ExportQuery, Query()]) -> Response:
    """One file with all that its reader sees; who may have it, and whether it takes times, the dictionary says."""
    export = _named(ask, name, query)
    return await spooling.give(
        ask,
        lambda session: dictionary.pieces(
            export, exports.records(session, _asked(session, ask, query), export)
        ),
        csv.CONTENT_TYPE,
        f"{export.value}-{(query.as_of or ask.today).isoformat()}.csv",
    )


def _named(ask: Ask, name: str, query: ExportQuery) -> Export:
    export = exports.named(name, ask.actor)
    for field in sorted(query.model_fields_set):
        if not columns.IS_DATED[export]:
            raise Invalid(Problem.PARAMETER_UNKNOWN, field=field)
    return export


def _asked(session: Session, ask: Ask, query: ExportQuery) -> exports.Asked:
    as_of = query.as_of or ask.today
    view = View(ask.actor, as_of, journal.known(session, query.known_at))
    return exports.Asked(view, ask.lang, open_day(query.known_at, ask.today))


def _export(ask: Ask, export: Export) -> ExportRead:
    keys = columns.key(export)
    return ExportRead(
        file=export,
        address=str(ask.url_for("read_export", name=export.value)),
        vi=export.vi,
        en=export.en,
        needs=columns.NEEDS[export],
        is_dated=columns.IS_DATED[export],
        columns=[
            ColumnRead(
                column=column,
                type=columns.SHAPES[column].kind,
                unit=columns.SHAPES[column].unit,
                is_key=column in keys,
                vi=column.vi,
                en=column.en,
                codes=_codes(columns.SHAPES[column]),
            )
            for column in columns.COLUMNS[export]
        ],
    )


def _codes(shape: columns.Shape) -> list[CodeRead] | None:
    if shape.words is None:
        return None
    return [CodeRead(code=word.value, vi=word.vi, en=word.en) for word in shape.words]


def _package(ask: Ask) -> DataPackageRead:
    title = {"vi": "Tiến độ điện gió", "en": "Wind-power commissioning"}[ask.lang]
    homepage = str(ask.url_for("list_exports"))
    return DataPackageRead(**dictionary.package(PACKAGE, title, ask.lang, {"homepage": homepage}))
