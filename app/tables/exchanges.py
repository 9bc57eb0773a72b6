"""The exchange with EVN SPC's progress service: its runs, how far each stream was read, what was taken of each record,
and the records that wait for a reason. What a record changes is in the journal; this is the connector's own log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import QuarantineState, RunState, Stream, Trigger
from app.tables.base import Codes, Instant, Word


class ExchangeReport(SQLModel, table=True):
    """Ours and theirs after a run, as JSON. A run that finds what the one before found names the same report."""

    __tablename__ = "exchange_report"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(max_length=32)
    made_at: datetime = Field(sa_type=Instant)
    differences: int
    content: str = Field(sa_column=Column(Text, nullable=False))


class ExchangeRun(SQLModel, table=True):
    """One run over all streams. `waiting` are the records in quarantine at its end."""

    __tablename__ = "exchange_run"
    id: int | None = Field(default=None, primary_key=True)
    trigger: Trigger = Field(sa_type=Word(Trigger))
    state: RunState = Field(sa_type=Word(RunState))
    started_at: datetime = Field(sa_type=Instant, index=True)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    waiting: int = 0
    released: int = 0
    problem: str | None = Field(default=None, max_length=40)
    report_id: int | None = Field(default=None, foreign_key="exchange_report.id")


class ExchangePass(SQLModel, table=True):
    """What one run read of one stream, and what became of it: applied, unchanged (nothing new), older than what was
    applied already, or quarantined. `unknown` are fields that nobody knows."""

    __tablename__ = "exchange_pass"
    __table_args__ = (UniqueConstraint("run_id", "stream"),)
    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="exchange_run.id")
    stream: Stream = Field(sa_type=Word(Stream))
    state: RunState = Field(sa_type=Word(RunState))
    is_whole: bool = False
    pages: int = 0
    records: int = 0
    applied: int = 0
    unchanged: int = 0
    older: int = 0
    quarantined: int = 0
    unknown: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    problem: str | None = Field(default=None, max_length=40)
    details: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))


class ExchangeCursor(SQLModel, table=True):
    """How far a stream was read, by their clock; it moves when a whole pass has been applied. `etag` goes with the
    question `asked`."""

    __tablename__ = "exchange_cursor"
    stream: Stream = Field(primary_key=True, sa_type=Word(Stream))
    cursor_at: datetime | None = Field(default=None, sa_type=Instant)
    whole_at: datetime | None = Field(default=None, sa_type=Instant)
    asked: str | None = Field(default=None, max_length=60)
    etag: str | None = Field(default=None, max_length=200)
    moved_at: datetime = Field(sa_type=Instant)


class ExchangeRecord(SQLModel, table=True):
    """The version of a record that was applied last: of its fields those that the mapping takes, and no other."""

    __tablename__ = "exchange_record"
    __table_args__ = (UniqueConstraint("stream", "record_id"),)
    id: int | None = Field(default=None, primary_key=True)
    stream: Stream = Field(sa_type=Word(Stream))
    record_id: str = Field(max_length=90)
    updated_at: datetime = Field(sa_type=Instant)
    digest: str = Field(max_length=32)
    fields: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class QuarantinedRecord(SQLModel, table=True):
    """A record that could not be applied, as it came, with the reason. It waits until it can be applied, another version
    takes its place, or a person lays it aside; the row stays. `problem` is the code of a word of the tracker."""

    __tablename__ = "quarantined_record"
    __table_args__ = (
        Index("ix_quarantined_record_record", "stream", "record_id"),
        Index("ix_quarantined_record_state", "state", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    stream: Stream = Field(sa_type=Word(Stream))
    record_id: str = Field(max_length=90)
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    digest: str = Field(max_length=32)
    raw: str = Field(sa_column=Column(Text, nullable=False))
    # Whether `raw` is only the beginning of what came.
    is_cut: bool = False
    state: QuarantineState = Field(sa_type=Word(QuarantineState))
    problem: str = Field(max_length=40)
    field: str | None = Field(default=None, max_length=80)
    details: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    first_seen_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)
    tries: int = 1
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by_id: int | None = Field(default=None, foreign_key="app_user.id")
    reason: str | None = Field(default=None, max_length=2000)


class ExchangeLease(SQLModel, table=True):
    """Which process pulls now, and until when nobody else does; one that was killed lets go by not coming back."""

    __tablename__ = "exchange_lease"
    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=64)
    until: datetime = Field(sa_type=Instant)
