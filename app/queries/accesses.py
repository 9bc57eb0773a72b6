"""Reading the access log."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.tables.organisations import Organisation, User
from app.tables.requests import Access


@dataclass(frozen=True, slots=True)
class Look:
    """One look at personal data, by whom."""

    row: Access
    user: str | None
    organisation: str | None


def page(session: Session, *, before: int | None, limit: int) -> list[Look]:
    """Up to `limit` + 1 looks, newest first, older than the one of the id `before`."""
    asked = (
        select(Access, col(User.login), col(Organisation.code))
        .outerjoin(User, col(User.id) == col(Access.user_id))
        .outerjoin(Organisation, col(Organisation.id) == col(User.organisation_id))
        .order_by(col(Access.id).desc())
        .limit(limit + 1)
    )
    if before is not None:
        asked = asked.where(col(Access.id) < before)
    return [Look(*row) for row in session.execute(asked)]
