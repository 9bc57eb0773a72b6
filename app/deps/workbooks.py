"""Workbooks over the wire, for both doors: given as files with their mark, and taken in."""

from fastapi import Response
from starlette.exceptions import HTTPException

from app.db import Session, Stamp
from app.deps import files, workbook_runs
from app.deps.asking import NO_STORE, Ask
from app.domain.access import May, require
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.sheet_problems import SheetProblem
from app.domain.sheets import Layout, SheetOut
from app.domain.vocabulary import UploadState
from app.formats import csv, sheet_csv, xlsx_out
from app.queries import journal, workbook_rows
from app.queries import workbooks as stored
from app.queries.capacity import View
from app.services import requests, workbooks
from app.services.requests import Kept
from app.services.workbooks import Sent
from app.tables.base import key

CSV_TYPES = frozenset({"text/csv", "application/csv", "text/plain"})
XLSX_TYPES = frozenset({xlsx_out.CONTENT_TYPE, "application/octet-stream", "application/vnd.ms-excel"})
# The most that any file of a workbook may have; the setting for files may say less.
MOST_BYTES = 20_000_000


async def give(ask: Ask) -> Response:
    """One's own workbook: every sheet that one may change, as it stands now. With cases in it, a look at personal data."""
    layouts = workbook_rows.layouts(ask.actor)

    def made(session: Session) -> bytes:
        written = workbook_runs.mark(ask, journal.head(session))
        return xlsx_out.write(_sheets(session, ask, layouts), written, ask.lang)

    name = f"tracker-{ask.actor.organisation}-{ask.today.isoformat()}.xlsx"
    return await _given(ask, await ask.tracker.db.read(made, long=True), layouts, xlsx_out.CONTENT_TYPE, name)


async def give_sheet(ask: Ask, code: str) -> Response:
    """One sheet of it as CSV, without a mark. NotFound where the caller has no such sheet."""
    layout = own_layout(ask, code)
    body = await ask.tracker.db.read(
        lambda session: sheet_csv.write(_sheets(session, ask, (layout,))[0], ask.lang), long=True
    )
    return await _given(ask, body, (layout,), csv.CONTENT_TYPE, f"{code}.csv")


def own_layout(ask: Ask, code: str) -> Layout:
    """A sheet of the caller's workbook by its code. NotFound where it has no such sheet."""
    found = next((layout for layout in workbook_rows.layouts(ask.actor) if layout.code == code), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="sheet", code=code)
    return found


def _sheets(session: Session, ask: Ask, layouts: tuple[Layout, ...]) -> list[SheetOut]:
    view = View(ask.actor, ask.today, journal.head(session))
    found = workbook_rows.rows(session, view, layouts, ask.lang)
    return [SheetOut(layout, list(found[layout.code].values())) for layout in layouts]


async def _given(ask: Ask, body: bytes, layouts: tuple[Layout, ...], kind: str, name: str) -> Response:
    """A file that nobody keeps; the look at what is personal in it is written down before it leaves."""
    if is_personal(layouts):
        await note_look(ask, "workbook")
    headers = {"Content-Disposition": files.attachment(name), "Cache-Control": NO_STORE}
    return Response(body, 200, headers, media_type=kind)


def is_personal(layouts: tuple[Layout, ...]) -> bool:
    """Whether a sheet holds personal data."""
    return any(column.is_personal for layout in layouts for column in layout.columns)


async def note_look(ask: Ask, subject: str) -> None:
    """Writes a look at personal data down. Forbidden to whoever may not have it."""
    require(ask.actor, May.READ_HOUSEHOLDS)
    stamp = Stamp(ask.now, ask.state.request_id)
    await ask.tracker.db.change(lambda session: ask.note_access(session, subject), stamp)


async def receive(ask: Ask, sent: Sent) -> tuple[int, bool]:
    """Keeps a file, has it checked, and waits a little for what the check finds. Returns the id of the upload, and whether
    it is that of the same file sent before under the same `Idempotency-Key`.

    Invalid where the file is empty or its sheet is none of the caller's; 413 where it is larger than the setting allows.
    """
    if sent.sheet is not None and sent.sheet not in {one.code for one in workbook_rows.layouts(ask.actor)}:
        raise Invalid(Problem.NOT_A_WORD, field="sheet")
    if len(sent.content) > ask.tracker.settings.max_file_bytes:
        raise HTTPException(413)
    repeat = await ask.repeat()

    def kept(session: Session) -> tuple[int, bool]:
        told = None if repeat is None else requests.answered(session, ask.actor, repeat)
        if told is not None:
            return int(told.body), True
        upload_id = key(workbooks.receive(session, ask.actor, sent, ask.now).id)
        if repeat is not None:
            requests.keep(session, ask.actor, repeat, Kept(201, {}, str(upload_id).encode()), ask.now)
        return upload_id, False

    upload_id, is_again = await ask.tracker.db.change(kept, Stamp(ask.now, ask.state.request_id))
    if not is_again or await _is_waiting(ask, upload_id):
        await workbook_runs.check(ask, upload_id)
    return upload_id, is_again


async def _is_waiting(ask: Ask, upload_id: int) -> bool:
    """Whether nobody has begun to check an upload: the process that took it ended before."""
    return await ask.tracker.db.read(
        lambda session: stored.one(session, ask.actor, upload_id).state == UploadState.WAITING
    )


def named(content_type: str | None, name: str | None, sheet: str | None) -> str:
    """What a file is called: as its sender says, else by its content type. Invalid where that is of no spreadsheet."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if name is None and kind not in XLSX_TYPES | CSV_TYPES:
        raise Invalid(SheetProblem.NOT_A_WORKBOOK, field="Content-Type")
    return name or (f"{sheet or 'sheet'}.csv" if kind in CSV_TYPES else "workbook.xlsx")
