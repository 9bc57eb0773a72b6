"""The list of projects with their phases: narrowed, searched without accents, in the order of one column.

Everything here is of the public summary but the forecast COD, which comes from milestones and so is told of those
projects alone whose detail the reader sees.
"""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.capacity import Figures
from app.domain.errors import Invalid
from app.domain.milestones import Stated
from app.domain.network import PhaseMw
from app.domain.problems import Problem
from app.domain.vocabulary import Precision, SubjectKind
from app.domain.words import Term
from app.domain.workdays import WorkCalendar
from app.queries import capacity, ledger, milestones, network, projects, rewinding
from app.queries.capacity import View
from app.queries.network import Scope
from app.queries.projects import Filters, Place
from app.tables.base import key
from app.tables.projects import Phase, Project

# A register of a province; whoever keeps more narrows the list.
MOST = 100_000
NOTHING = Figures()
Forecasts = Mapping[int, date]
Ranks = Mapping[int, int]


class Order(Term):
    """What the list is ordered by. Amounts go from the most down, names and days up; what is unknown comes last."""

    NAME = "name", "Tên dự án", "Name"
    NOMINAL = "nominal", "Công suất danh định", "Nominal MW"
    OPERATING = "operating", "MW vận hành", "MW in operation"
    WAITING = "waiting", "MW đang chờ", "MW waiting"
    COD = "cod", "Ngày COD tới", "Next COD"


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase in the list. `waiting_kw` does not operate yet (None: its size is unknown). `cod` is the
    last day on which more of it was recognised; `is_made_up`: the forecast rests on illustrative milestones."""

    row: Phase
    figures: Figures
    waiting_kw: int | None
    cod: Stated | None
    forecast_on: date | None
    is_made_up: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of it operates."""
        return self.waiting_kw == 0 and self.cod is not None


@dataclass(frozen=True, slots=True)
class Line:
    """A project in the list, with its phases. `is_seen`: the reader sees its detail."""

    project: Project
    place: Place
    figures: Figures
    phases: tuple[PhaseLine, ...]
    waiting_kw: int | None
    is_seen: bool

    @property
    def is_split(self) -> bool:
        """Whether all MW in operation name a phase; else the phases alone say too little."""
        return self.figures.operating_kw == sum(phase.figures.operating_kw for phase in self.phases)

    @property
    def nominal_kw(self) -> int | None:
        """The sum of the phases whose size on paper is known."""
        sizes = [phase.row.nominal_kw for phase in self.phases if phase.row.nominal_kw is not None]
        return sum(sizes) if sizes else None


def plain(text: str) -> str:
    """A text as it is searched: small letters without accents ("Thạnh Hải" and "thanh hai" are one)."""
    split = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(c for c in split if not unicodedata.combining(c)).split())


def matching(session: Session, filters: Filters, text: str | None) -> list[Project]:
    """The projects that a list is narrowed to; `text` is looked for in their names, their codes and their phases'."""
    rows = projects.page(session, filters, after=None, limit=MOST)
    wanted = plain(text or "")
    if not wanted:
        return rows
    named: dict[int, list[str]] = {}
    for project_id, *said in session.execute(
        select(col(Phase.project_id), col(Phase.code), col(Phase.name), col(Phase.name_en))
    ):
        named.setdefault(project_id, []).extend(name for name in said if name)
    return [row for row in rows if any(wanted in plain(name) for name in _names(row, named))]


def _names(row: Project, phases: Mapping[int, list[str]]) -> list[str]:
    own = (row.code, row.name, row.name_en or "", *row.aliases)
    return [*own, *phases.get(key(row.id), ())]


def page(
    session: Session,
    view: View,
    calendar: WorkCalendar,
    rows: Sequence[Project],
    order: Order,
    *,
    after: str | None,
    limit: int,
) -> list[Line]:
    """Up to `limit` + 1 lines of `rows` in an order, after the project of the code `after`.

    Raises Invalid where `after` is none of them (any more).
    """
    ranks = _ranks(session, view, calendar, rows, order)
    placed = sorted(rows, key=lambda row: (*_ordered(ranks.get(key(row.id))), plain(row.name), row.code))
    if after is not None:
        codes = [row.code for row in placed]
        if after not in codes:
            raise Invalid(Problem.CURSOR, field="cursor")
        placed = placed[codes.index(after) + 1 :]
    return lines(session, view, calendar, placed[: limit + 1])


def lines(session: Session, view: View, calendar: WorkCalendar, rows: Sequence[Project]) -> list[Line]:
    """Projects with their figures and phases, in the order given."""
    ids = [key(row.id) for row in rows]
    found = session.execute(select(Phase).where(col(Phase.project_id).in_(ids)).order_by(col(Phase.code)))
    phases: dict[int, list[Phase]] = {}
    for row in rewinding.rows(session, view, "phase", found.scalars().all()):
        phases.setdefault(row.project_id, []).append(row)
    figures = capacity.by_project(session, view, ids)
    by_phase = capacity.by_phase(session, view, [key(p.id) for own in phases.values() for p in own])
    sizes, caps = _sizes(session, view, ids)
    forecasts = forecast_cods(session, view, calendar, rows)
    made_up = milestones.illustrative(session, {(SubjectKind.PHASE, i) for i in forecasts})
    places = projects.places(session, list(rows))
    return [
        Line(
            project=row,
            place=places[i],
            figures=figures.get(i, NOTHING),
            phases=tuple(
                PhaseLine(
                    phase,
                    by_phase.get(key(phase.id), NOTHING),
                    sizes[key(phase.id)].waiting_kw,
                    _cod(session, sizes[key(phase.id)]),
                    forecasts.get(key(phase.id)),
                    (SubjectKind.PHASE, key(phase.id)) in made_up,
                )
                for phase in phases.get(i, ())
            ),
            waiting_kw=_waiting(sizes.values(), i, caps),
            is_seen=projects.sees(view.actor, row.investor_id),
        )
        for i, row in zip(ids, rows, strict=True)
    ]


def _cod(session: Session, phase: PhaseMw) -> Stated | None:
    """When the last part of a phase was recognised, as exactly as it is known."""
    if phase.cod_on is None:
        return None
    stated = [t.stated for t in ledger.tranches(ledger.of_phase(session, phase.id))]
    precision = next((s.precision for s in stated if s.effective_on == phase.cod_on), Precision.DAY)
    return Stated(phase.cod_on, precision)


def _sizes(session: Session, view: View, ids: Collection[int]) -> tuple[dict[int, PhaseMw], dict[int, int]]:
    found, caps = network.phases_of(session, view, Scope(frozenset(ids), frozenset()))
    return {phase.id: phase for phase in found}, caps


def _waiting(phases: Collection[PhaseMw], project: int, caps: Mapping[int, int]) -> int | None:
    """kW of a project that do not operate yet: of its phases together, never more than it has still to bring."""
    known = [p.waiting_kw for p in phases if p.project_id == project and p.waiting_kw is not None]
    return min(sum(known), caps.get(project, 0)) if known else None


def forecast_cods(session: Session, view: View, calendar: WorkCalendar, rows: Sequence[Project]) -> Forecasts:
    """The forecast COD by phase id, of the projects whose detail the reader sees."""
    seen = [key(row.id) for row in rows if projects.sees(view.actor, row.investor_id)]
    if not seen:
        return {}
    stakes = network.stakes(session, view, network.around(session, projects=seen), calendar)
    own = (phase for phase in stakes.plan.phases.values() if phase.project_id in seen)
    return {phase.id: on for phase in own if (on := stakes.cod_on(phase.id)) is not None}


def _ordered(rank: int | None) -> tuple[bool, int]:
    return rank is None, rank or 0


def _ranks(
    session: Session, view: View, calendar: WorkCalendar, rows: Sequence[Project], order: Order
) -> Ranks:
    """What each project is ordered by, by its id, the lowest first. None at all for names, which order what is equal."""
    ids = [key(row.id) for row in rows]
    match order:
        case Order.NOMINAL:
            return _nominal(session)
        case Order.OPERATING:
            found = capacity.by_project(session, view, ids)
            return {i: -figures.operating_kw for i, figures in found.items()}
        case Order.WAITING:
            return _waiting_of(session, view, ids)
        case Order.COD:
            return _next_cods(session, view, calendar, rows)
        case _:
            return {}


def _nominal(session: Session) -> Ranks:
    sums = select(col(Phase.project_id), func.sum(col(Phase.nominal_kw))).group_by(col(Phase.project_id))
    return {i: -kw for i, kw in session.execute(sums) if kw is not None}


def _waiting_of(session: Session, view: View, ids: Sequence[int]) -> Ranks:
    sizes, caps = _sizes(session, view, ids)
    own: dict[int, list[PhaseMw]] = {}
    for phase in sizes.values():
        own.setdefault(phase.project_id, []).append(phase)
    waiting = {i: _waiting(phases, i, caps) for i, phases in own.items()}
    return {i: -kw for i, kw in waiting.items() if kw is not None}


def _next_cods(session: Session, view: View, calendar: WorkCalendar, rows: Sequence[Project]) -> Ranks:
    """The next COD of what still waits: its forecast, else the day it is planned for."""
    sizes, _ = _sizes(session, view, [key(row.id) for row in rows])
    forecasts = forecast_cods(session, view, calendar, rows)
    found: dict[int, int] = {}
    for phase in sizes.values():
        on = forecasts.get(phase.id) or phase.goal_on
        if phase.waiting_kw != 0 and on is not None:
            found[phase.project_id] = min(on.toordinal(), found.get(phase.project_id, on.toordinal()))
    return found
