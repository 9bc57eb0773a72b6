"""Where a case stands and how far it has come, and what the rules say of it: tables of cases."""

from datetime import date
from typing import Any

import pytest

from app.domain import household_checks as checks
from app.domain.errors import Invalid, RuleBroken
from app.domain.household_checks import Particulars, Procedure
from app.domain.households import PERSONAL, UNIT_OF, Case, Told, in_order
from app.domain.rules import Rule
from app.domain.vocabulary import Attitude, CaseProgress, DelayCause, HouseholdStatus, Track, UnitKind
from app.tables.households import Household, HouseholdEntry

S = HouseholdStatus
TODAY = date(2023, 2, 7)


def day(number: int) -> date:
    return date(2023, 1, number)


def told(number: int, status: str, **more: Any) -> Told:
    return Told(day(number), S(status), **more)


def case(*said: Told) -> Case:
    return Case(1, "1", 1, None, in_order(said))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([told(1, "not_inventoried")], "not_inventoried"),
        ([told(1, "inventoried")], "inventoried"),
        ([told(1, "plan_approved")], "approved"),
        ([told(1, "unpaid")], "approved"),
        ([told(1, "inventoried", approved_vnd=5)], "approved"),
        ([told(1, "paid")], "paid"),
        ([told(1, "unpaid", approved_vnd=5, paid_vnd=1)], "paid"),
        ([told(1, "unpaid", approved_vnd=5, paid_vnd=0)], "approved"),
        ([told(1, "in_treasury")], "paid"),
        ([told(1, "handed_over")], "handed_over"),
        ([told(1, "obstructed")], "held"),
        ([told(1, "complaint")], "held"),
        ([told(1, "enforcement")], "held"),
        # What its owner says is counted on its own: see `domain/privacy.py`.
        ([told(1, "inventoried", attitude=Attitude.DISAGREES)], "inventoried"),
        # It is held now, whatever it has behind it; handed over again it is.
        ([told(1, "handed_over"), told(2, "obstructed")], "held"),
        ([told(1, "handed_over"), told(2, "obstructed"), told(3, "handed_over")], "handed_over"),
        # A correction to the beginning takes back what was said before.
        ([told(1, "paid"), told(2, "not_inventoried")], "not_inventoried"),
    ],
)
def test_a_case_is_in_exactly_one_stage(said: list[Told], expected: str) -> None:
    reached = case(*said).reached(TODAY)
    assert reached is not None
    assert reached.progress == CaseProgress(expected)


def test_a_case_stands_as_what_took_effect_last_said_and_before_it_nowhere() -> None:
    late = case(told(9, "paid", revision=1), told(3, "inventoried", revision=2))
    assert [late.at(day(n)) and late.at(day(n)).status for n in (2, 3, 8, 9)] == [  # type: ignore[union-attr]
        *(None, S.INVENTORIED, S.INVENTORIED, S.PAID)
    ]
    assert late.reached(day(2)) is None
    # Of one day the word recorded last stands.
    again = case(told(3, "paid", revision=5), told(3, "inventoried", revision=4))
    assert again.at(day(3)) == told(3, "paid", revision=5)


STANDING = told(
    3, "unpaid", attitude=Attitude.UNDECIDED, cause=DelayCause.LAND_PRICE, approved_vnd=9, revision=4
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, None),
        ({"status": S.UNPAID}, None),
        ({"attitude": Attitude.UNDECIDED, "approved_vnd": 9}, None),
        ({"status": S.PAID}, {"status": S.PAID}),
        ({"cause": None}, {"cause": None}),
        ({"paid_vnd": 9, "status": S.PAID}, {"paid_vnd": 9, "status": S.PAID}),
    ],
)
def test_what_a_report_leaves_out_stays_as_it_was_on_that_day(
    said: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    found = checks.follows(STANDING, said, day(5))
    if expected is None:
        assert found is None
        return
    kept = {
        name: getattr(STANDING, name) for name in ("status", "attitude", "cause", "approved_vnd", "paid_vnd")
    }
    assert found is not None
    assert {name: getattr(found, name) for name in kept} == kept | expected
    assert found.effective_on == day(5)


@pytest.mark.parametrize(
    ("before", "late", "later", "expected"),
    [
        (None, told(2, "inventoried", approved_vnd=7), [], []),
        # What was not known holds on, day by day, until another is told.
        (
            None,
            told(2, "unpaid", approved_vnd=7),
            [told(4, "paid"), told(6, "handed_over"), told(8, "handed_over", approved_vnd=9)],
            [told(4, "paid", approved_vnd=7), told(6, "handed_over", approved_vnd=7)],
        ),
        (
            None,
            told(2, "unpaid", approved_vnd=7, attitude=Attitude.AGREES),
            [told(4, "paid", approved_vnd=7), told(6, "handed_over")],
            [
                told(4, "paid", approved_vnd=7, attitude=Attitude.AGREES),
                told(6, "handed_over", attitude=Attitude.AGREES),
            ],
        ),
        # What was known before and was emptied later stays empty; a status and a cause are of their day.
        (told(1, "unpaid", approved_vnd=6), told(2, "unpaid", approved_vnd=7), [told(4, "paid")], []),
        (None, told(2, "unpaid", cause=DelayCause.LAND_PRICE), [told(4, "paid")], []),
        # Days before it, and what was told of its own day, are not later.
        (None, told(2, "unpaid", paid_vnd=7), [told(1, "inventoried"), told(2, "inventoried")], []),
    ],
)
def test_what_a_late_report_knows_first_holds_on(
    before: Told | None, late: Told, later: list[Told], expected: list[Told]
) -> None:
    assert checks.carried(before, late, later) == expected


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (None, {}),
        (None, {"attitude": Attitude.AGREES}),
        (None, {"status": None}),
        (STANDING, {"status": None}),
    ],
)
def test_a_case_without_a_status_is_refused(standing: Told | None, said: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        checks.follows(standing, said, day(5))
    assert (refused.value.problem, refused.value.field) == ("field_missing", "status")


@pytest.mark.parametrize(
    ("said", "decision", "expected"),
    [
        ([], None, []),
        ([told(1, "paid", approved_vnd=9, paid_vnd=9)], "5/QĐ", []),
        ([told(1, "paid", approved_vnd=9, paid_vnd=10)], "5/QĐ", [("R29", "hard", False)]),
        # At any day that is told of, not at the last alone.
        (
            [told(1, "paid", approved_vnd=9, paid_vnd=10), told(2, "paid", approved_vnd=10, paid_vnd=10)],
            "5/QĐ",
            [("R29", "hard", False)],
        ),
        ([told(1, "unpaid", approved_vnd=9)], None, [("R29", "hard", False)]),
        ([told(1, "unpaid", approved_vnd=0)], None, [("R29", "hard", False)]),
        ([told(1, "paid", paid_vnd=9)], None, [("R29", "warning", True)]),
        ([told(1, "inventoried", paid_vnd=0)], None, []),
    ],
)
def test_no_more_is_paid_than_approved_and_nothing_approved_without_its_decision(
    said: list[Told], decision: str | None, expected: list[tuple[str, str, bool]]
) -> None:
    found = [(f.rule.number, f.level, f.unknown) for f in checks.money(said, decision)]
    assert found == expected


RECOVERED = Particulars(Track.RECOVERED_LAND)
CORRIDOR = Track.CORRIDOR


def procedure(notice: int | None = None, recovery: int | None = None, *rounds: tuple[int, int]) -> Procedure:
    """By days after 1 January 2022."""
    first = date(2022, 1, 1).toordinal()

    def on(number: int | None) -> date | None:
        return None if number is None else date.fromordinal(first + number)

    return Procedure(on(notice), on(recovery), tuple((on(a), on(b)) for a, b in rounds))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("farm", "early", "days", "expected"),
    [
        (True, None, procedure(0, 89), [("R30", False)]),
        (True, None, procedure(0, 90), []),
        (False, None, procedure(0, 179), [("R30", False)]),
        (False, None, procedure(0, 180), []),
        (None, None, procedure(0, 89), [("R30", False)]),
        (None, None, procedure(0, 90), [("R30", True)]),
        (None, None, procedure(0, 180), []),
        (True, True, procedure(0, 10), []),
        (True, False, procedure(0, 10), [("R30", False)]),
        (True, None, procedure(None, 10), [("R30", True)]),
        (True, None, procedure(0, None), []),
        (True, None, procedure(None, None, (0, 19)), [("R31", False)]),
        (True, None, procedure(None, None, (0, 20)), []),
        (True, None, procedure(None, None, (0, 20), (30, 40)), [("R31", False)]),
    ],
)
def test_notice_and_posting_are_waited_out_or_warned_of(
    farm: bool | None, early: bool | None, days: Procedure, expected: list[tuple[str, bool]]
) -> None:
    found = checks.warnings(Particulars(Track.RECOVERED_LAND, farm, early), days)
    assert [(f.rule.number, f.unknown) for f in found] == expected
    # A corridor is not recovered.
    assert list(checks.warnings(Particulars(CORRIDOR, farm, early), days)) == []


def test_a_decision_of_its_own_comes_before_that_of_the_package() -> None:
    own = Particulars(Track.RECOVERED_LAND, True, decision_on=date(2022, 1, 31))
    assert [f.rule for f in checks.warnings(own, procedure(0, 200))] == [Rule.RECOVERED_EARLY]


@pytest.mark.parametrize(
    ("house", "land", "expected"),
    [
        (70, 80, []),
        (70.5, 80, ["house_support_percent"]),
        (None, 80.5, ["land_support_percent"]),
        (100, 100, ["house_support_percent", "land_support_percent"]),
    ],
)
def test_support_in_a_corridor_has_its_caps(
    house: float | None, land: float | None, expected: list[str]
) -> None:
    case = Particulars(CORRIDOR, house_support_percent=house, land_support_percent=land)
    assert [f.field for f in checks.warnings(case, Procedure())] == expected
    recovered = Particulars(Track.RECOVERED_LAND, house_support_percent=house, land_support_percent=land)
    assert list(checks.warnings(recovered, Procedure())) == []


@pytest.mark.parametrize("number", ["1", "HD-012", "BD.2023_7", "T1"])
def test_a_case_has_a_number(number: str) -> None:
    checks.check_number(number)


@pytest.mark.parametrize(
    "number", ["", "Nguyen", "Nguyễn Văn A 1", "A B1", "-1", "1/2", "1\n", "1" * 41, "١"]
)
def test_what_may_be_a_name_is_no_case_number(number: str) -> None:
    with pytest.raises(Invalid):
        checks.check_number(number)


def test_nothing_happens_in_the_future() -> None:
    checks.check_days(TODAY, effective_on=TODAY, visited_on=None)
    with pytest.raises(RuleBroken) as refused:
        checks.check_days(TODAY, effective_on=TODAY, visited_on=date(2023, 2, 8))
    assert (refused.value.problem, refused.value.field) == (Rule.DATE_IN_FUTURE, "visited_on")


def test_land_goes_with_towers_and_corridors_with_sections() -> None:
    for track in Track:
        for kind in UnitKind:
            if UNIT_OF[track] == kind:
                checks.check_unit(track, kind)
                continue
            with pytest.raises(Invalid) as refused:
                checks.check_unit(track, kind)
            assert refused.value.problem == "other_track"


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "there"),
    [
        (None, None, True),
        (date(2023, 1, 5), None, True),
        (date(2023, 1, 6), None, False),
        (None, date(2023, 1, 5), True),
        (None, date(2023, 1, 4), False),
    ],
)
def test_a_commune_has_its_days(valid_from: date | None, valid_until: date | None, there: bool) -> None:
    if there:
        checks.check_commune(valid_from, valid_until, day(5))
        return
    with pytest.raises(Invalid) as refused:
        checks.check_commune(valid_from, valid_until, day(5))
    assert (refused.value.problem, refused.value.field) == ("commune_not_then", "effective_on")


def test_every_text_of_a_case_is_personal_or_known_to_be_none() -> None:
    """A new column of a case is personal unless somebody has said here that it is not."""
    plain = {
        *(
            "id",
            "clearance_id",
            "number",
            "unit_id",
            "is_farm_land",
            "land_m2",
            "house_m2",
            "trees",
            "agreed_early",
        ),
        *("house_support_percent", "land_support_percent", "decision_number", "decision_on", "visited_on"),
        *("action_owner", "is_illustrative", "sources", "created_in", "revision"),
    }
    assert set(Household.model_fields) - plain == PERSONAL
    assert not PERSONAL & set(HouseholdEntry.model_fields)
