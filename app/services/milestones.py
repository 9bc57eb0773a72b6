"""Stating, declaring, confirming and disputing the dates of milestones. Every statement is a further entry; the row
holds what they come to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.access import Actor, May, require, require_own
from app.domain.calendar import last_possible
from app.domain.errors import Forbidden, RuleBroken
from app.domain.milestones import GateFinding, Said, State, Stated
from app.domain.problems import Problem
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import Fact, Gate, MilestoneAct, SubjectKind, Verification
from app.queries import milestones, subjects
from app.queries.subjects import Holder
from app.schemas.milestones import ActualConfirm, ActualDispute, BaselineSet, MilestoneChange
from app.services import counted_milestones, edits, evidence, journal
from app.tables.base import key
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.works import Clearance, GridWork

FACTS = {
    MilestoneAct.BASELINED: Fact.MILESTONE_BASELINED,
    MilestoneAct.PLANNED: Fact.MILESTONE_PLANNED,
    MilestoneAct.FORECAST: Fact.MILESTONE_MOVED,
    MilestoneAct.DECLARED: Fact.MILESTONE_DECLARED,
    MilestoneAct.CONFIRMED: Fact.MILESTONE_CONFIRMED,
    MilestoneAct.DISPUTED: Fact.MILESTONE_DISPUTED,
    MilestoneAct.WITHDRAWN: Fact.MILESTONE_WITHDRAWN,
    MilestoneAct.RULED_OUT: Fact.MILESTONE_RULED,
    MilestoneAct.RULED_IN: Fact.MILESTONE_RULED,
}


def change(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    code: str,
    name: str,
    change: MilestoneChange,
    expected: int | None,
    today: date,
) -> list[GateFinding]:
    """States the fields that were sent of one milestone, in the order plan, forecast, applicability, actual.

    Returns the gates that were passed: soft ones, and hard ones the department has overridden. Raises RuleBroken for
    an actual in the future or before a hard predecessor, a forecast that moves without a cause, and the like.
    """
    require(actor, May.REPORT_MILESTONES)
    holder = subjects.one(session, actor, kind, code)
    require_own(actor, May.REPORT_MILESTONES, holder.owner_id)
    row = milestones.one(session, holder, name)
    edits.check_version(expected, row.revision)
    teller = Teller(session, actor, holder, row)
    sent = change.model_fields_set
    if "plan_on" in sent:
        teller.plan(_stated(change.plan_on, change.plan_precision), change)
    if "is_applicable" in sent and change.is_applicable is not None:
        teller.rule(change.is_applicable, change.note)
    if "forecast_on" in sent:
        teller.forecast(_stated(change.forecast_on, change.forecast_precision), change, today)
    if change.actual_on is None:
        _refuse_loose_evidence(change)
    if "actual_on" not in sent:
        return []
    if change.actual_on is None:
        teller.withdraw(change.note)
        return []
    return teller.declare(Stated(change.actual_on, change.actual_precision), change, today)


def _refuse_loose_evidence(change: MilestoneChange) -> None:
    """A document or an override goes with an actual; without one it would be lost without a word."""
    for name in ("document", "letter_number", "override_reason", "valid_until"):
        if getattr(change, name) is not None:
            raise RuleBroken(Problem.ONLY_WITH_ACTUAL, field=name)


def _stated(on: date | None, precision: Any) -> Stated | None:
    """A day as it is kept: the last day it can be."""
    return None if on is None else Stated(last_possible(on, precision), precision)


def confirm(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    code: str,
    name: str,
    change: ActualConfirm,
    expected: int | None,
    today: date,
) -> None:
    """The second key of a declared actual, by another user than who declared it, of a role that may for this step."""
    teller = _decided(session, actor, kind, code, name, expected)
    domain.check_decidable(teller.state)
    assert teller.state.actual is not None
    stated = _stated(change.actual_on, change.actual_precision) or teller.state.actual
    if stated.on > today:
        raise RuleBroken(Problem.IN_THE_FUTURE, field="actual_on", today=today)
    counted_milestones.check_strung(session, teller.holder, teller.row, stated.on)
    if stated != teller.state.actual:
        # The declared day has passed its gates; another one may break none that the declared one did not.
        before = milestones.before(session, teller.holder, teller.step)
        passed = domain.gates(teller.state.actual.on, before)
        broken = [found for found in domain.gates(stated.on, before) if found not in passed]
        domain.check_gates(broken, is_overridden=actor.may(May.OVERRIDE_RULE))
    document = evidence.named(session, teller.holder, change.document)
    teller.say(
        MilestoneAct.CONFIRMED,
        stated,
        verification=Verification.CONFIRMED,
        note=change.note,
        document_id=document,
        previous_on=teller.state.actual.on,
    )


def dispute(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    code: str,
    name: str,
    change: ActualDispute,
    expected: int | None,
) -> None:
    """The second key says no: the declared day stays in the history, the milestone is open again."""
    teller = _decided(session, actor, kind, code, name, expected)
    domain.check_decidable(teller.state)
    teller.say(
        MilestoneAct.DISPUTED, teller.state.actual, verification=Verification.DISPUTED, note=change.note
    )


def set_baseline(
    session: Session,
    actor: Actor,
    kind: SubjectKind,
    code: str,
    name: str,
    change: BaselineSet,
    expected: int | None,
    today: date,
    *,
    is_illustrative: bool = False,
) -> None:
    """Sets or changes the baseline by a decision with a document (rule R15)."""
    require(actor, May.SET_BASELINE)
    holder = subjects.one(session, actor, kind, code)
    require_own(actor, May.SET_BASELINE, holder.owner_id)
    row = milestones.one(session, holder, name)
    edits.check_version(expected, row.revision)
    document = evidence.given(session, actor, holder, None, change, today)
    if document is None:
        raise RuleBroken(Problem.BASELINE_BY_DECISION, field="document")
    teller = Teller(session, actor, holder, row, is_illustrative=is_illustrative)
    stated = _stated(change.baseline_on, change.baseline_precision)
    was = teller.state.baseline
    teller.say(
        MilestoneAct.BASELINED, stated, note=change.note, document_id=document, previous_on=was and was.on
    )


def _decided(
    session: Session, actor: Actor, kind: SubjectKind, code: str, name: str, expected: int | None
) -> "Teller":
    """A milestone on which the actor may turn the second key."""
    require(actor, May.CONFIRM_MILESTONES)
    holder = subjects.one(session, actor, kind, code)
    row = milestones.one(session, holder, name)
    edits.check_version(expected, row.revision)
    teller = Teller(session, actor, holder, row)
    counted_milestones.refuse_typed(session, holder, row)
    domain.check_confirmer(
        teller.step, actor.role, user_id=actor.user_id, declared_by=_declared_by(session, row)
    )
    return teller


def _declared_by(session: Session, row: Milestone) -> int | None:
    statement = (
        select(col(MilestoneEntry.user_id))
        .where(col(MilestoneEntry.milestone_id) == row.id, col(MilestoneEntry.act) == MilestoneAct.DECLARED)
        .order_by(col(MilestoneEntry.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


class Teller:
    """One milestone under change: each method states one thing, and the row follows from the entries."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        holder: Holder,
        row: Milestone,
        *,
        is_illustrative: bool = False,
    ) -> None:
        """`is_illustrative`: what is said marks the milestone so, and its fact says it."""
        self.session, self.actor, self.holder, self.row = session, actor, holder, row
        self.is_illustrative = is_illustrative
        self.step: MilestoneTemplate = milestones.step_of(row)
        self.state: State = milestones.state_of(row)

    def plan(self, stated: Stated | None, change: MilestoneChange) -> None:
        was = self.state.plan
        if stated != was:
            self.say(MilestoneAct.PLANNED, stated, note=change.note, previous_on=was and was.on)

    def forecast(self, stated: Stated | None, change: MilestoneChange, today: date) -> None:
        was = self.state.forecast
        if stated == was:
            return
        domain.check_forecast(
            self.state, stated, today, has_cause=change.cause is not None, is_expired=self._is_expired(today)
        )
        self.say(
            MilestoneAct.FORECAST, stated, note=change.note, cause=change.cause, previous_on=was and was.on
        )

    def rule(self, is_applicable: bool, note: str | None) -> None:
        """Rules the milestone in or out; out needs a reason, and never what is done."""
        if is_applicable == self.state.is_applicable:
            return
        if self.step.code == domain.COD:
            raise RuleBroken(Problem.COD_BY_TRANCHE, field="is_applicable")
        if not is_applicable and self.state.is_done:
            raise RuleBroken(Problem.ALREADY_DONE, field="is_applicable")
        if not is_applicable and note is None:
            raise RuleBroken(Problem.REASON_MISSING, field="note")
        if not is_applicable and self.step.condition is None:
            # A step without a condition always exists; who could rule it out would pass its gate alone.
            require(self.actor, May.REPORT_FOR_OTHERS)
        act = MilestoneAct.RULED_IN if is_applicable else MilestoneAct.RULED_OUT
        self.row.ruled_out_for = None if is_applicable or note is None else note[:400]
        self.say(act, None, note=note)

    def declare(self, stated: Stated, change: MilestoneChange, today: date) -> list[GateFinding]:
        """Declares the milestone done; what is declared on a later day that it can mean is not known to be past."""
        stated = Stated(
            min(last_possible(stated.on, stated.precision), max(stated.on, today)), stated.precision
        )
        if self.state.is_done and stated == self.state.actual:
            return []
        counted_milestones.refuse_typed(self.session, self.holder, self.row)
        domain.check_actual(self.step, self.state, stated, today, is_expired=self._is_expired(today))
        counted_milestones.check_strung(self.session, self.holder, self.row, stated.on)
        found = domain.gates(stated.on, milestones.before(self.session, self.holder, self.step))
        is_overridden = self._overrides(change, found)
        domain.check_gates(found, is_overridden=is_overridden)
        document = evidence.given(self.session, self.actor, self.holder, self.row, change, today)
        if document is None and self.step.gate == Gate.HARD and not evidence.kept(self.session, self.row):
            raise RuleBroken(Problem.EVIDENCE_MISSING, field="document", evidence=list(self.step.evidence))
        said: Mapping[str, Any] = {
            "verification": domain.first_verification(self.step),
            "note": change.note,
            "override_reason": change.override_reason,
            "document_id": document,
        }
        self.say(MilestoneAct.DECLARED, stated, **said)
        return found

    def _is_expired(self, today: date) -> bool:
        """Whether it is done and its evidence is no longer good: then it is open again."""
        if not self.state.is_done:
            return False
        until = milestones.validity(self.session, [self.row]).get(self.row.id)
        return until is not None and until < today

    def record(
        self,
        stated: Stated,
        today: date,
        *,
        sources: tuple[str, ...],
        note: str | None,
        verification: Verification | None = None,
    ) -> None:
        """An actual known from a source and not from whoever reports: it stands as confirmed (or as the source says),
        whatever the gates say, for what happened long ago was not reported step by step. What units say stands."""
        require(self.actor, May.RECOGNISE_BY_SOURCE)
        edits.check_sources(self.session, sources)
        counted_milestones.refuse_typed(self.session, self.holder, self.row)
        domain.check_actual(self.step, self.state, stated, today)
        counted_milestones.check_strung(self.session, self.holder, self.row, stated.on)
        self.say(
            MilestoneAct.DECLARED,
            stated,
            verification=verification or Verification.CONFIRMED,
            sources=sources,
            note=note,
        )

    def _overrides(self, change: MilestoneChange, found: list[GateFinding]) -> bool:
        """Whether the hard gates are passed over; only the department may, and only where there are any."""
        if change.override_reason is None:
            return False
        if not self.actor.may(May.OVERRIDE_RULE):
            raise Forbidden(Problem.OVERRIDE_NOT_ALLOWED, field="override_reason")
        if not any(finding.gate == Gate.HARD for finding in found):
            raise RuleBroken(Problem.OVERRIDE_NOT_NEEDED, field="override_reason")
        return True

    def withdraw(self, note: str | None) -> None:
        """Takes a declared actual back, or opens again what went back (a handover that households stopped)."""
        if self.state.actual is None:
            return
        if self.step.code == domain.COD:
            raise RuleBroken(Problem.COD_BY_TRANCHE, field="actual_on")
        counted_milestones.refuse_typed(self.session, self.holder, self.row)
        if note is None:
            raise RuleBroken(Problem.REASON_MISSING, field="note")
        if self.state.verification == Verification.CONFIRMED:
            require(self.actor, May.CONFIRM_MILESTONES)
        self.say(MilestoneAct.WITHDRAWN, None, note=note, previous_on=self.state.actual.on)

    def say(self, act: MilestoneAct, stated: Stated | None, **more: Any) -> None:
        """Adds an entry, states its fact, and brings the row to what the entries now come to."""
        said = Said(act, stated, more.get("verification"), journal.opened_at(self.session, self.actor))
        before = _summary(self.state)
        self.state = domain.fold([said], self.state)
        before, after = journal.differences(before, _summary(self.state))
        after |= {
            name: more[name] for name in ("cause", "note", "override_reason", "sources") if more.get(name)
        }
        if more.get("document_id") is not None:
            after["document"] = more["document_id"]
        if self.is_illustrative and not self.row.is_illustrative:
            self.row.is_illustrative = after["is_illustrative"] = True
        code = f"{self.holder.path}/{domain.key(self.row.code, self.row.instance)}"
        revision = journal.record(
            self.session,
            self.actor,
            FACTS[act],
            "milestone",
            code,
            before=before,
            after=after,
            project=self.holder.project,
        )
        self.session.add(self._entry(act, stated, revision, more))
        settle(self.row, self.state, revision)
        touch(self.holder, revision)

    def _entry(
        self, act: MilestoneAct, stated: Stated | None, revision: int, more: Mapping[str, Any]
    ) -> MilestoneEntry:
        day: dict[str, Any] = {} if stated is None else {"day": stated.on, "precision": stated.precision}
        who: dict[str, Any] = {
            "user_id": self.actor.user_id,
            "organisation_id": self.actor.organisation_id,
        }
        return MilestoneEntry(milestone_id=key(self.row.id), revision=revision, act=act, **day, **more, **who)


def touch(holder: Holder, revision: int) -> None:
    """Moves the revision of a grid work or a clearance; the journal moves a project's own."""
    if isinstance(holder.row, GridWork | Clearance):
        holder.row.revision = revision


def settle(row: Milestone, state: State, revision: int) -> None:
    """Writes a state into its row, with the days that the lists look for while it is open."""
    for name in ("baseline", "plan", "forecast", "actual"):
        stated: Stated | None = getattr(state, name)
        setattr(row, f"{name}_on", stated and stated.on)
        if stated is not None:
            setattr(row, f"{name}_precision", stated.precision)
    row.verification, row.declared_at = state.verification, state.declared_at
    row.is_applicable, row.moves = state.is_applicable, state.moves
    row.due_on = state.promised_on if state.is_open else None
    row.next_on = state.expected_on if state.is_open else None
    row.revision = revision


def _summary(state: State) -> dict[str, object]:
    """A state as a fact states it."""
    days: dict[str, object] = {}
    for name in ("baseline", "plan", "forecast", "actual"):
        stated: Stated | None = getattr(state, name)
        days[f"{name}_on"] = stated and stated.on
        days[f"{name}_precision"] = stated and stated.precision
    return {**days, "verification": state.verification, "is_applicable": state.is_applicable}
