"""`/workbooks`: one's own workbook to download, files to send in, and what becomes of each before and after it is saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from app.db import Session
from app.deps import Ask, Route, needs, workbook_runs, workbooks
from app.domain.access import May
from app.domain.errors import Invalid, TrackerError
from app.domain.sheets import Layout
from app.domain.vocabulary import CellKind, Take, UploadState
from app.domain.words import Term
from app.domain.workbook_problems import WorkbookProblem
from app.pages import forms, sending
from app.pages import workbooks_shown as shown
from app.pages.rendering import Frame, frame, render
from app.pages.workbooks_shown import PAGE_CONFLICTS, WorkbookPage
from app.queries import workbook_rows
from app.queries import workbooks as stored
from app.schemas import refusals
from app.schemas.base import Chosen
from app.services.workbooks import Choices, Sent
from app.tables.workbooks import WorkbookUpload

router = APIRouter(prefix="/workbooks", tags=["pages"], route_class=Route)
UploadId = Annotated[int, Path(ge=1, le=2**31 - 1)]
# A page of a workbook that is being worked on comes again after so many seconds.
REFRESH_S = 2
SHOWN_UPLOADS = 20


class CellsQuery(Chosen):
    kind: CellKind | None = None
    start: int = Field(0, ge=0, le=10_000_000)


@dataclass(frozen=True, slots=True)
class WorkbooksPage:
    """The sheets of one's own workbook and the files that were sent in, newest first, each with its state."""

    frame: Frame
    layouts: Sequence[Layout]
    is_personal: bool
    uploads: Sequence[tuple[WorkbookUpload, UploadState]]
    most_bytes: int
    problem: Term | None = None


@router.get("", openapi_extra=needs(May.SEND_WORKBOOKS))
async def show_workbooks(ask: Ask) -> Response:
    """The download, the form for a file, and the files that were sent in."""
    return await _home(ask)


@router.get("/own.xlsx", openapi_extra=needs(May.SEND_WORKBOOKS))
async def download_workbook(ask: Ask) -> Response:
    """One's own workbook, for a browser that holds no key."""
    return await workbooks.give(ask)


@router.get("/{sheet}.csv", openapi_extra=needs(May.SEND_WORKBOOKS))
async def download_sheet(ask: Ask, sheet: str) -> Response:
    """One sheet of it as CSV."""
    return await workbooks.give_sheet(ask, sheet)


@router.post("", max_body_size=workbooks.MOST_BYTES + 10_000, openapi_extra=needs(May.SEND_WORKBOOKS))
async def send_workbook(ask: Ask) -> Response:
    """Takes a file, has it checked, and leads to what was found."""
    async with ask.form() as given:
        upload = given.get("file")
        try:
            if not isinstance(upload, UploadFile) or not upload.filename:
                raise Invalid(WorkbookProblem.FILE_MISSING, field="file")
            upload_id, _ = await workbooks.receive(ask, Sent(await upload.read(), upload.filename))
        except Invalid as error:
            return await _home(ask, error.problem)
        return RedirectResponse(frame(ask).to(f"/workbooks/{upload_id}"), 303)


@router.get("/{upload_id}", openapi_extra=needs(May.SEND_WORKBOOKS))
async def show_workbook(ask: Ask, upload_id: UploadId, query: Annotated[CellsQuery, Query()]) -> Response:
    """How far a file is, what it would change cell by cell, what is wrong, and what both sides have changed."""
    return await _shown(ask, upload_id, query)


@router.post("/{upload_id}", openapi_extra=needs(May.SEND_WORKBOOKS))
async def decide_workbook(ask: Ask, upload_id: UploadId) -> Response:
    """Saves everything, checks again, or cancels."""
    async with ask.form() as given:
        values = forms.texts(given)
    try:
        await _decided(ask, upload_id, values)
    except tuple(sending.STATUS) as error:
        status = next(status for kind, status in sending.STATUS.items() if isinstance(error, kind))
        return await _shown(ask, upload_id, CellsQuery(), error, values, status)
    return RedirectResponse(frame(ask).to(f"/workbooks/{upload_id}"), 303)


async def _decided(ask: Ask, upload_id: int, values: Mapping[str, str]) -> None:
    step = values.get("step")
    if step == "cancel":
        await workbook_runs.cancel(ask, upload_id)
    elif step == "check":
        await workbook_runs.check(ask, upload_id)
    else:
        every = values.get("take", "")
        choices = Choices(Take(every) if every in set(Take) else None, shown.chosen(values))
        await workbook_runs.save(ask, upload_id, choices)


async def _home(ask: Ask, problem: Term | None = None) -> Response:
    layouts = workbook_rows.layouts(ask.actor)

    def page(session: Session) -> str:
        rows = stored.page(session, ask.actor, before=None, limit=SHOWN_UPLOADS)[:SHOWN_UPLOADS]
        uploads = [(row, workbook_runs.state(ask.tracker, row)) for row in rows]
        made = WorkbooksPage(
            frame(ask), layouts, workbooks.is_personal(layouts), uploads, workbooks.MOST_BYTES, problem
        )
        return render("workbooks.html", made, ask.lang)

    return _page(await ask.tracker.db.read(page, long=True), 200 if problem is None else 422)


async def _shown(
    ask: Ask,
    upload_id: int,
    query: CellsQuery,
    error: TrackerError | None = None,
    values: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of an upload; where it holds personal data, once the look is written down."""

    def made(session: Session) -> tuple[str, bool, bool]:
        page = _workbook(session, ask, upload_id, query, error, values or {})
        personal = page.summary is not None and page.summary.has_personal and page.row.findings is not None
        return render("workbook.html", page, ask.lang), page.is_running, personal

    body, is_running, personal = await ask.tracker.db.read(made, long=True)
    if personal:
        await workbooks.note_look(ask, f"workbook/{upload_id}")
    answer = _page(body, status)
    if is_running:
        answer.headers["Refresh"] = str(REFRESH_S)
    return answer


def _page(body: str, status: int) -> Response:
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")


def _workbook(
    session: Session,
    ask: Ask,
    upload_id: int,
    query: CellsQuery,
    error: TrackerError | None,
    values: Mapping[str, str],
) -> WorkbookPage:
    row = stored.one(session, ask.actor, upload_id)
    found, made = stored.findings(row), stored.summary(row)
    kind = query.kind
    if kind is None:
        kind = CellKind.ERROR if made is not None and made.total("errors") else CellKind.CHANGED
    problem = None if row.problem is None else refusals.named(row.problem)
    lines, following = shown.lines(ask, found, kind, query.start)
    conflicts = () if found is None else found.conflicts[:PAGE_CONFLICTS]
    return WorkbookPage(
        frame(ask),
        row,
        workbook_runs.state(ask.tracker, row),
        workbook_runs.of(ask.tracker, row),
        made,
        problem if error is None else error.problem,
        kind,
        lines,
        following,
        [shown.line(ask, one) for one in conflicts],
        [] if found is None else [shown.line(ask, one) for one in found.notices[:PAGE_CONFLICTS]],
        shown.effect(made),
        values,
        [] if error is None else shown.refused(ask, error),
    )
