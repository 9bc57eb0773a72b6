"""One milestone: where it stands, what was said of it, what must come first, and the form with which it is reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import milestones as domain
from app.domain.access import May
from app.domain.milestones import Before, GateFinding
from app.domain.problems import Problem
from app.domain.templates import Wording
from app.domain.vocabulary import (
    DelayCause,
    DocumentKind,
    Flag,
    MilestoneAct,
    MilestoneStatus,
    Precision,
    Verification,
)
from app.domain.words import Term
from app.outside import shipped
from app.pages import forms, places, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Doing, Filling
from app.queries import documents, journal, milestone_history, milestones, subjects
from app.queries.capacity import View
from app.queries.milestones import Line
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.milestones import MilestoneChange, MilestoneEntryRead, SubjectPath
from app.services import milestones as reporting
from app.tables.documents import Document

router = APIRouter(tags=["pages"], route_class=Route)
ADDRESS = "/{subject}/{code}/milestones/{milestone}"
TEMPLATE = "milestone_form.html"
# Documents of a subject that are offered as evidence, the newest first.
MOST_DOCUMENTS = 50
LETTER = ("letter_number", "letter_on", "letter_issuer", "letter_kind", "valid_until", "document")
# The fields of each form; what a form does not show it does not change.
FIELDS: dict[Doing, tuple[str, ...]] = {
    Doing.DONE: ("actual_on", "actual_precision", *LETTER, "note", "override_reason"),
    Doing.DATES: ("plan_on", "plan_precision", "forecast_on", "forecast_precision", "cause", "note"),
    Doing.RULING: ("is_applicable", "note"),
    Doing.WITHDRAW: ("actual_on", "note"),
}
EMPTIED = {Doing.DATES: ("plan_on", "forecast_on"), Doing.WITHDRAW: ("actual_on",)}
DAYS = ("plan_on", "forecast_on", "actual_on", "letter_on", "valid_until")
PLACED: dict[Term, str] = {Problem.LETTER_INCOMPLETE: "letter_number"}
TITLES: dict[str, tuple[Term, type[Term] | None]] = {
    "plan_on": (Filling.PLAN_ON, None),
    "forecast_on": (Filling.FORECAST_ON, None),
    "cause": (Filling.CAUSE, DelayCause),
    "actual_on": (Filling.ACTUAL_ON, None),
}


class FormQuery(Asked):
    """`act` chooses what is reported; `said` is what became of the last form."""

    act: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class First:
    """What must come first, by the name of its step."""

    before: Before
    name: Wording


@dataclass(frozen=True, slots=True)
class MilestonePage:
    """`found` are the gates that a previewed actual would pass over; `doing` is None where nothing may be reported."""

    frame: Frame
    sent: Sent
    holder: Holder
    line: Line
    status: MilestoneStatus
    flag: Flag | None
    late_days: int | None
    doing: Doing | None
    may_do: Sequence[Doing]
    first: Sequence[First]
    history: Sequence[MilestoneEntryRead]
    documents: Sequence[Document]
    both: Sequence[Both]
    effect: Effect | None = None
    found: Sequence[GateFinding] = ()

    precisions: ClassVar = tuple(Precision)
    causes: ClassVar = tuple(DelayCause)
    kinds: ClassVar = tuple(DocumentKind)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """The documents to choose from, as the form's options."""
        return [(str(row.id), f"{row.number} · {row.issuer}") for row in self.documents]

    @property
    def subject_address(self) -> str:
        return places.subject(self.holder.kind, self.holder.code)

    @property
    def address(self) -> str:
        return places.milestone(self.holder.kind, self.holder.code, self.line.key)

    @property
    def refusal(self) -> str | None:
        """Why the last actual was not accepted."""
        if self.line.state.verification != Verification.DISPUTED:
            return None
        return next((e.note for e in reversed(self.history) if e.act == MilestoneAct.DISPUTED), None)


@router.get(ADDRESS, openapi_extra=needs(May.READ_DETAIL))
async def show_milestone(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, query: Annotated[FormQuery, Query()]
) -> Response:
    """One milestone; to whoever reports on its subject also the form."""
    reported = Reported(ask, subject, code, milestone, [])
    return await sending.shown(ask, TEMPLATE, reported.shown, Sent({"act": query.act}))


@router.post(ADDRESS, openapi_extra=needs(May.REPORT_MILESTONES))
async def report_milestone(ask: Ask, subject: SubjectPath, code: str, milestone: str) -> Response:
    """States its plan and forecast, that it is done, that it does not apply, or that it is not done after all."""
    given = forms.texts(await ask.form())
    doing = Doing(given["act"]) if given.get("act") in FIELDS else Doing.DONE
    kept = {
        name: given.get(name, "") for name in FIELDS[doing] if name in given or name in EMPTIED.get(doing, ())
    }
    values = {**kept, **{name: given.get(name, "") for name in ("act", "step", "revision")}}
    reported = Reported(ask, subject, code, milestone, [])
    form = Form(
        MilestoneChange,
        reported.change,
        TEMPLATE,
        reported.shown,
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=reported.holder,
        readings={name: forms.DAY for name in DAYS},
        emptied=EMPTIED.get(doing, ()),
        placed=PLACED,
        # Where no document was chosen, the letter is what is missing.
        renamed={} if values.get("document") else {"document": "letter_number"},
    )
    return await sending.take(ask, form, values)


@dataclass(frozen=True, slots=True)
class Reported:
    """The milestone of an address, as it is read and changed in one request."""

    ask: Ask
    subject: SubjectPath
    code: str
    name: str
    found: list[GateFinding]

    def holder(self, session: Session) -> Holder:
        return subjects.one(session, self.ask.actor, self.subject.kind, self.code)

    def change(self, session: Session, change: MilestoneChange, expected: int | None) -> None:
        ask = self.ask
        self.found[:] = reporting.change(
            session, ask.actor, self.subject.kind, self.code, self.name, change, expected, ask.today
        )

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> MilestonePage:
        ask, holder = self.ask, self.holder(session)
        line = milestones.line(session, View(ask.actor, ask.today, journal.head(session)), holder, self.name)
        may_do = _may_do(ask, holder, line)
        doing = _doing(sent.value("act"), may_do)
        present = _present(line)
        return MilestonePage(
            frame=frame(ask),
            sent=sent if sent.value("step") else Sent(present),
            holder=holder,
            line=line,
            status=_status(line, ask.today),
            flag=domain.flag(line.state, ask.today),
            late_days=domain.late_days(line.state, ask.today),
            doing=doing,
            may_do=may_do,
            first=_first(session, holder, line),
            history=milestone_history.of(session, holder, self.name).items,
            documents=_documents(session, ask, holder) if doing == Doing.DONE else (),
            both=forms.both(sent, present | {"actual_on": _done_on(line)}, TITLES),
            effect=effect,
            found=tuple(self.found) if effect else (),
        )


def _status(line: Line, today: date) -> MilestoneStatus:
    return domain.status(
        line.state, today, valid_until=line.valid_until, is_blocked=line.is_blocked, is_free=line.is_free
    )


def _may_do(ask: Ask, holder: Holder, line: Line) -> list[Doing]:
    """What this reader may report now, the most usual first."""
    actor, state = ask.actor, line.state
    is_own = holder.owner_id is not None and holder.owner_id == actor.organisation_id
    may_all = actor.may(May.REPORT_FOR_OTHERS)
    if not actor.may(May.REPORT_MILESTONES) or not (is_own or may_all):
        return []
    is_typed = line.step.code != domain.COD
    is_expired = line.valid_until is not None and line.valid_until < ask.today
    may_withdraw = state.verification != Verification.CONFIRMED or actor.may(May.CONFIRM_MILESTONES)
    may_rule = may_all or line.step.condition is not None or not state.is_applicable
    allowed = {
        Doing.DONE: is_typed and state.is_applicable and (not state.is_done or is_expired),
        Doing.DATES: state.is_applicable,
        Doing.RULING: is_typed and may_rule and not state.is_done,
        Doing.WITHDRAW: is_typed and state.actual is not None and may_withdraw,
    }
    return [doing for doing, may in allowed.items() if may]


def _doing(asked: str, may_do: Sequence[Doing]) -> Doing | None:
    return next((doing for doing in may_do if doing == asked), may_do[0] if may_do else None)


def _present(line: Line) -> dict[str, str]:
    """What stands, as the fields of a fresh form hold it. An actual that was not accepted is stated anew."""
    state = line.state
    told = {"plan": state.plan, "forecast": state.forecast}
    found = {f"{name}_on": "" if it is None else it.on.isoformat() for name, it in told.items()}
    found |= {f"{name}_precision": "day" if it is None else it.precision.value for name, it in told.items()}
    return {**found, "actual_precision": "day"}


def _done_on(line: Line) -> str:
    return line.state.actual.on.isoformat() if line.state.actual is not None and line.state.is_done else ""


def _first(session: Session, holder: Holder, line: Line) -> list[First]:
    return [
        First(each, shipped.templates().step(domain.parts(each.key)[0]).name)
        for each in milestones.before(session, holder, line.step)
    ]


def _documents(session: Session, ask: Ask, holder: Holder) -> list[Document]:
    wanted = documents.Filters(holder=holder)
    return documents.page(session, ask.actor, wanted, ask.today, after=None, limit=MOST_DOCUMENTS)
