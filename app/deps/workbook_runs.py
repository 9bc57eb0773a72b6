"""Working on a workbook beside the requests: a run of its own checks or commits it, in threads, while others ask how far
it is or cancel it.

How far a run is stands in the memory of its process; whether there is one stands in the database. Where the process is
killed nothing is applied, for a change is one transaction; the upload says that it was interrupted and can be started again.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from anyio import CapacityLimiter, to_thread

from app.db import Session, Stamp
from app.deps import cursor
from app.deps.asking import Ask
from app.deps.runs import Run
from app.deps.tracker import Tracker
from app.domain.access import Actor
from app.domain.errors import Invalid, TrackerError
from app.domain.grids import Book
from app.domain.problems import Problem
from app.domain.sheet_problems import SheetProblem
from app.domain.vocabulary import UploadState, UploadStep
from app.domain.words import Term
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import Findings, Wrong
from app.formats import spreadsheets
from app.outside import shipped
from app.queries import workbook_findings, workbook_rows
from app.queries import workbooks as stored
from app.services import requests, workbooks
from app.services.workbooks import Choices
from app.tables.workbooks import WorkbookUpload

# Whoever starts a run waits so long for its end, so that a small file is answered at once.
PATIENCE_S = 2.0
# Where several processes share a database, a run of another one counts as alive for so long after its last word.
ALIVE = timedelta(minutes=5)
MARK = "workbook"
# A file of 20 MB takes some hundred in memory while it is read: however many come at once, so many are read at a time.
_READING = CapacityLimiter(2)
log = structlog.get_logger("workbooks")


def mark(ask: Ask, revision: int) -> str:
    """What a workbook carries to say as of which revision, and for whom, it was downloaded; nobody else can write it."""
    return cursor.make(_secret(ask.tracker), f"{MARK}:{revision}:{ask.actor.organisation_id}")


def read_at(tracker: Tracker, actor: Actor, written: str | None) -> int | None:
    """The revision of the download; None where a file has no mark, or one that was made for somebody else or by nobody."""
    try:
        said = cursor.read(_secret(tracker), written)
    except (Invalid, ValueError):
        return None
    kind, _, rest = (said or "").partition(":")
    revision, _, organisation = rest.partition(":")
    if kind != MARK or organisation != str(actor.organisation_id):
        return None
    return int(revision)


def _secret(tracker: Tracker) -> str:
    return tracker.settings.secret.get_secret_value()


async def check(ask: Ask, upload_id: int, repeat: requests.Repeat | None = None) -> bool:
    """Starts the check of an upload, and waits a little for its end. Whether this was asked before, under the key `repeat`:
    then nothing is done."""
    run = await _begun(ask, upload_id, UploadState.CHECKING, repeat)
    if run is None:
        return True
    await _carried(ask.tracker, upload_id, run, lambda row: _check(ask, upload_id, run, row))
    return False


async def save(ask: Ask, upload_id: int, choices: Choices, repeat: requests.Repeat | None = None) -> bool:
    """Starts the commit of an upload, and waits a little for its end. Raises what refuses it within that time. Whether it
    was saved before, under the key `repeat`: then nothing is done."""
    run = await _begun(ask, upload_id, UploadState.COMMITTING, repeat)
    if run is None:
        return True
    await _carried(ask.tracker, upload_id, run, lambda _: _commit(ask, upload_id, run, choices, repeat))
    if run.error is not None:
        raise run.error
    return False


async def cancel(ask: Ask, upload_id: int) -> None:
    """Stops what is being done with an upload and lets it go."""
    name = await ask.tracker.db.read(lambda session: stored.one(session, ask.actor, upload_id).run)
    run = ask.tracker.runs.get(name or "")
    if run is not None:
        run.is_wanted = False
    now = ask.tracker.clock.now()
    stamp = Stamp(now, ask.state.request_id)
    await ask.tracker.db.change(lambda s: workbooks.cancel(s, ask.actor, upload_id, now), stamp)


def of(tracker: Tracker, row: WorkbookUpload) -> Run | None:
    """The run that works on an upload in this process; None where there is none, or where it is another's."""
    return tracker.runs.get(row.run or "")


def state(tracker: Tracker, row: WorkbookUpload) -> UploadState:
    """How far an upload is: where its run has died with its process it was interrupted."""
    is_lost = row.state in workbooks.RUNNING and not _is_alive(tracker, row)
    return UploadState.INTERRUPTED if is_lost else row.state


async def stop(tracker: Tracker) -> None:
    """Stops every run of this process and waits for it: nothing of it is applied."""
    for run in list(tracker.runs.values()):
        run.is_wanted = False
        if run.task is not None:
            await asyncio.wait({run.task})


def _is_alive(tracker: Tracker, row: WorkbookUpload) -> bool:
    """Whether a run goes on. One process serves an SQLite file; on PostgreSQL it may be that of another."""
    if row.run in tracker.runs:
        return True
    return not tracker.db.is_sqlite and tracker.clock.now() - row.changed_at < ALIVE


async def _begun(ask: Ask, upload_id: int, to: UploadState, repeat: requests.Repeat | None) -> Run | None:
    """A new run that has the upload; None where the same was asked before. What a check is asked under is kept at once,
    for it changes nothing; a commit is kept with what it makes."""
    run = Run(secrets.token_hex(8), upload_id)
    now = ask.tracker.clock.now()

    def work(session: Session) -> bool:
        row = stored.one(session, ask.actor, upload_id)
        if repeat is not None and requests.answered(session, ask.actor, repeat) is not None:
            return False
        is_running = _is_alive(ask.tracker, row)
        workbooks.begin(session, ask.actor, upload_id, to, run.name, now, is_running=is_running)
        if to == UploadState.CHECKING:
            _keep(session, ask, repeat)
        return True

    ask.tracker.runs[run.name] = run
    is_begun = False
    try:
        is_begun = await ask.tracker.db.change(work, Stamp(now, ask.state.request_id))
    finally:
        if not is_begun:
            del ask.tracker.runs[run.name]
    return run if is_begun else None


def _keep(session: Session, ask: Ask, repeat: requests.Repeat | None) -> None:
    """Keeps that this was asked; what is answered is how the upload stands when it is asked again."""
    if repeat is not None:
        requests.keep(session, ask.actor, repeat, requests.Kept(200, {}, b""), ask.now)


async def _carried(
    tracker: Tracker, upload_id: int, run: Run, work: Callable[[WorkbookUpload], Awaitable[None]]
) -> None:
    """Carries a run out beside this request, and waits a little for its end."""
    run.task = asyncio.create_task(_guarded(tracker, upload_id, run, work))
    await asyncio.wait({run.task}, timeout=PATIENCE_S)


async def _guarded(
    tracker: Tracker, upload_id: int, run: Run, work: Callable[[WorkbookUpload], Awaitable[None]]
) -> None:
    """A run with whatever ends it; the upload says in the end where it stands."""
    try:
        row = await tracker.db.read(lambda s: s.get_one(WorkbookUpload, upload_id), long=True)
        await work(row)
    except TrackerError as error:
        run.error = error
        await _ended(tracker, upload_id, run, error.problem)
    except Exception as error:
        # What a file holds may be personal data, and an unexpected error may tell it: its kind and place are logged alone.
        last = error.__traceback__
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        where = None if last is None else f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
        log.error("run_failed", kind=type(error).__name__, at=where)
        await _ended(tracker, upload_id, run, Problem.UNEXPECTED)
    finally:
        del tracker.runs[run.name]


async def _ended(tracker: Tracker, upload_id: int, run: Run, problem: Term) -> None:
    """Writes down why a run ended: a file that nobody can read is refused, a commit that is refused leaves the upload
    checked, and what broke off is interrupted."""
    now = tracker.clock.now()

    def work(session: Session) -> None:
        row = session.get(WorkbookUpload, upload_id)
        if row is None or row.run != run.name:
            return
        if isinstance(problem, SheetProblem):
            workbooks.refuse(session, upload_id, run.name, problem, now)
        elif row.state == UploadState.COMMITTING and problem != Problem.UNEXPECTED:
            workbooks.back(session, upload_id, run.name, problem, now)
        else:
            workbooks.interrupt(session, upload_id, run.name, now)

    await tracker.db.change(work, Stamp(now, "workbooks"))


async def _check(ask: Ask, upload_id: int, run: Run, row: WorkbookUpload) -> None:
    """Reads, compares and tries a file, and keeps what was found."""
    tracker, actor = ask.tracker, ask.actor
    book = await to_thread.run_sync(_book, row, limiter=_READING)
    at = read_at(tracker, actor, book.mark)
    only = None if row.sheet is None else workbook_rows.BY_CODE[row.sheet]

    def compared(session: Session) -> tuple[Findings, int]:
        sheets, found = workbook_findings.read(book, actor, only)
        run.at(UploadStep.COMPARING, found.rows)
        return workbook_findings.compare(session, actor, sheets, found, at, ask.today, ask.lang, run.tick)

    found, head = await tracker.db.read(compared, long=True)
    run.at(UploadStep.REHEARSING, found.changed_rows)
    calendar = shipped.calendar(tracker.settings.calendar_file)
    stamp = Stamp(tracker.clock.now(), ask.state.request_id)

    def rehearsed(session: Session) -> Findings:
        known = _sent_before(session, row, found)
        return workbooks.rehearse(session, actor, known, ask.today, ask.lang, calendar, run.tick)

    found = await tracker.db.rehearse(rehearsed, stamp)
    run.tick(0)
    now = tracker.clock.now()
    await tracker.db.change(
        lambda s: workbooks.checked(s, upload_id, run.name, found, at, head, now),
        Stamp(now, ask.state.request_id),
    )


def _sent_before(session: Session, row: WorkbookUpload, found: Findings) -> Findings:
    """A file with new tranches that was committed before would declare them twice."""
    adds = any(cell.is_new and not any(cell.key) for cell in found.cells)
    if not adds or not stored.was_committed(session, row):
        return found
    sheet = next(cell.sheet for cell in found.cells if cell.is_new and not any(cell.key))
    return workbooks.with_wrong(found, Wrong(sheet, WorkbookProblem.SENT_BEFORE.value))


def _book(row: WorkbookUpload) -> Book:
    assert row.content is not None
    return spreadsheets.read(row.content, row.file_name or _named(row.sheet))


def _named(sheet: str | None) -> str:
    return "workbook.xlsx" if sheet is None else f"{sheet}.csv"


async def _commit(
    ask: Ask, upload_id: int, run: Run, choices: Choices, repeat: requests.Repeat | None
) -> None:
    tracker = ask.tracker
    now = tracker.clock.now()

    def work(session: Session) -> None:
        run.at(UploadStep.SAVING, 0)
        workbooks.save(session, ask.actor, upload_id, run.name, choices, ask.today, now, ask.lang, run.tick)
        _keep(session, ask, repeat)

    await tracker.db.change(work, Stamp(now, ask.state.request_id))
