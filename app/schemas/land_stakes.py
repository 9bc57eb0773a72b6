"""MW behind the land, and the pace of its handover, on the wire."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from app.domain.pace import WEEKS
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus
from app.schemas.base import Code, Out, ShownKw
from app.schemas.milestones import KnownQuery
from app.schemas.projects import NamedRead


class StakeBy(StrEnum):
    """By what the open land of a work is grouped."""

    UNIT = "unit"
    COMMUNE = "commune"
    CAUSE = "cause"
    HOUSEHOLD = "household"


class StakeStages(StrEnum):
    """Which stages hold: the handover of the land alone, or the first that is open, whatever it is."""

    LAND = "land"
    ALL = "all"


class LandStakeQuery(KnownQuery):
    by: StakeBy = StakeBy.UNIT
    stages: StakeStages = StakeStages.LAND
    work: Code | None = None
    district: Code | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = None


class LandStakeRead(Out):
    """What is open of one work in one group (by the one of `unit`, `commune`, `cause` and `household` that was asked
    for), and the MW that wait for it: each phase once. `drives` are the phases whose COD date it drives."""

    work: NamedRead
    kind: UnitKind | None
    unit: str | None
    stage: UnitStage | None
    status: UnitStatus | None
    since_on: date | None
    commune: NamedRead | None
    cause: DelayCause | None
    household: str | None
    clearance: str | None
    towers: list[str] = Field(description="Numbers of the open tower positions")
    sections: list[str] = Field(description="Numbers of the open tension sections")
    open_units: int
    held_units: int
    at_stake_kw: ShownKw = Field(serialization_alias="at_stake_mw")
    is_nominal: bool
    phases: list[str]
    drives: list[str]
    float_days: int | None
    is_illustrative: bool


class LandStakePage(Out):
    as_of: date
    items: list[LandStakeRead]
    next: str | None
    revision: int


class PaceQuery(KnownQuery):
    stage: UnitStage = UnitStage.SITE
    weeks: int = Field(WEEKS, ge=1, le=52, description="How many weeks back the pace is taken from")


class PaceRead(Out):
    """What the observed pace says of the units that are left. The three days are those of the last unit; they are null
    while any is held (of those the pace says nothing) or nothing moved. `all_but_held_on` is the likely day on which all
    but the held ones are done. The rate's range is its 90 % interval, an estimate."""

    as_of: date
    stage: UnitStage
    done: int
    total: int | None
    left: int | None
    held: int
    held_units: list[str]
    increments: list[int] = Field(description="Units a week, the oldest week first, reopenings taken off")
    weeks_observed: int
    units_per_week: float | None
    slow_per_week: float | None
    fast_per_week: float | None
    earliest_on: date | None
    likely_on: date | None
    latest_on: date | None
    all_but_held_on: date | None
    is_illustrative: bool
    revision: int
