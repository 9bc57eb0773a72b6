"""What the steps of a register import share: what a step says came of it, and how a section becomes a change."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from sqlalchemy.orm import Session

from app.formats import register as files
from app.schemas.base import In

# Does one record (or a section of rows) and says what came of it: created, changed, unchanged (or how many were), or
# nothing worth counting.
Step = Callable[[], str | Counter[str] | None]
# Each record with its place in the file and the kind it is counted under.
Steps = Iterator[tuple[files.Path, str, Step]]
Change = TypeVar("Change", bound=In)


def result_of(session: Session, change: Callable[[], object]) -> str:
    """Makes a change and says whether it stated a fact: changed, or unchanged."""
    before = len(session.info.get("facts", []))
    change()
    return "changed" if len(session.info.get("facts", [])) > before else "unchanged"


def narrowed(kind: type[Change], line: In, without: set[str]) -> Change:
    """The fields a section states, as a change of the record it is about."""
    stated = line.model_dump(include=line.model_fields_set - without)
    return cast(Change, kind.model_construct(**stated))
