"""`/milestones/…/decision`: a declared actual with its document, confirmed or not accepted by whoever has the second key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.calendar import local_day
from app.domain.errors import NotFound
from app.domain.milestones import KEYS, decision_due_on
from app.domain.problems import Problem
from app.domain.vocabulary import Party, Verification
from app.domain.words import Term
from app.pages import forms, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.queue import not_the_key_of
from app.pages.rendering import Frame, frame, render
from app.pages.sending import Form
from app.pages.words import Deciding
from app.queries import capacity, documents, milestone_history, milestones, subjects, waiting_claims
from app.queries.milestones import Line
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.milestones import ActualConfirm, ActualDispute, HistoryRead, SubjectPath
from app.services import milestones as services
from app.tables.base import key
from app.tables.documents import Document
from app.tables.milestones import MilestoneEntry
from app.tables.organisations import Organisation

router = APIRouter(tags=["pages"], route_class=Route)
TEMPLATE = "milestone_decision.html"
ADDRESS = "/milestones/{subject}/{code}/{milestone}/decision"
ACTS: dict[str, type[ActualConfirm] | type[ActualDispute]] = {
    "confirm": ActualConfirm,
    "dispute": ActualDispute,
}
# The newest documents of a subject are enough to choose from.
MOST_DOCUMENTS = 60


class DecisionQuery(Asked):
    act: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """The template's context. `why_not` says why this reader may not decide; None where he may."""

    frame: Frame
    holder: Holder
    path: str
    line: Line
    declaration: MilestoneEntry | None
    organisation: Organisation | None
    proofs: Sequence[Document]
    choices: Sequence[tuple[str, str]]
    history: HistoryRead
    parties: Sequence[Party]
    why_not: Term | None
    act: str
    sent: Sent = field(default_factory=Sent)
    effect: Effect | None = None
    both: Sequence[Both] = ()

    @property
    def waits(self) -> bool:
        """Whether there is anything to decide: an actual that is declared, also one that was not accepted."""
        state = self.line.state
        return state.actual is not None and state.verification != Verification.CONFIRMED

    @property
    def due_on(self) -> date | None:
        """By when it should be decided; None where nothing waits."""
        at = self.line.row.declared_at
        return None if at is None else decision_due_on(local_day(at))

    @property
    def days_left(self) -> int | None:
        today = self.frame.today
        return None if self.due_on is None or today is None else (self.due_on - today).days


@router.get(ADDRESS, openapi_extra=needs(May.CONFIRM_MILESTONES))
async def show_decision(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, query: Annotated[DecisionQuery, Query()]
) -> Response:
    """A declared milestone beside its document."""
    act = query.act if query.act in ACTS else "confirm"
    return await ask.read(
        lambda s: render(TEMPLATE, _page(s, ask, subject, code, milestone, act, Sent(), None), ask.lang),
        long=True,
    )


@router.post(ADDRESS, openapi_extra=needs(May.CONFIRM_MILESTONES))
async def decide_milestone(
    ask: Ask, subject: SubjectPath, code: str, milestone: str, query: Annotated[DecisionQuery, Query()]
) -> Response:
    """Previews or makes the decision."""
    model = ACTS.get(query.act)
    if model is None:
        raise NotFound(Problem.NOT_FOUND, subject="act", code=query.act)
    place = subject, code, milestone
    form: Form[Any] = Form(
        model=model,
        change=lambda s, change, expected: _decide(s, ask, place, change, expected),
        template=TEMPLATE,
        show=lambda s, sent, effect: _page(s, ask, *place, query.act, sent, effect),
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=lambda s: subjects.one(s, ask.actor, subject.kind, code),
        readings={"actual_on": forms.DAY},
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


def _decide(
    session: Session, ask: Ask, place: tuple[SubjectPath, str, str], change: BaseModel, expected: int | None
) -> None:
    subject, code, milestone = place
    if isinstance(change, ActualConfirm):
        services.confirm(session, ask.actor, subject.kind, code, milestone, change, expected, ask.today)
    elif isinstance(change, ActualDispute):
        services.dispute(session, ask.actor, subject.kind, code, milestone, change, expected)


def _page(
    session: Session,
    ask: Ask,
    subject: SubjectPath,
    code: str,
    name: str,
    act: str,
    sent: Sent,
    effect: Effect | None,
) -> DecisionPage:
    holder = subjects.one(session, ask.actor, subject.kind, code)
    line = milestones.line(session, capacity.whole(session, ask.actor, ask.today), holder, name)
    row_id = key(line.row.id)
    told = waiting_claims.declarations(session, [row_id])
    said = told.get(row_id)
    by = None if said is None else said.organisation_id
    present = {"actual_on": "" if line.state.actual is None else line.state.actual.on.isoformat()}
    return DecisionPage(
        frame(ask),
        holder,
        f"/{subject.value}/{code}",
        line,
        said,
        waiting_claims.organisations(session, {by}).get(by),
        waiting_claims.proofs(session, [row_id], told).get(row_id, ()),
        _choices(session, ask, holder),
        milestone_history.of(session, holder, name),
        [Party(party) for party in line.step.confirm_by if party in KEYS],
        not_the_key_of(ask, line.step, None if said is None else said.user_id),
        act,
        sent,
        effect,
        forms.both(sent, present, {"actual_on": (Deciding.DONE_ON, None)}),
    )


def _choices(session: Session, ask: Ask, holder: Holder) -> list[tuple[str, str]]:
    """The documents of the subject, to name one as what the decision rests on."""
    filters = documents.Filters(holder=holder)
    found = documents.page(session, ask.actor, filters, ask.today, after=None, limit=MOST_DOCUMENTS)
    return [(str(row.id), f"{row.number} · {row.issuer}") for row in found]
