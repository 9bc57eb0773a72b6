"""How fast the service is, as ratios that hold on any machine: `tracker bench`.

`seeding` makes a register, `servers` starts the tracker and the bare application it is measured against, `load` asks
them in turn, `figures` says what must come out, and `report` shows it.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from app.bench import load, seeding
from app.bench.figures import Pace, measure
from app.bench.report import Report
from app.settings import Settings

SMALL, LARGE = 20, 30_000
QUICK, LARGE_WHEN_QUICK = Pace(slices=3, seconds=0.1, writes=20, firsts=2), 1_000


def run(phases: int = LARGE, postgres: str | None = None, quick: bool = False) -> bool:
    """Measures registers of 20 and of `phases` phases on SQLite, and beside it on the server at `postgres`.

    Prints one table, and returns False where a floor is missed on SQLite. A quick run shows only that everything
    runs; it measures too little to decide anything.
    """
    pace = QUICK if quick else Pace()
    sizes = (SMALL, min(phases, LARGE_WHEN_QUICK) if quick else phases)
    report = Report()
    with load.generator() as generator, tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        for size in sizes:
            _measure(report, "SQLite", f"sqlite:///{folder}/{size}.db", size, generator, pace, Path(folder))
        for size in sizes if postgres else ():
            with _database(str(postgres)) as url:
                _measure(report, "PostgreSQL", url, size, generator, pace, Path(folder))
    report.show()
    return quick or report.is_enough


def _measure(
    report: Report, engine: str, url: str, phases: int, generator: load.Load, pace: Pace, folder: Path
) -> None:
    settings = Settings(_env_file=None, database_url=url, demo=True, clock_on=seeding.TODAY)
    with report.section(engine, phases) as figures:
        register = seeding.seed(settings, phases)
        figures += measure(settings, register, generator, pace, folder / "log")


@contextmanager
def _database(server: str) -> Iterator[str]:
    """A database of its own on a PostgreSQL server, dropped in the end."""
    name = f"tracker_bench_{secrets.token_hex(4)}"
    address = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
