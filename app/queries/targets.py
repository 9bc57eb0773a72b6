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
from app.tables.journal import Fact
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
    """Every target that stood at `revision`, also one removed since, with the kW and due day it had then."""
    if revision >= journal.head(session):
        rows = session.execute(select(Target)).scalars()
        return [capacity.Target(row.code, row.kw, row.due_on) for row in rows]
    statement = (
        select(col(Fact.subject_code), col(Fact.after))
        .where(col(Fact.subject) == "target", col(Fact.revision) <= revision)
        .order_by(col(Fact.revision), col(Fact.position))
    )
    stood: dict[str, dict[str, Any]] = {}
    for code, after in session.execute(statement):
        if after is None:
            del stood[code]
        else:
            stood.setdefault(code, {}).update(after)
    return [
        capacity.Target(code, said["kw"], date.fromisoformat(said["due_on"])) for code, said in stood.items()
    ]


def chosen(session: Session, code: str | None, as_of: date, revision: int) -> capacity.Target | None:
    """The target asked for, else the default one of the day. NotFound where `code` names none."""
    found = known(session, revision)
    if code is None:
        return capacity.default_target(found, as_of)
    asked = next((target for target in found if target.code == code), None)
    if asked is None:
        raise NotFound(Problem.NOT_FOUND, subject="target", code=code)
    return asked


def reported(session: Session, as_of: date) -> list[ReportedFigure]:
    """The figures that were published for a day up to `as_of`, newest first."""
    statement = (
        select(ReportedFigure)
        .where(col(ReportedFigure.effective_on) <= as_of)
        .order_by(col(ReportedFigure.effective_on).desc(), col(ReportedFigure.code))
    )
    return list(session.execute(statement).scalars())
