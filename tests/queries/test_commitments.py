"""Commitments from the tables: what a list costs, and what of them was known when."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.db import CONNECTION, Database
from app.domain.vocabulary import CommitmentState, UnitStage, UnitStatus
from app.queries import commitments, journal
from app.queries.commitments import Filters, View
from tests import factories, lines
from tests.factories import SYSTEM, TODAY

SITE = UnitStage.SITE


def look(session: Session, day: date, revision: int | None = None, **more: Any) -> list[tuple[Any, ...]]:
    """Each promise as it stood at the end of a day: due when, moved how often, in what state."""
    view = View(day, revision or journal.head(session), is_over=True)
    found = commitments.page(session, SYSTEM, view, Filters(**more), after=None, limit=100)
    return [(seen.promise.due_on.day, seen.promise.moves, seen.state.value) for seen in found]


def test_what_was_said_later_does_not_touch_what_was_known(world: factories.World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        lines.towers(session, [None, None])
        one = factories.commitment(session, units=["1"], made_on="2023-02-01", due_on="2023-02-03")
        factories.commitment(session, units=["2"], made_on="2023-02-01", due_on="2023-02-05")
        lines.told(session, SITE, ["1"], date(2023, 2, 2))
    with world.database.reading() as session:
        then = journal.head(session)
        before = [look(session, date(2023, 2, day), then) for day in range(1, 8)]
    assert before[0] == [(3, 0, "open"), (5, 0, "open")]
    assert before[6] == [(3, 0, "kept"), (5, 0, "broken")]
    with world.database.changing(factories.stamp(hour=4)) as session:
        lines.told(session, SITE, ["2"], date(2023, 2, 5))
        lines.told(session, SITE, ["1"], date(2023, 2, 3), UnitStatus.REOPENED)
        factories.commitment(session, units=["2"], made_on="2023-02-01", due_on="2023-02-04")
    with world.database.reading() as session:
        assert [look(session, date(2023, 2, day), then) for day in range(1, 8)] == before
        assert look(session, TODAY) == [(3, 0, "broken"), (4, 0, "kept_late"), (5, 0, "kept")]
        assert look(session, TODAY, state=CommitmentState.BROKEN) == [(3, 0, "broken")]
        assert look(session, date(2023, 1, 31)) == []
        assert commitments.one(session, world.evn_spc, one).id == one


def test_a_list_costs_its_works_and_not_its_length(sqlite_database: Database) -> None:
    factories.world(sqlite_database)
    with sqlite_database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        lines.towers(session, [None] * 9)
        factories.commitment(session, units=["1"])
    with sqlite_database.reading() as session:
        few = statements(session)
    with sqlite_database.changing(factories.stamp()) as session:
        for number in range(30):
            factories.commitment(session, units=[str(n + 1) for n in range(number % 9 + 1)])
    with sqlite_database.reading() as session:
        assert statements(session) == few <= 12
        assert len(look(session, TODAY)) == 31


def statements(session: Session) -> int:
    driver: Any = session.info[CONNECTION].connection.driver_connection
    said: list[str] = []
    driver.set_trace_callback(said.append)
    look(session, TODAY)
    driver.set_trace_callback(None)
    return len(said)
