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


WAYS = (
    Way("/", Words.OVERVIEW, May.READ),
    Way("/map", Words.MAP, May.READ),
    Way("/my", Words.MY, May.REPORT_PROGRESS),
    Way("/projects", Words.PROJECTS, May.READ),
    Way("/grid-works", Words.GRID, May.READ),
    Way("/land", Words.LAND, May.READ),
    Way("/commitments", Words.COMMITMENTS, May.READ_DETAIL),
    Way("/blockers", Words.BLOCKERS, May.READ_DETAIL),
    Way("/queue", Words.QUEUE, May.DECIDE_COD),
    Way("/exchange", Words.EXCHANGE, May.READ_EXCHANGES),
    Way("/workbooks", Words.WORKBOOKS, May.SEND_WORKBOOKS),
    Way("/webhooks", Words.WEBHOOKS, May.MANAGE_WEBHOOKS),
    Way("/administration", Words.ADMINISTRATION, May.MANAGE_PEOPLE),
    Way("/journal", Words.JOURNAL, May.READ_JOURNAL),
)
