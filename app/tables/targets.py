"""Targets, and the figures that press and officials reported, kept beside what the ledger computes."""

from datetime import date

from sqlmodel import Field, SQLModel

from app.domain.vocabulary import Basis, Confidence, Precision, ReportedUnit
from app.tables.base import Codes, Word


class Target(SQLModel, table=True):
    __tablename__ = "target"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    kw: int
    due_on: date
    basis: Basis = Field(default=Basis.CUMULATIVE, sa_type=Word(Basis))
    scope_code: str | None = Field(default=None, foreign_key="administrative_unit.code", max_length=60)
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int


class ReportedFigure(SQLModel, table=True):
    """A figure somebody published for the province. Shown beside the computed ones and never added to them.

    `amount` is in kW where the unit is MW, else a count; None where no figure was found.
    """

    __tablename__ = "reported_figure"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=300)
    name_en: str | None = Field(default=None, max_length=300)
    amount: int | None = None
    unit: ReportedUnit = Field(sa_type=Word(ReportedUnit))
    effective_on: date
    precision: Precision = Field(default=Precision.DAY, sa_type=Word(Precision))
    confidence: Confidence | None = Field(default=None, sa_type=Word(Confidence))
    sources: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    note: str | None = Field(default=None, max_length=2000)
