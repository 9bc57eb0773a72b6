"""What the progress of a line is counted in: tower positions and tension sections, what was reported of their stages, and
how many there are. Reports and totals are only ever added."""

from datetime import date

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus
from app.tables.base import Codes, Word


class WorkUnit(SQLModel, table=True):
    """A tower position, or a tension section between two of them. `position` is its place along the line, counted from 1;
    a section stands at the position of its first tower. What was done to it stands in its entries."""

    __tablename__ = "work_unit"
    __table_args__ = (
        UniqueConstraint("work_id", "kind", "number"),
        Index("ix_work_unit_line", "work_id", "kind", "position"),
        Index("ix_work_unit_commune", "commune_code"),
    )
    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="grid_work.id")
    kind: UnitKind = Field(sa_type=Word(UnitKind))
    number: str = Field(max_length=20)
    position: int
    from_id: int | None = Field(default=None, foreign_key="work_unit.id")
    to_id: int | None = Field(default=None, foreign_key="work_unit.id")
    length_m: int | None = None
    is_tension: bool | None = None
    commune_code: str | None = Field(default=None, foreign_key="administrative_unit.code", max_length=60)
    latitude: float | None = None
    longitude: float | None = None
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int


class UnitEntry(SQLModel, table=True):
    """One report: from `effective_on` on, a stage of a unit stands so. `work_id` is its unit's, for one scan a line."""

    __tablename__ = "unit_entry"
    __table_args__ = (
        Index("ix_unit_entry_work", "work_id", "revision"),
        Index("ix_unit_entry_unit", "unit_id", "stage", "effective_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="work_unit.id")
    work_id: int = Field(foreign_key="grid_work.id")
    revision: int = Field(foreign_key="revision.number")
    stage: UnitStage = Field(sa_type=Word(UnitStage))
    status: UnitStatus = Field(sa_type=Word(UnitStatus))
    effective_on: date
    cause: DelayCause | None = Field(default=None, sa_type=Word(DelayCause))
    note: str | None = Field(default=None, max_length=2000)
    override_reason: str | None = Field(default=None, max_length=2000)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")


class UnitTotal(SQLModel, table=True):
    """A later version of a denominator: from `effective_on` on, a work has this many units of a kind, and why.
    The first one stands with the work (`GridWork.towers_total`, `sections_total`)."""

    __tablename__ = "unit_total"
    __table_args__ = (Index("ix_unit_total_work", "work_id", "kind", "effective_on"),)
    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="grid_work.id")
    kind: UnitKind = Field(sa_type=Word(UnitKind))
    total: int
    effective_on: date
    reason: str = Field(max_length=2000)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    revision: int = Field(foreign_key="revision.number")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")


class UnitCount(SQLModel, table=True):
    """An X/Y that somebody reported as a figure. It never counts; it stands beside the computed one for reconciliation."""

    __tablename__ = "unit_count"
    __table_args__ = (Index("ix_unit_count_work", "work_id", "stage", "reported_on"),)
    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="grid_work.id")
    stage: UnitStage = Field(sa_type=Word(UnitStage))
    done: int
    total: int | None = None
    reported_on: date
    note: str | None = Field(default=None, max_length=2000)
    is_illustrative: bool = False
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    revision: int = Field(foreign_key="revision.number")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
