"""How many MW of a day can be used: the phases' MW led through the limits in force, as known at a revision.

Phases with the same way are summed before anything flows, so the network is as large as the grid, not as the register.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, bindparam, literal_column, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import evacuation as domain
from app.domain import evacuation_limits
from app.domain.calendar import last_possible
from app.domain.evacuation import Evacuation, Grid
from app.domain.evacuation_limits import StatedLimit
from app.domain.network import WORK_END
from app.domain.vocabulary import Criterion, SubjectKind, SupplyBasis, Verification
from app.queries import journal, milestones
from app.queries.capacity import View
from app.queries.evacuation_supplies import Supply, supply
from app.queries.prepared import Prepared
from app.tables.base import table
from app.tables.evacuation import EvacuationGroup, EvacuationLimit, EvacuationPath
from app.tables.milestones import Milestone
from app.tables.works import GridWork

_GROUP, _PATH, _LIMIT = table(EvacuationGroup).c, table(EvacuationPath).c, table(EvacuationLimit).c
_WORK = table(GridWork).c


def _seen(row: Any) -> Any:
    return or_(bindparam("with_illustrative", type_=Boolean), not_(row.is_illustrative))


_AT: Any = bindparam("revision")
_ON: Any = bindparam("as_of")
_GROUPS = Prepared(
    select(*(_GROUP.id, _GROUP.code, _GROUP.name, _GROUP.name_en, _GROUP.is_illustrative), _WORK.code.label("work"))
    .join_from(table(EvacuationGroup), table(GridWork), _WORK.id == _GROUP.work_id, isouter=True)
    .where(_GROUP.created_in <= _AT)
    .order_by(_GROUP.code)
)  # fmt: skip
_STANDS = (_PATH.created_in <= _AT, or_(_PATH.removed_in.is_(None), _PATH.removed_in > _AT), _seen(_PATH))
_DRAINS = Prepared(
    select(_PATH.from_group_id, _PATH.group_id)
    .where(_PATH.from_group_id.is_not(None), *_STANDS)
    .order_by(_PATH.id)
)
_WAYS = select(_PATH.phase_id, _PATH.group_id).where(_PATH.phase_id.is_not(None), *_STANDS)
_MARKED = Prepared(select(_PATH.group_id).where(_PATH.is_illustrative, *_STANDS).distinct())
_LIMITS = Prepared(
    select(
        *(_LIMIT.id, _LIMIT.group_id, _LIMIT.kw, _LIMIT.condition, _LIMIT.work_id, _LIMIT.criterion),
        *(_LIMIT.valid_from, _LIMIT.valid_until, _LIMIT.is_illustrative),
    )
    .where(_LIMIT.revision <= _AT, or_(_LIMIT.withdrawn_in.is_(None), _LIMIT.withdrawn_in > _AT))
    .where(_LIMIT.valid_from <= _ON, or_(_LIMIT.valid_until.is_(None), _LIMIT.valid_until >= _ON), _seen(_LIMIT))
    .order_by(_LIMIT.id)
)  # fmt: skip
_ANY_LIMIT = Prepared(select(_LIMIT.id).limit(literal_column("1")))


@dataclass(frozen=True, slots=True)
class Node:
    """A group with what was said of it then, and its limits: those that hold on the day, and the one that counts. It is
    illustrative where it is marked so itself, or the limit that counts or a path into it is."""

    id: int
    code: str
    name: str
    name_en: str | None
    work: str | None
    is_illustrative: bool
    holding: Sequence[StatedLimit]
    limit: StatedLimit | None


@dataclass(frozen=True, slots=True)
class Ground:
    """The groups of a view with their limits, the grid they make, and the way that each phase enters it by."""

    nodes: Mapping[int, Node]
    grid: Grid
    ways: Mapping[int, frozenset[int]]

    @property
    def is_illustrative(self) -> bool:
        """Whether any group, path or limit that counts in it is."""
        return any(node.is_illustrative for node in self.nodes.values())


@dataclass(frozen=True, slots=True)
class Usable:
    """kW that the limits let through, and whether any of what says so is illustrative."""

    kw: int
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view knows about the evacuation of one basis. `operating_kw` is what operates behind each group without
    another way (rule R37), whatever basis was asked for."""

    ground: Ground
    supply: Supply
    evacuation: Evacuation
    operating_kw: Mapping[int, int]

    @property
    def usable_kw(self) -> int | None:
        """None where no limit at all is in force: what the grid takes is then not known."""
        return self.evacuation.usable_kw if _is_limited(self.ground) else None


def answer(session: Session, view: View, basis: SupplyBasis, criterion: Criterion | None) -> Answer:
    """Everything about the evacuation of one basis on a day."""
    found = ground(session, view, criterion)
    operating = supply(session, view, found.ways, SupplyBasis.OPERATING)
    asked = operating if basis == SupplyBasis.OPERATING else supply(session, view, found.ways, basis)
    return Answer(
        found,
        asked,
        domain.evacuate(found.grid, asked.by_way),
        domain.bound_kw(found.grid, operating.by_way),
    )


def usable(session: Session, view: View) -> Usable | None:
    """Operating kW that the stated limits let through. None where that is not known: no limit is in force, an operating
    kW has no stated way, or a way on which nobody has stated a limit."""
    if _ANY_LIMIT.first(session) is None:
        return None
    found = ground(session, view, None)
    if not _is_limited(found):
        return None
    operating = supply(session, view, found.ways, SupplyBasis.OPERATING)
    if operating.unstated or domain.unlimited_kw(found.grid, operating.by_way):
        return None
    return Usable(domain.usable_kw(found.grid, operating.by_way), found.is_illustrative)


def _is_limited(found: Ground) -> bool:
    return any(node.limit is not None for node in found.nodes.values())


def ground(session: Session, view: View, criterion: Criterion | None) -> Ground:
    """The groups, paths and limits of a view."""
    asked = {"revision": view.revision, "with_illustrative": view.with_illustrative}
    nodes = _nodes(session, view, criterion)
    onward: dict[int, list[int]] = {group: [] for group in nodes}
    for source, group in _DRAINS.all(session, **asked):
        if source in nodes and group in nodes:
            onward[source].append(group)
    # Most phases have one way, and share the set that says so with all others of that way.
    alone = {group: frozenset({group}) for group in nodes}
    ways: dict[int, frozenset[int]] = {}
    for phase, group in session.execute(_WAYS, asked).all():
        if (way := alone.get(group)) is not None:
            ways[phase] = ways[phase] | way if phase in ways else way
    limits = {group: None if node.limit is None else node.limit.kw for group, node in nodes.items()}
    return Ground(nodes, Grid(onward, limits), ways)


def _nodes(session: Session, view: View, criterion: Criterion | None) -> dict[int, Node]:
    """The groups of a view by id, in the order of their codes."""
    limits: dict[int, list[StatedLimit]] = defaultdict(list)
    marked: set[int] = set()
    asked = {"revision": view.revision, "with_illustrative": view.with_illustrative}
    for *stated, is_illustrative in _LIMITS.all(session, **asked, as_of=view.as_of):
        known = StatedLimit(*stated)
        limits[known.group_id].append(known)
        if is_illustrative:
            marked.add(known.id)
    on = energised(session, view, {known.work_id for own in limits.values() for known in own})
    then = journal.rewound(session, view.revision, "evacuation_group")
    entered = {row.group_id for row in _MARKED.all(session, **asked)}
    found: dict[int, Node] = {}
    for row in _GROUPS.all(session, revision=view.revision):
        said = row._asdict() | then.get(row.code, {})
        own = limits.get(row.id, [])
        limit = evacuation_limits.binding(own, on, view.as_of, criterion)
        if said["is_illustrative"] and not view.with_illustrative:
            continue
        found[row.id] = Node(
            **{name: said[name] for name in ("id", "code", "name", "name_en", "work")},
            is_illustrative=bool(said["is_illustrative"])
            or row.id in entered
            or (limit is not None and limit.id in marked),
            holding=evacuation_limits.all_holding(own, on, view.as_of),
            limit=limit,
        )
    return found


def energised(session: Session, view: View, works: Collection[int | None]) -> dict[int, date]:
    """The day of each of these grid works that was energised on a view's day, confirmed by the second key. A day known
    to its month counts from the end of it."""
    wanted = sorted(work for work in works if work is not None)
    if not wanted:
        return {}
    statement = select(Milestone).where(
        col(Milestone.subject) == SubjectKind.GRID_WORK,
        col(Milestone.subject_id).in_(wanted),
        col(Milestone.code) == WORK_END,
    )
    rows = list(session.execute(statement).scalars())
    states = milestones.states_at(session, view, rows)
    found: dict[int, date] = {}
    for row in rows:
        state = states.get(row.id)
        if state is None or state.actual is None or state.verification != Verification.CONFIRMED:
            continue
        found[row.subject_id] = last_possible(state.actual.on, state.actual.precision)
    return found
