"""The headline resource on the wire."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, PlainSerializer

from app.domain.vocabulary import By, Step, UnitLevel
from app.schemas.base import Asked, Day, KnownAt, Out, ShownKw

Percent = Annotated[Decimal, PlainSerializer(float, return_type=float)]


class CapacityQuery(Asked):
    as_of: Day | None = Field(None, description="Effective on or before this day; default today")
    known_at: KnownAt | None = Field(None, description="Recorded at or before this instant; default now")
    by: By = Field(By.PROJECT, description="How the breakdown is cut")
    target: str | None = Field(None, max_length=60, description="Code of a target; default the next one due")
    illustrative: bool = Field(True, description="Whether entries marked illustrative are counted")
    limit: int | None = Field(None, ge=1, description="Lines of the breakdown on one page")
    cursor: str | None = Field(None, max_length=400, description="Where the next page starts, from `next`")


class SeriesQuery(Asked):
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    step: Step = Step.MONTH
    known_at: KnownAt | None = None
    target: str | None = Field(None, max_length=60)
    illustrative: bool = True


class TargetLine(Out):
    code: str
    capacity_kw: ShownKw = Field(serialization_alias="capacity_mw")
    due_on: date


class Ladder(Out):
    """Each rung on its own; null where no entry is known. Rungs are never added to each other."""

    planned_kw: ShownKw | None = Field(None, serialization_alias="planned_mw")
    approved_kw: ShownKw | None = Field(None, serialization_alias="approved_mw")
    connected_kw: ShownKw | None = Field(None, serialization_alias="connected_mw")
    ppa_kw: ShownKw | None = Field(None, serialization_alias="ppa_mw")
    installed_kw: ShownKw | None = Field(None, serialization_alias="installed_mw")
    energised_kw: ShownKw | None = Field(None, serialization_alias="energised_mw")
    synchronised_kw: ShownKw | None = Field(None, serialization_alias="synchronised_mw")
    testing_kw: ShownKw | None = Field(None, serialization_alias="testing_mw")
    tested_kw: ShownKw | None = Field(None, serialization_alias="tested_mw")
    accepted_kw: ShownKw | None = Field(None, serialization_alias="accepted_mw")
    licensed_kw: ShownKw | None = Field(None, serialization_alias="licensed_mw")
    operating_kw: ShownKw | None = Field(None, serialization_alias="operating_mw")


class FiguresRead(Out):
    """Gross - suspended - cancelled = operating; at risk is part of operating; declared and disputed do not count."""

    operating_kw: ShownKw = Field(serialization_alias="operating_mw")
    gross_recognised_kw: ShownKw = Field(serialization_alias="gross_recognised_mw")
    suspended_kw: ShownKw = Field(serialization_alias="suspended_mw")
    cancelled_kw: ShownKw = Field(serialization_alias="cancelled_mw")
    at_risk_kw: ShownKw = Field(serialization_alias="at_risk_mw")
    declared_kw: ShownKw = Field(serialization_alias="declared_mw")
    disputed_kw: ShownKw = Field(serialization_alias="disputed_mw")


class BreakdownLine(FiguresRead):
    """One subject. `level` says what is counted: a line of level project inside a cut by phase is MW whose split
    over the phases is not known; a line without code is MW of projects whose investor or district is not known."""

    code: str | None
    name: str | None
    name_en: str | None = None
    level: str
    project: str | None = None
    is_illustrative: bool = False
    ladder: Ladder


class CapacityRead(FiguresRead):
    as_of: date
    revision: int
    target: TargetLine | None
    ladder: Ladder
    usable_kw: ShownKw | None = Field(
        None,
        serialization_alias="usable_mw",
        description="Operating MW that the stated evacuation limits let through; null where they do not say so of all",
    )
    is_usable_illustrative: bool = Field(
        False, description="`usable_mw` rests on an illustrative group, path or limit"
    )
    gap_kw: ShownKw | None = Field(None, serialization_alias="gap_mw")
    attainment_percent: Percent | None = None
    is_met: bool | None = None
    judged_on: date | None = None
    by: By
    breakdown: list[BreakdownLine]
    next: str | None = Field(None, description="Cursor of the next page of the breakdown")


class PointRead(Out):
    on: date
    operating_kw: ShownKw = Field(serialization_alias="operating_mw")
    plan_kw: ShownKw | None = Field(None, serialization_alias="plan_mw")
    target_kw: ShownKw | None = Field(None, serialization_alias="target_mw")


class SeriesRead(Out):
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    step: Step
    revision: int
    target: TargetLine | None
    points: list[PointRead]


class UnitRead(Out):
    code: str
    level: UnitLevel
    name: str
