"""What becomes of a form that was sent: previewed, refused with all that was typed, or saved, and saved only once."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic

from fastapi import Response
from starlette.responses import RedirectResponse

from app.db import Session, Stamp
from app.deps import Ask
from app.domain.errors import Conflict, Forbidden, Invalid, RuleBroken, Stale, TrackerError
from app.domain.problems import Problem
from app.domain.words import Term
from app.pages import forms
from app.pages.forms import Effect, Model, Reading, Sent
from app.pages.rendering import Framed, render
from app.queries.subjects import Holder
from app.services import requests

STATUS: dict[type[TrackerError], int] = {
    Invalid: 422,
    RuleBroken: 422,
    Stale: 412,
    Conflict: 409,
    Forbidden: 403,
}
PREVIEW = "preview"
# A field of forms that add something: sent twice by a double click, they add it once.
ONCE = "once"
Show = Callable[[Session, Sent, Effect | None], Framed]


@dataclass(frozen=True, slots=True)
class Form(Generic[Model]):
    """How a form is read, what it does, and how it is shown again.

    `change` gets the revision that the form was opened at; `show` makes the context of `template`, and raises NotFound
    where there is nothing to see; `saved` is where whoever saved goes, from what `change` returned. `holder` names the
    subject whose dates a preview looks at.
    """

    model: type[Model]
    change: Callable[[Session, Model, int | None], Any]
    template: str
    show: Show
    saved: Callable[[Any], str]
    holder: Callable[[Session], Holder | None] = lambda _: None
    readings: Mapping[str, Reading] = field(default_factory=dict)
    emptied: Iterable[str] = ()
    placed: Mapping[Term, str] = field(default_factory=dict)
    # Where a field of the model stands in the form under another name; and fields of the form that are none of it.
    renamed: Mapping[str, str] = field(default_factory=dict)
    beside: Iterable[str] = ()

    @property
    def fields(self) -> set[str]:
        return {*(info.alias or name for name, info in self.model.model_fields.items()), *self.beside}

    def at_fields(self, sent: Sent) -> Sent:
        """What is wrong, under the names that the form has for its fields."""
        problems = {self.renamed.get(name, name): problem for name, problem in sent.problems.items()}
        details = {self.renamed.get(name, name): said for name, said in sent.details.items()}
        return replace(sent, problems=problems, details=details)


async def take(ask: Ask, form: Form[Model], values: Mapping[str, str]) -> Response:
    """Previews, refuses or saves what was sent; nothing is saved unless the answer leads elsewhere (303)."""
    found, sent = forms.understood(
        form.model, values, readings=form.readings, emptied=form.emptied, placed=form.placed
    )
    if found is None:
        return await shown(ask, form.template, form.show, form.at_fields(sent), 422)
    return await carry_out(ask, form, values, found)


async def carry_out(ask: Ask, form: Form[Model], values: Mapping[str, str], found: Model) -> Response:
    """The same for a form that is understood."""

    def change(session: Session) -> Any:
        return form.change(session, found, expected(values))

    try:
        if values.get("step") == PREVIEW:
            seen = await forms.effect(ask, form.holder, change)
            return await shown(ask, form.template, form.show, Sent(values), 200, seen)
        return RedirectResponse(await _saved(ask, values, lambda session: form.saved(change(session))), 303)
    except tuple(STATUS) as error:
        return await turned_down(ask, form, values, error)


async def turned_down(
    ask: Ask, form: Form[Model], values: Mapping[str, str], error: TrackerError
) -> Response:
    """The form again, with what a service said against it. Raises a Forbidden that is about no field of it."""
    if isinstance(error, Forbidden) and error.field not in form.fields:
        raise error
    sent = form.at_fields(forms.refused(values, error, form.fields))
    return await shown(ask, form.template, form.show, sent, STATUS[type(error)])


async def shown(
    ask: Ask, template: str, show: Show, sent: Sent, status: int = 200, effect: Effect | None = None
) -> Response:
    """A page with its form as it was sent, which nobody keeps."""
    body = await ask.tracker.db.read(lambda s: render(template, show(s, sent, effect), ask.lang), long=True)
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")


def expected(values: Mapping[str, str]) -> int | None:
    """The revision that a form was opened at; None where it adds something. Raises Stale where it is none."""
    given = values.get("revision", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 18:
        raise Stale(Problem.STALE, field="revision")
    return int(given)


def once() -> str:
    """What makes a form that adds something its own."""
    return secrets.token_hex(8)


async def _saved(ask: Ask, values: Mapping[str, str], change: Callable[[Session], str]) -> str:
    """Makes the change and returns where to go; the same form sent again goes to the same place and changes nothing."""

    def work(session: Session) -> str:
        if not values.get(ONCE) or ask.actor.user_id is None:
            return change(session)
        said = "\n".join([ask.url.path, *(f"{name}={values[name]}" for name in sorted(values))])
        fingerprint = hashlib.sha256(said.encode()).hexdigest()
        repeat = requests.Repeat(f"form:{fingerprint}", fingerprint)
        kept = requests.answered(session, ask.actor, repeat)
        if kept is not None:
            return kept.headers["Location"]
        address = change(session)
        requests.keep(session, ask.actor, repeat, requests.Kept(303, {"Location": address}, b""), ask.now)
        return address

    return await ask.tracker.db.change(work, Stamp(ask.now, ask.state.request_id))
