"""The section of a register file about milestones: templates applied where there are none, then what each line states."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.domain import milestones as domain
from app.domain.access import Actor, May, require
from app.domain.calendar import last_possible
from app.domain.errors import NotFound
from app.domain.milestones import Stated
from app.domain.vocabulary import Verification
from app.queries import milestones as found
from app.queries import subjects
from app.queries.subjects import Holder
from app.schemas.milestones import BaselineSet, InstanceCreate, MilestoneChange, TemplateApply
from app.schemas.register import MilestoneLine, MilestoneSection, RegisterFile
from app.services import milestones, templates
from app.services.milestones import Teller
from app.services.register_steps import Steps, result_of
from app.tables.milestones import Milestone

OF_ACTUAL = ("actual_on", "letter_number", "letter_on", "letter_issuer")


def steps(
    session: Session, actor: Actor, today: date, content: RegisterFile, is_later: Callable[[date], bool]
) -> Steps:
    """Every section's template, then its lines; an actual of a later day than the import goes up to is left out."""
    for i, section in enumerate(content.milestones):
        path = ("milestones", i)
        yield path, "milestone templates", partial(_apply, session, actor, section)
        for j, line in enumerate(section.lines):
            step = partial(_state, session, actor, today, section, line, is_later)
            yield (*path, "lines", j), "milestones", step


def _apply(session: Session, actor: Actor, section: MilestoneSection) -> str:
    holder = subjects.one(session, actor, section.subject, section.code)
    if found.rows_of(session, holder):
        return "unchanged"
    change = TemplateApply.model_construct(**section.model_dump(include=set(TemplateApply.model_fields)))
    templates.apply(session, actor, section.subject, section.code, change)
    return "created"


def _state(
    session: Session,
    actor: Actor,
    today: date,
    section: MilestoneSection,
    line: MilestoneLine,
    is_later: Callable[[date], bool],
) -> str | None:
    if line.actual_on is not None and is_later(line.actual_on):
        return None
    holder = subjects.one(session, actor, section.subject, section.code)
    line = line.model_copy(update={"is_illustrative": line.is_illustrative or section.is_illustrative})
    return result_of(session, lambda: _tell(session, actor, today, holder, line))


def _tell(session: Session, actor: Actor, today: date, holder: Holder, line: MilestoneLine) -> None:
    """States what a line says and the milestone does not yet; sent again it states nothing."""
    row = _row(session, actor, holder, line)
    if actor.may(May.RECOGNISE_BY_SOURCE):
        _tell_by_source(session, actor, today, holder, row, line)
        return
    stated = {name: getattr(line, name) for name in line.model_fields_set & set(MilestoneChange.model_fields)}
    state = found.state_of(row)
    if line.baseline_on is not None and _baseline(line) != state.baseline:
        # Whoever may not decide on a baseline is told so, and not passed over.
        require(actor, May.SET_BASELINE)
    if line.verification == Verification.CONFIRMED:
        # Nor does a file turn a key that its sender does not have.
        require(actor, May.CONFIRM_MILESTONES)
    if _as_kept(line.actual_on, line.actual_precision) == state.actual:
        # Stated already, with its letter.
        stated = {name: value for name, value in stated.items() if name not in OF_ACTUAL}
    change = MilestoneChange.model_construct(**stated)
    milestones.change(session, actor, holder.kind, holder.code, line.milestone, change, None, today)


def _tell_by_source(
    session: Session, actor: Actor, today: date, holder: Holder, row: Milestone, line: MilestoneLine
) -> None:
    teller = Teller(session, actor, holder, row, is_illustrative=line.is_illustrative)
    change = MilestoneChange(cause=line.cause, note=line.note)
    if line.is_applicable:
        teller.rule(True, line.note)
    if line.plan_on is not None:
        teller.plan(_as_kept(line.plan_on, line.plan_precision), change)
    if line.forecast_on is not None:
        # A register that is brought back may hold forecasts that have passed meanwhile: those are late, not wrong.
        forecast = _as_kept(line.forecast_on, line.forecast_precision)
        teller.forecast(forecast, change, min(today, line.forecast_on))
    if line.baseline_on is not None and _baseline(line) != teller.state.baseline:
        decision = BaselineSet.model_construct(
            **line.model_dump(include=set(BaselineSet.model_fields)), document=None
        )
        milestones.set_baseline(
            session,
            actor,
            holder.kind,
            holder.code,
            line.milestone,
            decision,
            None,
            today,
            is_illustrative=line.is_illustrative,
        )
        teller = Teller(session, actor, holder, row, is_illustrative=line.is_illustrative)
    actual = _as_kept(line.actual_on, line.actual_precision)
    if actual is not None and actual != teller.state.actual:
        teller.record(actual, today, sources=line.sources, note=line.note, verification=line.verification)
    if line.is_applicable is False:
        # Last, for what does not apply takes no date any more; those it had before stay beside it.
        teller.rule(False, line.note)


def _row(session: Session, actor: Actor, holder: Holder, line: MilestoneLine) -> Milestone:
    """The milestone of a line; a further instance that is not there yet is made."""
    try:
        return found.one(session, holder, line.milestone)
    except NotFound:
        code, instance = domain.parts(line.milestone)
        if instance == 1:
            raise
        change = InstanceCreate.model_construct(instance=instance, label=line.label)
        return templates.add_instance(
            session,
            actor,
            holder.kind,
            holder.code,
            code,
            change,
            is_illustrative=line.is_illustrative and actor.may(May.RECOGNISE_BY_SOURCE),
        )


def _baseline(line: MilestoneLine) -> Stated | None:
    return _as_kept(line.baseline_on, line.baseline_precision)


def _as_kept(on: date | None, precision: Any) -> Stated | None:
    return None if on is None else Stated(last_possible(on, precision), precision)
