"""What units and cases say of the milestones that count them: the day on which a stage, or a package, was complete."""

from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.errors import RuleBroken
from app.domain.households import Case
from app.domain.network import LAND_ENDS, WORK_END
from app.domain.rules import Rule
from app.domain.units import KIND_OF, STEPS, Line, Total, count, total_on
from app.domain.vocabulary import SubjectKind, UnitKind, UnitStage

# The stage that each counting step of a grid work comes to; the steps that end the land of one.
STAGE_OF = {step: stage for stage, step in STEPS.items()}
PACKAGE_ENDS = frozenset(LAND_ENDS.values())
MOST_NAMED = 20


def can_follow(subject: SubjectKind, code: str, instance: int) -> bool:
    """Whether a milestone is one of those that follow units or cases, where there are any."""
    if instance != 1:
        return False
    if subject == SubjectKind.GRID_WORK:
        return code in STAGE_OF
    return subject == SubjectKind.CLEARANCE and code in PACKAGE_ENDS


def completed_on(
    line: Line, stage: UnitStage, today: date, first: int | None, versions: Sequence[Total]
) -> date | None:
    """Since when every unit there is has passed a stage; None where one has not, or is not listed yet.

    That is the day on which the last unit got there, or on which the total (`first`, then its versions) came to be the
    number of those that had.
    """
    kind = KIND_OF[stage]
    counted = count(line, stage, today, total_on(first, versions, kind, today))
    if not counted.is_complete or counted.listed != counted.total:
        return None
    standings = [line.standing(unit, stage, today) for unit in line.of(kind)]
    last_on = max(found.since_on for found in standings if found.since_on is not None)
    since: date | None = None
    changed = {v.effective_on for v in versions if v.kind == kind and last_on < v.effective_on <= today}
    for day in (last_on, *sorted(changed)):
        agrees = total_on(first, versions, kind, day) in (counted.done, None)
        since = (since or day) if agrees else None
    return since


def handed_over_on(cases: Iterable[Case], today: date) -> date | None:
    """Since when all cases of a package have handed over; None where one has not, or where there are none."""
    days: list[date] = []
    for case in cases:
        since: date | None = None
        for told in case.told:
            if told.effective_on > today:
                break
            since = (since or told.effective_on) if told.is_handed_over else None
        if since is None:
            return None
        days.append(since)
    return max(days, default=None)


def check_energised(line: Line, energised_on: date, total: int | None) -> None:
    """Raises RuleBroken where a line with sections was energised before its last one was strung (rule R36, hard)."""
    sections = line.of(UnitKind.SECTION)
    if not sections:
        return
    counted = count(line, UnitStage.STRINGING, energised_on, total)
    if counted.is_complete:
        return
    left = [s.number for s in sections if not line.standing(s, UnitStage.STRINGING, energised_on).is_done]
    raise RuleBroken(
        Rule.ENERGISED_BEFORE_STRUNG,
        field="actual_on",
        milestone=WORK_END,
        sections=left[:MOST_NAMED],
        left=max(counted.left or 0, len(left)),
    )
