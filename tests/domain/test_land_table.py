"""The weekly land table: what a week is, what each figure counts, and that every row is the sum of the rows below it."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import land_table
from app.domain.commitments import Act, Kept
from app.domain.errors import RuleBroken
from app.domain.households import Case, Told
from app.domain.land_figures import Figures, Households, Units
from app.domain.land_table import Asked, Land, Place, Promised, Row, Week
from app.domain.problems import Problem
from app.domain.reporting import Rhythm
from app.domain.units import Line, Report, Unit
from app.domain.vocabulary import (
    Attitude,
    CommitmentAct,
    DelayCause,
    HouseholdStatus,
    LandLevel,
    UnitKind,
    UnitStage,
    UnitStatus,
)

# Thursdays.
BEFORE, END = date(2023, 2, 2), date(2023, 2, 9)
WEEK = Week(BEFORE, END, is_over=True)
IN_WEEK = date(2023, 2, 6)
EARLIER = date(2023, 1, 10)
NORTH, SOUTH, EAST = (
    Place("binh-dai", "thoi-thuan"),
    Place("binh-dai", "thua-duc"),
    Place("ba-tri", "an-thuy"),
)
NOWHERE = Place()


@pytest.mark.parametrize(
    ("asked", "today", "after", "until"),
    [
        # Asked for by its cut-off day, or by a day of the week after it.
        (date(2023, 2, 9), date(2023, 2, 20), date(2023, 2, 2), date(2023, 2, 9)),
        (date(2023, 2, 15), date(2023, 2, 20), date(2023, 2, 2), date(2023, 2, 9)),
        (date(2023, 2, 16), date(2023, 2, 20), date(2023, 2, 9), date(2023, 2, 16)),
        (date(2023, 2, 22), date(2023, 2, 20), date(2023, 2, 9), date(2023, 2, 16)),
        (date(2020, 1, 2), date(2023, 2, 20), date(2019, 12, 26), date(2020, 1, 2)),
        # Not asked for: what has run of this one. The cut-off day still belongs to the week it closes.
        (None, date(2023, 2, 7), date(2023, 2, 2), date(2023, 2, 7)),
        (None, date(2023, 2, 9), date(2023, 2, 2), date(2023, 2, 9)),
        (None, date(2023, 2, 10), date(2023, 2, 9), date(2023, 2, 10)),
    ],
)
def test_a_week_ends_on_its_cut_off_day(asked: date | None, today: date, after: date, until: date) -> None:
    week = land_table.week(Rhythm(), asked, today, today)
    assert (week.after, week.until, week.is_over) == (after, until, until < today)


def test_a_week_that_ends_after_today_is_refused_and_other_rhythms_are_kept() -> None:
    with pytest.raises(RuleBroken) as refused:
        land_table.week(Rhythm(), date(2023, 2, 9), date(2023, 2, 8), date(2023, 2, 8))
    assert (refused.value.problem, refused.value.field) == (Problem.PERIOD_AHEAD, "week")
    fortnight = land_table.week(Rhythm(4, 12, 14), date(2023, 2, 9), END, END)
    assert (fortnight.after, fortnight.until) == (date(2023, 1, 20), date(2023, 2, 3))
    # Asked with the knowledge of the cut-off's afternoon, its day was not over yet.
    assert not land_table.week(Rhythm(), END, date(2023, 3, 1), END).is_over


def tower(i: int, length_m: int | None = None, kind: UnitKind = UnitKind.TOWER) -> Unit:
    return Unit(i, kind, str(i), i, length_m=length_m)


def reported(*said: tuple[UnitStatus, date], stage: UnitStage = UnitStage.SITE) -> list[Report]:
    return [Report(stage, status, day, DelayCause.LAND_PRICE, n) for n, (status, day) in enumerate(said)]


DONE, REOPENED, BLOCKED = UnitStatus.DONE, UnitStatus.REOPENED, UnitStatus.BLOCKED


def case(i: int, unit: int | None, *told: Told) -> Case:
    return Case(i, f"H{i}", 1, unit, told)


def land(
    units: Mapping[Place, Sequence[Unit]],
    reports: Mapping[int, Sequence[Report]] | None = None,
    cases: Mapping[Place, Sequence[Case]] | None = None,
    promised: Sequence[Promised] = (),
    stated: Mapping[UnitKind, int | None] | None = None,
    packages: Sequence[Place] = (),
    asked: Sequence[Asked] = (),
) -> Land:
    cases = cases or {}
    on_units: dict[int, list[Case]] = {}
    for one in (one for some in cases.values() for one in some if one.unit_id is not None):
        on_units.setdefault(one.unit_id or 0, []).append(one)
    return Land(
        line=Line((unit for some in units.values() for unit in some), reports or {}, on_units),
        cases=[one for some in cases.values() for one in some],
        unit_places={unit.id: place for place, some in units.items() for unit in some},
        case_places={one.id: place for place, some in cases.items() for one in some},
        packages=frozenset(packages),
        stated=stated or {},
        promised=promised,
        asked=asked,
    )


def figures(rows: Sequence[Row]) -> list[tuple[str, str | None, int, int, int]]:
    """Level, code, and of its towers: listed, handed over, in the week."""
    return [
        (
            row.level.value,
            row.place.district if row.level == LandLevel.DISTRICT else row.place.commune,
            *(row.figures.towers.listed, row.figures.towers.done, row.figures.towers.in_week),
        )
        for row in rows
    ]


def test_a_row_for_the_work_each_district_and_each_commune_by_code_and_nowhere_last() -> None:
    given = land(
        {SOUTH: [tower(1), tower(2)], NORTH: [tower(3)], NOWHERE: [tower(4)]},
        {1: reported((DONE, EARLIER)), 2: reported((DONE, IN_WEEK)), 4: reported((DONE, END))},
        packages=[EAST],
    )
    assert figures(land_table.rows(given, WEEK)) == [
        ("work", None, 4, 3, 2),
        ("district", "ba-tri", 0, 0, 0),
        ("commune", "an-thuy", 0, 0, 0),
        ("district", "binh-dai", 3, 2, 1),
        ("commune", "thoi-thuan", 1, 0, 0),
        ("commune", "thua-duc", 2, 2, 1),
        ("district", None, 1, 1, 1),
        ("commune", None, 1, 1, 1),
    ]
    assert land_table.rows(land({}), WEEK) == []


@pytest.mark.parametrize(
    ("said", "done", "in_week", "is_held"),
    [
        ([], 0, 0, False),
        ([(DONE, BEFORE)], 1, 0, False),
        ([(DONE, BEFORE + timedelta(days=1))], 1, 1, False),
        ([(DONE, END)], 1, 1, False),
        ([(DONE, END + timedelta(days=1))], 0, 0, False),
        # A reopening takes one back; done and reopened within the week is no change.
        ([(DONE, EARLIER), (REOPENED, IN_WEEK)], 0, -1, True),
        ([(DONE, EARLIER), (REOPENED, BEFORE)], 0, 0, True),
        ([(DONE, BEFORE + timedelta(days=1)), (REOPENED, END)], 0, 0, True),
        ([(BLOCKED, EARLIER)], 0, 0, True),
        ([(BLOCKED, EARLIER), (DONE, IN_WEEK)], 1, 1, False),
    ],
)
def test_in_the_week_is_the_end_less_the_beginning(
    said: list[tuple[UnitStatus, date]], done: int, in_week: int, is_held: bool
) -> None:
    (row, *_) = land_table.rows(land({NORTH: [tower(1)]}, {1: reported(*said)}), WEEK)
    towers = row.figures.towers
    assert (towers.listed, towers.done, towers.in_week) == (1, done, in_week)
    assert [unit.number for unit in towers.held] == ["1"] * is_held
    assert row.figures.ranked == [DelayCause.LAND_PRICE] * is_held


def test_sections_are_counted_by_their_corridor_and_in_known_metres() -> None:
    sections = [tower(i, m, UnitKind.SECTION) for i, m in ((1, 900), (2, 400), (3, None), (4, 150))]
    told = {
        1: reported((DONE, EARLIER), stage=UnitStage.CORRIDOR),
        2: reported((DONE, IN_WEEK), stage=UnitStage.CORRIDOR),
        3: reported((DONE, IN_WEEK), stage=UnitStage.CORRIDOR),
        4: reported((DONE, IN_WEEK), stage=UnitStage.STRINGING),
    }
    (row, *_) = land_table.rows(land({NORTH: sections}, told), WEEK)
    assert row.figures.sections == Units(4, 3, 1, 3, 1_450, 1_300, 900)
    assert row.figures.towers == Units()


def told(status: HouseholdStatus, day: date = EARLIER, **more: object) -> Told:
    return Told(day, status, **more)  # type: ignore[arg-type]


def test_households_are_counted_by_what_they_have_behind_them_and_their_causes_by_frequency() -> None:
    price, crops = DelayCause.LAND_PRICE, DelayCause.CROPS
    against = Attitude.DISAGREES
    cases = [
        case(1, None, told(HouseholdStatus.NOT_INVENTORIED)),
        case(2, 1, told(HouseholdStatus.INVENTORIED, attitude=against, cause=crops)),
        case(3, 1, told(HouseholdStatus.UNPAID, attitude=against, cause=price, approved_vnd=9)),
        case(4, 1, told(HouseholdStatus.COMPLAINT, cause=price, approved_vnd=50, paid_vnd=40)),
        case(
            5, 2, told(HouseholdStatus.HANDED_OVER, attitude=against, cause=crops, paid_vnd=2, approved_vnd=2)
        ),
        # Paid in part within the week; told only after it; nothing told.
        case(
            6,
            None,
            told(HouseholdStatus.INVENTORIED),
            told(HouseholdStatus.PAID, END, paid_vnd=1, approved_vnd=3),
        ),
        case(7, None, told(HouseholdStatus.PAID, END + timedelta(days=1), paid_vnd=7)),
        case(8, None),
    ]
    given = land({NORTH: [tower(1), tower(2), tower(3)]}, {3: reported((BLOCKED, EARLIER))}, {NORTH: cases})
    (row, *_) = land_table.rows(given, WEEK)
    assert row.figures.households == Households(6, 4, 4, 3, 43, 2)
    # Tower 1 is held by its open cases, each with its own cause; tower 3 has none and a cause of its own.
    assert [unit.number for unit in row.figures.towers.held] == ["1", "3"]
    assert row.figures.towers.done == 1
    assert row.figures.causes == {price: 3, crops: 1}
    assert row.figures.ranked == [price, crops]


MADE, MOVED = CommitmentAct.MADE, CommitmentAct.MOVED


def promise(*units: int, due_on: date = END, stage: UnitStage = UnitStage.SITE) -> Promised:
    return Promised(stage, frozenset(units), [Act(MADE, EARLIER, due_on)])


def test_a_commune_answers_for_its_own_towers_and_the_work_for_the_whole_promise() -> None:
    later = Promised(
        UnitStage.SITE, frozenset({3}), [Act(MADE, EARLIER, IN_WEEK), Act(MOVED, IN_WEEK, date(2023, 3, 1))]
    )
    casting = promise(1, stage=UnitStage.FOUNDATION)
    given = land(
        {NORTH: [tower(1), tower(2)], SOUTH: [tower(3)]},
        {1: reported((DONE, IN_WEEK)), 2: reported((DONE, EARLIER))},
        promised=[promise(1, 3), promise(2), later, casting, promise(3, due_on=EARLIER)],
    )
    work, district, north, south = land_table.rows(given, WEEK)
    assert work.kept == district.kept == Kept(kept=1, broken=1, moved=1)
    assert north.kept == Kept(kept=2)
    assert south.kept == Kept(broken=1, moved=1)
    assert work.due_days == south.due_days == (EARLIER, END, date(2023, 3, 1))
    assert north.due_days == ()


def test_what_is_asked_stands_where_it_lies_and_above_and_the_stated_total_with_the_work_alone() -> None:
    whole, there = Asked("UBH", "Cả tuyến"), Asked("UBX", "Xã Thừa Đức", SOUTH)
    stated = {UnitKind.TOWER: 88}
    given = land(
        {NORTH: [tower(1)], SOUTH: [tower(2)], EAST: [tower(3)]}, stated=stated, asked=[whole, there]
    )
    rows = land_table.rows(given, WEEK)
    assert [len(row.asked) for row in rows] == [2, 0, 0, 1, 0, 1]
    assert [dict(row.stated) for row in rows] == [stated, *[{}] * 5]


# Lines of up to twelve units anywhere, with any reports, cases and promises around the week.
DAYS = st.integers(-9, 12).map(lambda n: BEFORE + timedelta(days=n))
PLACES = st.sampled_from([NORTH, SOUTH, EAST, NOWHERE, Place("ba-tri"), Place(None, "thua-duc")])
KINDS = st.sampled_from(UnitKind)
STATUSES = st.sampled_from(UnitStatus)
CAUSES = st.none() | st.sampled_from([DelayCause.CROPS, DelayCause.UNPAID, DelayCause.LAND_PRICE])


@st.composite
def lands(draw: st.DrawFn) -> Land:
    units = [
        Unit(i, draw(KINDS), str(i), i, length_m=draw(st.none() | st.integers(1, 900)))
        for i in range(1, draw(st.integers(0, 12)) + 1)
    ]
    reports = {
        unit.id: [
            Report(unit.handover, draw(STATUSES), draw(DAYS), draw(CAUSES), n)
            for n in range(draw(st.integers(0, 3)))
        ]
        for unit in units
    }
    ids = st.none() | st.integers(1, max(1, len(units)))
    cases = []
    for i in range(draw(st.integers(0, 8))):
        days = sorted(draw(st.lists(DAYS, max_size=3)))
        money = st.none() | st.integers(0, 10**12)
        said = tuple(
            Told(day, draw(st.sampled_from(HouseholdStatus)), draw(st.none() | st.sampled_from(Attitude)),
                 draw(CAUSES), draw(money), draw(money), n)
            for n, day in enumerate(days)
        )  # fmt: skip
        unit = draw(ids) if units else None
        cases.append(Case(i, f"H{i}", 1, unit, said))
    promised = [
        Promised(
            draw(st.sampled_from(sorted(land_table.STAGES))),
            frozenset(draw(st.sets(st.sampled_from([unit.id for unit in units]), min_size=1))),
            [Act(MADE, day := draw(DAYS), day + timedelta(days=draw(st.integers(0, 9))))],
        )
        for _ in range(draw(st.integers(0, 3)) if units else 0)
    ]
    promised = [
        Promised(each.stage, own, each.acts)
        for each in promised
        if (own := frozenset(u.id for u in units if u.id in each.units and u.handover == each.stage))
    ]
    on_units: dict[int, list[Case]] = {}
    for one in cases:
        if one.unit_id is not None:
            on_units.setdefault(one.unit_id, []).append(one)
    return Land(
        line=Line(units, reports, on_units),
        cases=cases,
        unit_places={unit.id: draw(PLACES) for unit in units},
        case_places={one.id: draw(PLACES) for one in cases},
        packages=frozenset(draw(st.sets(PLACES, max_size=2))),
        promised=promised,
    )


def added(rows: Sequence[Row]) -> Figures:
    return sum((row.figures for row in rows), Figures())


@given(lands())
def test_every_row_is_exactly_the_sum_of_the_rows_below_it(given: Land) -> None:
    rows = land_table.rows(given, WEEK)
    by = {level: [row for row in rows if row.level == level] for level in LandLevel}
    for row in by[LandLevel.DISTRICT]:
        below = [each for each in by[LandLevel.COMMUNE] if each.place.district == row.place.district]
        assert same(row.figures, added(below))
        assert all(
            getattr(row.kept, f.name) <= sum(getattr(b.kept, f.name) for b in below) for f in counted(row)
        )
    if not rows:
        assert (given.packages, given.unit_places, given.case_places) == (frozenset(), {}, {})
        return
    (work,) = by[LandLevel.WORK]
    assert same(work.figures, added(by[LandLevel.DISTRICT]))
    assert same(work.figures, added(by[LandLevel.COMMUNE]))
    assert work.figures.towers.listed + work.figures.sections.listed == len(given.line.units)


def counted(row: Row) -> list[object]:
    """Shared promises are more than one commune's, and kept only where all have kept: no more than the communes' here."""
    return [f for f in fields(row.kept) if f.name in ("kept", "withdrawn")]


def same(one: Figures, other: Figures) -> bool:
    return (one.towers, one.sections, one.households, dict(one.causes)) == (
        *(other.towers, other.sections, other.households),
        dict(other.causes),
    )


@given(lands())
def test_no_count_is_more_than_there_is(given: Land) -> None:
    for row in land_table.rows(given, WEEK):
        for units in (row.figures.towers, row.figures.sections):
            assert 0 <= units.done <= units.listed >= units.was_done >= 0
            assert units.done + len(units.held) <= units.listed
            assert 0 <= units.done_m <= units.length_m
            assert units.measured <= units.listed
        households = row.figures.households
        assert max(households.inventoried, households.approved, households.paid) <= households.total
        assert row.kept.total <= len(given.promised)
        assert row.due_days == tuple(sorted(set(row.due_days)))
