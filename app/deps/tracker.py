"""What one process holds while it serves: settings, database, clock, and three memories keyed by the revision."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar

from fastapi import Response

from app.db import Database
from app.deps.people import Keys
from app.deps.rates import Rates
from app.deps.runs import Run
from app.deps.watching import Watch
from app.domain.calendar import ZONE, local_day
from app.domain.words import Lang
from app.outside import oidc
from app.outside.files import Files
from app.services import journal
from app.settings import Settings

Found = TypeVar("Found")


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

    def real(self) -> datetime:
        """What the clocks of other machines say, whatever this one is set to: for what they check, such as a signature."""
        return self._real()

    @staticmethod
    def _real() -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


class Question(NamedTuple):
    """What an answer hangs on beside the revision: the address, who asks, in which language and on which day. `host` and
    `scheme` too: answers link to others by whole addresses, and nobody is shown an address that somebody else came by."""

    scheme: str
    host: str
    path: str
    query: bytes
    key_id: int | None
    lang: Lang
    today: date


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went out, and the route that gave it."""

    response: Response
    route: object

    @property
    def size(self) -> int:
        """Bytes it holds: its body, and what goes with any answer."""
        return len(self.response.body) + 2_000


class Answers:
    """Answers of one revision, least used out first, bounded by bytes.

    Another process may change the database at any time, so every look names the revision it has just read: an answer
    of another revision is never given.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held, self._revision = most_bytes, 0, -1
        self._kept: OrderedDict[Question, Kept] = OrderedDict()
        self._paths: set[str] = set()

    def knows(self, path: str) -> bool:
        """Whether there may be an answer for somebody: a cheap look before a real one."""
        return path in self._paths

    def get(self, revision: int, question: Question) -> Kept | None:
        """The answer, where it is of exactly this revision."""
        found = self._kept.get(question) if revision == self._revision else None
        if found is not None:
            self._kept.move_to_end(question)
        return found

    def keep(self, revision: int, question: Question, answer: Kept) -> None:
        """Keeps an answer until there is one of a later revision, or until others have taken its room."""
        if revision > self._revision:
            self._kept.clear()
            self._paths.clear()
            self._held, self._revision = 0, revision
        if revision < self._revision or answer.size > self._most // 4 or question in self._kept:
            return
        self._kept[question] = answer
        self._paths.add(question.path)
        self._held += answer.size
        while self._held > self._most:
            _, dropped = self._kept.popitem(last=False)
            self._held -= dropped.size


class Findings:
    """What costs much to find and stands on pages of several readers: values of one revision, the oldest out first.

    A page of a session carries its own token and cannot be kept whole; what it counts can. A `key` must name everything
    a finding hangs on beside the revision, who may see it before all; what is kept holds no rows of a session.
    """

    def __init__(self, most: int = 200) -> None:
        self._most, self._revision = most, -1
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, revision: int, key: Hashable) -> Any:
        """What was found for this key at this revision; None where nothing was yet."""
        return self._kept.get(key) if revision == self._revision else None

    def once(self, revision: int, key: Hashable, find: Callable[[], Found]) -> Found:
        """What was found for this key at this revision, or what `find` finds now."""
        if revision == self._revision and key in self._kept:
            kept: Found = self._kept[key]
            return kept
        found = find()
        if revision > self._revision:
            # Not emptied but replaced: threads that still read keep what they have.
            self._kept, self._revision = OrderedDict(), revision
        if revision == self._revision:
            self._kept[key] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


@dataclass(slots=True)
class Tracker:
    """Everything a request needs from its process."""

    settings: Settings
    db: Database
    clock: Clock
    keys: Keys
    answers: Answers
    files: Files
    rates: Rates
    findings: Findings = field(default_factory=Findings)
    # Where people may sign in too, if anywhere.
    provider: oidc.Provider | None = None
    # When each key was last used; written down now and then in a transaction of its own (`worker`).
    uses: dict[int, datetime] = field(default_factory=dict)
    # Long work beside the requests, by the name of each run.
    runs: dict[str, Run] = field(default_factory=dict)
    # Those who wait for the journal to move.
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.watch = Watch(self.db)

    @classmethod
    def open(cls, settings: Settings) -> "Tracker":
        """A process's share of the service, with empty memories. What an upload left behind that was cut off is removed."""
        files = Files(settings.files_folder, settings.max_file_bytes)
        files.sweep()
        return cls(
            settings=settings,
            db=Database(settings, seal=journal.seal),
            clock=Clock(settings.clock_on),
            keys=Keys(public_reading=settings.public_reading),
            answers=Answers(settings.answers_cache_bytes),
            files=files,
            rates=Rates(settings),
            provider=_provider(settings),
        )


def _provider(settings: Settings) -> oidc.Provider | None:
    """The service that signs people in, where one is set; ValueError where its settings or its packages are wanting."""
    settings.refuse_half_a_provider()
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    oidc.require_extra()
    secret = settings.oidc_client_secret
    value = None if secret is None else secret.get_secret_value()
    return oidc.Provider(settings.oidc_issuer, settings.oidc_client_id, value, settings.oidc_wait_s)
