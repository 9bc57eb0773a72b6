"""The hash chain of the journal: each revision seals its own content and the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Link:
    """A revision as it is sealed; `facts` are plain JSON values in their order."""

    number: int
    recorded_at: datetime
    actor: Mapping[str, object]
    request_id: str
    facts: Sequence[Mapping[str, object]]


_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_NO_FACTS = '"facts":[]'


def seal(link: Link, previous: str) -> str:
    """SHA-256 over the canonical JSON of a revision and the hash before it; a long one is never held as one text."""
    content = {
        "previous": previous,
        "number": link.number,
        "recorded_at": link.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": link.actor,
        "request_id": link.request_id,
        "facts": [],
    }
    before, _, after = _canonical(content).partition(_NO_FACTS)
    found = hashlib.sha256(f'{before}"facts":['.encode())
    for number, fact in enumerate(link.facts):
        found.update(f"{',' if number else ''}{_canonical(fact)}".encode())
    found.update(f"]{after}".encode())
    return found.hexdigest()
