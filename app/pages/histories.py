"""`/phases/{code}/history`: every change of a phase and of what is in it, who made it, when, and by which document."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.db import Session
from app.deps import Ask, Route, needs
from app.domain.access import May, Role
from app.domain.templates import Wording
from app.domain.words import Lang
from app.outside import shipped
from app.pages import facts
from app.pages.facts import Line
from app.pages.rendering import Frame, frame, render
from app.queries import histories, projects
from app.queries.histories import Told
from app.schemas.base import Asked
from app.tables.documents import Document
from app.tables.organisations import Organisation
from app.tables.projects import Phase

router = APIRouter(tags=["pages"], route_class=Route)
PAGE_ROWS = 40
# What says nothing beside the line that it stands in: the reader knows the phase, the document has its own column.
TECHNICAL = frozenset(
    {"phase", "project", "tranche", "entry", "reverses_id", "document", "sources", "confidence", "code"}
)


class HistoryQuery(Asked):
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a history. `about` names what of the phase it is: a turbine's number, a milestone, a tranche."""

    told: Told
    about: str | None
    step: Wording | None
    role: Role
    organisation: Organisation | None
    changes: Sequence[Line]
    document: Document | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The template's context."""

    frame: Frame
    phase: Phase
    entries: Sequence[Entry]
    following: str | None


@router.get("/phases/{code}/history", openapi_extra=needs(May.READ_DETAIL))
async def show_history(ask: Ask, code: str, query: Annotated[HistoryQuery, Query()]) -> Response:
    """The history of a phase, newest first. 404 to those who do not see its detail."""
    return await ask.read(lambda session: _page(session, ask, code, query), long=True)


def _page(session: Session, ask: Ask, code: str, query: HistoryQuery) -> str:
    phase, _ = projects.phase(session, ask.actor, code)
    found = histories.of_phase(session, phase, after=ask.after(query.cursor), limit=PAGE_ROWS)
    told, following = ask.page(found, PAGE_ROWS, lambda each: str(each.place))
    shown = HistoryPage(frame(ask), phase, entries(session, told, ask.lang), following)
    return render("history.html", shown, ask.lang)


def entries(session: Session, told: Sequence[Told], lang: Lang) -> list[Entry]:
    """Facts as people read them."""
    organisations = histories.organisations(session, told)
    documents = histories.documents(session, told)
    return [
        Entry(
            told=each,
            about=_about(each),
            step=_step(each),
            role=Role(each.revision.actor["role"]),
            organisation=organisations.get(each.revision.actor.get("organisation") or ""),
            changes=facts.told(each.fact, lang, without=_unsaid(each)).lines,
            document=documents.get(each.document_id or 0),
        )
        for each in told
    ]


def _unsaid(told: Told) -> frozenset[str]:
    """The fields that are left out: technical ones, how exactly days are known, and what is usual."""
    stated = (told.fact.after or {}) | (told.fact.before or {})
    said_no = {"is_illustrative"} if stated.get("is_illustrative") is False else set()
    return TECHNICAL | said_no | {name for name in stated if name.endswith("precision")}


def _about(told: Told) -> str | None:
    """The part of the phase that a fact is about; None for the phase itself."""
    code = told.fact.subject_code
    if told.fact.subject in ("turbine", "connection", "milestone"):
        return code.rpartition("/")[2]
    return code if told.fact.subject == "tranche" else None


def _step(told: Told) -> Wording | None:
    """The name of a milestone's step, as the newest templates have it."""
    if told.fact.subject != "milestone":
        return None
    code = told.fact.subject_code.rpartition("/")[2].partition(".")[0]
    templates = shipped.templates()
    return templates.step(code).name if code in templates else None
