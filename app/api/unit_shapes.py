"""Units of a line, its counts and its denominators on their way to the wire."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.api.milestone_shapes import current, view
from app.db import Session
from app.deps import Ask
from app.domain.rules import Rule
from app.domain.units import ENERGISED_WEIGHT, STAGES, WEIGHTS, Count
from app.domain.vocabulary import UnitKind, UnitStage
from app.queries import land_places, progress, unit_lists, units
from app.queries.capacity import View
from app.queries.prepared import Plain
from app.queries.progress import Progress
from app.queries.unit_lists import Seen
from app.schemas.milestones import KnownQuery
from app.schemas.projects import NamedRead
from app.schemas.units import (
    CommuneRead,
    CommuneStageRead,
    CountList,
    CountRead,
    HeldList,
    HeldRead,
    ProgressRead,
    ReportedRead,
    StageRead,
    StandingRead,
    StripRead,
    StripUnit,
    TotalList,
    TotalRead,
    UnitEntryRead,
    UnitLine,
    UnitPage,
    UnitQuery,
    UnitRead,
    UnitWarning,
)
from app.tables.organisations import AdministrativeUnit
from app.tables.works import GridWork

# What is told of a unit, a report, a total or a count as its row has it.
OF_LINE = ("kind", "number", "position", "length_m", "is_illustrative")
OF_UNIT = ("is_tension", "latitude", "longitude", "note", "revision")
OF_ENTRY = ("stage", "status", "effective_on", "cause", "note", "override_reason")
OF_TOTAL = ("kind", "total", "effective_on", "reason")
OF_COUNT = ("stage", "done", "total", "reported_on", "note")
OF_RECORD = ("is_illustrative", "organisation", "recorded_at")
Names = Mapping[str | None, Any]


def page(session: Session, ask: Ask, code: str, kind: UnitKind, query: UnitQuery) -> UnitPage:
    """The units of a kind along the line, as of the day asked for."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    limit, asked = ask.limit(query.limit), view(session, ask, query)
    filters = unit_lists.Filters(kind, query.commune, query.stage, query.status)
    found = unit_lists.page(session, asked, work, filters, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(found, limit, unit_lists.place)
    names = unit_lists.names(session, (seen.unit.commune for seen in shown))
    return UnitPage(items=[UnitLine(**_unit(seen, names)) for seen in shown], next=following)


def one(
    session: Session,
    ask: Ask,
    code: str,
    kind: UnitKind,
    number: str,
    asked: View | None = None,
    warnings: Sequence[UnitWarning] = (),
) -> UnitRead:
    """One unit with its history; as it stands today, also within a change, unless a view is given."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    asked = asked or current(session, ask)
    seen = unit_lists.one(session, asked, work, kind, number)
    names = unit_lists.names(session, [seen.unit.commune])
    told = [_entry(row) for row in unit_lists.history(session, asked, seen)]
    return UnitRead(**_unit(seen, names), history=told, warnings=list(warnings))


def _unit(seen: Seen, names: Names) -> dict[str, Any]:
    return {
        **{name: getattr(seen.row, name) for name in OF_UNIT},
        **{name: getattr(seen.unit, name) for name in OF_LINE},
        "from_tower": seen.ends[0],
        "to_tower": seen.ends[1],
        "commune": _named(names, seen.unit.commune),
        "stages": {
            stage: StandingRead(status=found.status, since_on=found.since_on, cause=found.cause)
            for stage, found in seen.stages.items()
        },
        "sources": list(seen.row.sources),
    }


def _entry(row: Plain) -> UnitEntryRead:
    said = {name: getattr(row, name) for name in (*OF_ENTRY, *OF_RECORD)}
    return UnitEntryRead(**said, sources=list(row.sources), recorded_in=row.revision)


def of_progress(session: Session, ask: Ask, code: str, query: KnownQuery) -> ProgressRead:
    """How far a line has come on the day asked for."""
    holder, _ = unit_lists.holder_of(session, ask.actor, code)
    found = progress.of(session, view(session, ask, query), holder)
    counts, names = found.counts, unit_lists.names(session, found.communes)
    return ProgressRead(
        work=code,
        as_of=found.view.as_of,
        known_in=found.view.revision,
        stages=[_stage(found, count) for count in counts.values()],
        sections_km=counts[UnitStage.CORRIDOR].length_m / 1000,
        corridor_km=counts[UnitStage.CORRIDOR].done_m / 1000,
        strung_km=counts[UnitStage.STRINGING].done_m / 1000,
        percent=found.percent,
        is_energised=found.is_energised,
        energised_weight=ENERGISED_WEIGHT,
        communes=[_commune(names, at, of) for at, of in _by_code(found.communes)],
        is_illustrative=found.is_illustrative,
    )


def _stage(found: Progress, count: Count) -> StageRead:
    said = found.reported.get(count.stage)
    reported = None
    if said is not None:
        difference = count.done - said.done
        reported = ReportedRead(
            **{name: getattr(said, name) for name in ("done", "total", "reported_on", "is_illustrative")},
            difference=difference,
        )
    return StageRead(
        **_counted(count),
        total=count.total,
        percent=round(100 * count.done / count.total, 2) if count.total else None,
        weight=WEIGHTS.get(count.stage),
        reported=reported,
    )


def _counted(count: Count) -> dict[str, Any]:
    return {name: getattr(count, name) for name in ("stage", "done", "in_progress", "held", "listed")}


def _commune(names: Names, code: str | None, counts: Mapping[UnitStage, Count]) -> CommuneRead:
    told = [CommuneStageRead(**_counted(count)) for count in counts.values() if count.listed]
    return CommuneRead(commune=_named(names, code), stages=told)


def _by_code(
    communes: Mapping[str | None, Mapping[UnitStage, Count]],
) -> Iterable[tuple[str | None, Mapping[UnitStage, Count]]]:
    """By code; units whose commune nobody has named come last."""
    return sorted(communes.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))


def strip(session: Session, ask: Ask, code: str, query: KnownQuery) -> StripRead:
    """Every unit of a line with the state of its stages."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    asked = view(session, ask, query)
    line = units.line(session, work, asked.revision)
    items = [
        StripUnit(
            kind=unit.kind,
            number=unit.number,
            position=unit.position,
            commune=unit.commune,
            states=[line.standing(unit, stage, asked.as_of).status for stage in STAGES[unit.kind]],
            is_illustrative=work.is_illustrative or line.is_illustrative(unit),
        )
        for unit in line.units
    ]
    stages = {kind: list(of) for kind, of in STAGES.items()}
    return StripRead(work=code, as_of=asked.as_of, stages=stages, items=items)


def held(session: Session, ask: Ask, code: str, query: KnownQuery) -> HeldList:
    """The units that are held; how many households on one are open is for those who read the cases of its district."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    asked = view(session, ask, query)
    line = units.line(session, work, asked.revision)
    found = unit_lists.held(line, asked.as_of)
    names = unit_lists.names(session, (one.unit.commune for one in found))
    reach = land_places.reach(session, ask.actor)
    items = [
        HeldRead(
            kind=one.unit.kind,
            number=one.unit.number,
            position=one.unit.position,
            blocked_stage=one.stage,
            status=one.standing.status,
            since_on=one.standing.since_on,
            cause=one.standing.cause,
            commune=_named(names, one.unit.commune),
            open_households=one.open_cases if _reaches(reach, names.get(one.unit.commune)) else None,
            is_illustrative=work.is_illustrative or line.is_illustrative(one.unit),
        )
        for one in found
    ]
    return HeldList(work=code, as_of=asked.as_of, items=items)


def _reaches(reach: frozenset[str] | None, commune: AdministrativeUnit | None) -> bool:
    return reach is None or (commune is not None and commune.parent_code in reach)


def totals(session: Session, ask: Ask, code: str) -> TotalList:
    """Every version of the denominators, those that stand with the work first."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    session.flush()
    first = {UnitKind.TOWER: work.towers_total, UnitKind.SECTION: work.sections_total}
    own = {"is_illustrative": work.is_illustrative, "sources": list(work.sources)}
    items = [TotalRead(kind=kind, total=total, **own) for kind, total in first.items() if total is not None]
    items += [
        TotalRead(**{name: getattr(row, name) for name in (*OF_TOTAL, *OF_RECORD)}, sources=list(row.sources))
        for row in progress.versions_of(session, work)
    ]
    return TotalList(items=items, revision=work.revision)


def counts(session: Session, ask: Ask, code: str) -> CountList:
    """The reported counts, oldest first, each with what is odd about it (rule R27)."""
    _, work = unit_lists.holder_of(session, ask.actor, code)
    revision = current(session, ask).revision
    rows = progress.counts_of(session, work, revision)
    odd = progress.fallen(units.line(session, work, revision), rows)
    return CountList(items=[_count(ask, row, odd.get(row.id)) for row in rows])


def count(session: Session, ask: Ask, work: GridWork, count_id: int | None) -> CountRead:
    """One reported count that was just kept."""
    revision = current(session, ask).revision
    rows = progress.counts_of(session, work, revision)
    odd = progress.fallen(units.line(session, work, revision), rows)
    return next(_count(ask, row, odd.get(row.id)) for row in rows if row.id == count_id)


def _count(ask: Ask, row: Plain, before: Plain | None) -> CountRead:
    warnings = []
    if before is not None:
        said = {"previous": before.done, "reported_on": before.reported_on}
        warnings.append(UnitWarning.of(Rule.COUNT_FALLS, ask.lang, **said))
    told = {name: getattr(row, name) for name in (*OF_COUNT, *OF_RECORD)}
    return CountRead(**told, sources=list(row.sources), warnings=warnings)


def _named(names: Names, code: str | None) -> NamedRead | None:
    row = names.get(code)
    return None if row is None else NamedRead(code=row.code, name=row.name)
