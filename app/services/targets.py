"""Setting targets."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, require
from app.domain.errors import Conflict
from app.domain.problems import Problem
from app.domain.vocabulary import Fact
from app.queries import targets
from app.schemas.targets import TargetChange, TargetCreate
from app.services import edits, journal
from app.tables.targets import Target


def create(session: Session, actor: Actor, change: TargetCreate) -> Target:
    """Sets a target. Conflict where its code is taken."""
    require(actor, May.SET_TARGET)
    if session.execute(select(col(Target.id)).where(col(Target.code) == change.code)).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    values = _values(session, change.model_dump())
    revision = journal.number(session, actor)
    row = Target(**values, created_in=revision, revision=revision)
    session.add(row)
    session.flush()
    journal.record(session, actor, Fact.TARGET_CREATED, "target", row.code, after=journal.described(row))
    return row


def change(session: Session, actor: Actor, code: str, change: TargetChange, expected: int | None) -> Target:
    """Changes the fields that were sent; what was known before stays known at its time."""
    require(actor, May.SET_TARGET)
    row = targets.one(session, code)
    edits.check_version(expected, row.revision)
    values = _values(session, edits.sent(change, required=("name", "capacity_kw", "due_on", "basis")))
    before, after = edits.apply(row, values)
    if after:
        row.revision = journal.record(
            session, actor, Fact.TARGET_CHANGED, "target", code, before=before, after=after
        )
    return row


def remove(session: Session, actor: Actor, code: str, expected: int | None) -> None:
    """Removes a target. The journal keeps what it said."""
    require(actor, May.SET_TARGET)
    row = targets.one(session, code)
    edits.check_version(expected, row.revision)
    journal.record(session, actor, Fact.TARGET_REMOVED, "target", code, before=journal.described(row))
    session.delete(row)


def _values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns: capacity in kW, the scope checked."""
    values = dict(values)
    if "capacity_kw" in values:
        values["kw"] = values.pop("capacity_kw")
    if "scope" in values:
        edits.check_unit(session, values["scope"], "scope")
        values["scope_code"] = values.pop("scope")
    edits.check_sources(session, values.get("sources") or ())
    return values
