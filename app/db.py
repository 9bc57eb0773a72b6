"""The database: one transaction per request, and the only place that commits.

Returning commits, raising rolls back, and the commit happens before the answer leaves. Changes are serial on both
databases (`BEGIN IMMEDIATE` on SQLite, an advisory lock on PostgreSQL), so a change reads what the one before it
wrote, revisions have no gaps, and no rule is checked against a stale sum. Reads see one snapshot and cannot write.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session as Session  # The doors take it from here and never touch the toolkit.

import migrations
from app.domain.errors import Conflict, Invalid, Unavailable
from app.domain.problems import Problem
from app.settings import Settings

Result = TypeVar("Result")
# One key for the lock that puts changes in a row; the number has no meaning.
WRITER_LOCK = text("SELECT pg_advisory_xact_lock(377000)")
MIGRATION_LOCK = text("SELECT pg_advisory_lock(377001)")
MIGRATION_UNLOCK = text("SELECT pg_advisory_unlock(377001)")
# A session here is one transaction on one connection, which those who ask the driver itself find under this name.
CONNECTION = "connection"
HEAD = "SELECT COALESCE(MAX(number), 0) FROM revision"


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and for which request a change is made; the journal writes it down."""

    at: datetime
    request_id: str


class Database:
    """Two engines on one database, one for reading and one for changing. `seal` runs just before each commit."""

    def __init__(self, settings: Settings, seal: Callable[[Session], None]) -> None:
        self.is_sqlite = settings.is_sqlite
        self._seal = seal
        self._limiter: anyio.CapacityLimiter | None = None
        self._pen = ThreadPoolExecutor(1, "changes")
        self._threads = settings.database_threads
        self._watch: sqlite3.Connection | None = None
        self._at_hand: Connection | None = None
        self._file = settings.sqlite_file
        if self.is_sqlite:
            self.reader = _sqlite(settings, writes=False)
            self.writer = _sqlite(settings, writes=True)
        else:
            self.reader = _postgres(settings, isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self.writer = _postgres(settings)
        # Asked of the engine: a service on SQLite then holds no PostgreSQL driver in its memory.
        self._driver: Any = self.reader.dialect.loaded_dbapi

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session on one snapshot that cannot write."""
        with (
            _named_errors(self._driver),
            self.reader.connect() as connection,
            _session(connection, autoflush=False) as session,
        ):
            yield session

    @contextmanager
    def changing(self, stamp: Stamp) -> Iterator[Session]:
        """The one open change. Leaving commits, raising rolls back."""
        with (
            _named_errors(self._driver),
            self.writer.connect() as connection,
            _session(connection, stamp=stamp) as session,
        ):
            if not self.is_sqlite:
                connection.execute(WRITER_LOCK)
            yield session
            session.flush()
            self._seal(session)

    @contextmanager
    def rehearsing(self, stamp: Stamp) -> Iterator[Session]:
        """A change that is taken back in the end, whatever happens: what a dry run does."""
        with (
            _named_errors(self._driver),
            self.writer.connect() as connection,
            _session(connection, stamp=stamp) as session,
        ):
            if not self.is_sqlite:
                connection.execute(WRITER_LOCK)
            yield session
            session.rollback()

    async def read(self, fn: Callable[[Session], Result], *, long: bool = False) -> Result:
        """Runs `fn` in a reading transaction: in place where it is short and the file is at hand, else in a thread."""
        if self.is_sqlite and not long:
            return self._read_in_place(fn)
        return await to_thread.run_sync(self._read, fn, limiter=self._limit())

    async def change(self, fn: Callable[[Session], Result], stamp: Stamp) -> Result:
        """Runs `fn` in a changing transaction, and returns after the commit.

        Changes are serial, so one thread makes those of this process, and none waits for another in the database.
        """
        return await self._in_row(self._change, fn, stamp)

    async def rehearse(self, fn: Callable[[Session], Result], stamp: Stamp) -> Result:
        """Runs `fn` in a change that is taken back, in a row with the changes of this process: however long it takes, none
        of them waits for it in the database, which would give up."""
        return await self._in_row(self._rehearse, fn, stamp)

    async def head(self) -> int:
        """The number of the last revision. Cheap enough to ask before every answer (3 µs on SQLite)."""
        if not self.is_sqlite:
            return await to_thread.run_sync(self._head, limiter=self._limit())
        try:
            if self._watch is None:
                self._watch = sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, isolation_level=None)
            return int(self._watch.execute(HEAD).fetchone()[0])
        except sqlite3.OperationalError as error:
            raise Unavailable(Problem.BUSY) from error

    async def migration(self) -> tuple[str | None, str | None]:
        """The migration the database stands at, and the newest one there is."""
        return await to_thread.run_sync(self._migration, limiter=self._limit())

    def upgrade(self) -> None:
        """Brings the database to the newest migration; a no-op where it is there. Processes that start together wait."""
        found, wanted = self._migration()
        if found == wanted:
            return
        # Only here, so that a service which has nothing to migrate holds no alembic in its memory.
        from migrations import steps

        with _named_errors(self._driver), self.writer.connect() as connection:
            if self.is_sqlite:
                steps.upgrade(connection)
                return
            connection.execute(MIGRATION_LOCK)
            connection.commit()
            try:
                steps.upgrade(connection)
            finally:
                connection.rollback()
                connection.execute(MIGRATION_UNLOCK)
                connection.commit()

    def close(self) -> None:
        self._pen.shutdown()
        if self._watch is not None:
            self._watch.close()
        if self._at_hand is not None:
            self._at_hand.close()
        self.reader.dispose()
        self.writer.dispose()

    def _read(self, fn: Callable[[Session], Result]) -> Result:
        with self.reading() as session:
            return fn(session)

    def _read_in_place(self, fn: Callable[[Session], Result]) -> Result:
        """On the event loop one connection stays at hand: taking one from the pool costs more than most queries."""
        with _named_errors(self._driver):
            if self._at_hand is None:
                self._at_hand = self.reader.connect()
            with _session(self._at_hand, autoflush=False) as session:
                return fn(session)

    async def _in_row(
        self,
        make: Callable[[Callable[[Session], Result], Stamp], Result],
        fn: Callable[[Session], Result],
        stamp: Stamp,
    ) -> Result:
        result: Result = await asyncio.get_running_loop().run_in_executor(self._pen, make, fn, stamp)
        return result

    def _change(self, fn: Callable[[Session], Result], stamp: Stamp) -> Result:
        with self.changing(stamp) as session:
            return fn(session)

    def _rehearse(self, fn: Callable[[Session], Result], stamp: Stamp) -> Result:
        with self.rehearsing(stamp) as session:
            return fn(session)

    def _head(self) -> int:
        with _named_errors(self._driver), self.reader.connect() as connection:
            return int(connection.exec_driver_sql(HEAD).scalar_one())

    def _migration(self) -> tuple[str | None, str | None]:
        with _named_errors(self._driver), self.reader.connect() as connection:
            return _migration(connection), migrations.newest()

    def _limit(self) -> anyio.CapacityLimiter:
        if self._limiter is None:
            self._limiter = anyio.CapacityLimiter(self._threads)
        return self._limiter


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """A part of a change that undoes itself alone where it raises; the rest of the change goes on.

    What is kept beside the rows (`info`, where the journal collects the facts of a change) goes back as well.
    """
    session.flush()
    kept = {name: list(value) if isinstance(value, list) else value for name, value in session.info.items()}
    try:
        with session.begin_nested():
            yield
            session.flush()
    except BaseException:
        session.info.clear()
        session.info.update(kept)
        raise


def _migration(connection: Connection) -> str | None:
    """The migration a database stands at; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


@contextmanager
def _session(connection: Connection, *, autoflush: bool = True, **more: object) -> Iterator[Session]:
    """One transaction with a session in it. Through a transaction of its own a session would cost three times that."""
    info = {CONNECTION: connection, **more}
    with connection.begin(), Session(connection, autoflush=autoflush, info=info) as session:
        yield session


@contextmanager
def _named_errors(driver: Any) -> Iterator[None]:
    """Errors of the toolkit and of the driver below it become the service's own, so that no floor above knows theirs."""
    try:
        yield
    except (IntegrityError, driver.IntegrityError) as error:
        raise Conflict(Problem.TAKEN) from error
    except (DataError, driver.DataError) as error:
        raise Invalid(Problem.SHAPE) from error
    except (OperationalError, driver.OperationalError) as error:
        raise Unavailable(Problem.BUSY) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable(Problem.BUSY) from error
        raise


def _sqlite(settings: Settings, *, writes: bool) -> Engine:
    if settings.sqlite_file is not None and settings.sqlite_file.parent != settings.sqlite_file:
        settings.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    # Rows hold personal data, and an unexpected error of the toolkit is logged: it never tells what it was asked with.
    engine = create_engine(
        settings.database_url,
        # The driver's own transaction control is off; `_begin` says BEGIN (it lost updates without an error).
        connect_args={"timeout": settings.busy_timeout_ms / 1000, "isolation_level": None},
        pool_size=settings.database_threads + 1,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # FULL: what was acknowledged survives a power cut too, not only a killed process.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(settings: Settings, **options: Any) -> Engine:
    url = make_url(settings.database_url).set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=settings.database_threads,
        pool_pre_ping=True,
        hide_parameters=True,
        execution_options=options,
        connect_args={"options": f"-c lock_timeout={settings.busy_timeout_ms} -c timezone=UTC"},
    )
