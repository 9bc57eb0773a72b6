"""When something that was not taken is tried again: webhooks that are sent, pages that are asked for."""

from dataclasses import dataclass

# What a receiver says when it could take the same thing later (RFC 9110, RFC 6585).
WORTH_ANOTHER_TRY = frozenset({408, 429, *range(500, 600)})


def is_worth_another_try(status: int | None) -> bool:
    """Whether the same request may succeed later. `status` None: there was no answer at all."""
    return status is None or status in WORTH_ANOTHER_TRY


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that grow by `factor` from `first_s` to `most_s`, in seconds, each drawn from its upper half.

    Jitter keeps those who failed together from coming back together; half of the wait is always kept, so that a
    receiver which is down is not asked at once.
    """

    first_s: float
    factor: float
    most_s: float

    def wait_s(self, failures: int, drawn: float) -> float:
        """Seconds until the next try after `failures` (1 or more) failed ones; `drawn` is random in 0 ≤ drawn < 1."""
        exponent = min(failures - 1, 64)
        whole = min(self.most_s, self.first_s * self.factor**exponent)
        return whole * (0.5 + drawn / 2)
