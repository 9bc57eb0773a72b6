"""Setting the fields of a row: only what was sent, only what differs, and nothing that must stand emptied."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from app.domain.errors import Invalid, Stale
from app.domain.problems import Problem
from app.domain.vocabulary import UnitLevel
from app.schemas.base import In
from app.services import journal
from app.tables.documents import Source
from app.tables.organisations import AdministrativeUnit, Organisation


def check_version(expected: int | None, current: int) -> None:
    """Raises Stale where the caller says which revision it has read and it is no longer the current one."""
    if expected is not None and expected != current:
        raise Stale(Problem.STALE, revision=current)


def sent(change: In, *, required: Iterable[str] = ()) -> dict[str, Any]:
    """The fields that were sent; a required one sent as null is refused."""
    values = {name: getattr(change, name) for name in change.model_fields_set}
    for name in required:
        if name in values and values[name] is None:
            field = type(change).model_fields[name].alias or name  # As it was sent.
            raise Invalid(Problem.FIELD_MISSING, field=field)
    return values


def apply(row: SQLModel, values: Mapping[str, Any]) -> tuple[dict[str, object], dict[str, object]]:
    """Sets what differs and returns it, before and after; two empty mappings where nothing does."""
    before, after = journal.differences({name: getattr(row, name) for name in values}, values)
    for name, value in after.items():
        setattr(row, name, value)
    return before, after


def organisation(session: Session, code: str | None, field: str) -> int | None:
    """The id of the organisation named in `field`."""
    if code is None:
        return None
    found = session.execute(
        select(col(Organisation.id)).where(col(Organisation.code) == code)
    ).scalar_one_or_none()
    if found is None:
        raise Invalid(Problem.UNKNOWN_ORGANISATION, field=field, code=code)
    return found


def check_unit(session: Session, code: str | None, field: str) -> None:
    """Raises Invalid where the administrative unit named in `field` is not known."""
    if code is None:
        return
    statement = select(col(AdministrativeUnit.id)).where(col(AdministrativeUnit.code) == code)
    if session.execute(statement).first() is None:
        raise Invalid(Problem.UNKNOWN_DISTRICT, field=field, code=code)


def unit(session: Session, code: str | None, level: UnitLevel) -> AdministrativeUnit | None:
    """The administrative unit of a level and code, or None."""
    statement = select(AdministrativeUnit).where(
        col(AdministrativeUnit.code) == code, col(AdministrativeUnit.level) == level
    )
    return session.execute(statement).scalar_one_or_none()


def check_sources(session: Session, codes: Iterable[str]) -> None:
    """Raises Invalid where a cited source is not known."""
    wanted = set(codes)
    if not wanted:
        return
    known = set(session.execute(select(col(Source.code)).where(col(Source.code).in_(wanted))).scalars())
    if missing := sorted(wanted - known):
        raise Invalid(Problem.UNKNOWN_SOURCE, field="sources", codes=missing)
