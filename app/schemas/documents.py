"""Documents on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.vocabulary import DocumentKind, Expiry, FileType, SubjectKind
from app.schemas.base import Asked, Code, Day, In, Name, Out, Short, Text, never_null

Title = Annotated[str, StringConstraints(min_length=1, max_length=400)]
# A milestone of the document's subject: `W-D2`, or `W-D2.2` for its second instance.
MilestoneName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]-[A-Za-z]?[0-9]{1,2}(\.[0-9]{1,3})?$", max_length=20)
]


class DocumentChange(In):
    """Fields left out stay as they are; a field sent as null is emptied. The subject is not changed."""

    model_config = never_null("number", "kind", "issuer", "issued_on")

    number: Short | None = None
    kind: DocumentKind | None = None
    title: Title | None = None
    issuer: Name | None = None
    issued_on: Day | None = None
    effective_on: Day | None = None
    valid_until: Day | None = Field(None, description="The last day it is good for")
    milestone: MilestoneName | None = Field(None, description="The milestone of the subject that it proves")
    note: Text | None = None


class DocumentCreate(DocumentChange):
    """A document of a subject, maybe the proof of one of its milestones."""

    subject: SubjectKind
    subject_code: Code
    number: Short
    kind: DocumentKind
    issuer: Name
    issued_on: Day


class FileRead(Out):
    """The file of a document: what it truly is, whatever its name says."""

    name: str
    type: FileType
    size_bytes: int
    sha256: str


class DocumentRead(Out):
    """A document. `organisation` is who added it; `days_left` is negative once it has expired."""

    id: int
    number: str
    kind: DocumentKind
    title: str | None
    issuer: str
    issued_on: date
    effective_on: date | None
    valid_until: date | None
    expiry: Expiry
    days_left: int | None
    subject: SubjectKind
    subject_code: str
    subject_name: str
    milestone: str | None
    organisation: str | None
    file: FileRead | None
    note: str | None
    revision: int


class DocumentPage(Out):
    items: list[DocumentRead]
    next: str | None = None


class DocumentQuery(Asked):
    subject: SubjectKind | None = None
    subject_code: Code | None = Field(None, description="Only together with `subject`")
    kind: DocumentKind | None = None
    milestone: MilestoneName | None = None
    expiring_within: int | None = Field(
        None, ge=1, le=366, description="Days from today within which it expires, as 30, 60 or 90"
    )
    expired: bool | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class FileQuery(Asked):
    filename: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        None, description="What the file is called; its ending proves nothing"
    )
