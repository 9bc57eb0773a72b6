"""What one process holds while it serves: settings, database, clock, and two memories keyed by the revision."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from app.db import Database
from app.deps.people import Keys
from app.domain.calendar import ZONE, local_day
from app.services import journal
from app.settings import Settings


class Clock:
    """Now and today. Set to a day, it starts there at 09:00 in Viet Nam and runs on: the demo and the tests set it."""

    def __init__(self, starts_on: date | None = None) -> None:
        self._ahead = timedelta()
        if starts_on is not None:
            self._ahead = datetime.combine(starts_on, time(9), ZONE) - self._real()

    def now(self) -> datetime:
        return self._real() + self._ahead

    def today(self) -> date:
        return local_day(self.now())

    @staticmethod
    def _real() -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


@dataclass(frozen=True, slots=True)
class Finished:
    """An answer's bytes with the headers that go with them."""

    body: bytes
    status: int
    headers: dict[str, str]


class Answers:
    """Finished answers of one revision, least used out first, bounded by bytes.

    Another process may change the database at any time, so every look names the revision it has just read: an answer
    of another revision is never given.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held, self._revision = most_bytes, 0, -1
        self._kept: OrderedDict[object, Finished] = OrderedDict()

    def get(self, revision: int, key: object) -> Finished | None:
        if revision != self._revision:
            self._kept.clear()
            self._held, self._revision = 0, revision
            return None
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def keep(self, revision: int, key: object, answer: Finished) -> None:
        if revision != self._revision or len(answer.body) > self._most // 4 or key in self._kept:
            return
        self._kept[key] = answer
        self._held += len(answer.body)
        while self._held > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._held -= len(dropped.body)


@dataclass(slots=True)
class Tracker:
    """Everything a request needs from its process."""

    settings: Settings
    db: Database
    clock: Clock
    keys: Keys
    answers: Answers
    # When each key was last used; written down now and then in a transaction of its own (`worker`).
    uses: dict[int, datetime] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings) -> "Tracker":
        """A process's share of the service, with empty memories."""
        return cls(
            settings=settings,
            db=Database(settings, seal=journal.seal),
            clock=Clock(settings.clock_on),
            keys=Keys(public_reading=settings.public_reading),
            answers=Answers(settings.answers_cache_bytes),
        )
