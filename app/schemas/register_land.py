"""The sections of a register file about lines, the land under them, and what the grid can take."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import Code, Day, In, Text
from app.schemas.commitments import CommitmentMake
from app.schemas.evacuation import EvacuationGroupCreate, EvacuationLimitState, EvacuationPathPut
from app.schemas.households import HouseholdRow
from app.schemas.units import CountReport, TotalState, UnitRow

MOST_ROWS = 10_000


class TotalLine(TotalState):
    """A later version of a denominator of a work."""

    work: Code


class CountLine(CountReport):
    """An X/Y that was reported of a work."""

    work: Code


class UnitSection(In):
    """The towers and sections of a line with what was reported of them. `is_illustrative` marks every row."""

    work: Code
    is_illustrative: bool = False
    rows: Annotated[list[UnitRow], Field(max_length=MOST_ROWS)] = []


class HouseholdSection(In):
    """The cases of a work's packages; a case may have a row for each day on which its state changed."""

    work: Code
    is_illustrative: bool = False
    rows: Annotated[list[HouseholdRow], Field(max_length=MOST_ROWS)] = []


class MoveLine(In):
    """A commitment was put off to a later day."""

    stated_on: Day
    due_on: Day
    reason: Text


class CommitmentSection(CommitmentMake):
    """A commitment with its first day, and the moves that came after."""

    made_on: Day
    moves: Annotated[list[MoveLine], Field(max_length=100)] = []


class PhasePathLine(EvacuationPathPut):
    phase: Code


class GroupPathLine(EvacuationPathPut):
    group: Code


class GroupSection(EvacuationGroupCreate):
    """An evacuation group with the phases and groups whose power passes it, and its limits."""

    phases: list[PhasePathLine] = []
    groups: list[GroupPathLine] = []
    limits: list[EvacuationLimitState] = []
