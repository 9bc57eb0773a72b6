"""The change feed read from the journal: pages of facts in commit order, and the state of every subject at a revision.

Pages are cut by (revision, position), the key of the journal. Changes are serial and revisions have no gaps, so what a
page has passed never comes later. A reader who sees little passes over much: a page looks at so many facts at most and
then says where the next one goes on, so none takes longer than another however long the journal is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, or_, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from app.domain import feed
from app.domain.access import Actor, May
from app.domain.feed import Item
from app.queries import journal
from app.queries.changes_sight import PLAIN_SUBJECT, Change, Sight
from app.tables.base import table
from app.tables.journal import Fact, Revision

_FACT, _REVISION = table(Fact).c, table(Revision).c
# After the last fact of a revision: positions are 32-bit numbers.
END = 2**31 - 1
# How many facts, or subjects, a page looks at for a reader who may not see them all or has asked for a few.
SCAN = 20_000
KEYS_SCAN = 5_000
COLUMNS: tuple[ColumnElement[Any], ...] = (
    *(_FACT.revision, _FACT.position, type_coerce(_FACT.kind, String).label("kind")),
    *(_FACT.subject, _FACT.subject_code, _FACT.project_id, _FACT.before, _FACT.after),
)


class Place(NamedTuple):
    """Where a page of the feed starts: after this fact."""

    revision: int
    position: int


FIRST = Place(0, END)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a feed is narrowed by; empty leaves a field open. Of a subject as it is shown."""

    kinds: tuple[str, ...] = ()
    subject: str | None = None
    code: str | None = None

    def fits(self, change: Change) -> bool:
        """Whether a fact as it is shown is asked for."""
        fact = change.fact
        return self.subject in (None, fact.subject) and self.code in (None, fact.code)


class Line(NamedTuple):
    """A fact of a page: where it stands, when it was recorded and by whom as far as the reader may know."""

    place: Place
    recorded_at: datetime
    actor: dict[str, Any] | None
    change: Change


@dataclass(frozen=True, slots=True)
class Page:
    """Facts in their order, where the next page starts, and whether there was more to look at when this one was read.

    `revision` is the last one that this page has looked at wholly; `is_moved`: what the reader may see of the facts
    before has changed.
    """

    lines: Sequence[Line]
    following: Place
    more: bool
    is_moved: bool
    revision: int


def page(session: Session, actor: Actor, after: Place, filters: Filters, limit: int) -> Page:
    """Up to `limit` facts after `after` that the actor sees; fewer, or none, where a page has looked at enough."""
    sight, end = Sight(session, actor), Place(journal.head(session), END)
    conditions = _conditions(sight, filters)
    if conditions and not (sight.reader.sees_everything and filters.code):
        until = _nth(session, after, SCAN) or end
    else:
        until = end
    rows = list(session.execute(_between(after, until).where(*conditions).limit(limit)))
    following = max(after, until) if len(rows) < limit else Place(rows[-1].revision, rows[-1].position)
    sight.learn(rows)
    is_moved = _is_moved(session, sight, after, following)
    return Page(_lines(session, sight, rows, filters), following, following < end, is_moved, end.revision)


def _conditions(sight: Sight, filters: Filters) -> list[ColumnElement[bool]]:
    """What narrows the facts to look at before they are looked at one by one."""
    found: list[ColumnElement[bool]] = [] if sight.wanted is None else [sight.wanted]
    if filters.kinds:
        found.append(type_coerce(_FACT.kind, String).in_(filters.kinds))
    if filters.subject is None:
        return found
    if filters.code is None:
        return [*found, PLAIN_SUBJECT.in_(_stored(sight, filters.subject))]
    if sight.reader.sees_everything:
        # The one stretch that is not walked along the key: the index of subjects finds these at once.
        return [*found, _FACT.subject == filters.subject, _FACT.subject_code == filters.code]
    is_it = and_(PLAIN_SUBJECT.in_([filters.subject]), _FACT.subject_code == filters.code)
    others = _stored(sight, filters.subject)[1:]
    return [*found, or_(is_it, PLAIN_SUBJECT.in_(others)) if others else is_it]


def _stored(sight: Sight, subject: str) -> list[str]:
    """Under which subjects the journal has what a reader is shown under one: what strangers see of a tranche stands with
    its phase or project."""
    is_shared = subject in feed.PLACES and not sight.reader.sees_everything
    return [subject, "tranche"] if is_shared else [subject]


def _between(after: Place, until: Place) -> Select[Any]:
    """Facts after one place and up to another, in their order: one walk along the key of the journal."""
    at = tuple_(_FACT.revision, _FACT.position)
    return (
        select(*COLUMNS)
        .where(at > tuple_(*after), at <= tuple_(*until))
        .order_by(_FACT.revision, _FACT.position)
    )


def _nth(session: Session, after: Place, count: int) -> Place | None:
    """Where the fact stands that comes so many after a place; None where there are fewer."""
    at = tuple_(_FACT.revision, _FACT.position)
    asked = (
        select(_FACT.revision, _FACT.position)
        .where(at > tuple_(*after))
        .order_by(_FACT.revision, _FACT.position)
        .limit(1)
        .offset(count - 1)
    )
    found = session.execute(asked).first()
    return None if found is None else Place(*found)


def _lines(session: Session, sight: Sight, rows: Sequence[Any], filters: Filters) -> list[Line]:
    seen = [(row, change) for row in rows if (change := sight.shown(row)) is not None]
    fitting = [(row, change) for row, change in seen if filters.fits(change)]
    numbers = {row.revision for row, _ in fitting}
    columns = (_REVISION.number, _REVISION.recorded_at, _REVISION.actor)
    asked = select(*columns).where(_REVISION.number.in_(numbers))
    told = {number: (at, by) for number, at, by in session.execute(asked)} if numbers else {}
    lines = []
    for row, change in fitting:
        at, by = told[row.revision]
        lines.append(Line(Place(row.revision, row.position), at, sight.actor_of(change, by), change))
    return lines


def _is_moved(session: Session, sight: Sight, after: Place, until: Place) -> bool:
    """Whether any fact of a stretch, asked for or not, changes what the reader may see of those before it."""
    if sight.reader.sees_everything:
        return False
    asked = _between(after, until).where(type_coerce(_FACT.kind, String).in_(sorted(feed.MOVING)))
    rows = list(session.execute(asked))
    sight.learn(rows)
    return any(map(sight.is_moved, rows))


class Key(NamedTuple):
    """How the journal names what a fact is about."""

    subject: str
    code: str


@dataclass(slots=True)
class Stood:
    """A subject as a reader saw it at a revision: what stood of it, and what had been stated."""

    key: Key
    item: Item
    project: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Some of the subjects as they stood at `revision`, and after which the next page starts; None after the last."""

    stood: list[Stood] = field(default_factory=list)
    following: Key | None = None


def snapshot(
    session: Session, actor: Actor, revision: int, after: Key | None, subject: str | None, limit: int
) -> Snapshot:
    """The subjects after `after` as their facts up to `revision` say they stood: each page folds its own, so that all
    pages agree whatever is written while they are read. A reader who sees little may get fewer, or none, at a time."""
    sight = Sight(session, actor)
    only = _only(sight, subject)
    most = limit if sight.reader.sees_everything else max(limit, KEYS_SCAN)
    keys = _keys(session, revision, after, only, most)
    if not keys:
        return Snapshot()
    place = tuple_(_FACT.subject, _FACT.subject_code)
    asked = (
        select(*COLUMNS)
        .where(place >= tuple_(*keys[0]), place <= tuple_(*keys[-1]), _FACT.revision <= revision, *only)
        .where(*([] if sight.wanted is None else [sight.wanted]))
        .order_by(_FACT.subject, _FACT.subject_code, _FACT.revision, _FACT.position)
    )
    rows = list(session.execute(asked))
    sight.learn(rows)
    stood = [one for one in _folded(sight, rows) if subject in (None, one.key.subject)]
    return Snapshot(stood, keys[-1] if len(keys) == most else None)


def _only(sight: Sight, subject: str | None) -> list[ColumnElement[bool]]:
    """Which subjects a snapshot goes through."""
    if subject is not None:
        return [_FACT.subject.in_(_stored(sight, subject))]
    return [] if sight.reader.may(May.READ_DETAIL) else [_FACT.subject.in_(sorted(feed.OPEN))]


def _keys(
    session: Session, revision: int, after: Key | None, only: list[ColumnElement[bool]], most: int
) -> list[Key]:
    """The next subjects in the order of their names."""
    names = _FACT.subject, _FACT.subject_code
    asked = select(*names).distinct().where(_FACT.revision <= revision, *only).order_by(*names)
    if after is not None:
        asked = asked.where(tuple_(*names) > tuple_(*after))
    return [Key(*row) for row in session.execute(asked.limit(most))]


def _folded(sight: Sight, rows: Sequence[Any]) -> list[Stood]:
    items: dict[tuple[str, str], Item] = {}
    owners: dict[tuple[str, str], str | None] = {}
    for row in rows:
        change = sight.shown(row)
        if change is not None:
            feed.apply(items, change.fact, row.revision, row.position)
            owners[change.fact.subject, change.fact.code] = change.project
    return [Stood(Key(*key), item, owners[key]) for key, item in items.items()]
