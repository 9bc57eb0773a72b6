"""A workbook that was sent in, from when it comes until it is over. None of its states is a change of the world, so none
makes a revision; what it commits does, once, in the same transaction that says so.

One run at a time works on an upload, under a name of its own. A run that was given up (its process was killed, somebody
cancelled) finds its name gone where it wants to write, and what it did is rolled back.
"""

import hashlib
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import workbooks as domain
from app.domain.access import Actor, May, require
from app.domain.errors import Conflict, Invalid
from app.domain.sheet_differences import same
from app.domain.sheets import Typed
from app.domain.vocabulary import Take, UploadState
from app.domain.words import Lang, Term
from app.domain.workbook_problems import WorkbookProblem
from app.domain.workbooks import Cell, Findings
from app.domain.workdays import WorkCalendar
from app.queries import journal as revisions
from app.queries import workbook_effects, workbook_rows
from app.queries import workbooks as stored
from app.queries.capacity import View
from app.services import journal, workbook_changes
from app.services.workbook_projects import Ground, Tick
from app.tables.workbooks import WorkbookUpload

RUNNING = frozenset({UploadState.CHECKING, UploadState.COMMITTING})
OVER = frozenset({UploadState.COMMITTED, UploadState.CANCELLED, UploadState.REFUSED, UploadState.EXPIRED})
# So many cells that others have changed are named at most.
MOST_NAMED = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came: its name where it has one, and of which sheet it is where it is CSV."""

    content: bytes
    file_name: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """Whose value counts where both sides have changed a cell: of some cells, and of all others."""

    all_take: Take | None = None
    takes: Mapping[tuple[str, int, str], Take] | None = None

    def of(self, conflicts: Collection[Cell]) -> tuple[list[Cell], list[Cell]]:
        """The conflicts decided for the file, and those still open."""
        return domain.chosen(conflicts, self.all_take, self.takes or {})


def receive(session: Session, actor: Actor, sent: Sent, now: datetime) -> WorkbookUpload:
    """Keeps a file to be checked. Invalid where it is empty."""
    require(actor, May.SEND_WORKBOOKS)
    if not sent.content:
        raise Invalid(WorkbookProblem.FILE_MISSING, field="file")
    assert actor.user_id is not None
    row = WorkbookUpload(
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        role=actor.role.value,
        state=UploadState.WAITING,
        file_name=sent.file_name and sent.file_name[:200],
        sheet=sent.sheet,
        size_bytes=len(sent.content),
        digest=hashlib.sha256(sent.content).hexdigest(),
        content=sent.content,
        created_at=now,
        changed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def begin(
    session: Session,
    actor: Actor,
    upload_id: int,
    state: UploadState,
    run: str,
    now: datetime,
    *,
    is_running: bool,
) -> bytes:
    """Gives an upload to a run that checks or commits it, and returns its file. `is_running`: another run is alive.

    Conflict where the upload is over, is being worked on, or is to be committed and was not checked.
    """
    require(actor, May.SEND_WORKBOOKS)
    row = stored.one(session, actor, upload_id)
    if row.state in OVER or row.content is None:
        raise Conflict(WorkbookProblem.OVER)
    if row.state in RUNNING and is_running:
        raise Conflict(WorkbookProblem.RUNNING)
    if state == UploadState.COMMITTING and row.findings is None:
        raise Conflict(WorkbookProblem.NOT_CHECKED)
    if state == UploadState.CHECKING:
        row.findings = row.summary = None
    row.state, row.run, row.changed_at, row.problem = state, run, now, None
    return row.content


def checked(
    session: Session, upload_id: int, run: str, found: Findings, read_at: int | None, checked_at: int, now: datetime
) -> None:  # fmt: skip
    """Keeps what a check has found."""
    row = _held(session, upload_id, run)
    found = domain.in_order(found)
    row.findings = zlib.compress(domain.to_text(found).encode(), 1)
    row.summary = domain.summary_to_text(domain.summary(found, workbook_rows.BY_CODE))
    row.read_at, row.checked_at = read_at, checked_at
    row.state, row.run, row.changed_at = UploadState.CHECKED, None, now


def refuse(session: Session, upload_id: int, run: str, problem: Term, now: datetime) -> None:
    """Says why a file cannot be read at all, and lets it go."""
    row = _held(session, upload_id, run)
    row.problem = problem.value
    _end(row, UploadState.REFUSED, now)


def interrupt(session: Session, upload_id: int, run: str, now: datetime) -> None:
    """Says that a run ended before its time; the upload can be started again. Nothing where another run has it."""
    row = session.get(WorkbookUpload, upload_id)
    if row is not None and row.run == run:
        row.state, row.run, row.changed_at = UploadState.INTERRUPTED, None, now


def back(session: Session, upload_id: int, run: str, problem: Term, now: datetime) -> None:
    """Says why a commit was refused: the upload is checked as it was."""
    row = session.get(WorkbookUpload, upload_id)
    if row is not None and row.run == run:
        row.state, row.run, row.changed_at = UploadState.CHECKED, None, now
        row.problem = problem.value


def cancel(session: Session, actor: Actor, upload_id: int, now: datetime) -> None:
    """Lets an upload go, whatever is being done with it. Conflict where it is over already."""
    require(actor, May.SEND_WORKBOOKS)
    row = stored.one(session, actor, upload_id)
    if row.state == UploadState.CANCELLED:
        return
    if row.state in OVER:
        raise Conflict(WorkbookProblem.OVER)
    _end(row, UploadState.CANCELLED, now)


def save(
    session: Session,
    actor: Actor,
    upload_id: int,
    run: str,
    choices: Choices,
    today: date,
    now: datetime,
    lang: Lang,
    tick: Tick,
) -> None:
    """Makes all changes of an upload as one revision, or none: Conflict where conflicts are open or others have changed
    more of its cells since the check, Invalid where a rule or a permission refuses a row now."""
    require(actor, May.SEND_WORKBOOKS)
    row = _held(session, upload_id, run)
    found = stored.findings(row)
    assert found is not None
    if found.wrong:
        raise Invalid(WorkbookProblem.HAS_ERRORS, count=len(found.wrong))
    mine, open_ = choices.of(found.conflicts)
    if open_:
        raise Conflict(WorkbookProblem.CONFLICTS_OPEN, cells=_named(open_))
    cells = domain.left_to_say([*found.cells, *mine], found.conflicts, workbook_rows.BY_CODE)
    if not cells:
        raise Invalid(WorkbookProblem.NOTHING_TO_SAVE)
    ground = ground_of(session, actor, found, today, lang, tick)
    _refuse_moved(ground, cells)
    _refuse_declared(ground, cells, row.checked_at)
    left = [cell for cell in cells if cell.is_new or not same(_stands(ground, cell), cell.mine)]
    wrong = workbook_changes.apply(ground, domain.rows(left))
    if wrong:
        raise Invalid(WorkbookProblem.HAS_ERRORS, rows=[_told(one) for one in wrong[:MOST_NAMED]])
    tick(0)
    # Where others have said all of it in the meantime there is nothing left to say.
    row.revision = journal.number(session, actor) if journal.stated(session) else None
    _end(row, UploadState.COMMITTED, now)


def ground_of(session: Session, actor: Actor, found: Findings, today: date, lang: Lang, tick: Tick) -> Ground:
    """What the changes of an upload are made on, as everything stands now."""
    layouts = [layout for layout in workbook_rows.layouts(actor) if layout.code in found.letters]
    view = View(actor, today, revisions.head(session))
    now = workbook_rows.rows(session, view, layouts, lang)
    return Ground(session, actor, today, lang, now, found.letters, tick)


def rehearse(
    session: Session,
    actor: Actor,
    found: Findings,
    today: date,
    lang: Lang,
    calendar: WorkCalendar,
    tick: Tick,
) -> Findings:
    """What a check finds once it has tried what only the file has changed: who asks takes it back. What the services
    refuse is wrong at its cell; the effects are known where nothing is."""
    rows = domain.rows(found.cells)
    if not rows:
        return found
    ground = ground_of(session, actor, found, today, lang, tick)
    of = workbook_effects.touched(session, rows)
    before = workbook_effects.standing(session, _open(session, actor, today), of, calendar)
    wrong = workbook_changes.apply(ground, rows)
    view = _open(session, actor, today)
    if not wrong:
        layouts = [layout for layout in workbook_rows.layouts(actor) if layout.code in found.letters]
        wrong = workbook_changes.untaken(ground, rows, workbook_rows.rows(session, view, layouts, lang))
    if wrong or found.wrong:
        return domain.with_more(found, wrong)
    after = workbook_effects.standing(session, view, of, calendar)
    return replace(found, effects=workbook_effects.between(before, after))


def with_wrong(found: Findings, wrong: domain.Wrong) -> Findings:
    """The same with one more thing that is wrong."""
    return replace(found, wrong=(*found.wrong, wrong))


def _open(session: Session, actor: Actor, today: date) -> View:
    """Everything, with what the open change has written: that belongs to the revision after the last."""
    return View(actor, today, revisions.head(session) + 1)


def forget(session: Session, now: datetime, days: int) -> None:
    """Lets go of what nobody has committed or cancelled for so long, and drops what is over for ten times as long."""
    asked = select(WorkbookUpload).where(
        col(WorkbookUpload.changed_at) < now - timedelta(days=days),
        col(WorkbookUpload.state).not_in(OVER),
    )
    for row in session.execute(asked).scalars():
        _end(row, UploadState.EXPIRED, now)
    oldest = now - timedelta(days=10 * days)
    session.execute(delete(WorkbookUpload).where(col(WorkbookUpload.changed_at) < oldest))


def _held(session: Session, upload_id: int, run: str) -> WorkbookUpload:
    """The upload of a run, locked until the transaction ends. Conflict where the run has been given up."""
    asked = select(WorkbookUpload).where(col(WorkbookUpload.id) == upload_id).with_for_update()
    row = session.execute(asked).scalar_one_or_none()
    if row is None or row.run != run:
        raise Conflict(WorkbookProblem.CANCELLED)
    return row


def _end(row: WorkbookUpload, state: UploadState, now: datetime) -> None:
    """What an upload held goes when it is over, for it may be personal data; its counts stay."""
    row.state, row.run, row.changed_at = state, None, now
    row.content = row.findings = None


def _refuse_moved(ground: Ground, cells: Collection[Cell]) -> None:
    """Conflict where a cell no longer says what the check has shown beside the file's value."""
    moved = [
        cell
        for cell in cells
        if not cell.is_new
        and not same(_stands(ground, cell), cell.theirs)
        and not same(_stands(ground, cell), cell.mine)
    ]
    new = [cell for cell in cells if cell.is_new and any(cell.key) and cell.key in ground.now[cell.sheet]]
    if moved or new:
        raise Conflict(WorkbookProblem.MOVED_ON, cells=_named([*moved, *new]))


def _refuse_declared(ground: Ground, cells: Collection[Cell], checked_at: int | None) -> None:
    """Conflict where a row without a key says what somebody has declared since the check: the same file, sent twice."""
    new = [cell for cell in cells if cell.is_new and not any(cell.key)]
    if not new:
        return
    layouts = [workbook_rows.BY_CODE[sheet] for sheet in {cell.sheet for cell in new}]
    then = workbook_rows.rows(
        ground.session, View(ground.actor, ground.today, checked_at or 0), layouts, ground.lang
    )
    since = {
        sheet: [now for key, now in ground.now[sheet].items() if key not in was]
        for sheet, was in then.items()
    }
    twice = {
        (row.sheet, row.row)
        for row in domain.rows(new)
        if any(
            all(same(known.get(name), said) for name, said in row.values.items())
            for known in since[row.sheet]
        )
    }
    if twice:
        named = [cell for cell in new if (cell.sheet, cell.row) in twice]
        raise Conflict(WorkbookProblem.MOVED_ON, cells=_named(named))


def _stands(ground: Ground, cell: Cell) -> Typed:
    return ground.now.get(cell.sheet, {}).get(cell.key, {}).get(cell.field)


def _named(cells: Collection[Cell]) -> list[dict[str, object]]:
    """Cells by their places alone: never with what they hold."""
    named = [{"sheet": c.sheet, "row": c.row, "column": c.column, "field": c.field} for c in cells]
    return named[:MOST_NAMED]


def _told(one: domain.Wrong) -> dict[str, object]:
    return {
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "field": one.field,
        "problem": one.problem,
    }
