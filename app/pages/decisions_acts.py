"""What may be done to a tranche from its page: who may, when it is possible, and what each form asks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from app.domain.access import Actor, May
from app.domain.capacity import Tranche
from app.domain.quantity import KW_PER_MW
from app.domain.vocabulary import Account
from app.domain.words import Lang
from app.pages import formats, forms
from app.pages.forms import Reading
from app.pages.words import Deciding
from app.schemas.ledger import (
    TrancheAmend,
    TrancheConfirm,
    TrancheCorrect,
    TrancheDispute,
    TrancheSettle,
)

LETTER = ("letter_number", "letter_on", "letter_issuer")
AMENDED = ("capacity_mw", "effective_on", "reason", *LETTER)


def turbines(text: str, _name: str) -> tuple[str, ...]:
    """Numbers of turbines as people list them: T1, T2; T3."""
    return tuple(text.replace(";", ",").replace(",", " ").split())


READINGS: Mapping[str, Reading] = {
    "capacity_mw": forms.NUMBER,
    "effective_on": forms.DAY,
    "letter_on": forms.DAY,
    "condition_due_on": forms.DAY,
    "turbines": turbines,
}


def _waits(tranche: Tranche) -> bool:
    return bool(tranche.kw(Account.DECLARED) or tranche.kw(Account.DISPUTED))


def _stands(tranche: Tranche) -> bool:
    return bool(tranche.kw(Account.RECOGNISED))


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form's fields in their order, those of them that must be filled, and when it is possible at all."""

    code: str
    title: Deciding
    help: Deciding
    needs: May
    model: type[BaseModel]
    fields: tuple[str, ...]
    required: tuple[str, ...]
    fits: Callable[[Tranche], bool]


ACTS = {
    act.code: act
    for act in (
        Act(
            "confirm", Deciding.CONFIRM, Deciding.CONFIRM_HELP, May.DECIDE_COD, TrancheConfirm,
            (*LETTER, "capacity_mw", "effective_on", "turbines", "condition", "condition_due_on", "undertaking_ref", "note"),
            ("letter_number", "letter_on"), _waits,
        ),
        Act(
            "dispute", Deciding.DISPUTE, Deciding.DISPUTE_HELP, May.DECIDE_COD, TrancheDispute,
            ("reason", "capacity_mw", "effective_on"), ("reason",), _waits,
        ),
        Act(
            "settle", Deciding.SETTLE, Deciding.SETTLE_HELP, May.AMEND_COD, TrancheSettle,
            ("effective_on", "reason", *LETTER), ("effective_on", "reason", "letter_number", "letter_on"),
            lambda tranche: _stands(tranche) and tranche.is_conditional,
        ),
        Act(
            "suspend", Deciding.SUSPEND, Deciding.SUSPEND_HELP, May.AMEND_COD, TrancheAmend,
            AMENDED, ("effective_on", "reason", "letter_number", "letter_on"),
            lambda tranche: tranche.operating_kw > 0,
        ),
        Act(
            "reinstate", Deciding.REINSTATE, Deciding.REINSTATE_HELP, May.AMEND_COD, TrancheAmend,
            AMENDED, ("effective_on", "reason", "letter_number", "letter_on"),
            lambda tranche: tranche.kw(Account.SUSPENDED) > 0,
        ),
        Act(
            "cancel", Deciding.CANCEL_COD, Deciding.CANCEL_HELP, May.AMEND_COD, TrancheAmend,
            AMENDED, ("effective_on", "reason", "letter_number", "letter_on"),
            lambda tranche: tranche.kw(Account.RECOGNISED) > tranche.kw(Account.CANCELLED),
        ),
        Act(
            "correct", Deciding.CORRECT, Deciding.CORRECT_HELP, May.AMEND_COD, TrancheCorrect,
            ("capacity_mw", "effective_on", "turbines", "reason", *LETTER, "undertaking_ref"),
            ("reason", "letter_number", "letter_on"), _stands,
        ),
    )
}  # fmt: skip


def possible(actor: Actor, tranche: Tranche, *, is_own: bool) -> list[Act]:
    """The acts that this reader may do to a tranche as it stands. `is_own`: his organisation has declared it, so that it
    is not his to decide on (rule R19)."""
    if is_own and _waits(tranche):
        return []
    return [act for act in ACTS.values() if actor.may(act.needs) and act.fits(tranche)]


def opened(act: Act, tranche: Tranche, letter: Iterable[str | None], lang: Lang) -> dict[str, str]:
    """What stands in the fields of an act when its form is opened: what was claimed, or what is recognised."""
    values: dict[str, str] = {}
    if act.code in ("confirm", "correct"):
        values = {
            "capacity_mw": typed_mw(tranche.stated.kw, lang),
            "effective_on": tranche.stated.effective_on.isoformat(),
            "turbines": ", ".join(tranche.turbines),
        }
    if act.code == "confirm":
        values |= {name: said or "" for name, said in zip(LETTER, letter, strict=True)}
    return values


def typed_mw(kw: int, lang: Lang) -> str:
    """MW as they are typed: three decimals get a fourth, for 1,007 alone could be a thousand and seven."""
    text = formats.mw(kw, lang)
    return text + "0" if kw % KW_PER_MW % 10 else text
