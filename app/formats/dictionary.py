"""Records as rows of CSV files, and what describes these: the data dictionary and a Data Package with Table Schemas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.domain import columns
from app.domain.columns import SHAPES, Record, Value
from app.domain.vocabulary import Column, ColumnType, DictionaryColumn, Export
from app.domain.words import Lang
from app.formats import csv

LIST_SEPARATOR = ";"
# The types of the Table Schema standard; it has no lists, so those are texts to it.
_TABLE_TYPES = {ColumnType.LIST: ColumnType.TEXT.value}


def pieces(export: Export, records: Iterable[Record]) -> Iterator[bytes]:
    """A file with its header, a piece at a time. The header has the names of the columns, the same in every language."""
    wanted = columns.COLUMNS[export]
    return csv.pieces([column.value for column in wanted], (row(record, wanted) for record in records))


def row(record: Record, wanted: Sequence[Column]) -> list[csv.Cell]:
    """The cells of a record: flags as true and false, instants in UTC, lists joined."""
    return [_cell(record.get(column)) for column in wanted]


def _cell(value: Value) -> csv.Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return instant(value)
    if value is None or isinstance(value, str | int | float | date):
        return value
    return LIST_SEPARATOR.join(value) or None


def instant(value: datetime) -> str:
    """An instant as RFC 3339 has it, in UTC and without parts of a second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the data dictionary."""

    export: Export
    column: Column
    position: int

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that occur in the column; empty where it takes any text."""
        words = SHAPES[self.column].words
        return () if words is None else tuple(word.value for word in words)


def lines() -> list[Line]:
    """The data dictionary: every column of every file, in order."""
    return [
        Line(export, column, position)
        for export, wanted in columns.COLUMNS.items()
        for position, column in enumerate(wanted, 1)
    ]


def write() -> bytes:
    """The data dictionary as a CSV file; the first lines of it describe the dictionary's own columns in no other place."""
    header = [column.value for column in DictionaryColumn]
    return csv.write(header, (_line(line) for line in lines()))


def _line(line: Line) -> list[csv.Cell]:
    shape = SHAPES[line.column]
    return [
        f"{line.export.value}.csv",
        line.column.value,
        line.position,
        shape.kind.value,
        shape.unit,
        LIST_SEPARATOR.join(line.codes) or None,
        line.column.vi,
        line.column.en,
    ]


def package(name: str, title: str, lang: Lang, more: Mapping[str, str]) -> dict[str, Any]:
    """All files as a Data Package: a resource with a Table Schema each (datapackage.org, version 1)."""
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        **more,
        "resources": [_resource(export, lang) for export in Export],
    }


def _resource(export: Export, lang: Lang) -> dict[str, Any]:
    keys = columns.key(export)
    return {
        "profile": "tabular-data-resource",
        "name": export.value,
        "path": f"{export.value}.csv",
        "title": export.label(lang),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True},
        "schema": {
            "fields": [_field(column, lang, is_key=column in keys) for column in columns.COLUMNS[export]],
            "primaryKey": [column.value for column in keys],
            "missingValues": [""],
        },
    }


def _field(column: Column, lang: Lang, *, is_key: bool) -> dict[str, Any]:
    shape = SHAPES[column]
    said: dict[str, Any] = {
        "name": column.value,
        "type": _TABLE_TYPES.get(shape.kind, shape.kind.value),
        "title": column.label(lang),
    }
    if shape.unit is not None:
        said["unit"] = shape.unit
    constraints: dict[str, Any] = {"required": True} if is_key else {}
    if shape.words is not None:
        constraints["enum"] = [word.value for word in shape.words]
    return said | ({"constraints": constraints} if constraints else {})
