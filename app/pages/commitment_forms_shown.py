"""What the pages of one promise show: its units with where they stand, its life, and what a change of it would come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.db import Session
from app.deps import Ask
from app.domain.access import May
from app.domain.commitments import OWED, Promise
from app.domain.units import KIND_OF, Standing, Unit
from app.domain.vocabulary import CommitmentState, Party, UnitStage
from app.domain.words import Term
from app.pages import forms, sending
from app.pages.forms import Both, Effect, Sent
from app.pages.rendering import Frame, frame
from app.queries import commitments, journal, works
from app.queries import units as stored
from app.queries.commitments import Seen, Step, UnitSeen, View
from app.schemas.base import Asked
from app.tables.commitments import Commitment
from app.tables.works import GridWork

NEW, ONE = "commitment_new.html", "commitment.html"
# So many open units are offered to choose from; a line has up to some hundreds.
MOST_OFFERED = 200


class NewQuery(Asked):
    """What the form begins with."""

    work: str | None = None
    stage: str | None = None
    units: str | None = None


def numbers(text: str, _name: str) -> list[str]:
    """Numbers of units as people list them: 35, 36; 37."""
    return text.replace(";", ",").replace(",", " ").split()


@dataclass(frozen=True, slots=True)
class Then:
    """A promise as it would stand, after the change that says so was taken back and with it the rows."""

    stage: UnitStage
    state: CommitmentState
    promise: Promise
    units: Sequence[UnitSeen]


@dataclass(frozen=True, slots=True)
class MakingPage:
    """The template's context. `open` are the units of the chosen stage that are not done, with where each stands; `then` is
    the promise as it would be."""

    frame: Frame
    sent: Sent
    lines: Sequence[GridWork]
    open: Sequence[tuple[Unit, Standing]]
    once: str
    effect: Effect | None = None
    then: Then | None = None

    @property
    def works(self) -> list[tuple[str, str]]:
        return [(line.code, line.name) for line in self.lines]

    @property
    def parties(self) -> list[Party]:
        return list(Party)

    @property
    def stages(self) -> list[UnitStage]:
        return list(UnitStage)


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """The template's context. `may_change`: this reader keeps the work."""

    frame: Frame
    seen: Seen
    history: Sequence[Step]
    may_change: bool
    act: str = ""
    sent: Sent = field(default_factory=Sent)
    effect: Effect | None = None
    then: Then | None = None
    both: Sequence[Both] = ()

    @property
    def responsible(self) -> Party:
        return Party(self.seen.row.responsible)

    @property
    def acts(self) -> list[str]:
        """What may be done to it as it stands."""
        if not self.may_change or self.seen.state not in OWED:
            return []
        return ["postpone", "withdraw"] if self.seen.state == CommitmentState.OPEN else ["postpone"]


def making(
    session: Session, ask: Ask, sent: Sent, effect: Effect | None = None, then: Then | None = None
) -> MakingPage:
    """The form of a new promise."""
    own = None if ask.actor.may(May.REPORT_FOR_OTHERS) else ask.actor.organisation_id
    lines = works.lines_of(session, own)
    return MakingPage(frame(ask), sent, lines, _open(session, ask, sent, lines), sending.once(), effect, then)


def _open(session: Session, ask: Ask, sent: Sent, lines: Sequence[GridWork]) -> list[tuple[Unit, Standing]]:
    """The units that the chosen stage of the chosen work still has to do."""
    work = next((work for work in lines if work.code == sent.value("work")), None)
    if work is None or sent.value("stage") not in set(UnitStage):
        return []
    stage = UnitStage(sent.value("stage"))
    line = stored.line(session, work, journal.head(session))
    standings = ((unit, line.standing(unit, stage, ask.today)) for unit in line.of(KIND_OF[stage]))
    return [(unit, found) for unit, found in standings if not found.is_done][:MOST_OFFERED]


def _view(session: Session, ask: Ask) -> View:
    # What an open change has written belongs to the revision after the last. Today is not over.
    return View(ask.today, journal.head(session) + 1, is_over=False)


def then(session: Session, ask: Ask, row: Commitment) -> Then:
    """How a promise stands within a change."""
    found = commitments.seen(session, _view(session, ask), row)
    return Then(row.stage, found.state, found.promise, found.units)


def one(
    session: Session,
    ask: Ask,
    commitment_id: int,
    act: str,
    sent: Sent,
    effect: Effect | None = None,
    then: Then | None = None,
    fields: Mapping[str, tuple[Term, type[Term] | None]] | None = None,
) -> CommitmentPage:
    """One promise. NotFound where the reader does not see its work."""
    row = commitments.one(session, ask.actor, commitment_id)
    found = commitments.seen(session, _view(session, ask), row)
    is_own = found.work.owner_id is not None and found.work.owner_id == ask.actor.organisation_id
    present = {"due_on": found.promise.due_on.isoformat()}
    return CommitmentPage(
        frame(ask),
        found,
        commitments.history(session, row, _view(session, ask)),
        may_change=ask.actor.may(May.CHANGE_WORKS) and (is_own or ask.actor.may(May.REPORT_FOR_OTHERS)),
        act=act,
        sent=sent,
        effect=effect,
        then=then,
        both=forms.both(sent, present, fields or {}),
    )
