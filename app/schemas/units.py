"""Tower positions and tension sections of a line on the wire: what is reported of them, and how far they have come."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field

from app.domain.rules import Rule
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus
from app.domain.words import Lang
from app.schemas.base import Code, Day, In, Out, SourceCodes, Text
from app.schemas.milestones import KnownQuery
from app.schemas.obstacles import NAMELESS
from app.schemas.projects import NamedRead

Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,19}$", examples=["35", "12A"])]
Position = Annotated[int, Field(ge=1, le=100_000)]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]


class UnitReport(In):
    """From `effective_on` on, a stage stands so. Late and out-of-order reports find their place by that day; told again
    a report changes nothing. Blocked and reopened need their cause."""

    stage: UnitStage
    status: UnitStatus
    effective_on: Day
    cause: DelayCause | None = None
    note: Text | None = Field(None, description=NAMELESS)
    override_reason: Reason | None = Field(
        None, description="The department passes over the handover that should come first, and why"
    )
    is_illustrative: bool = False
    sources: SourceCodes = ()


class UnitPut(In):
    """What is kept about a unit, and what is reported of it. Fields left out stay as they are; a field sent as null is
    emptied."""

    commune: Code | None = Field(
        None, description="Code of a commune that existed on the days of the reports sent with it, else today"
    )
    is_illustrative: bool | None = None
    sources: SourceCodes = ()
    note: Text | None = Field(None, description=NAMELESS)
    reason: Text | None = Field(
        None, description="Why a unit with a history is moved along the line; the journal keeps it"
    )
    reports: Annotated[list[UnitReport], Field(max_length=200)] = []


class TowerPut(UnitPut):
    """A tower position (vị trí cột) on the line, and what is reported of it."""

    position: Position | None = Field(None, description="Place along the line from 1; makes a new tower")
    is_tension: bool | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)


class SectionPut(UnitPut):
    """A tension section (khoảng néo) between two towers, and what is reported of it."""

    from_tower: Number | None = Field(None, description="With `to_tower` makes a new section")
    to_tower: Number | None = None
    length_m: int | None = Field(None, ge=1, le=100_000)


class UnitRow(TowerPut, SectionPut):
    """One row of a batch: a tower position or a tension section, and the revision it was read at (where sent it must
    still stand)."""

    kind: UnitKind
    number: Number
    revision: int | None = Field(None, ge=1)


class UnitBatch(In):
    """Towers and sections of one work, in any order."""

    rows: Annotated[list[UnitRow], Field(min_length=1, max_length=10_000)]


class UnitWarning(Out):
    """A rule that was overridden, or one that only warns."""

    code: str
    rule: str
    message: str
    details: dict[str, Any] | None = None

    @classmethod
    def of(cls, rule: Rule, lang: Lang, **details: object) -> Self:
        """A rule in the reader's language."""
        return cls(code=rule.value, rule=rule.number, message=rule.label(lang), details=details or None)


class UnitRowRead(Out):
    """What became of one row; `problem`, `field` and `message` say why it was refused."""

    row: int
    kind: UnitKind
    number: str
    outcome: str
    problem: str | None = None
    field: str | None = None
    message: str | None = None
    details: dict[str, Any] | None = None
    warnings: list[UnitWarning] = []


class UnitBatchRead(Out):
    dry_run: bool
    changed: int
    unchanged: int
    refused: int
    rows: list[UnitRowRead]


class UnitQuery(KnownQuery):
    commune: Code | None = None
    stage: UnitStage | None = None
    status: UnitStatus | None = Field(None, description="Of `stage`, or of any stage")
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class StandingRead(Out):
    status: UnitStatus
    since_on: date | None
    cause: DelayCause | None


class UnitLine(Out):
    """A unit with where each of its stages stands on the day asked for."""

    kind: UnitKind
    number: str
    position: int
    from_tower: str | None
    to_tower: str | None
    length_m: int | None
    is_tension: bool | None
    commune: NamedRead | None
    latitude: float | None
    longitude: float | None
    stages: dict[UnitStage, StandingRead]
    is_illustrative: bool
    sources: list[str]
    note: str | None
    revision: int


class UnitEntryRead(Out):
    """One report, in the order in which reports took effect."""

    stage: UnitStage
    status: UnitStatus
    effective_on: date
    cause: DelayCause | None
    note: str | None
    override_reason: str | None
    is_illustrative: bool
    sources: list[str]
    organisation: str | None
    recorded_in: int
    recorded_at: datetime


class UnitRead(UnitLine):
    history: list[UnitEntryRead]
    warnings: list[UnitWarning] = []


class UnitPage(Out):
    items: list[UnitLine]
    next: str | None = None


class TotalState(In):
    """From `effective_on` on, the line has so many units of a kind, and why."""

    kind: UnitKind
    total: int = Field(ge=1, le=20_000)
    effective_on: Day
    reason: Text
    is_illustrative: bool = False
    sources: SourceCodes = ()


class TotalRead(Out):
    """One version of a denominator. The first stands with the work and has neither a day nor a reason."""

    kind: UnitKind
    total: int
    effective_on: date | None = None
    reason: str | None = None
    is_illustrative: bool
    sources: list[str]
    organisation: str | None = None
    recorded_at: datetime | None = None


class TotalList(Out):
    items: list[TotalRead]
    revision: int


class CountReport(In):
    """An X/Y as somebody reports it. It never counts; it stands beside the computed one."""

    stage: UnitStage
    done: int = Field(ge=0, le=20_000)
    total: int | None = Field(None, ge=1, le=20_000)
    reported_on: Day
    note: Text | None = None
    is_illustrative: bool = False
    sources: SourceCodes = ()


class CountRead(Out):
    stage: UnitStage
    done: int
    total: int | None
    reported_on: date
    note: str | None
    is_illustrative: bool
    sources: list[str]
    organisation: str | None
    recorded_at: datetime
    warnings: list[UnitWarning] = []


class CountList(Out):
    items: list[CountRead]


class ReportedRead(Out):
    """The last figure reported on or before the day, and how far the computed count is above it."""

    done: int
    total: int | None
    reported_on: date
    difference: int
    is_illustrative: bool


class StageRead(Out):
    """X/Y of one stage. `total` is the stated number in force, else how many are listed; null where neither is known.
    `weight` is its part of the work's percent."""

    stage: UnitStage
    done: int
    in_progress: int
    held: int
    listed: int
    total: int | None
    percent: float | None
    weight: int | None
    reported: ReportedRead | None


class CommuneStageRead(Out):
    stage: UnitStage
    done: int
    in_progress: int
    held: int
    listed: int


class CommuneRead(Out):
    commune: NamedRead | None = Field(description="Null: nobody has said where these units stand")
    stages: list[CommuneStageRead]


class ProgressRead(Out):
    """How far a line has come: raw counts first, then kilometres by the known lengths of its sections, then the weighted
    percent with its weights (null where a denominator is not known)."""

    work: str
    as_of: date
    known_in: int
    stages: list[StageRead]
    sections_km: float
    corridor_km: float
    strung_km: float
    percent: float | None
    is_energised: bool
    energised_weight: int
    communes: list[CommuneRead]
    is_illustrative: bool = Field(
        description="The work is marked so, or a unit that is counted here, or a report or case of one"
    )


class StripUnit(Out):
    """`states` are those of its stages, in the order that `stages` of the strip gives for its kind."""

    kind: UnitKind
    number: str
    position: int
    commune: str | None
    states: list[UnitStatus]
    is_illustrative: bool


class StripRead(Out):
    """Every unit in line order, towers before the sections that begin at them."""

    work: str
    as_of: date
    stages: dict[UnitKind, list[UnitStage]]
    items: list[StripUnit]


class HeldRead(Out):
    """A unit that is blocked or reopened, in the first stage that is."""

    kind: UnitKind
    number: str
    position: int
    blocked_stage: UnitStage
    status: UnitStatus
    since_on: date | None
    cause: DelayCause | None
    commune: NamedRead | None
    open_households: int | None = Field(
        description="Null to those who may not read the household cases there"
    )
    is_illustrative: bool


class HeldList(Out):
    work: str
    as_of: date
    items: list[HeldRead]
