"""Obstacles (vướng mắc) on the wire."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.domain.vocabulary import DelayCause, ObstacleAct, ObstacleState, Party, SubjectKind
from app.schemas.base import Asked, Code, Day, In, Name, Out, Short, ShownKw, Text, never_null

RowId = Annotated[int, Field(ge=1, le=2**31 - 1)]
Title = Annotated[str, Field(min_length=1, max_length=400)]
NAMELESS = "Never the name of a household: say which tower, section or parcel"


class ObstacleChange(In):
    """Fields left out stay as they are; a field sent as null is emptied. A deadline is set first or moved earlier here;
    later only by a postponement."""

    model_config = never_null("kind", "title")

    kind: DelayCause | None = None
    title: Title | None = Field(None, description=NAMELESS)
    description: Text | None = Field(None, description=NAMELESS)
    milestone: Short | None = Field(
        None, description="A milestone of the subject: W-D2, or W-D2.2 for its second instance"
    )
    responsible_name: Name | None = Field(None, description="Which one, where the role is not enough")
    due_on: Day | None = None


class ObstacleRaise(ObstacleChange):
    """What holds a subject back, and who must act."""

    kind: DelayCause
    title: Title = Field(description=NAMELESS)
    subject: SubjectKind
    subject_code: Code
    responsible: Party
    raised_on: Day | None = Field(None, description="Default: today")
    is_illustrative: bool = Field(
        False, description="For the department; of an illustrative subject it always is"
    )


class ObstaclePostpone(In):
    """A later deadline, and why."""

    due_on: Day = Field(description="The new deadline, after the old one")
    reason: Text


class ObstacleReassign(In):
    """Who must act from now on."""

    responsible: Party
    responsible_name: Name | None = None
    reason: Text | None = None


class ObstacleClose(In):
    """What came of an obstacle."""

    outcome: Text
    closed_on: Day | None = Field(None, description="Default: today")


class ObstacleReopen(In):
    """Why a closed obstacle stands again."""

    reason: Text


class ObstacleQuery(Asked):
    state: ObstacleState | None = Field(
        None, description="`open`: all that is not closed, the overdue among them"
    )
    responsible: Party | None = None
    kind: DelayCause | None = None
    subject: SubjectKind | None = None
    subject_code: Code | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class ObstacleLine(Out):
    """One obstacle as Phụ lục 5 of the provincial report shows it. `at_stake_mw` is computed from the network, never
    typed; null where it is not known. `overdue_days` and `age_days` count until today, or until it was closed."""

    id: int
    kind: DelayCause
    title: str
    description: str | None
    subject: SubjectKind
    subject_code: str
    subject_name: str
    milestone: str | None
    responsible: Party
    responsible_name: str | None
    raised_on: date
    due_on: date | None
    closed_on: date | None
    outcome: str | None
    state: ObstacleState
    age_days: int
    overdue_days: int
    postponements: int
    at_stake_kw: ShownKw | None = Field(serialization_alias="at_stake_mw")
    organisation: str | None = Field(description="Who raised it")
    is_illustrative: bool
    revision: int


class ObstacleEntryRead(Out):
    """One step of its life. `day` is the deadline it was given, or the day it was closed or reopened; `previous_on`
    the day given up for it."""

    act: ObstacleAct
    day: date | None
    previous_on: date | None
    responsible: Party | None
    note: str | None
    organisation: str | None
    recorded_at: datetime


class ObstacleRead(ObstacleLine):
    history: list[ObstacleEntryRead]


class ObstaclePage(Out):
    items: list[ObstacleLine]
    next: str | None = None


class ObstacleTallyRead(Out):
    """What one party has to act on. `open` counts all that is not closed, `overdue` those of them past their deadline,
    `postponed` those put off at least once and `postponements` how often altogether."""

    responsible: Party
    open: int
    overdue: int
    postponed: int
    postponements: int
    oldest_days: int


class ObstacleTallyList(Out):
    items: list[ObstacleTallyRead]
