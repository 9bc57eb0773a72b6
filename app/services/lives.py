"""What every entry in the life of a tranche shares: finding it, settling what the rules found, and writing the entry down."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.domain import capacity
from app.domain.access import Actor, May, require
from app.domain.capacity import Posting, Tranche
from app.domain.rules import Finding, Override, settle
from app.domain.vocabulary import Fact, Measure, Precision
from app.queries import ledger
from app.queries.ledger import Place
from app.schemas.ledger import OverrideIn
from app.services import edits, entries


def opened(
    session: Session, actor: Actor, code: str, act: May, expected: int | None
) -> tuple[Place, Tranche]:
    require(actor, act)
    place, tranche = ledger.place(session, actor, code)
    edits.check_version(expected, place.revision)
    return place, tranche


def add(
    session: Session,
    actor: Actor,
    place: Place,
    tranche: Tranche,
    values: Mapping[str, Any],
    postings: Sequence[Posting],
    findings: Sequence[Finding] = (),
) -> None:
    """Writes a further entry of a tranche, after the arithmetic of rule R21, with its effect before and after."""
    capacity.check_arithmetic([*tranche.postings, *postings])
    entries.write(
        session,
        actor,
        Fact(f"cod.{values['kind']}"),
        place.project,
        place.phase,
        {
            "measure": Measure.OPERATING,
            "precision": Precision.DAY,
            "tranche": tranche.code,
            "is_illustrative": place.own(tranche.code)[0].row.is_illustrative,
            **values,
        },
        postings,
        findings=findings,
        before={"status": tranche.status, "operating_kw": tranche.operating_kw},
        after=_effect(tranche, values, postings),
    )


def _effect(tranche: Tranche, values: Mapping[str, Any], postings: Sequence[Posting]) -> dict[str, object]:
    entry = capacity.Entry(
        id=0, kind=values["kind"], measure=Measure.OPERATING, kw=values["kw"], effective_on=values["effective_on"],
        precision=Precision.DAY, phase=tranche.phase, tranche=tranche.code, postings=tuple(postings),
    )  # fmt: skip
    then = Tranche(tranche.code, (*tranche.entries, entry))
    return {"status": then.status, "operating_kw": then.operating_kw}


def decided(
    actor: Actor, found: Sequence[Finding], overrides: Sequence[OverrideIn], undertaking_ref: str | None
) -> list[Finding]:
    """What is kept of the findings on a decision; raises where one is hard, or needs an override it does not get."""
    return settle(
        found,
        deciding=True,
        may_override=actor.may(May.OVERRIDE_RULE),
        overrides=[Override(o.rule, o.reason) for o in overrides],
        undertaking_ref=undertaking_ref,
    )
