"""Ours beside theirs, from the tables: every record of EVN SPC in its newest version, applied or waiting, against the lines,
milestones and tranches it is about."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import exchanges
from app.domain.access import Actor
from app.domain.errors import NotFound, TrackerError
from app.domain.exchange_reports import MOST_UNITS, Confirmation, Report, Told, UnitDiffers, compare
from app.domain.exchanges import Energised, Recognised, Record, Said, UnitSaid
from app.domain.exchanges import Mapping as Words
from app.domain.units import Line
from app.domain.vocabulary import Stream, UnitKind, WorkKind
from app.queries import exchanges as kept
from app.queries import journal, ledger, milestones, projects, subjects, units
from app.tables.exchanges import ExchangeReport
from app.tables.works import GridWork

# How a report is kept: its JSON.
REPORT = TypeAdapter(Report)


class Theirs(NamedTuple):
    """What a record of theirs says in its newest version that can be read, and why it waits, where it does."""

    record: Record
    said: Said
    problem: str | None


def report(session: Session, actor: Actor, mapping: Words, today: date) -> Report:
    """Ours and theirs on a day, as they are known now."""
    told: dict[str, list[Told]] = defaultdict(list)
    confirmations: list[Confirmation] = []
    for stream in Stream:
        for theirs in _theirs(session, mapping, stream):
            if isinstance(theirs.said, UnitSaid):
                told[theirs.said.work].append(Told(theirs.said, theirs.record.updated_at, theirs.problem))
            else:
                confirmations.append(_confirmation(session, actor, theirs))
    stages, differing = [], list[UnitDiffers]()
    for work in sorted(told):
        line, totals = _line(session, work, today)
        found = compare(work, line, totals, told[work], today)
        stages += found.stages
        differing += found.units
    return Report(today, stages, differing[:MOST_UNITS], max(0, len(differing) - MOST_UNITS), confirmations)


def stated(row: ExchangeReport) -> Report:
    """A report as it was found."""
    return REPORT.validate_json(row.content)


def names(session: Session, of: Report) -> dict[str, str]:
    """What the works of a report are called, by code."""
    codes = {stage.work for stage in of.stages} | {unit.work for unit in of.units}
    asked = select(col(GridWork.code), col(GridWork.name)).where(col(GridWork.code).in_(codes))
    return {code: name for code, name in session.execute(asked)}


def _theirs(session: Session, mapping: Words, stream: Stream) -> Iterator[Theirs]:
    found: dict[str, Theirs] = {}
    for row in kept.applied(session, stream).values():
        record = Record(stream, row.record_id, row.updated_at, row.fields, row.digest)
        try:
            found[record.id] = Theirs(record, exchanges.read(record, mapping), None)
        except TrackerError:
            continue  # The mapping of today no longer knows it.
    for waiting in kept.waiting(session, stream):
        if waiting.updated_at is None or waiting.is_cut:
            continue
        try:
            record = exchanges.identify(stream, json.loads(waiting.raw), mapping, None)
            said = exchanges.read(record, mapping)
        except TrackerError:
            continue
        if record.id not in found or found[record.id].record.updated_at <= record.updated_at:
            found[record.id] = Theirs(record, said, waiting.problem)
    yield from (found[name] for name in sorted(found))


def _line(session: Session, code: str, today: date) -> tuple[Line | None, Mapping[UnitKind, int | None]]:
    work = session.execute(select(GridWork).where(col(GridWork.code) == code)).scalar_one_or_none()
    if work is None or work.kind != WorkKind.LINE:
        return None, {}
    head = journal.head(session)
    return units.line(session, work, head), units.totals_on(session, work, head, today)


def _confirmation(session: Session, actor: Actor, theirs: Theirs) -> Confirmation:
    said = theirs.said
    assert not isinstance(said, UnitSaid)
    try:
        ours = (
            _energised(session, actor, said)
            if isinstance(said, Energised)
            else _recognised(session, actor, said)
        )
    except NotFound:
        ours = _Ours(None, None, None)
    on = said.actual_on if isinstance(said, Energised) else said.effective_on
    kw = said.kw if isinstance(said, Recognised) else None
    return Confirmation(
        stream=theirs.record.stream,
        record=theirs.record.id,
        code=said.code if isinstance(said, Energised) else said.phase,
        theirs_kw=kw,
        theirs_on=on,
        letter=said.letter.number,
        ours=ours.status,
        ours_kw=ours.kw,
        ours_on=ours.on,
        agrees=theirs.problem is None and (ours.kw, ours.on) == (kw, on) and ours.is_confirmed,
        problem=theirs.problem,
    )


class _Ours(NamedTuple):
    """What stands with us: the status as its code, kW and day."""

    status: str | None
    kw: int | None
    on: date | None
    is_confirmed: bool = False


def _energised(session: Session, actor: Actor, said: Energised) -> _Ours:
    holder = subjects.one(session, actor, said.kind, said.code)
    state = milestones.state_of(milestones.one(session, holder, said.milestone))
    if state.actual is None or state.verification is None:
        return _Ours(None, None, None)
    return _Ours(state.verification.value, None, state.actual.on, state.verification.value == "confirmed")


def _recognised(session: Session, actor: Actor, said: Recognised) -> _Ours:
    """The tranche with their figures where there is one, else the last that is declared or recognised."""
    phase, project = projects.subjects(session, actor, said.phase)
    found = ledger.tranches(ledger.bare(session, project, phase))
    same = [t for t in found if (t.stated.kw, t.stated.effective_on) == (said.kw, said.effective_on)]
    ordered = sorted(same or found, key=lambda tranche: tranche.recognition is not None)
    if not ordered:
        return _Ours(None, None, None)
    last = ordered[-1]
    return _Ours(last.status.value, last.stated.kw, last.stated.effective_on, last.recognition is not None)
