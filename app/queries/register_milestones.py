"""Milestones as sections of a register file: which subject has them, and what is stated about each."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.milestones import Stated
from app.domain.vocabulary import MilestoneAct, Precision, SubjectKind, Verification
from app.queries import milestones, subjects
from app.tables.documents import Document
from app.tables.milestones import Milestone, MilestoneEntry

DATES = ("baseline", "plan", "forecast", "actual")
DECISION = {"letter_number": "number", "letter_on": "issued_on", "letter_issuer": "issuer"}


def sections(session: Session) -> list[dict[str, Any]]:
    """One section a subject that has milestones, by kind and code."""
    rows = list(session.execute(select(Milestone).order_by(col(Milestone.id))).scalars())
    names = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    sources, decisions = _sources(session), _decisions(session)

    def place(row: Milestone) -> tuple[int, str]:
        return list(SubjectKind).index(row.subject), names[row.subject, row.subject_id][0]

    return [
        _section(names[first.subject, first.subject_id][0], [first, *own], sources, decisions)
        for _, group in groupby(sorted(rows, key=place), key=place)
        if (own := list(group)) and (first := own.pop(0))
    ]


Kept = dict[int | None, Any]


def _section(code: str, rows: list[Milestone], sources: Kept, decisions: Kept) -> dict[str, Any]:
    conditions = {
        condition.code: row.is_applicable
        for row in reversed(rows)
        if (condition := milestones.step_of(row).condition) is not None
    }
    lines = [line for row in rows if (line := _line(row, conditions, sources, decisions)) is not None]
    return {
        "subject": rows[0].subject.value,
        "code": code,
        "template_version": rows[0].template_version,
        "is_illustrative": all(row.is_illustrative for row in rows),
        "conditions": conditions or None,
        "lines": lines,
    }


def _line(
    row: Milestone, conditions: dict[str, bool], sources: Kept, decisions: Kept
) -> dict[str, Any] | None:
    """What is stated about a milestone; None where nothing is. The COD follows its tranches and is stated there."""
    state = milestones.state_of(row)
    said: dict[str, Any] = {"label": row.label} if row.label else {}
    condition = milestones.step_of(row).condition
    if row.is_applicable != (True if condition is None else conditions[condition.code]):
        said |= {"is_applicable": row.is_applicable, "note": row.ruled_out_for}
    for name in DATES:
        stated: Stated | None = getattr(state, name)
        is_told = name != "actual" or (state.is_done and row.code != domain.COD)
        if stated is not None and is_told:
            said |= _date(name, stated.on, stated.precision)
    if "baseline_on" in said:
        said |= decisions.get(row.id, {})
    if "actual_on" in said:
        said["sources"] = list(sources.get(row.id, ()))
        if state.verification not in (None, Verification.CONFIRMED):
            said["verification"] = str(state.verification)
    if not said and row.instance == 1:
        return None
    if row.is_illustrative:
        said["is_illustrative"] = True
    return {"milestone": domain.key(row.code, row.instance), **said}


def _date(name: str, on: date, precision: Precision) -> dict[str, Any]:
    exact = {} if precision == Precision.DAY else {f"{name}_precision": precision.value}
    return {f"{name}_on": on, **exact}


def _sources(session: Session) -> Kept:
    """The sources of the last actual of each milestone."""
    statement = select(col(MilestoneEntry.milestone_id), col(MilestoneEntry.sources)).where(
        col(MilestoneEntry.act) == MilestoneAct.DECLARED
    )
    return _last(session.execute(statement.order_by(col(MilestoneEntry.id))))


def _decisions(session: Session) -> Kept:
    """The document behind the last baseline of each milestone, as a line states it."""
    statement = (
        select(col(MilestoneEntry.milestone_id), Document)
        .join(Document, col(Document.id) == col(MilestoneEntry.document_id))
        .where(col(MilestoneEntry.act) == MilestoneAct.BASELINED)
        .order_by(col(MilestoneEntry.id))
    )
    documents = _last(session.execute(statement))
    return {
        i: {name: getattr(row, field) for name, field in DECISION.items()} for i, row in documents.items()
    }


def _last(rows: Iterable[Any]) -> Kept:
    return {i: value for i, value in rows}
