"""The journal: what happened, in order, and whether its chain holds; and the words all codes stand for."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain import access, problems, rules, sheet_problems, vocabulary, webhook_problems, work_problems
from app.domain.access import May
from app.domain.errors import Invalid
from app.domain.problems import Problem
from app.domain.words import Term
from app.queries import journal
from app.schemas.journal import (
    FactRead,
    JournalPage,
    JournalQuery,
    RevisionRead,
    VerdictRead,
    VocabularyRead,
    WordRead,
)
from app.tables.journal import Fact, Revision

router = APIRouter(tags=["journal"], route_class=Route)


@router.get("/journal", response_model=JournalPage, openapi_extra=needs(May.READ_JOURNAL))
async def read_journal(ask: Ask, query: Annotated[JournalQuery, Query()]) -> Response:
    """Revisions with their facts, newest first, narrowed by subject, its code, or the kind of fact."""
    return await ask.read(lambda session: _page(session, ask, query), long=True)


@router.get("/journal/verification", response_model=VerdictRead, openapi_extra=needs(May.READ_JOURNAL))
async def verify_journal(ask: Ask) -> Response:
    """Recomputes the hash chain from the first revision and names the first that does not hold."""
    return await ask.read(lambda session: _verdict(journal.verify(session)), long=True)


@router.get("/vocabulary", response_model=VocabularyRead, openapi_extra=needs(May.READ))
async def read_vocabulary(ask: Ask) -> Response:
    """Every code the service stores or sends, with both labels."""
    return await ask.read(lambda _: VocabularyRead(words=words()))


def words() -> dict[str, list[WordRead]]:
    """All words by family."""
    families = [
        value
        for module in (vocabulary, problems, work_problems, sheet_problems, webhook_problems, rules, access)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Term) and value is not Term
    ]
    return {
        family.__name__: [WordRead(code=term.value, vi=term.vi, en=term.en) for term in family]
        for family in sorted(set(families), key=lambda f: f.__name__)
    }


def _page(session: Session, ask: Ask, query: JournalQuery) -> JournalPage:
    limit = ask.limit(query.limit, 50)
    after = ask.after(query.cursor)
    if after is not None and not after.isdigit():
        raise Invalid(Problem.CURSOR, field="cursor")
    found = journal.page(
        session,
        before=None if after is None else int(after),
        limit=limit,
        subject=query.subject,
        code=query.code,
        kind=query.kind,
    )
    shown, following = ask.page(found, limit, lambda row: str(row[0].number))
    return JournalPage(items=[_revision(*row) for row in shown], next=following)


def _revision(row: Revision, facts: list[Fact]) -> RevisionRead:
    return RevisionRead(
        **row.model_dump(),
        facts=[
            FactRead(kind=f.kind, subject=f.subject, code=f.subject_code, before=f.before, after=f.after)
            for f in facts
        ],
    )


def _verdict(verdict: journal.Verdict) -> VerdictRead:
    return VerdictRead(
        holds=verdict.broken_at is None,
        revisions=verdict.revisions,
        facts=verdict.facts,
        head_hash=verdict.head_hash,
        broken_at=verdict.broken_at,
        reason=verdict.reason,
    )
