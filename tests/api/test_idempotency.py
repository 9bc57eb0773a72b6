"""A POST that comes again with its Idempotency-Key is answered again and not made again."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from app import worker
from tests import factories
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
    tried = {p for p in posts for _, path, _ in calls if _fits(p, f"/api/v1{path}")}
    assert {p for p in posts if p.startswith("/api/v1")} - elsewhere == tried


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
