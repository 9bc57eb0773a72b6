"""The sections of a register file about lines, the land under them, and what the grid can take. Rows of units and cases go
through the same batches as those EVN SPC sends."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.words import Lang
from app.queries import evacuation as found
from app.queries import works
from app.schemas.commitments import CommitmentMake, CommitmentPostpone
from app.schemas.evacuation import EvacuationGroupChange, EvacuationGroupCreate, EvacuationPathPut
from app.schemas.households import HouseholdBatch
from app.schemas.milestones import BatchQuery
from app.schemas.register import RegisterFile
from app.schemas.register_land import (
    CommitmentSection,
    CountLine,
    GroupSection,
    HouseholdSection,
    TotalLine,
    UnitSection,
)
from app.schemas.units import CountReport, TotalState, UnitBatch
from app.services import (
    commitments,
    evacuation,
    evacuation_limits,
    household_batches,
    unit_batches,
    unit_totals,
)
from app.services.register_steps import Steps, narrowed, result_of
from app.tables.base import key
from app.tables.commitments import Commitment, CommitmentUnit
from app.tables.evacuation import EvacuationLimit
from app.tables.units import UnitCount, UnitTotal, WorkUnit

IsLater = Callable[[date], bool]


def steps(session: Session, actor: Actor, today: date, content: RegisterFile, is_later: IsLater) -> Steps:
    """Denominators, units, counts, cases and commitments, then groups with their paths and limits. What is of a later day
    than the import goes up to is left out."""
    for i, total in enumerate(content.unit_totals):
        if not is_later(total.effective_on):
            yield ("unit_totals", i), "unit totals", partial(_total, session, actor, today, total)
    for i, units in enumerate(content.units):
        yield ("units", i), "towers and sections", partial(_units, session, actor, today, units, is_later)
    for i, count in enumerate(content.reported_counts):
        if not is_later(count.reported_on):
            yield ("reported_counts", i), "reported counts", partial(_count, session, actor, today, count)
    for i, cases in enumerate(content.households):
        yield ("households", i), "cases", partial(_households, session, actor, today, cases, is_later)
    for i, commitment in enumerate(content.commitments):
        if not is_later(commitment.made_on):
            yield (
                ("commitments", i),
                "commitments",
                partial(_commitment, session, actor, commitment, is_later),
            )
    for i, group in enumerate(content.evacuation_groups):
        yield ("evacuation_groups", i), "evacuation groups", partial(_group, session, actor, group)
    for i, group in enumerate(content.evacuation_groups):
        yield from _paths(session, actor, group, i)
        for j in range(len(group.limits)):
            path = ("evacuation_groups", i, "limits", j)
            yield path, "evacuation limits", partial(_limit, session, actor, today, group, j)


def _total(session: Session, actor: Actor, today: date, line: TotalLine) -> str:
    standing = select(col(UnitTotal.id)).where(
        col(UnitTotal.work_id) == works.public(session, line.work).id,
        col(UnitTotal.kind) == line.kind,
        col(UnitTotal.total) == line.total,
        col(UnitTotal.effective_on) == line.effective_on,
    )
    if session.execute(standing.limit(1)).first() is not None:
        return "unchanged"
    unit_totals.state(session, actor, line.work, narrowed(TotalState, line, {"work"}), today)
    return "created"


def _count(session: Session, actor: Actor, today: date, line: CountLine) -> str:
    standing = select(col(UnitCount.id)).where(
        col(UnitCount.work_id) == works.public(session, line.work).id,
        col(UnitCount.stage) == line.stage,
        col(UnitCount.done) == line.done,
        col(UnitCount.reported_on) == line.reported_on,
    )
    if session.execute(standing.limit(1)).first() is not None:
        return "unchanged"
    unit_totals.report(
        session, actor, line.work, CountReport.model_validate(line.model_dump(exclude={"work"})), today
    )
    return "created"


def _units(
    session: Session, actor: Actor, today: date, section: UnitSection, is_later: IsLater
) -> Counter[str]:
    rows = []
    for row in section.rows:
        reports = [report for report in row.reports if not is_later(report.effective_on)]
        if section.is_illustrative:
            reports = [report.model_copy(update={"is_illustrative": True}) for report in reports]
        update: dict[str, object] = {"reports": reports}
        if section.is_illustrative:
            update["is_illustrative"] = True
        rows.append(row.model_copy(update=update))
    if not rows:
        return Counter()
    batch = UnitBatch.model_construct(rows=rows)
    read = unit_batches.change(session, actor, section.work, batch, BatchQuery(), today, Lang.VI)
    return Counter(row.outcome for row in read.rows)


def _households(
    session: Session, actor: Actor, today: date, section: HouseholdSection, is_later: IsLater
) -> Counter[str]:
    rows = [row for row in section.rows if row.effective_on is None or not is_later(row.effective_on)]
    if section.is_illustrative:
        rows = [row.model_copy(update={"is_illustrative": True}) for row in rows]
    if not rows:
        return Counter()
    batch = HouseholdBatch.model_construct(rows=rows)
    read = household_batches.put(session, actor, section.work, batch, BatchQuery(), today, Lang.VI)
    return Counter(row.outcome for row in read.rows)


def _commitment(session: Session, actor: Actor, line: CommitmentSection, is_later: IsLater) -> str:
    """A commitment is known again by its work, stage, promiser, day and units; then its further moves are told."""
    standing = _standing(session, line)
    if standing is None:
        change = narrowed(CommitmentMake, line, {"moves"})
        made = CommitmentMake.model_validate(change.model_dump(exclude_unset=True))
        standing, said = commitments.make(session, actor, made, line.made_on), "created"
    else:
        said = "unchanged"
    for move in line.moves[standing.moves :]:
        if is_later(move.stated_on):
            break
        moved = CommitmentPostpone(due_on=move.due_on, reason=move.reason)
        commitments.postpone(session, actor, key(standing.id), moved, None, move.stated_on)
        said = "created" if said == "created" else "changed"
    return said


def _standing(session: Session, line: CommitmentSection) -> Commitment | None:
    statement = select(Commitment).where(
        col(Commitment.work_id) == works.public(session, line.work).id,
        col(Commitment.stage) == line.stage,
        col(Commitment.responsible) == line.responsible.value,
        col(Commitment.made_on) == line.made_on,
    )
    for row in session.execute(statement).scalars():
        numbers = (
            select(col(WorkUnit.number))
            .join(CommitmentUnit, col(CommitmentUnit.unit_id) == col(WorkUnit.id))
            .where(col(CommitmentUnit.commitment_id) == row.id)
        )
        if set(session.execute(numbers).scalars()) == set(line.units):
            return row
    return None


def _group(session: Session, actor: Actor, section: GroupSection) -> str:
    own = {"phases", "groups", "limits"}
    try:
        found.one(session, section.code)
    except NotFound:
        change = section.model_dump(include=section.model_fields_set - own)
        evacuation.create(session, actor, EvacuationGroupCreate.model_validate(change))
        return "created"
    stated = narrowed(EvacuationGroupChange, section, own | {"code"})
    return result_of(session, lambda: evacuation.change(session, actor, section.code, stated, None))


def _paths(session: Session, actor: Actor, section: GroupSection, i: int) -> Steps:
    for j, phase in enumerate(section.phases):
        put = EvacuationPathPut.model_validate(phase.model_dump(exclude={"phase"}))
        step = partial(evacuation.put_phase, session, actor, section.code, phase.phase, put, None)
        yield (
            ("evacuation_groups", i, "phases", j),
            "evacuation paths",
            partial(result_of, session, step),
        )
    for j, group in enumerate(section.groups):
        put = EvacuationPathPut.model_validate(group.model_dump(exclude={"group"}))
        step = partial(evacuation.put_source, session, actor, section.code, group.group, put, None)
        yield (
            ("evacuation_groups", i, "groups", j),
            "evacuation paths",
            partial(result_of, session, step),
        )


def _limit(session: Session, actor: Actor, today: date, section: GroupSection, j: int) -> str:
    limit = section.limits[j]
    standing = select(EvacuationLimit).where(
        col(EvacuationLimit.group_id) == found.one(session, section.code).id,
        col(EvacuationLimit.kw) == limit.capacity_kw,
        col(EvacuationLimit.condition) == limit.condition,
        col(EvacuationLimit.valid_from) == limit.valid_from,
        col(EvacuationLimit.withdrawn_in).is_(None),
    )
    work = None if limit.work is None else works.public(session, limit.work).id
    for row in session.execute(standing).scalars():
        if (row.criterion, row.work_id) == (limit.criterion, work):
            return "unchanged"
    evacuation_limits.state(session, actor, section.code, limit, None, today)
    return "created"
