"""A word of the domain: one line that carries its code and both of its labels."""

from enum import StrEnum
from typing import Self


class Lang(StrEnum):
    """The two languages of the service; Vietnamese is the default."""

    VI = "vi"
    EN = "en"


class Term(StrEnum):
    """A word that equals its code and knows its Vietnamese and English labels.

    The code is stored and sent; labels are only shown.
    """

    vi: str
    en: str

    def __new__(cls, code: str, vi: str = "", en: str = "") -> Self:
        term = str.__new__(cls, code)
        term._value_ = code
        term.vi = vi
        term.en = en
        return term

    def label(self, lang: Lang) -> str:
        """The words a person reads, in `lang`."""
        return self.en if lang == Lang.EN else self.vi
