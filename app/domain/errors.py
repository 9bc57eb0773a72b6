"""What can go wrong, as one small family. The doors turn the kind into a status, the word into a sentence.

TrackerError
├── Unauthenticated   nobody, or a key that is not (or no longer) good
├── Forbidden         you may see it, but your role may not do this
├── NotFound          it is not there, or not yours to see
├── Invalid           the shape of what was sent is wrong
├── RuleBroken        a rule of the domain refuses
├── Stale             it changed since you read it
├── Conflict          it clashes with what is there
├── TooMany           the caller has asked too often; try again later
└── Unavailable       the database is busy or away; try again
"""

from collections.abc import Mapping

from app.domain.words import Term


class TrackerError(Exception):
    """An expected refusal: a word, the field it is about, and details to print beside it."""

    def __init__(self, problem: Term, *, field: str | None = None, **details: object) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.field = field
        self.details: Mapping[str, object] = details


class Unauthenticated(TrackerError):
    pass


class Forbidden(TrackerError):
    pass


class NotFound(TrackerError):
    pass


class Invalid(TrackerError):
    pass


class RuleBroken(TrackerError):
    pass


class Stale(TrackerError):
    pass


class Conflict(TrackerError):
    pass


class TooMany(TrackerError):
    pass


class Unavailable(TrackerError):
    pass
