"""Adding and changing land-clearance packages. A package of a work is kept by who keeps the work, a plant's own land by
the department alone."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact, SubjectKind, Track, UnitLevel
from app.domain.work_problems import WorkProblem
from app.queries import projects, subjects
from app.queries import works as found
from app.schemas.works import ClearanceChange, ClearanceCreate
from app.services import edits, journal, works
from app.tables.projects import Project
from app.tables.works import Clearance, GridWork


def create(session: Session, actor: Actor, change: ClearanceCreate) -> Clearance:
    """Adds a package of exactly one work or project. Conflict where its code is taken.

    Invalid where it names both holders, none or an unknown one, a corridor of a project, or a commune that is none or
    lies in another district; Forbidden where the holder is another's.
    """
    require(actor, May.CHANGE_WORKS)
    work, project = _holder(session, actor, change)
    require_own(actor, May.CHANGE_WORKS, None if work is None else work.owner_id)
    _check_track(change.track, of_work=work is not None)
    if session.execute(select(col(Clearance.id)).where(col(Clearance.code) == change.code)).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    values = _placed(session, _values(session, change.model_dump(exclude={"work", "project"})), None)
    values["work_id"] = None if work is None else work.id
    values["project_id"] = None if project is None else project.id
    revision = journal.number(session, actor)
    row = Clearance(**values, created_in=revision, revision=revision)
    session.add(row)
    session.flush()
    after = journal.described(row, without=("work_id", "project_id"))
    after |= {"work": work.code} if work is not None else {"project": change.project}
    journal.record(
        session, actor, Fact.CLEARANCE_CREATED, "clearance", row.code, after=after, project=project
    )
    return row


def change(
    session: Session, actor: Actor, code: str, change: ClearanceChange, expected: int | None
) -> Clearance:
    """Changes the fields that were sent. NotFound where the package is not the actor's to see, Stale where it has
    moved on since revision `expected`, Conflict where its track has chosen milestones."""
    require(actor, May.CHANGE_WORKS)
    holder = subjects.one(session, actor, SubjectKind.CLEARANCE, code)
    row = holder.row
    assert isinstance(row, Clearance)
    require_own(actor, May.CHANGE_WORKS, holder.owner_id if holder.project is None else None)
    edits.check_version(expected, row.revision)
    sent = edits.sent(change, required=("name", "track", "is_illustrative"))
    values = _placed(session, _values(session, sent), row)
    track = values.get("track", row.track)
    _check_track(track, of_work=row.work_id is not None)
    if track != row.track and found.has_milestones(session, SubjectKind.CLEARANCE, row.id):
        raise Conflict(Problem.IN_USE, field="track")
    before, after = edits.apply(row, values)
    if after:
        row.revision = journal.record(
            session,
            actor,
            Fact.CLEARANCE_CHANGED,
            "clearance",
            code,
            before=before,
            after=after,
            project=holder.project,
        )
    return row


def _holder(
    session: Session, actor: Actor, change: ClearanceCreate
) -> tuple[GridWork | None, Project | None]:
    """The one work or project that a package names."""
    if (change.work is None) == (change.project is None):
        raise Invalid(Problem.ONE_HOLDER, field="work")
    if change.work is not None:
        return works.named(session, change.work, "work"), None
    assert change.project is not None
    try:
        return None, projects.one(session, actor, change.project)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_PROJECT, field="project", code=change.project) from error


def _check_track(track: Track, *, of_work: bool) -> None:
    """A safety corridor runs along a line; a plant's own line is a grid work too (NĐ 14/2014/NĐ-CP Điều 11-19)."""
    if track == Track.CORRIDOR and not of_work:
        raise Invalid(Problem.CORRIDOR_NEEDS_WORK, field="track")


def _values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns, the district checked."""
    values = dict(values)
    if "district" in values:
        edits.check_unit(session, values["district"], "district")
        values["district_code"] = values.pop("district")
    if "commune" in values:
        values["commune_code"] = values.pop("commune")
    edits.check_sources(session, values.get("sources") or ())
    return values


def _placed(session: Session, values: dict[str, Any], row: Clearance | None) -> dict[str, Any]:
    """The place as it would stand: a commune that there is, in its own district, which it brings along where none is
    named. Who keeps the land's cases hangs on the district, so the two must not differ."""
    standing = (None, None) if row is None else (row.district_code, row.commune_code)
    district, commune = values.get("district_code", standing[0]), values.get("commune_code", standing[1])
    if commune is None or (district, commune) == standing:
        return values
    unit = edits.unit(session, commune, UnitLevel.COMMUNE)
    if unit is None:
        raise Invalid(WorkProblem.UNKNOWN_COMMUNE, field="commune")
    # Since July 2025 communes lie in a province alone.
    own = edits.unit(session, unit.parent_code, UnitLevel.DISTRICT)
    if own is None:
        return values
    if district not in (None, own.code):
        raise Invalid(WorkProblem.COMMUNE_ELSEWHERE, field="commune", district=own.code)
    return {**values, "district_code": own.code}
