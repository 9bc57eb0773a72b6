"""`/commitments/new` and `/commitments/{id}`: a promise is written down, and later put off or taken back, with its reason."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import SubjectKind
from app.domain.words import Term
from app.pages import commitment_forms_shown as shapes
from app.pages import forms, sending
from app.pages.commitment_forms_shown import CommitmentPage, MakingPage, NewQuery, Then
from app.pages.forms import Effect, Sent
from app.pages.rendering import frame, render
from app.pages.sending import Form
from app.pages.words import Committing
from app.queries import commitments as found
from app.queries import subjects
from app.queries.subjects import Holder
from app.schemas.base import Asked
from app.schemas.commitments import CommitmentMake, CommitmentPostpone, CommitmentWithdraw
from app.schemas.obstacles import RowId
from app.services import commitments

router = APIRouter(prefix="/commitments", tags=["pages"], route_class=Route)
ACTS: dict[str, type[CommitmentPostpone] | type[CommitmentWithdraw]] = {
    "postpone": CommitmentPostpone,
    "withdraw": CommitmentWithdraw,
}
STALE_FIELDS: Mapping[str, tuple[Term, type[Term] | None]] = {"due_on": (Committing.DUE_ON, None)}


class CommitmentQuery(Asked):
    act: str = ""
    said: str = ""


@router.get("/new", openapi_extra=needs(May.CHANGE_WORKS))
async def show_new_commitment(ask: Ask, query: Annotated[NewQuery, Query()]) -> Response:
    """An empty promise; the address may say of which work, stage and units."""
    sent = Sent({"made_on": ask.today.isoformat(), **query.model_dump(exclude_none=True)})
    return await ask.read(
        lambda session: render(shapes.NEW, shapes.making(session, ask, sent), ask.lang), long=True
    )


@router.post("/new", openapi_extra=needs(May.CHANGE_WORKS))
async def make_commitment(ask: Ask) -> Response:
    """Previews the promise with where its units stand, or writes it down."""
    values = forms.texts(await ask.form())
    made: list[Then] = []

    def change(session: Session, change: CommitmentMake, _: int | None) -> int | None:
        row = commitments.make(session, ask.actor, change, ask.today)
        session.flush()
        made.append(shapes.then(session, ask, row))
        return row.id

    def show(session: Session, sent: Sent, effect: Effect | None) -> MakingPage:
        return shapes.making(session, ask, sent, effect, made[-1] if effect is not None else None)

    form: Form[CommitmentMake] = Form(
        model=CommitmentMake,
        change=change,
        template=shapes.NEW,
        show=show,
        saved=lambda row_id: frame(ask).to(f"/commitments/{row_id}", said="saved"),
        holder=lambda session: _work(session, ask, values.get("work", "")),
        readings={"due_on": forms.DAY, "made_on": forms.DAY, "units": shapes.numbers},
    )
    return await sending.take(ask, form, values)


def _work(session: Session, ask: Ask, code: str) -> Holder:
    return subjects.one(session, ask.actor, SubjectKind.GRID_WORK, code)


@router.get("/{commitment_id}", openapi_extra=needs(May.READ_DETAIL))
async def show_commitment(
    ask: Ask, commitment_id: RowId, query: Annotated[CommitmentQuery, Query()]
) -> Response:
    """A promise with its units and its whole life; a form where one was asked for."""
    act = query.act if query.act in ACTS else ""
    return await ask.read(
        lambda s: render(shapes.ONE, shapes.one(s, ask, commitment_id, act, Sent()), ask.lang), long=True
    )


@router.post("/{commitment_id}", openapi_extra=needs(May.CHANGE_WORKS))
async def change_commitment(
    ask: Ask, commitment_id: RowId, query: Annotated[CommitmentQuery, Query()]
) -> Response:
    """Previews or makes a postponement or a withdrawal."""
    model = ACTS.get(query.act)
    if model is None:
        raise NotFound(Problem.NOT_FOUND, subject="act", code=query.act)
    after: list[Then] = []

    def change(session: Session, change: BaseModel, expected: int | None) -> None:
        row = _acts(query.act)(session, ask.actor, commitment_id, change, expected, ask.today)
        session.flush()
        after.append(shapes.then(session, ask, row))

    def show(session: Session, sent: Sent, effect: Effect | None) -> CommitmentPage:
        then = after[-1] if effect is not None else None
        return shapes.one(session, ask, commitment_id, query.act, sent, effect, then, STALE_FIELDS)

    form: Form[Any] = Form(
        model=model,
        change=change,
        template=shapes.ONE,
        show=show,
        saved=lambda _: frame(ask).to(f"/commitments/{commitment_id}", said="saved"),
        holder=lambda session: _home(session, ask, commitment_id),
        readings={"due_on": forms.DAY},
    )
    return await sending.take(ask, form, forms.texts(await ask.form()))


def _acts(act: str) -> Callable[..., Any]:
    acts: dict[str, Callable[..., Any]] = {
        "postpone": commitments.postpone,
        "withdraw": commitments.withdraw,
    }
    return acts[act]


def _home(session: Session, ask: Ask, commitment_id: int) -> Holder:
    row = found.one(session, ask.actor, commitment_id)
    return subjects.by_id(session, SubjectKind.GRID_WORK, row.work_id)
