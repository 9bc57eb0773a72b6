"""The life of a COD tranche: declared, confirmed or disputed with a second key, then only ever amended by entries."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain import capacity, recognition
from app.domain.access import Actor, May, require, require_other_eyes
from app.domain.capacity import Posting, Tranche
from app.domain.errors import Forbidden, Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import Claim, check_not_future
from app.domain.rules import Finding, Level, Override, Rule, settle
from app.domain.vocabulary import Account, EntryKind, Fact, Measure, Precision
from app.queries import ledger, projects
from app.queries.ledger import Place
from app.schemas.ledger import (
    MeasureRecord,
    TrancheAmend,
    TrancheConfirm,
    TrancheCorrect,
    TrancheDeclare,
    TrancheDispute,
    TrancheSettle,
    TrancheWithdraw,
)
from app.services import edits, entries
from app.tables.projects import Phase, Project


def declare(session: Session, actor: Actor, code: str, change: TrancheDeclare, today: date) -> str:
    """An investor (or the department) declares the COD of a part of a phase. Returns the new tranche's code.

    It counts for nothing until somebody else confirms it. Raises RuleBroken where a hard rule refuses.
    """
    require(actor, May.DECLARE_COD)
    phase, project = projects.phase(session, actor, code)
    return declare_at(session, actor, project, phase, change, today)


def declare_unsplit(session: Session, actor: Actor, code: str, change: TrancheDeclare, today: date) -> str:
    """The same for a project alone, where the split over its phases is not known. It names no turbines of a phase."""
    require(actor, May.DECLARE_COD)
    return declare_at(session, actor, projects.one(session, actor, code), None, change, today)


def declare_at(
    session: Session,
    actor: Actor,
    project: Project,
    phase: Phase | None,
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
    found = ledger.lines(session, project, phase)
    findings = settle(_findings(session, project, phase, found, claim), deciding=False)
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
    session: Session, actor: Actor, project: Project, phase: Phase | None, change: MeasureRecord, today: date,
    *, price_regime: str | None = None,
) -> str:  # fmt: skip
    """A historical tranche known from a published source (or a letter) only. It counts; a missing letter is a warning."""
    require(actor, May.RECOGNISE_BY_SOURCE)
    if not change.sources and change.letter_number is None:
        raise Invalid(Problem.SOURCE_MISSING, field="sources")
    edits.check_sources(session, change.sources)
    check_not_future(today, effective_on=change.effective_on, letter_on=change.letter_on)
    claim = Claim(change.capacity_kw, change.effective_on, change.turbines, change.letter_on)
    found = _findings(session, project, phase, ledger.lines(session, project, phase), claim)
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
    place, tranche = _open(session, actor, code, May.DECIDE_COD, expected)
    claimed = _waiting(tranche)
    declared = place.own(code)[0].row
    require_other_eyes(
        actor, declared_by_user=declared.user_id, declared_by_organisation=declared.organisation_id
    )
    kw = change.capacity_kw or claimed.kw
    effective_on = change.effective_on or claimed.effective_on
    turbines = change.turbines or claimed.turbines
    check_not_future(today, effective_on=effective_on, letter_on=change.letter_on)
    claim = Claim(kw, effective_on, turbines, change.letter_on, declared.application_on)
    undertaking = change.undertaking_ref or declared.undertaking_ref
    found = _findings(session, place.project, place.phase, place.lines, claim, without=code)
    found += _differences(claimed.kw, claimed.effective_on, kw, effective_on)
    findings = settle(
        found,
        deciding=True,
        may_override=actor.may(May.OVERRIDE_RULE),
        overrides=[Override(o.rule, o.reason) for o in change.overrides],
        undertaking_ref=undertaking,
    )
    conditional = change.condition is not None
    postings = [
        *capacity.post_closing(tranche),
        *capacity.post_recognition(kw, effective_on, conditional=conditional),
    ]
    kind = EntryKind.CONFIRMED_CONDITIONALLY if conditional else EntryKind.CONFIRMED
    values = {
        **change.model_dump(include={"letter_number", "letter_on", "letter_issuer", "note"}),
        "kind": kind,
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
    _add(session, actor, place, tranche, values, postings, findings)


def dispute(
    session: Session, actor: Actor, code: str, change: TrancheDispute, expected: int | None, today: date
) -> None:
    """The second key says no: the claim stays visible beside what the disputer holds, and counts for nothing."""
    place, tranche = _open(session, actor, code, May.DECIDE_COD, expected)
    claimed = _waiting(tranche)
    declared = place.own(code)[0].row
    require_other_eyes(
        actor, declared_by_user=declared.user_id, declared_by_organisation=declared.organisation_id
    )
    check_not_future(today, effective_on=change.effective_on)
    values = {
        "kind": EntryKind.DISPUTED,
        "kw": change.capacity_kw or claimed.kw,
        "effective_on": change.effective_on or claimed.effective_on,
        "reason": change.reason,
        "reverses_id": claimed.id,
    }
    _add(session, actor, place, tranche, values, capacity.post_dispute(tranche))


def withdraw(
    session: Session, actor: Actor, code: str, change: TrancheWithdraw, expected: int | None
) -> None:
    """The declarer takes an open claim back; it stays in the history."""
    place, tranche = _open(session, actor, code, May.DECLARE_COD, expected)
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
    _add(session, actor, place, tranche, values, capacity.post_closing(tranche))


def suspend(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A part (or all) stops counting from a day on; the COD stays a historical fact. R21 bounds it."""
    place, tranche = _open(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).operating_kw
    postings = capacity.post_suspension(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.SUSPENDED, change, kw, postings, today)


def reinstate(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A suspended part (or all of it) counts again from a day on."""
    place, tranche = _open(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).kw(Account.SUSPENDED)
    postings = capacity.post_reinstatement(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.REINSTATED, change, kw, postings, today)


def cancel(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A part (or all) is cancelled for good from a day on."""
    place, tranche = _open(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).kw(Account.RECOGNISED) - tranche.kw(Account.CANCELLED)
    postings = capacity.post_cancellation(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.CANCELLED, change, kw, postings, today)


def settle_condition(
    session: Session, actor: Actor, code: str, change: TrancheSettle, expected: int | None, today: date
) -> None:
    """The condition of a conditional recognition is met: nothing of it is at risk any more."""
    place, tranche = _open(session, actor, code, May.AMEND_COD, expected)
    if not _recognised(tranche).is_conditional:
        raise RuleBroken(Problem.NOT_CONDITIONAL, code=code)
    postings = capacity.post_condition_met(tranche, change.effective_on)
    _amend(
        session, actor, place, tranche, EntryKind.CONDITION_MET, change, tranche.operating_kw, postings, today
    )


def correct(
    session: Session, actor: Actor, code: str, change: TrancheCorrect, expected: int | None, today: date
) -> None:
    """What the recognition should have said, back-dated where it must be. Refuses a correction that changes nothing."""
    place, tranche = _open(session, actor, code, May.AMEND_COD, expected)
    stated = _recognised(tranche).stated
    kw = stated.kw if change.capacity_kw is None else change.capacity_kw
    effective_on = change.effective_on or stated.effective_on
    turbines = tranche.turbines if change.turbines is None else change.turbines
    if (kw, effective_on, turbines) == (stated.kw, stated.effective_on, tranche.turbines):
        raise Invalid(Problem.NOTHING_CHANGES)
    findings: list[Finding] = []
    if kw:
        claim = Claim(kw, effective_on, turbines, change.letter_on)
        found = _findings(session, place.project, place.phase, place.lines, claim, without=code)
        findings = settle(
            found,
            deciding=True,
            may_override=actor.may(May.OVERRIDE_RULE),
            overrides=[Override(o.rule, o.reason) for o in change.overrides],
            undertaking_ref=change.undertaking_ref or place.own(code)[0].row.undertaking_ref,
        )
    values = {
        **change.model_dump(
            include={"letter_number", "letter_on", "letter_issuer", "reason", "undertaking_ref"}
        ),
        "kind": EntryKind.CORRECTED,
        "kw": kw,
        "effective_on": effective_on,
        "turbines": turbines,
        "reverses_id": stated.id,
    }
    check_not_future(today, effective_on=effective_on, letter_on=change.letter_on)
    _add(
        session, actor, place, tranche, values, capacity.post_correction(tranche, kw, effective_on), findings
    )


def _amend(
    session: Session,
    actor: Actor,
    place: Place,
    tranche: Tranche,
    kind: EntryKind,
    change: TrancheAmend | TrancheSettle,
    kw: int,
    postings: Sequence[Posting],
    today: date,
) -> None:
    check_not_future(today, effective_on=change.effective_on, letter_on=change.letter_on)
    if not kw and kind != EntryKind.CONDITION_MET:
        raise Invalid(Problem.NOTHING_CHANGES)
    reversed_kind = EntryKind.SUSPENDED if kind == EntryKind.REINSTATED else None
    named = next((e for e in reversed(tranche.entries) if e.kind == reversed_kind), tranche.stated)
    values = {
        **change.model_dump(exclude={"capacity_kw"}),
        "kind": kind,
        "kw": kw,
        "reverses_id": named.id,
    }
    _add(session, actor, place, tranche, values, postings)


def _add(
    session: Session,
    actor: Actor,
    place: Place,
    tranche: Tranche,
    values: Mapping[str, Any],
    postings: Sequence[Posting],
    findings: Sequence[Finding] = (),
) -> None:
    """Writes a further entry of a tranche, after the arithmetic of rule R21, with its effect before and after."""
    capacity.check_arithmetic([*tranche.postings, *postings])
    entries.write(
        session,
        actor,
        Fact(f"cod.{values['kind']}"),
        place.project,
        place.phase,
        {
            "measure": Measure.OPERATING,
            "precision": Precision.DAY,
            "tranche": tranche.code,
            "is_illustrative": place.own(tranche.code)[0].row.is_illustrative,
            **values,
        },
        postings,
        findings=findings,
        before={"status": tranche.status, "operating_kw": tranche.operating_kw},
        after=_effect(tranche, values, postings),
    )


def _effect(tranche: Tranche, values: Mapping[str, Any], postings: Sequence[Posting]) -> dict[str, object]:
    entry = capacity.Entry(
        id=0, kind=values["kind"], measure=Measure.OPERATING, kw=values["kw"], effective_on=values["effective_on"],
        precision=Precision.DAY, phase=tranche.phase, tranche=tranche.code, postings=tuple(postings),
    )  # fmt: skip
    then = Tranche(tranche.code, (*tranche.entries, entry))
    return {"status": then.status, "operating_kw": then.operating_kw}


def _open(session: Session, actor: Actor, code: str, act: May, expected: int | None) -> tuple[Place, Tranche]:
    require(actor, act)
    place, tranche = ledger.place(session, actor, code)
    edits.check_version(expected, place.project.revision)
    return place, tranche


def _waiting(tranche: Tranche) -> capacity.Entry:
    """The open claim of a tranche; RuleBroken where it has been decided or withdrawn."""
    is_open = tranche.kw(Account.DECLARED) or tranche.kw(Account.DISPUTED)
    if tranche.claim is None or not is_open:
        raise RuleBroken(Problem.NOT_WAITING, code=tranche.code, status=tranche.status)
    return tranche.claim


def _recognised(tranche: Tranche) -> Tranche:
    if not tranche.kw(Account.RECOGNISED):
        raise RuleBroken(Problem.NOT_RECOGNISED, code=tranche.code, status=tranche.status)
    return tranche


def _findings(
    session: Session,
    project: Project,
    phase: Phase | None,
    found: list[ledger.Line],
    claim: Claim,
    *,
    without: str | None = None,
) -> list[Finding]:
    """What the rules say of a claim on its phase, and on the whole project where some of its MW are not split."""
    findings = recognition.findings(claim, ledger.ground(session, project, phase, found, without=without))
    if phase is not None and ledger.has_unsplit(session, project):
        whole = ledger.ground(session, project, None, ledger.lines(session, project), without=without)
        findings += [f for f in recognition.sums(claim, whole) if f.level != Level.WARNING]
    return findings


def _differences(claimed_kw: int, claimed_on: date, kw: int, effective_on: date) -> list[Finding]:
    if (claimed_kw, claimed_on) == (kw, effective_on):
        return []
    details = {"declared_kw": claimed_kw, "declared_on": claimed_on, "kw": kw, "effective_on": effective_on}
    return [Finding(Rule.CLAIM_DIFFERS, Level.WARNING, "capacity_mw", details=details)]
