"""Reading the journal: which revision was known when, what it says, and whether its chain holds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, func, literal_column, select, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import chain
from app.domain.calendar import end_of_day
from app.queries.prepared import Prepared
from app.tables.journal import Fact, Revision
from app.tables.ledger import CapacityEntry
from app.tables.projects import Project


def head(session: Session) -> int:
    """The number of the last revision; 0 in an empty journal."""
    return int(_HEAD.first(session).number)


_HEAD = Prepared(select(func.coalesce(func.max(col(Revision.number)), literal_column("0")).label("number")))


def known(session: Session, known_at: datetime | date | None) -> int:
    """The last revision recorded at or before `known_at` (a date means its end, +07:00); the head where None."""
    if known_at is None:
        return head(session)
    instant = known_at if isinstance(known_at, datetime) else end_of_day(known_at)
    statement = select(func.coalesce(func.max(col(Revision.number)), 0)).where(
        col(Revision.recorded_at) <= instant
    )
    return session.execute(statement).scalar_one()


def rewound(session: Session, revision: int, subject: str) -> dict[str, dict[str, Any]]:
    """What subjects of one kind said after `revision`, by code: only the fields that have changed since, as facts
    state them. Empty where `revision` is the last."""
    if revision >= head(session):
        return {}
    statement = (
        select(col(Fact.subject_code), col(Fact.before))
        .where(col(Fact.subject) == subject, col(Fact.revision) > revision)
        .where(col(Fact.after).is_not(None), col(Fact.before).is_not(None))
        .order_by(col(Fact.revision).desc(), col(Fact.position).desc())
    )
    stood: dict[str, dict[str, Any]] = {}
    for code, before in session.execute(statement):
        stood.setdefault(code, {}).update(before)
    return stood


def page(
    session: Session,
    *,
    before: int | None,
    limit: int,
    subject: str | None,
    code: str | None,
    kind: str | None,
) -> list[tuple[Revision, list[Fact]]]:
    """Up to `limit` + 1 revisions with their facts, newest first, older than `before`, that state a matching fact."""
    found = revisions(session, subject, code, kind, before=before, limit=limit)
    return [(row, facts(session, row.number)) for row in found]


def revisions(
    session: Session,
    subject: str | None,
    code: str | None,
    kind: str | None,
    *,
    before: int | None,
    limit: int,
) -> list[Revision]:
    """The same without the facts: an import states thousands of them."""
    statement = select(Revision).order_by(col(Revision.number).desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(col(Revision.number) < before)
    wanted = _matching(subject, code, kind)
    if wanted:
        statement = statement.where(col(Revision.number).in_(select(col(Fact.revision)).where(*wanted)))
    return list(session.execute(statement).scalars())


def _matching(subject: str | None, code: str | None, kind: str | None) -> list[ColumnElement[bool]]:
    asked = ((col(Fact.subject), subject), (col(Fact.subject_code), code), (col(Fact.kind), kind))
    return [column == value for column, value in asked if value is not None]


def revision(session: Session, number: int) -> Revision | None:
    """One revision, or None."""
    return session.get(Revision, number)


def facts(
    session: Session,
    number: int,
    subject: str | None = None,
    code: str | None = None,
    kind: str | None = None,
    *,
    start: int = 0,
    limit: int | None = None,
) -> list[Fact]:
    """The facts of a revision in their order, from the position `start` on, that match; up to `limit` of them."""
    statement = (
        select(Fact)
        .where(col(Fact.revision) == number, col(Fact.position) >= start, *_matching(subject, code, kind))
        .order_by(col(Fact.position))
        .limit(limit)
    )
    return list(session.execute(statement).scalars())


def fact_count(session: Session, number: int) -> int:
    """How many facts a revision states."""
    statement = select(func.count()).where(col(Fact.revision) == number)
    return session.execute(statement).scalar_one()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` names the first revision whose number, order or hash does not hold; None where all do."""

    revisions: int
    facts: int
    head_hash: str
    broken_at: int | None = None
    reason: str | None = None


def verify(session: Session, *, progress: Callable[[int], None] = lambda _: None) -> Verdict:
    """Walks the journal from its first revision and recomputes every hash. `progress` hears each number."""
    previous, expected, facts = chain.FIRST, 1, 0
    for revision, stated in _chain(session):
        facts += len(stated)
        if revision.number != expected:
            return Verdict(expected - 1, facts, previous, expected, "missing")
        link = chain.Link(revision.number, revision.recorded_at, revision.actor, revision.request_id, stated)
        if chain.seal(link, previous) != revision.hash:
            return Verdict(expected - 1, facts, previous, revision.number, "hash")
        previous, expected = revision.hash, expected + 1
        progress(revision.number)
    if _latest_mentioned(session) >= expected:
        return Verdict(expected - 1, facts, previous, expected, "missing")
    return Verdict(expected - 1, facts, previous)


def _latest_mentioned(session: Session) -> int:
    """The last revision that a fact, a ledger entry or a project knows of: a journal cut off at its end is missed there."""
    columns = (col(Fact.revision), col(CapacityEntry.revision), col(Project.revision))
    return max(session.execute(select(func.coalesce(func.max(column), 0))).scalar_one() for column in columns)


# As they were sealed. A kind that is none of our words is a forgery to name, so it is read as plain text.
_SEALED: list[Any] = [
    type_coerce(col(Fact.kind), String).label("kind"),
    *map(col, (Fact.subject, Fact.subject_code, Fact.project_id, Fact.before, Fact.after)),
]


def _chain(session: Session) -> Iterator[tuple[Revision, list[dict[str, Any]]]]:
    """Each revision with its facts as they were sealed, in order, a thousand at a time."""
    after = -1
    while True:
        statement = (
            select(Revision).where(col(Revision.number) > after).order_by(col(Revision.number)).limit(1000)
        )
        batch = list(session.execute(statement).scalars())
        if not batch:
            return
        last = batch[-1].number
        stated: dict[int, list[dict[str, Any]]] = {}
        facts = select(col(Fact.revision), *_SEALED).where(
            col(Fact.revision) > after, col(Fact.revision) <= last
        )
        for row in session.execute(facts.order_by(col(Fact.revision), col(Fact.position))).mappings():
            fact = dict(row)
            stated.setdefault(fact.pop("revision"), []).append(fact)
        yield from ((r, stated.get(r.number, [])) for r in batch)
        session.expunge_all()
        after = last
