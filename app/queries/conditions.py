"""What the register knows of the conditions under which a template step exists."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.domain.vocabulary import ConnectionKind, PriceRegime, Siting, SubjectKind, WorkKind
from app.domain.words import Term
from app.queries.subjects import Holder
from app.tables.projects import Phase, Project, Turbine
from app.tables.works import Connection, GridWork

AT_SEA = frozenset({Siting.NEARSHORE, Siting.OFFSHORE})
# TT 15/2022/TT-BCT is for plants without a COD before 01/11/2021; a plant with the tariff of 2018 is none of them.
TRANSITIONAL = frozenset({PriceRegime.TRANSITIONAL})


def known(session: Session, holder: Holder) -> dict[str, bool | None]:
    """Conditions by code; None where the register does not say."""
    if isinstance(holder.row, GridWork):
        return {
            "includes_substation": holder.row.kind == WorkKind.SUBSTATION,
            "live_crossing": holder.row.crosses_live_line,
            "rice_land": holder.row.takes_rice_land,
        }
    if holder.kind == SubjectKind.CLEARANCE or holder.project is None:
        return {}
    sited = _at_sea(session, holder.project)
    return {
        "any_turbine_in_sea": sited,
        "works_in_water": True if sited else None,
        "transitional_price": _transitional(session, holder.project),
        "needs_reinforcement": _reinforced(session, holder.project),
    }


def _at_sea(session: Session, project: Project) -> bool | None:
    turbines = (
        select(col(Turbine.siting))
        .join(Phase, col(Phase.id) == col(Turbine.phase_id))
        .where(col(Phase.project_id) == project.id, col(Turbine.siting).is_not(None))
        .distinct()
    )
    return _any_of(
        [project.siting, *session.execute(turbines).scalars()], AT_SEA, frozenset({Siting.COASTAL})
    )


def _transitional(session: Session, project: Project) -> bool | None:
    regimes = select(col(Phase.price_regime)).where(col(Phase.project_id) == project.id).distinct()
    return _any_of(session.execute(regimes).scalars(), TRANSITIONAL, frozenset({PriceRegime.NONE_YET}))


def _any_of(said: Iterable[Term | None], wanted: frozenset[Any], unclear: frozenset[Any]) -> bool | None:
    """True where one of them is wanted, False where all say something else, None where that is not clear."""
    words = list(said)
    if wanted & set(words):
        return True
    return None if None in words or unclear & set(words) else False


def _reinforced(session: Session, project: Project) -> bool | None:
    statement = (
        select(col(Connection.id))
        .join(Phase, col(Phase.id) == col(Connection.phase_id))
        .where(col(Phase.project_id) == project.id, col(Connection.kind) == ConnectionKind.EVACUATION)
        .limit(1)
    )
    return True if session.execute(statement).first() is not None else None
