"""Evacuation groups, their paths and limits, and what the grid lets through, on the wire."""

from datetime import date, datetime

from pydantic import Field

from app.domain.vocabulary import Confidence, Criterion, LimitCondition, SupplyBasis
from app.schemas.base import (
    Asked,
    Code,
    Day,
    In,
    KnownAt,
    LimitKw,
    Name,
    Out,
    ShownKw,
    SourceCodes,
    Text,
    never_null,
)
from app.schemas.ledger import FindingRead, Letter
from app.schemas.projects import NamedRead


class EvacuationQuery(Asked):
    as_of: Day | None = Field(None, description="Effective on or before this day; default today")
    known_at: KnownAt | None = Field(None, description="Recorded at or before this instant; default now")
    criterion: Criterion | None = Field(
        None, description="Which limits count; default the stricter of those stated for a group"
    )
    basis: SupplyBasis = Field(SupplyBasis.OPERATING, description="Which MW are led through the limits")
    illustrative: bool = Field(True, description="Whether what is marked illustrative is counted")
    limit: int | None = Field(None, ge=1, description="Lines of `unstated` on one page")
    cursor: str | None = Field(None, max_length=400, description="Where the next page starts, from `next`")


class EvacuationGroupChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("name", "is_illustrative")

    name: Name | None = None
    name_en: Name | None = None
    owner: Code | None = Field(
        None, description="Code of the organisation that keeps it and states its limits"
    )
    work: Code | None = Field(None, description="Code of the grid work it stands for, where it is one")
    is_illustrative: bool | None = None
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class EvacuationGroupCreate(EvacuationGroupChange):
    """A place in the grid that power passes through, and who keeps it."""

    code: Code
    name: Name
    is_illustrative: bool = False


class EvacuationPathPut(In):
    """What is kept about a path. A put replaces it; the path as it was stays known for older answers."""

    is_illustrative: bool = False
    sources: SourceCodes = ()
    note: Text | None = None


class EvacuationLimitState(Letter):
    """A limit as EVN states it, on its letter (number, day and issuer) or on a cited source."""

    capacity_kw: LimitKw = Field(alias="capacity_mw")
    condition: LimitCondition
    work: Code | None = Field(None, description="The work after which it holds; only with `after_work`")
    criterion: Criterion | None = Field(None, description="Null: not stated; it counts for both")
    valid_from: Day
    valid_until: Day | None = Field(None, description="The last day on which it holds")
    is_illustrative: bool = False
    sources: SourceCodes = ()
    note: Text | None = None


class EvacuationLimitWithdraw(In):
    """Why a limit is taken back."""

    reason: Text


class EvacuationGroupLine(Out):
    code: str
    name: str
    name_en: str | None
    owner: NamedRead | None
    work: NamedRead | None
    is_illustrative: bool
    confidence: Confidence | None
    sources: list[str]
    revision: int


class EvacuationPathRead(Out):
    """What enters a group: a phase (with its project) or another group; the other one is null."""

    phase: NamedRead | None
    project: str | None
    group: NamedRead | None
    is_illustrative: bool
    sources: list[str]
    note: str | None = Field(description="For those who are signed in")


class EvacuationPathSaved(EvacuationPathRead):
    """What enters a group as it stands after a change."""

    revision: int = Field(description="Of the group: what `If-Match` of the next change compares")


class EvacuationGroupRead(EvacuationGroupLine):
    """A group with what enters it and where it drains to; nowhere means that it ends at the grid."""

    entries: list[EvacuationPathRead]
    drains_into: list[NamedRead]
    note: str | None = Field(description="For those who are signed in")


class EvacuationGroupPage(Out):
    items: list[EvacuationGroupLine]
    next: str | None = None


class EvacuationLimitRead(Out):
    """One statement. `revision` is that of its group, which `If-Match` compares."""

    id: int
    group: str
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    condition: LimitCondition
    work: str | None
    criterion: Criterion | None
    valid_from: date
    valid_until: date | None
    letter_number: str | None
    letter_on: date | None
    letter_issuer: str | None
    organisation: str | None = Field(description="Who recorded it")
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_for: str | None = Field(description="Why it was taken back; for those who are signed in")
    is_illustrative: bool
    sources: list[str]
    note: str | None = Field(description="For those who are signed in")
    revision: int


class EvacuationLimitList(Out):
    items: list[EvacuationLimitRead]
    revision: int


class HoldingLimit(Out):
    """A limit that holds on the day."""

    id: int
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    condition: LimitCondition
    work: str | None
    criterion: Criterion | None
    valid_from: date
    valid_until: date | None
    letter_number: str | None
    letter_on: date | None
    letter_issuer: str | None
    sources: list[str]


class EvacuationLine(Out):
    """One group on the day. `offered_mw` could reach it through the limits before it; where power has two ways it is
    offered to both. `passes_mw` is its share of one largest flow. Without a stated limit the figures that hang on one are
    null. `operating_mw` operates behind it without another way; above the limit it is exceeded (rule R37)."""

    code: str
    name: str
    name_en: str | None
    work: str | None
    offered_kw: ShownKw = Field(serialization_alias="offered_mw")
    passes_kw: ShownKw = Field(serialization_alias="passes_mw")
    limit_kw: ShownKw | None = Field(serialization_alias="limit_mw")
    headroom_kw: ShownKw | None = Field(serialization_alias="headroom_mw")
    shortfall_kw: ShownKw | None = Field(serialization_alias="shortfall_mw")
    operating_kw: ShownKw = Field(serialization_alias="operating_mw")
    is_exceeded: bool | None
    counts: int | None = Field(description="Id of the limit that counts, among `limits`")
    limits: list[HoldingLimit] = Field(description="All that hold on the day, for one criterion or another")
    warnings: list[FindingRead]
    is_illustrative: bool = Field(
        description="Marked so itself, or because the limit that counts or a path into it is"
    )


class UnstatedRead(Out):
    """MW of a phase, or of a project whose MW name no phase, with no stated way to the grid."""

    project: str
    phase: str | None
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")


class EvacuationRead(Out):
    """What the stated limits let through. supply = usable + held back + unstated; `usable_mw` and `held_back_mw` are null
    where no limit is in force at all. `unlimited_mw` have a way on which nobody has stated a limit; they count as usable."""

    as_of: date
    revision: int
    basis: SupplyBasis
    criterion: Criterion | None
    supply_kw: ShownKw = Field(serialization_alias="supply_mw")
    usable_kw: ShownKw | None = Field(serialization_alias="usable_mw")
    held_back_kw: ShownKw | None = Field(serialization_alias="held_back_mw")
    unlimited_kw: ShownKw = Field(serialization_alias="unlimited_mw")
    unstated_kw: ShownKw = Field(serialization_alias="unstated_mw")
    unsized: int = Field(description="Phases whose size is not known; only with `basis=full`")
    is_illustrative: bool = Field(description="Whether a group, path or limit that is marked so counts here")
    groups: list[EvacuationLine]
    unstated: list[UnstatedRead] = Field(description="The most first")
    next: str | None = Field(None, description="Cursor of the next page of `unstated`")
