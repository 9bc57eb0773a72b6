"""The rules of webhooks: which addresses are taken, which facts an endpoint wants, and what follows from an attempt."""

import email.utils
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.domain.addresses import is_public, literal
from app.domain.delivery import Backoff, is_worth_another_try
from app.domain.vocabulary import AttemptFailure, DeliveryState, Fact, SwitchedOff
from app.domain.webhook_problems import WebhookProblem

PING = "webhook.ping"
SUBJECT = "webhook"
FAMILIES = frozenset(f"{kind.value.partition('.')[0]}.*" for kind in Fact)
# Names that every machine gives itself, or that only a network inside knows (RFC 6761, RFC 6762, RFC 8375).
INSIDE = ("localhost", "local", "internal", "localdomain", "home.arpa", "lan")
MOST_ENDPOINTS = 20
GONE = 410
# What says that the receiver as a whole takes nothing now, so that the rest of what it would be sent can wait too.
OVERLOADED = frozenset({429, 503})
# The longest that a receiver may ask for with `Retry-After`, in seconds.
LONGEST_WAIT_S = 3_600.0
# An endpoint that hears little is not switched off for one failure in three days.
FAILURES_BEFORE_OFF = 10
RESTS = Backoff(first_s=1, factor=2, most_s=300)
TRIES = Backoff(first_s=5, factor=3, most_s=3_600)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is taken as an endpoint's address, and how long the secret before a rotation signs as well."""

    allows_http: bool = False
    allows_private: bool = False
    overlap: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Patience:
    """When a delivery is tried again, when it is given up, and when a failing endpoint is switched off."""

    backoff: Backoff = TRIES
    tries: int = 60
    gives_up_after: timedelta = timedelta(hours=48)
    off_after: timedelta = timedelta(hours=72)


def refused(url: str, policy: Policy) -> WebhookProblem | None:
    """Why an address cannot be an endpoint; None where it can, as far as can be told without asking for its host.

    Names that only resolve to an address inside are refused when a request would go there (`outside.http`).
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return WebhookProblem.URL_FORM
    if parts.scheme not in ("http", "https") or not host or not _is_plain(url):
        return WebhookProblem.URL_FORM
    if parts.username is not None or parts.password is not None or parts.fragment or not _is_name(host):
        return WebhookProblem.URL_FORM
    if not policy.allows_private and is_inside(host):
        return WebhookProblem.URL_PRIVATE
    if parts.scheme == "http" and not policy.allows_http:
        return WebhookProblem.URL_NOT_HTTPS
    return None


def is_inside(host: str) -> bool:
    """Whether a host is obviously no public one: an address that is not, a name of the machine's own, or one without a dot."""
    address = literal(host)
    if address is not None:
        return not is_public(address)
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith(tuple(f".{inside}" for inside in INSIDE))


def _is_plain(url: str) -> bool:
    """No blanks, no control characters, and no backslash, which some programs take for a slash."""
    return url.isascii() and url.isprintable() and " " not in url and "\\" not in url


def _is_name(host: str) -> bool:
    return ":" in host or all(c.isalnum() or c in "-._" for c in host)


def unknown_events(events: Iterable[str]) -> list[str]:
    """Those that are neither a kind of fact nor a family of them."""
    known = FAMILIES | {kind.value for kind in Fact}
    return sorted(set(events) - known)


def wants(events: tuple[str, ...], kind: str) -> bool:
    """Whether an endpoint with this filter is told of a kind of fact; an empty filter wants everything."""
    return not events or kind in events or f"{kind.partition('.')[0]}.*" in events


def message(code: str, revision: int, position: int) -> str:
    """The id of a message, the same however often it is sent: by it a receiver drops what comes twice."""
    return f"msg_{code}_{revision}_{position}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of sending once: when it began and how long it took, the status of the answer or why there was none, the
    answer's beginning, and the seconds that the receiver asks for."""

    at: datetime
    duration_ms: int
    status: int | None = None
    failure: AttemptFailure | None = None
    answer: str | None = None
    retry_after_s: float | None = None

    @property
    def is_taken(self) -> bool:
        return self.failure is None

    @property
    def is_endpoint_away(self) -> bool:
        """Whether the receiver takes nothing at all just now, and not only not this."""
        return not self.is_taken and (self.status is None or self.status in OVERLOADED)


@dataclass(frozen=True, slots=True)
class Next:
    """How a delivery stands after an attempt; `due_at` where it is tried again."""

    state: DeliveryState
    due_at: datetime | None = None


def following(
    attempt: Attempt, tries: int, tried_at: datetime, now: datetime, patience: Patience, drawn: float
) -> Next:
    """What follows from attempt number `tries` of a delivery first tried at `tried_at`; `drawn` is random, 0 ≤ drawn < 1."""
    if attempt.is_taken:
        return Next(DeliveryState.DELIVERED)
    if not is_worth_another_try(attempt.status):
        return Next(DeliveryState.DEAD)
    if tries >= patience.tries or now - tried_at >= patience.gives_up_after:
        return Next(DeliveryState.DEAD)
    wait_s = max(patience.backoff.wait_s(tries, drawn), attempt.retry_after_s or 0.0)
    return Next(DeliveryState.WAITING, now + timedelta(seconds=wait_s))


def rest(attempt: Attempt, failures: int, now: datetime, drawn: float) -> datetime | None:
    """Until when an endpoint is left in peace after so many failures in a row; None where it is only this that it does not take."""
    if not attempt.is_endpoint_away:
        return None
    return now + timedelta(seconds=max(RESTS.wait_s(failures, drawn), attempt.retry_after_s or 0.0))


def switched_off(
    attempt: Attempt, failures: int, failing_since: datetime, now: datetime, patience: Patience
) -> SwitchedOff | None:
    """Why an endpoint is switched off after so many failed attempts in a row; None where it is not."""
    if attempt.status == GONE:
        return SwitchedOff.GONE
    is_long = failures >= FAILURES_BEFORE_OFF and now - failing_since >= patience.off_after
    return SwitchedOff.FAILING if is_long else None


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """The seconds of a `Retry-After` (RFC 9110, 10.2.3: seconds or a date), within bounds; None where it says none."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    try:
        until = email.utils.parsedate_to_datetime(text)
        return min(max((until - now).total_seconds(), 0.0), LONGEST_WAIT_S)
    except (ValueError, TypeError, OverflowError):
        return None
