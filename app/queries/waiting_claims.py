"""What was declared and is not decided, with all that whoever decides looks at: who said it, the letter, the warnings."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import milestones as domain
from app.domain.calendar import local_day
from app.domain.milestones import Stated
from app.domain.vocabulary import EntryKind, MilestoneAct, SubjectKind
from app.queries import milestones, subjects
from app.queries.capacity import View
from app.queries.milestones import Line
from app.tables.base import key
from app.tables.documents import Document
from app.tables.ledger import CapacityEntry, RuleFinding
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.organisations import Organisation

MILESTONE, TRANCHE = "milestone", "tranche"
# Since when something waits, what it is, and its id: its place in the queue.
Mark = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something that was declared and is not decided: a tranche by its declaration (and, where it is disputed, by what
    was said against it), or a milestone by its last declared actual. `documents` lie beside it, the one it names first."""

    mark: Mark
    subject: SubjectKind
    code: str
    name: str
    stated: Stated
    documents: Sequence[Document]
    organisation: Organisation | None
    tranche: CapacityEntry | None = None
    dispute: CapacityEntry | None = None
    findings: Sequence[RuleFinding] = ()
    milestone: Line | None = None
    declaration: MilestoneEntry | None = None
    is_illustrative: bool = False

    @property
    def declared_on(self) -> date:
        return local_day(self.mark[0])

    @property
    def due_on(self) -> date:
        """By when it should be decided."""
        return self.declared_on + domain.DECISION_TAKES

    def days_left(self, today: date) -> int:
        """Days until then; below 0 it is overdue."""
        return (self.due_on - today).days

    @property
    def declared_by(self) -> tuple[int | None, int | None]:
        """The ids of the user and the organisation that declared."""
        said = self.tranche or self.declaration
        return (None, None) if said is None else (said.user_id, said.organisation_id)


def of_tranches(session: Session, marks: Sequence[Mark]) -> dict[Mark, Claim]:
    """The claims of tranches by their places in the queue, which name their declarations."""
    ids = [row for _, _, row in marks]
    asked = select(CapacityEntry).where(col(CapacityEntry.id).in_(ids))
    rows = {key(row.id): row for row in session.execute(asked).scalars()}
    homes = {i: _home(row) for i, row in rows.items()}
    names = subjects.names(session, set(homes.values()))
    disputes = _disputes(session, [row.tranche for row in rows.values()])
    letters = _letters(session, [(*homes[i], row.letter_number) for i, row in rows.items()])
    who = organisations(session, {row.organisation_id for row in rows.values()})
    kept = select(RuleFinding).where(col(RuleFinding.entry_id).in_(ids)).order_by(col(RuleFinding.position))
    findings: dict[int, list[RuleFinding]] = defaultdict(list)
    for finding in session.execute(kept).scalars():
        findings[finding.entry_id].append(finding)
    return {
        mark: Claim(
            mark,
            homes[i][0],
            *names[homes[i]],
            stated=Stated(row.effective_on, row.precision),
            documents=letters.get((*homes[i], row.letter_number), ()),
            organisation=who.get(row.organisation_id),
            tranche=row,
            dispute=disputes.get(row.tranche),
            findings=findings[i],
            is_illustrative=row.is_illustrative,
        )
        for mark in marks
        for i, row in [(mark[2], rows[mark[2]])]
    }


def _home(row: CapacityEntry) -> tuple[SubjectKind, int]:
    if row.phase_id is None:
        return SubjectKind.PROJECT, row.project_id
    return SubjectKind.PHASE, row.phase_id


def _disputes(session: Session, codes: Sequence[str | None]) -> dict[str | None, CapacityEntry]:
    """The last word against each tranche, where there is one."""
    asked = (
        select(CapacityEntry)
        .where(col(CapacityEntry.tranche).in_(codes), col(CapacityEntry.kind) == EntryKind.DISPUTED)
        .order_by(col(CapacityEntry.id))
    )
    return {row.tranche: row for row in session.execute(asked).scalars()}


Letter = tuple[SubjectKind, int, str | None]


def _letters(session: Session, wanted: Sequence[Letter]) -> dict[Letter, list[Document]]:
    """The documents that subjects keep under a number, newest first."""
    numbers = {number for _, _, number in wanted if number is not None}
    if not numbers:
        return {}
    asked = select(Document).where(col(Document.number).in_(numbers)).order_by(col(Document.id).desc())
    found: dict[Letter, list[Document]] = defaultdict(list)
    for row in session.execute(asked).scalars():
        found[row.subject, row.subject_id, row.number].append(row)
    return {place: found[place] for place in wanted if place in found}


def letters(session: Session, subject: SubjectKind, subject_id: int, number: str | None) -> list[Document]:
    """The documents that a subject keeps under a number, newest first. Whoever calls has asked whether it is seen."""
    place = subject, subject_id, number
    return _letters(session, [place]).get(place, [])


def of_milestones(session: Session, view: View, marks: Sequence[Mark]) -> dict[Mark, Claim]:
    """The claims of milestones by their places in the queue; one without an actual has none."""
    ids = [row for _, _, row in marks]
    rows = list(session.execute(select(Milestone).where(col(Milestone.id).in_(ids))).scalars())
    lines = {key(line.row.id): line for line in milestones.completed(session, view, rows)}
    names = subjects.names(session, {(row.subject, row.subject_id) for row in rows})
    told = declarations(session, ids)
    documents = proofs(session, ids, told)
    who = organisations(session, {said.organisation_id for said in told.values()})
    found: dict[Mark, Claim] = {}
    for mark in marks:
        line = lines.get(mark[2])
        if line is None or line.state.actual is None:
            continue
        said = told.get(mark[2])
        found[mark] = Claim(
            mark,
            line.row.subject,
            *names[line.row.subject, line.row.subject_id],
            stated=line.state.actual,
            documents=documents.get(mark[2], ()),
            organisation=None if said is None else who.get(said.organisation_id),
            milestone=line,
            declaration=said,
            is_illustrative=line.row.is_illustrative,
        )
    return found


def declarations(session: Session, ids: Collection[int]) -> dict[int, MilestoneEntry]:
    """The last declaration of each milestone."""
    entry = MilestoneEntry
    asked = (
        select(entry)
        .where(col(entry.milestone_id).in_(ids), col(entry.act) == MilestoneAct.DECLARED)
        .order_by(col(entry.id))
    )
    return {row.milestone_id: row for row in session.execute(asked).scalars()}


def proofs(
    session: Session, ids: Collection[int], told: dict[int, MilestoneEntry]
) -> dict[int, list[Document]]:
    """The documents behind milestones: the one that the last declaration names, then what else proves it, newest first."""
    named: dict[int | None, int] = {s.document_id: i for i, s in told.items() if s.document_id is not None}
    asked = (
        select(Document)
        .where(or_(col(Document.milestone_id).in_(ids), col(Document.id).in_(named)))
        .order_by(col(Document.id).desc())
    )
    found: dict[int, list[Document]] = defaultdict(list)
    for row in session.execute(asked).scalars():
        is_named = row.id in named
        home = named[row.id] if is_named else row.milestone_id
        if home is not None and home in ids:
            found[home].insert(0 if is_named else len(found[home]), row)
    return found


def organisations(session: Session, ids: set[int | None]) -> dict[int | None, Organisation]:
    """Organisations by id."""
    asked = select(Organisation).where(col(Organisation.id).in_(ids))
    return {row.id: row for row in session.execute(asked).scalars()}
