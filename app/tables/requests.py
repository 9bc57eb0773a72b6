"""What is kept about requests and not about the world: answers to repeat, and who read with which key."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from app.tables.base import Instant


class RepeatableAnswer(SQLModel, table=True):
    """The answer given to a POST with an `Idempotency-Key`, written in the same transaction as its change."""

    __tablename__ = "repeatable_answer"
    __table_args__ = (UniqueConstraint("user_id", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    key: str = Field(max_length=100)
    fingerprint: str = Field(max_length=64)
    status: int
    headers: str = Field(max_length=2000)
    body: bytes
    answered_at: datetime = Field(sa_type=Instant, index=True)


class KeyUse(SQLModel, table=True):
    """When a key was last used. Written in a transaction of its own, never through the journal."""

    __tablename__ = "key_use"
    key_id: int = Field(primary_key=True, foreign_key="api_key.id")
    last_used_at: datetime = Field(sa_type=Instant)


class Access(SQLModel, table=True):
    """The access log: who looked at personal data, and when. Empty until the first such data is kept."""

    __tablename__ = "access"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    subject: str = Field(max_length=130)
