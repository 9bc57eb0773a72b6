"""Rules R01-R13 as tables: what passes, what breaks and how hard, and the side that is not known."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.errors import Invalid, RuleBroken
from app.domain.problems import Problem
from app.domain.recognition import (
    Claim,
    Ground,
    Stake,
    Unit,
    check_not_future,
    findings,
    ladder_findings,
    standing,
)
from app.domain.rules import Finding, Level, Rule

COD = date(2022, 5, 1)
LONG_AGO = date(2020, 1, 1)
SOON, LATER = date(2022, 6, 1), date(2022, 8, 1)
THREE = ("T1", "T2", "T3")
UNIT = Unit("T1", 4_200, energised_on=LONG_AGO, synchronised_on=LONG_AGO, tested_on=LONG_AGO)
CLAIM = Claim(12_600, COD, THREE, letter_on=date(2022, 5, 10), application_on=date(2022, 2, 1))
ROOM = [Stake(100_000, LONG_AGO)]
# Breaks nothing and leaves nothing unknown; each case changes one thing.
GROUND = Ground(
    installed=ROOM,
    licensed=ROOM,
    accepted=ROOM,
    connected=ROOM,
    ppa=ROOM,
    approved=ROOM,
    units={f"T{n}": replace(UNIT, number=f"T{n}") for n in range(1, 8)},
)
Said = list[tuple[Rule, Level, bool]]
INSTALLED = [(Rule.COD_ABOVE_INSTALLED, Level.HARD, False)]
LICENSED = [(Rule.COD_ABOVE_LICENSED, Level.OVERRIDE, False)]
ACCEPTED = [(Rule.COD_ABOVE_ACCEPTED, Level.OVERRIDE, False)]
AGREED = [(Rule.COD_ABOVE_AGREED, Level.WARNING, False)]
OFF_TURBINES = [(Rule.TRANCHE_OFF_TURBINES, Level.HARD, False)]
TWICE = [(Rule.TURBINE_TWICE, Level.HARD, False)]
BEFORE_TESTS = [(Rule.COD_BEFORE_TESTS, Level.HARD, False)]
BEFORE_ACCEPTANCE = [(Rule.COD_BEFORE_ACCEPTANCE, Level.OVERRIDE, False)]
BEFORE_LICENCE = [(Rule.COD_BEFORE_LICENCE, Level.OVERRIDE, False)]
LETTER = [(Rule.LETTER_ORDER, Level.WARNING, False)]


def unknown(*rules: Rule) -> Said:
    return [(rule, Level.WARNING, True) for rule in rules]


def said(found: list[Finding]) -> Said:
    return [(f.rule, f.level, f.unknown) for f in found]


def side(kw: int, day: date | None = LONG_AGO, until: date | None = None) -> list[Stake]:
    return [Stake(kw, day, until)]


def one(**unit: Any) -> dict[str, Any]:
    """A ground and a claim with one turbine, changed."""
    return {"units": {"T1": replace(UNIT, **unit)}}


ALONE = {"kw": 4_200, "turbines": ("T1",)}

# name: (fields of the claim, fields of the ground, everything that is found)
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Said]] = {
    "nothing is broken": ({}, {}, []),
    # R01
    "R01 as much as is installed": ({}, {"installed": side(12_600)}, []),
    "R01 within 50 kW of it": ({}, {"installed": side(12_550)}, []),
    "R01 51 kW above it": ({}, {"installed": side(12_549)}, INSTALLED),
    "R01 installed the day after": ({}, {"installed": side(12_600, COD + timedelta(1))}, INSTALLED),
    "R01 installed on the day": ({}, {"installed": side(12_600, COD)}, []),
    "R01 installed on a day not exactly known": ({}, {"installed": side(12_600, None)}, []),
    "R01 what else is live takes its room": (
        {}, {"installed": side(20_000), "live": side(7_451)}, INSTALLED,
    ),
    "R01 what else is live leaves room": ({}, {"installed": side(20_000), "live": side(7_400)}, []),
    "R01 what was cancelled leaves room": (
        {}, {"installed": side(20_000), "live": [*side(20_000), Stake(-20_000, COD)]}, [],
    ),
    "R01 back-dated, it lifts a later day above what stands": (
        {}, {"installed": side(20_000), "live": side(20_000, LATER)}, INSTALLED,
    ),
    "R01 back-dated, more is installed before that later day": (
        {}, {"installed": [*side(20_000), Stake(12_600, SOON)], "live": side(20_000, LATER)}, [],
    ),
    "R01 installed MW that are taken back later": (
        {}, {"installed": [*side(20_000), Stake(-10_000, SOON)]}, INSTALLED,
    ),
    "R01 nothing is installed": ({}, {"installed": []}, INSTALLED),
    "R01 installed is not known": ({}, {"installed": None}, unknown(Rule.COD_ABOVE_INSTALLED)),
    # R02 and R11: how much is licensed on the day, and since when
    "R02 as much as is licensed": ({}, {"licensed": side(12_600)}, []),
    "R02 within 50 kW of it": ({}, {"licensed": side(12_550)}, []),
    "R02 51 kW above it": ({}, {"licensed": side(12_549)}, LICENSED),
    "R02 what else is live is licensed too": (
        {}, {"licensed": side(20_000), "live": side(7_451)}, LICENSED,
    ),
    "R02 a licence up to the day": ({}, {"licensed": side(12_600, until=COD)}, []),
    "R02 a licence that has run out": (
        {}, {"licensed": side(12_600, until=COD - timedelta(1))}, LICENSED,
    ),
    "R02 nothing is licensed": ({}, {"licensed": []}, LICENSED),
    "R02 R11 licensed is not known": (
        {}, {"licensed": None}, unknown(Rule.COD_ABOVE_LICENSED, Rule.COD_BEFORE_LICENCE),
    ),
    "R11 licensed on the day": ({}, {"licensed": side(12_600, COD)}, []),
    "R11 licensed the day after": ({}, {"licensed": side(12_600, COD + timedelta(1))}, BEFORE_LICENCE),
    "R11 licensed on a day not exactly known": ({}, {"licensed": side(12_600, None)}, []),
    "R11 the licence for the last part comes later": (
        {}, {"licensed": [*side(8_400), Stake(4_200, SOON)]}, BEFORE_LICENCE,
    ),
    "R11 a later licence is not needed": ({}, {"licensed": [*side(12_600), Stake(4_200, SOON)]}, []),
    "R11 an earlier licence had run out": (
        {}, {"licensed": [*side(12_600, until=date(2021, 1, 1)), Stake(12_600, SOON)]}, BEFORE_LICENCE,
    ),
    "R11 an earlier licence runs out on the day itself": (
        {}, {"licensed": [*side(12_600, until=COD), Stake(12_600, SOON)]}, [],
    ),
    "R11 within 50 kW of it by the day": ({}, {"licensed": [*side(12_550), Stake(4_200, SOON)]}, []),
    "R11 within 50 kW of it only later": (
        {}, {"licensed": [*side(8_400), Stake(4_150, SOON)]}, BEFORE_LICENCE,
    ),
    "R11 what else is live needs its licence too": (
        {}, {"licensed": [*side(12_600), Stake(8_000, SOON)], "live": side(8_000)}, BEFORE_LICENCE,
    ),
    "R11 part of unknown day and part later": (
        {}, {"licensed": [*side(8_400, None), Stake(4_200, SOON)]}, BEFORE_LICENCE,
    ),
    # R03 and R10: how much is accepted, and since when
    "R03 as much as is accepted": ({}, {"accepted": side(12_600)}, []),
    "R03 within 50 kW of it": ({}, {"accepted": side(12_550)}, []),
    "R03 51 kW above it": ({}, {"accepted": side(12_549)}, ACCEPTED),
    "R03 a conditional acceptance that has run out": (
        {}, {"accepted": side(12_600, until=COD - timedelta(1))}, ACCEPTED,
    ),
    "R03 nothing is accepted": ({}, {"accepted": []}, ACCEPTED),
    "R03 R10 accepted is not known": (
        {}, {"accepted": None}, unknown(Rule.COD_ABOVE_ACCEPTED, Rule.COD_BEFORE_ACCEPTANCE),
    ),
    "R10 accepted on the day": ({}, {"accepted": side(12_600, COD)}, []),
    "R10 accepted the day after": ({}, {"accepted": side(12_600, COD + timedelta(1))}, BEFORE_ACCEPTANCE),
    "R10 accepted on a day not exactly known": ({}, {"accepted": side(12_600, None)}, []),
    "R10 accepted later, COD on the first day that asks for it": (
        {"effective_on": date(2021, 7, 22), "letter_on": None}, {"accepted": side(12_600, COD)},
        BEFORE_ACCEPTANCE,
    ),
    "R10 accepted later, COD on the last day that does not": (
        {"effective_on": date(2021, 7, 21), "letter_on": None}, {"accepted": side(12_600, COD)},
        [(Rule.COD_BEFORE_ACCEPTANCE, Level.WARNING, False)],
    ),
    # R04
    "R04 as much as is agreed": ({}, {"connected": side(12_600), "ppa": side(12_600)}, []),
    "R04 within 50 kW of it": ({}, {"connected": side(12_550), "ppa": side(12_550)}, []),
    "R04 above the connection agreement": ({}, {"connected": side(12_549)}, AGREED),
    "R04 above the PPA": ({}, {"ppa": side(12_549)}, AGREED),
    "R04 above both": ({}, {"connected": side(1), "ppa": side(1)}, AGREED * 2),
    "R04 the PPA has run out": ({}, {"ppa": side(12_600, until=COD - timedelta(1))}, AGREED),
    "R04 the connection is agreed later": ({}, {"connected": side(12_600, SOON)}, AGREED),
    "R04 the connection agreement is not known": ({}, {"connected": None}, unknown(Rule.COD_ABOVE_AGREED)),
    "R04 the PPA is not known": ({}, {"ppa": None}, unknown(Rule.COD_ABOVE_AGREED)),
    # R07
    "R07 within 50 kW of its turbines": ({"kw": 12_650}, {}, []),
    "R07 51 kW above its turbines": ({"kw": 12_651}, {}, OFF_TURBINES),
    "R07 51 kW below its turbines": ({"kw": 12_549}, {}, OFF_TURBINES),
    "R07 a turbine of unknown size": (
        ALONE, one(nameplate_kw=None), unknown(Rule.TRANCHE_OFF_TURBINES),
    ),
    "R07 no turbine is listed": (
        {"turbines": ()}, {}, [(Rule.TURBINES_NOT_LISTED, Level.WARNING, False)],
    ),
    # R08
    "R08 a turbine of another live tranche": ({}, {"taken": {"T2": "alpha.1"}}, TWICE),
    "R08 two turbines of other live tranches": (
        {}, {"taken": {"T2": "alpha.1", "T3": "alpha.2"}}, TWICE * 2,
    ),
    "R08 another turbine is taken": ({}, {"taken": {"T4": "alpha.1"}}, []),
    "R08 the same turbine twice in one claim": ({"kw": 8_400, "turbines": ("T1", "T1")}, {}, TWICE),
    # R09
    "R09 all on the day itself": (
        ALONE, one(energised_on=COD, synchronised_on=COD, tested_on=COD), [],
    ),
    "R09 energised the day after": (ALONE, one(energised_on=COD + timedelta(1)), BEFORE_TESTS),
    "R09 synchronised the day after": (ALONE, one(synchronised_on=COD + timedelta(1)), BEFORE_TESTS),
    "R09 tested the day after": (ALONE, one(tested_on=COD + timedelta(1)), BEFORE_TESTS),
    "R09 each of the three later": (
        ALONE, one(energised_on=SOON, synchronised_on=SOON, tested_on=SOON), BEFORE_TESTS * 3,
    ),
    "R09 a day is not known": (ALONE, one(tested_on=None), unknown(Rule.COD_BEFORE_TESTS)),
    "R09 no day is known": (
        ALONE, one(energised_on=None, synchronised_on=None, tested_on=None), unknown(Rule.COD_BEFORE_TESTS),
    ),
    "R09 one later and one not known": (
        ALONE, one(energised_on=None, tested_on=SOON), BEFORE_TESTS + unknown(Rule.COD_BEFORE_TESTS),
    ),
    # R13
    "R13 a letter on the day of the request": ({"application_on": CLAIM.letter_on}, {}, []),
    "R13 a letter older than the request": ({"application_on": date(2022, 5, 11)}, {}, LETTER),
    "R13 a letter that reaches back 60 days": ({"letter_on": COD + timedelta(60)}, {}, []),
    "R13 a letter that reaches back 61 days": ({"letter_on": COD + timedelta(61)}, {}, LETTER),
    "R13 a letter before the COD": ({"letter_on": date(2022, 4, 1)}, {}, []),
    "R13 both": ({"letter_on": SOON + timedelta(60), "application_on": date(2022, 9, 1)}, {}, LETTER * 2),
    "R13 no letter yet": ({"letter_on": None, "application_on": date(2022, 9, 1)}, {}, []),
    "R13 the day of the request is not known": ({"application_on": None}, {}, unknown(Rule.LETTER_ORDER)),
    # A back-dated claim lifts the days of those that came after it
    "R02 room on its own day but not beside a later tranche": (
        {}, {"live": side(12_600, SOON), "licensed": side(20_000)}, LICENSED,
    ),
    "R03 accepted for it but not beside a later tranche": (
        {}, {"live": side(12_600, SOON), "accepted": side(20_000)}, ACCEPTED,
    ),
    "R04 agreed for it but not beside a later tranche": (
        {}, {"live": side(12_600, SOON), "ppa": side(20_000)}, AGREED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claim", "ground", "expected"), CASES.values(), ids=list(CASES))
def test_a_claim_is_told_every_rule_it_breaks_or_that_cannot_be_checked(
    claim: dict[str, Any], ground: dict[str, Any], expected: Said
) -> None:
    assert said(findings(replace(CLAIM, **claim), replace(GROUND, **ground))) == expected


def test_a_claim_on_an_empty_register_is_told_all_that_could_not_be_checked() -> None:
    found = findings(Claim(4_200, COD), Ground())
    assert said(found) == [
        *unknown(
            Rule.COD_ABOVE_INSTALLED, Rule.COD_ABOVE_LICENSED, Rule.COD_ABOVE_ACCEPTED,
            Rule.COD_ABOVE_AGREED, Rule.COD_ABOVE_AGREED,
        ),
        (Rule.TURBINES_NOT_LISTED, Level.WARNING, False),
        *unknown(Rule.COD_BEFORE_ACCEPTANCE, Rule.COD_BEFORE_LICENCE),
    ]  # fmt: skip


DETAILS: dict[str, tuple[dict[str, Any], dict[str, Any], str, Mapping[str, object]]] = {
    "R01 the first day that is too high": (
        {}, {"installed": side(20_000), "live": [*side(8_000, LATER), *side(9_000, date(2022, 9, 1))]},
        "capacity_mw", {"on": LATER, "cod_kw": 20_600, "installed_kw": 20_000},
    ),
    "R02 both sums": (
        {}, {"licensed": side(4_200), "live": side(1_000)},
        "capacity_mw", {"on": COD, "cod_kw": 13_600, "limit_kw": 4_200},
    ),
    "R04 which agreement": (
        {}, {"ppa": side(4_200)}, "capacity_mw", {"side": "ppa", "on": COD, "cod_kw": 12_600, "limit_kw": 4_200},
    ),
    "R04 which agreement is not known": ({}, {"connected": None}, "capacity_mw", {"side": "connected"}),
    "R07 both sums": ({"kw": 9_000}, {}, "turbines", {"tranche_kw": 9_000, "turbines_kw": 12_600}),
    "R08 the turbine and its tranche": (
        {}, {"taken": {"T2": "alpha.1"}}, "turbines", {"turbine": "T2", "tranche": "alpha.1"},
    ),
    "R09 the turbine and the day": (
        ALONE, one(tested_on=SOON), "effective_on", {"turbine": "T1", "tested_on": SOON},
    ),
    "R09 the days that are missing": (
        ALONE, one(energised_on=None, tested_on=None),
        "effective_on", {"turbine": "T1", "unknown": ["energised_on", "tested_on"]},
    ),
    "R11 the day that covers it": ({}, {"licensed": side(12_600, SOON)}, "effective_on", {"covered_on": SOON}),
    "R13 the request": (
        {"application_on": SOON}, {}, "letter_on", {"application_on": SOON},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("claim", "ground", "field", "details"), DETAILS.values(), ids=list(DETAILS))
def test_a_finding_names_the_field_and_what_was_compared(
    claim: dict[str, Any], ground: dict[str, Any], field: str, details: Mapping[str, object]
) -> None:
    (found,) = findings(replace(CLAIM, **claim), replace(GROUND, **ground))
    assert (found.field, found.details) == (field, details)


def test_turbines_the_phase_does_not_have_are_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        findings(replace(CLAIM, turbines=("T1", "X9", "X8")), GROUND)
    assert refused.value.problem == Problem.UNKNOWN_TURBINE
    assert (refused.value.field, refused.value.details) == ("turbines", {"turbines": ["X9", "X8"]})


SEVEN = replace(GROUND, installed=side(29_400), approved=side(30_000))
ABOVE_APPROVED = [(Rule.INSTALLED_ABOVE_APPROVED, Level.WARNING, False)]
OFF_APPROVED = [(Rule.TURBINES_OFF_APPROVED, Level.WARNING, False)]
LADDER: dict[str, tuple[dict[str, Any], Said]] = {
    "29.4 of 30 MW is normal": ({}, []),
    # R05
    "R05 as much installed as approved": ({"installed": side(30_000)}, []),
    "R05 within 50 kW of what is approved": ({"installed": side(30_050)}, []),
    "R05 more installed than approved": ({"installed": side(30_051)}, ABOVE_APPROVED),
    "R05 installed in parts": ({"installed": [*side(29_400), Stake(4_200, SOON)]}, ABOVE_APPROVED),
    "R05 approved in parts": (
        {"installed": side(33_600), "approved": [*side(30_000), Stake(4_200, SOON)], "units": {}}, [],
    ),
    "R05 nothing is known to be installed": ({"installed": None}, unknown(Rule.INSTALLED_ABOVE_APPROVED)),
    "R05 R06 approved is not known": ({"approved": None}, unknown(Rule.INSTALLED_ABOVE_APPROVED)),
    # R06: seven turbines of 4.2 MW are 29.4 MW
    "R06 5 % below approved": ({"installed": side(1), "approved": side(30_947)}, []),
    "R06 more than 5 % below approved": ({"installed": side(1), "approved": side(30_948)}, OFF_APPROVED),
    "R06 5 % above approved": ({"installed": side(1), "approved": side(28_000)}, []),
    "R06 more than 5 % above approved": ({"installed": side(1), "approved": side(27_999)}, OFF_APPROVED),
    "R06 no turbine is known": ({"approved": side(60_000), "units": {}}, []),
    "R06 a turbine of unknown size": (
        {"approved": side(60_000), "units": {"T1": replace(UNIT, nameplate_kw=None)}},
        unknown(Rule.TURBINES_OFF_APPROVED),
    ),
    # R01, when installed MW are recorded or corrected under tranches that live
    "R01 as much installed as is live": ({"live": side(29_400)}, []),
    "R01 within 50 kW of what is live": ({"live": side(29_450)}, []),
    "R01 installed MW corrected below what is live": ({"live": side(29_451)}, INSTALLED),
    "R01 installed later than what is live": (
        {"live": side(12_600), "installed": side(29_400, COD)}, INSTALLED,
    ),
    "R01 too low only on a later day": (
        {"live": [*side(12_600), Stake(16_851, SOON)]}, INSTALLED,
    ),
    "R01 nothing is known to be installed": ({"live": side(12_600), "installed": None}, unknown(Rule.INSTALLED_ABOVE_APPROVED)),
    "R01 what is live has no exact day": ({"live": side(99_000, None)}, []),
}  # fmt: skip


@pytest.mark.parametrize(("ground", "expected"), LADDER.values(), ids=list(LADDER))
def test_the_ladder_is_told_what_it_breaks(ground: dict[str, Any], expected: Said) -> None:
    assert said(list(ladder_findings(replace(SEVEN, **ground)))) == expected


def test_the_ladder_names_what_was_compared() -> None:
    found = list(ladder_findings(replace(SEVEN, approved=side(20_000))))
    assert [f.details for f in found] == [
        {"installed_kw": 29_400, "approved_kw": 20_000},
        {"turbines_kw": 29_400, "approved_kw": 20_000},
    ]


STANDING: dict[str, tuple[list[Stake], int]] = {
    "nothing": ([], 0),
    "from the day itself": (side(5, COD), 5),
    "not from the day after": (side(5, COD + timedelta(1)), 0),
    "up to the day itself": (side(5, until=COD), 5),
    "not once it has run out": (side(5, until=COD - timedelta(1)), 0),
    "of no exact day counts always": (side(5, None), 5),
    "of no exact day, run out": (side(5, None, COD - timedelta(1)), 0),
    "what was taken back": ([*side(5), Stake(-3, COD)], 2),
}


@pytest.mark.parametrize(("stakes", "kw"), STANDING.values(), ids=list(STANDING))
def test_what_is_in_force_on_a_day(stakes: list[Stake], kw: int) -> None:
    assert standing(stakes, COD) == kw


@pytest.mark.parametrize("day", [None, date(2023, 2, 6), date(2023, 2, 7)])
def test_r12_takes_an_actual_date_up_to_today(day: date | None) -> None:
    check_not_future(date(2023, 2, 7), effective_on=day)


def test_r12_refuses_an_actual_date_after_today_and_names_it() -> None:
    today, tomorrow = date(2023, 2, 7), date(2023, 2, 8)
    with pytest.raises(RuleBroken) as refused:
        check_not_future(today, effective_on=today, letter_on=tomorrow)
    assert refused.value.problem == Rule.DATE_IN_FUTURE
    assert refused.value.field == "letter_on"
    assert refused.value.details == {"day": tomorrow, "today": today}
