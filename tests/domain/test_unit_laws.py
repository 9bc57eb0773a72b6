"""Laws of counting a line, whatever was reported of it."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.domain import unit_checks, units
from app.domain.units import KIND_OF, STAGES, Line, Report, Unit
from app.domain.vocabulary import UnitKind, UnitStage, UnitStatus
from tests.domain.lines import SECTION, case, day, report, section, tower

COMMUNES = (None, "thua-duc", "dinh-trung", "phu-thuan")
DAYS = st.integers(1, 28)
WORD = st.sampled_from([status.value for status in UnitStatus])


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[Unit], list[tuple[int, Report]]]:
    """Up to eight towers in some communes with a section between two of them, and reports on them, each of its own
    revision."""
    towers = [tower(n, draw(st.sampled_from(COMMUNES))) for n in range(1, draw(st.integers(1, 8)) + 1)]
    found = [*towers, section(1, 1, len(towers), 500)] if len(towers) > 1 else [*towers]
    told = []
    for revision in range(draw(st.integers(0, 30))):
        unit = draw(st.sampled_from(found))
        stage = draw(st.sampled_from(STAGES[unit.kind]))
        told.append((unit.id, report(stage.value, draw(WORD), draw(DAYS), revision)))
    return found, told


def told_to(found: list[Unit], told: list[tuple[int, Report]]) -> Line:
    reports: dict[int, list[Report]] = {}
    for unit_id, said in told:
        reports.setdefault(unit_id, []).append(said)
    return Line(found, reports)


@given(lines(), DAYS)
def test_no_count_exceeds_its_total_and_the_parts_are_the_whole(
    made: tuple[list[Unit], list[tuple[int, Report]]], on: int
) -> None:
    line = told_to(*made)
    by_commune = units.count_by_commune(line, day(on))
    for stage, kind in KIND_OF.items():
        whole = units.count(line, stage, day(on), None)
        assert 0 <= whole.done + whole.in_progress + whole.held <= whole.listed == len(line.of(kind))
        assert whole.done_m <= whole.length_m
        for name in ("done", "in_progress", "held", "listed", "done_m", "length_m"):
            assert sum(getattr(counts[stage], name) for counts in by_commune.values()) == getattr(whole, name)
        for commune, counts in by_commune.items():
            if commune is not None:
                alone = units.count(line, stage, day(on), None, commune)
                assert (alone.done, alone.listed) == (counts[stage].done, counts[stage].listed)


@given(lines(), st.randoms(use_true_random=False), DAYS)
def test_the_order_in_which_reports_come_does_not_matter(
    made: tuple[list[Unit], list[tuple[int, Report]]], chance: object, on: int
) -> None:
    found, told = made
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = told_to(found, told), told_to(found, shuffled)
    for unit in found:
        for stage in STAGES[unit.kind]:
            assert one.standing(unit, stage, day(on)) == other.standing(unit, stage, day(on))


@given(lines(), DAYS)
def test_a_stage_is_in_its_done_spans_exactly_on_the_days_on_which_it_is_done(
    made: tuple[list[Unit], list[tuple[int, Report]]], on: int
) -> None:
    line = told_to(*made)
    for unit in line.units:
        for stage, timeline in line.timelines(unit).items():
            spans = unit_checks.done_spans(timeline)
            assert unit_checks.is_within(day(on), spans) == line.standing(unit, stage, day(on)).is_done


@given(lines(), lines())
def test_the_first_gap_is_the_first_day_that_only_one_of_two_is_done(
    made: tuple[list[Unit], list[tuple[int, Report]]], other: tuple[list[Unit], list[tuple[int, Report]]]
) -> None:
    needs, has = (
        unit_checks.done_spans(told_to(*one).timelines(one[0][0])[UnitStage.SITE]) for one in (made, other)
    )
    days = [date(2023, 1, n) for n in range(1, 31)]
    gaps = [d for d in days if unit_checks.is_within(d, needs) and not unit_checks.is_within(d, has)]
    for since in (day(1), day(15)):
        expected = next((gap for gap in gaps if gap >= since), None)
        assert unit_checks.first_gap(needs, has, since) == expected


@given(lines(), DAYS)
def test_the_handover_of_a_unit_with_an_open_case_never_counts(
    made: tuple[list[Unit], list[tuple[int, Report]]], on: int
) -> None:
    found, told = made
    reports: dict[int, list[Report]] = {}
    for unit_id, said in told:
        reports.setdefault(unit_id, []).append(said)
    line = Line(found, reports, {1: [case(1, "H-01", ("inventoried", 1), ("handed_over", 20))]})
    assert line.standing(line.by_id[1], UnitStage.SITE, day(on)).is_done is (on >= 20)


def test_the_towers_of_a_section_are_both_ends_and_all_between() -> None:
    found = [*map(tower, range(1, 7)), section(1, 1, 3), section(2, 3, 6)]
    line = Line(found, {})
    numbers = [[unit.number for unit in line.towers_of(one)] for one in line.of(UnitKind.SECTION)]
    assert numbers == [["1", "2", "3"], ["3", "4", "5", "6"]]
    over = {n: [one.id - SECTION for one in line.sections_over(line.by_id[n])] for n in range(1, 7)}
    assert over == {1: [1], 2: [1], 3: [1, 2], 4: [2], 5: [2], 6: [2]}
