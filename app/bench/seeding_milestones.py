"""The milestones of a made-up register: every step of its template for each subject, as the services would leave it.

A step's row is what its entries fold to, written by the service that writes every row (`milestones.settle`), so a
seeded milestone moves on like any other. Subjects stand in one of some variants of how far they have come; the rows
of a variant are made once and copied for every subject that stands in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.domain import milestones as domain
from app.domain import templates
from app.domain.milestones import Said, Stated
from app.domain.templates import MilestoneTemplate
from app.domain.vocabulary import (
    DelayCause,
    Gate,
    MilestoneAct,
    Precision,
    SubjectKind,
    Track,
    Verification,
    WorkKind,
)
from app.outside import shipped
from app.queries import conditions
from app.queries.subjects import Holder
from app.services.milestones import settle
from app.services.templates import steps_of
from app.tables.base import table
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, GridWork

# The day on which the measured service stands, so that a run tomorrow measures what a run today does, and when all of
# it was recorded: the day before.
TODAY = date(2023, 2, 7)
RECORDED_AT = datetime(2023, 2, 6, 12, tzinfo=UTC)
# A prime, so that how far a subject has come hangs together with nothing else that is counted by numbers.
VARIANTS = 97
# How many steps in a row are done, by what they hang on.
DONE = {
    SubjectKind.PROJECT: range(22),
    SubjectKind.PHASE: range(3, 7),
    SubjectKind.GRID_WORK: range(20),
    SubjectKind.CLEARANCE: range(12),
}
# The seventh step of a phase: open in each of them, and with a forecast that can be moved.
MOVED = "W-E6"
# So many steps after the last one that is done have a plan and a forecast, each so many days after the one before it.
AHEAD, STRIDE = 4, 25

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A subject that gets its milestones: by its id, with its project and the organisation that reports on it."""

    kind: SubjectKind
    subject_id: int
    project_id: int | None
    organisation_id: int


class Milestones:
    """Gives subjects their milestones in bulk. An empty database numbers rows 1, 2, 3, so it counts along."""

    def __init__(self) -> None:
        self._last = 0

    def add(self, session: Session, revision: int, places: Iterable[Place]) -> None:
        """The rows of some subjects and all their entries, recorded in one revision."""
        rows: list[Row] = []
        entries: list[Row] = []
        for place in places:
            told = {"organisation_id": place.organisation_id, "revision": revision}
            held = {"subject_id": place.subject_id, "project_id": place.project_id}
            held |= {"created_in": revision, "revision": revision}
            for row, said in _milestones(place.kind, place.subject_id % VARIANTS):
                self._last += 1
                rows.append(row | held)
                entries.extend(entry | told | {"milestone_id": self._last} for entry in said)
        session.execute(insert(table(Milestone)), rows)
        session.execute(insert(table(MilestoneEntry)), entries)


@cache
def _milestones(kind: SubjectKind, variant: int) -> list[tuple[Row, list[Row]]]:
    """Every step of a subject in that variant: its row, and the entries that the row is the sum of."""
    holder = Holder(kind, _SAMPLES[kind], None, None)
    template_set = shipped.templates()
    known = conditions.known(_NO_SESSION, holder)
    done = DONE[kind][variant % len(DONE[kind])]
    return [
        _milestone(kind, step, template_set.version, list(_told(step, known, position - done, variant)))
        for position, step in enumerate(steps_of(template_set, holder))
    ]


# What is asked of a subject without a project is on its own row.
_NO_SESSION: Any = None
_SAMPLES: dict[SubjectKind, Any] = {
    SubjectKind.PROJECT: Project(code="", name="", created_in=0, revision=0),
    SubjectKind.PHASE: Phase(project_id=0, code="", name="", created_in=0),
    SubjectKind.GRID_WORK: GridWork(code="", kind=WorkKind.LINE, name="", created_in=0, revision=0),
    SubjectKind.CLEARANCE: Clearance(code="", name="", track=Track.RECOVERED_LAND, created_in=0, revision=0),
}


def _milestone(
    kind: SubjectKind, step: MilestoneTemplate, version: int, told: list[Row]
) -> tuple[Row, list[Row]]:
    # The service writes attributes; to write those of a table's row would take ten times as long.
    drawn: Any = SimpleNamespace()
    settle(drawn, domain.fold(_said(entry) for entry in told), 0)
    row = _BLANK | {"subject": kind, "code": step.code, "template_version": version} | vars(drawn)
    if not drawn.is_applicable:
        row["ruled_out_for"] = told[-1]["note"]
    return row, told


_BLANK = Milestone(
    subject=SubjectKind.PROJECT, subject_id=0, code="", template_version=0, created_in=0, revision=0
).model_dump(exclude={"id"})


def _said(entry: Row) -> Said:
    stated = None if entry["day"] is None else Stated(entry["day"], entry["precision"])
    return Said(entry["act"], stated, entry["verification"], RECORDED_AT)


def _told(step: MilestoneTemplate, known: dict[str, bool | None], ahead: int, variant: int) -> Iterator[Row]:
    """What has been said about a step that stands `ahead` steps after the last one that is done (below 0: it is done)."""
    does_apply, condition = templates.applies(step, known)
    if not does_apply and condition is not None:
        yield _entry(MilestoneAct.RULED_OUT, note=condition.code)
        return
    planned_on = TODAY + timedelta(days=STRIDE * ahead + variant % 60 - 40)
    if ahead < 0:
        yield from _done(step, min(planned_on, TODAY - timedelta(days=1)), is_last=ahead == -1)
    elif ahead < AHEAD:
        yield from _expected(planned_on, variant)


def _done(step: MilestoneTemplate, on: date, *, is_last: bool) -> Iterator[Row]:
    """Planned, declared some days later and, at a hard gate, confirmed; the last one that is done still waits for it."""
    yield _entry(MilestoneAct.PLANNED, on - timedelta(days=10))
    yield _entry(MilestoneAct.DECLARED, on, verification=domain.first_verification(step))
    if step.gate == Gate.HARD and not is_last:
        yield _entry(MilestoneAct.CONFIRMED, on, previous_on=on, verification=Verification.CONFIRMED)


def _expected(planned_on: date, variant: int) -> Iterator[Row]:
    """Planned, and expected on that day or later, in half of the variants after a move."""
    yield _entry(MilestoneAct.PLANNED, planned_on)
    first = max(planned_on, TODAY) + timedelta(days=variant % 7)
    yield _entry(MilestoneAct.FORECAST, first)
    if variant % 2:
        later = first + timedelta(days=14)
        yield _entry(MilestoneAct.FORECAST, later, previous_on=first, cause=DelayCause.MATERIALS)


def _entry(act: MilestoneAct, day: date | None = None, **more: Any) -> Row:
    blank = {"previous_on": None, "verification": None, "cause": None, "note": None}
    return {"act": act, "day": day, "precision": Precision.DAY, **blank, **more}
