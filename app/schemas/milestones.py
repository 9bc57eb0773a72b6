"""Milestones on the wire: what is stated about one, and what a reader gets."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from app.domain.problems import Problem
from app.domain.vocabulary import (
    Cause,
    DelayCause,
    DocumentKind,
    Flag,
    Gate,
    MilestoneAct,
    MilestoneStatus,
    Precision,
    SubjectKind,
    Verification,
)
from app.schemas.base import Asked, Code, Day, In, KnownAt, Name, Out, Short, Text, refuse

MilestoneKey = Annotated[
    str, Field(pattern=r"^[A-Za-z]-[A-Za-z]?[0-9]{1,2}(\.[0-9]{1,3})?$", examples=["W-E6", "W-D3.2"])
]


class SubjectPath(StrEnum):
    """The four kinds of subjects as they stand in an address."""

    PROJECTS = "projects"
    PHASES = "phases"
    GRID_WORKS = "grid-works"
    CLEARANCES = "clearances"

    @property
    def kind(self) -> SubjectKind:
        return SubjectKind(self.value.removesuffix("s").replace("-", "_"))


class TemplateApply(In):
    """Creates the milestones of a subject. `conditions` says what is known of the template's conditions; what is left
    out is taken from the register, or stays as the template has it while nobody knows."""

    template_version: int | None = Field(None, ge=1, description="Default: the newest")
    conditions: dict[Annotated[str, Field(max_length=40)], bool] = Field(default_factory=dict, max_length=40)
    is_illustrative: bool = False


class InstanceCreate(In):
    """One more time that a repeatable milestone is gone through: an extension, a further batch, a second tranche."""

    instance: int | None = Field(None, ge=2, le=999, description="Default: the next number")
    label: Short | None = None


class MilestoneChange(In):
    """Fields left out stay as they are. A date with a precision counts by the last day it can be; sent as null it is
    emptied (an actual is withdrawn). A forecast that moves needs a `cause`; an actual at a hard gate its document."""

    plan_on: Day | None = None
    plan_precision: Precision = Precision.DAY
    forecast_on: Day | None = None
    forecast_precision: Precision = Precision.DAY
    actual_on: Day | None = None
    actual_precision: Precision = Precision.DAY
    cause: DelayCause | None = None
    note: Text | None = None
    document: int | None = Field(None, ge=1, le=2**31 - 1, description="A document that is kept already")
    letter_number: Short | None = Field(None, description="Or the document itself, kept with this change")
    letter_on: Day | None = None
    letter_issuer: Name | None = None
    letter_kind: DocumentKind | None = None
    valid_until: Day | None = Field(None, description="The last day the letter is good for")
    override_reason: Annotated[str, Field(min_length=10, max_length=2000)] | None = Field(
        None, description="The department passes over a hard gate, and why"
    )
    is_applicable: bool | None = None

    @model_validator(mode="after")
    def _whole_letter(self) -> Self:
        given = [self.letter_number, self.letter_on, self.letter_issuer]
        if any(given) and not all(given):
            raise refuse(Problem.LETTER_INCOMPLETE)
        return self


class MilestoneRow(MilestoneChange):
    """One row of a batch: which milestone, the revision it was read at (where sent it must still stand), and what changes."""

    subject: SubjectKind
    subject_code: Code
    milestone: MilestoneKey
    revision: int | None = Field(None, ge=1)


class MilestoneBatch(In):
    """Changes of many milestones, made as one revision."""

    # Changes are serial: a thousand rows hold the others up for about a second.
    rows: Annotated[list[MilestoneRow], Field(min_length=1, max_length=1_000)]


class BatchQuery(Asked):
    dry_run: bool = Field(False, description="Say what would happen and keep nothing")
    partial: bool = Field(
        False, description="Keep the good rows where others are refused; else all or nothing"
    )


class BaselineSet(In):
    """A decision that sets or changes the baseline; the document is named or kept with it."""

    baseline_on: Day
    baseline_precision: Precision = Precision.DAY
    document: int | None = Field(None, ge=1, le=2**31 - 1)
    letter_number: Short | None = None
    letter_on: Day | None = None
    letter_issuer: Name | None = None
    note: Text | None = None


class ActualConfirm(In):
    """The second key. What is left out is taken from the declaration."""

    actual_on: Day | None = None
    actual_precision: Precision = Precision.DAY
    document: int | None = Field(None, ge=1, le=2**31 - 1)
    note: Text | None = None


class ActualDispute(In):
    """Why a declared actual is not accepted."""

    note: Text


class RowRead(Out):
    """What became of one row; `problem`, `field` and `message` say why it was refused."""

    row: int
    subject: SubjectKind
    subject_code: str
    milestone: str
    outcome: str
    problem: str | None = None
    field: str | None = None
    message: str | None = None
    details: dict[str, Any] | None = None


class BatchRead(Out):
    dry_run: bool
    changed: int
    unchanged: int
    refused: int
    rows: list[RowRead]


class SubjectRead(Out):
    kind: SubjectKind
    code: str
    name: str


class WarningRead(Out):
    """A soft gate that was passed, or a hard one that was overridden."""

    code: str
    message: str
    milestone: str
    gate: Gate


class MilestoneRead(Out):
    """A milestone with what is stated about it and what follows from that; `revision` is its own."""

    subject: SubjectRead
    milestone: str
    code: str
    instance: int
    label: str | None
    group: str
    order: int
    name: str
    name_en: str
    responsible: list[str]
    authority: str
    legal_basis: list[str]
    gate: Gate
    cause: Cause | None
    template_version: int
    baseline_on: date | None
    baseline_precision: Precision
    plan_on: date | None
    plan_precision: Precision
    forecast_on: date | None
    forecast_precision: Precision
    actual_on: date | None
    actual_precision: Precision
    verification: Verification | None
    declared_on: date | None
    decision_due_on: date | None
    status: MilestoneStatus
    flag: Flag | None
    late_days: int | None
    slip_days: int | None
    moves: int
    valid_until: date | None
    ruled_out_for: str | None
    is_illustrative: bool
    reported_on: date | None
    age_days: int | None
    is_stale: bool
    warnings: list[WarningRead] = []
    revision: int


class MilestoneList(Out):
    items: list[MilestoneRead]
    next: str | None = None
    revision: int


class MilestoneEntryRead(Out):
    """One entry of a milestone's history."""

    act: MilestoneAct
    day: date | None
    precision: Precision
    previous_on: date | None
    slip_days: int | None
    cause: DelayCause | None
    note: str | None
    override_reason: str | None
    document: int | None
    sources: list[str]
    organisation: str | None
    user: str | None
    recorded_at: datetime
    revision: int


class HistoryRead(Out):
    items: list[MilestoneEntryRead]
    revision: int


class Which(StrEnum):
    """The lists of milestones."""

    LATE = "late"
    DUE_SOON = "due_soon"
    WAITING = "waiting"
    OPEN = "open"


class MilestoneListQuery(Asked):
    """`as_of`: on which day; `known_at`: as it was recorded then."""

    list: Which = Which.LATE
    within_days: int = Field(30, ge=0, le=730, description="How far ahead `due_soon` looks")
    as_of: Day | None = None
    known_at: KnownAt | None = None
    subject: SubjectKind | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class KnownQuery(Asked):
    as_of: Day | None = None
    known_at: KnownAt | None = None
