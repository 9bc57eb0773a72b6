"""Milestone templates: what has to happen to a project, a phase, a 110 kV work or a land package, in which order.

A set of templates is dated data with a version (`app/register/milestone_templates_1.yaml` is the law of 2023); a
milestone keeps the version it was made from. Days are whole days in the unit that the step states. Durations are
estimates for planning unless their basis says otherwise; a statutory limit stands beside them in words.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from app.domain.vocabulary import (
    Cause,
    DayUnit,
    DocumentKind,
    DurationBasis,
    Gate,
    MilestoneScope,
    SubjectKind,
)
from app.domain.words import Lang


class Flaw(ValueError):
    """A set of templates contradicts itself: `code` is the step, template, role or condition that is wrong."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    vi: str
    en: str

    def label(self, lang: Lang) -> str:
        """The text a person reads, in `lang`."""
        return self.en if lang == Lang.EN else self.vi


@dataclass(frozen=True, slots=True)
class Condition:
    """When a step exists. `reason` is what is shown where it does not; while nobody has said whether the condition
    holds, `applies_unless_known` decides: usual steps stay in the plan, exceptions stay out of it."""

    code: str
    name: Wording
    reason: Wording
    applies_unless_known: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Days: the least, the likely and the most."""

    min: int
    likely: int
    max: int


@dataclass(frozen=True, slots=True)
class Duration(Spread):
    """Days from "all predecessors done" to "this done" for one unit; `legal_limit` is what a text asks for."""

    unit: DayUnit
    basis: DurationBasis
    legal_limit: Wording | None = None


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A step that comes first: a hard one must be done or overridden, a soft one only warns.

    The step is *done* no earlier than `lag_days` after the predecessor is done; the lag runs beside the duration and
    is not added to it. `instead` says what may stand in the predecessor's place. A predecessor that is not applicable
    is passed over.
    """

    code: str
    kind: Gate
    lag_days: int = 0
    lag_unit: DayUnit = DayUnit.CALENDAR
    instead: Wording | None = None
    note: Wording | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a step that is done unit by unit counts: `of` names the total, `unit` the thing counted."""

    of: str
    unit: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneTemplate:
    """One step. `responsible` acts and `authority` decides; only the roles of `confirm_by` make an actual official.

    `cause` is what MW wait for while this step holds them; None leaves it to the kind of the grid work. `extends` is
    the step whose validity this one prolongs, `rolls_up` the template whose end this one follows.
    """

    code: str
    order: int
    group: str
    scope: MilestoneScope
    subject: SubjectKind
    cause: Cause | None
    name: Wording
    responsible: tuple[str, ...]
    authority: str
    legal_basis: tuple[str, ...]
    duration: Duration
    gate: Gate
    evidence: tuple[DocumentKind, ...]
    predecessors: tuple[Predecessor, ...] = ()
    condition: Condition | None = None
    takt: Spread | None = None
    quantity: Quantity | None = None
    is_repeatable: bool = False
    expires: bool = False
    is_reversible: bool = False
    confirm_by: tuple[str, ...] = ()
    captures: tuple[str, ...] = ()
    sets: str | None = None
    extends: str | None = None
    rolls_up: str | None = None
    note: Wording | None = None

    def binding_cause(self, of_work: Cause) -> Cause:
        """What MW wait for while this step holds them; `of_work` is line or substation, by the kind of the work."""
        return self.cause or of_work


@dataclass(frozen=True, slots=True)
class Template:
    """The steps of one kind of subject, in order; `ends_with` is the step that a roll-up follows (a wind plant: COD)."""

    code: str
    name: Wording
    ends_with: str
    groups: Mapping[str, Wording]
    milestones: tuple[MilestoneTemplate, ...]


@dataclass(frozen=True)
class TemplateSet:
    """All templates of one version and the days between which it is the law; roles and conditions by code."""

    version: int
    valid_from: date
    valid_until: date | None
    roles: Mapping[str, Wording]
    conditions: Mapping[str, Condition]
    templates: tuple[Template, ...]

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {template.code: template for template in self.templates}

    @cached_property
    def _homes(self) -> dict[str, tuple[Template, MilestoneTemplate]]:
        return {step.code: (template, step) for template in self.templates for step in template.milestones}

    @cached_property
    def _successors(self) -> dict[str, tuple[MilestoneTemplate, ...]]:
        found: dict[str, list[MilestoneTemplate]] = {}
        for step in self:
            for before in step.predecessors:
                found.setdefault(before.code, []).append(step)
        return {code: tuple(steps) for code, steps in found.items()}

    def __iter__(self) -> Iterator[MilestoneTemplate]:
        return (step for template in self.templates for step in template.milestones)

    def __contains__(self, code: object) -> bool:
        return code in self._homes

    def template(self, code: str) -> Template:
        """The template of that code, such as `grid_110kv`. Raises KeyError."""
        return self._templates[code]

    def step(self, code: str) -> MilestoneTemplate:
        """The step of that code, such as `W-E6`; codes are unique over all templates. Raises KeyError."""
        return self._homes[code][1]

    def template_of(self, code: str) -> Template:
        """The template that a step belongs to. Raises KeyError."""
        return self._homes[code][0]

    def successors(self, code: str) -> tuple[MilestoneTemplate, ...]:
        """The steps that name this one as a predecessor, hard or soft, in order. Raises KeyError."""
        return self._successors.get(self.step(code).code, ())


def applies(step: MilestoneTemplate, facts: Mapping[str, bool | None]) -> tuple[bool, Condition | None]:
    """Whether a step exists where these facts hold, and the condition that decided (None: it always exists).

    `facts` are conditions by code; one that is missing or None is not known.
    """
    if step.condition is None:
        return True, None
    known = facts.get(step.condition.code)
    return (step.condition.applies_unless_known if known is None else known), step.condition


def duration_days(step: MilestoneTemplate, units: int, crews: int = 1) -> Spread:
    """How long a step takes for that many units, in days of its own unit: duration + takt × (units / crews − 1).

    Rounded up; never less than one unit takes. Raises ValueError below one unit or one crew.
    """
    if units < 1 or crews < 1:
        raise ValueError(f"{units} units, {crews} crews")
    one, takt = step.duration, step.takt or Spread(0, 0, 0)
    further = max(units - crews, 0)

    def days(first: int, each: int) -> int:
        return first - (-each * further // crews)

    return Spread(days(one.min, takt.min), days(one.likely, takt.likely), days(one.max, takt.max))


def check(template_set: TemplateSet) -> None:
    """Raises Flaw where the set contradicts itself: a code twice, a text missing in a language, a name that leads
    nowhere, days out of order, or steps that wait for each other, also through another template's end."""
    _check_codes(template_set)
    for code, wording in _wordings(template_set):
        _check_wording(code, wording)
    for template in template_set.templates:
        if template.ends_with not in (step.code for step in template.milestones):
            raise Flaw(template.code, f"ends with {template.ends_with}, which is none of its milestones")
        for step in template.milestones:
            _check_roles(template_set, step)
            _check_neighbours(template_set, template, step)
            _check_days(step)
    _check_order(template_set)


def _check_codes(template_set: TemplateSet) -> None:
    seen: set[str] = set()
    for code in [*(t.code for t in template_set.templates), *(s.code for s in template_set)]:
        if code in seen:
            raise Flaw(code, "stands twice")
        seen.add(code)


def _wordings(template_set: TemplateSet) -> Iterator[tuple[str, Wording]]:
    """Every text that a person may read, with the code of what it belongs to."""
    yield from template_set.roles.items()
    for condition in template_set.conditions.values():
        yield from ((condition.code, condition.name), (condition.code, condition.reason))
    for template in template_set.templates:
        yield template.code, template.name
        yield from ((template.code, name) for name in template.groups.values())
    for step in template_set:
        unit = step.quantity.unit if step.quantity else None
        texts = [step.name, step.note, step.duration.legal_limit, unit]
        texts += [text for before in step.predecessors for text in (before.instead, before.note)]
        yield from ((step.code, text) for text in texts if text is not None)


def _check_wording(code: str, wording: Wording) -> None:
    for lang in Lang:
        text = wording.label(lang)
        if not text.strip():
            raise Flaw(code, f"a text is missing in {lang}")
        # Vietnamese typed on some machines comes decomposed, and would never equal the same words typed on another.
        if not unicodedata.is_normalized("NFC", text):
            raise Flaw(code, f"not in NFC: {text}")


def _check_roles(template_set: TemplateSet, step: MilestoneTemplate) -> None:
    for role in (*step.responsible, *step.confirm_by):
        if role not in template_set.roles:
            raise Flaw(step.code, f"unknown role {role}")


def _check_neighbours(template_set: TemplateSet, template: Template, step: MilestoneTemplate) -> None:
    """Whatever a step names is there; other steps stand in its own template."""
    if step.group not in template.groups:
        raise Flaw(step.code, f"unknown group {step.group}")
    if step.condition and template_set.conditions.get(step.condition.code) != step.condition:
        raise Flaw(step.code, f"unknown condition {step.condition.code}")
    if step.rolls_up and step.rolls_up not in (known.code for known in template_set.templates):
        raise Flaw(step.code, f"unknown template {step.rolls_up}")
    if step.cause is None and step.subject != SubjectKind.GRID_WORK:
        raise Flaw(step.code, "only a grid work has a kind that gives the cause")
    before = [each.code for each in step.predecessors]
    for code in [*before, *([step.extends] if step.extends else [])]:
        if code not in template_set:
            raise Flaw(step.code, f"unknown milestone {code}")
        if template_set.template_of(code) is not template:
            raise Flaw(step.code, f"{code} is a milestone of another template")
    if len(before) != len(set(before)):
        raise Flaw(step.code, "names a predecessor twice")


def _check_days(step: MilestoneTemplate) -> None:
    for days in (step.duration, step.takt):
        if days and not 0 <= days.min <= days.likely <= days.max:
            raise Flaw(step.code, f"days out of order: {days.min}, {days.likely}, {days.max}")
    if any(before.lag_days < 0 for before in step.predecessors):
        raise Flaw(step.code, "a lag below 0 days")


def waits_for(template_set: TemplateSet) -> Mapping[str, Sequence[str]]:
    """Each step with the steps it waits for: its predecessors, and the end of the template that it rolls up."""
    return {
        step.code: [
            *(before.code for before in step.predecessors),
            *([template_set.template(step.rolls_up).ends_with] if step.rolls_up else []),
        ]
        for step in template_set
    }


def _check_order(template_set: TemplateSet) -> None:
    try:
        TopologicalSorter(waits_for(template_set)).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        raise Flaw(cycle[0], "waits for itself: " + " → ".join(cycle)) from error
