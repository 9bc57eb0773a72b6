"""Endpoints over the wire: whose they are, what is refused at which field, and that a secret is told once."""

from typing import Any

import pytest

from tests import factories
from tests.conftest import People, Person
from tests.receivers import receiver
from tests.worker.couriers import endpoint, worker

HOOK = {"url": "https://example.com/hook", "events": ["cod.*", "milestone.moved"], "description": "Bàn trực"}


def made(person: Person, **more: Any) -> Any:
    answer = person.post("/webhooks", HOOK | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_endpoint_is_made_read_changed_and_removed(people: People) -> None:
    answer = people.investor.post("/webhooks", HOOK)
    one = answer.json()
    assert answer.headers["location"] == f"/api/v1/webhooks/{one['code']}"
    secret = one.pop("secret")
    assert secret.startswith("whsec_")
    assert len(secret) > 40
    assert (one["organisation"], one["is_active"], one["events"]) == ("mekong-wind", True, HOOK["events"])
    path = f"/webhooks/{one['code']}"
    read = people.investor.get(path)
    assert read.json() == one
    assert people.investor.get("/webhooks").json() == {"items": [one], "next": None}
    tag = read.headers["etag"]
    off = people.investor.patch(path, {"is_active": False}, If_Match=tag)
    assert (off.json()["is_active"], off.json()["switched_off"]) == (False, "by_hand")
    assert people.investor.patch(path, {"is_active": True}, If_Match=tag).status_code == 412
    on = people.investor.patch(path, {"is_active": True, "events": []}).json()
    assert (on["switched_off"], on["switched_off_in"], on["events"]) == (None, None, [])
    assert people.investor.delete(path, If_Match=tag).status_code == 412
    assert people.investor.delete(path).status_code == 204
    assert people.investor.get(path).status_code == 404


def test_a_secret_is_told_once_and_never_again(people: People) -> None:
    first = people.investor.post("/webhooks", HOOK, Idempotency_Key="once")
    again = people.investor.post("/webhooks", HOOK, Idempotency_Key="once")
    assert first.json()["secret"] is not None
    assert again.json() == first.json() | {"secret": None}
    path = f"/webhooks/{first.json()['code']}"
    renewed = people.investor.post(f"{path}/secret", {}).json()
    assert renewed["previous_secret_until"] is not None
    secrets = {first.json()["secret"], renewed["secret"]}
    assert len(secrets) == 2
    for answer in (
        people.investor.get(path),
        people.investor.get("/webhooks"),
        people.department.get("/journal"),
    ):
        assert not any(secret in answer.text for secret in secrets)
        assert "example.com/hook" not in people.department.get("/journal").text


def test_an_endpoint_of_others_is_not_there_and_who_manages_people_sees_all(people: People) -> None:
    code = made(people.investor)["code"]
    asked: list[tuple[str, str, Any]] = [
        ("GET", "", None),
        ("PATCH", "", {"is_active": False}),
        ("DELETE", "", None),
        ("POST", "/secret", {}),
        ("POST", "/test", {}),
        ("POST", "/replay", {"dead": True}),
        ("GET", "/deliveries", None),
        ("POST", "/deliveries/msg_1/replay", {}),
    ]
    for stranger in (people.stranger, people.evn_spc):
        assert {
            stranger.ask(m, f"/webhooks/{code}{below}", body).status_code for m, below, body in asked
        } == {404}
        assert stranger.get("/webhooks").json()["items"] == []
    department = people.department
    assert department.get(f"/webhooks/{code}").json()["organisation"] == "mekong-wind"
    assert [one["code"] for one in department.get("/webhooks").json()["items"]] == [code]
    assert department.post(f"/webhooks/{code}/secret", {}).status_code == 403
    for elsewhere in ({"url": "https://example.net/else"}, {"events": ["target.*"]}):
        assert department.patch(f"/webhooks/{code}", elsewhere).status_code == 403
    assert department.patch(f"/webhooks/{code}", {"is_active": False}).status_code == 200
    assert people.anonymous.get("/webhooks").status_code == 401


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://example.com/", "url_not_https"),
        ("https://127.0.0.1/", "url_private"),
        ("https://localhost/hook", "url_private"),
        ("https://[::1]/", "url_private"),
        ("https://[::ffff:127.0.0.1]/", "url_private"),
        ("https://10.0.0.7/", "url_private"),
        ("http://2130706433/", "url_private"),
        ("https://user:pass@example.com/", "url_form"),
        ("example.com", "url_form"),
        ("file:///etc/passwd", "url_form"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused_at_its_field(
    people: People, address: str, code: str
) -> None:
    refused = people.investor.post("/webhooks", {"url": address})
    assert refused.status_code == 422
    (field,) = refused.json()["errors"]
    assert (field["field"], field["code"]) == ("url", code)
    assert "pass" not in refused.text
    one = made(people.investor)["code"]
    assert people.investor.patch(f"/webhooks/{one}", {"url": address}).status_code == 422


def test_events_that_are_none_and_fields_that_are_unknown_are_refused(people: People) -> None:
    for body, field in (
        (HOOK | {"events": ["cod.lost"]}, "events"),
        (HOOK | {"events": ["*"]}, "events"),
        (HOOK | {"secret": "whsec_mine"}, "secret"),
        ({"events": []}, "url"),
    ):
        refused = people.investor.post("/webhooks", body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_an_organisation_has_twenty_endpoints_at_most(people: People) -> None:
    for _ in range(20):
        made(people.investor)
    assert people.investor.post("/webhooks", HOOK).status_code == 409
    assert people.evn_spc.post("/webhooks", HOOK).status_code == 201


def test_the_log_tells_what_waits_and_pages_through_it(people: People) -> None:
    code = made(people.department, events=["phase.*"])["code"]
    for number in range(3):
        people.department.patch("/phases/alpha-1", {"turbine_count": number + 1})
    path = f"/webhooks/{code}/deliveries"
    page = people.department.get(f"{path}?limit=2")
    body = page.json()
    assert body["health"] == {
        "waiting": 3,
        "dead": 0,
        "failing_since": None,
        "delivered_at": None,
        "rests_until": None,
    }
    assert "etag" not in page.headers
    rest = people.department.get(f"{path}?limit=2&cursor={body['next']}").json()
    shown = body["items"] + rest["items"]
    assert [(one["kind"], one["code"], one["state"]) for one in shown] == [
        ("phase.changed", "alpha-1", "waiting")
    ] * 3
    assert [one["revision"] for one in shown] == sorted((one["revision"] for one in shown), reverse=True)
    assert shown[-1]["id"] == f"msg_{code}_{shown[-1]['revision']}_0"
    # One at a time of a subject has a day to be sent on.
    assert [one["due_at"] is not None for one in shown] == [False, False, True]
    assert people.department.get(f"{path}?state=dead").json()["items"] == []
    assert people.department.get(f"{path}?state=lost").status_code == 422
    assert people.department.get(f"{path}?cursor=x").status_code == 422


def test_a_test_and_a_replay_wait_to_be_sent_and_make_no_revision(people: People) -> None:
    code = made(people.investor)["code"]
    head = people.department.get("/journal").json()["items"][0]["number"]
    ping = people.investor.post(f"/webhooks/{code}/test", {})
    assert (ping.status_code, ping.json()["kind"], ping.json()["revision"]) == (201, "webhook.ping", None)
    again = people.investor.post(f"/webhooks/{code}/deliveries/{ping.json()['id']}/replay", {})
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert people.investor.post(f"/webhooks/{code}/deliveries/msg_none/replay", {}).status_code == 404
    assert people.investor.post(f"/webhooks/{code}/replay", {"dead": True}).json() == {"queued": 0}
    for body in ({}, {"dead": False}, {"dead": True, "from_revision": 1}, {"from_revision": 0}):
        assert people.investor.post(f"/webhooks/{code}/replay", body).status_code == 422, body
    assert people.department.get("/journal").json()["items"][0]["number"] == head
    people.investor.patch(f"/webhooks/{code}", {"is_active": False})
    for below in ("test", "replay"):
        refused = people.investor.post(
            f"/webhooks/{code}/{below}", {"dead": True} if below == "replay" else {}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "endpoint_off")


def test_a_message_says_what_the_change_feed_says(people: People) -> None:
    with receiver() as there, worker(people.world.url) as courier:
        endpoint(people.world, there.url, people.world.investor)
        done = [
            people.investor.patch("/phases/alpha-1", {"turbine_count": 7}),
            people.investor.post("/phases/alpha-1/tranches", factories.declaration(4.2)),
            people.department.post("/projects", {"code": "beta", "name": "Dự án beta"}),
        ]
        assert [answer.status_code for answer in done] == [200, 201, 201]
        courier.clock.move(hours=1)
        courier.settle()
        # Subjects may overtake each other.
        told = sorted((each.said for each in there.came), key=lambda said: said["data"]["revision"])
    feed = people.investor.get("/changes").json()["items"]
    since = [one for one in feed if one["revision"] >= 2]
    assert [said["data"] for said in told] == since
    assert [said["type"] for said in told] == [one["kind"] for one in since]
