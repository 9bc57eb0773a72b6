"""The register file on the wire: one readable file that says what is known, by whom, and what is not."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.domain.vocabulary import (
    Confidence,
    DelayCause,
    Measure,
    OrganisationKind,
    Precision,
    PriceRegime,
    ReportedUnit,
    SubjectKind,
    UnitLevel,
    Verification,
)
from app.schemas.base import Asked, Code, Day, In, Kw, Name, Out, Short, SourceCodes, Text
from app.schemas.ledger import Letter, TurbineNumbers
from app.schemas.milestones import MilestoneKey, TemplateApply
from app.schemas.projects import PhaseCreate, ProjectCreate, TurbineCreate
from app.schemas.register_land import (
    CommitmentSection,
    CountLine,
    GroupSection,
    HouseholdSection,
    TotalLine,
    UnitSection,
)
from app.schemas.targets import TargetCreate
from app.schemas.works import ClearanceCreate, ConnectionPut, GridWorkCreate


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
    district: Code | None = None
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


class ConnectionLine(ConnectionPut):
    """Which phase needs which grid work, and what for."""

    phase: Code
    work: Code


class MilestoneLine(In):
    """What is known of one milestone. A department's file records actuals with their sources; an investor's declares."""

    milestone: MilestoneKey
    label: Short | None = None
    is_applicable: bool | None = None
    baseline_on: Day | None = None
    baseline_precision: Precision = Precision.DAY
    letter_number: Short | None = None
    letter_on: Day | None = None
    letter_issuer: Name | None = None
    plan_on: Day | None = None
    plan_precision: Precision = Precision.DAY
    forecast_on: Day | None = None
    forecast_precision: Precision = Precision.DAY
    actual_on: Day | None = None
    actual_precision: Precision = Precision.DAY
    verification: Verification | None = Field(
        None, description="Of an actual by source: confirmed, unless it says what it still waits for"
    )
    cause: DelayCause | None = None
    sources: SourceCodes = ()
    is_illustrative: bool = False
    note: Text | None = None


class MilestoneSection(TemplateApply):
    """The milestones of one subject: its template is applied where it has none yet, then each line is stated."""

    subject: SubjectKind
    code: Code
    lines: list[MilestoneLine] = []


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
    grid_works: list[GridWorkCreate] = []
    connections: list[ConnectionLine] = []
    clearances: list[ClearanceCreate] = []
    milestones: list[MilestoneSection] = []
    unit_totals: list[TotalLine] = []
    units: list[UnitSection] = []
    reported_counts: list[CountLine] = []
    households: list[HouseholdSection] = []
    commitments: list[CommitmentSection] = []
    evacuation_groups: list[GroupSection] = []


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
