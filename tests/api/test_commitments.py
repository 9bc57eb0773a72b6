"""Commitments as people: who promised which towers by when, and whether it was kept; asked for on any day."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from app.domain.vocabulary import UnitStage, UnitStatus
from tests import factories, lines
from tests.conftest import People, Person

SITE, CORRIDOR = UnitStage.SITE, UnitStage.CORRIDOR
PROMISE = {
    "work": "line",
    "stage": "site",
    "units": ["2", "1"],
    "responsible": "UBH",
    "made_on": "2023-01-30",
    "due_on": "2023-02-03",
}
LATER = {"due_on": "2023-02-20", "reason": "Chờ phê duyệt phương án"}
BACK = {"reason": "Huyện rút cam kết"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def field(answer: httpx.Response) -> tuple[int, str, str]:
    return *problem(answer), answer.json()["errors"][0]["field"]


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


@pytest.fixture
def here(people: People) -> People:
    """The line that alpha-1 needs, with three towers in two communes and two sections, and `far`, which it does not need.
    Tower 1 was handed over on 2 February; today is 7 February."""
    with people.world.database.changing(factories.stamp(date(2023, 1, 1))) as session:
        factories.grid_work(session)
        factories.grid_work(session, "far")
        factories.connection(session)
        lines.communes(session, "a", "b")
        lines.communes(session, "c", district="ba-tri")
        lines.towers(session, ["a", "b", "c"])
        lines.sections(session, 2)
        lines.towers(session, ["a"], "far", is_illustrative=True)
    told(people, SITE, ["1"], date(2023, 2, 2))
    return people


def told(
    people: People,
    stage: UnitStage,
    numbers: list[str],
    on: date,
    status: UnitStatus = UnitStatus.DONE,
    recorded: date = date(2023, 2, 3),
) -> None:
    with people.world.database.changing(factories.stamp(recorded)) as session:
        lines.told(session, stage, numbers, on, status)


def made(person: Person, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = done(person.post("/commitments", {**PROMISE, **more}))
    return found


def test_a_promise_is_written_down_and_read_back_with_what_became_of_each_unit(here: People) -> None:
    answer = here.evn_spc.post(
        "/commitments", {**PROMISE, "responsible_name": "UBND huyện Bình Đại", "note": "Họp giao ban"}
    )
    one = done(answer)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/commitments/{one['id']}")
    read = here.investor.get(f"/commitments/{one['id']}")
    assert read.json() == one
    assert read.headers["etag"].startswith(f'"r{one.pop("revision")}-')
    (first,) = one.pop("history")
    assert first.pop("recorded_at")[:10] == "2023-02-07"
    assert first == {
        "act": "made",
        "stated_on": "2023-01-30",
        "day": "2023-02-03",
        "previous_on": None,
        "note": None,
        "organisation": "evn-spc",
    }
    blank = {"cause": None}
    assert one.pop("units") == [
        {
            "number": "1",
            "commune": "a",
            "status": "done",
            "since_on": "2023-02-02",
            "was_done": True,
            **blank,
        },
        {
            "number": "2",
            "commune": "b",
            "status": "not_started",
            "since_on": None,
            "was_done": False,
            **blank,
        },
    ]
    assert one == {
        "id": one["id"],
        "work": {"code": "line", "name": "Đường dây line", "name_en": None},
        "stage": "site",
        "kind": "tower",
        "responsible": "UBH",
        "responsible_name": "UBND huyện Bình Đại",
        "made_on": "2023-01-30",
        "first_due_on": "2023-02-03",
        "due_on": "2023-02-03",
        "moved": 0,
        "withdrawn_on": None,
        "state": "broken",
        "units_total": 2,
        "units_done": 1,
        "note": "Họp giao ban",
        "organisation": "evn-spc",
        "is_illustrative": False,
        "as_of": "2023-02-07",
    }


def states(person: Person, commitment_id: int, *days: str) -> list[str]:
    return [done(person.get(f"/commitments/{commitment_id}?as_of={day}"))["state"] for day in days]


def test_it_is_judged_by_its_day_and_what_is_reopened_later_was_kept(here: People) -> None:
    one = made(here.evn_spc, units=["1"])["id"]
    # Done on 2 February, due on 3 February.
    days = ("2023-02-01", "2023-02-02", "2023-02-03", "2023-02-07")
    assert states(here.evn_spc, one, *days) == ["open", "kept", "kept", "kept"]
    told(here, SITE, ["1"], date(2023, 2, 5), UnitStatus.REOPENED)
    assert states(here.evn_spc, one, *days) == ["open", "kept", "kept", "kept"]
    read = done(here.evn_spc.get(f"/commitments/{one}"))
    assert (read["units_done"], read["units"][0]["status"], read["units"][0]["was_done"]) == (
        0,
        "reopened",
        True,
    )
    # Reopened before its day: it was not done on it.
    told(here, SITE, ["1"], date(2023, 2, 3), UnitStatus.REOPENED)
    assert states(here.evn_spc, one, *days) == ["open", "kept", "broken", "broken"]
    told(here, SITE, ["1"], date(2023, 2, 6))
    assert states(here.evn_spc, one, *days) == ["open", "kept", "broken", "kept_late"]


def test_a_late_report_changes_the_answer_and_not_what_was_known(here: People) -> None:
    one = made(here.evn_spc, units=["2"])["id"]
    here.app.state.tracker.clock._ahead += timedelta(days=3)
    # Handed over in time, and reported three days later.
    told(here, SITE, ["2"], date(2023, 2, 3), recorded=date(2023, 2, 10))
    path = f"/commitments/{one}?as_of=2023-02-05"
    assert done(here.evn_spc.get(path))["state"] == "kept"
    assert done(here.evn_spc.get(f"{path}&known_at=2023-02-09"))["state"] == "broken"
    # It was written down on 7 February: nobody knew of it the day before.
    assert problem(here.evn_spc.get(f"{path}&known_at=2023-02-06")) == (404, "not_found")
    assert problem(here.evn_spc.get(f"/commitments/{one}?as_of=2023-01-29")) == (404, "not_found")


def test_the_due_day_is_judged_at_its_end(here: People) -> None:
    one = made(here.evn_spc, units=["2"], due_on="2023-02-07")
    path = f"/commitments/{one['id']}"
    assert (one["state"], one["units"][0]["was_done"]) == ("open", None)
    # A day ahead is not judged, whatever day is asked for.
    assert done(here.evn_spc.get(f"{path}?as_of=2023-12-31")) == one
    here.app.state.tracker.clock._ahead += timedelta(days=1)
    assert done(here.evn_spc.get(path))["state"] == "broken"
    assert states(here.evn_spc, one["id"], "2023-02-06", "2023-02-07") == ["open", "broken"]
    # At noon of that day nobody could know.
    assert done(here.evn_spc.get(f"{path}?known_at=2023-02-07T12:00:00%2B07:00"))["state"] == "open"
    assert done(here.evn_spc.get(f"{path}?known_at=2023-02-07"))["state"] == "broken"


def test_each_move_is_counted_kept_and_journaled(here: People) -> None:
    one = made(here.evn_spc, units=["2"])
    path = f"/commitments/{one['id']}"
    assert one["state"] == "broken"
    moved = done(here.department.post(f"{path}/postponement", LATER))
    assert (moved["state"], moved["moved"], moved["due_on"], moved["first_due_on"]) == (
        *("open", 1, "2023-02-20"),
        "2023-02-03",
    )
    moved = done(here.evn_spc.post(f"{path}/postponement", {**LATER, "due_on": "2023-02-27"}))
    assert (moved["moved"], moved["due_on"]) == (2, "2023-02-27")
    # On the day before, it stood as it did then.
    then = done(here.evn_spc.get(f"{path}?as_of=2023-02-06"))
    assert (then["moved"], then["due_on"], then["state"], len(then["history"])) == (
        0,
        "2023-02-03",
        "broken",
        1,
    )
    gone = done(here.evn_spc.post(f"{path}/withdrawal", BACK))
    assert (gone["state"], gone["withdrawn_on"]) == ("withdrawn", "2023-02-07")
    assert [
        (e["act"], e["day"], e["previous_on"], e["note"], e["organisation"]) for e in gone["history"]
    ] == [
        ("made", "2023-02-03", None, None, "evn-spc"),
        ("moved", "2023-02-20", "2023-02-03", LATER["reason"], "doit"),
        ("moved", "2023-02-27", "2023-02-20", LATER["reason"], "evn-spc"),
        ("withdrawn", None, None, BACK["reason"], "evn-spc"),
    ]
    items = here.department.get(f"/journal?subject=commitment&code={one['id']}").json()["items"]
    facts = [fact for item in reversed(items) for fact in item["facts"]]
    assert [fact["kind"] for fact in facts] == [
        *("commitment.made", "commitment.moved", "commitment.moved", "commitment.withdrawn")
    ]
    assert (facts[0]["before"], facts[0]["after"]["work"], facts[0]["after"]["units"]) == (
        None,
        "line",
        ["2"],
    )
    assert facts[1]["before"] == {"due_on": "2023-02-03", "moves": 0}
    assert facts[1]["after"] == {"due_on": "2023-02-20", "moves": 1, "reason": LATER["reason"]}
    assert facts[3]["after"] == {"withdrawn_on": "2023-02-07", "reason": BACK["reason"]}
    assert not {"work_id", "organisation_id"} & set(facts[0]["after"])


def test_sections_are_promised_by_their_stages_and_a_number_counts_once(here: People) -> None:
    one = made(here.evn_spc, stage="corridor", units=["K2", "K1", "K2"], due_on="2023-03-01")
    assert (one["kind"], one["units_total"], [unit["number"] for unit in one["units"]]) == (
        *("section", 2),
        ["K1", "K2"],
    )


def test_who_keeps_the_work_keeps_its_promises_and_who_sees_it_reads_them(here: People) -> None:
    one = made(here.evn_spc)["id"]
    far = made(here.department, work="far", units=["1"], due_on="2023-03-01", is_illustrative=True)
    assert far["is_illustrative"]
    acts = [
        ("/commitments", PROMISE),
        (f"/commitments/{one}/postponement", LATER),
        (f"/commitments/{one}/withdrawal", BACK),
    ]
    for path, body in acts:
        for person in (here.investor, here.stranger):
            assert problem(person.post(path, body)) == (403, "not_allowed"), path
        assert problem(here.anonymous.post(path, body)) == (401, "key_missing"), path
    for person, seen in (
        (here.investor, {one}),
        (here.stranger, set()),
        (here.evn_spc, {one, far["id"]}),
        (here.department, {one, far["id"]}),
    ):
        assert {line["id"] for line in done(person.get("/commitments"))["items"]} == seen
        for number in (one, far["id"]):
            answer = person.get(f"/commitments/{number}")
            assert answer.status_code == (200 if number in seen else 404)
    assert problem(here.anonymous.get("/commitments")) == (401, "key_missing")
    assert problem(here.evn_spc.post("/commitments", {**PROMISE, "is_illustrative": True})) == (
        *(403, "not_allowed"),
    )


def test_a_work_of_another_grid_company_is_not_its_to_promise_for(here: People) -> None:
    with here.world.database.changing(factories.stamp()) as session:
        factories.organisation(session, "npt", "grid_company")
        factories.grid_work(session, "theirs", "npt")
        lines.towers(session, [None], "theirs")
    promise = {**PROMISE, "work": "theirs", "units": ["1"]}
    assert problem(here.evn_spc.post("/commitments", promise)) == (403, "not_allowed")
    one = done(here.department.post("/commitments", promise))["id"]
    assert problem(here.evn_spc.post(f"/commitments/{one}/postponement", LATER)) == (403, "not_allowed")


def test_what_does_not_fit_is_refused_with_its_field_and_changes_nothing(here: People) -> None:
    before = here.department.get("/journal").json()
    for change, expected, name in (
        ({"units": ["1", "9"]}, "unknown_unit", "units"),
        ({"units": ["K1"]}, "unknown_unit", "units"),
        ({"stage": "stringing"}, "unknown_unit", "units"),
        ({"units": []}, "too_many", "units"),
        ({"units": "1"}, "not_a_list", "units"),
        ({"stage": "done"}, "not_a_word", "stage"),
        ({"responsible": "ubh"}, "not_a_word", "responsible"),
        ({"made_on": "2023-02-08", "due_on": "2023-02-09"}, "in_the_future", "made_on"),
        ({"due_on": "2023-01-29"}, "due_before_made", "due_on"),
        ({"due_on": None}, "not_a_date", "due_on"),
        ({"due_on": "03/02/2023"}, "not_a_date", "due_on"),
        ({"state": "kept"}, "field_unknown", "state"),
        ({"note": ""}, "text_length", "note"),
    ):
        assert field(here.evn_spc.post("/commitments", {**PROMISE, **change})) == (422, expected, name), (
            change
        )
    assert problem(here.evn_spc.post("/commitments", {**PROMISE, "work": "nowhere"})) == (404, "not_found")
    unknown = here.evn_spc.post("/commitments", {**PROMISE, "units": ["1", "9", "8"]}).json()
    assert unknown["errors"][0]["details"]["numbers"] == ["9", "8"]
    for query in ("state=done", "due_from=soon", "limit=0", "cursor=x", "colour=red", "as_of=1"):
        assert here.evn_spc.get(f"/commitments?{query}").status_code == 422, query
    assert here.department.get("/journal").json() == before


def test_what_is_not_possible_now_is_refused_by_name_and_changes_nothing(here: People) -> None:
    kept = made(here.evn_spc, units=["1"])
    broken = made(here.evn_spc, units=["2"])
    for one, act, body, expected in (
        (kept, "postponement", LATER, "commitment_closed"),
        (kept, "withdrawal", BACK, "commitment_closed"),
        # What was not kept is not taken back.
        (broken, "withdrawal", BACK, "commitment_broken"),
        (broken, "postponement", {**LATER, "due_on": "2023-02-03"}, "deadline_not_later"),
        (broken, "postponement", {**LATER, "due_on": "2023-02-01"}, "deadline_not_later"),
        (broken, "postponement", {"due_on": "2023-03-01"}, "field_missing"),
        (broken, "withdrawal", {}, "field_missing"),
    ):
        assert problem(here.evn_spc.post(f"/commitments/{one['id']}/{act}", body)) == (422, expected)
    path = f"/commitments/{broken['id']}"
    assert done(here.evn_spc.get(path)) == broken
    etag = here.evn_spc.get(path).headers["etag"]
    done(here.evn_spc.post(f"{path}/postponement", LATER, If_Match=etag))
    stale = here.evn_spc.post(f"{path}/postponement", {**LATER, "due_on": "2023-04-01"}, If_Match=etag)
    assert problem(stale) == (412, "stale")
    done(here.evn_spc.post(f"{path}/withdrawal", BACK))
    for act, body in (("withdrawal", BACK), ("postponement", {**LATER, "due_on": "2023-04-01"})):
        assert problem(here.evn_spc.post(f"{path}/{act}", body)) == (422, "commitment_closed")
    assert problem(here.evn_spc.post("/commitments/99/withdrawal", BACK)) == (404, "not_found")


@pytest.fixture
def many(here: People) -> dict[int, str]:
    """Seven promises: what each is, by its id."""
    given: list[tuple[str, dict[str, Any]]] = [
        ("kept", {"units": ["1"]}),
        ("broken", {"units": ["1", "2"], "due_on": "2023-02-05", "responsible": "HDBT"}),
        ("soon", {"units": ["2"], "due_on": "2023-02-07"}),
        ("elsewhere", {"units": ["3"], "due_on": "2023-02-09"}),
        ("both", {"units": ["2", "3"], "due_on": "2023-02-09"}),
        ("later", {"stage": "stringing", "units": ["K1"], "due_on": "2023-03-01", "responsible": "SPC"}),
        ("far", {"work": "far", "units": ["1"], "due_on": "2023-01-31", "stage": "foundation"}),
    ]
    return {made(here.evn_spc, **more)["id"]: name for name, more in given}


def test_lists_are_by_due_day_filtered_and_paged(here: People, many: dict[int, str]) -> None:
    def names(query: str) -> list[str]:
        return [many[line["id"]] for line in done(here.evn_spc.get(f"/commitments?{query}"))["items"]]

    everything = ["far", "kept", "broken", "soon", "elsewhere", "both", "later"]
    assert names("") == everything
    assert names("state=open") == ["soon", "elsewhere", "both", "later"]
    assert names("state=broken") == ["far", "broken"]
    assert names("state=kept") == ["kept"]
    assert names("state=kept_late") == names("state=withdrawn") == []
    assert names("work=far") == ["far"]
    assert names("work=nowhere") == names("district=nowhere") == []
    assert names("district=ba-tri") == names("district=c") == ["elsewhere", "both"]
    assert names("district=b") == ["broken", "soon", "both"]
    assert names("responsible=HDBT") == ["broken"]
    assert names("due_from=2023-02-07&due_until=2023-02-09") == ["soon", "elsewhere", "both"]
    assert names("as_of=2023-02-04&state=open") == ["broken", "soon", "elsewhere", "both", "later"]
    assert names("as_of=2023-01-29") == names("known_at=2023-02-06") == []
    for query in ("limit=2", "limit=2&state=open", "limit=1&district=b"):
        seen, following = [], f"?{query}"
        while following:
            page = here.evn_spc.get(f"/commitments{following}")
            assert len(page.json()["items"]) <= 2
            seen += [many[line["id"]] for line in page.json()["items"]]
            cursor = page.json()["next"]
            following = f"?{query}&cursor={cursor}" if cursor else ""
            assert ("link" in page.headers) == bool(cursor)
        assert seen == names(query.partition("&")[2]), query
