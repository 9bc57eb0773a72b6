"""Targets, as they stood at a revision."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import capacity
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.queries import journal
from app.tables.targets import ReportedFigure, Target


def one(session: Session, code: str) -> Target:
    """A target by code. NotFound where there is none."""
    found = session.execute(select(Target).where(col(Target.code) == code)).scalar_one_or_none()
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="target", code=code)
    return found


def page(session: Session, *, after: str | None, limit: int) -> list[Target]:
    """Up to `limit` + 1 targets by code, after the code `after`."""
    statement = select(Target).order_by(col(Target.code)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(Target.code) > after)
    return list(session.execute(statement).scalars())


def known(session: Session, revision: int) -> list[capacity.Target]:
    """Every target that was set at `revision`, with the kW and due day it had then."""
    rows = session.execute(select(Target).where(col(Target.created_in) <= revision)).scalars()
    return [_at(session, row, revision) for row in rows]


def chosen(session: Session, code: str | None, as_of: date, revision: int) -> capacity.Target | None:
    """The target asked for, else the default one of the day. NotFound where `code` names none."""
    if code is None:
        return capacity.default_target(known(session, revision), as_of)
    row = one(session, code)
    if row.created_in > revision:
        raise NotFound(Problem.NOT_FOUND, subject="target", code=code)
    return _at(session, row, revision)


def _at(session: Session, row: Target, revision: int) -> capacity.Target:
    fields: dict[str, Any] = {"kw": row.kw, "due_on": row.due_on}
    if row.revision > revision:
        fields = journal.rewind(session, revision, "target", row.code, fields)
    due_on = fields["due_on"]
    return capacity.Target(
        row.code, fields["kw"], due_on if isinstance(due_on, date) else date.fromisoformat(due_on)
    )


def reported(session: Session, as_of: date) -> list[ReportedFigure]:
    """The figures that were published for a day up to `as_of`, newest first."""
    statement = (
        select(ReportedFigure)
        .where(col(ReportedFigure.effective_on) <= as_of)
        .order_by(col(ReportedFigure.effective_on).desc(), col(ReportedFigure.code))
    )
    return list(session.execute(statement).scalars())
