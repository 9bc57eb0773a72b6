"""The journal, problems and words on the wire."""

from datetime import datetime
from typing import Any

from pydantic import Field

from app.domain.vocabulary import Fact
from app.schemas.base import Asked, Out


class JournalQuery(Asked):
    subject: str | None = Field(None, max_length=30, description="project, phase, tranche, target, …")
    code: str | None = Field(None, max_length=130, description="The subject's code")
    kind: Fact | None = None
    limit: int | None = Field(None, ge=1)
    cursor: str | None = Field(None, max_length=400)


class FactRead(Out):
    kind: Fact
    subject: str
    code: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class RevisionRead(Out):
    number: int
    recorded_at: datetime
    actor: dict[str, Any]
    request_id: str
    hash: str
    facts: list[FactRead]


class JournalPage(Out):
    items: list[RevisionRead]
    next: str | None = None


class VerdictRead(Out):
    holds: bool
    revisions: int
    facts: int
    head_hash: str
    broken_at: int | None
    reason: str | None


class ProblemField(Out):
    field: str | None = None
    code: str
    message: str
    rule: str | None = None
    details: dict[str, Any] | None = None


class ProblemRead(Out):
    """RFC 9457. `code` is stable, `title` and `message` are in the caller's language."""

    type: str
    title: str
    status: int
    code: str
    errors: list[ProblemField] = []
    details: dict[str, Any] | None = None
    request_id: str | None = None


class WordRead(Out):
    code: str
    vi: str
    en: str


class VocabularyRead(Out):
    words: dict[str, list[WordRead]]
