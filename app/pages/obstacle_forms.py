"""Obstacles: raising one on a subject that one sees, and what happens to it later. What waits for it is computed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import obstacles as domain
from app.domain.access import May
from app.domain.vocabulary import DelayCause, ObstacleState, Party
from app.domain.words import Term
from app.outside import shipped
from app.pages import choosing, forms, places, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame, frame
from app.pages.sending import Form
from app.pages.words import Doing, Filling
from app.queries import journal, own_work, stakes, subjects
from app.queries import obstacles as found
from app.queries.capacity import View
from app.queries.obstacles import Seen, Step
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.obstacles import (
    ObstacleChange,
    ObstacleClose,
    ObstaclePostpone,
    ObstacleRaise,
    ObstacleReassign,
    ObstacleReopen,
    RowId,
)
from app.services import obstacles
from app.tables.base import key

router = APIRouter(prefix="/obstacles", tags=["pages"], route_class=Route)
DAYS = ("due_on", "raised_on", "closed_on")
# What each form may say, and which service it calls with today where the day matters.
MODELS: dict[Doing, type[BaseModel]] = {
    Doing.CLOSE: ObstacleClose,
    Doing.POSTPONE: ObstaclePostpone,
    Doing.REASSIGN: ObstacleReassign,
    Doing.CORRECT: ObstacleChange,
    Doing.REOPEN: ObstacleReopen,
}
DATED: dict[Doing, Callable[..., object]] = {Doing.CLOSE: obstacles.close, Doing.REOPEN: obstacles.reopen}
PLAIN: dict[Doing, Callable[..., object]] = {
    Doing.POSTPONE: obstacles.postpone,
    Doing.REASSIGN: obstacles.reassign,
    Doing.CORRECT: obstacles.change,
}
TITLES: dict[str, tuple[Term, type[Term] | None]] = {
    "kind": (Filling.OBSTACLE_KIND, DelayCause),
    "title": (Filling.OBSTACLE_TITLE, None),
    "description": (Filling.DESCRIPTION, None),
    "responsible": (Filling.RESPONSIBLE, Party),
    "responsible_name": (Filling.RESPONSIBLE_NAME, None),
    "due_on": (Filling.DUE_ON, None),
    "outcome": (Filling.OUTCOME, None),
    "closed_on": (Filling.CLOSED_ON, None),
}


class ActQuery(Asked):
    act: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class NewObstaclePage:
    """`on` is the subject where it is chosen; `subjects` are those to choose from."""

    frame: Frame
    sent: Sent
    on: Holder | None
    subjects: Sequence[Holder]
    effect: Effect | None
    once: str
    causes: ClassVar = tuple(DelayCause)
    parties: ClassVar = tuple(Party)

    @property
    def offered(self) -> list[tuple[str, str]]:
        return choosing.offered(self.subjects)


@router.get("/new", openapi_extra=needs(May.REPORT_MILESTONES))
async def show_new_obstacle(ask: Ask, query: Annotated[choosing.NewQuery, Query()]) -> Response:
    """The form with which an obstacle is raised."""
    on = f"{query.subject}/{query.code}" if query.code else ""
    return await sending.shown(
        ask, "obstacle_new.html", _new(ask), Sent({"on": on, "milestone": query.milestone})
    )


@router.post("/new", openapi_extra=needs(May.REPORT_MILESTONES))
async def raise_obstacle(ask: Ask) -> Response:
    """Raises an obstacle: what it is about, who has to act, and by when."""
    values = forms.texts(await ask.form())

    def change(session: Session, change: ObstacleRaise, _: int | None) -> int:
        row = obstacles.raise_obstacle(session, ask.actor, change, ask.today)
        session.flush()
        return key(row.id)

    form = Form(
        ObstacleRaise,
        change,
        "obstacle_new.html",
        _new(ask),
        saved=lambda made: frame(ask).to(f"/obstacles/{made}", said="saved"),
        holder=lambda session: choosing.named(session, ask, values.get("on", "")),
        readings={name: forms.DAY for name in DAYS},
        renamed=choosing.RENAMED,
    )
    return await sending.take(ask, form, {**values, **choosing.about(values)})


def _new(ask: Ask) -> sending.Show:
    def shown(session: Session, sent: Sent, effect: Effect | None) -> NewObstaclePage:
        on = choosing.named(session, ask, sent.value("on"))
        offered = [] if on is not None else own_work.holders(session, ask.actor)
        return NewObstaclePage(frame(ask), sent, on, offered, effect, sending.once())

    return shown


@dataclass(frozen=True, slots=True)
class ObstaclePage:
    """`at_stake_kw` is None where nobody knows, or nothing waits for it any more; `doing` where this reader may not act."""

    frame: Frame
    sent: Sent
    seen: Seen
    state: ObstacleState
    age_days: int
    overdue_days: int
    at_stake_kw: int | None
    history: Sequence[Step]
    doing: Doing | None
    may_do: Sequence[Doing]
    both: Sequence[Both]
    effect: Effect | None
    causes: ClassVar = tuple(DelayCause)
    parties: ClassVar = tuple(Party)

    @property
    def subject_address(self) -> str:
        return places.subject(self.seen.row.subject, self.seen.subject_code)

    @property
    def responsible(self) -> Party:
        return Party(self.seen.row.responsible)


@router.get("/{obstacle_id}", openapi_extra=needs(May.READ_DETAIL))
async def show_obstacle(ask: Ask, obstacle_id: RowId, query: Annotated[ActQuery, Query()]) -> Response:
    """One obstacle with its history; to whoever may act on it also the form."""
    return await sending.shown(ask, "obstacle.html", Acted(ask, obstacle_id).shown, Sent({"act": query.act}))


@router.post("/{obstacle_id}", openapi_extra=needs(May.REPORT_MILESTONES))
async def act_on_obstacle(ask: Ask, obstacle_id: RowId) -> Response:
    """Moves its deadline, hands it on, corrects, closes or reopens it."""
    values = forms.texts(await ask.form())
    doing = Doing(values["act"]) if values.get("act") in MODELS else Doing.CLOSE
    acted = Acted(ask, obstacle_id)
    form: Form[Any] = Form(
        MODELS[doing],
        lambda session, change, expected: acted.change(session, doing, change, expected),
        "obstacle.html",
        acted.shown,
        saved=lambda _: frame(ask).to(ask.url.path, said="saved"),
        holder=acted.holder,
        readings={name: forms.DAY for name in DAYS},
        emptied=("description", "responsible_name") if doing == Doing.CORRECT else (),
    )
    return await sending.take(ask, form, values)


@dataclass(frozen=True, slots=True)
class Acted:
    """An obstacle by its id, as it is read and changed in one request."""

    ask: Ask
    obstacle_id: int

    def holder(self, session: Session) -> Holder:
        row = found.one(session, self.ask.actor, self.obstacle_id)
        return subjects.by_id(session, row.subject, row.subject_id)

    def change(self, session: Session, doing: Doing, change: Any, expected: int | None) -> None:
        ask = self.ask
        if doing in DATED:
            DATED[doing](session, ask.actor, self.obstacle_id, change, expected, ask.today)
        else:
            PLAIN[doing](session, ask.actor, self.obstacle_id, change, expected)

    def shown(self, session: Session, sent: Sent, effect: Effect | None) -> ObstaclePage:
        ask = self.ask
        row = found.one(session, ask.actor, self.obstacle_id)
        (seen,) = found.seen(session, [row])
        may_do = self._may_do(session, seen)
        present = _present(seen)
        calendar = shipped.calendar(ask.tracker.settings.calendar_file)
        view = View(ask.actor, ask.today, journal.head(session))
        asked = sent.value("act")
        return ObstaclePage(
            frame=frame(ask),
            sent=sent if sent.value("step") else Sent(present | {"act": asked}),
            seen=seen,
            state=domain.state(row.due_on, row.closed_on, ask.today),
            age_days=domain.age_days(row.raised_on, row.closed_on, ask.today),
            overdue_days=domain.overdue_days(row.due_on, row.closed_on, ask.today),
            at_stake_kw=stakes.of_obstacles(session, view, calendar, [row]).get(key(row.id)),
            history=found.history(session, row),
            doing=next((doing for doing in may_do if doing == asked), may_do[0] if may_do else None),
            may_do=may_do,
            both=forms.both(sent, present, TITLES),
            effect=effect,
        )

    def _may_do(self, session: Session, seen: Seen) -> list[Doing]:
        """What this reader may do with it now: who raised it, who owns its subject, and the department."""
        actor, row, holder = self.ask.actor, seen.row, self.holder(session)
        own = actor.organisation_id is not None and actor.organisation_id in (
            row.organisation_id,
            holder.owner_id,
        )
        if not actor.may(May.REPORT_MILESTONES) or not (own or actor.may(May.REPORT_FOR_OTHERS)):
            return []
        if row.closed_on is not None:
            return [Doing.REOPEN]
        allowed = [Doing.CLOSE, Doing.POSTPONE, Doing.REASSIGN, Doing.CORRECT]
        return [doing for doing in allowed if doing != Doing.POSTPONE or row.due_on is not None]


def _present(seen: Seen) -> dict[str, str]:
    """What stands, as the fields hold it."""
    kept = seen.row.model_dump(include=set(TITLES))
    return {name: "" if value is None else str(value) for name, value in kept.items()}
