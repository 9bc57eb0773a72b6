"""Adding and changing grid works, and saying which phase needs which work.

The department keeps every work, a grid company its own. Which phase hangs on a work is kept by who keeps the work.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, SubjectKind, UnitKind
from app.queries import projects, unit_rows, works
from app.schemas.works import ConnectionPut, GridWorkChange, GridWorkCreate
from app.services import edits, journal, unit_totals
from app.tables.base import key
from app.tables.projects import Phase, Project
from app.tables.works import Connection, GridWork


def create(session: Session, actor: Actor, change: GridWorkCreate) -> GridWork:
    """Adds a grid work. A grid company adds its own only, so there the owner may be left out.

    Conflict where the code is taken, Forbidden where a grid company names another owner.
    """
    require(actor, May.CHANGE_WORKS)
    if session.execute(select(col(GridWork.id)).where(col(GridWork.code) == change.code)).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    values = _values(session, change.model_dump())
    if values["owner_id"] is None and not actor.may(May.REPORT_FOR_OTHERS):
        values["owner_id"] = actor.organisation_id
    require_own(actor, May.CHANGE_WORKS, values["owner_id"])
    revision = journal.number(session, actor)
    row = GridWork(**values, created_in=revision, revision=revision)
    session.add(row)
    session.flush()
    journal.record(session, actor, Fact.WORK_CREATED, "grid_work", row.code, after=journal.described(row))
    return row


def change(
    session: Session, actor: Actor, code: str, change: GridWorkChange, expected: int | None
) -> GridWork:
    """Changes the fields that were sent. Stale where the work has moved on since revision `expected`.

    Forbidden where the work is another's or would become another's; Conflict where its kind has chosen
    milestones or it has units; RuleBroken where a total stands already, or more is done (rule R26).
    """
    row = works.public(session, code)
    require_own(actor, May.CHANGE_WORKS, row.owner_id)
    edits.check_version(expected, row.revision)
    values = _values(session, edits.sent(change, required=("kind", "name", "is_illustrative")))
    if "owner_id" in values:
        require_own(actor, May.CHANGE_WORKS, values["owner_id"])
    changes_kind = values.get("kind", row.kind) != row.kind
    if changes_kind and (
        works.has_milestones(session, SubjectKind.GRID_WORK, row.id) or unit_rows.of_work(session, row)
    ):
        raise Conflict(Problem.IN_USE, field="kind")
    for kind in UnitKind:
        if (name := f"{kind.value}s_total") in values:
            unit_totals.check_first(session, row, kind, values[name])
    before, after = edits.apply(row, values)
    if after:
        row.revision = journal.record(
            session, actor, Fact.WORK_CHANGED, "grid_work", code, before=before, after=after
        )
    return row


def named(session: Session, code: str, field: str) -> GridWork:
    """The grid work named in `field`. Invalid where there is none."""
    try:
        return works.public(session, code)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_WORK, field=field, code=code) from error


def put_connection(
    session: Session,
    actor: Actor,
    phase_code: str,
    work_code: str,
    change: ConnectionPut,
    expected: int | None,
) -> None:
    """Says what a phase needs a work for, or replaces what was said; the same again changes nothing.

    NotFound where the phase is not the actor's to see, Invalid where there is no such work, Forbidden where it is
    another's, Stale where the phase's project has moved on.
    """
    require(actor, May.CHANGE_WORKS)
    phase, project = projects.phase(session, actor, phase_code)
    work = named(session, work_code, "work")
    require_own(actor, May.CHANGE_WORKS, work.owner_id)
    edits.check_version(expected, project.revision)
    edits.check_sources(session, change.sources)
    row = works.connection(session, phase, work)
    if row is None:
        _connect(session, actor, phase, project, work, change)
        return
    before, after = edits.apply(row, change.model_dump())
    if after:
        _state(session, actor, Fact.CONNECTION_MADE, phase, project, work, before=before, after=after)


def remove_connection(
    session: Session, actor: Actor, phase_code: str, work_code: str, expected: int | None
) -> None:
    """Takes back that a phase needs a work. NotFound where nothing says so."""
    require(actor, May.CHANGE_WORKS)
    phase, project = projects.phase(session, actor, phase_code)
    work = works.public(session, work_code)
    require_own(actor, May.CHANGE_WORKS, work.owner_id)
    row = works.connection(session, phase, work)
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="connection", code=work_code)
    edits.check_version(expected, project.revision)
    before = _described(row, phase, work)
    _state(session, actor, Fact.CONNECTION_REMOVED, phase, project, work, before=before)
    session.delete(row)


def _connect(
    session: Session, actor: Actor, phase: Phase, project: Project, work: GridWork, change: ConnectionPut
) -> None:
    row = Connection(
        **change.model_dump(),
        phase_id=key(phase.id),
        work_id=key(work.id),
        created_in=journal.number(session, actor),
    )
    session.add(row)
    session.flush()
    after = _described(row, phase, work)
    _state(session, actor, Fact.CONNECTION_MADE, phase, project, work, after=after)


def _described(row: Connection, phase: Phase, work: GridWork) -> dict[str, object]:
    said = journal.described(row, without=("phase_id", "work_id"))
    return {**said, "phase": phase.code, "work": work.code}


def _state(
    session: Session,
    actor: Actor,
    fact: Fact,
    phase: Phase,
    project: Project,
    work: GridWork,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """One fact about the pair. Both ends move: the phase's project, and the work."""
    code = f"{phase.code}/{work.code}"
    work.revision = journal.record(
        session, actor, fact, "connection", code, before=before, after=after, project=project
    )


def _values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns: the owner by id, the district checked."""
    values = dict(values)
    if "owner" in values:
        values["owner_id"] = edits.organisation(session, values.pop("owner"), "owner")
    if "district" in values:
        edits.check_unit(session, values["district"], "district")
        values["district_code"] = values.pop("district")
    edits.check_sources(session, values.get("sources") or ())
    return values
