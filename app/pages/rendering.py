"""Jinja set up once per language: filters for words, MW, days and names, and what every page's frame needs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.deps import Ask, signing
from app.domain.access import ANONYMOUS, Actor, May
from app.domain.capacity import Figures
from app.domain.vocabulary import Account
from app.domain.words import Lang, Term
from app.pages import assets, formats, moments
from app.pages.ways import WAYS, Way
from app.pages.words import FAMILIES

EXCEPTIONS = (
    Account.AT_RISK,
    Account.SUSPENDED,
    Account.CANCELLED,
    Account.DECLARED,
    Account.DISPUTED,
)
# The pages that take a day and what was known by when.
MOMENT_KEPT = re.compile(r"/|/map|/blockers|/projects|/projects/[^/]+|/phases/[^/]+")
TEMPLATES = Path(__file__).parent.parent / "templates"


class Named(Protocol):
    """A project, a phase, a target: named by people, and perhaps in English too."""

    @property
    def name(self) -> str | None: ...

    @property
    def name_en(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame around every page shows. `asked` are the parameters of the address, as they came."""

    lang: Lang
    path: str
    asked: Mapping[str, str]
    today: date | None
    is_demo: bool
    actor: Actor = ANONYMOUS
    # What stands for the token of the forms, and what puts the token there; None where nobody is signed in.
    token: str | None = None
    seal: Callable[[str], str] | None = None
    # How the service is called through which people may sign in too; None where there is none.
    provider: str | None = None
    # The day, and what was known by when, where the address names them.
    as_of: date | None = None
    known_at: datetime | date | None = None
    # How many claims wait for the reader's key; None where it is not theirs.
    waiting: int | None = None

    @property
    def ways(self) -> list[Way]:
        """The sections of the service that this reader may enter."""
        return [way for way in WAYS if self.actor.may(way.needs)]

    def is_in(self, way: Way) -> bool:
        """Whether this page belongs to a section."""
        return self.path == way.path or (way.path != "/" and self.path.startswith(way.path + "/"))

    def may(self, act: str) -> bool:
        """Whether this reader may do an act, by its code (`cod:declare`)."""
        return self.actor.may(May(act))

    @property
    def moment(self) -> dict[str, str]:
        """The day and the knowledge that this page was asked for, as parameters."""
        said = {"as_of": self.as_of, "known_at": self.known_at}
        return {name: self.asked[name] for name, value in said.items() if value is not None}

    def to(self, path: str, **parameters: str | int | None) -> str:
        """Another page in the same language and, where it can be shown so, at the same moment."""
        taken = self.moment if MOMENT_KEPT.fullmatch(path) else {}
        asked = {"lang": self.asked.get("lang"), **taken, **parameters}
        kept = {name: value for name, value in asked.items() if value not in (None, "")}
        return path + ("?" + urlencode(kept) if kept else "")

    def link(self, path: str | None = None, **changes: str | None) -> str:
        """This address with some parameters changed, or (None) taken out."""
        kept = {name: value for name, value in {**self.asked, **changes}.items() if value}
        return (path or self.path) + ("?" + urlencode(kept) if kept else "")


def frame(ask: Ask) -> Frame:
    """The frame of the page that `ask` asks for."""
    is_in = ask.browser is not None
    asked, chosen = dict(ask.query_params), ask.tracker.settings
    provider = None if ask.tracker.provider is None else chosen.oidc_name
    as_of, known_at = moments.read(asked)
    return Frame(
        lang=ask.lang,
        path=ask.url.path,
        asked=asked,
        today=ask.today,
        is_demo=chosen.demo,
        actor=ask.actor,
        token=signing.blank(ask) if is_in else None,
        seal=partial(signing.sealed, ask) if is_in else None,
        provider=provider,
        as_of=as_of,
        known_at=known_at,
        waiting=ask.waiting,
    )


class Framed(Protocol):
    """What every context has."""

    @property
    def frame(self) -> Frame: ...


def page(template: str, context: Framed, lang: Lang, status: int = 200) -> Response:
    """A page that nobody keeps: one with a form, or one that says what became of it."""
    body = render(template, context, lang)
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")


def render(template: str, context: Framed, lang: Lang) -> str:
    """One template with one context, which it knows as `page`."""
    text = _environment(lang).get_template(template).render(page=context)
    return text if context.frame.seal is None else context.frame.seal(text)


@cache
def _environment(lang: Lang) -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    in_lang: dict[str, Callable[..., Any]] = {
        "mw": formats.mw,
        "number": formats.number,
        "decimal": formats.decimal,
        "percent": formats.percent,
        "day": formats.day,
        "dated": formats.dated,
        "month": formats.month,
        "minute": formats.minute,
        "moment": formats.moment,
        "label": _label,
        "name": _name,
    }
    made.filters.update({name: partial(fn, lang=lang) for name, fn in in_lang.items()})
    made.globals.update(**FAMILIES, lang=lang, asset=assets.address, exceptions=_exceptions)
    return made


def _exceptions(figures: Figures) -> list[Account]:
    """The accounts beside the operating MW that hold something."""
    return [account for account in EXCEPTIONS if figures.kw(account)]


def _label(term: Term, lang: Lang, **parts: object) -> str:
    said = term.label(lang)
    return said.format(**parts) if parts else said


def _name(thing: Named, lang: Lang) -> str:
    return (thing.name_en if lang == Lang.EN else None) or thing.name or ""
