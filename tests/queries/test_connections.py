"""A connection agreement and the investment it waits for are two things in the network: each holds a phase back alone."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.network import Plan
from app.domain.vocabulary import SubjectKind
from app.outside import shipped
from app.queries import journal, network
from app.queries.capacity import View
from tests import factories
from tests.factories import TODAY, World

AGREEMENT, ENERGISED, LINE_ENERGISED = "W-D2", "W-F5", "G-26"


@pytest.fixture
def shared(world: World) -> World:
    """Two projects whose phases need the same line of EVN SPC, and the second its own gen-tie too."""
    with world.database.changing(factories.stamp(date(2022, 6, 1))) as session:
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta", 49)
        factories.grid_work(session)
        factories.grid_work(session, "tie", owner="other-wind")
        for phase in ("alpha-1", "beta-1"):
            factories.connection(session, phase)
        factories.connection(session, "beta-1", "tie", kind="gen_tie")
        for kind, codes in (
            ("project", ("alpha", "beta")),
            ("phase", ("alpha-1", "beta-1")),
            ("grid_work", ("line", "tie")),
        ):
            for code in codes:
                factories.apply(session, kind, code)
    return world


def plan_of(session: Session, world: World) -> Plan:
    view = View(world.department, TODAY, journal.head(session))
    return network.plan(session, view, network.whole(session, view), shipped.calendar(None))


def find(plan: Plan, kind: SubjectKind, step: str) -> list[int]:
    return [i for i, node in enumerate(plan.nodes) if node.subject == kind and node.step.code == step]


def behind(plan: Plan, position: int) -> set[int]:
    """Everything that waits for a milestone."""
    found, waiting = set[int](), [position]
    while waiting:
        fresh = set(plan.successors[waiting.pop()]) - found
        found |= fresh
        waiting += fresh
    return found


def test_phases_of_two_projects_wait_for_the_one_line_they_share(shared: World) -> None:
    with shared.database.reading() as session:
        plan = plan_of(session, shared)
    energised = find(plan, SubjectKind.PHASE, ENERGISED)
    line, tie = find(plan, SubjectKind.GRID_WORK, LINE_ENERGISED)
    assert len(energised) == 2
    assert set(plan.successors[line]) >= set(energised)
    # The gen-tie is the second phase's alone, and holds back an earlier step of it.
    assert set(plan.cod.values()) <= behind(plan, line)
    assert len(set(plan.cod.values()) & behind(plan, tie)) == 1


def test_the_agreement_is_a_milestone_of_its_own_beside_the_line_it_speaks_of(shared: World) -> None:
    with shared.database.reading() as session:
        plan = plan_of(session, shared)
    agreements = find(plan, SubjectKind.PROJECT, AGREEMENT)
    line, _ = find(plan, SubjectKind.GRID_WORK, LINE_ENERGISED)
    assert len(agreements) == 2
    for agreement in agreements:
        assert line not in behind(plan, agreement), "the line is built whatever is agreed"
        assert agreement not in behind(plan, line)
        assert len(set(plan.cod.values()) & behind(plan, agreement)) == 1
    assert {plan.nodes[i].project_id for i in agreements} == {p.project_id for p in plan.phases.values()}


def test_a_late_line_moves_both_phases_and_a_late_agreement_only_its_own(shared: World) -> None:
    def codes() -> dict[str, date | None]:
        with shared.database.reading() as session:
            plan = plan_of(session, shared)
            return {plan.phases[phase].code: plan.earliest_on(i) for phase, i in plan.cod.items()}

    before = codes()
    with shared.database.changing(factories.stamp()) as session:
        factories.state(session, LINE_ENERGISED, "grid_work", "line", forecast_on="2030-06-30")
    after_line = codes()
    assert all((after_line[code] or TODAY) > (before[code] or TODAY) for code in before)
    with shared.database.changing(factories.stamp()) as session:
        factories.state(session, AGREEMENT, "project", "beta", forecast_on="2033-06-30")
    after_agreement = codes()
    assert after_agreement["alpha-1"] == after_line["alpha-1"]
    assert (after_agreement["beta-1"] or TODAY) > (after_line["beta-1"] or TODAY)


def test_an_agreement_that_is_done_leaves_the_line_open(shared: World) -> None:
    letter = {"letter_number": "5/TTĐN", "letter_on": "2022-06-01", "letter_issuer": "EVN SPC"}
    with shared.database.changing(factories.stamp()) as session:
        said = {"actual_on": "2022-06-01", "override_reason": "Các bước trước chưa nhập hồ sơ", **letter}
        factories.state(session, AGREEMENT, "project", "alpha", shared.department, **said)
    with shared.database.reading() as session:
        plan = plan_of(session, shared)
    line, _ = find(plan, SubjectKind.GRID_WORK, LINE_ENERGISED)
    done = [plan.nodes[i].state.is_done for i in find(plan, SubjectKind.PROJECT, AGREEMENT)]
    assert sorted(done) == [False, True]
    assert plan.is_live(line)
    assert set(plan.cod.values()) <= behind(plan, line)
