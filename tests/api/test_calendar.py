"""The calendar of an organisation: by a secret address that opens nothing else, own things only, and stable events."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.deps import logs
from app.domain.vocabulary import (
    ConnectionKind,
    DelayCause,
    DocumentKind,
    Precision,
    SubjectKind,
    Track,
    WorkKind,
)
from app.services import journal
from app.tables.documents import Document
from app.tables.milestones import Milestone
from app.tables.obstacles import Obstacle
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project
from app.tables.works import Clearance, Connection, GridWork
from tests import factories
from tests.api.test_people import everything
from tests.conftest import People, Person, serve

TODAY = factories.TODAY
BRACES = str.maketrans("", "", "{}")


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def add(session: Session, *rows: Any) -> None:
    """Rows as a service would leave them, in the revision that is open."""
    number = journal.number(session, factories.SYSTEM)
    for row in rows:
        row.created_in = number
        if hasattr(row, "revision"):
            row.revision = number
        session.add(row)
        session.flush()


def of(session: Session, table: Any, code: str) -> Any:
    return session.execute(select(table).where(table.code == code)).scalar_one()


def milestone(
    session: Session, kind: SubjectKind, subject: str, code: str, on: date | None, **more: Any
) -> Milestone:
    tables = {SubjectKind.PHASE: Phase, SubjectKind.PROJECT: Project, SubjectKind.GRID_WORK: GridWork, SubjectKind.CLEARANCE: Clearance}  # fmt: skip
    row = of(session, tables[kind], subject)
    project = row.id if kind == SubjectKind.PROJECT else getattr(row, "project_id", None)
    given = {
        "subject": kind,
        "subject_id": row.id,
        "project_id": project,
        "code": code,
        "template_version": 1,
    }
    return Milestone(**{**given, "forecast_on": on, "next_on": on, "due_on": on, **more})


def on_alpha(session: Session, **more: Any) -> dict[str, Any]:
    phase = of(session, Phase, "alpha-1")
    return {"subject": SubjectKind.PHASE, "subject_id": phase.id, "project_id": phase.project_id, **more}


def obstacle(session: Session, **more: Any) -> Obstacle:
    given = {"kind": DelayCause.LAND_PRICE, "title": "Đơn giá đất", "responsible": "SPC", "raised_on": date(2023, 1, 5), "due_on": date(2023, 3, 1)}  # fmt: skip
    return Obstacle(**on_alpha(session, **{**given, **more}))


def document(session: Session, **more: Any) -> Document:
    given = {"number": "12/GP-ĐTĐL", "kind": DocumentKind.LICENCE, "issuer": "ERAV", "issued_on": date(2021, 5, 1), "valid_until": date(2023, 5, 1)}  # fmt: skip
    return Document(**on_alpha(session, **{**given, **more}))


@pytest.fixture
def calendars(people: People) -> People:
    """Each organisation with something of its own: the investor, the stranger (project beta), and EVN SPC, whose line
    the investor's phase needs."""
    with people.world.database.changing(factories.stamp()) as session:
        factories.project(session, "beta", "other-wind")
        factories.phase(session, "beta-1", "beta")
        owner = of(session, Organisation, "evn-spc").id
        line = GridWork(code="phu-thuan", kind=WorkKind.LINE, name="110 kV Phú Thuận", owner_id=owner)
        add(session, line)
        land = Clearance(code="dinh-trung", name="Định Trung", track=Track.CORRIDOR, work_id=line.id)
        phase = of(session, Phase, "alpha-1")
        needed = Connection(phase_id=phase.id, work_id=line.id, kind=ConnectionKind.POINT_OF_CONNECTION)
        add(session, land, needed)
        add(
            session,
            milestone(session, SubjectKind.PHASE, "alpha-1", "W-E6", date(2023, 6, 30), instance=2),
            milestone(session, SubjectKind.PROJECT, "alpha", "W-A1", date(2023, 2, 7)),
            milestone(session, SubjectKind.PHASE, "beta-1", "W-E6", date(2023, 7, 31)),
            milestone(session, SubjectKind.GRID_WORK, "phu-thuan", "G-01", date(2023, 8, 31)),
            milestone(session, SubjectKind.CLEARANCE, "dinh-trung", "C-01", date(2023, 4, 30)),
            obstacle(session),
            document(session),
        )
    return people


MINE = {
    "milestone-phase-alpha-1-W-E6.2@tracker",
    "milestone-project-alpha-W-A1.1@tracker",
    "obstacle-1@tracker",
    "document-1@tracker",
}
OTHERS = {"milestone-phase-beta-1-W-E6.1@tracker"}
EVN = {"milestone-grid_work-phu-thuan-G-01.1@tracker", "milestone-clearance-dinh-trung-C-01.1@tracker"}


def link(person: Person, **body: Any) -> dict[str, Any]:
    answer = person.post("/calendar-links", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def secret(made: dict[str, Any]) -> str:
    return parse_qs(urlsplit(made["address"]).query)["key"][0]


def follow(people: People, made: dict[str, Any], more: str = "", **headers: str) -> httpx.Response:
    """What a calendar program gets that knows the address and nothing else."""
    path = urlsplit(made["address"])
    return people.anonymous.get(f"{path.path}?{path.query}{more}", **headers)


def events(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
    assert len({event["UID"] for event in found}) == len(found)
    return {str(event["UID"]): event for event in found}


def test_a_link_is_an_address_that_a_calendar_program_can_follow(calendars: People) -> None:
    made = link(calendars.investor, label="Điện thoại", days=30)
    assert made["address"] == f"http://tracker.test/api/v1/calendar.ics?lang=vi&key={secret(made)}"
    assert secret(made).startswith(made["prefix"])
    assert (made["purpose"], made["login"], made["label"]) == ("calendar", "investor", "Điện thoại")
    assert made["expires_at"].startswith("2023-03-09")
    answer = follow(calendars, made)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert set(events(answer)) == MINE
    assert icalendar.Calendar.from_ical(answer.content)["NAME"] == "Tiến độ điện gió · Tổ chức mekong-wind"
    # The same with the key in a header, and to whoever comes with a key of the interface in one.
    assert calendars.anonymous.get("/calendar.ics", X_API_Key=secret(made)).content == answer.content
    assert calendars.investor.get("/calendar.ics").content == answer.content


@pytest.mark.parametrize(
    ("who", "expected"),
    [("investor", MINE), ("stranger", OTHERS), ("evn_spc", EVN), ("department", MINE | OTHERS | EVN)],
)
def test_a_calendar_holds_the_organisations_own(calendars: People, who: str, expected: set[str]) -> None:
    assert set(events(follow(calendars, link(getattr(calendars, who))))) == expected


def test_a_strangers_link_shows_nothing_of_the_investors(calendars: People) -> None:
    assert calendars.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-12-31"}).status_code == 200
    text = follow(calendars, link(calendars.stranger)).text
    assert "beta" in text.lower()
    for word in ("alpha", "mekong", "Đơn giá đất", "12/GP", "phu-thuan"):
        assert word.lower() not in text.lower()


def test_a_work_that_an_investor_owns_is_on_its_calendar(calendars: People) -> None:
    with calendars.world.database.changing(factories.stamp()) as session:
        of(session, GridWork, "phu-thuan").owner_id = of(session, Organisation, "other-wind").id
        journal.number(session, factories.SYSTEM)
    assert set(events(calendars.stranger.get("/calendar.ics"))) == OTHERS | EVN
    assert set(events(calendars.evn_spc.get("/calendar.ics"))) == set()


def test_a_milestone_stands_as_it_is_named_in_the_language_asked_for(calendars: People) -> None:
    made = link(calendars.investor)
    uid = "milestone-phase-alpha-1-W-E6.2@tracker"
    event = events(follow(calendars, made))[uid]
    assert event["SUMMARY"] == "W-E6.2 Lắp dựng xong tua-bin (hoàn thành cơ khí) · ALPHA-1"
    assert event["DESCRIPTION"] == "Giai đoạn alpha-1\nDự báo: 30/06/2023"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2023, 6, 30), date(2023, 7, 1))
    assert event["CATEGORIES"].cats == ["Mốc tiến độ"]
    answer = calendars.anonymous.get(f"/calendar.ics?lang=en&key={secret(made)}")
    assert events(answer)[uid]["SUMMARY"] == (
        "W-E6.2 Turbine erected / mechanical completion (= installed) · ALPHA-1"
    )
    assert events(answer)[uid]["DESCRIPTION"] == "Giai đoạn alpha-1\nForecast: 30 Jun 2023"
    assert icalendar.Calendar.from_ical(answer.content)["NAME"].startswith("Wind-power progress")
    asked = calendars.investor.post("/calendar-links?lang=en", {}).json()["address"]
    assert "?lang=en&key=" in asked


def test_what_else_is_due_says_what_it_is(calendars: People) -> None:
    found = events(follow(calendars, link(calendars.investor)))
    due, ends = found["obstacle-1@tracker"], found["document-1@tracker"]
    assert (due["DTSTART"].dt, due["SUMMARY"]) == (
        date(2023, 3, 1),
        "Hạn xử lý vướng mắc: Đơn giá đất · ALPHA-1",
    )
    assert due["DESCRIPTION"].startswith("Giai đoạn alpha-1\nKhông đồng ý đơn giá\nĐơn vị xử lý: ")
    assert (ends["DTSTART"].dt, ends["SUMMARY"]) == (
        date(2023, 5, 1),
        "Văn bản hết hiệu lực: 12/GP-ĐTĐL · ALPHA-1",
    )
    assert "Có hiệu lực đến hết ngày 01/05/2023" in ends["DESCRIPTION"]


def test_a_cod_goal_brings_its_deadlines(calendars: People) -> None:
    goal = {"planned_cod_on": "2023-12-31", "first_test_on": "2023-12-10"}
    assert calendars.investor.patch("/phases/alpha-1", goal).status_code == 200
    found = events(follow(calendars, link(calendars.investor)))
    added = {uid.removesuffix("@tracker"): e["DTSTART"].dt for uid, e in found.items() if uid not in MINE}
    assert added == {
        "cod-alpha-1": date(2023, 12, 31),
        "first-test-alpha-1": date(2023, 12, 10),
        "deadline-alpha-1-cod_notice": date(2023, 10, 2),
        "deadline-alpha-1-test_programme": date(2023, 11, 10),
        "deadline-alpha-1-test_registration": date(2023, 12, 5),
        "deadline-alpha-1-licence_file": date(2023, 12, 8),
    }
    notice = found["deadline-alpha-1-cod_notice@tracker"]
    assert notice["SUMMARY"] == "Thông báo kế hoạch COD cho EVN · ALPHA-1"
    assert "Mục tiêu COD: 31/12/2023\nHạn tính ngược: 02/10/2023 (90 ngày)" in notice["DESCRIPTION"]
    # An own goal is nobody else's, and a goal that moves takes everything with it under the same names.
    assert set(events(calendars.evn_spc.get("/calendar.ics"))) == EVN
    assert calendars.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-11-30"}).status_code == 200
    moved = events(calendars.investor.get("/calendar.ics"))
    assert set(moved) == set(found)
    assert moved["cod-alpha-1@tracker"]["DTSTART"].dt == date(2023, 11, 30)
    assert moved["cod-alpha-1@tracker"]["SEQUENCE"] > found["cod-alpha-1@tracker"]["SEQUENCE"]


def test_a_day_that_is_off_moves_a_deadline_to_the_working_day_before(calendars: People) -> None:
    # 90 days before it is Sunday 1 October 2023.
    assert calendars.investor.patch("/phases/alpha-1", {"planned_cod_on": "2023-12-30"}).status_code == 200
    notice = events(calendars.investor.get("/calendar.ics"))["deadline-alpha-1-cod_notice@tracker"]
    assert notice["DTSTART"].dt == date(2023, 9, 29)
    assert "01/10/2023" in notice["DESCRIPTION"]


def test_a_moved_milestone_keeps_its_name_and_raises_its_number_and_a_done_one_goes(
    calendars: People,
) -> None:
    made, uid = link(calendars.investor), "milestone-phase-alpha-1-W-E6.2@tracker"
    before = events(follow(calendars, made))

    def change(**values: Any) -> None:
        with calendars.world.database.changing(factories.stamp(date(2023, 2, 9))) as session:
            row = session.execute(select(Milestone).where(Milestone.instance == 2)).scalar_one()  # type: ignore[arg-type]
            for name, value in values.items():
                setattr(row, name, value)
            row.revision = journal.number(session, factories.SYSTEM)

    change(next_on=date(2023, 9, 30), forecast_on=date(2023, 9, 30), forecast_precision=Precision.QUARTER)
    after = events(follow(calendars, made))
    assert set(after) == set(before)
    assert after[uid]["DTSTART"].dt == date(2023, 9, 30)
    assert "Dự báo: 30/09/2023 (trong quý)" in after[uid]["DESCRIPTION"]
    assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
    assert (before[uid]["DTSTAMP"].dt, after[uid]["DTSTAMP"].dt) == (
        factories.at(),
        factories.at(date(2023, 2, 9)),
    )
    # Nothing else was touched.
    unmoved = set(before) - {uid}
    assert [after[u].to_ical() for u in unmoved] == [before[u].to_ical() for u in unmoved]
    change(next_on=None, due_on=None, actual_on=date(2023, 2, 8))
    assert set(events(follow(calendars, made))) == set(before) - {uid}


@pytest.mark.parametrize(
    ("on", "more", "is_shown"),
    [
        (TODAY - timedelta(60), {}, True),
        (TODAY - timedelta(61), {}, False),
        (TODAY + timedelta(400), {}, True),
        (TODAY + timedelta(401), {}, False),
        (TODAY, {"is_applicable": False}, False),
        (None, {}, False),
    ],
)
def test_a_calendar_goes_from_60_days_ago_to_400_days_ahead(
    people: People, on: date | None, more: dict[str, Any], is_shown: bool
) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        add(session, milestone(session, SubjectKind.PHASE, "alpha-1", "W-E6", on, **more))
    assert len(events(people.investor.get("/calendar.ics"))) == is_shown


def test_what_is_over_is_not_on_the_calendar_and_what_is_made_up_says_so(people: People) -> None:
    with people.world.database.changing(factories.stamp()) as session:
        add(
            session,
            obstacle(session, closed_on=TODAY),
            obstacle(session, due_on=None),
            obstacle(session, title="Thiếu vốn", is_illustrative=True, postponements=2),
            document(session, valid_until=TODAY - timedelta(1)),
            document(session, valid_until=None),
            document(session, number="13/GP", valid_until=TODAY),
        )
    found = events(people.investor.get("/calendar.ics"))
    assert [e["SUMMARY"] for e in found.values()] == [
        "Văn bản hết hiệu lực: 13/GP · ALPHA-1",
        "Hạn xử lý vướng mắc: Thiếu vốn · ALPHA-1 (minh họa)",
    ]
    assert "Đã lùi hạn 2 lần" in found["obstacle-3@tracker"]["DESCRIPTION"]


def test_who_has_the_feed_already_is_told_so(calendars: People) -> None:
    made = link(calendars.investor)
    first = follow(calendars, made)
    etag = first.headers["etag"]
    # The second is given from memory, ahead of all routing.
    for _ in range(2):
        again = follow(calendars, made, If_None_Match=etag)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert follow(calendars, made).content == first.content
    # What happens elsewhere leaves its bytes as they are; what happens to one of its milestones does not.
    assert calendars.stranger.patch("/phases/beta-1", {"note": "x"}).status_code == 200
    assert follow(calendars, made, If_None_Match=etag).status_code == 304
    with calendars.world.database.changing(factories.stamp()) as session:
        add(session, milestone(session, SubjectKind.PHASE, "alpha-1", "W-F5", date(2023, 9, 1)))
    changed = follow(calendars, made, If_None_Match=etag)
    assert (changed.status_code, len(events(changed))) == (200, len(MINE) + 1)


def test_two_links_at_one_address_are_never_mixed_up(calendars: People) -> None:
    mine, others = link(calendars.investor), link(calendars.stranger)
    for _ in range(2):
        assert set(events(follow(calendars, mine))) == MINE
        assert set(events(follow(calendars, others))) == OTHERS
        assert problem(calendars.anonymous.get("/calendar.ics")) == (401, "key_missing")


def test_a_revoked_link_is_useless_at_once_in_every_process(calendars: People) -> None:
    made, other = link(calendars.investor), link(calendars.investor)
    with serve(calendars.world) as second:
        for service in (calendars, second):
            assert follow(service, made).status_code == 200
        answer = calendars.investor.post(f"/calendar-links/{made['prefix']}/revocation", {})
        assert (answer.status_code, answer.json()["revoked_at"] is not None) == (200, True)
        for service in (calendars, second):
            assert problem(follow(service, made)) == (401, "key_not_good")
            assert follow(service, other).status_code == 200


def test_a_link_ends_on_its_day(calendars: People) -> None:
    made = link(calendars.investor, days=2)
    assert follow(calendars, made).status_code == 200
    calendars.app.state.tracker.clock._ahead += timedelta(days=2, minutes=1)
    assert problem(follow(calendars, made)) == (401, "key_not_good")
    assert link(calendars.investor)["expires_at"].startswith("2024-02-09")
    assert link(calendars.investor, days=1_100)["expires_at"].startswith("2026-02-13")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"days": 0}, "out_of_range"),
        ({"days": 1_101}, "out_of_range"),
        ({"days": "một"}, "not_a_whole_number"),
        ({"organisation": "doit"}, "field_unknown"),
        ({"label": "x" * 121}, "text_length"),
    ],
)
def test_a_link_that_does_not_fit_is_refused(people: People, body: dict[str, Any], code: str) -> None:
    assert problem(people.investor.post("/calendar-links", body)) == (422, code)
    assert people.investor.get("/calendar-links").json() == {"items": []}


@pytest.mark.parametrize("wrong", ["", "trk_nothing", "%00", "ỗ"])
def test_a_wrong_key_in_the_address_is_refused_and_not_said_again(people: People, wrong: str) -> None:
    answer = people.anonymous.get(f"/calendar.ics?key={wrong}")
    assert problem(answer) == (401, "key_not_good")
    assert not wrong or wrong not in answer.text


def test_a_link_opens_the_calendar_and_nothing_else(calendars: People) -> None:
    made, nobody = link(calendars.department), calendars.anonymous
    held, asked = {"X_API_Key": secret(made)}, 0
    for template, methods in calendars.app.openapi()["paths"].items():
        if template in ("/livez", "/readyz", "/api/v1/calendar.ics"):
            continue
        path = template.replace("{code}", "alpha").replace("{prefix}", made["prefix"]).translate(BRACES)
        for method in methods:
            call = (method.upper(), path, None if method == "get" else {})
            assert problem(nobody.ask(*call, **held)) == (403, "key_purpose"), call
            # In the address of anything else it is no key at all.
            answer = nobody.ask(call[0], f"{path}?key={secret(made)}", call[2])
            kept_out = nobody.ask(*call).status_code == 401
            # OGC API - Features has its own status for a parameter that nobody knows.
            unknown = 400 if path.startswith("/api/v1/features") else 422
            expected = (401, "key_missing") if kept_out else (unknown, "parameter_unknown")
            assert problem(answer) == expected, call
            assert secret(made) not in answer.text
            asked += 1
    assert asked > 40
    page = nobody.run(nobody.client.get("/", headers={"X-API-Key": secret(made), "Accept": "text/html"}))
    assert page.status_code == 403
    # Even what everybody reads without a key is not read with this one, also once it is kept for others.
    assert nobody.get("/projects/alpha").status_code == 200
    assert problem(nobody.get("/projects/alpha", **held)) == (403, "key_purpose")
    assert follow(calendars, made).status_code == 200


def test_a_key_of_the_interface_has_no_place_in_an_address(calendars: People) -> None:
    answer = calendars.anonymous.get(f"/calendar.ics?key={calendars.investor.key}")
    assert problem(answer) == (403, "key_purpose")
    assert str(calendars.investor.key) not in answer.text
    # A key in a header comes first, whatever stands in the address.
    made = link(calendars.stranger)
    assert set(events(calendars.investor.get(f"/calendar.ics?key={secret(made)}"))) == MINE


def test_the_secret_is_told_once(calendars: People, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[dict[str, Any]] = []

    class Line:
        def info(self, _event: str, **fields: Any) -> None:
            lines.append(fields)

    monkeypatch.setattr(logs, "access", Line())
    first = calendars.investor.post("/calendar-links", {}, Idempotency_Key="phone")
    again = calendars.investor.post("/calendar-links", {}, Idempotency_Key="phone")
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json() | {"address": None}
    made = first.json()
    assert follow(calendars, made).status_code == 200
    assert follow(calendars, made).status_code == 200
    assert follow(calendars, made, "&more=1").json()["code"] == "parameter_unknown"
    assert calendars.anonymous.get(f"/calendar.ics?lang=fr&key={secret(made)}").status_code == 422
    said = [
        calendars.investor.get("/calendar-links").text,
        calendars.department.get("/keys").text,
        calendars.department.get("/journal").text,
        calendars.investor.post(f"/calendar-links/{made['prefix']}/revocation", {}).text,
        follow(calendars, made).text,
        repr(lines),
    ]
    assert not [text for text in said if secret(made) in text]
    assert {"/api/v1/calendar.ics"} < {line["path"] for line in lines}
    with calendars.world.database.reading() as session:
        assert secret(made) not in everything(session)


def test_links_are_listed_to_their_own_organisation_and_among_the_keys(calendars: People) -> None:
    made, others = link(calendars.investor, label="a"), link(calendars.stranger)
    del made["address"], others["address"]
    assert calendars.investor.get("/calendar-links").json() == {"items": [made]}
    assert calendars.stranger.get("/calendar-links").json() == {"items": [others]}
    assert calendars.evn_spc.get("/calendar-links").json() == {"items": []}
    keys = calendars.department.get("/keys").json()["items"]
    assert keys[:2] == [others, made]
    assert [key["purpose"] for key in keys] == ["calendar"] * 2 + ["api"] * 4


def test_a_link_is_revoked_by_its_organisation_or_by_who_manages_people(calendars: People) -> None:
    mine, more = link(calendars.investor), link(calendars.investor)
    for person in (calendars.stranger, calendars.evn_spc):
        answer = person.post(f"/calendar-links/{mine['prefix']}/revocation", {})
        assert problem(answer) == (404, "not_found")
    assert follow(calendars, mine).status_code == 200
    revoked = calendars.department.post(f"/calendar-links/{mine['prefix']}/revocation", {})
    assert revoked.status_code == 200
    assert problem(follow(calendars, mine)) == (401, "key_not_good")
    assert calendars.department.post(f"/keys/{more['prefix']}/revocation", {}).status_code == 200
    assert problem(follow(calendars, more)) == (401, "key_not_good")
    # A key of the interface is no link, not even to its own user or to the department.
    prefix = str(calendars.investor.key)[:12]
    for person in (calendars.investor, calendars.department):
        answer = person.post(f"/calendar-links/{prefix}/revocation", {})
        assert problem(answer) == (404, "not_found")
    assert calendars.investor.get("/me").status_code == 200
    # Once more changes nothing.
    head = calendars.department.get("/journal?limit=1").json()["items"][0]["number"]
    again = calendars.investor.post(f"/calendar-links/{mine['prefix']}/revocation", {})
    assert again.json()["revoked_at"] == revoked.json()["revoked_at"]
    assert calendars.department.get("/journal?limit=1").json()["items"][0]["number"] == head
