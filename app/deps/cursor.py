"""Opaque page cursors: the last key of a page, signed, so that only what we gave comes back."""

import base64
import hashlib
import hmac

from app.domain.errors import Invalid
from app.domain.problems import Problem


def make(secret: str, last: str) -> str:
    """A cursor that starts after `last`."""
    text = base64.urlsafe_b64encode(last.encode()).rstrip(b"=").decode()
    return f"{text}.{_sign(secret, text)}"


def read(secret: str, cursor: str | None, field: str = "cursor") -> str | None:
    """The key a cursor starts after; None without a cursor. Invalid where it is not one of ours; `field` held it."""
    if cursor is None:
        return None
    text, _, signature = cursor.partition(".")
    if not hmac.compare_digest(signature.encode(), _sign(secret, text).encode()):
        raise Invalid(Problem.CURSOR, field=field)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def _sign(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:16]
