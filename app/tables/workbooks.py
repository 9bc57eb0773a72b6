"""Spreadsheets that were sent in, from when they come until they are committed or removed. None is a change of the world
before it is committed, so the journal holds none of them; what they hold may be personal data, and goes when it is over."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from app.domain.vocabulary import UploadState
from app.tables.base import Instant, Word


class WorkbookUpload(SQLModel, table=True):
    """One file, and what was found in it. `content` and `findings` are emptied once it is over.

    `run` names the one run that may go on with it: what a run that was given up still does is rolled back.
    `read_at` is the revision the file was downloaded at, where it says so and says it truly; `checked_at` that of its
    last check, and `revision` the one it was committed as.
    """

    __tablename__ = "workbook_upload"
    __table_args__ = (Index("ix_workbook_upload_owner", "organisation_id", "role"),)
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    role: str = Field(max_length=40)
    state: UploadState = Field(sa_type=Word(UploadState))
    run: str | None = Field(default=None, max_length=32)
    file_name: str | None = Field(default=None, max_length=200)
    # The sheet a CSV file is of; a workbook names its sheets itself.
    sheet: str | None = Field(default=None, max_length=40)
    size_bytes: int
    digest: str = Field(max_length=64)
    content: bytes | None = None
    read_at: int | None = None
    checked_at: int | None = None
    findings: bytes | None = None
    # Counts alone: they stay when the rest is gone.
    summary: str | None = None
    problem: str | None = Field(default=None, max_length=60)
    revision: int | None = None
    created_at: datetime = Field(sa_type=Instant, index=True)
    changed_at: datetime = Field(sa_type=Instant)
