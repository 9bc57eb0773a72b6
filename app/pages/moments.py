"""The moment a page is about: a day, and what was known by when. Both stand in the address, so that a link shows the same
tomorrow; `rendering.Frame` carries them on to the other pages that take them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from app.db import Session
from app.deps import Ask
from app.queries import journal
from app.queries.capacity import View
from app.schemas.base import Chosen, Day, KnownAt

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_KNOWN: TypeAdapter[datetime | date] = TypeAdapter(KnownAt)


class MomentQuery(Chosen):
    """As a browser's form sends them: a field that was left empty asks for today, and for what is known now."""

    as_of: Day | None = None
    known_at: KnownAt | None = None


def view(session: Session, ask: Ask, query: MomentQuery) -> View:
    """What is asked for, as the queries take it."""
    return View(ask.actor, query.as_of or ask.today, journal.known(session, query.known_at))


def is_now(session: Session, ask: Ask, of: View) -> bool:
    """Whether a view is of today and of everything known."""
    return of.as_of >= ask.today and of.revision >= journal.head(session)


def read(asked: Mapping[str, str]) -> tuple[date | None, datetime | date | None]:
    """The day and the knowledge that an address names; None where it names none, or none that can be."""
    return _read(_DAY, asked.get("as_of")), _read(_KNOWN, asked.get("known_at"))


def _read(kind: TypeAdapter[Any], said: str | None) -> Any:
    try:
        return kind.validate_python(said.strip()) if said else None
    except ValidationError:
        return None
