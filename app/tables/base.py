"""What every table shares: column types for words and instants, and the naming of constraints."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, String, Table, TypeDecorator
from sqlmodel import SQLModel

from app.domain.words import Term

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
# ASCII's own unit separator: no text that comes in can hold it, while a name may well hold a comma.
SEPARATOR = "\x1f"
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMES


class Word(TypeDecorator[Any]):
    """A `Term`, stored as its code in `VARCHAR(40)`: a new word needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, term: type[Term]) -> None:
        super().__init__(40)
        self.term = term

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else str(self.term(value).value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Term | None]:
        words: dict[Any, Term | None] = {None: None, **{term.value: term for term in self.term}}
        return words.__getitem__


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases (SQLite itself would forget the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return (
            None
            if value is None
            else value.replace(tzinfo=UTC)
            if value.tzinfo is None
            else value.astimezone(UTC)
        )


class Codes(TypeDecorator[tuple[str, ...]]):
    """A short list of codes or names in one text column, joined by `SEPARATOR`; an empty list is stored as NULL."""

    impl = String(2000)
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return SEPARATOR.join(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split(SEPARATOR)) if value else ()


def key(value: int | None) -> int:
    """The id of a row that the database has given one."""
    assert value is not None
    return value


def table(of: type[SQLModel]) -> Table:
    """The table behind a class, for rows that are only read, or only added."""
    found: Table = of.__table__  # type: ignore[attr-defined]
    return found
