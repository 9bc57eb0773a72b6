"""The network of milestones as it was known before: connections, land, sizes, goals and recognised tranches."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.network import Need, Plan
from app.domain.vocabulary import ConnectionKind, SubjectKind
from app.outside import shipped
from app.queries import journal, network
from app.queries.capacity import View
from app.schemas.projects import PhaseChange
from app.services import projects
from tests import factories
from tests.factories import SYSTEM, TODAY, World

LATER = date(2023, 3, 20)


def known(session: Session, world: World, revision: int | None = None) -> tuple[list[Need], Plan]:
    """Which phase needs what, and the whole network, as it is known or was at a revision."""
    view = View(world.department, TODAY, journal.head(session) if revision is None else revision)
    scope = network.whole(session, view)
    return network.needs(session, view, scope), network.plan(session, view, scope, shipped.calendar(None))


@pytest.fixture
def joined(world: World) -> World:
    """Seven turbines, of which one is recognised; a line that the phase needs."""
    with world.database.changing(factories.stamp(date(2022, 6, 1))) as session:
        factories.turbines(session)
        code = factories.declare(session, world.investor, turbines=["T1"])
        factories.confirm(session, world.evn_spc, code)
        factories.grid_work(session)
        factories.connection(session)
    return world


def test_what_was_joined_later_was_not_there_before(joined: World) -> None:
    with joined.database.reading() as session:
        then, (needs, before) = journal.head(session), known(session, joined)
    assert [need.kind for need in needs] == [ConnectionKind.POINT_OF_CONNECTION]
    with joined.database.changing(factories.stamp(LATER)) as session:
        factories.connection(session, kind="evacuation")
        factories.grid_work(session, "line-b")
        factories.connection(session, work="line-b", kind="gen_tie")
        factories.clearance(session)
    with joined.database.reading() as session:
        after, as_before = known(session, joined, then)
        now, _ = known(session, joined)
    assert after == needs
    assert as_before.phases == before.phases
    assert [need.kind for need in now] == [ConnectionKind.EVACUATION, ConnectionKind.GEN_TIE]


def test_a_phase_waits_for_what_it_waited_for_then_with_the_goal_it_had(joined: World) -> None:
    with joined.database.changing(factories.stamp(date(2022, 7, 1))) as session:
        factories.phase(session, "alpha-2", nominal_mw=50, planned_cod_on="2023-06-30")
    with joined.database.reading() as session:
        then, (_, before) = journal.head(session), known(session, joined)
    sizes = {phase.code: phase.waiting_kw for phase in before.phases.values()}
    assert sizes == {"alpha-1": 6 * 4_200, "alpha-2": 50_000}
    with joined.database.changing(factories.stamp(LATER)) as session:
        # Back-dated: it took effect before the day that is asked for, and was recorded after it.
        rest = factories.declare(
            session, joined.investor, mw=25.2, today=LATER, turbines=[f"T{n}" for n in range(2, 8)]
        )
        factories.confirm(session, joined.evn_spc, rest, today=LATER)
        change = {"nominal_mw": 48, "planned_cod_on": "2023-12-31"}
        projects.change_phase(session, SYSTEM, "alpha-2", PhaseChange.model_validate(change), None)
    with joined.database.reading() as session:
        _, after = known(session, joined, then)
        _, now = known(session, joined)
    assert after.phases == before.phases
    found = {phase.code: (phase.waiting_kw, phase.goal_on) for phase in now.phases.values()}
    assert found == {"alpha-1": (0, None), "alpha-2": (48_000, date(2023, 12, 31))}


def test_a_subject_without_milestones_is_no_part_of_it(joined: World) -> None:
    with joined.database.reading() as session:
        _, plan = known(session, joined)
    assert [node for node in plan.nodes if node.subject == SubjectKind.GRID_WORK] == []
    assert dict(plan.cod) == {}
