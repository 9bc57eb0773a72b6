"""What waits for its second key: declared tranches and milestones in one queue, whoever has waited longest first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import EntryKind
from app.queries import projects, subjects, waiting_claims
from app.queries.capacity import View
from app.queries.waiting_claims import MILESTONE, TRANCHE, Claim, Mark
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry
from app.tables.milestones import Milestone


def page(
    session: Session,
    view: View,
    kinds: Collection[str],
    *,
    disputed: bool = False,
    after: str | None,
    limit: int,
) -> list[Claim]:
    """Up to `limit` + 1 claims of these kinds that the reader sees, after the place that `place` gave. `disputed` asks for
    the tranches that were decided against and can still be settled."""
    start = None if after is None else _start(after)
    marks: list[Mark] = []
    if TRANCHE in kinds:
        marks += _tranches(session, view.actor, disputed, start, limit)
    if MILESTONE in kinds and not disputed:
        marks += _milestones(session, view.actor, start, limit)
    marks = sorted(marks)[: limit + 1]
    found = waiting_claims.of_tranches(session, [mark for mark in marks if mark[1] == TRANCHE])
    found |= waiting_claims.of_milestones(session, view, [mark for mark in marks if mark[1] == MILESTONE])
    return [found[mark] for mark in marks if mark in found]


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many of each kind wait."""
    waiting = {TRANCHE: _open_tranches(actor, disputed=False), MILESTONE: _open_milestones(actor)}
    return {
        kind: session.execute(select(func.count()).select_from(found.subquery())).scalar_one()
        for kind, found in waiting.items()
    }


def total(session: Session, actor: Actor) -> int:
    """How many wait in all."""
    return sum(counts(session, actor).values())


def place(claim: Claim) -> str:
    """Where a claim stands in the queue; a page starts after it."""
    at, kind, row = claim.mark
    return f"{at.isoformat()}|{kind}|{row}"


def _start(after: str) -> Mark:
    try:
        at, kind, row = after.split("|")
        return datetime.fromisoformat(at), kind, int(row)
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error


def _after(start: Mark | None, at: Any, kind: str, row: Any) -> ColumnElement[bool]:
    """What comes after a place, of one kind."""
    if start is None:
        return true()
    of_instant = row > start[2] if kind == start[1] else (true() if kind > start[1] else false())
    return or_(at > start[0], and_(at == start[0], of_instant))


def _open_tranches(actor: Actor, *, disputed: bool) -> Select[Any]:
    """Declarations that nothing has followed; or those whose last word is a dispute."""
    entry, later = CapacityEntry, aliased(CapacityEntry)
    follows = select(col(later.id)).where(
        col(later.tranche) == col(entry.tranche), col(later.id) > col(entry.id)
    )
    last_is_dispute = select(func.max(col(later.id))).where(col(later.tranche) == col(entry.tranche))
    disputes = select(col(CapacityEntry.id)).where(col(CapacityEntry.kind) == EntryKind.DISPUTED)
    is_open = last_is_dispute.scalar_subquery().in_(disputes) if disputed else ~follows.exists()
    found: Select[Any] = (
        select(col(Revision.recorded_at), col(entry.id))  # type: ignore[assignment]
        .join(Revision, col(Revision.number) == col(entry.revision))
        .where(
            col(entry.kind) == EntryKind.DECLARED, col(entry.project_id).in_(projects.visible(actor)), is_open
        )
    )
    return found


def _open_milestones(actor: Actor) -> Select[Any]:
    row = Milestone
    seen = subjects.visible(actor, col(row.subject), col(row.subject_id), col(row.project_id))
    found: Select[Any] = select(col(row.declared_at), col(row.id))  # type: ignore[assignment]
    return found.where(col(row.declared_at).is_not(None), seen)


def _tranches(session: Session, actor: Actor, disputed: bool, start: Mark | None, limit: int) -> list[Mark]:
    at, row = col(Revision.recorded_at), col(CapacityEntry.id)
    statement = _open_tranches(actor, disputed=disputed).where(_after(start, at, TRANCHE, row))
    found = session.execute(statement.order_by(at, row).limit(limit + 1))
    return [(at, TRANCHE, row) for at, row in found]


def _milestones(session: Session, actor: Actor, start: Mark | None, limit: int) -> list[Mark]:
    at, row = col(Milestone.declared_at), col(Milestone.id)
    statement = _open_milestones(actor).where(_after(start, at, MILESTONE, row))
    found = session.execute(statement.order_by(at, row).limit(limit + 1))
    return [(at, MILESTONE, row) for at, row in found]
