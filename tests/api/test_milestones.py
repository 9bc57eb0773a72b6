"""Milestones over the wire, as people: their dates, the two keys of an actual, gates, instances, and the lists."""

from typing import Any

import httpx
import pytest

from tests import factories
from tests.conftest import People, Person

PHASE = "/phases/alpha-1/milestones"
LETTER = {"letter_number": "12/BB", "letter_on": "2023-01-20", "letter_issuer": "Tư vấn giám sát"}


def done(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def refused(answer: httpx.Response, status: int, code: str, field: str | None = None) -> Any:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    if field is not None:
        assert field in [error.get("field") for error in body["errors"]], body
    return body


def applied(person: Person, path: str = PHASE, **more: Any) -> dict[str, Any]:
    """The milestones of a subject, fresh from the template, by their names."""
    return {item["milestone"]: item for item in done(person.post(path, more), 201)["items"]}


def stated(person: Person, milestone: str, path: str = PHASE, **change: Any) -> Any:
    return done(person.patch(f"{path}/{milestone}", change))


def test_a_template_gives_a_phase_its_milestones_in_order(people: People) -> None:
    items = done(people.investor.post(PHASE, {}), 201)["items"]
    assert [item["order"] for item in items] == sorted(item["order"] for item in items)
    assert {"W-E2", "W-F5", "W-G7"} <= {item["milestone"] for item in items}
    assert {item["status"] for item in items} == {"open", "not_due", "not_applicable"}
    assert done(people.investor.get(PHASE))["items"] == items
    refused(people.investor.post(PHASE, {}), 409, "already_applied")


def test_a_condition_that_does_not_hold_makes_a_milestone_not_applicable_and_says_why(people: People) -> None:
    done(people.department.patch("/projects/alpha", {"siting": "onshore"}))
    found = applied(people.investor, "/projects/alpha/milestones", conditions={"foreign_investor": True})
    assert found["W-B1"]["status"] == "not_applicable"
    assert found["W-B1"]["ruled_out_for"]
    assert found["W-A4"]["status"] != "not_applicable"
    english = people.investor.get("/projects/alpha/milestones/W-B1", Accept_Language="en").json()
    assert "sea" in english["ruled_out_for"]


def test_unknown_conditions_and_versions_are_refused(people: People) -> None:
    refused(people.investor.post(PHASE, {"conditions": {"nonsense": True}}), 422, "not_a_word")
    refused(people.investor.post(PHASE, {"template_version": 99}), 422, "out_of_range", "template_version")
    assert done(people.investor.get(PHASE))["items"] == []


def test_the_four_dates_stay_four_dates(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-E6", plan_on="2023-06-30", forecast_on="2023-07-15")
    done(people.department.post(f"{PHASE}/W-E6/baseline", {"baseline_on": "2023-05-31", **LETTER}))
    moved = stated(people.investor, "W-E6", forecast_on="2023-08-20", cause="weather", note="Gió mùa")
    assert [moved[f"{name}_on"] for name in ("baseline", "plan", "forecast", "actual")] == [
        "2023-05-31", "2023-06-30", "2023-08-20", None
    ]  # fmt: skip
    assert (moved["moves"], moved["flag"], moved["slip_days"]) == (1, "at_risk", 81)
    history = done(people.department.get(f"{PHASE}/W-E6/history"))["items"]
    assert [entry["act"] for entry in history] == ["planned", "forecast", "baselined", "forecast"]
    last = history[-1]
    assert (last["cause"], last["note"], last["organisation"]) == ("weather", "Gió mùa", "mekong-wind")
    assert (last["previous_on"], last["day"], last["slip_days"]) == ("2023-07-15", "2023-08-20", 36)


def test_an_imprecise_date_keeps_its_precision_and_counts_by_its_last_day(people: People) -> None:
    applied(people.investor)
    said = stated(people.investor, "W-E6", forecast_on="2023-07-01", forecast_precision="quarter")
    assert (said["forecast_on"], said["forecast_precision"]) == ("2023-09-30", "quarter")


def test_a_baseline_needs_a_document_and_somebody_who_decides(people: People) -> None:
    applied(people.investor)
    bare = {"baseline_on": "2023-05-31"}
    refused(people.department.post(f"{PHASE}/W-E6/baseline", bare), 422, "baseline_by_decision", "document")
    refused(people.investor.post(f"{PHASE}/W-E6/baseline", {**bare, **LETTER}), 403, "not_allowed")
    refused(people.evn_spc.post(f"{PHASE}/W-E6/baseline", {**bare, **LETTER}), 403, "not_allowed")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"actual_on": "2023-02-08", **LETTER}, "in_the_future", "actual_on"),
        ({"actual_on": "2023-02-30"}, "not_a_date", "actual_on"),
        ({"forecast_on": "30/06/2023"}, "not_a_date", "forecast_on"),
        ({"forecast_on": "2023-02-06"}, "forecast_past", "forecast_on"),
        ({"forecast_on": "2023-09-01"}, "cause_missing", "cause"),
        ({"forecast_on": "2023-09-01", "cause": "bad_luck"}, "not_a_word", "cause"),
        ({"forecast_on": None}, "cause_missing", "cause"),
        ({"actual_on": "2023-01-20", "document": 4711}, "unknown_document", "document"),
        ({"actual_on": "2023-01-20"}, "evidence_missing", "document"),
        ({"actual_on": "2023-01-20", "letter_number": "1"}, "letter_incomplete", None),
        ({"actual_on": "2023-01-20", "override_reason": "Vì tôi muốn như vậy", **LETTER}, "override_not_allowed", None),
        ({"is_applicable": False}, "reason_missing", "note"),
        ({"status": "done"}, "field_unknown", "status"),
        ({"late_days": 0}, "field_unknown", "late_days"),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_changes_nothing(
    people: People, change: dict[str, Any], code: str, field: str | None
) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", forecast_on="2023-08-01")
    before = done(people.investor.get(f"{PHASE}/W-C5"))
    answer = people.investor.patch(f"{PHASE}/W-C5", change)
    refused(answer, 403 if code == "override_not_allowed" else 422, code, field)
    assert done(people.investor.get(f"{PHASE}/W-C5")) == before


def test_a_hard_gate_refuses_until_its_predecessor_is_done_or_the_department_overrides(
    people: People,
) -> None:
    applied(people.investor)
    early = {"actual_on": "2023-01-25", **LETTER}
    body = refused(people.investor.patch(f"{PHASE}/W-C6", early), 422, "predecessor_open", "actual_on")
    assert body["errors"][0]["details"]["milestones"] == ["W-C5"]
    stated(people.investor, "W-C5", actual_on="2023-01-28", **LETTER)
    refused(people.investor.patch(f"{PHASE}/W-C6", early), 422, "before_predecessor", "actual_on")
    override = {**early, "override_reason": "Giấy phép cấp trước, hồ sơ bổ sung sau"}
    passed = done(people.department.patch(f"{PHASE}/W-C6", override))
    assert [(w["milestone"], w["gate"]) for w in passed["warnings"]] == [("W-C5", "hard")]
    history = done(people.department.get(f"{PHASE}/W-C6/history"))["items"]
    assert history[-1]["override_reason"] == override["override_reason"]


def test_a_soft_gate_only_warns(people: People) -> None:
    path = "/projects/alpha/milestones"
    applied(people.investor, path)
    # W-A1, the wind measurement, comes before the plan by a soft gate, and was never reported.
    passed = stated(
        people.investor, "W-A2", path, actual_on="2020-06-25", **LETTER | {"letter_on": "2020-06-25"}
    )
    assert [(w["milestone"], w["gate"], w["code"]) for w in passed["warnings"]] == [
        ("W-A1", "soft", "predecessor_open")
    ]
    assert passed["status"] == "done"


def test_an_override_that_nothing_asks_for_is_refused(people: People) -> None:
    applied(people.investor)
    change = {"actual_on": "2023-01-25", "override_reason": "Không cần thiết chút nào", **LETTER}
    refused(people.department.patch(f"{PHASE}/W-C5", change), 422, "override_not_needed")


def test_a_declared_actual_waits_for_another_user_who_may_confirm(people: People) -> None:
    applied(people.investor)
    declared = stated(people.investor, "W-C5", actual_on="2023-01-28", **LETTER)
    assert (declared["verification"], declared["status"]) == ("waiting", "done")
    assert (declared["declared_on"], declared["decision_due_on"]) == ("2023-02-07", "2023-02-21")
    queue = done(people.department.get("/milestones?list=waiting"))["items"]
    assert [item["milestone"] for item in queue] == ["W-C5"]
    refused(people.investor.post(f"{PHASE}/W-C5/confirmation", {}), 403, "not_allowed")
    confirmed = done(people.department.post(f"{PHASE}/W-C5/confirmation", {}))
    assert (confirmed["verification"], confirmed["decision_due_on"]) == ("confirmed", None)
    assert done(people.department.get("/milestones?list=waiting"))["items"] == []
    refused(people.department.post(f"{PHASE}/W-C5/confirmation", {}), 422, "already_decided")


def test_whoever_declared_does_not_confirm(people: People) -> None:
    applied(people.department)
    stated(people.department, "W-C5", actual_on="2023-01-28", **LETTER)
    refused(people.department.post(f"{PHASE}/W-C5/confirmation", {}), 422, "same_user")
    done(people.evn_spc.post(f"{PHASE}/W-C5/confirmation", {}))


def test_a_dispute_opens_the_milestone_again_and_both_values_stay(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", actual_on="2023-01-28", **LETTER)
    said = done(people.department.post(f"{PHASE}/W-C5/dispute", {"note": "Văn bản chưa ký"}))
    assert (said["status"], said["verification"], said["actual_on"]) == ("open", "disputed", "2023-01-28")
    again = stated(people.investor, "W-C5", actual_on="2023-02-01")
    assert (again["verification"], again["actual_on"]) == ("waiting", "2023-02-01")
    acts = [entry["act"] for entry in done(people.investor.get(f"{PHASE}/W-C5/history"))["items"]]
    assert acts == ["declared", "disputed", "declared"]


def test_an_actual_that_went_back_is_withdrawn_with_a_reason(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", actual_on="2023-01-28", **LETTER)
    refused(people.investor.patch(f"{PHASE}/W-C5", {"actual_on": None}), 422, "reason_missing", "note")
    back = stated(people.investor, "W-C5", actual_on=None, note="Báo nhầm")
    assert (back["status"], back["actual_on"], back["verification"]) == ("open", None, None)


def test_the_cod_milestone_follows_the_tranches(people: People) -> None:
    applied(people.investor)
    change = {"actual_on": "2023-01-28", **LETTER}
    refused(people.investor.patch(f"{PHASE}/W-G7", change), 422, "cod_by_tranche", "actual_on")


def test_the_cod_milestone_is_done_when_the_ledger_has_recognised_every_turbine(people: People) -> None:
    """V1-3: 30 MW on paper, 7 turbines of 4.2, 29.4 recognised; it waits for nothing and is late for nothing."""
    done(people.investor.patch("/phases/alpha-1", {"turbine_count": 7, "turbine_mw": 4.2}))
    applied(people.investor)
    stated(people.investor, "W-G7", plan_on="2022-12-31")
    cod = f"{PHASE}/W-G7"
    assert done(people.investor.get(cod))["flag"] == "late"
    done(people.investor.post("/phases/alpha-1/tranches", factories.declaration(29.4)), 201)
    assert done(people.investor.get(cod))["actual_on"] is None
    done(people.evn_spc.post("/tranches/alpha.1/confirmation", factories.letter()))
    reached = done(people.investor.get(cod))
    assert (reached["status"], reached["actual_on"], reached["verification"]) == (
        "done",
        "2022-05-01",
        "confirmed",
    )
    assert done(people.department.get("/milestones?list=late"))["items"] == []
    assert done(people.department.get("/schedule/at-stake"))["waiting_mw"] == 0
    correction = {
        "capacity_mw": 25.2,
        "reason": "Nhập nhầm",
        "letter_number": "7/EPTC",
        "letter_on": "2022-12-01",
    }
    done(people.department.post("/tranches/alpha.1/correction", correction))
    assert done(people.investor.get(cod))["status"] != "done"
    assert done(people.department.get("/schedule/at-stake"))["waiting_mw"] == 4.2
    done(people.investor.patch("/phases/alpha-1", {"turbine_count": 6}))
    assert done(people.investor.get(cod))["status"] == "done"
    refused(people.investor.patch(cod, {"is_applicable": False, "note": "Thử"}), 422, "cod_by_tranche")
    refused(people.department.patch(cod, {"actual_on": None, "note": "Thử"}), 422, "cod_by_tranche")


def test_one_turbine_on_the_list_of_a_plant_leaves_the_rest_waiting(people: People) -> None:
    applied(people.investor)
    done(people.investor.put("/phases/alpha-1/turbines/T1", {"nameplate_mw": 4.2, "tested_on": "2022-04-01"}))
    done(people.investor.post("/phases/alpha-1/tranches", factories.declaration(4.2, turbines=["T1"])), 201)
    done(people.evn_spc.post("/tranches/alpha.1/confirmation", factories.letter()))
    assert done(people.investor.get(f"{PHASE}/W-G7"))["status"] != "done"
    assert done(people.department.get("/schedule/at-stake"))["waiting_mw"] == 25.8


def test_milestones_applied_after_the_cod_know_of_it(people: People) -> None:
    done(people.investor.patch("/phases/alpha-1", {"turbine_count": 1, "turbine_mw": 4.2}))
    done(people.investor.post("/phases/alpha-1/tranches", factories.declaration(4.2)), 201)
    done(people.evn_spc.post("/tranches/alpha.1/confirmation", factories.letter()))
    assert applied(people.investor)["W-G7"]["actual_on"] == "2022-05-01"


def test_no_investor_rules_a_step_out_to_pass_its_gate(people: People) -> None:
    applied(people.investor)
    out = {"is_applicable": False, "note": "Không cần"}
    refused(people.investor.patch(f"{PHASE}/W-C5", out), 403, "not_allowed")
    assert stated(people.department, "W-C5", **out)["status"] == "not_applicable"
    path = "/projects/alpha/milestones"
    applied(people.investor, path)
    assert stated(people.investor, "W-C8", path, **out)["status"] == "not_applicable"


def test_whoever_confirms_for_another_day_breaks_no_gate_with_it(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", actual_on="2023-01-10", **LETTER, valid_until="2030-01-01")
    stated(people.investor, "W-C6", actual_on="2023-01-20", **LETTER)
    early = {"actual_on": "2023-01-05"}
    refused(people.evn_spc.post(f"{PHASE}/W-C6/confirmation", early), 422, "before_predecessor", "actual_on")
    found = done(people.evn_spc.post(f"{PHASE}/W-C6/confirmation", {"actual_on": "2023-01-15"}))
    assert (found["actual_on"], found["verification"]) == ("2023-01-15", "confirmed")


def test_the_document_of_a_confirmed_actual_is_not_changed_by_who_declared_it(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", actual_on="2023-01-10", **LETTER)
    (document,) = done(people.investor.get("/documents"))["items"]
    address = f"/documents/{document['id']}"
    done(people.investor.patch(address, {"title": "Thẩm định"}))
    done(people.department.post(f"{PHASE}/W-C5/confirmation", {}))
    refused(people.investor.patch(address, {"number": "99"}), 422, "already_decided")
    done(people.department.patch(address, {"title": "Thẩm định thiết kế"}))


def test_a_letter_without_an_actual_is_not_lost_in_silence(people: People) -> None:
    applied(people.investor)
    change = {"forecast_on": "2023-09-01", **LETTER}
    refused(people.investor.patch(f"{PHASE}/W-C5", change), 422, "only_with_actual", "letter_number")
    assert done(people.investor.get("/documents"))["items"] == []


def test_a_repeatable_milestone_keeps_instances(people: People) -> None:
    path = "/projects/alpha/milestones"
    applied(people.investor, path, conditions={"approval_overtaken": True})
    second = done(people.investor.post(f"{path}/W-A5/instances", {"label": "Gia hạn lần 2"}), 201)
    assert (second["milestone"], second["label"]) == ("W-A5.2", "Gia hạn lần 2")
    refused(people.investor.post(f"{path}/W-A5/instances", {"instance": 2}), 409, "taken", "instance")
    refused(people.investor.post(f"{path}/W-A5/instances", {"instance": 9}), 422, "out_of_range", "instance")
    refused(people.investor.post(f"{path}/W-A3/instances", {}), 422, "not_repeatable")
    assert stated(people.investor, "W-A5.2", path, forecast_on="2023-06-01")["milestone"] == "W-A5.2"


def test_an_expired_document_opens_its_milestone_again_as_expired(people: People) -> None:
    path = "/projects/alpha/milestones"
    applied(people.investor, path)
    change = {"actual_on": "2021-03-01", "valid_until": "2022-12-31", **LETTER, "letter_on": "2021-03-01"}
    override = {**change, "override_reason": "Số liệu cũ, các bước trước chưa nhập"}
    found = done(people.department.patch(f"{path}/W-D2", override))
    assert (found["status"], found["valid_until"]) == ("expired", "2022-12-31")
    # What stands behind it has an expired predecessor, and it may be done once more.
    refused(
        people.department.patch(f"{path}/W-D4", {"actual_on": "2023-01-20", **LETTER}),
        422,
        "predecessor_expired",
    )
    early = {"actual_on": "2022-12-30", **LETTER, "letter_number": "1/RL", "letter_on": "2022-12-30"}
    assert stated(people.department, "W-D4", path, **early)["status"] == "done"
    assert stated(people.department, "W-D2", path, forecast_on="2023-03-31")["forecast_on"] == "2023-03-31"
    renewed = {"actual_on": "2023-02-01", "valid_until": "2024-12-31", "letter_number": "2/TTĐN",
               "letter_on": "2023-02-01", "letter_issuer": "EVN SPC", "override_reason": override["override_reason"]}  # fmt: skip
    again = stated(people.department, "W-D2", path, **renewed)
    assert (again["status"], again["valid_until"], again["actual_on"]) == ("done", "2024-12-31", "2023-02-01")


def test_an_extension_keeps_what_it_extends_alive(people: People) -> None:
    path = "/projects/alpha/milestones"
    applied(people.department, path, conditions={"agreement_expired": True})
    reason = {"override_reason": "Số liệu cũ, các bước trước chưa nhập"}
    old = {"actual_on": "2021-03-01", "valid_until": "2022-12-31", **LETTER, "letter_on": "2021-03-01"}
    done(people.department.patch(f"{path}/W-D2", {**old, **reason}))
    new = {"actual_on": "2023-01-15", "valid_until": "2024-06-30", **LETTER, "letter_number": "GH-1"}
    done(people.department.patch(f"{path}/W-D3", {**new, **reason}))
    kept = done(people.department.get(f"{path}/W-D2"))
    assert (kept["status"], kept["valid_until"]) == ("done", "2024-06-30")
    # So its gate is passed, too.
    assert stated(people.department, "W-D4", path, actual_on="2023-01-20", **LETTER)["warnings"] == []


def test_who_declared_does_not_prolong_a_confirmed_step_alone(people: People) -> None:
    applied(people.investor)
    stated(people.investor, "W-C5", actual_on="2023-01-10", **LETTER, valid_until="2023-02-01")
    done(people.department.post(f"{PHASE}/W-C5/confirmation", {}))
    assert done(people.investor.get(f"{PHASE}/W-C5"))["status"] == "expired"
    paper = {"subject": "phase", "subject_code": "alpha-1", "milestone": "W-C5", "number": "99", "kind": "letter",
             "issuer": "Tự lập", "issued_on": "2023-02-01", "valid_until": "2099-01-01"}  # fmt: skip
    refused(people.investor.post("/documents", paper), 422, "already_decided")
    renewed = {"actual_on": "2023-02-05", **LETTER, "letter_number": "13/BB", "valid_until": "2024-01-01"}
    assert stated(people.investor, "W-C5", **renewed)["verification"] == "waiting"


def test_what_the_register_says_is_not_contradicted_by_whoever_applies_a_template(people: People) -> None:
    done(people.department.patch("/projects/alpha", {"siting": "offshore"}))
    onshore = {"conditions": {"any_turbine_in_sea": False}}
    refused(people.investor.post("/projects/alpha/milestones", onshore), 403, "not_allowed")
    assert (
        applied(people.department, "/projects/alpha/milestones", **onshore)["W-B1"]["status"]
        == "not_applicable"
    )


def test_the_decision_on_a_baseline_proves_no_actual(people: People) -> None:
    applied(people.investor)
    done(people.department.post(f"{PHASE}/W-C5/baseline", {"baseline_on": "2023-05-31", **LETTER}))
    refused(people.investor.patch(f"{PHASE}/W-C5", {"actual_on": "2023-01-20"}), 422, "evidence_missing")


def test_a_subject_that_milestones_hang_on_is_not_removed(people: People) -> None:
    done(people.department.post("/phases", {"code": "alpha-9", "project": "alpha", "name": "Chín"}), 201)
    applied(people.department, "/phases/alpha-9/milestones")
    refused(people.department.delete("/phases/alpha-9"), 409, "in_use")


def test_another_investor_finds_nothing_and_nobody_comes_without_a_key(people: People) -> None:
    applied(people.investor)
    for answer in (
        people.stranger.get(PHASE),
        people.stranger.post(PHASE, {}),
        people.stranger.get(f"{PHASE}/W-E6"),
        people.stranger.patch(f"{PHASE}/W-E6", {"forecast_on": "2023-09-01"}),
        people.stranger.get(f"{PHASE}/W-E6/history"),
        people.stranger.get("/phases/alpha-1/schedule"),
        people.stranger.get("/schedule/critical-path?phase=alpha-1"),
        people.stranger.get("/schedule/at-stake?subject=phase&code=alpha-1&milestone=W-E6"),
        people.stranger.get("/schedule/deadlines?phase=alpha-1"),
    ):
        refused(answer, 404, "not_found")
    refused(people.anonymous.get(PHASE), 401, "key_missing")
    refused(people.investor.get(f"{PHASE}/W-Z9"), 404, "unknown_milestone")


def test_evn_spc_sees_a_phase_and_does_not_report_on_it(people: People) -> None:
    applied(people.investor)
    assert done(people.evn_spc.get(PHASE))["items"]
    refused(people.evn_spc.patch(f"{PHASE}/W-E6", {"forecast_on": "2023-09-01"}), 403, "not_allowed")


def test_a_stale_version_is_refused(people: People) -> None:
    applied(people.investor)
    first = people.investor.get(f"{PHASE}/W-E6").headers["etag"]
    done(people.investor.patch(f"{PHASE}/W-E6", {"forecast_on": "2023-09-01"}, If_Match=first))
    late = people.investor.patch(
        f"{PHASE}/W-E6", {"forecast_on": "2023-10-01", "cause": "weather"}, If_Match=first
    )
    refused(late, 412, "stale")
    # Another milestone of the same phase has changed meanwhile; this one has not.
    other = people.investor.get(f"{PHASE}/W-E5").headers["etag"]
    done(people.investor.patch(f"{PHASE}/W-E5", {"forecast_on": "2023-09-01"}, If_Match=other))


def test_a_milestone_that_was_not_made_yet_was_not_there(people: People) -> None:
    applied(people.investor)
    refused(people.investor.get(f"{PHASE}/W-E6?known_at=2020-01-01"), 404, "unknown_milestone", "milestone")
    assert done(people.investor.get(f"{PHASE}?known_at=2020-01-01"))["items"] == []


def test_the_same_statement_twice_changes_nothing(people: People) -> None:
    applied(people.investor)
    first = stated(people.investor, "W-E6", forecast_on="2023-09-01")
    assert stated(people.investor, "W-E6", forecast_on="2023-09-01") == first
