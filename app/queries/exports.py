"""The files of the open formats: which records each holds, as their reader sees them. Nothing of a household is in any."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from app.domain import columns
from app.domain.access import Actor, require
from app.domain.columns import Record
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Export, UnitKind
from app.domain.words import Lang
from app.queries import open_ledger, open_progress, open_register, open_works
from app.queries.capacity import View
from app.queries.open_places import Page
from app.queries.projects import Filters
from app.queries.works import Filters as WorkFilters

# Rows of the register that are held at a time.
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, as of when, and in which language. No promise is judged before `open_on`, the first day that is not over."""

    view: View
    lang: Lang
    open_on: date


def named(name: str, actor: Actor) -> Export:
    """The file of a name, where its reader may have it. NotFound where there is none; Unauthenticated or Forbidden where
    it is not for this reader."""
    found = next((export for export in Export if export.value == name), None)
    if found is None:
        raise NotFound(Problem.NOT_FOUND, subject="export", code=name)
    require(actor, columns.NEEDS[found])
    return found


def records(session: Session, asked: Asked, export: Export) -> Iterator[Record]:
    """Every record of a file, one after the other."""
    return _RECORDS[export](session, asked)


def _projects(session: Session, asked: Asked) -> Iterator[Record]:
    return _paged(
        lambda after: open_register.project_page(session, asked.view, Filters(), after=after, limit=BATCH)
    )


def _phases(session: Session, asked: Asked) -> Iterator[Record]:
    return _paged(
        lambda after: open_register.phase_page(session, asked.view, Filters(), None, after=after, limit=BATCH)
    )


def _turbines(session: Session, asked: Asked) -> Iterator[Record]:
    return _paged(
        lambda after: open_register.turbine_page(session, asked.view, None, after=after, limit=BATCH)
    )


def _grid_works(session: Session, asked: Asked) -> Iterator[Record]:
    return _paged(
        lambda after: open_works.work_page(session, asked.view, WorkFilters(), after=after, limit=BATCH)
    )


def _paged(page: Callable[[str | None], Page]) -> Iterator[Record]:
    """Every record of a list that is read a page at a time."""
    found = page(None)
    while True:
        yield from (item.record for item in found.items)
        if found.after is None:
            return
        found = page(found.after)


def _units(kind: UnitKind) -> "_Records":
    def found(session: Session, asked: Asked) -> Iterator[Record]:
        return (item.record for item in open_works.every_unit(session, asked.view, kind))

    return found


_Records = Callable[[Session, Asked], Iterator[Record]]
_RECORDS: dict[Export, _Records] = {
    Export.PROJECTS: _projects,
    Export.PHASES: _phases,
    Export.TURBINES: _turbines,
    Export.TRANCHES: lambda session, asked: open_ledger.tranches(session, asked.view),
    Export.ENTRIES: lambda session, asked: open_ledger.entries(session, asked.view),
    Export.MILESTONES: lambda session, asked: open_progress.every_milestone(session, asked.view, asked.lang),
    Export.GRID_WORKS: _grid_works,
    Export.TOWERS: _units(UnitKind.TOWER),
    Export.SECTIONS: _units(UnitKind.SECTION),
    Export.OBSTACLES: lambda session, asked: open_progress.every_obstacle(session, asked.view),
    Export.COMMITMENTS: lambda session, asked: open_progress.every_commitment(
        session, asked.view, asked.open_on
    ),
    Export.CAPACITY_SERIES: lambda session, asked: open_ledger.series(session, asked.view),
}
