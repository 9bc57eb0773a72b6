"""The files of the open formats on the wire, and their data dictionary."""

from typing import Any

from pydantic import Field

from app.domain.access import May
from app.domain.vocabulary import Column, ColumnType, Export
from app.schemas.base import Asked, Day, KnownAt, Out


class ExportQuery(Asked):
    """Files that tell how things stand now take neither of the two times."""

    as_of: Day | None = Field(None, description="Effective on or before this day; default today")
    known_at: KnownAt | None = Field(None, description="Recorded at or before this instant; default now")


class CodeRead(Out):
    """A code that occurs in a column, and what it means."""

    code: str
    vi: str
    en: str


class ColumnRead(Out):
    """A column: what its values are, and what they mean. `codes` is null where the column takes more than codes."""

    column: Column
    type: ColumnType
    unit: str | None
    is_key: bool
    vi: str
    en: str
    codes: list[CodeRead] | None


class ExportRead(Out):
    """A file. `needs` is the permission its readers have; `is_dated` says whether it takes `as_of` and `known_at`."""

    file: Export
    address: str
    vi: str
    en: str
    needs: May
    is_dated: bool
    columns: list[ColumnRead]


class DictionaryRead(Out):
    """Every file with its columns in their order."""

    items: list[ExportRead]


class DataPackageRead(Out):
    """A Data Package (datapackage.org): every file with its Table Schema."""

    profile: str
    name: str
    title: str
    homepage: str
    resources: list[dict[str, Any]]
