"""The steps of a grid work that are counted in units follow them: handed over, cast, erected, strung when the last unit is,
open again when one goes back. So does the handover of a package that has cases. Nobody types their dates."""

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.tables.works import GridWork


def follow(session: Session, actor: Actor, work: GridWork) -> None:
    """Brings the milestones of a work, and of its packages, to what its units and cases say.

    To be called after whatever changes a unit, a report, a total or a case of the work.
    """
