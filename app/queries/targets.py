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
    then = journal.rewound(session, revision, "target")
    rows = session.execute(select(Target).where(col(Target.created_in) <= revision)).scalars()
    return [_as_it_was(row, then.get(row.code, {})) for row in rows]


def chosen(session: Session, code: str | None, as_of: date, revision: int) -> capacity.Target | None:
    """The target asked for, else the default one of the day. NotFound where `code` names none."""
    found = known(session, revision)
    if code is None:
        return capacity.default_target(found, as_of)
    asked = next((target for target in found if target.code == code), None)
    if asked is None:
        raise NotFound(Problem.NOT_FOUND, subject="target", code=code)
    return asked


def _as_it_was(row: Target, then: dict[str, Any]) -> capacity.Target:
    due_on = date.fromisoformat(then["due_on"]) if "due_on" in then else row.due_on
    return capacity.Target(row.code, then.get("kw", row.kw), due_on)


def reported(session: Session, as_of: date) -> list[ReportedFigure]:
    """The figures that were published for a day up to `as_of`, newest first."""
    statement = (
        select(ReportedFigure)
        .where(col(ReportedFigure.effective_on) <= as_of)
        .order_by(col(ReportedFigure.effective_on).desc(), col(ReportedFigure.code))
    )
    return list(session.execute(statement).scalars())
