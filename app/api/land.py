"""Counts of the land under the works: exact, five or more, or rounded, as the reader may read them."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.openapi_parts import HELD
from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import privacy
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.privacy import Shown
from app.domain.vocabulary import CountForm
from app.domain.work_problems import WorkProblem
from app.queries import journal
from app.queries import land as found
from app.queries.land import Count, Group
from app.schemas.households import (
    AttitudeSplit,
    LandCount,
    LandCountLine,
    LandCountQuery,
    LandCounts,
    ProgressSplit,
)

router = APIRouter(prefix="/land", tags=["land"], route_class=Route)


@router.get("/counts", response_model=LandCounts, responses=HELD, openapi_extra=needs(May.READ))
async def count_land(ask: Ask, query: Annotated[LandCountQuery, Query()]) -> Response:
    """Cases by how far they have come and by what their owners say. Compensation roles read exact counts, others who are
    signed in counts of five or more of what they see, the public counts rounded to five as of the last cut-off."""
    is_public = found.form_of(ask.actor) == CountForm.ROUNDED_TO_FIVE
    # On a cut-off's day the public's answer hangs on the hour too: it becomes another, and nothing was recorded.
    return await ask.read(
        lambda session: (_public if is_public else _signed_in)(session, ask, query),
        long=True,
        journaled=not (is_public and ask.rhythm.is_cutoff(ask.today)),
    )


def _signed_in(session: Session, ask: Ask, query: LandCountQuery) -> LandCounts:
    as_of, revision = query.as_of or ask.today, journal.known(session, query.known_at)
    filters = found.Filters(query.work, query.district, query.track)
    total, groups = found.counts(session, ask.actor, query.by, filters, as_of, revision)
    return LandCounts(
        by=query.by,
        precision=found.form_of(ask.actor),
        as_of=as_of,
        cut_off_at=None,
        next_cut_off_at=None,
        is_illustrative=total.is_illustrative,
        total=_count(total),
        items=[_line(group) for group in groups],
    )


def _public(session: Session, ask: Ask, query: LandCountQuery) -> LandCounts:
    if query.known_at is not None:
        raise Invalid(WorkProblem.PUBLIC_KNOWN_AT, field="known_at")
    period = privacy.published_period(ask.rhythm, query.as_of or ask.today, ask.now)
    revision = journal.known(session, period.ends_at)
    filters = found.Filters(query.work, query.district, query.track)
    total, groups = found.counts(session, ask.actor, query.by, filters, period.ends_on, revision)
    return LandCounts(
        by=query.by,
        precision=CountForm.ROUNDED_TO_FIVE,
        as_of=period.ends_on,
        cut_off_at=period.ends_at if revision else None,
        next_cut_off_at=ask.rhythm.period_of(ask.now).ends_at,
        is_illustrative=total.is_illustrative,
        total=_count(total),
        items=[_line(group) for group in groups],
    )


def _line(group: Group) -> LandCountLine:
    return LandCountLine(
        code=group.code,
        name=group.name,
        kind=group.kind or None,
        is_illustrative=group.count.is_illustrative,
        **_count(group.count).model_dump(),
    )


def _count(count: Count) -> LandCount:
    return LandCount(
        cases=count.cases,
        progress=ProgressSplit(**_split(count.progress)),
        attitude=AttitudeSplit(**_split(count.attitude)),
    )


def _split(shown: Shown) -> dict[str, int | None]:
    return {**shown.parts, "other": shown.other or None}
