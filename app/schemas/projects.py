"""Projects, phases and turbines on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.domain.vocabulary import Confidence, PriceRegime, Siting, Stage
from app.schemas.base import (
    Asked,
    Code,
    Day,
    In,
    Kw,
    Name,
    Out,
    Short,
    ShownKw,
    SourceCodes,
    Text,
    TurbineKw,
    never_null,
)
from app.schemas.capacity import FiguresRead, Ladder
from app.schemas.ledger import EntryRead, TrancheRead


class ListQuery(Asked):
    investor: Code | None = None
    district: Code | None = None
    stage: Stage | None = None
    in_totals: bool | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class PhaseListQuery(ListQuery):
    project: Code | None = None


class ProjectChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("name", "in_totals", "is_illustrative")

    name: Name | None = None
    name_en: Name | None = None
    aliases: Annotated[tuple[Short, ...], Field(max_length=15)] = ()
    investor: Code | None = None
    district: Code | None = None
    commune: Short | None = None
    siting: Siting | None = None
    stage: Stage | None = None
    in_totals: bool | None = None
    is_illustrative: bool | None = None
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class ProjectCreate(ProjectChange):
    """A project (dự án); without an investor while nobody is known."""

    code: Code
    name: Name
    in_totals: bool = True
    is_illustrative: bool = False


class PhaseChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("name", "is_illustrative")

    name: Name | None = None
    name_en: Name | None = None
    nominal_kw: Kw | None = Field(None, alias="nominal_mw")
    turbine_count: int | None = Field(None, ge=1, le=500)
    turbine_kw: TurbineKw | None = Field(None, alias="turbine_mw")
    turbine_model: Short | None = None
    price_regime: PriceRegime | None = None
    planned_cod_on: Day | None = None
    first_test_on: Day | None = None
    is_illustrative: bool | None = None
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class PhaseCreate(PhaseChange):
    """A phase (giai đoạn, nhà máy) of a project."""

    code: Code
    project: Code
    name: Name
    is_illustrative: bool = False


class TurbineChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model: Short | None = None
    nameplate_kw: TurbineKw | None = Field(None, alias="nameplate_mw")
    siting: Siting | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    installed_on: Day | None = None
    energised_on: Day | None = None
    synchronised_on: Day | None = None
    tested_on: Day | None = None
    note: Text | None = None


TurbineNumber = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9._-]+$")]


class TurbineCreate(TurbineChange):
    """A turbine of a phase, by its number."""

    number: TurbineNumber


class TurbineRead(Out):
    number: str
    model: str | None
    nameplate_kw: ShownKw | None = Field(serialization_alias="nameplate_mw")
    siting: Siting | None
    latitude: float | None
    longitude: float | None
    installed_on: date | None
    energised_on: date | None
    synchronised_on: date | None
    tested_on: date | None
    tranche: str | None
    note: str | None


class TurbineSaved(TurbineRead):
    """A turbine as it stands after a change."""

    revision: int = Field(description="Of the project: what `If-Match` of the next change compares")


class NamedRead(Out):
    code: str
    name: str
    name_en: str | None = None


class PhaseLine(Out):
    """The public summary of a phase. Approved MW stand on the ladder; nominal and turbine MW are other numbers."""

    code: str
    name: str
    name_en: str | None
    project: str
    nominal_kw: ShownKw | None = Field(serialization_alias="nominal_mw")
    capacity: FiguresRead
    ladder: Ladder
    is_illustrative: bool


class PhaseRead(PhaseLine):
    """A phase. What is confidential is null to those who may not see it."""

    investor: NamedRead | None
    district: NamedRead | None
    turbine_count: int | None
    turbine_kw: ShownKw | None = Field(serialization_alias="turbine_mw")
    turbine_sum_kw: ShownKw | None = Field(serialization_alias="turbine_sum_mw")
    turbine_model: str | None
    planned_cod_on: date | None
    first_test_on: date | None
    confidence: Confidence | None
    sources: list[str]
    note: str | None
    price_regime: PriceRegime | None
    turbines: list[TurbineRead] | None
    tranches: list[TrancheRead] | None
    revision: int


class ProjectLine(Out):
    """The public summary of a project."""

    code: str
    name: str
    name_en: str | None
    investor: NamedRead | None
    district: NamedRead | None
    commune: str | None
    siting: Siting | None
    stage: Stage | None
    in_totals: bool
    is_illustrative: bool
    capacity: FiguresRead
    ladder: Ladder


class ProjectRead(ProjectLine):
    """A project. What is confidential is null to those who may not see it."""

    aliases: list[str]
    confidence: Confidence | None
    sources: list[str]
    note: str | None
    phases: list[PhaseLine]
    tranches: list[TrancheRead] | None
    revision: int


class ProjectPage(Out):
    items: list[ProjectLine]
    next: str | None = None


class PhasePage(Out):
    items: list[PhaseLine]
    next: str | None = None


class TurbineList(Out):
    items: list[TurbineRead]
    revision: int


class EntryList(Out):
    items: list[EntryRead]
    revision: int


class TrancheList(Out):
    items: list[TrancheRead]
    next: str | None = None
    revision: int
