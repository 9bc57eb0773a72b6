"""What of the journal a reader may see: asked of the rows as they stand when it is read, as every other query asks.

Facts are never changed, but whose a project is and which phase needs a work may be: then facts that were shown are
shown no more, and others are for the first time. `is_moved` names the facts that do that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Integer, and_, literal, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import feed
from app.domain.access import Actor, May
from app.domain.feed import Audience, Home, Shown
from app.domain.vocabulary import Fact as FactKind
from app.domain.vocabulary import OrganisationKind, SubjectKind, Track
from app.outside import shipped
from app.queries import projects, subjects
from app.tables.base import Word, table
from app.tables.commitments import Commitment
from app.tables.documents import Document
from app.tables.journal import Fact
from app.tables.obstacles import Obstacle
from app.tables.organisations import Organisation
from app.tables.projects import Project
from app.tables.works import Clearance, GridWork

_FACT, _PROJECT, _ORGANISATION = table(Fact).c, table(Project).c, table(Organisation).c
# Facts of these may be seen by the authority of the district in which a package lies, whosever the project is.
_OF_LAND = ("clearance", "household", "milestone", "milestones", "obstacle", "document")
_HOLDERS = ("project", "grid_work", "evacuation_group")
_NO_PROJECT = literal(None, Integer)
# Not to be looked up in the index of subjects, which would put facts out of their order.
PLAIN_SUBJECT: ColumnElement[str] = _FACT.subject.concat("")


class Said(Protocol):
    """A fact as it was read: a row of the journal, or of `changes.COLUMNS`."""

    @property
    def revision(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def subject_code(self) -> str: ...
    @property
    def project_id(self) -> int | None: ...
    @property
    def before(self) -> dict[str, Any] | None: ...
    @property
    def after(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Change:
    """A fact as a reader sees it, and the code of its project. `is_near`: the reader sees the detail of its subject."""

    fact: Shown
    project: str | None
    is_near: bool


@dataclass(frozen=True, slots=True)
class _Owned:
    code: str
    investor_id: int | None
    created_in: int


class Sight:
    """One reader's eyes for one transaction. `learn` reads in bulk what `shown` and `is_moved` ask of some facts."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self._session, self._actor = session, actor
        self.reader: Audience = feed.audience(actor, _district(session, actor))
        self._projects: dict[int, _Owned | None] = {}
        self._organisations: dict[int, str] = {}
        self._seen: dict[str, set[Any]] = {name: set() for name in feed.OF_ITSELF}
        self._tracks: dict[str, Track] = {}

    def learn(self, facts: Iterable[Said]) -> None:
        """Reads what the visibility and the words of these facts hang on: a few statements however many they are."""
        asked: dict[str, set[int]] = {name: set() for name in feed.OF_ITSELF}
        owned, held, land = set(), set(), set()
        for fact in facts:
            owned.add(fact.project_id)
            if fact.subject in asked:
                asked[fact.subject].add(int(fact.subject_code))
            elif fact.subject in _HOLDERS:
                held |= _organisations_in(fact)
            elif fact.kind == FactKind.MILESTONES_APPLIED and fact.subject_code.startswith("clearance/"):
                land.add(fact.subject_code.partition("/")[2])
        self._learn_projects(owned - self._projects.keys() - {None})
        self._learn_organisations(held - self._organisations.keys())
        self._learn_tracks(land - self._tracks.keys())
        if not self.reader.sees_everything:
            for name, ids in asked.items():
                self._seen[name] |= self._visible(name, ids)

    def shown(self, fact: Said) -> Change | None:
        """A fact that was learnt, as the reader sees it; None where it does not."""
        is_near = self._sees(feed.home(fact.subject, fact.subject_code, fact.project_id), fact.revision)
        after = fact.after
        if fact.kind == FactKind.MILESTONES_APPLIED and after is not None:
            after = {**after, "codes": self._steps(fact.subject_code, after.get("template_version"))}
        seen = feed.seen(
            self.reader,
            fact.kind,
            fact.subject,
            fact.subject_code,
            fact.before,
            after,
            sees_detail=is_near,
        )
        if seen is None:
            return None
        known = self._organisations
        worded = Shown(
            seen.kind,
            seen.subject,
            seen.code,
            seen.effect,
            feed.worded(seen.before, known),
            feed.worded(seen.after, known),
            seen.said,
        )
        return Change(worded, self._project(fact), is_near)

    def is_moved(self, fact: Said) -> bool:
        """Whether a fact that was learnt changes what the reader may see of those before it."""
        if self.reader.sees_everything:
            return False
        is_near = self._sees(feed.home(fact.subject, fact.subject_code, fact.project_id), fact.revision)
        return feed.changes_sight(
            self.reader, fact.kind, fact.subject_code, fact.before, fact.after, sees_detail=is_near
        )

    def actor_of(self, fact: Change, by: dict[str, Any]) -> dict[str, Any] | None:
        """Who stated a fact, as far as the reader may know: a login only inside its own organisation."""
        if not fact.is_near:
            return None
        organisation = by.get("organisation")
        is_own = organisation is not None and organisation == self.reader.organisation
        user = by.get("user") if is_own or self.reader.reads_journal else None
        return {"role": by.get("role"), "organisation": organisation, "user": user}

    @property
    def wanted(self) -> ColumnElement[bool] | None:
        """A condition on facts that lets pass all that the reader sees, and keeps most of the rest away; None where the
        reader sees everything."""
        if self.reader.sees_everything:
            return None
        if not self._actor.may(May.READ_DETAIL):
            return PLAIN_SUBJECT.in_(sorted(feed.OPEN))
        land = _OF_LAND if self.reader.district is not None else ()
        return or_(
            PLAIN_SUBJECT.in_(sorted({*feed.OPEN, *land})),
            _FACT.project_id.is_(None),
            _FACT.project_id.in_(projects.visible(self._actor)),
        )

    @cached_property
    def _works(self) -> set[str]:
        kind = literal(SubjectKind.GRID_WORK, Word(SubjectKind))
        seen = subjects.visible(self._actor, kind, col(GridWork.id), _NO_PROJECT)
        return set(self._session.execute(select(col(GridWork.code)).where(seen)).scalars())

    @cached_property
    def _clearances(self) -> set[str]:
        kind = literal(SubjectKind.CLEARANCE, Word(SubjectKind))
        seen = subjects.visible(self._actor, kind, col(Clearance.id), col(Clearance.project_id))
        return set(self._session.execute(select(col(Clearance.code)).where(seen)).scalars())

    def _sees(self, home: Home, revision: int) -> bool:
        if self.reader.sees_everything:
            return True
        if home.kind == "project":
            owned = None if home.key is None else self._owned(home.key, revision)
            return owned is not None and projects.sees(self._actor, owned.investor_id)
        if home.kind == "grid_work":
            return home.key in self._works
        if home.kind == "clearance":
            return home.key in self._clearances
        return home.key in self._seen[home.kind]

    def _owned(self, project_id: Any, revision: int) -> _Owned | None:
        """The project of a fact. SQLite gives the id of a removed project to the next one, which is another."""
        owned = self._projects.get(project_id)
        return owned if owned is not None and owned.created_in <= revision else None

    def _project(self, fact: Said) -> str | None:
        if fact.subject == "project":
            return fact.subject_code
        owned = None if fact.project_id is None else self._owned(fact.project_id, fact.revision)
        return None if owned is None else owned.code

    def _learn_projects(self, ids: set[Any]) -> None:
        if not ids:
            return
        self._projects |= dict.fromkeys(ids)
        columns = (_PROJECT.id, _PROJECT.code, _PROJECT.investor_id, _PROJECT.created_in)
        for project_id, *owned in self._session.execute(select(*columns).where(_PROJECT.id.in_(ids))):
            self._projects[project_id] = _Owned(*owned)

    def _learn_organisations(self, ids: set[int]) -> None:
        if ids:
            asked = select(_ORGANISATION.id, _ORGANISATION.code).where(_ORGANISATION.id.in_(ids))
            self._organisations |= {row_id: code for row_id, code in self._session.execute(asked)}

    def _learn_tracks(self, codes: set[str]) -> None:
        if codes:
            asked = select(col(Clearance.code), col(Clearance.track)).where(col(Clearance.code).in_(codes))
            self._tracks |= {code: track for code, track in self._session.execute(asked)}

    def _visible(self, name: str, ids: set[int]) -> set[int]:
        """Those of some obstacles, documents or commitments that hang on a subject the reader sees."""
        if not ids:
            return set()
        of: Any = {"obstacle": Obstacle, "document": Document, "commitment": Commitment}[name]
        if of is Commitment:
            kind = literal(SubjectKind.GRID_WORK, Word(SubjectKind))
            seen = subjects.visible(self._actor, kind, of.work_id, _NO_PROJECT)
        else:
            seen = subjects.visible(self._actor, of.subject, of.subject_id, of.project_id)
        return set(self._session.execute(select(of.id).where(and_(of.id.in_(ids), seen, true()))).scalars())

    def _steps(self, path: str, version: int | None) -> Sequence[str]:
        """The milestones that a template gave a subject, by their codes."""
        kind, _, code = path.partition("/")
        try:
            templates = shipped.templates(version)
        except KeyError:
            return ()
        if kind == SubjectKind.CLEARANCE:
            is_corridor = self._tracks.get(code) == Track.CORRIDOR
            track = "corridor_clearance" if is_corridor else "land_clearance"
            return [step.code for step in templates.template(track).milestones]
        return [step.code for step in templates if step.subject == kind]


def _organisations_in(fact: Said) -> set[int]:
    sides = (fact.before or {}, fact.after or {})
    found = (side.get(name) for side in sides for name in ("investor_id", "owner_id"))
    return {row_id for row_id in found if isinstance(row_id, int)}


def _district(session: Session, actor: Actor) -> str | None:
    """The district whose land the actor's organisation keeps, where it is a district authority."""
    if actor.organisation_id is None or actor.may(May.SEE_EVERY_PROJECT):
        return None
    asked = select(col(Organisation.district_code)).where(
        col(Organisation.id) == actor.organisation_id,
        col(Organisation.kind) == OrganisationKind.DISTRICT_AUTHORITY,
    )
    return session.execute(asked).scalar_one_or_none()
