"""`/land`: the weekly land table for those who handle compensation, protected counts for everybody else, and the MW that
wait for land by commune. `/land.csv`: the table as a file for spreadsheets."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, files, needs
from app.domain import privacy
from app.domain.access import May
from app.domain.vocabulary import Attitude, CaseProgress, CountForm, LandBy, LandColumn
from app.formats import csv
from app.outside import shipped
from app.pages.land_weeks import Weeks, weeks
from app.pages.rendering import Frame, frame, render
from app.queries import (
    holding,
    journal,
    land,
    land_places,
    land_rows,
    land_stakes,
    schedules,
    subjects,
    unit_milestones,
)
from app.queries.capacity import View
from app.queries.land import Count
from app.queries.land_stakes import LandStake
from app.schemas.base import Chosen, Code, Day
from app.schemas.land_stakes import LandStakeQuery, StakeBy
from app.schemas.land_table import LandRowRead, LandTableQuery
from app.tables.works import GridWork

router = APIRouter(tags=["pages"], route_class=Route)
# A page of the table ends with the work in which it reaches so many rows.
PAGE_ROWS = 40
SHOWN_STAKES = 25


class LandQuery(Chosen):
    week: Day | None = None
    work: Code | None = None
    cursor: str | None = None


class LandFileQuery(Chosen):
    week: Day | None = None
    work: Code | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """Whole works of the weekly table, and where the next page begins."""

    rows: Sequence[LandRowRead]
    is_continued: bool
    following: str | None


@dataclass(frozen=True, slots=True)
class CountRow:
    """A district or a commune with what is published of it; `name` is None where it is not known."""

    name: str | None
    is_district: bool
    count: Count


@dataclass(frozen=True, slots=True)
class Counts:
    """Protected counts. `cut_off_at` and `next_at` are the public's alone: as of when, and when they change."""

    rows: Sequence[CountRow]
    total: Count
    cut_off_on: date | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class StakeRow:
    """MW that wait for the land of one work in one commune."""

    stake: LandStake
    commune: str | None
    held: int


@dataclass(frozen=True, slots=True)
class LandPage:
    """`exact` or `counts`, as the reader may read them; `stakes` is None for the public."""

    frame: Frame
    form: CountForm
    weeks: Weeks
    work: str | None
    works: Sequence[GridWork]
    exact: Exact | None
    counts: Counts | None
    stakes: Sequence[StakeRow] | None
    more_stakes: int
    progress: Sequence[CaseProgress] = tuple(CaseProgress)
    attitudes: Sequence[Attitude] = tuple(Attitude)
    unknown: str = privacy.UNKNOWN
    columns: type[LandColumn] = LandColumn


@router.get("/land", openapi_extra=needs(May.READ))
async def show_land(ask: Ask, query: Annotated[LandQuery, Query()]) -> Response:
    """The land under the works, in the form in which the reader may read it."""
    is_public = land.form_of(ask.actor) == CountForm.ROUNDED_TO_FIVE
    # On a cut-off's day the public's page hangs on the hour too: it becomes another, and nothing was recorded.
    return await ask.read(
        lambda session: _page(session, ask, query),
        long=True,
        journaled=not (is_public and ask.rhythm.is_cutoff(ask.today)),
    )


@router.get("/land.csv", openapi_extra=needs(May.READ_HOUSEHOLDS))
async def download_land(ask: Ask, query: Annotated[LandFileQuery, Query()]) -> Response:
    """The weekly table as a file, for a browser that holds no key."""
    week = weeks(ask.rhythm, query.week, ask.today).week
    asked = LandTableQuery(week=query.week, work=query.work)
    answer = await ask.read(
        lambda s: land_rows.file(land_rows.table(s, ask.actor, asked, week), ask.lang),
        long=True,
        content_type=csv.CONTENT_TYPE,
    )
    answer.headers["Content-Disposition"] = files.attachment(f"land-table-{week.until.isoformat()}.csv")
    return answer


def _page(session: Session, ask: Ask, query: LandQuery) -> str:
    form, chosen = land.form_of(ask.actor), weeks(ask.rhythm, query.week, ask.today)
    is_exact, is_public = form == CountForm.EXACT, form == CountForm.ROUNDED_TO_FIVE
    works = [] if is_public else unit_milestones.with_units(session, subjects.works(session, ask.actor))
    stakes = None if is_public else _stakes(session, ask, chosen, query.work, works)
    context = LandPage(
        frame=frame(ask),
        form=form,
        weeks=chosen,
        work=query.work,
        works=works,
        exact=_exact(session, ask, query, chosen) if is_exact else None,
        counts=None if is_exact else _counts(session, ask, query, chosen, is_public=is_public),
        stakes=None if stakes is None else stakes[:SHOWN_STAKES],
        more_stakes=max(0, len(stakes or ()) - SHOWN_STAKES),
    )
    return render("land.html", context, ask.lang)


def _exact(session: Session, ask: Ask, query: LandQuery, chosen: Weeks) -> Exact:
    asked = LandTableQuery(week=query.week, work=query.work)
    rows: list[LandRowRead] = []
    following = None
    for row in land_rows.table(session, ask.actor, asked, chosen.week, ask.after(query.cursor)):
        if len(rows) >= PAGE_ROWS and row.work != rows[-1].work:
            _, following = ask.page([rows[-1], row], 1, lambda last: str(last.work))
            break
        rows.append(row)
    return Exact(rows, query.cursor is not None, following)


def _counts(session: Session, ask: Ask, query: LandQuery, chosen: Weeks, *, is_public: bool) -> Counts:
    """What is published of each commune under its district; to the public as of the last cut-off, as it was known then."""
    day, revision, next_at = chosen.week.until, journal.head(session), None
    if is_public:
        period = privacy.published_period(ask.rhythm, day, ask.now)
        day, revision = period.ends_on, journal.known(session, period.ends_at)
        next_at = ask.rhythm.period_of(ask.now).ends_at
    filters = land.Filters(None if is_public else query.work)
    total, groups = land.counts(session, ask.actor, LandBy.COMMUNE, filters, day, revision)
    named = land_places.names(session)
    below: dict[str | None, list[land.Group]] = defaultdict(list)
    for group in groups:
        below[named.place(group.code).district].append(group)
    rows: list[CountRow] = []
    for district in sorted(below, key=lambda code: (code is None, code or "")):
        of = below[district]
        rows.append(CountRow(named.name.get(district or ""), True, land.together(one.count for one in of)))
        rows += [CountRow(one.name, False, one.count) for one in of]
    return Counts(rows, total, day if is_public else None, next_at)


def _stakes(
    session: Session, ask: Ask, chosen: Weeks, work: str | None, works: Iterable[GridWork]
) -> list[StakeRow]:
    view = View(ask.actor, chosen.week.until, journal.head(session))
    wanted = [one for one in works if work in (None, one.code)]
    if not wanted:
        return []
    schedule = schedules.of_reader(session, view, shipped.calendar(ask.tracker.settings.calendar_file))
    asked = LandStakeQuery(by=StakeBy.COMMUNE)
    return stake_rows(session, land_stakes.in_schedule(session, view, schedule, wanted, asked))


def stake_rows(session: Session, stakes: Sequence[LandStake]) -> list[StakeRow]:
    """Groups by commune with the names of the communes, the most urgent first."""
    codes = {stake.label for stake in stakes if stake.label}
    names = land_stakes.communes(session, codes)
    return [
        StakeRow(stake, names[stake.label].name if stake.label in names else None, holding.held(stake))
        for stake in holding.urgent(stakes)
    ]
