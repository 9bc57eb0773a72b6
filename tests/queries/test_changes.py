"""Pages of the feed and snapshots read from the journal: nothing missed while others write, nothing read at length."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.bench import seeding
from app.db import Database, Stamp
from app.domain.access import ANONYMOUS, Actor, Role
from app.domain.vocabulary import Fact
from app.queries import changes
from app.queries.changes import END, FIRST, Filters, Page, Place
from app.schemas.obstacles import ObstacleChange
from app.schemas.projects import PhaseChange, ProjectChange, ProjectCreate
from app.services import journal, obstacles, projects
from app.settings import Settings
from app.tables.journal import Fact as FactRow
from tests import factories
from tests.factories import SYSTEM, World

NOTHING = Filters()


def page(database: Database, actor: Actor, after: Place = FIRST, limit: int = 500, **filters: Any) -> Page:
    with database.reading() as session:
        return changes.page(session, actor, after, Filters(**filters), limit)


def everything(database: Database, actor: Actor, limit: int = 500, after: Place = FIRST) -> list[Place]:
    """The places of all facts that an actor is shown, page by page."""
    found: list[Place] = []
    more = True
    while more:
        read = page(database, actor, after, limit)
        found += [line.place for line in read.lines]
        more, after = read.more, read.following
    return found


def stored(database: Database) -> list[Place]:
    with database.reading() as session:
        rows = session.execute(
            select(FactRow.revision, FactRow.position).order_by(FactRow.revision, FactRow.position)
        )
        return [Place(*row) for row in rows]


def test_no_fact_is_missed_while_many_write(world: World) -> None:
    """Writers whose clocks run apart and whose changes hold one fact or several; readers who page behind them."""
    database, writers, each = world.database, 4, 12
    over, together = threading.Event(), threading.Barrier(writers + 2)

    def write(number: int) -> None:
        together.wait()
        for turn in range(each):
            at = factories.at() + timedelta(seconds=(number * 7 + turn * 5) % 11)
            with database.changing(Stamp(at, f"{number}-{turn}")) as session:
                for more in range(1 + turn % 3):
                    change = PhaseChange(turbine_count=100 * number + 4 * turn + more + 1)
                    projects.change_phase(session, world.investor, "alpha-1", change, None)

    def read(actor: Actor) -> list[Place]:
        found: list[Place] = []
        after, is_last = FIRST, False
        together.wait()
        while True:
            was_over = over.is_set()
            seen = page(database, actor, after, limit=3)
            assert seen.following >= after
            found, after = [*found, *(line.place for line in seen.lines)], seen.following
            if is_last and not seen.more:
                return found
            is_last = was_over

    with ThreadPoolExecutor(writers + 2) as crowd:
        readers = [crowd.submit(read, actor) for actor in (world.investor, world.department)]
        try:
            for done in [crowd.submit(write, number) for number in range(writers)]:
                done.result()
        finally:
            over.set()
        narrow, whole = (reader.result() for reader in readers)
    assert whole == stored(database)
    assert narrow == everything(database, world.investor)
    changed = [place for place in narrow if place.revision > 1]
    assert len(changed) == writers * sum(1 + turn % 3 for turn in range(each))


def test_a_place_holds_when_more_is_written(world: World) -> None:
    seen = page(world.database, world.investor)
    assert (seen.following, seen.more) == (Place(seen.revision, END), False)
    with world.database.changing(factories.stamp()) as session:
        projects.change_phase(session, world.investor, "alpha-1", PhaseChange(turbine_count=7), None)
    later = page(world.database, world.investor, seen.following)
    assert [line.change.fact.kind for line in later.lines] == [Fact.PHASE_CHANGED]
    assert page(world.database, world.investor, later.following).lines == []


def test_a_reader_who_sees_little_passes_over_the_rest_in_bounded_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = everything(world.database, ANONYMOUS)
    with world.database.changing(factories.stamp()) as session:
        for count in range(1, 30):
            projects.change_phase(session, world.investor, "alpha-1", PhaseChange(note=f"{count}"), None)
        projects.change_phase(session, world.investor, "alpha-1", PhaseChange(turbine_count=3), None)
    monkeypatch.setattr(changes, "SCAN", 5)
    seen = page(world.database, ANONYMOUS, limit=50)
    assert (len(seen.lines) <= 5, seen.more) == (True, True)
    found = everything(world.database, ANONYMOUS, limit=50)
    assert found[:-1] == whole
    assert found[-1] == stored(world.database)[-1]
    # A narrow question of somebody who sees everything goes the same way, and so does one for a single code.
    asked = page(world.database, world.department, limit=50, kinds=(Fact.TARGET_CREATED.value,))
    assert (asked.lines, asked.more) == ([], True)
    one = page(world.database, world.department, limit=50, subject="target", code="377mw-2023")
    assert [line.change.fact.kind for line in one.lines] == [Fact.TARGET_CREATED]
    assert not one.more


def test_a_fact_asked_for_or_not_that_changes_the_sight_is_told(world: World) -> None:
    after = page(world.database, world.stranger).following
    with world.database.changing(factories.stamp()) as session:
        change = ProjectChange(investor="other-wind")
        projects.change(session, world.department, "alpha", change, None)
    for kinds in ((), (Fact.TARGET_CREATED.value,)):
        for actor, is_moved in (
            *((world.stranger, True), (world.investor, True)),
            *((world.department, False), (world.evn_spc, False), (ANONYMOUS, False)),
        ):
            assert page(world.database, actor, after, kinds=kinds).is_moved is is_moved
    # It was told once; and what was stated before is now the stranger's to see.
    again = page(world.database, world.stranger, page(world.database, world.stranger, after).following)
    assert (again.lines, again.is_moved) == ([], False)


def kinds_of(database: Database, actor: Actor) -> list[str]:
    return [line.change.fact.kind for line in page(database, actor).lines]


def test_whose_a_project_is_when_it_is_read_decides(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=1)
    assert Fact.TURBINE_CREATED in kinds_of(world.database, world.investor)
    assert Fact.TURBINE_CREATED not in kinds_of(world.database, world.stranger)
    with world.database.changing(factories.stamp()) as session:
        change = ProjectChange(investor="other-wind")
        projects.change(session, world.department, "alpha", change, None)
    assert Fact.TURBINE_CREATED not in kinds_of(world.database, world.investor)
    assert Fact.TURBINE_CREATED in kinds_of(world.database, world.stranger)


def test_facts_of_a_removed_project_are_not_those_of_one_that_takes_its_id(world: World) -> None:
    """SQLite gives the last id again."""
    with world.database.changing(factories.stamp()) as session:
        change = ProjectCreate.model_validate({"code": "gone", "name": "Thôi", "investor": "mekong-wind"})
        projects.create(session, SYSTEM, change)
        factories.phase(session, "gone-1", "gone")
        factories.turbines(session, "gone-1", 1)
    with world.database.changing(factories.stamp()) as session:
        projects.remove_turbine(session, SYSTEM, "gone-1", "T1", None)
        projects.remove_phase(session, SYSTEM, "gone-1", None)
        projects.remove(session, SYSTEM, "gone", None)
    with world.database.changing(factories.stamp()) as session:
        factories.project(session, "new", "other-wind")
    lines = page(world.database, world.stranger).lines
    assert all(line.change.fact.subject != "turbine" for line in lines)
    assert {line.change.project for line in lines if line.change.fact.subject == "phase"} == {"alpha", None}


def test_what_hangs_on_a_work_is_seen_by_those_whose_phase_needs_it(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.unit(session)
        number = factories.obstacle(session, "grid_work", "line")
        obstacles.change(session, SYSTEM, number, ObstacleChange(description="Ba vị trí"), None)
        factories.commitment(session)
    of_work = [Fact.OBSTACLE_RAISED, Fact.OBSTACLE_CHANGED, Fact.WORK_UNIT_CREATED, Fact.COMMITMENT_MADE]
    for actor in (world.investor, world.stranger):
        assert not set(of_work) & set(kinds_of(world.database, actor))
    with world.database.changing(factories.stamp()) as session:
        factories.connection(session)
    assert set(of_work) <= set(kinds_of(world.database, world.investor))
    assert not set(of_work) & set(kinds_of(world.database, world.stranger))


def test_old_facts_that_say_less_are_read_as_well(world: World) -> None:
    """A tranche's first entry did not say how it stood, nor did an obstacle who raised it; some kinds of old subjects
    are written no more."""
    with world.database.changing(factories.stamp()) as session:
        journal.record(
            session, SYSTEM, Fact.COD_DECLARED, "tranche", "alpha.9", after={"kw": 1, "phase": "alpha-1"}
        )
        journal.record(session, SYSTEM, Fact.OBSTACLE_RAISED, "obstacle", "99", after={"title": "Cũ"})
        journal.record(session, SYSTEM, Fact.WORK_UNIT_CREATED, "work_unit", "line", after={})
        journal.record(session, SYSTEM, Fact.MILESTONES_APPLIED, "milestones", "phase/alpha-1",
                       after={"template_version": 99, "ruled_out": []})  # fmt: skip
    told = [line.change.fact for line in page(world.database, world.department).lines[-4:]]
    assert [(fact.subject, fact.after) for fact in told] == [
        ("tranche", {"capacity_mw": 0.001, "phase": "alpha-1", "status": "declared", "operating_mw": 0}),
        ("obstacle", {"title": "Cũ"}),
        ("work_unit", {}),
        ("milestones", {"template_version": 99, "ruled_out": [], "codes": ()}),
    ]


def test_a_snapshot_is_of_its_revision_on_every_page(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.turbines(session, count=3)
        revision = journal.number(session, SYSTEM)
    first = snapshot(world.database, world.investor, revision, None, 2)
    with world.database.changing(factories.stamp()) as session:
        change = PhaseChange(turbine_count=9)
        projects.change_phase(session, world.investor, "alpha-1", change, None)
        projects.remove_turbine(session, world.investor, "alpha-1", "T2", None)
        factories.target(session, "zzz")
    found = {}
    after: Any = None
    while True:
        part = snapshot(world.database, world.department, revision, after, 2)
        found |= {one.key: one.item for one in part.stood}
        if part.following is None:
            break
        after = part.following
    assert "turbine_count" not in found["phase", "alpha-1"].fields
    assert {key.code for key in found if key.subject == "turbine"} == {f"alpha-1/T{n}" for n in (1, 2, 3)}
    assert ("target", "zzz") not in found
    assert first.stood


def snapshot(database: Database, actor: Actor, revision: int, after: Any, limit: int) -> changes.Snapshot:
    with database.reading() as session:
        return changes.snapshot(session, actor, revision, after, None, limit)


@pytest.mark.parametrize("name", ["department", "investor", "anonymous"])
def test_a_page_costs_a_fixed_number_of_statements(world: World, name: str) -> None:
    actor = world.actors.get(name, ANONYMOUS)
    with world.database.changing(factories.stamp()) as session:
        factories.apply(session)
        for count in range(1, 40):
            change = PhaseChange(turbine_count=count)
            projects.change_phase(session, world.investor, "alpha-1", change, None)
            factories.obstacle(session)
    asked: list[str] = []
    event.listen(world.database.reader, "before_cursor_execute", lambda *said: asked.append(said[2]))
    few = len(page(world.database, actor, limit=5).lines)
    once = len(asked)
    many = len(page(world.database, actor, limit=200).lines)
    assert many > few
    assert len(asked) - once <= once + 3 <= 15


def test_pages_are_walked_along_the_key_and_subjects_found_by_their_index(sqlite_database: Database) -> None:
    """No sort and no scan of the journal, whoever asks for what."""
    made = factories.world(sqlite_database)
    told: list[str] = []

    def explained(session: Session, ask: Any) -> None:
        event.listen(sqlite_database.reader, "before_cursor_execute", keep)
        ask(session)
        event.remove(sqlite_database.reader, "before_cursor_execute", keep)

    plans: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM fact" in statement:
            plans.append((statement, parameters))

    asks = [
        lambda s, actor=actor, filters=filters: changes.page(s, actor, FIRST, filters, 10)
        for actor in (made.department, made.investor, ANONYMOUS)
        for filters in (NOTHING, Filters(kinds=("phase.changed",)), Filters(subject="phase"))
    ]
    asks.append(lambda s: changes.snapshot(s, made.department, 9, None, None, 10))
    with sqlite_database.reading() as session:
        for ask in asks:
            explained(session, ask)
        assert len(plans) > len(asks)
        for statement, parameters in plans:
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            told += [row[3] for row in rows]
    assert not [line for line in told if line.startswith("SCAN fact") and "INDEX" not in line], told
    # Of a snapshot only the facts of one subject in one revision are put in order.
    sorts = [line for line in told if "TEMP B-TREE" in line and "RIGHT PART" not in line]
    assert not sorts, told


def test_the_benchmark_register_is_read_whole(tmp_path: Any) -> None:
    """Facts that were never stated by a service do not stop the feed either."""
    url = f"sqlite:///{tmp_path / 'bench.db'}"
    chosen = Settings(_env_file=None, database_url=url, demo=True, clock_on=date(2023, 2, 7))
    seeding.seed(chosen, 20)
    database = Database(chosen, seal=journal.seal)
    for actor in (
        Actor(Role.DEPARTMENT, 2, "bench-department"),
        Actor(Role.INVESTOR, 1, "bench-investor"),
        ANONYMOUS,
    ):
        assert everything(database, actor, limit=50)
    database.close()
