"""Networks of activities as a file, for checking the schedule against published ones."""

from typing import Annotated

from pydantic import Field, StringConstraints

from app.schemas.base import In, Out

# Far beyond any schedule, and so small that a million of them in a row can still be added up.
LONGEST_DAYS = 1_000_000
LONGEST_ID = 100

Id = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]


class ActivityIn(In):
    """One activity; `duration` in whole days, never as text or with a decimal point."""

    id: Id
    duration: Annotated[int, Field(strict=True, ge=0, le=LONGEST_DAYS)]
    successors: tuple[Id, ...] = ()


class NetworkIn(In):
    """The file."""

    activities: Annotated[tuple[ActivityIn, ...], Field(min_length=1)]


class ActivityRead(Out):
    """Days from 0; `critical` is what has no float."""

    id: str
    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int
    total_float: int
    critical: bool


class NetworkRead(Out):
    """The answer, its activities in the order of the file."""

    makespan: int
    activities: list[ActivityRead]
