"""Ledger entries and COD tranches on the wire."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from app.domain.problems import Problem
from app.domain.rules import Level, Rule
from app.domain.vocabulary import Confidence, EntryKind, Measure, Precision, PriceRegime, TrancheStatus
from app.schemas.base import Day, In, Kw, KwOrZero, Name, Out, Short, ShownKw, SourceCodes, Text, refuse


def _fit(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """What one column holds (`tables.base.Codes`)."""
    if sum(len(number) + 1 for number in numbers) > 2_000:
        raise refuse(Problem.TOO_MANY)
    return numbers


TurbineNumbers = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=30)], ...],
    Field(max_length=200),
    AfterValidator(_fit),
]


class OverrideIn(In):
    rule: Rule
    reason: Annotated[str, Field(min_length=10, max_length=2000)]


class Letter(In):
    """The document behind an entry."""

    letter_number: Short | None = None
    letter_on: Day | None = None
    letter_issuer: Name | None = None


class MeasureRecord(Letter):
    """One measure of the ladder, as an increment. COD is not recorded here; it is declared as a tranche."""

    measure: Measure
    capacity_kw: Kw = Field(alias="capacity_mw")
    effective_on: Day
    precision: Precision = Precision.DAY
    valid_until: Day | None = None
    turbines: TurbineNumbers = ()
    confidence: Confidence | None = None
    sources: SourceCodes = ()
    is_illustrative: bool = False
    note: Text | None = None


class MeasureCorrection(Letter):
    """What an entry should have said; 0 MW takes it back altogether."""

    capacity_kw: KwOrZero = Field(alias="capacity_mw")
    effective_on: Day | None = None
    valid_until: Day | None = None
    reason: Text


class TrancheDeclare(Letter):
    """The first key: the COD of some turbines, of a part of a phase."""

    capacity_kw: Kw = Field(alias="capacity_mw")
    effective_on: Day
    turbines: TurbineNumbers = ()
    application_on: Day | None = None
    undertaking_ref: Name | None = None
    price_regime: PriceRegime | None = None
    is_illustrative: bool = False
    note: Text | None = None


class TrancheConfirm(In):
    """The recognition letter (rule R17). What is left out is taken from the declaration."""

    letter_number: Short
    letter_on: Day
    letter_issuer: Name | None = None
    capacity_kw: Kw | None = Field(None, alias="capacity_mw")
    effective_on: Day | None = None
    turbines: TurbineNumbers = ()
    undertaking_ref: Name | None = None
    price_regime: PriceRegime | None = None
    condition: Text | None = Field(None, description="Recognised with this condition: counted, and at risk")
    condition_due_on: Day | None = None
    overrides: Annotated[tuple[OverrideIn, ...], Field(max_length=10)] = ()
    note: Text | None = None


class TrancheDispute(In):
    """Why the claim is not accepted, and what the disputer holds instead; both stay visible."""

    reason: Text
    capacity_kw: Kw | None = Field(None, alias="capacity_mw")
    effective_on: Day | None = None


class TrancheWithdraw(In):
    """Why a claim is taken back."""

    reason: Text


class TrancheAmend(In):
    """A part (or all, where no MW are given) suspended, reinstated or cancelled by a document."""

    capacity_kw: Kw | None = Field(None, alias="capacity_mw")
    effective_on: Day
    reason: Text
    letter_number: Short
    letter_on: Day
    letter_issuer: Name | None = None


class TrancheCorrect(In):
    """What the recognition should have said; 0 MW takes a mistaken one back."""

    capacity_kw: KwOrZero | None = Field(None, alias="capacity_mw")
    effective_on: Day | None = None
    turbines: TurbineNumbers | None = None
    reason: Text
    letter_number: Short
    letter_on: Day
    letter_issuer: Name | None = None
    overrides: Annotated[tuple[OverrideIn, ...], Field(max_length=10)] = ()
    undertaking_ref: Name | None = None


class TrancheSettle(In):
    """The condition of a conditional recognition is met."""

    effective_on: Day
    reason: Text
    letter_number: Short
    letter_on: Day
    letter_issuer: Name | None = None


class FindingRead(Out):
    """A kept warning, or an overridden rule with its reason."""

    code: Rule
    rule: str
    level: Level
    message: str
    field: str | None
    unknown: bool
    details: dict[str, Any]
    reason: str | None


class EntryRead(Out):
    id: int
    revision: int
    kind: EntryKind
    measure: Measure
    phase: str | None
    tranche: str | None
    reverses: int | None
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    effective_on: date
    precision: Precision
    valid_until: date | None
    turbines: list[str]
    price_regime: PriceRegime | None
    letter_number: str | None
    letter_on: date | None
    letter_issuer: str | None
    application_on: date | None
    undertaking_ref: str | None
    reason: str | None
    due_on: date | None
    organisation: str | None
    confidence: Confidence | None
    sources: list[str]
    is_illustrative: bool
    note: str | None
    warnings: list[FindingRead]


class TrancheRead(Out):
    """A COD tranche: where it stands, and every entry of its life."""

    code: str
    project: str
    phase: str | None
    status: TrancheStatus
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    effective_on: date
    precision: Precision
    operating_kw: ShownKw = Field(serialization_alias="operating_mw")
    suspended_kw: ShownKw = Field(serialization_alias="suspended_mw")
    cancelled_kw: ShownKw = Field(serialization_alias="cancelled_mw")
    at_risk_kw: ShownKw = Field(serialization_alias="at_risk_mw")
    turbines: list[str]
    declared_on: date | None
    decision_due_on: date | None
    entries: list[EntryRead]
    warnings: list[FindingRead]
    revision: int
