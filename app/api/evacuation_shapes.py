"""Evacuation groups, paths, limits and flows on their way to the wire."""

from collections.abc import Mapping, Sequence

from app.db import Session
from app.deps import Ask
from app.domain import evacuation as domain
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.evacuation_limits import StatedLimit
from app.domain.problems import Problem
from app.domain.rules import Finding
from app.queries import evacuation as found
from app.queries import evacuation_flows as flows
from app.queries import evacuation_supplies as supplies
from app.queries import journal
from app.queries.capacity import View
from app.queries.evacuation import Entry, Line, Stated
from app.queries.evacuation_flows import Answer, Node
from app.queries.evacuation_supplies import Unstated
from app.schemas.evacuation import (
    EvacuationGroupLine,
    EvacuationGroupRead,
    EvacuationLimitRead,
    EvacuationLine,
    EvacuationPathRead,
    EvacuationPathSaved,
    EvacuationQuery,
    EvacuationRead,
    HoldingLimit,
    UnstatedRead,
)
from app.schemas.ledger import FindingRead
from app.schemas.projects import NamedRead
from app.tables.evacuation import EvacuationGroup


def group_line(line: Line) -> EvacuationGroupLine:
    """A group in a list."""
    return EvacuationGroupLine(**_group(line))


def group(session: Session, ask: Ask, row: EvacuationGroup) -> EvacuationGroupRead:
    """A group with its paths."""
    return EvacuationGroupRead(
        **_group(found.line(session, row)),
        entries=[_entry(ask, entry) for entry in found.entries(session, row)],
        drains_into=[_name(other) for other in found.onward(session, row)],
        note=_inside(ask, row.note),
    )


def entry_of(
    session: Session, ask: Ask, row: EvacuationGroup, *, phase: str | None = None, source: str | None = None
) -> EvacuationPathSaved:
    """The one path into a group from a phase, or from another group, by code."""
    for entry in found.entries(session, row):
        start = entry.phase if phase is not None else entry.group
        if start is not None and start.code == (phase or source):
            return EvacuationPathSaved(**dict(_entry(ask, entry)), revision=row.revision)
    raise AssertionError("what was put stands")


def limit(ask: Ask, row: EvacuationGroup, stated: Stated) -> EvacuationLimitRead:
    """One statement of a group's limit."""
    said = stated.row
    return EvacuationLimitRead(
        **said.model_dump(
            include={"id", "valid_from", "valid_until", "letter_number", "letter_on", "letter_issuer"}
        ),
        group=row.code,
        capacity_kw=said.kw,
        condition=said.condition,
        criterion=said.criterion,
        work=stated.work,
        organisation=stated.organisation,
        recorded_at=stated.recorded_at,
        withdrawn_at=stated.withdrawn_at,
        withdrawn_for=_inside(ask, said.withdrawn_for),
        is_illustrative=said.is_illustrative or row.is_illustrative,
        sources=list(said.sources or ()),
        note=_inside(ask, said.note),
        revision=row.revision,
    )


def evacuation(session: Session, ask: Ask, query: EvacuationQuery) -> EvacuationRead:
    """What the limits of a view let through."""
    revision = journal.known(session, query.known_at)
    view = View(ask.actor, query.as_of or ask.today, revision, query.illustrative)
    answer = flows.answer(session, view, query.basis, query.criterion)
    usable, stated = answer.usable_kw, answer.supply.stated_kw
    limit = ask.limit(query.limit)
    rows = _after(answer.supply.unstated, ask.after(query.cursor))[: limit + 1]
    shown, following = ask.page(rows, limit, lambda row: "/".join(map(str, row.place)))
    return EvacuationRead(
        as_of=view.as_of,
        revision=revision,
        basis=query.basis,
        criterion=query.criterion,
        supply_kw=stated + answer.supply.unstated_kw,
        usable_kw=usable,
        held_back_kw=None if usable is None else stated - usable,
        unlimited_kw=answer.evacuation.unlimited_kw,
        unstated_kw=answer.supply.unstated_kw,
        unsized=answer.supply.unsized,
        is_illustrative=answer.ground.is_illustrative,
        groups=_lines(session, ask, answer),
        unstated=[
            UnstatedRead(project=row.project, phase=row.phase, capacity_kw=row.kw)
            for row in supplies.named(session, shown)
        ],
        next=following,
    )


def _after(rows: Sequence[Unstated], after: str | None) -> list[Unstated]:
    if after is None:
        return list(rows)
    try:
        place = tuple(map(int, after.split("/")))
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error
    return [row for row in rows if row.place > place]


def _lines(session: Session, ask: Ask, answer: Answer) -> list[EvacuationLine]:
    held = [one for node in answer.ground.nodes.values() for one in node.holding]
    named = found.by_id(session, [one.id for one in held])
    return [_line(ask, answer, node, named) for node in answer.ground.nodes.values()]


def _line(ask: Ask, answer: Answer, node: Node, named: Mapping[int, Stated]) -> EvacuationLine:
    passing, operating = answer.evacuation.groups[node.id], answer.operating_kw[node.id]
    finding = domain.exceeded(operating, passing.limit_kw)
    return EvacuationLine(
        code=node.code,
        name=node.name,
        name_en=node.name_en,
        work=node.work,
        offered_kw=passing.offered_kw,
        passes_kw=passing.passes_kw,
        limit_kw=passing.limit_kw,
        headroom_kw=passing.headroom_kw,
        shortfall_kw=passing.shortfall_kw,
        operating_kw=operating,
        is_exceeded=None if passing.limit_kw is None else finding is not None,
        counts=None if node.limit is None else node.limit.id,
        limits=[_holding(one, named[one.id]) for one in node.holding],
        warnings=[] if finding is None else [_finding(ask, finding)],
        is_illustrative=node.is_illustrative,
    )


def _holding(limit: StatedLimit, stated: Stated) -> HoldingLimit:
    row = stated.row
    return HoldingLimit(
        id=limit.id,
        capacity_kw=limit.kw,
        condition=limit.condition,
        work=stated.work,
        criterion=limit.criterion,
        valid_from=limit.valid_from,
        valid_until=limit.valid_until,
        **row.model_dump(include={"letter_number", "letter_on", "letter_issuer"}),
        sources=list(row.sources or ()),
    )


def _finding(ask: Ask, finding: Finding) -> FindingRead:
    return FindingRead(
        code=finding.rule,
        rule=finding.rule.number,
        level=finding.level,
        message=finding.sentence(ask.lang),
        field=finding.field,
        unknown=finding.unknown,
        details=dict(finding.details),
        reason=finding.reason,
    )


def _group(line: Line) -> dict[str, object]:
    row = line.group
    return {
        **row.model_dump(include={"code", "name", "name_en", "is_illustrative", "revision"}),
        "owner": None if line.owner is None else _name(line.owner),
        "work": None if line.work is None else _name(line.work),
        "confidence": row.confidence,
        "sources": list(row.sources or ()),
    }


def _entry(ask: Ask, entry: Entry) -> EvacuationPathRead:
    ends = (entry.path, entry.phase, entry.project, entry.group)
    return EvacuationPathRead(
        phase=None if entry.phase is None else _name(entry.phase),
        project=None if entry.project is None else entry.project.code,
        group=None if entry.group is None else _name(entry.group),
        is_illustrative=any(end is not None and end.is_illustrative for end in ends),
        sources=list(entry.path.sources or ()),
        note=_inside(ask, entry.path.note),
    )


def _name(row: object) -> NamedRead:
    return NamedRead.model_validate(row, from_attributes=True)


def _inside(ask: Ask, text: str | None) -> str | None:
    """Remarks are for those who are signed in."""
    return text if ask.actor.may(May.READ_DETAIL) else None
