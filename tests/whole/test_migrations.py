"""The migrations lead from nothing to the tables of the program and back again, on both databases."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, make_url

import migrations
from app.db import Database
from app.services import journal
from app.tables import base
from tests import postgres
from tests.conftest import settings

FOLDER = Path(migrations.__file__).parent
REVISIONS = sorted(path for path in (FOLDER / "versions").glob("*.py") if path.name != "__init__.py")
_numbers = itertools.count()


def alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("_postgres")
    name = f"empty_{next(_numbers)}"
    yield postgres.create_database(server, name)
    postgres.drop_database(server, name)


@pytest.fixture
def connection(empty_url: str) -> Iterator[Connection]:
    url = make_url(empty_url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(connection: Connection) -> list[object]:
    """What `alembic check` would write a migration for."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, base.metadata))


def test_up_down_and_up_again(connection: Connection) -> None:
    command.upgrade(alembic(connection), "head")
    assert tables(connection) == set(base.metadata.tables)
    assert differences(connection) == []
    command.downgrade(alembic(connection), "base")
    assert tables(connection) == set()
    assert differences(connection) != [], "the comparison sees what is missing"
    command.upgrade(alembic(connection), "head")
    assert differences(connection) == []


def test_every_step_down_can_be_taken_up_again(connection: Connection) -> None:
    command.upgrade(alembic(connection), "head")
    for revision in ScriptDirectory.from_config(alembic()).walk_revisions():
        command.downgrade(alembic(connection), revision.down_revision or "base")
        command.upgrade(alembic(connection), revision.revision)
        command.downgrade(alembic(connection), revision.down_revision or "base")
    assert tables(connection) == set()


def test_a_service_upgrades_an_empty_database_and_leaves_one_that_is_there(empty_url: str) -> None:
    database = Database(settings(empty_url), seal=journal.seal)
    for _ in range(2):
        database.upgrade()
        with database.reading() as session:
            assert MigrationContext.configure(session.connection()).get_current_revision() == head()
            assert differences(session.connection()) == []
    database.close()


def head() -> str:
    (only,) = ScriptDirectory.from_config(alembic()).get_heads()
    return only


def test_there_is_one_head_and_one_line_from_the_base() -> None:
    script = ScriptDirectory.from_config(alembic())
    assert head()
    assert len(script.get_bases()) == 1
    assert len(list(script.walk_revisions())) == len(REVISIONS)
    assert migrations.newest() == head()


@pytest.mark.parametrize("file", REVISIONS, ids=lambda file: file.name)
def test_a_migration_never_imports_the_program(file: Path) -> None:
    module = ast.parse(file.read_text("utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(module)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= {"alembic", "sqlalchemy", "collections", "typing", "__future__"}
    assert file.name[:10].replace("_", "").isdigit(), "dated, so that the folder reads as a history"
