"""Grid works, connections and clearance packages on their way to the wire."""

from app.api.milestone_shapes import current
from app.db import Session
from app.deps import Ask
from app.domain.vocabulary import SubjectKind, UnitKind
from app.queries import subjects, units, works
from app.schemas.projects import NamedRead
from app.schemas.works import ClearanceRead, ConnectionRead, GridWorkLine, GridWorkRead

# What of a grid work is for those alone who see its detail.
DETAIL = (
    *("circuits", "mva", "cost_vnd", "route", "crosses_live_line", "takes_rice_land"),
    *("confidence", "note"),
)


def work_line(line: works.WorkLine) -> GridWorkLine:
    """A grid work's public summary."""
    return GridWorkLine(**_work(line))


def work(session: Session, ask: Ask, code: str) -> GridWorkRead:
    """A grid work, its detail only to those who may see it. NotFound where there is none."""
    line = works.line(session, code)
    holder = subjects.of(session, SubjectKind.GRID_WORK, line.work)
    sees = subjects.sees(session, ask.actor, holder)
    detail = {name: getattr(line.work, name) if sees else None for name in DETAIL}
    view = current(session, ask)
    totals = units.totals_on(session, line.work, view.revision, view.as_of) if sees else {}
    detail["towers_total"], detail["sections_total"] = map(totals.get, UnitKind)
    return GridWorkRead(**_work(line), **detail, revision=line.work.revision)


def connection(need: works.Need) -> ConnectionRead:
    """A connection with both of its ends."""
    ends = (need.connection, need.phase, need.project, need.work)
    return ConnectionRead(
        phase=NamedRead.model_validate(need.phase, from_attributes=True),
        project=need.project.code,
        work=NamedRead.model_validate(need.work, from_attributes=True),
        kind=need.connection.kind,
        is_illustrative=any(end.is_illustrative for end in ends),
        sources=list(need.connection.sources),
        note=need.connection.note,
        revision=need.project.revision,
    )


def clearance(package: works.Package) -> ClearanceRead:
    """A clearance package with the names of its holder and its place."""
    row = package.clearance
    holders = (package.work, package.project)
    return ClearanceRead(
        code=row.code,
        name=row.name,
        track=row.track,
        work=_named(package.work),
        project=_named(package.project),
        district=_named(package.district),
        commune=_named(package.commune),
        is_illustrative=row.is_illustrative or any(h is not None and h.is_illustrative for h in holders),
        sources=list(row.sources),
        note=row.note,
        revision=row.revision,
    )


def _work(line: works.WorkLine) -> dict[str, object]:
    row = line.work
    return {
        **row.model_dump(include={"code", "name", "name_en", "voltage_kv", "length_km", "is_illustrative"}),
        "kind": row.kind,
        "owner": _named(line.owner),
        "district": _named(line.district),
        "sources": list(row.sources),
    }


def _named(row: object | None) -> NamedRead | None:
    return None if row is None else NamedRead.model_validate(row, from_attributes=True)
