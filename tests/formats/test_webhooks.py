"""Messages are what the public library of Standard Webhooks verifies."""

import json

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.deps.tracker import Clock
from app.formats import webhooks
from tests.factories import at

OLD, NEW, OTHER = (webhooks.secret(bytes([n]) * 32) for n in range(3))


def test_a_message_is_verified_with_each_secret_it_was_signed_with_and_no_other() -> None:
    body = webhooks.body("cod.confirmed", at(), {"code": "alpha.1", "name": "Nhà máy Bình Đại"})
    headers = webhooks.headers("msg_wh-1_2_0", Clock().real(), body, (NEW, OLD))
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(body, headers) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body, webhooks.headers("msg_wh-1_2_0", Clock().real(), body, (NEW,)))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_a_message_whose_id_or_time_was_changed_is_refused(name: str) -> None:
    body = webhooks.body("cod.confirmed", at(), {})
    headers = webhooks.headers("msg_wh-1_2_0", Clock().real(), body, (NEW,))
    headers[name] = "msg_other" if name == "webhook-id" else str(int(headers[name]) + 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body, headers)


def test_a_body_says_what_happened_and_when() -> None:
    assert json.loads(webhooks.body("cod.confirmed", at(), {"code": "alpha.1"})) == {
        "type": "cod.confirmed",
        "timestamp": "2023-02-07T03:00:00Z",
        "data": {"code": "alpha.1"},
    }
