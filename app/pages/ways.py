"""The sections of the service, in the order of the navigation, and who may enter each."""

from dataclasses import dataclass

from app.domain.access import May
from app.pages.words.frame import Frame as Words


@dataclass(frozen=True, slots=True)
class Way:
    """A section: its first page, what it is called, and the permission it needs."""

    path: str
    label: Words
    needs: May


WAYS = (Way("/", Words.OVERVIEW, May.READ),)
