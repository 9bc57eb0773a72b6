"""Writing the journal: every change states its facts here, and the commit seals them into one revision."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.db import Stamp
from app.domain import chain
from app.domain.access import Actor
from app.domain.vocabulary import Fact as FactKind
from app.queries.prepared import Prepared, adding
from app.queries.projects import Subject
from app.services import outbox
from app.tables.base import table
from app.tables.journal import Fact, Revision
from app.tables.projects import Project

OPEN = "open_revision"
_REVISION = table(Revision)
_LAST = Prepared(
    select(_REVISION.c.number, _REVISION.c.recorded_at, _REVISION.c.hash)
    .order_by(_REVISION.c.number.desc())
    .limit(literal_column("1"))
)
_ADD_REVISION, _ADD_FACT = Prepared(adding(Revision)), Prepared(adding(Fact))
_SEAL = Prepared(
    _REVISION.update().where(_REVISION.c.number == bindparam("opened")).values(hash=bindparam("seal"))
)
_PROJECT = table(Project)
_MOVE = Prepared(
    _PROJECT.update().where(_PROJECT.c.id == bindparam("moved")).values(revision=bindparam("to"))
)


class Row(Protocol):
    """A table row the journal can describe."""

    def model_dump(self) -> dict[str, Any]: ...


def number(session: Session, actor: Actor) -> int:
    """The number of this change's revision, opening it at the first call. Rows that count carry it."""
    opened: Revision | None = session.info.get(OPEN)
    if opened is None:
        stamp: Stamp = session.info["stamp"]
        last = _LAST.first(session)
        # Clocks of several machines differ; in the journal time never runs backwards, so `known_at` finds one number.
        recorded_at = max(stamp.at, last.recorded_at) if last else stamp.at
        opened = Revision(
            number=(last.number if last else 0) + 1,
            recorded_at=recorded_at.astimezone(UTC),
            actor=_actor(actor),
            request_id=stamp.request_id,
            hash=last.hash if last else chain.FIRST,
        )
        _ADD_REVISION.each(session, [opened.model_dump()])
        session.info[OPEN], session.info["facts"] = opened, []
    return opened.number


def opened_at(session: Session, actor: Actor) -> datetime:
    """When this change counts as recorded: what readers find of its revision, whatever this machine's clock says."""
    number(session, actor)
    opened: Revision = session.info[OPEN]
    return opened.recorded_at


def record(
    session: Session,
    actor: Actor,
    kind: FactKind,
    subject: str,
    code: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    project: Subject | None = None,
) -> int:
    """States one fact and returns the revision's number. `before` and `after` hold the fields that differ.

    A fact inside a project moves the project's own revision, and so its ETag and that of everything in it.
    """
    revision = number(session, actor)
    facts: list[dict[str, Any]] = session.info["facts"]
    last = facts[-1] if facts else {}
    facts.append(
        {
            "kind": kind.value,
            "subject": subject,
            "subject_code": code,
            "project_id": None if project is None else project.id,
            "before": _held_once(plain(before), last.get("before")),
            "after": _held_once(plain(after), last.get("after")),
        }
    )
    if project is not None:
        _MOVE.each(session, [{"moved": project.id, "to": revision}])
        if isinstance(project, Project):
            set_committed_value(project, "revision", revision)
    return revision


def _held_once(said: dict[str, Any] | None, last: dict[str, Any] | None) -> dict[str, Any] | None:
    """What the fact before says, where it says the same: those of a batch do so thousands of times in a row. Texts alone,
    for to Python 1 and true are the same too."""
    if said is None or said != last or not all(type(value) is str for value in said.values()):
        return said
    return last if all(type(value) is str for value in last.values()) else said


def stated(session: Session) -> int:
    """How many facts this change has stated so far."""
    return len(session.info.get("facts", ()))


def seal(session: Session) -> None:
    """Writes the facts of this change and its hash; `Database.changing` calls it last. No fact, no revision."""
    opened: Revision | None = session.info.get(OPEN)
    if opened is None:
        return
    facts = session.info["facts"]
    rows = ({"revision": opened.number, "position": i, **fact} for i, fact in enumerate(facts))
    _ADD_FACT.each(session, rows)
    outbox.enqueue(session, opened.number, opened.recorded_at, facts)
    seal = chain.seal(link(opened, facts), opened.hash)
    _SEAL.each(session, [{"opened": opened.number, "seal": seal}])


def link(revision: Revision, facts: list[dict[str, Any]]) -> chain.Link:
    """A revision as the chain seals it."""
    return chain.Link(revision.number, revision.recorded_at, revision.actor, revision.request_id, facts)


def differences(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """The fields that differ, before and after; two empty mappings where nothing does."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {n: before.get(n) for n in changed}, {n: after[n] for n in changed}


def described(row: Row, *, without: tuple[str, ...] = ()) -> dict[str, object]:
    """A row's fields as a fact states them: without ids, revisions and empty fields."""
    left_out = {"id", "revision", "created_in", *without}
    return {n: v for n, v in row.model_dump().items() if n not in left_out and v not in (None, ())}


def plain(values: Mapping[str, object] | None) -> dict[str, Any] | None:
    """JSON values: words as codes, dates and instants in ISO 8601, decimals as text."""
    return None if values is None else {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        return [_plain(v) for v in value]
    if isinstance(value, str):
        return str(getattr(value, "value", value))
    return value


def _actor(actor: Actor) -> dict[str, Any]:
    return {"role": actor.role.value, "organisation": actor.organisation, "user": actor.user}
