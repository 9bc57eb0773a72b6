"""Which addresses are taken, what an endpoint wants, and what follows from an attempt."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.vocabulary import AttemptFailure, DeliveryState, Fact, SwitchedOff
from app.domain.webhook_problems import WebhookProblem
from app.domain.webhooks import (
    FAILURES_BEFORE_OFF,
    Attempt,
    Next,
    Patience,
    Policy,
    following,
    message,
    refused,
    rest,
    retry_after_s,
    switched_off,
    unknown_events,
    wants,
)

NOW = datetime(2023, 2, 7, 3, tzinfo=UTC)
PATIENCE = Patience()
FORM, PRIVATE, PLAIN = WebhookProblem.URL_FORM, WebhookProblem.URL_PRIVATE, WebhookProblem.URL_NOT_HTTPS


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://example.com/hook", None),
        ("https://example.com:8443/hook?a=b", None),
        ("https://xn--mng-cma.vn/", None),
        ("https://8.8.8.8/", None),
        ("http://example.com/hook", PLAIN),
        ("example.com/hook", FORM),
        ("ftp://example.com/", FORM),
        ("https://", FORM),
        ("https://example.com:99999/", FORM),
        ("https://user:pass@example.com/", FORM),
        ("https://user@127.0.0.1/", FORM),
        ("https://example.com/#part", FORM),
        ("https://example.com/a b", FORM),
        ("https://example.com\\@127.0.0.1/", FORM),
        ("https://mạng.vn/", FORM),
        ("https://exa$mple.com/", FORM),
        ("https://[::1/", FORM),
        ("https://127.0.0.1/", PRIVATE),
        ("http://127.0.0.1/", PRIVATE),
        ("https://localhost/", PRIVATE),
        ("https://LOCALHOST./", PRIVATE),
        ("https://a.localhost/", PRIVATE),
        ("https://printer.local/", PRIVATE),
        ("https://metadata.google.internal/", PRIVATE),
        ("https://intranet/", PRIVATE),
        ("https://[::1]/", PRIVATE),
        ("https://[::ffff:127.0.0.1]/", PRIVATE),
        ("https://[fd00::1]/", PRIVATE),
        ("https://10.1.2.3/", PRIVATE),
        ("https://169.254.169.254/latest", PRIVATE),
        ("http://2130706433/", PRIVATE),
        ("https://0x7f.1/", PRIVATE),
        ("https://0177.0.0.1/", PRIVATE),
    ],
)
def test_an_address_is_refused_where_it_can_be_told_from_it(url: str, problem: WebhookProblem | None) -> None:
    assert refused(url, Policy()) == problem


def test_settings_take_http_and_addresses_inside_and_nothing_else() -> None:
    assert refused("http://127.0.0.1:8080/", Policy(allows_http=True, allows_private=True)) is None
    assert refused("http://127.0.0.1:8080/", Policy(allows_private=True)) == PLAIN
    assert refused("http://localhost/", Policy(allows_http=True)) == PRIVATE
    assert refused("http://u:p@localhost/", Policy(allows_http=True, allows_private=True)) == FORM


@pytest.mark.parametrize(
    ("events", "kind", "wanted"),
    [
        ((), "cod.confirmed", True),
        (("cod.*",), "cod.confirmed", True),
        (("cod.*",), "capacity.recorded", False),
        (("cod.confirmed",), "cod.confirmed", True),
        (("cod.confirmed",), "cod.confirmed_conditionally", False),
        (("unit.*",), "unit_total.stated", False),
    ],
)
def test_an_endpoint_wants_what_its_filter_names(events: tuple[str, ...], kind: str, wanted: bool) -> None:
    assert wants(events, kind) is wanted


def test_a_filter_names_facts_that_there_are() -> None:
    assert unknown_events([*(kind.value for kind in Fact), "cod.*", "milestone.*"]) == []
    assert unknown_events(["cod.*", "cod", "*", "cod.lost", "codd.*"]) == ["*", "cod", "cod.lost", "codd.*"]


def test_a_message_has_one_id_for_each_fact_and_endpoint() -> None:
    assert message("wh-1", 12, 0) == "msg_wh-1_12_0"
    assert len({message("wh-1", 1, 11), message("wh-1", 11, 1), message("wh-2", 1, 11)}) == 3


def attempt(status: int | None = None, **more: float) -> Attempt:
    ok = status is not None and 200 <= status < 300
    failure = None if ok else AttemptFailure.NO_CONNECTION if status is None else AttemptFailure.STATUS
    return Attempt(NOW, 12, status, failure, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504])
def test_what_may_be_taken_later_is_tried_again_later(status: int | None) -> None:
    first = following(attempt(status), 1, NOW, NOW, PATIENCE, 0.0)
    assert first == Next(DeliveryState.WAITING, NOW + timedelta(seconds=2.5))
    second = following(attempt(status), 2, NOW, NOW, PATIENCE, 0.999)
    assert second.state == DeliveryState.WAITING
    assert NOW + timedelta(seconds=14) < (second.due_at or NOW) <= NOW + timedelta(seconds=15)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 404, 410, 413, 422])
def test_what_will_never_be_taken_is_given_up_at_once(status: int) -> None:
    assert following(attempt(status), 1, NOW, NOW, PATIENCE, 0.5) == Next(DeliveryState.DEAD)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_what_was_taken_has_ended(status: int) -> None:
    assert following(attempt(status), 9, NOW, NOW, PATIENCE, 0.5) == Next(DeliveryState.DELIVERED)


def test_after_so_many_tries_or_hours_it_is_given_up() -> None:
    late = NOW + PATIENCE.gives_up_after
    assert following(attempt(500), PATIENCE.tries, NOW, NOW, PATIENCE, 0).state == DeliveryState.DEAD
    assert following(attempt(500), PATIENCE.tries - 1, NOW, NOW, PATIENCE, 0).state == DeliveryState.WAITING
    assert following(attempt(500), 2, NOW, late, PATIENCE, 0).state == DeliveryState.DEAD
    assert (
        following(attempt(500), 2, NOW, late - timedelta(seconds=1), PATIENCE, 0).state
        == DeliveryState.WAITING
    )


def test_the_receiver_may_ask_for_a_longer_wait_and_never_for_a_shorter_one() -> None:
    for asked, waits_s in ((60.0, 60.0), (0.0, 2.5)):
        found = following(attempt(429, retry_after_s=asked), 1, NOW, NOW, PATIENCE, 0.0)
        assert found.due_at == NOW + timedelta(seconds=waits_s)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("86400", 3600.0),
        ("99999999999999999999", 3600.0),
        ("Tue, 07 Feb 2023 03:01:00 GMT", 60.0),
        ("Tue, 07 Feb 2023 02:00:00 GMT", 0.0),
        ("Wed, 08 Feb 2023 03:00:00 GMT", 3600.0),
        ("Tue, 07 Feb 2023 03:01:00", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_within_bounds(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header, NOW) == seconds


def test_an_endpoint_rests_where_nothing_at_all_is_taken_and_not_for_one_message() -> None:
    assert rest(attempt(500), 3, NOW, 0.5) is None
    assert rest(attempt(400), 3, NOW, 0.5) is None
    assert rest(attempt(200), 3, NOW, 0.5) is None
    waits = [rest(attempt(None), failures, NOW, 0.0) for failures in (1, 2, 3, 50)]
    assert [(until - NOW).total_seconds() for until in waits if until] == [0.5, 1.0, 2.0, 150.0]
    assert rest(attempt(503, retry_after_s=700.0), 1, NOW, 0.0) == NOW + timedelta(seconds=700)


def test_an_endpoint_is_switched_off_when_it_is_gone_or_nothing_has_come_through_for_long() -> None:
    enough, since = FAILURES_BEFORE_OFF, NOW - PATIENCE.off_after
    assert switched_off(attempt(410), 1, NOW, NOW, PATIENCE) == SwitchedOff.GONE
    assert switched_off(attempt(None), enough, since, NOW, PATIENCE) == SwitchedOff.FAILING
    assert switched_off(attempt(None), enough - 1, since, NOW, PATIENCE) is None
    assert switched_off(attempt(500), enough, since + timedelta(seconds=1), NOW, PATIENCE) is None
