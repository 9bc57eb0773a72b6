"""The COD milestone of a phase follows the ledger: it is done when nothing of the phase is left to recognise, on the day
the last tranche took effect, and open again when there is. Nobody types its date."""

from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.db import Stamp
from app.domain.access import Actor
from app.domain.calendar import local_day
from app.domain.milestones import COD, Stated
from app.domain.vocabulary import MilestoneAct, SubjectKind, Verification
from app.queries import network, subjects
from app.queries.capacity import View
from app.queries.network import Scope
from app.services import journal
from app.services.milestones import Teller
from app.tables.base import key
from app.tables.milestones import Milestone


class Phase(Protocol):
    """A phase by its id, and the project it is in."""

    @property
    def id(self) -> int | None: ...


def follow(session: Session, actor: Actor, phase: Phase) -> None:
    """Brings the COD milestone of a phase to what the ledger says; does nothing where the phase has no milestones.

    To be called after whatever may change how many MW of the phase wait: a recognition, a correction, its turbines.
    """
    session.flush()
    statement = select(Milestone).where(
        col(Milestone.subject) == SubjectKind.PHASE,
        col(Milestone.subject_id) == phase.id,
        col(Milestone.code) == COD,
        col(Milestone.instance) == 1,
    )
    row = session.execute(statement).scalar_one_or_none()
    if row is None or row.project_id is None:
        return
    stamp: Stamp = session.info["stamp"]
    view = View(actor, local_day(stamp.at), journal.number(session, actor))
    found, _ = network.phases_of(session, view, Scope(frozenset({row.project_id}), frozenset()))
    reached_on = next((p.cod_on for p in found if p.id == phase.id and p.waiting_kw == 0), None)
    teller = Teller(session, actor, subjects.by_id(session, SubjectKind.PHASE, key(phase.id)), row)
    standing = teller.state.actual
    if reached_on is None and standing is not None:
        teller.say(MilestoneAct.WITHDRAWN, None, previous_on=standing.on)
    elif reached_on is not None and (standing is None or standing.on != reached_on):
        stated = Stated(reached_on)
        teller.say(MilestoneAct.CONFIRMED, stated, verification=Verification.CONFIRMED)
