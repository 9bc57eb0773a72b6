"""`/grid-works/{code}/week`: the units of a line as a grid in which EVN SPC reports a week in one go."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask, Route, needs, signing
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.units import Count, Standing
from app.domain.vocabulary import UnitStage
from app.pages import forms, unit_forms_sent, unit_forms_shown
from app.pages.forms import Sent
from app.pages.rendering import frame, render
from app.pages.unit_forms_sent import DAY, Typed
from app.pages.unit_forms_shown import Change, Foreseen, WeekQuery
from app.queries import journal, progress, unit_grid
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.schemas.milestones import BatchQuery
from app.schemas.units import UnitBatch, UnitBatchRead, UnitRowRead
from app.services import unit_batches
from app.tables.works import GridWork

router = APIRouter(tags=["pages"], route_class=Route)
TEMPLATE = "week.html"
PREVIEW, SAVE, SAVE_GOOD = "preview", "save", "save_good"


@router.get("/grid-works/{code}/week", openapi_extra=needs(May.CHANGE_WORKS))
async def show_week(ask: Ask, code: str, query: Annotated[WeekQuery, Query()]) -> Response:
    """A page of the grid, with where every cell stands today."""
    sent = Sent({DAY: ask.today.isoformat()})
    return await ask.read(
        lambda session: render(TEMPLATE, unit_forms_shown.page(session, ask, code, query, sent), ask.lang),
        long=True,
    )


@router.post("/grid-works/{code}/week", openapi_extra=needs(May.CHANGE_WORKS))
async def report_week(ask: Ask, code: str, query: Annotated[WeekQuery, Query()]) -> Response:
    """Previews a page of the grid, or saves it as one revision: all of it, or (asked for) what is good of it."""
    values = forms.texts(await ask.form(max_fields=signing.MOST_FIELDS))
    given = unit_forms_sent.read(query.kind, values)
    found, wrong = unit_forms_sent.batch(given)
    sending = _Sending(ask, code, query, given)
    if found is None:
        general = wrong.pop("", None)
        return await sending.shown(Sent(values, wrong, general=general), 422)
    if values.get("step") == PREVIEW:
        return await sending.previewed(found)
    return await sending.saved(found, is_partial=values.get("step") == SAVE_GOOD)


class _Sending:
    """A page of the grid on its way."""

    def __init__(self, ask: Ask, code: str, query: WeekQuery, typed: Typed) -> None:
        self.ask, self.code, self.query, self.typed = ask, code, query, typed

    async def shown(
        self,
        sent: Sent,
        status: int,
        *,
        rows: Sequence[UnitRowRead] = (),
        foreseen: Foreseen | None = None,
        saved: int = 0,
    ) -> Response:
        """The grid again, with every refusal at its cell."""

        def work(session: Session) -> str:
            context = unit_forms_shown.page(
                session,
                self.ask,
                self.code,
                self.query,
                sent,
                typed=self.typed,
                refusals=unit_forms_sent.refused(self.typed, rows),
                stale=frozenset(row.number for row in rows if unit_forms_sent.is_stale(row)),
                foreseen=foreseen,
                saved=saved,
            )
            return render(TEMPLATE, context, self.ask.lang)

        body = await self.ask.tracker.db.read(work, long=True)
        return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")

    async def previewed(self, batch: UnitBatch) -> Response:
        """What saving the good rows would come to."""
        seen: list[tuple[UnitBatchRead, list[tuple[Count, Count]], list[Change]]] = []

        def change(session: Session) -> None:
            holder, work = unit_forms_shown.line(session, self.ask, self.code)
            before = self._counts(session, holder)
            standings = self._standings(session, work)
            query = BatchQuery(dry_run=True, partial=True)
            read = unit_batches.change(
                session, self.ask.actor, self.code, batch, query, self.ask.today, self.ask.lang
            )
            session.flush()
            counts = list(zip(before, self._counts(session, holder), strict=True))
            seen.append((read, counts, self._changes(read, standings)))

        holder = self._holder
        effect = await forms.effect(self.ask, holder, change)
        read, counts, changes = seen[-1]
        moved = [(was, now) for was, now in counts if (was.done, was.held) != (now.done, now.held)]
        foreseen = Foreseen(effect, moved, changes, read.refused)
        refused = [row for row in read.rows if row.problem is not None]
        general = Problem.ROWS_REFUSED if refused else None
        sent = Sent(self.typed.values, general=general)
        return await self.shown(sent, 422 if refused else 200, rows=refused, foreseen=foreseen)

    async def saved(self, batch: UnitBatch, *, is_partial: bool) -> Response:
        """Saves, and goes on to the same page of the grid; what was refused stays typed."""
        query = BatchQuery(dry_run=False, partial=is_partial)

        def change(session: Session) -> UnitBatchRead:
            return unit_batches.change(
                session, self.ask.actor, self.code, batch, query, self.ask.today, self.ask.lang
            )

        try:
            read = await self.ask.tracker.db.change(change, Stamp(self.ask.now, self.ask.state.request_id))
        except Invalid as error:
            told = error.details.get("rows", ())
            rows = [UnitRowRead.model_validate(row) for row in told] if isinstance(told, list) else []
            return await self.shown(Sent(self.typed.values, general=error.problem), 422, rows=rows)
        refused = [row for row in read.rows if row.problem is not None]
        if not refused:
            return RedirectResponse(frame(self.ask).link(said="saved"), 303)
        values = self.typed.only(row.number for row in refused)
        sent = Sent(values, general=Problem.ROWS_REFUSED)
        return await self.shown(sent, 422, rows=refused, saved=read.changed)

    def _holder(self, session: Session) -> Holder:
        return unit_forms_shown.line(session, self.ask, self.code)[0]

    def _view(self, session: Session) -> View:
        # What the open change has written belongs to the revision after the last.
        return View(self.ask.actor, self.ask.today, journal.head(session) + 1)

    def _counts(self, session: Session, holder: Holder) -> list[Count]:
        return list(progress.of(session, self._view(session), holder).counts.values())

    def _standings(self, session: Session, work: GridWork) -> dict[tuple[str, UnitStage], Standing]:
        filters = unit_grid.Filters(self.query.kind, also=set(self.typed.rows))
        grid, _ = unit_grid.page(session, self._view(session), work, filters, after=None, limit=0)
        return {(row.unit.number, cell.stage): cell.standing for row in grid.rows for cell in row.cells}

    def _changes(
        self, read: UnitBatchRead, standings: Mapping[tuple[str, UnitStage], Standing]
    ) -> list[Change]:
        changed = {row.number for row in read.rows if row.outcome == unit_batches.CHANGED}
        return [
            Change(number, stage, standings[number, stage], status)
            for number, cells in self.typed.rows.items()
            for stage, status in cells.items()
            if number in changed and (number, stage) in standings
        ]
