"""Milestone templates on the wire: what has to happen, in which order, on which legal basis."""

from datetime import date

from pydantic import Field

from app.domain.vocabulary import (
    Cause,
    DayUnit,
    DocumentKind,
    DurationBasis,
    Gate,
    MilestoneScope,
    SubjectKind,
)
from app.schemas.base import Asked, Out


class TemplateQuery(Asked):
    version: int | None = Field(None, ge=1, description="Default: the newest")


class WordingRead(Out):
    vi: str
    en: str


class ConditionRead(Out):
    """When a step exists; `applies_unless_known` is what holds while nobody has said."""

    code: str
    name: WordingRead
    reason: WordingRead
    applies_unless_known: bool


class PredecessorRead(Out):
    code: str
    kind: Gate
    lag_days: int
    lag_unit: DayUnit
    instead: WordingRead | None
    note: WordingRead | None


class DurationRead(Out):
    """Days from "all predecessors done" to "this done" for one unit."""

    min: int
    likely: int
    max: int
    unit: DayUnit
    basis: DurationBasis
    legal_limit: WordingRead | None


class TemplateStepRead(Out):
    code: str
    order: int
    group: str
    scope: MilestoneScope
    subject: SubjectKind
    cause: Cause | None
    name: WordingRead
    responsible: list[str]
    authority: str
    legal_basis: list[str]
    predecessors: list[PredecessorRead]
    condition: str | None
    duration: DurationRead
    gate: Gate
    evidence: list[DocumentKind]
    is_repeatable: bool
    expires: bool
    is_reversible: bool
    confirm_by: list[str]
    note: WordingRead | None


class TemplateRead(Out):
    """The steps of one kind of subject, in order; `ends_with` is the one that a roll-up follows."""

    code: str
    name: WordingRead
    ends_with: str
    groups: dict[str, WordingRead]
    milestones: list[TemplateStepRead]


class TemplateSetRead(Out):
    version: int
    valid_from: date
    valid_until: date | None
    roles: dict[str, WordingRead]
    conditions: list[ConditionRead]
    templates: list[TemplateRead]
