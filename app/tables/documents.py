"""Where figures come from: public sources, and the documents (văn bản) behind what is reported."""

from datetime import date

from sqlmodel import Field, Index, SQLModel

from app.domain.vocabulary import DocumentKind, SubjectKind
from app.tables.base import Word


class Source(SQLModel, table=True):
    """A public source, by the short code that records cite."""

    __tablename__ = "source"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    title: str = Field(max_length=400)
    url: str | None = Field(default=None, max_length=400)
    published: str | None = Field(default=None, max_length=120)
    quality: str | None = Field(default=None, max_length=400)
    note: str | None = Field(default=None, max_length=2000)


class Document(SQLModel, table=True):
    """A document by number and issuer, on one subject, maybe as evidence of one milestone. It is visible as its subject
    is. The file lies in the data folder under its SHA-256, once however often it was sent."""

    __tablename__ = "document"
    __table_args__ = (
        Index("ix_document_subject", "subject", "subject_id"),
        Index("ix_document_milestone", "milestone_id"),
        Index("ix_document_valid_until", "valid_until"),
    )
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=120)
    kind: DocumentKind = Field(sa_type=Word(DocumentKind))
    title: str | None = Field(default=None, max_length=400)
    issuer: str = Field(max_length=200)
    issued_on: date
    effective_on: date | None = None
    valid_until: date | None = None
    subject: SubjectKind = Field(sa_type=Word(SubjectKind))
    subject_id: int
    project_id: int | None = Field(default=None, foreign_key="project.id")
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    file_sha256: str | None = Field(default=None, max_length=64)
    file_name: str | None = Field(default=None, max_length=200)
    file_type: str | None = Field(default=None, max_length=40)
    file_bytes: int | None = None
    note: str | None = Field(default=None, max_length=2000)
    created_in: int
    revision: int
