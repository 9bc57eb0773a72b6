"""What the network answers over the wire, as people: a shared line, MW at stake, the gap by cause, what was known when."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests import factories
from tests.api.test_milestones import LETTER, applied, done, refused, stated
from tests.conftest import People

TODAY = date(2023, 2, 7)
LINE = "/grid-works/line-a/milestones"


@pytest.fixture
def shared(people: People) -> People:
    """Two phases of two investors that need one line, and a third that needs none; every one with its milestones."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.phase(session, "alpha-2", nominal_mw=50)
        factories.project(session, "beta", investor="other-wind")
        factories.phase(session, "beta-1", project="beta", nominal_mw=20)
    department = people.department
    done(people.evn_spc.post("/grid-works", {"code": "line-a", "kind": "line", "name": "ĐZ 110 kV A"}), 201)
    for phase in ("alpha-1", "beta-1"):
        answer = people.evn_spc.put(f"/phases/{phase}/connections/line-a", {"kind": "point_of_connection"})
        assert answer.status_code in (200, 201), answer.text
    for path in ("/phases/alpha-1", "/phases/alpha-2", "/phases/beta-1", "/projects/alpha", "/projects/beta"):
        applied(department, f"{path}/milestones")
    applied(people.evn_spc, LINE)
    return people


def cod(people: People) -> dict[str, str]:
    """The forecast COD of each phase, from the network."""
    found = {}
    for phase in ("alpha-1", "alpha-2", "beta-1"):
        items = done(people.department.get(f"/phases/{phase}/schedule"))["items"]
        found[phase] = next(item["earliest_on"] for item in items if item["milestone"] == "W-G7")
    return found


def test_a_delay_of_a_shared_line_moves_every_phase_that_needs_it_and_none_other(shared: People) -> None:
    stated(shared.evn_spc, "G-26", LINE, forecast_on="2027-01-01")
    before = cod(shared)
    stated(shared.evn_spc, "G-26", LINE, forecast_on="2027-07-01", cause="land_price")
    after = cod(shared)
    assert after["alpha-2"] == before["alpha-2"]
    for phase in ("alpha-1", "beta-1"):
        slip = date.fromisoformat(after[phase]) - date.fromisoformat(before[phase])
        # Working days of steps behind the line stretch a little over the holidays in between.
        assert timedelta(days=170) < slip < timedelta(days=200)


def test_the_critical_path_leads_from_what_is_waited_for_to_the_cod(shared: People) -> None:
    stated(shared.evn_spc, "G-26", LINE, forecast_on="2030-01-01")
    path = done(shared.investor.get("/schedule/critical-path?phase=alpha-1"))
    names = [(step["subject"]["code"], step["milestone"]) for step in path["steps"]]
    assert (names[0], names[-1]) == (("line-a", "G-26"), ("alpha-1", "W-G7"))
    assert ("alpha-1", "W-F5") in names
    assert path["binding_cause"] == "line"
    assert path["phase"]["waiting_mw"] == 30
    assert path["forecast_on"] == path["steps"][-1]["earliest_on"]


def test_what_waits_for_a_milestone_counts_each_phase_once(shared: People) -> None:
    stated(shared.evn_spc, "G-26", LINE, forecast_on="2030-01-01")
    asked = "/schedule/at-stake?subject=grid_work&code=line-a&milestone=G-20"
    (found,) = done(shared.evn_spc.get(asked))["items"]
    assert (found["at_stake_mw"], found["is_nominal"], found["cause"]) == (50, True, "line")
    assert [phase["code"] for phase in found["phases"]] == ["alpha-1", "beta-1"]
    assert found["drives"] == []
    (end,) = done(shared.evn_spc.get(asked.replace("G-20", "G-26")))["items"]
    assert [phase["code"] for phase in end["drives"]] == ["alpha-1", "beta-1"]
    # An investor hears how many MW wait in all, and of which phases of its own.
    (own,) = done(shared.investor.get(asked))["items"]
    assert (own["at_stake_mw"], [phase["code"] for phase in own["phases"]]) == (50, ["alpha-1"])
    refused(shared.evn_spc.get("/schedule/at-stake?subject=grid_work&code=line-a"), 422, "field_missing")
    refused(shared.evn_spc.get(asked.replace("G-20", "G-99")), 404, "unknown_milestone")


def test_what_is_done_holds_nothing_back(shared: People) -> None:
    override = {"override_reason": "Đã đóng điện thực tế, hồ sơ bổ sung sau", **LETTER}
    done(shared.department.patch(f"{LINE}/G-26", {"actual_on": "2023-01-20", **override}))
    asked = "/schedule/at-stake?subject=grid_work&code=line-a&milestone=G-26"
    (found,) = done(shared.evn_spc.get(asked))["items"]
    assert (found["at_stake_mw"], found["phases"], found["float_days"]) == (0, [], None)


def test_clearing_the_last_blocking_item_releases_what_at_stake_predicted(shared: People) -> None:
    override = {"override_reason": "Nhập nhanh hiện trạng để kiểm tra mô hình", **LETTER}
    for path in ("/projects/alpha", "/phases/alpha-1"):
        for item in done(shared.department.get(f"{path}/milestones"))["items"]:
            if item["status"] not in ("done", "not_applicable") and item["milestone"] not in ("W-G6", "W-G7"):
                answer = shared.department.patch(
                    f"{path}/milestones/{item['milestone']}", {"actual_on": "2023-01-25", **override}
                )
                if answer.json().get("code") == "override_not_needed":
                    done(
                        shared.department.patch(
                            f"{path}/milestones/{item['milestone']}", {"actual_on": "2023-01-25", **LETTER}
                        )
                    )
    asked = "/schedule/at-stake?subject=phase&code=alpha-1&milestone=W-G6"
    before = done(shared.department.get(asked))
    (last,) = before["items"]
    assert (last["at_stake_mw"], before["ready_mw"]) == (30, 0)
    # The last blocking item is an application that the investor files; W-G7 follows the tranches.
    stated(shared.investor, "W-G6", "/phases/alpha-1/milestones", actual_on="2023-02-06", **LETTER)
    after = done(shared.department.get(asked))
    assert after["ready_mw"] - before["ready_mw"] == last["at_stake_mw"]
    assert after["items"][0]["at_stake_mw"] == 0


def test_the_gap_is_told_by_cause_and_its_parts_sum_to_it(shared: People) -> None:
    stated(shared.evn_spc, "G-26", LINE, forecast_on="2030-01-01")
    found = done(shared.department.get("/schedule/shortfall"))
    assert (found["target"], found["target_mw"], found["operating_mw"], found["gap_mw"]) == (
        "377mw-2023",
        377,
        0,
        377,
    )
    parts = {part["cause"]: part["mw"] for part in found["parts"]}
    assert parts["line"] == 50
    assert parts["not_in_register"] == 277
    assert sum(parts.values()) == found["gap_mw"]
    assert found["surplus_mw"] == 0
    refused(shared.investor.get("/schedule/shortfall"), 403, "not_allowed")
    path = done(shared.department.get("/schedule/critical-path"))
    assert (path["target"], path["goal_on"]) == ("377mw-2023", "2023-12-31")
    assert path["steps"]
    refused(shared.investor.get("/schedule/critical-path"), 422, "field_missing", "phase")


def test_late_milestones_as_they_were_known_last_month(people: People) -> None:
    applied(people.investor, is_illustrative=True)
    stated(people.investor, "W-E6", plan_on="2023-01-15")
    stated(people.investor, "W-E7", forecast_on="2023-02-07")
    early = done(people.department.get("/milestones?list=late&as_of=2023-02-08"))
    assert {item["milestone"] for item in early["items"]} == {"W-E6", "W-E7"}
    known = done(people.department.get("/journal?limit=1"))["items"][0]["recorded_at"]
    stated(people.investor, "W-E7", forecast_on="2023-05-01", cause="materials")
    stated(people.investor, "W-E6", plan_on="2023-06-30")
    assert done(people.department.get("/milestones?list=late&as_of=2023-02-08"))["items"] == []
    then = done(
        people.department.ask(
            "GET", f"/milestones?list=late&as_of=2023-02-08&known_at={known.replace('+', '%2B')}"
        )
    )
    assert [without(item) for item in then["items"]] == [without(item) for item in early["items"]]


def without(item: dict[str, Any]) -> dict[str, Any]:
    """A milestone without what is said of it now: its own revision."""
    return {name: value for name, value in item.items() if name != "revision"}


def test_lists_page_by_page_give_the_whole_list(people: People) -> None:
    for milestone in sorted(applied(people.investor)):
        if milestone != "W-G7":
            people.investor.patch(f"/phases/alpha-1/milestones/{milestone}", {"forecast_on": "2023-03-01"})
    whole = done(people.department.get("/milestones?list=due_soon"))["items"]
    assert len(whole) > 10
    paged, address = [], "/milestones?list=due_soon&limit=4"
    while address:
        page = done(people.department.get(address))
        paged += page["items"]
        address = page["next"] and f"/milestones?list=due_soon&limit=4&cursor={page['next']}"
    assert paged == whole
    assert done(people.stranger.get("/milestones?list=due_soon"))["items"] == []


def test_the_countdown_to_a_cod_on_the_last_sunday_of_2023(people: People) -> None:
    done(people.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-12-31"}))
    items = done(people.investor.get("/schedule/deadlines"))["items"]
    assert {item["kind"]: item["due_on"] for item in items} == {
        "cod_notice": "2023-10-02",
        "test_programme": "2023-12-01",
        "licence_file": "2023-12-08",
        "test_registration": "2023-12-26",
    }
    assert {item["state"] for item in items} == {"ahead"}
    assert done(people.stranger.get("/schedule/deadlines"))["items"] == []
    done(people.investor.patch("/phases/alpha-1", {"first_test_on": "2023-11-30"}))
    moved = {i["kind"]: i["due_on"] for i in done(people.investor.get("/schedule/deadlines"))["items"]}
    assert (moved["cod_notice"], moved["test_registration"]) == ("2023-10-02", "2023-11-27")


def test_slips_are_counted_from_the_kept_history(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", forecast_on="2023-02-10")
    stated(people.investor, "W-C5", forecast_on="2023-03-10", cause="acceptance")
    stated(people.investor, "W-C5", actual_on="2023-02-07", **LETTER)
    (kind,) = done(people.department.get("/schedule/slips"))["items"]
    assert (kind["code"], kind["moves"], kind["median_slip_days"], kind["p80_slip_days"]) == (
        "W-C5",
        1,
        -3,
        -3,
    )
    assert (kind["forecasts_judged"], kind["held_share"]) == (2, 1)
    (who,) = done(people.department.get("/schedule/slips?by=organisation"))["items"]
    assert (who["code"], who["milestones"]) == ("mekong-wind", 1)


def test_a_batch_changes_all_or_nothing_or_what_can_be(people: People) -> None:
    applied(people.investor)
    row = {"subject": "phase", "subject_code": "alpha-1"}
    rows = [
        {**row, "milestone": "W-E6", "forecast_on": "2023-09-01"},
        {**row, "milestone": "W-E7", "forecast_on": "2022-09-01"},
        {**row, "milestone": "W-E8", "plan_on": "2023-09-01"},
    ]
    before = done(people.investor.get("/phases/alpha-1/milestones"))["items"]
    tried = done(people.investor.patch("/milestones?dry_run=true", {"rows": rows}))
    assert [r["outcome"] for r in tried["rows"]] == ["changed", "refused", "changed"]
    assert (tried["rows"][1]["problem"], tried["rows"][1]["field"]) == ("forecast_past", "forecast_on")
    refused(people.investor.patch("/milestones", {"rows": rows}), 422, "rows_refused")
    assert done(people.investor.get("/phases/alpha-1/milestones"))["items"] == before
    head = done(people.department.get("/journal?limit=1"))["items"][0]["number"]
    kept = done(people.investor.patch("/milestones?partial=true", {"rows": rows}))
    assert (kept["changed"], kept["refused"]) == (2, 1)
    assert done(people.department.get("/journal?limit=1"))["items"][0]["number"] == head + 1
    found = {i["milestone"]: i for i in done(people.investor.get("/phases/alpha-1/milestones"))["items"]}
    assert (found["W-E6"]["forecast_on"], found["W-E7"]["forecast_on"]) == ("2023-09-01", None)
    again = done(people.investor.patch("/milestones?partial=true", {"rows": rows[:1]}))
    assert again["rows"][0]["outcome"] == "unchanged"


def test_rows_on_one_milestone_twice_and_foreign_ones_are_refused(people: People) -> None:
    applied(people.investor)
    row = {"subject": "phase", "subject_code": "alpha-1", "milestone": "W-E6", "forecast_on": "2023-09-01"}
    refused(people.investor.patch("/milestones", {"rows": [row, row]}), 422, "row_twice", "rows.1.milestone")
    body = people.stranger.patch("/milestones?partial=true", {"rows": [row]}).json()
    assert (body["rows"][0]["outcome"], body["rows"][0]["problem"]) == ("refused", "not_found")
    stale = {**row, "revision": 1}
    body = people.investor.patch("/milestones?partial=true", {"rows": [stale]}).json()
    assert body["rows"][0]["problem"] == "stale"
