"""Webhook endpoints, their deliveries, and what a message says, on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.domain.vocabulary import AttemptFailure, DeliveryState, SwitchedOff
from app.schemas.base import Asked, In, Out, Text, never_null

Url = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Event = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Events = Annotated[
    tuple[Event, ...],
    Field(
        max_length=40,
        description="Kinds of facts (`cod.confirmed`) and families (`cod.*`); none: everything one may see",
        examples=[["cod.*", "milestone.moved"]],
    ),
]


class EndpointChange(In):
    """Fields left out stay as they are. Switching on again forgets the failures so far."""

    model_config = never_null("url", "events", "is_active")

    url: Url | None = None
    events: Events | None = None
    description: Text | None = None
    is_active: bool | None = None


class EndpointCreate(In):
    """An endpoint of one's own organisation. Its secret is made here and shown in the answer only."""

    url: Url = Field(examples=["https://example.com/webhooks/tracker"])
    events: Events = ()
    description: Text | None = None


class EndpointRead(Out):
    code: str
    organisation: str
    url: str
    events: list[str]
    description: str | None
    is_active: bool
    switched_off: SwitchedOff | None = Field(description="Why it is sent nothing")
    switched_off_at: datetime | None
    switched_off_in: int | None = Field(
        description="The revision that did it: what came after is sent by a replay from there"
    )
    previous_secret_until: datetime | None = Field(
        description="Until when messages are signed with the secret before the last rotation as well"
    )
    created_at: datetime
    revision: int


class EndpointWithSecret(EndpointRead):
    secret: str | None = Field(
        description="Signs the messages (Standard Webhooks). Shown this once, null in a repeated answer"
    )


class EndpointPage(Out):
    items: list[EndpointRead]
    next: str | None = None


class DeliveryQuery(Asked):
    state: DeliveryState | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class AttemptRead(Out):
    """`answer` is the beginning of what the receiver said; `failure` what went wrong, null where nothing did."""

    at: datetime
    status: int | None
    duration_ms: int
    failure: AttemptFailure | None
    answer: str | None


class DeliveryRead(Out):
    """`id` is the `webhook-id` of the message, the same in every attempt. A test tells no fact and has no revision."""

    id: str
    kind: str
    subject: str
    code: str
    revision: int | None
    position: int | None
    state: DeliveryState
    created_at: datetime
    due_at: datetime | None = Field(
        description="When it is tried next; null where it waits behind another of its subject"
    )
    ended_at: datetime | None
    attempts: list[AttemptRead]


class HealthRead(Out):
    waiting: int
    dead: int
    failing_since: datetime | None
    delivered_at: datetime | None
    rests_until: datetime | None = Field(
        description="Until when nothing is sent, because the last attempts found nobody"
    )


class DeliveryPage(Out):
    health: HealthRead
    items: list[DeliveryRead]
    next: str | None = None


class Replay(In):
    """Exactly one of the two."""

    from_revision: int | None = Field(
        None, ge=1, le=2**31 - 1, description="Send everything again from this revision on"
    )
    dead: bool | None = Field(None, description="true: send again all that was given up")


class ReplayRead(Out):
    queued: int = Field(description="How many deliveries wait now that did not before")
