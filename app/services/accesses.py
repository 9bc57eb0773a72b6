"""The access log: who looked at which personal data, and when. It is no part of the journal and makes no revision."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.tables.requests import Access


def note(session: Session, actor: Actor, subject: str, now: datetime) -> None:
    """Writes down that `actor` is about to be shown the personal data of `subject`."""
    session.add(Access(at=now, user_id=actor.user_id, subject=subject))
