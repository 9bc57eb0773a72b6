"""Adding documents, changing what is said of them, and attaching their files."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import documents as domain
from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Conflict, RuleBroken
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, Verification
from app.outside.files import Stored
from app.queries import documents, subjects
from app.queries.subjects import Holder
from app.schemas.documents import DocumentChange, DocumentCreate
from app.services import edits, journal
from app.tables.documents import Document
from app.tables.milestones import Milestone

REQUIRED = ("number", "kind", "issuer", "issued_on")
# Said by name instead of by id.
IDS = ("subject_id", "project_id", "milestone_id", "organisation_id", "user_id")


def add(
    session: Session, actor: Actor, change: DocumentCreate, today: date, *, renews: bool = False
) -> Document:
    """Adds a document to a subject: of the actor's own organisation, or of anybody where the actor confirms milestones
    (it is then the letter that confirms). NotFound where the subject is not there to see, Conflict where it has a
    document of this number, issuer and day."""
    require(actor, May.REPORT_MILESTONES)
    holder = subjects.one(session, actor, change.subject, change.subject_code)
    if not actor.may(May.CONFIRM_MILESTONES):
        require_own(actor, May.REPORT_MILESTONES, holder.owner_id)
    domain.check_days(today, change.issued_on, change.effective_on, change.valid_until)
    proves = documents.milestone_id(session, holder, change.milestone)
    if change.valid_until is not None and not renews:
        # What is declared anew brings its own document; a confirmed one is not prolonged beside its second key.
        _refuse_decided(session, actor, proves)
    _refuse_twice(session, holder, change.number, change.issuer, change.issued_on)
    revision = journal.number(session, actor)
    row = Document(
        **change.model_dump(exclude={"subject_code", "milestone"}),
        subject_id=holder.id,
        project_id=holder.project_id,
        milestone_id=proves,
        organisation_id=actor.organisation_id,
        user_id=actor.user_id,
        created_in=revision,
        revision=revision,
    )
    session.add(row)
    session.flush()
    after = journal.described(row, without=IDS) | {"subject_code": holder.code}
    named = {"milestone": documents.milestone_key(session, proves), "organisation": actor.organisation}
    after |= {name: value for name, value in named.items() if value is not None}
    return _stated(session, actor, Fact.DOCUMENT_ADDED, row, holder, None, after)


def change(
    session: Session,
    actor: Actor,
    document_id: int,
    change: DocumentChange,
    expected: int | None,
    today: date,
) -> Document:
    """Changes the fields that were sent. Stale where the document has changed since, Conflict where it would become
    one that its subject has already."""
    row, holder = _own(session, actor, document_id, expected)
    _refuse_decided(session, actor, row.milestone_id)
    values = edits.sent(change, required=REQUIRED)
    if "milestone" in values:
        values["milestone_id"] = documents.milestone_id(session, holder, values.pop("milestone"))
    whole = {**row.model_dump(), **values}
    domain.check_days(today, whole["issued_on"], whole["effective_on"], whole["valid_until"])
    _refuse_twice(session, holder, whole["number"], whole["issuer"], whole["issued_on"], but=row.id)
    before, after = edits.apply(row, values)
    if not after:
        return row
    before, after = _by_name(session, before), _by_name(session, after)
    return _stated(session, actor, Fact.DOCUMENT_CHANGED, row, holder, before, after)


def check_file(session: Session, actor: Actor, document_id: int, expected: int | None) -> None:
    """Raises what `attach` would raise, before the file is sent: nobody fills the disk with what would be refused."""
    row, _ = _own(session, actor, document_id, expected)
    if row.file_sha256 is not None:
        _refuse_decided(session, actor, row.milestone_id)


def attach(
    session: Session, actor: Actor, document_id: int, stored: Stored, name: str | None, expected: int | None
) -> Document:
    """Attaches a file that is on the disk already, in the place of the one before. That one stays in the data folder:
    the journal names it, and another document may have it too."""
    row, holder = _own(session, actor, document_id, expected)
    if row.file_sha256 is not None:
        _refuse_decided(session, actor, row.milestone_id)
    values = {
        "file_sha256": stored.sha256,
        "file_name": domain.file_name(name),
        "file_type": stored.type.value,
        "file_bytes": stored.size,
    }
    before, after = edits.apply(row, values)
    return _stated(session, actor, Fact.DOCUMENT_FILED, row, holder, before, after) if after else row


def _own(session: Session, actor: Actor, document_id: int, expected: int | None) -> tuple[Document, Holder]:
    """A document that the actor may change: one its own organisation has added, else (an import) one on its own
    subject. A letter of whoever confirms is not for the investor to change, nor the other way round."""
    require(actor, May.REPORT_MILESTONES)
    row, holder = documents.one(session, actor, document_id)
    require_own(actor, May.REPORT_MILESTONES, row.organisation_id or holder.owner_id)
    edits.check_version(expected, row.revision)
    return row, holder


def _refuse_decided(session: Session, actor: Actor, milestone_id: int | None) -> None:
    """What a confirmed actual rests on, and how long it is good, is changed by those who confirm, not by who declared."""
    proven = None if milestone_id is None else session.get(Milestone, milestone_id)
    is_decided = proven is not None and proven.verification == Verification.CONFIRMED
    if is_decided and not actor.may(May.CONFIRM_MILESTONES):
        raise RuleBroken(Problem.ALREADY_DECIDED)


def _refuse_twice(
    session: Session, holder: Holder, number: str, issuer: str, issued_on: date, *, but: int | None = None
) -> None:
    if any(found != but for found in documents.kept(session, holder, number, issuer, issued_on)):
        raise Conflict(Problem.TAKEN, field="number", number=number)


def _by_name(session: Session, fields: Mapping[str, object]) -> dict[str, object]:
    """Fields as a fact states them: the milestone as its subject names it."""
    said: dict[str, Any] = dict(fields)
    if "milestone_id" in said:
        said["milestone"] = documents.milestone_key(session, said.pop("milestone_id"))
    return said


def _stated(
    session: Session,
    actor: Actor,
    fact: Fact,
    row: Document,
    holder: Holder,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
) -> Document:
    row.revision = journal.record(
        session, actor, fact, "document", str(row.id), before=before, after=after, project=holder.project
    )
    return row
