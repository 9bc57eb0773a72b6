"""How far a line has come on a day, as it was known then: X/Y by stage with what was reported beside it, the denominators
in their versions, and the reported counts that fall where nothing was reopened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import unit_checks, units
from app.domain.errors import NotFound
from app.domain.network import WORK_END
from app.domain.units import KIND_OF, Count, Line
from app.domain.vocabulary import UnitStage
from app.queries import milestones
from app.queries import units as stored
from app.queries.capacity import View
from app.queries.prepared import Plain, Prepared
from app.queries.subjects import Holder
from app.tables.base import key, table
from app.tables.journal import Revision
from app.tables.organisations import Organisation
from app.tables.units import UnitCount, UnitTotal
from app.tables.works import GridWork

_COUNT, _TOTAL = table(UnitCount), table(UnitTotal)
_REVISION, _ORGANISATION = table(Revision), table(Organisation)
_COUNTS = Prepared(
    select(_COUNT, _REVISION.c.recorded_at, _ORGANISATION.c.code.label("organisation"))
    .join(_REVISION, _REVISION.c.number == _COUNT.c.revision)
    .outerjoin(_ORGANISATION, _ORGANISATION.c.id == _COUNT.c.organisation_id)
    .where(_COUNT.c.work_id == bindparam("work"), _COUNT.c.revision <= bindparam("known"))
    .order_by(_COUNT.c.reported_on, _COUNT.c.id)
)
_TOTALS = Prepared(
    select(_TOTAL, _REVISION.c.recorded_at, _ORGANISATION.c.code.label("organisation"))
    .join(_REVISION, _REVISION.c.number == _TOTAL.c.revision)
    .outerjoin(_ORGANISATION, _ORGANISATION.c.id == _TOTAL.c.organisation_id)
    .where(_TOTAL.c.work_id == bindparam("work"))
    .order_by(_TOTAL.c.effective_on, _TOTAL.c.id)
)


@dataclass(frozen=True, slots=True)
class Progress:
    """A line as of a view. `reported` is the last figure of each stage on or before its day."""

    work: GridWork
    view: View
    counts: Mapping[UnitStage, Count]
    communes: Mapping[str | None, Mapping[UnitStage, Count]]
    reported: Mapping[UnitStage, Plain]
    percent: float | None
    is_energised: bool
    is_illustrative: bool


def of(session: Session, view: View, holder: Holder, known: Line | None = None) -> Progress:
    """How far a line has come. `known` is the line as of the view, where the caller has it already."""
    work = holder.row
    assert isinstance(work, GridWork)
    line = stored.line(session, work, view.revision) if known is None else known
    totals = stored.totals_on(session, work, view.revision, view.as_of)
    counts = {stage: units.count(line, stage, view.as_of, totals[kind]) for stage, kind in KIND_OF.items()}
    is_energised = _is_energised(session, view, holder)
    said = [row for row in counts_of(session, work, view.revision) if row.reported_on <= view.as_of]
    return Progress(
        work=work,
        view=view,
        counts=counts,
        communes=units.count_by_commune(line, view.as_of),
        reported={row.stage: row for row in said},
        percent=units.percent(counts, is_energised=is_energised),
        is_energised=is_energised,
        is_illustrative=work.is_illustrative or any(map(line.is_illustrative, line.units)),
    )


def versions_of(session: Session, work: GridWork) -> list[Plain]:
    """The later denominators of a work in effective order, each with who stated it and when it was recorded."""
    return _TOTALS.all(session, work=key(work.id))


def counts_of(session: Session, work: GridWork, revision: int) -> list[Plain]:
    """The reported counts of a work that a revision knows, in the order in which they were reported."""
    return _COUNTS.all(session, work=key(work.id), known=revision)


def fallen(line: Line, counts: Iterable[Plain]) -> dict[int, Plain]:
    """Rule R27: which reported counts are below the one before them with nothing reopened between, by id, each with the
    one before. Counts of a day are compared with those of earlier days only."""
    found: dict[int, Plain] = {}
    by_stage: dict[UnitStage, list[Plain]] = {}
    for row in counts:
        earlier = [one for one in by_stage.setdefault(row.stage, []) if one.reported_on < row.reported_on]
        by_stage[row.stage].append(row)
        if not earlier or row.done >= earlier[-1].done:
            continue
        if not unit_checks.has_fallen(line, row.stage, earlier[-1].reported_on, row.reported_on):
            found[row.id] = earlier[-1]
    return found


def _is_energised(session: Session, view: View, holder: Holder) -> bool:
    """Whether the work stands energised: its last milestone has an actual by then."""
    try:
        return milestones.line(session, view, holder, WORK_END).state.is_done
    except NotFound:
        return False
