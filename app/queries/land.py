"""Cases of land clearance counted by commune, district, work and track, each reader in the form that it may read."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain import privacy
from app.domain.access import Actor, May
from app.domain.households import Case, in_order
from app.domain.privacy import Shown
from app.domain.vocabulary import CountForm, LandBy, SubjectKind, Track
from app.queries import households, journal, subjects
from app.tables.base import Word, key, table
from app.tables.households import Household
from app.tables.organisations import AdministrativeUnit
from app.tables.projects import Project
from app.tables.works import Clearance, GridWork

_CASE = table(Household).c


def form_of(actor: Actor) -> CountForm:
    """Compensation roles read exact counts, others who are signed in five or more, the public rounded ones."""
    if actor.may(May.READ_HOUSEHOLDS):
        return CountForm.EXACT
    return CountForm.FIVE_OR_MORE if actor.may(May.READ_DETAIL) else CountForm.ROUNDED_TO_FIVE


@dataclass(frozen=True, slots=True)
class Filters:
    """What is counted; None leaves a field open. Each takes whole cells or leaves them."""

    work: str | None = None
    district: str | None = None
    track: Track | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The finest cell: one track of one holder (a grid work, or a plant's own project) in one commune."""

    kind: SubjectKind
    holder: str
    track: Track
    district: str | None
    commune: str | None

    def key(self, by: LandBy) -> tuple[str, str | None]:
        """The group it belongs to: what kind, and the code there."""
        if by == LandBy.WORK:
            return self.kind.value, self.holder
        codes = {LandBy.COMMUNE: self.commune, LandBy.DISTRICT: self.district, LandBy.TRACK: self.track.value}
        return "", codes[by]


@dataclass(slots=True)
class Cell:
    """The cases of a place on a day, split in two ways."""

    progress: Counter[str] = field(default_factory=Counter)
    attitude: Counter[str] = field(default_factory=Counter)
    is_illustrative: bool = False

    @property
    def cases(self) -> int:
        return sum(self.progress.values())


@dataclass(frozen=True, slots=True)
class Count:
    """What is published of a cell or a group of cells."""

    cases: int = 0
    progress: Shown = field(default_factory=Shown)
    attitude: Shown = field(default_factory=Shown)
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A line of an answer. `code` and `name` are None where the place is not known."""

    kind: str
    code: str | None
    name: str | None
    count: Count


def counts(
    session: Session, actor: Actor, by: LandBy, filters: Filters, as_of: date, revision: int
) -> tuple[Count, list[Group]]:
    """The total and its groups, in the actor's form, as of a day and as known at a revision; by code, unknown last."""
    form = form_of(actor)
    grouped: dict[tuple[str, str | None], list[Count]] = defaultdict(list)
    for place, cell in cells(session, actor, filters, as_of, revision).items():
        count = published(cell, form)
        if count is not None:
            grouped[place.key(by)].append(count)
    names = _names(session, by, [code for _, code in grouped if code is not None])
    groups = [
        Group(kind, code, names.get(code or ""), together(found)) for (kind, code), found in grouped.items()
    ]
    groups.sort(key=lambda group: (group.code is None, group.code or "", group.kind))
    return together(count for found in grouped.values() for count in found), groups


def published(cell: Cell, form: CountForm) -> Count | None:
    """What a reader of a form is shown of a cell; None where it is not shown at all."""
    split = privacy.SPLIT[form]
    progress, attitude = split(cell.progress), split(cell.attitude)
    if progress is None or attitude is None:
        return None
    return Count(privacy.whole(form, cell.cases), progress, attitude, cell.is_illustrative)


def together(counts: Iterable[Count]) -> Count:
    """A roll-up: the sum of what is published."""
    found = list(counts)
    return Count(
        sum(count.cases for count in found),
        privacy.together(count.progress for count in found),
        privacy.together(count.attitude for count in found),
        any(count.is_illustrative for count in found),
    )


def cells(
    session: Session, actor: Actor, filters: Filters, as_of: date, revision: int
) -> Mapping[Place, Cell]:
    """Every cell with a case in it, of the packages that `actor` may count."""
    places = _places(session, actor, filters, revision)
    told = households.told(session, places, revision=revision)
    asked = select(_CASE.id, _CASE.clearance_id, _CASE.is_illustrative).where(
        _CASE.clearance_id.in_(list(places)), _CASE.created_in <= revision
    )
    found: dict[Place, Cell] = {}
    for case_id, package_id, is_illustrative in session.execute(asked):
        case = Case(case_id, "", package_id, None, in_order(told.get(case_id, ())))
        reached = case.reached(as_of)
        if reached is None:
            continue
        place, marked = places[package_id]
        cell = found.setdefault(place, Cell(_none(privacy.PROGRESS), _none(privacy.ATTITUDES)))
        cell.progress[reached.progress.value] += 1
        cell.attitude[reached.standing.attitude or privacy.UNKNOWN] += 1
        cell.is_illustrative = cell.is_illustrative or is_illustrative or marked
    return found


def _none(categories: Iterable[str]) -> Counter[str]:
    return Counter(dict.fromkeys(categories, 0))


def _places(session: Session, actor: Actor, filters: Filters, revision: int) -> dict[int, tuple[Place, bool]]:
    """Where each package lay at a revision, and whether it is illustrative. The public counts every package."""
    asked = (
        select(Clearance, GridWork, Project)
        .outerjoin(GridWork, col(GridWork.id) == col(Clearance.work_id))
        .outerjoin(Project, col(Project.id) == col(Clearance.project_id))
        .where(col(Clearance.created_in) <= revision)
    )
    if form_of(actor) != CountForm.ROUNDED_TO_FIVE:
        kind = literal(SubjectKind.CLEARANCE, Word(SubjectKind))
        asked = asked.where(subjects.visible(actor, kind, col(Clearance.id), col(Clearance.project_id)))
    stood = journal.rewound(session, revision, "clearance")
    found = {}
    for package, work, project in session.execute(asked):
        place = _place(package, work or project, stood.get(package.code, {}))
        if _takes(filters, place):
            marked = package.is_illustrative or (work or project).is_illustrative
            found[key(package.id)] = place, marked
    return found


def _place(package: Clearance, holder: GridWork | Project, stood: Mapping[str, Any]) -> Place:
    """A package's place, with what facts after the revision have changed of it put back."""
    return Place(
        SubjectKind.GRID_WORK if isinstance(holder, GridWork) else SubjectKind.PROJECT,
        holder.code,
        Track(stood.get("track", package.track)),
        stood.get("district_code", package.district_code),
        stood.get("commune_code", package.commune_code),
    )


def _takes(filters: Filters, place: Place) -> bool:
    is_work = place.kind == SubjectKind.GRID_WORK
    return (
        filters.work in (None, place.holder if is_work else None)
        and filters.district in (None, place.district)
        and filters.track in (None, place.track)
    )


def _names(session: Session, by: LandBy, codes: list[str]) -> dict[str, str]:
    """What each group is called, by its code."""
    if by == LandBy.TRACK:
        return {track.value: track.vi for track in Track}
    tables: tuple[type[Any], ...] = (GridWork, Project) if by == LandBy.WORK else (AdministrativeUnit,)
    found: dict[str, str] = {}
    for each in tables:
        found |= dict(session.execute(select(each.code, each.name).where(each.code.in_(codes))).all())
    return found
