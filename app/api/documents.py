"""Documents (văn bản) on projects, phases, grid works and clearances, and their files."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api.openapi_parts import MISSING
from app.db import Session
from app.deps import Ask, Route, files, needs
from app.domain import documents as domain
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import FileType
from app.queries import documents as found
from app.queries import subjects
from app.schemas.documents import (
    DocumentChange,
    DocumentCreate,
    DocumentPage,
    DocumentQuery,
    DocumentRead,
    FileQuery,
    FileRead,
)
from app.services import documents
from app.tables.documents import Document

router = APIRouter(prefix="/documents", tags=["documents"], route_class=Route)

DocumentId = Annotated[int, Path(ge=1, le=2**31 - 1)]
BYTES: dict[str, dict[str, object]] = {
    kind.value: {"schema": {"type": "string", "format": "binary"}} for kind in FileType
}


@router.get("", response_model=DocumentPage, responses=MISSING, openapi_extra=needs(May.READ_DETAIL))
async def list_documents(ask: Ask, query: Annotated[DocumentQuery, Query()]) -> Response:
    """The documents one may see, newest first. With `expiring_within` or `expired`, by the day they expire."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.post(
    "",
    response_model=DocumentRead,
    status_code=201,
    responses=MISSING,
    openapi_extra=needs(May.REPORT_MILESTONES),
)
async def add_document(ask: Ask, change: DocumentCreate) -> Response:
    """Adds a document to a subject, maybe as evidence of one of its milestones."""

    def work(session: Session) -> DocumentRead:
        return _read(session, ask, documents.add(session, ask.actor, change, ask.today))

    return await ask.change(work, status=201, location=lambda made: f"{ask.url.path}/{made.id}")


@router.get("/{document_id}", response_model=DocumentRead, openapi_extra=needs(May.READ_DETAIL))
async def read_document(ask: Ask, document_id: DocumentId) -> Response:
    """One document, to whoever sees its subject."""
    return await ask.read(lambda session: _read(session, ask, found.one(session, ask.actor, document_id)[0]))


@router.patch("/{document_id}", response_model=DocumentRead, openapi_extra=needs(May.REPORT_MILESTONES))
async def change_document(ask: Ask, document_id: DocumentId, change: DocumentChange) -> Response:
    """Changes the fields that are sent, for the organisation that added it or the department."""

    def work(session: Session) -> DocumentRead:
        row = documents.change(session, ask.actor, document_id, change, ask.expected, ask.today)
        return _read(session, ask, row)

    return await ask.change(work)


@router.put(
    "/{document_id}/file",
    response_model=DocumentRead,
    # The most that can be set; the data folder holds to the setting, which is the same or less.
    max_body_size=domain.LARGEST_FILE_BYTES,
    openapi_extra={**needs(May.REPORT_MILESTONES), "requestBody": {"required": True, "content": BYTES}},
)
async def put_document_file(
    ask: Ask, document_id: DocumentId, query: Annotated[FileQuery, Query()]
) -> Response:
    """Attaches a PDF, PNG or JPEG, the body as it is. Its first bytes say which: a PNG that is sent as a PDF is kept as
    the PNG it is, and anything else is refused whatever it is called. `If-Match` takes the ETag of the document."""
    await ask.tracker.db.read(
        lambda session: documents.check_file(session, ask.actor, document_id, ask.expected)
    )
    stored = await files.receive(ask)

    def work(session: Session) -> DocumentRead:
        row = documents.attach(session, ask.actor, document_id, stored, query.filename, ask.expected)
        return _read(session, ask, row)

    return await ask.change(work)


@router.get(
    "/{document_id}/file",
    response_class=Response,
    responses={200: {"content": BYTES}},
    openapi_extra=needs(May.READ_DETAIL),
)
async def read_document_file(ask: Ask, document_id: DocumentId) -> Response:
    """The file of a document as it was sent, to be saved. Its ETag is its SHA-256."""
    stored, name = await ask.tracker.db.read(lambda session: found.file(session, ask.actor, document_id))
    return await files.give(ask, stored, name)


def _page(session: Session, ask: Ask, query: DocumentQuery) -> DocumentPage:
    limit, filters = ask.limit(query.limit), _filters(session, ask, query)
    rows = found.page(session, ask.actor, filters, ask.today, after=ask.after(query.cursor), limit=limit)
    shown, following = ask.page(rows, limit, filters.place)
    return DocumentPage(items=[_shown(ask, line) for line in found.lines(session, shown)], next=following)


def _filters(session: Session, ask: Ask, query: DocumentQuery) -> found.Filters:
    holder = None
    if query.subject_code is not None:
        if query.subject is None:
            raise Invalid(Problem.FIELD_MISSING, field="subject")
        holder = subjects.one(session, ask.actor, query.subject, query.subject_code)
    return found.Filters(
        holder, query.subject, query.kind, query.milestone, query.expiring_within, query.expired
    )


def _read(session: Session, ask: Ask, row: Document) -> DocumentRead:
    session.flush()
    return _shown(ask, found.lines(session, [row])[0])


def _shown(ask: Ask, line: found.Line) -> DocumentRead:
    row, today = line.row, ask.today
    return DocumentRead(
        **row.model_dump(include=set(DocumentRead.model_fields)),
        expiry=domain.expiry(row.valid_until, today),
        days_left=None if row.valid_until is None else (row.valid_until - today).days,
        subject_code=line.subject_code,
        subject_name=line.subject_name,
        milestone=line.milestone,
        organisation=line.organisation,
        file=_file(row),
    )


def _file(row: Document) -> FileRead | None:
    if row.file_sha256 is None or row.file_type is None or row.file_bytes is None:
        return None
    kind = FileType(row.file_type)
    name = domain.download_name(row.file_name, row.number, kind)
    return FileRead(name=name, type=kind, size_bytes=row.file_bytes, sha256=row.file_sha256)
