"""The number that counts: sums of ledger postings up to a day and up to a revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import capacity
from app.domain.access import Actor
from app.domain.calendar import period_ends
from app.domain.capacity import Figures, Progress
from app.domain.vocabulary import Account, Step
from app.queries import journal, projects, targets
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
    """Sums over every project that counts. Declared and disputed kW are those of the projects the actor may see."""
    return _figures(session, view, col(CapacityPosting.project_id).not_in(left_out(session, view.revision)))


def over(session: Session, view: View, project_ids: Select[Any]) -> Figures:
    """Sums over the projects that a select names."""
    return _figures(session, view, col(CapacityPosting.project_id).in_(project_ids))


def _figures(session: Session, view: View, where: Any) -> Figures:
    counted = _within(view).where(where)
    public = counted.where(col(CapacityPosting.account).not_in(CONFIDENTIAL))
    own = counted.where(
        col(CapacityPosting.account).in_(CONFIDENTIAL),
        col(CapacityPosting.project_id).in_(projects.visible(view.actor)),
    )
    return Figures({account: kw for statement in (public, own) for account, kw in session.execute(statement)})


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
    return _grouped(session, view, col(CapacityPosting.project_id), ids)


def by_phase(session: Session, view: View, ids: Sequence[int]) -> dict[int, Figures]:
    """Figures of each phase."""
    return _grouped(session, view, col(CapacityPosting.phase_id), ids)


def unsplit(session: Session, view: View, ids: Sequence[int]) -> dict[int, Figures]:
    """Figures that name a project alone, because the split over its phases is not known."""
    return _grouped(
        session, view, col(CapacityPosting.project_id), ids, col(CapacityPosting.phase_id).is_(None)
    )


def _grouped(session: Session, view: View, key: Any, ids: Sequence[int], *more: Any) -> dict[int, Figures]:
    statement = (
        _within(view).add_columns(key).where(key.in_(ids), *more).group_by(key, col(CapacityPosting.account))
    )
    seen = _seen(session, view.actor, ids, key)
    sums: dict[int, dict[Account, int]] = {}
    for account, kw, subject in session.execute(statement):
        if account not in CONFIDENTIAL or subject in seen:
            sums.setdefault(subject, {})[account] = kw
    return {subject: Figures(balances) for subject, balances in sums.items()}


def _seen(session: Session, actor: Actor, ids: Sequence[int], key: Any) -> set[int]:
    """Those of `ids` (projects, or phases where `key` is the phase) whose detail the actor may see."""
    if key.key == "phase_id":
        statement = select(col(Phase.id)).where(
            col(Phase.id).in_(ids), col(Phase.project_id).in_(projects.visible(actor))
        )
    else:
        statement = projects.visible(actor).where(col(Project.id).in_(ids))
    return {i for i in session.execute(statement).scalars() if i is not None}


def _within(view: View) -> Select[Any]:
    """Sums by account of the postings inside a view."""
    statement: Any = (
        select(col(CapacityPosting.account), func.sum(col(CapacityPosting.kw)))
        .where(
            col(CapacityPosting.effective_on) <= view.as_of,
            col(CapacityPosting.revision) <= view.revision,
        )
        .group_by(col(CapacityPosting.account))
    )
    if not view.with_illustrative:
        statement = statement.where(~col(CapacityPosting.is_illustrative))
    summed: Select[Any] = statement
    return summed


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
    statement = (
        _within(view)
        .add_columns(col(CapacityPosting.effective_on))
        .where(
            col(CapacityPosting.account).in_(COUNTING),
            col(CapacityPosting.project_id).not_in(left_out(session, view.revision)),
        )
        .group_by(col(CapacityPosting.effective_on))
    )
    for account, kw, on in session.execute(statement):
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
