"""What the journal says of a phase and of everything in it: its turbines, tranches, milestones, works and documents.

Reading it needs no permission on the journal, only sight of the phase: it tells nothing that the phase itself does not.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.errors import Invalid
from app.domain.milestones import key as milestone_key
from app.domain.problems import Problem
from app.domain.vocabulary import SubjectKind
from app.tables.documents import Document
from app.tables.journal import Fact, Revision
from app.tables.ledger import CapacityEntry
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle
from app.tables.organisations import Organisation
from app.tables.projects import Phase


@dataclass(frozen=True, slots=True)
class Told:
    """One fact with the revision that states it."""

    fact: Fact
    revision: Revision

    @property
    def place(self) -> str:
        """Where it stands in a history; a page starts after it."""
        return f"{self.fact.revision}/{self.fact.position}"

    @property
    def document_id(self) -> int | None:
        """The document that the fact is about or rests on."""
        if self.fact.subject == "document":
            return int(self.fact.subject_code)
        named = (self.fact.after or {}).get("document")
        return named if isinstance(named, int) else None


def of_phase(session: Session, phase: Phase, *, after: str | None, limit: int) -> list[Told]:
    """Up to `limit` + 1 facts about a phase, the newest first, after the place `after`. Whoever calls has asked for
    visibility already. Raises Invalid for a place that is none."""
    statement = (
        select(Fact, Revision)
        .join(Revision, col(Revision.number) == col(Fact.revision))
        .where(or_(*_about(session, phase)))
        .order_by(col(Fact.revision).desc(), col(Fact.position).desc())
        .limit(limit + 1)
    )
    if after is not None:
        number, position = _place(after)
        earlier = and_(col(Fact.revision) == number, col(Fact.position) < position)
        statement = statement.where(or_(col(Fact.revision) < number, earlier))
    return [Told(*row) for row in session.execute(statement)]


def after_revision(revision: int) -> str:
    """The place after which only what was recorded by a revision comes."""
    return f"{revision + 1}/0"


def _place(after: str) -> tuple[int, int]:
    number, _, position = after.partition("/")
    if not (number.isdecimal() and position.isdecimal()):
        raise Invalid(Problem.CURSOR, field="cursor")
    return int(number), int(position)


def _about(session: Session, phase: Phase) -> Iterable[ColumnElement[bool]]:
    """What a fact must name. Exact codes where they are known, so that the index on subjects serves."""
    subject, code = col(Fact.subject), col(Fact.subject_code)
    yield and_(subject == "phase", code == phase.code)
    for kind in ("turbine", "connection"):
        # A turbine that was taken away is still told of.
        yield and_(subject == kind, code.startswith(f"{phase.code}/", autoescape=True))
    of_phase = f"{SubjectKind.PHASE.value}/{phase.code}"
    yield and_(subject == "milestones", code == of_phase)
    yield and_(subject == "milestone", code.in_(_milestones(session, phase, of_phase)))
    yield and_(subject == "tranche", code.in_(_tranches(session, phase)))
    yield and_(subject == "document", code.in_(_ids(session, Document, phase)))
    yield and_(subject == "obstacle", code.in_(_ids(session, Obstacle, phase)))


def _milestones(session: Session, phase: Phase, of_phase: str) -> list[str]:
    statement = select(col(Milestone.code), col(Milestone.instance)).where(
        col(Milestone.subject) == SubjectKind.PHASE, col(Milestone.subject_id) == phase.id
    )
    return [f"{of_phase}/{milestone_key(*row)}" for row in session.execute(statement)]


def _tranches(session: Session, phase: Phase) -> list[str]:
    statement = select(col(CapacityEntry.tranche)).where(
        col(CapacityEntry.phase_id) == phase.id, col(CapacityEntry.tranche).is_not(None)
    )
    return [str(code) for code in session.execute(statement.distinct()).scalars()]


def _ids(session: Session, of: type[Any], phase: Phase) -> list[str]:
    """The ids of what hangs on a phase, as the journal names them."""
    statement = select(of.id).where(of.subject == SubjectKind.PHASE, of.subject_id == phase.id)
    return [str(i) for i in session.execute(statement).scalars()]


def organisations(session: Session, told: Collection[Told]) -> dict[str, Organisation]:
    """Who acted, by the codes that revisions keep."""
    codes = {str(code) for each in told if (code := each.revision.actor.get("organisation"))}
    rows = session.execute(select(Organisation).where(col(Organisation.code).in_(codes))).scalars()
    return {row.code: row for row in rows}


def documents(session: Session, told: Collection[Told]) -> dict[int, Document]:
    """The documents that facts are about or rest on, by id."""
    ids = {each.document_id for each in told if each.document_id is not None}
    rows = session.execute(select(Document).where(col(Document.id).in_(ids))).scalars()
    return {row.id: row for row in rows if row.id is not None}
