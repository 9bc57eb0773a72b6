"""How fast the service is, as ratios that hold on any machine: `tracker bench`.

`seeding` makes a register, `servers` starts the tracker and the bare application it is measured against, `load` asks
them in turn, `figures` says what must come out, `growth` holds two registers against each other, `schedules` times
networks of milestones in a process of their own (`demo` is a real one), `lines` batches of unit states and the strip of a line,
`webhooks` what one worker delivers, `exchanges` what is pulled from EVN SPC, and `report` shows it all.
"""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from app.bench import exchanges, feed, growth, load, schedules, seeding, webhooks
from app.bench.figures import Pace, measure
from app.bench.growth import Site
from app.bench.report import Report
from app.settings import Settings

SMALL, LARGE = 20, 30_000
MILESTONES, MILESTONES_WHEN_QUICK = 1_000_000, 20_000
QUICK, LARGE_WHEN_QUICK = (
    Pace(slices=1, seconds=0.02, writes=10, firsts=1, pairs=5, runs=2, towers=50, workbook_rows=200),
    200,
)


def run(phases: int = LARGE, postgres: str | None = None, quick: bool = False) -> bool:
    """Measures a schedule, and registers of 20 and of `phases` phases on SQLite, beside it on the server at `postgres`.

    Prints one table, and returns False where the schedule misses a ceiling or SQLite a floor. A quick run shows only
    that everything runs; it measures too little to decide anything.
    """
    pace = QUICK if quick else Pace()
    sizes = (SMALL, min(phases, LARGE_WHEN_QUICK) if quick else phases)
    report = Report()
    milestones = MILESTONES_WHEN_QUICK if quick else MILESTONES
    with report.section("schedule", milestones, "milestones") as figures:
        figures += schedules.measure(milestones, pace.runs)
    with load.generator() as generator, tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        urls = [f"sqlite:///{folder}/{name}.db" for name in ("small", "large")]
        _measure(report, "SQLite", urls, sizes, generator, pace, Path(folder))
        with report.section("webhooks", webhooks.FACTS, "facts") as figures:
            figures += webhooks.measure(Path(folder), quick=quick)
        with report.section("exchange", exchanges.LINES, "lines") as figures:
            figures += exchanges.measure(Path(folder), quick=quick)
        with ExitStack() as databases:
            urls = [databases.enter_context(_database(postgres)) for _ in sizes] if postgres else []
            if urls:
                _measure(report, "PostgreSQL", urls, sizes, generator, pace, Path(folder))
    report.show()
    return quick or report.is_enough


def _measure(
    report: Report,
    engine: str,
    urls: list[str],
    sizes: tuple[int, int],
    generator: load.Load,
    pace: Pace,
    folder: Path,
) -> None:
    """Each register of an engine alone, then both beside each other."""
    sites = []
    for url, size in zip(urls, sizes, strict=True):
        # One program asks as fast as it can; it is counted as any other, but never refused.
        settings = Settings(
            _env_file=None,
            database_url=url,
            demo=True,
            clock_on=seeding.TODAY,
            requests_a_minute=1_000_000_000,
        )
        with report.section(engine, size) as figures:
            register = seeding.seed(settings, size)
            figures += measure(settings, register, generator, pace, folder / "log")
            sites.append(Site(settings, register))
            figures += feed.measure(sites[-1], min(pace.firsts, 3), folder / "log")
    small, large = sites
    with report.section(engine, sizes[1], f"phases beside {sizes[0]}") as figures:
        figures += growth.measure(small, large, pace.pairs, folder / "log")


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
