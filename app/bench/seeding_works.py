"""The grid works of a made-up register: which phase needs which, and the land that each waits for."""

from collections.abc import Iterator

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.bench.seeding_milestones import Place, Row
from app.domain.access import Actor
from app.domain.vocabulary import ConnectionKind, Fact, SubjectKind, Track, WorkKind
from app.services import journal
from app.tables.works import Clearance, Connection, GridWork

# All phases of three projects: no project needs two works, so what hangs together stays as small as it is in a province.
PHASES_OF_A_WORK = 9


def add(session: Session, seeder: Actor, phases: range, owner_id: int) -> None:
    """The works that some phases need, the need of each phase, a package of land for each work, and a fact for each.

    `phases` begins with the first phase of a work.
    """
    revision = journal.number(session, seeder)
    shared = {"created_in": revision, "revision": revision}
    works = [{**_work(k), **shared, "owner_id": owner_id} for k in _works(phases)]
    session.execute(insert(GridWork), works)
    session.execute(insert(Connection), [_connection(n, revision) for n in phases])
    session.execute(insert(Clearance), [{**_clearance(k), **shared} for k in _works(phases)])
    for work in works:
        after = {"code": work["code"], "kind": work["kind"]}
        journal.record(session, seeder, Fact.WORK_CREATED, "grid_work", work["code"], after=after)


def places(phases: range, owner_id: int) -> Iterator[Place]:
    """The works that some phases need, and their land, as subjects that have milestones."""
    for k in _works(phases):
        yield Place(SubjectKind.GRID_WORK, k + 1, None, owner_id)
        yield Place(SubjectKind.CLEARANCE, k + 1, None, owner_id)


def _works(phases: range) -> range:
    return range(phases.start // PHASES_OF_A_WORK, -(-phases.stop // PHASES_OF_A_WORK))


def _work(k: int) -> Row:
    return {"code": f"line-{k:05}", "kind": WorkKind.LINE, "name": f"Đường dây 110 kV số {k}"}


def _connection(n: int, revision: int) -> Row:
    kind = ConnectionKind.POINT_OF_CONNECTION
    return {"phase_id": n + 1, "work_id": 1 + n // PHASES_OF_A_WORK, "kind": kind, "created_in": revision}


def _clearance(k: int) -> Row:
    name = f"Thu hồi đất đường dây số {k}"
    return {"code": f"land-{k:05}", "track": Track.RECOVERED_LAND, "name": name, "work_id": k + 1}
