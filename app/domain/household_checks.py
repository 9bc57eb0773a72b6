"""What the rules say of one case of land clearance: its days and number, its money (R29), notice and posting (R30, R31),
and the support granted in a corridor (R32). No figure and no text of a person is ever put into what they answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.errors import Invalid, RuleBroken
from app.domain.households import UNIT_OF, Told
from app.domain.problems import Problem
from app.domain.rules import Finding, Level, Rule
from app.domain.vocabulary import Track, UnitKind
from app.domain.work_problems import WorkProblem

# Rule R30, Luật Đất đai 2013 Điều 67: days from the notice to the recovery decision.
NOTICE_FARM_LAND, NOTICE_OTHER_LAND = 90, 180
# Rule R31, days for which a plan is posted before its appraisal.
POSTED = 20
# Rule R32, NĐ 14/2014/NĐ-CP Điều 18-19: most support in a corridor, in percent of the value.
HOUSE_CAP, LAND_CAP = 70, 80
# The steps of the template `land_clearance` that the rules measure between.
NOTICE, POSTING, APPRAISAL, RECOVERY = "L-05", "L-11", "L-12", "L-13"
STEPS = frozenset({NOTICE, POSTING, APPRAISAL, RECOVERY})
# What of a state holds on until another is told, whatever is told of the rest.
HOLDING_ON = ("attitude", "approved_vnd", "paid_vnd")
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Procedure:
    """When the steps of a package were done, as far as it is known; `rounds` are postings with their appraisals."""

    notice_on: date | None = None
    recovery_on: date | None = None
    rounds: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Particulars:
    """What of a case the warnings hang on. Percentages are of the value; None: not known."""

    track: Track
    is_farm_land: bool | None = None
    agreed_early: bool | None = None
    decision_on: date | None = None
    house_support_percent: float | None = None
    land_support_percent: float | None = None


def check_number(number: str) -> None:
    """Raises Invalid unless it can be a case number: ASCII with a digit, so that nobody's name is one."""
    if not _NUMBER.fullmatch(number) or not any(sign.isdigit() for sign in number):
        raise Invalid(WorkProblem.CASE_NUMBER, field="number")


def check_days(today: date, **days: date | None) -> None:
    """Rule R12: raises RuleBroken where a day on which something happened lies in the future."""
    for field, day in days.items():
        if day is not None and day > today:
            raise RuleBroken(Rule.DATE_IN_FUTURE, field=field)


def check_unit(track: Track, kind: UnitKind) -> None:
    """Raises Invalid where a case of a track stands on the other kind of unit."""
    if kind != UNIT_OF[track]:
        raise Invalid(WorkProblem.OTHER_TRACK, field="unit")


def check_commune(valid_from: date | None, valid_until: date | None, day: date) -> None:
    """Raises Invalid where the commune of a new case did not exist on the day from which it is told of."""
    if (valid_from is not None and day < valid_from) or (valid_until is not None and day > valid_until):
        raise Invalid(WorkProblem.COMMUNE_NOT_THEN, field="effective_on")


def follows(standing: Told | None, said: Mapping[str, Any], effective_on: date) -> Told | None:
    """The state from a day on by a report: fields left out keep what they were on that day. None where it says what
    stands already. Invalid where nothing stands yet and the report has no status."""
    if said.get("status", standing) is None:
        raise Invalid(Problem.FIELD_MISSING, field="status")
    if standing is None:
        return Told(effective_on, **said)
    told = replace(standing, **said)
    return None if told == standing else replace(told, effective_on=effective_on)


def carried(before: Told | None, told: Told, later: Iterable[Told]) -> list[Told]:
    """What a report that comes late adds to the states after it, in effective order: money or an attitude that was not
    known holds until a later state knows another. So the order in which reports come does not matter to them."""
    fresh = {name for name in HOLDING_ON if getattr(before, name, None) is None}
    last = {one.effective_on: one for one in later if one.effective_on > told.effective_on}
    found = []
    for one in last.values():
        fresh = {name for name in fresh if getattr(told, name) is not None and getattr(one, name) is None}
        if not fresh:
            break
        found.append(replace(one, **{name: getattr(told, name) for name in fresh}))
    return found


def money(told: Iterable[Told], decision_number: str | None) -> Iterator[Finding]:
    """Rule R29 on every day that is told of: no more paid than approved, nothing approved without its decision."""
    told = list(told)
    if any(_is_overpaid(one) for one in told):
        yield Finding(Rule.PAID_ABOVE_APPROVED, Level.HARD, field="paid_vnd")
    if told and told[-1].paid_vnd and told[-1].approved_vnd is None:
        yield Finding(Rule.PAID_ABOVE_APPROVED, Level.WARNING, field="paid_vnd", unknown=True)
    if decision_number is None and any(one.approved_vnd is not None for one in told):
        yield Finding(Rule.APPROVED_WITHOUT_DECISION, Level.HARD, field="decision_number")


def _is_overpaid(told: Told) -> bool:
    return told.approved_vnd is not None and (told.paid_vnd or 0) > told.approved_vnd


def warnings(case: Particulars, procedure: Procedure) -> Iterator[Finding]:
    """Rules R30 to R32: what may be challenged later and is kept nevertheless."""
    if case.track == Track.RECOVERED_LAND:
        yield from _notice(case, procedure)
        if any((appraised_on - posted_on).days < POSTED for posted_on, appraised_on in procedure.rounds):
            yield Finding(Rule.POSTED_BRIEFLY, Level.WARNING)
        return
    for field, cap in (("house_support_percent", HOUSE_CAP), ("land_support_percent", LAND_CAP)):
        if (getattr(case, field) or 0) > cap:
            yield Finding(Rule.SUPPORT_ABOVE_CAP, Level.WARNING, field=field)


def _notice(case: Particulars, procedure: Procedure) -> Iterator[Finding]:
    """Rule R30. A case's own decision comes before the step of its package; not waited out where all agreed earlier."""
    decided_on = case.decision_on or procedure.recovery_on
    if decided_on is None or case.agreed_early:
        return
    unknown = procedure.notice_on is None
    if procedure.notice_on is not None:
        days = (decided_on - procedure.notice_on).days
        if days >= (NOTICE_FARM_LAND if case.is_farm_land else NOTICE_OTHER_LAND):
            return
        # Between the two it hangs on what land it is.
        unknown = case.is_farm_land is None and days >= NOTICE_FARM_LAND
    yield Finding(Rule.RECOVERED_EARLY, Level.WARNING, field="decision_on", unknown=unknown)
