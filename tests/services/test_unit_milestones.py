"""Milestones that follow units and cases: done when the last is, open again when one goes back, and never typed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.errors import Invalid, RuleBroken
from app.domain.milestones import Stated
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.vocabulary import (
    DelayCause,
    Fact,
    HouseholdStatus,
    MilestoneAct,
    SubjectKind,
    UnitKind,
    UnitStage,
    UnitStatus,
    Verification,
)
from app.domain.work_problems import WorkProblem
from app.queries import journal, subjects
from app.queries import milestones as found
from app.queries.capacity import View
from app.schemas.milestones import ActualConfirm, ActualDispute
from app.services import journal as writing
from app.services import milestones, register, unit_milestones
from app.services.milestones import Teller
from app.tables.journal import Fact as FactRow
from app.tables.milestones import Milestone, MilestoneEntry
from tests import factories, lines
from tests.factories import SYSTEM, TODAY, World

SITE, CAST, CORRIDOR, STRINGING = (
    UnitStage.SITE,
    UnitStage.FOUNDATION,
    UnitStage.CORRIDOR,
    UnitStage.STRINGING,
)
OVER, PAID, STOPPED = HouseholdStatus.HANDED_OVER, HouseholdStatus.PAID, HouseholdStatus.OBSTRUCTED
JANUARY, LATER = date(2023, 1, 10), date(2023, 1, 20)


def milestone(session: Session, code: str, kind: str = "grid_work", of: str = "line") -> Milestone:
    holder = subjects.one(session, SYSTEM, SubjectKind(kind), of)
    return found.one(session, holder, code)


def standing(session: Session, code: str, kind: str = "grid_work", of: str = "line") -> Any:
    row = milestone(session, code, kind, of)
    return row.actual_on, row.verification


def acts(session: Session, code: str, kind: str = "grid_work", of: str = "line") -> list[MilestoneAct]:
    row = milestone(session, code, kind, of)
    statement = select(MilestoneEntry.act).where(MilestoneEntry.milestone_id == row.id)
    return list(session.execute(statement.order_by(MilestoneEntry.id)).scalars())


def by_source(session: Session, code: str, on: date, kind: str = "grid_work", of: str = "line") -> None:
    """An actual as a source has it, whatever the gates say."""
    holder = subjects.one(session, SYSTEM, SubjectKind(kind), of)
    teller = Teller(session, SYSTEM, holder, milestone(session, code, kind, of))
    teller.record(Stated(on), TODAY, sources=(), note=None)


@pytest.fixture
def line(world: World) -> Database:
    """A line of three towers and two sections with its milestones and a package of land; nothing is handed over."""
    with world.database.changing(factories.stamp(date(2022, 12, 1))) as session:
        factories.grid_work(session, towers_total=3)
        factories.clearance(session)
        factories.apply(session, "grid_work", "line")
        factories.apply(session, "clearance", "land")
        lines.towers(session, [None] * 3)
        lines.sections(session, 2)
    return world.database


def test_a_step_is_done_on_the_day_of_the_last_unit_and_open_again_when_one_goes_back(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.told(session, SITE, "12", JANUARY)
        assert standing(session, "G-13") == (None, None)
        lines.told(session, SITE, "3", LATER)
        assert standing(session, "G-13") == (LATER, Verification.CONFIRMED)
        # The others wait for their own units.
        assert standing(session, "G-16") == standing(session, "G-14") == (None, None)
    with line.changing(factories.stamp(hour=4)) as session:
        lines.told(session, SITE, "2", date(2023, 2, 1), UnitStatus.REOPENED, DelayCause.LAND_PRICE)
        assert standing(session, "G-13") == (None, None)
    with line.changing(factories.stamp(hour=5)) as session:
        lines.told(session, SITE, "2", TODAY)
        assert standing(session, "G-13") == (TODAY, Verification.CONFIRMED)
        assert acts(session, "G-13") == [
            MilestoneAct.CONFIRMED,
            MilestoneAct.WITHDRAWN,
            MilestoneAct.CONFIRMED,
        ]
    with line.reading() as session:
        (last,) = session.execute(
            select(FactRow)
            .where(FactRow.kind == Fact.MILESTONE_CONFIRMED.value)
            .order_by(FactRow.id.desc())
            .limit(1)
        ).scalars()
    assert (last.subject_code, last.after["actual_on"]) == ("grid_work/line/G-13", "2023-02-07")


def test_what_was_known_before_a_reopening_stays_known(line: Database) -> None:
    with line.changing(factories.stamp(date(2023, 1, 30))) as session:
        lines.told(session, SITE, "123", JANUARY)
    with line.reading() as session:
        then = journal.head(session)
    with line.changing(factories.stamp()) as session:
        lines.told(session, SITE, "1", date(2023, 2, 1), UnitStatus.REOPENED, DelayCause.LAND_PRICE)
    with line.reading() as session:
        holder = subjects.one(session, SYSTEM, SubjectKind.GRID_WORK, "line")
        reported, now = (
            found.line(session, View(SYSTEM, TODAY, revision), holder, "G-13").state.is_done
            for revision in (then, journal.head(session))
        )
    assert (reported, now) == (True, False)


def test_each_stage_has_its_step(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        for n, stage in enumerate(UnitStage, 1):
            towers = stage not in (CORRIDOR, STRINGING)
            lines.told(session, stage, "123" if towers else ["K1", "K2"], date(2023, 1, n))
        days = [standing(session, code)[0] for code in ("G-13", "G-16", "G-17", "G-18", "G-14", "G-20")]
    assert days == [date(2023, 1, n) for n in range(1, 7)]


def test_the_denominator_in_force_decides(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.told(session, SITE, "123", JANUARY)
        lines.total(session, UnitKind.TOWER, 4, LATER)
        assert standing(session, "G-13") == (None, None)
        lines.total(session, UnitKind.TOWER, 3, date(2023, 2, 3))
        assert standing(session, "G-13") == (date(2023, 2, 3), Verification.CONFIRMED)


def test_the_land_is_handed_over_when_all_its_cases_are(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.case(session, "H1", OVER, JANUARY, "1")
        assert standing(session, "L-16", "clearance", "land") == (JANUARY, Verification.CONFIRMED)
        lines.case(session, "H2", PAID, JANUARY)
        assert standing(session, "L-16", "clearance", "land") == (None, None)
        lines.case(session, "H2", OVER, LATER)
        assert standing(session, "L-16", "clearance", "land") == (LATER, Verification.CONFIRMED)
        lines.case(session, "H1", STOPPED, date(2023, 2, 1), cause=DelayCause.LAND_PRICE)
        assert standing(session, "L-16", "clearance", "land") == (None, None)
        # The tower on which the case stands is handed over by it, and reopened by it.
        lines.told(session, SITE, "23", JANUARY)
        assert standing(session, "G-13") == (None, None)
        lines.case(session, "H1", OVER, date(2023, 2, 4))
        assert standing(session, "G-13") == (date(2023, 2, 4), Verification.CONFIRMED)


def test_nothing_is_said_twice_and_nothing_where_nothing_changed(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.told(session, SITE, "123", JANUARY)
        said = writing.stated(session)
        unit_milestones.follow(session, SYSTEM, lines.work(session))
        assert writing.stated(session) == said
    with line.reading() as session:
        before = journal.head(session)
    with line.changing(factories.stamp()) as session:
        unit_milestones.follow(session, SYSTEM, lines.work(session))
    with line.reading() as session:
        assert journal.head(session) == before


def test_milestones_that_come_after_the_units_start_where_those_stand(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        lines.towers(session, [None])
        lines.told(session, SITE, "1", JANUARY)
        factories.apply(session, "grid_work", "line")
        assert standing(session, "G-13") == (JANUARY, Verification.CONFIRMED)
        factories.clearance(session)
        lines.case(session, "H1", OVER, JANUARY)
        factories.apply(session, "clearance", "land")
        assert standing(session, "L-16", "clearance", "land") == (JANUARY, Verification.CONFIRMED)


def test_what_is_computed_from_illustrative_units_is_illustrative(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.apply(session, "grid_work", "line")
        lines.towers(session, [None], is_illustrative=True)
        lines.sections(session, 1)
        lines.told(session, SITE, "1", JANUARY)
        lines.told(session, CORRIDOR, ["K1"], JANUARY)
        marked = [milestone(session, code).is_illustrative for code in ("G-13", "G-14")]
    assert marked == [True, False]


def test_a_typed_day_gives_way_when_units_are_listed(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.apply(session, "grid_work", "line")
        by_source(session, "G-17", date(2023, 1, 2))
        assert standing(session, "G-17") == (date(2023, 1, 2), Verification.CONFIRMED)
        lines.towers(session, [None])
        lines.told(session, UnitStage.STEEL, "1", JANUARY)
        assert standing(session, "G-17") == (JANUARY, Verification.CONFIRMED)


# --- what nobody may type -------------------------------------------------------------------------------------------


def refused(
    session: Session, code: str, kind: str = "grid_work", of: str = "line", **days: Any
) -> RuleBroken:
    with pytest.raises(RuleBroken) as found:
        factories.state(session, code, kind, of, **days)
    return found.value


def test_a_step_that_follows_takes_plan_and_forecast_but_no_actual(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.case(session, "H1", PAID, JANUARY)
        for code, kind, of in (("G-13", "grid_work", "line"), ("L-16", "clearance", "land")):
            why = refused(session, code, kind, of, actual_on="2023-01-20", **LETTER)
            assert (why.problem, why.field) == (WorkProblem.FOLLOWS_UNITS, "actual_on")
            factories.state(session, code, kind, of, plan_on="2023-03-01", forecast_on="2023-04-01")
            row = milestone(session, code, kind, of)
            assert (row.plan_on, row.forecast_on) == (date(2023, 3, 1), date(2023, 4, 1))
        # The day that its units came to is the one it has; it is not taken back, and said again it is nothing new.
        lines.told(session, SITE, "123", JANUARY)
        factories.state(session, "G-13", "grid_work", "line", actual_on=JANUARY)
        why = refused(session, "G-13", actual_on=None, note="Nhập nhầm")
        assert (why.problem, why.field) == (WorkProblem.FOLLOWS_UNITS, "actual_on")
        why = refused(session, "G-13", actual_on="2023-01-11", **LETTER)
        assert why.problem == WorkProblem.FOLLOWS_UNITS


def test_nor_does_a_source_or_a_second_key_type_it(line: Database, world: World) -> None:
    with line.changing(factories.stamp()) as session:
        decision, no = ActualConfirm.model_validate({}), ActualDispute(note="Chưa xong")
        place = (session, world.evn_spc, SubjectKind.GRID_WORK, "line", "G-13")
        with pytest.raises(RuleBroken) as sourced:
            by_source(session, "G-13", JANUARY)
        with pytest.raises(RuleBroken) as confirmed:
            milestones.confirm(*place, decision, None, TODAY)
        with pytest.raises(RuleBroken) as disputed:
            milestones.dispute(*place, no, None)
    for why in (sourced, confirmed, disputed):
        assert why.value.problem == WorkProblem.FOLLOWS_UNITS


def test_what_no_unit_or_case_says_stays_typed(world: World) -> None:
    with world.database.changing(factories.stamp()) as session:
        factories.grid_work(session)
        factories.clearance(session)
        factories.apply(session, "grid_work", "line")
        factories.apply(session, "clearance", "land")
        lines.towers(session, [None])
        for code, kind, of in (("G-14", "grid_work", "line"), ("L-16", "clearance", "land")):
            by_source(session, code, JANUARY, kind, of)
        unit_milestones.follow(session, SYSTEM, lines.work(session))
        assert standing(session, "G-14")[0] == standing(session, "L-16", "clearance", "land")[0] == JANUARY


# --- energised before strung (R36) ----------------------------------------------------------------------------------


def test_no_line_is_energised_before_its_last_section_is_strung(line: Database, world: World) -> None:
    with line.changing(factories.stamp()) as session:
        lines.told(session, STRINGING, ["K1"], JANUARY)
        said = {"actual_on": "2023-01-20", **LETTER}
        why = refused(session, "G-26", **said)
        assert (why.problem, why.field) == (Rule.ENERGISED_BEFORE_STRUNG, "actual_on")
        assert (why.details["sections"], why.details["left"]) == (["K2"], 1)
        # Not for the department's reason either; nor from a source.
        reason = {**said, "override_reason": "Văn bản khẩn của cấp trên"}
        with pytest.raises(RuleBroken) as overridden:
            factories.state(session, "G-26", "grid_work", "line", world.department, **reason)
        with pytest.raises(RuleBroken) as sourced:
            by_source(session, "G-26", LATER)
        assert overridden.value.problem == sourced.value.problem == Rule.ENERGISED_BEFORE_STRUNG
        lines.told(session, STRINGING, ["K2"], LATER)
        assert refused(session, "G-26", **{**said, "actual_on": "2023-01-19"}).details["left"] == 1
        # Now only what stands before it in the template is open.
        assert refused(session, "G-26", **said).problem == Problem.PREDECESSOR_OPEN
        by_source(session, "G-26", LATER)
        assert standing(session, "G-26")[0] == LATER


LETTER = {"letter_number": "5/QĐ", "letter_on": "2022-05-01", "letter_issuer": "EVN SPC"}


# --- in a register file ---------------------------------------------------------------------------------------------

FILE = """
format: wind-register/1
capacity: increments
sources: [{{code: S1, title: "Một nguồn"}}]
milestones:
  - {{subject: grid_work, code: line, lines: [{{milestone: G-13, actual_on: {on}, plan_on: 2023-03-01, sources: [S1]}}]}}
"""


def test_a_register_file_may_repeat_what_units_say_and_not_contradict_it(line: Database) -> None:
    with line.changing(factories.stamp()) as session:
        lines.told(session, SITE, "123", JANUARY)
    with line.changing(factories.stamp()) as session:
        register.import_file(session, SYSTEM, FILE.format(on=JANUARY), TODAY)
        assert milestone(session, "G-13").plan_on == date(2023, 3, 1)
        assert standing(session, "G-13") == (JANUARY, Verification.CONFIRMED)
    with pytest.raises(Invalid) as why, line.changing(factories.stamp()) as session:
        register.import_file(session, SYSTEM, FILE.format(on=LATER), TODAY)
    assert WorkProblem.FOLLOWS_UNITS in str(why.value.details["lines"])
