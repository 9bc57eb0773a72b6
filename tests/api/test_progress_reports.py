"""Progress reports as people: handed in around the cut-off, read beside what was recorded, and missed."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.deps import Clock
from app.domain.calendar import ZONE
from app.schemas.people import KeyCreate
from app.schemas.projects import ProjectChange
from app.services import people as people_service
from app.services import projects
from tests import factories
from tests.conftest import People, Person, serve

SAID = {"narrative": "Đã đúc móng 3 trụ; mặt bằng còn vướng 2 vị trí."}
NOTHING = {"nothing_changed": True}


class Stopped(Clock):
    """A clock that stands at an instant in Viet Nam."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = datetime.fromisoformat(at).replace(tzinfo=ZONE).astimezone(UTC)

    def now(self) -> datetime:
        return self._at


def on(people: People, at: str) -> People:
    people.app.state.tracker.clock = Stopped(at)
    return people


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def field(answer: httpx.Response) -> tuple[int, str, str]:
    return *problem(answer), answer.json()["errors"][0]["field"]


def done(answer: httpx.Response) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def reported(person: Person, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = done(person.post("/progress-reports", {**SAID, **more}))
    return found


def test_an_investor_reports_and_reads_it_back(people: People) -> None:
    answer = on(people, "2023-02-07T09:30").investor.post("/progress-reports", SAID)
    made = done(answer)
    assert (answer.status_code, answer.headers["location"]) == (201, f"/api/v1/progress-reports/{made['id']}")
    assert people.investor.get(f"/progress-reports/{made['id']}").json() == made
    assert answer.headers["etag"].startswith(f'"r{made.pop("revision")}-')
    assert made == {
        **SAID,
        "id": made["id"],
        "organisation": "mekong-wind",
        "organisation_name": "Tổ chức mekong-wind",
        "period_ends_on": "2023-02-09",
        "nothing_changed": False,
        "submitted_at": "2023-02-07T02:30:00Z",
        "is_late": False,
        "is_standing": True,
        "period": {
            "starts_at": "2023-02-02T09:00:00Z",
            "ends_at": "2023-02-09T09:00:00Z",
            "ends_on": "2023-02-09",
        },
        "changes": {"total": 0, "by_kind": [], "items": []},
    }
    (fact,) = people.department.get("/journal?subject=progress_report").json()["items"][0]["facts"]
    assert (fact["kind"], fact["code"], fact["before"]) == ("progress.reported", str(made["id"]), None)
    assert fact["after"] == {
        **SAID,
        "organisation": "mekong-wind",
        "period_ends_on": "2023-02-09",
        "nothing_changed": False,
        "submitted_at": "2023-02-07T02:30:00+00:00",
        "is_late": False,
    }


@pytest.mark.parametrize(
    ("at", "ends_on", "period", "is_late"),
    [
        ("2023-02-09T15:59:59.999999", None, "2023-02-09", False),
        ("2023-02-09T16:00", None, "2023-02-09", False),
        ("2023-02-09T16:00", "2023-02-09", "2023-02-09", False),
        ("2023-02-09T16:00:00.000001", None, "2023-02-16", False),
        ("2023-02-09T16:00:00.000001", "2023-02-09", "2023-02-09", True),
        ("2023-01-01T08:00", "2022-12-29", "2022-12-29", True),
        ("2023-01-01T08:00", "2023-01-05", "2023-01-05", False),
    ],
)
def test_a_report_at_the_cutoff_is_in_time_and_a_microsecond_later_for_the_next_period(
    people: People, at: str, ends_on: str | None, period: str, is_late: bool
) -> None:
    made = reported(on(people, at).evn_spc, **({} if ends_on is None else {"period_ends_on": ends_on}))
    assert (made["period_ends_on"], made["is_late"]) == (period, is_late)


def test_a_second_report_of_a_period_stands_and_the_first_stays(people: People) -> None:
    first, other = reported(people.investor), reported(people.evn_spc)
    second = done(people.investor.post("/progress-reports", NOTHING))
    assert (second["narrative"], second["nothing_changed"], second["is_standing"]) == (None, True, True)
    for number, stands in ((first["id"], False), (other["id"], True), (second["id"], True)):
        assert people.department.get(f"/progress-reports/{number}").json()["is_standing"] is stands
    items = people.department.get("/progress-reports").json()["items"]
    assert [(item["id"], item["is_standing"]) for item in items] == [
        (second["id"], True),
        (other["id"], True),
        (first["id"], False),
    ]
    again = [people.investor.post("/progress-reports", SAID, Idempotency_Key="once") for _ in range(2)]
    assert again[0].json() == again[1].json()
    assert len(people.investor.get("/progress-reports").json()["items"]) == 3


def test_an_investor_sees_its_own_reports_the_department_and_evn_spc_all(people: People) -> None:
    own = [reported(person)["id"] for person in (people.investor, people.stranger, people.evn_spc)]
    for person, seen in (
        (people.investor, own[:1]),
        (people.stranger, own[1:2]),
        (people.department, own[::-1]),
        (people.evn_spc, own[::-1]),
    ):
        assert [item["id"] for item in done(person.get("/progress-reports"))["items"]] == seen
        for number in own:
            answer = person.get(f"/progress-reports/{number}")
            assert answer.status_code == (200 if number in seen else 404)
            if number not in seen:
                assert problem(answer) == (404, "not_found")
    for path in ("/progress-reports", f"/progress-reports/{own[0]}", "/reporting"):
        assert problem(people.anonymous.get(path)) == (401, "key_missing")
    assert done(people.stranger.get("/progress-reports?organisation=mekong-wind"))["items"] == []


def test_reports_are_listed_newest_first_in_pages_and_by_organisation_and_period(people: People) -> None:
    days = ("2023-01-19", "2023-01-26", "2023-02-02")
    made = [reported(people.investor, period_ends_on=day)["id"] for day in days]
    made.append(reported(people.evn_spc)["id"])
    found: list[int] = []
    path = "/progress-reports?limit=3"
    while path:
        answer = people.department.get(path)
        found += [item["id"] for item in done(answer)["items"]]
        path = answer.links.get("next", {}).get("url", "")
    assert found == made[::-1]
    for query, expected in (
        ("organisation=mekong-wind", made[2::-1]),
        ("organisation=evn-spc", made[3:]),
        ("period_ends_on=2023-01-26", made[1:2]),
        ("organisation=evn-spc&period_ends_on=2023-01-26", []),
        ("organisation=nowhere", []),
    ):
        items = done(people.department.get(f"/progress-reports?{query}"))["items"]
        assert [item["id"] for item in items] == expected


def test_the_department_does_not_report_and_nobody_reports_for_others(people: People) -> None:
    assert problem(people.department.post("/progress-reports", SAID)) == (403, "not_allowed")
    assert problem(people.anonymous.post("/progress-reports", SAID)) == (401, "key_missing")
    answer = people.investor.post("/progress-reports", {**SAID, "organisation": "other-wind"})
    assert field(answer) == (422, "field_unknown", "organisation")


def test_what_does_not_fit_is_refused_and_nothing_is_kept(people: People) -> None:
    on(people, "2023-02-07T09:00")
    for body, expected, name in (
        ({**SAID, **NOTHING}, "narrative_or_nothing", "narrative"),
        ({}, "narrative_or_nothing", "narrative"),
        ({"nothing_changed": False}, "narrative_or_nothing", "narrative"),
        ({"narrative": None}, "narrative_or_nothing", "narrative"),
        ({"narrative": "  "}, "text_length", "narrative"),
        ({"narrative": "x" * 8001}, "text_length", "narrative"),
        ({"nothing_changed": "maybe"}, "not_true_or_false", "nothing_changed"),
        ({**SAID, "period_ends_on": "2023-02-16"}, "period_ahead", "period_ends_on"),
        ({**SAID, "period_ends_on": "2023-02-08"}, "no_period_end", "period_ends_on"),
        ({**SAID, "period_ends_on": "2023-02-30"}, "not_a_date", "period_ends_on"),
        ({**SAID, "period_ends_on": "09/02/2023"}, "not_a_date", "period_ends_on"),
        ({**SAID, "is_late": False}, "field_unknown", "is_late"),
    ):
        assert field(people.investor.post("/progress-reports", body)) == (422, expected, name), body
    for path, expected in (
        ("/progress-reports?cursor=x", (422, "cursor")),
        ("/progress-reports?late=true", (422, "parameter_unknown")),
        ("/progress-reports?period_ends_on=2023-02-30", (422, "not_a_date")),
        ("/progress-reports/999", (404, "not_found")),
        ("/progress-reports/0", (422, "out_of_range")),
        ("/reporting?state=asleep", (422, "not_a_word")),
        ("/reporting?as_of=2023-02-07", (422, "parameter_unknown")),
    ):
        assert problem(people.investor.get(path)) == expected
    assert done(people.department.get("/progress-reports"))["items"] == []


def changes(person: Person, number: int) -> tuple[int, dict[str, int], list[tuple[str, str, str]]]:
    found = done(person.get(f"/progress-reports/{number}"))["changes"]
    by_kind = {line["kind"]: line["count"] for line in found["by_kind"]}
    return found["total"], by_kind, [(line["kind"], line["subject"], line["code"]) for line in found["items"]]


def test_beside_a_report_stands_what_its_organisation_recorded_within_the_period(people: People) -> None:
    # On the cut-off before (not within), just after it, by others, on the own cut-off (within), just after that.
    for at, person, note in (
        ("2023-02-02T16:00", people.investor, "a"),
        ("2023-02-02T16:00:00.000001", people.investor, "b"),
        ("2023-02-03T09:00", people.department, "c"),
        ("2023-02-04T09:00", people.evn_spc, None),
        ("2023-02-09T16:00", people.investor, "d"),
    ):
        on(people, at)
        if note is None:
            entry = {"measure": "synchronised", "capacity_mw": 4.2, "effective_on": "2023-02-01"}
            done(person.post("/phases/alpha-1/entries", entry))
        else:
            done(person.patch("/phases/alpha-1", {"note": note}))
    done(people.investor.put("/phases/alpha-1/turbines/T1", {"nameplate_mw": 4.2}))
    number = reported(people.investor)["id"]
    on(people, "2023-02-09T16:00:00.000001")
    done(people.investor.patch("/phases/alpha-1", {"note": "e"}))
    expected = (
        3,
        {"phase.changed": 2, "turbine.created": 1},
        [
            ("turbine.created", "turbine", "alpha-1/T1"),
            ("phase.changed", "phase", "alpha-1"),
            ("phase.changed", "phase", "alpha-1"),
        ],
    )
    for person in (people.investor, people.department, people.evn_spc):
        assert changes(person, number) == expected
    assert done(people.investor.get(f"/progress-reports/{number}"))["period_ends_on"] == "2023-02-09"
    own = reported(people.evn_spc, period_ends_on="2023-02-09")["id"]
    assert changes(people.evn_spc, own)[1] == {"capacity.recorded": 1}


def test_what_changed_in_a_project_that_is_no_longer_its_own_is_not_told(people: People) -> None:
    done(people.investor.patch("/projects/alpha", {"note": "Kín"}))
    number = reported(people.investor)["id"]
    assert changes(people.investor, number)[0] == 1
    with people.world.database.changing(factories.stamp(hour=9)) as session:
        sold = ProjectChange.model_validate({"investor": "other-wind"})
        projects.change(session, factories.SYSTEM, "alpha", sold, None)
    assert changes(people.investor, number) == (0, {}, [])
    assert changes(people.department, number)[0] == 1


def test_only_the_last_200_changes_are_told_one_by_one_and_all_are_counted(people: People) -> None:
    with people.world.database.changing(factories.stamp(hour=9)) as session:
        for n in range(203):
            change = ProjectChange.model_validate({"note": f"Lần {n}"})
            projects.change(session, people.world.investor, "alpha", change, None)
    total, by_kind, items = changes(people.investor, reported(people.investor)["id"])
    assert (total, by_kind, len(items)) == (203, {"project.changed": 203}, 200)


def standing(person: Person, organisation: str, *fields: str) -> tuple[Any, ...] | None:
    items = done(person.get("/reporting"))["items"]
    line = next((item for item in items if item["organisation"] == organisation), None)
    return None if line is None else tuple(line[name] for name in fields)


def test_who_is_to_report_is_listed_with_where_it_stands(people: People) -> None:
    on(people, "2023-02-07T09:00")
    found = done(people.department.get("/reporting"))
    assert (found["current"]["ends_on"], found["last_closed"]["ends_on"]) == ("2023-02-09", "2023-02-02")
    assert found["current"]["starts_at"] == found["last_closed"]["ends_at"] == "2023-02-02T09:00:00Z"
    silent = {
        "state": "silent",
        "current_state": "due",
        "last_closed_state": "silent",
        "missed_periods": 109,
        "last_report_on": None,
        "last_change_on": None,
        "last_pulled_at": None,
        "age_days": None,
        "freshness": "stale",
        "is_stale": True,
        "is_escalated": True,
    }
    # The other investor owns no project, and the department reports to nobody.
    assert found["items"] == [
        {"organisation": "evn-spc", "name": "Tổ chức evn-spc", "kind": "grid_company", **silent},
        {"organisation": "mekong-wind", "name": "Tổ chức mekong-wind", "kind": "investor", **silent},
    ]
    assert done(people.evn_spc.get("/reporting")) == found
    assert [line["organisation"] for line in done(people.investor.get("/reporting"))["items"]] == [
        "mekong-wind"
    ]
    assert done(people.stranger.get("/reporting"))["items"] == []
    with people.world.database.changing(factories.stamp()) as session:
        factories.project(session, "aside", "other-wind", in_totals=False)
    assert done(people.stranger.get("/reporting"))["items"] == []
    with people.world.database.changing(factories.stamp()) as session:
        factories.project(session, "beta", "other-wind")
        factories.project(session, "beta-2", "other-wind")
    assert standing(people.department, "other-wind", "state") == ("silent",)
    assert len(done(people.department.get("/reporting"))["items"]) == 3


def test_a_reporter_is_due_then_late_then_silent_though_nothing_is_recorded(people: People) -> None:
    reported(on(people, "2023-02-07T09:00").investor)
    fields = (
        "state",
        "current_state",
        "last_closed_state",
        "missed_periods",
        "age_days",
        "freshness",
        "is_escalated",
    )
    for at, expected in (
        ("2023-02-07T09:00", ("reported", "reported", "silent", 109, 0, "fresh", False)),
        ("2023-02-09T16:00", ("reported", "reported", "silent", 109, 2, "fresh", False)),
        ("2023-02-09T16:00:00.000001", ("due", "due", "reported", 0, 2, "fresh", False)),
        ("2023-02-14T23:59", ("due", "due", "reported", 0, 7, "ageing", False)),
        ("2023-02-15T00:00", ("due", "due", "reported", 0, 8, "stale", False)),
        ("2023-02-16T16:00", ("due", "due", "reported", 0, 9, "stale", False)),
        ("2023-02-16T16:00:00.000001", ("late", "due", "late", 1, 9, "stale", False)),
        ("2023-02-21T12:00", ("late", "due", "late", 1, 14, "stale", False)),
        ("2023-02-22T12:00", ("late", "due", "late", 1, 15, "stale", True)),
        ("2023-02-23T16:01", ("silent", "due", "silent", 2, 16, "stale", True)),
        ("2023-03-02T16:01", ("silent", "due", "silent", 3, 23, "stale", True)),
    ):
        assert standing(on(people, at).department, "mekong-wind", *fields) == expected, at
    for state, who in (("silent", ["evn-spc", "mekong-wind"]), ("late", []), ("reported", [])):
        items = done(people.department.get(f"/reporting?state={state}"))["items"]
        assert [item["organisation"] for item in items] == who
    # A late report of the last closed period ends the silence; one of an older period does not.
    reported(people.investor, period_ends_on="2023-02-16")
    assert standing(people.department, "mekong-wind", "state", "missed_periods") == ("silent", 2)
    made = reported(people.investor, period_ends_on="2023-03-02")
    assert made["is_late"] is True
    assert standing(people.department, "mekong-wind", "state", "missed_periods") == ("due", 0)


def test_a_change_is_no_report_and_a_report_no_change(people: People) -> None:
    fields = ("state", "last_report_on", "last_change_on", "age_days")
    done(on(people, "2023-02-06T09:00").investor.patch("/phases/alpha-1", {"note": "x"}))
    on(people, "2023-02-07T09:00")
    assert standing(people.department, "mekong-wind", *fields) == ("silent", None, "2023-02-06", 1)
    done(people.investor.post("/progress-reports", NOTHING))
    assert standing(people.department, "mekong-wind", *fields) == ("reported", "2023-02-07", "2023-02-06", 0)
    reported(people.evn_spc)
    assert standing(people.department, "evn-spc", *fields) == ("reported", "2023-02-07", None, 0)
    # What the department does to its project is no word of the investor.
    done(on(people, "2023-02-08T09:00").department.patch("/phases/alpha-1", {"note": "y"}))
    assert standing(people.department, "mekong-wind", *fields) == ("reported", "2023-02-07", "2023-02-06", 1)


def test_nothing_was_due_from_who_was_not_registered_yet(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        factories.organisation(session, "new-wind")
        factories.project(session, "delta", "new-wind")
        made = KeyCreate.model_validate({"organisation": "new-wind", "role": "investor", "login": "new"})
        people_service.create_key(session, factories.SYSTEM, made, factories.at())
    fields = ("state", "last_closed_state", "missed_periods", "age_days", "is_stale", "is_escalated")
    on(people, "2023-02-08T09:00")
    assert standing(people.department, "new-wind", *fields) == ("due", None, 0, None, True, False)
    on(people, "2023-02-15T09:00")
    assert standing(people.department, "new-wind", *fields) == ("late", "late", 1, None, True, False)
    on(people, "2023-02-22T09:00")
    assert standing(people.department, "new-wind", *fields) == ("silent", "silent", 2, None, True, True)


def test_the_cutoff_is_where_the_settings_put_it(world: factories.World, url: str) -> None:
    world.url = url
    with serve(world, report_cutoff_weekday=0, report_cutoff_hour=9, report_every_days=14) as people:
        # Mondays at 09:00, every second week from 2 January 2023.
        on(people, "2023-02-13T09:00")
        assert reported(people.investor)["period"] == {
            "starts_at": "2023-01-30T02:00:00Z",
            "ends_at": "2023-02-13T02:00:00Z",
            "ends_on": "2023-02-13",
        }
        on(people, "2023-02-13T09:00:01")
        assert reported(people.investor)["period_ends_on"] == "2023-02-27"
        answer = people.investor.post("/progress-reports", {**SAID, "period_ends_on": "2023-02-20"})
        assert field(answer) == (422, "no_period_end", "period_ends_on")
        assert done(people.department.get("/reporting"))["current"]["ends_on"] == "2023-02-27"
