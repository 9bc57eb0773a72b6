"""The subject that a new document or obstacle is about: named in the address, or chosen among one's own."""

from collections.abc import Mapping, Sequence

from app.db import Session
from app.deps import Ask
from app.domain.vocabulary import SubjectKind
from app.pages.forms import Sent
from app.queries import subjects
from app.queries.subjects import Holder
from app.schemas.base import Asked

# One field of the form (`phase/v1-3`) is two of what is sent: what is wrong with either stands there.
RENAMED = {"subject": "on", "subject_code": "on"}


class NewQuery(Asked):
    """What the new one is about, where that is known already."""

    subject: str = ""
    code: str = ""
    milestone: str = ""


def asked(query: NewQuery) -> Sent:
    """A fresh form about what the address names."""
    on = f"{query.subject}/{query.code}" if query.code else ""
    return Sent({"on": on, "milestone": query.milestone})


def about(values: Mapping[str, str]) -> dict[str, str]:
    """The subject that a form names in one field (`phase/v1-3`), as the two that it is."""
    kind, _, code = values.get("on", "").partition("/")
    return {"subject": kind, "subject_code": code}


def named(session: Session, ask: Ask, on: str) -> Holder | None:
    """The same subject, where it is one that the reader sees; None where none is named. Raises NotFound."""
    kind, _, code = on.partition("/")
    if kind not in set(SubjectKind):
        return None
    return subjects.one(session, ask.actor, SubjectKind(kind), code)


def offered(holders: Sequence[Holder]) -> list[tuple[str, str]]:
    """Subjects as the options of a field."""
    return [(each.path, each.row.name) for each in holders]
