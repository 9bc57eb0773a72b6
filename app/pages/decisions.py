"""`/tranches/{code}`: a COD tranche with its claim and its letter, and the forms for whoever may decide on it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ValidationError

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import NotFound, RuleBroken
from app.domain.problems import Problem
from app.domain.rules import Finding
from app.domain.words import Term
from app.pages import decisions_shown, forms, sending
from app.pages.decisions_acts import ACTS, LETTER, READINGS, Act, opened
from app.pages.decisions_shown import Shown, TranchePage
from app.pages.forms import Effect, Sent
from app.pages.rendering import frame, render
from app.pages.sending import Form
from app.pages.words import Deciding
from app.queries import ledger
from app.schemas import refusals
from app.schemas.base import Asked
from app.schemas.ledger import OverrideIn
from app.services import amendments, tranches

router = APIRouter(tags=["pages"], route_class=Route)
TEMPLATE = "tranche.html"
# Fields that say why a rule may be broken carry this before the rule's code.
OVERRIDE = "override:"
STALE_FIELDS: Mapping[str, tuple[Term, type[Term] | None]] = {
    "capacity_mw": (Deciding.CAPACITY, None),
    "effective_on": (Deciding.EFFECTIVE_ON, None),
    "turbines": (Deciding.TURBINES, None),
}


class TrancheQuery(Asked):
    """`act` opens the form of one act; `said` is what became of the last one."""

    act: str = ""
    said: str = ""


@router.get("/tranches/{code}", openapi_extra=needs(May.READ_DETAIL))
async def show_tranche(ask: Ask, code: str, query: Annotated[TrancheQuery, Query()]) -> Response:
    """A tranche; a form opens with what was claimed in its fields."""
    return await ask.read(
        lambda session: render(TEMPLATE, _opened(session, ask, code, query.act), ask.lang), long=True
    )


@router.post("/tranches/{code}", openapi_extra=needs(May.READ_DETAIL))
async def decide(ask: Ask, code: str, query: Annotated[TrancheQuery, Query()]) -> Response:
    """Previews or makes one act on a tranche; each act asks for its own permission."""
    act = ACTS.get(query.act)
    if act is None:
        raise NotFound(Problem.NOT_FOUND, subject="act", code=query.act)
    values = forms.texts(await ask.form())
    form = _Deciding(ask, code, act, values).form()
    wrong = _wrong_overrides(values)
    if wrong:
        return await sending.shown(ask, TEMPLATE, form.show, Sent(values, wrong), 422)
    return await sending.take(ask, form, values)


def _opened(session: Session, ask: Ask, code: str, asked: str) -> TranchePage:
    shown = decisions_shown.read(session, ask, code)
    act = next((act for act in shown.acts if act.code == asked), None)
    if act is None:
        return TranchePage(frame(ask), shown)
    letter = [getattr(shown.first.row, name) for name in LETTER]
    told = [None if said is None else str(said) for said in letter]
    return TranchePage(frame(ask), shown, act, Sent(opened(act, shown.tranche, told, ask.lang)))


def _wrong_overrides(values: Mapping[str, str]) -> dict[str, Term]:
    """Reasons for exceptions that are too short, or of no rule."""
    wrong: dict[str, Term] = {}
    for name, reason in _reasons(values).items():
        try:
            OverrideIn.model_validate({"rule": name.removeprefix(OVERRIDE), "reason": reason})
        except ValidationError as error:
            wrong[name] = refusals.problem(str(error.errors()[0]["type"]))
    return wrong


def _reasons(values: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in values.items() if name.startswith(OVERRIDE) and text}


Making = Callable[[Session, Any, int | None], None]


class _Deciding:
    """One act on its way: what it does, and the page it is shown on while it is not done."""

    def __init__(self, ask: Ask, code: str, act: Act, values: Mapping[str, str]) -> None:
        self.ask, self.code, self.act, self.values = ask, code, act, values
        self.after: Shown | None = None
        self.refused: list[Finding] = []

    def form(self) -> Form[BaseModel]:
        return Form(
            model=self.act.model,
            change=self.change,
            template=TEMPLATE,
            show=self.show,
            saved=lambda _: frame(self.ask).to(f"/tranches/{self.code}", said="saved"),
            holder=self.holder,
            readings=READINGS,
        )

    def change(self, session: Session, change: BaseModel, expected: int | None) -> None:
        """Makes the act, and keeps how the tranche then stands, or which rules refuse."""
        reasons = _reasons(self.values)
        if reasons:
            overrides = [
                OverrideIn.model_validate({"rule": name.removeprefix(OVERRIDE), "reason": reason})
                for name, reason in reasons.items()
            ]
            change = change.model_copy(update={"overrides": tuple(overrides)})
        try:
            _making(self.ask, self.code, self.act)(session, change, expected)
        except RuleBroken as error:
            found = error.details.get("findings", ())
            self.refused = list(found) if isinstance(found, list) else []
            raise
        session.flush()
        self.after = decisions_shown.read(session, self.ask, self.code)

    def holder(self, session: Session) -> Any:
        return decisions_shown.holder(session, ledger.place(session, self.ask.actor, self.code)[0])

    def show(self, session: Session, sent: Sent, effect: Effect | None) -> TranchePage:
        shown = decisions_shown.read(session, self.ask, self.code)
        present = opened(ACTS["correct"], shown.tranche, (), self.ask.lang)
        return TranchePage(
            frame(self.ask),
            shown,
            self.act,
            sent,
            effect,
            after=None if effect is None else self.after,
            refused=self.refused,
            both=forms.both(sent, present, STALE_FIELDS),
        )


def _making(ask: Ask, code: str, act: Act) -> Making:
    """The service behind an act."""
    dated: dict[str, Callable[..., None]] = {
        "confirm": tranches.confirm,
        "dispute": tranches.dispute,
        "settle": amendments.settle_condition,
        "suspend": amendments.suspend,
        "reinstate": amendments.reinstate,
        "cancel": amendments.cancel,
        "correct": amendments.correct,
    }
    service = dated[act.code]
    return lambda session, change, expected: service(session, ask.actor, code, change, expected, ask.today)
