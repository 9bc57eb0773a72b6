"""What units and cases say of milestones: since when a stage or package is complete, and rule R36."""

from datetime import date

import pytest

from app.domain.errors import RuleBroken
from app.domain.households import Case, Told
from app.domain.rules import Rule
from app.domain.unit_milestones import can_follow, check_energised, completed_on, handed_over_on
from app.domain.units import Line, Report, Total, Unit
from app.domain.vocabulary import HouseholdStatus, SubjectKind, UnitKind, UnitStage, UnitStatus
from app.outside import shipped

TODAY = date(2023, 2, 7)
SITE, STRINGING = UnitStage.SITE, UnitStage.STRINGING
DONE, REOPENED = UnitStatus.DONE, UnitStatus.REOPENED
TOWER, SECTION = UnitKind.TOWER, UnitKind.SECTION


def day(text: str) -> date:
    return date.fromisoformat(f"2023-{text}")


def line(kind: UnitKind, *told: list[tuple[str, UnitStatus]]) -> Line:
    """Units of a kind, each with what was reported of its first stage (a tower) or its last one (a section)."""
    stage = SITE if kind == TOWER else STRINGING
    units = [Unit(i, kind, str(i), i) for i in range(1, len(told) + 1)]
    said = {
        i: [Report(stage, status, day(on), revision=n) for n, (on, status) in enumerate(each)]
        for i, each in enumerate(told, 1)
    }
    return Line(units, said)


def total(number: int, on: str, kind: UnitKind = TOWER) -> Total:
    return Total(kind, number, day(on), revision=1)


BOTH = line(TOWER, [("01-05", DONE)], [("01-20", DONE)])


@pytest.mark.parametrize(
    ("found", "first", "versions", "expected"),
    [
        # The day of the last one; without a stated total, all that are listed.
        (BOTH, 2, [], "01-20"),
        (BOTH, None, [], "01-20"),
        # One is not listed yet, or has not got there, or went back; of no unit at all nobody can say so.
        (BOTH, 3, [], None),
        (line(TOWER, [("01-05", DONE)], []), 2, [], None),
        (line(TOWER, [("01-05", DONE)], [("02-08", DONE)]), 2, [], None),
        (line(TOWER, [("01-05", DONE)], [("01-20", DONE), ("02-01", REOPENED)]), 2, [], None),
        (line(TOWER), 0, [], None),
        (line(TOWER), None, [], None),
        # Done again: on the day on which it was done again. Said again it is not done again.
        (line(TOWER, [("01-05", DONE), ("01-10", REOPENED), ("02-02", DONE)]), 1, [], "02-02"),
        (line(TOWER, [("01-05", DONE), ("02-02", DONE)]), 1, [], "01-05"),
        # The total came down to what was done, or only passed through it.
        (BOTH, 3, [total(2, "01-25")], "01-25"),
        (BOTH, 3, [total(2, "01-10")], "01-20"),
        (BOTH, 2, [total(3, "01-22"), total(2, "02-03")], "02-03"),
        (BOTH, None, [total(2, "02-03")], "01-20"),
        (BOTH, 2, [total(3, "02-03")], None),
        (BOTH, 2, [total(3, "02-08"), total(9, "01-01", SECTION)], "01-20"),
    ],
)
def test_since_when_a_stage_is_complete(
    found: Line, first: int | None, versions: list[Total], expected: str | None
) -> None:
    since = completed_on(found, SITE, TODAY, first, versions)
    assert since == (None if expected is None else day(expected))


def case(*told: tuple[str, HouseholdStatus]) -> Case:
    return Case(1, "H1", 1, None, tuple(Told(day(on), status) for on, status in told))


OVER, PAID, STOPPED = HouseholdStatus.HANDED_OVER, HouseholdStatus.PAID, HouseholdStatus.OBSTRUCTED


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ([], None),
        ([case(("01-05", PAID), ("01-09", OVER)), case(("01-08", OVER), ("01-20", OVER))], "01-09"),
        ([case(("01-05", OVER)), case(("01-05", PAID))], None),
        ([case(("01-05", OVER)), case()], None),
        ([case(("01-05", OVER), ("01-08", STOPPED))], None),
        ([case(("01-05", OVER), ("01-08", STOPPED), ("02-01", OVER))], "02-01"),
        # What is said of a later day has not happened, neither way.
        ([case(("01-05", OVER), ("02-08", STOPPED))], "01-05"),
        ([case(("02-08", OVER))], None),
    ],
)
def test_since_when_a_package_is_handed_over(cases: list[Case], expected: str | None) -> None:
    assert handed_over_on(cases, TODAY) == (None if expected is None else day(expected))


STRUNG = line(SECTION, [("01-05", DONE)], [("01-20", DONE)])


@pytest.mark.parametrize(
    ("found", "energised", "stated", "sections", "left"),
    [
        (STRUNG, "01-19", 2, ["2"], 1),
        (STRUNG, "01-04", None, ["1", "2"], 2),
        # A section that is not listed yet has no number.
        (STRUNG, "01-20", 4, [], 2),
        (line(SECTION, *[[] for _ in range(30)]), "01-20", 33, [str(n) for n in range(1, 21)], 33),
    ],
)
def test_a_line_is_not_energised_before_its_last_section_is_strung(
    found: Line, energised: str, stated: int | None, sections: list[str], left: int
) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_energised(found, day(energised), stated)
    assert (refused.value.problem, refused.value.field) == (Rule.ENERGISED_BEFORE_STRUNG, "actual_on")
    assert (refused.value.details["sections"], refused.value.details["left"]) == (sections, left)


def test_a_line_that_is_strung_or_lists_no_sections_may_be_energised() -> None:
    check_energised(STRUNG, day("01-20"), 2)
    check_energised(STRUNG, day("01-20"), None)
    check_energised(line(TOWER, []), day("01-20"), None)


def test_the_steps_that_follow_are_those_that_count_towers_and_sections_and_the_ends_of_land() -> None:
    steps = [step for step in shipped.templates() if can_follow(step.subject, step.code, 1)]
    assert {step.code for step in steps if step.subject == SubjectKind.CLEARANCE} == {"L-16", "C-06"}
    counting = {
        step.code
        for step in shipped.templates()
        if step.subject == SubjectKind.GRID_WORK and step.quantity is not None
    }
    assert {step.code for step in steps if step.subject == SubjectKind.GRID_WORK} == counting
    assert not can_follow(SubjectKind.GRID_WORK, "G-13", 2)
    assert not can_follow(SubjectKind.PHASE, "G-13", 1)
