"""The register file on the wire: one readable file that says what is known, by whom, and what is not."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.domain.vocabulary import (
    Confidence,
    Measure,
    OrganisationKind,
    Precision,
    PriceRegime,
    ReportedUnit,
    UnitLevel,
)
from app.schemas.base import Asked, Code, Day, In, Kw, Name, Out, Short, SourceCodes, Text
from app.schemas.ledger import Letter, TurbineNumbers
from app.schemas.projects import PhaseCreate, ProjectCreate, TurbineCreate
from app.schemas.targets import TargetCreate


class SourceLine(In):
    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=400)]
    url: Annotated[str, Field(max_length=400)] | None = None
    published: Short | None = None
    quality: Annotated[str, Field(max_length=400)] | None = None
    note: Text | None = None


class UnitLine(In):
    code: Code
    level: UnitLevel
    name: Short
    parent: Code | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None


class OrganisationLine(In):
    code: Code
    kind: OrganisationKind
    name: Name
    name_en: Name | None = None
    note: Text | None = None


class FigureLine(In):
    """`value` is null where none was found; `effective_on` is the last day of its period."""

    code: Code
    name: Annotated[str, Field(min_length=1, max_length=300)]
    name_en: Annotated[str, Field(max_length=300)] | None = None
    value: Annotated[float, Field(ge=0)] | None = None
    unit: ReportedUnit
    effective_on: Day
    precision: Precision = Precision.DAY
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class EntryLine(Letter):
    """An increment on one measure. Operating MW become recognised tranches from the department, declarations else."""

    measure: Measure
    capacity_kw: Kw = Field(alias="capacity_mw")
    effective_on: Day
    precision: Precision = Precision.DAY
    valid_until: Day | None = None
    turbines: TurbineNumbers = ()
    price_regime: PriceRegime | None = None
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    is_illustrative: bool = False
    note: Text | None = None


class PhaseSection(PhaseCreate):
    project: Code = ""
    turbines: Annotated[list[TurbineCreate], Field(max_length=500)] = []
    entries: list[EntryLine] = []


class ProjectSection(ProjectCreate):
    phases: list[PhaseSection] = []
    entries: list[EntryLine] = []


class RegisterFile(In):
    format: Literal["wind-register/1"]
    capacity: Literal["increments"]
    title: Name | None = None
    note: Text | None = None
    sources: list[SourceLine] = []
    administrative_units: list[UnitLine] = []
    organisations: list[OrganisationLine] = []
    targets: list[TargetCreate] = []
    reported_figures: list[FigureLine] = []
    projects: list[ProjectSection] = []


class ImportQuery(Asked):
    dry_run: bool = Field(False, description="Say what would happen and keep nothing")
    until: Day | None = Field(
        None, description="Leave out entries and figures of a later day, and count them"
    )


class ImportRead(Out):
    """What an import did, or (dry run) would do, by kind of record."""

    dry_run: bool
    created: dict[str, int]
    changed: dict[str, int]
    unchanged: dict[str, int]
    left_out: int = Field(description="Entries and figures of a day after the one the import goes up to")
    until: date | None
