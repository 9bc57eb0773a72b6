"""The ledger's entries as domain values, tranches folded from them, and the ground a claim is checked against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import recognition
from app.domain.access import Actor
from app.domain.capacity import Entry, Posting, Tranche
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Account, Measure, Precision
from app.queries import projects
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry, CapacityPosting, RuleFinding
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project, Turbine


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with everything that is kept about it."""

    row: CapacityEntry
    entry: Entry
    findings: list[RuleFinding]
    recorded_at: datetime
    organisation: str | None


def waiting(session: Session, actor: Actor, *, after: str | None, limit: int) -> list[str]:
    """Up to `limit` + 1 codes of tranches that wait for a decision and that `actor` may see: the second key's queue."""
    waits = func.sum(col(CapacityPosting.kw)) > 0
    statement = (
        select(col(CapacityEntry.tranche))
        .join(CapacityPosting, col(CapacityPosting.entry_id) == col(CapacityEntry.id))
        .where(
            col(CapacityPosting.account).in_((Account.DECLARED, Account.DISPUTED)),
            col(CapacityEntry.project_id).in_(projects.visible(actor)),
        )
        .group_by(col(CapacityEntry.tranche))
        .having(waits)
        .order_by(col(CapacityEntry.tranche))
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(col(CapacityEntry.tranche) > after)
    return [str(code) for code in session.execute(statement).scalars()]


def lines(session: Session, project: Project, phase: Phase | None = None) -> list[Line]:
    """The entries of a project, or of one of its phases, oldest first."""
    statement = (
        select(CapacityEntry, col(Revision.recorded_at), col(Organisation.code))
        .join(Revision, col(Revision.number) == col(CapacityEntry.revision))
        .outerjoin(Organisation, col(Organisation.id) == col(CapacityEntry.organisation_id))
        .order_by(col(CapacityEntry.id))
    )
    if phase is None:
        statement = statement.where(col(CapacityEntry.project_id) == project.id)
    else:
        statement = statement.where(col(CapacityEntry.phase_id) == phase.id)
    found = list(session.execute(statement))
    if not found:
        return []
    rows = [line[0] for line in found]
    ids = [row.id for row in rows]
    codes: dict[int | None, str] = {}
    if phase is not None:
        codes = {phase.id: phase.code}
    elif any(row.phase_id for row in rows):
        codes = {p.id: p.code for p in projects.phases_of(session, project)}
    postings: dict[int, list[Posting]] = {}
    posted = select(
        col(CapacityPosting.entry_id),
        col(CapacityPosting.account),
        col(CapacityPosting.kw),
        col(CapacityPosting.effective_on),
    ).where(col(CapacityPosting.entry_id).in_(ids))
    for entry_id, account, kw, on in session.execute(posted):
        postings.setdefault(entry_id, []).append(Posting(account, kw, on))
    kept: dict[int, list[RuleFinding]] = {}
    findings = (
        select(RuleFinding).where(col(RuleFinding.entry_id).in_(ids)).order_by(col(RuleFinding.position))
    )
    for finding in session.execute(findings).scalars():
        kept.setdefault(finding.entry_id, []).append(finding)
    return [
        Line(
            row,
            entry(row, codes.get(row.phase_id), postings.get(row.id or 0, ())),
            kept.get(row.id or 0, []),
            at,
            organisation,
        )
        for row, at, organisation in found
    ]


def entry(row: CapacityEntry, phase: str | None, postings: Iterable[Posting] = ()) -> Entry:
    """A ledger row as a domain value."""
    return Entry(
        id=row.id or 0,
        kind=row.kind,
        measure=row.measure,
        kw=row.kw,
        effective_on=row.effective_on,
        precision=row.precision,
        phase=phase,
        tranche=row.tranche,
        reverses=row.reverses_id,
        turbines=row.turbines,
        valid_until=row.valid_until,
        postings=tuple(postings),
    )


def tranches(found: Iterable[Line]) -> list[Tranche]:
    """Tranches folded from the entries that name one, in order of their first entry."""
    groups: dict[str, list[Entry]] = {}
    for line in found:
        if line.entry.tranche is not None:
            groups.setdefault(line.entry.tranche, []).append(line.entry)
    return [Tranche(code, tuple(entries)) for code, entries in groups.items()]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tranche stands: its project, its phase (None: the project alone), and that one's ledger."""

    project: Project
    phase: Phase | None
    lines: list[Line]

    def own(self, code: str) -> list[Line]:
        """The lines of one tranche."""
        return [line for line in self.lines if line.entry.tranche == code]


def place(session: Session, actor: Actor, code: str) -> tuple[Place, Tranche]:
    """A tranche by its code with its place, where `actor` may see it; NotFound otherwise."""
    first = session.execute(
        select(CapacityEntry)
        .where(col(CapacityEntry.tranche) == code)
        .order_by(col(CapacityEntry.id))
        .limit(1)
    ).scalar_one_or_none()
    project = None if first is None else session.get(Project, first.project_id)
    if first is None or project is None or not projects.sees(session, actor, project):
        raise NotFound(Problem.NOT_FOUND, subject="tranche", code=code)
    phase = None if first.phase_id is None else session.get(Phase, first.phase_id)
    found = Place(project, phase, lines(session, project, phase))
    return found, Tranche(code, tuple(line.entry for line in found.own(code)))


def has_unsplit(session: Session, project: Project) -> bool:
    """Whether some tranche of a project names the project alone."""
    statement = select(col(CapacityEntry.id)).where(
        col(CapacityEntry.project_id) == project.id,
        col(CapacityEntry.phase_id).is_(None),
        col(CapacityEntry.tranche).is_not(None),
    )
    return session.execute(statement.limit(1)).first() is not None


def next_tranche_code(session: Session, project: Project) -> str:
    """The code of the next tranche (đợt) of a project: the project's code, a dot, and its running number."""
    statement = select(func.count(func.distinct(col(CapacityEntry.tranche)))).where(
        col(CapacityEntry.project_id) == project.id
    )
    return f"{project.code}.{session.execute(statement).scalar_one() + 1}"


def ground(
    session: Session,
    project: Project,
    phase: Phase | None,
    found: Sequence[Line],
    *,
    without: str | None = None,
) -> recognition.Ground:
    """What a claim on `phase` (or on the project alone) is compared with, leaving out the tranche `without`."""
    here = [line for line in found if phase is None or line.row.phase_id == phase.id]
    phases = [phase] if phase is not None else projects.phases_of(session, project)
    turbines = [t for p in phases for t in projects.turbines_of(session, p)]
    others = [t for t in tranches(here) if t.code != without]
    covered = {line.row.phase_id for line in here}

    def side(measure: Measure) -> list[recognition.Stake] | None:
        stakes = _stakes(here, measure)
        held = {line.row.phase_id for line in here if line.entry.measure == measure}
        known = (
            None in held
            or (phase is not None and bool(held))
            or (bool(phases) and {p.id for p in phases} <= held)
        )
        return stakes if known and covered else None

    return recognition.Ground(
        live=[stake for t in others for stake in _live(t)],
        installed=side(Measure.INSTALLED),
        licensed=side(Measure.LICENSED),
        accepted=side(Measure.ACCEPTED),
        connected=side(Measure.CONNECTED),
        ppa=side(Measure.PPA),
        approved=side(Measure.APPROVED),
        units={t.number: unit(t) for t in turbines},
        taken={number: t.code for t in others if t.is_live for number in t.turbines},
    )


def unit(turbine: Turbine) -> recognition.Unit:
    """A turbine as the rules see it."""
    return recognition.Unit(
        number=turbine.number,
        nameplate_kw=turbine.nameplate_kw,
        energised_on=turbine.energised_on,
        synchronised_on=turbine.synchronised_on,
        tested_on=turbine.tested_on,
    )


def _live(tranche: Tranche) -> list[recognition.Stake]:
    """A tranche's kW that take room: declared, or recognised and not cancelled (suspended turbines still stand)."""
    signs = {Account.DECLARED: 1, Account.RECOGNISED: 1, Account.CANCELLED: -1}
    return [
        recognition.Stake(p.kw * signs[p.account], p.effective_on)
        for p in tranche.postings
        if p.account in signs
    ]


def _stakes(found: Iterable[Line], measure: Measure) -> list[recognition.Stake]:
    """The kW stated for one measure, corrections in place of what they correct."""
    entries = [line.entry for line in found if line.entry.measure == measure]
    replaced = {e.reverses for e in entries if e.reverses is not None}
    return [
        recognition.Stake(
            kw=e.kw,
            effective_on=e.effective_on if e.precision == Precision.DAY else None,
            valid_until=e.valid_until,
        )
        for e in entries
        if e.id not in replaced
    ]
