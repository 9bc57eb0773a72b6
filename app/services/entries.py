"""Writing one ledger entry with what it posts and the warnings kept with it; and the measures of the ladder."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import capacity, recognition
from app.domain.access import Actor, May, require
from app.domain.capacity import Posting
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.recognition import check_not_future
from app.domain.rules import Finding, settle
from app.domain.vocabulary import Account, EntryKind, Fact, Measure, Precision
from app.queries import ledger, projects
from app.queries.prepared import Prepared, adding
from app.queries.projects import Subject
from app.schemas.ledger import MeasureCorrection, MeasureRecord
from app.services import cod_milestones, edits, journal
from app.tables.base import key, table
from app.tables.ledger import CapacityEntry, CapacityPosting, RuleFinding

_ADD_ENTRY = Prepared(adding(CapacityEntry).returning(table(CapacityEntry).c.id))
_ADD_POSTING, _ADD_FINDING = Prepared(adding(CapacityPosting)), Prepared(adding(RuleFinding))


def write(
    session: Session,
    actor: Actor,
    fact: Fact,
    project: Subject,
    phase: Subject | None,
    values: Mapping[str, Any],
    postings: Sequence[Posting],
    *,
    findings: Sequence[Finding] = (),
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> int:
    """Adds an entry, its postings and its findings, and states the fact in the journal. Returns the entry's id.

    Whatever is recorded of an illustrative project or phase is illustrative itself.
    """
    stated = {"precision": Precision.DAY, "is_illustrative": False, **values}
    stated["is_illustrative"] |= project.is_illustrative or (phase is not None and phase.is_illustrative)
    place = {
        "revision": journal.number(session, actor),
        "project_id": key(project.id),
        "phase_id": None if phase is None else phase.id,
    }
    entry_id = _insert(
        session, {**stated, **place, "user_id": actor.user_id, "organisation_id": actor.organisation_id}
    )
    _post(session, {**place, "entry_id": entry_id, "is_illustrative": stated["is_illustrative"]}, postings)
    _keep(session, entry_id, findings)
    where, its_code = ("project", project.code) if phase is None else ("phase", phase.code)
    tranche = stated.get("tranche")
    subject, code = ("tranche", tranche) if tranche else (where, its_code)
    said = {name: value for name, value in stated.items() if value not in (None, ())}
    said |= {where: its_code, "entry": entry_id, **(after or {})}
    journal.record(session, actor, fact, subject, code, before=before, after=said, project=project)
    for found in (f for f in findings if f.reason is not None):
        why = {"rule": found.rule.number, "code": found.rule, "reason": found.reason, "entry": entry_id}
        journal.record(session, actor, Fact.RULE_OVERRIDDEN, subject, code, after=why, project=project)
    _follow(session, actor, phase, postings)
    return entry_id


def _follow(session: Session, actor: Actor, phase: Subject | None, postings: Sequence[Posting]) -> None:
    """What is recognised of a phase moves its COD milestone."""
    if phase is not None and any(posting.account == Account.RECOGNISED for posting in postings):
        cod_milestones.follow(session, actor, phase)


def _insert(session: Session, values: Mapping[str, Any]) -> int:
    session.flush()
    added = session.connection().execute(table(CapacityEntry).insert(), values)
    assert added.inserted_primary_key is not None
    entry_id: int = added.inserted_primary_key[0]
    return entry_id


def _post(session: Session, shared: Mapping[str, Any], postings: Sequence[Posting]) -> None:
    if postings:
        rows = [
            {**shared, "account": p.account, "kw": p.kw, "effective_on": p.effective_on} for p in postings
        ]
        _ADD_POSTING.each(session, rows)


def _keep(session: Session, entry_id: int, findings: Sequence[Finding]) -> None:
    rows = [
        {
            "entry_id": entry_id,
            "position": position,
            "rule": f.rule,
            "level": f.level,
            "field": f.field,
            "unknown": f.unknown,
            "details": json.dumps(journal.plain(f.details), ensure_ascii=False),
            "reason": f.reason,
        }
        for position, f in enumerate(findings)
    ]
    if rows:
        _ADD_FINDING.each(session, rows)


def record(session: Session, actor: Actor, code: str, change: MeasureRecord, today: date) -> int:
    """Records one measure of a phase's ladder. COD is refused here: it has two keys and its own life."""
    require(actor, May.RECORD_CAPACITY)
    phase, project = projects.subjects(session, actor, code)
    return record_at(session, actor, project, phase, change, today)


def record_at(
    session: Session,
    actor: Actor,
    project: Subject,
    phase: Subject | None,
    change: MeasureRecord,
    today: date,
) -> int:
    """The same for a phase at hand, or for a project alone (register files)."""
    if change.measure == Measure.OPERATING:
        raise Invalid(Problem.USE_TRANCHES, field="measure")
    check_not_future(today, effective_on=change.effective_on, letter_on=change.letter_on)
    if change.valid_until is not None and change.valid_until < change.effective_on:
        raise Invalid(Problem.PERIOD, field="valid_until")
    edits.check_sources(session, change.sources)
    phases = [phase] if phase is not None else projects.phases_of(session, project)
    units = {t.number for p in phases for t in projects.turbines_of(session, p)} if change.turbines else set()
    if missing := [number for number in change.turbines if number not in units]:
        raise Invalid(Problem.UNKNOWN_TURBINE, field="turbines", turbines=missing)
    values = {
        **change.model_dump(exclude={"capacity_kw"}),
        "kw": change.capacity_kw,
        "kind": EntryKind.RECORDED,
    }
    postings = capacity.post_measure(
        change.measure, change.capacity_kw, change.effective_on, change.valid_until
    )
    findings = _ladder_findings(
        session, project, phase, change.measure, change.capacity_kw, change.effective_on
    )
    return write(session, actor, Fact.CAPACITY_RECORDED, project, phase, values, postings, findings=findings)


def correct(
    session: Session, actor: Actor, code: str, entry_id: int, change: MeasureCorrection, today: date
) -> int:
    """Replaces what a recorded measure says, by a further entry that names it. NotFound where it is not this phase's."""
    require(actor, May.RECORD_CAPACITY)
    phase, project = projects.subjects(session, actor, code)
    found = ledger.bare(session, project, phase)
    line = next((x for x in found if x.row.id == entry_id), None)
    if line is None:
        raise NotFound(Problem.NOT_FOUND, subject="entry", id=entry_id)
    is_record = line.entry.kind in (EntryKind.RECORDED, EntryKind.CORRECTED) and line.entry.tranche is None
    if not is_record or any(x.row.reverses_id == entry_id for x in found):
        raise Invalid(Problem.NOT_A_RECORD)
    values = _corrected(line, change, today)
    old, new = line.entry, change.capacity_kw
    effective_on, valid_until = values["effective_on"], values["valid_until"]
    taken_back = capacity.post_measure(old.measure, -old.kw, old.effective_on, old.valid_until)
    put = capacity.post_measure(old.measure, new, effective_on, valid_until) if new else []
    findings = _ladder_findings(session, project, phase, old.measure, new, effective_on, replaced=entry_id)
    before = {"kw": old.kw, "effective_on": old.effective_on, "entry": entry_id}
    return write(
        session, actor, Fact.CAPACITY_CORRECTED, project, phase, values, [*taken_back, *put],
        findings=findings, before=before,
    )  # fmt: skip


def _corrected(line: ledger.Line, change: MeasureCorrection, today: date) -> dict[str, Any]:
    """What a correction states; what it leaves out is as it was."""
    old = line.entry
    effective_on = change.effective_on or old.effective_on
    check_not_future(today, effective_on=effective_on, letter_on=change.letter_on)
    valid_until = change.valid_until if "valid_until" in change.model_fields_set else old.valid_until
    if valid_until is not None and valid_until < effective_on:
        raise Invalid(Problem.PERIOD, field="valid_until")
    return {
        **change.model_dump(exclude={"capacity_kw"}),
        "kw": change.capacity_kw,
        "kind": EntryKind.CORRECTED,
        "measure": old.measure,
        "reverses_id": old.id,
        "effective_on": effective_on,
        "valid_until": valid_until,
        "precision": old.precision if change.effective_on is None else Precision.DAY,
        "turbines": old.turbines,
        "sources": line.row.sources,
        "is_illustrative": line.row.is_illustrative,
    }


def _ladder_findings(
    session: Session,
    project: Subject,
    phase: Subject | None,
    measure: Measure,
    kw: int,
    effective_on: date,
    replaced: int | None = None,
) -> list[Finding]:
    """R01, R05 and R06 as they would stand after the entry. Only installed and approved MW can break them."""
    if measure not in (Measure.INSTALLED, Measure.APPROVED):
        return []
    found = [x for x in ledger.bare(session, project, phase) if x.row.id != replaced]
    ground = ledger.ground(session, project, phase, found)
    stake = recognition.Stake(kw, effective_on)
    if measure == Measure.INSTALLED:
        after = dataclasses.replace(ground, installed=[*(ground.installed or ()), stake])
    else:
        after = dataclasses.replace(ground, approved=[*(ground.approved or ()), stake])
    return settle(recognition.ladder_findings(after), deciding=False)
