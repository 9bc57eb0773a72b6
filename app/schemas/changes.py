"""The change feed on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.access import Role
from app.domain.vocabulary import ChangeEffect, Fact
from app.schemas.base import Asked, Out

SUBJECT = "project, phase, turbine, tranche, milestone, obstacle, grid_work, tower, …"
# Fields are named as in the rest of the API: MW, organisations and places by their codes.
Fields = dict[str, Any]
_TURBINE: Fields = {
    "revision": 42,
    "position": 0,
    "recorded_at": "2023-02-07T02:00:00Z",
    "kind": "turbine.changed",
    "subject": "turbine",
    "code": "v1-3/T1",
    "project": "v1-3",
    "effect": "set",
    "before": {"installed_on": None},
    "after": {"installed_on": "2023-02-01"},
    "said": None,
    "actor": {"role": "investor", "organisation": "dien-gio-me-kong", "user": "reporting"},
}
_CURSOR = "ZGVwYXJ0bWVudC9kb2l0LzQyLjA.1f3c5a7b9d0e2f46"


class ChangesQuery(Asked):
    after: str | None = Field(
        None,
        max_length=400,
        description="Where to go on: `next` of the page before, or `changes` of a snapshot",
    )
    limit: int | None = Field(None, ge=1, description="Most facts on the page; 500 where it is left out")
    wait: int = Field(0, ge=0, description="Seconds to wait for a fact where there is none yet")
    kind: Annotated[list[Fact], Field(max_length=50)] = Field([], description="These kinds of fact alone")
    subject: str | None = Field(None, max_length=30, description=SUBJECT)
    code: str | None = Field(None, max_length=130, description="The code of one subject; goes with `subject`")


class SnapshotQuery(Asked):
    cursor: str | None = Field(None, max_length=400, description="Where the next page starts, from `next`")
    limit: int | None = Field(
        None, ge=1, description="Most subjects looked at for a page; 500 where it is left out"
    )
    subject: str | None = Field(None, max_length=30, description=SUBJECT)


class ChangeActor(Out):
    """Who stated a fact. `user` is told inside the own organisation, and to those who read the journal."""

    role: Role
    organisation: str | None
    user: str | None


class ChangeRead(Out):
    """One fact. `effect` says what it does to the item `subject`/`code`: `set` puts the fields of `after` in place, `add`
    appends `after` to its entries, `remove` takes the item away. `said` are remarks of the act, which stand for nothing."""

    revision: int
    position: int = Field(description="Place in the revision; both together number the facts, with gaps")
    recorded_at: datetime
    kind: Fact
    subject: str
    code: str
    project: str | None = Field(description="Code of the project it is part of, where it is part of one")
    effect: ChangeEffect
    before: Fields | None
    after: Fields | None
    said: Fields | None
    actor: ChangeActor | None = Field(description="Null to those who see the summary alone")


class ChangesPage(Out):
    """Facts in the order of their commits."""

    items: list[ChangeRead]
    next: str = Field(description="For `after` of the next question; also given where there is nothing yet")
    more: bool = Field(description="Whether there is more to look at now; else ask again later, or wait")
    reset: bool = Field(
        description="Whether what the caller may see of earlier facts has changed: begin anew with a snapshot"
    )
    revision: int = Field(description="The last revision of the journal when the page was read")

    model_config = {
        "json_schema_extra": {
            "examples": [
                {"items": [_TURBINE], "next": _CURSOR, "more": False, "reset": False, "revision": 42}
            ]
        }
    }


class EntryStated(Out):
    """A statement that was added to an item and is never changed: a ledger entry, a report on a unit."""

    revision: int
    position: int
    kind: Fact
    before: Fields | None
    after: Fields


class ItemRead(Out):
    """An item as the facts up to the snapshot's revision leave it. One that comes on two pages is put together."""

    subject: str
    code: str
    project: str | None
    fields: Fields
    entries: list[EntryStated]


class SnapshotPage(Out):
    """A part of the state at `revision`; every page of a snapshot is of the same revision."""

    items: list[ItemRead]
    next: str | None = Field(description="For `cursor` of the next page; null on the last")
    changes: str | None = Field(description="On the last page: where the feed goes on, for its `after`")
    revision: int

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "items": [
                        {
                            "subject": "turbine",
                            "code": "v1-3/T1",
                            "project": "v1-3",
                            "fields": {"number": "T1", "nameplate_mw": 4.2, "installed_on": "2023-02-01"},
                            "entries": [],
                        }
                    ],
                    "next": None,
                    "changes": _CURSOR,
                    "revision": 42,
                }
            ]
        }
    }
