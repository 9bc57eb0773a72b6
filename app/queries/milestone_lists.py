"""The lists of milestones over everything a reader may see: late, due soon, waiting for the second key, open."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.errors import Invalid
from app.domain.milestones import State
from app.domain.problems import Problem
from app.domain.vocabulary import SubjectKind, Verification
from app.queries import journal, milestones, subjects
from app.queries.capacity import View
from app.queries.milestones import Line
from app.schemas.milestones import Which
from app.tables.base import key
from app.tables.milestones import Milestone

# By which day, or instant, each list is put in order.
ORDER: dict[Which, Callable[[State], date | datetime | None]] = {
    Which.LATE: lambda state: state.promised_on,
    Which.DUE_SOON: lambda state: state.expected_on,
    Which.WAITING: lambda state: state.declared_at,
    Which.OPEN: lambda state: state.expected_on,
}
COLUMNS: dict[Which, Any] = {
    Which.LATE: col(Milestone.due_on),
    Which.DUE_SOON: col(Milestone.next_on),
    Which.WAITING: col(Milestone.declared_at),
    Which.OPEN: col(Milestone.next_on),
}


def page(
    session: Session,
    view: View,
    today: date,
    which: Which,
    *,
    within_days: int,
    subject: SubjectKind | None,
    after: str | None,
    limit: int,
) -> list[Line]:
    """Up to `limit` + 1 milestones of a list, the earliest day first, after the place `after`.

    Of now it is one indexed range. Of an earlier day or an earlier knowledge, the states are folded from the entries
    that were recorded by then: what the list said, it says again.
    """
    if view.revision >= journal.head(session) and view.as_of >= today:
        rows = _now(session, view, which, within_days, subject, after, limit)
    else:
        rows = _then(session, view, which, within_days, subject, after, limit)
    return milestones.completed(session, view, rows)


def count(session: Session, view: View, today: date, which: Which, *, within_days: int, most: int) -> int:
    """How many milestones stand in a list, as far as `most`: one more says that there are more."""
    if view.revision < journal.head(session) or view.as_of < today:
        return len(_then(session, view, which, within_days, None, None, most))
    listed = _range(view, which, within_days, None).with_only_columns(col(Milestone.id)).limit(most + 1)
    return int(session.execute(select(func.count()).select_from(listed.subquery())).scalar_one())


def place(line: Line, which: Which) -> str:
    """Where a milestone stands in its list: the cursor of the page that ends with it."""
    return f"{_mark(line.state, which)}|{line.row.id}"


def _mark(state: State, which: Which) -> str:
    """When a milestone comes in its list, as text that sorts as the days and instants do."""
    when = ORDER[which](state) or date.max
    return (
        when.astimezone(UTC).isoformat(timespec="microseconds")
        if isinstance(when, datetime)
        else when.isoformat()
    )


def _start(after: str, which: Which) -> tuple[date | datetime, int]:
    """Where a page begins. Invalid where the cursor is of another list."""
    mark, _, number = after.partition("|")
    waits = which == Which.WAITING
    try:
        if ("T" in mark) != waits:
            raise ValueError(mark)
        return (datetime if waits else date).fromisoformat(mark), int(number)
    except ValueError as error:
        raise Invalid(Problem.CURSOR, field="cursor") from error


def _now(
    session: Session,
    view: View,
    which: Which,
    within_days: int,
    subject: SubjectKind | None,
    after: str | None,
    limit: int,
) -> Sequence[Milestone]:
    column, statement = COLUMNS[which], _range(view, which, within_days, subject)
    statement = statement.order_by(column, col(Milestone.id)).limit(limit + 1)
    if after is not None:
        at, last = _start(after, which)
        statement = statement.where(or_(column > at, and_(column == at, col(Milestone.id) > last)))
    return list(session.execute(statement).scalars())


def _range(view: View, which: Which, within_days: int, subject: SubjectKind | None) -> Select[Any]:
    """What stands in a list now."""
    column = COLUMNS[which]
    statement = _visible(view, subject).where(column.is_not(None))
    if which == Which.LATE:
        statement = statement.where(column < view.as_of)
    if which == Which.DUE_SOON:
        statement = statement.where(column.between(view.as_of, view.as_of + timedelta(days=within_days)))
    return statement


def _then(
    session: Session,
    view: View,
    which: Which,
    within_days: int,
    subject: SubjectKind | None,
    after: str | None,
    limit: int,
) -> Sequence[Milestone]:
    rows = list(session.execute(_visible(view, subject)).scalars())
    states = milestones.states_at(session, view, rows)
    last = view.as_of + timedelta(days=within_days)
    found = [
        (_mark(states[row.id], which), key(row.id), row)
        for row in rows
        if row.id in states and _belongs(states[row.id], which, view.as_of, last)
    ]
    found.sort(key=lambda item: item[:2])
    if after is not None:
        mark, _, _ = after.partition("|")
        _, number = _start(after, which)
        found = [item for item in found if item[:2] > (mark, number)]
    return [row for _, _, row in found[: limit + 1]]


def _belongs(state: State, which: Which, as_of: date, last: date) -> bool:
    """Whether a milestone stands in a list on a day."""
    if which == Which.WAITING:
        return state.verification == Verification.WAITING and state.declared_at is not None
    if not state.is_open:
        return False
    if which == Which.LATE:
        return state.promised_on is not None and state.promised_on < as_of
    if which == Which.DUE_SOON:
        return state.expected_on is not None and as_of <= state.expected_on <= last
    return state.expected_on is not None


def _visible(view: View, subject: SubjectKind | None) -> Select[Any]:
    seen = subjects.visible(
        view.actor, col(Milestone.subject), col(Milestone.subject_id), col(Milestone.project_id)
    )
    statement: Select[Any] = select(Milestone).where(seen)
    return statement if subject is None else statement.where(col(Milestone.subject) == subject)
