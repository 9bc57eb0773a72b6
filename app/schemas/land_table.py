"""The weekly land table on the wire."""

from datetime import date

from pydantic import Field

from app.domain.vocabulary import DelayCause, LandLevel, Party
from app.schemas.base import Asked, Code, Day, KnownAt, Out


class LandTableQuery(Asked):
    week: Day | None = Field(
        None,
        description="The cut-off day the week ends on, or a later day of the next; default: the running week up to today",
    )
    work: Code | None = None
    district: Code | None = None
    known_at: KnownAt | None = None


class WeekRead(Out):
    """The days after `previous_on` up to `ends_on`; figures are those of the end of that day. `is_running`: the day is not
    over, for what is asked to be known."""

    previous_on: date
    ends_on: date
    is_running: bool


class LandUnitsRead(Out):
    """Towers or sections. `total` is what the work states, else how many are listed; a district or commune has only its
    listed ones. `not_listed` is what the stated total has beyond the list, and is put nowhere. `in_week` is below 0 where
    more were reopened than handed over. Lengths are the known ones, null where none is known."""

    total: int | None
    listed: int
    not_listed: int | None
    handed_over: int
    in_week: int
    left: int | None
    km: float | None
    handed_over_km: float | None
    in_week_km: float | None
    held: list[str] = Field(description="Numbers still held: blocked, reopened, or with open households")


class LandHouseholdsRead(Out):
    total: int
    inventoried: int
    plan_approved: int
    paid: int
    paid_vnd: int
    paid_million: float = Field(description="Triệu đồng")
    not_agreeing: int


class LandCauseRead(Out):
    cause: DelayCause
    count: int


class LandAskedRead(Out):
    """An open obstacle that the locality is to clear away."""

    responsible: Party
    title: str


class LandPromisesRead(Out):
    """What came of what was promised for the week, by the units of the row: `late` within the week but after its day,
    `moved` to a day after it, `open` with time left. A promise that several communes share counts in each of them."""

    total: int
    kept: int
    late: int
    moved: int
    broken: int
    withdrawn: int
    open: int


class LandRowRead(Out):
    """A work, district or commune; what it sums up stands below it. Code and name are null where the place is not known.
    `due_days` are those for which what is still owed was promised."""

    level: LandLevel
    work: str
    code: str | None
    name: str | None
    towers: LandUnitsRead
    sections: LandUnitsRead
    households: LandHouseholdsRead
    causes: list[LandCauseRead]
    asked: list[LandAskedRead]
    due_days: list[date]
    promises: LandPromisesRead
    is_illustrative: bool


class LandTableRead(Out):
    week: WeekRead
    items: list[LandRowRead]
    revision: int
