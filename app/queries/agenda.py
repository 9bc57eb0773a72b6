"""What is on the calendar of an organisation: open milestones, what falls due, what runs out, and the goals.

An investor's holds its own projects, EVN SPC's its own works and their clearances, the department's everything. What
the owner of the calendar may not see is never on it. Each event keeps its name for good, and its number only rises.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import deadlines, milestones
from app.domain.access import Actor, May
from app.domain.agenda import AHEAD, PAST, AgendaKind, Wording, day_in
from app.domain.deadlines import Deadline
from app.domain.vocabulary import Precision, SubjectKind
from app.domain.words import Lang
from app.domain.workdays import WorkCalendar
from app.formats.ical import Event
from app.outside import shipped
from app.queries import projects, subjects
from app.tables.documents import Document
from app.tables.journal import Revision
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, GridWork

# Of each kind, the soonest first: no calendar program shows more, and none should be sent without end.
MOST = 5_000
# The longest way back from a goal to what must be filed before it: 90 days, and holidays beside them.
LONGEST_LEAD = timedelta(days=150)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a calendar is made: who sees what, from which day, in which language, on which working days."""

    actor: Actor
    today: date
    lang: Lang
    workdays: WorkCalendar

    @property
    def since(self) -> date:
        return self.today - PAST

    @property
    def until(self) -> date:
        return self.today + AHEAD

    def says(self, wording: Wording, **more: object) -> str:
        """A sentence with its days written as people write them."""
        written = {k: day_in(self.lang, v) if isinstance(v, date) else v for k, v in more.items()}
        return wording.label(self.lang).format(**written)


class Stamp(NamedTuple):
    """The last change of what an event tells of: its revision, and when that was recorded."""

    sequence: int
    changed_at: datetime


def name(session: Session, reader: Reader) -> str:
    """What a calendar is called."""
    own = session.get_one(Organisation, reader.actor.organisation_id)
    called = own.name_en if reader.lang == Lang.EN and own.name_en else own.name
    return reader.says(Wording.NAME, organisation=called)


def events(session: Session, reader: Reader) -> list[Event]:
    """Everything on the calendar, by day."""
    kinds = (_milestones, _obstacles, _documents, _goals)
    found = [event for kind in kinds for event in kind(session, reader)]
    return sorted(found, key=lambda event: (event.day, event.uid))


def _milestones(session: Session, reader: Reader) -> Iterator[Event]:
    statement = _due(Milestone, col(Milestone.next_on), reader).where(col(Milestone.is_applicable))
    for row, subject, at in _with_subjects(session, statement):
        assert row.next_on is not None
        label = f" · {row.label}" if row.label else ""
        title = f"{milestones.key(row.code, row.instance)} {_named(row, reader.lang)} · {subject[0].upper()}{label}"
        yield _event(
            f"milestone-{row.subject.value}-{subject[0]}-{row.code}.{row.instance}",
            row.next_on,
            (AgendaKind.MILESTONE, reader.lang),
            _marked(title, row.is_illustrative, reader),
            [subject[1], *_dates(row, reader)],
            at,
        )


def _named(row: Milestone, lang: Lang) -> str:
    """The name of a milestone's step, in the version of the templates it was made from."""
    return shipped.templates(row.template_version).step(row.code).name.label(lang)


def _dates(row: Milestone, reader: Reader) -> Iterator[str]:
    for wording, on, precision in (
        (Wording.FORECAST, row.forecast_on, row.forecast_precision),
        (Wording.PLAN, row.plan_on, row.plan_precision),
        (Wording.BASELINE, row.baseline_on, row.baseline_precision),
    ):
        if on is not None:
            exact = precision == Precision.DAY
            yield reader.says(wording, day=on) + ("" if exact else f" ({precision.label(reader.lang)})")


def _obstacles(session: Session, reader: Reader) -> Iterator[Event]:
    roles = shipped.templates().roles
    statement = _due(Obstacle, col(Obstacle.due_on), reader).where(col(Obstacle.closed_on).is_(None))
    for row, subject, at in _with_subjects(session, statement):
        assert row.due_on is not None
        role = roles[row.responsible].label(reader.lang) if row.responsible in roles else row.responsible
        who = f"{role} ({row.responsible_name})" if row.responsible_name else role
        lines = [subject[1], row.kind.label(reader.lang), reader.says(Wording.RESPONSIBLE, who=who)]
        if row.postponements:
            lines.append(reader.says(Wording.POSTPONED, times=row.postponements))
        kind = AgendaKind.OBSTACLE.label(reader.lang)
        summary = _marked(f"{kind}: {row.title} · {subject[0].upper()}", row.is_illustrative, reader)
        yield _event(f"obstacle-{row.id}", row.due_on, (AgendaKind.OBSTACLE, reader.lang), summary, lines, at)


def _documents(session: Session, reader: Reader) -> Iterator[Event]:
    statement = _due(Document, col(Document.valid_until), reader)
    for row, subject, at in _with_subjects(
        session, statement.where(col(Document.valid_until) >= reader.today)
    ):
        assert row.valid_until is not None
        kind = AgendaKind.DOCUMENT.label(reader.lang)
        called = f"{row.kind.label(reader.lang)} {row.number} · {row.issuer}"
        until = reader.says(Wording.VALID_UNTIL, day=row.valid_until)
        summary = f"{kind}: {row.number} · {subject[0].upper()}"
        lines = [subject[1], called, *([row.title] if row.title else []), until]
        yield _event(
            f"document-{row.id}", row.valid_until, (AgendaKind.DOCUMENT, reader.lang), summary, lines, at
        )


def _goals(session: Session, reader: Reader) -> Iterator[Event]:
    """COD goals and planned first tests of phases, and what must be filed before them."""
    until = reader.until + LONGEST_LEAD
    goal, test = col(Phase.planned_cod_on), col(Phase.first_test_on)
    statement = (
        select(Phase, Project, col(Revision.recorded_at))
        .join(Project, col(Project.id) == col(Phase.project_id))
        .join(Revision, col(Revision.number) == col(Project.revision))
        .where(or_(goal.between(reader.since, until), test.between(reader.since, until)))
        .where(col(Phase.project_id).in_(projects.visible(reader.actor)))
        .where(col(Phase.project_id).in_(_own_projects(reader.actor)))
        .order_by(goal, col(Phase.code))
        .limit(MOST)
    )
    for phase, project, recorded_at in session.execute(statement):
        for event in _goals_of(phase, project, Stamp(project.revision, recorded_at), reader):
            if reader.since <= event.day <= reader.until:
                yield event


def _goals_of(phase: Phase, project: Project, at: Stamp, reader: Reader) -> Iterator[Event]:
    goal, test, lang = phase.planned_cod_on, phase.first_test_on, reader.lang
    called = phase.name_en if lang == Lang.EN and phase.name_en else phase.name

    def event(kind: AgendaKind, uid: str, day: date, title: str, *lines: str) -> Event:
        illustrative = phase.is_illustrative or project.is_illustrative
        summary = _marked(f"{title} · {phase.code.upper()}", illustrative, reader)
        return _event(uid, day, (kind, lang), summary, [called, *lines], at)

    if test is not None:
        yield event(
            AgendaKind.FIRST_TEST, f"first-test-{phase.code}", test, AgendaKind.FIRST_TEST.label(lang)
        )
    if goal is None:
        return
    yield event(AgendaKind.COD_GOAL, f"cod-{phase.code}", goal, AgendaKind.COD_GOAL.label(lang))
    for due in deadlines.countdown(goal, test, reader.workdays):
        uid = f"deadline-{phase.code}-{due.kind.value}"
        said = [reader.says(Wording.GOAL, day=goal), *_said_of(due, reader)]
        yield event(AgendaKind.DEADLINE, uid, due.act_by_on, due.kind.label(lang), *said)


def _said_of(due: Deadline, reader: Reader) -> Iterator[str]:
    days, unit = due.term
    yield reader.says(Wording.TERM_ENDS, day=due.due_on, days=days, unit=unit.label(reader.lang))
    yield reader.says(Wording.BASIS, basis=due.basis)
    if due.is_provisional:
        yield reader.says(Wording.PROVISIONAL)


def _event(
    uid: str, day: date, of: tuple[AgendaKind, Lang], summary: str, lines: list[str], at: Stamp
) -> Event:
    kind, lang = of
    return Event(
        uid=f"{uid}@tracker",
        day=day,
        summary=summary,
        description="\n".join(lines),
        categories=(kind.label(lang),),
        sequence=at.sequence,
        changed_at=at.changed_at,
    )


def _marked(summary: str, is_illustrative: bool, reader: Reader) -> str:
    return reader.says(Wording.ILLUSTRATIVE, summary=summary) if is_illustrative else summary


def _due(table: type[Any], on: Any, reader: Reader) -> Select[Any, datetime]:
    """The rows of a table that are on the calendar by that day, each with when it was last changed."""
    place: tuple[Any, ...] = (col(table.subject), col(table.subject_id), col(table.project_id))
    return (
        select(table, col(Revision.recorded_at))
        .join(Revision, col(Revision.number) == col(table.revision))
        .where(on.between(reader.since, reader.until))
        .where(subjects.visible(reader.actor, *place), own(reader.actor, *place))
        .order_by(on, col(table.id))
        .limit(MOST)
    )


def _with_subjects(
    session: Session, statement: Select[Any, datetime]
) -> Iterator[tuple[Any, tuple[str, str], Stamp]]:
    """Each row with the code and the name of its subject."""
    rows = session.execute(statement).all()
    named = subjects.names(session, {(row.subject, row.subject_id) for row, _ in rows})
    for row, recorded_at in rows:
        yield row, named[row.subject, row.subject_id], Stamp(row.revision, recorded_at)


def own(actor: Actor, subject: Any, subject_id: Any, project_id: Any) -> ColumnElement[bool]:
    """What an organisation reports on itself, of all that it sees; who keeps what others report on has it all."""
    if actor.may(May.REPORT_FOR_OTHERS):
        return true()
    works = select(col(GridWork.id)).where(col(GridWork.owner_id) == actor.organisation_id)
    clearances = select(col(Clearance.id)).where(col(Clearance.work_id).in_(works))
    return or_(
        project_id.in_(_own_projects(actor)),
        and_(subject == SubjectKind.GRID_WORK, subject_id.in_(works)),
        and_(subject == SubjectKind.CLEARANCE, subject_id.in_(clearances)),
    )


def _own_projects(actor: Actor) -> Select[Any]:
    ids = select(col(Project.id))
    if actor.may(May.REPORT_FOR_OTHERS):
        return ids
    return ids.where(col(Project.investor_id) == actor.organisation_id)
