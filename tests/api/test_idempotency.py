"""A POST that comes again with its Idempotency-Key is answered again and not made again."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from app import worker
from app.db import Database
from app.domain.vocabulary import UploadState
from app.tables.workbooks import WorkbookUpload
from tests import exchanges, factories, workbooks
from tests.conftest import People, Person, serve

DECLARE = "/phases/alpha-1/tranches"
KEPT = ("content-type", "etag", "location")


def head(people: People) -> int:
    number: int = people.department.get("/journal?limit=1").json()["items"][0]["number"]
    return number


def same(first: httpx.Response, again: httpx.Response) -> bool:
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    headers = [{name: answer.headers.get(name) for name in KEPT} for answer in (first, again)]
    return (first.status_code, first.content, headers[0]) == (again.status_code, again.content, headers[1])


def test_the_same_answer_is_given_again_and_the_change_is_made_once(people: People) -> None:
    first = people.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1")
    assert first.status_code == 201
    revision = head(people)
    # Whatever happens meanwhile, the answer is the one that was given then.
    assert people.investor.patch("/phases/alpha-1", {"note": "later"}).status_code == 200
    assert same(first, people.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1"))
    assert head(people) == revision + 1
    assert people.investor.get("/capacity").json()["declared_mw"] == 4.2


def test_every_kind_of_post_can_be_repeated(people: People) -> None:
    department, investor, evn_spc = people.department, people.investor, people.evn_spc
    letter = {
        "letter_number": "9/EVN",
        "letter_on": "2022-06-01",
        "reason": "Theo văn bản",
        "effective_on": "2022-06-01",
    }
    decision = {"letter_number": "5/QĐ", "letter_on": "2023-01-20", "letter_issuer": "Sở Công Thương"}
    assert investor.post("/phases/alpha-1/milestones", {}).status_code == 201
    done = {"actual_on": "2023-01-20", **decision}
    assert investor.patch("/phases/alpha-1/milestones/W-C5", done).status_code == 200
    assert evn_spc.post("/grid-works", {"code": "wire", "kind": "line", "name": "Dây"}).status_code == 201
    assert evn_spc.put("/grid-works/wire/towers/1", {"position": 1}).status_code == 200
    promise = {"work": "wire", "stage": "site", "units": ["1"], "responsible": "UBH", "due_on": "2023-02-20"}
    hook = investor.post("/webhooks", {"url": "https://example.com/hook"}).json()["code"]
    with people.world.database.changing(factories.stamp()) as session:
        exchanges.keep(session, people.world)
    calls: list[tuple[Person, str, Any]] = [
        (department, "/organisations", {"code": "new-wind", "kind": "investor", "name": "Gió"}),
        (department, "/projects", {"code": "gamma", "name": "Gamma"}),
        (department, "/phases", {"code": "gamma-1", "project": "gamma", "name": "Gamma 1"}),
        (department, "/phases/gamma-1/turbines", {"number": "T1", "nameplate_mw": 4.2}),
        (department, "/targets", {"code": "t", "name": "T", "capacity_mw": 1, "due_on": "2025-12-31"}),
        (department, "/phases/gamma-1/entries", {"measure": "planned", "capacity_mw": 9, "effective_on": "2022-01-01"}),
        (department, "/phases/gamma-1/entries/1/correction", {"capacity_mw": 8, "reason": "Nhập nhầm"}),
        (investor, DECLARE, factories.declaration()),
        (evn_spc, "/tranches/alpha.1/dispute", {"reason": "Chưa đủ hồ sơ"}),
        (evn_spc, "/tranches/alpha.1/confirmation", factories.letter(condition="Bổ sung nghiệm thu")),
        (evn_spc, "/tranches/alpha.1/suspension", letter | {"capacity_mw": 2}),
        (evn_spc, "/tranches/alpha.1/reinstatement", letter | {"capacity_mw": 1}),
        (evn_spc, "/tranches/alpha.1/cancellation", letter | {"capacity_mw": 1}),
        (evn_spc, "/tranches/alpha.1/condition-met", letter),
        (evn_spc, "/tranches/alpha.1/correction", letter | {"capacity_mw": 5}),
        (investor, "/projects/alpha/tranches", factories.declaration(1)),
        (investor, "/tranches/alpha.2/withdrawal", {"reason": "Nhập nhầm"}),
        (investor, "/documents", {"subject": "phase", "subject_code": "alpha-1", "number": "1/GP", "kind": "licence", "issuer": "EVN", "issued_on": "2022-01-01"}),
        (evn_spc, "/grid-works", {"code": "line", "kind": "line", "name": "Đường dây"}),
        (evn_spc, "/clearances", {"code": "land", "name": "Mặt bằng", "track": "recovered_land", "work": "line"}),
        (evn_spc, "/grid-works/line/totals", {"kind": "tower", "total": 88, "effective_on": "2023-01-20", "reason": "Theo thiết kế"}),
        (evn_spc, "/grid-works/line/reported-counts", {"stage": "site", "done": 3, "total": 88, "reported_on": "2023-01-20"}),
        (evn_spc, "/grid-works/line/milestones", {}),
        (evn_spc, "/grid-works/line/milestones/G-10/instances", {"label": "Gói 2"}),
        (department, "/phases/alpha-1/milestones/W-C5/baseline", {"baseline_on": "2023-05-31", **decision}),
        (department, "/phases/alpha-1/milestones/W-C5/dispute", {"note": "Chưa có biên bản"}),
        (department, "/phases/alpha-1/milestones/W-C5/confirmation", {}),
        (investor, "/obstacles", {"kind": "crops", "title": "Cây trồng", "subject": "phase", "subject_code": "alpha-1", "responsible": "UBH", "due_on": "2023-02-20"}),
        (investor, "/obstacles/1/postponement", {"due_on": "2023-03-20", "reason": "Tết"}),
        (investor, "/obstacles/1/reassignment", {"responsible": "HDBT"}),
        (investor, "/obstacles/1/closing", {"outcome": "Đã bàn giao"}),
        (investor, "/obstacles/1/reopening", {"reason": "Hộ dân đổi ý"}),
        (evn_spc, "/progress-reports", {"nothing_changed": True}),
        (evn_spc, "/commitments", promise),
        (evn_spc, "/commitments/1/postponement", {"due_on": "2023-03-20", "reason": "Tết"}),
        (evn_spc, "/commitments/1/withdrawal", {"reason": "Đổi tuyến"}),
        (evn_spc, "/evacuation-groups", {"code": "node", "name": "Các trạm hiện hữu"}),
        (evn_spc, "/evacuation-groups/node/limits", {"capacity_mw": 149, "condition": "existing", "valid_from": "2021-05-21", **decision}),
        (evn_spc, "/evacuation-limits/1/withdrawal", {"reason": "Nhập nhầm nút"}),
        (investor, f"/webhooks/{hook}/test", {}),
        (investor, f"/webhooks/{hook}/replay", {"dead": True}),
        (evn_spc, "/exchanges/evn-spc/quarantine/1/dismissal", {"reason": "Vị trí thử nghiệm"}),
    ]  # fmt: skip
    posts = {p for p, m in people.app.openapi()["paths"].items() if "post" in m}
    for number, (person, path, body) in enumerate(calls):
        first = person.post(path, body, Idempotency_Key=f"k-{number}")
        assert first.status_code in (200, 201), (path, first.text)
        revision = head(people)
        assert same(first, person.post(path, body, Idempotency_Key=f"k-{number}")), path
        assert head(people) == revision, path
    # Keys, whose answer tells a secret, and the register's own import are tested with their subjects.
    elsewhere = {"/api/v1/keys", "/api/v1/keys/{prefix}/revocation", "/api/v1/imports/register"}
    elsewhere |= {"/api/v1/users", "/api/v1/users/{login}/password"}
    elsewhere |= {"/api/v1/calendar-links", "/api/v1/calendar-links/{prefix}/revocation"}
    # The same of the secrets of endpoints; and what needs a delivery, a connector or a file is tested below.
    elsewhere |= {"/api/v1/webhooks", "/api/v1/webhooks/{code}/secret"}
    elsewhere |= {"/api/v1/webhooks/{code}/deliveries/{message}/replay"}
    elsewhere |= {"/api/v1/exchanges/evn-spc/quarantine/{record_id}/retry"}
    elsewhere |= {
        f"/api/v1/workbooks/uploads{of}" for of in ("", "/{upload_id}/check", "/{upload_id}/commit")
    }
    tried = {p for p in posts for _, path, _ in calls if _fits(p, f"/api/v1{path}")}
    assert {p for p in posts if p.startswith("/api/v1")} - elsewhere == tried


def test_a_delivery_is_sent_again_once(people: People) -> None:
    hook = people.investor.post("/webhooks", {"url": "https://example.com/hook"}).json()["code"]
    message = people.investor.post(f"/webhooks/{hook}/test", {}).json()["id"]
    path = f"/webhooks/{hook}/deliveries/{message}/replay"
    first = people.investor.post(path, {}, Idempotency_Key="r-1")
    assert first.status_code == 200
    assert same(first, people.investor.post(path, {}, Idempotency_Key="r-1"))


def test_a_record_that_waits_is_tried_again_once(sqlite_database: Database, sqlite_url: str) -> None:
    world = factories.world(sqlite_database)
    world.url = sqlite_url
    with world.database.changing(factories.stamp()) as session:
        exchanges.keep(session, world)
    path = "/exchanges/evn-spc/quarantine/1/retry"
    with serve(world, evn_spc_url="http://127.0.0.1:1", evn_spc_login=exchanges.LOGIN) as people:
        first = people.evn_spc.post(path, {}, Idempotency_Key="q-1")
        assert first.status_code == 200, first.text
        assert same(first, people.evn_spc.post(path, {}, Idempotency_Key="q-1"))
        assert (
            people.evn_spc.post(path, {}, Idempotency_Key="q-2").json()["tries"] == first.json()["tries"] + 1
        )


def test_a_workbook_is_taken_checked_and_saved_once_however_often_it_is_sent(people: People) -> None:
    investor, replayed = people.investor, "idempotency-replayed"
    with people.world.database.changing(factories.stamp(hour=1)) as session:
        factories.turbines(session, count=3)
    book = workbooks.download(investor).set("projects", "alpha", note="Đã họp").content()
    first = workbooks.send(investor, book, Idempotency_Key="w-1")
    again = workbooks.send(investor, book, Idempotency_Key="w-1")
    assert (replayed in first.headers, again.headers[replayed]) == (False, "true")
    assert first.json()["id"] == again.json()["id"]
    assert first.headers["location"] == again.headers["location"]
    assert len(investor.get("/workbooks/uploads").json()["items"]) == 1
    other = workbooks.send(investor, book + b" ", Idempotency_Key="w-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    path, revision = first.headers["location"], head(people)
    for step, body in (("check", {}), ("commit", {"conflicts": None})):
        answers = [investor.post(f"{path}/{step}", body, Idempotency_Key=f"w-{step}") for _ in range(2)]
        assert [a.status_code for a in answers] == [200, 200], answers[1].text
        assert [replayed in a.headers for a in answers] == [False, True], step
        assert answers[0].json() == answers[1].json()
    assert head(people) == revision + 1
    reused = investor.post(f"{path}/commit", {"conflicts": "mine"}, Idempotency_Key="w-commit")
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    # Nobody else's key is this one.
    assert investor.post(f"{path}/commit", {}, Idempotency_Key="another").status_code == 409


def test_a_workbook_whose_process_ended_before_its_check_is_checked_when_it_is_sent_again(
    people: People,
) -> None:
    investor = people.investor
    book = workbooks.download(investor).set("projects", "alpha", note="Đã họp").content()
    first = workbooks.send(investor, book, Idempotency_Key="w-1").json()
    with people.world.database.changing(factories.stamp()) as session:
        row = session.get_one(WorkbookUpload, first["id"])
        row.state, row.findings, row.summary = UploadState.WAITING, None, None
    again = workbooks.send(investor, book, Idempotency_Key="w-1").json()
    assert (again["id"], again["state"], again["summary"]["changed_rows"]) == (first["id"], "checked", 1)


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        w == g or w.startswith("{") for w, g in zip(wanted, given, strict=True)
    )


def test_two_people_may_use_the_same_key(people: People) -> None:
    body = {"measure": "planned", "capacity_mw": 9, "effective_on": "2022-01-01"}
    answers = [
        p.post("/phases/alpha-1/entries", body, Idempotency_Key="1")
        for p in (people.investor, people.evn_spc)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_refused_request_may_be_mended_under_its_key(people: People) -> None:
    wrong = factories.declaration(effective_on="2023-02-08")
    for _ in range(2):
        answer = people.investor.post(DECLARE, wrong, Idempotency_Key="d-1")
        assert (answer.status_code, answer.json()["code"]) == (422, "date_in_future")
    first = people.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1")
    assert first.status_code == 201
    assert same(first, people.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1"))


def test_a_repeated_answer_comes_before_the_version_is_compared(people: People) -> None:
    read = people.investor.get("/phases/alpha-1").headers["etag"]
    body = {"number": "T1", "nameplate_mw": 4.2}
    first = people.investor.post("/phases/alpha-1/turbines", body, If_Match=read, Idempotency_Key="t-1")
    assert first.status_code == 201
    again = people.investor.post("/phases/alpha-1/turbines", body, If_Match=read, Idempotency_Key="t-1")
    assert same(first, again)


def test_without_a_key_or_with_another_one_it_is_a_new_change(people: People) -> None:
    for headers in ({}, {}, {"Idempotency_Key": "a"}, {"Idempotency_Key": "b"}):
        assert people.investor.post(DECLARE, factories.declaration(1), **headers).status_code == 201
    assert people.investor.get("/capacity").json()["declared_mw"] == 4


def test_duplicates_that_arrive_together_make_one_change(people: People) -> None:
    revision = head(people)
    headers = {"Authorization": f"Bearer {people.investor.key}", "Idempotency-Key": "together"}

    async def all_at_once() -> list[httpx.Response]:
        send = people.investor.client.post
        calls = [send(f"/api/v1{DECLARE}", json=factories.declaration(), headers=headers) for _ in range(12)]
        return list(await asyncio.gather(*calls))

    answers: Any = people.investor.run(all_at_once())  # type: ignore[arg-type]
    assert {a.status_code for a in answers} == {201}
    assert len({a.content for a in answers}) == 1
    assert sum("idempotency-replayed" in a.headers for a in answers) == 11
    assert head(people) == revision + 1


def test_an_answer_survives_a_new_process(people: People) -> None:
    first = people.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1")
    with serve(people.world) as second:
        assert same(first, second.investor.post(DECLARE, factories.declaration(), Idempotency_Key="d-1"))
    assert people.investor.get("/capacity").json()["declared_mw"] == 4.2


def test_an_answer_is_forgotten_after_the_hours_that_are_set_and_not_before(people: People) -> None:
    tracker = people.app.state.tracker
    first = people.investor.post(DECLARE, factories.declaration(1), Idempotency_Key="d-1")
    tracker.clock._ahead += timedelta(hours=tracker.settings.idempotency_hours, minutes=-1)
    people.investor.run(worker.forget(tracker))
    assert same(first, people.investor.post(DECLARE, factories.declaration(1), Idempotency_Key="d-1"))
    tracker.clock._ahead += timedelta(minutes=2)
    people.investor.run(worker.forget(tracker))
    assert people.investor.post(DECLARE, factories.declaration(1), Idempotency_Key="d-1").status_code == 201
    assert people.investor.get("/capacity").json()["declared_mw"] == 2
