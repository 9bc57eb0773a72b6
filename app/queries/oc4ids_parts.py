"""What hangs on the projects of an OC4IDS package: MW by day, milestones of commissioning, sources and documents."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.milestones import State
from app.domain.milestones import key as named
from app.domain.vocabulary import Access, Account, Column, SubjectKind
from app.domain.words import Lang
from app.formats import oc4ids
from app.queries import milestones
from app.queries.capacity import COUNTING, View
from app.tables.base import key, table
from app.tables.documents import Document, Source
from app.tables.ledger import CapacityPosting
from app.tables.milestones import Milestone

_POSTING, _STEP = table(CapacityPosting).c, table(Milestone)
_SIGNED = case(
    (_POSTING.account.in_((Account.SUSPENDED, Account.CANCELLED)), -_POSTING.kw), else_=_POSTING.kw
)
# Turbines, connection, tests, acceptance, licence and COD; of a grid work what is built, and its energisation.
COMMISSIONING: Mapping[SubjectKind, tuple[str, ...]] = {
    SubjectKind.PHASE: (
        *("W-E6", "W-E8", "W-E9", "W-F4", "W-F5", "W-F6", "W-F9", "W-F10", "W-F11"),
        *("W-G2", "W-G3", "W-G6", "W-G7", "W-G8"),
    ),
    SubjectKind.GRID_WORK: ("G-13", "G-14", "G-16", "G-18", "G-20", "G-22", "G-25", "G-26", "G-28", "G-29"),
}
# What an authority decides; everything else is delivered.
_APPROVALS = frozenset({"W-G2", "W-G3", "W-G7", "G-25", "G-28"})
_MOST_ASKED = 500
Steps = Mapping[int, Sequence[tuple[Milestone, State]]]


@dataclass(frozen=True, slots=True)
class Change:
    """kW that began, or ceased, to operate on a day; `phase_id` None: the split over the phases is not known."""

    project_id: int
    phase_id: int | None
    on: date
    kw: int


def operating(session: Session, view: View, project_ids: Collection[int]) -> dict[int, list[Change]]:
    """How the operating kW of some projects changed up to a view, by project and then by day."""
    owner = (_POSTING.project_id, _POSTING.phase_id, _POSTING.effective_on)
    statement = (
        select(*owner, func.sum(_SIGNED))
        .where(_POSTING.project_id.in_(project_ids), _POSTING.account.in_(COUNTING))
        .where(_POSTING.effective_on <= view.as_of, _POSTING.revision <= view.revision)
        .group_by(*owner)
        .order_by(_POSTING.effective_on, _POSTING.phase_id)
    )
    found: dict[int, list[Change]] = {}
    for project_id, phase_id, on, kw in session.execute(statement):
        if kw:
            found.setdefault(project_id, []).append(Change(project_id, phase_id, on, int(kw)))
    return found


def steps(session: Session, view: View, kind: SubjectKind, ids: Collection[int]) -> Steps:
    """The milestones of commissioning of some subjects of a kind, in template order, with their states as of a view.
    Whoever calls has asked for visibility already."""
    rows = session.execute(
        select(_STEP)
        .where(_STEP.c.subject == kind, _STEP.c.subject_id.in_(ids), _STEP.c.code.in_(COMMISSIONING[kind]))
        .where(_STEP.c.created_in <= view.revision)
        .order_by(_STEP.c.id)
    ).all()
    found: dict[int, list[tuple[Milestone, State]]] = {}
    for start in range(0, len(rows), _MOST_ASKED):
        given = cast(list[Milestone], rows[start : start + _MOST_ASKED])
        states = milestones.states_at(session, view, given)
        for row in given:
            if row.id in states and states[row.id].is_applicable:
                found.setdefault(row.subject_id, []).append((row, states[row.id]))
    return found


def milestone(row: Milestone, state: State, of: str, lang: Lang) -> oc4ids.Milestone:
    """One milestone of commissioning of the subject with the code `of`."""
    is_met = state.is_done and state.actual is not None
    return oc4ids.Milestone(
        id=f"{of}/{named(row.code, row.instance)}",
        title=f"{milestones.step_of(row).name.label(lang)} ({of})",
        type="approval" if row.code in _APPROVALS else "delivery",
        code=row.code,
        status="met" if is_met else "scheduled",
        due_on=state.expected_on,
        met_on=state.actual.on if is_met and state.actual else None,
        description=Column.IS_ILLUSTRATIVE.label(lang) if row.is_illustrative else None,
    )


def sources(session: Session, codes: Iterable[str]) -> dict[str, oc4ids.Document]:
    """The public sources of some codes, by code."""
    statement = select(Source).where(col(Source.code).in_(set(codes)))
    return {
        row.code: oc4ids.Document(id=f"source/{row.code}", title=row.title, url=row.url)
        for row in session.execute(statement).scalars()
    }


def documents(
    session: Session, view: View, where: Any, lang: Lang
) -> dict[tuple[SubjectKind, int], list[oc4ids.Document]]:
    """The documents that meet a condition, by their subject. Whoever calls has asked for visibility already."""
    statement = (
        select(Document).where(where, col(Document.created_in) <= view.revision).order_by(col(Document.id))
    )
    found: dict[tuple[SubjectKind, int], list[oc4ids.Document]] = {}
    for row in session.execute(statement).scalars():
        title = " ".join(part for part in (row.kind.label(lang), row.number, row.title) if part)
        found.setdefault((row.subject, row.subject_id), []).append(
            oc4ids.Document(
                id=f"document/{key(row.id)}",
                title=title,
                published_on=row.issued_on,
                format=row.file_type,
                author=row.issuer,
                access=Access.KEY.label(lang),
            )
        )
    return found
