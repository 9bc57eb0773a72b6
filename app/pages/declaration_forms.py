"""Declaring the COD of a part of a phase, by turbines or by MW, and taking a declaration back. Nothing counts by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.capacity import Tranche
from app.domain.rules import Finding
from app.domain.vocabulary import PriceRegime, SubjectKind, TrancheStatus
from app.pages import formats, forms, places, sending
from app.pages.forms import Effect, Reading, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.queries import ledger, projects, subjects
from app.queries.ledger import Place
from app.queries.prepared import Plain
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.ledger import TrancheDeclare, TrancheWithdraw
from app.services import tranches
from app.tables.projects import Phase

router = APIRouter(tags=["pages"], route_class=Route)
DECLARE = "/phases/{code}/declare"
WITHDRAW = "/tranches/{code}/withdraw"
OPEN = (TrancheStatus.DECLARED, TrancheStatus.DISPUTED)


def _numbers(text: str, _: str) -> tuple[str, ...]:
    """The turbines whose boxes are ticked."""
    return tuple(text.splitlines())


READINGS: dict[str, Reading] = {
    "capacity_mw": forms.NUMBER,
    "turbines": _numbers,
    **dict.fromkeys(("effective_on", "application_on", "letter_on"), forms.DAY),
}


class SaidQuery(Asked):
    said: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A turbine to choose, and the live tranche it is in."""

    row: Plain
    tranche: str | None


@dataclass(frozen=True, slots=True)
class DeclarePage:
    """`findings` are what whoever confirms will see of a previewed declaration; `waiting` the phase's open tranches."""

    frame: Frame
    sent: Sent
    phase: Phase
    units: Sequence[Unit]
    waiting: Sequence[Tranche]
    effect: Effect | None
    findings: Sequence[Finding]
    once: str
    regimes: ClassVar = tuple(PriceRegime)

    @property
    def phase_address(self) -> str:
        return places.subject(SubjectKind.PHASE, self.phase.code)


@router.get(DECLARE, openapi_extra=needs(May.DECLARE_COD))
async def show_declaration(ask: Ask, code: str, _: Annotated[SaidQuery, Query()]) -> Response:
    """The form of a declaration, beside it what is declared already."""
    return await sending.shown(ask, "declare.html", Declared(ask, code, []).shown, Sent())


@router.post(DECLARE, openapi_extra=needs(May.DECLARE_COD))
async def declare(ask: Ask, code: str) -> Response:
    """Declares a tranche: it waits for its second key, and a preview shows what that key's holder will see."""
    values = forms.texts(await ask.form())
    if not values.get("capacity_mw") and values.get("turbines"):
        values["capacity_mw"] = await ask.tracker.db.read(lambda s: _sum(s, ask, code, values))
    declared = Declared(ask, code, [])
    form = Form(
        TrancheDeclare,
        declared.change,
        "declare.html",
        declared.shown,
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=declared.holder,
        readings=READINGS,
    )
    return await sending.take(ask, form, values)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration on a phase, as it is shown and made in one request; `found` fills with what the rules say of it."""

    ask: Ask
    code: str
    found: list[Finding]

    def holder(self, session: Session) -> Holder:
        return subjects.one(session, self.ask.actor, SubjectKind.PHASE, self.code)

    def change(self, session: Session, change: TrancheDeclare, _: int | None) -> None:
        ask = self.ask
        made = tranches.declare(session, ask.actor, self.code, change, ask.today)
        kept = [f for line in ledger.shown(session, ask.actor, made).lines for f in line.findings]
        self.found[:] = [Finding(f.rule, f.level, f.field, f.unknown) for f in kept]

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> DeclarePage:
        phase, project = projects.phase(session, self.ask.actor, self.code)
        known = ledger.tranches(ledger.bare(session, project, phase))
        taken = {number: t.code for t in known if t.is_live for number in t.turbines}
        units = [Unit(row, taken.get(row.number)) for row in projects.turbines_of(session, phase)]
        return DeclarePage(
            frame(self.ask),
            sent,
            phase,
            units,
            [t for t in known if t.status in OPEN],
            effect,
            tuple(self.found),
            sending.once(),
        )


def _sum(session: Session, ask: Ask, code: str, values: Mapping[str, str]) -> str:
    """The MW of the turbines that are ticked, as a person would type them; empty where one has no size."""
    phase, _ = projects.phase(session, ask.actor, code)
    sizes = {row.number: row.nameplate_kw for row in projects.turbines_of(session, phase)}
    chosen = [sizes.get(number) for number in values["turbines"].splitlines()]
    known = [kw for kw in chosen if kw is not None]
    return formats.typed_mw(sum(known), ask.lang) if len(known) == len(chosen) else ""


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """`may_withdraw`: the tranche still waits, and this organisation has declared it."""

    frame: Frame
    sent: Sent
    place: Place
    tranche: Tranche
    may_withdraw: bool
    effect: Effect | None


@router.get(WITHDRAW, openapi_extra=needs(May.DECLARE_COD))
async def show_withdrawal(ask: Ask, code: str) -> Response:
    """The form with which a declaration is taken back."""
    return await sending.shown(ask, "withdraw.html", Withdrawn(ask, code).shown, Sent())


@router.post(WITHDRAW, openapi_extra=needs(May.DECLARE_COD))
async def withdraw(ask: Ask, code: str) -> Response:
    """Takes an open declaration back, for a reason; it stays in the history."""
    withdrawn = Withdrawn(ask, code)
    form = Form(
        TrancheWithdraw,
        withdrawn.change,
        "withdraw.html",
        withdrawn.shown,
        saved=lambda phase: frame(ask).to(
            f"/phases/{phase}/declare" if phase else f"/tranches/{code}", said="saved" if phase else None
        ),
        holder=withdrawn.holder,
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A tranche whose declaration is taken back."""

    ask: Ask
    code: str

    def holder(self, session: Session) -> Holder | None:
        place, _ = ledger.place(session, self.ask.actor, self.code)
        kind = SubjectKind.PROJECT if place.phase is None else SubjectKind.PHASE
        return subjects.one(session, self.ask.actor, kind, (place.phase or place.project).code)

    def change(self, session: Session, change: TrancheWithdraw, expected: int | None) -> str | None:
        """The code of its phase, where it has one."""
        tranches.withdraw(session, self.ask.actor, self.code, change, expected)
        place, _ = ledger.place(session, self.ask.actor, self.code)
        return None if place.phase is None else place.phase.code

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> WithdrawPage:
        place, tranche = ledger.place(session, self.ask.actor, self.code)
        own = place.own(self.code)[0].row.organisation_id == self.ask.actor.organisation_id
        may = own and tranche.status in OPEN
        return WithdrawPage(frame(self.ask), sent, place, tranche, may, effect)
