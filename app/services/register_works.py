"""The sections of a register file about the grid: works, the phases that need them, and clearance packages."""

from functools import partial

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.problems import Problem
from app.queries import projects
from app.queries import works as found
from app.schemas.register import ConnectionLine, RegisterFile
from app.schemas.works import ClearanceChange, ClearanceCreate, ConnectionPut, GridWorkChange, GridWorkCreate
from app.services import clearances, works
from app.services.register_steps import Steps, narrowed, result_of


def steps(session: Session, actor: Actor, content: RegisterFile) -> Steps:
    """Works, then who needs them, then their land; projects and phases stand already."""
    for i, work in enumerate(content.grid_works):
        yield ("grid_works", i), "grid works", partial(_work, session, actor, work)
    for i, connection in enumerate(content.connections):
        yield ("connections", i), "connections", partial(_connection, session, actor, connection)
    for i, clearance in enumerate(content.clearances):
        yield ("clearances", i), "clearances", partial(_clearance, session, actor, clearance)


def _work(session: Session, actor: Actor, line: GridWorkCreate) -> str:
    try:
        found.public(session, line.code)
    except NotFound:
        works.create(session, actor, line)
        return "created"
    change = narrowed(GridWorkChange, line, {"code"})
    return result_of(session, lambda: works.change(session, actor, line.code, change, None))


def _connection(session: Session, actor: Actor, line: ConnectionLine) -> str:
    try:
        phase, _ = projects.phase(session, actor, line.phase)
    except NotFound as error:
        raise Invalid(Problem.UNKNOWN_PHASE, field="phase", code=line.phase) from error
    standing = found.connection(session, phase, works.named(session, line.work, "work"))
    # A put replaces, a file changes what it states: what it leaves out is put as it stands.
    kept = {} if standing is None else standing.model_dump(include=set(ConnectionPut.model_fields))
    stated = line.model_fields_set - {"phase", "work"}
    change = ConnectionPut.model_validate(kept | line.model_dump(include=stated))
    done = result_of(
        session, lambda: works.put_connection(session, actor, line.phase, line.work, change, None)
    )
    return "created" if standing is None else done


def _clearance(session: Session, actor: Actor, line: ClearanceCreate) -> str:
    try:
        standing = found.package(session, actor, line.code)
    except NotFound:
        clearances.create(session, actor, line)
        return "created"
    holders = [None if holder is None else holder.code for holder in (standing.work, standing.project)]
    if holders != [line.work, line.project]:
        # A package stays with its work or project, so under its code a file can mean no other.
        raise Conflict(Problem.TAKEN, field="code", code=line.code)
    change = narrowed(ClearanceChange, line, {"code", "work", "project"})
    return result_of(session, lambda: clearances.change(session, actor, line.code, change, None))
