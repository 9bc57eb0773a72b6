"""Applying what EVN SPC says of towers and sections: as one batch of each line where that goes, and where rows of it are
refused one record at a time, so that a bad one stops no other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.db import attempt
from app.domain.access import Actor
from app.domain.errors import Invalid, RuleBroken, TrackerError
from app.domain.exchanges import Record, Retold, UnitSaid
from app.domain.units import ORDER, Line
from app.domain.units import standing as stands
from app.domain.vocabulary import UnitKind, UnitStage
from app.domain.words import Lang
from app.queries import journal
from app.queries import units as stored
from app.schemas.milestones import BatchQuery
from app.schemas.units import UnitBatch, UnitReport, UnitRow
from app.services import unit_batches
from app.services.exchange_attempts import tried
from app.tables.works import GridWork


@dataclass(frozen=True, slots=True)
class Item:
    """A record that says something of a unit, and what its version before it said."""

    record: Record
    said: UnitSaid
    before: UnitSaid | None = None


def apply(
    session: Session, actor: Actor, items: Sequence[Item], today: date
) -> dict[str, TrackerError | None]:
    """Applies records in any order, none of them twice. Returns by the record's id why it was refused; None: it was not."""
    by_work: dict[str, list[Item]] = defaultdict(list)
    for item in sorted(items, key=_order):
        by_work[item.said.work].append(item)
    found: dict[str, TrackerError | None] = {}
    for work, own in by_work.items():
        try:
            line = unit_batches.line_of(session, actor, work)
        except TrackerError as error:
            found |= dict.fromkeys((item.record.id for item in own), error)
        else:
            found |= _of_line(session, actor, line, own, today)
    return found


def _order(item: Item) -> tuple[date, int, float]:
    """In the order of the field, the later version last."""
    return item.said.effective_on, ORDER[item.said.stage], item.record.updated_at.timestamp()


def _of_line(
    session: Session, actor: Actor, work: GridWork, items: Sequence[Item], today: date
) -> dict[str, TrackerError | None]:
    by_unit: dict[tuple[UnitKind, str], list[Item]] = defaultdict(list)
    for item in items:
        by_unit[item.said.kind, item.said.number].append(item)
    line = stored.line(session, work, journal.head(session))
    rows = [_row(line, unit, own) for unit, own in by_unit.items()]
    refused = set(range(len(rows)))
    try:
        with attempt(session):
            read = unit_batches.change(
                session, actor, work.code, UnitBatch(rows=rows), BatchQuery(partial=True), today, Lang.VI
            )
        refused = {row.row for row in read.rows if row.outcome == unit_batches.REFUSED}
    except (Invalid, RuleBroken):
        pass  # Nothing of the batch is kept: its rows pull each other down. One by one they may stand.
    found: dict[str, TrackerError | None] = {item.record.id: None for item in items}
    alone = [item for at, own in enumerate(by_unit.values()) if at in refused for item in own]
    for item in sorted(alone, key=_order):
        found[item.record.id] = _alone(session, actor, line, work.code, item, today)
    return found


def _alone(
    session: Session, actor: Actor, line: Line, work: str, item: Item, today: date
) -> TrackerError | None:
    row = _row(line, (item.said.kind, item.said.number), [item])
    return tried(session, lambda: unit_batches.put(session, actor, work, row, today, Lang.VI))


def _row(line: Line, unit: tuple[UnitKind, str], items: Iterable[Item]) -> UnitRow:
    """What records say of one unit, the last of a day; where one corrects its day, also what stood on the wrong one."""
    reports: dict[tuple[UnitStage, date], UnitReport] = {}
    for item in items:
        if item.before is not None and Retold(item.before, item.said).is_corrected:
            back = _taken_back(line, unit, item.before, item.said)
            reports.setdefault((back.stage, back.effective_on), back)
        said = item.said
        reports[said.stage, said.effective_on] = UnitReport(
            stage=said.stage,
            status=said.status,
            effective_on=said.effective_on,
            cause=said.cause,
            is_illustrative=said.is_illustrative,
        )
    kind, number = unit
    return UnitRow(kind=kind, number=number, reports=list(reports.values()))


def _taken_back(line: Line, unit: tuple[UnitKind, str], was: UnitSaid, now: UnitSaid) -> UnitReport:
    """On the day that was wrong the stage stood as it had before; or as it is said now, where that began earlier."""
    status, cause = now.status, now.cause
    if now.effective_on > was.effective_on and unit in line.named:
        timeline = line.timelines(line.named[unit])[was.stage]
        earlier = [report for report in timeline if report.effective_on < was.effective_on]
        stood = stands(earlier, was.effective_on)
        status, cause = stood.status, stood.cause
    return UnitReport(
        stage=was.stage,
        status=status,
        effective_on=was.effective_on,
        cause=cause,
        is_illustrative=now.is_illustrative,
    )
