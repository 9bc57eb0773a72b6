"""Milestones (mốc tiến độ): where each stands now, and the entries that brought it there. Entries are only ever added."""

from datetime import date, datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import DelayCause, MilestoneAct, Precision, SubjectKind, Verification
from app.tables.base import Codes, Instant, Word


class Milestone(SQLModel, table=True):
    """One template milestone of one subject, or one more instance of it. Baseline, plan, forecast and actual are four
    dates; each is what its last entry says. `due_on` and `next_on` are kept for the lists: the promised day (baseline,
    else plan, else forecast) and the expected one (forecast, else plan, else baseline), both only while it is open."""

    __tablename__ = "milestone"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "code", "instance"),
        Index("ix_milestone_due", "due_on"),
        Index("ix_milestone_next", "next_on"),
        Index("ix_milestone_waiting", "declared_at"),
        Index("ix_milestone_project", "project_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    subject: SubjectKind = Field(sa_type=Word(SubjectKind))
    subject_id: int
    project_id: int | None = Field(default=None, foreign_key="project.id")
    code: str = Field(max_length=20)
    instance: int = 1
    label: str | None = Field(default=None, max_length=120)
    template_version: int
    baseline_on: date | None = None
    baseline_precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    plan_on: date | None = None
    plan_precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    forecast_on: date | None = None
    forecast_precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    actual_on: date | None = None
    actual_precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    verification: Verification | None = Field(default=None, sa_type=Word(Verification))
    # Set while a declared actual waits for its second key: the clock runs from here.
    declared_at: datetime | None = Field(default=None, sa_type=Instant)
    is_applicable: bool = True
    ruled_out_for: str | None = Field(default=None, max_length=400)
    is_illustrative: bool = False
    due_on: date | None = None
    next_on: date | None = None
    moves: int = 0
    created_in: int
    revision: int


class MilestoneEntry(SQLModel, table=True):
    """One statement about a milestone. `previous_on` is the day it replaces, so that a slip is one row's difference."""

    __tablename__ = "milestone_entry"
    __table_args__ = (
        Index("ix_milestone_entry_milestone", "milestone_id", "id"),
        Index("ix_milestone_entry_act", "act", "milestone_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    milestone_id: int = Field(foreign_key="milestone.id")
    revision: int = Field(foreign_key="revision.number", index=True)
    act: MilestoneAct = Field(sa_type=Word(MilestoneAct))
    day: date | None = None
    precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    previous_on: date | None = None
    verification: Verification | None = Field(default=None, sa_type=Word(Verification))
    cause: DelayCause | None = Field(default=None, sa_type=Word(DelayCause))
    note: str | None = Field(default=None, max_length=2000)
    # Why a hard gate was passed over, by whoever may.
    override_reason: str | None = Field(default=None, max_length=2000)
    document_id: int | None = Field(default=None, foreign_key="document.id")
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
