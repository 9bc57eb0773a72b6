"""Cases of land clearance and what is counted of them, on the wire. Names, parcels and notes are personal data."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.vocabulary import (
    Attitude,
    CaseProgress,
    CountForm,
    DelayCause,
    HouseholdStatus,
    LandBy,
    Party,
    Track,
    UnitKind,
)
from app.schemas.base import Asked, Code, Day, In, KnownAt, Name, Out, Short, SourceCodes, Text, never_null

PERSONAL = "Personal data: never in the journal"
Number = Annotated[str, Field(min_length=1, max_length=40)]
# Whole đồng; more than a million million is a slip of the unit (rule R38).
Money = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000_000)]
Support = Annotated[float, Field(ge=0, le=100)]
Area = Annotated[float, Field(ge=0, le=10_000_000)]
Mark = Annotated[str, Field(min_length=1, max_length=40)]
MOST_ROWS = 10_000


class UnitName(In):
    """A tower position or tension section of the same work."""

    kind: UnitKind
    number: Annotated[str, Field(min_length=1, max_length=20)]


class HouseholdPut(In):
    """A case and, from `effective_on` on, its state. Fields left out stay as they are, those of the state as they were
    on that day; a field sent as null is emptied. A new case needs its `status`."""

    model_config = never_null("is_illustrative")

    unit: UnitName | None = Field(None, description="Tower of recovered land, section of a corridor")
    owner_name: Name | None = Field(None, description=PERSONAL)
    hamlet: Short | None = Field(None, description=PERSONAL)
    map_sheet: Mark | None = Field(None, description=PERSONAL)
    parcel: Mark | None = Field(None, description=PERSONAL)
    is_farm_land: bool | None = None
    land_m2: Area | None = None
    house_m2: Area | None = None
    trees: int | None = Field(None, ge=0, le=1_000_000)
    agreed_early: bool | None = Field(None, description="The owner agreed before the notice had run out")
    house_support_percent: Support | None = Field(None, description="In a corridor, of the value")
    land_support_percent: Support | None = Field(None, description="In a corridor, of the recovery price")
    decision_number: Short | None = Field(None, description="Of the decision that approved the compensation")
    decision_on: Day | None = None
    visited_on: Day | None = None
    next_action: Annotated[str, Field(min_length=1, max_length=400)] | None = Field(
        None, description=PERSONAL
    )
    action_owner: Party | None = None
    note: Text | None = Field(None, description=PERSONAL)
    is_illustrative: bool | None = None
    sources: SourceCodes = ()
    effective_on: Day | None = Field(None, description="From when the state holds; default: today")
    status: HouseholdStatus | None = None
    attitude: Attitude | None = None
    cause: DelayCause | None = None
    approved_vnd: Money | None = None
    paid_vnd: Money | None = None


class HouseholdRow(HouseholdPut):
    """A case of a batch; `revision` is the one it was read at, where it must not have moved on."""

    clearance: Code
    number: Number
    revision: int | None = Field(None, ge=0)


class HouseholdBatch(In):
    """Cases of the packages of one work."""

    rows: Annotated[list[HouseholdRow], Field(min_length=1, max_length=MOST_ROWS)]


class HouseholdQuery(Asked):
    """Every filter is asked of the state on `as_of`, as it was recorded at `known_at`."""

    status: HouseholdStatus | None = None
    attitude: Attitude | None = None
    unit: str | None = Field(None, max_length=20, description="Number of the tower position or section")
    open: bool | None = Field(None, description="Whether it has still to hand over")
    as_of: Day | None = None
    known_at: KnownAt | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class UnitNameRead(Out):
    kind: UnitKind
    number: str


class HouseholdWarning(Out):
    """What may be challenged later: kept, and returned with the answer."""

    code: str
    rule: str
    message: str
    field: str | None


class HouseholdLine(Out):
    """A case with where it stands on a day; `status` and what follows are null while nothing was told of it."""

    clearance: str
    number: str
    unit: UnitNameRead | None
    owner_name: str | None
    hamlet: str | None
    map_sheet: str | None
    parcel: str | None
    is_farm_land: bool | None
    land_m2: float | None
    house_m2: float | None
    trees: int | None
    agreed_early: bool | None
    house_support_percent: float | None
    land_support_percent: float | None
    decision_number: str | None
    decision_on: date | None
    visited_on: date | None
    next_action: str | None
    action_owner: str | None
    note: str | None
    is_illustrative: bool
    sources: list[str]
    effective_on: date | None
    status: HouseholdStatus | None
    progress: CaseProgress | None
    attitude: Attitude | None
    cause: DelayCause | None
    approved_vnd: int | None
    paid_vnd: int | None
    revision: int


class HouseholdEntryRead(Out):
    """What was told of a case from one day on."""

    effective_on: date
    status: HouseholdStatus
    attitude: Attitude | None
    cause: DelayCause | None
    approved_vnd: int | None
    paid_vnd: int | None
    organisation: str | None
    recorded_at: datetime
    revision: int


class HouseholdRead(HouseholdLine):
    history: list[HouseholdEntryRead]
    warnings: list[HouseholdWarning] = Field([], description="In the answer to a change")


class HouseholdPage(Out):
    items: list[HouseholdLine]
    next: str | None = None


class HouseholdRowRead(Out):
    """What became of one row; `problem`, `field` and `message` say why it was refused."""

    row: int
    clearance: str
    number: str
    outcome: str
    problem: str | None = None
    field: str | None = None
    message: str | None = None
    details: dict[str, Any] | None = None
    warnings: list[HouseholdWarning] = []


class HouseholdBatchRead(Out):
    dry_run: bool
    changed: int
    unchanged: int
    refused: int
    rows: list[HouseholdRowRead]


class LandCountQuery(Asked):
    by: LandBy = LandBy.COMMUNE
    work: Code | None = None
    district: Code | None = None
    track: Track | None = None
    as_of: Day | None = Field(None, description="Default: today; to the public the last cut-off up to it")
    known_at: KnownAt | None = Field(None, description="As it was recorded then; not for the public")


class SplitRead(Out):
    """Cases by category. Null: not told apart here; what of it may be told stands in `other`."""

    other: int | None = Field(description="Cases of the categories that are too small to stand alone")


class ProgressSplit(SplitRead):
    not_inventoried: int | None = None
    inventoried: int | None = None
    approved: int | None = None
    paid: int | None = None
    handed_over: int | None = None
    held: int | None = None


class AttitudeSplit(SplitRead):
    agrees: int | None = None
    undecided: int | None = None
    disagrees: int | None = None
    unknown: int | None = None


class LandCount(Out):
    """Cases as far as they may be told. Rounded parts need not add up to a rounded whole."""

    cases: int
    progress: ProgressSplit
    attitude: AttitudeSplit


class LandCountLine(LandCount):
    """`code` and `name` are null where the place is not known; `kind` is that of a group by work."""

    code: str | None
    name: str | None
    kind: str | None = Field(None, description="grid_work or project")
    is_illustrative: bool


class LandCounts(Out):
    """Counts of cases. To the public they stand as of `cut_off_at`; null there: nothing was recorded by it yet."""

    by: LandBy
    precision: CountForm
    as_of: date
    cut_off_at: datetime | None
    next_cut_off_at: datetime | None
    is_illustrative: bool
    total: LandCount
    items: list[LandCountLine]


class AccessRead(Out):
    """One look at personal data."""

    at: datetime
    user: str | None
    organisation: str | None
    subject: str


class AccessPage(Out):
    items: list[AccessRead]
    next: str | None = None
