"""What a report on a unit of a line may say: its own shape, the order of the field, and the households on the unit.

A report has its place by the day it takes effect, not by when it comes. So a change is judged as a whole: everything it
tells is put on the line, and what then stands broken that did not before is the change's own doing, on that day and on
every later one. Two orders are physics and hold on every day: erected needs cast, strung needs all its towers erected
(rules R24, R25, hard). Two are law and hold when the work begins, for a handover may be taken back later: casting needs
the site, stringing the corridor; the department may override them with its reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.errors import Invalid, RuleBroken
from app.domain.rules import Rule
from app.domain.units import HELD, KIND_OF, Line, Report, Total, Unit, total_on
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus
from app.domain.work_problems import WorkProblem

# From a day on until before another one; None: it still stands.
Span = tuple[date, date | None]
SITE, FOUNDATION, ERECTION = UnitStage.SITE, UnitStage.FOUNDATION, UnitStage.ERECTION
CORRIDOR, STRINGING = UnitStage.CORRIDOR, UnitStage.STRINGING
# What needs the handover of its own unit on the day it is done.
NEEDS_LAND = {
    UnitKind.TOWER: (SITE, FOUNDATION, Rule.CAST_BEFORE_HANDOVER),
    UnitKind.SECTION: (CORRIDOR, STRINGING, Rule.STRUNG_BEFORE_HANDOVER),
}


def check_report(unit: Unit, report: Report, today: date) -> None:
    """Raises RuleBroken for a day in the future (R12) or a hold without its cause, Invalid for a stage of another kind."""
    if KIND_OF[report.stage] != unit.kind:
        raise Invalid(WorkProblem.STAGE_OF_OTHER_KIND, field="stage", stage=report.stage)
    if report.effective_on > today:
        raise RuleBroken(Rule.DATE_IN_FUTURE, field="effective_on", today=today)
    if report.status in HELD and report.cause is None:
        raise RuleBroken(WorkProblem.CAUSE_MISSING, field="cause", **_place(report))


def is_known(line: Line, unit: Unit, report: Report) -> bool:
    """Whether exactly this is what was last told of the stage on that day; told again it changes nothing. What is real
    takes the place of what was only illustrative."""
    told = [r for r in line.reports.get(unit.id, ()) if (r.stage, r.effective_on) == _key(report)]
    if not told:
        return False
    last = max(told, key=lambda r: r.revision)
    is_as_real = report.is_illustrative or not last.is_illustrative
    return is_as_real and (last.status, last.cause) == (report.status, report.cause)


def follows_cases(line: Line, unit: Unit, report: Report) -> bool:
    """Whether a report only repeats what the cases on its unit say already, so that nothing is to be kept of it.

    RuleBroken where it says otherwise (rule R28), with the numbers of the open cases, never a name: what holds a
    handover up, or takes it back, is told of the case. False where no case has a say on that day.
    """
    cases = line.cases.get(unit.id, ())
    days = [told.effective_on for case in cases for told in case.told]
    if report.stage != unit.handover or not days or report.effective_on < min(days):
        return False
    stands = line.standing(unit, report.stage, report.effective_on).status
    if report.status == stands != UnitStatus.NOT_STARTED or {report.status, stands} <= HELD:
        return True
    open_ = [case.number for case in line.open_cases(unit, report.effective_on)]
    raise RuleBroken(Rule.HANDOVER_BY_HOUSEHOLDS, field="status", households=open_, **_place(report))


@dataclass(frozen=True, slots=True)
class Breach:
    """An order of the field that a change breaks on a day. `blamed` are the units of the change that broke it, `by` the
    report that would have to be overridden, where the rule can be."""

    problem: Rule | WorkProblem
    unit: Unit
    day: date
    blamed: tuple[int, ...]
    by: Report | None = None
    towers: tuple[str, ...] = ()


def breaches(
    before: Line, after: Line, told: Mapping[int, Sequence[Report]], moved: Collection[int], today: date
) -> list[Breach]:
    """What a change breaks: `told` are its reports by unit, `moved` the units it has put on the line or moved along it.

    What was broken before the change is not its doing, and stays as it was.
    """
    found: list[Breach] = []
    strung: dict[int, date] = {}
    changed = {i for i, reports in told.items() if {ERECTION, STRINGING} & {r.stage for r in reports}}
    for unit_id, reports in told.items():
        unit = after.by_id[unit_id]
        found += _undone(before, after, unit, reports)
        found += _landless(before, after, unit, reports)
        if unit.kind == UnitKind.TOWER:
            found += _uncast(before, after, unit, reports)
        for section, day in _sections(after, unit, reports):
            strung[section.id] = min(day, strung.get(section.id, day))
    for unit_id in moved:
        unit = after.by_id[unit_id]
        for section in (unit,) if unit.kind == UnitKind.SECTION else after.sections_over(unit):
            strung.setdefault(section.id, today)
    for section_id, since in strung.items():
        found += _unerected(before, after, after.by_id[section_id], since, changed.union(moved))
    return found


def _sections(line: Line, unit: Unit, reports: Sequence[Report]) -> Iterable[tuple[Unit, date]]:
    """The sections whose stringing a change may contradict, each with the day from which on."""
    stage = STRINGING if unit.kind == UnitKind.SECTION else ERECTION
    days = [report.effective_on for report in reports if report.stage == stage]
    if days:
        sections = (unit,) if unit.kind == UnitKind.SECTION else line.sections_over(unit)
        yield from ((section, min(days)) for section in sections)


def _undone(before: Line, after: Line, unit: Unit, reports: Sequence[Report]) -> Iterable[Breach]:
    """Reopenings of what was not done on their day."""
    for stage in {report.stage for report in reports}:
        known = set() if unit.id not in before.by_id else _baseless(before.timelines(unit)[stage])
        for day in sorted(_baseless(after.timelines(unit)[stage]) - known):
            by = next((r for r in reports if (r.stage, r.effective_on) == (stage, day)), None)
            yield Breach(WorkProblem.NOT_DONE_BEFORE, unit, day, (unit.id,), by)


def _baseless(timeline: Sequence[Report]) -> set[date]:
    was, found = UnitStatus.NOT_STARTED, set()
    for report in timeline:
        if report.status == UnitStatus.REOPENED and was not in (UnitStatus.DONE, UnitStatus.REOPENED):
            found.add(report.effective_on)
        was = report.status
    return found


def _landless(before: Line, after: Line, unit: Unit, reports: Sequence[Report]) -> Iterable[Breach]:
    """Days on which a foundation is cast, or a section strung, on land that is not handed over."""
    land, work, rule = NEEDS_LAND[unit.kind]
    if not {land, work} & {report.stage for report in reports}:
        return
    known = set() if unit.id not in before.by_id else _begun_outside(before, unit, land, work)
    for day in sorted(_begun_outside(after, unit, land, work) - known):
        own = [r for r in reports if r.stage == work and r.effective_on == day]
        late = [r for r in reports if r.stage == land and r.effective_on <= day]
        by = own[0] if own else max(late, key=lambda r: r.effective_on, default=None)
        yield Breach(rule, unit, day, (unit.id,), by)


def _begun_outside(line: Line, unit: Unit, land: UnitStage, work: UnitStage) -> set[date]:
    timelines = line.timelines(unit)
    has = done_spans(timelines[land])
    return {start for start, _ in done_spans(timelines[work]) if not is_within(start, has)}


def _uncast(before: Line, after: Line, tower: Unit, reports: Sequence[Report]) -> Iterable[Breach]:
    """The first day on which a tower stands erected and its foundation is not cast."""
    days = [report.effective_on for report in reports if report.stage in (FOUNDATION, ERECTION)]
    if not days:
        return
    day = _gap(after, tower, min(days))
    if day is not None and (tower.id not in before.by_id or _gap(before, tower, min(days)) is None):
        yield Breach(Rule.ERECTED_BEFORE_CAST, tower, day, (tower.id,))


def _gap(line: Line, tower: Unit, since: date) -> date | None:
    timelines = line.timelines(tower)
    return first_gap(done_spans(timelines[ERECTION]), done_spans(timelines[FOUNDATION]), since)


def _unerected(
    before: Line, after: Line, section: Unit, since: date, changed: Collection[int]
) -> Iterable[Breach]:
    """The towers of a section that are not erected on a day on which it stands strung."""
    missing = _missing(after, section, since)
    if section.id in before.by_id:
        for tower in _missing(before, before.by_id[section.id], since):
            missing.pop(tower, None)
    if not missing:
        return
    carrying = [tower.id for tower in after.towers_of(section) if tower.id in changed]
    doing = [section.id] if section.id in changed else [t for t in carrying if t in missing] or carrying
    numbers = tuple(after.by_id[tower].number for tower in missing)
    yield Breach(Rule.STRUNG_BEFORE_ERECTED, section, min(missing.values()), tuple(doing), towers=numbers)


def _missing(line: Line, section: Unit, since: date) -> dict[int, date]:
    strung = done_spans(line.timelines(section)[STRINGING])
    if not strung:
        return {}
    gaps = {
        tower.id: first_gap(strung, done_spans(line.timelines(tower)[ERECTION]), since)
        for tower in line.towers_of(section)
    }
    return {tower: day for tower, day in gaps.items() if day is not None}


def done_spans(timeline: Sequence[Report]) -> list[Span]:
    """When a stage stood done, by its timeline in effective order; of one day the last report counts."""
    days = {report.effective_on: report.status == UnitStatus.DONE for report in timeline}
    spans: list[Span] = []
    start: date | None = None
    for day, is_done in days.items():
        if is_done and start is None:
            start = day
        elif not is_done and start is not None:
            spans.append((start, day))
            start = None
    return [*spans, (start, None)] if start is not None else spans


def first_gap(needs: Sequence[Span], has: Sequence[Span], since: date) -> date | None:
    """The first day from `since` on that is in `needs` and not in `has`; None where all of it is."""
    for start, end in needs:
        day: date | None = max(start, since)
        for first, last in has:
            if day is not None and first <= day and (last is None or day < last):
                day = last
        if day is not None and (end is None or day < end):
            return day
    return None


def is_within(day: date, spans: Iterable[Span]) -> bool:
    """Whether a day is in one of the spans."""
    return any(start <= day and (end is None or day < end) for start, end in spans)


def first_overrun(line: Line, stage: UnitStage, first: int | None, versions: Iterable[Total]) -> date | None:
    """The first day on which more units stand done in a stage than the total then in force (rule R26); None where none."""
    kind = KIND_OF[stage]
    versions = list(versions)
    steps: dict[date, int] = {}
    for unit in line.of(kind):
        for start, end in done_spans(line.timelines(unit)[stage]):
            steps[start] = steps.get(start, 0) + 1
            if end is not None:
                steps[end] = steps.get(end, 0) - 1
    done = 0
    for day in sorted({*steps, *(v.effective_on for v in versions if v.kind == kind)}):
        done += steps.get(day, 0)
        total = total_on(first, versions, kind, day)
        if total is not None and done > total:
            return day
    return None


def check_total(line: Line, first: int | None, versions: Sequence[Total], kind: UnitKind) -> None:
    """RuleBroken (R26) where the last of a line's denominators is below what is listed, or one below what was done in its
    time.

    To be asked with the denominators as they would be.
    """
    listed, total = len(line.of(kind)), total_on(first, versions, kind, date.max)
    if total is not None and listed > total:
        raise RuleBroken(Rule.MORE_DONE_THAN_TOTAL, field="total", total=total, listed=listed)
    for stage in (stage for stage, of in KIND_OF.items() if of == kind):
        day = first_overrun(line, stage, first, versions)
        if day is not None:
            raise RuleBroken(Rule.MORE_DONE_THAN_TOTAL, field="total", stage=stage, day=day)


def has_fallen(line: Line, stage: UnitStage, since: date, until: date) -> bool:
    """Whether a unit was reopened, or set back, in a stage after one day and up to another: why a count may fall (R27)."""
    back = (UnitStatus.REOPENED, UnitStatus.NOT_STARTED)
    return any(
        since < report.effective_on <= until and report.status in back
        for unit in line.of(KIND_OF[stage])
        for report in line.timelines(unit)[stage]
    )


def _key(report: Report) -> tuple[UnitStage, date]:
    return report.stage, report.effective_on


def _place(report: Report) -> dict[str, object]:
    """Which report of its unit a problem is about."""
    return {"stage": report.stage, "effective_on": report.effective_on}
