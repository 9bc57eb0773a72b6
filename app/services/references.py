"""What records refer to: sources, administrative units, and the figures others published. Put, never removed."""

from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from app.domain.access import Actor, May, require
from app.domain.quantity import KW_PER_MW
from app.domain.vocabulary import Fact, ReportedUnit
from app.schemas.register import FigureLine, SourceLine, UnitLine
from app.services import edits, journal
from app.tables.documents import Source
from app.tables.organisations import AdministrativeUnit
from app.tables.targets import ReportedFigure

Row = TypeVar("Row", Source, AdministrativeUnit, ReportedFigure)


def put_source(session: Session, actor: Actor, line: SourceLine) -> str:
    """Adds a source or changes what is kept about it. Says which: created, changed or unchanged."""
    facts = (Fact.SOURCE_CREATED, Fact.SOURCE_CHANGED)
    return _put(
        session, actor, Source, "source", facts, line.model_dump(include={"code", *line.model_fields_set})
    )


def put_unit(session: Session, actor: Actor, line: UnitLine) -> str:
    """Adds an administrative unit or changes what is kept about it."""
    values = line.model_dump(include={"code", *line.model_fields_set})
    if "parent" in values:
        values["parent_code"] = values.pop("parent")
    facts = (Fact.UNIT_CREATED, Fact.UNIT_CHANGED)
    return _put(session, actor, AdministrativeUnit, "administrative_unit", facts, values)


def put_figure(session: Session, actor: Actor, line: FigureLine) -> str:
    """Adds a reported figure or changes what is kept about it. It is shown, and never added to a computed total."""
    edits.check_sources(session, line.sources)
    values = line.model_dump(include={"code", *line.model_fields_set})
    if "value" in values:
        value = values.pop("value")
        scale = KW_PER_MW if line.unit == ReportedUnit.MW else 1
        values["amount"] = None if value is None else round(value * scale)
    facts = (Fact.FIGURE_CREATED, Fact.FIGURE_CHANGED)
    return _put(session, actor, ReportedFigure, "reported_figure", facts, values)


def _put(
    session: Session,
    actor: Actor,
    table: type[Row],
    subject: str,
    facts: tuple[Fact, Fact],
    values: dict[str, Any],
) -> str:
    require(actor, May.SET_TARGET)
    created, changed = facts
    code = values["code"]
    row: SQLModel | None = session.execute(select(table).where(col(table.code) == code)).scalar_one_or_none()
    if row is None:
        row = table(**values)
        session.add(row)
        session.flush()
        journal.record(session, actor, created, subject, code, after=journal.described(row))
        return "created"
    before, after = edits.apply(row, values)
    if not after:
        return "unchanged"
    journal.record(session, actor, changed, subject, code, before=before, after=after)
    return "changed"
