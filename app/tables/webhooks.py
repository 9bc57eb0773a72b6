"""Webhooks: where an organisation wants to be told, what it is told, and each attempt to do so.

Endpoints are changed through the journal. Deliveries and attempts are no changes of the world: the outbox's rows are
written in the transaction of the facts they tell, and the worker keeps them on.
"""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from app.domain.vocabulary import AttemptFailure, DeliveryState, SwitchedOff
from app.tables.base import Codes, Instant, Word

LONGEST_ANSWER = 500


class WebhookEndpoint(SQLModel, table=True):
    """Where one organisation is told of changes, and of which.

    The secret signs, so it cannot be kept as a hash: it stands here as it is, and nowhere else. It is shown once, never
    journaled and never logged; whoever reads the database can sign in this service's name.
    """

    __tablename__ = "webhook_endpoint"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    url: str = Field(max_length=2000)
    # Kinds of facts and families such as `cod.*`; none: everything the organisation may see.
    events: tuple[str, ...] = Field(default=(), sa_type=Codes, nullable=True)
    description: str | None = Field(default=None, max_length=2000)
    is_active: bool = True
    switched_off: SwitchedOff | None = Field(default=None, sa_type=Word(SwitchedOff))
    switched_off_at: datetime | None = Field(default=None, sa_type=Instant)
    # The revision that did it: what came after it was not kept for the endpoint, and can be sent by a replay from there.
    switched_off_in: int | None = None
    secret: str = Field(max_length=80, repr=False)
    previous_secret: str | None = Field(default=None, max_length=80, repr=False)
    # Until when the secret before signs as well.
    previous_until: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    revision: int = 0
    # What the worker has found: it keeps these, and no fact states them.
    failing_since: datetime | None = Field(default=None, sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    # Attempts that failed in a row, and rounds in a row in which it took nothing at all.
    failures: int = 0
    absences: int = 0
    rests_until: datetime | None = Field(default=None, sa_type=Instant)


class WebhookDelivery(SQLModel, table=True):
    """One fact for one endpoint; a test has no fact. `due_at` is set while it may be sent, and then only.

    What waits behind another of the same subject has none: the order of a subject is kept by giving one at a time a
    day to be sent on. `lease` names the worker's round that is sending it; `due_at` is then when that is no longer believed.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "revision", "position"),
        Index("ix_webhook_delivery_due", "endpoint_id", "due_at"),
        Index("ix_webhook_delivery_turn", "endpoint_id", "subject", "subject_code", "state", "revision", "position"),
        Index("ix_webhook_delivery_state", "endpoint_id", "state", "id"),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    endpoint_id: int = Field(foreign_key="webhook_endpoint.id")
    message: str = Field(max_length=120, unique=True)
    revision: int | None = None
    position: int | None = None
    kind: str = Field(max_length=40)
    subject: str = Field(max_length=30)
    subject_code: str = Field(max_length=130)
    state: DeliveryState = Field(sa_type=Word(DeliveryState))
    attempts: int = 0
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    lease: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(sa_type=Instant)
    # The first attempt since it was last asked for: what is tried for too long is given up.
    tried_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


class WebhookAttempt(SQLModel, table=True):
    """One attempt to deliver: what the receiver answered (its beginning), or why it could not."""

    __tablename__ = "webhook_attempt"
    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(foreign_key="webhook_delivery.id", index=True)
    at: datetime = Field(sa_type=Instant)
    status: int | None = None
    duration_ms: int
    failure: AttemptFailure | None = Field(default=None, sa_type=Word(AttemptFailure))
    answer: str | None = Field(default=None, max_length=LONGEST_ANSWER)
