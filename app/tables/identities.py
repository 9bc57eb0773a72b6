"""Who a user is at the service that signs people in (OpenID Connect). No user is made from such an identity."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from app.tables.base import Instant


class Identity(SQLModel, table=True):
    """The subject that an issuer knows a user by: one of each issuer a user, and of one user alone."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
    )
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    issuer: str = Field(max_length=400)
    # OpenID Connect Core 1.0, section 2: at most 255 ASCII characters, and case counts.
    subject: str = Field(max_length=255)
    linked_at: datetime = Field(sa_type=Instant)
