"""Judging the rows of a change together, so that neither their order nor that of their reports matters: what they tell is
put on the line in memory, and what then stands broken is refused row by row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from app.domain import unit_checks
from app.domain.access import Actor, May
from app.domain.errors import Forbidden, Invalid, RuleBroken, TrackerError
from app.domain.problems import Problem
from app.domain.rules import Level, Rule
from app.domain.unit_checks import Breach
from app.domain.units import KIND_OF, ORDER, Line, Report
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus
from app.domain.work_problems import WorkProblem
from app.schemas.units import UnitRow
from app.services import unit_places
from app.services.unit_drafts import Draft, Known, Place

TOWER, SECTION = UnitKind.TOWER, UnitKind.SECTION
# Rows may pull each other down one by one; so many times they are judged again before all are given back.
MOST_TIMES = 20


def judge(
    known: Known, actor: Actor, rows: Sequence[UnitRow], today: date, *, without_refused: bool = False
) -> Draft:
    """Judges rows together. A refused row is a part of what the others are judged against, unless `without_refused` has
    them judged again without it, until nothing more is refused (`is_settled`), or it has gone on for too long."""
    refused: dict[int, TrackerError] = {}
    for _ in range(MOST_TIMES if without_refused else 1):
        taken = {number: row for number, row in enumerate(rows) if number not in refused}
        found = _judged(known, actor, taken, today, without_refused)
        found.is_settled = not found.refused
        refused |= found.refused
        if found.is_settled:
            break
    found.refused, found.rows = refused, dict(enumerate(rows))
    return found


def _judged(known: Known, actor: Actor, rows: Mapping[int, UnitRow], today: date, in_steps: bool) -> Draft:
    """One judgement of rows. `in_steps` it ends at the first step that refuses any, for the next step is not to be judged
    against what will not be there: rows by themselves, then the order of towers, then that of sections."""
    found = Draft(known, actor, today, dict(known.line.by_id), dict(known.line.named), rows=dict(rows))
    for kind in (TOWER, SECTION):
        for number, row in rows.items():
            if row.kind == kind:
                with found.row(number):
                    unit_places.put(found, number, row)
    unit_places.follow_towers(found)
    unit_places.check_places(found)
    unit_places.check_listed(found)
    for number, row in rows.items():
        if number not in found.refused:
            with found.row(number):
                _tell(found, row)
    if found.refused and in_steps:
        return found
    reports = known.line.reports | {i: [*known.line.reports.get(i, ()), *r] for i, r in found.told.items()}
    after = Line(found.units.values(), reports, known.line.cases)
    broken = unit_checks.breaches(known.line, after, found.told, found.moved, today)
    used: set[Place] = set()
    for kind in (TOWER, SECTION):
        if not (found.refused and in_steps):
            used |= _check_order(found, [breach for breach in broken if breach.unit.kind == kind])
    if not (found.refused and in_steps):
        _check_overrides(found, used)
        _check_done(found, after)
    return found


def _tell(found: Draft, row: UnitRow) -> None:
    """Adds what is new of a row's reports."""
    unit, line = found.named[row.kind, row.number], found.known.line
    told: dict[tuple[UnitStage, date], Report] = {}
    seen: set[tuple[UnitStage, date]] = set()
    for said in row.reports:
        place = said.stage, said.effective_on
        if place in seen:
            raise Invalid(WorkProblem.UNIT_TWICE, field="reports", stage=said.stage, effective_on=place[1])
        seen.add(place)
        report = Report(
            said.stage,
            said.status,
            said.effective_on,
            said.cause,
            found.known.revision,
            said.is_illustrative or found.known.work.is_illustrative,
        )
        unit_checks.check_report(unit, report, found.today)
        if missing := sorted(set(said.sources) - found.known.sources):
            raise Invalid(Problem.UNKNOWN_SOURCE, field="sources", codes=missing)
        if unit_checks.is_known(line, unit, report) or unit_checks.follows_cases(line, unit, report):
            continue
        if said.override_reason is not None and not found.actor.may(May.OVERRIDE_RULE):
            raise Forbidden(Problem.OVERRIDE_NOT_ALLOWED, field="override_reason")
        told[place] = report
        found.said[unit.id, *place] = said
    if told:
        found.told[unit.id] = sorted(told.values(), key=lambda r: (r.effective_on, ORDER[r.stage]))


def _check_order(found: Draft, broken: Iterable[Breach]) -> set[Place]:
    """Refuses what breaks rules R24 and R25, keeps what the department overrides, and returns which reports that were."""
    used: set[Place] = set()
    for breach in broken:
        by = None if breach.by is None else (breach.unit.id, breach.by.stage, breach.by.effective_on)
        can_be = isinstance(breach.problem, Rule) and breach.problem.level == Level.OVERRIDE
        if by is not None and can_be and found.said[by].override_reason is not None:
            used.add(by)
            found.warnings[found.row_of[breach.unit.id]].append(breach)
        else:
            found.refuse(breach.blamed, _broken(breach))
    return used


def _check_overrides(found: Draft, used: set[Place]) -> None:
    """An override that nothing needs would hide what it was meant for."""
    for place, said in found.said.items():
        if said.override_reason is not None and place not in used:
            error = Invalid(Problem.OVERRIDE_NOT_NEEDED, field="override_reason", stage=said.stage)
            found.refuse([place[0]], error)


def _broken(breach: Breach) -> RuleBroken:
    details: dict[str, object] = {"unit": breach.unit.number, "day": breach.day}
    if breach.towers:
        details["towers"] = list(breach.towers)
    return RuleBroken(breach.problem, field="status", **details)


def _check_done(found: Draft, after: Line) -> None:
    """Rule R26 for days on which a smaller denominator was in force."""
    known = found.known
    for stage, kind in KIND_OF.items():
        stated = [known.first[kind], *(v.total for v in known.versions if v.kind == kind)]
        if all(total is None or len(after.of(kind)) <= total for total in stated):
            continue
        day = unit_checks.first_overrun(after, stage, known.first[kind], known.versions)
        was = unit_checks.first_overrun(known.line, stage, known.first[kind], known.versions)
        if day is None or day == was:
            continue
        doing = [i for i, told in found.told.items() if any(_is_done(r, stage, day) for r in told)]
        found.refuse(doing, RuleBroken(Rule.MORE_DONE_THAN_TOTAL, field="status", stage=stage, day=day))


def _is_done(report: Report, stage: UnitStage, day: date) -> bool:
    return report.stage == stage and report.status == UnitStatus.DONE and report.effective_on <= day
