"""What may happen to a recognised tranche later: always a further entry that names what it reverses (rule R20)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain import capacity
from app.domain.access import Actor, May
from app.domain.capacity import Posting, Tranche
from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import Claim, check_not_future
from app.domain.rules import Finding
from app.domain.vocabulary import Account, EntryKind
from app.queries.claims import found_by_rules
from app.queries.ledger import Place
from app.schemas.ledger import TrancheAmend, TrancheCorrect, TrancheSettle
from app.services.lives import add, decided, opened


def suspend(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A part (or all) stops counting from a day on; the COD stays a historical fact. R21 bounds it."""
    place, tranche = opened(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).operating_kw
    postings = capacity.post_suspension(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.SUSPENDED, change, kw, postings, today)


def reinstate(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A suspended part (or all of it) counts again from a day on."""
    place, tranche = opened(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).kw(Account.SUSPENDED)
    postings = capacity.post_reinstatement(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.REINSTATED, change, kw, postings, today)


def cancel(
    session: Session, actor: Actor, code: str, change: TrancheAmend, expected: int | None, today: date
) -> None:
    """A part (or all) is cancelled for good from a day on."""
    place, tranche = opened(session, actor, code, May.AMEND_COD, expected)
    kw = change.capacity_kw or _recognised(tranche).kw(Account.RECOGNISED) - tranche.kw(Account.CANCELLED)
    postings = capacity.post_cancellation(tranche, kw, change.effective_on)
    _amend(session, actor, place, tranche, EntryKind.CANCELLED, change, kw, postings, today)


def settle_condition(
    session: Session, actor: Actor, code: str, change: TrancheSettle, expected: int | None, today: date
) -> None:
    """The condition of a conditional recognition is met: nothing of it is at risk any more."""
    place, tranche = opened(session, actor, code, May.AMEND_COD, expected)
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
    place, tranche = opened(session, actor, code, May.AMEND_COD, expected)
    stated = _recognised(tranche).stated
    kw = stated.kw if change.capacity_kw is None else change.capacity_kw
    effective_on = change.effective_on or stated.effective_on
    turbines = tranche.turbines if change.turbines is None else change.turbines
    if (kw, effective_on, turbines) == (stated.kw, stated.effective_on, tranche.turbines):
        raise Invalid(Problem.NOTHING_CHANGES)
    findings: list[Finding] = []
    if kw:
        asked_on = place.own(code)[0].row.application_on
        claim = Claim(kw, effective_on, turbines, change.letter_on, asked_on)
        found = found_by_rules(session, place.project, place.phase, place.lines, claim, without=code)
        undertaking = change.undertaking_ref or place.own(code)[0].row.undertaking_ref
        findings = decided(actor, found, change.overrides, undertaking)
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
    add(session, actor, place, tranche, values, capacity.post_correction(tranche, kw, effective_on), findings)


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
    add(session, actor, place, tranche, values, postings)


def _recognised(tranche: Tranche) -> Tranche:
    if not tranche.kw(Account.RECOGNISED):
        raise RuleBroken(Problem.NOT_RECOGNISED, code=tranche.code, status=tranche.status)
    return tranche
