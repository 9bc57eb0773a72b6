"""`/commitments`: what was promised for a week and what came of it, then what is still owed, by the day it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.commitments import OWED, Kept
from app.domain.vocabulary import Party
from app.pages.land_weeks import Weeks, weeks
from app.pages.rendering import Frame, frame, render
from app.queries import commitments, journal
from app.queries.commitments import Choices, Filters, Judged, Seen, View
from app.schemas.base import Chosen, Code, Day

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40
# What was promised for one week stands on one page up to so many.
MOST_OF_WEEK = 60


class CommitmentsQuery(Chosen):
    """`week` is a cut-off day; left out, the last one: what is over can be judged."""

    week: Day | None = None
    work: Code | None = None
    district: Code | None = None
    responsible: Party | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class CommitmentsPage:
    """`kept` counts everything promised for the week; `judged` are the first of it, `more_judged` how many follow."""

    frame: Frame
    query: CommitmentsQuery
    choices: Choices
    weeks: Weeks
    is_over: bool
    kept: Kept
    judged: Sequence[Judged]
    more_judged: int
    owed: Sequence[Seen]
    is_continued: bool
    following: str | None


@router.get("/commitments", openapi_extra=needs(May.READ_DETAIL))
async def list_commitments(ask: Ask, query: Annotated[CommitmentsQuery, Query()]) -> Response:
    """The commitments about works that the reader sees."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


def _page(session: Session, ask: Ask, query: CommitmentsQuery) -> str:
    revision = journal.head(session)
    running = weeks(ask.rhythm, None, ask.today)
    chosen = weeks(ask.rhythm, query.week or running.week.after, ask.today)
    narrowed = query.model_dump(include={"work", "district", "responsible"})
    view = View(ask.today, revision, is_over=False)
    judged = commitments.of_week(session, ask.actor, view, chosen.week, Filters(**narrowed))
    after = ask.after(query.cursor)
    owing = Filters(**narrowed, states=OWED)
    found = commitments.page(session, ask.actor, view, owing, after=after, limit=PAGE_ROWS)
    owed, following = ask.page(found, PAGE_ROWS, commitments.place)
    context = CommitmentsPage(
        frame=frame(ask),
        query=query,
        choices=commitments.choices(session, ask.actor),
        weeks=chosen,
        is_over=chosen.week.is_over,
        kept=sum((one.kept for one in judged), Kept()),
        judged=judged[:MOST_OF_WEEK],
        more_judged=max(0, len(judged) - MOST_OF_WEEK),
        owed=owed,
        is_continued=query.cursor is not None,
        following=following,
    )
    return render("commitments.html", context, ask.lang)
