"""The capacity ledger: entries that state facts, and the signed kW they post on accounts. Rows are only ever added."""

from datetime import date

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.rules import Level, Rule
from app.domain.vocabulary import Account, Confidence, EntryKind, Measure, Precision, PriceRegime
from app.tables.base import Codes, Word


class CapacityEntry(SQLModel, table=True):
    """One fact about capacity. `kw` is what it states; what it moves stands in its postings."""

    __tablename__ = "capacity_entry"
    id: int | None = Field(default=None, primary_key=True)
    revision: int = Field(foreign_key="revision.number")
    project_id: int = Field(foreign_key="project.id", index=True)
    phase_id: int | None = Field(default=None, foreign_key="phase.id", index=True)
    kind: EntryKind = Field(sa_type=Word(EntryKind))
    measure: Measure = Field(sa_type=Word(Measure))
    tranche: str | None = Field(default=None, max_length=70, index=True)
    reverses_id: int | None = Field(default=None, foreign_key="capacity_entry.id")
    kw: int
    effective_on: date
    precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    valid_until: date | None = None
    turbines: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    price_regime: PriceRegime | None = Field(default=None, sa_type=Word(PriceRegime))
    letter_number: str | None = Field(default=None, max_length=120)
    letter_on: date | None = None
    letter_issuer: str | None = Field(default=None, max_length=200)
    application_on: date | None = None
    undertaking_ref: str | None = Field(default=None, max_length=200)
    reason: str | None = Field(default=None, max_length=2000)
    due_on: date | None = None
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    is_illustrative: bool = False
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)


_SUMMED = ("account", "effective_on", "revision", "kw", "is_illustrative")


class CapacityPosting(SQLModel, table=True):
    """Signed kW on one account from a day on. Covering indexes answer every sum without touching the table."""

    __tablename__ = "capacity_posting"
    __table_args__ = (
        Index("ix_capacity_posting_total", *_SUMMED, "project_id"),
        Index("ix_capacity_posting_project", "project_id", *_SUMMED),
        Index("ix_capacity_posting_phase", "phase_id", *_SUMMED),
    )
    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="capacity_entry.id")
    revision: int
    project_id: int
    phase_id: int | None = None
    account: Account = Field(sa_type=Word(Account))
    kw: int
    effective_on: date
    is_illustrative: bool = False


class RuleFinding(SQLModel, table=True):
    """A warning kept with an entry, or a rule that was overridden and why."""

    __tablename__ = "rule_finding"
    __table_args__ = (UniqueConstraint("entry_id", "position"),)
    id: int | None = Field(default=None, primary_key=True)
    entry_id: int = Field(foreign_key="capacity_entry.id")
    position: int
    rule: Rule = Field(sa_type=Word(Rule))
    level: Level = Field(sa_type=Word(Level))
    field: str | None = Field(default=None, max_length=60)
    unknown: bool = False
    details: str = Field(default="{}", max_length=4000)
    reason: str | None = Field(default=None, max_length=2000)
