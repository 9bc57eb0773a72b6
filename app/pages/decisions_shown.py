"""What the page of a tranche shows: the claim and its letter, what the rules say now, the ladder, and its whole life."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.db import Session
from app.deps import Ask
from app.domain.calendar import local_day
from app.domain.capacity import Figures, Tranche
from app.domain.errors import Invalid
from app.domain.milestones import decision_due_on
from app.domain.recognition import Claim
from app.domain.rules import Finding
from app.domain.vocabulary import Account, Measure, SubjectKind
from app.pages.decisions_acts import Act, possible
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame
from app.queries import capacity, claims, journal, ledger, subjects, waiting_claims
from app.queries.capacity import View
from app.queries.ledger import Line, Place
from app.queries.subjects import Holder
from app.tables.documents import Document
from app.tables.organisations import Organisation

# What a recognition is compared with, from the first turbine to the licence.
COMPARED = (
    *(Measure.CONNECTED, Measure.PPA, Measure.INSTALLED),
    *(Measure.ACCEPTED, Measure.LICENSED, Measure.OPERATING),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A tranche with everything beside it. `findings` are those of the claim as it stands, where it waits; `kept` those
    that stand in the ledger with its last entry. `figures` are of its phase, or of the project alone."""

    tranche: Tranche
    holder: Holder
    revision: int
    lines: Sequence[Line]
    organisations: Mapping[int | None, Organisation]
    documents: Sequence[Document]
    findings: Sequence[Finding]
    figures: Figures
    acts: Sequence[Act]
    is_own: bool

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def waits(self) -> bool:
        return bool(self.tranche.kw(Account.DECLARED) or self.tranche.kw(Account.DISPUTED))

    @property
    def declared_on(self) -> date | None:
        return None if self.tranche.claim is None else local_day(self.first.row.recorded_at)

    @property
    def due_on(self) -> date | None:
        """By when it should be decided; None where nobody waits any more."""
        return decision_due_on(self.declared_on) if self.tranche.kw(Account.DECLARED) else None

    @property
    def taken_back(self) -> list[Account]:
        """What no longer counts of it, and why."""
        return [account for account in (Account.SUSPENDED, Account.CANCELLED) if self.tranche.kw(account)]

    @property
    def rungs(self) -> list[tuple[Measure, int | None]]:
        return [(measure, self.figures.rung_kw(measure)) for measure in COMPARED]

    @property
    def is_illustrative(self) -> bool:
        return bool(self.first.row.is_illustrative)


@dataclass(frozen=True, slots=True)
class TranchePage:
    """The template's context. `after` is the tranche as it would be; `refused` are the rules that stand against it."""

    frame: Frame
    shown: Shown
    act: Act | None = None
    sent: Sent = field(default_factory=Sent)
    effect: Effect | None = None
    after: Shown | None = None
    refused: Sequence[Finding] = ()
    both: Sequence[Both] = ()

    @property
    def findings(self) -> Sequence[Finding]:
        """What the rules say: of what was just tried, else of the claim as it stands."""
        return self.refused or self.shown.findings

    @property
    def days_left(self) -> int | None:
        due_on, today = self.shown.due_on, self.frame.today
        return None if due_on is None or today is None else (due_on - today).days


def read(session: Session, ask: Ask, code: str) -> Shown:
    """A tranche as it stands now, within a change too. NotFound where the reader does not see it."""
    place, tranche = ledger.place(session, ask.actor, code)
    lines = ledger.shown(session, ask.actor, code).lines
    home = holder(session, place)
    first = lines[0].row
    view = View(ask.actor, ask.today, journal.head(session) + 1)
    is_own = ask.actor.organisation_id is not None and first.organisation_id == ask.actor.organisation_id
    return Shown(
        tranche=tranche,
        holder=home,
        revision=place.revision,
        lines=lines,
        organisations=waiting_claims.organisations(session, {line.row.organisation_id for line in lines}),
        documents=waiting_claims.letters(session, home.kind, home.id, first.letter_number),
        findings=_findings(session, place, tranche),
        figures=_figures(session, view, home),
        acts=possible(ask.actor, tranche, is_own=is_own),
        is_own=is_own,
    )


def holder(session: Session, place: Place) -> Holder:
    """The phase of a tranche, or its project where it names no phase."""
    if place.phase is None:
        return subjects.by_id(session, SubjectKind.PROJECT, place.project.id or 0)
    return subjects.by_id(session, SubjectKind.PHASE, place.phase.id or 0)


def _figures(session: Session, view: View, home: Holder) -> Figures:
    of = capacity.by_phase if home.kind == SubjectKind.PHASE else capacity.by_project
    return of(session, view, [home.id]).get(home.id, Figures())


def _findings(session: Session, place: Place, tranche: Tranche) -> list[Finding]:
    """What the rules say of an open claim today; nothing of what is decided."""
    if not (tranche.kw(Account.DECLARED) or tranche.kw(Account.DISPUTED)):
        return []
    said = place.own(tranche.code)[0].row
    claim = Claim(said.kw, said.effective_on, said.turbines, said.letter_on, said.application_on)
    try:
        return claims.found_by_rules(
            session, place.project, place.phase, place.lines, claim, without=tranche.code
        )
    except Invalid:
        return []  # It names a turbine that is no longer there; whoever decides is told at that field.
