"""Importing a register file: all of it as one revision or nothing, errors by line, and twice is once.

The real register, the department's own file and an investor's file all come through here. Records are found by their
codes and changed only where they differ; ledger entries are increments, found again by what they state.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.access import Actor, May, require
from app.domain.errors import Invalid, NotFound, TrackerError
from app.domain.problems import Problem
from app.domain.vocabulary import EntryKind, Measure
from app.domain.words import Term
from app.formats import register as files
from app.queries import people as found_people
from app.queries import projects as found
from app.queries import targets as found_targets
from app.schemas import refusals
from app.schemas.ledger import MeasureRecord, TrancheDeclare
from app.schemas.people import OrganisationChange, OrganisationCreate
from app.schemas.projects import (
    PhaseChange,
    PhaseCreate,
    ProjectChange,
    ProjectCreate,
    TurbineChange,
    TurbineCreate,
)
from app.schemas.register import (
    EntryLine,
    OrganisationLine,
    PhaseSection,
    ProjectSection,
    RegisterFile,
)
from app.schemas.targets import TargetChange, TargetCreate
from app.services import (
    entries,
    people,
    projects,
    references,
    register_land,
    register_milestones,
    register_works,
    targets,
    tranches,
)
from app.services.register_steps import Step, Steps, narrowed, result_of
from app.tables.base import key
from app.tables.ledger import CapacityEntry
from app.tables.projects import Phase, Project


@dataclass(frozen=True, slots=True)
class FileError:
    """One thing wrong with a file: where, and which problem."""

    line: int | None
    path: str
    problem: Term
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What an import did, by kind of record."""

    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    left_out: int = 0

    @property
    def moved(self) -> int:
        """How many records came or changed."""
        return self.created.total() + self.changed.total()

    @property
    def changes_nothing(self) -> bool:
        return not self.moved

    def count(self, kind: str, said: str, times: int = 1) -> None:
        {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}[said][kind] += times


def import_file(
    session: Session,
    actor: Actor,
    text: str,
    today: date,
    *,
    until: date | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Outcome:
    """Imports a register file. Entries and figures of a day after `until` are left out and counted.

    Raises Invalid(FILE_REFUSED) with every error and its line; then nothing may be kept.
    """
    require(actor, May.IMPORT_REGISTER)
    document, content = _read(text)
    return _Import(session, actor, today, until, document, progress).run(content)


def _read(text: str) -> tuple[files.Document, RegisterFile]:
    try:
        document = files.read(text)
    except files.Unreadable as error:
        raise _refused(
            [FileError(error.line, "", Problem.FILE_NOT_READABLE, {"reason": error.reason})]
        ) from error
    values = document.values
    if not isinstance(values, dict) or values.get("format") != "wind-register/1":
        raise _refused([FileError(document.line(("format",)), "format", Problem.FILE_FORMAT)])
    if values.get("capacity") != "increments":
        totals = values.get("capacity") == "running_totals"
        problem = Problem.RUNNING_TOTALS if totals else Problem.CAPACITY_NOT_STATED
        raise _refused([FileError(document.line(("capacity",)), "capacity", problem)])
    try:
        return document, RegisterFile.model_validate(values)
    except ValidationError as error:
        raise _refused(
            [_shape(document, e["loc"], e["type"]) for e in error.errors(include_url=False)]
        ) from error


def _shape(document: files.Document, place: tuple[int | str, ...], kind: str) -> FileError:
    return FileError(document.line(place), _dotted(place), refusals.problem(kind))


def _dotted(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place)


def _place(field: str | None) -> files.Path:
    """A field as a place in a file: `reports.0.stage` is inside a list."""
    parts = () if field is None else field.split(".")
    return tuple(int(part) if part.isdecimal() else part for part in parts)


def _refused(errors: list[FileError]) -> Invalid:
    return Invalid(Problem.FILE_REFUSED, lines=errors)


class _Import:
    """One import under way: what it counts, and what it found wrong."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        today: date,
        until: date | None,
        document: files.Document,
        progress: Callable[[int, int], None],
    ) -> None:
        self.session, self.actor, self.today, self.until = session, actor, today, until
        self.document, self.progress = document, progress
        self.outcome, self.errors = Outcome(), list[FileError]()

    def run(self, content: RegisterFile) -> Outcome:
        steps = list(self._steps(content))
        for done, (path, kind, step) in enumerate(steps, 1):
            self._try(path, kind, step)
            self.progress(done, len(steps))
        if self.errors:
            raise _refused(self.errors)
        return self.outcome

    def _steps(self, content: RegisterFile) -> Steps:
        """Every record with its place in the file, in an order in which each finds what it refers to."""
        session, actor = self.session, self.actor
        for i, source in enumerate(content.sources):
            yield ("sources", i), "sources", partial(references.put_source, session, actor, source)
        for i, unit in enumerate(content.administrative_units):
            yield ("administrative_units", i), "units", partial(references.put_unit, session, actor, unit)
        for i, organisation in enumerate(content.organisations):
            yield ("organisations", i), "organisations", partial(self._organisation, organisation)
        for i, target in enumerate(content.targets):
            yield ("targets", i), "targets", partial(self._target, target)
        for i, figure in enumerate(content.reported_figures):
            if self._is_later(figure.effective_on):
                continue
            yield (
                ("reported_figures", i),
                "figures",
                partial(references.put_figure, session, actor, figure),
            )
        for i, project in enumerate(content.projects):
            yield from self._project_steps(("projects", i), project)
        yield from register_works.steps(session, actor, content)
        yield from register_milestones.steps(session, actor, self.today, content, self._is_later)
        yield from register_land.steps(session, actor, self.today, content, self._is_later)

    def _project_steps(self, path: files.Path, section: ProjectSection) -> Steps:
        yield path, "projects", partial(self._project, section)
        for i, phase in enumerate(section.phases):
            yield (*path, "phases", i), "phases", partial(self._phase, section.code, phase)
            for j, turbine in enumerate(phase.turbines):
                yield (
                    (*path, "phases", i, "turbines", j),
                    "turbines",
                    partial(self._turbine, phase, turbine),
                )
            yield (
                (*path, "phases", i),
                "",
                partial(self._entries, section.code, phase.code, phase.entries, (*path, "phases", i)),
            )
        yield path, "", partial(self._entries, section.code, None, section.entries, path)

    def _try(self, path: files.Path, kind: str, step: Step) -> None:
        """Runs one step. A refusal is noted with its line and the rest goes on, so that one reading shows them all."""
        try:
            said = step()
        except TrackerError as error:
            self.errors += self._wrong(path, error)
            return
        if isinstance(said, Counter):
            for outcome, times in said.items():
                self.outcome.count(kind, outcome, times)
        elif said is not None:
            self.outcome.count(kind, said)

    def _wrong(self, path: files.Path, error: TrackerError) -> list[FileError]:
        """What a step refused: one record, or every row of a section that is wrong."""
        if error.problem == Problem.ROWS_REFUSED:
            rows: Any = error.details["rows"]
            return [
                self._at(
                    (*path, "rows", row["row"], *_place(row.get("field"))), refusals.named(row["problem"])
                )
                for row in rows
            ]
        details = {k: v for k, v in error.details.items() if k != "findings"}
        return [self._at((*path, *_place(error.field)), error.problem, details)]

    def _at(self, place: files.Path, problem: Term, details: dict[str, Any] | None = None) -> FileError:
        return FileError(self.document.line(place), _dotted(place), problem, details or {})

    def _is_later(self, day: date) -> bool:
        later = self.until is not None and day > self.until
        self.outcome.left_out += later
        return later

    def _organisation(self, line: OrganisationLine) -> str:
        try:
            found_people.organisation(self.session, line.code)
        except NotFound:
            people.create_organisation(self.session, self.actor, OrganisationCreate(**line.model_dump()))
            return "created"
        fields = line.model_dump(include=line.model_fields_set - {"code", "kind"})
        return result_of(
            self.session,
            lambda: people.change_organisation(
                self.session, self.actor, line.code, OrganisationChange(**fields), None
            ),
        )

    def _target(self, line: TargetCreate) -> str:
        try:
            found_targets.one(self.session, line.code)
        except NotFound:
            targets.create(self.session, self.actor, line)
            return "created"
        change = narrowed(TargetChange, line, {"code"})
        return result_of(
            self.session, lambda: targets.change(self.session, self.actor, line.code, change, None)
        )

    def _project(self, section: ProjectSection) -> str:
        own = {"phases", "entries", "code"}
        try:
            found.public(self.session, section.code)
        except NotFound:
            projects.create(self.session, self.actor, narrowed(ProjectCreate, section, own - {"code"}))
            return "created"
        change = narrowed(ProjectChange, section, own)
        return result_of(
            self.session, lambda: projects.change(self.session, self.actor, section.code, change, None)
        )

    def _phase(self, project: str, section: PhaseSection) -> str:
        try:
            found.public_phase(self.session, section.code)
        except NotFound:
            phase = narrowed(PhaseCreate, section, {"entries", "turbines"}).model_copy(
                update={"project": project}
            )
            projects.create_phase(self.session, self.actor, phase)
            return "created"
        change = narrowed(PhaseChange, section, {"entries", "turbines", "code", "project"})
        return result_of(
            self.session, lambda: projects.change_phase(self.session, self.actor, section.code, change, None)
        )

    def _turbine(self, phase: PhaseSection, line: TurbineCreate) -> str:
        row, _ = found.phase(self.session, self.actor, phase.code)
        if found.turbine(self.session, row, line.number) is None:
            projects.create_turbine(self.session, self.actor, phase.code, line, None, self.today)
            return "created"
        change = narrowed(TurbineChange, line, {"number"})
        return result_of(
            self.session,
            lambda: projects.change_turbine(
                self.session, self.actor, phase.code, line.number, change, None, self.today
            ),
        )

    def _entries(
        self, project_code: str, phase_code: str | None, lines: list[EntryLine], path: files.Path
    ) -> None:
        """The entries of one place. Those that stand already, as often as they stand, are not added again."""
        if not lines:
            return
        if phase_code is None:
            project, phase = found.one(self.session, self.actor, project_code), None
        else:
            phase, project = found.phase(self.session, self.actor, phase_code)
        standing = self._standing(project, phase)
        for i, line in enumerate(lines):
            if self._is_later(line.effective_on):
                continue
            stated = _stated(line)
            if standing[stated]:
                standing[stated] -= 1
                self.outcome.unchanged["entries"] += 1
                continue
            self._try((*path, "entries", i), "entries", partial(self._entry, project, phase, line))

    def _entry(self, project: Project, phase: Phase | None, line: EntryLine) -> str:
        values = line.model_dump(exclude={"capacity_kw", "price_regime"}, exclude_unset=True)
        record = MeasureRecord.model_construct(
            **{**_defaults(MeasureRecord), **values, "capacity_kw": line.capacity_kw}
        )
        if line.measure != Measure.OPERATING:
            entries.record_at(self.session, self.actor, project, phase, record, self.today)
        elif self.actor.may(May.RECOGNISE_BY_SOURCE):
            tranches.recognise_by_source(
                self.session, self.actor, project, phase, record, self.today, price_regime=line.price_regime
            )
        else:
            self._declare(project, phase, line)
        return "created"

    def _declare(self, project: Project, phase: Phase | None, line: EntryLine) -> None:
        """An investor's file makes declarations, whatever it says: the second key is never the investor's."""
        require(self.actor, May.DECLARE_COD)
        shared = set(TrancheDeclare.model_fields) & set(EntryLine.model_fields)
        change = TrancheDeclare.model_construct(
            **{**_defaults(TrancheDeclare), **line.model_dump(include=shared)}
        )
        more = line.model_dump(include={"precision", "confidence", "sources"})
        tranches.declare_at(self.session, self.actor, project, phase, change, self.today, more=more)

    def _standing(self, project: Project, phase: Phase | None) -> Counter[tuple[object, ...]]:
        """What original entries state here already, with how often."""
        originals = (EntryKind.RECORDED, EntryKind.DECLARED, EntryKind.RECOGNISED_BY_SOURCE)
        statement = select(CapacityEntry).where(
            col(CapacityEntry.project_id) == key(project.id), col(CapacityEntry.kind).in_(originals)
        )
        if phase is None:
            statement = statement.where(col(CapacityEntry.phase_id).is_(None))
        else:
            statement = statement.where(col(CapacityEntry.phase_id) == phase.id)
        return Counter(_stated(row) for row in self.session.execute(statement).scalars())


def _stated(entry: EntryLine | CapacityEntry) -> tuple[object, ...]:
    """What makes two entries the same statement."""
    kw = entry.kw if isinstance(entry, CapacityEntry) else entry.capacity_kw
    return (
        entry.measure,
        kw,
        entry.effective_on,
        entry.precision,
        entry.letter_number,
        entry.valid_until,
        tuple(entry.turbines),
    )


def _defaults(model: type[MeasureRecord] | type[TrancheDeclare]) -> dict[str, Any]:
    return {name: info.get_default() for name, info in model.model_fields.items() if not info.is_required()}
