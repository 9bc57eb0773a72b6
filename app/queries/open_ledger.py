"""The capacity ledger as it goes out in open formats: entries, the tranches folded from them, and MW month by month."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.calendar import local_day
from app.domain.capacity import Entry, Posting, Tranche, figures
from app.domain.columns import Record
from app.domain.quantity import mw
from app.domain.vocabulary import Account, Column, Step
from app.queries import capacity, ledger, projects, targets
from app.queries.capacity import View
from app.tables.base import table
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project

# Rows that are held at a time.
BATCH = 2_000
_ENTRY, _POSTING, _REVISION = table(CapacityEntry), table(CapacityPosting), table(Revision)
_PROJECT, _PHASE, _ORGANISATION = table(Project), table(Phase), table(Organisation)
_ENTRIES = (
    select(
        *_ENTRY.c,
        _REVISION.c.recorded_at,
        _PROJECT.c.code.label("project"),
        _PHASE.c.code.label("phase"),
        _ORGANISATION.c.code.label("organisation"),
    )
    .join(_REVISION, _REVISION.c.number == _ENTRY.c.revision)
    .join(_PROJECT, _PROJECT.c.id == _ENTRY.c.project_id)
    .outerjoin(_PHASE, _PHASE.c.id == _ENTRY.c.phase_id)
    .outerjoin(_ORGANISATION, _ORGANISATION.c.id == _ENTRY.c.organisation_id)
)


def entries(session: Session, view: View) -> Iterator[Record]:
    """The ledger of the projects whose detail the reader sees, oldest first: what took effect and was recorded by then."""
    statement = _seen(_ENTRIES, view).where(_ENTRY.c.effective_on <= view.as_of).order_by(_ENTRY.c.id)
    return (_entry(row) for row in _each(session, statement))


def tranches(session: Session, view: View) -> Iterator[Record]:
    """The COD tranches of those projects, as of a view. What a tranche is and where it stands is as it was then known;
    its MW are those of the day."""
    statement = _seen(_ENTRIES, view).where(_ENTRY.c.tranche.is_not(None))
    rows = _each(session, statement.order_by(_ENTRY.c.project_id, _ENTRY.c.id))
    for batch in _projects(rows):
        postings = _postings(session, [row.id for row in batch])
        groups: dict[str, list[Any]] = {}
        for row in batch:
            groups.setdefault(row.tranche, []).append(row)
        for code, own in groups.items():
            yield _tranche(
                code, own, [ledger.entry(row, postings.get(row.id, ())) for row in own], view.as_of
            )


def series(session: Session, view: View, target_code: str | None = None) -> Iterator[Record]:
    """MW at each month's end since the first recognised tranche, with plan and target beside it."""
    first = session.execute(
        select(func.min(_POSTING.c.effective_on)).where(
            _POSTING.c.account == Account.RECOGNISED, _POSTING.c.revision <= view.revision
        )
    ).scalar_one()
    if first is None or first > view.as_of:
        return
    target = targets.chosen(session, target_code, view.as_of, view.revision)
    for point in capacity.series(session, view, first, Step.MONTH):
        yield {
            Column.ON: point.on,
            Column.OPERATING_MW: mw(point.operating_kw),
            Column.PLAN_MW: None if point.plan_kw is None else mw(point.plan_kw),
            Column.TARGET_MW: None if target is None else mw(target.kw),
        }


def _seen(statement: Select[Any], view: View) -> Select[Any]:
    """What was known at the view's revision, of the projects whose detail its reader sees."""
    seen = projects.visible(view.actor)
    return statement.where(_ENTRY.c.project_id.in_(seen), _ENTRY.c.revision <= view.revision)


def _each(session: Session, statement: Select[Any]) -> Iterator[Any]:
    """The rows one after the other; on PostgreSQL through a cursor of the server."""
    return iter(session.execute(statement, execution_options={"yield_per": BATCH}))


def _projects(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Rows that come by project, in batches of whole projects."""
    batch: list[Any] = []
    for _, own in groupby(rows, key=lambda row: row.project_id):
        batch += own
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _postings(session: Session, entry_ids: Sequence[int]) -> dict[int, list[Posting]]:
    found: dict[int, list[Posting]] = {}
    for start in range(0, len(entry_ids), BATCH):
        wanted = entry_ids[start : start + BATCH]
        columns = (_POSTING.c.entry_id, _POSTING.c.account, _POSTING.c.kw, _POSTING.c.effective_on)
        statement = select(*columns).where(_POSTING.c.entry_id.in_(wanted)).order_by(_POSTING.c.id)
        for entry_id, account, kw, on in session.execute(statement):
            found.setdefault(entry_id, []).append(Posting(account, kw, on))
    return found


def _tranche(code: str, rows: Sequence[Any], entries: Sequence[Entry], as_of: date) -> Record:
    found = Tranche(code, tuple(entries))
    stated, then = found.stated, figures(found.postings, as_of)
    row = next(row for row in rows if row.id == stated.id)
    return {
        Column.TRANCHE: code,
        Column.PROJECT: row.project,
        Column.PHASE: row.phase,
        Column.TRANCHE_STATUS: found.status,
        Column.TRANCHE_MW: mw(stated.kw),
        Column.EFFECTIVE_ON: stated.effective_on,
        Column.PRECISION: stated.precision,
        Column.OPERATING_MW: mw(then.operating_kw),
        Column.SUSPENDED_MW: mw(then.kw(Account.SUSPENDED)),
        Column.CANCELLED_MW: mw(then.kw(Account.CANCELLED)),
        Column.AT_RISK_MW: mw(then.kw(Account.AT_RISK)),
        Column.TURBINES: found.turbines,
        Column.DECLARED_ON: None if found.claim is None else local_day(rows[0].recorded_at),
        **_letter(row),
        Column.IS_ILLUSTRATIVE: any(bool(each.is_illustrative) for each in rows),
    }


def _entry(row: Any) -> Record:
    return {
        Column.ENTRY_ID: row.id,
        Column.PROJECT: row.project,
        Column.PHASE: row.phase,
        Column.TRANCHE: row.tranche,
        Column.ENTRY_KIND: row.kind,
        Column.MEASURE: row.measure,
        Column.ENTRY_MW: mw(row.kw),
        Column.EFFECTIVE_ON: row.effective_on,
        Column.PRECISION: row.precision,
        Column.VALID_UNTIL: row.valid_until,
        Column.REVERSES: row.reverses_id,
        Column.TURBINES: row.turbines,
        Column.PRICE_REGIME: row.price_regime,
        **_letter(row),
        Column.APPLICATION_ON: row.application_on,
        Column.ORGANISATION: row.organisation,
        Column.RECORDED_AT: row.recorded_at,
        Column.REVISION: row.revision,
        Column.IS_ILLUSTRATIVE: bool(row.is_illustrative),
        Column.CONFIDENCE: row.confidence,
        Column.SOURCES: row.sources,
    }


def _letter(row: Any) -> Record:
    return {
        Column.LETTER_NUMBER: row.letter_number,
        Column.LETTER_ON: row.letter_on,
        Column.LETTER_ISSUER: row.letter_issuer,
    }
