"""Where the stages of a unit stand on a day, and what a line comes to."""

import pytest

from app.domain import units
from app.domain.units import Count, Line, Report, Standing, Total
from app.domain.vocabulary import DelayCause, UnitKind, UnitStage, UnitStatus
from tests.domain.lines import SECTION, case, day, line, report, reports, section, tower

LIFE = reports(("site", "in_progress", 3), ("site", "done", 5), ("site", "done", 8), ("site", "reopened", 12))


@pytest.mark.parametrize(
    ("on", "status", "since"),
    [
        (2, "not_started", None),
        (3, "in_progress", 3),
        (5, "done", 5),
        (9, "done", 5),
        (12, "reopened", 12),
        (30, "reopened", 12),
    ],
)
def test_a_stage_stands_as_it_was_last_told_by_a_day_since_it_came_to_that(
    on: int, status: str, since: int | None
) -> None:
    cause = DelayCause.LAND_PRICE if status == "reopened" else None
    expected = Standing(UnitStatus(status), since and day(since), cause)
    assert units.standing(LIFE, day(on)) == expected


def test_a_unit_is_held_in_its_first_stage_that_is() -> None:
    said = reports(("site", "done", 2), ("erection", "blocked", 5), ("foundation", "blocked", 7))
    known = line([tower(1)], {1: said})
    stages = [found and found[0] for on in (4, 5, 7) for found in [known.held(known.by_id[1], day(on))]]
    assert stages == [None, UnitStage.ERECTION, UnitStage.FOUNDATION]


def test_what_is_told_late_finds_its_place() -> None:
    said = [report("site", "done", 10, 1), report("site", "blocked", 4, 2), report("site", "done", 4, 1)]
    known = line([tower(1)], {1: said})
    stands = [known.standing(known.by_id[1], UnitStage.SITE, day(on)).status.value for on in (3, 4, 10)]
    assert stands == ["not_started", "blocked", "done"]


def test_what_was_told_again_for_its_day_breaks_no_standing() -> None:
    said = [report("site", "done", 10, 1), report("site", "blocked", 20, 2), report("site", "done", 20, 3)]
    known = line([tower(1)], {1: said})
    assert known.standing(known.by_id[1], UnitStage.SITE, day(25)) == Standing(UnitStatus.DONE, day(10))


HANDOVERS: dict[str, tuple[list[Report], list[tuple[str, int]], dict[int, str]]] = {
    "its cases alone": ([], [("inventoried", 3), ("handed_over", 9)], {2: "not_started", 3: "in_progress", 9: "done"}),
    "one who complains holds it": ([], [("complaint", 3), ("handed_over", 9)], {3: "blocked", 9: "done"}),
    "what was reported before the first case stays": (
        reports(("site", "done", 2)), [("inventoried", 5), ("handed_over", 9)], {2: "done", 5: "reopened", 9: "done"},
    ),
    "what is reported later does not count": (
        reports(("site", "done", 6)), [("inventoried", 5)], {6: "in_progress", 20: "in_progress"},
    ),
    "handed over and stopped again": (
        [], [("handed_over", 5), ("obstructed", 8), ("handed_over", 20)], {5: "done", 8: "reopened", 20: "done"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "told", "expected"), HANDOVERS.values(), ids=list(HANDOVERS))
def test_the_handover_of_a_unit_is_that_of_its_cases(
    said: list[Report], told: list[tuple[str, int]], expected: dict[int, str]
) -> None:
    known = line([tower(1)], {1: said}, [case(1, "H-01", *told)])
    found = {on: known.standing(known.by_id[1], UnitStage.SITE, day(on)).status.value for on in expected}
    assert found == expected


def test_a_unit_is_handed_over_when_the_last_of_its_cases_is() -> None:
    cases = [case(1, "H-02", ("handed_over", 3)), case(1, "H-01", ("inventoried", 2), ("handed_over", 9))]
    known = line([tower(1)], {}, cases)
    stands = [known.standing(known.by_id[1], UnitStage.SITE, day(on)).is_done for on in (3, 8, 9)]
    assert stands == [False, False, True]
    numbers = [[one.number for one in known.open_cases(known.by_id[1], day(on))] for on in (2, 8, 9)]
    assert numbers == [["H-01"], ["H-01"], []]


def halfway() -> Line:
    up = reports(
        ("site", "done", 2), ("foundation", "done", 3), ("steel", "done", 4), ("erection", "done", 5)
    )
    strung = reports(("corridor", "done", 6), ("stringing", "done", 7))
    units_ = [*map(tower, range(1, 5)), section(1, 1, 2, 400), section(2, 2, 4, 600)]
    return line(
        units_,
        {1: up, 2: up, 3: reports(("site", "blocked", 2)), SECTION + 1: strung},
    )


def test_a_count_has_what_is_done_under_way_held_and_listed() -> None:
    known = halfway()
    assert units.count(known, UnitStage.SITE, day(9), 88) == Count(UnitStage.SITE, 2, 0, 1, 4, 88)
    assert units.count(known, UnitStage.SITE, day(9), None).total == 4
    assert units.count(known, UnitStage.STRINGING, day(9), None) == Count(
        UnitStage.STRINGING, 1, 0, 0, 2, 2, done_m=400, length_m=1000
    )
    empty = units.count(line([], {}), UnitStage.SITE, day(9), None)
    assert (empty.total, empty.left, empty.is_complete) == (None, None, False)


@pytest.mark.parametrize(
    ("towers", "sections", "on", "is_energised", "expected"),
    [
        (None, None, 1, False, 0.0),
        (None, None, 9, False, 45.0),
        (8, None, 9, False, 27.5),
        (None, 4, 9, True, 50.0),
    ],
)
def test_the_percent_of_a_line_is_weighted(
    towers: int | None, sections: int | None, on: int, is_energised: bool, expected: float
) -> None:
    totals = {UnitKind.TOWER: towers, UnitKind.SECTION: sections}
    counts = {
        stage: units.count(halfway(), stage, day(on), totals[kind]) for stage, kind in units.KIND_OF.items()
    }
    assert units.percent(counts, is_energised=is_energised) == expected


def test_a_percent_that_hangs_on_an_unknown_denominator_is_not_known() -> None:
    known = line([tower(1)], {})
    counts = {stage: units.count(known, stage, day(9), None) for stage in UnitStage}
    assert units.percent(counts, is_energised=False) is None


def test_the_weights_and_energisation_are_the_whole() -> None:
    assert sum(units.WEIGHTS.values()) + units.ENERGISED_WEIGHT == 100


@pytest.mark.parametrize(("on", "expected"), [(1, 503), (9, 503), (10, 513), (19, 513), (20, 512), (28, 512)])
def test_the_denominator_of_a_day_is_the_last_in_force(on: int, expected: int) -> None:
    versions = [
        Total(UnitKind.SECTION, 512, day(20), 2),
        Total(UnitKind.SECTION, 513, day(10), 3),
        Total(UnitKind.TOWER, 9, day(1), 4),
        Total(UnitKind.SECTION, 514, day(20), 1),
    ]
    assert units.total_on(503, versions, UnitKind.SECTION, day(on)) == expected
    assert units.total_on(None, [], UnitKind.SECTION, day(on)) is None
