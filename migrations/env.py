"""Runs migrations on the database of the settings, or on the connection it is given."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy.sql.sqltypes import TypeEngine

import app.tables
from app.settings import Settings

assert app.tables
target = app.tables.base.metadata


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Plain SQLAlchemy types only, so that a revision runs long after the app's own types have changed."""
    if kind != "type" or not isinstance(item, TypeEngine):
        return False
    if isinstance(item, sa.TypeDecorator):
        item = item.impl_instance
    if isinstance(item, sa.String) and type(item) is not sa.String:
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if type(item).__module__.startswith("sqlmodel"):
        return f"sa.String(length={item.length})"
    return (
        f"sa.{item!r}"
        if isinstance(item, sa.types.TypeEngine) and hasattr(sa, type(item).__name__)
        else False
    )


def run(connection: sa.Connection) -> None:
    """Upgrades or downgrades in one transaction; gives up after five seconds where others hold a table."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET lock_timeout = '5s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = sa.make_url(Settings().database_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    with sa.create_engine(url).connect() as connection:
        run(connection)
