"""What the network answers, on the wire: earliest and latest days, chains, MW at stake, the gap by cause, deadlines, slips."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from app.domain.vocabulary import Cause, DayUnit, DeadlineKind, DeadlineState, SubjectKind
from app.schemas.base import Asked, Code, Day, KnownAt, Out, ShownKw
from app.schemas.milestones import KnownQuery, MilestoneKey, SubjectRead


class PhaseStakeRead(Out):
    """A phase that waits: kW not operating yet, `is_nominal` where they are taken from the size on paper."""

    code: str
    name: str
    waiting_kw: ShownKw | None = Field(serialization_alias="waiting_mw")
    is_nominal: bool
    goal_on: date | None
    forecast_cod_on: date | None


class StepRead(Out):
    """A milestone in the network. Stated days stand beside the computed ones and are never mixed with them."""

    subject: SubjectRead
    milestone: str
    name: str
    name_en: str
    is_live: bool
    stated_forecast_on: date | None
    actual_on: date | None
    earliest_on: date | None
    latest_on: date | None
    float_days: int | None
    driver: str | None
    is_critical: bool
    at_stake_kw: ShownKw = Field(serialization_alias="at_stake_mw")


class ScheduleRead(Out):
    """The schedule of one subject's milestones inside the network it hangs in."""

    as_of: date
    items: list[StepRead]
    is_provisional: bool
    revision: int


class PathQuery(KnownQuery):
    """One of both: the chain to the COD of a phase, or to a target (the default one where neither is named)."""

    phase: Code | None = None
    target: Code | None = None


class PathRead(Out):
    """What drives a COD, from the milestone that is waited for now to the COD itself. `float_days` is negative where
    the goal is missed. `phase` is the one whose COD would fill the gap, where a target was asked for."""

    as_of: date
    phase: PhaseStakeRead | None
    target: str | None
    goal_on: date | None
    forecast_on: date | None
    float_days: int | None
    binding_cause: Cause | None
    steps: list[StepRead]
    revision: int


class StakeQuery(KnownQuery):
    """One milestone (all three fields), or the ranking of those that most MW wait for."""

    subject: SubjectKind | None = None
    code: Code | None = None
    milestone: MilestoneKey | None = None
    frontier: bool = Field(True, description="Ranked: only what nothing open stands before")
    limit: int | None = Field(None, ge=1)


class StakeRead(Out):
    """What hangs on one open milestone. A phase counts once; the COD dates it drives are those on whose chain it is."""

    step: StepRead
    cause: Cause
    at_stake_kw: ShownKw = Field(serialization_alias="at_stake_mw")
    is_nominal: bool
    float_days: int | None
    phases: list[PhaseStakeRead]
    drives: list[PhaseStakeRead]


class StakeList(Out):
    """`waiting_mw` do not operate yet; of them `ready_mw` wait for nothing but their recognition."""

    as_of: date
    waiting_kw: ShownKw = Field(serialization_alias="waiting_mw")
    ready_kw: ShownKw = Field(serialization_alias="ready_mw")
    items: list[StakeRead]
    revision: int


class PartRead(Out):
    cause: Cause
    kw: ShownKw = Field(serialization_alias="mw")
    phases: list[PhaseStakeRead]


class ShortfallQuery(KnownQuery):
    target: Code | None = None


class ShortfallRead(Out):
    """The gap to a target by what causes it; the parts add up to the gap."""

    as_of: date
    target: str
    target_kw: ShownKw = Field(serialization_alias="target_mw")
    operating_kw: ShownKw = Field(serialization_alias="operating_mw")
    gap_kw: ShownKw = Field(serialization_alias="gap_mw")
    parts: list[PartRead]
    surplus_kw: ShownKw = Field(serialization_alias="surplus_mw")
    is_nominal: bool
    revision: int


class DeadlineRead(Out):
    """By when something must be filed for a COD goal; `act_by_on` is the last working day on or before it."""

    phase: str
    kind: DeadlineKind
    goal_on: date
    counted_from_on: date
    term_days: int
    term_unit: DayUnit
    due_on: date
    act_by_on: date
    state: DeadlineState
    days_left: int | None
    basis: str
    is_provisional: bool


class DeadlineQuery(Asked):
    phase: Code | None = None
    as_of: Day | None = None


class DeadlineList(Out):
    items: list[DeadlineRead]
    revision: int


class SlipBy(StrEnum):
    """How slips are grouped."""

    MILESTONE = "milestone"
    ORGANISATION = "organisation"


class SlipQuery(Asked):
    by: SlipBy = SlipBy.MILESTONE
    known_at: KnownAt | None = None


class SlipRead(Out):
    """How forecasts of one kind of milestone, or of one organisation, have moved. A slip is from the first forecast to
    the actual, or to the last forecast while it is open; a forecast held if the actual came no later than it said."""

    code: str
    name: str
    name_en: str | None
    milestones: int
    moves: int
    median_slip_days: float | None
    p80_slip_days: float | None
    forecasts_judged: int
    held_share: float | None


class SlipList(Out):
    items: list[SlipRead]
    revision: int
