"""Forms: what was typed stays, what is wrong stands at its field, and what a change would do is shown before it is made."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from app.db import Session, Stamp
from app.deps import Ask
from app.domain import typed
from app.domain.errors import Invalid, Stale, TrackerError
from app.domain.vocabulary import Account
from app.domain.words import Term
from app.outside import shipped
from app.queries import capacity, journal, schedules
from app.queries.capacity import View
from app.queries.subjects import Holder
from app.schemas import refusals

Model = TypeVar("Model", bound=BaseModel)
Reading = Callable[[str, str], Any]
# How a field that is no text is read; whatever is empty is left out, or emptied where the form shows it.
NUMBER: Reading = typed.number
DAY: Reading = typed.day


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent, or as it is opened: what stands in its fields, and what is wrong. `general` is about the
    whole; `is_stale`: somebody else has changed it since it was opened."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Term] = field(default_factory=dict)
    details: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    general: Term | None = None
    is_stale: bool = False

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems) or self.general is not None

    def value(self, name: str) -> str:
        """What stands in a field."""
        return self.values.get(name, "")

    def chosen(self, name: str) -> list[str]:
        """What is ticked, in a field of several boxes."""
        return self.value(name).splitlines()

    def more(self, name: str) -> list[object]:
        """What a problem is about beside its field: the milestones, documents or turbines that it names."""
        details = self.details.get(name, {})
        named = next((details[word] for word in _NAMED if details.get(word)), [])
        return list(named) if isinstance(named, list | tuple) else []

    def revision(self, present: int) -> str:
        """The revision a form goes on from: the one it was opened at, and the present one where that is no longer it."""
        return str(present) if self.is_stale else self.value("revision") or str(present)


_NAMED = ("milestones", "evidence", "turbines")


def texts(form: FormData) -> dict[str, str]:
    """The texts of a form by name, without its token; files are not among them. A name that comes more than once (boxes
    that are ticked) holds its texts line by line."""
    return {
        name: "\n".join(text.strip() for text in form.getlist(name) if isinstance(text, str))
        for name, value in form.items()
        if isinstance(value, str) and name != "token"
    }


def understood(
    model: type[Model],
    values: Mapping[str, str],
    *,
    readings: Mapping[str, Reading] | None = None,
    emptied: Iterable[str] = (),
    placed: Mapping[Term, str] | None = None,
) -> tuple[Model | None, Sent]:
    """The change that a form states, and the form with what is wrong in it; None where anything is.

    `readings` says how fields are read that are no text; `emptied` are fields that empty what they are about where they
    are left empty (every other empty field is not stated). `placed` says at which field a problem of the whole stands.
    """
    stated, problems = _stated(model, values, readings or {}, frozenset(emptied))
    found: Model | None = None
    try:
        found = model.model_validate(stated)
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False):
            place = str(wrong["loc"][0]) if wrong["loc"] else ""
            problems.setdefault(place, refusals.problem(str(wrong["type"])))
    general = problems.pop("", None)
    if general is not None and placed and general in placed:
        problems.setdefault(placed[general], general)
        general = None
    if problems or general is not None:
        return None, Sent(values, problems, general=general)
    return found, Sent(values)


def _stated(
    model: type[BaseModel],
    values: Mapping[str, str],
    readings: Mapping[str, Reading],
    emptied: frozenset[str],
) -> tuple[dict[str, Any], dict[str, Term]]:
    """The fields of a change that a form states, read as what they are, and those that cannot be read."""
    stated: dict[str, Any] = {}
    problems: dict[str, Term] = {}
    names = {info.alias or name for name, info in model.model_fields.items()}
    for name, text in values.items():
        if name not in names:
            continue
        if not text:
            if name in emptied:
                stated[name] = None
            continue
        try:
            stated[name] = readings[name](text, name) if name in readings else text
        except Invalid as error:
            problems[name] = error.problem
    return stated, problems


def refused(values: Mapping[str, str], error: TrackerError, known: Iterable[str]) -> Sent:
    """The form with what a service refused: at the field it names, where the form has it, else above the whole."""
    is_stale = isinstance(error, Stale)
    known, findings = set(known), error.details.get("findings")
    if isinstance(findings, list):
        # Every rule that refuses at its own field; one that has none above the whole.
        at = {f.field if f.field in known else "": f for f in reversed(findings)}
        general = at.pop("", None)
        problems = {field: f.rule for field, f in at.items()}
        return Sent(values, problems, {name: f.details for name, f in at.items()}, general and general.rule)
    if error.field in known and not is_stale:
        return Sent(values, {error.field: error.problem}, {error.field: error.details})
    return Sent(values, details={"": error.details}, general=error.problem, is_stale=is_stale)


@dataclass(frozen=True, slots=True)
class Both:
    """One field of a stale form: what was typed beside what stands now; a day, a word of the domain, or text."""

    title: Term
    yours: date | Term | str
    present: date | Term | str


def both(
    sent: Sent, present: Mapping[str, str], fields: Mapping[str, tuple[Term, type[Term] | None]]
) -> list[Both]:
    """The fields in which a stale form differs from what stands now; `fields` says what each is called, and of which
    family its words are."""
    if not sent.is_stale:
        return []
    return [
        Both(title, _read(sent.value(name), family), _read(present.get(name, ""), family))
        for name, (title, family) in fields.items()
        if name in sent.values and sent.value(name) != present.get(name, "")
    ]


def _read(text: str, family: type[Term] | None) -> date | Term | str:
    try:
        return typed.day(text) if family is None else family(text)
    except (Invalid, ValueError):
        return text


@dataclass(frozen=True, slots=True)
class Moved:
    """The forecast COD of a phase before and after a change."""

    code: str
    name: str
    before_on: date | None
    after_on: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do: kW in operation, declared and missing from the target, before and after; CODs that move."""

    operating_kw: tuple[int, int]
    declared_kw: tuple[int, int]
    gap_kw: tuple[int, int] | None
    moved: tuple[Moved, ...]


async def effect(
    ask: Ask, holder: Callable[[Session], Holder | None], change: Callable[[Session], object]
) -> Effect:
    """What `change` would do, found by making it and taking it back. `holder` names the subject whose network is looked at.

    Raises what the change raises.
    """

    def work(session: Session) -> Effect:
        subject = holder(session)
        before = _standing(session, ask, subject)
        change(session)
        session.flush()
        after = _standing(session, ask, subject)
        return _between(before, after)

    return await ask.tracker.db.rehearse(work, Stamp(ask.now, ask.state.request_id))


@dataclass(frozen=True, slots=True)
class _Standing:
    operating_kw: int
    declared_kw: int
    gap_kw: int | None
    cods: Mapping[str, tuple[str, date | None]]


def _standing(session: Session, ask: Ask, subject: Holder | None) -> _Standing:
    # What the open change has written belongs to the revision after the last.
    view = View(ask.actor, ask.today, journal.head(session) + 1)
    found = capacity.overview(session, view, None)
    gap = None if found.progress is None else found.progress.gap_kw
    return _Standing(
        found.figures.operating_kw,
        found.figures.kw(Account.DECLARED),
        gap,
        _cods(session, ask, view, subject),
    )


def _cods(
    session: Session, ask: Ask, view: View, subject: Holder | None
) -> dict[str, tuple[str, date | None]]:
    if subject is None:
        return {}
    calendar = shipped.calendar(ask.tracker.settings.calendar_file)
    stakes = schedules.of_holder(session, view, calendar, subject).stakes
    return {phase.code: (phase.name, stakes.cod_on(phase.id)) for phase in stakes.plan.phases.values()}


def _between(before: _Standing, after: _Standing) -> Effect:
    gap = None if before.gap_kw is None or after.gap_kw is None else (before.gap_kw, after.gap_kw)
    moved = tuple(
        Moved(code, name, before.cods[code][1], on)
        for code, (name, on) in sorted(after.cods.items())
        if code in before.cods and before.cods[code][1] != on
    )
    return Effect(
        (before.operating_kw, after.operating_kw), (before.declared_kw, after.declared_kw), gap, moved
    )
