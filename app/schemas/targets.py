"""Targets and reported figures on the wire."""

from datetime import date

from pydantic import Field

from app.domain.vocabulary import Basis, Confidence, Precision, ReportedUnit
from app.schemas.base import Asked, Code, Day, In, Name, Out, ShownKw, SourceCodes, TargetKw, Text, never_null


class TargetChange(In):
    """Fields left out stay as they are; a field sent as null is emptied."""

    model_config = never_null("name", "capacity_mw", "due_on", "basis")

    name: Name | None = None
    name_en: Name | None = None
    capacity_kw: TargetKw | None = Field(None, alias="capacity_mw")
    due_on: Day | None = None
    basis: Basis | None = None
    scope: Code | None = None
    sources: SourceCodes = ()
    note: Text | None = None


class TargetCreate(TargetChange):
    """MW to be reached by a day."""

    code: Code
    name: Name
    capacity_kw: TargetKw = Field(alias="capacity_mw")
    due_on: Day
    basis: Basis = Basis.CUMULATIVE


class TargetRead(Out):
    code: str
    name: str
    name_en: str | None
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    due_on: date
    basis: Basis
    scope: str | None
    sources: list[str]
    note: str | None
    revision: int


class TargetPage(Out):
    items: list[TargetRead]
    next: str | None = None


class FigureRead(Out):
    """A figure somebody published; never part of a computed total. A null value says that none was found."""

    code: str
    name: str
    name_en: str | None
    value: float | int | None
    unit: ReportedUnit
    effective_on: date
    precision: Precision
    confidence: Confidence | None
    sources: list[str]
    note: str | None


class FigureList(Out):
    items: list[FigureRead]


class FigureQuery(Asked):
    as_of: Day | None = None
