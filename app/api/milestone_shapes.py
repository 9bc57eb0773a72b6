"""Milestones from rows and states to the wire, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.db import Session
from app.deps import Ask
from app.domain import milestones as domain
from app.domain.calendar import local_day
from app.domain.milestones import GateFinding, Stated
from app.domain.vocabulary import Precision, SubjectKind
from app.outside import shipped
from app.queries import journal, milestones, subjects
from app.queries.capacity import View
from app.queries.milestones import Line
from app.queries.subjects import Holder
from app.schemas.milestones import (
    KnownQuery,
    MilestoneList,
    MilestoneRead,
    SubjectRead,
    WarningRead,
)

# Rule R39: what nobody spoke of for more than a week is stale.
STALE_AFTER_DAYS = 7
Names = Mapping[tuple[SubjectKind, int], tuple[str, str]]


def view(session: Session, ask: Ask, query: KnownQuery) -> View:
    """Which day and which knowledge a question is about."""
    return View(ask.actor, query.as_of or ask.today, journal.known(session, query.known_at))


def current(session: Session, ask: Ask) -> View:
    """Today, as it is known now, within a change too."""
    return View(ask.actor, ask.today, journal.head(session))


def of_holder(session: Session, ask: Ask, holder: Holder, asked: View) -> MilestoneList:
    """The milestones of a subject in template order."""
    found = milestones.lines(session, asked, holder)
    names = {(holder.kind, holder.id): (holder.code, holder.row.name)}
    return MilestoneList(
        items=[milestone(ask, line, names, asked.as_of) for line in found], revision=asked.revision
    )


def one(
    session: Session, ask: Ask, holder: Holder, key: str, asked: View, warnings: Iterable[GateFinding] = ()
) -> MilestoneRead:
    """One milestone of a subject, with the gates that were passed on the way."""
    session.flush()
    line = milestones.line(session, asked, holder, key)
    names = {(holder.kind, holder.id): (holder.code, holder.row.name)}
    read = milestone(ask, line, names, asked.as_of)
    return read.model_copy(update={"warnings": [warning(ask, found) for found in warnings]})


def named(session: Session, ask: Ask, lines: list[Line], as_of: date) -> list[MilestoneRead]:
    """Milestones of any subjects."""
    names = subjects.names(session, {(line.row.subject, line.row.subject_id) for line in lines})
    return [milestone(ask, line, names, as_of) for line in lines]


def milestone(ask: Ask, line: Line, names: Names, as_of: date) -> MilestoneRead:
    """A milestone with its computed status, lateness and flag."""
    state, step, row = line.state, line.step, line.row
    declared_on = None if state.declared_at is None else local_day(state.declared_at)
    code, name = names[row.subject, row.subject_id]
    return MilestoneRead(
        subject=SubjectRead(kind=row.subject, code=code, name=name),
        milestone=line.key,
        **{
            f"{field}_{part}": value
            for field in DATES
            for part, value in _date(getattr(state, field)).items()
        },
        **_freshness(line, as_of),
        verification=state.verification,
        declared_on=declared_on,
        decision_due_on=domain.decision_due_on(declared_on),
        status=domain.status(
            state, as_of, valid_until=line.valid_until, is_blocked=line.is_blocked, is_free=line.is_free
        ),
        flag=domain.flag(state, as_of),
        late_days=domain.late_days(state, as_of),
        slip_days=domain.slip_days(state, as_of),
        moves=state.moves,
        valid_until=line.valid_until,
        ruled_out_for=None if state.is_applicable else _reason(ask, line),
        name=step.name.vi,
        name_en=step.name.en,
        **{field: getattr(step, field) for field in OF_STEP},
        **row.model_dump(include=OF_ROW),
    )


# What is told of a milestone as its template, and as its row, have it.
OF_STEP = ("group", "order", "responsible", "authority", "legal_basis", "gate", "cause")
OF_ROW = {"code", "instance", "label", "template_version", "is_illustrative", "revision"}


def _freshness(line: Line, as_of: date) -> dict[str, Any]:
    """When somebody last said something, and whether that is too long ago for what is open."""
    reported_on = None if line.reported_at is None else local_day(line.reported_at)
    age_days = None if reported_on is None else max(0, (as_of - reported_on).days)
    is_stale = line.state.is_open and age_days is not None and age_days > STALE_AFTER_DAYS
    return {"reported_on": reported_on, "age_days": age_days, "is_stale": is_stale}


DATES = ("baseline", "plan", "forecast", "actual")


def _date(stated: Stated | None) -> dict[str, object]:
    return {
        "on": None if stated is None else stated.on,
        "precision": Precision.DAY if stated is None else stated.precision,
    }


def _reason(ask: Ask, line: Line) -> str | None:
    """Why a milestone does not apply: the condition that does not hold, or what a person wrote."""
    said = line.row.ruled_out_for
    condition = shipped.templates(line.row.template_version).conditions.get(said or "")
    return said if condition is None else condition.reason.label(ask.lang)


def warning(ask: Ask, found: GateFinding) -> WarningRead:
    """A gate that was passed, as the reader is told."""
    return WarningRead(
        code=found.problem.value,
        message=f"{found.key}: {found.problem.label(ask.lang)}",
        milestone=found.key,
        gate=found.gate,
    )
