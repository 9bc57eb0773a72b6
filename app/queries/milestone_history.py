"""The history of one milestone, and how forecasts have slipped over all of them."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.vocabulary import MilestoneAct
from app.queries import milestones, subjects
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.schemas.milestones import HistoryRead, MilestoneEntryRead
from app.tables.journal import Revision
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.organisations import Organisation, User


def of(session: Session, holder: Holder, key: str) -> HistoryRead:
    """Every entry of a milestone, oldest first."""
    row = milestones.one(session, holder, key)
    statement = (
        select(MilestoneEntry, col(Revision.recorded_at), col(Organisation.code), col(User.login))
        .join(Revision, col(Revision.number) == col(MilestoneEntry.revision))
        .outerjoin(Organisation, col(Organisation.id) == col(MilestoneEntry.organisation_id))
        .outerjoin(User, col(User.id) == col(MilestoneEntry.user_id))
        .where(col(MilestoneEntry.milestone_id) == row.id)
        .order_by(col(MilestoneEntry.id))
    )
    items = [
        MilestoneEntryRead(
            **entry.model_dump(
                include={
                    "act",
                    "day",
                    "precision",
                    "previous_on",
                    "cause",
                    "note",
                    "override_reason",
                    "revision",
                }
            ),
            slip_days=None
            if entry.day is None or entry.previous_on is None
            else (entry.day - entry.previous_on).days,
            document=entry.document_id,
            sources=list(entry.sources),
            organisation=organisation,
            user=user,
            recorded_at=at,
        )
        for entry, at, organisation, user in session.execute(statement)
    ]
    return HistoryRead(items=items, revision=row.revision)


@dataclass(slots=True)
class Slips:
    """What the kept history says of one kind of milestone, or of one organisation.

    The slip of a milestone is the days from its first forecast to its actual, or to its last forecast while it is open.
    A forecast held if the actual came no later than it said; those of open milestones are not judged yet.
    """

    code: str
    name: str
    name_en: str | None
    slips: list[int] = field(default_factory=list)
    moves: int = 0
    judged: int = 0
    held: int = 0

    def add(self, forecasts: list[date], actual_on: date | None) -> None:
        """One milestone with its forecasts, oldest first."""
        end = actual_on or forecasts[-1]
        if actual_on is not None or len(forecasts) > 1:
            self.slips.append((end - forecasts[0]).days)
        self.moves += len(forecasts) - 1
        if actual_on is not None:
            self.judged += len(forecasts)
            self.held += sum(actual_on <= forecast for forecast in forecasts)

    @property
    def median_days(self) -> float | None:
        return statistics.median(self.slips) if self.slips else None

    @property
    def p80_days(self) -> float | None:
        """The slip that four of five milestones do not exceed: the smallest of them that covers 80 %."""
        ordered = sorted(self.slips)
        return float(ordered[-(-len(ordered) * 4 // 5) - 1]) if ordered else None

    @property
    def held_share(self) -> float | None:
        return self.held / self.judged if self.judged else None


def slips(session: Session, view: View, *, by_organisation: bool) -> list[Slips]:
    """Slip statistics over every milestone the reader sees, by kind of milestone or by the organisation that stated."""
    found: dict[str, Slips] = {}
    for row, organisation, forecasts, actual_on in _stated(session, view):
        step = milestones.step_of(row)
        code, name, name_en = step.code, step.name.vi, step.name.en
        if by_organisation:
            if organisation is None:
                continue
            code, name, name_en = organisation.code, organisation.name, organisation.name_en or ""
        found.setdefault(code, Slips(code, name, name_en or None)).add(forecasts, actual_on)
    return [found[code] for code in sorted(found)]


Told = tuple[Milestone, Organisation | None, list[date], date | None]


def _stated(session: Session, view: View) -> Iterable[Told]:
    """Each milestone that has a forecast, with whoever stated the last one, all its forecasts, and its actual."""
    entry = MilestoneEntry
    seen = subjects.visible(
        view.actor, col(Milestone.subject), col(Milestone.subject_id), col(Milestone.project_id)
    )
    ends = (MilestoneAct.WITHDRAWN, MilestoneAct.DISPUTED)
    acts = (MilestoneAct.FORECAST, MilestoneAct.DECLARED, MilestoneAct.CONFIRMED, *ends)
    statement = (
        select(Milestone, col(entry.act), col(entry.day), Organisation)
        .join(entry, col(entry.milestone_id) == col(Milestone.id))
        .outerjoin(Organisation, col(Organisation.id) == col(entry.organisation_id))
        .where(seen, col(entry.act).in_(acts), col(entry.revision) <= view.revision)
        .order_by(col(entry.milestone_id), col(entry.id))
    )
    row: Milestone | None = None
    forecasts: list[date] = []
    actual_on: date | None = None
    who: Organisation | None = None
    for milestone, act, day, organisation in session.execute(statement):
        if row is not None and milestone.id != row.id:
            if forecasts:
                yield row, who, forecasts, actual_on
            forecasts, actual_on, who = [], None, None
        row = milestone
        if act == MilestoneAct.FORECAST:
            who = organisation
            forecasts += [day] if day is not None else []
        else:
            actual_on = None if act in ends else day
    if row is not None and forecasts:
        yield row, who, forecasts, actual_on
