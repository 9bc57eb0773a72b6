"""`/journal`: every revision with its facts in words, whether the chain holds, and who looked at personal data."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May, Role
from app.domain.errors import Invalid, NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Fact as Kind
from app.domain.words import Lang
from app.pages import facts, sending
from app.pages.facts import Told
from app.pages.forms import Sent
from app.pages.rendering import Frame, frame
from app.pages.words import About
from app.queries import accesses, journal
from app.queries.accesses import Look
from app.queries.journal import Verdict
from app.schemas.base import Asked
from app.tables.journal import Fact, Revision

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_REVISIONS, FACTS_SHOWN, PAGE_FACTS, PAGE_LOOKS = 20, 6, 100, 50


class FilterQuery(Asked):
    """As the browser's form sends them: an empty field asks for everything."""

    subject: str = ""
    code: str = ""
    kind: str = ""
    cursor: str | None = None


class CursorQuery(Asked):
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision: who made it, its first facts, and how many it has."""

    row: Revision
    role: Role | None
    facts: list[Told]
    count: int

    @property
    def who(self) -> str:
        """The user and the organisation, as far as the journal names them."""
        actor: dict[str, Any] = self.row.actor
        return " · ".join(str(part) for part in (actor.get("user"), actor.get("organisation")) if part)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """`verdict` is there where somebody has asked for it just now."""

    frame: Frame
    sent: Sent
    entries: list[Entry]
    following: str | None
    subjects: list[About]
    kinds: list[Kind]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class RevisionPage:
    frame: Frame
    entry: Entry
    following: str | None


@dataclass(frozen=True, slots=True)
class AccessesPage:
    frame: Frame
    rows: list[Look]
    following: str | None


@router.get("/journal", openapi_extra=needs(May.READ_JOURNAL))
async def show_journal(ask: Ask, query: Annotated[FilterQuery, Query()]) -> Response:
    """Revisions with their facts in words, newest first, narrowed by subject, code and kind."""
    return await sending.shown(ask, "journal.html", lambda s, *_: _journal(s, ask, query, None), Sent())


@router.post("/journal", openapi_extra=needs(May.READ_JOURNAL))
async def verify_journal(ask: Ask) -> Response:
    """The journal again, and whether its chain holds from the first revision on."""

    def show(session: Session, *_: object) -> JournalPage:
        return _journal(session, ask, FilterQuery(), journal.verify(session))

    return await sending.shown(ask, "journal.html", show, Sent())


@router.get("/journal/accesses", openapi_extra=needs(May.READ_JOURNAL))
async def show_accesses(ask: Ask, query: Annotated[CursorQuery, Query()]) -> Response:
    """Who looked at personal data, newest first."""
    return await sending.shown(ask, "accesses.html", lambda s, *_: _accesses(s, ask, query.cursor), Sent())


@router.get("/journal/revisions/{revision}", openapi_extra=needs(May.READ_JOURNAL))
async def show_revision(ask: Ask, revision: int, query: Annotated[CursorQuery, Query()]) -> Response:
    """One revision with all of its facts."""
    return await sending.shown(
        ask, "revision.html", lambda s, *_: _revision(s, ask, revision, query.cursor), Sent()
    )


def _journal(session: Session, ask: Ask, query: FilterQuery, verdict: Verdict | None) -> JournalPage:
    if query.kind and query.kind not in set(Kind):
        raise Invalid(Problem.NOT_A_WORD, field="kind")
    wanted = (query.subject or None, query.code or None, query.kind or None)
    found = journal.revisions(session, *wanted, before=_before(ask, query.cursor), limit=PAGE_REVISIONS)
    shown, following = ask.page(found, PAGE_REVISIONS, lambda row: str(row.number))
    sent = Sent({"subject": query.subject, "code": query.code, "kind": query.kind})
    entries = [
        _entry(session, row, journal.facts(session, row.number, *wanted, limit=FACTS_SHOWN), ask.lang)
        for row in shown
    ]
    return JournalPage(frame(ask), sent, entries, following, list(About), list(Kind), verdict)


def _revision(session: Session, ask: Ask, number: int, cursor: str | None) -> RevisionPage:
    row = journal.revision(session, number) if 0 < number < 2**31 else None
    if row is None:
        raise NotFound(Problem.NOT_FOUND, subject="revision")
    start = _before(ask, cursor) or 0
    entry = _entry(session, row, journal.facts(session, number, start=start, limit=PAGE_FACTS), ask.lang)
    end = start + len(entry.facts)
    following = ask.page([start, end], 1, lambda _: str(end))[1] if end < entry.count else None
    return RevisionPage(frame(ask), entry, following)


def _entry(session: Session, row: Revision, stated: list[Fact], lang: Lang) -> Entry:
    role = row.actor.get("role")
    return Entry(
        row,
        Role(role) if role in set(Role) else None,
        [facts.told(fact, lang) for fact in stated],
        journal.fact_count(session, row.number),
    )


def _accesses(session: Session, ask: Ask, cursor: str | None) -> AccessesPage:
    rows = accesses.page(session, before=_before(ask, cursor), limit=PAGE_LOOKS)
    shown, following = ask.page(rows, PAGE_LOOKS, lambda look: str(look.row.id))
    return AccessesPage(frame(ask), shown, following)


def _before(ask: Ask, cursor: str | None) -> int | None:
    after = ask.after(cursor)
    if after is not None and not after.isdecimal():
        raise Invalid(Problem.CURSOR, field="cursor")
    return None if after is None else int(after)
