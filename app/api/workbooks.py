"""Spreadsheets: one's own workbook to be edited offline, and what becomes of it when it is sent back."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app.api import workbook_shapes
from app.db import Session
from app.deps import Ask, Route, needs, workbook_runs, workbooks
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.vocabulary import Take
from app.formats import csv, xlsx_out
from app.queries import workbooks as stored
from app.schemas.workbooks import (
    CellPage,
    CellQuery,
    CommitIn,
    SendQuery,
    UploadListQuery,
    UploadPage,
    UploadRead,
)
from app.services.workbooks import Choices, Sent

router = APIRouter(prefix="/workbooks", tags=["workbooks"], route_class=Route)

UploadId = Annotated[int, Path(ge=1, le=2**31 - 1)]
FILES: dict[str, dict[str, object]] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in (xlsx_out.CONTENT_TYPE, "text/csv")
}


@router.get(
    "/own.xlsx",
    response_class=Response,
    responses={200: {"content": {xlsx_out.CONTENT_TYPE: FILES[xlsx_out.CONTENT_TYPE]}}},
    openapi_extra=needs(May.READ_DETAIL),
)
async def read_workbook(ask: Ask) -> Response:
    """One's own workbook: every sheet that one may change, with a mark that says as of which revision it was downloaded.
    With cases of households in it, the access log says who looked."""
    return await workbooks.give(ask)


@router.get(
    "/{sheet}.csv",
    response_class=Response,
    responses={200: {"content": {csv.CONTENT_TYPE: FILES["text/csv"]}}},
    openapi_extra=needs(May.READ_DETAIL),
)
async def read_sheet(ask: Ask, sheet: str) -> Response:
    """One sheet of it as CSV. It carries no mark: sent back, nobody can know what others have changed meanwhile."""
    return await workbooks.give_sheet(ask, sheet)


@router.post(
    "/uploads",
    response_model=UploadRead,
    status_code=201,
    max_body_size=workbooks.MOST_BYTES,
    openapi_extra={**needs(May.SEND_WORKBOOKS), "requestBody": {"required": True, "content": FILES}},
)
async def send_workbook(ask: Ask, query: Annotated[SendQuery, Query()]) -> Response:
    """Sends a workbook or a CSV file in, the body as it is, to be checked. Nothing is saved before it is committed. 202
    where the check goes on beside this answer: ask the upload how far it is."""
    name = workbooks.named(ask.headers.get("content-type"), query.filename, query.sheet)
    upload_id, is_again = await workbooks.receive(ask, Sent(await ask.body(), name, query.sheet))
    more = {"Location": f"{ask.url.path}/{upload_id}"}
    return await _answer(ask, upload_id, 201, more, is_again=is_again)


@router.get("/uploads", response_model=UploadPage, openapi_extra=needs(May.SEND_WORKBOOKS))
async def list_uploads(ask: Ask, query: Annotated[UploadListQuery, Query()]) -> Response:
    """The workbooks of one's own organisation and role, newest first."""
    return await ask.read(lambda session: _page(session, ask, query), long=True, journaled=False)


@router.get("/uploads/{upload_id}", response_model=UploadRead, openapi_extra=needs(May.SEND_WORKBOOKS))
async def read_upload(ask: Ask, upload_id: UploadId) -> Response:
    """How far a workbook is, and what was found in it, counted."""
    return await _answer(ask, upload_id, 200)


@router.get("/uploads/{upload_id}/cells", response_model=CellPage, openapi_extra=needs(May.SEND_WORKBOOKS))
async def list_cells(ask: Ask, upload_id: UploadId, query: Annotated[CellQuery, Query()]) -> Response:
    """The cells that would change, are of new rows, were changed by both sides, or are wrong, in the order of the file.
    With cases of households among them, the access log says who looked."""
    if await ask.tracker.db.read(lambda session: _is_personal(session, ask, upload_id)):
        subject = f"workbook/{upload_id}"
        return await ask.read_personal(lambda session: _cells(session, ask, upload_id, query), subject)
    return await ask.read(lambda session: _cells(session, ask, upload_id, query), long=True, journaled=False)


@router.post("/uploads/{upload_id}/check", response_model=UploadRead, openapi_extra=needs(May.SEND_WORKBOOKS))
async def check_upload(ask: Ask, upload_id: UploadId) -> Response:
    """Checks a workbook again: after it was interrupted, or after others have changed what it changes."""
    is_again = await workbook_runs.check(ask, upload_id, await ask.repeat())
    return await _answer(ask, upload_id, 200, is_again=is_again)


@router.post(
    "/uploads/{upload_id}/commit", response_model=UploadRead, openapi_extra=needs(May.SEND_WORKBOOKS)
)
async def commit_upload(ask: Ask, upload_id: UploadId, change: CommitIn) -> Response:
    """Saves everything as one revision, or nothing. 409 where a cell that both sides have changed is not decided, or others
    have changed more since the check; 422 where something is wrong. Committed once, it is not committed again."""
    takes: dict[tuple[str, int, str], Take] = {(c.sheet, c.row, c.column): c.take for c in change.cells}
    choices = Choices(change.conflicts, takes)
    is_again = await workbook_runs.save(ask, upload_id, choices, await ask.repeat())
    return await _answer(ask, upload_id, 200, is_again=is_again)


@router.delete("/uploads/{upload_id}", status_code=204, openapi_extra=needs(May.SEND_WORKBOOKS))
async def cancel_upload(ask: Ask, upload_id: UploadId) -> Response:
    """Cancels a workbook, also while it is being checked or saved; nothing of it is kept."""
    await workbook_runs.cancel(ask, upload_id)
    return Response(status_code=204)


async def _answer(
    ask: Ask, upload_id: int, status: int, headers: dict[str, str] | None = None, *, is_again: bool = False
) -> Response:
    """Where an upload stands, also where the request was sent before; 202 while it is being worked on by whoever this
    answers."""
    answer = await ask.read(
        lambda session: workbook_shapes.upload(ask, stored.one(session, ask.actor, upload_id)),
        journaled=False,
    )
    is_running = any(run.upload_id == upload_id for run in ask.tracker.runs.values())
    answer.status_code = 202 if is_running and ask.method == "POST" else status
    answer.headers.update(headers or {})
    if is_again:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _page(session: Session, ask: Ask, query: UploadListQuery) -> UploadPage:
    after = ask.after(query.cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    limit = ask.limit(query.limit, 20)
    rows = stored.page(session, ask.actor, before=None if after is None else int(after), limit=limit)
    shown, following = ask.page(list(rows), limit, lambda row: str(row.id))
    return UploadPage(items=[workbook_shapes.upload(ask, row) for row in shown], next=following)


def _is_personal(session: Session, ask: Ask, upload_id: int) -> bool:
    made = stored.summary(stored.one(session, ask.actor, upload_id))
    return made is not None and made.has_personal


def _cells(session: Session, ask: Ask, upload_id: int, query: CellQuery) -> CellPage:
    found = stored.findings(stored.one(session, ask.actor, upload_id))
    if found is None:
        return CellPage(items=[])
    after = ask.after(query.cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    start, limit = int(after or 0), ask.limit(query.limit)
    rows = workbook_shapes.cells(ask, found, query.kind, query.sheet, start, limit + 1)
    shown, following = ask.page(rows, limit, lambda _: str(start + limit))
    return CellPage(items=shown, next=following)
