"""The exchange with EVN SPC on the wire: how its runs went, ours beside theirs, and the records in quarantine."""

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.domain.vocabulary import (
    QuarantineState,
    RunState,
    Stream,
    Trigger,
    UnitKind,
    UnitStage,
    UnitStatus,
)
from app.schemas.base import Asked, In, Out, ShownKw, Text


class PassRead(Out):
    """What a run read of one stream. `is_whole`: it asked for everything and not only for what had changed. `unknown` are
    fields that neither the contract nor the mapping has; they were not taken. `problem` and `message` say why it failed."""

    stream: Stream
    state: RunState
    is_whole: bool
    pages: int
    records: int
    applied: int
    unchanged: int
    older: int
    quarantined: int
    unknown: list[str]
    problem: str | None
    message: str | None
    details: dict[str, Any] | None


class RunRead(Out):
    """One run. `waiting` are the records in quarantine at its end, `released` those that it freed; `differences` is how much
    its report names (null: it has none)."""

    id: int
    trigger: Trigger
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    waiting: int
    released: int
    problem: str | None
    differences: int | None
    passes: list[PassRead]


class RunPage(Out):
    items: list[RunRead]
    next: str | None = None


class CursorRead(Out):
    """How far a stream was read, by EVN SPC's clock, and when by ours."""

    stream: Stream
    cursor_at: datetime | None
    moved_at: datetime


class ExchangeRead(Out):
    """Whether and how often EVN SPC's service is pulled from, how far it was read, the last run, and what waits now."""

    is_on: bool
    every_minutes: int
    is_running: bool
    fresh_at: datetime | None = Field(description="When everything was last brought in whole")
    waiting: int
    cursors: list[CursorRead]
    last_run: RunRead | None


class StageComparedRead(Out):
    work: str
    stage: UnitStage
    ours_done: int | None
    ours_total: int | None
    theirs_done: int
    theirs_total: int
    differ: int


class UnitDiffersRead(Out):
    """A stage of a unit that stands otherwise at EVN SPC. `ours` null: the tracker has no such unit; `problem`: the record
    that says so is in quarantine for this."""

    work: str
    kind: UnitKind
    number: str
    stage: UnitStage
    ours: UnitStatus | None
    ours_on: date | None
    theirs: UnitStatus
    theirs_on: date
    problem: str | None


class ConfirmationRead(Out):
    """An energisation or COD as EVN SPC confirms it, and what stands in the tracker under that code."""

    stream: Stream
    record: str
    code: str
    theirs_kw: ShownKw | None = Field(serialization_alias="theirs_mw")
    theirs_on: date
    letter: str
    ours: str | None
    ours_kw: ShownKw | None = Field(serialization_alias="ours_mw")
    ours_on: date | None
    agrees: bool
    problem: str | None


class ReportRead(Out):
    """Ours beside theirs after a run. `units_left_out` more units differ than are named."""

    as_of: date
    made_at: datetime
    differences: int
    stages: list[StageComparedRead]
    units: list[UnitDiffersRead]
    units_left_out: int
    confirmations: list[ConfirmationRead]


class QuarantinedRead(Out):
    """A record that could not be applied, as it came, and why. `tries` counts the runs in which it was tried."""

    id: int
    stream: Stream
    record: str
    updated_at: datetime | None
    state: QuarantineState
    problem: str
    message: str
    field: str | None
    details: dict[str, Any] | None
    raw: Any
    is_cut: bool
    first_seen_at: datetime
    last_seen_at: datetime
    tries: int
    closed_at: datetime | None
    closed_by: str | None
    reason: str | None


class QuarantinePage(Out):
    items: list[QuarantinedRead]
    next: str | None = None


class QuarantineQuery(Asked):
    state: QuarantineState | None = Field(QuarantineState.WAITING, description="Default: those that wait")
    stream: Stream | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class Dismissal(In):
    """Why a record is laid aside."""

    reason: Text
