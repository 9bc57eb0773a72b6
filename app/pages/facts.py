"""Facts of the journal in words: what a field is called, and its value before and after, as people read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from app.domain.vocabulary import TrancheStatus
from app.domain.words import Lang, Term
from app.pages import formats
from app.pages.words import About, Journal, Said
from app.pages.words.frame import Frame
from app.tables.base import Word, table
from app.tables.commitments import Commitment
from app.tables.documents import Document, Source
from app.tables.evacuation import EvacuationGroup, EvacuationLimit, EvacuationPath
from app.tables.households import Household
from app.tables.journal import Fact
from app.tables.ledger import CapacityEntry
from app.tables.milestones import Milestone, MilestoneEntry
from app.tables.obstacles import Obstacle
from app.tables.organisations import AdministrativeUnit, ApiKey, Organisation, User
from app.tables.projects import Phase, Project, Turbine
from app.tables.reports import ProgressReport
from app.tables.targets import ReportedFigure, Target
from app.tables.units import UnitCount, UnitEntry, UnitTotal, WorkUnit
from app.tables.works import Clearance, Connection, GridWork

# The rows whose columns a subject's facts speak of: they say of which family a code is.
ROWS: Mapping[About, tuple[type[Any], ...]] = {
    About.ORGANISATION: (Organisation,),
    About.USER: (User,),
    About.KEY: (ApiKey, User),
    About.UNIT: (AdministrativeUnit,),
    About.SOURCE: (Source,),
    About.TARGET: (Target,),
    About.FIGURE: (ReportedFigure,),
    About.PROJECT: (Project,),
    About.PHASE: (Phase, CapacityEntry),
    About.TURBINE: (Turbine,),
    About.TRANCHE: (CapacityEntry,),
    About.GRID_WORK: (GridWork,),
    About.CONNECTION: (Connection,),
    About.CLEARANCE: (Clearance,),
    About.MILESTONE: (Milestone, MilestoneEntry),
    About.DOCUMENT: (Document,),
    About.OBSTACLE: (Obstacle,),
    About.REPORT: (ProgressReport,),
    About.TOWER: (WorkUnit, UnitEntry),
    About.SECTION: (WorkUnit, UnitEntry),
    About.TOTAL: (UnitTotal,),
    About.COUNT: (UnitCount,),
    About.HOUSEHOLD: (Household,),
    About.COMMITMENT: (Commitment,),
    About.GROUP: (EvacuationGroup,),
    About.PATH: (EvacuationPath,),
    About.LIMIT: (EvacuationLimit,),
}
# Words that no column holds.
MORE: Mapping[tuple[About, str], type[Term]] = {(About.TRANCHE, "status"): TrancheStatus}
# What a fact says instead of personal data, and of a password.
HIDDEN = "changed"
NONE = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a fact; a value is None where the fact does not state it on that side."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: what happened, to what, and its fields."""

    kind: Term
    about: str
    code: str
    lines: list[Line]

    @property
    def sides(self) -> tuple[bool, bool]:
        """Whether anything is stated before, and after."""
        return any(line.before is not None for line in self.lines), any(
            line.after is not None for line in self.lines
        )


def told(fact: Fact, lang: Lang, *, without: Collection[str] = ()) -> Told:
    """A fact in words. `without` names fields that are left out."""
    about = _about(fact.subject)
    before, after = fact.before or {}, fact.after or {}
    lines = [
        Line(
            _name(name, lang),
            _value(about, name, before[name], lang) if name in before else None,
            _value(about, name, after[name], lang) if name in after else None,
        )
        for name in [*before, *(name for name in after if name not in before)]
        if name not in without
    ]
    said = fact.subject if about is None else about.label(lang)
    return Told(fact.kind, said, fact.subject_code, lines)


def _about(subject: str) -> About | None:
    return About(subject) if subject in set(About) else None


def _name(name: str, lang: Lang) -> str:
    return Said(name).label(lang) if name in set(Said) else name


def _value(about: About | None, name: str, value: object, lang: Lang) -> str:
    """A value as it is read: words by their labels, kW as MW, days and instants on the clocks of Viet Nam."""
    if value in (None, "", []):
        return NONE
    if isinstance(value, bool):
        return (Frame.YES if value else Frame.NO).label(lang)
    if isinstance(value, int) and (name == "kw" or name.endswith("_kw")):
        return f"{formats.mw(value, lang)} MW"
    if isinstance(value, int) and name.endswith("_vnd"):
        return f"{formats.number(value, lang)} đ"
    if isinstance(value, list):
        return ", ".join(_value(about, name, part, lang) for part in value)
    text = str(value)
    if text == HIDDEN:
        return Journal.HIDDEN.label(lang)
    return _word(about, name, text, lang) or _moment(name, text, lang) or text


def _word(about: About | None, name: str, code: str, lang: Lang) -> str | None:
    family = None if about is None else MORE.get((about, name)) or _families(about).get(name)
    return family(code).label(lang) if family is not None and code in set(family) else None


def _moment(name: str, text: str, lang: Lang) -> str | None:
    try:
        if name.endswith("_at"):
            return formats.minute(datetime.fromisoformat(text), lang)
        if name.endswith("_on") or name in ("valid_from", "valid_until"):
            return formats.day(date.fromisoformat(text), lang)
    except ValueError:
        return None
    return None


@cache
def _families(about: About) -> dict[str, type[Term]]:
    """The family of each column that holds a word."""
    return {
        column.name: column.type.term
        for row in reversed(ROWS.get(about, ()))
        for column in table(row).columns
        if isinstance(column.type, Word)
    }
