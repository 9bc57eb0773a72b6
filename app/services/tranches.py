"""The two keys of a COD tranche: declared by one side, confirmed or disputed by another; or known from a source."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import capacity
from app.domain.access import Actor, May, require, require_other_eyes
from app.domain.capacity import Tranche
from app.domain.errors import Forbidden, Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import Claim, check_not_future
from app.domain.rules import Finding, Level, Rule, settle
from app.domain.vocabulary import Account, EntryKind, Fact, Measure
from app.queries import ledger, projects
from app.queries.claims import found_by_rules
from app.queries.ledger import Place
from app.queries.prepared import Plain
from app.queries.projects import Subject
from app.schemas.ledger import (
    MeasureRecord,
    TrancheConfirm,
    TrancheDeclare,
    TrancheDispute,
    TrancheWithdraw,
)
from app.services import edits, entries
from app.services.lives import add, decided, opened


def declare(session: Session, actor: Actor, code: str, change: TrancheDeclare, today: date) -> str:
    """An investor (or the department) declares the COD of a part of a phase. Returns the new tranche's code.

    It counts for nothing until somebody else confirms it. Raises RuleBroken where a hard rule refuses.
    """
    require(actor, May.DECLARE_COD)
    phase, project = projects.subjects(session, actor, code)
    return declare_at(session, actor, project, phase, change, today)


def declare_unsplit(session: Session, actor: Actor, code: str, change: TrancheDeclare, today: date) -> str:
    """The same for a project alone, where the split over its phases is not known. It names no turbines of a phase."""
    require(actor, May.DECLARE_COD)
    return declare_at(session, actor, projects.one(session, actor, code), None, change, today)


def declare_at(
    session: Session,
    actor: Actor,
    project: Subject,
    phase: Subject | None,
    change: TrancheDeclare,
    today: date,
    *,
    more: Mapping[str, Any] | None = None,
) -> str:
    """The same for a phase at hand, or for a project alone where the split over its phases is not known."""
    check_not_future(
        today,
        effective_on=change.effective_on,
        letter_on=change.letter_on,
        application_on=change.application_on,
    )
    claim = Claim(
        change.capacity_kw, change.effective_on, change.turbines, change.letter_on, change.application_on
    )
    found = ledger.bare(session, project, phase)
    findings = settle(found_by_rules(session, project, phase, found, claim), deciding=False)
    values = {
        **change.model_dump(exclude={"capacity_kw"}),
        **(more or {}),
        "kw": change.capacity_kw,
        "kind": EntryKind.DECLARED,
        "measure": Measure.OPERATING,
        "tranche": ledger.next_tranche_code(session, project),
    }
    postings = capacity.post_declaration(change.capacity_kw, change.effective_on)
    entries.write(session, actor, Fact.COD_DECLARED, project, phase, values, postings, findings=findings)
    return str(values["tranche"])


def recognise_by_source(
    session: Session, actor: Actor, project: Subject, phase: Subject | None, change: MeasureRecord, today: date,
    *, price_regime: str | None = None,
) -> str:  # fmt: skip
    """A historical tranche known from a published source (or a letter) only. It counts; a missing letter is a warning."""
    require(actor, May.RECOGNISE_BY_SOURCE)
    if not change.sources and change.letter_number is None:
        raise Invalid(Problem.SOURCE_MISSING, field="sources")
    edits.check_sources(session, change.sources)
    check_not_future(today, effective_on=change.effective_on, letter_on=change.letter_on)
    claim = Claim(change.capacity_kw, change.effective_on, change.turbines, change.letter_on)
    found = found_by_rules(session, project, phase, ledger.bare(session, project, phase), claim)
    if change.letter_number is None:
        found.append(Finding(Rule.LETTER_MISSING, Level.WARNING, "letter_number"))
    findings = settle(found, deciding=False)
    values = {
        **change.model_dump(exclude={"capacity_kw", "measure", "valid_until"}),
        "kw": change.capacity_kw,
        "kind": EntryKind.RECOGNISED_BY_SOURCE,
        "measure": Measure.OPERATING,
        "price_regime": price_regime,
        "tranche": ledger.next_tranche_code(session, project),
    }
    postings = capacity.post_recognition(change.capacity_kw, change.effective_on)
    entries.write(
        session, actor, Fact.COD_RECOGNISED_BY_SOURCE, project, phase, values, postings, findings=findings
    )
    return str(values["tranche"])


def confirm(
    session: Session, actor: Actor, code: str, change: TrancheConfirm, expected: int | None, today: date
) -> None:
    """The second key: EVN SPC or the department recognises a declared (or disputed) tranche by letter.

    Raises RuleBroken for R19 (four eyes) and for every rule that is hard or not overridden.
    """
    place, tranche = opened(session, actor, code, May.DECIDE_COD, expected)
    claimed = _waiting(tranche)
    declared = _declared_by_others(actor, place, code)
    kw = change.capacity_kw or claimed.kw
    effective_on = change.effective_on or claimed.effective_on
    turbines = change.turbines or claimed.turbines
    check_not_future(today, effective_on=effective_on, letter_on=change.letter_on)
    claim = Claim(kw, effective_on, turbines, change.letter_on, declared.application_on)
    undertaking = change.undertaking_ref or declared.undertaking_ref
    found = found_by_rules(session, place.project, place.phase, place.lines, claim, without=code)
    found += _differences(claimed.kw, claimed.effective_on, kw, effective_on)
    findings = decided(actor, found, change.overrides, undertaking)
    conditional = change.condition is not None
    recognised = capacity.post_recognition(kw, effective_on, conditional=conditional)
    values = {
        **change.model_dump(include={"letter_number", "letter_on", "letter_issuer", "note"}),
        "kind": EntryKind.CONFIRMED_CONDITIONALLY if conditional else EntryKind.CONFIRMED,
        "kw": kw,
        "effective_on": effective_on,
        "turbines": turbines,
        "undertaking_ref": undertaking,
        "price_regime": change.price_regime or declared.price_regime,
        "application_on": declared.application_on,
        "reason": change.condition,
        "due_on": change.condition_due_on,
        "reverses_id": claimed.id,
    }
    postings = [*capacity.post_closing(tranche), *recognised]
    add(session, actor, place, tranche, values, postings, findings)


def dispute(
    session: Session, actor: Actor, code: str, change: TrancheDispute, expected: int | None, today: date
) -> None:
    """The second key says no: the claim stays visible beside what the disputer holds, and counts for nothing."""
    place, tranche = opened(session, actor, code, May.DECIDE_COD, expected)
    claimed = _waiting(tranche)
    _declared_by_others(actor, place, code)
    check_not_future(today, effective_on=change.effective_on)
    values = {
        "kind": EntryKind.DISPUTED,
        "kw": change.capacity_kw or claimed.kw,
        "effective_on": change.effective_on or claimed.effective_on,
        "reason": change.reason,
        "reverses_id": claimed.id,
    }
    add(session, actor, place, tranche, values, capacity.post_dispute(tranche))


def withdraw(
    session: Session, actor: Actor, code: str, change: TrancheWithdraw, expected: int | None
) -> None:
    """The declarer takes an open claim back; it stays in the history."""
    place, tranche = opened(session, actor, code, May.DECLARE_COD, expected)
    claimed = _waiting(tranche)
    if place.own(code)[0].row.organisation_id != actor.organisation_id:
        raise Forbidden(Problem.NOT_ALLOWED)
    values = {
        "kind": EntryKind.WITHDRAWN,
        "kw": claimed.kw,
        "effective_on": claimed.effective_on,
        "reason": change.reason,
        "reverses_id": claimed.id,
    }
    add(session, actor, place, tranche, values, capacity.post_closing(tranche))


def _waiting(tranche: Tranche) -> capacity.Entry:
    """The open claim of a tranche; RuleBroken where it has been decided or withdrawn."""
    is_open = tranche.kw(Account.DECLARED) or tranche.kw(Account.DISPUTED)
    if tranche.claim is None or not is_open:
        raise RuleBroken(Problem.NOT_WAITING, code=tranche.code, status=tranche.status)
    return tranche.claim


def _differences(claimed_kw: int, claimed_on: date, kw: int, effective_on: date) -> list[Finding]:
    if (claimed_kw, claimed_on) == (kw, effective_on):
        return []
    details = {"declared_kw": claimed_kw, "declared_on": claimed_on, "kw": kw, "effective_on": effective_on}
    return [Finding(Rule.CLAIM_DIFFERS, Level.WARNING, "capacity_mw", details=details)]


def _declared_by_others(actor: Actor, place: Place, code: str) -> Plain:
    """The declaration of a tranche, after rule R19: whoever decides is not of those who declared."""
    row = place.own(code)[0].row
    require_other_eyes(actor, declared_by_user=row.user_id, declared_by_organisation=row.organisation_id)
    return row
