"""What may be reported of a unit: tables of cases for rules R12, R24, R25, R26, R27 and R28."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain import unit_checks
from app.domain.errors import Invalid, RuleBroken, TrackerError
from app.domain.rules import Rule
from app.domain.unit_checks import Breach
from app.domain.units import Report, Total
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus
from app.domain.work_problems import WorkProblem
from tests.domain.lines import SECTION, case, day, line, report, reports, section, tower

Said = tuple[str, str, int]
CAST: list[Said] = [("site", "done", 2), ("foundation", "done", 5)]
UP: list[Said] = [*CAST, ("erection", "done", 10)]
TODAY = day(31)


@pytest.mark.parametrize(
    ("said", "refusal", "problem", "field"),
    [
        (report("corridor", "done", 1), Invalid, WorkProblem.STAGE_OF_OTHER_KIND, "stage"),
        (report("stringing", "done", 1), Invalid, WorkProblem.STAGE_OF_OTHER_KIND, "stage"),
        (
            Report(UnitStage.SITE, UnitStatus.DONE, date(2023, 2, 1)),
            RuleBroken,
            Rule.DATE_IN_FUTURE,
            "effective_on",
        ),
        (Report(UnitStage.SITE, UnitStatus.BLOCKED, day(1)), RuleBroken, WorkProblem.CAUSE_MISSING, "cause"),
        (Report(UnitStage.SITE, UnitStatus.REOPENED, day(1)), RuleBroken, WorkProblem.CAUSE_MISSING, "cause"),
    ],
)
def test_a_report_that_cannot_be_is_refused_by_its_own_shape(
    said: Report, refusal: type[TrackerError], problem: object, field: str
) -> None:
    with pytest.raises(refusal) as refused:
        unit_checks.check_report(tower(1), said, TODAY)
    assert (refused.value.problem, refused.value.field) == (problem, field)


@pytest.mark.parametrize("said", [report("site", "done", 31), report("site", "blocked", 1)])
def test_a_report_of_today_or_with_its_cause_is_taken(said: Report) -> None:
    unit_checks.check_report(tower(1), said, TODAY)


@pytest.mark.parametrize(
    ("again", "known"),
    [
        (report("site", "done", 2), True),
        (report("site", "done", 3), False),
        (report("site", "in_progress", 2), False),
        (report("steel", "done", 2), False),
        (report("erection", "blocked", 4), True),
        (Report(UnitStage.ERECTION, UnitStatus.BLOCKED, day(4), DelayCause.WEATHER), False),
    ],
)
def test_only_exactly_what_was_said_last_of_the_day_is_known(again: Report, known: bool) -> None:
    said = line([tower(1)], {1: [*reports(("site", "done", 2)), report("erection", "blocked", 4)]})
    assert unit_checks.is_known(said, tower(1), again) is known


def test_what_is_real_takes_the_place_of_what_was_only_illustrative() -> None:
    real, story = report("site", "done", 2), replace(report("site", "done", 2, 1), is_illustrative=True)
    said = line([tower(1)], {1: [story]})
    assert not unit_checks.is_known(said, tower(1), real)
    assert unit_checks.is_known(said, tower(1), story)
    told = line([tower(1)], {1: [story, replace(real, revision=2)]})
    assert unit_checks.is_known(told, tower(1), story)
    assert (said.is_illustrative(tower(1)), told.is_illustrative(tower(1))) == (True, False)


def test_what_was_corrected_on_its_own_day_may_be_said_again() -> None:
    said = line([tower(1)], {1: [report("site", "done", 2, 1), report("site", "blocked", 2, 2)]})
    assert not unit_checks.is_known(said, tower(1), report("site", "done", 2))
    assert unit_checks.is_known(said, tower(1), report("site", "blocked", 2))


def change(
    known: dict[int, list[Said]], told: dict[int, list[Said]], moved: tuple[int, ...] = ()
) -> list[Breach]:
    """What a change breaks on a line of five towers, section S1 from 1 to 3 and S2 from 3 to 5."""
    units = [*map(tower, range(1, 6)), section(1, 1, 3), section(2, 3, 5)]
    new = {i: reports(*said) for i, said in told.items()}
    old = {i: reports(*said) for i, said in known.items()}
    after = {i: [*old.get(i, ()), *new.get(i, ())] for i in {*old, *new}}
    return unit_checks.breaches(line(units, old), line(units, after), new, moved, TODAY)


S1, S2 = SECTION + 1, SECTION + 2
ALL_UP = {1: UP, 2: UP, 3: UP, 4: UP, 5: UP}
STRUNG: list[Said] = [("corridor", "done", 11), ("stringing", "done", 15)]
ORDER: dict[str, tuple[dict[int, list[Said]], dict[int, list[Said]], list[tuple[str, int, int]]]] = {
    "the order of the field": ({}, {1: UP}, []),
    "all of it on one day": (
        {},
        {1: [("erection", "done", 2), ("foundation", "done", 2), ("site", "done", 2)]},
        [],
    ),
    "erected, never cast": ({}, {1: [("erection", "done", 3)]}, [("erected_before_cast", 1, 3)]),
    "erected before it was cast": (
        {1: CAST},
        {1: [("erection", "done", 4)]},
        [("erected_before_cast", 1, 4)],
    ),
    "cast told later, but of the day before": ({}, {1: [("erection", "done", 10), *CAST]}, []),
    "a late report takes the foundation back before it was erected": (
        {1: UP},
        {1: [("foundation", "not_started", 8)]},
        [("erected_before_cast", 1, 10)],
    ),
    "the foundation is opened again under a tower that stands": (
        {1: UP},
        {1: [("foundation", "reopened", 12)]},
        [("erected_before_cast", 1, 12)],
    ),
    "foundation and tower are both taken back": (
        {1: UP},
        {1: [("foundation", "not_started", 8), ("erection", "not_started", 10)]},
        [],
    ),
    "cast without the site": ({}, {1: [("foundation", "done", 3)]}, [("cast_before_handover", 1, 3)]),
    "cast before the site": (
        {},
        {1: [("foundation", "done", 3), ("site", "done", 4)]},
        [("cast_before_handover", 1, 3)],
    ),
    "the site goes back after it was cast": ({1: CAST}, {1: [("site", "reopened", 6)]}, []),
    "a late report takes the site away from under the casting": (
        {1: CAST},
        {1: [("site", "reopened", 4)]},
        [("cast_before_handover", 1, 5)],
    ),
    "steel waits for nothing": ({}, {1: [("steel", "done", 1)]}, []),
    "what is under way waits for nothing": ({}, {1: [("erection", "in_progress", 1)]}, []),
    "strung with all towers up": (ALL_UP, {S1: STRUNG}, []),
    "strung with a tower missing": (
        {i: said for i, said in ALL_UP.items() if i != 2},
        {S1: STRUNG},
        [("strung_before_erected", S1, 15)],
    ),
    "strung before the last tower was up": (
        ALL_UP,
        {S1: [("corridor", "done", 3), ("stringing", "done", 9)]},
        [("strung_before_erected", S1, 9)],
    ),
    "strung without the corridor": (
        ALL_UP,
        {S1: [("stringing", "done", 15)]},
        [("strung_before_handover", S1, 15)],
    ),
    "a tower of a strung section goes back": (
        {**ALL_UP, S1: STRUNG},
        {2: [("erection", "reopened", 20)]},
        [("strung_before_erected", S1, 20)],
    ),
    "a tower that two strung sections share goes back": (
        {**ALL_UP, S1: STRUNG, S2: STRUNG},
        {3: [("erection", "reopened", 20)]},
        [("strung_before_erected", S1, 20), ("strung_before_erected", S2, 20)],
    ),
    "a tower goes back with its section": (
        {**ALL_UP, S1: STRUNG},
        {2: [("erection", "reopened", 20)], S1: [("stringing", "reopened", 20)]},
        [],
    ),
    "a tower of a section that is not strung goes back": (ALL_UP, {2: [("erection", "reopened", 20)]}, []),
    "reopened after it was done": (
        {1: [("site", "done", 2)]},
        {1: [("site", "reopened", 2), ("site", "reopened", 9)]},
        [],
    ),
    "reopened, never done": ({}, {1: [("site", "reopened", 9)]}, [("not_done_before", 1, 9)]),
    "reopened before it was done": (
        {1: [("site", "done", 10)]},
        {1: [("site", "reopened", 9)]},
        [("not_done_before", 1, 9)],
    ),
    "a late report leaves a reopening without what it reopened": (
        {1: [("site", "done", 2), ("site", "reopened", 9)]},
        {1: [("site", "blocked", 5)]},
        [("not_done_before", 1, 9)],
    ),
    "what was broken before is not this change's doing": (
        {1: [("erection", "done", 3)]},
        {1: [("erection", "done", 4), ("site", "done", 5), ("steel", "done", 5)]},
        [],
    ),
}


@pytest.mark.parametrize(("known", "told", "expected"), ORDER.values(), ids=list(ORDER))
def test_the_order_of_the_field(
    known: dict[int, list[Said]], told: dict[int, list[Said]], expected: list[tuple[str, int, int]]
) -> None:
    found = [(str(b.problem), b.unit.id, b.day.day) for b in change(known, told)]
    assert sorted(found) == sorted(expected)


def test_a_breach_names_who_has_broken_it_and_which_towers_are_missing() -> None:
    (own,) = change({1: UP}, {S1: STRUNG})
    assert (own.blamed, own.towers) == ((S1,), ("2", "3"))
    (other,) = change({**ALL_UP, S1: STRUNG}, {2: [("erection", "reopened", 20)], 4: [("site", "done", 1)]})
    assert (other.blamed, other.towers) == ((2,), ("2",))
    (cast,) = change({}, {1: [("foundation", "done", 3)]})
    assert cast.by == report("foundation", "done", 3)
    (late,) = change({1: CAST}, {1: [("site", "reopened", 4)]})
    assert late.by == report("site", "reopened", 4)


def test_a_tower_put_into_a_strung_section_must_stand() -> None:
    before = [tower(1), tower(3), section(1, 1, 3)]
    known = {1: reports(*UP), 3: reports(*UP), S1: reports(*STRUNG)}
    old, new = line(before, known), line([*before, tower(2)], known)
    (found,) = unit_checks.breaches(old, new, {}, {2}, TODAY)
    assert (found.problem, found.blamed, found.day) == (Rule.STRUNG_BEFORE_ERECTED, (2,), TODAY)
    after = line([*before, tower(2)], {**known, 2: reports(*UP)})
    assert unit_checks.breaches(old, after, {2: reports(*UP)}, {2}, TODAY) == []


HANDED = case(1, "H-01", ("inventoried", 3), ("handed_over", 9))
OPEN = case(1, "H-02", ("inventoried", 3), ("complaint", 8))


@pytest.mark.parametrize(
    ("cases", "said", "expected"),
    [
        ([HANDED], report("site", "done", 9), True),
        ([HANDED], report("site", "done", 8), ["H-01"]),
        ([HANDED], report("site", "in_progress", 4), True),
        ([HANDED], report("site", "not_started", 12), []),
        ([HANDED, OPEN], report("site", "done", 12), ["H-02"]),
        ([HANDED, OPEN], report("site", "blocked", 12), True),
        ([HANDED, OPEN], report("site", "reopened", 12), True),
        ([HANDED], report("site", "blocked", 12), []),
        ([HANDED, OPEN], report("site", "not_started", 12), ["H-02"]),
        ([HANDED, OPEN], report("site", "done", 2), False),
        ([HANDED, OPEN], report("foundation", "done", 12), False),
        ([case(2, "H-09", ("inventoried", 1))], report("site", "done", 12), False),
        ([case(1, "H-10")], report("site", "done", 12), False),
    ],
)
def test_the_handover_of_a_unit_with_cases_is_what_they_say(
    cases: list[object], said: Report, expected: bool | list[str]
) -> None:
    known = line([tower(1), tower(2)], {}, cases)  # type: ignore[arg-type]
    if isinstance(expected, bool):
        assert unit_checks.follows_cases(known, tower(1), said) is expected
        return
    with pytest.raises(RuleBroken) as refused:
        unit_checks.follows_cases(known, tower(1), said)
    assert (refused.value.problem, refused.value.field) == (Rule.HANDOVER_BY_HOUSEHOLDS, "status")
    assert refused.value.details["households"] == expected


FOUR = [*map(tower, range(1, 5))]
THREE_CAST = {i: reports(*CAST) for i in (1, 2, 3)}


@pytest.mark.parametrize(
    ("first", "versions", "refused"),
    [
        (4, [], False),
        (3, [], True),
        (None, [], False),
        (3, [(4, 6)], False),
        (3, [(4, 1)], False),
        (4, [(3, 6)], True),
        (2, [(4, 5)], True),
        (2, [(4, 2)], False),
        (2, [(5, 1), (2, 4), (5, 6)], True),
    ],
)
def test_no_denominator_is_below_what_is_listed_or_was_done_in_its_time(
    first: int | None, versions: list[tuple[int, int]], refused: bool
) -> None:
    said = [Total(UnitKind.TOWER, total, day(on), i) for i, (total, on) in enumerate(versions)]
    known = line(FOUR, THREE_CAST)
    if not refused:
        unit_checks.check_total(known, first, said, UnitKind.TOWER)
        return
    with pytest.raises(RuleBroken) as error:
        unit_checks.check_total(known, first, said, UnitKind.TOWER)
    assert error.value.problem == Rule.MORE_DONE_THAN_TOTAL


@pytest.mark.parametrize(
    ("since", "until", "fallen"), [(2, 9, True), (9, 20, False), (2, 8, False), (8, 9, True)]
)
def test_a_count_may_fall_where_a_unit_went_back_between(since: int, until: int, fallen: bool) -> None:
    known = line([tower(1)], {1: reports(("site", "done", 2), ("site", "reopened", 9), ("site", "done", 20))})
    assert unit_checks.has_fallen(known, UnitStage.SITE, day(since), day(until)) is fallen
    assert not unit_checks.has_fallen(known, UnitStage.FOUNDATION, day(since), day(until))
