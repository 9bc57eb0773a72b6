"""`/queue`: everything that waits for a second key, with the document beside the claim, whoever has waited longest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import milestones as domain
from app.domain.access import May, require_other_eyes
from app.domain.errors import RuleBroken
from app.domain.milestones import KEYS
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import Party
from app.domain.words import Term
from app.pages.rendering import Frame, frame, render
from app.queries import capacity, waiting
from app.queries.waiting_claims import MILESTONE, TRANCHE, Claim
from app.schemas.base import Asked
from app.schemas.milestones import SubjectPath

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40
DISPUTED = "disputed"
PATHS = {path.kind: path.value for path in SubjectPath}


class QueueQuery(Asked):
    """`which`: milestones, tranches, or the tranches that were decided against; else everything that waits."""

    which: str = ""
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue. `why_not` says why this reader may not decide; None where he may."""

    claim: Claim
    days_left: int
    address: str
    parties: Sequence[Term]
    why_not: Term | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    frame: Frame
    which: str
    counts: Mapping[str, int]
    lines: Sequence[Waiting]
    following: str | None
    is_continued: bool


@router.get("/queue", openapi_extra=needs(May.DECIDE_COD))
async def show_queue(ask: Ask, query: Annotated[QueueQuery, Query()]) -> Response:
    """The queue of the second key."""
    return await ask.read(
        lambda session: render("queue.html", _page(session, ask, query), ask.lang), long=True
    )


def _page(session: Session, ask: Ask, query: QueueQuery) -> QueuePage:
    which = query.which if query.which in (MILESTONE, TRANCHE, DISPUTED) else ""
    kinds = (which,) if which in (MILESTONE, TRANCHE) else (MILESTONE, TRANCHE)
    found = waiting.page(
        session,
        capacity.whole(session, ask.actor, ask.today),
        kinds,
        disputed=which == DISPUTED,
        after=ask.after(query.cursor),
        limit=PAGE_ROWS,
    )
    shown, following = ask.page(found, PAGE_ROWS, waiting.place)
    return QueuePage(
        frame(ask),
        which,
        waiting.counts(session, ask.actor),
        [_waiting(ask, claim) for claim in shown],
        following,
        query.cursor is not None,
    )


def _waiting(ask: Ask, claim: Claim) -> Waiting:
    if claim.tranche is not None:
        address = f"/tranches/{claim.tranche.tranche}"
        parties: list[Term] = [Party.EPTC, Party.SCT]
    else:
        name = "" if claim.milestone is None else claim.milestone.key
        address = f"/milestones/{PATHS[claim.subject]}/{claim.code}/{name}/decision"
        confirm_by = () if claim.milestone is None else claim.milestone.step.confirm_by
        parties = [Party(code) for code in confirm_by if code in KEYS]
    return Waiting(claim, claim.days_left(ask.today), address, parties, why_not(ask, claim))


def why_not(ask: Ask, claim: Claim) -> Term | None:
    """Why this reader may not turn the second key; None where he may."""
    user, organisation = claim.declared_by
    if claim.milestone is not None:
        return not_the_key_of(ask, claim.milestone.step, user)
    try:
        require_other_eyes(ask.actor, declared_by_user=user, declared_by_organisation=organisation)
    except RuleBroken as error:
        return error.problem
    return None


def not_the_key_of(ask: Ask, step: MilestoneTemplate, declared_by: int | None) -> Term | None:
    """Why the second key of a step is not this reader's; None where it is."""
    try:
        domain.check_confirmer(step, ask.actor.role, user_id=ask.actor.user_id, declared_by=declared_by)
    except RuleBroken as error:
        return error.problem
    return None
