"""Commitments (cam kết): who promised to bring which units how far by when. Whether a promise was kept is computed."""

from datetime import date

from sqlmodel import Field, Index, SQLModel

from app.domain.vocabulary import CommitmentAct, UnitStage
from app.tables.base import Word


class Commitment(SQLModel, table=True):
    """A promise about units of one work: `stage` is what they reach by `due_on`. `responsible` is a role of the templates
    (UBH, HDBT …), `responsible_name` says which one. `moves` counts how often it was put off."""

    __tablename__ = "commitment"
    __table_args__ = (Index("ix_commitment_work", "work_id", "due_on"),)
    id: int | None = Field(default=None, primary_key=True)
    work_id: int = Field(foreign_key="grid_work.id")
    stage: UnitStage = Field(sa_type=Word(UnitStage))
    responsible: str = Field(max_length=20)
    responsible_name: str | None = Field(default=None, max_length=200)
    made_on: date
    due_on: date
    moves: int = 0
    withdrawn_on: date | None = None
    note: str | None = Field(default=None, max_length=2000)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    is_illustrative: bool = False
    created_in: int
    revision: int


class CommitmentUnit(SQLModel, table=True):
    """A unit that a commitment names."""

    __tablename__ = "commitment_unit"
    commitment_id: int = Field(primary_key=True, foreign_key="commitment.id")
    unit_id: int = Field(primary_key=True, foreign_key="work_unit.id")


class CommitmentEntry(SQLModel, table=True):
    """One step in the life of a commitment. `day` is the promised day, `previous_on` the one it replaces."""

    __tablename__ = "commitment_entry"
    __table_args__ = (Index("ix_commitment_entry_commitment", "commitment_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    commitment_id: int = Field(foreign_key="commitment.id")
    revision: int = Field(foreign_key="revision.number")
    act: CommitmentAct = Field(sa_type=Word(CommitmentAct))
    stated_on: date
    day: date | None = None
    previous_on: date | None = None
    note: str | None = Field(default=None, max_length=2000)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
