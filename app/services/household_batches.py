"""Many cases of one grid work as one change: every row is tried on its own, and each says what became of it."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Actor, May, require
from app.domain.errors import Forbidden, Invalid, TrackerError
from app.domain.problems import Problem
from app.domain.rules import Finding
from app.domain.vocabulary import SubjectKind
from app.domain.words import Lang
from app.domain.work_problems import WorkProblem
from app.queries import households as found
from app.queries import subjects
from app.queries.subjects import Holder
from app.schemas.households import (
    HouseholdBatch,
    HouseholdBatchRead,
    HouseholdPut,
    HouseholdRow,
    HouseholdRowRead,
    HouseholdWarning,
)
from app.schemas.milestones import BatchQuery
from app.services import households, journal
from app.services.household_cases import Cases
from app.services.milestone_batches import CHANGED, REFUSED, UNCHANGED
from app.tables.works import GridWork

OWN = frozenset(HouseholdPut.model_fields)


def put(
    session: Session,
    actor: Actor,
    code: str,
    batch: HouseholdBatch,
    query: BatchQuery,
    today: date,
    lang: Lang,
) -> HouseholdBatchRead:
    """Applies the rows in their order, in one revision; those of one case may be of different days, in any order.

    A refused row changes nothing. Unless `partial` (or a dry run, which keeps nothing) asks for the rest, it refuses the
    whole batch with every row that is wrong. NotFound where the work is not the actor's to see, Forbidden where none of
    its packages is the actor's to keep.
    """
    require(actor, May.REPORT_LAND)
    work = subjects.one(session, actor, SubjectKind.GRID_WORK, code).row
    assert isinstance(work, GridWork)
    packages = found.packages_of(session, actor, work)
    kept = [holder for holder in packages if _keeps(session, actor, holder)]
    if packages and not kept:
        raise Forbidden(Problem.NOT_ALLOWED, act=May.REPORT_LAND.value)
    _refuse_twins(batch, today)
    cases = Cases(session, actor, kept, today)
    read = [_row(cases, number, row, lang) for number, row in enumerate(batch.rows)]
    refused = [row for row in read if row.outcome == REFUSED]
    if refused and not (query.partial or query.dry_run):
        raise Invalid(Problem.ROWS_REFUSED, rows=[row.model_dump(exclude_defaults=True) for row in refused])
    cases.write()
    counts = {
        outcome: sum(row.outcome == outcome for row in read) for outcome in (CHANGED, UNCHANGED, REFUSED)
    }
    return HouseholdBatchRead(dry_run=query.dry_run, rows=read, **counts)


def _keeps(session: Session, actor: Actor, holder: Holder) -> bool:
    try:
        households.require_keeper(session, actor, holder)
    except Forbidden:
        return False
    return True


def _refuse_twins(batch: HouseholdBatch, today: date) -> None:
    """Two rows on one case and day would make the order of rows matter, and hide a slip of the hand."""
    seen: set[tuple[str, str, date]] = set()
    for number, row in enumerate(batch.rows):
        place = row.clearance, row.number, row.effective_on or today
        if place in seen:
            raise Invalid(Problem.ROW_TWICE, field=f"rows.{number}.number")
        seen.add(place)


def _row(cases: Cases, number: int, row: HouseholdRow, lang: Lang) -> HouseholdRowRead:
    where = {"row": number, "clearance": row.clearance, "number": row.number}
    single = HouseholdPut.model_construct(
        _fields_set=row.model_fields_set & OWN, **{name: getattr(row, name) for name in OWN}
    )
    before = journal.stated(cases.session)
    try:
        if row.clearance not in cases.packages:
            raise Invalid(WorkProblem.UNKNOWN_CLEARANCE, field="clearance")
        findings = cases.tell(row.clearance, row.number, single, row.revision)
    except TrackerError as error:
        return HouseholdRowRead(**where, outcome=REFUSED, **_why(error, lang))
    said = journal.stated(cases.session) > before
    return HouseholdRowRead(
        **where, outcome=CHANGED if said else UNCHANGED, warnings=[warning(f, lang) for f in findings]
    )


def _why(error: TrackerError, lang: Lang) -> dict[str, object]:
    """Why a row was refused: a word and a field, never what was sent."""
    revision = error.details.get("revision")
    return {
        "problem": error.problem.value,
        "field": error.field,
        "message": error.problem.label(lang),
        "details": None if revision is None else {"revision": revision},
    }


def warning(finding: Finding, lang: Lang) -> HouseholdWarning:
    """A kept finding in the caller's language."""
    return HouseholdWarning(
        code=finding.rule.value,
        rule=finding.rule.number,
        message=finding.sentence(lang),
        field=finding.field,
    )
