"""The number that counts: sums of ledger postings up to a day and up to a revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Select, and_, bindparam, case, exists, func, not_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import capacity
from app.domain.access import Actor
from app.domain.calendar import period_ends
from app.domain.capacity import Figures, Progress
from app.domain.vocabulary import Account, Step
from app.queries import journal, projects, targets
from app.tables.base import table
from app.tables.ledger import CapacityPosting
from app.tables.projects import Phase, Project

# Only these follow visibility; every other figure is the same for every caller.
CONFIDENTIAL = (Account.DECLARED, Account.DISPUTED)
COUNTING = {Account.RECOGNISED: 1, Account.SUSPENDED: -1, Account.CANCELLED: -1}


@dataclass(frozen=True, slots=True)
class View:
    """Which figures are asked for: effective up to `as_of`, recorded up to `revision`, as `actor` may see them."""

    actor: Actor
    as_of: date
    revision: int
    with_illustrative: bool = True

    @property
    def parameters(self) -> dict[str, Any]:
        """What the sums below are asked with."""
        everything, own = projects.sight(self.actor)
        return {
            "as_of": self.as_of,
            "revision": self.revision,
            "with_illustrative": self.with_illustrative,
            "sees_everything": everything,
            "sees_own": own,
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """The province's figures against its target; `target` is None where none is set."""

    view: View
    figures: Figures
    progress: Progress | None


def overview(session: Session, view: View, target_code: str | None) -> Overview:
    """The whole register's figures, and how far they are from a target. NotFound where `target_code` is unknown."""
    figures = totals(session, view)
    target = targets.chosen(session, target_code, view.as_of, view.revision)
    if target is None:
        return Overview(view, figures, None)
    judged = capacity.judged_on(target, view.as_of)
    then = figures if judged == view.as_of else totals(session, _on(view, judged))
    progress = capacity.against_target(figures.operating_kw, then.operating_kw, target, view.as_of)
    return Overview(view, figures, progress)


def totals(session: Session, view: View) -> Figures:
    """Sums over every project that counts."""
    out = left_out(session, view.revision)
    rows = session.execute(_TOTALS, {**view.parameters, "left_out": out})
    return Figures({account: kw for account, kw in rows})


def left_out(session: Session, revision: int) -> list[int]:
    """Ids of the projects that stood out of the totals when `revision` was the last."""
    out = {code: id_ for code, id_ in session.execute(_codes().where(~col(Project.in_totals)))}
    turned = {
        c: f["in_totals"]
        for c, f in journal.rewound(session, revision, "project").items()
        if "in_totals" in f
    }
    for code, id_ in session.execute(_codes().where(col(Project.code).in_(turned))) if turned else ():
        if turned[code]:
            out.pop(code, None)
        else:
            out[code] = id_
    return sorted(out.values())


def _codes() -> Select[Any]:
    found: Select[Any] = select(col(Project.code), col(Project.id))  # type: ignore[assignment]
    return found


def by_project(session: Session, view: View, ids: Sequence[int]) -> dict[int, Figures]:
    """Figures of each project, its phases and its own entries together."""
    return _grouped(session.execute(_PROJECTS, {**view.parameters, "ids": ids}))


def by_phase(session: Session, view: View, ids: Sequence[int]) -> dict[int, Figures]:
    """Figures of each phase."""
    return _grouped(session.execute(_PHASES, {**view.parameters, "ids": ids}))


def unsplit(session: Session, view: View, ids: Sequence[int]) -> dict[int, Figures]:
    """Figures that name a project alone, because the split over its phases is not known."""
    return _grouped(session.execute(_UNSPLIT, {**view.parameters, "ids": ids}))


def by_place(session: Session, view: View, account: Account) -> Sequence[Any]:
    """kW on one account by `project_id` and `phase_id` (None: the split is not known), of the projects in the totals.
    Of the recognised kW those that operate: net of suspended and cancelled."""
    accounts = list(COUNTING) if account == Account.RECOGNISED else [account]
    asked = {**view.parameters, "left_out": left_out(session, view.revision), "accounts": accounts}
    return session.execute(_PLACES, asked).all()


def by_owner(session: Session, view: View, owner: Any, *where: Any) -> dict[Any, Figures]:
    """Figures for each value of `owner`, an expression over the columns of a project, of the projects in `where`."""
    statement = _sums(owner).join(Project, col(Project.id) == _POSTING.project_id).where(*where)
    return _grouped(session.execute(statement, view.parameters))


def _grouped(rows: Iterable[Any]) -> dict[Any, Figures]:
    sums: dict[Any, dict[Account, int]] = {}
    for account, kw, subject in rows:
        sums.setdefault(subject, {})[account] = kw
    return {subject: Figures(balances) for subject, balances in sums.items()}


def _sums(*by: Any) -> Select[Any]:
    """Sums by account, and by `by`, of the postings inside a view. Declared and disputed kW are those of the projects
    the actor may see."""
    is_public = and_(*(_POSTING.account != account for account in CONFIDENTIAL))
    is_own = exists().where(_OWNER.id == _POSTING.project_id, _OWNER.investor_id == bindparam("sees_own"))
    summed: Select[Any] = (
        select(_POSTING.account, func.sum(_POSTING.kw), *by)
        .where(
            _POSTING.effective_on <= bindparam("as_of"),
            _POSTING.revision <= bindparam("revision"),
            or_(is_public, bindparam("sees_everything", type_=Boolean), is_own),
            or_(bindparam("with_illustrative", type_=Boolean), not_(_POSTING.is_illustrative)),
        )
        .group_by(_POSTING.account, *by)
    )
    return summed


# Written down once: to build a statement costs more than to run it for one phase.
_POSTING, _OWNER = table(CapacityPosting).c, table(Project).alias("owner").c
_IS_COUNTED = _POSTING.project_id.not_in(bindparam("left_out", expanding=True))
_SIGNED = case(
    (_POSTING.account.in_((Account.SUSPENDED, Account.CANCELLED)), -_POSTING.kw), else_=_POSTING.kw
)
_TOTALS = _sums().where(_IS_COUNTED)
_DAYS = _sums(_POSTING.effective_on).where(_IS_COUNTED, _POSTING.account.in_(COUNTING))
_PROJECTS = _sums(_POSTING.project_id).where(_POSTING.project_id.in_(bindparam("ids", expanding=True)))
_PHASES = _sums(_POSTING.phase_id).where(_POSTING.phase_id.in_(bindparam("ids", expanding=True)))
_PLACES = (
    select(_POSTING.project_id, _POSTING.phase_id, func.sum(_SIGNED).label("kw"))
    .where(
        _POSTING.account.in_(bindparam("accounts", expanding=True)),
        _POSTING.effective_on <= bindparam("as_of"),
        _POSTING.revision <= bindparam("revision"),
        or_(bindparam("with_illustrative", type_=Boolean), not_(_POSTING.is_illustrative)),
        _IS_COUNTED,
    )
    .group_by(_POSTING.project_id, _POSTING.phase_id)
)
_UNSPLIT = _PROJECTS.where(_POSTING.phase_id.is_(None))


def _on(view: View, as_of: date) -> View:
    return View(view.actor, as_of, view.revision, view.with_illustrative)


@dataclass(frozen=True, slots=True)
class Point:
    """The end of one period; `plan_kw` is None where no planned COD is known at all."""

    on: date
    operating_kw: int
    plan_kw: int | None


def series(session: Session, view: View, first: date, step: Step) -> list[Point]:
    """Operating and planned kW at each period end from `first` to the view's `as_of`: one pass over the ledger."""
    changes: dict[date, int] = {}
    asked = {**view.parameters, "left_out": left_out(session, view.revision)}
    for account, kw, on in session.execute(_DAYS, asked):
        changes[on] = changes.get(on, 0) + COUNTING[account] * kw
    plan = _plan(session, view)
    ends = list(period_ends(first, view.as_of, step))
    operating, planned = capacity.running(changes, ends), capacity.running(plan, ends)
    return [
        Point(on, kw, plan_kw if plan else None)
        for on, kw, plan_kw in zip(ends, operating, planned, strict=True)
    ]


def _plan(session: Session, view: View) -> dict[date, int]:
    """Nominal kW by planned COD day, of the phases in the totals that had one at the view's revision."""
    then = journal.rewound(session, view.revision, "phase")
    statement = (
        select(col(Phase.code), col(Phase.planned_cod_on), col(Phase.nominal_kw))
        .join(Project, col(Project.id) == col(Phase.project_id))
        .where(
            col(Project.id).not_in(left_out(session, view.revision)), col(Phase.created_in) <= view.revision
        )
        .where(or_(col(Phase.planned_cod_on).is_not(None), col(Phase.code).in_(then)))
    )
    plan: dict[date, int] = {}
    for code, planned_on, nominal_kw in session.execute(statement):
        was = then.get(code, {})
        day = was.get("planned_cod_on", planned_on)
        if day is not None:
            on = date.fromisoformat(day) if isinstance(day, str) else day
            plan[on] = plan.get(on, 0) + (was.get("nominal_kw", nominal_kw) or 0)
    return plan


def whole(session: Session, actor: Actor, as_of: date) -> View:
    """A view of everything known now."""
    return View(actor, as_of, journal.head(session))
