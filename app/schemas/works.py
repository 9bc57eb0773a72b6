"""Grid works, the phases that need them, and land-clearance packages on the wire."""

from typing import Annotated

from pydantic import Field

from app.domain.vocabulary import Confidence, ConnectionKind, Track, WorkKind
from app.schemas.base import Code, In, Name, Out, SourceCodes, Text, never_null
from app.schemas.people import PageQuery
from app.schemas.projects import NamedRead


class GridWorkListQuery(PageQuery):
    kind: WorkKind | None = None
    owner: Code | None = None
    district: Code | None = None


class GridWorkChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("kind", "name", "is_illustrative")

    kind: WorkKind | None = None
    name: Name | None = None
    name_en: Name | None = None
    owner: Code | None = Field(None, description="Code of the organisation that builds and reports on it")
    voltage_kv: int | None = Field(None, ge=1, le=1_000)
    circuits: int | None = Field(None, ge=1, le=12)
    length_km: float | None = Field(None, gt=0, le=2_000)
    mva: float | None = Field(None, gt=0, le=5_000)
    cost_vnd: int | None = Field(None, ge=1, le=10**15, description="Total investment, in whole đồng")
    towers_total: int | None = Field(None, ge=1, le=20_000, description="Set once; then by dated versions")
    sections_total: int | None = Field(None, ge=1, le=20_000, description="Set once; then by dated versions")
    district: Code | None = Field(None, description="Code of an administrative unit")
    route: Annotated[str, Field(min_length=1, max_length=400)] | None = Field(None, description="From, to")
    crosses_live_line: bool | None = Field(None, description="Null: not known")
    takes_rice_land: bool | None = Field(None, description="Null: not known")
    is_illustrative: bool | None = None
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class GridWorkCreate(GridWorkChange):
    """A line, substation, bay or transformer."""

    code: Code
    kind: WorkKind
    name: Name
    is_illustrative: bool = False


class GridWorkLine(Out):
    """The public summary of a grid work."""

    code: str
    kind: WorkKind
    name: str
    name_en: str | None
    owner: NamedRead | None
    voltage_kv: int | None
    length_km: float | None
    district: NamedRead | None
    is_illustrative: bool
    sources: list[str]


class GridWorkRead(GridWorkLine):
    """A grid work. What follows the summary is null to those who may not see its detail; totals are those in force today."""

    circuits: int | None
    mva: float | None
    cost_vnd: int | None
    towers_total: int | None
    sections_total: int | None
    route: str | None
    crosses_live_line: bool | None
    takes_rice_land: bool | None
    confidence: Confidence | None
    note: str | None
    revision: int


class GridWorkPage(Out):
    items: list[GridWorkLine]
    next: str | None = None


class ConnectionPut(In):
    """What a phase needs a work for. A put replaces what was kept about the pair."""

    kind: ConnectionKind
    is_illustrative: bool = False
    sources: SourceCodes = ()
    note: Text | None = None


class ConnectionRead(Out):
    """`revision` is that of the phase's project, which `If-Match` compares."""

    phase: NamedRead
    project: str
    work: NamedRead
    kind: ConnectionKind
    is_illustrative: bool = Field(
        description="Marked so itself, or because its phase, project or work is marked"
    )
    sources: list[str]
    note: str | None
    revision: int


class ConnectionList(Out):
    items: list[ConnectionRead]
    revision: int


class ClearanceListQuery(PageQuery):
    work: Code | None = None
    project: Code | None = None
    district: Code | None = None
    commune: Code | None = None
    track: Track | None = None


class ClearanceChange(In):
    """Fields left out stay as they are; a field sent as null is emptied. Whose land it is for stays as it was made."""

    model_config = never_null("name", "track", "is_illustrative")

    name: Name | None = None
    track: Track | None = None
    district: Code | None = Field(None, description="Code of an administrative unit; default: the commune's")
    commune: Code | None = Field(None, description="Code of an administrative unit of the level commune")
    is_illustrative: bool | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class ClearanceCreate(ClearanceChange):
    """A package of exactly one holder: a grid work (either track) or a project (recovered land)."""

    code: Code
    name: Name
    track: Track
    work: Code | None = None
    project: Code | None = None
    is_illustrative: bool = False


class ClearanceRead(Out):
    code: str
    name: str
    track: Track
    work: NamedRead | None
    project: NamedRead | None
    district: NamedRead | None
    commune: NamedRead | None
    is_illustrative: bool = Field(description="Marked so itself, or because its work or project is marked")
    sources: list[str]
    note: str | None
    revision: int


class ClearancePage(Out):
    items: list[ClearanceRead]
    next: str | None = None
