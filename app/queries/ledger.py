"""The ledger's entries as domain values, tranches folded from them, and the ground a claim is checked against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import recognition
from app.domain.access import Actor
from app.domain.capacity import Entry, Posting, Tranche
from app.domain.errors import NotFound
from app.domain.problems import Problem
from app.domain.vocabulary import Account, Measure, Precision
from app.queries import projects
from app.queries.prepared import Plain, Prepared
from app.queries.projects import Known, Subject
from app.tables.base import table
from app.tables.journal import Revision
from app.tables.ledger import CapacityEntry, CapacityPosting, RuleFinding
from app.tables.organisations import Organisation
from app.tables.projects import Phase, Project

_ENTRY, _PROJECT, _PHASE = table(CapacityEntry), table(Project), table(Phase)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with everything that is kept about it; `row` also says when it was recorded, and codes for its ids."""

    row: Plain
    entry: Entry
    findings: list[Plain]


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


def lines(session: Session, project: Subject, phase: Subject | None = None) -> list[Line]:
    """The entries of a project, or of one of its phases, oldest first."""
    return _lines(session, _OF_PROJECT, project.id) if phase is None else of_phase(session, phase.id)


def of_phase(session: Session, phase_id: int | None) -> list[Line]:
    """The entries of a phase, oldest first."""
    return _lines(session, _OF_PHASE, phase_id)


def bare(session: Session, project: Subject, phase: Subject | None = None) -> list[Line]:
    """The same without the findings kept with each entry, which the rules do not ask for."""
    return _bare(session, _OF_PROJECT, project.id) if phase is None else _bare(session, _OF_PHASE, phase.id)


def _lines(session: Session, asked: "_Asked", place: int | None) -> list[Line]:
    found = _bare(session, asked, place)
    return _with(found, asked.findings.all(session, place=place)) if found else found


def _bare(session: Session, asked: "_Asked", place: int | None) -> list[Line]:
    found = asked.entries.all(session, place=place)
    postings: dict[int, list[Posting]] = {}
    for entry_id, account, kw, on in asked.postings.all(session, place=place) if found else ():
        postings.setdefault(entry_id, []).append(Posting(account, kw, on))
    return [Line(row, entry(row, postings.get(row.id, ())), []) for row in found]


def _with(found: list[Line], findings: Iterable[Plain]) -> list[Line]:
    by_entry: dict[int, list[Plain]] = {}
    for finding in findings:
        by_entry.setdefault(finding.entry_id, []).append(finding)
    return [Line(line.row, line.entry, by_entry.get(line.row.id, [])) for line in found]


def entry(row: Plain, postings: Iterable[Posting]) -> Entry:
    """A stored entry as the domain counts with it."""
    return Entry(
        id=row.id,
        kind=row.kind,
        measure=row.measure,
        kw=row.kw,
        effective_on=row.effective_on,
        precision=row.precision,
        phase=row.phase,
        tranche=row.tranche,
        reverses=row.reverses_id,
        turbines=row.turbines,
        valid_until=row.valid_until,
        postings=tuple(postings),
    )


class _Asked:
    """The three queries of one ledger: of a project, or of a phase, by the column that names it."""

    def __init__(self, column: str) -> None:
        entry, posting, finding = table(CapacityEntry), table(CapacityPosting), table(RuleFinding)
        revision, organisation, phase = table(Revision), table(Organisation), table(Phase)
        codes = (organisation.c.code.label("organisation"), phase.c.code.label("phase"))
        self.entries = Prepared(
            select(*entry.c, revision.c.recorded_at, *codes)
            .join(revision, revision.c.number == entry.c.revision)
            .outerjoin(organisation, organisation.c.id == entry.c.organisation_id)
            .outerjoin(phase, phase.c.id == entry.c.phase_id)
            .where(entry.c[column] == bindparam("place"))
            .order_by(entry.c.id)
        )
        self.postings = Prepared(
            select(posting.c.entry_id, posting.c.account, posting.c.kw, posting.c.effective_on)
            .where(posting.c[column] == bindparam("place"))
            .order_by(posting.c.id)
        )
        self.findings = Prepared(
            select(*finding.c)
            .join(entry, entry.c.id == finding.c.entry_id)
            .where(entry.c[column] == bindparam("place"))
            .order_by(finding.c.entry_id, finding.c.position)
        )


_OF_PROJECT, _OF_PHASE = _Asked("project_id"), _Asked("phase_id")
_OF_TRANCHE = Prepared(
    select(*table(RuleFinding).c)
    .join(_ENTRY, _ENTRY.c.id == table(RuleFinding).c.entry_id)
    .where(_ENTRY.c.tranche == bindparam("tranche"))
    .order_by(table(RuleFinding).c.entry_id, table(RuleFinding).c.position)
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

    project: Subject
    phase: Subject | None
    revision: int
    lines: list[Line]

    def own(self, code: str) -> list[Line]:
        """The lines of one tranche."""
        return [line for line in self.lines if line.entry.tranche == code]


def place(session: Session, actor: Actor, code: str) -> tuple[Place, Tranche]:
    """A tranche by its code with its place, to be changed, where `actor` may see it; NotFound otherwise."""
    first = _first(session, actor, code)
    project = Known(first.project_id, first.project, first.is_project_illustrative)
    phase = (
        None if first.phase_id is None else Known(first.phase_id, first.phase, first.is_phase_illustrative)
    )
    found = Place(project, phase, first.revision, bare(session, project, phase))
    return found, Tranche(code, tuple(line.entry for line in found.own(code)))


@dataclass(frozen=True, slots=True)
class Shown:
    """A tranche to be read: its lines, and what it shows of its project."""

    project: str
    revision: int
    lines: list[Line]


def shown(session: Session, actor: Actor, code: str) -> Shown:
    """A tranche by its code, where `actor` may see it; NotFound otherwise."""
    first = _first(session, actor, code)
    asked, place = (_OF_PROJECT, first.project_id) if first.phase_id is None else (_OF_PHASE, first.phase_id)
    own = [line for line in _bare(session, asked, place) if line.entry.tranche == code]
    return Shown(first.project, first.revision, _with(own, _OF_TRANCHE.all(session, tranche=code)))


def _first(session: Session, actor: Actor, code: str) -> Plain:
    found: Plain | None = _FIRST_ENTRY.first(session, tranche=code)
    if found is None or not projects.sees(actor, found.investor_id):
        raise NotFound(Problem.NOT_FOUND, subject="tranche", code=code)
    return found


_FIRST_ENTRY = Prepared(
    select(
        _ENTRY.c.project_id,
        _PROJECT.c.code.label("project"),
        _PROJECT.c.is_illustrative.label("is_project_illustrative"),
        _PROJECT.c.revision,
        _PROJECT.c.investor_id,
        _ENTRY.c.phase_id,
        _PHASE.c.code.label("phase"),
        _PHASE.c.is_illustrative.label("is_phase_illustrative"),
    )
    .join(_PROJECT, _PROJECT.c.id == _ENTRY.c.project_id)
    .outerjoin(_PHASE, _PHASE.c.id == _ENTRY.c.phase_id)
    .where(_ENTRY.c.tranche == bindparam("tranche"))
    .order_by(_ENTRY.c.id)
    .limit(1)
)


def has_unsplit(session: Session, project: Subject) -> bool:
    """Whether some tranche of a project names the project alone."""
    return _UNSPLIT.first(session, project=project.id) is not None


_UNSPLIT = Prepared(
    select(_ENTRY.c.id)
    .where(
        _ENTRY.c.project_id == bindparam("project"),
        _ENTRY.c.phase_id.is_(None),
        _ENTRY.c.tranche.is_not(None),
    )
    .limit(1)
)


def next_tranche_code(session: Session, project: Subject) -> str:
    """The code of the next tranche (đợt) of a project: the project's code, a dot, and its running number."""
    last = _LAST_TRANCHE.first(session, project=project.id)
    return f"{project.code}.{int(last.tranche.rpartition('.')[2]) + 1 if last else 1}"


# Every entry of a tranche but its first names what it reverses.
_LAST_TRANCHE = Prepared(
    select(_ENTRY.c.tranche)
    .where(
        _ENTRY.c.project_id == bindparam("project"),
        _ENTRY.c.tranche.is_not(None),
        _ENTRY.c.reverses_id.is_(None),
    )
    .order_by(_ENTRY.c.id.desc())
    .limit(1)
)


def ground(
    session: Session,
    project: Subject,
    phase: Subject | None,
    found: Sequence[Line],
    *,
    without: str | None = None,
) -> recognition.Ground:
    """What a claim on `phase` (or on the project alone) is compared with, leaving out the tranche `without`."""
    here = [line for line in found if phase is None or line.row.phase_id == phase.id]
    phases = [phase] if phase is not None else projects.phases_of(session, project)
    turbines = [t for p in phases for t in projects.turbines_of(session, p)]
    others = [t for t in tranches(here) if t.code != without]

    def side(measure: Measure) -> list[recognition.Stake] | None:
        stands = _standing(here, measure)
        held = {line.row.phase_id for line in stands}
        known = (
            None in held
            or (phase is not None and bool(held))
            or (bool(phases) and {p.id for p in phases} <= held)
        )
        return [_stake(line.entry) for line in stands] if known else None

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


def unit(turbine: Plain) -> recognition.Unit:
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


def _standing(found: Iterable[Line], measure: Measure) -> list[Line]:
    """What is stated for one measure: corrections in place of what they correct, and nothing that was taken back."""
    lines = [line for line in found if line.entry.measure == measure]
    replaced = {line.entry.reverses for line in lines}
    return [line for line in lines if line.entry.id not in replaced and line.entry.kw]


def _stake(entry: Entry) -> recognition.Stake:
    exact = entry.precision == Precision.DAY
    return recognition.Stake(entry.kw, entry.effective_on if exact else None, entry.valid_until)
