"""Tower positions and tension sections as their rows have them, for what a line itself does not carry: where they stand
on the map, what is noted of them, the revision that touched them last."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.vocabulary import UnitKind
from app.queries.prepared import Plain, Prepared
from app.tables.base import key, table
from app.tables.units import WorkUnit
from app.tables.works import GridWork

_UNIT = table(WorkUnit)
_OF_WORK = Prepared(select(_UNIT).where(_UNIT.c.work_id == bindparam("work")))
_MADE = Prepared(
    select(_UNIT.c.id, _UNIT.c.kind, _UNIT.c.number).where(
        _UNIT.c.work_id == bindparam("work"), _UNIT.c.created_in == bindparam("revision")
    )
)


def of_work(session: Session, work: GridWork) -> dict[tuple[UnitKind, str], Plain]:
    """Every unit of a work by its kind and number."""
    rows = _OF_WORK.all(session, work=key(work.id))
    return {(row.kind, row.number): row for row in rows}


def made_in(session: Session, work: GridWork, revision: int) -> dict[tuple[UnitKind, str], int]:
    """The ids of the units that a revision has put on a work."""
    rows = _MADE.all(session, work=key(work.id), revision=revision)
    return {(row.kind, row.number): row.id for row in rows}
