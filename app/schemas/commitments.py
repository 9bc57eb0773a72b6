"""Commitments (cam kết) on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.domain.vocabulary import (
    CommitmentAct,
    CommitmentState,
    DelayCause,
    Party,
    UnitKind,
    UnitStage,
    UnitStatus,
)
from app.schemas.base import Code, Day, In, KnownAt, Name, Out, Text
from app.schemas.people import PageQuery
from app.schemas.projects import NamedRead

Number = Annotated[str, Field(min_length=1, max_length=20)]


class CommitmentMake(In):
    """Who promises to bring which units of one work how far by when. The stage says whether they are towers or sections."""

    work: Code
    stage: UnitStage
    units: Annotated[list[Number], Field(min_length=1, max_length=2_000)]
    responsible: Party
    responsible_name: Name | None = Field(None, description="Which one, where the role is not enough")
    made_on: Day | None = Field(None, description="Default: today")
    due_on: Day = Field(description="Kept where every unit is done at the end of this day")
    note: Text | None = Field(None, description="Never the name of a household")
    is_illustrative: bool = Field(
        False, description="For the department; of an illustrative work it always is"
    )


class CommitmentPostpone(In):
    """A later day, and why."""

    due_on: Day = Field(description="The new day, after the old one")
    reason: Text


class CommitmentWithdraw(In):
    """Why a commitment is taken back."""

    reason: Text


class CommitmentQuery(PageQuery):
    work: Code | None = None
    district: Code | None = Field(None, description="A district or commune in which one of the units lies")
    responsible: Party | None = None
    state: CommitmentState | None = None
    due_from: Day | None = None
    due_until: Day | None = None
    as_of: Day | None = None
    known_at: KnownAt | None = None


class CommitmentLine(Out):
    """A commitment as it stood on `as_of`. `moved` counts how often it was given a new day, `first_due_on` is the first
    one; `state` is computed from the units, `units_done` of `units_total` stand done."""

    id: int
    work: NamedRead
    stage: UnitStage
    kind: UnitKind
    responsible: Party
    responsible_name: str | None
    made_on: date
    first_due_on: date
    due_on: date
    moved: int
    withdrawn_on: date | None
    state: CommitmentState
    units_total: int
    units_done: int
    note: str | None
    organisation: str | None = Field(description="Who wrote it down")
    is_illustrative: bool
    revision: int


class CommitmentUnitRead(Out):
    """One unit of a commitment: where its stage stands, and whether it was done at the end of the due day; null while
    that day is not over."""

    number: str
    commune: str | None
    status: UnitStatus
    since_on: date | None
    cause: DelayCause | None
    was_done: bool | None


class CommitmentEntryRead(Out):
    """One step of its life. `day` is the day it is promised for from then on, `previous_on` the one given up."""

    act: CommitmentAct
    stated_on: date
    day: date | None
    previous_on: date | None
    note: str | None
    organisation: str | None
    recorded_at: datetime


class CommitmentRead(CommitmentLine):
    as_of: date
    units: list[CommitmentUnitRead]
    history: list[CommitmentEntryRead]


class CommitmentPage(Out):
    as_of: date
    items: list[CommitmentLine]
    next: str | None = None
