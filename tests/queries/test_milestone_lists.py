"""The lists of milestones say again what they said: on an earlier day, and as was known before things moved on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.access import Actor
from app.domain.vocabulary import Flag, MilestoneStatus, SubjectKind
from app.queries import journal, milestone_lists
from app.queries.capacity import View
from app.queries.milestones import Line
from app.schemas.documents import DocumentChange
from app.schemas.milestones import (
    ActualConfirm,
    ActualDispute,
    InstanceCreate,
    MilestoneChange,
    TemplateApply,
    Which,
)
from app.schemas.obstacles import ObstacleClose, ObstacleRaise
from app.services import documents, milestones, obstacles, templates
from app.tables.base import key
from app.tables.documents import Document
from tests import factories
from tests.factories import World

FIRST, LATER, NOW = date(2023, 2, 7), date(2023, 3, 20), date(2023, 4, 3)
PROJECT, PHASE, WORK = SubjectKind.PROJECT, SubjectKind.PHASE, SubjectKind.GRID_WORK
CODES = {PROJECT: "alpha", PHASE: "alpha-1", WORK: "line"}
LETTER = {"letter_number": "12/BB", "letter_on": "2023-01-20", "letter_issuer": "Tư vấn giám sát"}
OVERRIDE = {"override_reason": "Số liệu cũ, các bước trước chưa nhập"}


class Keeping:
    """One change under way: what somebody says of milestones, through the services."""

    def __init__(self, session: Session, world: World, today: date) -> None:
        self.session, self.world, self.today = session, world, today

    def apply(self, kind: SubjectKind, actor: Actor | None = None) -> None:
        templates.apply(
            self.session, actor or self.world.department, kind, CODES[kind], TemplateApply.model_validate({})
        )
        self.session.flush()

    def say(self, kind: SubjectKind, name: str, actor: Actor | None = None, **change: Any) -> None:
        milestones.change(
            *(self.session, actor or self.world.department, kind, CODES[kind], name),
            *(MilestoneChange.model_validate(change), None, self.today),
        )

    def declare(self, kind: SubjectKind, name: str, on: str, **more: Any) -> None:
        """Declared by the department, which passes over the gates before it."""
        self.say(kind, name, actual_on=on, **{**LETTER, **OVERRIDE, **more})

    def confirm(self, kind: SubjectKind, name: str, **change: Any) -> None:
        milestones.confirm(
            *(self.session, self.world.evn_spc, kind, CODES[kind], name),
            *(ActualConfirm.model_validate(change), None, self.today),
        )

    def dispute(self, kind: SubjectKind, name: str) -> None:
        milestones.dispute(
            *(self.session, self.world.evn_spc, kind, CODES[kind], name),
            *(ActualDispute(note="Văn bản chưa ký"), None),
        )


@contextmanager
def changing(world: World, day: date, hour: int = 3) -> Iterator[Keeping]:
    with world.database.changing(factories.stamp(day, hour)) as session:
        yield Keeping(session, world, day)


@pytest.fixture
def kept(world: World) -> World:
    """A project, its phase and a line with milestones, and something in every list on 7 February 2023."""
    with changing(world, FIRST - timedelta(days=30)) as keeping:
        factories.grid_work(keeping.session)
        factories.connection(keeping.session)
        for kind in CODES:
            keeping.apply(kind)
        # Late: planned for days that have passed since.
        for name, plan_on in [("W-E3", "2023-01-12"), ("W-E4", "2023-01-12"), ("W-E6", "2023-02-06")]:
            keeping.say(PHASE, name, plan_on=plan_on)
        keeping.say(WORK, "G-05", plan_on="2023-01-31")
        # Expected within thirty days, and much later.
        for name, forecast_on in [("G-07", "2023-02-20"), ("G-08", "2023-02-07"), ("G-26", "2024-06-30")]:
            keeping.say(WORK, name, forecast_on=forecast_on)
        keeping.say(PHASE, "W-E2", forecast_on="2023-02-20")
        keeping.say(PHASE, "W-F3", forecast_on="2023-01-01", forecast_precision="quarter")
        keeping.say(PROJECT, "W-A4", is_applicable=True, forecast_on="2023-02-25")
    with changing(world, FIRST - timedelta(days=1)) as keeping:
        keeping.declare(PHASE, "W-C5", "2023-01-28")
        keeping.declare(PROJECT, "W-A3", "2022-12-24", valid_until="2023-03-01")
    with changing(world, FIRST) as keeping:
        keeping.declare(PHASE, "W-F7", "2023-02-07")
    return world


def move_on(world: World) -> None:
    """Whatever can happen to the milestones of these lists, some weeks later."""
    with changing(world, LATER) as keeping:
        # Forecasts move, plans are made new, one is emptied.
        keeping.say(WORK, "G-07", forecast_on="2024-01-15", cause="land_price")
        keeping.say(WORK, "G-08", forecast_on="2023-03-25", cause="weather")
        keeping.say(PHASE, "W-F3", forecast_on=None, cause="licence")
        keeping.say(PHASE, "W-E3", plan_on="2023-12-01")
        keeping.say(WORK, "G-05", plan_on=None)
        # Declared, also back-dated to before the day that was asked for.
        keeping.declare(PHASE, "W-E4", "2023-01-30", override_reason=None)
        keeping.declare(PHASE, "W-E2", "2023-03-01")
        # The second key: yes with another day, no, and taken back.
        keeping.confirm(PHASE, "W-C5", actual_on="2023-01-30")
        keeping.dispute(PROJECT, "W-A3")
        keeping.say(PHASE, "W-F7", actual_on=None, note="Báo nhầm")
        # Ruled out, and a step more.
        keeping.say(PROJECT, "W-A4", is_applicable=False, note="Không có vốn nước ngoài")
        keeping.say(PHASE, "W-E6", is_applicable=False, note="Gộp vào bước sau")
        templates.add_instance(
            *(keeping.session, keeping.world.department, WORK, "line", "G-10", InstanceCreate())
        )
        keeping.say(WORK, "G-10.2", plan_on="2023-01-01", forecast_on="2023-04-10")
        # And something new for every list.
        for name, plan_on in [("G-12", "2023-02-28"), ("G-15", "2023-03-15"), ("G-16", "2023-03-15")]:
            keeping.say(WORK, name, plan_on=plan_on)
        for name, forecast_on in [("G-17", "2023-04-12"), ("G-18", "2023-04-12")]:
            keeping.say(WORK, name, forecast_on=forecast_on)
        keeping.declare(PHASE, "W-G1", "2023-03-15")
        number = keeping.session.execute(
            select(col(Document.id)).where(col(Document.valid_until).is_not(None))
        ).scalar_one()
        change = DocumentChange.model_validate({"valid_until": "2025-01-01"})
        documents.change(keeping.session, world.department, key(number), change, None, LATER)


@dataclass(frozen=True)
class Told:
    """What a list says of one milestone: all that a reader gets of it but its own revision."""

    subject: SubjectKind
    subject_id: int
    name: str
    state: domain.State
    status: MilestoneStatus
    flag: Flag | None
    late_days: int | None
    slip_days: int | None
    valid_until: date | None
    reported_at: object
    place: str


def told(line: Line, which: Which, as_of: date) -> Told:
    return Told(
        subject=line.row.subject,
        subject_id=line.row.subject_id,
        name=line.key,
        state=line.state,
        status=domain.status(
            line.state,
            as_of,
            valid_until=line.valid_until,
            is_blocked=line.is_blocked,
            is_free=line.is_free,
        ),
        flag=domain.flag(line.state, as_of),
        late_days=domain.late_days(line.state, as_of),
        slip_days=domain.slip_days(line.state, as_of),
        valid_until=line.valid_until,
        reported_at=line.reported_at,
        place=milestone_lists.place(line, which),
    )


def page(
    world: World,
    which: Which,
    *,
    as_of: date = FIRST,
    today: date = FIRST,
    revision: int | None = None,
    actor: Actor | None = None,
    after: str | None = None,
    limit: int = 100,
    subject: SubjectKind | None = None,
) -> list[Told]:
    with world.database.reading() as session:
        known = journal.head(session) if revision is None else revision
        view = View(actor or world.department, as_of, known)
        found = milestone_lists.page(
            *(session, view, today, which),
            within_days=30,
            subject=subject,
            after=after,
            limit=limit,
        )
        return [told(line, which, as_of) for line in found]


def head(world: World) -> int:
    with world.database.reading() as session:
        return journal.head(session)


def names(lines: list[Told]) -> list[str]:
    return [line.name for line in lines]


EXPECTED = {
    Which.LATE: ["W-E3", "W-E4", "G-05", "W-E6"],
    Which.DUE_SOON: ["G-08", "W-E2", "G-07", "W-A4"],
    Which.WAITING: ["W-A3", "W-C5", "W-F7"],
    Which.OPEN: ["W-E3", "W-E4", "G-05", "W-E6", "G-08", "W-E2", "G-07", "W-A4", "W-F3", "G-26"],
}


@pytest.mark.parametrize("which", list(Which))
def test_each_list_holds_what_belongs_in_it_the_earliest_day_first(kept: World, which: Which) -> None:
    assert names(page(kept, which)) == EXPECTED[which]
    for subject in (PROJECT, PHASE, WORK):
        own = [line.name for line in page(kept, which) if line.subject == subject]
        assert names(page(kept, which, subject=subject)) == own
    assert names(page(kept, which, actor=kept.investor)) == EXPECTED[which]
    assert page(kept, which, actor=kept.stranger) == []


def every_answer(world: World, today: date, revision: int) -> dict[tuple[Which, date], list[Told]]:
    """Each list as of some weeks before, of the day and of a week after."""
    return {
        (which, as_of): page(world, which, as_of=as_of, today=today, revision=revision)
        for which in Which
        for as_of in (FIRST - timedelta(days=20), FIRST, FIRST + timedelta(days=7))
    }


def test_every_list_as_it_was_known_before_is_what_was_answered_before(kept: World) -> None:
    then = head(kept)
    before = every_answer(kept, FIRST, then)
    assert all(before[which, FIRST] for which in Which)
    move_on(kept)
    after = every_answer(kept, LATER, then)
    assert {asked: names(lines) for asked, lines in after.items()} == {
        asked: names(lines) for asked, lines in before.items()
    }
    assert after == before
    now = every_answer(kept, LATER, head(kept))
    for which in Which:
        assert now[which, FIRST] != before[which, FIRST], which


def test_the_same_is_so_step_by_step_through_a_whole_history(kept: World) -> None:
    """After each of a row of changes to one milestone, every list of every earlier moment still says what it said."""
    steps: list[Callable[[Keeping], None]] = [
        lambda k: k.say(PHASE, "W-C5", actual_on=None, note="Báo nhầm"),
        lambda k: k.say(PHASE, "W-C5", forecast_on="2023-02-20"),
        lambda k: k.say(PHASE, "W-C5", plan_on="2023-02-01"),
        lambda k: k.say(PHASE, "W-C5", forecast_on="2023-09-01", cause="weather"),
        lambda k: k.declare(PHASE, "W-C5", "2023-02-07"),
        lambda k: k.dispute(PHASE, "W-C5"),
        lambda k: k.say(PHASE, "W-C5", is_applicable=False, note="Không cần"),
        lambda k: k.say(PHASE, "W-C5", is_applicable=True),
        lambda k: k.declare(PHASE, "W-C5", "2023-02-06"),
        lambda k: k.confirm(PHASE, "W-C5", actual_on="2023-02-05"),
        lambda k: k.say(PHASE, "W-C5", actual_on=None, note="Hồ sơ bị trả lại"),
    ]
    answers = [(FIRST, head(kept), every_answer(kept, FIRST, head(kept)))]
    for number, step in enumerate(steps, 1):
        today = FIRST + timedelta(days=number)
        with changing(kept, today) as keeping:
            step(keeping)
        answers.append((today, head(kept), every_answer(kept, today, head(kept))))
    for (_, _, before), (_, _, following) in pairwise(answers):
        assert following != before
    for today, revision, before in answers:
        assert every_answer(kept, today, revision) == before, revision


def test_on_an_earlier_day_what_was_done_since_was_open(kept: World) -> None:
    """W-C5 was done on 28 January: on the 18th nobody could wait to confirm it, whatever is known today."""
    early = date(2023, 1, 18)
    assert names(page(kept, Which.WAITING, as_of=early)) == ["W-A3"]
    assert names(page(kept, Which.LATE, as_of=early)) == ["W-E3", "W-E4"]
    assert {line.late_days for line in page(kept, Which.LATE, as_of=early)} == {6}


@pytest.mark.parametrize("which", list(Which))
def test_the_pages_of_a_list_make_the_whole_list_now_and_then(kept: World, which: Which) -> None:
    then = head(kept)
    whole = page(kept, which)
    move_on(kept)
    views: list[dict[str, Any]] = [
        {"revision": then},
        {"today": NOW, "as_of": NOW},
        {"today": NOW, "as_of": LATER},
    ]
    for asked in views:
        expected = whole if "revision" in asked else page(kept, which, **asked)
        assert len(expected) > 1
        for limit in (1, 2, 3, 4):
            assert paged(kept, which, limit, **asked) == expected, (limit, asked)


def paged(world: World, which: Which, limit: int, **asked: Any) -> list[Told]:
    """A list read page by page, each from the place where the one before ended."""
    found: list[Told] = []
    after: str | None = None
    while True:
        lines = page(world, which, after=after, limit=limit, **asked)
        found += lines[:limit]
        if len(lines) <= limit:
            return found
        assert len(found) < 100, "the pages go round in a circle"
        after = lines[limit - 1].place


def test_what_waits_stands_in_one_order_on_the_day_and_as_it_was_known_then(kept: World) -> None:
    """Two that were declared on one day, the younger milestone first: they keep the order of the clock."""
    with changing(kept, FIRST, hour=5) as keeping:
        keeping.say(PHASE, "W-C5", actual_on=None, note="Báo nhầm")
    with changing(kept, FIRST, hour=6) as keeping:
        keeping.declare(PHASE, "W-C5", "2023-02-06")
    before, then = page(kept, Which.WAITING), head(kept)
    assert names(before) == ["W-A3", "W-F7", "W-C5"]
    with changing(kept, LATER) as keeping:
        keeping.say(PHASE, "W-E3", plan_on="2023-12-01")
    assert names(page(kept, Which.WAITING, revision=then)) == names(before)
    assert paged(kept, Which.WAITING, 1, revision=then) == page(kept, Which.WAITING, revision=then)


@pytest.mark.parametrize("which", [Which.LATE, Which.DUE_SOON, Which.OPEN])
def test_a_page_goes_on_after_the_last_one_though_its_end_has_left_the_list(
    kept: World, which: Which
) -> None:
    whole = page(kept, which)
    last = whole[1]
    with changing(kept, FIRST, hour=5) as keeping:
        keeping.say(last.subject, last.name, is_applicable=False, note="Không cần nữa")
    assert names(page(kept, which, after=last.place)) == names(whole[2:])


def test_an_obstacle_blocks_from_when_it_was_known_until_it_was_known_to_be_closed(kept: World) -> None:
    def blocked(revision: int) -> set[str]:
        lines = page(kept, Which.LATE, revision=revision)
        return {line.name for line in lines if line.status == MilestoneStatus.BLOCKED}

    free = head(kept)
    body = {"kind": "land_price", "title": "Giá đất", "subject": "grid_work", "subject_code": "line"}
    raised = ObstacleRaise.model_validate(
        {**body, "milestone": "G-05", "responsible": "UBH", "due_on": "2023-06-30"}
    )
    with kept.database.changing(factories.stamp(FIRST, 5)) as session:
        number = key(obstacles.raise_obstacle(session, kept.department, raised, FIRST).id)
    stopped = head(kept)
    with kept.database.changing(factories.stamp(FIRST, 6)) as session:
        close = ObstacleClose.model_validate({"outcome": "Đã thống nhất giá"})
        obstacles.close(session, kept.department, number, close, None, FIRST)
    assert [blocked(revision) for revision in (free, stopped, head(kept))] == [set(), {"G-05"}, set()]
