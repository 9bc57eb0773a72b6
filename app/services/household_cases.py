"""The cases of land clearance while they are changed: what a case is, and what is told of it from a day on.

`Cases` holds the cases of one or more packages in memory, so that thousands of rows are tried against each other and
against what stands, and are then written at once; a single change is a batch of one row. What is personal is never said
in the journal: such a field appears there as "changed".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import household_checks as checks
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.household_checks import Particulars, Procedure
from app.domain.households import PERSONAL, Case, Told, in_order
from app.domain.rules import Finding, settle
from app.domain.vocabulary import Fact, UnitKind
from app.domain.work_problems import WorkProblem
from app.queries import households
from app.queries.prepared import Prepared, adding
from app.queries.subjects import Holder
from app.schemas.households import HouseholdPut
from app.services import edits, journal, unit_milestones
from app.tables.base import key, table
from app.tables.households import Household, HouseholdEntry
from app.tables.works import Clearance, GridWork

STATE = ("status", "attitude", "cause", "approved_vnd", "paid_vnd")
# Kept as they are where they are not stated; the others of a row are the database's own.
FIELDS = (
    *("unit_id", "owner_name", "hamlet", "map_sheet", "parcel", "is_farm_land", "land_m2", "house_m2", "trees"),
    *("agreed_early", "house_support_percent", "land_support_percent", "decision_number", "decision_on"),
    *("visited_on", "next_action", "action_owner", "note", "is_illustrative", "sources"),
)  # fmt: skip
NEW: Mapping[str, Any] = {**dict.fromkeys(FIELDS), "is_illustrative": False, "sources": ()}
HIDDEN = "changed"
_HOUSEHOLD = table(Household)
_ADD_CASE, _ADD_TOLD = Prepared(adding(Household)), Prepared(adding(HouseholdEntry))
_SET = Prepared(
    _HOUSEHOLD.update()
    .where(_HOUSEHOLD.c.id == bindparam("row_id"))
    .values({name: bindparam(f"to_{name}") for name in (*FIELDS, "revision")})
)


@dataclass(slots=True)
class _Held:
    """A case at hand: its fields as columns, and everything told of it in effective order."""

    holder: Holder
    number: str
    values: dict[str, Any] = field(default_factory=lambda: dict(NEW))
    told: tuple[Told, ...] = ()
    id: int | None = None
    revision: int = 0
    # What this change adds.
    is_changed: bool = False
    added: list[Told] = field(default_factory=list)


class Cases:
    """The cases of some packages while they are changed. `tell` tries one row, `write` keeps what was taken."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        packages: Iterable[Holder],
        today: date,
        *,
        number: str | None = None,
    ) -> None:
        self.session, self.actor, self.today = session, actor, today
        self.packages = {holder.code: holder for holder in packages}
        ids = [holder.id for holder in self.packages.values()]
        self._procedures = households.procedures(session, ids)
        self._communes = households.communes(
            session, {code for row in map(_row, self.packages.values()) if (code := row.commune_code)}
        )
        works = {row.work_id for row in map(_row, self.packages.values())}
        self._units = {work: households.units(session, work) for work in works}
        self._unit_names = {i: f"{k}/{n}" for of in self._units.values() for (k, n), i in of.items()}
        self._held = self._load(ids, number)
        self._sources: set[str] = set()

    def _load(self, ids: list[int], number: str | None) -> dict[tuple[str, str], _Held]:
        told = households.told(self.session, ids, number=number)
        by_id = {holder.id: holder for holder in self.packages.values()}
        found = {}
        for row in households.rows(self.session, ids, number):
            holder = by_id[row.clearance_id]
            values = {name: getattr(row, name) for name in FIELDS}
            said = in_order(told.get(row.id, ()))
            found[holder.code, row.number] = _Held(holder, row.number, values, said, row.id, row.revision)
        return found

    def tell(self, code: str, number: str, change: HouseholdPut, expected: int | None) -> list[Finding]:
        """Takes one row, or refuses it and leaves everything as it was. Returns what the rules warn of.

        Stale where the case has moved on since `expected`; Invalid where a field does not fit (no such unit or source,
        a unit of the other track, a new case without status, a commune that was not there yet); RuleBroken for a day
        in the future and for money against rule R29.
        """
        checks.check_number(number)
        holder = self.packages[code]
        held = self._held.get((code, number)) or _Held(holder, number)
        edits.check_version(expected, held.revision)
        sent = edits.sent(change, required=("is_illustrative",))
        effective_on = sent.pop("effective_on", None) or self.today
        checks.check_days(
            self.today,
            effective_on=effective_on,
            visited_on=sent.get("visited_on"),
            decision_on=sent.get("decision_on"),
        )
        said = {name: sent.pop(name) for name in STATE if name in sent}
        fields = self._fields(holder, sent)
        told = self._told(held, said, effective_on)
        findings = self._checked(held, {**held.values, **fields}, told)
        self._take(held, fields, told)
        return findings

    def _fields(self, holder: Holder, sent: dict[str, Any]) -> dict[str, Any]:
        """Wire fields as columns: the unit by id, the party as its code, the sources known."""
        row = _row(holder)
        fields = {name: value for name, value in sent.items() if name in FIELDS}
        if "unit" in sent:
            unit = sent["unit"]
            fields["unit_id"] = None if unit is None else self._unit(row, unit.kind, unit.number)
        if sent.get("action_owner") is not None:
            fields["action_owner"] = sent["action_owner"].value
        if unknown := set(fields.get("sources", ())) - self._sources:
            edits.check_sources(self.session, unknown)
            self._sources |= unknown
        return fields

    def _unit(self, package: Clearance, kind: UnitKind, number: str) -> int:
        checks.check_unit(package.track, kind)
        found = self._units[package.work_id].get((kind, number))
        if found is None:
            raise Invalid(WorkProblem.UNKNOWN_UNIT, field="unit")
        return found

    def _told(self, held: _Held, said: Mapping[str, Any], effective_on: date) -> list[Told]:
        """The state that a row adds, and what it adds to later ones; nothing where it says nothing new. A new case is
        placed where its commune stood on that day."""
        if held.id is None and not held.told:
            commune = self._communes.get(_row(held.holder).commune_code or "")
            if commune is not None:
                checks.check_commune(commune.valid_from, commune.valid_until, effective_on)
        elif not said:
            return []
        standing = Case(0, held.number, 0, None, held.told).at(effective_on)
        told = checks.follows(standing, said, effective_on)
        return [] if told is None else [told, *checks.carried(standing, told, held.told)]

    def _checked(self, held: _Held, values: Mapping[str, Any], told: Iterable[Told]) -> list[Finding]:
        """What the rules keep of the case as it would be. Raises RuleBroken where one refuses it."""
        package = _row(held.holder)
        all_told = in_order((*held.told, *told))
        particulars = Particulars(
            package.track,
            values["is_farm_land"],
            values["agreed_early"],
            values["decision_on"],
            values["house_support_percent"],
            values["land_support_percent"],
        )
        procedure = self._procedures.get(held.holder.id, Procedure())
        found = [
            *checks.money(all_told, values["decision_number"]),
            *checks.warnings(particulars, procedure),
        ]
        return settle(found, deciding=False)

    def _take(self, held: _Held, fields: Mapping[str, Any], told: list[Told]) -> None:
        """Changes the case in memory and states its facts."""
        is_new = held.id is None and not held.told
        before, after = journal.differences(held.values, fields)
        if not (is_new or after or told):
            return
        number = journal.number(self.session, self.actor)
        held.values.update(after)
        if is_new:
            stated = {name: value for name, value in held.values.items() if value not in (None, ())}
            self._state(Fact.HOUSEHOLD_CREATED, held, None, {"number": held.number, **self._said(stated)})
        elif after:
            self._state(Fact.HOUSEHOLD_CHANGED, held, self._said(before), self._said(after))
        for one in told:
            self._move(held, Told(**{**_dict(one), "revision": number}))
        held.is_changed = held.is_changed or is_new or bool(after) or bool(told)
        held.revision = number
        self._held[held.holder.code, held.number] = held

    def _move(self, held: _Held, told: Told) -> None:
        standing = Case(0, held.number, 0, None, held.told).at(told.effective_on)
        was = {} if standing is None else {name: getattr(standing, name) for name in STATE}
        now = {name: getattr(told, name) for name in STATE}
        before, _ = journal.differences(was, now)
        after = {"effective_on": told.effective_on, **now}
        self._state(Fact.HOUSEHOLD_MOVED, held, before if was else None, after)
        held.told = in_order((*held.told, told))
        held.added.append(told)

    def _said(self, values: Mapping[str, Any]) -> dict[str, object]:
        """Fields as the journal says them: what is personal hidden, the unit by its name."""
        said = {name: HIDDEN if name in PERSONAL else value for name, value in values.items()}
        if "unit_id" in said:
            del said["unit_id"]
            said["unit"] = self._unit_names.get(values["unit_id"])
        return said

    def _state(
        self, fact: Fact, held: _Held, before: dict[str, object] | None, after: dict[str, object]
    ) -> None:
        journal.record(
            self.session,
            self.actor,
            fact,
            "household",
            f"{held.holder.code}/{held.number}",
            before=before,
            after=after,
            project=held.holder.project,
        )

    def write(self) -> None:
        """Writes what was taken, in a few statements however much it is, and has the milestones follow."""
        changed = [held for held in self._held.values() if held.is_changed]
        if not changed:
            return
        number = journal.number(self.session, self.actor)
        new = [held for held in changed if held.id is None]
        _ADD_CASE.each(self.session, (_case_row(held, number) for held in new))
        ids = self._ids(number) if new else {}
        for held in new:
            held.id = ids[held.holder.id, held.number]
        kept = [held for held in changed if (held.holder.id, held.number) not in ids]
        _SET.each(self.session, (_set_row(held, number) for held in kept))
        who = {"user_id": self.actor.user_id, "organisation_id": self.actor.organisation_id}
        _ADD_TOLD.each(self.session, (row for held in changed for row in _told_rows(held, who)))
        for work_id in sorted({row.work_id for held in changed if (row := _row(held.holder)).work_id}):
            unit_milestones.follow(self.session, self.actor, self.session.get_one(GridWork, work_id))

    def _ids(self, number: int) -> dict[tuple[int, str], int]:
        """The ids the database gave the cases of this revision."""
        added = _HOUSEHOLD.c
        asked = select(added.clearance_id, added.number, added.id).where(
            added.created_in == number,
            added.clearance_id.in_([holder.id for holder in self.packages.values()]),
        )
        return {(package, of): row_id for package, of, row_id in self.session.execute(asked)}


def _row(holder: Holder) -> Clearance:
    assert isinstance(holder.row, Clearance)
    return holder.row


def _dict(told: Told) -> dict[str, Any]:
    return {name: getattr(told, name) for name in ("effective_on", *STATE, "revision")}


def _case_row(held: _Held, number: int) -> dict[str, Any]:
    own = {"clearance_id": held.holder.id, "number": held.number, "created_in": number, "revision": number}
    return {**held.values, **own}


def _set_row(held: _Held, number: int) -> dict[str, Any]:
    values = {f"to_{name}": held.values[name] for name in FIELDS}
    return {"row_id": key(held.id), "to_revision": number, **values}


def _told_rows(held: _Held, who: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    place = {"household_id": key(held.id), "clearance_id": held.holder.id}
    return [{**place, **_dict(told), **who} for told in held.added]
