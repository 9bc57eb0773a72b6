"""The table of grants written out by hand, and the four eyes on every COD."""

import pytest

from app.domain.access import ANONYMOUS, GRANTS, Actor, May, Role, require, require_other_eyes
from app.domain.errors import Forbidden, RuleBroken, Unauthenticated
from app.domain.problems import Problem
from app.domain.rules import Rule

# Who may do what, as the person who ordered the service would read it. One column a role, in the order of ROLES.
ROLES = (
    Role.PUBLIC, Role.INVESTOR, Role.EVN_SPC, Role.DISTRICT, Role.DEPARTMENT, Role.ADMIN, Role.SYSTEM,
)  # fmt: skip
TABLE = {
    #                         public inv evn dis dep adm sys
    May.READ:                "  x    x   x   x   x   x   x",
    May.READ_DETAIL:         "  -    x   x   x   x   -   x",
    May.SEE_EVERY_PROJECT:   "  -    -   x   -   x   -   x",
    May.CREATE_PROJECT:      "  -    -   -   -   x   -   x",
    May.CHANGE_PROJECT:      "  -    x   -   -   x   -   x",
    May.RECORD_CAPACITY:     "  -    x   x   -   x   -   x",
    May.DECLARE_COD:         "  -    x   -   -   x   -   -",
    May.DECIDE_COD:          "  -    -   x   -   x   -   -",
    May.AMEND_COD:           "  -    -   x   -   x   -   -",
    May.OVERRIDE_RULE:       "  -    -   -   -   x   -   -",
    May.SET_TARGET:          "  -    -   -   -   x   -   x",
    May.IMPORT_REGISTER:     "  -    x   -   -   x   -   x",
    May.RECOGNISE_BY_SOURCE: "  -    -   -   -   x   -   x",
    May.REPORT_MILESTONES:   "  -    x   x   -   x   -   x",
    May.REPORT_FOR_OTHERS:   "  -    -   -   -   x   -   x",
    May.CONFIRM_MILESTONES:  "  -    -   x   -   x   -   -",
    May.SET_BASELINE:        "  -    -   x   -   x   -   x",
    May.CHANGE_WORKS:        "  -    -   x   -   x   -   x",
    May.READ_HOUSEHOLDS:     "  -    -   x   x   x   -   x",
    May.REPORT_LAND:         "  -    -   x   x   x   -   x",
    May.REPORT_PROGRESS:     "  -    x   x   -   -   -   -",
    May.READ_CALENDAR:       "  -    x   x   -   x   -   -",
    May.READ_EXCHANGES:      "  -    -   x   -   x   -   x",
    May.KEEP_EXCHANGES:      "  -    -   x   -   x   -   x",
    May.SEND_WORKBOOKS:      "  -    x   x   x   x   -   -",
    May.READ_JOURNAL:        "  -    -   -   -   x   x   x",
    May.MANAGE_WEBHOOKS:     "  -    x   x   -   x   x   x",
    May.MANAGE_PEOPLE:       "  -    -   -   -   x   x   x",
}  # fmt: skip
GRANTED = {
    (role, act): mark == "x"
    for act, marks in TABLE.items()
    for role, mark in zip(ROLES, marks.split(), strict=True)
}


def test_the_table_asks_every_role_for_every_act() -> None:
    assert set(GRANTED) == {(role, act) for role in Role for act in May}
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize(("role", "act"), list(GRANTED), ids=lambda word: word.value)
def test_a_role_may_do_what_the_table_says_and_nothing_else(role: Role, act: May) -> None:
    actor = Actor(role, organisation_id=1, user_id=1)
    assert actor.may(act) is GRANTED[role, act]
    if GRANTED[role, act]:
        require(actor, act)
        return
    with pytest.raises(Unauthenticated if role == Role.PUBLIC else Forbidden) as refused:
        require(actor, act)
    expected = Problem.KEY_MISSING if role == Role.PUBLIC else Problem.NOT_ALLOWED
    assert refused.value.problem == expected


def test_a_refusal_names_the_act() -> None:
    with pytest.raises(Forbidden) as refused:
        require(Actor(Role.INVESTOR), May.DECIDE_COD)
    assert refused.value.details == {"act": "cod:decide"}


def test_no_role_outside_the_department_holds_both_keys_of_a_cod() -> None:
    both = {role for role in Role if {May.DECLARE_COD, May.DECIDE_COD} <= GRANTS[role]}
    assert both == {Role.DEPARTMENT}


def test_only_the_department_overrides_a_rule() -> None:
    assert {role for role in Role if May.OVERRIDE_RULE in GRANTS[role]} == {Role.DEPARTMENT}


def test_nobody_in_particular_reads_the_public_summary_only() -> None:
    assert Actor(Role.PUBLIC) == ANONYMOUS
    assert {act for act in May if ANONYMOUS.may(act)} == {May.READ}


DECIDER = Actor(Role.DEPARTMENT, organisation_id=1, user_id=10)


@pytest.mark.parametrize(
    ("user", "organisation", "refused"),
    [
        (20, 2, False),
        (None, None, False),
        (None, 2, False),
        (20, None, False),
        (10, 1, True),
        (10, 2, True),
        (20, 1, True),
        (10, None, True),
        (None, 1, True),
    ],
)
def test_r19_whoever_decides_is_another_user_of_another_organisation(
    user: int | None, organisation: int | None, refused: bool
) -> None:
    def decide() -> None:
        require_other_eyes(DECIDER, declared_by_user=user, declared_by_organisation=organisation)

    if not refused:
        decide()
        return
    with pytest.raises(RuleBroken) as error:
        decide()
    assert error.value.problem == Rule.FOUR_EYES


def test_r19_two_who_are_both_unknown_are_not_taken_for_one() -> None:
    require_other_eyes(Actor(Role.SYSTEM), declared_by_user=None, declared_by_organisation=None)
