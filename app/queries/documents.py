"""Documents: who sees one, the lists of them, and how long the evidence of a milestone is good for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import documents as domain
from app.domain import milestones
from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import DocumentKind, FileType, SubjectKind
from app.outside.files import Stored
from app.queries import journal, subjects
from app.queries.subjects import Holder
from app.tables.base import key
from app.tables.documents import Document
from app.tables.milestones import Milestone
from app.tables.organisations import Organisation

# More ids than this are not asked for one by one.
MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A document with the names that go with it."""

    row: Document
    subject_code: str
    subject_name: str
    milestone: str | None
    organisation: str | None


def one(session: Session, actor: Actor, document_id: int) -> tuple[Document, Holder]:
    """A document and its subject, where `actor` sees that; to everyone else it is not there."""
    row = session.get(Document, document_id)
    holder = None if row is None else subjects.by_id(session, row.subject, row.subject_id)
    if row is None or holder is None or not subjects.sees(session, actor, holder):
        raise NotFound(Problem.NOT_FOUND, subject="document", id=document_id)
    return row, holder


def file(session: Session, actor: Actor, document_id: int) -> tuple[Stored, str]:
    """The file of a document and what to call it where it is saved. NotFound where it has none, or is not seen."""
    row, _ = one(session, actor, document_id)
    if row.file_sha256 is None or row.file_type is None or row.file_bytes is None:
        raise NotFound(Problem.NOT_FOUND, subject="file", id=document_id)
    kind = FileType(row.file_type)
    return Stored(row.file_sha256, kind, row.file_bytes), domain.download_name(
        row.file_name, row.number, kind
    )


def lines(session: Session, rows: Collection[Document]) -> list[Line]:
    """Documents with their names, in the order given."""
    names = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    proven = _keys(session, {row.milestone_id for row in rows if row.milestone_id is not None})
    by = {row.organisation_id for row in rows if row.organisation_id is not None}
    added = select(col(Organisation.id), col(Organisation.code)).where(col(Organisation.id).in_(by))
    organisations = {i: code for i, code in session.execute(added)} if by else {}
    return [
        Line(
            row,
            *names[row.subject, row.subject_id],
            milestone=proven.get(row.milestone_id),
            organisation=organisations.get(row.organisation_id),
        )
        for row in rows
    ]


def milestone_key(session: Session, milestone_id: int | None) -> str | None:
    """How a milestone is named inside its subject."""
    return None if milestone_id is None else _keys(session, {milestone_id})[milestone_id]


def milestone_id(session: Session, holder: Holder, name: str | None) -> int | None:
    """The milestone of a subject by its name there. Raises Invalid where the subject has none of that name."""
    if name is None:
        return None
    code, instance = milestones.parts(name)
    statement = select(col(Milestone.id)).where(
        *_on(holder.kind, holder.id), col(Milestone.code) == code, col(Milestone.instance) == instance
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        raise Invalid(Problem.UNKNOWN_MILESTONE, field="milestone", subject=holder.path)
    return found


def kept(session: Session, holder: Holder, number: str, issuer: str, issued_on: date) -> list[int]:
    """The ids under which a subject has this document already."""
    statement = select(col(Document.id)).where(
        col(Document.subject) == holder.kind,
        col(Document.subject_id) == holder.id,
        col(Document.number) == number,
        col(Document.issuer) == issuer,
        col(Document.issued_on) == issued_on,
    )
    return [key(found) for found in session.execute(statement).scalars()]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; None leaves a field open. `milestone` is a name inside any subject, or inside
    `holder`. `expiring_within` counts days from today, which it includes."""

    holder: Holder | None = None
    subject: SubjectKind | None = None
    kind: DocumentKind | None = None
    milestone: str | None = None
    expiring_within: int | None = None
    expired: bool | None = None

    @property
    def by_expiry(self) -> bool:
        """Whether the list is about what expires, and so in that order."""
        return self.expiring_within is not None or self.expired is True

    def place(self, row: Document) -> str:
        """Where a row stands in the order of the list: what a cursor holds."""
        return f"{row.valid_until}/{row.id}" if self.by_expiry else str(row.id)


def page(
    session: Session, actor: Actor, filters: Filters, today: date, *, after: str | None, limit: int
) -> list[Document]:
    """Up to `limit` + 1 documents that `actor` sees: newest first, or by the day they expire where that is asked for."""
    seen = subjects.visible(actor, col(Document.subject), col(Document.subject_id), col(Document.project_id))
    statement = select(Document).where(seen, *_narrowed(filters, today)).limit(limit + 1)
    if after is not None:
        statement = statement.where(_after(after, filters.by_expiry))
    if filters.by_expiry:
        statement = statement.order_by(col(Document.valid_until), col(Document.id))
    else:
        statement = statement.order_by(col(Document.id).desc())
    return list(session.execute(statement).scalars())


def _narrowed(filters: Filters, today: date) -> Iterable[ColumnElement[bool]]:
    row, ends = Document, col(Document.valid_until)
    if filters.holder is not None:
        yield and_(col(row.subject) == filters.holder.kind, col(row.subject_id) == filters.holder.id)
    if filters.subject is not None:
        yield col(row.subject) == filters.subject
    if filters.kind is not None:
        yield col(row.kind) == filters.kind
    if filters.milestone is not None:
        code, instance = milestones.parts(filters.milestone)
        named = and_(col(Milestone.code) == code, col(Milestone.instance) == instance)
        yield col(row.milestone_id).in_(select(col(Milestone.id)).where(named))
    if filters.expiring_within is not None:
        yield ends.between(today, today + timedelta(days=filters.expiring_within))
    if filters.expired is not None:
        yield ends < today if filters.expired else or_(ends.is_(None), ends >= today)


def _after(place: str, by_expiry: bool) -> ColumnElement[bool]:
    """The rows that come after a place. Invalid where the cursor is of a list in another order."""
    day, _, number = place.rpartition("/")
    if not number.isdecimal() or bool(day) != by_expiry:
        raise Invalid(Problem.CURSOR, field="cursor")
    if not by_expiry:
        return col(Document.id) < int(number)
    ends = date.fromisoformat(day)
    later = col(Document.valid_until) > ends
    return or_(later, and_(col(Document.valid_until) == ends, col(Document.id) > int(number)))


def validity(
    session: Session, milestone_ids: Collection[int] | None = None, revision: int | None = None
) -> dict[int, date]:
    """The latest day until which the evidence of each milestone is good, as it was known at a revision: a milestone
    whose newest evidence has expired is open again. One whose documents state no end is absent, and a document without
    an end says nothing beside one with: minutes do not prolong a licence.

    None for `milestone_ids` means all milestones, for `revision` the newest.
    """
    if revision is not None and (changed := journal.rewound(session, revision, "document")):
        found = _validity_then(session, milestone_ids, revision, changed)
    else:
        proves, ends = col(Document.milestone_id), col(Document.valid_until)
        statement = select(proves, func.max(ends)).where(proves.is_not(None), ends.is_not(None))
        if revision is not None:
            statement = statement.where(col(Document.created_in) <= revision)
        asked = statement.where(_asked(milestone_ids)).group_by(proves)
        found = {key(i): day for i, day in session.execute(asked) if day is not None}
    if milestone_ids is None:
        return found
    wanted = set(milestone_ids)
    return {i: day for i, day in found.items() if i in wanted}


def _asked(ids: Collection[int] | None) -> ColumnElement[bool]:
    return true() if ids is None or len(ids) > MOST_ASKED else col(Document.milestone_id).in_(ids)


def _validity_then(
    session: Session,
    ids: Collection[int] | None,
    revision: int,
    changed: dict[str, dict[str, object]],
) -> dict[int, date]:
    """The same where documents have changed since: what they said then, as the journal states it, comes first."""
    moved = [int(code) for code, fields in changed.items() if "milestone" in fields]
    either = or_(and_(col(Document.milestone_id).is_not(None), _asked(ids)), col(Document.id).in_(moved))
    rows = session.execute(select(Document).where(col(Document.created_in) <= revision, either)).scalars()
    latest: dict[int, date] = {}
    for row in rows:
        said = changed.get(str(row.id), {})
        stated = said.get("valid_until", row.valid_until)
        ends = None if stated is None else date.fromisoformat(str(stated))
        proved = _proved(session, row, said) if "milestone" in said else row.milestone_id
        if ends is not None and proved is not None:
            latest[proved] = max(ends, latest.get(proved, ends))
    return latest


def _proved(session: Session, row: Document, said: dict[str, object]) -> int | None:
    """The milestone that a document proved when the journal said so."""
    if said["milestone"] is None:
        return None
    holder = subjects.by_id(session, row.subject, row.subject_id)
    return milestone_id(session, holder, str(said["milestone"]))


def _on(kind: SubjectKind, subject_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(Milestone.subject) == kind, col(Milestone.subject_id) == subject_id


def _keys(session: Session, ids: set[int]) -> dict[int | None, str]:
    """Milestones by id as their subjects name them."""
    if not ids:
        return {}
    rows = session.execute(select(Milestone).where(col(Milestone.id).in_(ids))).scalars()
    return {key(row.id): milestones.key(row.code, row.instance) for row in rows}
