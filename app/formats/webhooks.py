"""A message as Standard Webhooks 1.0 has it: the body, and the headers that identify and sign it."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

CONTENT_TYPE = "application/json"
PREFIX = "whsec_"


def secret(random: bytes) -> str:
    """A secret as it is handed over, from 24 random bytes or more."""
    return PREFIX + base64.b64encode(random).decode()


def instant(at: datetime) -> str:
    """An instant in ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def body(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """The body: what happened, when, and what it says."""
    said = {"type": kind, "timestamp": instant(at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def headers(message: str, sent_at: datetime, content: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The headers of a message, signed with every one of the secrets, so that a receiver may know either."""
    at = sent_at.astimezone(UTC)
    signatures = [Webhook(each).sign(message, at, content.decode()) for each in secrets]
    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
