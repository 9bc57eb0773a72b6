"""Workbooks that were sent in, as those of the organisation and role that sent them see them; to everyone else none is
there. What was found in one is read with its values by whoever may see it."""

import zlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, defer
from sqlmodel import col

from app.domain import workbooks as domain
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import UploadState
from app.domain.workbooks import Findings, Summary
from app.queries.workbook_rows import BY_CODE
from app.tables.workbooks import WorkbookUpload

# Up to 20 MB each, and read by those alone who work on them: they come when they are asked for.
_LATER = (defer(col(WorkbookUpload.content)), defer(col(WorkbookUpload.findings)))  # type: ignore[arg-type]


def one(session: Session, actor: Actor, upload_id: int) -> WorkbookUpload:
    """An upload of the actor's own organisation and role. NotFound to everyone else."""
    row = session.get(WorkbookUpload, upload_id, options=_LATER)
    is_own = row is not None and row.organisation_id == actor.organisation_id and row.role == actor.role.value
    if row is None or not is_own or actor.organisation_id is None:
        raise NotFound(Problem.NOT_FOUND, subject="workbook", id=upload_id)
    return row


def page(session: Session, actor: Actor, *, before: int | None, limit: int) -> Sequence[WorkbookUpload]:
    """Up to `limit` + 1 uploads of the actor's organisation and role, newest first."""
    asked = (
        select(WorkbookUpload)
        .options(*_LATER)
        .where(
            col(WorkbookUpload.organisation_id) == actor.organisation_id,
            col(WorkbookUpload.role) == actor.role.value,
        )
    )
    if before is not None:
        asked = asked.where(col(WorkbookUpload.id) < before)
    return session.execute(asked.order_by(col(WorkbookUpload.id).desc()).limit(limit + 1)).scalars().all()


def findings(row: WorkbookUpload) -> Findings | None:
    """What was found in an upload; None before its check, and when it is over."""
    if row.findings is None:
        return None
    return domain.from_text(zlib.decompress(row.findings).decode(), BY_CODE)


def summary(row: WorkbookUpload) -> Summary | None:
    """The counts of what was found, also when it is over; None before its check."""
    return None if row.summary is None else domain.summary_from_text(row.summary)


def was_committed(session: Session, row: WorkbookUpload) -> bool:
    """Whether the very same file was committed before by the same organisation."""
    asked = select(col(WorkbookUpload.id)).where(
        col(WorkbookUpload.organisation_id) == row.organisation_id,
        col(WorkbookUpload.digest) == row.digest,
        col(WorkbookUpload.state) == UploadState.COMMITTED,
        col(WorkbookUpload.id) != row.id,
    )
    return session.execute(asked.limit(1)).first() is not None
