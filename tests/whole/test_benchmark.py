"""What the benchmark measures on is what the services would have made, and each of its changes changes something."""

import itertools
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.bench import calls, seeding
from app.bench.seeding_milestones import MOVED, RECORDED_AT, TODAY
from app.db import Database
from app.domain import milestones as domain
from app.domain.milestones import Said
from app.domain.vocabulary import MilestoneAct, SubjectKind
from app.outside import shipped
from app.queries import milestones
from app.services import journal
from app.services.milestones import settle
from app.settings import Settings
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.works import Connection

PHASES = 20


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A reading session on a seeded register."""
    file: Path = tmp_path_factory.mktemp("bench") / "seeded.db"
    settings = Settings(_env_file=None, database_url=f"sqlite:///{file}", demo=True, clock_on=TODAY)
    seeding.seed(settings, PHASES)
    database = Database(settings, seal=journal.seal)
    with database.reading() as session:
        yield session
    database.close()


def test_every_subject_has_every_milestone_of_its_template(seeded: Session) -> None:
    kind = col(Milestone.subject)
    found = {of: count for of, count in seeded.execute(select(kind, func.count()).group_by(kind))}
    steps = Counter(step.subject for step in shipped.templates())
    assert found[SubjectKind.PHASE] == PHASES * steps[SubjectKind.PHASE]
    assert found[SubjectKind.PROJECT] == 7 * steps[SubjectKind.PROJECT]
    assert found[SubjectKind.GRID_WORK] == 3 * steps[SubjectKind.GRID_WORK]
    assert found[SubjectKind.CLEARANCE] == 3 * len(shipped.templates().template("land_clearance").milestones)
    assert seeded.execute(select(func.count(col(Connection.phase_id).distinct()))).scalar_one() == PHASES


def test_each_row_is_what_its_entries_come_to(seeded: Session) -> None:
    rows = seeded.execute(select(Milestone)).scalars().all()
    told: dict[int | None, list[Said]] = {}
    for entry in seeded.execute(select(MilestoneEntry).order_by(col(MilestoneEntry.id))).scalars():
        stated = milestones.stated(entry.day, entry.precision)
        told.setdefault(entry.milestone_id, []).append(
            Said(entry.act, stated, entry.verification, RECORDED_AT)
        )
    assert set(told) <= {row.id for row in rows}
    for row in rows:
        state = domain.fold(told.get(row.id, ()))
        settled: Any = SimpleNamespace()
        settle(settled, state, row.revision)
        assert milestones.state_of(row) == state
        assert {name: getattr(row, name) for name in vars(settled)} == vars(settled)
        assert (row.ruled_out_for is None) == row.is_applicable


def test_the_register_holds_late_waiting_ruled_out_and_moved_milestones(seeded: Session) -> None:
    rows = seeded.execute(select(Milestone)).scalars().all()
    assert any(row.due_on is not None and row.due_on < TODAY for row in rows)
    assert any(row.declared_at for row in rows)
    assert any(not row.is_applicable for row in rows)
    assert any(row.moves for row in rows)
    acts = set(seeded.execute(select(col(MilestoneEntry.act)).distinct()).scalars())
    assert {MilestoneAct.PLANNED, MilestoneAct.CONFIRMED, MilestoneAct.RULED_OUT} <= acts


def test_the_milestone_that_is_moved_is_open_and_has_a_forecast_in_every_phase(seeded: Session) -> None:
    rows = seeded.execute(select(Milestone).where(col(Milestone.code) == MOVED)).scalars().all()
    assert len(rows) == PHASES
    assert all(row.actual_on is None and row.is_applicable and row.forecast_on for row in rows)


def test_no_two_moves_are_the_same_and_all_phases_have_their_turn() -> None:
    phases = [f"p-{n}" for n in range(PHASES)]
    made = list(itertools.islice(calls.moves(phases), 3 * PHASES))
    assert len({move.body for move in made}) == len(made)
    assert Counter(move.path for move in made).most_common()[-1][1] == 3
    assert len({move.path for move in made}) == PHASES
