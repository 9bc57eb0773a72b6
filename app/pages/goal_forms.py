"""The COD goal of a phase, from which what must be filed before it is counted back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.vocabulary import SubjectKind
from app.domain.words import Term
from app.outside import shipped
from app.pages import forms, places, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Filling, Reporting
from app.queries import deadlines, projects, subjects
from app.queries.deadlines import Countdown
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.projects import PhaseChange
from app.services import projects as keeping
from app.tables.projects import Phase

router = APIRouter(prefix="/phases/{code}/goal", tags=["pages"], route_class=Route)
TEMPLATE = "goal.html"
TITLES: dict[str, tuple[Term, type[Term] | None]] = {
    "planned_cod_on": (Reporting.GOAL, None),
    "first_test_on": (Filling.FIRST_TEST_ON, None),
}


class SaidQuery(Asked):
    said: str = ""


@dataclass(frozen=True, slots=True)
class GoalPage:
    """`filings` are counted back from the goal that stands or, in a preview, from the one that was typed."""

    frame: Frame
    sent: Sent
    phase: Phase
    revision: int
    filings: Sequence[Countdown]
    both: Sequence[Both]
    effect: Effect | None

    @property
    def phase_address(self) -> str:
        return places.subject(SubjectKind.PHASE, self.phase.code)


@router.get("", openapi_extra=needs(May.CHANGE_PROJECT))
async def show_goal(ask: Ask, code: str, _: Annotated[SaidQuery, Query()]) -> Response:
    """The form of a phase's COD goal, with the last days of its filings."""
    return await sending.shown(ask, TEMPLATE, Goal(ask, code, []).shown, Sent())


@router.post("", openapi_extra=needs(May.CHANGE_PROJECT))
async def set_goal(ask: Ask, code: str) -> Response:
    """Sets the goal and the day of the first test; a preview counts back from them."""
    goal = Goal(ask, code, [])
    form = Form(
        PhaseChange,
        goal.change,
        TEMPLATE,
        goal.shown,
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=goal.holder,
        readings=dict.fromkeys(TITLES, forms.DAY),
        emptied=TITLES,
    )
    given = forms.texts(await ask.form())
    return await sending.take(ask, form, {n: given[n] for n in (*TITLES, "revision", "step") if n in given})


@dataclass(frozen=True, slots=True)
class Goal:
    """The goal of a phase, as it is read and set in one request; `previewed` fills with what a new one would mean."""

    ask: Ask
    code: str
    previewed: list[Countdown]

    def holder(self, session: Session) -> Holder:
        return subjects.one(session, self.ask.actor, SubjectKind.PHASE, self.code)

    def change(self, session: Session, change: PhaseChange, expected: int | None) -> None:
        keeping.change_phase(session, self.ask.actor, self.code, change, expected)
        session.flush()
        self.previewed[:] = self._filings(session)

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> GoalPage:
        phase, project = projects.phase(session, self.ask.actor, self.code)
        days = {name: getattr(phase, name) for name in TITLES}
        present = {name: "" if on is None else on.isoformat() for name, on in days.items()}
        return GoalPage(
            frame(self.ask),
            sent if sent.values else Sent(present),
            phase,
            project.revision,
            tuple(self.previewed) if effect is not None else self._filings(session),
            forms.both(sent, present, TITLES),
            effect,
        )

    def _filings(self, session: Session) -> list[Countdown]:
        ask = self.ask
        calendar = shipped.calendar(ask.tracker.settings.calendar_file)
        return deadlines.ahead(session, ask.actor, ask.today, calendar, phase=self.code)
