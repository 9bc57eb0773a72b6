"""One turbine of a phase: its size and the days of its states. Investors keep their own, the department everybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Siting, SubjectKind
from app.domain.words import Lang, Term
from app.pages import formats, forms, places, sending
from app.pages.forms import Both, Effect, Reading, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Filling
from app.queries import ledger, subjects
from app.queries import projects as found
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.projects import TurbineChange, TurbineCreate
from app.services import projects
from app.tables.projects import Phase, Project, Turbine

router = APIRouter(prefix="/phases/{code}/turbines", tags=["pages"], route_class=Route)
TEMPLATE = "turbine_form.html"
DAYS: dict[str, Term] = {
    "installed_on": Filling.INSTALLED_ON,
    "energised_on": Filling.ENERGISED_ON,
    "synchronised_on": Filling.SYNCHRONISED_ON,
    "tested_on": Filling.TESTED_ON,
}
TITLES: dict[str, tuple[Term, type[Term] | None]] = {
    "model": (Filling.MODEL, None),
    "nameplate_mw": (Filling.NAMEPLATE, None),
    "siting": (Filling.SITING, Siting),
    "latitude": (Filling.LATITUDE, None),
    "longitude": (Filling.LONGITUDE, None),
    **{name: (title, None) for name, title in DAYS.items()},
    "note": (Filling.NOTE, None),
}


def _degrees(text: str, field: str) -> Decimal:
    """A coordinate. No degree has thousands, so a comma or a point is a decimal one however many digits follow."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise Invalid(Problem.NUMBER_TYPED, field=field) from error


READINGS: dict[str, Reading] = {
    "nameplate_mw": forms.NUMBER,
    "latitude": _degrees,
    "longitude": _degrees,
    **dict.fromkeys(DAYS, forms.DAY),
}


class SaidQuery(Asked):
    said: str = ""


@dataclass(frozen=True, slots=True)
class TurbinePage:
    """`number` is None for a new turbine; `tranche` is the live one it is in; `once` makes the form of a new one its own."""

    frame: Frame
    sent: Sent
    phase: Phase
    revision: int
    number: str | None
    tranche: str | None
    may_change: bool
    both: Sequence[Both]
    effect: Effect | None
    once: str
    days: ClassVar = DAYS
    sitings: ClassVar = tuple(Siting)

    def on(self, name: str) -> date | None:
        """The day of one of its states."""
        return date.fromisoformat(self.sent.value(name)) if self.sent.value(name) else None

    @property
    def phase_address(self) -> str:
        return places.subject(SubjectKind.PHASE, self.phase.code)

    @property
    def address(self) -> str:
        return f"{self.phase_address}/turbines/{self.number or 'new'}"


@router.get("/new", openapi_extra=needs(May.CHANGE_PROJECT))
async def show_new_turbine(ask: Ask, code: str) -> Response:
    """The form of a new turbine."""
    return await sending.shown(ask, TEMPLATE, At(ask, code, None).shown, Sent())


@router.post("/new", openapi_extra=needs(May.CHANGE_PROJECT))
async def add_turbine(ask: Ask, code: str) -> Response:
    """Adds a turbine, under the number it has on site."""
    at = At(ask, code, None)

    def add(session: Session, change: TurbineCreate, _: int | None) -> str:
        projects.create_turbine(session, ask.actor, code, change, None, ask.today)
        return change.number

    form = Form(
        TurbineCreate,
        add,
        TEMPLATE,
        at.shown,
        saved=lambda number: frame(ask).to(f"/phases/{code}/turbines/{number}", said="saved"),
        holder=at.holder,
        readings=READINGS,
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


@router.get("/{number}", openapi_extra=needs(May.READ_DETAIL))
async def show_turbine(ask: Ask, code: str, number: str, _: Annotated[SaidQuery, Query()]) -> Response:
    """One turbine; to whoever keeps it as a form."""
    return await sending.shown(ask, TEMPLATE, At(ask, code, number).shown, Sent())


@router.post("/{number}", openapi_extra=needs(May.CHANGE_PROJECT))
async def change_turbine(ask: Ask, code: str, number: str) -> Response:
    """Changes what is kept of a turbine: what is emptied in the form is not known any more."""
    at = At(ask, code, number)

    def change(session: Session, change: TurbineChange, expected: int | None) -> None:
        projects.change_turbine(session, ask.actor, code, number, change, expected, ask.today)

    form = Form(
        TurbineChange,
        change,
        TEMPLATE,
        at.shown,
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=at.holder,
        readings=READINGS,
        emptied=TITLES,
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


@dataclass(frozen=True, slots=True)
class At:
    """A turbine by its address, or (without a number) the place of a new one."""

    ask: Ask
    code: str
    number: str | None

    def holder(self, session: Session) -> Holder:
        return subjects.one(session, self.ask.actor, SubjectKind.PHASE, self.code)

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> TurbinePage:
        ask = self.ask
        phase, project = found.phase(session, ask.actor, self.code)
        row = None if self.number is None else found.turbine(session, phase, self.number)
        if row is None and self.number is not None:
            raise NotFound(Problem.NOT_FOUND, subject="turbine", number=self.number)
        present = {} if row is None else _present(row, ask.lang)
        return TurbinePage(
            frame(ask),
            sent if sent.values else Sent(present),
            phase,
            project.revision,
            self.number,
            _tranche(session, project, phase, self.number),
            ask.actor.may(May.CHANGE_PROJECT),
            forms.both(sent, present, TITLES),
            effect,
            sending.once(),
        )


def _present(row: Turbine, lang: Lang) -> dict[str, str]:
    """What is kept of a turbine, as its fields hold it: numbers as people write them."""
    found = {name: getattr(row, name) for name in TITLES if name != "nameplate_mw"}
    kept = {name: "" if value is None else str(value) for name, value in found.items()}
    kept |= {name: value.replace(".", ",") for name, value in kept.items() if name in ("latitude", "longitude") and lang == Lang.VI}  # fmt: skip
    return kept | {
        "nameplate_mw": "" if row.nameplate_kw is None else formats.typed_mw(row.nameplate_kw, lang)
    }


def _tranche(session: Session, project: Project, phase: Phase, number: str | None) -> str | None:
    """The live tranche that a turbine is in."""
    live = [t for t in ledger.tranches(ledger.bare(session, project, phase)) if t.is_live]
    return next((t.code for t in live if number in t.turbines), None)
