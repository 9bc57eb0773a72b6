"""Every word has both labels and a code of its own; the codes that are stored are never taken away."""

import importlib
import pkgutil
import unicodedata

import pytest

from app import domain
from app.domain.problems import Problem
from app.domain.rules import Rule
from app.domain.vocabulary import Account, EntryKind, Fact, Measure, TrancheStatus
from app.domain.words import Lang, Term

MODULES = [
    importlib.import_module(f"app.domain.{found.name}") for found in pkgutil.iter_modules(domain.__path__)
]
FAMILIES = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Term) and value is not Term
    },
    key=lambda family: family.__name__,
)  # fmt: skip
WORDS = [word for family in FAMILIES for word in family]


def named(word: Term) -> str:
    return f"{type(word).__name__}.{word.name}"


def test_the_families_are_found() -> None:
    assert {"Measure", "Account", "EntryKind", "Fact", "Problem", "Rule", "Role", "May"} <= {
        family.__name__ for family in FAMILIES
    }


@pytest.mark.parametrize("word", WORDS, ids=named)
def test_a_word_has_a_code_and_both_labels(word: Term) -> None:
    assert word == word.value == str(word)
    assert word.value.isascii()
    for lang in Lang:
        label = word.label(lang)
        assert label.strip() == label != ""
        assert unicodedata.is_normalized("NFC", label)
    assert (word.label(Lang.VI), word.label(Lang.EN)) == (word.vi, word.en)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_the_codes_of_a_family_are_its_own(family: type[Term]) -> None:
    # Two lines with one code would be one word under two names.
    assert list(family.__members__) == [word.name for word in family]
    assert [family(word.value) for word in family] == list(family)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_two_words_of_a_family_read_the_same(family: type[Term]) -> None:
    for lang in Lang:
        labels = [word.label(lang) for word in family]
        assert len(labels) == len(set(labels))


def test_a_problem_and_a_rule_never_share_a_code() -> None:
    assert not {problem.value for problem in Problem} & {rule.value for rule in Rule}


# Rows hold these: a code that goes, or changes, makes them unreadable. New ones are added at will.
STORED = {
    "AttemptFailure": "broken_off no_connection not_secure redirect refused_address status too_slow unknown_host",
    "DeliveryState": "dead delivered waiting withheld",
    "SwitchedOff": "by_hand failing gone",
    "UnitStatus": "blocked done in_progress not_started reopened",
    "UnitStage": "corridor erection foundation site steel stringing",
    "UnitKind": "section tower",
    "LimitCondition": "after_work existing",
    "HouseholdStatus": "complaint enforcement handed_over in_treasury inventoried not_inventoried obstructed paid plan_approved unpaid",
    "Criterion": "n n-1",
    "CommitmentAct": "made moved withdrawn",
    "Attitude": "agrees disagrees undecided",
    "Account": "accepted approved at_risk cancelled connected declared disputed energised installed licensed planned "
    "ppa recognised suspended synchronised tested testing",
    "Basis": "cumulative",
    "Confidence": "confirmed_1 confirmed_2plus inferred unknown",
    "ConnectionKind": "evacuation gen_tie point_of_connection",
    "DelayCause": "acceptance connection contractor crops crossing evacuation finance house_in_corridor "
    "investment_procedure land_origin land_price land_use_change licence materials no_recovery_decision obstruction "
    "other power_price predecessor relocation_asked unpaid weather",
    "DocumentKind": "agreement certificate contract data decision form letter licence minutes notice payment photo "
    "proposal report resolution",
    "EntryKind": "cancelled condition_met confirmed confirmed_conditionally corrected declared disputed "
    "recognised_by_source recorded reinstated suspended withdrawn",
    "Fact": "administrative_unit.changed administrative_unit.created capacity.corrected capacity.recorded "
    "clearance.changed clearance.created cod.cancelled cod.condition_met cod.confirmed cod.confirmed_conditionally "
    "cod.corrected cod.declared cod.disputed cod.recognised_by_source cod.reinstated cod.suspended cod.withdrawn "
    "commitment.made commitment.moved commitment.withdrawn "
    "connection.made connection.removed document.added document.changed document.filed grid_work.changed "
    "evacuation_group.changed evacuation_group.created evacuation_limit.stated evacuation_limit.withdrawn "
    "evacuation_path.made evacuation_path.removed "
    "grid_work.created key.created key.revoked milestone.applied milestone.baselined milestone.confirmed "
    "milestone.declared milestone.disputed milestone.moved milestone.planned milestone.repeated milestone.ruled "
    "milestone.withdrawn obstacle.changed obstacle.closed obstacle.postponed obstacle.raised obstacle.reopened "
    "organisation.changed organisation.created phase.changed phase.created phase.removed progress.reported "
    "project.changed project.created project.removed reported_figure.changed reported_figure.created rule.overridden "
    "source.changed source.created target.changed target.created target.removed turbine.changed turbine.created "
    "turbine.removed user.created user.linked user.unlinked section.handed_over section.strung tower.cast tower.erected tower.handed_over "
    "webhook.changed webhook.created webhook.removed webhook.secret_renewed webhook.switched_off "
    "tower.supplied unit.blocked unit.reopened unit.reset unit.started unit_count.reported unit_total.stated "
    "work_unit.changed work_unit.created household.changed household.created household.moved",
    "ExchangeProblem": "exchange_ambiguous exchange_claim_differs exchange_day_wrong exchange_disputed exchange_endless "
    "exchange_field_missing exchange_id_missing exchange_illustrative exchange_incomplete exchange_instant_wrong exchange_is_html "
    "exchange_key_refused exchange_lease_lost exchange_no_answer exchange_no_declaration exchange_no_milestone "
    "exchange_no_user exchange_not_a_record exchange_not_json exchange_not_set_up exchange_not_there exchange_number_wrong "
    "exchange_overloaded exchange_record_too_large exchange_redirected exchange_request_refused exchange_server_error "
    "exchange_stopped exchange_text_wrong exchange_too_large exchange_unexpected exchange_unforeseen exchange_unknown_code "
    "exchange_unknown_number exchange_unknown_word exchange_wrong_encoding exchange_wrong_shape",
    "QuarantineState": "dismissed released replaced waiting",
    "RunState": "broken_off done failed partial running",
    "Stream": "cod-confirmations energisations section-progress tower-progress",
    "Trigger": "command schedule",
    "FileType": "application/pdf image/jpeg image/png",
    "KeyPurpose": "api calendar",
    "Level": "hard override warning",
    "Measure": "accepted approved connected energised installed licensed operating planned ppa synchronised tested "
    "testing",
    "MilestoneAct": "baselined confirmed declared disputed forecast planned ruled_in ruled_out withdrawn",
    "ObstacleAct": "closed postponed raised reassigned reopened",
    "OrganisationKind": "department district_authority grid_company investor",
    "Party": "A0 A2 BCT BQP BTNMT EPTC ERAV EREA EVN HDBT HDT HH INV NPT NT PCBT PCCC PMB SCT SKHDT SPC STNMT SXD "
    "TTG TTN TVGS UBH UBT UBX",
    "Precision": "by day month quarter year",
    "PriceRegime": "fit_2018 none_yet other transitional",
    "ReportedUnit": "MW projects",
    "Role": "admin department district evn_spc investor public system",
    "Rule": "claim_differs cod_above_accepted cod_above_agreed cod_above_installed cod_above_licensed "
    "cod_before_acceptance cod_before_licence cod_before_tests date_in_future four_eyes installed_above_approved "
    "letter_missing letter_order more_taken_back_than_recognised tranche_off_turbines turbine_twice "
    "turbines_not_listed turbines_off_approved cast_before_handover count_falls erected_before_cast "
    "handover_by_households more_done_than_total strung_before_erected strung_before_handover",
    "Siting": "coastal nearshore offshore onshore",
    "Stage": "operating partly_operating planned preparing under_construction withdrawn",
    "SubjectKind": "clearance grid_work phase project",
    "Track": "corridor recovered_land",
    "UnitLevel": "commune district province",
    "UploadState": "cancelled checked checking committed committing expired interrupted refused waiting",
    "Verification": "confirmed disputed self_reported waiting",
    "WorkKind": "bay line substation transformer",
}


@pytest.mark.parametrize("name", list(STORED))
def test_no_stored_code_was_taken_away_and_each_fits_its_column(name: str) -> None:
    codes = {word.value for word in next(f for f in FAMILIES if f.__name__ == name)}
    assert set(STORED[name].split()) <= codes
    assert max(map(len, codes)) <= 40


def test_each_rung_of_the_ladder_has_the_account_of_its_name() -> None:
    for measure in Measure:
        if measure != Measure.OPERATING:
            account = Account(measure.value)
            assert (account.vi, account.en) == (measure.vi, measure.en)


def test_each_kind_of_entry_of_a_tranche_has_its_fact() -> None:
    for kind in set(EntryKind) - {EntryKind.RECORDED}:
        assert Fact(f"cod.{kind.value}")


def test_a_word_can_be_found_by_its_code_alone() -> None:
    assert TrancheStatus("at_risk") is TrancheStatus.AT_RISK
    with pytest.raises(ValueError, match="lost"):
        TrancheStatus("lost")
