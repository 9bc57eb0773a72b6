"""Keeping the groups that power passes through, and which phases and groups drain into which.

The department keeps every group, a grid company its own. Paths are added and ended, never overwritten, so an older
answer finds the grid as it was said to be.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import evacuation as domain
from app.domain.access import Actor, May, require, require_own
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact
from app.domain.work_problems import WorkProblem
from app.queries import evacuation, projects
from app.schemas.evacuation import EvacuationGroupChange, EvacuationGroupCreate, EvacuationPathPut
from app.services import edits, journal, works
from app.tables.base import key
from app.tables.evacuation import EvacuationGroup, EvacuationPath
from app.tables.projects import Phase, Project
from app.tables.works import GridWork

# Said by name in the journal, or kept about the journal itself.
IDS = ("work_id",)
ENDS = ("group_id", "phase_id", "from_group_id", "removed_in")


def create(session: Session, actor: Actor, change: EvacuationGroupCreate) -> EvacuationGroup:
    """Adds a group. A grid company adds its own only, so there the owner may be left out.

    Conflict where the code is taken, Invalid where there is no such work, Forbidden where the owner is another.
    """
    require(actor, May.CHANGE_WORKS)
    taken = select(col(EvacuationGroup.id)).where(col(EvacuationGroup.code) == change.code)
    if session.execute(taken).first():
        raise Conflict(Problem.TAKEN, field="code", code=change.code)
    values = _values(session, change.model_dump())
    if values["owner_id"] is None and not actor.may(May.REPORT_FOR_OTHERS):
        values["owner_id"] = actor.organisation_id
    require_own(actor, May.CHANGE_WORKS, values["owner_id"])
    revision = journal.number(session, actor)
    row = EvacuationGroup(**values, created_in=revision, revision=revision)
    session.add(row)
    session.flush()
    after = {**journal.described(row, without=IDS), **_work(session, row.work_id)}
    journal.record(session, actor, Fact.GROUP_CREATED, "evacuation_group", row.code, after=after)
    return row


def change(
    session: Session, actor: Actor, code: str, change: EvacuationGroupChange, expected: int | None
) -> EvacuationGroup:
    """Changes the fields that were sent. Stale where the group has moved on since revision `expected`; Forbidden where
    it is another's or would become another's."""
    row = opened(session, actor, code, expected)
    values = _values(session, edits.sent(change, required=("name", "is_illustrative")))
    if "owner_id" in values:
        require_own(actor, May.CHANGE_WORKS, values["owner_id"])
    before, after = edits.apply(row, values)
    if not after:
        return row
    for said in (before, after):
        if "work_id" in said:
            work_id = said.pop("work_id")
            said["work"] = _work(session, work_id).get("work")
    row.revision = journal.record(
        session, actor, Fact.GROUP_CHANGED, "evacuation_group", code, before=before, after=after
    )
    return row


def opened(session: Session, actor: Actor, code: str, expected: int | None) -> EvacuationGroup:
    """A group in the hands of those who may change it: the department, and the grid company whose it is."""
    require(actor, May.CHANGE_WORKS)
    row = evacuation.one(session, code)
    require_own(actor, May.CHANGE_WORKS, row.owner_id)
    edits.check_version(expected, row.revision)
    return row


def put_phase(
    session: Session,
    actor: Actor,
    code: str,
    phase_code: str,
    change: EvacuationPathPut,
    expected: int | None,
) -> None:
    """Says that the power of a phase enters a group, or replaces what was said; the same again changes nothing.

    NotFound where there is no such group, or the phase is not the actor's to see.
    """
    group = opened(session, actor, code, expected)
    phase, project = projects.phase(session, actor, phase_code)
    path = evacuation.path(session, group, phase=phase)
    _put(session, actor, _Ends(group, phase=phase, project=project), path, change)


def remove_phase(session: Session, actor: Actor, code: str, phase_code: str, expected: int | None) -> None:
    """Takes back that the power of a phase enters a group. NotFound where nothing says so."""
    group = opened(session, actor, code, expected)
    phase, project = projects.phase(session, actor, phase_code)
    path = evacuation.path(session, group, phase=phase)
    _end(session, actor, _Ends(group, phase=phase, project=project), path)


def put_source(
    session: Session,
    actor: Actor,
    code: str,
    source_code: str,
    change: EvacuationPathPut,
    expected: int | None,
) -> None:
    """Says that the power of another group passes this one, or replaces what was said.

    Invalid where there is no such other group; RuleBroken where the power would then run in a circle.
    """
    group = opened(session, actor, code, expected)
    source = _named(session, source_code)
    path = evacuation.path(session, group, source=source)
    if path is None:
        domain.check_path(evacuation.drains(session), key(source.id), key(group.id))
    _put(session, actor, _Ends(group, source=source), path, change)


def remove_source(session: Session, actor: Actor, code: str, source_code: str, expected: int | None) -> None:
    """Takes back that the power of another group passes this one. NotFound where nothing says so."""
    group = opened(session, actor, code, expected)
    source = evacuation.one(session, source_code)
    _end(session, actor, _Ends(group, source=source), evacuation.path(session, group, source=source))


@dataclass(frozen=True, slots=True)
class _Ends:
    """Both ends of a path: the group, and the phase (of a project) or the group whose power enters it."""

    group: EvacuationGroup
    phase: Phase | None = None
    project: Project | None = None
    source: EvacuationGroup | None = None

    @property
    def code(self) -> str:
        """How the journal names the path."""
        if self.phase is not None:
            return f"{self.group.code}/phase/{self.phase.code}"
        assert self.source is not None
        return f"{self.group.code}/group/{self.source.code}"

    @property
    def names(self) -> dict[str, object]:
        start = {"phase": self.phase.code} if self.phase is not None else {}
        start |= {"from_group": self.source.code} if self.source is not None else {}
        return {"group": self.group.code, **start}

    @property
    def ids(self) -> dict[str, Any]:
        return {
            "group_id": key(self.group.id),
            "phase_id": None if self.phase is None else key(self.phase.id),
            "from_group_id": None if self.source is None else key(self.source.id),
        }


def _put(
    session: Session, actor: Actor, ends: _Ends, path: EvacuationPath | None, change: EvacuationPathPut
) -> None:
    edits.check_sources(session, change.sources)
    values = change.model_dump()
    stood = {} if path is None else {name: getattr(path, name) for name in values}
    if stood == values:
        return
    revision = journal.number(session, actor)
    if path is not None:
        path.removed_in = revision
    row = EvacuationPath(**values, **ends.ids, created_in=revision)
    session.add(row)
    if path is None:
        _state(session, actor, Fact.PATH_MADE, ends, after=_described(row, ends))
        return
    before, after = journal.differences(stood, values)
    _state(session, actor, Fact.PATH_MADE, ends, before=before, after=after)


def _end(session: Session, actor: Actor, ends: _Ends, path: EvacuationPath | None) -> None:
    if path is None:
        raise NotFound(Problem.NOT_FOUND, subject="evacuation_path", code=ends.code)
    path.removed_in = journal.number(session, actor)
    _state(session, actor, Fact.PATH_REMOVED, ends, before=_described(path, ends))


def _state(
    session: Session,
    actor: Actor,
    fact: Fact,
    ends: _Ends,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """One fact about a path. Both its ends move: the group, and the project of the phase or the other group."""
    ends.group.revision = journal.record(
        session, actor, fact, "evacuation_path", ends.code, before=before, after=after, project=ends.project
    )
    if ends.source is not None:
        ends.source.revision = ends.group.revision


def _described(row: EvacuationPath, ends: _Ends) -> dict[str, object]:
    return {**journal.described(row, without=ENDS), **ends.names}


def _named(session: Session, code: str) -> EvacuationGroup:
    try:
        return evacuation.one(session, code)
    except NotFound as error:
        raise Invalid(WorkProblem.UNKNOWN_GROUP, field="source", code=code) from error


def _values(session: Session, values: dict[str, Any]) -> dict[str, Any]:
    """Wire fields as columns: the owner and the work by id."""
    values = dict(values)
    if "owner" in values:
        values["owner_id"] = edits.organisation(session, values.pop("owner"), "owner")
    if "work" in values:
        code = values.pop("work")
        values["work_id"] = None if code is None else key(works.named(session, code, "work").id)
    edits.check_sources(session, values.get("sources") or ())
    return values


def _work(session: Session, work_id: Any) -> dict[str, object]:
    """A work as the journal says it: by its code."""
    row = None if work_id is None else session.get(GridWork, work_id)
    return {} if row is None else {"work": row.code}
