"""The life of a COD tranche: two keys, conditions, and everything that may happen to it later."""

from typing import Any

import httpx

from tests import factories
from tests.conftest import People, Person

REASON = "Chưa có biên bản chốt chỉ số công tơ"
# What only the department may say, and with a reason of ten characters or more.
WHY = "Văn bản cam kết theo CV 6302/EVN-TTD đã nộp"


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def declare(person: Person, mw: float = 4.2, effective_on: str = "2022-05-01", **more: Any) -> str:
    answer = person.post("/phases/alpha-1/tranches", factories.declaration(mw, effective_on, **more))
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["code"]
    return code


def act(person: Person, code: str, what: str, **body: Any) -> dict[str, Any]:
    answer = person.post(f"/tranches/{code}/{what}", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def amend(effective_on: str, mw: float | None = None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "effective_on": effective_on,
        "reason": REASON,
        "letter_number": "9/EVN",
        "letter_on": effective_on,
    }
    return body if mw is None else body | {"capacity_mw": mw}


def figures(people: People, as_of: str = "2023-02-07") -> dict[str, float]:
    found = people.department.get(f"/capacity?as_of={as_of}").json()
    names = ("gross_recognised", "suspended", "cancelled", "operating", "at_risk", "declared", "disputed")
    said = {name: found[f"{name}_mw"] for name in names}
    assert round(said["gross_recognised"] - said["suspended"] - said["cancelled"], 3) == said["operating"]
    assert 0 <= said["at_risk"] <= said["operating"]
    return {name: mw for name, mw in said.items() if mw}


def recognised(people: People, mw: float = 10, effective_on: str = "2022-01-01", **more: Any) -> str:
    code = declare(people.investor, mw, effective_on)
    act(people.evn_spc, code, "confirmation", **factories.letter(letter_on=effective_on, **more))
    return code


def test_a_declaration_waits_with_a_clock_on_whoever_decides(people: People) -> None:
    code = declare(people.investor, application_on="2022-02-01", price_regime="transitional")
    found = people.investor.get(f"/tranches/{code}").json()
    assert (found["status"], found["capacity_mw"], found["operating_mw"]) == ("declared", 4.2, 0)
    assert (found["declared_on"], found["decision_due_on"]) == ("2023-02-07", "2023-02-21")
    assert [t["code"] for t in people.evn_spc.get("/tranches").json()["items"]] == [code]
    assert people.stranger.get("/tranches").json()["items"] == []
    assert problem(people.anonymous.get("/tranches")) == (401, "key_missing")
    assert figures(people) == {"declared": 4.2}
    act(people.evn_spc, code, "confirmation", **factories.letter())
    assert people.evn_spc.get("/tranches").json()["items"] == []
    assert people.evn_spc.get(f"/tranches/{code}").json()["decision_due_on"] is None


def test_the_queue_of_the_second_key_comes_in_pages(people: People) -> None:
    codes = [declare(people.investor, 1) for _ in range(11)]
    waiting: list[str] = []
    address: str | None = "/tranches?limit=3"
    while address is not None:
        answer = people.evn_spc.get(address)
        waiting += [t["code"] for t in answer.json()["items"]]
        address = answer.links.get("next", {}).get("url")
    assert sorted(waiting) == sorted(codes)


def test_warnings_are_returned_kept_and_read_again_in_either_language(people: People) -> None:
    answer = people.investor.post("/phases/alpha-1/tranches", factories.declaration())
    made = answer.json()
    rules = [(w["rule"], w["unknown"]) for w in made["warnings"]]
    assert rules == [
        ("R01", True), ("R02", True), ("R03", True), ("R04", True), ("R04", True), ("R07", False), ("R10", True), ("R11", True),
    ]  # fmt: skip
    assert {w["level"] for w in made["warnings"]} == {"warning"}
    again = people.department.get(f"/tranches/{made['code']}").json()
    assert again["warnings"] == made["warnings"]
    assert again["entries"][0]["warnings"] == made["warnings"]
    english = people.department.get(f"/tranches/{made['code']}?lang=en").json()["warnings"]
    assert english[0]["message"] == "Not checked, no figure on file: COD exceeds the installed capacity"
    assert made["warnings"][0]["message"].startswith("Chưa có số liệu để kiểm tra: ")


def test_a_letter_that_differs_from_the_claim_counts_as_written_and_says_so(people: People) -> None:
    code = declare(people.investor, 8.4, "2022-05-01")
    made = act(
        people.evn_spc, code, "confirmation", **factories.letter(capacity_mw=4.2, effective_on="2022-05-03")
    )
    assert (made["capacity_mw"], made["effective_on"], made["operating_mw"]) == (4.2, "2022-05-03", 4.2)
    differs = next(w for w in made["warnings"] if w["code"] == "claim_differs")
    assert differs["details"]["declared_kw"] == 8400
    assert [e["capacity_mw"] for e in made["entries"]] == [8.4, 4.2]
    assert figures(people, "2022-05-02") == {}
    assert figures(people) == {"gross_recognised": 4.2, "operating": 4.2}


def test_a_disputed_claim_keeps_both_values_and_counts_for_nothing_until_it_is_confirmed(
    people: People,
) -> None:
    code = declare(people.investor, 8.4)
    disputed = act(people.evn_spc, code, "dispute", reason=REASON, capacity_mw=4.2)
    assert (disputed["status"], disputed["operating_mw"]) == ("disputed", 0)
    assert [(e["kind"], e["capacity_mw"], e["organisation"]) for e in disputed["entries"]] == [
        ("declared", 8.4, "mekong-wind"),
        ("disputed", 4.2, "evn-spc"),
    ]
    assert disputed["entries"][1]["reverses"] == disputed["entries"][0]["id"]
    assert figures(people) == {"disputed": 8.4}
    # Disputed once more, by the other second key, it still waits.
    assert act(people.department, code, "dispute", reason=REASON)["status"] == "disputed"
    assert figures(people) == {"disputed": 8.4}
    assert [t["code"] for t in people.evn_spc.get("/tranches").json()["items"]] == [code]
    confirmed = act(people.evn_spc, code, "confirmation", **factories.letter(capacity_mw=4.2))
    assert (confirmed["status"], len(confirmed["entries"])) == ("recognised", 4)
    assert figures(people) == {"gross_recognised": 4.2, "operating": 4.2}
    assert problem(people.evn_spc.post(f"/tranches/{code}/dispute", {"reason": REASON})) == (
        422,
        "not_waiting",
    )


def test_a_claim_is_withdrawn_by_who_made_it_and_stays_in_the_history(people: People) -> None:
    code = declare(people.investor)
    body = {"reason": "Nhập nhầm giai đoạn"}
    assert problem(people.evn_spc.post(f"/tranches/{code}/withdrawal", body)) == (403, "not_allowed")
    assert problem(people.department.post(f"/tranches/{code}/withdrawal", body)) == (403, "not_allowed")
    assert problem(people.stranger.post(f"/tranches/{code}/withdrawal", body)) == (404, "not_found")
    gone = act(people.investor, code, "withdrawal", **body)
    assert (gone["status"], [e["kind"] for e in gone["entries"]]) == ("withdrawn", ["declared", "withdrawn"])
    assert figures(people) == {}
    for what, person, sent in (
        ("withdrawal", people.investor, body),
        ("confirmation", people.evn_spc, factories.letter()),
        ("dispute", people.evn_spc, {"reason": REASON}),
    ):
        assert problem(person.post(f"/tranches/{code}/{what}", sent)) == (422, "not_waiting")
    assert declare(people.investor) != code


def test_a_withdrawn_or_cancelled_tranche_frees_its_turbines(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.turbines(session)
    first = declare(people.investor, turbines=["T1"])
    act(people.investor, first, "withdrawal", reason="Nhập nhầm")
    second = declare(people.investor, turbines=["T1"])
    act(people.evn_spc, second, "confirmation", **factories.letter())
    body = factories.declaration(turbines=["T1"])
    assert problem(people.investor.post("/phases/alpha-1/tranches", body)) == (422, "turbine_twice")
    act(people.evn_spc, second, "suspension", **amend("2022-06-01"))
    assert problem(people.investor.post("/phases/alpha-1/tranches", body)) == (422, "turbine_twice")
    act(people.evn_spc, second, "cancellation", **amend("2022-07-01"))
    assert declare(people.investor, effective_on="2022-08-01", turbines=["T1"]) != second


def test_a_recognition_needs_a_letter_with_number_and_date(people: People) -> None:
    code = declare(people.investor)
    for missing in ("letter_number", "letter_on"):
        body = {name: value for name, value in factories.letter().items() if name != missing}
        answer = people.evn_spc.post(f"/tranches/{code}/confirmation", body)
        assert problem(answer) == (422, "field_missing")
        assert answer.json()["errors"][0]["field"] == missing
    tomorrow = factories.letter(letter_on="2023-02-08")
    assert problem(people.evn_spc.post(f"/tranches/{code}/confirmation", tomorrow)) == (422, "date_in_future")
    assert figures(people) == {"declared": 4.2}
    found = act(people.evn_spc, code, "confirmation", **factories.letter(letter_issuer="EPTC"))
    entry = found["entries"][-1]
    assert (entry["letter_number"], entry["letter_on"], entry["letter_issuer"]) == (
        "123/EPTC-KD",
        "2022-05-10",
        "EPTC",
    )


def test_two_keys_are_two_organisations(people: People) -> None:
    theirs = declare(people.investor)
    for what, body in (("confirmation", factories.letter()), ("dispute", {"reason": REASON})):
        assert problem(people.investor.post(f"/tranches/{theirs}/{what}", body)) == (403, "not_allowed")
    own = declare(people.department)
    for what, body in (("confirmation", factories.letter()), ("dispute", {"reason": REASON})):
        answer = people.department.post(f"/tranches/{own}/{what}", body)
        assert problem(answer) == (422, "four_eyes")
    # A colleague with a key of his own is still the same organisation.
    key = {"organisation": "doit", "role": "department", "login": "colleague"}
    colleague = people.department.post("/keys", key).json()["key"]
    answer = people.anonymous.post(f"/tranches/{own}/confirmation", factories.letter(), X_API_Key=colleague)
    assert problem(answer) == (422, "four_eyes")
    assert act(people.evn_spc, own, "confirmation", **factories.letter())["status"] == "recognised"
    assert act(people.department, theirs, "confirmation", **factories.letter())["status"] == "recognised"


def test_evn_spc_does_not_declare_and_investors_do_not_amend(people: People) -> None:
    body = factories.declaration()
    assert problem(people.evn_spc.post("/phases/alpha-1/tranches", body)) == (403, "not_allowed")
    code = recognised(people)
    for what in ("suspension", "reinstatement", "cancellation", "correction", "condition-met"):
        sent = amend("2022-06-01")
        assert problem(people.investor.post(f"/tranches/{code}/{what}", sent)) == (403, "not_allowed")
        assert problem(people.anonymous.post(f"/tranches/{code}/{what}", sent)) == (401, "key_missing")
        assert problem(people.stranger.post(f"/tranches/{code}/{what}", sent)) == (403, "not_allowed")
    assert problem(people.stranger.get(f"/tranches/{code}")) == (404, "not_found")


def test_an_override_is_the_departments_has_a_reason_and_is_journaled(people: People) -> None:
    entry = {"measure": "licensed", "capacity_mw": 4.2, "effective_on": "2022-01-01"}
    assert people.department.post("/phases/alpha-1/entries", entry).status_code == 201
    code = declare(people.investor, 8.4)  # On a declaration the rule is kept for whoever decides.
    kept = people.investor.get(f"/tranches/{code}").json()["warnings"]
    assert [(w["rule"], w["level"]) for w in kept if not w["unknown"]] == [
        ("R02", "override"),
        ("R07", "warning"),
    ]
    address = f"/tranches/{code}/confirmation"
    for person in (people.evn_spc, people.department):
        answer = person.post(address, factories.letter())
        assert problem(answer) == (422, "cod_above_licensed")
        assert answer.json()["errors"][0]["rule"] == "R02"
    override = [{"rule": "cod_above_licensed", "reason": WHY}]
    assert problem(people.evn_spc.post(address, factories.letter(overrides=override))) == (
        403,
        "override_not_allowed",
    )
    short = [{"rule": "cod_above_licensed", "reason": "vì thế"}]
    assert problem(people.department.post(address, factories.letter(overrides=short))) == (422, "text_length")
    idle = [*override, {"rule": "cod_before_licence", "reason": WHY}]
    assert problem(people.department.post(address, factories.letter(overrides=idle))) == (
        422,
        "override_not_needed",
    )
    made = act(people.department, code, "confirmation", **factories.letter(overrides=override))
    assert [(w["rule"], w["reason"]) for w in made["warnings"] if w["reason"]] == [("R02", WHY)]
    facts = people.department.get("/journal?limit=1").json()["items"][0]["facts"]
    assert [f["kind"] for f in facts] == ["cod.confirmed", "rule.overridden"]
    assert facts[1]["after"]["reason"] == WHY
    assert (
        people.department.get("/journal?kind=rule.overridden").json()["items"][0]["actor"]["user"]
        == "department"
    )


def test_a_hard_rule_is_not_overridden_by_anybody(people: People) -> None:
    code = declare(people.investor, 8.4)
    entry = {"measure": "installed", "capacity_mw": 4.2, "effective_on": "2022-01-01"}
    # Recorded after the declaration: R01 refuses what would lie above it, here the entry itself.
    assert problem(people.department.post("/phases/alpha-1/entries", entry)) == (422, "cod_above_installed")
    act(people.investor, code, "withdrawal", reason="Nhập nhầm")
    assert people.department.post("/phases/alpha-1/entries", entry).status_code == 201
    code = declare(people.investor, 4.2)
    override = [{"rule": "cod_above_installed", "reason": WHY}]
    body = factories.letter(capacity_mw=8.4, overrides=override)
    assert problem(people.department.post(f"/tranches/{code}/confirmation", body)) == (
        422,
        "cod_above_installed",
    )
    assert figures(people) == {"declared": 4.2}


def test_an_override_of_the_acceptance_needs_the_undertaking(people: People) -> None:
    entry = {"measure": "accepted", "capacity_mw": 1, "effective_on": "2021-01-01"}
    assert people.department.post("/phases/alpha-1/entries", entry).status_code == 201
    code = declare(people.investor, 4.2)
    override = [{"rule": "cod_above_accepted", "reason": WHY}]
    body = factories.letter(overrides=override)
    answer = people.department.post(f"/tranches/{code}/confirmation", body)
    assert problem(answer) == (422, "undertaking_missing")
    made = act(people.department, code, "confirmation", **body, undertaking_ref="CK-01/2021")
    assert made["entries"][-1]["undertaking_ref"] == "CK-01/2021"


def test_a_conditional_recognition_counts_and_is_at_risk_until_its_condition_is_met(people: People) -> None:
    condition = {"condition": "Bổ sung văn bản nghiệm thu", "condition_due_on": "2023-06-30"}
    code = recognised(people, 10, "2022-01-01", **condition)
    found = people.investor.get(f"/tranches/{code}").json()
    assert (found["status"], found["at_risk_mw"], found["operating_mw"]) == ("at_risk", 10, 10)
    assert found["entries"][-1]["due_on"] == "2023-06-30"
    assert figures(people) == {"gross_recognised": 10, "operating": 10, "at_risk": 10}
    met = act(people.department, code, "condition-met", **amend("2022-09-01"))
    assert (met["status"], met["at_risk_mw"]) == ("recognised", 0)
    assert figures(people, "2022-08-31") == {"gross_recognised": 10, "operating": 10, "at_risk": 10}
    assert figures(people, "2022-09-01") == {"gross_recognised": 10, "operating": 10}
    answer = people.department.post(f"/tranches/{code}/condition-met", amend("2022-10-01"))
    assert problem(answer) == (422, "not_conditional")
    plain = recognised(people, 1)
    answer = people.department.post(f"/tranches/{plain}/condition-met", amend("2022-10-01"))
    assert problem(answer) == (422, "not_conditional")


def test_what_is_at_risk_never_exceeds_what_operates_in_whatever_order_the_letters_come(
    people: People,
) -> None:
    code = recognised(people, 10, "2022-01-01", condition="Bổ sung văn bản nghiệm thu")
    act(people.evn_spc, code, "suspension", **amend("2022-06-01", 4))
    assert figures(people) == {"gross_recognised": 10, "suspended": 4, "operating": 6, "at_risk": 6}
    # The condition was met before the suspension; the letter came after.
    act(people.department, code, "condition-met", **amend("2022-03-01"))
    assert figures(people, "2022-02-28") == {"gross_recognised": 10, "operating": 10, "at_risk": 10}
    assert figures(people, "2022-03-01") == {"gross_recognised": 10, "operating": 10}
    assert figures(people) == {"gross_recognised": 10, "suspended": 4, "operating": 6}
    # Recorded last of all, but of a day on which it was still at risk.
    act(people.evn_spc, code, "cancellation", **amend("2022-02-01", 1))
    assert figures(people, "2022-02-15") == {
        "gross_recognised": 10,
        "cancelled": 1,
        "operating": 9,
        "at_risk": 9,
    }
    correction = {**amend("2022-01-15"), "capacity_mw": 8}
    act(people.department, code, "correction", **correction)
    assert figures(people, "2022-01-14") == {}
    assert figures(people, "2022-01-15") == {"gross_recognised": 8, "operating": 8, "at_risk": 8}
    assert figures(people, "2022-02-15") == {
        "gross_recognised": 8,
        "cancelled": 1,
        "operating": 7,
        "at_risk": 7,
    }
    assert figures(people) == {"gross_recognised": 8, "suspended": 4, "cancelled": 1, "operating": 3}


def test_a_part_is_suspended_and_reinstated_and_nothing_is_edited(people: People) -> None:
    code = recognised(people, 10)
    first = people.department.get(f"/tranches/{code}").json()
    part = act(people.evn_spc, code, "suspension", **amend("2022-03-01", 4))
    assert (part["status"], part["suspended_mw"], part["operating_mw"]) == ("partly_suspended", 4, 6)
    whole = act(people.evn_spc, code, "suspension", **amend("2022-04-01"))
    assert (whole["status"], whole["suspended_mw"], whole["operating_mw"]) == ("suspended", 10, 0)
    back = act(people.department, code, "reinstatement", **amend("2022-05-01", 3))
    assert (back["suspended_mw"], back["operating_mw"]) == (7, 3)
    assert back["entries"][-1]["reverses"] == whole["entries"][-1]["id"]
    all_back = act(people.department, code, "reinstatement", **amend("2022-06-01"))
    assert (all_back["status"], all_back["operating_mw"]) == ("recognised", 10)
    assert all_back["entries"][:2] == first["entries"]
    operating = {"2022-02-28": 10, "2022-03-01": 6, "2022-04-01": 0, "2022-05-01": 3, "2022-06-01": 10}
    assert {day: figures(people, day).get("operating", 0) for day in operating} == operating
    facts = people.department.get(f"/journal?subject=tranche&code={code}").json()["items"]
    kinds = [f["facts"][0]["kind"] for f in facts]
    assert kinds == ["cod.reinstated"] * 2 + ["cod.suspended"] * 2 + ["cod.confirmed", "cod.declared"]
    assert facts[2]["facts"][0]["before"] == {"status": "partly_suspended", "operating_kw": 6000}
    assert facts[2]["facts"][0]["after"]["operating_kw"] == 0


def test_no_more_is_taken_back_than_was_recognised_on_any_day(people: People) -> None:
    code = recognised(people, 10)
    act(people.evn_spc, code, "suspension", **amend("2022-06-01", 6))
    for what, day, mw in (
        ("suspension", "2022-07-01", 4.001),
        ("suspension", "2022-03-01", 5),
        ("suspension", "2021-12-31", 1),
        ("cancellation", "2021-12-31", 1),
        ("cancellation", "2022-07-01", 10.001),
        ("reinstatement", "2022-07-01", 6.001),
        ("reinstatement", "2022-05-31", 1),
    ):
        answer = people.evn_spc.post(f"/tranches/{code}/{what}", amend(day, mw))
        assert problem(answer) == (422, "more_taken_back_than_recognised"), (what, day)
        assert answer.json()["errors"][0]["rule"] == "R21"
    assert figures(people) == {"gross_recognised": 10, "suspended": 6, "operating": 4}


def test_what_would_change_nothing_is_refused(people: People) -> None:
    code = recognised(people, 10)
    assert problem(people.evn_spc.post(f"/tranches/{code}/reinstatement", amend("2022-06-01"))) == (
        422,
        "nothing_changes",
    )
    act(people.evn_spc, code, "suspension", **amend("2022-06-01"))
    assert problem(people.evn_spc.post(f"/tranches/{code}/suspension", amend("2022-07-01"))) == (
        422,
        "nothing_changes",
    )
    same = amend("2022-01-01") | {"capacity_mw": 10}
    assert problem(people.evn_spc.post(f"/tranches/{code}/correction", same)) == (422, "nothing_changes")
    act(people.evn_spc, code, "cancellation", **amend("2022-08-01"))
    assert problem(people.evn_spc.post(f"/tranches/{code}/cancellation", amend("2022-09-01"))) == (
        422,
        "nothing_changes",
    )
    assert len(people.evn_spc.get(f"/tranches/{code}").json()["entries"]) == 4


def test_a_cancelled_part_comes_out_of_what_is_suspended_where_nothing_else_is_left(people: People) -> None:
    code = recognised(people, 10)
    act(people.evn_spc, code, "suspension", **amend("2022-03-01", 4))
    part = act(people.department, code, "cancellation", **amend("2022-05-01", 7))
    assert (part["cancelled_mw"], part["suspended_mw"], part["operating_mw"]) == (7, 3, 0)
    rest = act(people.department, code, "cancellation", **amend("2022-06-01"))
    assert (rest["status"], rest["cancelled_mw"], rest["suspended_mw"]) == ("cancelled", 10, 0)
    assert figures(people) == {"gross_recognised": 10, "cancelled": 10}
    assert figures(people, "2022-04-30") == {"gross_recognised": 10, "suspended": 4, "operating": 6}


def test_only_a_recognised_tranche_is_amended(people: People) -> None:
    code = declare(people.investor)
    for what in ("suspension", "reinstatement", "cancellation", "condition-met", "correction"):
        answer = people.evn_spc.post(f"/tranches/{code}/{what}", amend("2022-06-01"))
        assert problem(answer) == (422, "not_recognised"), what
    assert problem(people.evn_spc.post("/tranches/alpha.99/suspension", amend("2022-06-01"))) == (
        404,
        "not_found",
    )


def test_an_amendment_needs_its_letter_and_no_future_day(people: People) -> None:
    code = recognised(people)
    for missing in ("letter_number", "letter_on", "reason", "effective_on"):
        body = {name: value for name, value in amend("2022-06-01").items() if name != missing}
        answer = people.evn_spc.post(f"/tranches/{code}/suspension", body)
        assert (problem(answer), answer.json()["errors"][0]["field"]) == ((422, "field_missing"), missing)
    assert problem(people.evn_spc.post(f"/tranches/{code}/suspension", amend("2023-02-08"))) == (
        422,
        "date_in_future",
    )


def test_a_correction_says_what_the_letter_should_have_said_from_its_own_day(people: People) -> None:
    code = recognised(people, 10, "2022-01-01")
    body = {**amend("2021-12-01"), "capacity_mw": 12}
    made = act(people.department, code, "correction", **body)
    assert (made["capacity_mw"], made["effective_on"], made["operating_mw"]) == (12, "2021-12-01", 12)
    assert made["entries"][-1]["reverses"] == made["entries"][-2]["id"]
    assert [e["capacity_mw"] for e in made["entries"]] == [10, 10, 12]
    assert figures(people, "2021-11-30") == {}
    assert figures(people, "2021-12-01") == {"gross_recognised": 12, "operating": 12}
    gone = act(people.department, code, "correction", **(amend("2021-12-01") | {"capacity_mw": 0}))
    assert (gone["status"], gone["operating_mw"]) == ("cancelled", 0)
    assert figures(people) == {}
    assert len(gone["entries"]) == 4


def test_a_correction_keeps_the_rules_and_what_was_suspended(people: People) -> None:
    entry = {"measure": "installed", "capacity_mw": 12, "effective_on": "2021-01-01"}
    assert people.department.post("/phases/alpha-1/entries", entry).status_code == 201
    code = recognised(people, 10)
    act(people.evn_spc, code, "suspension", **amend("2022-06-01", 6))
    address = f"/tranches/{code}/correction"
    above = amend("2022-01-01") | {"capacity_mw": 13}
    assert problem(people.department.post(address, above)) == (422, "cod_above_installed")
    below = amend("2022-01-01") | {"capacity_mw": 5}
    assert problem(people.department.post(address, below)) == (422, "more_taken_back_than_recognised")
    act(people.department, code, "correction", **(amend("2022-01-01") | {"capacity_mw": 12}))
    assert figures(people) == {"gross_recognised": 12, "suspended": 6, "operating": 6}


def test_every_step_honours_the_version_it_was_read_at(people: People) -> None:
    code = declare(people.investor)
    read = people.evn_spc.get(f"/tranches/{code}").headers["etag"]
    declare(people.investor, 1)
    answer = people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter(), If_Match=read)
    assert problem(answer) == (412, "stale")
    read = people.evn_spc.get(f"/tranches/{code}").headers["etag"]
    answer = people.evn_spc.post(f"/tranches/{code}/confirmation", factories.letter(), If_Match=read)
    assert answer.status_code == 200
    for what in ("suspension", "cancellation", "correction"):
        assert problem(
            people.evn_spc.post(f"/tranches/{code}/{what}", amend("2022-06-01"), If_Match=read)
        ) == (412, "stale")
