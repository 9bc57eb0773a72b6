"""The change feed: what of a fact of the journal who may see, and what a fact does to the state a reader keeps.

Nothing is shown here that the API does not show to the same caller. A project's summary, its measures of the ladder and
its recognised COD are everybody's; the rest follows the subject it hangs on (`home`), whose detail the caller sees or
does not see (`queries/changes.py` asks for it as the API does, by whose the subject is when it is read). What no line
here names is for those alone who read the whole journal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from app.domain.access import GRANTS, Actor, May, Role
from app.domain.quantity import mw
from app.domain.vocabulary import ChangeEffect, Fact

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever reads the feed, or is told of it: one organisation in one role; `district` is whose land it keeps."""

    role: Role
    organisation_id: int | None = None
    organisation: str | None = None
    district: str | None = None

    def may(self, act: May) -> bool:
        """Whether the role is granted `act`."""
        return act in GRANTS[self.role]

    @property
    def reads_journal(self) -> bool:
        """Whether every fact is shown in full."""
        return May.READ_JOURNAL in GRANTS[self.role]

    @property
    def sees_everything(self) -> bool:
        """Whether the detail of every subject is shown."""
        return bool(GRANTS[self.role] & {May.SEE_EVERY_PROJECT, May.READ_JOURNAL})

    @property
    def name(self) -> str:
        """Who may see the same: a cursor is bound to it."""
        return f"{self.role.value}/{self.organisation or ''}"


def audience(actor: Actor, district: str | None = None) -> Audience:
    """The audience an actor belongs to."""
    return Audience(actor.role, actor.organisation_id, actor.organisation, district)


class Home(NamedTuple):
    """Whose detail a fact is part of: a project (by id, None where it has none), a grid work or a clearance package (by
    code), or the obstacle, document or commitment itself (by id), which hangs on a subject of its own."""

    kind: str
    key: str | int | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact as one audience sees it. `said` are the remarks of the act, which stand for nothing afterwards."""

    kind: str
    subject: str
    code: str
    effect: ChangeEffect
    before: Values | None
    after: Values | None
    said: Values | None = None


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Facts that add a statement to what is kept of a subject, and never change one.
REPORTS = frozenset(
    {
        *(Fact.UNIT_STARTED, Fact.UNIT_BLOCKED, Fact.UNIT_RESET, Fact.UNIT_REOPENED),
        *(Fact.TOWER_HANDED_OVER, Fact.TOWER_CAST, Fact.TOWER_SUPPLIED, Fact.TOWER_ERECTED),
        *(Fact.SECTION_HANDED_OVER, Fact.SECTION_STRUNG),
    }
)
RECOGNISED = frozenset(
    {
        *(Fact.COD_CONFIRMED, Fact.COD_CONFIRMED_CONDITIONALLY, Fact.COD_RECOGNISED_BY_SOURCE),
        *(Fact.COD_CONDITION_MET, Fact.COD_SUSPENDED, Fact.COD_REINSTATED),
        *(Fact.COD_CANCELLED, Fact.COD_CORRECTED),
    }
)
CLAIMED = frozenset({Fact.COD_DECLARED, Fact.COD_DISPUTED, Fact.COD_WITHDRAWN})
MEASURED = frozenset({Fact.CAPACITY_RECORDED, Fact.CAPACITY_CORRECTED})
ADDS = (
    REPORTS
    | RECOGNISED
    | CLAIMED
    | MEASURED
    | {Fact.RULE_OVERRIDDEN, Fact.TOTAL_STATED, Fact.COUNT_REPORTED, Fact.HOUSEHOLD_MOVED}
)
# Facts that may change who sees what of the facts before them.
MOVING = frozenset(
    {
        *(Fact.PROJECT_CHANGED, Fact.PROJECT_REMOVED, Fact.WORK_CHANGED, Fact.ORGANISATION_CHANGED),
        *(Fact.CONNECTION_MADE, Fact.CONNECTION_REMOVED, Fact.CLEARANCE_CREATED, Fact.CLEARANCE_CHANGED),
    }
)
# What a ledger is of.
PLACES = frozenset({"phase", "project"})
# What everybody sees of a subject; of the evacuation groups, paths and limits also what stands beside it.
SUMMARY: Mapping[str, frozenset[str]] = {
    "project": _named(
        "code name name_en aliases investor_id district_code commune siting stage in_totals is_illustrative "
        "confidence sources"
    ),
    "phase": _named(
        "code name name_en project nominal_kw turbine_count turbine_kw turbine_model planned_cod_on first_test_on "
        "is_illustrative confidence sources"
    ),
    "grid_work": _named(
        "code kind name name_en owner_id voltage_kv length_km district_code is_illustrative sources"
    ),
    "evacuation_group": _named("code name name_en owner_id work is_illustrative confidence sources"),
    "evacuation_path": _named("group phase from_group is_illustrative sources"),
    "evacuation_limit": _named(
        "group kw condition work criterion valid_from valid_until letter_number letter_on letter_issuer "
        "is_illustrative is_withdrawn sources"
    ),
    "administrative_unit": frozenset({"code", "name"}),
}
# Of these everybody sees every field.
PUBLIC = frozenset({"organisation", "target", "reported_figure"})
# Their remarks are for whoever is signed in.
INSIDE = frozenset({"evacuation_group", "evacuation_path", "evacuation_limit"})
MEASURE = _named(
    "kind measure kw effective_on precision valid_until is_illustrative project phase operating_kw"
)
# Whose own they are says `organisation` in the fact itself.
OWN = frozenset({"progress_report", "webhook"})
# Those who see the detail of their home see all of these.
DETAIL = _named(
    "project phase turbine tranche connection grid_work tower section unit_total unit_count clearance household "
    "milestone milestones document obstacle commitment"
)
OF_WORK = frozenset({"tower", "section", "unit_total", "unit_count"})
OF_ITSELF = frozenset({"obstacle", "document", "commitment"})
SUBJECTS = frozenset({*SUMMARY, *PUBLIC, *OWN, *DETAIL, "source", "user", "key", "quarantined_record"})
# What everybody sees something of; a narrow look at the journal needs no others.
OPEN = frozenset({*SUMMARY, *PUBLIC, "tranche"})
# Remarks that go with an act of a subject.
REMARKS: Mapping[str, frozenset[str]] = {
    "milestone": frozenset({"cause", "note", "override_reason", "sources", "document"}),
    **{
        name: frozenset({"reason"})
        for name in ("obstacle", "commitment", "tower", "section", "evacuation_limit")
    },
    "user": frozenset({"password"}),
}
_NAMES = {
    "investor_id": "investor",
    "owner_id": "owner",
    "district_code": "district",
    "commune_code": "commune",
    "parent_code": "parent",
    "scope_code": "scope",
    "reverses_id": "reverses",
    "kw": "capacity_mw",
}


def home(subject: str, code: str, project_id: int | None) -> Home:
    """Whose detail a fact is part of."""
    first, _, rest = code.partition("/")
    if subject in OF_ITSELF:
        return Home(subject, int(code))
    if subject in ("milestone", "milestones") and first in ("grid_work", "clearance"):
        return Home(first, rest.partition("/")[0])
    if subject == "grid_work" or subject in OF_WORK:
        return Home("grid_work", first)
    if subject in ("clearance", "household"):
        return Home("clearance", first)
    return Home("project", project_id)


def seen(
    reader: Audience,
    kind: str,
    subject: str,
    code: str,
    before: Values | None,
    after: Values | None,
    *,
    sees_detail: bool,
) -> Shown | None:
    """A fact as `reader` sees it; None where it does not. `sees_detail` says whether the reader sees the detail of the
    fact's `home` now: whose a project is, and which phase needs a work, may have changed since it was stated."""
    before, after = _completed(kind, before, after)
    if reader.reads_journal or _sees_whole(reader, subject, before, after, sees_detail):
        return _shown(kind, subject, code, before, after)
    if kind in RECOGNISED or kind in MEASURED:
        # How many claims there are, and their numbers, are the investor's own: a phase shows what was recognised.
        place = "phase" if "phase" in (after or {}) else "project"
        code = (after or {}).get(place, code)
        return _narrowed(kind, place, code, before, after, MEASURE)
    fields = SUMMARY.get(subject)
    return None if fields is None or kind in ADDS else _narrowed(kind, subject, code, before, after, fields)


def changes_sight(
    reader: Audience,
    kind: str,
    code: str,
    before: Values | None,
    after: Values | None,
    *,
    sees_detail: bool,
) -> bool:
    """Whether a fact changes what `reader` may see of facts stated before it: whoever keeps a state begins anew with a
    snapshot. Those who see everything, or the summary alone, always see the same."""
    if reader.sees_everything or not reader.may(May.READ_DETAIL):
        return False
    both = ({} if before is None else before), ({} if after is None else after)
    own, district = reader.organisation_id, reader.district
    if kind in (Fact.PROJECT_CHANGED, Fact.PROJECT_REMOVED):
        return own is not None and any(said.get("investor_id") == own for said in both)
    if kind == Fact.WORK_CHANGED:
        return own is not None and any(said.get("owner_id") == own for said in both)
    if kind in (Fact.CONNECTION_MADE, Fact.CONNECTION_REMOVED):
        return sees_detail and not (before and after)
    if kind in (Fact.CLEARANCE_CREATED, Fact.CLEARANCE_CHANGED):
        return district is not None and any(said.get("district_code") == district for said in both)
    is_own = kind == Fact.ORGANISATION_CHANGED and code == reader.organisation
    return is_own and any("district_code" in said for said in both)


def worded(values: Values | None, organisations: Mapping[int, str]) -> dict[str, Any] | None:
    """Fields as the API calls them: MW instead of kW, organisations and places by their codes."""
    if values is None:
        return None
    said: dict[str, Any] = {}
    for name, value in values.items():
        told, is_kw = _word(name)
        if value is None or isinstance(value, str):
            said[told] = value
        elif is_kw:
            said[told] = mw(value)
        else:
            said[told] = organisations.get(value) if name in ("investor_id", "owner_id") else value
    return said


@dataclass(slots=True)
class Item:
    """What facts come to: the fields that stand, and the statements that were added, oldest first."""

    fields: dict[str, Any]
    entries: list[dict[str, Any]]


def apply(items: dict[tuple[str, str], Item], fact: Shown, revision: int, position: int) -> None:
    """Brings the items of a reader to what a further fact says."""
    key = fact.subject, fact.code
    if fact.effect == ChangeEffect.REMOVE:
        items.pop(key, None)
        return
    item = items.setdefault(key, Item({}, []))
    if fact.effect == ChangeEffect.SET:
        item.fields.update(fact.after or {})
        return
    said = {"before": fact.before, "after": fact.after}
    item.entries.append({"revision": revision, "position": position, "kind": fact.kind, **said})


def _sees_whole(
    reader: Audience, subject: str, before: Values | None, after: Values | None, sees_detail: bool
) -> bool:
    if subject in PUBLIC:
        return True
    if subject in INSIDE:
        return reader.may(May.READ_DETAIL)
    if subject in OWN:
        own = (after or before or {}).get("organisation")
        is_own = own is not None and own == reader.organisation
        return is_own or (subject == "progress_report" and reader.may(May.SEE_EVERY_PROJECT))
    if subject == "household" and not reader.may(May.READ_HOUSEHOLDS):
        return False
    return sees_detail and subject in DETAIL and reader.may(May.READ_DETAIL)


def _completed(kind: str, before: Values | None, after: Values | None) -> tuple[Values | None, Values | None]:
    """Sides that say what kinds of fact leave unsaid: how a tranche stands after its first entry, that a limit no longer
    stands."""
    if after is not None and kind == Fact.COD_RECOGNISED_BY_SOURCE:
        return {"operating_kw": 0}, {**after, "status": "recognised", "operating_kw": after.get("kw")}
    if after is not None and kind == Fact.COD_DECLARED:
        return before, {**after, "status": "declared", "operating_kw": 0}
    if after is not None and kind == Fact.LIMIT_WITHDRAWN:
        return before, {**after, "is_withdrawn": True}
    return before, after


def _shown(kind: str, subject: str, code: str, before: Values | None, after: Values | None) -> Shown:
    if after is None:
        return Shown(kind, subject, code, ChangeEffect.REMOVE, before, None)
    if kind in ADDS:
        return Shown(kind, subject, code, ChangeEffect.ADD, before, after)
    remarks = REMARKS.get(subject)
    if remarks is None or remarks.isdisjoint(after):
        return Shown(kind, subject, code, ChangeEffect.SET, before, after)
    said = {name: value for name, value in after.items() if name in remarks}
    stands = {name: value for name, value in after.items() if name not in remarks}
    return Shown(kind, subject, code, ChangeEffect.SET, before, stands, said)


def _narrowed(
    kind: str, subject: str, code: str, before: Values | None, after: Values | None, fields: frozenset[str]
) -> Shown | None:
    """A fact with the fields that everybody sees; None where it says none of them."""
    sides = (
        None if said is None else {name: value for name, value in said.items() if name in fields}
        for said in (before, after)
    )
    before, after = sides
    if not before and not after:
        return None
    return _shown(kind, subject, code, before, after)


@cache
def _word(name: str) -> tuple[str, bool]:
    """How the API calls a field, and whether it counts kW."""
    told = _NAMES.get(name, name)
    return (f"{told[:-3]}_mw", True) if told.endswith("_kw") else (told, told.endswith("_mw"))
