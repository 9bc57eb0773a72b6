"""EVN SPC's key of the two keys, as it comes by itself: an energisation confirms the declared actual of a milestone, a
recognition the declared tranche of a phase. Nothing is declared here, and nothing is confirmed whose figures differ: a
person decides then."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.capacity import Tranche
from app.domain.errors import NotFound, RuleBroken
from app.domain.exchange_problems import ExchangeProblem
from app.domain.exchanges import Energised, Letter, Recognised
from app.domain.vocabulary import Account, DocumentKind, Verification
from app.queries import documents as found_documents
from app.queries import ledger, milestones, projects, subjects
from app.queries.ledger import Line
from app.queries.subjects import Holder
from app.schemas.documents import DocumentCreate
from app.schemas.ledger import TrancheConfirm
from app.schemas.milestones import ActualConfirm
from app.services import documents, tranches
from app.services import milestones as changing


def energise(session: Session, actor: Actor, said: Energised, today: date) -> None:
    """Confirms that a work or plant is energised, where it is declared for that day; nothing where it is confirmed so.

    RuleBroken where nobody has declared it, the days differ, or a rule refuses the confirmation.
    """
    holder = subjects.one(session, actor, said.kind, said.code)
    try:
        row = milestones.one(session, holder, said.milestone)
    except NotFound as error:
        raise RuleBroken(ExchangeProblem.NO_MILESTONE, milestone=said.milestone) from error
    state = milestones.state_of(row)
    if state.actual is None:
        raise RuleBroken(ExchangeProblem.NO_DECLARATION, milestone=said.milestone)
    if state.actual.on != said.actual_on:
        raise RuleBroken(
            ExchangeProblem.CLAIM_DIFFERS, declared_on=state.actual.on, effective_on=said.actual_on
        )
    if state.verification == Verification.CONFIRMED:
        return
    if said.is_illustrative and not row.is_illustrative:
        raise RuleBroken(ExchangeProblem.ILLUSTRATIVE, milestone=said.milestone)
    if state.verification == Verification.DISPUTED:
        raise RuleBroken(ExchangeProblem.DISPUTED, milestone=said.milestone)
    change = ActualConfirm(document=_document(session, actor, holder, said.letter, today))
    changing.confirm(session, actor, said.kind, said.code, said.milestone, change, None, today)


def _document(session: Session, actor: Actor, holder: Holder, letter: Letter, today: date) -> int | None:
    """The letter as a document of the subject: the one it has already, or a new one."""
    kept = found_documents.kept(session, holder, letter.number, letter.issuer, letter.on)
    if kept:
        return kept[0]
    change = DocumentCreate(
        subject=holder.kind,
        subject_code=holder.code,
        number=letter.number,
        kind=DocumentKind.MINUTES,
        issuer=letter.issuer,
        issued_on=letter.on,
    )
    return documents.add(session, actor, change, today).id


def recognise(session: Session, actor: Actor, said: Recognised, today: date) -> None:
    """Confirms the one declared tranche of a phase that has these MW from this day on; nothing where one is recognised so.

    RuleBroken where there is none, its figures differ, several have them, it is disputed, or a rule refuses.
    """
    phase, project = projects.subjects(session, actor, said.phase)
    lines = ledger.bare(session, project, phase)
    found = ledger.tranches(lines)
    same = [tranche for tranche in found if _figures(tranche) == (said.kw, said.effective_on)]
    if any(tranche.recognition is not None and _has_letter(tranche, lines, said.letter) for tranche in same):
        return
    declared = [tranche for tranche in same if tranche.kw(Account.DECLARED)]
    if len(declared) > 1:
        raise RuleBroken(ExchangeProblem.AMBIGUOUS, tranches=[tranche.code for tranche in declared])
    if not declared:
        raise _nothing_to_confirm(found, same, said)
    if said.is_illustrative and not _is_illustrative(declared[0], lines):
        raise RuleBroken(ExchangeProblem.ILLUSTRATIVE, tranche=declared[0].code)
    change = TrancheConfirm(
        letter_number=said.letter.number, letter_on=said.letter.on, letter_issuer=said.letter.issuer
    )
    tranches.confirm(session, actor, declared[0].code, change, None, today)


def _nothing_to_confirm(found: Sequence[Tranche], same: Sequence[Tranche], said: Recognised) -> RuleBroken:
    """Why there is no claim that could be confirmed: one is disputed, one is open with other figures or recognised by
    another letter, or there is none."""
    disputed = [tranche.code for tranche in same if tranche.kw(Account.DISPUTED)]
    if disputed:
        return RuleBroken(ExchangeProblem.DISPUTED, tranches=disputed)
    recognised = [tranche for tranche in same if tranche.recognition is not None]
    others = [tranche for tranche in found if tranche.kw(Account.DECLARED)] or recognised
    if not others:
        return RuleBroken(ExchangeProblem.NO_DECLARATION, phase=said.phase)
    last = others[-1]
    return RuleBroken(
        ExchangeProblem.CLAIM_DIFFERS,
        tranche=last.code,
        declared_kw=last.stated.kw,
        declared_on=last.stated.effective_on,
        kw=said.kw,
        effective_on=said.effective_on,
    )


def _figures(tranche: Tranche) -> tuple[int, date]:
    return tranche.stated.kw, tranche.stated.effective_on


def _is_illustrative(tranche: Tranche, lines: Sequence[Line]) -> bool:
    return any(line.row.is_illustrative for line in lines if line.entry.tranche == tranche.code)


def _has_letter(tranche: Tranche, lines: Sequence[Line], letter: Letter) -> bool:
    """Whether a recognition is by this letter, or by none that is known."""
    numbers = {line.row.letter_number for line in lines if line.entry.tranche == tranche.code}
    return letter.number in numbers or numbers <= {None}
