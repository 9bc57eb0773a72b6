"""What of a fact who sees, what it does to a state, and which facts change what is seen: every kind in a table."""

from typing import Any

import pytest

from app.domain import feed
from app.domain.access import Role
from app.domain.feed import Audience, Home, Shown
from app.domain.vocabulary import ChangeEffect, Fact

PUBLIC = Audience(Role.PUBLIC)
OWNER = Audience(Role.INVESTOR, 1, "mekong-wind")
STRANGER = Audience(Role.INVESTOR, 2, "other-wind")
DEPARTMENT = Audience(Role.DEPARTMENT, 3, "doit")
EVN_SPC = Audience(Role.EVN_SPC, 4, "evn-spc")
DISTRICT = Audience(Role.DISTRICT, 5, "ubnd", "binh-dai")
ADMIN = Audience(Role.ADMIN, 3, "doit")

WHOLE: dict[str, Any] = {"code": "x", "name": "Tên", "note": "Kín", "cost_vnd": 5, "price_regime": "fit_2018"}
CONFIRMED = {
    **{"kind": "confirmed", "kw": 4200, "effective_on": "2022-05-01", "phase": "alpha-1", "entry": 7},
    **{"tranche": "alpha.3", "letter_number": "1/EPTC", "status": "recognised", "operating_kw": 4200},
}
CLAIM = {"kind": "declared", "kw": 4200, "phase": "alpha-1", "entry": 6}


def look(
    reader: Audience, kind: Fact, subject: str, after: Any, before: Any = None, *, near: bool = False
) -> Shown | None:
    return feed.seen(reader, kind, subject, "x", before, after, sees_detail=near)


def fields(shown: Shown | None) -> set[str] | None:
    return None if shown is None else set(shown.after or {})


@pytest.mark.parametrize(
    ("kind", "subject", "shown"),
    [
        (Fact.PROJECT_CREATED, "project", {"code", "name"}),
        (Fact.PHASE_CREATED, "phase", {"code", "name"}),
        (Fact.WORK_CREATED, "grid_work", {"code", "name"}),
        (Fact.UNIT_CREATED, "administrative_unit", {"code", "name"}),
        (Fact.GROUP_CREATED, "evacuation_group", {"code", "name"}),
        (Fact.ORGANISATION_CREATED, "organisation", set(WHOLE)),
        (Fact.TARGET_CREATED, "target", set(WHOLE)),
        (Fact.FIGURE_CREATED, "reported_figure", set(WHOLE)),
        (Fact.TURBINE_CREATED, "turbine", None),
        (Fact.CONNECTION_MADE, "connection", None),
        (Fact.CLEARANCE_CREATED, "clearance", None),
        (Fact.MILESTONES_APPLIED, "milestones", None),
        (Fact.MILESTONE_MOVED, "milestone", None),
        (Fact.DOCUMENT_ADDED, "document", None),
        (Fact.OBSTACLE_RAISED, "obstacle", None),
        (Fact.COMMITMENT_MADE, "commitment", None),
        (Fact.WORK_UNIT_CREATED, "tower", None),
        (Fact.TOWER_CAST, "tower", None),
        (Fact.TOTAL_STATED, "unit_total", None),
        (Fact.COUNT_REPORTED, "unit_count", None),
        (Fact.HOUSEHOLD_CREATED, "household", None),
        (Fact.PROGRESS_REPORTED, "progress_report", None),
        (Fact.RULE_OVERRIDDEN, "phase", None),
        (Fact.RULE_OVERRIDDEN, "tranche", None),
        (Fact.SOURCE_CREATED, "source", None),
        (Fact.USER_CREATED, "user", None),
        (Fact.KEY_CREATED, "key", None),
    ],
)
def test_what_everybody_sees(kind: Fact, subject: str, shown: set[str] | None) -> None:
    assert fields(look(PUBLIC, kind, subject, WHOLE)) == shown
    if subject != "evacuation_group":
        assert fields(look(STRANGER, kind, subject, WHOLE)) == shown


def test_remarks_on_evacuation_are_for_whoever_is_signed_in() -> None:
    for subject in sorted(feed.INSIDE):
        assert "note" not in (
            fields(look(PUBLIC, Fact.PATH_MADE, subject, WHOLE | {"group": "node"})) or set()
        )
        assert "note" in (fields(look(STRANGER, Fact.PATH_MADE, subject, WHOLE)) or set())


def test_a_subject_nobody_has_spoken_of_is_for_those_who_read_the_journal() -> None:
    for reader in (PUBLIC, OWNER, EVN_SPC, DISTRICT):
        assert look(reader, Fact.USER_CHANGED, "something_new", WHOLE, near=True) is None
    for reader in (DEPARTMENT, ADMIN):
        assert fields(look(reader, Fact.USER_CHANGED, "something_new", WHOLE)) == set(WHOLE)


@pytest.mark.parametrize("subject", sorted(feed.DETAIL - {"household"}))
def test_whoever_sees_the_detail_sees_all_of_it(subject: str) -> None:
    for reader in (OWNER, EVN_SPC, DISTRICT):
        shown = look(reader, Fact.PHASE_CHANGED, subject, WHOLE, near=True)
        assert shown is not None
        assert {**(shown.after or {}), **(shown.said or {})} == WHOLE
    # Nobody is near who has not signed in, whatever is asked.
    assert fields(look(PUBLIC, Fact.PHASE_CHANGED, subject, WHOLE, near=True)) != set(WHOLE)


def test_households_are_for_the_compensation_roles() -> None:
    seen = [
        reader.role
        for reader in (PUBLIC, OWNER, STRANGER, DEPARTMENT, EVN_SPC, DISTRICT, ADMIN)
        if look(reader, Fact.HOUSEHOLD_MOVED, "household", {"status": "paid"}, near=reader != STRANGER)
    ]
    assert seen == [Role.DEPARTMENT, Role.EVN_SPC, Role.DISTRICT, Role.ADMIN]
    assert look(DISTRICT, Fact.HOUSEHOLD_MOVED, "household", {"status": "paid"}) is None


def test_a_report_is_for_its_own_organisation_and_who_sees_every_project() -> None:
    said = {"organisation": "mekong-wind", "narrative": "Đã lắp"}
    readers = (PUBLIC, OWNER, STRANGER, DISTRICT, EVN_SPC, DEPARTMENT)
    seen = [r for r in readers if look(r, Fact.PROGRESS_REPORTED, "progress_report", said)]
    assert seen == [OWNER, EVN_SPC, DEPARTMENT]


def test_where_webhooks_go_is_for_its_own_organisation_and_the_journal() -> None:
    readers = (PUBLIC, OWNER, STRANGER, DISTRICT, EVN_SPC, DEPARTMENT)
    added, gone = (({"organisation": "mekong-wind"}, None), (None, {"organisation": "mekong-wind"}))
    for after, before in (added, gone):
        seen = [r for r in readers if look(r, Fact.ORGANISATION_CHANGED, "webhook", after, before)]
        assert seen == [OWNER, DEPARTMENT]


def test_recognised_mw_are_public_and_the_claim_behind_them_is_not() -> None:
    before = {"status": "declared", "operating_kw": 0}
    shown = look(STRANGER, Fact.COD_CONFIRMED, "tranche", CONFIRMED, before)
    assert shown is not None
    # Not under the number of the tranche: it would tell how many claims there were.
    assert (shown.subject, shown.code, shown.effect) == ("phase", "alpha-1", ChangeEffect.ADD)
    assert shown.before == {"operating_kw": 0}
    assert shown.after == {
        **{"kind": "confirmed", "kw": 4200, "effective_on": "2022-05-01", "phase": "alpha-1"},
        "operating_kw": 4200,
    }
    for kind in feed.CLAIMED:
        assert look(STRANGER, kind, "tranche", CLAIM) is None
    unsplit = {**CONFIRMED, "project": "alpha"}
    del unsplit["phase"]
    shown = look(PUBLIC, Fact.COD_CONFIRMED, "tranche", unsplit, before)
    assert shown is not None
    assert (shown.subject, shown.code) == ("project", "alpha")


def test_the_owner_sees_a_tranche_under_its_number_with_how_it_stands() -> None:
    shown = look(OWNER, Fact.COD_DECLARED, "tranche", CLAIM, near=True)
    assert shown is not None
    assert (shown.subject, shown.after) == ("tranche", CLAIM | {"status": "declared", "operating_kw": 0})
    shown = look(OWNER, Fact.COD_RECOGNISED_BY_SOURCE, "tranche", CLAIM, near=True)
    assert shown is not None
    assert shown.after == CLAIM | {"status": "recognised", "operating_kw": 4200}
    assert shown.before == {"operating_kw": 0}


def test_a_measure_is_public_and_its_letter_is_not() -> None:
    said = {"measure": "installed", "kw": 30_000, "letter_number": "1/SCT", "entry": 4, "phase": "alpha-1"}
    shown = look(PUBLIC, Fact.CAPACITY_CORRECTED, "phase", said, {"kw": 1, "entry": 3})
    assert shown is not None
    assert (shown.code, fields(shown)) == ("alpha-1", {"measure", "kw", "phase"})
    assert shown.before == {"kw": 1}


def test_a_fact_that_says_nothing_public_is_not_there() -> None:
    assert look(STRANGER, Fact.PROJECT_CHANGED, "project", {"note": "Kín"}, {"note": None}) is None
    assert look(STRANGER, Fact.PROJECT_CHANGED, "project", {"name": "B", "note": "Kín"}, {"name": "A"})


def test_what_a_fact_does() -> None:
    removed = look(DEPARTMENT, Fact.TURBINE_REMOVED, "turbine", None, {"number": "T1"})
    added = look(DEPARTMENT, Fact.TOWER_CAST, "tower", {"stage": "foundation", "note": "Đã đúc"})
    put_off = look(DEPARTMENT, Fact.OBSTACLE_POSTPONED, "obstacle", {"due_on": "2023-03-01", "reason": "Tết"})
    moved = look(
        DEPARTMENT, Fact.MILESTONE_MOVED, "milestone", {"forecast_on": "2023-03-01", "cause": "weather"}
    )
    withdrawn = look(
        DEPARTMENT, Fact.LIMIT_WITHDRAWN, "evacuation_limit", {"group": "node", "reason": "Nhầm"}
    )
    assert removed is not None
    assert added is not None
    assert put_off is not None
    assert moved is not None
    assert withdrawn is not None
    assert (removed.effect, removed.after) == (ChangeEffect.REMOVE, None)
    assert (added.effect, added.said) == (ChangeEffect.ADD, None)
    assert added.after == {"stage": "foundation", "note": "Đã đúc"}
    assert (put_off.after, put_off.said) == ({"due_on": "2023-03-01"}, {"reason": "Tết"})
    assert (moved.after, moved.said) == ({"forecast_on": "2023-03-01"}, {"cause": "weather"})
    assert withdrawn.after == {"group": "node", "is_withdrawn": True}
    assert {put_off.effect, moved.effect, withdrawn.effect} == {ChangeEffect.SET}


def test_facts_come_to_items() -> None:
    items: dict[tuple[str, str], feed.Item] = {}
    facts = [
        Shown("turbine.created", "turbine", "T1", ChangeEffect.SET, None, {"number": "T1", "model": "V1"}),
        Shown("turbine.changed", "turbine", "T1", ChangeEffect.SET, {"model": "V1"}, {"model": None}),
        Shown("tower.cast", "tower", "1", ChangeEffect.ADD, None, {"stage": "foundation"}),
        Shown("target.created", "target", "a", ChangeEffect.SET, None, {"code": "a"}),
        Shown("target.removed", "target", "a", ChangeEffect.REMOVE, {"code": "a"}, None),
        Shown("target.removed", "target", "b", ChangeEffect.REMOVE, {"code": "b"}, None),
    ]
    for number, fact in enumerate(facts):
        feed.apply(items, fact, 9, number)
    assert items == {
        ("turbine", "T1"): feed.Item({"number": "T1", "model": None}, []),
        ("tower", "1"): feed.Item(
            {},
            [
                {
                    **{"revision": 9, "position": 2, "kind": "tower.cast"},
                    **{"before": None, "after": {"stage": "foundation"}},
                }
            ],
        ),
    }


def test_fields_are_called_as_the_api_calls_them() -> None:
    said = {
        **{"nominal_kw": 29_400, "kw": 30_000, "operating_kw": None, "investor_id": 1, "owner_id": 9},
        **{"district_code": "binh-dai", "reverses_id": 4, "turbines": ["T1"], "note": "x"},
    }
    assert feed.worded(said, {1: "mekong-wind"}) == {
        **{"nominal_mw": 29.4, "capacity_mw": 30, "operating_mw": None, "investor": "mekong-wind"},
        **{"owner": None, "district": "binh-dai", "reverses": 4, "turbines": ["T1"], "note": "x"},
    }
    assert feed.worded(None, {}) is None


@pytest.mark.parametrize(
    ("subject", "code", "project", "expected"),
    [
        ("turbine", "alpha-1/T1", 5, Home("project", 5)),
        ("target", "377mw", None, Home("project", None)),
        ("obstacle", "12", 5, Home("obstacle", 12)),
        ("document", "12", None, Home("document", 12)),
        ("commitment", "3", None, Home("commitment", 3)),
        ("milestone", "phase/alpha-1/W-E6", 5, Home("project", 5)),
        ("milestone", "grid_work/line/G-1", None, Home("grid_work", "line")),
        ("milestones", "clearance/land", 5, Home("clearance", "land")),
        ("grid_work", "line", None, Home("grid_work", "line")),
        ("tower", "line/35", None, Home("grid_work", "line")),
        ("unit_count", "line/site", None, Home("grid_work", "line")),
        ("clearance", "land", 5, Home("clearance", "land")),
        ("household", "land/HD-1/2", None, Home("clearance", "land")),
    ],
)
def test_whose_detail_a_fact_is(subject: str, code: str, project: int | None, expected: Home) -> None:
    assert feed.home(subject, code, project) == expected


def moves(
    reader: Audience,
    kind: Fact,
    before: Any = None,
    after: Any = None,
    *,
    near: bool = False,
    code: str = "ubnd",
) -> bool:
    return feed.changes_sight(reader, kind, code, before, after, sees_detail=near)


def test_another_investor_changes_what_both_see() -> None:
    sold = {"investor_id": 1}, {"investor_id": 2}
    assert moves(OWNER, Fact.PROJECT_CHANGED, *sold)
    assert moves(STRANGER, Fact.PROJECT_CHANGED, *sold)
    assert not moves(Audience(Role.INVESTOR, 8, "third"), Fact.PROJECT_CHANGED, *sold)
    for reader in (PUBLIC, DEPARTMENT, EVN_SPC, ADMIN):
        assert not moves(reader, Fact.PROJECT_CHANGED, *sold)
    assert not moves(OWNER, Fact.PROJECT_CHANGED, {"name": "A"}, {"name": "B"}, near=True)
    assert moves(OWNER, Fact.PROJECT_REMOVED, {"investor_id": 1})
    assert moves(OWNER, Fact.WORK_CHANGED, {"owner_id": 1}, {"owner_id": None})


def test_a_connection_opens_and_closes_a_work_to_those_whose_phase_it_is() -> None:
    assert moves(OWNER, Fact.CONNECTION_MADE, None, {"kind": "gen_tie"}, near=True)
    assert moves(OWNER, Fact.CONNECTION_REMOVED, {"kind": "gen_tie"}, near=True)
    assert not moves(OWNER, Fact.CONNECTION_MADE, {"kind": "gen_tie"}, {"kind": "evacuation"}, near=True)
    assert not moves(STRANGER, Fact.CONNECTION_MADE, None, {"kind": "gen_tie"})


def test_land_in_its_district_changes_what_an_authority_sees() -> None:
    assert moves(DISTRICT, Fact.CLEARANCE_CREATED, None, {"district_code": "binh-dai"})
    assert moves(DISTRICT, Fact.CLEARANCE_CHANGED, {"district_code": "binh-dai"}, {"district_code": None})
    assert not moves(DISTRICT, Fact.CLEARANCE_CHANGED, {"name": "A"}, {"name": "B"})
    assert not moves(DISTRICT, Fact.CLEARANCE_CREATED, None, {"district_code": "ba-tri"})
    given = {"district_code": None}, {"district_code": "binh-dai"}
    assert moves(DISTRICT, Fact.ORGANISATION_CHANGED, *given)
    assert not moves(DISTRICT, Fact.ORGANISATION_CHANGED, *given, code="ubnd-ba-tri")
    assert not moves(DISTRICT, Fact.ORGANISATION_CHANGED, {"name": "A"}, {"name": "B"})
    assert not moves(OWNER, Fact.CLEARANCE_CREATED, None, {"district_code": "binh-dai"}, near=True)


def test_every_kind_that_changes_what_is_seen_is_looked_for() -> None:
    said = {"investor_id": 1, "owner_id": 1, "district_code": "binh-dai"}
    readers = (OWNER, Audience(Role.DISTRICT, 1, "ubnd", "binh-dai"))
    found = {
        kind
        for kind in Fact
        for reader in readers
        for sides in ((None, said), (said, None), (said, said))
        if moves(reader, kind, *sides, near=True)
    }
    assert found == feed.MOVING


def test_every_kind_of_fact_but_those_that_add_sets_or_removes() -> None:
    assert {kind for kind in Fact if kind.value.startswith(("cod.", "capacity.", "rule."))} <= feed.ADDS
    assert (
        not {kind for kind in Fact if kind.value.endswith((".created", ".changed", ".removed"))} & feed.ADDS
    )


def test_an_audience_is_named_by_role_and_organisation() -> None:
    names = {reader.name for reader in (PUBLIC, OWNER, STRANGER, DEPARTMENT, EVN_SPC, DISTRICT, ADMIN)}
    assert len(names) == 7
    assert (PUBLIC.name, OWNER.name) == ("public/", "investor/mekong-wind")
