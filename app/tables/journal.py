"""The one journal: revisions without gaps, sealed in a hash chain, each with the facts it states."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import Fact as FactKind
from app.tables.base import Instant, Word


class Revision(SQLModel, table=True):
    """One committed change: who, when, which request. Numbers follow the order of commits."""

    __tablename__ = "revision"
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime = Field(sa_type=Instant, index=True)
    actor: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    request_id: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Fact(SQLModel, table=True):
    """What changed in a revision: the subject, and its fields before and after. Never personal data."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("revision", "position"),
        Index("ix_fact_subject", "subject", "subject_code", "revision"),
    )
    id: int | None = Field(default=None, primary_key=True)
    revision: int = Field(foreign_key="revision.number")
    position: int
    kind: FactKind = Field(sa_type=Word(FactKind))
    subject: str = Field(max_length=30)
    subject_code: str = Field(max_length=130)
    project_id: int | None = None
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
