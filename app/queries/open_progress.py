"""What stands between a project and its MW, as it goes out in open formats: milestones, obstacles, commitments."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import milestones as domain
from app.domain.columns import Record
from app.domain.vocabulary import Column, SubjectKind
from app.domain.words import Lang
from app.queries import commitments, milestones, obstacles, subjects
from app.queries.capacity import View
from app.queries.obstacles import Filters
from app.tables.base import key, table
from app.tables.milestones import Milestone

# Milestones whose entries are folded at a time, where an older state is asked for.
BATCH = 500
_STEP = table(Milestone).c


def every_milestone(session: Session, view: View, lang: Lang) -> Iterator[Record]:
    """The milestones of the subjects that the reader sees, with their four dates as of a view."""
    seen = subjects.visible(view.actor, _STEP.subject, _STEP.subject_id, _STEP.project_id)
    after, names = 0, _Names(session)
    while rows := session.execute(
        select(table(Milestone))
        .where(seen, _STEP.created_in <= view.revision, _STEP.id > after)
        .order_by(_STEP.id)
        .limit(BATCH)
    ).all():
        # A plain row has what is asked of a milestone here, and costs a tenth of one that could be changed.
        given = cast(list[Milestone], rows)
        states = milestones.states_at(session, view, given)
        codes = names.of(given)
        for row in given:
            if row.id in states:
                yield _milestone(row, codes[row.subject, row.subject_id], states[row.id], view, lang)
        after = key(given[-1].id)


class _Names:
    """The codes of subjects, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[SubjectKind, int], str] = {}

    def of(self, rows: list[Milestone]) -> dict[tuple[SubjectKind, int], str]:
        """The codes known, those of the subjects of these rows among them."""
        wanted = {(row.subject, row.subject_id) for row in rows} - set(self._known)
        if wanted:
            found = subjects.names(self._session, wanted)
            self._known |= {subject: code for subject, (code, _) in found.items()}
        return self._known


def _milestone(row: Milestone, code: str, state: domain.State, view: View, lang: Lang) -> Record:
    days: dict[Column, Any] = {}
    for name in ("baseline", "plan", "forecast", "actual"):
        stated = getattr(state, name)
        days[Column(f"{name}_on")] = stated and stated.on
        days[Column(f"{name}_precision")] = stated and stated.precision
    return {
        Column.SUBJECT: row.subject,
        Column.SUBJECT_CODE: code,
        Column.MILESTONE: domain.key(row.code, row.instance),
        Column.MILESTONE_NAME: milestones.step_of(row).name.label(lang),
        **days,
        Column.VERIFICATION: state.verification,
        Column.IS_APPLICABLE: state.is_applicable,
        Column.MOVES: state.moves,
        Column.LATE_DAYS: domain.late_days(state, view.as_of),
        Column.IS_ILLUSTRATIVE: bool(row.is_illustrative),
    }


def every_obstacle(session: Session, view: View) -> Iterator[Record]:
    """The obstacles on the subjects that the reader sees, as they stand now, by deadline."""
    after: str | None = None
    while rows := obstacles.page(session, view.actor, Filters(), view.as_of, after=after, limit=BATCH):
        yield from (_obstacle(seen) for seen in obstacles.seen(session, rows[:BATCH]))
        if len(rows) <= BATCH:
            break
        after = obstacles.place(rows[BATCH - 1])


def _obstacle(seen: obstacles.Seen) -> Record:
    row = seen.row
    return {
        Column.OBSTACLE_ID: row.id,
        Column.OBSTACLE_KIND: row.kind,
        Column.TITLE: row.title,
        Column.SUBJECT: row.subject,
        Column.SUBJECT_CODE: seen.subject_code,
        Column.MILESTONE: seen.milestone,
        Column.RESPONSIBLE: seen.responsible,
        Column.RESPONSIBLE_NAME: row.responsible_name,
        Column.RAISED_ON: row.raised_on,
        Column.DUE_ON: row.due_on,
        Column.CLOSED_ON: row.closed_on,
        Column.POSTPONEMENTS: row.postponements,
        Column.ORGANISATION: seen.organisation,
        Column.IS_ILLUSTRATIVE: row.is_illustrative,
    }


def every_commitment(session: Session, view: View, open_on: date) -> Iterator[Record]:
    """The commitments about works that the reader sees, as of a view; none is judged before `open_on`, the first day that
    is not over."""
    day = min(view.as_of, open_on)
    then = commitments.View(day, view.revision, is_over=day < open_on)
    wanted = commitments.Filters()
    after: str | None = None
    while rows := commitments.page(session, view.actor, then, wanted, after=after, limit=BATCH):
        yield from (_commitment(seen) for seen in rows[:BATCH])
        if len(rows) <= BATCH:
            break
        after = commitments.place(rows[BATCH - 1])


def _commitment(seen: commitments.Seen) -> Record:
    return {
        Column.COMMITMENT_ID: seen.row.id,
        Column.WORK: seen.work.code,
        Column.PROMISED_STAGE: seen.row.stage,
        Column.UNITS: tuple(each.unit.number for each in seen.units),
        Column.RESPONSIBLE: seen.responsible,
        Column.RESPONSIBLE_NAME: seen.row.responsible_name,
        Column.MADE_ON: seen.promise.made_on,
        Column.FIRST_DUE_ON: seen.first_due_on,
        Column.DUE_ON: seen.promise.due_on,
        Column.MOVES: seen.promise.moves,
        Column.COMMITMENT_STATE: seen.state,
        Column.WITHDRAWN_ON: seen.promise.withdrawn_on,
        Column.ORGANISATION: seen.organisation,
        Column.IS_ILLUSTRATIVE: seen.is_illustrative,
    }
