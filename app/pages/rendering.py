"""Jinja set up once per language: filters for words, MW, days and names, and what every page's frame needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
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
from app.pages import assets, formats
from app.pages.ways import WAYS, Way
from app.pages.words import FAMILIES

EXCEPTIONS = (
    Account.AT_RISK,
    Account.SUSPENDED,
    Account.CANCELLED,
    Account.DECLARED,
    Account.DISPUTED,
)
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
    # What the forms of this page carry; None where nobody is signed in.
    token: str | None = None

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

    def to(self, path: str, **parameters: str | int | None) -> str:
        """Another page in the same language."""
        asked = {"lang": self.asked.get("lang"), **parameters}
        kept = {name: value for name, value in asked.items() if value not in (None, "")}
        return path + ("?" + urlencode(kept) if kept else "")

    def link(self, path: str | None = None, **changes: str | None) -> str:
        """This address with some parameters changed, or (None) taken out."""
        kept = {name: value for name, value in {**self.asked, **changes}.items() if value}
        return (path or self.path) + ("?" + urlencode(kept) if kept else "")


def frame(ask: Ask) -> Frame:
    """The frame of the page that `ask` asks for."""
    token = None if ask.browser is None else signing.token(ask)
    asked, is_demo = dict(ask.query_params), ask.tracker.settings.demo
    return Frame(ask.lang, ask.url.path, asked, ask.today, is_demo, ask.actor, token)


def page(template: str, context: object, lang: Lang, status: int = 200) -> Response:
    """A page that nobody keeps: one with a form, or one that says what became of it."""
    body = render(template, context, lang)
    return Response(body, status, {"Cache-Control": "no-store"}, media_type="text/html; charset=utf-8")


def render(template: str, context: object, lang: Lang) -> str:
    """One template with one context, which it knows as `page`."""
    return _environment(lang).get_template(template).render(page=context)


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
