"""`/`: the number against the target, the S-curve, the ladder, the table by phase, and what others reported."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May
from app.domain.calendar import ZONE
from app.domain.capacity import Figures, Progress
from app.domain.capacity import Target as Goal
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.quantity import percent
from app.domain.vocabulary import By, Measure
from app.domain.words import Term
from app.pages.overview_chart import Chart, chart
from app.pages.overview_situation import Standing, key, standing
from app.pages.rendering import Frame, frame, render
from app.queries import breakdowns, capacity, journal, overview, targets
from app.queries.breakdowns import Line
from app.queries.capacity import View
from app.queries.overview import Counts, Detail
from app.schemas import refusals
from app.schemas.base import Asked
from app.schemas.capacity import CapacityQuery
from app.tables.documents import Source
from app.tables.organisations import AdministrativeUnit
from app.tables.targets import ReportedFigure, Target

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40
# The longest bar of the ladder leaves this much of its track free, so that the target's mark stands inside.
HEADROOM = 1.03


class OverviewQuery(Asked):
    """As the browser's form sends them: text, perhaps empty, perhaps wrong. `CapacityQuery` says what is right."""

    as_of: str = ""
    known_at: str = ""
    target: str = ""
    illustrative: str = ""
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: what was typed, and what is wrong with it. `is_day`: a date picker can hold it."""

    name: str
    value: str
    problem: Term | None
    is_day: bool


@dataclass(frozen=True, slots=True)
class Form:
    as_of: Field
    known_at: Field
    target: Field
    targets: list[Goal]
    hidden: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rung:
    """One measure of the ladder; `share` of the longest bar, None where no entry is known."""

    measure: Measure
    kw: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Its operating kW are not known apart where `is_split` is False and it is a phase."""

    line: Line
    detail: Detail
    is_phase: bool

    @property
    def installed_kw(self) -> int | None:
        return self.line.figures.rung_kw(Measure.INSTALLED)

    @property
    def shows_operating(self) -> bool:
        return not self.is_phase or self.detail.is_split or self.line.figures.operating_kw != 0


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything below the form."""

    view: View
    known_at: datetime | date | None
    figures: Figures
    progress: Progress | None
    share: Decimal | None
    target: Target | None
    place: AdministrativeUnit | None
    counts: Counts
    chart: Chart | None
    ladder: list[Rung]
    ladder_target: float | None
    rows: list[Row]
    is_continued: bool
    following: str | None
    reported: list[ReportedFigure]
    sources: Mapping[str, Source]
    recorded_at: datetime | None
    standing: Standing

    @property
    def installed_kw(self) -> int | None:
        return self.figures.rung_kw(Measure.INSTALLED)

    @property
    def days_left(self) -> int | None:
        return None if self.progress is None else (self.progress.target.due_on - self.view.as_of).days

    @property
    def has_illustrative(self) -> bool:
        return not self.view.with_illustrative or any(row.line.is_illustrative for row in self.rows)

    @property
    def permanent(self) -> dict[str, str | None]:
        """The parameters with which this page stays what it is."""
        at = self.recorded_at
        known_at = None if at is None else at.astimezone(ZONE).isoformat()
        return {"as_of": self.view.as_of.isoformat(), "known_at": known_at}


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """The template's context. `shown` is None where the question was refused."""

    frame: Frame
    form: Form
    shown: Shown | None


@router.get("/", openapi_extra=needs(May.READ))
async def show_overview(ask: Ask, query: Annotated[OverviewQuery, Query()]) -> Response:
    """The province's number against its target; refused with 422 and a sentence at the field where the form is wrong."""
    asked, wrong = _understood(query)
    if wrong:
        form = await ask.tracker.db.read(lambda session: _form(session, ask, query, wrong))
        return _refused(ask, form)
    # Where a reader is told who is late with a report, the page hangs on the hour too.
    is_lasting = not ask.actor.may(May.READ_DETAIL)
    try:
        return await ask.read(
            lambda session: _page(session, ask, query, asked), long=True, journaled=is_lasting
        )
    except NotFound:
        known = {"target": Problem.UNKNOWN_TARGET}
        form = await ask.tracker.db.read(lambda session: _form(session, ask, query, known))
        return _refused(ask, form)


def _understood(query: OverviewQuery) -> tuple[CapacityQuery, dict[str, Term]]:
    """The question as the API would take it, and what is wrong by field. An empty field asks for the default."""
    typed = {name: value.strip() for name, value in query.model_dump(exclude_none=True).items()}
    try:
        return CapacityQuery.model_validate({name: value for name, value in typed.items() if value}), {}
    except ValidationError as error:
        wrong = {str(e["loc"][0]): refusals.problem(str(e["type"])) for e in error.errors()}
        if unseen := wrong.keys() - {"as_of", "known_at", "target"}:
            raise Invalid(wrong[min(unseen)], field=min(unseen)) from error
        return CapacityQuery(), wrong


def _refused(ask: Ask, form: Form) -> Response:
    body = render("overview.html", OverviewPage(frame(ask), form, None), ask.lang)
    return Response(body, 422, media_type="text/html; charset=utf-8")


def _form(session: Session, ask: Ask, query: OverviewQuery, wrong: Mapping[str, Term]) -> Form:
    def field(name: str, value: str) -> Field:
        return Field(
            name, value, wrong.get(name), is_day=not value or (name not in wrong and len(value) == 10)
        )

    known = targets.known(session, journal.head(session))
    if query.target.strip() and query.target.strip() not in {target.code for target in known}:
        wrong = {**wrong, "target": Problem.UNKNOWN_TARGET}
    kept = {name: ask.query_params.get(name) for name in ("lang", "illustrative")}
    return Form(
        as_of=field("as_of", query.as_of.strip() or ask.today.isoformat()),
        known_at=field("known_at", query.known_at.strip()),
        target=field("target", query.target.strip()),
        targets=sorted(known, key=lambda target: (target.due_on, target.code)),
        hidden={name: value for name, value in kept.items() if value},
    )


def _page(session: Session, ask: Ask, query: OverviewQuery, asked: CapacityQuery) -> str:
    form = _form(session, ask, query, {})
    if form.target.problem is not None:
        raise NotFound(form.target.problem)
    revision = journal.known(session, asked.known_at)
    view = View(ask.actor, asked.as_of or ask.today, revision, asked.illustrative)
    return render(
        "overview.html", OverviewPage(frame(ask), form, _shown(session, ask, view, asked)), ask.lang
    )


def _shown(session: Session, ask: Ask, view: View, asked: CapacityQuery) -> Shown:
    found = ask.tracker.findings.once(
        ask.revision,
        ("overview", key(view), asked.target),
        lambda: capacity.overview(session, view, asked.target),
    )
    progress = found.progress
    goal = None if progress is None else progress.target
    target = None if goal is None else targets.one(session, goal.code)
    below = standing(session, ask, view, asked, goal)
    lines = breakdowns.page(session, view, By.PHASE, after=ask.after(asked.cursor), limit=PAGE_ROWS)
    lines, following = ask.page(lines, PAGE_ROWS, lambda line: line.key)
    details = overview.details(session, view, lines)
    reported = targets.reported(session, view.as_of)
    cited = {code for row in reported for code in row.sources} | set(target.sources if target else ())
    ladder, ladder_target = _ladder(found.figures, goal)
    return Shown(
        view=view,
        known_at=asked.known_at,
        figures=found.figures,
        progress=progress,
        share=None if progress is None else percent(progress.operating_kw, progress.target.kw),
        target=target,
        place=overview.unit(session, target.scope_code if target else None),
        counts=overview.counts(session, view),
        chart=chart(session, ask, view, found.figures.operating_kw, goal, below.forecast),
        ladder=ladder,
        ladder_target=ladder_target,
        rows=[Row(x, details[x.key], x.level == By.PHASE.value) for x in lines if x.key in details],
        is_continued=asked.cursor is not None,
        following=following,
        reported=reported,
        sources=overview.sources(session, cited),
        recorded_at=overview.recorded_at(session, view.revision),
        standing=below,
    )


def _ladder(figures: Figures, goal: Goal | None) -> tuple[list[Rung], float | None]:
    """The rungs from the plan to operation, and where the target stands on their scale."""
    found = [(measure, figures.rung_kw(measure)) for measure in Measure]
    longest = (max([kw or 0 for _, kw in found] + [goal.kw if goal else 0]) or 1) * HEADROOM
    rungs = [Rung(m, kw, None if kw is None else round(max(0, kw) / longest, 4)) for m, kw in found]
    return rungs, None if goal is None else round(goal.kw / longest, 4)
