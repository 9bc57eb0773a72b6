"""What becomes of a finding: refused, kept as a warning, or kept because the department overrode it and said why."""

import pytest

from app.domain.errors import Forbidden, Invalid, RuleBroken, TrackerError
from app.domain.problems import Problem
from app.domain.rules import Finding, Level, Override, Rule, settle
from app.domain.words import Lang

WARNED = Finding(Rule.COD_ABOVE_AGREED, Level.WARNING, "capacity_mw")
UNCHECKED = Finding(Rule.COD_ABOVE_LICENSED, Level.WARNING, "capacity_mw", unknown=True)
LICENCE = Finding(Rule.COD_ABOVE_LICENSED, Level.OVERRIDE, "capacity_mw")
ACCEPTANCE = Finding(Rule.COD_ABOVE_ACCEPTED, Level.OVERRIDE, "capacity_mw")
EARLY = Finding(Rule.COD_BEFORE_ACCEPTANCE, Level.WARNING, "effective_on")
INSTALLED = Finding(Rule.COD_ABOVE_INSTALLED, Level.HARD, "capacity_mw")
TWICE = Finding(Rule.TURBINE_TWICE, Level.HARD, "turbines")
BECAUSE = "Giấy phép đến sau"


def override(*rules: Rule) -> list[Override]:
    return [Override(rule, BECAUSE) for rule in rules]


def test_nothing_found_keeps_nothing() -> None:
    assert settle([], deciding=True) == settle([], deciding=False) == []


@pytest.mark.parametrize("deciding", [True, False])
def test_warnings_are_kept_as_they_are(deciding: bool) -> None:
    assert settle([WARNED, UNCHECKED], deciding=deciding) == [WARNED, UNCHECKED]


@pytest.mark.parametrize("deciding", [True, False])
def test_a_hard_rule_refuses_a_declaration_and_a_decision_with_everything_that_refuses(
    deciding: bool,
) -> None:
    with pytest.raises(RuleBroken) as refused:
        settle([WARNED, TWICE, INSTALLED], deciding=deciding)
    assert refused.value.problem == Rule.TURBINE_TWICE
    assert refused.value.field == "turbines"
    assert refused.value.details == {"findings": [TWICE, INSTALLED]}


def test_a_declaration_keeps_what_a_decision_would_have_to_override() -> None:
    assert settle([LICENCE, ACCEPTANCE, WARNED], deciding=False) == [LICENCE, ACCEPTANCE, WARNED]


def test_a_decision_without_the_override_it_needs_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        settle([WARNED, LICENCE, INSTALLED], deciding=True, may_override=True)
    assert refused.value.problem == Rule.COD_ABOVE_LICENSED
    assert refused.value.details == {"findings": [LICENCE, INSTALLED]}


def test_an_overridden_rule_is_kept_with_its_reason() -> None:
    kept = settle(
        [LICENCE, WARNED], deciding=True, may_override=True, overrides=override(Rule.COD_ABOVE_LICENSED)
    )
    assert [(f.rule, f.level, f.reason) for f in kept] == [
        (Rule.COD_ABOVE_LICENSED, Level.OVERRIDE, BECAUSE),
        (Rule.COD_ABOVE_AGREED, Level.WARNING, None),
    ]


REFUSED: dict[str, tuple[list[Finding], list[Override], bool, str | None, type[TrackerError], str]] = {
    "an override by a role that may not": (
        [LICENCE], override(Rule.COD_ABOVE_LICENSED), False, None,
        Forbidden, Problem.OVERRIDE_NOT_ALLOWED,
    ),
    "an unneeded override by a role that may not": (
        [], override(Rule.COD_ABOVE_LICENSED), False, None, Forbidden, Problem.OVERRIDE_NOT_ALLOWED,
    ),
    "an override nobody needs": (
        [WARNED], override(Rule.COD_ABOVE_LICENSED), True, None, Invalid, Problem.OVERRIDE_NOT_NEEDED,
    ),
    "an override of a warning": (
        [EARLY], override(Rule.COD_BEFORE_ACCEPTANCE), True, None, Invalid, Problem.OVERRIDE_NOT_NEEDED,
    ),
    "an override of what could not be checked": (
        [UNCHECKED], override(Rule.COD_ABOVE_LICENSED), True, None, Invalid, Problem.OVERRIDE_NOT_NEEDED,
    ),
    "an override of a hard rule": (
        [INSTALLED], override(Rule.COD_ABOVE_INSTALLED), True, None, RuleBroken, Rule.COD_ABOVE_INSTALLED,
    ),
    "an override of one of two": (
        [LICENCE, ACCEPTANCE], override(Rule.COD_ABOVE_LICENSED), True, "12/CK",
        RuleBroken, Rule.COD_ABOVE_ACCEPTED,
    ),
    "R03 without the undertaking": (
        [ACCEPTANCE], override(Rule.COD_ABOVE_ACCEPTED), True, None, Invalid, Problem.UNDERTAKING_MISSING,
    ),
    "R03 with an empty undertaking": (
        [ACCEPTANCE], override(Rule.COD_ABOVE_ACCEPTED), True, "", Invalid, Problem.UNDERTAKING_MISSING,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("found", "overrides", "may", "undertaking", "kind", "problem"), REFUSED.values(), ids=list(REFUSED)
)
def test_a_decision_is_refused_for(
    found: list[Finding],
    overrides: list[Override],
    may: bool,
    undertaking: str | None,
    kind: type[TrackerError],
    problem: str,
) -> None:
    with pytest.raises(kind) as refused:
        settle(found, deciding=True, may_override=may, overrides=overrides, undertaking_ref=undertaking)
    assert refused.value.problem == problem


def test_nobody_overrides_who_is_not_said_to_be_allowed() -> None:
    with pytest.raises(Forbidden):
        settle([LICENCE], deciding=True, overrides=override(Rule.COD_ABOVE_LICENSED))


def test_the_overrides_nobody_needs_are_named() -> None:
    unneeded = override(Rule.COD_BEFORE_LICENCE, Rule.COD_ABOVE_ACCEPTED, Rule.COD_ABOVE_LICENSED)
    with pytest.raises(Invalid) as refused:
        settle([LICENCE], deciding=True, may_override=True, overrides=unneeded)
    assert refused.value.field == "overrides"
    assert refused.value.details == {"rules": [Rule.COD_ABOVE_ACCEPTED, Rule.COD_BEFORE_LICENCE]}


def test_an_override_on_a_mere_declaration_is_not_needed() -> None:
    with pytest.raises(Invalid) as refused:
        settle([LICENCE], deciding=False, may_override=True, overrides=override(Rule.COD_ABOVE_LICENSED))
    assert refused.value.problem == Problem.OVERRIDE_NOT_NEEDED


def test_r03_is_overridden_with_the_reference_of_the_undertaking() -> None:
    (kept,) = settle(
        [ACCEPTANCE],
        deciding=True,
        may_override=True,
        overrides=override(Rule.COD_ABOVE_ACCEPTED),
        undertaking_ref="6302/EVN-TTD",
    )
    assert kept.reason == BECAUSE


@pytest.mark.parametrize("lang", list(Lang))
def test_a_finding_speaks_the_words_of_its_rule(lang: Lang) -> None:
    assert WARNED.sentence(lang) == Rule.COD_ABOVE_AGREED.label(lang)


def test_an_unchecked_rule_says_that_it_could_not_be_checked() -> None:
    text = UNCHECKED.rule.label
    assert UNCHECKED.sentence(Lang.VI) == f"Chưa có số liệu để kiểm tra: {text(Lang.VI)}"
    assert UNCHECKED.sentence(Lang.EN) == f"Not checked, no figure on file: {text(Lang.EN)}"


# Numbers and levels as in section 6 of the domain rules; R10 asks for an override since 22/07/2021.
LEVELS = {
    Rule.COD_ABOVE_INSTALLED: ("R01", Level.HARD),
    Rule.COD_ABOVE_LICENSED: ("R02", Level.OVERRIDE),
    Rule.COD_ABOVE_ACCEPTED: ("R03", Level.OVERRIDE),
    Rule.COD_ABOVE_AGREED: ("R04", Level.WARNING),
    Rule.INSTALLED_ABOVE_APPROVED: ("R05", Level.WARNING),
    Rule.TURBINES_OFF_APPROVED: ("R06", Level.WARNING),
    Rule.TRANCHE_OFF_TURBINES: ("R07", Level.HARD),
    Rule.TURBINES_NOT_LISTED: ("R07", Level.WARNING),
    Rule.TURBINE_TWICE: ("R08", Level.HARD),
    Rule.COD_BEFORE_TESTS: ("R09", Level.HARD),
    Rule.COD_BEFORE_ACCEPTANCE: ("R10", Level.OVERRIDE),
    Rule.COD_BEFORE_LICENCE: ("R11", Level.OVERRIDE),
    Rule.DATE_IN_FUTURE: ("R12", Level.HARD),
    Rule.LETTER_ORDER: ("R13", Level.WARNING),
    Rule.LETTER_MISSING: ("R17", Level.HARD),
    Rule.CLAIM_DIFFERS: ("R17", Level.WARNING),
    Rule.FOUR_EYES: ("R19", Level.HARD),
    Rule.MORE_TAKEN_BACK_THAN_RECOGNISED: ("R21", Level.HARD),
    Rule.ERECTED_BEFORE_CAST: ("R24", Level.HARD),
    Rule.CAST_BEFORE_HANDOVER: ("R24", Level.OVERRIDE),
    Rule.STRUNG_BEFORE_ERECTED: ("R25", Level.HARD),
    Rule.STRUNG_BEFORE_HANDOVER: ("R25", Level.OVERRIDE),
    Rule.MORE_DONE_THAN_TOTAL: ("R26", Level.HARD),
    Rule.COUNT_FALLS: ("R27", Level.WARNING),
    Rule.HANDOVER_BY_HOUSEHOLDS: ("R28", Level.HARD),
    Rule.PAID_ABOVE_APPROVED: ("R29", Level.HARD),
    Rule.APPROVED_WITHOUT_DECISION: ("R29", Level.HARD),
    Rule.RECOVERED_EARLY: ("R30", Level.WARNING),
    Rule.POSTED_BRIEFLY: ("R31", Level.WARNING),
    Rule.SUPPORT_ABOVE_CAP: ("R32", Level.WARNING),
    Rule.ENERGISED_BEFORE_STRUNG: ("R36", Level.HARD),
    Rule.ABOVE_EVACUATION_LIMIT: ("R37", Level.WARNING),
}


def test_each_rule_has_the_number_and_level_of_the_domain_rules() -> None:
    assert {rule: (rule.number, rule.level) for rule in Rule} == LEVELS
