"""The file of milestone templates (`milestone-templates/1`): YAML to a checked set, refused with the line that is wrong."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from app.domain.templates import (
    Condition,
    Duration,
    Flaw,
    MilestoneTemplate,
    Predecessor,
    Quantity,
    Spread,
    Template,
    TemplateSet,
    Wording,
    check,
)
from app.domain.vocabulary import (
    Cause,
    DayUnit,
    DocumentKind,
    DurationBasis,
    Gate,
    MilestoneScope,
    SubjectKind,
)
from app.domain.words import Term
from app.formats.register import Document, Path, Unreadable
from app.formats.register import read as read_document

FORMAT = "milestone-templates/1"
# In the file the cause of a step that holds a line or a substation, by the kind of the work.
BY_THE_WORK = "work"
KINDS = {str: "text", int: "a whole number", bool: "true or false", date: "a date"}

Value = TypeVar("Value", str, int, bool, date)
Word = TypeVar("Word", bound=Term)
Made = TypeVar("Made")


def read(text: str) -> TemplateSet:
    """Reads and checks a file of templates. Raises Unreadable with the line where it is wrong."""
    document = read_document(text)
    template_set = _set(_Place(document, (), document.values))
    try:
        check(template_set)
    except Flaw as flaw:
        raise Unreadable(str(flaw), _line_of(document, flaw.code)) from flaw
    return template_set


@dataclass(frozen=True, slots=True)
class _Place:
    """A mapping in the file and the way to it, so that whatever is wrong in it can say its line."""

    document: Document
    path: Path
    values: Any

    def refuse(self, reason: str, *further: str | int) -> Unreadable:
        path = (*self.path, *further)
        named = f"{'.'.join(map(str, path))}: {reason}" if path else reason
        return Unreadable(named, self.document.line(path))

    def allow(self, must: str, may: str = "") -> None:
        """Refuses unknown and missing keys; both lists are words."""
        if not isinstance(self.values, dict):
            raise self.refuse("not a mapping")
        if unknown := [key for key in self.values if key not in f"{must} {may}".split()]:
            raise self.refuse("unknown key", unknown[0])
        if missing := [key for key in must.split() if key not in self.values]:
            raise self.refuse(f"{missing[0]} is missing")

    def get(self, key: str, kind: type[Value]) -> Value:
        """The value of a key, which must be exactly of that kind: true is no number."""
        return self._exactly(self.values[key], kind, key)

    def maybe(self, key: str, kind: type[Value]) -> Value | None:
        return self.get(key, kind) if key in self.values else None

    def flag(self, key: str) -> bool:
        return self.maybe(key, bool) or False

    def word(self, key: str, family: type[Word]) -> Word:
        return self._one_of(self.get(key, str), family, key)

    def words(self, key: str, family: type[Word]) -> tuple[Word, ...]:
        return tuple(self._one_of(code, family, key, n) for n, code in enumerate(self.texts(key)))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._exactly(value, str, key, n) for n, value in enumerate(self._list(key)))

    def made(self, key: str, make: Callable[["_Place"], Made]) -> Made | None:
        """What `make` makes of the mapping below a key; None where there is no such key."""
        return make(self.below(key)) if key in self.values else None

    def below(self, *further: str | int) -> "_Place":
        value = self.values
        for key in further:
            value = value[key]
        return _Place(self.document, (*self.path, *further), value)

    def listed(self, key: str) -> Iterator["_Place"]:
        return (self.below(key, n) for n in range(len(self._list(key))))

    def named(self, key: str) -> Iterator[tuple[str, "_Place"]]:
        """The entries of a mapping from codes to mappings."""
        if not isinstance(self.values[key], dict):
            raise self.refuse("not a mapping", key)
        return ((str(code), self.below(key, code)) for code in self.values[key])

    def _list(self, key: str) -> list[Any]:
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.refuse("not a list", key)
        return values

    def _exactly(self, value: Any, kind: type[Value], *further: str | int) -> Value:
        if type(value) is not kind:
            raise self.refuse(f"not {KINDS[kind]}", *further)
        return value

    def _one_of(self, code: str, family: type[Word], *further: str | int) -> Word:
        if code not in list(family):
            raise self.refuse(f"{code} is none of {', '.join(family)}", *further)
        return family(code)


def _set(place: _Place) -> TemplateSet:
    place.allow("format version effective_for roles conditions templates")
    if place.values["format"] != FORMAT:
        raise place.refuse(f"not {FORMAT}", "format")
    term = place.below("effective_for")
    term.allow("valid_from", "valid_until")
    conditions = {code: _condition(code, below) for code, below in place.named("conditions")}
    return TemplateSet(
        version=place.get("version", int),
        valid_from=term.get("valid_from", date),
        valid_until=term.maybe("valid_until", date),
        roles={code: _wording(below) for code, below in place.named("roles")},
        conditions=conditions,
        templates=tuple(_template(code, below, conditions) for code, below in place.named("templates")),
    )


def _wording(place: _Place) -> Wording:
    place.allow("vi en")
    return Wording(place.get("vi", str), place.get("en", str))


def _condition(code: str, place: _Place) -> Condition:
    place.allow("unless_known vi en reason")
    if (unless := place.get("unless_known", str)) not in ("applies", "not_applicable"):
        raise place.refuse("neither applies nor not_applicable", "unless_known")
    name = Wording(place.get("vi", str), place.get("en", str))
    return Condition(code, name, _wording(place.below("reason")), unless == "applies")


def _template(code: str, place: _Place, conditions: Mapping[str, Condition]) -> Template:
    place.allow("name ends_with groups milestones")
    return Template(
        code=code,
        name=_wording(place.below("name")),
        ends_with=place.get("ends_with", str),
        groups={group: _wording(below) for group, below in place.named("groups")},
        milestones=tuple(_milestone(below, conditions) for below in place.listed("milestones")),
    )


MUST = "code order group scope subject cause name_vi name_en responsible authority legal_basis duration gate evidence"
MAY = (
    "predecessors condition takt_days quantity repeatable expires reversible confirm_by captures sets extends "
    "rolls_up note"
)


def _milestone(place: _Place, conditions: Mapping[str, Condition]) -> MilestoneTemplate:
    place.allow(MUST, MAY)
    by_the_work = place.get("cause", str) == BY_THE_WORK
    return MilestoneTemplate(
        code=place.get("code", str),
        order=place.get("order", int),
        group=place.get("group", str),
        scope=place.word("scope", MilestoneScope),
        subject=place.word("subject", SubjectKind),
        cause=None if by_the_work else place.word("cause", Cause),
        name=Wording(place.get("name_vi", str), place.get("name_en", str)),
        responsible=place.texts("responsible"),
        authority=place.get("authority", str),
        legal_basis=place.texts("legal_basis"),
        duration=_duration(place.below("duration")),
        gate=place.word("gate", Gate),
        evidence=place.words("evidence", DocumentKind),
        predecessors=tuple(_predecessor(below) for below in place.listed("predecessors")),
        condition=_known(place, conditions),
        takt=place.made("takt_days", _spread),
        quantity=place.made("quantity", _quantity),
        is_repeatable=place.flag("repeatable"),
        expires=place.flag("expires"),
        is_reversible=place.flag("reversible"),
        confirm_by=place.texts("confirm_by"),
        captures=place.texts("captures"),
        sets=place.maybe("sets", str),
        extends=place.maybe("extends", str),
        rolls_up=place.maybe("rolls_up", str),
        note=place.made("note", _wording),
    )


def _known(place: _Place, conditions: Mapping[str, Condition]) -> Condition | None:
    code = place.maybe("condition", str)
    if code is not None and code not in conditions:
        raise place.refuse(f"unknown condition {code}", "condition")
    return None if code is None else conditions[code]


def _predecessor(place: _Place) -> Predecessor:
    place.allow("code kind", "lag_days lag_unit instead note")
    if ("lag_days" in place.values) != ("lag_unit" in place.values):
        raise place.refuse("a lag has days and a unit")
    return Predecessor(
        code=place.get("code", str),
        kind=place.word("kind", Gate),
        lag_days=place.maybe("lag_days", int) or 0,
        lag_unit=place.word("lag_unit", DayUnit) if "lag_unit" in place.values else DayUnit.CALENDAR,
        instead=place.made("instead", _wording),
        note=place.made("note", _wording),
    )


def _duration(place: _Place) -> Duration:
    place.allow("min likely max unit basis", "legal_limit")
    return Duration(
        min=place.get("min", int),
        likely=place.get("likely", int),
        max=place.get("max", int),
        unit=place.word("unit", DayUnit),
        basis=place.word("basis", DurationBasis),
        legal_limit=place.made("legal_limit", _wording),
    )


def _spread(place: _Place) -> Spread:
    place.allow("min likely max")
    return Spread(place.get("min", int), place.get("likely", int), place.get("max", int))


def _quantity(place: _Place) -> Quantity:
    place.allow("of vi en")
    return Quantity(place.get("of", str), Wording(place.get("vi", str), place.get("en", str)))


def _line_of(document: Document, code: str) -> int | None:
    """The line of the role, condition, template or (last) milestone of that code."""
    found = None
    for path, line in document.lines.items():
        if path[-1:] == (code,) and len(path) == 2:
            return line
        if path[2:3] == ("milestones",) and path[4:] == ("code",):
            step = document.values["templates"][path[1]]["milestones"][path[3]]
            found = line if step["code"] == code else found
    return found
