"""Browsers that are signed in, and who tried to. Neither is a change of the world, so no journal holds them."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from app.tables.base import Instant


class BrowserSession(SQLModel, table=True):
    """One browser of a user. Its cookie is kept as SHA-256 only; a session that is revoked is over at once."""

    __tablename__ = "browser_session"
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(max_length=64, unique=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInFailure(SQLModel, table=True):
    """A failed attempt to sign in: under which login, and from which address as SHA-256. Old ones are forgotten."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_login", "login", "at"),
        Index("ix_sign_in_failure_address", "address", "at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=60)
    address: str = Field(max_length=64)
    at: datetime = Field(sa_type=Instant, index=True)
