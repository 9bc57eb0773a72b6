"""The document behind a statement: one that is kept already, or one that comes with the statement."""

from datetime import date
from typing import Protocol

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.access import Actor
from app.domain.errors import RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import DocumentKind, Fact, MilestoneAct
from app.queries import documents as found_documents
from app.queries import milestones
from app.queries.subjects import Holder
from app.schemas.documents import DocumentCreate
from app.services import documents, journal
from app.tables.documents import Document
from app.tables.milestones import Milestone, MilestoneEntry


class Given(Protocol):
    """What a change says of its document."""

    @property
    def document(self) -> int | None: ...

    @property
    def letter_number(self) -> str | None: ...

    @property
    def letter_on(self) -> date | None: ...

    @property
    def letter_issuer(self) -> str | None: ...


def kept(session: Session, row: Milestone) -> bool:
    """Whether a milestone has evidence on file: a document of its own, or one that a confirmation named."""
    own = select(col(Document.id)).where(col(Document.milestone_id) == row.id)
    named = select(col(MilestoneEntry.document_id)).where(
        col(MilestoneEntry.milestone_id) == row.id,
        col(MilestoneEntry.act) == MilestoneAct.CONFIRMED,
        col(MilestoneEntry.document_id).is_not(None),
    )
    return session.execute(union_all(own, named).limit(1)).first() is not None


def named(session: Session, holder: Holder, document: int | None) -> int | None:
    """A document by id, if it is one of this subject. Raises RuleBroken where there is none, or it is another's."""
    if document is None:
        return None
    row = session.get(Document, document)
    if row is None:
        raise RuleBroken(Problem.UNKNOWN_DOCUMENT, field="document")
    if (row.subject, row.subject_id) != (holder.kind, holder.id):
        raise RuleBroken(Problem.FOREIGN_DOCUMENT, field="document")
    return row.id


def given(
    session: Session, actor: Actor, holder: Holder, row: Milestone | None, change: Given, today: date
) -> int | None:
    """The document a change names or brings, linked to the milestone it proves. None where it has neither."""
    if change.letter_number is None or change.letter_on is None or change.letter_issuer is None:
        found = named(session, holder, change.document)
    else:
        # One letter may prove several steps: it is kept once.
        same = found_documents.kept(
            session, holder, change.letter_number, change.letter_issuer, change.letter_on
        )
        found = same[0] if same else _added(session, actor, holder, row, change, today)
    if found is not None and row is not None:
        _link(session, actor, found, holder, row)
    return found


def _added(
    session: Session, actor: Actor, holder: Holder, row: Milestone | None, change: Given, today: date
) -> int | None:
    """The letter that comes with a change, kept as a document of the subject."""
    kinds = milestones.step_of(row).evidence if row is not None else ()
    letter = DocumentCreate(
        subject=holder.kind,
        subject_code=holder.code,
        milestone=None if row is None else domain.key(row.code, row.instance),
        number=change.letter_number,
        kind=getattr(change, "letter_kind", None) or next(iter(kinds), DocumentKind.DECISION),
        issuer=change.letter_issuer,
        issued_on=change.letter_on,
        valid_until=getattr(change, "valid_until", None),
    )
    return documents.add(session, actor, letter, today, renews=True).id


def _link(session: Session, actor: Actor, document: int, holder: Holder, row: Milestone) -> None:
    """A document that proved nothing yet proves this milestone from now on, and the journal says so."""
    found = session.get(Document, document)
    if found is not None and found.milestone_id is None:
        found.milestone_id = row.id
        proves = domain.key(row.code, row.instance)
        found.revision = journal.record(
            session,
            actor,
            Fact.DOCUMENT_CHANGED,
            "document",
            str(document),
            before={"milestone": None},
            after={"milestone": proves},
            project=holder.project,
        )
