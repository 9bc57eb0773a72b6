"""What the overview shows beside the figures: how much is counted, names and COD days of its lines, titles of sources."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.vocabulary import Account, By, Precision
from app.queries import capacity, projects
from app.queries.breakdowns import Line
from app.queries.capacity import View
from app.tables.documents import Source
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry, CapacityPosting
from app.tables.organisations import AdministrativeUnit
from app.tables.projects import Phase, Project


@dataclass(frozen=True, slots=True)
class Counts:
    """How many subjects of each level are in the totals; `nominal_kw` sums the phases whose size is known."""

    projects: int
    phases: int
    phases_sized: int
    nominal_kw: int


def counts(session: Session, view: View) -> Counts:
    """Projects and phases in the totals, known at the view's revision."""
    out = capacity.left_out(session, view.revision)
    found = select(func.count()).where(col(Project.id).not_in(out), col(Project.created_in) <= view.revision)
    phases = select(func.count(), func.count(col(Phase.nominal_kw)), func.sum(col(Phase.nominal_kw))).where(
        col(Phase.project_id).not_in(out), col(Phase.created_in) <= view.revision
    )
    amount, sized, nominal_kw = session.execute(phases).one()
    return Counts(session.execute(found).scalar_one(), amount, sized, nominal_kw or 0)


def first_recognised_on(session: Session, view: View) -> date | None:
    """The first day on which anything in the totals counted; None where nothing does."""
    statement = select(func.min(col(CapacityPosting.effective_on))).where(
        col(CapacityPosting.account) == Account.RECOGNISED,
        col(CapacityPosting.effective_on) <= view.as_of,
        col(CapacityPosting.revision) <= view.revision,
        col(CapacityPosting.project_id).not_in(capacity.left_out(session, view.revision)),
    )
    return session.execute(statement).scalar_one()


@dataclass(frozen=True, slots=True)
class CodDays:
    """The first day on which something counted, how exactly it is known, and the last day on which more came."""

    first_on: date
    precision: Precision
    last_on: date


@dataclass(frozen=True, slots=True)
class Detail:
    """What goes with one line of the cut by phase. `is_split` is False where MW of its project name no phase."""

    project: Project
    place: projects.Place
    cod: CodDays | None
    is_split: bool


def details(session: Session, view: View, lines: Sequence[Line]) -> dict[str, Detail]:
    """Project, investor, district and COD days of each line, by the line's key."""
    owners = _owners(session, {line.project for line in lines if line.project is not None})
    places = projects.places(session, list(owners.values()))
    ids = {p.id: p.code for p in owners.values() if p.id is not None}
    whole = {i for i, found in capacity.unsplit(session, view, list(ids)).items() if found.operating_kw}
    own = col(CapacityPosting.phase_id).is_(None) & col(CapacityPosting.project_id).in_(whole)
    by_project = _cod_days(session, view, col(CapacityPosting.project_id), own, ids)
    phases = _phases(session, {x.code for x in lines if x.level == By.PHASE.value and x.code is not None})
    one = col(CapacityPosting.phase_id).in_(phases)
    by_phase = _cod_days(session, view, col(CapacityPosting.phase_id), one, phases)
    return {
        line.key: Detail(
            project=owner,
            place=places[owner.id or 0],
            cod=(by_phase if line.level == By.PHASE.value else by_project).get(line.code or ""),
            is_split=owner.id not in whole,
        )
        for line in lines
        if (owner := owners.get(line.project or "")) is not None
    }


def _owners(session: Session, codes: Collection[str]) -> dict[str, Project]:
    rows = session.execute(select(Project).where(col(Project.code).in_(codes))).scalars()
    return {row.code: row for row in rows}


def _phases(session: Session, codes: Collection[str]) -> dict[int, str]:
    rows = session.execute(select(col(Phase.id), col(Phase.code)).where(col(Phase.code).in_(codes)))
    return {i: code for i, code in rows if i is not None}


def _cod_days(
    session: Session, view: View, subject: Any, where: Any, codes: Mapping[int, str]
) -> dict[str, CodDays]:
    """COD days by the subject's code. A recognition that was corrected away leaves no day."""
    statement = (
        select(
            subject,
            col(CapacityPosting.effective_on),
            col(CapacityPosting.kw),
            col(CapacityEntry.precision),
        )
        .join(CapacityEntry, col(CapacityEntry.id) == col(CapacityPosting.entry_id))
        .where(
            where,
            col(CapacityPosting.account) == Account.RECOGNISED,
            col(CapacityPosting.effective_on) <= view.as_of,
            col(CapacityPosting.revision) <= view.revision,
        )
        .order_by(col(CapacityPosting.id))
    )
    if not view.with_illustrative:
        statement = statement.where(~col(CapacityPosting.is_illustrative))
    moved: dict[str, dict[date, int]] = {}
    exact: dict[tuple[str, date], Precision] = {}
    for i, on, kw, precision in session.execute(statement):
        days = moved.setdefault(codes[i], {})
        days[on] = days.get(on, 0) + kw
        if kw > 0:
            exact[codes[i], on] = precision
    standing = {code: sorted(on for on, kw in days.items() if kw > 0) for code, days in moved.items()}
    return {code: CodDays(days[0], exact[code, days[0]], days[-1]) for code, days in standing.items() if days}


def sources(session: Session, codes: Collection[str]) -> dict[str, Source]:
    """The sources that `codes` name, by code."""
    rows = session.execute(select(Source).where(col(Source.code).in_(codes)).order_by(col(Source.code)))
    return {row.code: row for row in rows.scalars()}


def recorded_at(session: Session, revision: int) -> datetime | None:
    """When a revision was recorded; None for the empty journal."""
    statement = select(col(Revision.recorded_at)).where(col(Revision.number) == revision)
    return session.execute(statement).scalar_one_or_none()


def unit(session: Session, code: str | None) -> AdministrativeUnit | None:
    """An administrative unit by code; None where none is named."""
    if code is None:
        return None
    statement = select(AdministrativeUnit).where(col(AdministrativeUnit.code) == code)
    return session.execute(statement).scalar_one_or_none()
