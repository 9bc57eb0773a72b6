"""What this service takes as an endpoint of webhooks, from its settings."""

from datetime import timedelta

from app.deps.asking import Ask
from app.domain.webhooks import Policy


def policy(ask: Ask) -> Policy:
    """What may be sent to, and how long the secret before a rotation signs as well."""
    chosen = ask.tracker.settings
    return Policy(
        allows_http=chosen.allow_http,
        allows_private=chosen.allow_private_addresses,
        overlap=timedelta(hours=chosen.webhook_overlap_hours),
    )
