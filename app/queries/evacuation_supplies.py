"""The MW that the grid has to evacuate, by the way they take: what operates, what is installed, or all there will be."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Boolean, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session

from app.domain import stake
from app.domain.evacuation import Supplies
from app.domain.vocabulary import Account, SupplyBasis
from app.queries import capacity, journal
from app.queries.capacity import View
from app.tables.base import key, table
from app.tables.projects import Phase, Project, Turbine

ACCOUNTS = {SupplyBasis.OPERATING: Account.RECOGNISED, SupplyBasis.INSTALLED: Account.INSTALLED}
_PHASE, _PROJECT, _TURBINE = (table(of).c for of in (Phase, Project, Turbine))
# The groups that each phase enters, by its id.
Ways = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Unstated:
    """kW of a phase, or of a project alone, of which nobody has said which way they take."""

    project_id: int
    phase_id: int | None
    kw: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands in a list: the most first."""
        return -self.kw, self.project_id, self.phase_id or 0


@dataclass(frozen=True, slots=True)
class Named:
    """The same by codes."""

    project: str
    phase: str | None
    kw: int


@dataclass(frozen=True, slots=True)
class Supply:
    """kW of a basis by the groups they enter, those of no stated way, and how many phases have no known size."""

    by_way: Supplies
    unstated: Sequence[Unstated]
    unsized: int = 0

    @property
    def stated_kw(self) -> int:
        return sum(self.by_way.values())

    @property
    def unstated_kw(self) -> int:
        return sum(row.kw for row in self.unstated)


def supply(session: Session, view: View, ways: Ways, basis: SupplyBasis) -> Supply:
    """The kW of a basis by the way they take. What names a project alone may take any way of its phases."""
    places = _sizes(session, view) if basis == SupplyBasis.FULL else _sums(session, view, ACCOUNTS[basis])
    shared = _shared(session, ways, [project for project, phase, _ in places if phase is None])
    by_way: dict[frozenset[int], int] = defaultdict(int)
    unstated: list[Unstated] = []
    unsized = 0
    for project, phase, kw in places:
        way = shared.get(project) if phase is None else ways.get(phase)
        if kw is None:
            unsized += 1
        elif way:
            by_way[way] += kw
        else:
            unstated.append(Unstated(project, phase, kw))
    return Supply(by_way, sorted(unstated, key=lambda row: row.place), unsized)


# Project, phase (None: the project alone) and kW (None: the size is not known).
Place = tuple[int, int | None, int | None]


def _sums(session: Session, view: View, account: Account) -> list[Place]:
    return [
        (project, phase, kw) for project, phase, kw in capacity.by_place(session, view, account) if kw > 0
    ]


def _shared(session: Session, ways: Ways, projects: Sequence[int]) -> dict[int, frozenset[int]]:
    """The ways of all phases of each of these projects together."""
    found: dict[int, frozenset[int]] = {}
    if ways and projects:
        rows = select(_PHASE.project_id, _PHASE.id).where(_PHASE.project_id.in_(projects))
        for project, phase in session.execute(rows).all():
            found[project] = found.get(project, frozenset()) | ways.get(phase, frozenset())
    return found


def _sizes(session: Session, view: View) -> list[Place]:
    """The size of each phase that counts: the sum of its turbines, else its nominal size (as `queries.network`)."""
    plates = {phase: Plates(*counted) for phase, *counted in session.execute(_PLATES).all()}
    then = journal.rewound(session, view.revision, "phase")
    asked = {**view.parameters, "left_out": capacity.left_out(session, view.revision)}
    return [
        (project, phase, _size_kw(_stood(said, then.get(code)) if then else said, plates.get(phase)))
        for project, phase, code, *said in session.execute(_PHASES, asked).all()
    ]


# What is said of the size of a phase, in this order.
_SAID = ("nominal_kw", "turbine_count", "turbine_kw")


def _stood(said: list[int | None], then: Mapping[str, Any] | None) -> list[int | None]:
    """The same as it stood at a revision, by what has changed since."""
    return said if then is None else [then.get(name, now) for name, now in zip(_SAID, said, strict=True)]


class Plates(NamedTuple):
    """The turbines of a phase: how many are listed, of how many the plate is known, and the sum of those."""

    listed: int
    known: int
    kw: int | None


_PHASES = (
    select(
        *(_PHASE.project_id, _PHASE.id, _PHASE.code),
        *(_PHASE[name] for name in _SAID),
    )
    .join(table(Project), _PROJECT.id == _PHASE.project_id)
    .where(
        _PHASE.created_in <= bindparam("revision"), _PROJECT.id.not_in(bindparam("left_out", expanding=True))
    )
    .where(
        or_(
            bindparam("with_illustrative", type_=Boolean),
            not_(or_(_PHASE.is_illustrative, _PROJECT.is_illustrative)),
        )
    )
    .order_by(_PHASE.id)
)
_PLATES = select(
    _TURBINE.phase_id,
    func.count().label("listed"),
    func.count(_TURBINE.nameplate_kw).label("known"),
    func.sum(_TURBINE.nameplate_kw).label("kw"),
).group_by(_TURBINE.phase_id)


def _size_kw(said: Sequence[int | None], plates: Plates | None) -> int | None:
    nominal_kw, count, each = said
    turbine_sum: int | None = None if count is None or each is None else count * each
    if plates is not None:
        listed = int(plates.kw or 0) if plates.listed == plates.known else None
        if stake.lists_all(plates.listed, listed, count=count, nominal_kw=nominal_kw):
            turbine_sum = listed
    kw, _ = stake.not_operating_kw(turbine_sum, nominal_kw, 0, all_turbines_recognised=False)
    return kw


def named(session: Session, rows: Sequence[Unstated]) -> list[Named]:
    """The same with the codes of project and phase, in the same order."""
    projects = _codes(session, _PROJECT, {row.project_id for row in rows})
    phases = _codes(session, _PHASE, {row.phase_id for row in rows if row.phase_id is not None})
    return [
        Named(projects[row.project_id], None if row.phase_id is None else phases[row.phase_id], row.kw)
        for row in rows
    ]


def _codes(session: Session, columns: Any, ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(columns.id, columns.code).where(columns.id.in_(ids))) if ids else ()
    return {key(i): code for i, code in rows}
